// What waits for a decision, queue by queue, as rows that can leave in a table; and the decisions that came back in one. Hand-written SQL: a queue is one
// statement.
import { auditAll } from '../audit/audit.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import type { Disbursement } from '../disbursement/disbursement.ts';
import { columnsOf, opened } from '../disbursement/store.ts';
import type { SealedAccount } from '../vault/account.ts';

export type RecordQueue = 'reviews' | 'asks' | 'returned' | 'withheld' | 'held';

/** A record and why it waits there. */
export type Waiting = Disbursement & { readonly why: string | null };

const where = (sql: Sql, queue: RecordQueue) => {
  switch (queue) {
    case 'reviews':
      return sql`d.state = 'reviewing'`;
    case 'asks':
      return sql`d.state in ('asking', 'named')`;
    case 'returned':
      return sql`d.state = 'returned'`;
    case 'held':
      return sql`d.state = 'held'`;
    case 'withheld':
      return sql`d.state = 'ready' and (exists (select from batch_exclusion x where x.disbursement_id = d.id) or exists (
        select from payment_line l join line_event e on e.line_id = l.id and e.kind = 'withheld' where l.disbursement_id = d.id))`;
  }
};

/** What the last batch, the bank or whoever held it said. */
const why = (sql: Sql, queue: RecordQueue) => {
  switch (queue) {
    case 'reviews':
      return sql`null`;
    case 'asks':
      return sql`array_to_string(d.gaps, '；')`;
    case 'held':
      return sql`d.hold_reason`;
    case 'returned':
      return sql`(select e.text from payment_line l join line_event e on e.line_id = l.id and e.kind = 'returned' where l.disbursement_id = d.id order by e.id desc limit 1)`;
    case 'withheld':
      return sql`(select y.text from (
        select e.text, e.at from payment_line l join line_event e on e.line_id = l.id and e.kind = 'withheld' where l.disbursement_id = d.id
        union all select array_to_string(array(select jsonb_array_elements_text(x.reasons)), ''), b.sealed_at from batch_exclusion x
          join batch b on b.id = x.batch_id where x.disbursement_id = d.id
        ) y order by y.at desc limit 1)`;
  }
};

const scoped = { authority: 'd.authority', division: 'd.division', item: 'd.item_id' } as const;

/** Whatever is due first comes first. What was decided as it stands now, to be left so, is not among them. */
export const waitingRecords = async (
  reader: Db | Tx,
  queue: RecordQueue,
  ask: { readonly scope: Scope; readonly limit: number },
): Promise<readonly Waiting[]> => {
  const sql = rawSql(reader);
  const rows = await sql<(SealedAccount<Disbursement> & { readonly why: string | null })[]>`
    select ${columnsOf(sql)}, ${why(sql, queue)} as why from disbursement d
    where ${where(sql, queue)} ${inScope(sql, ask.scope, scoped)} and not exists (
      select from desk_decision x where x.subject_id = d.subject_id and x.object_id = d.id and x.queue = ${queue} and x.revision = d.revision)
    order by d.due_on nulls last, d.id limit ${ask.limit}`;
  return opened<Waiting>(reader, rows);
};

/** How many wait, within the scope. */
export const countWaiting = async (reader: Db | Tx, queue: RecordQueue, scope: Scope): Promise<number> => {
  const sql = rawSql(reader);
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from disbursement d where ${where(sql, queue)} ${inScope(sql, scope, scoped)} and not exists (
      select from desk_decision x where x.subject_id = d.subject_id and x.object_id = d.id and x.queue = ${queue} and x.revision = d.revision)`;
  return row?.n ?? 0;
};

/** Revisions of records, for what hangs on one. */
export const revisionsOf = async (reader: Db | Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Waiting>> => {
  const sql = rawSql(reader);
  const rows = await sql<(SealedAccount<Disbursement> & { readonly why: null })[]>`
    select ${columnsOf(sql)}, null as why from disbursement d where d.id = any(${[...ids]}::uuid[])`;
  return new Map(opened<Waiting>(reader, rows).map((row) => [row.id, row]));
};

export interface DeskDecision {
  readonly queue: string;
  readonly objectKind: string;
  readonly objectId: string;
  readonly subjectId: string;
  /** As the row stood when it left. */
  readonly version: string;
  readonly revision: number | null;
  readonly decision: string;
  readonly reason: string;
  /** sha256 of the file it came back in. */
  readonly file: string;
}

/** What was decided of a row as it left, by whom; null: nothing yet. */
export const decidedBefore = async (
  tx: Tx,
  of: Pick<DeskDecision, 'queue' | 'objectId' | 'version'>,
): Promise<{ readonly decision: string; readonly reason: string; readonly actor: string } | null> => {
  const [row] = await rawSql(tx)<{ decision: string; reason: string; actor: string }[]>`
    select decision, reason, actor from desk_decision where queue = ${of.queue} and object_id = ${of.objectId} and version = ${of.version}`;
  return row ?? null;
};

/** With its own reason in the trail, beside what the act itself writes there. One per row as it left: the key says so. */
export const insertDecision = async (
  tx: Tx,
  one: DeskDecision,
  by: { readonly id: string; readonly role: string },
  at: Date,
): Promise<void> => {
  const { queue, objectKind, objectId, subjectId, version, revision, decision, reason, file } = one;
  await rawSql(tx)`
    insert into desk_decision (queue, object_id, subject_id, version, revision, decision, reason, file, actor, role, at)
    values (${queue}, ${objectId}, ${subjectId}, ${version}, ${revision}, ${decision}, ${reason}, ${file}, ${by.id}, ${by.role}, ${at})`;
  const after = { queue, decision, file };
  await auditAll(tx, [{ at, actor: by.id, role: by.role, action: 'desk.decide', objectKind, objectId, after, reason }]);
};
