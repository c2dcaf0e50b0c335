// What goes wrong first, each kind as rows of one shape: where, what is the matter, what is to be done and by whom, the way there.
import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api, read } from '../client.ts';
import { waitingText } from '../data/datasets.tsx';
import { madeText, type Report, useQuality } from '../data/quality-asked.ts';
import { Go } from '../inbox/inbox.tsx';
import type { Tone } from '../page.tsx';
import { useTitle } from '../titles.tsx';
import { countText, money, periodText } from '../words.ts';

export interface Warning {
  readonly id: string;
  readonly kind: string;
  readonly tone: Tone;
  readonly what: ReactNode;
  readonly text: string;
  /** What is to be done, and whose it is. */
  readonly next: string;
  readonly since: string;
}

const askRun = async () => {
  const last = (await read(api.runs.$get({ query: { limit: '1' } }))).rows[0];
  return last === undefined ? null : await read(api.runs[':id'].$get({ param: { id: last.id } }));
};
const askBudgets = () => read(api['budget-warnings'].$get());
const askArrears = () => read(api.arrears.$get());
const askLate = () => read(api.late.$get());
const askCrowded = () => read(api.concentrations.$get({ query: {} }));
type Told<A extends () => Promise<unknown>> = Awaited<ReturnType<A>>;
type Title = (id: string) => string;

/** Where what lies too long is worked on. */
const desks: Readonly<Record<Told<typeof askLate>['rows'][number]['kind'], string>> = {
  ...{
    review: '/review/reviews',
    deliver: '/oversight/notices?channel=letter&state=pending',
    ask: '/review/asks',
    heir: '/review/stops?show=waiting',
  },
  ...{ objection: '/review/objections', rating: '/review/ratings', 'recovery-tell': '/payment/recoveries' },
  ...{
    'recovery-due': '/payment/recoveries',
    certify: '/review/certifications',
    'certify-deliver': '/oversight/notices?channel=letter&state=pending',
  },
  ...{ 'certify-deceased': '/review/stops', seal: '/payment/openings', check: '/payment/batches?state=sealed' },
  ...{ issue: '/payment/batches?state=approved', bank: '/payment/batches?state=released', returned: '/payment/returned' },
  ...{ unknown: '/payment/records?state=unknown', held: '/review/held' },
};
/** So many days past it is no more a delay. */
const longDays = 30;
const crowds = { account: '同一账户', household: '同一家庭户', unit: '同一单位新增' } as const;

const grown = (run: Told<typeof askRun>): readonly Warning[] =>
  (run?.items ?? [])
    .filter((one) => one.held || one.stopped !== null)
    .map((one) => ({
      ...{ id: `run ${one.itemId} ${one.periodKey}`, kind: '变化过大', tone: 'bad', text: one.stopped ?? '', since: run?.knownAt ?? '' },
      next: '政策管理员、部门审核：核对变化属实，放行或留着',
      what: (
        <Link to="/run/runs/$id" params={{ id: run?.id ?? '' }}>
          {one.title}
        </Link>
      ),
    }));

const crowded = ({ rows }: Told<typeof askCrowded>, title: Title): readonly Warning[] =>
  rows.map((one) => ({
    ...{ id: `many ${one.kind} ${one.place} ${one.itemId} ${one.periodKey}`, kind: '异常集中', tone: 'warn', since: '' },
    what: <Link to="/payment/outlook">{title(one.itemId)}</Link>,
    text: `${crowds[one.kind]} ${periodText(one.periodKey)}有 ${countText(one.people)} 人、${money(one.fen)}。`,
    next: '部门审核：核对是不是一家、是否代领',
  }));

const lying = ({ rows }: Told<typeof askLate>, title: Title): readonly Warning[] =>
  rows.map((one) => ({
    ...{ id: `late ${one.kind} ${one.itemId}`, kind: '拖着', tone: one.days > longDays ? 'bad' : 'warn', since: one.since },
    what: <Go to={desks[one.kind]}>{title(one.itemId)}</Go>,
    text: `${one.text}：${countText(one.count)} 件${one.fen === null ? '' : `，${money(one.fen)}`}，最久的 ${countText(one.days)} 天。`,
    next: `${one.desk}：办掉，或写明原因`,
  }));

