// Which items can be decided, as a member of staff may see it: the stored answers of their items. What is waited for names datasets, never people.
import type { Day } from '../base/day.ts';
import type { Scope } from '../base/scope.ts';
import { type ReadinessRow, readReadiness } from '../readiness/store.ts';
import { latestSnapshot } from '../snapshot/store.ts';
import type { WebContext } from './context.ts';
import { itemsFor } from './items.ts';
import { dayAt } from './words.ts';

export interface ReadinessView {
  /** The day lateness is counted to: what the newest snapshot knows, else today. */
  readonly countedOn: Day;
  readonly titles: ReadonlyMap<string, string>;
  readonly rows: readonly ReadinessRow[];
}

export const readinessFor = async (
  web: WebContext,
  scope: Scope,
  now: Date,
  ask: { readonly itemId?: string | undefined; readonly periodKey?: string | undefined; readonly history?: boolean } = {},
): Promise<ReadinessView> => {
  const titles = new Map((await itemsFor(web, scope)).map(({ itemId, item }) => [itemId, item.title]));
  const [snapshot, rows] = await Promise.all([
    latestSnapshot(web.db),
    readReadiness(web.db, {
      items: [...titles.keys()],
      ...(ask.itemId === undefined ? {} : { itemId: ask.itemId }),
      ...(ask.periodKey === undefined ? {} : { periodKey: ask.periodKey }),
      history: ask.history === true,
    }),
  ]);
  return { countedOn: snapshot?.knownAt ?? dayAt(now), titles, rows };
};
