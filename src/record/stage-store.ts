// The SQL of what a file says before anything is compared: a temporary table that COPY fills and that no killed import leaves behind. It is wide (all cells
// of a row), so it is walked from end to end as seldom as can be: whatever asks about rows asks `listed` (listed-store.ts) and comes here by line.
import { copyIn, type Sink } from '../db/copy.ts';
import type { Sql } from '../db/handle.ts';
import type { Group } from './group.ts';
import type { StoredProblem } from './problem.ts';
import type { OwnCells } from './record.ts';
import type { Sealer, StoredCells } from './sealed.ts';

/**
 * From here on every join is a walk through one side that looks the other up by index. Said outright, because nobody has analysed a register that this
 * very transaction fills: left alone, the planner took 127 s for the first 30,000 residents instead of 1 s. For the same reason no statement leaves it the
 * choice which side to walk: records are looked up in a subquery fenced off by `offset 0`, by `any (array (…))`, or by `on conflict`. Memory is for sorting
 * keys, once per import.
 */
export const createStage = async (sql: Sql): Promise<void> => {
  await sql`
    select set_config(name, 'off', true) from unnest(array['enable_hashjoin', 'enable_mergejoin', 'enable_bitmapscan', 'enable_material']) as name
    union all select set_config('random_page_cost', '1.1', true) union all select set_config('work_mem', '64MB', true)`;
  await sql`
    create temporary table stage (line int not null, key text, rows text, name text, division text, withdrawn jsonb, bad boolean not null,
      cells jsonb not null, problems jsonb) on commit drop`;
};

/** Takes COPY text; resolves when the server has it all. */
export const copyIntoStage = (sql: Sql, fill: (sink: Sink) => Promise<void>): Promise<void> =>
  copyIn(sql`copy stage (line, key, rows, name, division, withdrawn, bad, cells, problems) from stdin`.writable(), fill);

/** A line is the first of its group, so it is in the stage once; the table stands in its order. */
export const indexStage = (sql: Sql): Promise<unknown> => sql`create index on stage (line)`;

/** `rows` stays text, and is left out where there is one row and no place in it: reading it as jsonb was a third of the copy. */
const rowsOf = (text: string | null, line: number): Group['rows'] => (text === null ? [[line, '']] : (JSON.parse(text) as Group['rows']));

/** Line and text of a group's rows as the stage has them. */
export interface RawRows {
  readonly line: number;
  readonly rows: string | null;
}

export const parsed = <R extends RawRows>(rows: readonly R[]): (Omit<R, 'rows'> & { readonly rows: Group['rows'] })[] =>
  rows.map((r) => ({ ...r, rows: rowsOf(r.rows, r.line) }));

interface StagedRow {
  readonly key: string;
  readonly rows: Group['rows'];
  readonly name: string | null;
  readonly division: string | null;
  readonly withdrawn: readonly string[] | null;
  readonly bad: boolean;
  readonly cells: OwnCells;
  readonly problems: readonly StoredProblem[] | null;
}

/** Subjects whose rows stood apart in the file, page by page, all groups of a subject together and in the file's order; they leave the stage. */
export async function* takeScattered(sql: Sql, sealer: Sealer, pageSize: number): AsyncGenerator<readonly (readonly StagedRow[])[]> {
  const { count } = await sql`
    create temporary table scattered on commit drop as
    select key, row_number() over (order by key) as n from stage where key is not null group by key having count(*) > 1`;
  if (count === 0) return;
  await sql`create index on scattered (key)`;
  await sql`create temporary table piece on commit drop as select s.line, d.n from stage s join scattered d on d.key = s.key`;
  await sql`create index on piece (n)`;
  for (let from = 0; ; from += pageSize) {
    const rows = await sql<(Omit<StagedRow, 'rows'> & RawRows)[]>`
      with taken as (
        delete from stage s using piece p where p.line = s.line and p.n > ${from} and p.n <= ${from + pageSize} returning s.*
      )
      select line, key, rows, name, division, withdrawn, bad, cells, problems from taken order by key, line`;
    if (rows.length === 0) return;
    const opened = parsed(rows).map((r) => ({ ...r, cells: sealer.open(r.key, r.cells as StoredCells) }));
    yield [...Map.groupBy(opened, (r) => r.key).values()];
  }
}
