// 月报: what happened to payments in a month by item, source and kind, each line held against the books; to download; and the month closed where all agrees.
import { useQuery } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { monthKindNames, monthKinds } from '../../../reconcile/month.ts';
import { useAct } from '../act.tsx';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read, takeFile } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Facts, Mark, Nothing, PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds, useStaff } from '../session.tsx';
import { ItemChoice, useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, figure, momentText, money, periodText } from '../words.ts';

const ask = (query: { month: string; item?: string }) => read(api['month-statement'].$get({ query }));
type Statement = Awaited<ReturnType<typeof ask>>;
type Row = Statement['rows'][number];

const total = (rows: readonly Row[], kind: Row['kind']): bigint =>
  rows.filter((row) => row.kind === kind).reduce((sum, row) => sum + BigInt(row.fen), 0n);

/** One item's payments from one source. */
interface Place extends Pick<Row, 'itemId' | 'sourceId' | 'document'> {
  readonly kinds: Partial<Readonly<Record<Row['kind'], Row>>>;
}
const counted: readonly Row['kind'][] = ['paid', 'returned'];

const placesOf = (rows: readonly Row[]): readonly Place[] =>
  [...Map.groupBy(rows, (row) => `${row.itemId} ${row.sourceId}`).values()].map((own) => ({
    ...(own[0] as Row),
    kinds: Object.fromEntries(own.map((row) => [row.kind, row])),
  }));
const countOf = ({ kinds }: Place, kind: Row['kind']): string => (kinds[kind] === undefined ? '' : countText(kinds[kind].count));
const fenOf = ({ kinds }: Place, kind: Row['kind']): string => (kinds[kind] === undefined ? '' : figure(kinds[kind].fen));

/** Held kind by kind: two differences do not make up for each other. */
const Booked = ({ row }: { readonly row: Place }) => {
  const odd = Object.values(row.kinds).filter((one) => one.fen !== one.bookedFen);
  return odd.length === 0 ? (
    '一致'
  ) : (
    <Mark tone="bad">
      {odd.map((one) => `${monthKindNames[one.kind]}差 ${figure(String(BigInt(one.fen) - BigInt(one.bookedFen)))}`).join('；')}
    </Mark>
  );
};

const CloseMonth = ({ month, open }: { readonly month: string; readonly open: bigint }) => (
  <ReasonButton
    text="关账"
    about={
      <p>
        {periodText(month)}关账以后，批次对平，不再改动。
        {open > 0n ? `还有 ${money(String(open))} 在途：写明为什么结转到下月。` : '每一笔都有了结果。写明经办情况。'}
      </p>
    }
    act={({ reason }) => read(api['month-closes'].$post({ json: { month, carry: reason } }))}
    said={({ batches, carried }) => `已关账，${batches} 个批次对平${carried > 0 ? `，${carried} 笔结转` : ''}。`}
  />
);

export const MonthPage = () => {
  const { today } = useStaff();
  const [{ month = today.slice(0, 7), item }, filter] = useFilters<'month' | 'item'>();
  const title = useTitle();
  const closes = useHolds('finance-checker', 'finance-issuer');
  const query = { month, ...(item === undefined ? {} : { item }) };
  const { data, error, refetch } = useQuery({ queryKey: ['month-statement', query], queryFn: () => ask(query) });
  const take = useAct({ act: (_: null) => takeFile(`/api/month-statement/file?${new URLSearchParams(query)}`) });
  const odd = data?.rows.filter((row) => row.fen !== row.bookedFen) ?? [];
  const paid = data === undefined ? 0n : total(data.rows, 'paid');
  return (
    <>
      <PageHead
        title={`${periodText(month)}月报`}
        state={
          data === undefined ? undefined : data.closed !== null ? (
            <Mark tone="plain">已关账</Mark>
          ) : odd.length === 0 ? (
            <Mark tone="good">与账面一致</Mark>
          ) : (
            <Mark tone="bad">{countText(odd.length)} 行与账面不一致</Mark>
          )
        }
        amount={data === undefined ? undefined : `${money(String(paid))} 到账`}
        note={
          data === undefined || data.closed === null
            ? '这个月发生的，按事项、资金来源、状态；每一行和账面按分核对。'
            : `${data.closed.name} ${momentText(data.closed.at)} 关账${data.closed.reason === null ? '' : `：${data.closed.reason}`}。`
        }
        acts={
          <>
            <Button type="primary" loading={take.isPending} onClick={() => take.mutate(null)}>
              下载月报
            </Button>
            {closes && data !== undefined && data.closed === null && month < today.slice(0, 7) ? (
              <CloseMonth month={month} open={total(data.rows, 'open')} />
            ) : null}
          </>
        }
      />
      <div className="filters">
        <Input
          aria-label="月份"
          type="month"
          style={{ width: 150 }}
          value={month}
          onChange={(event) => filter({ month: event.target.value || undefined })}
        />
        <ItemChoice value={item} onChange={(next) => filter({ item: next })} />
      </div>
      {take.error === null ? null : <Trouble error={take.error} />}
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <Nothing>正在读取…</Nothing>
        ) : null
      ) : (
        <>
          <Facts
            pairs={[
              ['封批', money(String(total(data.rows, 'sealed')))],
              ['签发前退出', money(String(total(data.rows, 'withheld')))],
              ['到账', money(String(paid))],
              ['退汇', money(String(total(data.rows, 'returned')))],
              ['月末在途', money(String(total(data.rows, 'open')))],
            ]}
          />
          <RowTable<Place>
            label="月报"
            rows={placesOf(data.rows)}
            idOf={(row) => `${row.itemId} ${row.sourceId}`}
            empty="这个月没有封批，也没有到账和退汇。换一个月份看。"
            columns={[
              { title: '事项', long: true, cell: (row) => title(row.itemId) },
              { title: '资金来源', width: 150, long: true, cell: (row) => row.document },
              ...monthKinds.flatMap((kind) => [
                ...(counted.includes(kind)
                  ? [{ title: `${monthKindNames[kind]}笔数`, width: 72, figure: true, cell: (row: Place) => countOf(row, kind) }]
                  : []),
                { title: `${monthKindNames[kind]}（元）`, width: 116, figure: true, cell: (row: Place) => fenOf(row, kind) },
              ]),
              { title: '账面', width: 110, cell: (row) => <Booked row={row} /> },
            ]}
          />
        </>
      )}
    </>
  );
};
