// The SQL of an import: a temporary table for what a file says, and the statements that bring it into the records in one transaction. Hand-written
// and set-based: 30,000 rows land in about 0.4 s. Nothing here outlives its transaction, so a killed import leaves nothing behind.
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Sql } from '../db/handle.ts';
import type { Group } from './group.ts';
import { newId } from './id-store.ts';
import type { StoredProblem } from './problem.ts';
import type { Moves, OwnCells } from './record.ts';
import type { Sealer, StoredCells } from './sealed.ts';

/** What every statement of one landing needs to know. */
export interface Landing {
  readonly sql: Sql;
  readonly deliveryId: string;
  readonly dataset: string;
  readonly register: string;
  readonly sealer: Sealer;
  readonly asOf: Day;
  readonly revision: bigint;
  /** Nothing of this dataset has landed before: there is nothing to compare with, to merge into or to take away. */
  readonly first: boolean;
  /** Deliveries that brought refused rows of this one already, while it was held: what they said stands. */
  readonly corrections: readonly string[];
}

/** Divisions as a query can test them: prefixes (with `%`) and codes beyond them. Empty prefix list and codes: nobody. */
export interface DivisionFilter {
  readonly prefixes: readonly string[];
  readonly codes: readonly string[];
}

const landingLock = 72_010;
const datasetLock = 72_011;

/** One import of a dataset at a time; others of it wait. Long statements are expected from here on. */
export const lockDataset = async (sql: Sql, dataset: string): Promise<void> => {
  await sql`select set_config('statement_timeout', '900000', true), set_config('lock_timeout', '900000', true)`;
  await sql`select pg_advisory_xact_lock(${datasetLock}, hashtext(${dataset}))`;
};

/** Landings go one after the other: revisions then grow in commit order, and whoever has seen revision n has seen everything up to n. */
export const lockLanding = async (sql: Sql): Promise<bigint> => {
  await sql`select pg_advisory_xact_lock(${landingLock})`;
  const [row] = await sql<{ next: bigint }[]>`
    select greatest((select coalesce(max(revision), 0) from record), (select coalesce(max(revision), 0) from record_part)) + 1 as next`;
  return row?.next ?? 1n;
};

/**
 * From here on every statement walks the stage and looks the rest up by index. Said outright, because nobody has analysed a register that this very
 * transaction fills: left alone, the planner took 127 s for the first 30,000 residents instead of 1 s.
 */
export const createStage = async (sql: Sql): Promise<void> => {
  await sql`
    select set_config(name, 'off', true) from unnest(array['enable_hashjoin', 'enable_mergejoin', 'enable_seqscan', 'enable_bitmapscan', 'enable_material']) as name`;
  await sql`
    create temporary table stage (line int not null, key text, rows text, name text, division text, withdrawn jsonb, bad boolean not null,
      cells jsonb not null, problems jsonb, gone boolean not null default false) on commit drop`;
};

/** Takes COPY text; resolves when the server has it all. */
export const copyIntoStage = async (sql: Sql, fill: (sink: (text: string) => Promise<void>) => Promise<void>): Promise<void> => {
  const stream = await sql`copy stage (line, key, rows, name, division, withdrawn, bad, cells, problems) from stdin`.writable();
  const broken = new Promise<never>((_, reject) => stream.once('error', reject));
  broken.catch(() => undefined);
  const sink = (text: string): Promise<void> =>
    Promise.race([broken, new Promise<void>((resolve) => (stream.write(text) ? resolve() : stream.once('drain', resolve)))]);
  try {
    await fill(sink);
  } catch (error) {
    stream.destroy(error as Error);
    throw error;
  }
  const ended = new Promise<void>((resolve) => stream.once('finish', resolve));
  stream.end();
  await Promise.race([broken, ended]);
};

export const indexStage = (sql: Sql): Promise<unknown> => sql`create index on stage (key)`;

/** `rows` stays text, and is left out where there is one row and no place in it: reading it as jsonb was a third of the copy. */
const rowsOf = (text: string | null, line: number): Group['rows'] => (text === null ? [[line, '']] : (JSON.parse(text) as Group['rows']));

