// Reviews of rule versions: the only SQL about them. Rows are never deleted.
import { and, desc, eq, inArray } from 'drizzle-orm';
import type { Problem } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { itemReview } from '../db/schema.ts';
import { inScope } from '../db/scope.ts';
import { readSetting, writeSetting } from '../db/setting-store.ts';
import type { Item } from '../policy/item.ts';
import { type Effect, type Review, type ReviewState, usualLimit } from './review.ts';

type Row = typeof itemReview.$inferSelect;

const reviewOf = (row: Row): Review => ({
  id: row.id,
  itemId: row.itemId,
  title: row.title,
  authority: row.authority,
  content: row.content as Item,
  hash: row.hash,
  state: row.state as ReviewState,
  maker: row.maker,
  createdAt: row.createdAt,
  submittedAt: row.submittedAt,
  checker: row.checker,
  decidedAt: row.decidedAt,
  reason: row.reason,
  version: row.version,
  warnings: (row.warnings ?? []) as readonly Problem[],
  effect: row.effect as Effect | null,
  acceptedBy: row.acceptedBy,
  document: row.documentSha256 === null ? null : { sha256: row.documentSha256, name: row.documentName ?? '' },
});

export interface NewReview {
  readonly item: Item;
  readonly hash: string;
  readonly state: ReviewState;
  readonly maker: string;
  readonly at: Date;
  readonly warnings: readonly Problem[];
  readonly effect: Effect | null;
  readonly document: Review['document'];
}

const contentOf = ({ item, hash, state, at, warnings, effect }: NewReview) => ({
  title: item.title,
  authority: item.authority,
  content: item,
  hash,
  state,
  submittedAt: state === 'review' ? at : null,
  warnings,
  effect,
});

/** null: another version of the item is open. */
export const insertReview = async (tx: Tx, row: NewReview): Promise<string | null> => {
  const { item, maker, at, document } = row;
  const [made] = await tx
    .insert(itemReview)
    .values({
      ...contentOf(row),
      itemId: item.id,
      maker,
      createdAt: at,
      documentSha256: document?.sha256 ?? null,
      documentName: document?.name ?? null,
    })
    .onConflictDoNothing()
    .returning({ id: itemReview.id });
  return made?.id ?? null;
};

/** A document given before stays unless another comes. */
export const replaceContent = async (tx: Tx, id: string, row: NewReview): Promise<void> => {
  const { document } = row;
  const kept = document === null ? {} : { documentSha256: document.sha256, documentName: document.name };
  await tx
    .update(itemReview)
    .set({ ...contentOf(row), ...kept, checker: null, decidedAt: null, reason: null })
    .where(eq(itemReview.id, id));
};

/** A draft, or what was returned, as its writer left it; where it stands and what was said of it stay. */
export const rewriteContent = async (tx: Tx, id: string, { item, hash }: Pick<NewReview, 'item' | 'hash'>): Promise<void> => {
  await tx.update(itemReview).set({ title: item.title, authority: item.authority, content: item, hash }).where(eq(itemReview.id, id));
};

/** Locked until the transaction ends. */
export const lockReview = async (tx: Tx, id: string): Promise<Review | null> => {
  const [row] = await tx.select().from(itemReview).where(eq(itemReview.id, id)).for('update');
  return row === undefined ? null : reviewOf(row);
};

export const readReview = async (db: Db | Tx, id: string): Promise<Review | null> => {
  const [row] = await db.select().from(itemReview).where(eq(itemReview.id, id));
  return row === undefined ? null : reviewOf(row);
};

export type ReviewChange = Partial<
  Pick<Row, 'state' | 'checker' | 'decidedAt' | 'submittedAt' | 'reason' | 'version' | 'effect' | 'acceptedBy' | 'warnings'>
>;

export const updateReview = async (tx: Tx, id: string, change: ReviewChange): Promise<void> => {
  await tx.update(itemReview).set(change).where(eq(itemReview.id, id));
};

