// The SQL of ratings: one per record that was paid, read by whom it is about or within a scope.
import type { Day } from '../base/day.ts';
import { type Page, pageOf, placeOf } from '../base/page.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';

export interface Rating {
  readonly id: string;
  readonly subjectId: string;
  readonly disbursementId: string;
  readonly matchId: string;
  readonly itemId: string;
  readonly version: number;
  readonly authority: string;
  readonly division: string | null;
  readonly stars: number;
  readonly reason: string | null;
  readonly ratedBy: string;
  readonly ratedAt: Date;
  readonly dueOn: Day | null;
  readonly answer: string | null;
  readonly answeredBy: string | null;
  readonly answeredAt: Date | null;
}

const columns = (sql: Sql) => sql`
  g.id, g.subject_id as "subjectId", g.disbursement_id as "disbursementId", g.match_id as "matchId", g.item_id as "itemId", g.version, g.authority, g.division,
  g.stars, g.reason, g.rated_by as "ratedBy", g.rated_at as "ratedAt", g.due_on as "dueOn", g.answer, g.answered_by as "answeredBy",
  g.answered_at as "answeredAt"`;
const scoped = { authority: 'g.authority', division: 'g.division', item: 'g.item_id' } as const;

export type NewRating = Omit<Rating, 'id' | 'answer' | 'answeredBy' | 'answeredAt'>;

/** Its id; null where the record was rated before. */
export const insertRating = async (tx: Tx, one: NewRating): Promise<string | null> => {
  const [row] = await rawSql(tx)<{ id: string }[]>`
    insert into rating (subject_id, disbursement_id, match_id, item_id, version, authority, division, stars, reason, rated_by, rated_at, due_on)
    values (${one.subjectId}, ${one.disbursementId}, ${one.matchId}, ${one.itemId}, ${one.version}, ${one.authority}, ${one.division}, ${one.stars},
      ${one.reason}, ${one.ratedBy}, ${one.ratedAt}, ${one.dueOn})
    on conflict (subject_id, disbursement_id) do nothing returning id`;
  return row?.id ?? null;
};

/** `missing.rating` where there is none within the scope. */
export const ratingById = async (tx: Tx, id: string, scope: Scope): Promise<Rating> => {
  const sql = rawSql(tx);
  const [row] = await sql<Rating[]>`select ${columns(sql)} from rating g where g.id = ${id} ${inScope(sql, scope, scoped)}`;
  return row ?? fail('missing.rating', id, '没有这条评价，或者不在您的范围内。', '从列表进入。');
};

/** False where somebody else has answered meanwhile. */
export const writeAnswer = async (tx: Tx, id: string, answer: string, by: string, at: Date): Promise<boolean> =>
  (
    await rawSql(tx)`
      update rating set answer = ${answer}, answered_by = ${by}, answered_at = ${at} where id = ${id} and answer is null returning id`
  ).length === 1;

export interface RatingQuery {
  readonly scope: Scope;
  readonly subjectId?: string;
  readonly disbursementId?: string;
  /** Not content and not answered yet. */
  readonly open?: boolean;
  readonly after?: string | null;
  readonly limit: number;
}

/** Newest first. */
export const listRatings = async (reader: Db | Tx, ask: RatingQuery): Promise<Page<Rating>> => {
  const sql = rawSql(reader);
  const place = placeOf(ask.after);
  const rows = await sql<Rating[]>`
    select ${columns(sql)} from rating g where true ${inScope(sql, ask.scope, scoped)}
      ${ask.subjectId === undefined ? sql`` : sql`and g.subject_id = ${ask.subjectId}`}
      ${ask.disbursementId === undefined ? sql`` : sql`and g.disbursement_id = ${ask.disbursementId}`}
      ${ask.open === true ? sql`and g.stars <= 2 and g.answer is null` : sql``}
      ${place === null ? sql`` : sql`and (g.rated_at, g.id) < (${place.at}, ${place.id}::uuid)`}
    order by g.rated_at desc, g.id desc limit ${ask.limit + 1}`;
  return pageOf(rows, ask.limit, (row) => ({ at: row.ratedAt, id: row.id }));
};

export interface RatingSum {
  readonly itemId: string;
  readonly count: number;
  /** Of all stars; divide by `count`. */
  readonly stars: number;
  readonly low: number;
  readonly open: number;
}

/** Per item within the scope, the least content first. */
export const sumRatings = async (reader: Db | Tx, scope: Scope): Promise<readonly RatingSum[]> => {
  const sql = rawSql(reader);
  return await sql<RatingSum[]>`
    select g.item_id as "itemId", count(*)::int as count, sum(g.stars)::int as stars, (count(*) filter (where g.stars <= 2))::int as low,
      (count(*) filter (where g.stars <= 2 and g.answer is null))::int as open
    from rating g where true ${inScope(sql, scope, scoped)} group by 1 order by avg(g.stars), 1`;
};
