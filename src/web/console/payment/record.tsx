// One record: whose money, how much, where it stands; on what basis and by which decision; the batches it went out with and every word the bank said of it; its
// life in order. From here one goes back to the match with its values, and from there to the rule and its clause.
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { states } from '../../../disbursement/states.ts';
import { lineEventNames, signatureNames } from '../../../payment/states.ts';
import { ReasonButton } from '../ask-reason.tsx';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Code, Facts, Mark, PageHead } from '../page.tsx';
import { GoButton } from '../policy/go-button.tsx';
import { DeceasedActs } from '../review/heir.tsx';
import { useHolds } from '../session.tsx';
import { useTitle } from '../titles.tsx';
import { Trouble } from '../trouble.tsx';
import { dayText, figure, momentText, money, periodText } from '../words.ts';
import { RecordMark, weightiest, wordTones } from './record-words.tsx';

const ask = (id: string) => read(api.disbursements[':id'].$get({ param: { id } }));
type One = Awaited<ReturnType<typeof ask>>;
type Payment = One['payments'][number];
type Word = Payment['words'][number];
type Scan = One['documents'][number];

const signers = ['maker', 'checker', 'issuer'] as const;
const scanKinds: Readonly<Record<string, string>> = { application: '申请材料', answer: '补充材料', objection: '异议材料' };

const act = (id: string, json: { readonly act: 'hold' | 'lift'; readonly reason: string }) =>
  read(api.disbursements[':id'].acts.$post({ param: { id }, json }));

const Acts = ({ one }: { readonly one: One }) => {
  const handles = useHolds('reviewer', 'finance-maker', 'finance-checker', 'finance-head', 'finance-issuer');
  const corrects = useHolds('finance-maker') && one.state === 'returned';
  const reviews = useHolds('reviewer');
  const holdable = Object.hasOwn(states[one.state].next, 'held');
  return (
    <>
      {corrects ? (
        <GoButton to="/payment/returned" search={{ item: one.itemId }} primary>
          去更正账户，重发
        </GoButton>
      ) : null}
      <GoButton to={`/run/matches/${one.matchId}`} primary={!corrects}>
        为什么，看匹配结果
      </GoButton>
      {one.payments.length === 0 ? null : (
        <Button href={`/api/disbursements/${one.id}/workpaper`} target="_blank">
          审计底稿
        </Button>
      )}
      {reviews && one.state === 'deceased' ? <DeceasedActs id={one.id} /> : null}
      {handles && holdable ? (
        <ReasonButton
          text="暂缓"
          danger
          about={<p>暂缓期间不进批次，机器不会自己恢复。</p>}
          act={({ reason }) => act(one.id, { act: 'hold', reason })}
          said={() => '已暂缓。'}
        />
      ) : null}
      {handles && one.state === 'held' ? (
        <ReasonButton text="恢复" act={({ reason }) => act(one.id, { act: 'lift', reason })} said={() => '已恢复，接着原来的步骤办。'} />
      ) : null}
    </>
  );
};

const Payments = ({ one }: { readonly one: One }) => (
  <RowTable<Payment>
    label="进过的批次"
    rows={one.payments}
    idOf={(row) => row.reference}
    empty="还没有进过批次。待拨付的由财政经办封批。"
    open={(row) => <Words payment={row} />}
    columns={[
      {
        title: '批次',
        width: 250,
        cell: (row) => (
          <Link to="/payment/batches/$id" params={{ id: row.batchId }}>
            {row.batchNumber}
          </Link>
        ),
      },
      { title: '流水号', width: 140, cell: (row) => <Code text={row.reference} length={12} /> },
      { title: '付款日', width: 130, cell: (row) => dayText(row.payOn) },
      { title: '金额（元）', width: 140, figure: true, cell: (row) => figure(row.amountFen) },
      {
        title: '结果',
        width: 130,
        cell: (row) => {
          const end = weightiest(row.words);
          return end === undefined ? '还没有签发' : <Mark tone={wordTones[end]}>{lineEventNames[end]}</Mark>;
        },
      },
      {
        title: '谁经办、复核、签发',
        long: true,
        cell: (row) =>
          [
            ...(row.replaces ? ['退汇后重发'] : []),
            ...row.signatures
              .toSorted((a, b) => signers.indexOf(a.role) - signers.indexOf(b.role))
              .map((own) => `${signatureNames[own.role]} ${own.name ?? '已离岗'}`),
          ].join('，'),
      },
    ]}
  />
);

