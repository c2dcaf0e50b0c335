// 能不能办: which items can be decided now, what the others wait for, from whom and since when.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Select } from 'antd';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Mark, PageHead, type Tone } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds } from '../session.tsx';
import { ItemChoice, useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, periodText } from '../words.ts';
import { DecideLate } from './decide-late.tsx';

const ask = () => read(api.readiness.$get({ query: {} }));
export type Row = Awaited<ReturnType<typeof ask>>['rows'][number];
const states: Readonly<Record<Row['state'], { readonly text: string; readonly tone: Tone }>> = {
  waiting: { text: '等数据', tone: 'bad' },
  ready: { text: '可以办理', tone: 'good' },
  'not-triggered': { text: '本期未触发', tone: 'plain' },
};

const Waits = ({ row, may }: { readonly row: Row; readonly may: boolean }) => (
  <ul className="plain">
    {row.waits.map((one) => (
      <li key={`${one.kind} ${one.name} ${one.division}`}>
        {one.holds ? <Mark tone="bad">整项等</Mark> : <Mark tone="warn">只有涉及的人待核</Mark>} {one.text}
        {one.kind === 'dataset' ? (
          <>
            {' '}
            <Link className="under" to="/data/datasets/$id" params={{ id: one.name }} aria-label={`看数据集 ${one.label}`}>
              看数据集
            </Link>
          </>
        ) : null}
        {may && one.kind === 'dataset' && one.guard && row.state === 'waiting' ? <DecideLate row={row} wait={one} /> : null}
      </li>
    ))}
    {row.reasons.map((one) => (
      <li key={one.rule}>
        {one.rule}：{one.found}
      </li>
    ))}
  </ul>
);

export const Readiness = () => {
  const [{ state, item }, filter] = useFilters<'state' | 'item'>();
  const { data, error, refetch } = useQuery({ queryKey: ['readiness'], queryFn: ask });
  const mayDecide = useHolds('reviewer');
  const title = useTitle();
  const all = data?.rows ?? [];
  const count = (which: Row['state']) => all.filter((row) => row.state === which).length;
  const order = Object.keys(states);
  const rows = all
    .filter((row) => (state === undefined || row.state === state) && (item === undefined || row.itemId === item))
    .toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.title.localeCompare(b.title, 'zh'));
  return (
    <>
      <PageHead
        title="能不能办"
        state={count('waiting') > 0 ? <Mark tone="bad">{countText(count('waiting'))} 个在等数据</Mark> : undefined}
        note={data === undefined ? '正在读取…' : '每个事项这一期的数据齐不齐；等的是谁的数据，迟了多久。数据到了自动接着办。'}
      />
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      <div className="filters">
        <Select
          aria-label="情况"
          placeholder="全部情况"
          allowClear
          style={{ width: 160 }}
          value={state}
          onChange={(next?: string) => filter({ state: next })}
          options={Object.entries(states).map(([value, { text }]) => ({ value, label: `${text} ${count(value as Row['state'])}` }))}
        />
        <ItemChoice value={item} onChange={(next) => filter({ item: next })} />
      </div>
      {data === undefined ? null : (
        <RowTable<Row>
          label="能不能办"
          rows={rows}
          idOf={(row) => `${row.itemId} ${row.periodKey}`}
          empty={all.length === 0 ? '还没有核对过。匹配开始之前会先核对每个事项的数据齐不齐。' : '没有这样的事项。清除上面的条件看全部。'}
          columns={[
            { title: '事项', width: 320, long: true, cell: (row) => title(row.itemId, row.title) },
            { title: '期别', width: 120, cell: (row) => periodText(row.periodKey) },
            { title: '情况', width: 110, cell: (row) => <Mark tone={states[row.state].tone}>{states[row.state].text}</Mark> },
            { title: '数据到', width: 130, cell: (row) => dayText(row.knownAt) },
            { title: '等什么', long: true, cell: (row) => <Waits row={row} may={mayDecide} /> },
          ]}
        />
      )}
    </>
  );
};
