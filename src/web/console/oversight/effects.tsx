// 成效: of those who are due something, how many have it, and how quickly it came; by item, place, how much, and of firms by how large they are.
import { useQuery } from '@tanstack/react-query';
import { Button, Segmented } from 'antd';
import { lazy, Suspense } from 'react';
import { useAct } from '../act.tsx';
import { api, read, takeFile } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Amount, Nothing, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { ItemChoice } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, figure } from '../words.ts';

const Chart = lazy(() => import('../chart.tsx').then((module) => ({ default: module.Chart })));

const bys = { item: '按事项', division: '按区划', size: '按金额', firm: '按企业规模' } as const;
type By = keyof typeof bys;
const ask = (by: By, item: string | undefined) => read(api.effects.$get({ query: { by, ...(item === undefined ? {} : { item }) } }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];
const mostBars = 12;

const share = (row: Row): string => (row.entitled === 0 ? '—' : `${((row.paid * 100) / row.entitled).toFixed(1)}%`);
const days = (n: number | null): string => (n === null ? '—' : `${countText(n)} 天`);

export const Effects = () => {
  const [{ by: given = 'item', item }, filter] = useFilters<'by' | 'item'>();
  const by = (Object.hasOwn(bys, given) ? given : 'item') as By;
  const { data, error, refetch } = useQuery({ queryKey: ['effects', by, item], queryFn: () => ask(by, item) });
  const take = useAct({ act: (_: null) => takeFile('/api/reports/file?report=effect') });
  const rows = data?.rows ?? [];
  const most = rows.toSorted((a, b) => b.entitled - a.entitled).slice(0, mostBars);
  const entitled = rows.reduce((sum, row) => sum + row.entitled, 0);
  const paid = rows.reduce((sum, row) => sum + row.paid, 0);
  const fen = rows.reduce((sum, row) => sum + BigInt(row.paidFen), 0n);
  return (
    <>
      <PageHead
        title="成效"
        amount={data === undefined ? undefined : <Amount fen={String(fen)} what="已到账" />}
        note={
          data === undefined
            ? '正在读取…'
            : entitled === 0
              ? '还没有核定的。'
              : `应享 ${countText(entitled)} 人次，已到账 ${countText(paid)} 人次（${((paid * 100) / entitled).toFixed(1)}%）。`
        }
        acts={
          <>
            <Button href="/api/reports/chief" target="_blank">
              局长一页纸
            </Button>
            <Button loading={take.isPending} onClick={() => take.mutate(null)}>
              导出表格
            </Button>
          </>
        }
      />
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {take.error === null ? null : <Trouble error={take.error} />}
      <div className="filters">
        <Segmented<By>
          value={by}
          onChange={(next) => filter({ by: next === 'item' ? undefined : next })}
          options={Object.entries(bys).map(([value, label]) => ({ value: value as By, label }))}
        />
        <ItemChoice value={item} onChange={(next) => filter({ item: next })} />
      </div>
      {most.length === 0 ? null : (
        <Suspense fallback={<Nothing>正在画图…</Nothing>}>
          <Chart
            label={`${bys[by]}的应享和到账人次`}
            kind="bar"
            names={most.map((row) => row.name)}
            series={[
              { name: '应享', values: most.map((row) => row.entitled) },
              { name: '已到账', values: most.map((row) => row.paid) },
            ]}
          />
        </Suspense>
      )}
      {data === undefined ? null : (
        <RowTable<Row>
          label="成效"
          rows={rows}
          idOf={(row) => row.part}
          empty="还没有核定的。匹配、结算以后，应享和到账会列在这里。"
          columns={[
            { title: bys[by].slice(1), cell: (row) => row.name },
            { title: '应享人次', width: 110, figure: true, cell: (row) => countText(row.entitled) },
            { title: '已到账人次', width: 120, figure: true, cell: (row) => countText(row.paid) },
            { title: '到账率', width: 90, figure: true, cell: share },
            { title: '到账（元）', width: 170, figure: true, cell: (row) => figure(row.paidFen) },
            { title: '半数到账用时', width: 130, figure: true, cell: (row) => days(row.halfDays) },
            { title: '九成到账用时', width: 130, figure: true, cell: (row) => days(row.mostDays) },
          ]}
        />
      )}
    </>
  );
};
