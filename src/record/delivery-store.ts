// The SQL of deliveries: which came, what was wrong with them, whom they speak for.
import type { Day } from '../base/day.ts';
import { fileNameOf } from '../base/invisible.ts';
import type { DeliveryKind } from '../catalogue/catalogue.ts';
import type { Db, Sql, Tx } from '../db/handle.ts';
import { rawSql } from '../db/handle.ts';
import { vaultOf } from '../vault/hold.ts';
import type { Source } from './delivered.ts';
import type { Held } from './hold.ts';
import type { ProblemRow, StoredProblem } from './problem.ts';
import type { Coverage } from './record.ts';
import { openRow } from './sealed.ts';
import type { Skipped } from './table.ts';

/**
 * landing → landed | refused | held; held → accepted → landed (or held again, when it would now do something else) | rejected. `landing` is seen by nobody:
 * it ends in the transaction it begins in.
 */
export type DeliveryState = 'landing' | 'landed' | 'refused' | 'held' | 'accepted' | 'rejected';

export interface DeliveryRow {
  readonly id: string;
  readonly dataset: string;
  readonly kind: DeliveryKind;
  readonly scope: { readonly register: string; readonly division: string | null };
  readonly asOf: Day;
  readonly sha256: string;
  readonly fileName: string;
  readonly state: DeliveryState;
  readonly rowsRead: number;
  readonly rowsGood: number;
  readonly rowsBad: number;
  readonly totals: DeliveryTotals | null;
  readonly receivedAt: Date;
  readonly receivedBy: string;
  readonly landedAt: Date | null;
  readonly held: Held | null;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly decision: string | null;
}

export interface DeliveryTotals {
  readonly header: readonly string[];
  /** Numeric column → exact sum over the rows that landed. */
  readonly sums: Readonly<Record<string, string>>;
  /** Subjects written, brought in, dropped because no longer listed, kept because the file had rows of nobody. */
  readonly written: number;
  readonly introduced: number;
  readonly dropped: number;
  readonly kept: number;
  /** The delivery whose refused rows this one brings again. */
  readonly corrects: string | null;
  /** How the file was read, and the rows in it that are no data; missing where that was not asked yet. */
  readonly source?: Source;
  readonly skipped?: { readonly list: readonly Skipped[]; readonly count: number };
}

const columns = (sql: Sql) => sql`
  id, dataset, kind, scope, as_of as "asOf", sha256, file_name as "fileName", state, rows_read as "rowsRead", rows_good as "rowsGood",
  rows_bad as "rowsBad", totals, received_at as "receivedAt", received_by as "receivedBy", landed_at as "landedAt",
  held, decided_by as "decidedBy", decided_at as "decidedAt", decision`;

export interface DeliveryKey {
  readonly dataset: string;
  readonly kind: DeliveryKind;
  readonly scope: DeliveryRow['scope'];
  readonly asOf: Day;
  readonly sha256: string;
}

export const findDelivery = async (sql: Sql, key: DeliveryKey): Promise<DeliveryRow | null> => {
  const [row] = await sql<DeliveryRow[]>`
    select ${columns(sql)} from delivery where dataset = ${key.dataset} and sha256 = ${key.sha256} and as_of = ${key.asOf} and kind = ${key.kind}
      and scope = ${sql.json(key.scope)}`;
  return row ?? null;
};

/** Whether rows of the dataset have ever come in. */
export const hasLanded = async (sql: Sql, dataset: string): Promise<boolean> => {
  const [row] = await sql<{ landed: boolean }[]>`
    select exists (select from delivery where dataset = ${dataset} and landed_at is not null) as landed`;
  return row?.landed === true;
};

/** Deliveries that brought refused rows of this one again. */
export const correctionsOf = async (sql: Sql, deliveryId: string): Promise<readonly string[]> => {
  const rows = await sql<{ id: string }[]>`select id from delivery where totals ->> 'corrects' = ${deliveryId} and landed_at is not null`;
  return rows.map((row) => row.id);
};

/** When a dataset's word of one day came in, and about which division (null: everybody). */
export interface Arrival {
  readonly id: string;
  readonly dataset: string;
  readonly asOf: Day;
  readonly division: string | null;
  readonly landedAt: Date;
}

