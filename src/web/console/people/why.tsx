// One item for one person, any period: what was decided then and what the newest data say, every condition with what is required, what was found and where it
// comes from, how the amount comes about, the rule's version and its clause; and the acts: attest a value, ask that somebody looks again, pay what is owed.
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Drawer, Select } from 'antd';
import { verdictNames } from '../../words.ts';
import { api, read } from '../client.ts';
import { RowTable } from '../list-table.tsx';
import { Facts, Mark, Nothing } from '../page.tsx';
import { useHolds } from '../session.tsx';
import { Trouble } from '../trouble.tsx';
import { dayText, money, periodText } from '../words.ts';
import { AccountButton, LookAgainButton } from './acts.tsx';
import { AttestButton } from './attest.tsx';
import { type Person, verdictTones } from './person.tsx';
import type { Purpose } from './purpose.tsx';
import { StopButton } from './stop.tsx';

const ask = (id: string, item: string, query: Purpose & { period?: string | undefined }) =>
  read(api.subjects[':id'].items[':item'].$get({ param: { id, item }, query }));
type Whole = Awaited<ReturnType<typeof ask>>;
type Decided = NonNullable<Whole['was']>;
type Period = Decided['periods'][number];
type Node = Period['conditions'][number];

const groups = { all: '以下各项都要满足', any: '以下各项满足其一即可', not: '以下情形不能有' } as const;
const truths = (truth: Node['truth']) =>
  truth === null ? <Mark tone="warn">缺数据</Mark> : truth ? <Mark tone="good">满足</Mark> : <Mark tone="bad">不满足</Mark>;

const missingText = (one: Node['missing'][number]): string =>
  `${one.label}：${one.title === null ? '' : `${one.department ?? ''}《${one.title}》`}${one.reason}`;

const Conditions = ({ rows }: { readonly rows: readonly Node[] }) => (
  <RowTable<Node & { readonly n: number }>
    label="判定依据"
    rows={rows.map((row, n) => ({ ...row, n }))}
    idOf={(row) => `${row.n}`}
    empty="没有可以列出的条件。"
    columns={[
      {
        title: '要求',
        long: true,
        cell: (row) => (
          <div style={{ paddingLeft: row.depth * 14 }}>
            {row.kind === 'leaf' ? row.required : groups[row.kind]}
            {row.clause === null ? null : <span className="hint"> {row.clause}</span>}
          </div>
        ),
      },
      {
        title: '实际',
        width: 210,
        long: true,
        cell: (row) =>
          row.kind !== 'leaf'
            ? ''
            : row.truth === null && row.missing.length > 0
              ? `缺${row.missing.map(missingText).join('；')}`
              : (row.actual ?? '缺'),
      },
      {
        title: '来源和数据日期',
        width: 190,
        long: true,
        cell: (row) =>
          row.kind === 'leaf' ? row.sources.map((one) => `${one.department}《${one.title}》${dayText(one.asOf)}`).join('；') : '',
      },
      { title: '结果', width: 80, cell: (row) => truths(row.truth) },
    ]}
  />
);

