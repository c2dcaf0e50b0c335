// The states of a disbursement record's life as one table: state → what may come next, who moves it, what must be shown for it. The order of the steps is
// data of the item and the kind of match (`flow.ts`); batch and bank have their states here too. A test walks every way and refuses every other pair.
import { fail } from '../base/problem.ts';
import { exceptions, takesAway } from './exception.ts';

export type Mover = 'machine' | 'reviewer' | 'beneficiary' | 'finance' | 'bank';

/**
 * What a move must show, kept with its event: words of one's own, what the person chose, what was answered or handed in, the vote, the objection, the
 * batch, the bank's line, the certification that is overdue or done.
 */
export type Evidence =
  | 'reason'
  | 'choice'
  | 'answer'
  | 'application'
  | 'decision'
  | 'objection'
  | 'batch'
  | 'line'
  | 'certification'
  | 'heir';

/** One way over an edge: who may take it, and what he must show. */
interface Way {
  readonly by: readonly Mover[];
  readonly shows: readonly Evidence[];
}

interface StateRow {
  readonly text: string;
  /** open: on its way; waits: a person must act; over: nothing more will happen by itself. */
  readonly group: 'open' | 'waits' | 'bank' | 'over';
  readonly next: Readonly<Partial<Record<State, readonly Way[]>>>;
}

export type State =
  | 'prefilled'
  | 'applying'
  | 'asking'
  | 'named'
  | 'reviewing'
  | 'notified'
  | 'confirming'
  | 'publicity'
  | 'objected'
  | 'ready'
  | 'paused'
  | 'deceased'
  | 'held'
  | 'waived'
  | 'closed'
  | 'sealed'
  | 'sent'
  | 'paid'
  | 'returned'
  | 'unknown';

const way = (by: readonly Mover[], ...shows: readonly Evidence[]): Way => ({ by, shows });
const machine = way(['machine']);
const hold = [way(['reviewer', 'finance'], 'reason')] as const;
const onward = ['applying', 'asking', 'reviewing', 'notified', 'confirming', 'publicity', 'ready'] as const;
/** From any step to any other but `not`: which, is the item's flow, where each step stands once. To stay in a state is no move. */
const along = (not: readonly State[], ...ways: readonly Way[]): Readonly<Partial<Record<State, readonly Way[]>>> =>
  Object.fromEntries(onward.filter((state) => !not.includes(state)).map((state) => [state, ways]));
/**
 * What may befall a record wherever it waits: held by a person, closed because its match is gone. No person closes one by hand: he decides in the review, on
 * an objection or by a stop, and the record follows.
 */
const always = { held: hold, closed: [machine] } as const;
const person: readonly Mover[] = ['beneficiary', 'reviewer'];
const answered = way(person, 'answer');
const chosen = way(person, 'choice');
const voted = way(['reviewer'], 'decision');
const judged = way(['reviewer'], 'objection', 'reason');
const withdrawn = [chosen] as const;
const received = [way(['reviewer', 'machine'], 'heir')] as const;

