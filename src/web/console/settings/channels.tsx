// 渠道: by which ways this installation tells people and hears from departments, what is set up, when something last left, what waits; a test to oneself; and
// what reached nobody, to be sent again.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useAct } from '../act.tsx';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read } from '../client.ts';
import { ListTable, RowTable } from '../list-table.tsx';
import { Mark, Nothing, PageHead } from '../page.tsx';
import { useHolds } from '../session.tsx';
import { useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, momentText } from '../words.ts';

const ask = () => read(api.channels.$get());
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];
const askLost = (state: 'dead' | 'bounced', cursor: string | undefined) => read(api.notices.$get({ query: { state, cursor } }));
type Notice = Awaited<ReturnType<typeof askLost>>['rows'][number];
const ways: Readonly<Record<Notice['channel'], string>> = { mail: '邮件', sms: '短信', inbox: '站内信', letter: '纸质', outbox: '发件箱' };

const Test = ({ row }: { readonly row: Row & { readonly key: 'mail' | 'sms' } }) => {
  const [open, setOpen] = useState(false);
  const [form] = Form.useForm<{ to: string }>();
  const work = useAct({ act: (json: { to: string }) => read(api.channels[':key'].test.$post({ param: { key: row.key }, json })) });
  const what = row.key === 'mail' ? '邮箱' : '手机号';
  return (
    <>
      <Button size="small" aria-label={`试发给自己：${row.title}`} onClick={() => setOpen(true)}>
        试发给自己
      </Button>
      <Modal
        title={`试发${row.title}`}
        open={open}
        okText="试发"
        cancelText="关上"
        confirmLoading={work.isPending}
        onOk={form.submit}
        onCancel={() => {
          setOpen(false);
          work.reset();
        }}
        width={420}
        destroyOnHidden
      >
        <p>只说这是试发，没有业务内容。留痕，地址遮去大部分。</p>
        <Form form={form} layout="vertical" requiredMark={false} onFinish={work.mutate}>
          <Form.Item name="to" label={`您自己的${what}`} rules={[{ required: true, message: `请写${what}` }]}>
            <Input autoFocus autoComplete="off" maxLength={120} />
          </Form.Item>
        </Form>
        {work.error === null ? null : <Trouble error={work.error} />}
        {work.data === undefined ? null : (
          <p role="status">
            {work.data.sent ? (
              <Mark tone="good">已交出，看有没有收到</Mark>
            ) : (
              <>
                <Mark tone="bad">没有交出去</Mark> {work.data.why}
              </>
            )}
          </p>
        )}
      </Modal>
    </>
  );
};

const isSending = (row: Row): row is Row & { readonly key: 'mail' | 'sms' } => row.key === 'mail' || row.key === 'sms';

const Queue = ({ row }: { readonly row: Row }) => {
  if (row.standing === null) return null;
  const { due, later, sending } = row.standing;
  if (due + later + sending === 0) return <span className="hint">没有</span>;
  return (
    <>
      {[
        due > 0 ? `到点待发 ${countText(due)}` : '',
        sending > 0 ? `发送中 ${countText(sending)}` : '',
        later > 0 ? `以后发 ${countText(later)}` : '',
      ]
        .filter((part) => part !== '')
        .join('，')}
    </>
  );
};

/** The server takes so many at a time. */
const mostAgain = 200;
const sendAgain = async (ids: readonly string[], reason: string) => {
  const rows: { readonly done: boolean; readonly why: string | null }[] = [];
  for (let at = 0; at < ids.length; at += mostAgain)
    rows.push(...(await read(api.notices.again.$post({ json: { ids: ids.slice(at, at + mostAgain), reason } }))).rows);
  return { rows };
};