const One = ({ period }: { readonly period: Period }) => (
  <>
    <p>
      <Mark tone={verdictTones[period.verdict]}>{verdictNames[period.verdict]}</Mark>{' '}
      {period.amountFen === null ? '' : <strong className="figure">{money(period.amountFen)}</strong>}
    </p>
    {period.steps.length === 0 ? null : (
      <ol className="steps">
        {period.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
    )}
    <Conditions rows={period.conditions} />
  </>
);

const froms: Readonly<Record<Decided['from'], string>> = {
  evidence: '当时的依据',
  snapshot: '当时封存的数据',
  now: '最近封存的数据',
};

const Side = ({ title, one }: { readonly title: string; readonly one: Decided }) => (
  <section className="part">
    <h2>
      {title}
      <span className="hint">
        {' '}
        按第 {one.version} 版规则、{froms[one.from]}
        {one.knownAt === null ? '' : `（到 ${dayText(one.knownAt)}）`}
        {one.matchId === null ? null : (
          <Link to="/run/matches/$id" params={{ id: one.matchId }}>
            {' '}
            匹配结果
          </Link>
        )}
      </span>
    </h2>
    {one.agrees ? null : <Mark tone="bad">照当时的依据重新判定，和当时的结论不一样：请报系统管理员，用 replay 核对</Mark>}
    {one.periods.length === 0 ? <Nothing>没有该判定的期别：事项不在施行期内，或者没有发生过要办的事。</Nothing> : null}
    {one.periods.map((period) => (
      <One key={period.periodKey} period={period} />
    ))}
    {one.missing.length === 0 ? null : <p>可能还有没报上来的：{one.missing.map(missingText).join('；')}</p>}
  </section>
);

const verdictIn = (one: Decided | null): Period['verdict'] | undefined => one?.periods[0]?.verdict;

interface Asked {
  readonly person: Person;
  readonly itemId: string;
  readonly period: string | undefined;
  readonly purpose: Purpose;
  readonly show: (change: { readonly item?: string | undefined; readonly period?: string | undefined }) => void;
}

export const WhyDrawer = ({ person, itemId, period, purpose, show }: Asked) => {
  const id = person.subject.subjectId;
  const reviews = useHolds('reviewer');
  const key = ['person-why', id, itemId, period, purpose];
  const { data, error, refetch } = useQuery({ queryKey: key, queryFn: () => ask(id, itemId, { ...purpose, period }) });
  const record = person.disbursements.find((d) => d.itemId === itemId && d.periodKey === (period ?? d.periodKey));
  const gaps = (data?.now ?? data?.was)?.periods.flatMap((one) => one.missing) ?? [];
  const lacking = [...new Map(gaps.filter(({ fact }) => !/[:.[]/.test(fact)).map((one) => [one.fact, one])).values()];
  const owed = data !== undefined && verdictIn(data.now) === 'eligible' && data.was !== null && verdictIn(data.was) !== 'eligible';
  return (
    <Drawer open size={880} title={data === undefined ? '为什么' : `${data.title}：为什么`} onClose={() => show({})}>
      {error === null ? null : <Trouble error={error} again={() => void refetch()} />}
      {data === undefined ? (
        error === null ? (
          <Nothing>正在读取…</Nothing>
        ) : null
      ) : (
        <>
          <div className="filters">
            <Select
              aria-label="期别"
              style={{ width: 160 }}
              value={period ?? ''}
              onChange={(next: string) => show({ item: itemId, period: next === '' ? undefined : next })}
              options={[{ value: '', label: '现在该判定的' }, ...data.periods.map((value) => ({ value, label: periodText(value) }))]}
            />
            {reviews ? (
              <>
                <LookAgainButton
                  id={id}
                  itemId={itemId}
                  periods={[...new Set([...(data.was?.periods ?? []), ...(data.now?.periods ?? [])].map((one) => one.periodKey))]}
                  record={record}
                  owed={owed}
                />
                <AttestButton text="人工核定" person={person} purpose={purpose} wanted={lacking} />
                <StopButton person={person} itemId={itemId} />
              </>
            ) : null}
            <AccountButton person={person} purpose={purpose} record={record} />
          </div>
          {owed ? (
            <p role="status">
              <Mark tone="warn">可能要补发</Mark> 当时{verdictNames[verdictIn(data.was) ?? 'undetermined']}
              ，按现在的数据符合。在追溯期内的，下次匹配会自动补发；超过的，请人重新看。
            </p>
          ) : null}
          <Facts
            pairs={[
              ['主管部门', data.authority],
              [
                '现行规则',
                <Link key="rule" to={`/policy/items/${itemId}` as '/'} search={{ version: String(data.version) } as never}>
                  第 {data.version} 版
                </Link>,
              ],
              [
                '依据',
                data.basis.url === null ? (
                  data.basis.document
                ) : (
                  <a key="basis" href={data.basis.url} target="_blank" rel="noreferrer">
                    {data.basis.document}
                  </a>
                ),
              ],
              ...(data.basis.number === null ? [] : [['文号', data.basis.number] as const]),
              ...(data.basis.clause === null ? [] : [['条款', data.basis.clause] as const]),
              ['钱在哪里', record?.stands],
            ]}
          />
          {data.was === null ? null : <Side title="当时" one={data.was} />}
          {data.now === null ? (
            <Nothing>最近封存的数据里没有这个对象，或者还没有封存过数据。</Nothing>
          ) : (
            <Side title={data.was === null ? '现在' : '按现在的数据再判一遍'} one={data.now} />
          )}
        </>
      )}
    </Drawer>
  );
};
