// How things stand and what waits for a person: the numbers behind the first page and the item pages, all within the caller's scope.
import type { Scope } from '../base/scope.ts';
import { allStates, type State } from '../disbursement/states.ts';
import { countDisbursements } from '../disbursement/store.ts';
import { type ItemStanding, itemStandings } from '../match/overview-store.ts';
import { lastRun, type RunSummary, undeterminedBlocks } from '../match/store.ts';
import { countNotices } from '../notice/store.ts';
import type { VersionView } from '../policy/view-store.ts';
import { countSubjectsAt } from '../record/view-store.ts';
import { bitmapFromBytes, blockRows, rowsOf } from '../snapshot/bitmap.ts';
import type { WebContext } from './context.ts';
import { datasetViews } from './datasets.ts';
import { itemsFor, listGapsFor } from './items.ts';
import type { ListGap } from './lists.ts';

export interface ItemRow {
  readonly published: VersionView;
  /** null: no run has decided it yet. */
  readonly standing: (Omit<ItemStanding, 'undetermined'> & { readonly undetermined: number }) | null;
}

/** Undetermined people of the caller's own divisions. */
const undeterminedIn = async (web: WebContext, scope: Scope, itemId: string, periodKey: string): Promise<number> => {
  const blocks = await undeterminedBlocks(web.db, itemId, periodKey);
  let sum = 0;
  for (const { register, block, undetermined } of blocks) {
    const ordinals = rowsOf(bitmapFromBytes(undetermined, blockRows)).map((row) => block * blockRows + row);
    sum += await countSubjectsAt(web.db, scope, register, ordinals);
  }
  return sum;
};

export const itemRows = async (web: WebContext, scope: Scope, items: readonly VersionView[]): Promise<readonly ItemRow[]> => {
  const standings = await itemStandings(
    web.db,
    scope,
    items.map((one) => one.itemId),
  );
  const byItem = new Map(standings.map((one) => [one.itemId, one]));
  const rows: ItemRow[] = [];
  for (const published of items) {
    const standing = byItem.get(published.itemId);
    if (standing === undefined) rows.push({ published, standing: null });
    else {
      const undetermined = standing.undetermined ?? (await undeterminedIn(web, scope, standing.itemId, standing.periodKey));
      rows.push({ published, standing: { ...standing, undetermined } });
    }
  }
  return rows;
};

export interface Waiting {
  readonly disbursements: Readonly<Record<State, number>>;
  readonly amountFen: Readonly<Record<State, bigint>>;
  readonly notices: { readonly failed: number; readonly toHand: number; readonly pending: number };
  readonly stale: number;
  /** Subjects and items undetermined; one person may stand in several items. */
  readonly undetermined: number;
}

export interface Overview {
  readonly run: RunSummary | null;
  readonly items: readonly ItemRow[];
  readonly waiting: Waiting;
  /** Item id → its lists by name with names nobody was found for. */
  readonly lists: ReadonlyMap<string, readonly ListGap[]>;
}

const noticesWaiting = async (web: WebContext, scope: Scope): Promise<Waiting['notices']> => {
  const counts = await countNotices(web.db, scope);
  const sum = (test: (one: (typeof counts)[number]) => boolean): number => counts.filter(test).reduce((total, one) => total + one.count, 0);
  return {
    failed: sum(({ state }) => state === 'bounced' || state === 'dead'),
    toHand: sum(({ state, channel }) => state === 'pending' && channel === 'letter'),
    pending: sum(({ state, channel }) => state === 'pending' && channel !== 'letter'),
  };
};

export const overviewOf = async (web: WebContext, scope: Scope, now: Date): Promise<Overview> => {
  const published = await itemsFor(web, scope);
  const items = await itemRows(web, scope, published);
  const counted = await countDisbursements(web.db, scope);
  const count = Object.fromEntries(allStates.map((state) => [state, 0])) as Record<State, number>;
  const amount = Object.fromEntries(allStates.map((state) => [state, 0n])) as Record<State, bigint>;
  for (const row of counted) {
    count[row.state] += row.count;
    amount[row.state] += row.amountFen;
  }
  const [run, notices, datasets, lists] = await Promise.all([
    lastRun(web.db),
    noticesWaiting(web, scope),
    datasetViews(web, scope, now),
    listGapsFor(web, published),
  ]);
  return {
    run,
    items,
    lists,
    waiting: {
      disbursements: count,
      amountFen: amount,
      notices,
      stale: datasets.rows.filter((one) => one.freshness === 'stale').length,
      undetermined: items.reduce((sum, { standing }) => sum + (standing?.undetermined ?? 0), 0),
    },
  };
};
