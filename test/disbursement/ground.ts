// What tests of a record's life share: every machine step once on a day, the records there are, an act of somebody.
import type { Day } from '../../src/base/day.ts';
import { everything, type Scope } from '../../src/base/scope.ts';
import { type Tx, transaction } from '../../src/db/handle.ts';
import { advance } from '../../src/disbursement/advance.ts';
import type { Disbursement } from '../../src/disbursement/disbursement.ts';
import { prefill } from '../../src/disbursement/prefill.ts';
import { listDisbursements } from '../../src/disbursement/store.ts';
import { listNotices } from '../../src/notice/store.ts';
import { tell } from '../../src/notice/tell.ts';
import { settle } from '../../src/settlement/settle.ts';
import type { TestDatabase } from '../database.ts';
import { calendar, stepsOn, today } from '../settlement/ground.ts';

export const lifeOf = (database: TestDatabase) => {
  /** Every machine step once, in the order of the flow, on a day. */
  const tick = async (on: Day = today) => {
    const steps = stepsOn(on);
    await settle(database.db, steps.settle);
    await prefill(database.db, steps.prefill);
    await advance(database.db, steps.advance);
    await tell(database.db, steps.tell);
    return await advance(database.db, steps.advance);
  };
  const all = async (): Promise<readonly Disbursement[]> => (await listDisbursements(database.db, { scope: everything, limit: 100 })).rows;
  /** The one record that is not closed. */
  const only = async (): Promise<Disbursement> => {
    const [record, ...more] = (await all()).filter((d) => d.state !== 'closed');
    if (record === undefined || more.length > 0) throw new Error(`${more.length + (record === undefined ? 0 : 1)} records`);
    return record;
  };
  return {
    tick,
    all,
    only,
    doing: <T>(work: (tx: Tx) => Promise<T>): Promise<T> => transaction(database.db, work),
    /** Letters handed over on a day, or mail that arrived. */
    sent: (template: string, on: Day) =>
      database.sql`update notice set state = 'sent', sent_at = ${new Date(`${on}T03:00:00Z`)} where template = ${template} and state <> 'sent'`,
    /** As people read them. */
    notices: async () => (await listNotices(database.db, { scope: everything, limit: 200 })).rows,
    told: async (): Promise<readonly string[]> =>
      (await database.sql<{ template: string }[]>`select template from notice order by created_at, template`).map((n) => n.template),
  };
};

export const act = (id: string, over: { on?: Day; who?: string; scope?: Scope; role?: string } = {}) => ({
  id,
  actor: { id: over.who ?? 'u1', role: over.role ?? 'reviewer' },
  scope: over.scope ?? everything,
  now: new Date(`${over.on ?? today}T03:00:00Z`),
  today: over.on ?? today,
  calendar,
});
