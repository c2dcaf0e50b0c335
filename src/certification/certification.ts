// 资格认证: its states as one table, what the machine does with one on a day. Pure. Silence keeps money back and nothing
// else: whoever is known to be there again gets the paused periods; only a named person says that somebody has died.
import { addDays, addMonths, type Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Certify } from '../policy/certify.ts';

export type CertificationState = 'open' | 'visiting' | 'suspended' | 'deceased' | 'certified' | 'void';
/** person: the one it is about, where the item lets them. */
export type Mover = 'machine' | 'reviewer' | 'person';

interface StateRow {
  readonly text: string;
  /** Live: the turn is not over; at most one per subject and item. */
  readonly live: boolean;
  /** No payment leaves while it stands there. */
  readonly keepsBack: boolean;
  readonly next: Readonly<Partial<Record<CertificationState, readonly Mover[]>>>;
}

const both: readonly Mover[] = ['machine', 'reviewer'];
const person: readonly Mover[] = ['reviewer'];
const anybody: readonly Mover[] = ['machine', 'reviewer', 'person'];
const machine: readonly Mover[] = ['machine'];

export const certificationStates: Readonly<Record<CertificationState, StateRow>> = {
  open: {
    text: '待认证',
    live: true,
    keepsBack: false,
    next: { visiting: both, suspended: machine, certified: anybody, deceased: person, void: machine },
  },
  visiting: {
    text: '入户核查',
    live: true,
    keepsBack: false,
    next: { suspended: machine, certified: anybody, deceased: person, void: machine },
  },
  suspended: { text: '逾期暂停', live: true, keepsBack: true, next: { certified: anybody, deceased: person, void: machine } },
  // Whoever was said to be dead and is met after all is certified by a person who says so.
  deceased: { text: '核查已去世', live: true, keepsBack: true, next: { certified: person, void: machine } },
  certified: { text: '已认证', live: false, keepsBack: false, next: {} },
  void: { text: '不再需要', live: false, keepsBack: false, next: {} },
};

const all = Object.keys(certificationStates) as readonly CertificationState[];
export const liveStates = all.filter((state) => certificationStates[state].live);
export const keepingBack = all.filter((state) => certificationStates[state].keepsBack);

/** `state.certification` when the move is not in the table, or not this mover's. */
export const requireMove = (from: CertificationState, to: CertificationState, by: Mover): void => {
  if (!(certificationStates[from].next[to] ?? []).includes(by))
    fail(
      'state.certification',
      from,
      `「${certificationStates[from].text}」的资格认证不能变为「${certificationStates[to].text}」。`,
      '请刷新后查看它现在的状态。',
    );
};

export const visitResults = { met: '见到本人', 'not-met': '没有见到', moved: '迁走或失联', deceased: '已去世' } as const;
export type VisitResult = keyof typeof visitResults;
export const visitWays = { home: '上门', counter: '到窗口', video: '视频' } as const;
export type VisitWay = keyof typeof visitWays;

/** A turn, as the rules look at it on a day. */
export interface Turn {
  readonly state: CertificationState;
  readonly anchorOn: Day;
  readonly openedOn: Day;
  readonly dueOn: Day;
  readonly reminded: number;
  /** The first day on which word of it reached the person: a notice sent or handed over, or somebody at the door; null: none has. */
  readonly reachedOn: Day | null;
  /** The newest silent trace up to today. */
  readonly traceOn: Day | null;
  /** The newest period still gives the benefit, or does not know. */
  readonly entitled: boolean;
  /** A death that a department has told, or a stop that a person has ordered: there is nobody to be certified any more. */
  readonly over: boolean;
}

export type Step =
  | { readonly to: 'certified' | 'visiting' | 'suspended' | 'void' }
  /** The window counts from the day it reached the person. */
  | { readonly to: 'moved'; readonly dueOn: Day }
  | { readonly to: 'reminded'; readonly count: number };

/** The last day until which somebody seen on `seen` counts as certified. */
export const validUntil = (seen: Day, terms: Pick<Certify, 'everyMonths'>): Day => addDays(addMonths(seen, terms.everyMonths), -1);

/** Whether somebody seen on `seen` closes the turn: newer than what it counts from, not of the future, and not too old itself. */
export const counts = (seen: Day, turn: Pick<Turn, 'anchorOn'>, terms: Pick<Certify, 'everyMonths'>, today: Day): boolean =>
  seen > turn.anchorOn && seen <= today && validUntil(seen, terms) >= today;

/** What the machine does next; null: nothing today. Asked again after each step, until nothing is left. */
export const stepOf = (turn: Turn, terms: Certify, today: Day): Step | null => {
  const { state, openedOn, dueOn, reachedOn, traceOn } = turn;
  if (!certificationStates[state].live) return null;
  // What was kept back until the last month goes to whoever comes after: that is for the guards and for people, not for this.
  if (turn.over) return { to: 'void' };
  if (state === 'deceased') return null;
  if (traceOn !== null && counts(traceOn, turn, terms, today)) return { to: 'certified' };
  if (state === 'suspended') return null;
  if (!turn.entitled) return { to: 'void' };
  if (state === 'open' && addDays(openedOn, terms.visitAfterDays) <= today) return { to: 'visiting' };
  // Nobody loses by silence what reached him late: the whole window counts from the day it did.
  const due = reachedOn === null ? dueOn : addDays(reachedOn, terms.windowDays);
  if (due > dueOn) return { to: 'moved', dueOn: due };
  if (dueOn < today && reachedOn !== null && terms.late === 'suspend') return { to: 'suspended' };
  const from = addDays(dueOn, -terms.windowDays);
  const count = (terms.remindAfterDays ?? []).filter((days) => addDays(from, days) <= today).length;
  return count > turn.reminded && dueOn >= today ? { to: 'reminded', count } : null;
};
