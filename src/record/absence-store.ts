// The SQL of what a landing says by leaving out: who is not listed any more, whose rows were refused, and which periods a series speaks of at all.
import { canonicalJson } from '../base/canonical.ts';
import { type DivisionFilter, inDivisions, type Landing, placeThen, removeParts } from './landing-store.ts';
import type { OwnCells } from './record.ts';
import type { StoredCells } from './sealed.ts';

/**
 * Subjects whose rows were refused: what stood stays as old as it was, and where nothing stood it is not "none" either. `series`: the facts of a series,
 * of which each period refused stays unknown (`''`) when a later delivery brings other periods.
 */
export const markRefused = async (l: Landing, series: readonly string[]): Promise<void> => {
  await l.sql`
    insert into record_part as p (register, subject_id, dataset, as_of, delivery_id, refused, cells, revision)
    select ${l.register}, r.subject_id, ${l.dataset}, ${l.asOf}::date, ${l.deliveryId}::uuid, ${l.asOf}::date, (
        select coalesce(jsonb_object_agg(f, jsonb_build_array(jsonb_build_object('v', b.blank))), '{}')
        from unnest(${[...series]}::text[]) f, lateral (
          select jsonb_object_agg(x ->> 1, '') as blank from jsonb_array_elements(r.rows::jsonb) x where x ->> 1 <> ''
        ) b where b.blank is not null), ${l.revision}::bigint
    from (select subject_id, rows from listed where bad and key is not null and not fresh offset 0) r
    on conflict (register, subject_id, dataset) do update set refused = excluded.refused, revision = excluded.revision, cells = p.cells || (
      select coalesce(jsonb_object_agg(key, jsonb_build_array(jsonb_build_object('v', (value -> 0 -> 'v') || coalesce(p.cells -> key -> 0 -> 'v', '{}')))), '{}')
      from jsonb_each(excluded.cells))
    where p.as_of <= excluded.as_of and (p.refused is null or p.refused < excluded.refused) and p.delivery_id <> all(${[...l.corrections]}::uuid[])`;
};

/** Periods that occur in the rows about to land; what a full delivery of a series speaks of. */
export const stagedPeriods = async (l: Landing): Promise<readonly string[]> => {
  const rows = await l.sql<{ period: string }[]>`
    select distinct x ->> 1 as period from listed s, jsonb_array_elements(s.rows::jsonb) x
    where not s.bad and s.key is not null and x ->> 1 <> '' order by 1`;
  return rows.map((r) => r.period);
};

/** Whom a delivery leaves out, as far as it speaks for them. */
export interface Extent {
  readonly scope: DivisionFilter | null;
  /** Divisions of which this dataset has spoken of a later day; null: none. */
  readonly newer: DivisionFilter | null;
  /** Series: the periods that leaving out takes away; null: everything. */
  readonly periods: readonly string[] | null;
}

/**
 * Makes `unlisted`: of whom the dataset has spoken, who lived in the scope on the delivery's day and is not listed. `ends`: what was said of him ends with
 * this delivery; `filled`: something was said; `loses`: some of it is taken away (true where it rests sealed and only the key can tell). Made once, before
 * anything is written; nobody in it is written until what was said of him is taken away.
 */
export const listUnlisted = async (l: Landing, { scope, newer, periods }: Extent): Promise<void> => {
  const { sql } = l;
  const loses =
    periods === null || l.sealer.seals
      ? sql`true`
      : sql`exists (select from jsonb_each(cells) f where (f.value -> 0 -> 'v') ?| ${[...periods]}::text[])`;
  await sql`
    create temporary table unlisted on commit drop as
    select r.subject_id, r.division, p.filled, p.loses, p.told and not coalesce(${newer === null ? sql`false` : inDivisions(sql, newer)}, false) as ends
    from record r cross join lateral (
      select cells <> '{}' as filled, ${loses} as loses, as_of <= ${l.asOf} and delivery_id <> all(${[...l.corrections]}::uuid[]) as told
      from record_part where register = ${l.register} and subject_id = r.subject_id and dataset = ${l.dataset} offset 0
    ) p
    where r.register = ${l.register} and ${inDivisions(sql, scope, placeThen(l))} and not exists (select from listed s where s.subject_id = r.subject_id)`;
};

