// What a payment line does to its budget: into the sealed batch, to the payee, or back to what is reserved, where the promise stands and another line will
// pay it. One shape for all of them, so that they add up by line, person and element.
import { type BudgetAccount, budgetIdOf, move, type Transaction } from '../ledger/ledger.ts';
import type { PaymentLine } from './payment.ts';

type BookedLine = Pick<PaymentLine, 'id' | 'itemId' | 'year' | 'subjectId' | 'periodKey' | 'settlementLineId' | 'key' | 'amountFen'>;

/** `why` names the booking: a line is sealed, paid, withheld, cancelled or returned once. `from` only where it comes back. */
const bookingOf = (line: BookedLine, kind: 'commit' | 'pay' | 'restore', why: string, from?: BudgetAccount): Transaction => ({
  key: `${why}:${line.id}`,
  kind,
  itemId: line.itemId,
  year: line.year,
  subjectId: line.subjectId,
  periodKey: line.periodKey,
  lineId: line.settlementLineId,
  objectKey: line.key,
  entries: move(kind, budgetIdOf(line.itemId, line.year), line.amountFen, from),
});

export const committed = (line: BookedLine): Transaction => bookingOf(line, 'commit', 'commit');
export const paid = (line: BookedLine): Transaction => bookingOf(line, 'pay', 'pay');
export const restored = (line: BookedLine, from: 'committed' | 'paid', why: 'withheld' | 'cancelled' | 'returned'): Transaction =>
  bookingOf(line, 'restore', why, from);
