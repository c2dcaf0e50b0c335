// 对账: sealed = file = bank = postings, by batch, item, period or source; each difference by line; the statement to download.
import { useQuery } from '@tanstack/react-query';
import { Button, Input, Segmented } from 'antd';
import { useAct } from '../act.tsx';
import { api, read, takeFile } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Code, Mark, Nothing, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { ItemChoice, useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, figure, periodText } from '../words.ts';

type Ask = Parameters<typeof api.reconciliation.$get>[0]['query'];
const ask = (query: Ask) => read(api.reconciliation.$get({ query }));
type Whole = Awaited<ReturnType<typeof ask>>;
type Paid = Whole['payments'][number] & { readonly place: string; readonly itemId: string | null };
type Difference = Whole['differences'][number];

/** What these are about has no number at a bank. */
const withoutReference: ReadonlySet<string> = new Set(['settled', 'promise', 'sums']);

/** What was promised lies in a period; what was paid in a batch, or in a file of the bank. */
const Where = ({ row: { kind, place, itemId } }: { readonly row: Difference }) => {
  const title = useTitle();
  return (
    <>
      {kind === 'settled' || kind === 'promise' ? periodText(place) : place}
      {itemId === null ? null : <div className="hint">{title(itemId)}</div>}
    </>
  );
};

const Place = ({ row: { place, itemId }, by }: { readonly row: Paid; readonly by: keyof typeof bys }) => {
  const title = useTitle();
  if (itemId === null) return periodText(place);
  return (
    <>
      {by === 'item' ? title(itemId) : place}
      {by === 'item' ? null : <div className="hint">{title(itemId)}</div>}
    </>
  );
};

const Differences = ({ rows }: { readonly rows: readonly Difference[] }) => (
  <section className="part">
    <h2>不一致的</h2>
    <RowTable<Difference>
      label="不一致的"
      rows={rows}
      idOf={(row) => `${row.kind} ${row.place} ${row.at}`}
      empty=""
      columns={[
        { title: '什么不一致', width: 190, long: true, cell: (row) => row.message },
        { title: '哪里', width: 300, long: true, cell: (row) => <Where row={row} /> },
        {
          title: '流水号',
          width: 130,
          cell: (row) => (withoutReference.has(row.kind) ? '' : <Code text={row.at} length={10} />),
        },
        { title: '应为（元）', width: 140, figure: true, cell: (row) => figure(row.expectedFen) },
        {
          title: '实为（元）',
          width: 140,
          figure: true,
          cell: (row) => (row.actualFen === null ? '没有写' : figure(row.actualFen)),
        },
        { title: '说明', long: true, cell: (row) => row.says },
      ]}
    />
  </section>
);

const bys = { batch: '按批次', month: '按月', item: '按事项', source: '按资金来源' } as const;

export const Statement = () => {
  const [search, filter] = useFilters<'month' | 'by' | 'item'>();
  const query = search as Ask;
  const { data, error, refetch } = useQuery({ queryKey: ['reconciliation', search], queryFn: () => ask(query) });
  const take = useAct({
    act: (_: null) =>
      takeFile(`/api/reconciliation/statement?${new URLSearchParams({ ...(search as Record<string, string>), format: 'xlsx' })}`),
  });
  const cell = (name: string) => (row: Paid) => {
    const value = (row as Readonly<Record<string, unknown>>)[name] ?? 0;
    return name.endsWith('Fen') ? figure(String(value)) : countText(Number(value));
  };
  const money = (title: string, name: string) => [
    { title: `${title}笔数`, width: 76, figure: true, cell: cell(`${name}Count`) },
    { title: `${title}（元）`, width: 132, figure: true, cell: cell(`${name}Fen`) },
  ];
  return (
    <>
      <PageHead
        title="对账"
        state={
          data === undefined ? undefined : data.differences.length === 0 ? (
            <Mark tone="good">各处合计一致</Mark>
          ) : (
            <Mark tone="bad">{countText(data.differences.length)} 处不一致</Mark>
          )
        }
        note="封批、报盘文件、银行回盘、账面，四处的笔数和金额按分核对。"
        acts={
          <Button loading={take.isPending} onClick={() => take.mutate(null)}>
            下载对账单
          </Button>
        }
      />
      <div className="filters">
        <Segmented
          value={search.by ?? 'batch'}
          onChange={(by) => filter({ by: by === 'batch' ? undefined : by })}
          options={Object.entries(bys).map(([value, label]) => ({ value, label }))}
        />
        <Input
          aria-label="月份"
          type="month"
          style={{ width: 150 }}
          value={search.month ?? ''}
          onChange={(event) => filter({ month: event.target.value || undefined })}
        />
        <ItemChoice value={search.item} onChange={(item) => filter({ item })} />
      </div>
      {take.error === null ? null : <Trouble error={take.error} />}
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <Nothing>正在读取…</Nothing>
        ) : null
      ) : (
        <>
          {data.differences.length === 0 ? null : <Differences rows={data.differences} />}
          <section className="part">
            <h2>全部</h2>
            <RowTable<Paid>
              label="对账"
              rows={data.payments as Paid[]}
              idOf={(row) => `${row.itemId ?? ''} ${row.place}`}
              empty="这个范围里还没有封过批次。"
              columns={[
                {
                  title: bys[(search.by ?? 'batch') as keyof typeof bys]?.slice(1) ?? '',
                  width: 200,
                  long: true,
                  cell: (row) => <Place row={row} by={(search.by ?? 'batch') as keyof typeof bys} />,
                },
                ...money('封批', 'sealed'),
                ...money('报盘', 'file'),
                ...money('到账', 'paid'),
                ...money('退汇', 'returned'),
                ...money('在途', 'open'),
              ]}
            />
          </section>
        </>
      )}
    </>
  );
};
