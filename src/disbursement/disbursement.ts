// A disbursement record 兑付记录 and the states of its life as one table: state → what may come next, who moves it, what must be shown for it.
// The order of the steps is data of the item and the kind of match (`flow`); `flow.ts` walks it. Later stages (batch, bank) have their states here.
import { fail } from '../base/problem.ts';
import type { FlowStep, MatchKind } from '../policy/item.ts';

export type Mover = 'machine' | 'reviewer' | 'beneficiary' | 'finance' | 'bank';
/** What an edge leaves behind beside the event: nothing, a reason in words, the choice, the document, the batch or the bank's line. */
export type Proof = 'none' | 'reason' | 'choice' | 'batch' | 'result';

interface Edge {
  readonly by: readonly Mover[];
  readonly proof: Proof;
}

interface StateRow {
  readonly text: string;
  /** open: on its way; waits: a person must act; over: nothing more will happen by itself. */
  readonly group: 'open' | 'waits' | 'bank' | 'over';
  readonly next: Readonly<Partial<Record<State, Edge>>>;
}

export type State =
  | 'prefilled'
  | 'asking'
  | 'reviewing'
  | 'notified'
  | 'confirming'
  | 'publicity'
  | 'ready'
  | 'held'
  | 'waived'
  | 'closed'
  | 'sealed'
  | 'sent'
  | 'paid'
  | 'returned'
  | 'unknown';

const machine: Edge = { by: ['machine'], proof: 'none' };
const closing: Edge = { by: ['machine', 'reviewer'], proof: 'reason' };
const hold: Edge = { by: ['reviewer', 'finance'], proof: 'reason' };
/** From any step the machine may walk to any later one: which, is the item's flow. */
const onward = { asking: machine, reviewing: machine, notified: machine, confirming: machine, publicity: machine, ready: machine } as const;

export const states: Readonly<Record<State, StateRow>> = {
  prefilled: { text: '已预填', group: 'open', next: { ...onward, held: hold, closed: closing } },
  asking: { text: '待补信息', group: 'waits', next: { ...onward, held: hold, closed: closing } },
  reviewing: {
    text: '审核中',
    group: 'waits',
    next: {
      asking: { by: ['reviewer'], proof: 'reason' },
      notified: { by: ['reviewer'], proof: 'none' },
      confirming: { by: ['reviewer'], proof: 'none' },
      publicity: { by: ['reviewer'], proof: 'none' },
      ready: { by: ['reviewer'], proof: 'none' },
      held: hold,
      closed: closing,
    },
  },
  notified: { text: '待告知', group: 'open', next: { ...onward, held: hold, closed: closing } },
  confirming: {
    text: '待确认',
    group: 'waits',
    next: {
      asking: { by: ['beneficiary', 'reviewer'], proof: 'choice' },
      publicity: { by: ['beneficiary', 'reviewer'], proof: 'choice' },
      reviewing: { by: ['beneficiary', 'reviewer'], proof: 'choice' },
      ready: { by: ['beneficiary', 'reviewer'], proof: 'choice' },
      waived: { by: ['beneficiary', 'machine'], proof: 'choice' },
      held: hold,
      closed: closing,
    },
  },
  publicity: { text: '公示中', group: 'open', next: { ...onward, held: hold, closed: closing } },
  ready: {
    text: '待拨付',
    group: 'open',
    next: { sealed: { by: ['finance'], proof: 'batch' }, asking: machine, held: hold, closed: closing },
  },
  held: {
    text: '暂缓',
    group: 'waits',
    next: {
      prefilled: hold,
      asking: hold,
      reviewing: hold,
      notified: hold,
      confirming: hold,
      publicity: hold,
      ready: hold,
      closed: { by: ['reviewer'], proof: 'reason' },
    },
  },
  waived: {
    text: '已放弃',
    group: 'over',
    next: { confirming: { by: ['beneficiary', 'reviewer'], proof: 'choice' }, closed: closing },
  },
  closed: { text: '已关闭', group: 'over', next: {} },
  sealed: {
    text: '已封批',
    group: 'bank',
    next: { ready: { by: ['finance', 'machine'], proof: 'reason' }, sent: { by: ['finance'], proof: 'batch' } },
  },
  sent: {
    text: '已报盘',
    group: 'bank',
    next: {
      paid: { by: ['bank'], proof: 'result' },
      returned: { by: ['bank'], proof: 'result' },
      unknown: { by: ['bank', 'machine'], proof: 'result' },
    },
  },
  unknown: {
    text: '状态不明',
    group: 'bank',
    next: { paid: { by: ['bank'], proof: 'result' }, returned: { by: ['bank'], proof: 'result' } },
  },
  paid: { text: '已到账', group: 'over', next: { returned: { by: ['bank'], proof: 'result' } } },
  returned: {
    text: '已退汇',
    group: 'waits',
    next: { ready: { by: ['finance', 'beneficiary'], proof: 'reason' }, held: hold, closed: { by: ['finance'], proof: 'reason' } },
  },
};

