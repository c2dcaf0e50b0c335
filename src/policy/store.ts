// Published item versions: insert-only rows apart from `retired_at`. The one place that writes them; staff views are `view-store.ts`.
import { and, desc, eq, gte, isNull, lte, or } from 'drizzle-orm';
import type { Day } from '../base/day.ts';
import type { Db, Tx } from '../db/handle.ts';
import { itemVersion } from '../db/schema.ts';
import type { Item } from './item.ts';

export interface PublishedItem {
  readonly item: Item;
  readonly version: number;
  /** sha256 over the item's canonical JSON. */
  readonly hash: string;
  readonly maker: string;
  readonly checker: string;
  /** Why no money may flow; null: free. */
  readonly blocked: string | null;
  readonly publishedAt: Date;
  readonly retiredAt: Date | null;
  /** sha256 of the policy document among the kept files. */
  readonly document: string | null;
}

type Row = typeof itemVersion.$inferSelect;

const publishedOf = (row: Row): PublishedItem => ({
  item: row.content as Item,
  version: row.version,
  hash: row.hash,
  maker: row.maker,
  checker: row.checker,
  blocked: row.blocked,
  publishedAt: row.publishedAt,
  retiredAt: row.retiredAt,
  document: row.documentSha256,
});

/** Newest version first within each item, items by id. */
export const publishedItems = async (db: Db | Tx): Promise<readonly PublishedItem[]> => {
  const rows = await db.select().from(itemVersion).orderBy(itemVersion.itemId, desc(itemVersion.version));
  return rows.map(publishedOf);
};

/** Every version that no one has retired: what a run is given; per period it takes the newest that is in force. */
export const liveItems = async (db: Db | Tx): Promise<readonly PublishedItem[]> => {
  const rows = await db
    .select()
    .from(itemVersion)
    .where(isNull(itemVersion.retiredAt))
    .orderBy(itemVersion.itemId, desc(itemVersion.version));
  return rows.map(publishedOf);
};

/** One version per item: the newest unretired one whose validity holds the day (both ends included). */
export const itemsInForce = async (db: Db | Tx, day: Day): Promise<readonly PublishedItem[]> => {
  const rows = await db
    .selectDistinctOn([itemVersion.itemId])
    .from(itemVersion)
    .where(
      and(
        isNull(itemVersion.retiredAt),
        or(isNull(itemVersion.effectiveFrom), lte(itemVersion.effectiveFrom, day)),
        or(isNull(itemVersion.effectiveTo), gte(itemVersion.effectiveTo, day)),
      ),
    )
    .orderBy(itemVersion.itemId, desc(itemVersion.version));
  return rows.map(publishedOf);
};

export const publishedItem = async (db: Db | Tx, itemId: string, version: number): Promise<PublishedItem | null> => {
  const [row] = await db
    .select()
    .from(itemVersion)
    .where(and(eq(itemVersion.itemId, itemId), eq(itemVersion.version, version)))
    .limit(1);
  return row === undefined ? null : publishedOf(row);
};

/** Every version of an item, retired ones too, newest first. */
export const versionsOf = async (db: Db | Tx, itemId: string): Promise<readonly PublishedItem[]> => {
  const rows = await db.select().from(itemVersion).where(eq(itemVersion.itemId, itemId)).orderBy(desc(itemVersion.version));
  return rows.map(publishedOf);
};

/** False when another publisher took the number or the hash first. */
export const insertVersion = async (tx: Tx, row: Omit<PublishedItem, 'retiredAt'>): Promise<boolean> => {
  const { item } = row;
  const made = await tx
    .insert(itemVersion)
    .values({
      itemId: item.id,
      version: row.version,
      hash: row.hash,
      content: item,
      maker: row.maker,
      checker: row.checker,
      blocked: row.blocked,
      publishedAt: row.publishedAt,
      effectiveFrom: item.effective.from,
      effectiveTo: item.effective.to,
      documentSha256: row.document,
    })
    .onConflictDoNothing()
    .returning({ version: itemVersion.version });
  return made.length > 0;
};

/** False when it was retired before, or never published. */
export const markRetired = async (tx: Tx, itemId: string, version: number, at: Date): Promise<boolean> => {
  const done = await tx
    .update(itemVersion)
    .set({ retiredAt: at })
    .where(and(eq(itemVersion.itemId, itemId), eq(itemVersion.version, version), isNull(itemVersion.retiredAt)))
    .returning({ version: itemVersion.version });
  return done.length > 0;
};
