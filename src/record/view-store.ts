// Records and deliveries as members of staff may see them: every read is limited by the caller's divisions (DESIGN 21), people by cursor or by search.
// Whoever holds no item and no authority at all sees nobody.
import type { Day } from '../base/day.ts';
import { divisionPrefix, type Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import type { DeliveryRow } from './delivery-store.ts';
import type { ProblemRow } from './problem.ts';

/** `and …` for a division column; a subject of no known division is for those who see everything. */
const inDivisions = (sql: Sql, scope: Scope, column: string) => {
  if (scope.items?.length === 0 || scope.authorities?.length === 0) return sql`and false`;
  if (scope.divisions === null) return sql``;
  return sql`and ${sql(column)} like any(${scope.divisions.map((code) => `${divisionPrefix(code)}%`)}::text[])`;
};

/** Benefits go to these; other registers are only read over links. Named, so that the key's index serves a search by id alone. */
const registers = ['citizen', 'enterprise'];

export interface Subject {
  readonly register: string;
  readonly subjectId: string;
  readonly key: string;
  readonly ordinal: number;
  readonly name: string | null;
  readonly division: string | null;
}

const envelope = (sql: Sql) => sql`r.register, r.subject_id as "subjectId", r.key, r.ordinal, r.name, r.division`;

/** null when there is none within the scope. */
export const subjectById = async (reader: Db | Tx, subjectId: string, scope: Scope): Promise<Subject | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<Subject[]>`
    select ${envelope(sql)} from record r where r.subject_id = ${subjectId} and r.register = any(${registers}::text[])
      ${inDivisions(sql, scope, 'r.division')}`;
  return row ?? null;
};

/** By natural key, by id, or by the whole name (a firm's also by a part of it); at most `limit`. */
export const findSubjects = async (
  reader: Db | Tx,
  ask: {
    readonly scope: Scope;
    readonly key?: string;
    readonly subjectIds?: readonly string[];
    readonly name?: string;
    readonly limit: number;
  },
): Promise<readonly Subject[]> => {
  const sql = rawSql(reader);
  const part = `%${(ask.name ?? '').replace(/[\\%_]/g, '\\$&')}%`;
  const wanted =
    ask.key === undefined && ask.subjectIds === undefined
      ? sql`(r.name = ${ask.name ?? ''} or (r.register = 'enterprise' and r.name like ${part}))`
      : sql`(r.key = ${ask.key ?? null} or (r.register = any(${registers}::text[]) and r.subject_id = any(${[...(ask.subjectIds ?? [])]}::uuid[])))`;
  return await sql<Subject[]>`
    select ${envelope(sql)} from record r where ${wanted} ${inDivisions(sql, ask.scope, 'r.division')}
    order by r.register, r.name, r.subject_id limit ${ask.limit}`;
};

/** Envelopes of subjects a caller has found within its scope already (matches, notices); no scope of its own. */
export const subjectsOf = async (reader: Db | Tx, subjectIds: readonly string[]): Promise<ReadonlyMap<string, Subject>> => {
  if (subjectIds.length === 0) return new Map();
  const sql = rawSql(reader);
  const rows = await sql<Subject[]>`
    select ${envelope(sql)} from record r where r.register = any(${registers}::text[]) and r.subject_id = any(${[...subjectIds]}::uuid[])`;
  return new Map(rows.map((row) => [row.subjectId, row]));
};

