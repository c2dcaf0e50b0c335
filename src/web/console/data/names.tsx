// 名单核对: names of delivered lists that nobody was found for, or more than one; each is settled once, with a reason, and remembered for the lists to come.
import { useQuery } from '@tanstack/react-query';
import { Alert, Button, Form, Input, Modal, Radio } from 'antd';
import { useState } from 'react';
import { useAct } from '../act.tsx';
import { api, read } from '../client.ts';
import { ListTable } from '../list-table.tsx';
import { Mark, PageHead } from '../page.tsx';
import { useHolds } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText } from '../words.ts';

const ask = (cursor: string | undefined) => read(api.names.$get({ query: cursor === undefined ? {} : { cursor } }));
const askGaps = () => read(api['name-gaps'].$get());
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];
interface Settled {
  readonly subject: string;
  readonly reason: string;
}
const nobody = 'none';

const settle = (row: Row, { subject, reason }: Settled) =>
  read(
    api.names[':delivery'][':line'].$post({
      param: { delivery: row.deliveryId, line: String(row.line) },
      json: { subject: subject === nobody ? null : subject, reason },
    }),
  );

const SettleWindow = ({ row, close }: { readonly row: Row; readonly close: () => void }) => {
  const [form] = Form.useForm<Settled>();
  const work = useAct({ act: (given: Settled) => settle(row, given), said: () => '已认定，以后的名单照此对上。', after: close });
  return (
    <Modal
      open
      title={`“${row.name}”是谁`}
      okText="认定"
      cancelText="先不办"
      confirmLoading={work.isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <p className="hint">
        {row.list}
        {row.number === null ? '' : `（${row.number}）`}第 {row.line} 行。认定之前，可能指的对象作待核；认定之后，以前各期一并补判。
      </p>
      <Form form={form} layout="vertical" requiredMark={false} onFinish={work.mutate}>
        <Form.Item name="subject" label="指的是" rules={[{ required: true, message: '请选一个，或选“登记库里没有”' }]}>
          <Radio.Group
            className="upright"
            options={[
              ...row.bearers.map((one) => ({
                value: one.subjectId,
                label: `${one.name}（${one.tail}${one.division === null ? '' : `，区划 ${one.division}`}）`,
              })),
              { value: nobody, label: '登记库里没有（外地的，或者没有登记）' },
            ]}
          />
        </Form.Item>
        <Form.Item name="reason" label="理由（留痕）" rules={[{ required: true, min: 2, message: '请写明理由，2 到 500 个字' }]}>
          <Input.TextArea rows={2} maxLength={500} placeholder="例如：登记机关查得为同一企业" />
        </Form.Item>
      </Form>
      {work.error === null ? null : <Trouble error={work.error} />}
    </Modal>
  );
};

export const Names = () => {
  const steward = useHolds('steward');
  const [chosen, setChosen] = useState<Row | null>(null);
  const { data, error, refetch } = useQuery({ queryKey: ['names', 'gaps'], queryFn: askGaps });
  return (
    <>
      <PageHead
        title="名单核对"
        state={data !== undefined && data.open > 0 ? <Mark tone="warn">{`${countText(data.open)} 个没有对上`}</Mark> : undefined}
        note="按名称报送的名单里没有对上的名称。认定一次，以后的名单照此对上；认定之前，可能指的对象作待核。"
      />
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {data === undefined || data.gaps.length === 0 ? null : (
        <Alert
          type="info"
          title="没有对全的名单"
          description={
            <ul>
              {data.gaps.map((text) => (
                <li key={text}>{text}。</li>
              ))}
            </ul>
          }
        />
      )}
      <ListTable<Row>
        label="名单核对"
        queryKey={['names', 'rows']}
        ask={ask}
        idOf={(row) => `${row.deliveryId} ${row.line}`}
        empty="您的范围内，名单上的名称都已对上。新的名单有对不上的会列在这里。"
        columns={[
          { title: '名单上的名称', width: 240, cell: (row) => row.name },
          { title: '名单', width: 260, cell: (row) => row.list },
          { title: '数据日期', width: 120, cell: (row) => dayText(row.asOf) },
          { title: '行', width: 60, figure: true, cell: (row) => row.line },
          {
            title: '可能是',
            long: true,
            cell: (row) =>
              row.bearers.length === 0 ? '登记库里没有同名的' : row.bearers.map((one) => `${one.name}（${one.tail}）`).join('；'),
          },
          {
            title: '',
            width: 80,
            cell: (row) =>
              steward ? (
                <Button size="small" onClick={() => setChosen(row)} aria-label={`认定 ${row.name}`}>
                  认定
                </Button>
              ) : null,
          },
        ]}
      />
      {chosen === null ? null : <SettleWindow row={chosen} close={() => setChosen(null)} />}
    </>
  );
};
