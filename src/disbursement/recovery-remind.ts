// Reminds of a recovery before it falls due: once per due day, in time to pay or to ask for instalments.
import { addDays, type Day } from '../base/day.ts';
import { type Db, transaction } from '../db/handle.ts';
import { owe } from '../outbox/store.ts';
import { lockDueSoon } from './recovery-remind-store.ts';

const daysBefore = 10;

/** How many were reminded. */
export const remindRecoveries = (db: Db, ask: { readonly today: Day; readonly now: Date }): Promise<number> =>
  transaction(db, async (tx) => {
    const due = await lockDueSoon(tx, { from: ask.today, to: addDays(ask.today, daysBefore), limit: 1_000 });
    const owed = due.map(({ subjectId, itemId, version, matchId, dueOn, clause, leftFen, periodKey }) => ({
      ...{ subjectId, itemId, version, matchId, disbursementId: null, template: 'recovery-reminder' as const },
      detail: { amountFen: String(leftFen), dueOn, clause, periodKey },
    }));
    await owe(tx, owed, ask.now);
    return owed.length;
  });
