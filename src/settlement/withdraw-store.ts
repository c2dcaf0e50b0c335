// Lines withdrawn by a person's decision: given up for good, or refused in review. Locks in the one order (lock-store.ts), one posting for all of them.
import { auditAll } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { rawSql, type Tx } from '../db/handle.ts';
import { budgetIdOf, move } from '../ledger/ledger.ts';
import { post, promises } from '../ledger/store.ts';
import type { LineKey } from './hand-store.ts';
import { lanesOf } from './lane.ts';
import { lockLines, waitForLanes } from './lock-store.ts';
import { payingVersions } from './queue-store.ts';
import { claimKeyOf, type LineState } from './settlement.ts';

export interface Withdrawal extends LineKey {
  readonly itemId: string;
  readonly reason: string;
}

interface Line extends LineKey {
  readonly itemId: string;
  readonly year: number;
  readonly periodKey: string;
  readonly key: string;
  readonly state: LineState;
}

/**
 * Takes promised lines back. The reservations and the claims go back, and whoever was refused or waits because of them is looked at again; a line that
 * holds nothing any more is passed over. Refused with `state.line` once money of one is in a sealed batch. Call it once per transaction, with every
 * line at once, before anything else that locks lines or books money.
 */
export const withdrawLines = async (
  tx: Tx,
  asks: readonly Withdrawal[],
  by: { readonly at: Date; readonly actor: string; readonly role: string },
): Promise<void> => {
  if (asks.length === 0) return;
  const items = new Set(asks.map((ask) => ask.itemId));
  const lanes = lanesOf(await payingVersions(tx)).filter((lane) => lane.items.some((id) => items.has(id)));
  await waitForLanes(tx, lanes);
  const subjects = asks.map((ask) => ask.subjectId);
  await lockLines(tx, { subjects: [], items: [], holders: { subjects, lines: asks.map((ask) => ask.id) } });
  const sql = rawSql(tx);
  const lines = await sql<Line[]>`
    select s.subject_id as "subjectId", s.id, s.item_id as "itemId", s.budget_year as year, s.period_key as "periodKey", s.key, s.state
    from unnest(${subjects}::uuid[], ${asks.map((ask) => ask.id)}::uuid[]) as x(subject, id)
    join settlement_line s on s.subject_id = x.subject and s.id = x.id where s.state in ('granted', 'reduced', 'parked')`;
  if (lines.length === 0) return;
  const booked = new Map((await promises(tx, { subjectIds: subjects, itemIds: [...items] })).map((row) => [row.lineId, row]));
  for (const { id } of lines) {
    const money = booked.get(id);
    if (money !== undefined && money.reservedFen !== money.amountFen)
      fail('state.line', id, '这笔钱已进入封批或已付出，不能直接撤回。', '请在批次里剔除，或走追回。');
  }
  const freed = await giveClaimsBack(tx, lines);
  await sql`
    update settlement_line s set state = 'withdrawn', blocked_on = null, reconsider = false
    from unnest(${lines.map((line) => line.subjectId)}::uuid[], ${lines.map((line) => line.id)}::uuid[]) as x(subject, id)
    where s.subject_id = x.subject and s.id = x.id`;
  await sql`
    update settlement_line set reconsider = true where state in ('refused', 'reduced')
      and (blocked_on = any(${freed}::text[]) or (subject_id = any(${subjects}::uuid[]) and blocked_on is not null))`;
  const reasons = new Map(asks.map((ask) => [ask.id, ask.reason]));
  await auditAll(
    tx,
    lines.map((line) => ({
      ...by,
      action: 'settlement.withdraw',
      objectKind: 'settlement_line',
      objectId: line.id,
      before: { state: line.state },
      after: { state: 'withdrawn', releasedFen: String(booked.get(line.id)?.reservedFen ?? 0n) },
      reason: reasons.get(line.id) ?? null,
    })),
  );
  await post(
    tx,
    lines.flatMap((line) => {
      const fen = booked.get(line.id)?.reservedFen ?? 0n;
      if (fen === 0n) return [];
      const { id: lineId, key: objectKey, itemId, year, periodKey, subjectId } = line;
      const entries = move('release', budgetIdOf(itemId, year), fen);
      return [{ key: `release:${lineId}`, kind: 'release' as const, itemId, year, subjectId, periodKey, lineId, objectKey, entries }];
    }),
    by.at,
  );
};

/** The names under which others wait for the objects of these lines. */
export const giveClaimsBack = async (tx: Tx, lines: readonly Pick<LineKey, 'id'>[]): Promise<readonly string[]> => {
  const sql = rawSql(tx);
  const ids = lines.map((line) => line.id);
  const rows = await sql<{ object_kind: string; object_id: string; claim_group: string; period_key: string }[]>`
    select object_kind, object_id, claim_group, period_key from claim where line_id = any(${ids}::uuid[]) order by 1, 2, 3, 4 for update`;
  await sql`update claim set line_id = null, subject_id = null, item_id = null, taken_at = null where line_id = any(${ids}::uuid[])`;
  return rows.map(
    (row) => `claim:${claimKeyOf({ kind: row.object_kind, object: row.object_id, group: row.claim_group, period: row.period_key })}`,
  );
};