const Lost = ({ state, label, empty }: { readonly state: 'dead' | 'bounced'; readonly label: string; readonly empty: string }) => {
  const title = useTitle();
  const mayAct = useHolds('steward', 'reviewer');
  const [picked, setPicked] = useState<readonly string[]>([]);
  return (
    <section className="part">
      <h2>{label}</h2>
      {picked.length === 0 ? null : (
        <div className="filters">
          <span>选了 {countText(picked.length)} 封</span>
          <ReasonButton
            primary
            text="再发"
            about={<p>{countText(picked.length)} 封，从第一种送达方式起再发一遍；正文不变。</p>}
            hint="例如：邮件服务器已经修好"
            act={({ reason }) => sendAgain(picked, reason)}
            said={({ rows }) => {
              const done = rows.filter((one) => one.done).length;
              const first = rows.find((one) => !one.done);
              return `再发 ${countText(done)} 封${first === undefined ? '。' : `，${countText(rows.length - done)} 封没有：${first.why ?? ''}`}`;
            }}
            after={() => setPicked([])}
          />
        </div>
      )}
      <ListTable<Notice>
        label={label}
        queryKey={['lost-notices', state]}
        ask={(cursor) => askLost(state, cursor)}
        idOf={(row) => row.id}
        empty={empty}
        picking={mayAct ? { picked, onPick: setPicked } : undefined}
        columns={[
          {
            title: '标题',
            long: true,
            cell: (row) => (
              <Link to="/oversight/notices" search={{ notice: row.id }}>
                {row.subject}
              </Link>
            ),
          },
          { title: '事项', width: 260, long: true, cell: (row) => title(row.itemId) },
          { title: '最后的方式', width: 110, cell: (row) => ways[row.channel] },
          { title: '试了', width: 80, figure: true, cell: (row) => `${countText(row.attempts)} 次` },
          { title: '写出', width: 180, cell: (row) => momentText(row.createdAt) },
        ]}
      />
    </section>
  );
};

export const Channels = () => {
  const { data, error, refetch } = useQuery({ queryKey: ['channels'], queryFn: ask });
  const mayTest = useHolds('admin', 'steward');
  const mayRead = useHolds('steward', 'officer', 'reviewer', 'auditor');
  return (
    <>
      <PageHead
        title="渠道"
        state={data !== undefined && (data.lost ?? 0) > 0 ? <Mark tone="warn">{countText(data.lost ?? 0)} 封没有送到</Mark> : undefined}
        note="告知怎样送出去，部门的数据怎样进来。设置写在运行环境里，这里只看设了没有、通不通，不显示口令。"
      />
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <Nothing>正在读取…</Nothing>
        ) : null
      ) : (
        <RowTable<Row>
          label="渠道"
          rows={data.rows}
          idOf={(row) => row.key}
          empty="这个程序不知道设置：到运行时间表的那一台上看。"
          columns={[
            { title: '渠道', width: 120, cell: (row) => row.title },
            { title: '设置', width: 70, cell: (row) => <Mark tone={row.set ? 'good' : 'plain'}>{row.set ? '已设' : '未设'}</Mark> },
            { title: '说明', long: true, cell: (row) => row.hint ?? row.detail },
            { title: '上一次送出', width: 165, cell: (row) => (row.standing?.lastSentAt ? momentText(row.standing.lastSentAt) : '') },
            { title: '上一次没送成', width: 165, cell: (row) => (row.standing?.lastFailedAt ? momentText(row.standing.lastFailedAt) : '') },
            { title: '在等的', width: 150, cell: (row) => <Queue row={row} /> },
            ...(mayTest
              ? [{ title: '', width: 130, cell: (row: Row) => (row.mayTest && isSending(row) ? <Test row={row} /> : null) }]
              : []),
          ]}
        />
      )}
      {mayRead ? (
        <>
          <Lost state="dead" label="多次没有送到的告知" empty="没有。三天里试了多次都交不出去、也没有别的方式的，会列在这里，可以再发。" />
          <Lost
            state="bounced"
            label="被退回、没有别的方式的告知"
            empty="没有。地址不存在、当面也没有送到的，会列在这里；先更正联系方式，再发。"
          />
        </>
      ) : null}
    </>
  );
};
