// Settlement: what a match is worth after claims, exclusion, caps and budget. Shapes and the states of a line as one table;
// `resolve.ts` decides, `settle.ts` is the step, `store.ts` and its neighbours hold the SQL.
import type { Day } from '../base/day.ts';
import type { Item, MatchKind } from '../policy/item.ts';

/**
 * A line's state → where it may go next, and who moves it. `granted`, `reduced` and `parked` hold money and claims, `waiting` holds its claims, the rest
 * hold nothing.
 */
export const lineStates = {
  granted: { text: '已核定', next: ['parked', 'superseded', 'withdrawn'], by: 'settle' },
  reduced: { text: '已核减', next: ['parked', 'superseded', 'withdrawn'], by: 'settle' },
  /** Data are late: nothing is paid on it, but the money, the claims and the place in the queue stay until the data are there. */
  parked: { text: '暂停期间保留', next: ['superseded', 'withdrawn'], by: 'settle' },
  waiting: { text: '待额度', next: ['granted', 'reduced', 'refused', 'parked', 'superseded'], by: 'settle' },
  refused: { text: '不予发放', next: ['granted', 'reduced', 'waiting', 'superseded'], by: 'settle' },
  blocked: { text: '事项暂停兑付', next: ['superseded'], by: 'settle' },
  superseded: { text: '已被替代', next: [], by: 'settle' },
  suspended: { text: '暂停', next: ['superseded'], by: 'settle' },
  ended: { text: '停发', next: ['superseded'], by: 'settle' },
  /** Given up, or refused by a person: the money and the claims went back. */
  withdrawn: { text: '已撤回', next: ['superseded'], by: 'person' },
} as const satisfies Record<string, { text: string; next: readonly string[]; by: 'settle' | 'person' }>;

export type LineState = keyof typeof lineStates;

export type Rule = 'blocked' | 'zero' | 'once' | 'times' | 'claim' | 'cap' | 'exclusive' | 'budget' | 'difference' | 'recover' | 'stop';

/** Why a line is less than its match says: the rule by name, in Chinese, and never another person's identity. */
export interface Reason {
  readonly rule: Rule;
  readonly text: string;
}

/** A claim key with its period resolved: what may be used once. */
export interface Claim {
  readonly kind: string;
  readonly object: string;
  readonly group: string;
  /** The period key, the year, or `ever`. */
  readonly period: string;
}

/** An earlier line of the same subject, item, period and key. */
export interface PriorLine {
  readonly id: string;
  readonly part: number;
  readonly state: LineState;
  readonly budgetId: string;
  /** What is booked for it; `reservedFen` of it may still be taken back. */
  readonly amountFen: bigint;
  readonly reservedFen: bigint;
  /** What it waits for. */
  readonly wantedFen: bigint;
  /** Its share of a budget that everybody shares; null: none was made for it. */
  readonly quotaFen: bigint | null;
}

/** Somebody's line that holds an object while nothing of it is in a sealed batch yet: an earlier event may still take its place. */
export interface Holder extends PriorLine {
  readonly subjectId: string;
  readonly item: Item;
  readonly periodKey: string;
  readonly year: number;
  readonly key: string;
  readonly orderKey: string;
}

/** A holder that gives way, and the object it loses. */
export interface Displaced extends Holder {
  readonly lost: Claim;
}

/** An empty line of the unit's own that is changed in place. */
export interface OwnLine {
  readonly id: string;
  readonly state: LineState;
  readonly entitledFen: bigint;
  readonly wantedFen: bigint;
  readonly quotaFen: bigint | null;
  /** Until when the person may choose; null: nothing is to be chosen. */
  readonly decideOn: Day | null;
}

/** A settled line as exclusion weighs it: promised, or refused because another matter was worth more. */
export interface Settled {
  readonly subjectId: string;
  readonly item: Item;
  readonly periodKey: string;
  readonly year: number;
  readonly key: string;
  readonly lineId: string;
  readonly fen: bigint;
}

