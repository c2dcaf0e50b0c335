// Settled lines as the next stages see them: handed on once, looked up by id, withdrawn by a person's decision. Hand-written SQL: chunks with
// SKIP LOCKED, so that several processes take different lines.
import { auditAll } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { rawSql, type Sql, type Tx } from '../db/handle.ts';
import { budgetIdOf, move } from '../ledger/ledger.ts';
import { post, promises } from '../ledger/store.ts';
import type { MatchKind } from '../policy/item.ts';
import { claimKeyOf, type LineState } from './settlement.ts';

export interface GrantedLine {
  readonly id: string;
  readonly subjectId: string;
  readonly matchId: string;
  readonly matchKind: MatchKind;
  readonly register: string;
  readonly itemId: string;
  readonly version: number;
  readonly division: string | null;
  readonly periodKey: string;
  readonly key: string;
  readonly grantedFen: bigint;
  /** 兑现方式 of the match, where the item's depends on conditions. */
  readonly mode: string | null;
}

export interface LineKey {
  readonly subjectId: string;
  readonly id: string;
}

const unfilled = (sql: Sql) => sql`not s.handed_on and s.granted_fen > 0 and s.state in ('granted', 'reduced')`;

/** Keys of lines with money that have no disbursement record yet, in key order. */
export const lookUnfilled = async (tx: Tx, after: LineKey | null, limit: number): Promise<readonly LineKey[]> => {
  const sql = rawSql(tx);
  return await sql<LineKey[]>`
    select s.subject_id as "subjectId", s.id from settlement_line s where ${unfilled(sql)}
      ${after === null ? sql`` : sql`and (s.subject_id, s.id) > (${after.subjectId}::uuid, ${after.id}::uuid)`}
    order by s.subject_id, s.id limit ${limit}`;
};

/** Those of the lines that still have no record, handed on to the caller in this transaction; lines others hold are passed over. */
export const takeUnfilled = async (tx: Tx, keys: readonly LineKey[]): Promise<readonly GrantedLine[]> => {
  const sql = rawSql(tx);
  return await sql<GrantedLine[]>`
    with taken as (
      select s.subject_id, s.id from unnest(${keys.map((k) => k.subjectId)}::uuid[], ${keys.map((k) => k.id)}::uuid[]) as x(subject, id)
      join settlement_line s on s.subject_id = x.subject and s.id = x.id
      where ${unfilled(sql)} for update of s skip locked
    ), handed as (
      update settlement_line s set handed_on = true from taken t where s.subject_id = t.subject_id and s.id = t.id returning s.*
    )
    select s.id, s.subject_id as "subjectId", s.match_id as "matchId", s.match_kind as "matchKind", m.register, s.item_id as "itemId", s.version,
      s.division, s.period_key as "periodKey", s.key, s.granted_fen as "grantedFen", m.evidence #>> '{mode,mode}' as mode
    from handed s join match m on m.subject_id = s.subject_id and m.id = s.match_id`;
};

/**
 * A person's decision takes a promised line back: given up for good, or refused in review. The reservation and the claims go back, and whoever
 * was refused or waits because of it is looked at again. Refused with `state.line` once the money is in a sealed batch.
 */
export const withdrawLine = async (
  tx: Tx,
  ask: {
    readonly subjectId: string;
    readonly lineId: string;
    readonly at: Date;
    readonly actor: string;
    readonly role: string;
    readonly reason: string;
  },
): Promise<void> => {
  const sql = rawSql(tx);
  const [line] = await sql<{ item_id: string; year: number; period_key: string; key: string; state: LineState }[]>`
    select item_id, year, period_key, key, state from settlement_line where subject_id = ${ask.subjectId} and id = ${ask.lineId} for update`;
  if (line === undefined || (line.state !== 'granted' && line.state !== 'reduced')) return;
  const booked = (await promises(tx, { subjectIds: [ask.subjectId], itemIds: [line.item_id] })).find((row) => row.lineId === ask.lineId);
  if (booked !== undefined && booked.reservedFen !== booked.amountFen)
    fail('state.line', ask.lineId, '这笔钱已进入封批或已付出，不能直接撤回。', '请在批次里剔除，或走追回。');
  const claims = await sql<{ object_kind: string; object_id: string; claim_group: string; period_key: string }[]>`
    select object_kind, object_id, claim_group, period_key from claim where line_id = ${ask.lineId} for update`;
  await sql`update claim set line_id = null, item_id = null, taken_at = null where line_id = ${ask.lineId}`;
  await sql`update settlement_line set state = 'withdrawn', blocked_on = null, reconsider = false where subject_id = ${ask.subjectId} and id = ${ask.lineId}`;
  if (booked !== undefined) {
    const entries = move('release', budgetIdOf(line.item_id, line.year), booked.reservedFen);
    const about = {
      itemId: line.item_id,
      year: line.year,
      subjectId: ask.subjectId,
      periodKey: line.period_key,
      lineId: ask.lineId,
      objectKey: line.key,
    };
    await post(tx, [{ key: `release:${ask.lineId}`, kind: 'release', ...about, entries }], ask.at);
  }
  const freed = claims.map(
    (row) => `claim:${claimKeyOf({ kind: row.object_kind, object: row.object_id, group: row.claim_group, period: row.period_key })}`,
  );
  await sql`
    update settlement_line set reconsider = true where state in ('refused', 'reduced')
      and (blocked_on = any(${freed}::text[]) or (subject_id = ${ask.subjectId} and blocked_on is not null))`;
  await auditAll(tx, [
    {
      at: ask.at,
      actor: ask.actor,
      role: ask.role,
      action: 'settlement.withdraw',
      objectKind: 'settlement_line',
      objectId: ask.lineId,
      before: { state: line.state },
      after: { state: 'withdrawn', releasedFen: String(booked?.reservedFen ?? 0n) },
      reason: ask.reason,
    },
  ]);
};
