// What a payment line does to its budget and to the sources it is paid from: into the sealed batch, to the payee, or back to what is reserved, where the
// promise stands and another line will pay it. One shape for all of them, so that they add up by line, person, element and source.
import { fundMove } from '../ledger/fund.ts';
import { type BudgetAccount, budgetIdOf, type Entry, move, type Transaction } from '../ledger/ledger.ts';
import type { FundingSource, PaymentLine } from './payment.ts';

type BookedLine = Pick<
  PaymentLine,
  'id' | 'itemId' | 'year' | 'subjectId' | 'periodKey' | 'settlementLineId' | 'key' | 'amountFen' | 'funding'
>;

/** What a source has, booked when it is registered. */
export const given = (source: Pick<FundingSource, 'id' | 'itemId' | 'year' | 'amountFen'>): Transaction => ({
  key: `appropriate:fund:${source.id}`,
  kind: 'appropriate',
  itemId: source.itemId,
  year: source.year,
  entries: fundMove([{ sourceId: source.id, amountFen: source.amountFen }], 'quota', 'open'),
});

/** `why` names the booking: a line is sealed, paid, withheld, cancelled or returned once. `from` only where it comes back. */
const bookingOf = (
  line: BookedLine,
  kind: 'commit' | 'pay' | 'restore',
  why: string,
  funds: readonly Entry[],
  from?: BudgetAccount,
): Transaction => ({
  key: `${why}:${line.id}`,
  kind,
  itemId: line.itemId,
  year: line.year,
  subjectId: line.subjectId,
  periodKey: line.periodKey,
  lineId: line.settlementLineId,
  objectKey: line.key,
  entries: [...move(kind, budgetIdOf(line.itemId, line.year), line.amountFen, from), ...funds],
});

export const committed = (line: BookedLine): Transaction => bookingOf(line, 'commit', 'commit', fundMove(line.funding, 'open', 'sealed'));
export const paid = (line: BookedLine): Transaction => bookingOf(line, 'pay', 'pay', fundMove(line.funding, 'sealed', 'spent'));
/** The sources have their money back before any other line is paid. */
export const restored = (line: BookedLine, from: 'committed' | 'paid', why: 'withheld' | 'cancelled' | 'returned'): Transaction =>
  bookingOf(line, 'restore', why, fundMove(line.funding, from === 'paid' ? 'spent' : 'sealed', 'open'), from);