export const allStates = Object.keys(states) as readonly State[];

/** `state.edge`, `state.mover` or `input.reason` when the move is not in the table. */
export const requireEdge = (from: State, to: State, by: Mover, proof: { readonly reason?: string | null }): void => {
  const edge =
    states[from].next[to] ??
    fail('state.edge', from, `「${states[from].text}」的兑付记录不能变为「${states[to].text}」。`, '请刷新后查看它现在的状态。');
  if (!edge.by.includes(by))
    fail('state.mover', from, `从「${states[from].text}」到「${states[to].text}」不由这个岗位办理。`, '请联系负责这一步的岗位。');
  if (edge.proof === 'reason' && by !== 'machine' && (proof.reason ?? '').trim().length === 0)
    fail('input.reason', '/reason', '请写明理由。', '理由会告知当事人并留痕，一两句话即可。');
};

/** Where the money is asked to go, and what is still missing for it. Account and bank are plain text; pages show the last four. */
export interface Payee {
  readonly name: string | null;
  readonly subjectId: string | null;
  readonly account: string | null;
  readonly bank: string | null;
  readonly bankCode: string | null;
  /** 缺收款账户, 缺户名 …: what to ask for, in Chinese. Empty: complete. */
  readonly gaps: readonly string[];
}

/** The record, as the flow looks at it. */
export interface Disbursement extends Omit<Payee, 'name' | 'subjectId'> {
  readonly id: string;
  readonly subjectId: string;
  readonly lineId: string | null;
  readonly matchId: string;
  readonly key: string;
  /** Which of the item's payees, where the line is shared; 0 the first or only one. */
  readonly part: number;
  readonly itemId: string;
  readonly version: number;
  readonly authority: string;
  readonly periodKey: string;
  readonly division: string | null;
  readonly matchKind: MatchKind;
  readonly payeeName: string | null;
  readonly payeeSubjectId: string | null;
  readonly amountFen: bigint;
  readonly basis: Basis;
  readonly statementText: string;
  readonly flow: readonly FlowStep[];
  readonly step: number;
  readonly state: State;
  readonly windowFrom: string | null;
  readonly dueOn: string | null;
  readonly heldFrom: State | null;
  readonly holdReason: string | null;
  readonly createdAt: Date;
  readonly revision: number;
}

/** A reviewer's return stands among the gaps under this word, and only people take it away. */
export const returned = '审核退回：';

export interface Basis {
  readonly title: string;
  readonly document: string;
  readonly number: string | null;
  readonly clause: string | null;
  readonly url: string | null;
}

/** A bank statement has room for 20 characters (and bytes of a Chinese code page: 40). */
export const statementTextOf = (item: { readonly statement?: string; readonly title: string }, periodKey: string): string => {
  const own = (item.statement ?? item.title).replaceAll(/\s+/g, '');
  const period = /^\d{4}-\d{2}$/.test(periodKey) ? `${periodKey.slice(2, 4)}年${Number(periodKey.slice(5))}月` : '';
  return [...own].length + period.length <= 20 && item.statement === undefined ? own + period : [...own].slice(0, 20).join('');
};
