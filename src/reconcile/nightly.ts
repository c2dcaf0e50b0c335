// Every night the database is asked whether it keeps its promises; a broken one is an entry of the audit trail and a line of the schedule.
import { auditAll } from '../audit/audit.ts';
import { type Db, transaction } from '../db/handle.ts';
import { type BrokenInvariant, brokenInvariants } from '../db/invariant-store.ts';
import { writeSetting } from '../db/setting-store.ts';

export interface NightlyLook {
  readonly at: string;
  readonly broken: readonly BrokenInvariant[];
}

export const nightlyKey = 'invariants.nightly';

/** The alert stands in the audit trail for good; the newest look also where pages and reports find it. */
export const lookNightly = async (db: Db, now: Date): Promise<NightlyLook> => {
  const look: NightlyLook = { at: now.toISOString(), broken: await brokenInvariants(db) };
  await transaction(db, async (tx) => {
    await writeSetting(tx, nightlyKey, look, now);
    await auditAll(
      tx,
      look.broken.map(({ invariant, message, example }) => ({
        actor: 'invariants',
        role: 'system',
        action: 'invariant.broken',
        objectKind: 'invariant',
        objectId: String(invariant),
        after: { message, example },
        at: now,
      })),
    );
  });
  return look;
};
