// Tables emptied between the tests of a file. Knows nothing of vitest: children and threads load it too.
import type { Database, Sql } from '../src/db/handle.ts';

/**
 * Empties tables (their names with spaces between) and whatever refers to them, behind the program's back: the ledger refuses deletion by the program. Row by
 * row, as a truncated table is new files, one for each of its indexes; but like `truncate` it waits for whoever still writes, so that nothing lands afterwards.
 */
export const emptyTables = async ({ sql }: Database, tables: string): Promise<void> => {
  const all = await referringTo(sql, tables);
  await sql.begin(async (tx) => {
    await tx.unsafe('set local role none; set local session_replication_role = replica');
    await tx.unsafe(`lock table ${all.join(', ')} in access exclusive mode; ${all.map((table) => `delete from ${table}`).join('; ')}`);
  });
};

// Every database of a run has the same tables.
const known = new Map<string, readonly string[]>();

const referringTo = async (sql: Sql, tables: string): Promise<readonly string[]> => {
  const names =
    known.get(tables) ??
    (
      await sql<{ name: string }[]>`
        with recursive wanted (id) as (
          select name::regclass::oid from regexp_split_to_table(${tables}, '\\s+') as name
          union select conrelid from pg_constraint join wanted on confrelid = id where contype = 'f')
        select id::regclass::text as name from wanted`
    ).map(({ name }) => name);
  known.set(tables, names);
  return names;
};
