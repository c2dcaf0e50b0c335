// From a draft to the law of the house: draft → in review → published → retired. States as one table, the effect a publication would have, and the gate
// that holds it. Pure; `work.ts` moves rows, `store.ts` holds the SQL.
import type { Day } from '../base/day.ts';
import type { Problem } from '../base/problem.ts';
import type { Forecast } from '../forecast/document.ts';
import type { ShiftTold } from '../forecast/shift.ts';
import type { Item } from '../policy/item.ts';

/** State → where it may go next and who moves it. A published version never changes; what replaces it is another review. */
export const reviewStates = {
  draft: { text: '草拟', next: ['review', 'withdrawn'], by: 'maker' },
  review: { text: '待复核', next: ['published', 'returned', 'withdrawn'], by: 'checker' },
  returned: { text: '已退回', next: ['review', 'withdrawn'], by: 'maker' },
  published: { text: '已发布', next: ['retired'], by: 'checker' },
  retired: { text: '已废止', next: [], by: 'checker' },
  withdrawn: { text: '已撤回', next: ['draft'], by: 'maker' },
} as const satisfies Record<string, { text: string; next: readonly string[]; by: 'maker' | 'checker' }>;

export type ReviewState = keyof typeof reviewStates;

export const mayMove = (from: ReviewState, to: ReviewState): boolean => (reviewStates[from].next as readonly string[]).includes(to);

/** What a publication would change, on the sealed snapshot. 分 as digits. */
export interface Effect {
  readonly snapshot: { readonly id: string; readonly knownAt: Day };
  /** The period that is due, as forecast. */
  readonly due: Forecast;
  /** Closed periods that would be decided again, newest first. */
  readonly closed: readonly ClosedEffect[];
  /** Sum over the closed periods: to be paid on top 补差, and over-paid by the new rule. */
  readonly topUpFen: string;
  readonly overPaidFen: string;
  /** The clause that lets what is over-paid be taken back; null: it stays with them. */
  readonly recovery: string | null;
  /** Earlier periods the version speaks for, but that lie beyond the look-back: they stay as they are. */
  readonly beyond: string | null;
  /** Share of people touched, and of money moved, against the version in force; null: there is none, everybody is new. */
  readonly share: { readonly people: number; readonly money: number } | null;
  /** The share beyond which the reviewer must accept the effect by name. */
  readonly limit: number;
  readonly exceeds: boolean;
}

export interface ClosedEffect {
  readonly periodKey: string;
  readonly gained: number;
  readonly lost: number;
  readonly changed: number;
  readonly topUpFen: string;
  readonly overPaidFen: string;
}

export const closedEffect = (periodKey: string, shift: ShiftTold): ClosedEffect => ({
  periodKey,
  gained: shift.gained.subjects,
  lost: shift.lost.subjects,
  changed: shift.changed.subjects,
  topUpFen: String(BigInt(shift.gained.fen) + BigInt(shift.changed.up.fen)),
  overPaidFen: String(BigInt(shift.lost.fen) + BigInt(shift.changed.down.fen)),
});

const ratio = (part: bigint, whole: bigint): number => (whole === 0n ? (part === 0n ? 0 : 1) : Number((part * 10_000n) / whole) / 10_000);

/** Against the version in force: people gained, lost or changed among all it reaches; money moved either way among all it pays. */
export const shareOf = (shift: ShiftTold, amountFen: bigint): { readonly people: number; readonly money: number } => {
  const { gained, lost, changed, same } = shift;
  const touched = gained.subjects + lost.subjects + changed.subjects + changed.open;
  const before = lost.subjects + changed.subjects + changed.open + same;
  const moved = BigInt(gained.fen) + BigInt(lost.fen) + BigInt(changed.up.fen) + BigInt(changed.down.fen);
  return { people: ratio(BigInt(touched), BigInt(before)), money: ratio(moved, amountFen - BigInt(shift.deltaFen)) };
};

export const exceeds = (share: Effect['share'], limit: number, eligible: number): boolean =>
  share === null ? eligible > 0 : share.people > limit || share.money > limit;

/** The share a house begins with. */
export const usualLimit = 0.2;

export interface Review {
  readonly id: string;
  readonly itemId: string;
  readonly title: string;
  readonly authority: string;
  readonly content: Item;
  /** sha256 over the content's canonical JSON. */
  readonly hash: string;
  readonly state: ReviewState;
  readonly maker: string;
  readonly createdAt: Date;
  readonly submittedAt: Date | null;
  readonly checker: string | null;
  readonly decidedAt: Date | null;
  readonly reason: string | null;
  readonly version: number | null;
  readonly warnings: readonly Problem[];
  /** null: no snapshot yet. */
  readonly effect: Effect | null;
  /** Who accepted by name an effect beyond the gate. */
  readonly acceptedBy: string | null;
  /** The policy document (PDF, scan) among the kept files. */
  readonly document: { readonly sha256: string; readonly name: string } | null;
}
