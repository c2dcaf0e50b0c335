// Published item versions: rows never change apart from `retired_at`. The only SQL about policy items.
import { and, asc, desc, eq, isNull } from 'drizzle-orm';
import type { Day } from '../base/day.ts';
import type { Db, Tx } from '../db/handle.ts';
import { itemVersion } from '../db/schema.ts';
import type { Item } from './item.ts';

export interface PublishedItem {
  readonly item: Item;
  readonly version: number;
  readonly hash: string;
  readonly maker: string;
  readonly checker: string;
  /** Why its money is blocked; null: free. */
  readonly blocked: string | null;
  readonly publishedAt: Date;
  readonly effectiveFrom: Day | null;
  readonly effectiveTo: Day | null;
  readonly retiredAt: Date | null;
}

type Row = typeof itemVersion.$inferSelect;
const published = (row: Row): PublishedItem => ({
  item: row.content as Item,
  version: row.version,
  hash: row.hash,
  maker: row.maker,
  checker: row.checker,
  blocked: row.blocked,
  publishedAt: row.publishedAt,
  effectiveFrom: row.effectiveFrom as Day | null,
  effectiveTo: row.effectiveTo as Day | null,
  retiredAt: row.retiredAt,
});

/** Every version that has not been retired, by id and version; which one speaks for a period is the run's to say. */
export const publishedItems = async (db: Db | Tx): Promise<readonly PublishedItem[]> =>
  (await db.select().from(itemVersion).where(isNull(itemVersion.retiredAt)).orderBy(asc(itemVersion.itemId), asc(itemVersion.version))).map(
    published,
  );

/** The newest version of each item, retired ones included; for lists. */
export const newestItems = async (db: Db | Tx): Promise<readonly PublishedItem[]> =>
  (await db.selectDistinctOn([itemVersion.itemId]).from(itemVersion).orderBy(asc(itemVersion.itemId), desc(itemVersion.version))).map(
    published,
  );

/** All versions of one item, newest first; empty when there is no such item. */
export const versionsOf = async (db: Db | Tx, itemId: string): Promise<readonly PublishedItem[]> =>
  (await db.select().from(itemVersion).where(eq(itemVersion.itemId, itemId)).orderBy(desc(itemVersion.version))).map(published);

export const versionOf = async (db: Db | Tx, itemId: string, version: number): Promise<PublishedItem | null> => {
  const [row] = await db
    .select()
    .from(itemVersion)
    .where(and(eq(itemVersion.itemId, itemId), eq(itemVersion.version, version)))
    .limit(1);
  return row === undefined ? null : published(row);
};

/** Inserts the next version. False when somebody else took that number, or published that content, meanwhile. */
export const insertVersion = async (tx: Tx, made: Omit<PublishedItem, 'retiredAt' | 'effectiveFrom' | 'effectiveTo'>): Promise<boolean> => {
  const rows = await tx
    .insert(itemVersion)
    .values({
      itemId: made.item.id,
      version: made.version,
      hash: made.hash,
      content: made.item,
      maker: made.maker,
      checker: made.checker,
      blocked: made.blocked,
      publishedAt: made.publishedAt,
      effectiveFrom: made.item.effective.from,
      effectiveTo: made.item.effective.to,
    })
    .onConflictDoNothing()
    .returning({ version: itemVersion.version });
  return rows.length === 1;
};