export const arrivals = async (reader: Db | Tx): Promise<readonly Arrival[]> =>
  rawSql(reader)<Arrival[]>`
    select id, dataset, as_of as "asOf", scope ->> 'division' as division, landed_at as "landedAt" from delivery where landed_at is not null`;

/** Oldest first. */
export const deliveriesIn = async (reader: Db | Tx, state: DeliveryState, limit = 100): Promise<readonly DeliveryRow[]> => {
  const sql = rawSql(reader);
  return sql<DeliveryRow[]>`select ${columns(sql)} from delivery where state = ${state} order by received_at, id limit ${limit}`;
};

/** What a person, or a later delivery, decided about a held one; false: it is not held any more. */
export const decide = async (
  sql: Sql,
  id: string,
  decision: { readonly state: 'accepted' | 'rejected'; readonly by: string; readonly reason: string; readonly at: Date },
): Promise<boolean> => {
  const done = await sql`
    update delivery set state = ${decision.state}, decided_by = ${decision.by}, decided_at = ${decision.at}, decision = ${decision.reason}
    where id = ${id} and state = 'held'`;
  return done.count === 1;
};

/** Newest first. */
export const deliveries = async (reader: Db | Tx, limit = 100): Promise<readonly DeliveryRow[]> => {
  const sql = rawSql(reader);
  return sql<DeliveryRow[]>`select ${columns(sql)} from delivery order by received_at desc, id limit ${limit}`;
};

export const deliveryById = async (reader: Db | Tx, id: string): Promise<DeliveryRow | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<DeliveryRow[]>`select ${columns(sql)} from delivery where id = ${id}`;
  return row ?? null;
};

export interface NewDelivery extends DeliveryKey {
  readonly fileName: string;
  readonly receivedAt: Date;
  readonly receivedBy: string;
}

/** A delivery refused before may come again (the catalogue or the register may have caught up); it keeps its id and loses its old problems. */
export const openDelivery = async (sql: Sql, given: NewDelivery, before: DeliveryRow | null): Promise<string> => {
  if (before !== null) {
    await sql`delete from delivery_problem where delivery_id = ${before.id}`;
    // Accepted: it is still what came then from whom; only the one who accepted it stands beside.
    const { fileName: name, receivedAt, receivedBy } = before.state === 'accepted' ? before : given;
    await sql`
      update delivery set state = 'landing', file_name = ${fileNameOf(name)}, received_at = ${receivedAt}, received_by = ${receivedBy} where id = ${before.id}`;
    return before.id;
  }
  const [row] = await sql<{ id: string }[]>`
    insert into delivery (dataset, kind, scope, as_of, sha256, file_name, state, received_at, received_by)
    values (${given.dataset}, ${given.kind}, ${sql.json(given.scope)}, ${given.asOf}, ${given.sha256}, ${fileNameOf(given.fileName)}, 'landing', ${given.receivedAt},
      ${given.receivedBy})
    returning id`;
  return row?.id ?? '';
};

export interface DeliveryOutcome {
  readonly state: 'landed' | 'refused' | 'held';
  readonly held: Held | null;
  readonly read: number;
  readonly good: number;
  readonly bad: number;
  readonly totals: DeliveryTotals | null;
  readonly landedAt: Date | null;
}

export const closeDelivery = async (sql: Sql, id: string, outcome: DeliveryOutcome): Promise<void> => {
  const totals = outcome.totals === null ? null : sql.json(outcome.totals as never);
  await sql`
    update delivery set state = ${outcome.state}, rows_read = ${outcome.read}, rows_good = ${outcome.good}, rows_bad = ${outcome.bad},
      totals = ${totals}, landed_at = coalesce(${outcome.landedAt}, landed_at),
      held = coalesce(${outcome.held === null ? null : sql.json(outcome.held as never)}, held),
      decided_by = case when ${outcome.state} = 'held' then null else decided_by end,
      decided_at = case when ${outcome.state} = 'held' then null else decided_at end,
      decision = case when ${outcome.state} = 'held' then null else decision end
    where id = ${id}`;
};

