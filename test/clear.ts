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
