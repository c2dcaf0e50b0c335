// 匹配结果: one line per person, item and period; what changed is a new line, the old ones stay.
import { Link } from '@tanstack/react-router';
import { Checkbox, Select } from 'antd';
import { kindNames, verdictNames } from '../../words.ts';
import { api, read } from '../client.ts';
import { ListTable } from '../list-table.tsx';
import { Mark, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { ItemChoice, useTitle } from '../titles.tsx';
import { figure, momentText, periodText } from '../words.ts';
import { kindText, VerdictMark } from './words.tsx';

type Ask = Parameters<typeof api.matches.$get>[0]['query'];
const ask = (query: Ask) => read(api.matches.$get({ query }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];

const optionsOf = (names: Readonly<Record<string, string>>) => Object.entries(names).map(([value, label]) => ({ value, label }));

export const Matches = () => {
  const [search, filter] = useFilters<'item' | 'verdict' | 'kind' | 'run' | 'all'>();
  const { item, verdict, kind, run, all } = search;
  const query = {
    ...(item === undefined ? {} : { item }),
    ...(verdict === undefined ? {} : { verdict }),
    ...(kind === undefined ? {} : { kind }),
    ...(run === undefined ? {} : { run }),
    ...(all === undefined ? {} : { all: 'true' }),
  } as Ask;
  const title = useTitle();
  return (
    <>
      <PageHead title="匹配结果" note="一人一事一期一条；有变动就添一条新的，旧的留着。从未符合过的人不写结果。" />
      <div className="filters">
        <ItemChoice value={item} onChange={(next) => filter({ item: next })} />
        <Select
          aria-label="判定"
          placeholder="全部判定"
          allowClear
          style={{ width: 120 }}
          value={verdict}
          onChange={(next?: string) => filter({ verdict: next })}
          options={optionsOf(verdictNames)}
        />
        <Select
          aria-label="类别"
          placeholder="全部类别"
          allowClear
          style={{ width: 120 }}
          value={kind}
          onChange={(next?: string) => filter({ kind: next })}
          options={optionsOf(kindNames)}
        />
        <Checkbox checked={all !== undefined} onChange={(event) => filter({ all: event.target.checked ? '1' : undefined })}>
          连同已被取代的
        </Checkbox>
        {run === undefined ? null : (
          <Link to="/run/runs/$id" params={{ id: run }}>
            只看一个批次写下的，回到那一批
          </Link>
        )}
      </div>
      <ListTable<Row>
        label="匹配结果"
        queryKey={['matches', search]}
        ask={(cursor) => ask({ ...query, cursor })}
        idOf={(row) => row.id}
        empty="没有这样的匹配结果。清除上面的条件看全部；要看一个人为什么没有，请按人查。"
        columns={[
          {
            title: '姓名或单位',
            width: 180,
            cell: (row) => (
              <Link to="/run/matches/$id" params={{ id: row.id }}>
                {row.name}
              </Link>
            ),
          },
          { title: '事项', long: true, cell: (row) => title(row.itemId, row.title) },
          { title: '期别', width: 120, cell: (row) => periodText(row.periodKey) },
          { title: '判定', width: 80, cell: (row) => <VerdictMark verdict={row.verdict} /> },
          { title: '类别', width: 70, cell: (row) => kindText(row.kind) },
          {
            title: '金额（元）',
            width: 140,
            figure: true,
            cell: (row) =>
              row.amountFen !== null ? figure(row.amountFen) : row.verdict === 'eligible' ? <span className="hint">还没算出</span> : '',
          },
          { title: '区划', width: 150, cell: (row) => row.place },
          { title: '写入', width: 170, cell: (row) => momentText(row.createdAt) },
          { title: '', width: 100, cell: (row) => (row.current ? '' : <Mark tone="plain">已被取代</Mark>) },
        ]}
      />
    </>
  );
};
