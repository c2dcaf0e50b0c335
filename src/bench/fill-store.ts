// The SQL of the filling: a throw-away database is filled as its owner, indexes last, as a restored one would be.
import { createReadStream } from 'node:fs';
import type { Day } from '../base/day.ts';
import { copyIn } from '../db/copy.ts';
import type { Sql } from '../db/handle.ts';

/** Long statements are expected from here on; `sql` is one connection. */
export const expectLong = async (sql: Sql): Promise<void> => {
  await sql`set statement_timeout = 0`;
};

/** What it takes to make the indexes and keys again. */
export const dropIndexes = async (sql: Sql): Promise<readonly string[]> => {
  await expectLong(sql);
  await sql`set maintenance_work_mem = '512MB'`;
  return [...(await dropIndexesOf(sql, 'record')), ...(await dropIndexesOf(sql, 'record_part'))];
};

const dropIndexesOf = async (sql: Sql, table: string): Promise<readonly string[]> => {
  const keys = await sql<{ name: string; text: string }[]>`
    select conname as name, pg_get_constraintdef(oid) as text from pg_constraint where conrelid = ${table}::regclass and contype in ('p', 'u') order by 1`;
  for (const { name } of keys) await sql`alter table ${sql(table)} drop constraint ${sql(name)}`;
  const others = await sql<{ name: string; text: string }[]>`
    select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as text from pg_index where indrelid = ${table}::regclass order by 1`;
  for (const { name } of others) await sql`drop index ${sql(name)}`;
  return [...keys.map(({ name, text }) => `alter table ${table} add constraint ${name} ${text}`), ...others.map(({ text }) => text)];
};

export const makeIndexes = async (sql: Sql, statements: readonly string[]): Promise<void> => {
  for (const statement of statements) await sql.unsafe(statement);
};

export const copyFile = async (sql: Sql, table: 'record' | 'record_part', file: string): Promise<void> => {
  const opening = table === 'record' ? sql`copy record from stdin`.writable() : sql`copy record_part from stdin`.writable();
  await copyIn(opening, async (sink) => {
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 18 })) await sink(piece as Uint8Array);
  });
};

export interface FilledDelivery {
  readonly id: string;
  readonly dataset: string;
  readonly kind: string;
  readonly scope: { readonly register: string; readonly division: string | null };
  readonly asOf: Day;
  readonly rows: number;
}

export const insertDelivery = async (sql: Sql, d: FilledDelivery, at: Date): Promise<void> => {
  await sql`
    insert into delivery (id, dataset, kind, scope, as_of, sha256, file_name, state, rows_read, rows_good, received_at, received_by, landed_at)
    values (${d.id}, ${d.dataset}, ${d.kind}, ${sql.json(d.scope)}, ${d.asOf}, ${d.id}, ${`${d.dataset}.csv`}, 'landed', ${d.rows}, ${d.rows}, ${at},
      'bench', ${at})`;
};

export const tidyUp = async (sql: Sql): Promise<void> => {
  await sql`vacuum (analyze) record, record_part`;
  await sql`checkpoint`;
};
