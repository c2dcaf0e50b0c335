// 停发和继承人: stops that machines proposed or people asked for, decided by a second person; what was due to the dead and waits for heirs; heirs and carers named,
// confirmed by another. No machine stops anybody.
import { useQuery } from '@tanstack/react-query';
import { Button, Form, Input, Modal, Popconfirm, Select, Tabs } from 'antd';
import { useState } from 'react';
import { useAct } from '../act.tsx';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read, sendFile } from '../client.ts';
import { ListTable } from '../list-table.tsx';
import { Mark, PageHead, type Tone } from '../page.tsx';
import { GoButton } from '../policy/go-button.tsx';
import { useFilters } from '../search.ts';
import { useHolds } from '../session.tsx';
import { useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { dayText, momentText } from '../words.ts';
import { ForHeirs, Heirs, personOf } from './heirs.tsx';
import { stopKinds } from './stop-words.ts';

type StopAsk = Parameters<typeof api.stops.$get>[0]['query'];
const askStops = (query: StopAsk) => read(api.stops.$get({ query }));
type Stop = Awaited<ReturnType<typeof askStops>>['rows'][number];
const stopTones: Readonly<Record<Stop['state'], readonly [text: string, tone: Tone]>> = {
  proposed: ['待决定', 'now'],
  asked: ['待第二人', 'now'],
  standing: ['停发', 'bad'],
  refused: ['不停发', 'plain'],
  lifted: ['已恢复', 'good'],
};
const stop = (json: Parameters<typeof api.stops.$post>[0]['json']) => read(api.stops.$post({ json }));
interface Ordered {
  readonly lastOn: string;
  readonly reason: string;
}

/** Deciding on what a machine proposed, or bringing somebody back: both rest on a document that was seen. */
const WithScan = ({ row, text, close }: { readonly row: Stop; readonly text: '决定停发' | '恢复'; readonly close: () => void }) => {
  const [scan, setScan] = useState<File | null>(null);
  const [form] = Form.useForm<Ordered>();
  const work = useAct({
    act: async ({ lastOn, reason }: Ordered) => {
      const { sha256: document } = await sendFile<{ sha256: string }>('/api/case-documents', scan as File);
      const { id, subjectId, itemId, kind } = row;
      return await stop(
        text === '恢复'
          ? { act: 'lift', id, reason, document }
          : ({ act: 'order', subjectId, itemId, kind, lastOn, reason, document } as Parameters<typeof stop>[0]),
      );
    },
    said: () => (text === '恢复' ? '已恢复，停发期间的补发。' : '已写下停发决定；事项要求两人的，等第二人确认。'),
    after: close,
  });
  return (
    <Modal
      title={text}
      open
      okText={text}
      cancelText="先不办"
      okButtonProps={{ disabled: scan === null }}
      confirmLoading={work.isPending}
      onOk={form.submit}
      onCancel={close}
    >
      <Form<Ordered> form={form} layout="vertical" requiredMark={false} onFinish={work.mutate} initialValues={{ lastOn: row.lastOn }}>
        {text === '恢复' ? null : (
          <Form.Item name="lastOn" label="最后一天（所在的一期照常发）" rules={[{ required: true, message: '请填日期' }]}>
            <Input type="date" style={{ width: 190 }} />
          </Form.Item>
        )}
        <Form.Item label="凭据扫描件（PDF 或图片）" htmlFor="stop-scan">
          <input
            id="stop-scan"
            type="file"
            accept="application/pdf,image/jpeg,image/png"
            onChange={(event) => setScan(event.target.files?.[0] ?? null)}
          />
        </Form.Item>
        <Form.Item name="reason" label="理由（留痕）" rules={[{ required: true, min: 2, message: '请写明理由' }]}>
          <Input.TextArea rows={2} maxLength={600} />
        </Form.Item>
      </Form>
      {work.error === null ? null : <Trouble error={work.error} />}
    </Modal>
  );
};

const StopActs = ({ row, open }: { readonly row: Stop; readonly open: (text: '决定停发' | '恢复') => void }) => {
  const confirm = useAct({ act: (_: null) => stop({ act: 'confirm', id: row.id }), said: () => '已确认停发。' });
  if (row.state === 'standing')
    return (
      <div className="acts">
        <Button onClick={() => open('恢复')}>恢复</Button>
      </div>
    );
  if (row.state !== 'proposed' && row.state !== 'asked') return null;
  return (
    <div className="acts">
      {row.state === 'asked' ? (
        <Popconfirm title="看过凭据，确认停发？" okText="确认停发" cancelText="再看看" onConfirm={() => confirm.mutate(null)}>
          <Button danger loading={confirm.isPending}>
            确认停发
          </Button>
        </Popconfirm>
      ) : (
        <Button danger onClick={() => open('决定停发')}>
          决定停发
        </Button>
      )}
      <ReasonButton
        text={row.state === 'asked' ? '退回' : '不停发'}
        act={({ reason }) => stop({ act: 'refuse', id: row.id, reason })}
        said={() => (row.state === 'asked' ? '已退回。' : '已写明不停发。')}
      />
      {confirm.error === null ? null : <Trouble error={confirm.error} />}
    </div>
  );
};

const Orders = () => {
  const [{ state }, filter] = useFilters<'state'>();
  const [chosen, setChosen] = useState<{ readonly row: Stop; readonly text: '决定停发' | '恢复' } | null>(null);
  const reviews = useHolds('reviewer');
  const title = useTitle();
  const known = state !== undefined && Object.hasOwn(stopTones, state) ? (state as Stop['state']) : undefined;
  return (
    <>
      <div className="filters">
        <Select
          aria-label="状态"
          placeholder="全部状态"
          allowClear
          style={{ width: 140 }}
          value={known}
          onChange={(next?: string) => filter({ state: next })}
          options={Object.entries(stopTones).map(([value, [label]]) => ({ value, label }))}
        />
      </div>
      <ListTable<Stop>
        label="停发"
        queryKey={['stops', known]}
        ask={(cursor) => askStops({ cursor, ...(known === undefined ? {} : { state: known }) })}
        idOf={(row) => row.id}
        empty="没有停发。部门数据说已去世、迁出，或有人提出停发，会列在这里等人决定。"
        columns={[
          { title: '谁', width: 130, cell: (row) => personOf(row, 'stop') },
          { title: '事项', width: 200, long: true, cell: (row) => title(row.itemId) },
          { title: '原因', width: 110, cell: (row) => stopKinds[row.kind as keyof typeof stopKinds] ?? row.kind },
          { title: '怎么知道的', long: true, cell: (row) => [row.reason, row.closeReason].filter((one) => one !== null).join('；') },
          { title: '最后一天', width: 130, cell: (row) => dayText(row.lastOn) },
          { title: '提出', width: 160, cell: (row) => momentText(row.askedAt) },
          { title: '状态', width: 90, cell: (row) => <Mark tone={stopTones[row.state][1]}>{stopTones[row.state][0]}</Mark> },
          {
            title: '',
            width: 190,
            long: true,
            cell: (row) => (reviews ? <StopActs row={row} open={(text) => setChosen({ row, text })} /> : null),
          },
        ]}
      />
      {chosen === null ? null : <WithScan row={chosen.row} text={chosen.text} close={() => setChosen(null)} />}
    </>
  );
};

const Count = () => {
  const { data } = useQuery({ queryKey: ['stops', 'asked-count'], queryFn: () => askStops({ state: 'asked' }) });
  return data === undefined || data.rows.length === 0 ? null : <Mark tone="now">{data.rows.length} 件等第二人</Mark>;
};

export const Stops = () => {
  const [{ show = 'orders' }, filter] = useFilters<'show'>();
  const reviews = useHolds('reviewer');
  return (
    <>
      <PageHead
        title="停发和继承人"
        state={<Count />}
        note="停发由人决定，机器只提示；事项要求两人的，由另一人确认。最后一天所在的一期照常发放，以后的不再发放；恢复时补发。"
        acts={
          reviews ? (
            <GoButton to="/people" search={{ act: 'stop' }}>
              新的停发
            </GoButton>
          ) : undefined
        }
      />
      <Tabs
        activeKey={show}
        onChange={(next) => filter({ show: next === 'orders' ? undefined : next })}
        items={[
          { key: 'orders', label: '停发', children: <Orders /> },
          { key: 'waiting', label: '等继承人的', children: <ForHeirs /> },
          { key: 'heirs', label: '继承人和照料人', children: <Heirs /> },
        ]}
      />
    </>
  );
};
