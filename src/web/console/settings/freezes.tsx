// 冻结期: between which instants nothing is sealed, released or published, why, and by which two people; asked for, confirmed, lifted.
import { useQuery } from '@tanstack/react-query';
import { Button, Checkbox, Form, Input, Popconfirm } from 'antd';
import { useAct } from '../act.tsx';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Mark, Nothing, PageHead, type Tone } from '../page.tsx';
import { ReasonFormButton } from '../reason-form.tsx';
import { useHolds } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { momentText } from '../words.ts';

const ask = () => read(api.freezes.$get());
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];
const acts: Readonly<Record<Row['acts'][number], string>> = { seal: '封批', release: '签发', publish: '发布政策' };
const states: Readonly<Record<Row['state'], { readonly text: string; readonly tone: Tone }>> = {
  frozen: { text: '冻结中', tone: 'bad' },
  proposed: { text: '等第二人确认', tone: 'warn' },
  coming: { text: '到时生效', tone: 'now' },
  over: { text: '已结束', tone: 'plain' },
  lifted: { text: '已解除', tone: 'plain' },
};
const order: readonly Row['state'][] = ['frozen', 'proposed', 'coming', 'over', 'lifted'];

interface Wanted {
  readonly acts: Row['acts'];
  readonly fromAt: string;
  readonly toAt: string;
}
/** Not `required`: a group of boxes may not say so of itself. */
const atLeastOne = {
  validator: (_: unknown, chosen?: readonly string[]) =>
    chosen === undefined || chosen.length === 0 ? Promise.reject(new Error('至少选一项')) : Promise.resolve(),
};
/** What stands in a field of day and time is Chinese time. */
const instant = (local: string): string => `${local}:00+08:00`;

const Confirm = ({ row }: { readonly row: Row }) => {
  const work = useAct({
    act: (_: null) => read(api.freezes[':id'].confirm.$post({ param: { id: row.id } })),
    said: () => '已确认，到时停办。',
  });
  return (
    <>
      <Popconfirm
        title={`${momentText(row.fromAt)} 至 ${momentText(row.toAt)} 停办${row.acts.map((act) => acts[act]).join('、')}`}
        description={row.reason}
        okText="确认"
        cancelText="再想想"
        onConfirm={() => work.mutate(null)}
      >
        <Button type="primary" loading={work.isPending}>
          确认
        </Button>
      </Popconfirm>
      {work.error === null ? null : <Trouble error={work.error} />}
    </>
  );
};

const Acts = ({ row }: { readonly row: Row }) => {
  if (row.state === 'over' || row.state === 'lifted') return null;
  const proposed = row.state === 'proposed';
  const end = (reason: string) => read(api.freezes[':id'].end.$post({ param: { id: row.id }, json: { reason } }));
  return (
    <div className="acts">
      {proposed && !row.mine ? <Confirm row={row} /> : null}
      {!proposed && row.mine ? (
        <span className="hint">由别人解除</span>
      ) : (
        <ReasonButton
          text={proposed ? '撤回' : '解除'}
          act={({ reason }) => end(reason)}
          said={() => (proposed ? '已撤回。' : '已解除。')}
        />
      )}
    </div>
  );
};

const People = ({ row }: { readonly row: Row }) => (
  <>
    {row.proposedBy} 提出{row.confirmedBy === null ? '' : `，${row.confirmedBy} 确认`}
    {row.endedBy === null ? '' : `，${row.endedBy} 解除：${row.endReason ?? ''}`}
  </>
);

const Propose = () => (
  <ReasonFormButton<Wanted>
    primary
    text="提出冻结期"
    about={<p>第二个人确认以后生效。生效时正在办的会办完；废止政策不受影响，错的随时能停。</p>}
    first={{ acts: ['seal', 'release'] }}
    fields={
      <>
        <Form.Item name="acts" label="停办什么" rules={[atLeastOne]}>
          <Checkbox.Group options={Object.entries(acts).map(([value, label]) => ({ value, label }))} />
        </Form.Item>
        <Form.Item name="fromAt" label="从" rules={[{ required: true, message: '请选开始的日期和时间' }]}>
          <Input type="datetime-local" style={{ width: 220 }} />
        </Form.Item>
        <Form.Item name="toAt" label="到（这一刻起照常办）" rules={[{ required: true, message: '请选结束的日期和时间' }]}>
          <Input type="datetime-local" style={{ width: 220 }} />
        </Form.Item>
      </>
    }
    reasonLabel="理由（想办理的人会看到）"
    act={({ acts: wanted, fromAt, toAt, reason }) =>
      read(api.freezes.$post({ json: { acts: [...wanted], fromAt: instant(fromAt), toAt: instant(toAt), reason } }))
    }
    said={() => '已提出，等第二个人确认。'}
  />
);

export const Freezes = () => {
  const mayAct = useHolds('officer', 'finance-maker', 'finance-checker', 'finance-head', 'finance-issuer');
  const { data, error, refetch } = useQuery({ queryKey: ['freezes'], queryFn: ask });
  const rows = (data?.rows ?? []).toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const now = rows.filter((row) => row.state === 'frozen');
  return (
    <>
      <PageHead
        title="冻结期"
        state={
          now.length > 0 ? (
            <Mark tone="bad">正在停办{[...new Set(now.flatMap((row) => row.acts))].map((act) => acts[act]).join('、')}</Mark>
          ) : undefined
        }
        note="年终封账、移交、审计期间，不封批、不签发或不发布政策。两个人定下，到时自己开始，到点自己结束。"
        acts={mayAct ? <Propose /> : undefined}
      />
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <Nothing>正在读取…</Nothing>
        ) : null
      ) : (
        <RowTable<Row>
          label="冻结期"
          rows={rows}
          idOf={(row) => row.id}
          empty="没有定过冻结期。要停办一段时间，例如年终封账，由一个人提出，另一个人确认。"
          columns={[
            { title: '状态', width: 120, cell: (row) => <Mark tone={states[row.state].tone}>{states[row.state].text}</Mark> },
            { title: '停办', width: 170, cell: (row) => row.acts.map((act) => acts[act]).join('、') },
            { title: '从', width: 170, cell: (row) => momentText(row.fromAt) },
            { title: '到', width: 170, cell: (row) => momentText(row.toAt) },
            { title: '理由', long: true, cell: (row) => row.reason },
            { title: '谁定的', long: true, cell: (row) => <People row={row} /> },
            ...(mayAct ? [{ title: '', width: 150, cell: (row: Row) => <Acts row={row} /> }] : []),
          ]}
        />
      )}
    </>
  );
};
