// People to write to, in a database that is thrown away. Hand-written SQL: one statement for all of them.
import { rawSql, type Tx } from '../db/handle.ts';

/** Residents of no data but their names; returns their ids. */
export const insertPeople = async (tx: Tx, count: number): Promise<readonly string[]> => {
  const rows = await rawSql(tx)<{ id: string }[]>`
    insert into record (register, subject_id, key, ordinal, name, division, revision)
    select 'citizen', gen_random_uuid(), 'bench-' || n, n, '居民' || n, '530128', 1 from generate_series(1, ${count}::int) as n returning subject_id as id`;
  return rows.map((row) => row.id);
};
