// Sealed values by the keys that sealed them: counted, read page by page, replaced by `reseal` (drizzle/always/5_reseal.sql). SQL is put together from what
// `SealedColumn` says, which is code and never input.
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { SealedColumn, SealedRow } from './column.ts';

const nameOf = (one: SealedColumn): string =>
  one.path === undefined ? `t."${one.column}"` : `t."${one.column}" #>> '{${one.path.join(',')}}'`;
const headOf = (one: SealedColumn): string => (one.bytes ? `substr(${nameOf(one)}, 1, 16)` : `envelope_head(${nameOf(one)})`);
const wholeOf = (one: SealedColumn): string => (one.bytes ? `translate(encode(${nameOf(one)}, 'base64'), E'\\n', '')` : nameOf(one));
const whereOf = (one: SealedColumn): string => `t."${one.column}" is not null${one.where === undefined ? '' : ` and ${one.where}`}`;

/** How many values each key sealed in a column. */
export const keysIn = async (reader: Db | Tx, one: SealedColumn): Promise<ReadonlyMap<string, number>> => {
  const rows = await rawSql(reader).unsafe<{ key: string | null; n: number }[]>(
    `select envelope_key(${headOf(one)}) as key, count(*)::float8 as n from ${one.table} t where ${whereOf(one)} group by 1`,
  );
  return new Map(rows.flatMap(({ key, n }) => (key === null ? [] : [[key, n]])));
};

/** Names and types of the primary key, in its order. */
export const primaryKey = async (reader: Db | Tx, table: string): Promise<readonly (readonly [name: string, type: string])[]> => {
  const rows = await rawSql(reader)<{ name: string; type: string }[]>`
    select a.attname as name, format_type(a.atttypid, a.atttypmod) as type
    from pg_index i, unnest(i.indkey) with ordinality as k(number, place), pg_attribute a
    where i.indrelid = ${table}::text::regclass and i.indisprimary and a.attrelid = i.indrelid and a.attnum = k.number order by k.place`;
  return rows.map(({ name, type }) => [name, type]);
};

export interface SealedValue {
  readonly row: SealedRow;
  /** The primary key, in its order. */
  readonly key: readonly string[];
  readonly sealed: Uint8Array;
}

/** The next values that another key than `newest` sealed, in the order of the primary key, after `after`. */
export const oldValues = async (
  reader: Db | Tx,
  one: SealedColumn,
  key: readonly (readonly [name: string, type: string])[],
  newest: string,
  after: readonly string[] | null,
): Promise<readonly SealedValue[]> => {
  const names = key.map(([name]) => `t."${name}"`).join(', ');
  const from = key.map(([, type], at) => `$${at + 2}::text::${type}`).join(', ');
  const needs = Object.entries(one.needs ?? {}).map(([name, text]) => `(${text})::text as "${name}"`);
  const rows = await rawSql(reader).unsafe<(Record<string, string> & { $sealed: string })[]>(
    `select ${[...key.map(([name]) => `t."${name}"::text as "${name}"`), ...needs].join(', ')}, ${wholeOf(one)} as "$sealed"
     from ${one.table} t ${one.join ?? ''}
     where ${whereOf(one)} and envelope_key(${headOf(one)}) <> $1 ${after === null ? '' : `and (${names}) > (${from})`}
     order by ${names} limit ${one.page ?? 500}`,
    [newest, ...(after ?? [])],
  );
  return rows.map((row) => ({ row, key: key.map(([name]) => row[name] as string), sealed: Buffer.from(row.$sealed, 'base64') }));
};

/** Owner only. How many were replaced: a row that somebody holds or has changed is not. */
export const replaceSealed = async (
  tx: Tx,
  one: SealedColumn,
  given: readonly { readonly key: readonly string[]; readonly before: Uint8Array; readonly after: Uint8Array }[],
): Promise<number> => {
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const rows = given.map(({ key, before, after }) => ({ k: key, before: text(before), after: text(after) }));
  const [row] = await rawSql(tx)<{ n: number }[]>`
    select reseal(${one.table}::text::regclass, ${one.column}, ${one.path === undefined ? null : [...one.path]}::text[], ${JSON.stringify(rows)}::text::jsonb) as n`;
  return row?.n ?? 0;
};

/** Running programs that do not hold the newest key yet, by the key they seal with. */
export const olderPrograms = async (reader: Db | Tx, newest: string): Promise<readonly string[]> => {
  const rows = await rawSql(reader)<{ key: string }[]>`
    select distinct substr(application_name, 10) as key from pg_stat_activity
    where datname = current_database() and application_name like 'zhixiang k%' and application_name <> ${`zhixiang ${newest}`} order by 1`;
  return rows.map((row) => row.key);
};
