// Lines that a person had refused and that an objection brings back: the match they stand on is weighed again as any other, under every limit and budget.
// Locks in the one order (lock-store.ts).
import { auditAll } from '../audit/audit.ts';
import { rawSql, type Tx } from '../db/handle.ts';
import { lanesOf } from './lane.ts';
import { lockLines, waitForLanes } from './lock-store.ts';
import { payingVersions } from './queue-store.ts';
import type { Withdrawal } from './withdraw-store.ts';

/**
 * Puts a line that may be granted again in the place of each withdrawn one; the next settling grants it or says what stands against it. A line that is
 * not withdrawn is passed over. A line of its own, because postings of the old one are booked for good. Once per transaction, with every line at once.
 */
export const restoreLines = async (
  tx: Tx,
  asks: readonly Withdrawal[],
  by: { readonly at: Date; readonly actor: string; readonly role: string },
): Promise<number> => {
  if (asks.length === 0) return 0;
  const items = new Set(asks.map((ask) => ask.itemId));
  const lanes = lanesOf(await payingVersions(tx)).filter((lane) => lane.items.some((id) => items.has(id)));
  await waitForLanes(tx, lanes);
  const [subjects, ids] = [asks.map((ask) => ask.subjectId), asks.map((ask) => ask.id)];
  await lockLines(tx, { subjects: [], items: [], holders: { subjects, lines: ids } });
  const sql = rawSql(tx);
  const gone = await sql<{ id: string; subjectId: string }[]>`
    update settlement_line s set state = 'superseded' from unnest(${subjects}::uuid[], ${ids}::uuid[]) as x(subject, id)
    where s.subject_id = x.subject and s.id = x.id and s.state = 'withdrawn' returning s.id, s.subject_id as "subjectId"`;
  const made = await sql<{ id: string; old: string }[]>`
    with anew as (
      select gen_random_uuid() as fresh, s.* from unnest(${gone.map((g) => g.subjectId)}::uuid[], ${gone.map((g) => g.id)}::uuid[]) as x(subject, old)
      join settlement_line s on s.subject_id = x.subject and s.id = x.old
    ), written as (
      insert into settlement_line (id, subject_id, match_id, match_kind, item_id, version, division, authority, period_key, year, budget_year, key, part, gross_fen,
        granted_fen, wanted_fen, state, reasons, order_key, reconsider, created_at)
      select fresh, subject_id, match_id, match_kind, item_id, version, division, authority, period_key, year, budget_year, key, part, gross_fen,
        0, 0, 'refused', '[]', order_key, true, ${by.at} from anew
    )
    select fresh as id, id as old from anew`;
  const reasons = new Map(asks.map((ask) => [ask.id, ask.reason]));
  await auditAll(
    tx,
    made.map(({ id, old }) => ({
      ...by,
      action: 'settlement.restore',
      objectKind: 'settlement_line',
      objectId: id,
      before: { replaces: old },
      after: { state: 'refused', reconsider: true },
      reason: reasons.get(old) ?? null,
    })),
  );
  return made.length;
};
