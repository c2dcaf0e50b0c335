// Settled lines as the next stages see them: handed on once. Hand-written SQL: chunks with SKIP LOCKED, so that several processes take different
// lines; what is judged stands on the locked row itself, which PostgreSQL looks at again.
import { rawSql, type Sql, type Tx } from '../db/handle.ts';
import type { MatchKind } from '../policy/item.ts';

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
