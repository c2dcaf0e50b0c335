// Money of a line that was sealed, or even paid, and comes back to what is reserved: the promise stands, another line will pay it.
import type { Tx } from '../db/handle.ts';
import { type BudgetAccount, budgetIdOf, move } from '../ledger/ledger.ts';
import { post } from '../ledger/store.ts';
import type { PaymentLine } from './payment.ts';

export type BookedLine = Pick<PaymentLine, 'id' | 'itemId' | 'year' | 'subjectId' | 'periodKey' | 'settlementLineId' | 'key' | 'amountFen'>;

export const postBack = async (
  tx: Tx,
  lines: readonly BookedLine[],
  from: Extract<BudgetAccount, 'committed' | 'paid'>,
  why: string,
  at: Date,
): Promise<void> => {
  const booked = lines.map((line) => ({
    key: `${why}:${line.id}`,
    kind: 'restore' as const,
    itemId: line.itemId,
    year: line.year,
    subjectId: line.subjectId,
    periodKey: line.periodKey,
    lineId: line.settlementLineId,
    objectKey: line.key,
    entries: move('restore', budgetIdOf(line.itemId, line.year), line.amountFen, from),
  }));
  await post(tx, booked, at);
};