export const countSubjectsAt = async (reader: Db | Tx, scope: Scope, register: string, ordinals: readonly number[]): Promise<number> => {
  const sql = rawSql(reader);
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from record r where r.register = ${register} and r.ordinal = any(${[...ordinals]}::int[])
      ${inDivisions(sql, scope, 'r.division')}`;
  return row?.n ?? 0;
};

// ── deliveries ───────────────────────────────────────────────────────────────────────────────────────────
/** A delivery for the whole register holds rows of every division: only who sees everything may look inside. */
const deliveriesWithin = (sql: Sql, scope: Scope) => inDivisions(sql, scope, 'x.division');

const deliveryColumns = (sql: Sql) => sql`
  x.id, x.dataset, x.kind, x.scope, x.as_of as "asOf", x.sha256, x.file_name as "fileName", x.state, x.rows_read as "rowsRead",
  x.rows_good as "rowsGood", x.rows_bad as "rowsBad", x.totals, x.received_at as "receivedAt", x.received_by as "receivedBy", x.landed_at as "landedAt",
  x.held, x.decided_by as "decidedBy", x.decided_at as "decidedAt", x.decision`;
const deliveryTable = (sql: Sql) => sql`(select d.*, d.scope ->> 'division' as division from delivery d) x`;

/** The last deliveries of a dataset, newest first. */
export const deliveriesOf = async (
  reader: Db | Tx,
  ask: { readonly scope: Scope; readonly dataset: string; readonly limit: number },
): Promise<readonly DeliveryRow[]> => {
  const sql = rawSql(reader);
  return await sql<DeliveryRow[]>`
    select ${deliveryColumns(sql)} from ${deliveryTable(sql)} where x.dataset = ${ask.dataset} ${deliveriesWithin(sql, ask.scope)}
    order by x.received_at desc, x.id limit ${ask.limit}`;
};

/** Those that wait for a person, oldest first. */
export const heldWithin = async (reader: Db | Tx, scope: Scope): Promise<readonly DeliveryRow[]> => {
  const sql = rawSql(reader);
  return await sql<DeliveryRow[]>`
    select ${deliveryColumns(sql)} from ${deliveryTable(sql)} where x.state = 'held' ${deliveriesWithin(sql, scope)} order by x.received_at, x.id limit 200`;
};

export const deliveryWithin = async (reader: Db | Tx, id: string, scope: Scope): Promise<DeliveryRow | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<DeliveryRow[]>`
    select ${deliveryColumns(sql)} from ${deliveryTable(sql)} where x.id = ${id} ${deliveriesWithin(sql, scope)}`;
  return row ?? null;
};

export interface ProblemPlace {
  readonly line: number;
  readonly column: string;
  readonly code: string;
}

/** Bad cells of one delivery in the file's order, from `after` on; the raw row stays in the table. */
export const problemsAfter = async (
  reader: Db | Tx,
  ask: { readonly deliveryId: string; readonly after: ProblemPlace | null; readonly limit: number },
): Promise<readonly Omit<ProblemRow, 'row'>[]> => {
  const sql = rawSql(reader);
  const { after } = ask;
  return await sql<Omit<ProblemRow, 'row'>[]>`
    select line, "column", code, masked, message, hint from delivery_problem where delivery_id = ${ask.deliveryId}
      ${after === null ? sql`` : sql`and (line, "column", code) > (${after.line}, ${after.column}, ${after.code})`}
    order by line, "column", code limit ${ask.limit}`;
};

export interface DatasetStanding {
  readonly dataset: string;
  readonly asOf: Day | null;
  readonly deliveredAt: Date | null;
  readonly deliveries: number;
  /** Rows of all its landed deliveries; 0 for readers of some divisions, whose people a whole delivery is not about. */
  readonly rowsGood: number;
  readonly rowsBad: number;
  /** Subjects within the scope it says something of, and all of its register there. */
  readonly subjects: number;
  readonly registered: number;
  readonly refused: number;
}

/** One row per dataset that was ever delivered. Counts of people are those of the caller's divisions. */
export const datasetStandings = async (reader: Db | Tx, scope: Scope): Promise<readonly DatasetStanding[]> => {
  const sql = rawSql(reader);
  const within = inDivisions(sql, scope, 'r.division');
  const said =
    scope.divisions === null
      ? sql`select dataset, register, count(*) filter (where cells <> '{}')::int as subjects, count(*) filter (where refused is not null)::int as refused
          from record_part group by 1, 2`
      : sql`select p.dataset, p.register, count(*) filter (where p.cells <> '{}')::int as subjects, count(*) filter (where p.refused is not null)::int as refused
          from record_part p join record r on r.register = p.register and r.subject_id = p.subject_id where true ${within} group by 1, 2`;
  return await sql<DatasetStanding[]>`
    with landed as (
      select dataset, scope ->> 'register' as register, max(as_of) as as_of, max(landed_at) as landed_at, count(*)::int as n,
        sum(rows_good)::int as rows_good, sum(rows_bad)::int as rows_bad
      from delivery where state = 'landed' group by 1, 2),
    said as (${said}),
    registered as (select r.register, count(*)::int as n from record r where true ${within} group by 1)
    select l.dataset, l.as_of as "asOf", l.landed_at as "deliveredAt", l.n as deliveries,
      ${scope.divisions === null ? sql`l.rows_good` : sql`0`} as "rowsGood", ${scope.divisions === null ? sql`l.rows_bad` : sql`0`} as "rowsBad",
      coalesce(s.subjects, 0) as subjects, coalesce(s.refused, 0) as refused, coalesce(r.n, 0) as registered
    from landed l left join said s on s.dataset = l.dataset and s.register = l.register left join registered r on r.register = l.register
    order by l.dataset`;
};

/** Fact → of how many subjects within the scope the dataset says anything of it. */
export const factsTold = async (reader: Db | Tx, scope: Scope, dataset: string): Promise<ReadonlyMap<string, number>> => {
  const sql = rawSql(reader);
  const rows = await sql<{ fact: string; n: number }[]>`
    select f.fact, count(*)::int as n from record_part p
      join record r on r.register = p.register and r.subject_id = p.subject_id cross join lateral (
        select key from jsonb_object_keys(p.cells) as key where key <> '$' union select jsonb_array_elements_text(p.cells #> '{$,0,f}')) as f(fact)
    where p.dataset = ${dataset} ${inDivisions(sql, scope, 'r.division')} group by 1`;
  return new Map(rows.map((row) => [row.fact, row.n]));
};
