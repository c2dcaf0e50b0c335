// An example from a real record: looked for with a reason that is written down, taken over without name and numbers, and only what this rule reads. What may
// not be shown to whoever writes rules stays unknown, and is named.
import { Alert, Button, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useAct } from '../act.tsx';
import { api, read } from '../client.ts';
import { useStaff } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { below, drop, type Json, put } from './document.ts';
import type { Keep } from './keep.ts';
import { useWords } from './names.tsx';

/** As the server names them. */
const reasons = { review: '审核、复核', objection: '异议核查', correct: '数据校核纠错', demo: '演示（示例城市）' } as const;

interface Asked {
  readonly who: string;
  readonly order: string;
  readonly reason: keyof typeof reasons;
}

const search = ({ who, reason, order }: Asked) =>
  read(api.subjects.search.$post({ json: { who, purpose: `写规则的例子，${reasons[reason]} ${order}` } }));
type Found = Awaited<ReturnType<typeof search>>['rows'][number];

const factsFor = (id: string, { reason, order }: Asked, names: readonly string[]) =>
  read(api.subjects[':id'].facts.$get({ param: { id }, query: { reason, order, fact: names.join(',') } as never }));

export const FromRecord = ({ keep, at, reads }: { readonly keep: Keep; readonly at: string; readonly reads: readonly string[] }) => {
  const words = useWords();
  const { demo } = useStaff();
  const [open, setOpen] = useState(false);
  const [rows, setRows] = useState<readonly Found[]>([]);
  const [left, setLeft] = useState<readonly string[]>([]);
  const [form] = Form.useForm<Asked>();
  // Facts of others stand in others' records; identity numbers have no place in a rule.
  const names = reads.filter((path) => !path.includes('.'));
  const find = useAct({ act: search, after: (told) => setRows(told.rows) });
  const take = useAct({
    act: (id: string) => factsFor(id, form.getFieldsValue(true) as Asked, names),
    after: ({ facts }) => {
      const hidden = facts.filter((one) => one.hidden !== null).map((one) => words.find(one.fact)?.label ?? one.fact);
      const known = facts.filter((one) => one.hidden === null && one.state !== 'unknown');
      keep.change((item) => {
        const whole: Json = Object.fromEntries(known.map((one) => [one.fact, one.state === 'none' ? null : (one.value as unknown)]));
        return put(drop(item, below(at, 'facts')), below(at, 'facts'), whole);
      });
      setLeft(hidden);
      setRows([]);
      if (hidden.length === 0) setOpen(false);
    },
  });
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)} disabled={names.length === 0}>
        照一个真实对象填
      </Button>
      <Modal title="照一个真实对象填" open={open} footer={null} onCancel={() => setOpen(false)} width={560}>
        <p className="hint">只带入这条规则要看的指标的值，不带姓名、号码和账户。查了谁、为什么，会留痕。</p>
        <Form<Asked>
          form={form}
          layout="vertical"
          requiredMark={false}
          initialValues={{ reason: demo ? 'demo' : 'review', order: demo ? 'DEMO' : '' }}
          onFinish={find.mutate}
        >
          <Form.Item name="who" label="姓名或证件号码" rules={[{ required: true, min: 2, message: '写完整的姓名或号码' }]}>
            <Input autoComplete="off" />
          </Form.Item>
          <div className="form-line">
            <Form.Item name="reason" label="事由">
              <Select
                style={{ width: 160 }}
                options={Object.entries(reasons)
                  .filter(([code]) => demo || code !== 'demo')
                  .map(([value, label]) => ({ value, label }))}
              />
            </Form.Item>
            <Form.Item name="order" label="工单号" rules={[{ required: true, min: 2, message: '写工单号' }]}>
              <Input maxLength={40} autoComplete="off" />
            </Form.Item>
          </div>
          <Button htmlType="submit" loading={find.isPending}>
            找
          </Button>
        </Form>
        {find.error === null ? null : <Trouble error={find.error} />}
        {take.error === null ? null : <Trouble error={take.error} />}
        <ul className="found">
          {rows.map((row) => (
            <li key={row.subjectId}>
              {row.name} <span className="hint">{row.key}</span>
              <Button size="small" loading={take.isPending} onClick={() => take.mutate(row.subjectId)}>
                用这个人的指标
              </Button>
            </li>
          ))}
        </ul>
        {find.data !== undefined && rows.length === 0 && left.length === 0 ? <p className="hint">没有找到，或者已经带入。</p> : null}
        {left.length === 0 ? null : (
          <Alert type="info" title={`已带入。${left.join('、')}不给政策岗位看，仍是“不知道”，请自己写一个样例值。`} />
        )}
      </Modal>
    </>
  );
};