/** Line and text of a group's rows as the stage has them. */
interface RawRows {
  readonly line: number;
  readonly rows: string | null;
}

const parsed = <R extends RawRows>(rows: readonly R[]): (Omit<R, 'rows'> & { readonly rows: Group['rows'] })[] =>
  rows.map((r) => ({ ...r, rows: rowsOf(r.rows, r.line) }));

export interface Taken {
  readonly key: string;
  readonly rows: Group['rows'];
}

interface StagedRow {
  readonly key: string;
  readonly rows: Group['rows'];
  readonly name: string | null;
  readonly division: string | null;
  readonly withdrawn: readonly string[] | null;
  readonly bad: boolean;
  readonly cells: OwnCells;
  readonly problems: readonly StoredProblem[] | null;
}

/** Subjects whose rows stood apart in the file, page by page, all groups of a subject together and in the file's order; they leave the stage. */
export async function* takeScattered(sql: Sql, sealer: Sealer, pageSize: number): AsyncGenerator<readonly (readonly StagedRow[])[]> {
  await sql`
    create temporary table scattered on commit drop as
    select key, row_number() over (order by key) as n from stage where key is not null group by key having count(*) > 1`;
  for (let from = 0; ; from += pageSize) {
    const rows = await sql<(Omit<StagedRow, 'rows'> & RawRows)[]>`
      with taken as (
        delete from stage s using scattered d where d.key = s.key and d.n > ${from} and d.n <= ${from + pageSize} returning s.*
      )
      select line, key, rows, name, division, withdrawn, bad, cells, problems from taken order by key, line`;
    if (rows.length === 0) return;
    const opened = parsed(rows).map((r) => ({ ...r, cells: sealer.open(r.key, r.cells as StoredCells) }));
    yield [...Map.groupBy(opened, (r) => r.key).values()];
  }
}

/** `place`: the division to test, default where the subject of `r` lives now. */
export const inDivisions = (sql: Sql, filter: DivisionFilter | null, place = sql`r.division`) =>
  filter === null ? sql`true` : sql`(${place} like any(${[...filter.prefixes]}::text[]) or ${place} = any(${[...filter.codes]}::text[]))`;

/** Where the subject of `r` lived on the delivery's day (`placeOn` as a query can say it). */
export const placeThen = (l: Landing) => l.sql`
  (case when r.moves is null or (r.moves -> -1 ->> 1)::date <= ${l.asOf} then r.division
    else (select x.m ->> 0 from jsonb_array_elements(r.moves) with ordinality as x(m, n) where (x.m ->> 1)::date > ${l.asOf} order by x.n limit 1) end)`;

/** Rows about nobody: they leave the stage and are named. */
export const takeUnknownSubjects = async (l: Landing): Promise<readonly Taken[]> =>
  parsed(
    await l.sql<(RawRows & { readonly key: string })[]>`
    delete from stage s where not s.bad and s.key is not null
      and not exists (select from record r where r.register = ${l.register} and r.key = s.key)
    returning s.line, s.rows, s.key`,
  );

/** Rows about subjects who lived elsewhere on the delivery's day; whoever had no known division passes. */
export const takeOutOfScope = async (l: Landing, scope: DivisionFilter): Promise<readonly Taken[]> =>
  parsed(
    await l.sql<(RawRows & { readonly key: string })[]>`
    delete from stage s using record r
    where not s.bad and r.register = ${l.register} and r.key = s.key and ${placeThen(l)} is not null
      and not ${inDivisions(l.sql, scope, placeThen(l))}
    returning s.line, s.rows, s.key`,
  );

/** `newer`: divisions for which a later full delivery or list of this dataset has landed already; null: none. */
const isLate = (l: Landing, newer: DivisionFilter | null) =>
  newer === null ? l.sql`(p.as_of > ${l.asOf})` : l.sql`(p.as_of > ${l.asOf} or ${inDivisions(l.sql, newer)})`;

