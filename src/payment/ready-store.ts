// Records that are ready to be paid, and what is known of them today: read for sealing and again for release. Hand-written SQL: one statement a page.
import { rawSql, type Sql, type Tx } from '../db/handle.ts';
import type { Disbursement } from '../disbursement/disbursement.ts';
import { columnsOf, opened } from '../disbursement/store.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import type { LineState } from '../settlement/settlement.ts';
import type { SealedAccount } from '../vault/account.ts';

export interface ReadyRecord extends Disbursement {
  readonly register: string;
  /** Whose budget pays. */
  readonly year: number;
  readonly lineState: LineState;
  /** The period the match was decided for. */
  readonly period: DecisionPeriod;
  /** How often it was issued before, and the last of those lines. */
  readonly issued: number;
  readonly lastLine: string | null;
}

const readyColumns = (sql: Sql) => sql`${columnsOf(sql)}, m.register, l.budget_year as year, case when exists (
    select from settlement_line x where x.subject_id = l.subject_id and x.item_id = l.item_id and x.period_key = l.period_key and x.key = l.key and x.id <> l.id
      and x.state = 'ended') then 'ended' else l.state end as "lineState", m.evidence -> 'period' as period,
  (select count(*)::int from payment_line p where p.disbursement_id = d.id) as issued,
  (select p.id from payment_line p join line_event e on e.line_id = p.id and e.kind = 'returned'
    where p.disbursement_id = d.id order by length(p.end_to_end_id) desc, p.end_to_end_id desc limit 1) as "lastLine"`;

const joined = (sql: Sql) => sql`
  disbursement d join settlement_line l on l.subject_id = d.subject_id and l.id = d.line_id join match m on m.subject_id = d.subject_id and m.id = d.match_id`;

/**
 * Locks the settled lines of these records in key order, waiting for a settlement that has them: it might be taking the money back. Read in a
 * statement of its own after the lock: one whose snapshot is older would still see the line as it was.
 */
const lockLines = async (tx: Tx, ids: readonly string[]): Promise<void> => {
  await rawSql(tx)`
    select from disbursement d join settlement_line l on l.subject_id = d.subject_id and l.id = d.line_id
    where d.id = any(${[...ids]}::uuid[]) order by l.subject_id, l.id for update of l`;
};

const readRecords = async (tx: Tx, ids: readonly string[]): Promise<readonly ReadyRecord[]> => {
  const sql = rawSql(tx);
  const rows = await sql<SealedAccount<ReadyRecord>[]>`
    select ${readyColumns(sql)} from ${joined(sql)} where d.id = any(${[...ids]}::uuid[]) order by d.subject_id, d.id`;
  return opened(tx, rows);
};

export interface Place {
  readonly subjectId: string;
  readonly id: string;
}

/** A page of at most `limit`, locked, their settled lines too; those somebody else holds are passed over. `next`: where to go on, null after the last. */
export const takeReady = async (
  tx: Tx,
  ask: {
    readonly itemId: string;
    readonly year: number;
    readonly limit: number;
    readonly after: Place | null;
    readonly periodKey?: string;
  },
): Promise<{ readonly records: readonly ReadyRecord[]; readonly next: Place | null }> => {
  const sql = rawSql(tx);
  const taken = await sql<Place[]>`
    select d.subject_id as "subjectId", d.id from disbursement d join settlement_line l on l.subject_id = d.subject_id and l.id = d.line_id
    where d.item_id = ${ask.itemId} and d.state = 'ready' and l.budget_year = ${ask.year}
      ${ask.periodKey === undefined ? sql`` : sql`and d.period_key = ${ask.periodKey}`}
      ${ask.after === null ? sql`` : sql`and (d.subject_id, d.id) > (${ask.after.subjectId}::uuid, ${ask.after.id}::uuid)`}
    order by d.subject_id, d.id limit ${ask.limit} for update of d skip locked`;
  const ids = taken.map((row) => row.id);
  await lockLines(tx, ids);
  return { records: await readRecords(tx, ids), next: taken.length < ask.limit ? null : (taken.at(-1) ?? null) };
};

/** By id, locked with their settled lines: the records of a batch's lines. */
export const lockRecords = async (tx: Tx, ids: readonly string[]): Promise<readonly ReadyRecord[]> => {
  await rawSql(tx)`select from disbursement d where d.id = any(${[...ids]}::uuid[]) order by d.subject_id, d.id for update of d`;
  await lockLines(tx, ids);
  return await readRecords(tx, ids);
};
