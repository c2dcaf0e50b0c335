// The SQL of what a staged delivery would do, before it does it: how many subjects it drops, changes and adds, where, and which rows are nobody's.
import { isUnlisted } from './absence-store.ts';
import type { Change, Diff, NamelessRow } from './hold.ts';
import { type DivisionFilter, inDivisions, type Landing, placeThen } from './landing-store.ts';

interface Extent {
  readonly scope: DivisionFilter | null;
  readonly newer: DivisionFilter | null;
  /** Whoever is not listed is dropped. */
  readonly closes: boolean;
  /** Series: the periods that dropping takes away; null: everything. */
  readonly periods: readonly string[] | null;
}

const sampleSize = 20;

/** Reads the stage after merging, before anything is written. */
export const measure = async (l: Landing, extent: Extent): Promise<Diff> => {
  const { sql } = l;
  const { periods } = extent;
  const loses =
    periods === null ? sql`true` : sql`exists (select from jsonb_each(p.cells) f where (f.value -> 0 -> 'v') ?| ${[...periods]}::text[])`;
  await sql`drop table if exists difference`;
  await sql`
    create temporary table difference on commit drop as
    select 'before' as what, coalesce(r.division, '') as division, r.subject_id, 0 as line
      from record_part p join record r on r.register = p.register and r.subject_id = p.subject_id
      where p.register = ${l.register} and p.dataset = ${l.dataset} and p.cells <> '{}' and ${inDivisions(sql, extent.scope, placeThen(l))}
    union all
    select case when p.cells is null then 'added' when s.gone then 'dropped' else 'changed' end, coalesce(s.division, r.division, ''), r.subject_id, s.line
      from stage s left join record r on r.register = ${l.register} and r.key = s.key
        left join record_part p on p.register = r.register and p.subject_id = r.subject_id and p.dataset = ${l.dataset}
      where not s.bad and s.key is not null
        and case when p.cells is null or p.cells = '{}' then not s.gone and s.cells <> '{}' else s.gone or not s.cells @> p.cells end
    union all
    select 'dropped', coalesce(r.division, ''), r.subject_id, 0 from record_part p, record r
      where ${extent.closes} and p.cells <> '{}' and ${loses} and ${isUnlisted(l, extent.scope, extent.newer)}`;
  const rows = await sql<(Change & { division: string; total: boolean })[]>`
    select coalesce(division, '') as division, grouping(division) = 1 as total,
      count(*) filter (where what = 'before')::int as before, count(*) filter (where what = 'dropped')::int as dropped,
      count(*) filter (where what = 'changed')::int as changed, count(*) filter (where what = 'added')::int as added
    from difference group by rollup (division)
    order by total desc, count(*) filter (where what in ('dropped', 'changed')) desc, 1 limit 51`;
  const [whole, ...divisions] = rows;
  const sample = (what: string) => sql<{ subjectId: string; line: number }[]>`
    select subject_id as "subjectId", line from difference where what = ${what} order by line, subject_id limit ${sampleSize}`;
  const [dropped, changed, added] = [await sample('dropped'), await sample('changed'), await sample('added')];
  await sql`drop table difference`;
  const { before = 0, dropped: d = 0, changed: c = 0, added: a = 0 } = whole ?? {};
  return {
    before,
    dropped: d,
    changed: c,
    added: a,
    divisions: divisions.map(({ total: _, ...one }) => one),
    samples: { dropped: dropped.map((r) => r.subjectId), changed: changed.map((r) => r.subjectId), added: added.map((r) => r.line) },
  };
};

const unnamed = (l: Landing, scope: DivisionFilter | null) => l.sql`
  r.register = ${l.register} and ${inDivisions(l.sql, scope, placeThen(l))} and not exists (select from stage s where s.key = r.key)`;

/** Everybody of the register in the scope whom no row names: of them the delivery would say "none". */
export const countUnnamed = async (l: Landing, scope: DivisionFilter | null): Promise<number> => {
  const [row] = await l.sql<{ n: number }[]>`select count(*)::int as n from record r where ${unnamed(l, scope)}`;
  return row?.n ?? 0;
};

/** Rows whose key cannot be read, in the file's order, at most `limit`. */
export const namelessRows = async (l: Landing, scope: DivisionFilter | null, limit: number): Promise<readonly NamelessRow[]> =>
  await l.sql<NamelessRow[]>`
    select n.line, n.division, case when n.name is not null then (
        select count(*)::int from record r where r.name = n.name and ${unnamed(l, scope)}) end as "sameName"
    from (select line, name, division from stage where key is null order by line limit ${limit}) n order by n.line`;
