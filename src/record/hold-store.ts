// The SQL of what a staged delivery would do, before it does it: how many subjects it drops, changes and adds, where, and which rows are nobody's.
import { isUnlisted } from './absence-store.ts';
import type { Change, Diff, NamelessRow } from './hold.ts';
import { type DivisionFilter, inDivisions, type Landing, placeThen } from './landing-store.ts';
import type { StoredCells } from './sealed.ts';

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
  // Inside what is sealed the database cannot look: it takes every difference, and those that are none are taken out again below.
  const loses =
    periods === null || l.sealer.seals
      ? sql`true`
      : sql`exists (select from jsonb_each(p.cells) f where (f.value -> 0 -> 'v') ?| ${[...periods]}::text[])`;
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
  if (l.sealer.seals) await takeOutUnaltered(l, periods);
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

const pageSize = 2000;

interface Candidate {
  readonly subjectId: string;
  readonly key: string;
  readonly what: 'dropped' | 'changed';
  readonly listed: boolean;
  readonly old: StoredCells;
  readonly fresh: StoredCells | null;
}

/** Works out where the key is what `measure` could only suspect. */
const takeOutUnaltered = async (l: Landing, periods: readonly string[] | null): Promise<void> => {
  const { sql, sealer } = l;
  // Page by page along it: without it each page would sort and join all that is left.
  await sql`create index on difference (subject_id)`;
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const page = await sql<Candidate[]>`
      select d.subject_id as "subjectId", r.key, d.what, d.line > 0 as listed, p.cells as old, s.cells as fresh
      from difference d join record r on r.register = ${l.register} and r.subject_id = d.subject_id
        join record_part p on p.register = ${l.register} and p.subject_id = d.subject_id and p.dataset = ${l.dataset}
        left join stage s on s.key = r.key
      where d.what in ('dropped', 'changed') and d.subject_id > ${after} order by d.subject_id limit ${pageSize}`;
    const same = page.filter(({ key, what, listed, old, fresh }) => {
      const before = sealer.open(key, old);
      if (what === 'changed') return fresh !== null && contains(sealer.open(key, fresh), before);
      return !listed && periods !== null && !Object.values(before).some((cells) => periods.some((period) => period in Object(cells[0]?.v)));
    });
    await sql`delete from difference where what in ('dropped', 'changed') and subject_id = any(${same.map((one) => one.subjectId)}::uuid[])`;
    const last = page.at(-1);
    if (last === undefined) return;
    after = last.subjectId;
  }
};

/** Whether everything of `part` stands in `whole`, as jsonb's `@>` says it. */
const contains = (whole: unknown, part: unknown): boolean => {
  if (Array.isArray(part)) return Array.isArray(whole) && part.every((p) => whole.some((w) => contains(w, p)));
  if (typeof part !== 'object' || part === null) return whole === part;
  if (typeof whole !== 'object' || whole === null || Array.isArray(whole)) return false;
  return Object.entries(part).every(([name, value]) => Object.hasOwn(whole, name) && contains(whole[name as keyof typeof whole], value));
};

const unnamed = (l: Landing, scope: DivisionFilter | null) => l.sql`
  r.register = ${l.register} and ${inDivisions(l.sql, scope, placeThen(l))} and not exists (select from stage s where s.key = r.key)`;

/** Everybody of the register in the scope whom no row names: of them the delivery would say "none". */
export const countUnnamed = async (l: Landing, scope: DivisionFilter | null): Promise<number> => {
  const [row] = await l.sql<{ n: number }[]>`select count(*)::int as n from record r where ${unnamed(l, scope)}`;
  return row?.n ?? 0;
};

/** Subjects that are about to land. */
export const countStaged = async (l: Landing): Promise<number> => {
  const [row] = await l.sql<{ n: number }[]>`select count(*)::int as n from stage where not bad and key is not null`;
  return row?.n ?? 0;
};

/** Rows whose key cannot be read, in the file's order, at most `limit`. */
export const namelessRows = async (l: Landing, scope: DivisionFilter | null, limit: number): Promise<readonly NamelessRow[]> =>
  await l.sql<NamelessRow[]>`
    select n.line, n.division, case when n.name is not null then (
        select count(*)::int from record r where r.name = n.name and ${unnamed(l, scope)}) end as "sameName"
    from (select line, name, division from stage where key is null order by line limit ${limit}) n order by n.line`;
