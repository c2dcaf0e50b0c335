// 一人一页: everything of one person or firm on one page: each item with its answer and reason, what is missing and who owes it, where the money stands, what they
// were told, and the reply for whoever called. A reason and a work order come first.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Button, Tabs } from 'antd';
import { registerNames, verdictNames } from '../../words.ts';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Facts, Mark, PageHead, type Tone } from '../page.tsx';
import { useFilters } from '../search.ts';
import { useHolds } from '../session.tsx';
import { useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { countText, dayText, figure, momentText, money, periodText } from '../words.ts';
import { AskPurpose, type Purpose, purposeText, usePurpose } from './purpose.tsx';
import { ReplyPanel } from './reply.tsx';
import { StopButton } from './stop.tsx';
import { WhyDrawer } from './why.tsx';

const ask = (id: string, query: Purpose) => read(api.subjects[':id'].$get({ param: { id }, query }));
export type Person = Awaited<ReturnType<typeof ask>>;
type Item = Person['items'][number];
type Money = Person['disbursements'][number];
type Notice = Person['notices'][number];
type Objection = Person['objections'][number];

export const verdictTones: Readonly<Record<Item['verdict'], Tone>> = { eligible: 'good', undetermined: 'warn', ineligible: 'plain' };
const groupTones: Readonly<Record<Money['group'], Tone>> = { open: 'now', waits: 'warn', bank: 'now', over: 'plain' };
const moneyTone = (row: Money): Tone =>
  row.state === 'paid' ? 'good' : row.state === 'returned' || row.state === 'unknown' ? 'bad' : groupTones[row.group];
const noticeStates: Readonly<Record<string, string>> = { queued: '待发', sent: '已发出', bounced: '被退回', dead: '没有送达' };
const objectionStates: Readonly<Record<string, string>> = { open: '正在复核', upheld: '成立', rejected: '不成立', moot: '已了结' };

/** Yes before not yet before no. */
const order: readonly Item['verdict'][] = ['eligible', 'undetermined', 'ineligible'];

const lacking = (row: Item): string =>
  row.missing.map((one) => `${one.label}${one.department === null ? '' : `，应由${one.department}提供`}（${one.reason}）`).join('；');

type Show = (change: { readonly item?: string | undefined; readonly period?: string | undefined }) => void;

const Items = ({ person, show }: { readonly person: Person; readonly show: Show }) => (
  <RowTable<Item>
    label="每个事项"
    rows={person.items.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))}
    idOf={(row) => row.itemId}
    empty="还没有判定过。第一次匹配之后，每个事项的结论和原因会列在这里。"
    columns={[
      {
        title: '事项',
        width: 290,
        long: true,
        cell: (row) => (
          <Button type="link" size="small" className="as-link" onClick={() => show({ item: row.itemId, period: periodOf(row.periodKey) })}>
            {row.title}
          </Button>
        ),
      },
      { title: '期别', width: 110, cell: (row) => periodText(row.periodKey) },
      { title: '结论', width: 80, cell: (row) => <Mark tone={verdictTones[row.verdict]}>{verdictNames[row.verdict]}</Mark> },
      { title: '金额（元）', width: 130, figure: true, cell: (row) => (row.amountFen === null ? '' : figure(row.amountFen)) },
      { title: '为什么', long: true, cell: (row) => (row.verdict === 'undetermined' ? `缺${lacking(row) || '数据'}` : (row.reason ?? '')) },
      {
        title: '钱在哪里',
        width: 220,
        long: true,
        cell: (row) => person.disbursements.find((d) => d.itemId === row.itemId && d.periodKey === row.periodKey)?.stands ?? '',
      },
    ]}
  />
);

/** Keys of events may hold a number: they are not put into an address. */
const periodOf = (key: string): string | undefined => (/^(?:\d{4}(?:-\d{2}|Q[1-4])?|once)$/.test(key) ? key : undefined);

const MoneyTab = ({ person, title }: { readonly person: Person; readonly title: (id: string) => string }) => (
  <RowTable<Money>
    label="钱"
    rows={person.disbursements}
    idOf={(row) => row.id}
    empty="没有兑付记录。符合并核定以后会自动预填，列在这里。"
    columns={[
      {
        title: '事项',
        width: 220,
        long: true,
        cell: (row) => (
          <Link to="/payment/records/$id" params={{ id: row.id }}>
            {title(row.itemId)}
          </Link>
        ),
      },
      { title: '期别', width: 110, cell: (row) => periodText(row.periodKey) },
      { title: '金额（元）', width: 140, figure: true, cell: (row) => (row.stops ? '停发处理' : figure(row.amountFen)) },
      { title: '状态', width: 110, cell: (row) => <Mark tone={moneyTone(row)}>{row.text}</Mark> },
      { title: '钱在哪里，下一步', long: true, cell: (row) => row.stands },
      { title: '账户', width: 100, cell: (row) => (row.account === null ? '缺' : `尾号 ${row.account}`) },
      { title: '期限', width: 130, cell: (row) => (row.dueOn === null ? '' : dayText(row.dueOn)) },
      { title: '批次', width: 140, cell: (row) => row.batchNumber },
    ]}
  />
);