/** Rows that something newer has overtaken. */
export const takeLate = async (l: Landing, newer: DivisionFilter | null): Promise<readonly Taken[]> =>
  parsed(
    await l.sql<(RawRows & { readonly key: string })[]>`
    delete from stage s using record r
      left join record_part p on p.register = r.register and p.subject_id = r.subject_id and p.dataset = ${l.dataset}
    where r.register = ${l.register} and r.key = s.key and ${isLate(l, newer)}
    returning s.line, s.rows, s.key`,
  );

export interface ToMerge {
  readonly key: string;
  readonly rows: Group['rows'];
  readonly withdrawn: readonly string[] | null;
  readonly cells: OwnCells;
  readonly old: OwnCells;
  readonly late: boolean;
}

/** Staged subjects of whom this dataset has said something else before (and, `withdrawals`, those withdrawn of whom it has not). */
export async function* readToMerge(l: Landing, newer: DivisionFilter | null, pageSize: number): AsyncGenerator<readonly ToMerge[]> {
  await l.sql`
    create temporary table to_merge on commit drop as
    select s.key, row_number() over (order by s.key) as n, coalesce(p.cells, '{}') as old, coalesce(${isLate(l, newer)}, false) as late
    from stage s join record r on r.register = ${l.register} and r.key = s.key
      left join lateral (
        -- Fenced off by offset: without statistics the planner takes all parts of the dataset for one row and scans them per subject.
        select cells, as_of, refused from record_part where register = r.register and subject_id = r.subject_id and dataset = ${l.dataset} offset 0
      ) p on true
    where not s.bad and ((p.cells is not null and p.cells is distinct from s.cells) or s.withdrawn is not null)`;
  for (let from = 0; ; from += pageSize) {
    const rows = await l.sql<(Omit<ToMerge, 'rows'> & RawRows)[]>`
      select s.line, s.key, s.rows, s.withdrawn, s.cells, m.old, m.late from to_merge m join stage s on s.key = m.key
      where m.n > ${from} and m.n <= ${from + pageSize} and not s.bad`;
    if (rows.length === 0) return;
    const open = (r: Pick<ToMerge, 'key'>, cells: OwnCells) => l.sealer.open(r.key, cells as StoredCells);
    yield parsed(rows).map((r) => ({ ...r, cells: open(r, r.cells), old: open(r, r.old) }));
  }
}

/** `cells` null: the dataset says nothing of the subject any more. */
export const writeMerged = async (
  l: Landing,
  merged: readonly { readonly key: string; readonly cells: OwnCells | null }[],
): Promise<void> => {
  const stored = merged.map((m) => ({ key: m.key, cells: m.cells === null ? null : l.sealer.cells(m.key, m.cells) }));
  await l.sql`
    update stage s set cells = coalesce(m.cells, '{}'), gone = m.cells is null
    from (select key, nullif(cells, 'null') as cells from jsonb_to_recordset(${JSON.stringify(stored)}::text::jsonb) as x(key text, cells jsonb)) m
    where s.key = m.key and not s.bad`;
};

/**
 * Ordinals go on where the register ends, in the file's order. `known`: divisions this dataset has listed before; whoever appears there now was not there
 * on an earlier day, so that older lists are silent about him. null: none.
 */
export const insertSubjects = async (l: Landing, known: DivisionFilter | null): Promise<number> => {
  const appeared = known === null ? l.sql`false` : inDivisions(l.sql, known, l.sql`s.division`);
  const done = await l.sql`
    insert into record (register, subject_id, key, ordinal, name, division, moves, revision)
    select ${l.register}, ${newId(l.sql, l.revision)}, s.key,
      (select coalesce(max(ordinal), -1) from record where register = ${l.register}) + row_number() over (order by s.line), s.name, s.division,
      case when ${appeared} then jsonb_build_array(jsonb_build_array(null, ${l.asOf}::date)) end, ${l.revision}
    from stage s
    where not s.bad and not s.gone and s.withdrawn is null and s.key is not null
      and not exists (select from record r where r.register = ${l.register} and r.key = s.key)`;
  return done.count;
};

/** Who is about to move, and from where. */
export const readMovers = (
  l: Landing,
): Promise<{ readonly subjectId: string; readonly division: string; readonly moves: Moves | null }[]> =>
  l.sql<{ subjectId: string; division: string; moves: Moves | null }[]>`
    select r.subject_id as "subjectId", r.division, r.moves from stage s join record r on r.register = ${l.register} and r.key = s.key
    where not s.bad and s.withdrawn is null and s.division <> r.division`;