export const states: Readonly<Record<State, StateRow>> = {
  prefilled: { text: '已预填', group: 'open', next: { ...along([], machine), ...always } },
  applying: {
    text: '待提交申请',
    group: 'waits',
    next: {
      ...along(['applying'], way(person, 'application')),
      waived: [way(['machine'], 'choice'), ...withdrawn],
      deceased: [machine],
      ...always,
    },
  },
  asking: {
    text: '待补信息',
    group: 'waits',
    next: {
      ...along(['asking'], machine, answered),
      named: [machine],
      waived: [way(['machine'], 'choice'), ...withdrawn],
      deceased: [machine],
      ...always,
    },
  },
  named: {
    text: '催告公示中',
    group: 'waits',
    next: { ...along(['asking'], machine, answered), waived: [way(['machine'], 'choice'), ...withdrawn], deceased: [machine], ...always },
  },
  reviewing: {
    text: '审核中',
    group: 'waits',
    next: {
      ...along(['reviewing'], voted),
      asking: [voted, way(['reviewer'], 'decision', 'reason')],
      held: hold,
      closed: [machine, way(['reviewer'], 'decision', 'reason')],
    },
  },
  notified: { text: '待告知', group: 'open', next: { ...along(['notified'], machine), ...always } },
  confirming: {
    text: '待确认',
    group: 'waits',
    next: {
      ...along(['confirming'], chosen),
      waived: [way(['beneficiary', 'reviewer', 'machine'], 'choice')],
      deceased: [machine],
      ...always,
    },
  },
  publicity: {
    text: '公示中',
    group: 'open',
    next: { ...along(['publicity'], machine), objected: [way(['reviewer'], 'objection')], waived: withdrawn, ...always },
  },
  objected: {
    text: '异议复核中',
    group: 'waits',
    next: { ...along([], judged), held: hold, closed: [machine, judged] },
  },
  ready: {
    text: '待拨付',
    group: 'open',
    next: {
      sealed: [way(['finance'], 'batch')],
      paused: [way(['machine', 'reviewer'], 'reason', 'certification')],
      deceased: [machine],
      waived: withdrawn,
      ...always,
    },
  },
  paused: {
    text: '暂停发放',
    group: 'waits',
    next: { ready: [way(['machine', 'reviewer'], 'certification')], waived: withdrawn, ...always },
  },
  // Due to somebody who has died: on to whom two people have named, by every review it has not had, or on as before where the report was wrong.
  deceased: {
    text: '待转继承人',
    group: 'waits',
    next: {
      reviewing: received,
      publicity: received,
      ready: [...received, way(['reviewer'], 'reason')],
      asking: [way(['reviewer'], 'reason')],
      applying: [way(['reviewer'], 'reason')],
      confirming: [way(['reviewer'], 'reason')],
      ...always,
    },
  },
  held: {
    text: '暂缓',
    group: 'waits',
    next: {
      prefilled: hold,
      applying: hold,
      asking: hold,
      named: hold,
      reviewing: hold,
      notified: hold,
      confirming: hold,
      publicity: hold,
      objected: hold,
      ready: hold,
      paused: hold,
      deceased: hold,
      returned: hold,
    },
  },
  waived: {
    text: '已放弃',
    group: 'over',
    next: { confirming: [chosen], asking: [chosen], applying: [chosen], deceased: [machine], closed: [machine] },
  },
  closed: { text: '已关闭', group: 'over', next: {} },
  sealed: {
    text: '已封批',
    group: 'bank',
    next: { ready: [way(['finance'], 'reason')], sent: [way(['finance'], 'batch')] },
  },
  sent: {
    text: '已报盘',
    group: 'bank',
    next: {
      paid: [way(['bank'], 'line')],
      returned: [way(['bank'], 'line')],
      unknown: [way(['bank'], 'line')],
    },
  },
  unknown: {
    text: '状态不明',
    group: 'bank',
    next: { paid: [way(['bank'], 'line')], returned: [way(['bank'], 'line')] },
  },
  paid: { text: '已到账', group: 'over', next: { returned: [way(['bank'], 'line')] } },
  returned: {
    text: '已退汇',
    group: 'waits',
    next: { ready: [way(['finance', 'beneficiary'], 'reason')], held: hold, closed: [machine] },
  },
};

export const allStates = Object.keys(states) as readonly State[];

const evidenceNames: Readonly<Record<Evidence, string>> = {
  reason: '理由',
  choice: '本人的意愿',
  answer: '补充的内容',
  application: '申请和材料',
  decision: '审核意见',
  objection: '异议的办理',
  batch: '批次',
  line: '银行回单的那一笔',
  certification: '资格认证的那一次',
  heir: '两人确认的继承人或照料人',
};

/** Words of one's own count when they say something; everything else is a key of ours. */
const shows = (what: Evidence, reason: string | null | undefined, proof: unknown): boolean => {
  if (what === 'reason') return (reason ?? '').trim() !== '';
  return typeof proof === 'object' && proof !== null && (proof as Readonly<Record<string, unknown>>)[what] != null;
};

/** `state.edge`, `state.mover`, `input.reason` or `state.evidence` when the move is not in the table or shows too little. */
export const requireEdge = (
  from: State,
  to: State,
  by: Mover,
  shown: { readonly reason?: string | null | undefined; readonly proof?: unknown },
): void => {
  const ways =
    states[from].next[to] ??
    fail('state.edge', from, `「${states[from].text}」的兑付记录不能变为「${states[to].text}」。`, '请刷新后查看它现在的状态。');
  // Whatever the table says one day: against somebody the machine moves by a lawful exception or not at all.
  const lawful = by !== 'machine' || !takesAway.includes(to) || exceptions.some((one) => one.to === to && one.from.includes(from));
  const own = lawful ? ways.filter((one) => one.by.includes(by)) : [];
  if (own.length === 0)
    fail('state.mover', from, `从「${states[from].text}」到「${states[to].text}」不由这个岗位办理。`, '请联系负责这一步的岗位。');
  const lacks = own.map((one) => one.shows.filter((what) => !shows(what, shown.reason, shown.proof)));
  if (lacks.some((lack) => lack.length === 0)) return;
  if (lacks.every((lack) => lack.includes('reason')))
    fail('input.reason', '/reason', '请写明理由。', '理由会告知当事人并留痕，一两句话即可。');
  const names = (lacks[0] ?? []).map((what) => evidenceNames[what]).join('、');
  fail('state.evidence', from, `变为「${states[to].text}」要有${names}。`, '请从对应的办理入口办，凭据会一起留下。');
};