const Told = ({ person, title }: { readonly person: Person; readonly title: (id: string) => string }) => (
  <>
    <RowTable<Notice>
      label="告知"
      rows={person.notices}
      idOf={(row) => row.id}
      empty="没有告知过。有结论、要补充、到账时会告知，列在这里。"
      columns={[
        { title: '时间', width: 170, cell: (row) => momentText(row.createdAt) },
        {
          title: '标题',
          cell: (row) => (
            <Link to="/oversight/notices" search={{ notice: row.id }}>
              {row.subject}
            </Link>
          ),
        },
        { title: '事项', width: 240, long: true, cell: (row) => title(row.itemId) },
        { title: '状态', width: 110, cell: (row) => noticeStates[row.state] ?? row.state },
      ]}
    />
    {person.objections.length === 0 ? null : (
      <section className="part">
        <h2>异议和请人重新看</h2>
        <RowTable<Objection>
          label="异议和请人重新看"
          rows={person.objections}
          idOf={(row) => row.id}
          empty=""
          columns={[
            { title: '提出', width: 170, cell: (row) => momentText(row.filedAt) },
            { title: '事项', width: 240, long: true, cell: (row) => title(row.itemId) },
            { title: '期别', width: 110, cell: (row) => (row.periodKey === null ? '' : periodText(row.periodKey)) },
            { title: '状态', width: 100, cell: (row) => objectionStates[row.state] ?? row.state },
            { title: '期限', width: 130, cell: (row) => (row.dueOn === null ? '' : dayText(row.dueOn)) },
            { title: '答复', long: true, cell: (row) => row.reason },
          ]}
        />
      </section>
    )}
  </>
);

const Whole = ({ id, purpose }: { readonly id: string; readonly purpose: Purpose }) => {
  const [{ tab = 'items', item, period, act }, filter] = useFilters<'tab' | 'item' | 'period' | 'act'>();
  const reviews = useHolds('reviewer');
  const named = useTitle();
  const { data, error, refetch } = useQuery({ queryKey: ['person', id, purpose], queryFn: () => ask(id, purpose) });
  if (error !== null)
    return (
      <>
        <PageHead title="查一人" />
        <Trouble error={error} again={() => void refetch()} />
      </>
    );
  if (data === undefined) return <PageHead title="查一人" note="正在读取…" />;
  const person = { ...data, items: data.items.map((one) => ({ ...one, title: named(one.itemId, one.title) })) };
  const { subject, items, disbursements } = person;
  const title = (itemId: string): string => items.find((one) => one.itemId === itemId)?.title ?? itemId;
  const count = (verdict: Item['verdict']) => items.filter((one) => one.verdict === verdict).length;
  const paid = disbursements.filter((one) => one.state === 'paid').reduce((sum, one) => sum + BigInt(one.amountFen), 0n);
  const show: Show = (change) => filter({ item: change.item, period: change.period });
  const tabbed = (next: string) => filter({ tab: next === 'items' ? undefined : next });
  return (
    <>
      <PageHead
        title={subject.name}
        state={<Mark tone="plain">{registerNames[subject.register] ?? ''}</Mark>}
        note={`查看事由：${purposeText(purpose)}。查看已留痕。`}
        acts={
          <>
            {tab === 'reply' ? null : (
              <Button type="primary" onClick={() => tabbed('reply')}>
                答复来电
              </Button>
            )}
            {reviews && items.length > 0 ? (
              <StopButton person={person} start={act === 'stop'} closed={() => filter({ act: undefined })} />
            ) : null}
          </>
        }
      />
      <Facts
        pairs={[
          ['号码', `尾号 ${subject.key.slice(-4)}`],
          ['地区', person.place],
          ['符合', `${countText(count('eligible'))} 项`],
          ['待核', `${countText(count('undetermined'))} 项`],
          ['已到账', money(String(paid))],
        ]}
      />
      <Tabs
        activeKey={tab}
        onChange={tabbed}
        items={[
          { key: 'items', label: `事项 ${countText(items.length)}`, children: <Items person={person} show={show} /> },
          { key: 'money', label: `钱 ${countText(disbursements.length)}`, children: <MoneyTab person={person} title={title} /> },
          {
            key: 'told',
            label: `告知和异议 ${countText(person.notices.length + person.objections.length)}`,
            children: <Told person={person} title={title} />,
          },
          { key: 'reply', label: '答复来电', children: <ReplyPanel person={person} purpose={purpose} /> },
        ]}
      />
      {item === undefined || tab === 'reply' ? null : (
        <WhyDrawer person={person} itemId={item} period={period} purpose={purpose} show={show} />
      )}
    </>
  );
};

export const PersonPage = () => {
  const { id } = useParams({ from: '/people/$id' });
  const purpose = usePurpose();
  const [, filter] = useFilters<'reason' | 'order'>();
  if (purpose !== null) return <Whole id={id} purpose={purpose} />;
  return (
    <>
      <PageHead title="先说明为什么查看" />
      <AskPurpose done={(said) => filter({ reason: said.reason, order: said.order })} />
    </>
  );
};
