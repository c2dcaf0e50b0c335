// Reading records: the one door for everybody else. Writing is the import's (`landing-store.ts`), deliveries are in `delivery-store.ts`.
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { vaultOf } from '../vault/hold.ts';
import type { Vault } from '../vault/vault.ts';
import type { Cell, Moves, Provenance, SubjectRecord } from './record.ts';
import { openCells, type StoredCells } from './sealed.ts';

export { coverages, type DeliveryRow, type DeliveryTotals, deliveries, deliveryById, problemsOf } from './delivery-store.ts';

type PartJson = readonly [dataset: string, asOf: Day, delivery: string, refused: Day | null, cells: StoredCells];

interface Row {
  readonly register: string;
  readonly subjectId: string;
  readonly key: string;
  readonly ordinal: number;
  readonly name: string | null;
  readonly division: string | null;
  readonly moves: Moves | null;
  readonly parts: string;
}

/** Parts as one JSON text per subject, put together by hand: json_agg costs as much again, and a row per part three times the round trip. */
const parts = (sql: Sql) => sql`
  coalesce('[' || string_agg('["' || p.dataset || '","' || p.as_of || '","' || p.delivery_id || '",' || coalesce('"' || p.refused || '"', 'null')
    || ',' || p.cells::text || ']', ',' order by p.dataset) || ']', '[]') as parts`;

const from = (sql: Sql) => sql`
  from record r left join record_part p on p.register = r.register and p.subject_id = r.subject_id`;

const envelope = (sql: Sql) => sql`r.register, r.subject_id as "subjectId", r.key, r.ordinal, r.name, r.division, r.moves`;

const recordOf = (vault: () => Vault, row: Row): SubjectRecord => {
  const facts: Record<string, Cell[]> = {};
  const provenance: Record<string, Provenance> = {};
  const { register, key } = row;
  for (const [dataset, asOf, delivery, refused, stored] of JSON.parse(row.parts) as readonly PartJson[]) {
    const cells = openCells(vault, { register, dataset, key }, stored);
    provenance[dataset] = refused === null ? { asOf, delivery } : { asOf, delivery, refused };
    for (const fact in cells) {
      const own = facts[fact] ?? [];
      for (const cell of cells[fact] ?? []) own.push({ ...cell, d: dataset });
      facts[fact] = own;
    }
  }
  const { subjectId, ordinal, name, division, moves } = row;
  return { register, subjectId, key, ordinal, name, division, ...(moves === null ? {} : { moves }), facts, provenance };
};

export interface Stretch {
  /** First ordinal, default 0. */
  readonly fromOrdinal?: number;
  /** How many ordinals at most, default all. */
  readonly limit?: number;
}

const pageSize = 2000;

/** Records in ordinal order, page by page; pass a `repeatable read` transaction when all pages must be of one moment. */
export async function* streamRecords(reader: Db | Tx, register: string, stretch: Stretch = {}): AsyncGenerator<SubjectRecord> {
  const sql = rawSql(reader);
  const vault = () => vaultOf(reader);
  const first = stretch.fromOrdinal ?? 0;
  const [last] = await sql<{ end: number | null }[]>`select max(ordinal) + 1 as end from record where register = ${register}`;
  const end = Math.min(last?.end ?? 0, stretch.limit === undefined ? Number.POSITIVE_INFINITY : first + stretch.limit);
  for (let at = first; at < end; at += pageSize) {
    const rows = await sql<Row[]>`
      select ${envelope(sql)}, ${parts(sql)} ${from(sql)}
      where r.register = ${register} and r.ordinal >= ${at} and r.ordinal < ${Math.min(at + pageSize, end)}
      group by r.register, r.subject_id order by r.ordinal`;
    for (const row of rows) yield recordOf(vault, row);
  }
}

export const recordByKey = async (reader: Db | Tx, register: string, key: string): Promise<SubjectRecord | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<Row[]>`
    select ${envelope(sql)}, ${parts(sql)} ${from(sql)} where r.register = ${register} and r.key = ${key} group by r.register, r.subject_id`;
  return row === undefined ? null : recordOf(() => vaultOf(reader), row);
};

/** null: nobody of that id in the register. */
export const recordById = async (reader: Db | Tx, register: string, subjectId: string): Promise<SubjectRecord | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<Row[]>`
    select ${envelope(sql)}, ${parts(sql)} ${from(sql)} where r.register = ${register} and r.subject_id = ${subjectId} group by r.register, r.subject_id`;
  return row === undefined ? null : recordOf(() => vaultOf(reader), row);
};

/** Some subjects of a register, by id or by key, in ordinal order; whoever does not exist is absent. */
export const recordsOf = async (
  reader: Db | Tx,
  register: string,
  by: { readonly ids: readonly string[] } | { readonly keys: readonly string[] },
): Promise<readonly SubjectRecord[]> => {
  const sql = rawSql(reader);
  const chosen = 'ids' in by ? sql`r.subject_id = any(${[...by.ids]}::uuid[])` : sql`r.key = any(${[...by.keys]}::text[])`;
  const rows = await sql<Row[]>`
    select ${envelope(sql)}, ${parts(sql)} ${from(sql)} where r.register = ${register} and ${chosen} group by r.register, r.subject_id order by r.ordinal`;
  return rows.map((row) => recordOf(() => vaultOf(reader), row));
};

