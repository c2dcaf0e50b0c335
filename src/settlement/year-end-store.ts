// What becomes of those who still wait for a budget when its year is closed: carried into the next year's queue where the item says so, else refused with the
// reason. Hand-written SQL: a budget's queue is one set.
import { auditAll } from '../audit/audit.ts';
import { rawSql, type Tx } from '../db/handle.ts';
import { budgetIdOf } from '../ledger/ledger.ts';
import type { Item } from '../policy/item.ts';
import { lanesOf } from './lane.ts';
import { waitForLanes } from './lock-store.ts';
import { payingVersions } from './queue-store.ts';
import { carryOne } from './share-store.ts';
import { giveClaimsBack } from './withdraw-store.ts';

export interface YearEnd {
  readonly carried: number;
  readonly refused: number;
}

const over = '年度已结束，没有轮到，额度不结转。';

/** Waits for the item's lane, so that nobody is settled meanwhile. */
export const waitForItem = async (tx: Tx, itemId: string): Promise<Item | null> => {
  const versions = await payingVersions(tx);
  await waitForLanes(
    tx,
    lanesOf(versions).filter((lane) => lane.items.includes(itemId)),
  );
  return versions.filter(({ item }) => item.id === itemId).at(-1)?.item ?? null;
};

/** Call after `waitForItem`. */
export const endQueue = async (
  tx: Tx,
  of: { readonly itemId: string; readonly year: number; readonly item: Item | null },
  by: { readonly at: Date; readonly actor: string; readonly role: string },
): Promise<YearEnd> => {
  const sql = rawSql(tx);
  const id = budgetIdOf(of.itemId, of.year);
  const waiting = await sql<{ subjectId: string; id: string }[]>`
    select subject_id as "subjectId", id from settlement_line
    where blocked_on = ${`budget:${id}`} and (state = 'waiting' or (state = 'parked' and granted_fen = 0)) order by subject_id, id for update`;
  if (waiting.length === 0) return { carried: 0, refused: 0 };
  if (of.item?.budget.kind === 'limited' && of.item.budget.carry === true) {
    await carryOne(tx, { id, itemId: of.itemId, year: of.year }, of.item, of.year + 1, by.at);
    return { carried: waiting.length, refused: 0 };
  }
  await giveClaimsBack(tx, waiting);
  await sql`
    update settlement_line s set state = 'refused', wanted_fen = 0, quota_fen = null, blocked_on = null, reconsider = false,
      reasons = s.reasons || jsonb_build_array(jsonb_build_object('rule', 'budget', 'text', ${over}::text))
    from unnest(${waiting.map((line) => line.subjectId)}::uuid[], ${waiting.map((line) => line.id)}::uuid[]) as x(subject, id)
    where s.subject_id = x.subject and s.id = x.id`;
  await auditAll(
    tx,
    waiting.map((line) => ({
      ...by,
      action: 'settlement.refused',
      objectKind: 'settlement_line',
      objectId: line.id,
      before: { state: 'waiting' },
      after: { state: 'refused' },
      reason: over,
    })),
  );
  return { carried: 0, refused: waiting.length };
};
