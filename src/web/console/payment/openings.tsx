// What could be sealed now, item by period by source; sealing asks for the day and says who was left out and why.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useAct } from '../act.tsx';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Amount, Mark, PageHead } from '../page.tsx';
import { useHolds, useStaff } from '../session.tsx';
import { useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, figure, money, periodText } from '../words.ts';

const ask = () => read(api['batch-openings'].$get());
type Opening = Awaited<ReturnType<typeof ask>>['rows'][number];

/** One source of one item and what it would pay, over all periods: what one sealing takes. */
interface Sealable {
  readonly id: string;
  readonly sourceId: string | null;
  readonly itemId: string;
  /** Whose budget pays. */
  readonly year: number;
  readonly document: string | null;
  readonly periods: readonly string[];
  readonly records: number;
  readonly fen: bigint;
  readonly openFen: string | null;
  readonly payOn: string | null;
}

const bySource = (rows: readonly Opening[]): readonly Sealable[] =>
  [...Map.groupBy(rows, (row) => `${row.itemId} ${row.sourceId ?? row.year}`)].flatMap(([id, [first, ...more]]): Sealable[] =>
    first === undefined
      ? []
      : [
          {
            id,
            ...{ sourceId: first.sourceId, itemId: first.itemId, year: first.year },
            ...{ document: first.document, openFen: first.openFen, payOn: first.payOn },
            periods: [first, ...more].map((row) => row.periodKey),
            records: [first, ...more].reduce((sum, row) => sum + row.records, 0),
            fen: [first, ...more].reduce((sum, row) => sum + BigInt(row.amountFen), 0n),
          },
        ],
  );

const seal = (json: { sourceId: string; payOn: string }) => read(api.batches.$post({ json: json as never }));
type Sealed = Awaited<ReturnType<typeof seal>>;

/** One for each row: the day chosen for one is not the next one's. */
const SealWindow = ({ row, close }: { readonly row: Sealable; readonly close: () => void }) => {
  const { today } = useStaff();
  const [done, setDone] = useState<Sealed | null>(null);
  const [form] = Form.useForm<{ payOn: string }>();
  const work = useAct({ act: seal, after: setDone });
  return (
    <Modal
      title={done === null ? '封批' : done.batch === null ? '没有封成' : `已封批 ${done.batch.number}`}
      open
      okText={done === null ? '封批' : '知道了'}
      cancelText="先不封"
      cancelButtonProps={{ hidden: done !== null }}
      confirmLoading={work.isPending}
      onOk={({ detail }) => (done === null ? form.submit() : detail > 1 ? undefined : close())}
      onCancel={close}
    >
      {done !== null ? null : (
        <Form
          form={form}
          layout="vertical"
          requiredMark={false}
          initialValues={{ payOn: row.payOn ?? today }}
          onFinish={({ payOn }) => row.sourceId !== null && work.mutate({ sourceId: row.sourceId, payOn })}
        >
          <p>
            {countText(row.records)} 笔，{money(String(row.fen))}
            。封批时逐笔再核一遍：去世、名单、账户、额度；不合的留下，写明原因，其余冻结成批。
          </p>
          <Form.Item name="payOn" label="付款日" rules={[{ required: true, message: '请选付款日' }]}>
            <Input type="date" min={today} style={{ width: 180 }} />
          </Form.Item>
        </Form>
      )}
      {done === null ? null : (
        <>
          {done.batch === null ? (
            <p>没有一笔能进批次。</p>
          ) : (
            <p>
              {countText(done.batch.lines)} 笔，{money(done.batch.totalFen)}，等财政复核。
              <Link to="/payment/batches/$id" params={{ id: done.batch.id }}>
                看这一批
              </Link>
            </p>
          )}
          {done.excluded.length === 0 ? (
            <p>没有人被留下。</p>
          ) : (
            <>
              <p>留下 {countText(done.excluded.length)} 笔：</p>
              <ul>
                {done.excluded.slice(0, 8).map((one) => (
                  <li key={one.disbursementId}>{one.reasons.join('；')}</li>
                ))}
              </ul>
            </>
          )}
        </>
      )}
      {work.error === null ? null : <Trouble error={work.error} />}
    </Modal>
  );
};

export const Openings = () => {
  const makes = useHolds('finance-maker');
  const title = useTitle();
  const [chosen, setChosen] = useState<Sealable | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ['openings'], queryFn: ask, select: ({ rows }) => bySource(rows) });
  const total = data?.reduce((sum, row) => sum + row.fen, 0n);
  return (
    <>
      <PageHead
        title="可以封批"
        amount={total === undefined ? undefined : <Amount fen={String(total)} />}
        note="手续齐了、等着付钱的兑付记录，按事项和资金来源。"
      />
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {data === undefined ? null : (
        <RowTable<Sealable>
          label="可以封批"
          rows={data}
          idOf={(row) => row.id}
          empty="现在没有等着付钱的记录。审核、公示、确认办完后会到这里。"
          columns={[
            { title: '事项', long: true, cell: (row) => title(row.itemId) },
            { title: '年度', width: 70, cell: (row) => row.year },
            {
              title: '期别',
              width: 150,
              cell: (row) => (row.periods.length === 1 ? periodText(row.periods[0] ?? null) : `${row.periods.length} 期`),
            },
            { title: '笔数', width: 80, figure: true, cell: (row) => countText(row.records) },
            { title: '金额（元）', width: 150, figure: true, cell: (row) => figure(String(row.fen)) },
            {
              title: '资金来源',
              width: 190,
              cell: (row) => row.document ?? <Mark tone="warn">没有登记资金来源</Mark>,
            },
            { title: '来源可用（元）', width: 150, figure: true, cell: (row) => (row.openFen === null ? '' : figure(row.openFen)) },
            { title: '下一付款日', width: 130, cell: (row) => (row.payOn === null ? '哪天都可以' : dayText(row.payOn)) },
            {
              title: '',
              width: 130,
              cell: (row) =>
                !makes ? null : row.sourceId !== null ? (
                  <Button size="small" onClick={() => setChosen(row)} aria-label={`封批 ${title(row.itemId)}`}>
                    封批
                  </Button>
                ) : (
                  <Link
                    to="/payment/sources"
                    search={{ item: row.itemId, year: String(row.year), act: 'new' }}
                    aria-label={`登记资金来源 ${title(row.itemId)} ${row.year}`}
                  >
                    登记资金来源
                  </Link>
                ),
            },
          ]}
        />
      )}
      {data?.some((row) => row.sourceId === null) ? (
        <p className="hint">
          没有登记资金来源的还不能封批：先由财政经办在 <Link to="/payment/sources">资金来源</Link>{' '}
          登记那一年的额度和付款账户，登记以后这里就有“封批”。
        </p>
      ) : null}
      {chosen === null ? null : <SealWindow row={chosen} close={() => setChosen(null)} />}
    </>
  );
};
