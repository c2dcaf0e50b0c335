// When the money of a forecast leaves, and until when a budget lasts: the item's own flow, its publicity and confirmation windows, the official calendar.
// How long a review takes is nobody's rule; it is assumed, and the assumption is told. Pure.
import { addDays, addWorkingDays, type Day, type WorkingCalendar } from '../base/day.ts';
import { flowOf } from '../disbursement/flow.ts';
import type { Item, MatchKind } from '../policy/item.ts';

/** Working days a department review is assumed to take. */
export const reviewWorkingDays = 5;
/** Days to confirm where the item does not say; whoever confirms earlier is paid earlier. */
const confirmDays = 7;

type Paid = Extract<MatchKind, 'first' | 'changed' | 'continuing' | 'resumed'>;

/** The day money is ready to be paid for a match found on `from`; null: never (no `pay` in the flow), or beyond the known calendar. */
export const payDay = (
  item: Pick<Item, 'flow' | 'mode' | 'publicity' | 'confirm'>,
  kind: Paid,
  from: Day,
  calendar: WorkingCalendar,
): Day | null => {
  let day: Day | null = from;
  for (const step of flowOf(item, kind, null)) {
    if (day === null || step === 'pay') return day;
    if (step === 'review') day = addWorkingDays(day, reviewWorkingDays, calendar);
    else if (step === 'confirm') day = addDays(day, item.confirm?.days ?? confirmDays);
    else if (step === 'publicity' && item.publicity?.none === undefined)
      day =
        item.publicity?.days === undefined
          ? addWorkingDays(day, item.publicity?.workingDays ?? 5, calendar)
          : addDays(day, item.publicity.days);
  }
  return null;
};

export interface Cash {
  readonly day: Day | null;
  readonly periodKey: string;
  readonly kind: Paid;
  readonly awards: number;
  readonly fen: bigint;
}

/** By day, a day beyond the known calendar last. */
export const inOrder = (cash: readonly Cash[]): readonly Cash[] =>
  [...cash].sort((a, b) => ((a.day ?? '~') < (b.day ?? '~') ? -1 : (a.day ?? '~') > (b.day ?? '~') ? 1 : a.kind < b.kind ? -1 : 1));

/** The first payment the money no longer covers in full; null: it lasts. */
export const exhaustedBy = (cash: readonly Cash[], availableFen: bigint): Cash | null => {
  let spent = 0n;
  for (const one of inOrder(cash)) {
    spent += one.fen;
    if (spent > availableFen) return one;
  }
  return null;
};

/** a ÷ b as decimal text with four digits, rounded down, so that a budget short by a fen never reads as covered; null where b is 0. */
export const coverage = (a: bigint, b: bigint): string | null => {
  if (b <= 0n) return null;
  const parts = ((a < 0n ? 0n : a) * 10_000n) / b;
  return `${parts / 10_000n}.${String(parts % 10_000n).padStart(4, '0')}`;
};
