// Everything a database dump would show a reader without the keys: every column of every table as text, inflated where it is only compressed.
import { inflateRawSync } from 'node:zlib';
import type { Sql } from '../src/db/handle.ts';

export interface ClearText {
  /** `table.column`. */
  readonly column: string;
  readonly text: string;
}

/** A deflated value hides nothing from whoever looks. */
const readable = (bytes: Uint8Array): string => {
  try {
    return `${Buffer.from(bytes).toString('utf8')}\n${inflateRawSync(bytes).toString('utf8')}`;
  } catch {
    return Buffer.from(bytes).toString('utf8');
  }
};

/** One entry per column of the schema `public`, all rows in one text; empty columns are left out. */
export const clearTexts = async (sql: Sql): Promise<readonly ClearText[]> => {
  const columns = await sql<{ table: string; column: string; type: string }[]>`
    select c.table_name as "table", c.column_name as "column", c.udt_name as type from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE' order by 1, 2`;
  const texts: ClearText[] = [];
  for (const { table, column, type } of columns) {
    const name = `${table}.${column}`;
    if (type === 'bytea') {
      const rows = await sql<{ value: Uint8Array }[]>`select ${sql(column)} as value from ${sql(table)} where ${sql(column)} is not null`;
      if (rows.length > 0) texts.push({ column: name, text: rows.map((row) => readable(row.value)).join('\n') });
    } else {
      const [row] = await sql<{ value: string | null }[]>`select string_agg(${sql(column)}::text, chr(10)) as value from ${sql(table)}`;
      if (row?.value != null && row.value !== '') texts.push({ column: name, text: row.value });
    }
  }
  return texts;
};

/** Names and hashes of ours, and whatever is sealed: long runs that chance wrote, in which anything short would turn up sooner or later. */
const drawn = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{32,}\b|[A-Za-z0-9+/_-]{22,}={0,2}/g;

/** Where in the clear one of these values stands as a word of its own, by column; numbers are found with and without thousands marks. */
export const foundIn = (texts: readonly ClearText[], values: ReadonlySet<string>): Readonly<Record<string, readonly string[]>> => {
  const found: Record<string, string[]> = {};
  for (const { column, text } of texts) {
    const words =
      text
        .replace(drawn, ' ')
        .replace(/(?<=\d),(?=\d{3})/g, '')
        .match(/[\p{L}\p{N}@._-]+/gu) ?? [];
    const hits = new Set(words.filter((word) => values.has(word) || values.has(word.replace(/[._-]+$/, ''))));
    if (hits.size > 0) found[column] = [...hits].sort();
  }
  return found;
};

/** Columns in which an envelope of the vault stands, whoever put it there: algorithm, length of the key's id, `k…`, as bytes or in base64. */
export const sealedIn = async (sql: Sql): Promise<readonly string[]> => {
  const columns = await sql<{ table: string; column: string; type: string }[]>`
    select c.table_name as "table", c.column_name as "column", c.udt_name as type from information_schema.columns c
    join information_schema.tables t using (table_schema, table_name)
    where c.table_schema = 'public' and t.table_type = 'BASE TABLE' order by 1, 2`;
  const found: string[] = [];
  for (const { table, column, type } of columns) {
    const [row] =
      type === 'bytea'
        ? await sql`select from ${sql(table)} where envelope_key(substr(${sql(column)}, 1, 16)) is not null limit 1`
        : await sql`select from ${sql(table)} where ${sql(column)}::text ~ 'A[Qg][JNRVZd]r[A-Za-z0-9+/]{40}' limit 1`;
    if (row !== undefined) found.push(`${table}.${column}`);
  }
  return found;
};
