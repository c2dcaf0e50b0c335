// Taking work out of a queue, giving it back, taking it over: on the rows that were picked, all or none; by when it is to be done is said with it.
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import type { QueueName } from '../../queue-titles.ts';
import { useAct } from '../act.tsx';
import { api, read } from '../client.ts';
import { useStaff } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { countText } from '../words.ts';
import type { QueueRow } from './queue.tsx';

type Act = 'take' | 'release' | 'over';
const texts: Readonly<Record<Act, string>> = { take: '领取', release: '放回', over: '接手' };

interface Filled {
  readonly dueOn?: string;
  readonly reason?: string;
}

/** What may be done with all of them: nobody has them, I have them, others have them. */
const actFor = (rows: readonly QueueRow[]): Act | null =>
  rows.length === 0
    ? null
    : rows.every((row) => row.taken === null)
      ? 'take'
      : rows.every((row) => row.taken?.mine === true)
        ? 'release'
        : rows.every((row) => row.taken !== null && !row.taken.mine)
          ? 'over'
          : null;

export const AssignButtons = ({
  queue,
  rows,
  done,
}: {
  readonly queue: QueueName;
  readonly rows: readonly QueueRow[];
  readonly done: () => void;
}) => {
  const { today } = useStaff();
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm<Filled>();
  const act = actFor(rows);
  const work = useAct({
    act: ({ dueOn = '', reason = '' }: Filled) =>
      read(
        api.desk.assignments.$post({
          json: {
            ...{ queue, act: act ?? 'take', reason, dueOn: dueOn === '' ? null : dueOn },
            rows: rows.map(({ id, version }) => ({ id, version })),
          },
        }),
      ),
    said: ({ changed }) => `已${texts[act ?? 'take']} ${countText(changed)} 件。`,
    after: () => {
      setOpen(false);
      form.resetFields();
      done();
    },
  });
  const text = act === null ? '领取' : `${texts[act]} ${countText(rows.length)} 件`;
  return (
    <>
      <Button disabled={act === null} loading={work.isPending} onClick={() => (act === 'release' ? work.mutate({}) : setOpen(true))}>
        {text}
      </Button>
      {work.error === null || open ? null : <Trouble error={work.error} />}
      <Modal
        title={text}
        open={open}
        okText={act === null ? '领取' : texts[act]}
        cancelText="先不领"
        confirmLoading={work.isPending}
        onOk={form.submit}
        onCancel={() => setOpen(false)}
      >
        <Form<Filled> form={form} layout="vertical" requiredMark={false} onFinish={work.mutate}>
          <Form.Item name="dueOn" label="打算哪天办完（可以不填）">
            <Input type="date" min={today} style={{ width: 190 }} />
          </Form.Item>
          {act === 'over' ? (
            <Form.Item name="reason" label="为什么接手（留痕）" rules={[{ required: true, min: 2, message: '请写明为什么接手' }]}>
              <Input.TextArea rows={2} maxLength={600} placeholder="例如：原来的人休假" />
            </Form.Item>
          ) : null}
        </Form>
        {work.error === null ? null : <Trouble error={work.error} />}
      </Modal>
    </>
  );
};
