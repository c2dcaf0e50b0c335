// What little costs: a seal and a run after one record in a hundred has changed, and one record decided at once, beside the first seal and run of the same data.
import { performance } from 'node:perf_hooks';
import type { Day } from '../base/day.ts';
import { withdrawSome } from '../bench/little-store.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Db } from '../db/handle.ts';
import { decideChanges } from '../match/event.ts';
import type { ItemVersion } from '../match/match.ts';

export interface Ground {
  readonly db: Db;
  /** The tables' owner. */
  readonly owner: Db;
  readonly catalogue: Catalogue;
  readonly items: readonly ItemVersion[];
  readonly today: Day;
  readonly now: () => Date;
}

/** One record in a hundred, scattered over every block of both registers. */
export const changeOnePercent = async (owner: Db): Promise<number> =>
  (await withdrawSome(owner, 'citizen', { first: 0, every: 100, limit: null })) +
  (await withdrawSome(owner, 'enterprise', { first: 0, every: 100, limit: null }));

export interface EventTimes {
  /** Milliseconds of work, in order of size. */
  readonly ms: readonly number[];
  readonly items: number;
  readonly written: number;
}

/** One record after the other changes and is decided for every item in force. */
export const decideEvents = async (ground: Ground, count: number): Promise<EventTimes> => {
  const ms: number[] = [];
  let [items, written] = [0, 0];
  for (let n = 0; n < count; n++) {
    const changed = await withdrawSome(ground.owner, 'citizen', { first: 1 + n * 100, every: 100, limit: 1 });
    if (changed === 0) break;
    const began = performance.now();
    const report = await decideChanges(ground.db, { ...ground, at: ground.now(), actor: 'bench' });
    ms.push(performance.now() - began);
    if (report.state !== 'decided') throw new Error(`an event was left to the ${report.state}`);
    items = report.items;
    written += report.written;
  }
  return { ms: ms.toSorted((a, b) => a - b), items, written };
};

/** Of values in order of size. */
export const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.ceil(sorted.length * share) - 1)] ?? 0;