/** What one line of the live match of a subject, item and period asks for. */
export interface Unit {
  readonly subjectId: string;
  readonly matchId: string;
  readonly matchKind: MatchKind;
  readonly item: Item;
  readonly version: number;
  /** Why the item is blocked from money; null: free. */
  readonly blocked: string | null;
  readonly division: string | null;
  readonly periodKey: string;
  readonly year: number;
  /** The year whose budget pays: `year`, unless it was carried over. */
  readonly budgetYear: number;
  readonly key: string;
  /** `due`: the match grants it; otherwise it withdraws what earlier matches of the period had granted. */
  readonly asks: 'due' | 'suspended' | 'ended';
  readonly grossFen: bigint;
  readonly claims: readonly Claim[];
  /** Event day, then keyed hash: who goes first. Never arrival, never an id. */
  readonly orderKey: string;
  /** Caps that are another fact, 分, by `limits/<n>/cap`; absent or null: not known. */
  readonly capsFen: Readonly<Record<string, bigint | null>>;
  readonly priors: readonly PriorLine[];
  /** The unit's own empty line (waiting, refused) when it is looked at again; it is changed in place. */
  readonly line: OwnLine | null;
  /** True when it is looked at again because something became free: the outcome may only improve. */
  readonly again: boolean;
  /** The standing stop order that covers its period: nothing is due, whatever the match says. */
  readonly stopId?: string;
  /** Settled anew because a stop order came or went: the outcome may go either way. */
  readonly anew?: true;
}

/** A promise or payment in the ledger, as settlement weighs it. `lineId` null: imported. */
export interface Promised {
  readonly subjectId: string;
  readonly itemId: string;
  readonly periodKey: string;
  readonly year: number;
  readonly key: string;
  readonly lineId: string | null;
  readonly amountFen: bigint;
}

export interface BudgetState {
  readonly id: string;
  readonly kind: 'limited' | 'entitlement';
  availableFen: bigint;
  /** Order key of the first line that waits; nobody behind it may go ahead. null: nobody waits. */
  queueFrom: string | null;
  /** `collecting`: nobody is promised anything before the cut-off; `shared`: the shares are made. */
  readonly gate: 'open' | 'collecting' | 'shared';
  /** Whose data are late while they wait: nobody behind them may take what they wait for. */
  readonly parked: readonly { readonly orderKey: string; readonly wantedFen: bigint }[];
}

/** What becomes of one unit; null where looking again changes nothing. `supersedes` give their reservation and claims back. */
export interface Outcome {
  readonly unit: Unit;
  readonly lineId: string;
  readonly part: number;
  readonly state: LineState;
  readonly grossFen: bigint;
  readonly grantedFen: bigint;
  readonly entitledFen: bigint;
  readonly wantedFen: bigint;
  readonly decideOn: Day | null;
  readonly recoverFen: bigint;
  readonly reasons: readonly Reason[];
  readonly blockedOn: string | null;
  readonly supersedes: readonly PriorLine[];
  /** Lines of the unit that keep their money, claims and place while data are late. */
  readonly parks: readonly PriorLine[];
  readonly takes: readonly Claim[];
  /** Lines of later events that give way to this one. */
  readonly displaces: readonly Displaced[];
}

/** Who goes first: by order key, then by line. */
export const inOrder = (a: Unit, b: Unit): number =>
  a.orderKey < b.orderKey ? -1 : a.orderKey > b.orderKey ? 1 : a.key < b.key ? -1 : a.key > b.key ? 1 : 0;

export const claimKeyOf = (claim: Claim): string => JSON.stringify([claim.kind, claim.object, claim.group, claim.period]);
export const unitKeyOf = (unit: Pick<Unit, 'subjectId' | 'periodKey' | 'key'> & { readonly item: { readonly id: string } }): string =>
  JSON.stringify([unit.subjectId, unit.item.id, unit.periodKey, unit.key]);

/** What every line of a subject that lost to another is blocked on: whatever changes among them, all of them are looked at again. */
export const exclusiveKeyOf = (of: Pick<Unit, 'subjectId'>): string => `exclusive:${of.subjectId}`;

/** The period a limit counts in: the period itself, its year, or everything. */
export const spanOf = (per: 'period' | 'year' | 'ever', at: { readonly periodKey: string; readonly year: number }): string =>
  per === 'period' ? at.periodKey : per === 'year' ? String(at.year) : 'ever';
