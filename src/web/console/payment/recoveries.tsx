// 追回: what was paid too much, how much came back, what is due when, and the acts on it: opened, not pursued, received.
import { Button, Form, Input, Modal, Popconfirm, Select } from 'antd';
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
import { PlanButton } from './recovery-plan.tsx';

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

/** One for each row: what was typed for one debt must not stand in the window of the next. */
const Receive = ({ row, close }: { readonly row: Row; readonly close: () => void }) => {
  const [form] = Form.useForm<{ yuan: string; reference: string }>();
  const work = useAct({
    act: (given: { yuan: string; reference: string }) => act(row.id, { act: 'receive', ...given } as Body),
    said: () => '已记收款。',
    after: close,
  });
  return (
    <Modal title="登记收款" open okText="登记" cancelText="先不办" confirmLoading={work.isPending} onOk={form.submit} onCancel={close}>
      <p>还欠 {money(String(BigInt(row.amountFen) - BigInt(row.settledFen)))}。</p>
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

/** Giving up what cannot be had back: asked for by one, decided by two others. */
const WriteOff = ({ row }: { readonly row: Row }) => {
  const decide = useAct({
    act: (decision: 'approve' | 'refuse') => act(row.id, { act: decision }),
    said: (_, decision) =>
      decision === 'refuse' ? '已写明不同意核销。' : row.writeOff?.firstBy == null ? '已同意，还要一人。' : '已核销。',
  });
  if (row.writeOff === null) return null;
  const { amountFen, mine, firstBy } = row.writeOff;
  if (mine) return <span className="hint">核销由别人审批</span>;
  return (
    <>
      <Popconfirm
        title={`同意核销 ${money(amountFen)}？`}
        description={firstBy === null ? '还要另一人同意才算数。' : '您是第二人：同意以后就不再追。'}
        okText="同意核销"
        cancelText="再看看"
        onConfirm={() => decide.mutate('approve')}
      >
        <Button size="small" type="primary" loading={decide.isPending}>
          同意核销
        </Button>
      </Popconfirm>
      <Popconfirm title="不同意核销，接着追回？" okText="不同意" cancelText="再看看" onConfirm={() => decide.mutate('refuse')}>
        <Button size="small">不同意</Button>
      </Popconfirm>
      {decide.error === null ? null : <Trouble error={decide.error} />}
    </>
  );
};

const Acts = ({ row, receive }: { readonly row: Row; readonly receive: () => void }) => {
  const reviews = useHolds('reviewer');
  const receives = useHolds('finance-maker');
  const decides = useHolds('reviewer', 'finance-maker', 'finance-checker', 'finance-head', 'finance-issuer');
  if (row.state === 'proposed')
    return reviews ? (
      <div className="acts">
        <ReasonButton text="立案" act={({ reason }) => act(row.id, { act: 'open', reason })} said={() => '已立案，会告知当事人。'} />
        <ReasonButton text="不追回" act={({ reason }) => act(row.id, { act: 'drop', reason })} said={() => '已写明不追回。'} />
      </div>
    ) : null;
  if (row.state !== 'open') return null;
  const owed = BigInt(row.amountFen) - BigInt(row.settledFen);
  const left = money(String(owed));
  return (
    <div className="acts">
      {decides ? <WriteOff row={row} /> : null}
      {receives ? (
        <Button size="small" onClick={receive}>
          登记收款
        </Button>
      ) : null}
      {reviews && row.writeOff === null ? <PlanButton owed={owed} act={(plan) => act(row.id, { act: 'plan', ...plan } as Body)} /> : null}
      {reviews && row.writeOff === null ? (
        <ReasonButton
          text="提出核销"
          about={<p>还欠 {left}，不再追了。另外两个人都同意才算数；在这之前照常追。</p>}
          hint="为什么追不回，凭什么文件，例如：法院终结执行裁定书"
          act={({ reason }) => act(row.id, { act: 'write-off', reason })}
          said={() => '已提出核销，等另外两个人审批。'}
        />
      ) : null}
    </div>
  );
};

/** Why, and what is asked for. */
const why = (row: Row): string =>
  [
    row.reason,
    row.clause,
    row.writeOff === null
      ? null
      : `${row.writeOff.askedBy} 提出核销：${row.writeOff.reason}${row.writeOff.firstBy === null ? '' : `，${row.writeOff.firstBy} 已同意`}`,
  ]
    .filter((one) => one !== null)
    .join('；');

export const Recoveries = () => {
  const [{ state }, filter] = useFilters<'state'>();
  const [chosen, setChosen] = useState<Row | null>(null);
  const title = useTitle();
  return (
    <>
      <PageHead title="追回" note="多发的由部门立案告知，或写明不追回；收到的钱由财政经办登记；追不回的核销，一人提出，另外两人同意。" />
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
          { title: '事项', long: true, cell: (row) => title(row.itemId) },
          { title: '期别', width: 120, cell: (row) => periodText(row.periodKey) },
          { title: '多发（元）', width: 150, figure: true, cell: (row) => figure(row.amountFen) },
          { title: '已退回（元）', width: 150, figure: true, cell: (row) => figure(row.settledFen) },
          {
            title: '状态',
            width: 110,
            cell: (row) => (
              <Mark tone={row.writeOff === null ? states[row.state].tone : 'now'}>
                {row.writeOff === null ? states[row.state].text : '待审批核销'}
              </Mark>
            ),
          },
          { title: '期限', width: 130, cell: (row) => (row.dueOn ?? row.tellBy) && dayText((row.dueOn ?? row.tellBy) as string) },
          { title: '原因', long: true, cell: why },
          {
            title: '',
            width: 230,
            long: true,
            cell: (row) => <Acts row={row} receive={() => setChosen(row)} />,
          },
        ]}
      />
      {chosen === null ? null : <Receive row={chosen} close={() => setChosen(null)} />}
    </>
  );
};