/** Writes into parts how fresh they are, where only the coverage of a division said so until now. */
export const keepFreshness = async (
  l: Landing,
  known: readonly { readonly subjectId: string; readonly dataset: string; readonly asOf: Day }[],
): Promise<void> => {
  await l.sql`
    update record_part p set as_of = k."asOf", revision = ${l.revision}
    from jsonb_to_recordset(${JSON.stringify(known)}::text::jsonb) as k("subjectId" uuid, dataset text, "asOf" date)
    where p.register = ${l.register} and p.subject_id = k."subjectId" and p.dataset = k.dataset and p.refused is null and p.as_of < k."asOf"`;
};

/** Names and divisions that changed; an empty cell leaves what stood. Who moves keeps where he lived until this delivery's day. */
export const updateEnvelopes = async (l: Landing): Promise<void> => {
  await l.sql`
    update record r set name = coalesce(s.name, r.name), division = coalesce(s.division, r.division), revision = ${l.revision},
      moves = case when coalesce(s.division, r.division) is distinct from r.division
        then coalesce(r.moves, '[]') || jsonb_build_array(jsonb_build_array(r.division, greatest(${l.asOf}::date, (r.moves -> -1 ->> 1)::date)))
        else r.moves end
    from stage s
    where r.register = ${l.register} and r.key = s.key and not s.bad and s.withdrawn is null
      and (coalesce(s.name, r.name) is distinct from r.name or coalesce(s.division, r.division) is distinct from r.division)`;
};

/**
 * Writes what differs and nothing else. `renew`: this delivery has no coverage of its own that says how fresh the listed are, so each carries its day.
 * Returns how many subjects were written.
 */
export const writeParts = async (l: Landing, renew: boolean): Promise<number> => {
  const updated = l.first ? 0 : await updateParts(l, renew);
  const inserted = await l.sql`
    insert into record_part (register, subject_id, dataset, as_of, delivery_id, cells, revision)
    select r.register, r.subject_id, ${l.dataset}, ${l.asOf}, ${l.deliveryId}, s.cells, ${l.revision}
    from stage s join record r on r.register = ${l.register} and r.key = s.key
    where not s.bad and not s.gone and (${l.first} or not exists (
      select from record_part p where p.register = r.register and p.subject_id = r.subject_id and p.dataset = ${l.dataset}))`;
  return updated + inserted.count;
};

const updateParts = async (l: Landing, renew: boolean): Promise<number> => {
  const updated = await l.sql`
    update record_part p
    set cells = s.cells, as_of = greatest(p.as_of, ${l.asOf}), delivery_id = ${l.deliveryId},
      refused = case when p.refused > ${l.asOf} then p.refused end, revision = ${l.revision}
    from stage s join record r on r.register = ${l.register} and r.key = s.key
    where p.register = r.register and p.subject_id = r.subject_id and p.dataset = ${l.dataset} and not s.bad and not s.gone
      and (p.cells is distinct from s.cells or p.refused is not null or (p.as_of < ${l.asOf} and (${renew} or r.division is null)))`;
  return updated.count;
};

/** Withdrawn subjects. A part that goes leaves its trace in the envelope's revision. */
export const removeWithdrawn = async (l: Landing): Promise<number> => {
  const done = await l.sql`
    with removed as (
      delete from record_part p using stage s, record r
      where s.gone and not s.bad and r.register = ${l.register} and r.key = s.key
        and p.register = r.register and p.subject_id = r.subject_id and p.dataset = ${l.dataset}
      returning p.subject_id)
    update record r set revision = ${l.revision} from removed where r.register = ${l.register} and r.subject_id = removed.subject_id`;
  return done.count;
};

/** Lets the planner see what large landings did (drizzle/always/4_statistics.sql); nothing when the tables have hardly grown. */
export const refreshStatistics = async (db: Db): Promise<void> => {
  await rawSql(db)`select refresh_record_statistics()`;
};
