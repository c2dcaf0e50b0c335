// Invariant 8 by what PostgreSQL itself knows of every row: the transaction that wrote it last. Whatever was written in a transaction without an entry of the
// audit trail is found, in any table, and however it was written.
import type { Sql } from '../src/db/handle.ts';

/** Rows last written in a transaction that left no audit entry, by table; `from`: only by transactions that began after this id (`currentTransaction`). */
export const unaudited = async (sql: Sql, from = '0'): Promise<Readonly<Record<string, number>>> => {
  const tables = await sql<{ name: string }[]>`
    select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`;
  const found: Record<string, number> = {};
  for (const { name } of tables) {
    const [row] = await sql<{ n: number }[]>`
      select count(*)::int as n from ${sql(name)} t
      where t.xmin::text::bigint >= ${from}::bigint and not exists (select from audit_entry a where a.xmin = t.xmin)`;
    if (row !== undefined && row.n > 0) found[name] = row.n;
  }
  return found;
};

/** The id of a transaction of now: what is written later has a greater one. */
export const currentTransaction = async (sql: Sql): Promise<string> =>
  (await sql<{ id: string }[]>`select pg_current_xact_id()::text as id`)[0]?.id ?? '0';

/** Bytes and columns under their hash, and notes that there is nothing left to do: they say nothing that could be otherwise. */
export const saysNothing: readonly string[] = ['kept_chunk', 'kept_file', 'schema_migration', 'segment', 'settled_run'];
