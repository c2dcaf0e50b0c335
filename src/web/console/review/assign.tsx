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

/** The server takes so many at a time, all or none. */
const most = 500;

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

interface Taken {
  readonly queue: QueueName;
  readonly act: Act;
  readonly rows: readonly QueueRow[];
}

const send = ({ queue, act, rows }: Taken, { dueOn = '', reason = '' }: Filled) =>
  read(
    api.desk.assignments.$post({
      json: { ...{ queue, act, reason, dueOn: dueOn === '' ? null : dueOn }, rows: rows.map(({ id, version }) => ({ id, version })) },
    }),
  );

const said = ({ act, rows }: Taken): string => `${texts[act]} ${countText(rows.length)} 件`;

/** The rows as they stood when it was opened: what the head says is what is taken, whatever the list behind it has learnt since. */
const AssignWindow = ({ taken, done, close }: { readonly taken: Taken; readonly done: () => void; readonly close: () => void }) => {
  const { today } = useStaff();
  const [form] = Form.useForm<Filled>();
  const work = useAct({
    act: (filled: Filled) => send(taken, filled),
    said: ({ changed }) => `已${texts[taken.act]} ${countText(changed)} 件。`,
    after: () => {
      close();
      done();
    },
  });
  return (
    <Modal
      title={said(taken)}
      open
      okText={texts[taken.act]}
      cancelText="先不领"
      confirmLoading={work.isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <Form<Filled> form={form} layout="vertical" requiredMark={false} onFinish={work.mutate}>
        <Form.Item name="dueOn" label="打算哪天办完（可以不填）">
          <Input type="date" min={today} style={{ width: 190 }} />
        </Form.Item>
        {taken.act === 'over' ? (
          <Form.Item name="reason" label="为什么接手（留痕）" rules={[{ required: true, min: 2, message: '请写明为什么接手' }]}>
            <Input.TextArea rows={2} maxLength={600} placeholder="例如：原来的人休假" />
          </Form.Item>
        ) : null}
      </Form>
      {work.error === null ? null : <Trouble error={work.error} />}
    </Modal>
  );
};

export const AssignButtons = ({
  queue,
  rows,
  done,
}: {
  readonly queue: QueueName;
  readonly rows: readonly QueueRow[];
  readonly done: () => void;
}) => {
  const [taking, setTaking] = useState<Taken | null>(null);
  const act = actFor(rows);
  const release = useAct({
    act: (given: Taken) => send(given, {}),
    said: ({ changed }) => `已${texts.release} ${countText(changed)} 件。`,
    after: done,
  });
  const begin = () => {
    if (act === null) return;
    const taken = { queue, act, rows };
    if (act === 'release') release.mutate(taken);
    else setTaking(taken);
  };
  return (
    <>
      <Button disabled={act === null || rows.length > most} loading={release.isPending} onClick={begin}>
        {act === null ? '领取' : rows.length > most ? `一次最多${texts[act]} ${most} 件` : said({ queue, act, rows })}
      </Button>
      {release.error === null ? null : <Trouble error={release.error} />}
      {taking === null ? null : <AssignWindow taken={taking} done={done} close={() => setTaking(null)} />}
    </>
  );
};