/** The same by place in the register. */
export const recordsAt = async (reader: Db | Tx, register: string, ordinals: readonly number[]): Promise<readonly SubjectRecord[]> => {
  const sql = rawSql(reader);
  const out: SubjectRecord[] = [];
  for (let at = 0; at < ordinals.length; at += pageSize) {
    const rows = await sql<Row[]>`
      select ${envelope(sql)}, ${parts(sql)} ${from(sql)}
      where r.register = ${register} and r.ordinal = any(${ordinals.slice(at, at + pageSize)}::int[])
      group by r.register, r.subject_id order by r.ordinal`;
    out.push(...rows.map((row) => recordOf(() => vaultOf(reader), row)));
  }
  return out;
};

/** Where in the register these keys stand, for good once they do, and by which revision they were last changed; keys of nobody are left out. */
export const placesOf = async (
  reader: Db | Tx,
  register: string,
  keys: Iterable<string>,
): Promise<readonly { readonly key: string; readonly ordinal: number; readonly revision: bigint }[]> =>
  await rawSql(reader)<{ key: string; ordinal: number; revision: bigint }[]>`
    select key, ordinal, revision from record where register = ${register} and key = any(${[...keys]}::text[]) order by ordinal`;

/** How many subjects a register has; their ordinals are 0 … count − 1. */
export const countRecords = async (reader: Db | Tx, register: string): Promise<number> => {
  const [row] = await rawSql(reader)<{ n: number }[]>`select coalesce(max(ordinal) + 1, 0) as n from record where register = ${register}`;
  return row?.n ?? 0;
};

/** The newest revision there is; 0n before the first record. Whoever has seen it has seen every change up to it. */
export const newestRevision = async (reader: Db | Tx): Promise<bigint> => {
  const [row] = await rawSql(reader)<{ newest: bigint }[]>`
    select greatest((select coalesce(max(revision), 0) from record), (select coalesce(max(revision), 0) from record_part)) as newest`;
  return row?.newest ?? 0n;
};

/** Ordinals of subjects that changed after `revision`, ascending. Coverage is not among it: a renewed full delivery changes no subject. */
export const changedSince = async (reader: Db | Tx, register: string, revision: bigint): Promise<readonly number[]> => {
  const rows = await rawSql(reader)<{ ordinal: number }[]>`
    select ordinal from record where register = ${register} and revision > ${revision}
    union
    select r.ordinal from record_part p join record r on r.register = p.register and r.subject_id = p.subject_id
    where p.register = ${register} and p.revision > ${revision}
    order by 1`;
  return rows.map((r) => r.ordinal);
};

/** What a dataset said on a day of `[first, end)`. */
export interface TurningParts {
  readonly dataset: string;
  readonly first: Day;
  readonly end: Day;
}

/** Ordinals of subjects of whom one of the datasets spoke last within its days, ascending. */
export const turningSince = async (reader: Db | Tx, register: string, windows: readonly TurningParts[]): Promise<readonly number[]> => {
  const rows = await rawSql(reader)<{ ordinal: number }[]>`
    select distinct r.ordinal from unnest(${windows.map((w) => w.dataset)}::text[], ${windows.map((w) => w.first)}::date[],
        ${windows.map((w) => w.end)}::date[]) as w(dataset, first, "end")
      join record_part p on p.register = ${register} and p.dataset = w.dataset and p.as_of >= w.first and p.as_of < w."end"
      join record r on r.register = p.register and r.subject_id = p.subject_id
    order by 1`;
  return rows.map((r) => r.ordinal);
};

export interface DatasetQuality {
  readonly dataset: string;
  readonly register: string;
  /** Newest day it speaks of, by delivery or coverage; null: never delivered. */
  readonly asOf: Day | null;
  readonly deliveries: number;
  /** Rows of all its landed deliveries, and those refused. */
  readonly rowsGood: number;
  readonly rowsBad: number;
  /** Subjects it says something of, those whose last row was refused, and all subjects of its register. */
  readonly subjects: number;
  readonly refused: number;
  readonly registered: number;
}

/** One row per dataset that was ever delivered; `subjects / registered` is what a reader calls its share. About 0.2 s for 600,000 parts. */
export const datasetQuality = async (reader: Db | Tx): Promise<readonly DatasetQuality[]> =>
  rawSql(reader)<DatasetQuality[]>`
    with delivered as (
      select dataset, scope ->> 'register' as register, max(as_of) as as_of, count(*)::int as n, sum(rows_good)::int as good, sum(rows_bad)::int as bad
      from delivery where state = 'landed' group by 1, 2),
    said as (
      select dataset, register, (count(*) filter (where cells <> '{}'))::int as subjects, (count(*) filter (where refused is not null))::int as refused
      from record_part group by 1, 2),
    registered as (select register, count(*)::int as n from record group by 1)
    select d.dataset, d.register, d.as_of as "asOf", d.n as deliveries, d.good as "rowsGood", d.bad as "rowsBad",
      coalesce(s.subjects, 0) as subjects, coalesce(s.refused, 0) as refused, coalesce(r.n, 0) as registered
    from delivered d left join said s on s.dataset = d.dataset and s.register = d.register left join registered r on r.register = d.register
    order by d.register, d.dataset`;
