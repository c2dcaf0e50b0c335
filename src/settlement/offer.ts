// What a limited budget offers a unit: first come by the item's order, shares once everybody is known, places by rank. Pure.
import type { Day } from '../base/day.ts';
import type { Item } from '../policy/item.ts';
import { reasonTexts } from './reason.ts';
import type { BudgetState, PriorLine, Reason, Unit } from './settlement.ts';

export type Offer =
  /** `why` where it is less than what is needed. */
  | { readonly kind: 'give'; readonly fen: bigint; readonly why: Reason | null }
  | { readonly kind: 'wait'; readonly why: Reason }
  | { readonly kind: 'refuse'; readonly why: Reason };

/** The last day on which claims on the year's budget are collected; null: they are settled as they come. */
export const cutoffOf = (item: Item, year: number): Day | null =>
  item.budget.kind === 'limited' && item.budget.cutoff !== undefined ? (`${year}-${item.budget.cutoff}` as Day) : null;

/** Whether the year's budget still only collects claims: before its cut-off, or until its shares are made. */
export const isCollecting = (item: Item, year: number, today: Day): boolean => {
  const cutoff = cutoffOf(item, year);
  return cutoff !== null && item.budget.kind === 'limited' && (item.budget.give === 'prorata' || today <= cutoff);
};

const budgetReason = (text: string): Reason => ({ rule: 'budget', text });

/**
 * Nobody goes ahead of whoever waits, nobody takes what somebody before them waits for whose data are late, and a limited budget is never overdrawn.
 * `freedFen` is what the unit itself gives back; what was kept while data were late is given even where the budget cannot carry the rest.
 */
export const offerOf = (
  budget: BudgetState | undefined,
  unit: Unit,
  needFen: bigint,
  freedFen: bigint,
  open: readonly PriorLine[],
): Offer => {
  const all: Offer = { kind: 'give', fen: needFen, why: null };
  if (budget === undefined || budget.kind === 'entitlement' || needFen <= freedFen) return all;
  const kept = open.some((prior) => prior.state === 'parked' && prior.reservedFen > 0n);
  if (budget.gate === 'shared') return shareOf(unit, needFen, freedFen, open);
  if (budget.gate === 'collecting') {
    const cutoff = cutoffOf(unit.item, unit.budgetYear);
    return kept
      ? { kind: 'give', fen: freedFen, why: budgetReason(reasonTexts.noMore) }
      : { kind: 'wait', why: budgetReason(reasonTexts.collecting(cutoff)) };
  }
  const behind = budget.queueFrom !== null && budget.queueFrom < unit.orderKey;
  const late = budget.parked.filter((line) => line.orderKey < unit.orderKey).reduce((sum, line) => sum + line.wantedFen, 0n);
  if (!behind && needFen <= budget.availableFen + freedFen - late) return all;
  if (kept) return { kind: 'give', fen: freedFen, why: budgetReason(reasonTexts.noMore) };
  return { kind: 'wait', why: budgetReason(reasonTexts.waiting) };
};

/** After the shares were made: the unit's own, and nothing for who was not there. */
const shareOf = (unit: Unit, needFen: bigint, freedFen: bigint, open: readonly PriorLine[]): Offer => {
  const quota = unit.line?.quotaFen ?? open.find((prior) => prior.quotaFen !== null)?.quotaFen ?? null;
  if (quota === null)
    return freedFen > 0n
      ? { kind: 'give', fen: freedFen, why: budgetReason(reasonTexts.tooLate) }
      : { kind: 'refuse', why: budgetReason(reasonTexts.tooLate) };
  const fen = quota + freedFen < needFen ? quota + freedFen : needFen;
  if (fen === 0n) return { kind: 'refuse', why: budgetReason(reasonTexts.shared) };
  return { kind: 'give', fen, why: fen < needFen ? budgetReason(reasonTexts.shared) : null };
};

export interface Want {
  readonly id: string;
  readonly wantedFen: bigint;
  readonly orderKey: string;
}

/**
 * Shares of `availableFen` in proportion to what each wants, in whole 分, adding up exactly: the 分 left over go to the largest remainders, among equal
 * ones in the item's order. Nobody gets more than wanted; where there is enough for all, everybody gets it all.
 */
export const shareOut = (availableFen: bigint, wants: readonly Want[]): ReadonlyMap<string, bigint> => {
  const total = wants.reduce((sum, want) => sum + want.wantedFen, 0n);
  if (total <= availableFen) return new Map(wants.map((want) => [want.id, want.wantedFen]));
  const sum = availableFen > 0n ? availableFen : 0n;
  const parts = wants.map((want) => ({ ...want, fen: (sum * want.wantedFen) / total, over: (sum * want.wantedFen) % total }));
  const left = Number(sum - parts.reduce((s, part) => s + part.fen, 0n));
  const byRemainder = [...parts].sort((a, b) => (a.over === b.over ? (a.orderKey < b.orderKey ? -1 : 1) : a.over > b.over ? -1 : 1));
  const extra = new Set(byRemainder.slice(0, left).map((part) => part.id));
  return new Map(parts.map((part) => [part.id, part.fen + (extra.has(part.id) ? 1n : 0n)]));
};