export const countUnlisted = async (l: Landing): Promise<number> => {
  const [row] = await l.sql<{ n: number }[]>`select count(*)::int as n from unlisted where ends`;
  return row?.n ?? 0;
};

/** Whoever this dataset named before, within the scope, and does not name now. */
export const removeUnlisted = (l: Landing): Promise<number> => removeParts(l, l.sql`select subject_id from unlisted where ends`);

/** Where the series rests encrypted, what is left is worked out here, where the key is. */
const cutSealed = async (l: Landing, periods: readonly string[]): Promise<void> => {
  const told = await l.sql<{ subjectId: string; key: string; cells: StoredCells }[]>`
    select u.subject_id as "subjectId", r.key, p.cells from unlisted u cross join lateral (
        select key from record where register = ${l.register} and subject_id = u.subject_id offset 0
      ) r cross join lateral (${partOf(l)}) p
    where u.ends`;
  const cut = told.flatMap(({ subjectId, key, cells }) => {
    const before = l.sealer.open(key, cells);
    const rest = withoutPeriods(before, periods);
    if (canonicalJson(rest) === canonicalJson(before)) return [];
    return [{ subjectId, rest: Object.keys(rest).length === 0 ? {} : l.sealer.cells(key, rest) }];
  });
  await l.sql`
    create temporary table cut on commit drop as
    select "subjectId" as subject_id, rest from jsonb_to_recordset(${JSON.stringify(cut)}::text::jsonb) as x("subjectId" uuid, rest jsonb)`;
};

/** What the dataset has said of the subject of `u`, as a query. */
const partOf = (l: Landing) =>
  l.sql`select cells from record_part where register = ${l.register} and subject_id = u.subject_id and dataset = ${l.dataset} offset 0`;

const withoutPeriods = (cells: OwnCells, periods: readonly string[]): OwnCells =>
  Object.fromEntries(
    Object.entries(cells).flatMap(([fact, own]) => {
      const rest = Object.entries((own[0]?.v ?? {}) as Readonly<Record<string, unknown>>).filter(([period]) => !periods.includes(period));
      return rest.length === 0 ? [] : [[fact, [{ v: Object.fromEntries(rest) }]]];
    }),
  );

const cutOpen = (l: Landing, periods: readonly string[]) => l.sql`
  create temporary table cut on commit drop as
  select u.subject_id, x.rest from unlisted u cross join lateral (${partOf(l)}) p cross join lateral (
      select coalesce(jsonb_object_agg(f.key, jsonb_build_array(jsonb_build_object('v', v.rest))), '{}') as rest
      from jsonb_each(p.cells) f, lateral (select (f.value -> 0 -> 'v') - ${[...periods]}::text[] as rest) v where v.rest <> '{}'
    ) x
  where u.ends and x.rest <> p.cells`;

/** The same for a series: whoever is not listed has none of the delivery's periods; of others it says nothing. */
export const cutUnlisted = async (l: Landing, periods: readonly string[]): Promise<number> => {
  if (l.sealer.seals) await cutSealed(l, periods);
  else await cutOpen(l, periods);
  await l.sql`create index on cut (subject_id)`;
  await l.sql`
    update record_part p set cells = (select rest from cut c where c.subject_id = p.subject_id), revision = ${l.revision}
    where p.register = ${l.register} and p.dataset = ${l.dataset} and p.subject_id = any(array(select subject_id from cut where rest <> '{}'))`;
  return removeParts(l, l.sql`select subject_id from cut where rest = '{}'`);
};
