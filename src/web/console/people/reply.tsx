// The answer for whoever called: drafted from what stands, read out, changed where needed, and written down under its work order with its term.
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Select } from 'antd';
import { useEffect } from 'react';
import { useAct } from '../act.tsx';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Mark } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds, useStaff } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { dayText, momentText } from '../words.ts';
import type { Person } from './person.tsx';
import type { Purpose } from './purpose.tsx';

const askDraft = (id: string, query: Purpose & { item?: string | undefined; received?: string | undefined }) =>
  read(api.subjects[':id'].reply.$get({ param: { id }, query }));
const askGiven = (id: string, query: Purpose) => read(api.subjects[':id'].replies.$get({ param: { id }, query }));
type Given = Awaited<ReturnType<typeof askGiven>>['rows'][number];

interface Filled {
  readonly text: string;
  readonly receivedOn: string;
  readonly dueOn: string;
}

const Before = ({ rows }: { readonly rows: readonly Given[] }) => (
  <section className="part">
    <h2>以前的答复</h2>
    <RowTable<Given>
      label="以前的答复"
      rows={rows}
      idOf={(row) => `${row.order} ${row.ordinal}`}
      empty="还没有答复过来电。登记以后列在这里，谁都能看到上次怎样说的。"
      columns={[
        { title: '答复时间', width: 170, cell: (row) => momentText(row.at) },
        { title: '工单', width: 160, cell: (row) => `${row.order}${row.ordinal === 1 ? '' : `（第 ${row.ordinal} 次）`}` },
        { title: '期限', width: 130, cell: (row) => (row.dueOn === null ? '' : dayText(row.dueOn)) },
        { title: '怎样答复的', long: true, cell: (row) => <div className="said">{row.text}</div> },
      ]}
    />
  </section>
);

export const ReplyPanel = ({ person, purpose }: { readonly person: Person; readonly purpose: Purpose }) => {
  const id = person.subject.subjectId;
  const { today } = useStaff();
  const answers = useHolds('reviewer', 'officer', 'steward');
  const [{ item }, filter] = useFilters<'item'>();
  const [form] = Form.useForm<Filled>();
  const received = Form.useWatch('receivedOn', form) ?? today;
  const asked = /^\d{4}-\d{2}-\d{2}$/.test(received) ? received : today;
  const draft = useQuery({
    queryKey: ['person-reply', id, purpose, item, asked],
    queryFn: () => askDraft(id, { ...purpose, item, received: asked }),
  });
  const given = useQuery({ queryKey: ['person-replies', id, purpose], queryFn: () => askGiven(id, purpose) });
  const seen = given.data?.rows.filter((row) => row.order === purpose.order).length ?? 0;
  useEffect(() => {
    if (draft.data === undefined) return;
    const { text, dueOn } = draft.data;
    // What was changed by hand stays; a fresh draft takes the place of a draft.
    form.setFieldsValue({
      ...(form.isFieldTouched('text') ? {} : { text }),
      ...(form.isFieldTouched('dueOn') ? {} : { dueOn: dueOn ?? '' }),
    });
  }, [draft.data, form]);
  const work = useAct({
    act: ({ text, receivedOn, dueOn }: Filled) =>
      read(
        api.subjects[':id'].replies.$post({
          param: { id },
          json: { ...purpose, text, receivedOn, dueOn: dueOn === '' ? null : dueOn, seen, ...(item === undefined ? {} : { item }) },
        }),
      ),
    said: () => '已登记答复。',
    after: () => form.resetFields(),
  });
  const due = Form.useWatch('dueOn', form);
  return (
    <>
      <div className="filters">
        <Select
          aria-label="问的是哪个事项"
          style={{ width: 320 }}
          value={item ?? ''}
          onChange={(next: string) => {
            form.resetFields(['text']);
            filter({ item: next === '' ? undefined : next });
          }}
          options={[{ value: '', label: '全部事项' }, ...person.items.map((one) => ({ value: one.itemId, label: one.title }))]}
        />
        {due === undefined || due === '' ? null : due < today ? (
          <Mark tone="bad">{dayText(due)} 已过期限</Mark>
        ) : (
          <Mark tone="now">{dayText(due)} 前答复</Mark>
        )}
      </div>
      {draft.error === null ? null : <Trouble error={draft.error} />}
      <Form<Filled>
        form={form}
        layout="vertical"
        requiredMark={false}
        onFinish={work.mutate}
        initialValues={{ receivedOn: today, dueOn: '', text: '' }}
        disabled={!answers}
      >
        <Form.Item
          name="text"
          label="可以照读的答复（可以改）"
          rules={[{ required: true, min: 10, message: '请写明怎样答复的，至少 10 个字' }]}
        >
          <Input.TextArea autoSize={{ minRows: 8, maxRows: 18 }} maxLength={4000} className="script" />
        </Form.Item>
        <div className="filters">
          <Form.Item name="receivedOn" label="收到工单" rules={[{ required: true, message: '请填日期' }]}>
            <Input type="date" max={today} style={{ width: 160 }} />
          </Form.Item>
          <Form.Item name="dueOn" label="办结时限（工单另有写明的照改）">
            <Input type="date" style={{ width: 160 }} />
          </Form.Item>
        </div>
        {work.error === null ? null : <Trouble error={work.error} />}
        {answers ? (
          <Button type="primary" htmlType="submit" loading={work.isPending}>
            登记已照此答复
          </Button>
        ) : null}
      </Form>
      <Before rows={given.data?.rows ?? []} />
    </>
  );
};
