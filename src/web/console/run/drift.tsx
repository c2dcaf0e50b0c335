// 历次变化: what each run found of one item, against the run before: who qualifies, who waits for data, how much; as lines and as the figures themselves.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Nothing, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { ItemChoice, useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, figure, momentText, periodText } from '../words.ts';
import { RunMark } from './words.tsx';

const Chart = lazy(() => import('../chart.tsx').then((module) => ({ default: module.Chart })));

const ask = (item: string) => read(api.drift.$get({ query: { item } }));
type Point = Awaited<ReturnType<typeof ask>>['rows'][number];

/** `+12（5.0%）` against the run before of the same item. */
const change = (now: number, before: number | undefined): string => {
  if (before === undefined || now === before) return '';
  const by = now - before;
  const share = before === 0 ? '' : `（${Math.abs((by * 100) / before).toFixed(1)}%）`;
  return `${by > 0 ? '+' : '−'}${countText(Math.abs(by))}${share}`;
};

export const Drift = () => {
  const [{ item }, filter] = useFilters<'item'>();
  const title = useTitle();
  const { data, error, refetch } = useQuery({ queryKey: ['drift', item], queryFn: () => ask(item ?? ''), enabled: item !== undefined });
  const rows = data?.rows ?? [];
  const beforeOf = new Map(rows.map((row, i) => [row, rows[i + 1]]));
  const inTime = rows.toReversed();
  return (
    <>
      <PageHead
        title="历次变化"
        note={item === undefined ? '选一个事项，看历次匹配的结果怎样变化。' : `${title(item)}：历次匹配的结果，新的在前。`}
      />
      <div className="filters">
        <ItemChoice value={item} onChange={(next) => filter({ item: next })} />
      </div>
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {inTime.length < 2 ? null : (
        <Suspense fallback={<Nothing>正在画图…</Nothing>}>
          <Chart
            label={`${title(item ?? '')} 历次匹配的人数`}
            kind="line"
            names={inTime.map((row) => `${dayText(row.knownAt)} ${periodText(row.periodKey)}`)}
            series={[
              { name: '符合', values: inTime.map((row) => row.eligible) },
              { name: '待核', values: inTime.map((row) => row.undetermined) },
            ]}
          />
        </Suspense>
      )}
      {item === undefined ? (
        <Nothing>还没有选事项。在上面选一个，或者从匹配批次里点一个事项进来。</Nothing>
      ) : data === undefined ? null : (
        <RowTable<Point>
          label="历次匹配"
          rows={rows}
          idOf={(row) => `${row.runId} ${row.periodKey}`}
          empty="这个事项还没有匹配过，或者您只看部分地区：这里的数字含各地，不分开给。"
          columns={[
            {
              title: '批次',
              width: 180,
              cell: (row) => (
                <Link to="/run/runs/$id" params={{ id: row.runId }}>
                  {momentText(row.at)}
                </Link>
              ),
            },
            { title: '期别', width: 120, cell: (row) => periodText(row.periodKey) },
            { title: '数据到', width: 130, cell: (row) => dayText(row.knownAt) },
            { title: '状态', width: 110, cell: (row) => <RunMark state={row.state} /> },
            { title: '符合', width: 90, figure: true, cell: (row) => countText(row.eligible) },
            { title: '比前一次', width: 150, figure: true, cell: (row) => change(row.eligible, beforeOf.get(row)?.eligible) },
            { title: '待核', width: 90, figure: true, cell: (row) => countText(row.undetermined) },
            { title: '待核变化', width: 150, figure: true, cell: (row) => change(row.undetermined, beforeOf.get(row)?.undetermined) },
            { title: '金额（元）', figure: true, cell: (row) => figure(row.amountFen) },
          ]}
        />
      )}
    </>
  );
};
