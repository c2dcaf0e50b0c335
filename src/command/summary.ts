// What a run came to, per item and in all: the table start prints and the demo's document.
import type { Db } from '../db/handle.ts';
import type { RunReport } from '../match/run.ts';
import { type Item, pays } from '../policy/item.ts';
import { liveItems } from '../policy/store.ts';
import { type Totals, totals } from './summary-store.ts';

export interface ItemSummary {
  readonly id: string;
  readonly title: string;
  readonly item: Item;
  readonly eligible: number;
  readonly undetermined: number;
  readonly amountFen: bigint;
  readonly stopped: string | null;
}

export interface Summary {
  readonly items: readonly ItemSummary[];
  readonly totals: Totals & { readonly amountFen: bigint };
}

/** Push items are estimates and reductions pay nothing: they stand in their row and stay out of the total. Several periods of one item are added up. */
export const summarize = async (db: Db, ran: Pick<RunReport, 'items'>): Promise<Summary> => {
  const versions = await liveItems(db);
  const items = [...new Set(ran.items.map((row) => row.itemId))].sort().map((id): ItemSummary => {
    const rows = ran.items.filter((row) => row.itemId === id);
    const item = (versions.find((one) => one.item.id === id) ?? versions[0])?.item as Item;
    return {
      id,
      title: item.title,
      item,
      eligible: rows.reduce((sum, row) => sum + row.eligible, 0),
      undetermined: rows.reduce((sum, row) => sum + row.undetermined, 0),
      amountFen: rows.reduce((sum, row) => sum + row.amountFen, 0n),
      stopped: rows.find((row) => row.stopped !== null)?.stopped ?? null,
    };
  });
  const counted = await totals(db);
  return {
    items,
    totals: { ...counted, amountFen: items.filter((one) => pays(one.item)).reduce((sum, one) => sum + one.amountFen, 0n) },
  };
};
