// 退汇: what came back, the likely cause and the way to put it right; corrected it goes with the next batch as a new line that replaces the old.
import { Link } from '@tanstack/react-router';
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useAct } from '../act.tsx';
import { api, read } from '../client.ts';
import { ListTable } from '../list-table.tsx';
import { PageHead } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds } from '../session.tsx';
import { ItemChoice, useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { figure, momentText, money, periodText } from '../words.ts';

const ask = (query: { item?: string | undefined; cursor?: string | undefined }) => read(api['returned-payments'].$get({ query }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];

interface Filled {
  readonly reason: string;
  readonly account?: string;
  readonly payeeName?: string;
  readonly bank?: string;
  readonly bankCode?: string;
}

const filled = (given: Filled): Filled => ({
  reason: given.reason,
  ...(Object.fromEntries(
    (['account', 'payeeName', 'bank', 'bankCode'] as const).flatMap((name) => {
      const text = given[name]?.trim() ?? '';
      return text === '' ? [] : [[name, text]];
    }),
  ) as Omit<Filled, 'reason'>),
});

/** One for each row: an account typed for one person must never stand in the window of the next. */
const Correct = ({ row, close }: { readonly row: Row; readonly close: () => void }) => {
  const [form] = Form.useForm<Filled>();
  const work = useAct({
    act: (json: Filled) => read(api.disbursements[':id'].correct.$post({ param: { id: row.disbursementId }, json: filled(json) })),
    said: () => '已更正，下一批重发。',
    after: close,
  });
  return (
    <Modal
      title={`更正后重发：${row.payeeName ?? '收款人'}，${money(row.amountFen)}`}
      open
      okText="更正，下一批重发"
      cancelText="先不办"
      confirmLoading={work.isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <p>
        银行说：{row.text ?? '没有说明'}。{row.fix.join('')}
        {row.sameAccount ? '原因消除后可以照原账户重发：账户各栏留空。' : '原账户不能再用，请填新账号。'}
      </p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={work.mutate} autoComplete="off">
        <Form.Item name="account" label="新账号" rules={row.sameAccount ? [] : [{ required: true, message: '请填新账号' }]}>
          <Input inputMode="numeric" maxLength={40} />
        </Form.Item>
        <Form.Item name="payeeName" label="新户名（没有变的留空）">
          <Input maxLength={140} />
        </Form.Item>
        <Form.Item name="bank" label="新开户行（没有变的留空）">
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="bankCode" label="新联行号（没有变的留空）">
          <Input inputMode="numeric" maxLength={12} />
        </Form.Item>
        <Form.Item name="reason" label="依据（留痕）" rules={[{ required: true, min: 2, message: '请写明依据' }]}>
          <Input.TextArea rows={2} maxLength={600} placeholder="谁、何时、怎样提供的" />
        </Form.Item>
      </Form>
      {work.error === null ? null : <Trouble error={work.error} />}
    </Modal>
  );
};

export const Returned = () => {
  const [{ item }, filter] = useFilters<'item'>();
  const [chosen, setChosen] = useState<Row | null>(null);
  const makes = useHolds('finance-maker');
  const title = useTitle();
  return (
    <>
      <PageHead title="退汇" note="银行退回来的，照“怎样办”更正，下一批作为新的一笔重发；原来的一笔留着。" />
      <div className="filters">
        <ItemChoice value={item} onChange={(next) => filter({ item: next })} />
      </div>
      <ListTable<Row>
        label="退汇"
        queryKey={['returned', item]}
        ask={(cursor) => ask({ item, cursor })}
        idOf={(row) => row.disbursementId}
        empty="没有待更正的退汇。"
        columns={[
          {
            title: '收款人',
            width: 120,
            long: true,
            cell: (row) => (
              <Link
                to="/people/$id"
                params={{ id: row.subjectId }}
                search={{ reason: 'handle', order: `returned-${row.disbursementId.slice(0, 8)}` }}
              >
                {row.payeeName ?? '姓名缺'}
              </Link>
            ),
          },
          { title: '事项', width: 250, long: true, cell: (row) => title(row.itemId) },
          { title: '期别', width: 120, cell: (row) => periodText(row.periodKey) },
          { title: '金额（元）', width: 150, figure: true, cell: (row) => figure(row.amountFen) },
          { title: '银行说', width: 220, long: true, cell: (row) => row.text ?? '没有说明' },
          { title: '怎样办', long: true, cell: (row) => row.fix.join('') || '向银行问清原因，再更正账户。' },
          { title: '退回', width: 150, cell: (row) => momentText(row.at) },
          {
            title: '',
            width: 70,
            cell: (row) =>
              makes ? (
                <Button size="small" onClick={() => setChosen(row)} aria-label={`更正 ${row.payeeName ?? ''}`}>
                  更正
                </Button>
              ) : null,
          },
        ]}
      />
      {chosen === null ? null : <Correct row={chosen} close={() => setChosen(null)} />}
    </>
  );
};
