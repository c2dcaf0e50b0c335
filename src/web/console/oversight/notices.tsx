// 告知: what people were told, how it went out and whether it arrived; one as it was read.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Drawer, Select } from 'antd';
import { api, read } from '../client.ts';
import { ListTable } from '../list-table.tsx';
import { Facts, Mark, Nothing, PageHead, type Tone } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds } from '../session.tsx';
import { ItemChoice, useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { figure, momentText, money } from '../words.ts';
import { NoticeActs } from './notice-acts.tsx';

type Ask = Parameters<typeof api.notices.$get>[0]['query'];
const ask = (query: Ask) => read(api.notices.$get({ query }));
type Row = Awaited<ReturnType<typeof ask>>['rows'][number];
const askOne = (id: string) => read(api.notices[':id'].$get({ param: { id } }));

const states: Readonly<Record<Row['state'], readonly [text: string, tone: Tone]>> = {
  pending: ['待发', 'plain'],
  sending: ['发送中', 'now'],
  sent: ['已送出', 'now'],
  delivered: ['已送达', 'good'],
  bounced: ['被退回', 'bad'],
  dead: ['多次未送达', 'bad'],
};
const channels: Readonly<Record<Row['channel'], string>> = {
  mail: '电子邮件',
  sms: '短信',
  inbox: '站内信',
  letter: '纸质，当面送达',
  outbox: '待发件箱',
};

const One = ({ id, close }: { readonly id: string; readonly close: () => void }) => {
  const title = useTitle();
  const { data, error } = useQuery({ queryKey: ['notice', id], queryFn: () => askOne(id) });
  return (
    <Drawer open size={640} title={data?.subject ?? '告知'} onClose={close}>
      {error === null ? null : <Trouble error={error} />}
      {data === undefined ? (
        error === null ? (
          <Nothing>正在读取…</Nothing>
        ) : null
      ) : (
        <>
          <Facts
            pairs={[
              [
                '状态',
                <Mark key="state" tone={states[data.state][1]}>
                  {states[data.state][0]}
                </Mark>,
              ],
              ['方式', channels[data.channel]],
              ['发往', data.address ?? '不外发'],
              ['事项', title(data.itemId)],
              ['金额', data.amountFen === null ? null : money(data.amountFen)],
              ['发出', data.sentAt === null ? '还没有' : momentText(data.sentAt)],
              ['送达', data.deliveredAt === null ? null : momentText(data.deliveredAt)],
              ['试过', `${data.attempts} 次`],
              ...(data.lastError === null ? [] : [['没有发成的原因', data.lastError] as const]),
              [
                '谁',
                <Link
                  key="person"
                  to="/people/$id"
                  params={{ id: data.subjectId }}
                  search={{ reason: 'handle', order: `notice-${data.id.slice(0, 8)}`, tab: 'told' }}
                >
                  看这个人
                </Link>,
              ],
            ]}
          />
          <p className="said">{data.body}</p>
        </>
      )}
    </Drawer>
  );
};

export const Notices = () => {
  const [{ item, state, channel, notice }, filter] = useFilters<'item' | 'state' | 'channel' | 'notice'>();
  const title = useTitle();
  const reviews = useHolds('reviewer');
  const query = {
    ...(item === undefined ? {} : { item }),
    ...(state === undefined ? {} : { state }),
    ...(channel === undefined ? {} : { channel }),
  };
  return (
    <>
      <PageHead title="告知" note="告诉过谁什么、怎样发的、到了没有。点标题看原文。" acts={reviews ? <NoticeActs /> : null} />
      <div className="filters">
        <ItemChoice value={item} onChange={(next) => filter({ item: next })} />
        <Select
          aria-label="状态"
          placeholder="全部状态"
          allowClear
          style={{ width: 140 }}
          value={state}
          onChange={(next?: string) => filter({ state: next })}
          options={Object.entries(states).map(([value, [label]]) => ({ value, label }))}
        />
        <Select
          aria-label="方式"
          placeholder="全部方式"
          allowClear
          style={{ width: 140 }}
          value={channel}
          onChange={(next?: string) => filter({ channel: next })}
          options={Object.entries(channels).map(([value, label]) => ({ value, label }))}
        />
      </div>
      <ListTable<Row>
        label="告知"
        queryKey={['notices', query]}
        ask={(cursor) => ask({ ...query, cursor } as Ask)}
        idOf={(row) => row.id}
        empty="没有这样的告知。有结论、要补充、到账时会告知本人，列在这里。"
        columns={[
          {
            title: '标题',
            long: true,
            cell: (row) => (
              <Link to={'.' as '/'} search={{ ...query, notice: row.id } as never}>
                {row.subject}
              </Link>
            ),
          },
          { title: '事项', width: 230, long: true, cell: (row) => title(row.itemId) },
          { title: '金额（元）', width: 140, figure: true, cell: (row) => (row.amountFen === null ? '' : figure(row.amountFen)) },
          { title: '方式', width: 110, cell: (row) => channels[row.channel] },
          { title: '状态', width: 110, cell: (row) => <Mark tone={states[row.state][1]}>{states[row.state][0]}</Mark> },
          { title: '写成', width: 170, cell: (row) => momentText(row.createdAt) },
          { title: '发出', width: 170, cell: (row) => (row.sentAt === null ? '' : momentText(row.sentAt)) },
        ]}
      />
      {notice === undefined ? null : <One id={notice} close={() => filter({ notice: undefined })} />}
    </>
  );
};
