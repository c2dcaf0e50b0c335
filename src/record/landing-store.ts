// The SQL that brings what a file lists (listed-store.ts) into the records, in one transaction: hand-written, set-based, and no statement reads the table
// it writes. Nothing temporary outlives the transaction, so a killed import leaves nothing behind.
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Sql } from '../db/handle.ts';
import type { Group } from './group.ts';
import type { Moves, OwnCells } from './record.ts';
import type { Sealer, StoredCells } from './sealed.ts';
import { parsed, type RawRows } from './stage-store.ts';

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

/** `place`: the division to test, default where the subject of `r` lives now. */
export const inDivisions = (sql: Sql, filter: DivisionFilter | null, place = sql`r.division`) =>
  filter === null ? sql`true` : sql`(${place} like any(${[...filter.prefixes]}::text[]) or ${place} = any(${[...filter.codes]}::text[]))`;

/** Where the subject of `r` lived on the delivery's day (`placeOn` as a query can say it). */
export const placeThen = (l: Landing) => l.sql`
  (case when r.moves is null or (r.moves -> -1 ->> 1)::date <= ${l.asOf} then r.division
    else (select x.m ->> 0 from jsonb_array_elements(r.moves) with ordinality as x(m, n) where (x.m ->> 1)::date > ${l.asOf} order by x.n limit 1) end)`;

/** `newer`: divisions for which a later full delivery or list of this dataset has landed already; null: none. */
export const isLate = (l: Landing, newer: DivisionFilter | null) =>
  newer === null ? l.sql`told_on > ${l.asOf}` : l.sql`(told_on > ${l.asOf} or ${inDivisions(l.sql, newer, l.sql`home`)})`;

export interface ToMerge {
  readonly subjectId: string;
  readonly line: number;
  readonly key: string;
  readonly rows: Group['rows'];
  readonly withdrawn: readonly string[] | null;
  readonly cells: OwnCells;
  readonly old: OwnCells;
  readonly late: boolean;
}

/** Listed subjects of whom this dataset has said something else before (and those withdrawn of whom it has not). */
export async function* readToMerge(l: Landing, newer: DivisionFilter | null, pageSize: number): AsyncGenerator<readonly ToMerge[]> {
  await l.sql`
    create temporary table to_merge on commit drop as
    select subject_id, line, key, rows, withdrawn, row_number() over (order by key) as n, coalesce(${isLate(l, newer)}, false) as late
    from listed where not bad and not fresh and ((told_on is not null and not same) or withdrawn is not null)`;
  await l.sql`create index on to_merge (n)`;
  for (let from = 0; ; from += pageSize) {
    const rows = await l.sql<(Omit<ToMerge, 'rows'> & RawRows)[]>`
      select m.subject_id as "subjectId", m.line, m.key, m.rows, m.withdrawn, m.late, s.cells, coalesce(p.cells, '{}') as old
      from to_merge m join stage s on s.line = m.line left join lateral (
        select cells from record_part where register = ${l.register} and subject_id = m.subject_id and dataset = ${l.dataset} offset 0
      ) p on true
      where m.n > ${from} and m.n <= ${from + pageSize}`;
    if (rows.length === 0) return;
    const open = (r: Pick<ToMerge, 'key'>, cells: OwnCells) => l.sealer.open(r.key, cells as StoredCells);
    yield parsed(rows).map((r) => ({ ...r, cells: open(r, r.cells), old: open(r, r.old) }));
  }
}

/** `cells` null: the dataset says nothing of the subject any more. */
export const writeMerged = async (
  l: Landing,
  merged: readonly (Pick<ToMerge, 'subjectId' | 'line' | 'key'> & { readonly cells: OwnCells | null })[],
): Promise<void> => {
  const stored = merged.flatMap(({ line, key, cells }) => (cells === null ? [] : [{ line, cells: l.sealer.cells(key, cells) }]));
  await l.sql`
    update stage s set cells = m.cells from jsonb_to_recordset(${JSON.stringify(stored)}::text::jsonb) as m(line int, cells jsonb) where s.line = m.line`;
  const gone = merged.flatMap(({ subjectId, cells }) => (cells === null ? [subjectId] : []));
  if (gone.length > 0) await l.sql`update listed set gone = true where subject_id = any(${gone}::uuid[])`;
};

/**
 * Ordinals go on where the register ends, in the file's order. `known`: divisions this dataset has listed before; whoever appears there now was not there
 * on an earlier day, so that older lists are silent about him. null: none.
 */