const running = ({ rows }: Told<typeof askBudgets>, title: Title): readonly Warning[] =>
  rows.map((one) => ({
    ...{ id: `budget ${one.itemId} ${one.year}`, kind: '额度不够', tone: 'warn', text: one.text, since: one.goneOn },
    what: <Link to="/payment/outlook">{title(one.itemId)}</Link>,
    next: '财政、主管部门：追加指标，或调整标准',
  }));

const owed = ({ rows }: Told<typeof askArrears>, title: Title): readonly Warning[] =>
  rows
    .filter((one) => one.days > longDays)
    .map((one) => ({
      ...{ id: `due ${one.itemId} ${one.year} ${one.since}`, kind: '久未到账', tone: one.days > 2 * longDays ? 'bad' : 'warn' },
      what: <Link to="/payment/outlook">{title(one.itemId)}</Link>,
      text: `${countText(one.people)} 人的 ${money(one.fen)} 核定后 ${countText(one.days)} 天没有到账。`,
      next: '财政经办：看卡在哪一步，封批或更正',
      since: one.since,
    }));

const stale = ({ late }: Report): readonly Warning[] =>
  late
    .filter((one) => waitingText(one) !== '')
    .map((one) => ({
      ...{ id: `data ${one.dataset}`, kind: '数据迟报', tone: one.overdueDays > 0 ? 'bad' : 'warn', since: one.asOf ?? '从未' },
      what: (
        <Link to="/data/datasets/$id" params={{ id: one.dataset }}>
          {one.title}
        </Link>
      ),
      text: `${one.department}${one.overdueDays > 0 ? `迟了 ${countText(one.overdueDays)} 天` : one.asOf === null ? '从未报送' : '的数据已过期'}，${waitingText(one)}在等。`,
      next: '数据管理员：催报；核验数据由部门审核在“能不能办”里定等待或延长',
    }));

export interface Found {
  readonly rows: readonly Warning[];
  /** Some of it is still on its way. */
  readonly waiting: boolean;
  /** As of when what is late of the data was found; null: on its way. */
  readonly data: string | null;
  readonly failed: UseQueryResult<unknown> | undefined;
}

/** The worst first. */
export const useFound = (): Found => {
  const title = useTitle();
  const run = useQuery({ queryKey: ['last-run'], queryFn: askRun });
  const many = useQuery({ queryKey: ['crowded'], queryFn: askCrowded });
  const late = useQuery({ queryKey: ['late'], queryFn: askLate });
  const budgets = useQuery({ queryKey: ['budgets'], queryFn: askBudgets });
  const arrears = useQuery({ queryKey: ['arrears'], queryFn: askArrears });
  const quality = useQuality();
  const asked = [run, many, late, budgets, arrears, quality];
  const rows = [
    ...(run.data === undefined ? [] : grown(run.data)),
    ...(many.data === undefined ? [] : crowded(many.data, title)),
    ...(late.data === undefined ? [] : lying(late.data, title)),
    ...(budgets.data === undefined ? [] : running(budgets.data, title)),
    ...(arrears.data === undefined ? [] : owed(arrears.data, title)),
    ...(quality.data === undefined || quality.data === null ? [] : stale(quality.data)),
  ];
  return {
    rows: rows.toSorted((a, b) => Number(b.tone === 'bad') - Number(a.tone === 'bad')),
    waiting: asked.some((one) => one.isPending),
    data:
      quality.data === undefined
        ? null
        : quality.data === null
          ? '数据还没有核对过，迟报的没有列在这里。'
          : `数据迟报${madeText(quality.data)}`,
    failed: asked.find((one) => one.error !== null),
  };
};