/** A draft again; false: another of the item is open already. Of two at once the unique index refuses one. */
export const reopenWithin = async (tx: Tx, { id, itemId }: Pick<Review, 'id' | 'itemId'>): Promise<boolean> => {
  const [taken] = await tx
    .select({ id: itemReview.id })
    .from(itemReview)
    .where(and(eq(itemReview.itemId, itemId), inArray(itemReview.state, ['draft', 'review'])))
    .limit(1);
  if (taken !== undefined) return false;
  await tx.update(itemReview).set({ state: 'draft', decidedAt: null }).where(eq(itemReview.id, id));
  return true;
};

export const markReviewRetired = async (tx: Tx, itemId: string, version: number): Promise<void> => {
  await tx
    .update(itemReview)
    .set({ state: 'retired' })
    .where(and(eq(itemReview.itemId, itemId), eq(itemReview.version, version)));
};

export interface ReviewFilter {
  readonly scope: Scope;
  readonly itemId?: string;
  readonly states?: readonly ReviewState[];
}

/** Newest first, at most 200; limited by authority and item: a rule belongs to no division. */
export const listReviews = async (db: Db, filter: ReviewFilter): Promise<readonly Review[]> => {
  const { scope, itemId, states } = filter;
  const rows = await db
    .select()
    .from(itemReview)
    .where(
      and(
        itemId === undefined ? undefined : eq(itemReview.itemId, itemId),
        states === undefined ? undefined : inArray(itemReview.state, [...states]),
        scope.items === null ? undefined : inArray(itemReview.itemId, [...scope.items, '']),
        scope.authorities === null ? undefined : inArray(itemReview.authority, [...scope.authorities, '']),
      ),
    )
    .orderBy(desc(itemReview.createdAt), desc(itemReview.id))
    .limit(200);
  return rows.map(reviewOf);
};

const gateKey = 'release.gate';

/** The share of change beyond which a reviewer must accept by name. */
export const gateLimit = async (db: Db | Tx): Promise<number> => (await readSetting<number>(db, gateKey)) ?? usualLimit;
export const setGateLimit = (tx: Tx, limit: number, at: Date): Promise<void> => writeSetting(tx, gateKey, limit, at);

/** What a version changed for one person in closed periods: one row per person, the periods listed. 分. */
export interface PersonDifference {
  readonly subjectId: string;
  readonly name: string | null;
  readonly division: string | null;
  readonly periods: readonly string[];
  readonly topUpFen: bigint;
  readonly recoverFen: bigint;
}

/** Lines this version made beside, or instead of, lines of an earlier version of the same person and period. */
export const personDifferences = async (
  db: Db,
  itemId: string,
  version: number,
  limit: number,
  scope: Scope,
): Promise<readonly PersonDifference[]> => {
  const sql = rawSql(db);
  return await sql<PersonDifference[]>`
    with due as (
      select max(ri.period_start) as start from run_item ri join run r on r.id = ri.run_id
      where ri.item_id = ${itemId} and r.ended_at is not null
    ), own as (
      select l.subject_id, l.division, l.period_key, l.recover_fen,
        case when l.part > 1 then l.granted_fen else l.granted_fen - coalesce((
          select sum(p.granted_fen) from settlement_line p
          where p.subject_id = l.subject_id and p.item_id = l.item_id and p.period_key = l.period_key and p.key = l.key and p.version < l.version
            and p.state = 'superseded'), 0) end as top_up
      from settlement_line l
      where l.item_id = ${itemId} and l.version = ${version} and l.state <> 'superseded'
        ${inScope(sql, scope, { authority: 'l.authority', division: 'l.division', item: 'l.item_id' })}
        and exists (select from run_item ri where ri.item_id = l.item_id and ri.period_key = l.period_key and ri.period_end < (select start from due))
    )
    select o.subject_id as "subjectId", r.name, min(o.division) as division, array_agg(distinct o.period_key order by o.period_key) as periods,
      sum(o.top_up)::bigint as "topUpFen", sum(o.recover_fen)::bigint as "recoverFen"
    from own o left join record r on r.subject_id = o.subject_id
    where o.top_up <> 0 or o.recover_fen <> 0
    group by o.subject_id, r.name order by o.subject_id limit ${limit}`;
};