export const insertSubjects = async (l: Landing, known: DivisionFilter | null): Promise<number> => {
  const appeared = known === null ? l.sql`false` : inDivisions(l.sql, known, l.sql`division`);
  const [last] = await l.sql<{ next: number }[]>`select coalesce(max(ordinal) + 1, 0) as next from record where register = ${l.register}`;
  const done = await l.sql`
    insert into record (register, subject_id, key, ordinal, name, division, moves, revision)
    select ${l.register}, subject_id, key, ${last?.next ?? 0} - 1 + row_number() over (order by line), name, division,
      case when ${appeared} then jsonb_build_array(jsonb_build_array(null, ${l.asOf}::date)) end, ${l.revision}
    from listed where fresh and not bad and not gone and withdrawn is null and key is not null`;
  return done.count;
};

/** Who is about to move, and from where. */
export const readMovers = (
  l: Landing,
): Promise<{ readonly subjectId: string; readonly division: string; readonly moves: Moves | null }[]> =>
  l.sql<{ subjectId: string; division: string; moves: Moves | null }[]>`
    select s.subject_id as "subjectId", s.home as division, r.moves from listed s cross join lateral (
      select moves from record where register = ${l.register} and subject_id = s.subject_id offset 0
    ) r
    where not s.bad and not s.fresh and s.withdrawn is null and s.division <> s.home`;

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
    update record r set revision = ${l.revision}, (name, division, moves) = (
      select coalesce(s.name, r.name), coalesce(s.division, r.division), case when coalesce(s.division, r.division) is distinct from r.division
        then coalesce(r.moves, '[]') || jsonb_build_array(jsonb_build_array(r.division, greatest(${l.asOf}::date, (r.moves -> -1 ->> 1)::date)))
        else r.moves end
      from listed s where s.subject_id = r.subject_id)
    where r.register = ${l.register} and r.subject_id = any(array(select subject_id from listed where altered and not bad and withdrawn is null))`;
};

/**
 * Writes what differs and nothing else. `renew`: this delivery has no coverage of its own that says how fresh the listed are, so each carries its day.
 * Returns how many subjects were written.
 */
export const writeParts = async (l: Landing, renew: boolean): Promise<number> => {
  const { sql } = l;
  const renewed = sql`(l.told_on < ${l.asOf} and (${renew} or coalesce(l.division, l.home) is null))`;
  const fresh = sql`(l.told_on is null and (not l.fresh or l.withdrawn is null))`;
  // A part that is not to be renewed is offered with no day at all, so that its day alone is no difference.
  const written = await sql`
    insert into record_part as p (register, subject_id, dataset, as_of, delivery_id, cells, revision)
    select ${l.register}, l.subject_id, ${l.dataset}, case when l.told_on is null or ${renewed} then ${l.asOf}::date else '-infinity' end, ${l.deliveryId},
      s.cells, ${l.revision}
    from listed l join stage s on s.line = l.line
    where not l.bad and not l.gone and ${
      l.first
        ? fresh
        : sql`(${fresh} or (l.told_on is not null and (not l.same or l.withdrawn is not null or l.refused is not null or ${renewed})))`
    }
    ${l.first ? sql`` : sql`${onTold(l)}`}`;
  return written.count;
};

const onTold = ({ sql, asOf }: Landing) => sql`
  on conflict (register, subject_id, dataset) do update set cells = excluded.cells, as_of = greatest(p.as_of, ${asOf}::date),
    delivery_id = excluded.delivery_id, refused = case when p.refused > ${asOf}::date then p.refused end, revision = excluded.revision
  where p.cells is distinct from excluded.cells or p.refused is not null or p.as_of < excluded.as_of`;

/** Withdrawn subjects. A part that goes leaves its trace in the envelope's revision. */
export const removeWithdrawn = (l: Landing): Promise<number> => removeParts(l, l.sql`select subject_id from listed where gone and not bad`);

/** `whom`: a query for subject ids. */
export const removeParts = async (l: Landing, whom: ReturnType<Sql>): Promise<number> => {
  const done = await l.sql`
    with removed as (
      delete from record_part p where p.register = ${l.register} and p.dataset = ${l.dataset} and p.subject_id = any(array(${whom})) returning p.subject_id)
    update record r set revision = ${l.revision} from removed where r.register = ${l.register} and r.subject_id = removed.subject_id`;
  return done.count;
};

/** Lets the planner see what large landings did (drizzle/always/4_statistics.sql); nothing when the tables have hardly grown. */
export const refreshStatistics = async (db: Db): Promise<void> => {
  await rawSql(db)`select refresh_record_statistics()`;
};
