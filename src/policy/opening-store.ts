// How items come into use beside an older list: in the shadow nothing of them is decided for good, live they are decided from a day on. Items without
// a row are decided from their validity on. What a list was held against stands in `../opening/`.
import { eq } from 'drizzle-orm';
import type { Day } from '../base/day.ts';
import type { Db, Tx } from '../db/handle.ts';
import { itemOpening } from '../db/schema.ts';

export interface Opening {
  readonly itemId: string;
  readonly state: 'shadow' | 'live';
  /** First day of the first period that is decided; null in the shadow. */
  readonly from: Day | null;
}

export const openings = async (reader: Db | Tx): Promise<ReadonlyMap<string, Opening>> => {
  const rows = await reader.select().from(itemOpening);
  return new Map(
    rows.map((row) => [row.itemId, { itemId: row.itemId, state: row.state as Opening['state'], from: row.fromDay as Day | null }]),
  );
};

/** False when the item has an opening already. */
export const insertShadow = async (tx: Tx, itemId: string, maker: string, at: Date): Promise<boolean> => {
  const made = await tx
    .insert(itemOpening)
    .values({ itemId, state: 'shadow', maker, at })
    .onConflictDoNothing()
    .returning({ itemId: itemOpening.itemId });
  return made.length > 0;
};

/** The state, locked until the transaction ends; null: never in the shadow. */
export const lockOpening = async (tx: Tx, itemId: string): Promise<Opening['state'] | null> => {
  const [row] = await tx.select({ state: itemOpening.state }).from(itemOpening).where(eq(itemOpening.itemId, itemId)).for('update');
  return (row?.state as Opening['state'] | undefined) ?? null;
};

export const setLive = async (
  tx: Tx,
  live: {
    readonly itemId: string;
    readonly from: Day;
    readonly comparisonId: string;
    readonly maker: string;
    readonly checker: string;
    readonly at: Date;
  },
): Promise<void> => {
  const { itemId, from, comparisonId, maker, checker, at } = live;
  await tx
    .update(itemOpening)
    .set({ state: 'live', fromDay: from, comparisonId, maker, checker, at })
    .where(eq(itemOpening.itemId, itemId));
};
