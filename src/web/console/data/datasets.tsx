// 数据集: what every department owes and has delivered: until when it counts, how late, how much is missing, and who waits for it.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Select } from 'antd';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Mark, Nothing, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, money } from '../words.ts';
import { madeText, type Report, useQuality } from './quality-asked.ts';
import { freshTexts, shareText } from './words.ts';

const ask = () => read(api.datasets.$get({ query: {} }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];
export type Late = Report['late'][number];

/** Who waits for a late dataset and for how much, in a line. */
export const waitingText = ({ waiting, held }: Late): string => {
  const people =
    waiting === null || waiting.subjects === 0 ? [] : [`${waiting.complete ? '' : '至少 '}${countText(waiting.subjects)} 人（户）`];
  const known = waiting === null || waiting.knownFen === '0' ? [] : [money(waiting.knownFen)];
  const items = held.length === 0 ? [] : [`${countText(held.length)} 个事项整项在等`];
  return [...people, ...known, ...items].join('，');
};

const states = { late: '迟报的', stale: '已过期的', never: '从未报送的' } as const;
type State = keyof typeof states;
const fits: Readonly<Record<State, (row: Row) => boolean>> = {
  late: (row) => row.overdueDays > 0,
  stale: (row) => row.freshness === 'stale',
  never: (row) => row.freshness === 'never',
};

const columns = (late: ReadonlyMap<string, Late>) => [
  {
    title: '数据集',
    width: 210,
    cell: (row: Row) => (
      <Link to="/data/datasets/$id" params={{ id: row.id }}>
        {row.title}
      </Link>
    ),
  },
  { title: '部门', width: 150, cell: (row: Row) => row.department },
  { title: '数据日期', width: 120, cell: (row: Row) => (row.asOf === null ? '—' : dayText(row.asOf)) },
  { title: '作数到', width: 120, cell: (row: Row) => (row.goodUntil === null ? '—' : dayText(row.goodUntil)) },
  { title: '新鲜度', width: 90, cell: (row: Row) => <Mark tone={freshTexts[row.freshness].tone}>{freshTexts[row.freshness].text}</Mark> },
  {
    title: '下次应报',
    width: 150,
    cell: (row: Row) =>
      row.overdueDays > 0 ? (
        <Mark tone="bad">迟 {countText(row.overdueDays)} 天</Mark>
      ) : row.nextDue === null ? (
        <span className="hint">没有约定</span>
      ) : (
        dayText(row.nextDue)
      ),
  },
  { title: '说到的人', width: 90, figure: true, cell: (row: Row) => (row.freshness === 'never' ? '—' : countText(row.subjects)) },
  {
    title: '没说到',
    width: 80,
    figure: true,
    cell: (row: Row) => (row.freshness === 'never' ? '—' : shareText(Math.max(0, row.registered - row.subjects), row.registered)),
  },
  {
    title: '谁在等',
    long: true,
    cell: (row: Row) => {
      const own = late.get(row.id);
      return own === undefined ? '' : waitingText(own);
    },
  },
];

export const Datasets = () => {
  const [{ state, department }, filter] = useFilters<'state' | 'department'>();
  const steward = useHolds('steward');
  const { data, error, refetch } = useQuery({ queryKey: ['datasets'], queryFn: ask });
  // Who waits takes longer to work out than what was delivered: the list does not wait for it.
  const quality = useQuality();
  const late = new Map(quality.data?.late.map((one) => [one.dataset, one]));
  /** Whom people wait for first, then who is late. */
  const weight = ({ id, overdueDays }: Row): number => {
    const own = late.get(id);
    return own !== undefined && waitingText(own) !== '' ? 2 : overdueDays > 0 ? 1 : 0;
  };
  const rows = (data?.rows ?? [])
    .filter((row) => state === undefined || (Object.hasOwn(fits, state) && fits[state as State](row)))
    .filter((row) => department === undefined || row.department === department)
    .toSorted((a, b) => weight(b) - weight(a) || b.overdueDays - a.overdueDays);
  const count = (which: State) => data?.rows.filter(fits[which]).length ?? 0;
  return (
    <>
      <PageHead
        title="数据集"
        state={count('stale') > 0 ? <Mark tone="bad">{countText(count('stale'))} 个已过期</Mark> : undefined}
        note={
          data === undefined
            ? '正在读取…'
            : `${countText(data.rows.length)} 个数据集，${countText(count('late'))} 个迟报，${countText(count('never'))} 个从未报送。过期的数据不作数，靠它判定的人作待核。`
        }
        acts={
          steward ? (
            <Link to="/data/import">
              <Button type="primary">导入一份数据</Button>
            </Link>
          ) : null
        }
      />
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {quality.error === null ? null : <Trouble error={quality.error} again={() => void quality.refetch()} />}
      <div className="filters">
        <Select
          aria-label="情况"
          placeholder="全部情况"
          allowClear
          style={{ width: 140 }}
          value={state}
          onChange={(next?: string) => filter({ state: next })}
          options={Object.entries(states).map(([value, label]) => ({ value, label: `${label} ${count(value as State)}` }))}
        />
        <Select
          aria-label="部门"
          placeholder="全部部门"
          allowClear
          showSearch={{ optionFilterProp: 'label' }}
          style={{ width: 220 }}
          value={department}
          onChange={(next?: string) => filter({ department: next })}
          options={[...new Set(data?.rows.map((row) => row.department))].toSorted().map((value) => ({ value, label: value }))}
        />
        {quality.data === undefined ? null : (
          <span className="hint">{quality.data === null ? '谁在等还没有算过，见“数据体检”。' : `谁在等：${madeText(quality.data)}`}</span>
        )}
      </div>
      {data === undefined ? null : rows.length === 0 ? (
        <Nothing>
          {data.rows.length === 0 ? '目录里还没有数据集。发布指标目录以后会列在这里。' : '没有这样的数据集。清除上面的条件看全部。'}
        </Nothing>
      ) : (
        <RowTable<Row> label="数据集" rows={rows} idOf={(row) => row.id} empty="" columns={columns(late)} />
      )}
    </>
  );
};