export const insertProblems = async (sql: Sql, deliveryId: string, problems: readonly StoredProblem[]): Promise<void> => {
  for (let at = 0; at < problems.length; at += 1000) {
    await sql`
      insert into delivery_problem (delivery_id, line, "column", code, masked, message, hint, row)
      select ${deliveryId}, line, "column", code, masked, message, hint, row
      from jsonb_to_recordset(${JSON.stringify(problems.slice(at, at + 1000))}::text::jsonb)
        as x(line int, "column" text, code text, masked text, message text, hint text, row jsonb)
      on conflict do nothing`;
  }
};

/** What was found while rows were read stands in the stage until now. */
export const insertStagedProblems = async (sql: Sql, deliveryId: string): Promise<void> => {
  await sql`
    insert into delivery_problem (delivery_id, line, "column", code, masked, message, hint, row)
    select ${deliveryId}, (p ->> 'line')::int, p ->> 'column', p ->> 'code', p ->> 'masked', p ->> 'message', p ->> 'hint', nullif(p -> 'row', 'null')
    from listed l join stage s on s.line = l.line, jsonb_array_elements(s.problems) p where l.troubled
    on conflict do nothing`;
};

/** Rows without a row are warnings: the row came in. */
export const badLines = async (sql: Sql, deliveryId: string): Promise<number> => {
  const [row] = await sql<{ n: number }[]>`
    select count(distinct line)::int as n from delivery_problem where delivery_id = ${deliveryId} and row is not null`;
  return row?.n ?? 0;
};

export const problemsOf = async (reader: Db | Tx, deliveryId: string, limit: number): Promise<readonly Omit<ProblemRow, 'row'>[]> =>
  rawSql(reader)<Omit<ProblemRow, 'row'>[]>`
    select line, "column", code, masked, message, hint from delivery_problem where delivery_id = ${deliveryId}
    order by line, "column", code limit ${limit}`;

/** In the file's order, page by page, each refused row once with all its reasons. */
export async function* refusedRows(
  reader: Db | Tx,
  deliveryId: string,
): AsyncGenerator<{ readonly line: number; readonly row: readonly string[]; readonly reasons: readonly string[] }> {
  const sql = rawSql(reader);
  for (let after = 0; ; ) {
    const rows = await sql<{ line: number; dataset: string; row: string; reasons: string[] }[]>`
      select p.line, d.dataset, (array_agg(p.row #>> '{}' order by p."column"))[1] as row, array_agg(p.message || p.hint order by p."column", p.code) as reasons
      from delivery_problem p join delivery d on d.id = p.delivery_id
      where p.delivery_id = ${deliveryId} and p.line > ${after} and p.row is not null and p.row <> '""' group by p.line, d.dataset order by p.line limit 1000`;
    const vault = vaultOf(reader);
    for (const { line, dataset, row, reasons } of rows) yield { line, row: openRow(vault, dataset, line, row), reasons };
    const last = rows.at(-1);
    if (last === undefined) return;
    after = last.line;
  }
}

export const countProblems = async (sql: Sql, deliveryId: string): Promise<number> => {
  const [row] = await sql<{ n: number }[]>`select count(*)::int as n from delivery_problem where delivery_id = ${deliveryId}`;
  return row?.n ?? 0;
};

/** Full deliveries and lists speak about everyone in their scope; an older day never takes the place of a newer one, its periods are added all the same. */
export const writeCoverage = async (sql: Sql, c: Coverage): Promise<void> => {
  await sql`
    insert into coverage as c (dataset, register, division, as_of, delivery_id, periods)
    values (${c.dataset}, ${c.register}, ${c.division ?? ''}, ${c.asOf}, ${c.delivery}, ${[...(c.periods ?? [])]}::text[])
    on conflict (dataset, register, division) do update set
      as_of = greatest(c.as_of, excluded.as_of),
      delivery_id = case when c.as_of <= excluded.as_of then excluded.delivery_id else c.delivery_id end,
      periods = array(select distinct unnest(c.periods || excluded.periods) order by 1)
    where c.as_of <= excluded.as_of or not excluded.periods <@ c.periods`;
};

export const coverages = async (reader: Db | Tx): Promise<readonly Coverage[]> =>
  rawSql(reader)<Coverage[]>`
    select dataset, register, nullif(division, '') as division, as_of as "asOf", delivery_id as delivery, periods from coverage
    order by dataset, register, division`;
