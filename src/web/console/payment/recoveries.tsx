// 追回: what was paid too much, how much came back, what is due when, and the acts on it: opened, not pursued, received.
import { Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useAct } from '../act.tsx';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read } from '../client.ts';
import { ListTable } from '../list-table.tsx';
import { Mark, PageHead, type Tone } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds } from '../session.tsx';
import { useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { dayText, figure, money, periodText } from '../words.ts';

type Ask = Parameters<typeof api.recoveries.$get>[0]['query'];
const ask = (query: Ask) => read(api.recoveries.$get({ query }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];
type Body = Parameters<(typeof api.recoveries)[':id']['acts']['$post']>[0]['json'];
const act = (id: string, json: Body) => read(api.recoveries[':id'].acts.$post({ param: { id }, json }));

const states: Readonly<Record<Row['state'], { readonly text: string; readonly tone: Tone }>> = {
  proposed: { text: '待立案', tone: 'now' },
  open: { text: '追回中', tone: 'warn' },
  closed: { text: '已结清', tone: 'good' },
  dropped: { text: '不追回', tone: 'plain' },
};

const Receive = ({ row, close }: { readonly row: Row | null; readonly close: () => void }) => {
  const [form] = Form.useForm<{ yuan: string; reference: string }>();
  const work = useAct({
    act: (given: { yuan: string; reference: string }) => act(row?.id ?? '', { act: 'receive', ...given } as Body),
    said: () => '已记收款。',
    after: () => close(),
  });
  return (
    <Modal
      title="登记收款"
      open={row !== null}
      destroyOnHidden
      okText="登记"
      cancelText="先不办"
      confirmLoading={work.isPending}
      onOk={form.submit}
      onCancel={() => {
        work.reset();
        close();
      }}
    >
      {row === null ? null : <p>还欠 {money(String(BigInt(row.amountFen) - BigInt(row.settledFen)))}。</p>}
      <Form form={form} layout="vertical" requiredMark={false} onFinish={work.mutate}>
        <Form.Item name="yuan" label="收到（元）" rules={[{ required: true, pattern: /^\d+(\.\d{1,2})?$/, message: '写作 120.00' }]}>
          <Input inputMode="decimal" style={{ width: 160 }} />
        </Form.Item>
        <Form.Item name="reference" label="收据或缴款书号" rules={[{ required: true, message: '请填收据号' }]}>
          <Input maxLength={100} />
        </Form.Item>
      </Form>
      {work.error === null ? null : <Trouble error={work.error} />}
    </Modal>
  );
};

export const Recoveries = () => {
  const [{ state }, filter] = useFilters<'state'>();
  const [chosen, setChosen] = useState<Row | null>(null);
  const reviews = useHolds('reviewer');
  const receives = useHolds('finance-maker');
  const title = useTitle();
  return (
    <>
      <PageHead title="追回" note="多发的由部门立案告知，或写明不追回；收到的钱由财政经办登记。" />
      <div className="filters">
        <Select
          aria-label="状态"
          placeholder="全部状态"
          allowClear
          style={{ width: 140 }}
          value={state}
          onChange={(next?: string) => filter({ state: next })}
          options={Object.entries(states).map(([value, { text }]) => ({ value, label: text }))}
        />
      </div>
      <ListTable<Row>
        label="追回"
        queryKey={['recoveries', state]}
        ask={(cursor) => ask({ ...(state === undefined ? {} : { state: state as Row['state'] }), cursor })}
        idOf={(row) => row.id}
        empty="没有多发要追回的。"
        columns={[
          { title: '事项', cell: (row) => title(row.itemId) },
          { title: '期别', width: 120, cell: (row) => periodText(row.periodKey) },
          { title: '多发（元）', width: 150, figure: true, cell: (row) => figure(row.amountFen) },
          { title: '已退回（元）', width: 150, figure: true, cell: (row) => figure(row.settledFen) },
          { title: '状态', width: 90, cell: (row) => <Mark tone={states[row.state].tone}>{states[row.state].text}</Mark> },
          { title: '期限', width: 130, cell: (row) => (row.dueOn ?? row.tellBy) && dayText((row.dueOn ?? row.tellBy) as string) },
          { title: '原因', long: true, cell: (row) => [row.reason, row.clause].filter((one) => one !== null).join('；') },
          {
            title: '',
            width: 170,
            cell: (row) =>
              row.state === 'proposed' && reviews ? (
                <div className="acts">
                  <ReasonButton
                    text="立案"
                    act={({ reason }) => act(row.id, { act: 'open', reason })}
                    said={() => '已立案，会告知当事人。'}
                  />
                  <ReasonButton text="不追回" act={({ reason }) => act(row.id, { act: 'drop', reason })} said={() => '已写明不追回。'} />
                </div>
              ) : row.state === 'open' && receives ? (
                <Button size="small" onClick={() => setChosen(row)}>
                  登记收款
                </Button>
              ) : null,
          },
        ]}
      />
      <Receive row={chosen} close={() => setChosen(null)} />
    </>
  );
};
