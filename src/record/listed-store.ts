// The SQL of whom a staged file lists: one narrow row per subject with all that is asked of the records about it, looked up once. From then on statements
// touch the records, and the wide stage, only where something differs: of a million people delivered again each month that is a handful.
import type { Group } from './group.ts';
import { newId } from './id-store.ts';
import { type DivisionFilter, inDivisions, isLate, type Landing, placeThen } from './landing-store.ts';
import { parsed, type RawRows } from './stage-store.ts';

/**
 * Columns beside the stage's own: `subject_id` (`fresh`: nobody of the register yet, and the id is the one he is to get), `home` and `place` (where he lives,
 * and where he lived on the delivery's day), `altered` (name or division say something new), `told_on`, `refused`, `filled` and `same` (what this dataset has
 * said of him: since when, whether anything, whether the very same), `troubled` (problems stand in the stage), `gone` (nothing is left of what was said).
 */
export const listStaged = async (l: Landing): Promise<void> => {
  const { sql } = l;
  const told = l.first
    ? sql`cross join (select null::date as as_of, null::date as refused, null::boolean as filled, null::boolean as same) p`
    : sql`left join lateral (
        -- Most are the very same, and comparing bytes costs a fifth of comparing values.
        select as_of, refused, cells <> '{}' as filled, record_image_eq(row (cells), row (s.cells)) or cells = s.cells as same
        from record_part where register = ${l.register} and subject_id = r.subject_id and dataset = ${l.dataset} offset 0
      ) p on true`;
  await sql`
    create temporary table listed on commit drop as
    select s.line, s.key, s.rows, s.name, s.division, s.withdrawn, s.bad, s.problems is not null as troubled, false as gone,
      coalesce(r.subject_id, ${newId(sql, l.revision)}) as subject_id, r.subject_id is null as fresh, r.division as home, r.place,
      r.subject_id is not null and (coalesce(s.name, r.name) is distinct from r.name or coalesce(s.division, r.division) is distinct from r.division) as altered,
      p.as_of as told_on, p.refused, p.filled, p.same
    from stage s
      left join lateral (
        select r.subject_id, r.name, r.division, ${placeThen(l)} as place from record r where r.register = ${l.register} and r.key = s.key offset 0
      ) r on true
      ${told}`;
  await sql`create index on listed (subject_id)`;
};

export interface Taken {
  readonly key: string;
  readonly rows: Group['rows'];
}

type RawTaken = RawRows & { readonly key: string };

/** Rows about nobody: they leave the list and are named. */
export const takeUnknownSubjects = async (l: Landing): Promise<readonly Taken[]> =>
  parsed(await l.sql<RawTaken[]>`delete from listed where not bad and key is not null and fresh returning line, rows, key`);

/** Rows about subjects who lived elsewhere on the delivery's day; whoever had no known division passes. */
export const takeOutOfScope = async (l: Landing, scope: DivisionFilter): Promise<readonly Taken[]> =>
  parsed(
    await l.sql<RawTaken[]>`
      delete from listed where not bad and not fresh and place is not null and not ${inDivisions(l.sql, scope, l.sql`place`)} returning line, rows, key`,
  );

/** Rows that something newer has overtaken. */
export const takeLate = async (l: Landing, newer: DivisionFilter | null): Promise<readonly Taken[]> =>
  parsed(await l.sql<RawTaken[]>`delete from listed where not fresh and ${isLate(l, newer)} returning line, rows, key`);
