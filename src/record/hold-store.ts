// The SQL of what a staged delivery would do, before it does it: how many subjects it drops, changes and adds, where, and which rows are nobody's.
import type { Extent } from './absence-store.ts';
import type { Change, Diff, NamelessRow } from './hold.ts';
import { type DivisionFilter, inDivisions, type Landing, placeThen } from './landing-store.ts';
import type { StoredCells } from './sealed.ts';

const sampleSize = 20;

/** Reads what is listed after merging and whom `listUnlisted` found, before anything is written. */
export const measure = async (l: Landing, { scope, periods }: Pick<Extent, 'scope' | 'periods'>): Promise<Diff> => {
  const { sql } = l;
  // Whoever is told the very same differs in nothing. What is left is compared as it was merged, and inside what is sealed the database cannot look: it
  // takes every difference, and those that are none are taken out again below.
  await sql`
    create temporary table difference on commit drop as
    select case when p.cells is null then 'added' when s.gone then 'dropped' else 'changed' end as what,
      coalesce(s.division, s.home, '') as division, case when not s.fresh then s.subject_id end as subject_id, s.line
    from (
      select l.line, l.division, l.home, l.subject_id, l.fresh, l.gone, t.cells from listed l join stage t on t.line = l.line
      where not l.bad and l.key is not null and (l.same is not true or l.withdrawn is not null) offset 0
    ) s left join lateral (
      select cells from record_part where register = ${l.register} and subject_id = s.subject_id and dataset = ${l.dataset} offset 0
    ) p on true
    where case when p.cells is null or p.cells = '{}' then not s.gone and s.cells <> '{}' else s.gone or not s.cells @> p.cells end
    union all
    select 'dropped', coalesce(division, ''), subject_id, 0 from unlisted where filled and loses and ends`;
  if (l.sealer.seals) await takeOutUnaltered(l, periods);
  const rows = await sql<(Change & { division: string; total: boolean })[]>`
    select coalesce(division, '') as division, grouping(division) = 1 as total,
      coalesce(sum(n) filter (where what = 'before'), 0)::int as before, coalesce(sum(n) filter (where what = 'dropped'), 0)::int as dropped,
      coalesce(sum(n) filter (where what = 'changed'), 0)::int as changed, coalesce(sum(n) filter (where what = 'added'), 0)::int as added
    from (
      select what, division, count(*) as n from difference group by 1, 2
      union all select 'before', coalesce(home, ''), count(*) from listed where filled and ${inDivisions(sql, scope, sql`place`)} group by 2
      union all select 'before', coalesce(division, ''), count(*) from unlisted where filled group by 2
    ) x
    group by rollup (division)
    order by total desc, coalesce(sum(n) filter (where what in ('dropped', 'changed')), 0) desc, 1 limit 51`;
  const [whole, ...divisions] = rows;
  const sample = (what: string) => sql<{ subjectId: string; line: number }[]>`
    select subject_id as "subjectId", line from difference where what = ${what} order by line, subject_id limit ${sampleSize}`;
  const [dropped, changed, added] = [await sample('dropped'), await sample('changed'), await sample('added')];
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
      from (
        select subject_id, what, line from difference where what in ('dropped', 'changed') and subject_id > ${after} order by subject_id limit ${pageSize}
      ) d cross join lateral (
        select key from record where register = ${l.register} and subject_id = d.subject_id offset 0
      ) r cross join lateral (
        select cells from record_part where register = ${l.register} and subject_id = d.subject_id and dataset = ${l.dataset} offset 0
      ) p left join stage s on s.line = d.line
      order by d.subject_id`;
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
  r.register = ${l.register} and ${inDivisions(l.sql, scope, placeThen(l))} and not exists (select from listed s where s.subject_id = r.subject_id)`;

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
    from (select line, name, division from listed where key is null order by line limit ${limit}) n order by n.line`;
