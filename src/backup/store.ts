// The only SQL of backup and restore: what tables there are and in which order foreign keys let them be filled, rows out and in by COPY, sequences.
import type { Writable } from 'node:stream';
import { fail } from '../base/problem.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';

export interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

/** Sign-ins and one-time links are not brought back: who had signed out since must stay so. `schema_migration` is the migrations' own. */
const leftOut: readonly string[] = ['session', 'verification', 'rate_limit', 'schema_migration'];

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** The tables of the product, parents before children. */
export const tablesInOrder = async (reader: Db | Tx): Promise<readonly Table[]> => {
  const sql = rawSql(reader);
  const tables = await sql<Table[]>`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) filter (where a.attgenerated = '') as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname <> all(${[...leftOut]}::text[])
    group by c.relname order by c.relname`;
  const keys = await sql<{ child: string; parent: string }[]>`
    select distinct c.relname as child, p.relname as parent from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class p on p.oid = k.confrelid
    where k.contype = 'f' and c.relnamespace = 'public'::regnamespace and c.oid <> p.oid`;
  const placed = new Set<string>();
  const order: Table[] = [];
  while (order.length < tables.length) {
    const free = tables.filter(
      (table) =>
        !placed.has(table.name) && keys.every((key) => key.child !== table.name || placed.has(key.parent) || leftOut.includes(key.parent)),
    );
    if (free.length === 0) fail('internal.backup', '', '表之间的外键成环，不能备份。', '请联系系统管理员。');
    for (const table of free) {
      placed.add(table.name);
      order.push(table);
    }
  }
  return order;
};

export const appliedMigrations = async (reader: Db | Tx): Promise<readonly { readonly name: string; readonly sha256: string }[]> =>
  await rawSql(reader)<{ name: string; sha256: string }[]>`
    select name, sha256 from schema_migration where name not like 'always/%' order by name`;

export async function* rowsOut(tx: Tx, { name, columns }: Table): AsyncGenerator<Uint8Array> {
  const stream = await rawSql(tx)
    .unsafe(`copy ${quoted(name)} (${columns.map(quoted).join(', ')}) to stdout`)
    .readable();
  yield* stream as AsyncIterable<Uint8Array>;
  // The driver pauses its socket when the reader is slow and resumes it when the reader asks for more; when the end came in the same piece nobody asks any
  // more, and the next statement would wait for ever.
  stream._read(0);
}

export const rowsIn = (tx: Tx, { name, columns }: Table): Promise<Writable> =>
  rawSql(tx)
    .unsafe(`copy ${quoted(name)} (${columns.map(quoted).join(', ')}) from stdin`)
    .writable();

export const countRows = async (tx: Tx, name: string): Promise<number> => {
  const [row] = await rawSql(tx).unsafe<{ n: number }[]>(`select count(*)::int as n from ${quoted(name)}`);
  return row?.n ?? 0;
};

/** Sequences only grow, so read after the rows they are never behind them. */
export const sequences = async (reader: Db | Tx): Promise<readonly { readonly name: string; readonly last: string }[]> =>
  await rawSql(reader)<{ name: string; last: string }[]>`
    select sequencename as name, last_value::text as last from pg_sequences where schemaname = 'public' and last_value is not null order by 1`;

export const setSequences = async (tx: Tx, values: readonly { readonly name: string; readonly last: string }[]): Promise<void> => {
  for (const { name, last } of values) await rawSql(tx)`select setval(${`public.${quoted(name)}`}::regclass, ${last}::bigint)`;
};

/** The first table with a row in it; null: nothing is here, tables or not. */
export const firstFilled = async (reader: Db | Tx): Promise<string | null> => {
  const sql = rawSql(reader);
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and relname <> 'schema_migration' order by 1`;
  for (const { name } of tables) {
    const [row] = await sql.unsafe<{ filled: boolean }[]>(`select exists (select from ${quoted(name)}) as filled`);
    if (row?.filled === true) return name;
  }
  return null;
};

export const analyzeAll = async (db: Db): Promise<void> => {
  await rawSql(db)`analyze`;
};