const Words = ({ payment }: { readonly payment: Payment }) => (
  <RowTable<Word>
    label="银行的话"
    rows={payment.words}
    idOf={(row) => `${row.kind} ${row.at}`}
    empty="还没有报给银行。"
    columns={[
      { title: '时间', width: 170, cell: (row) => momentText(row.at) },
      { title: '怎么说', width: 130, cell: (row) => <Mark tone={wordTones[row.kind]}>{lineEventNames[row.kind]}</Mark> },
      { title: '原话', long: true, cell: (row) => row.text },
      { title: '出自文件', long: true, cell: (row) => row.file },
    ]}
  />
);

const Scans = ({ one }: { readonly one: One }) => {
  const judges = useHolds('reviewer', 'auditor');
  return one.documents.length === 0 ? null : (
    <section className="part">
      <h2>材料</h2>
      <RowTable<Scan>
        label="材料"
        rows={one.documents}
        idOf={(row) => `${row.kind} ${row.sha256}`}
        empty=""
        columns={[
          { title: '随什么交来', width: 140, cell: (row) => scanKinds[row.kind] ?? row.kind },
          { title: '时间', width: 170, cell: (row) => momentText(row.at) },
          {
            title: '扫描件',
            cell: (row) =>
              judges ? <a href={`/api/disbursements/${one.id}/documents/${row.sha256}`}>下载（会留痕）</a> : '只给部门审核和审计看',
          },
        ]}
      />
    </section>
  );
};

const Life = ({ one }: { readonly one: One }) => (
  <ol className="timeline">
    {one.events.map((event) => (
      <li key={`${event.at}${event.to}`}>
        <time>{momentText(event.at)}</time>
        <span>
          {event.name ?? '系统'}：{event.from === null ? '' : `${states[event.from].text} → `}
          {states[event.to].text}
          {event.reason === null ? null : <span className="hint">，{event.reason}</span>}
        </span>
      </li>
    ))}
  </ol>
);

export const RecordPage = () => {
  const { id } = useParams({ from: '/payment/records/$id' });
  const title = useTitle();
  const { data: one, error, refetch } = useQuery({ queryKey: ['disbursement', id], queryFn: () => ask(id) });
  if (error !== null)
    return (
      <>
        <PageHead title="兑付记录" />
        <Trouble error={error} again={() => void refetch()} />
        <Link to="/payment/records">回到兑付记录</Link>
      </>
    );
  if (one === undefined) return <PageHead title="兑付记录" note="正在读取…" />;
  return (
    <>
      <PageHead
        title={`${title(one.itemId)} ${periodText(one.periodKey)}`}
        state={<RecordMark state={one.state} />}
        amount={one.stops ? '停发处理，没有钱' : money(one.amountFen)}
        note={one.dueOn === null ? undefined : `这一步到 ${dayText(one.dueOn)}。`}
        acts={<Acts one={one} />}
      />
      {one.holdReason === null ? null : <Alert type="warning" showIcon title={`暂缓：${one.holdReason}`} />}
      {one.gaps.length === 0 ? null : <Alert type="warning" showIcon title={`还缺：${one.gaps.join('；')}`} />}
      <Facts
        pairs={[
          [
            '收款人',
            <Link
              key="person"
              to="/people/$id"
              params={{ id: one.subjectId }}
              search={{ reason: 'handle', order: `record-${one.id.slice(0, 8)}` }}
            >
              {one.payeeName ?? '还没有收款人'}
            </Link>,
          ],
          ['账户', one.account === null ? '缺' : `${one.bank ?? ''} 尾号 ${one.account.slice(-4)}`],
          ['摘要', one.statementText],
          [
            '规则',
            <Link key="rule" to={`/policy/items/${one.itemId}` as '/'} search={{ version: String(one.version) } as never}>
              第 {one.version} 版
            </Link>,
          ],
          ['文件', `${one.basis.document}${one.basis.number === null ? '' : `（${one.basis.number}）`}`],
          ...(one.basis.clause === null ? [] : [['条款', one.basis.clause] as const]),
        ]}
      />
      <section className="part">
        <h2>进过的批次，银行怎么说</h2>
        <Payments one={one} />
      </section>
      <Scans one={one} />
      <section className="part">
        <h2>经过</h2>
        <Life one={one} />
      </section>
    </>
  );
};
