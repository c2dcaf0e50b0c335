// A late guard dataset (death, status, blacklist) and what a named person decides about it for one item and period: wait, or let those who were paid
// before go on for n more days. Pure shapes and the longer limit as a reading; `decide.ts` writes a decision, `../record/resolve.ts` resolves under it.
import { createHash } from 'node:crypto';
import type { Day } from '../base/day.ts';
import type { Variant } from '../record/variant.ts';

export interface LateDecision {
  readonly id: string;
  readonly itemId: string;
  readonly periodKey: string;
  readonly dataset: string;
  readonly choice: 'wait' | 'extend';
  /** extend: days added to the freshness limit. */
  readonly days: number | null;
  /** The last day it counts. */
  readonly until: Day;
  /** The day the dataset spoke of when it was decided. */
  readonly asOf: Day;
  readonly reason: string;
  readonly actor: string;
  readonly sequence: bigint;
  readonly at: Date;
}

/** A longer freshness limit as it stands in a run's terms and in the evidence of the matches it carries. */
export interface Extension {
  readonly id: string;
  readonly dataset: string;
  readonly days: number;
  readonly until: Day;
  readonly actor: string;
  readonly reason: string;
  readonly asOf: Day;
}

/** Longer limits decided for one item and period, as one variant of the sealed facts; null: none. Named by what is extended, so that seal and run agree. */
export const variantOf = (extended: readonly Pick<LateDecision, 'dataset' | 'days'>[]): Variant | null => {
  if (extended.length === 0) return null;
  const days = new Map([...extended].sort((a, b) => (a.dataset < b.dataset ? -1 : 1)).map((d) => [d.dataset, d.days ?? 0]));
  return {
    name: createHash('sha256')
      .update(JSON.stringify([...days]))
      .digest('hex')
      .slice(0, 12),
    days,
  };
};

/** Every variant a snapshot of that day needs, each once. */
export const variantsOn = (decisions: readonly LateDecision[], on: Day): readonly Variant[] => {
  const extend = inForce(decisions, on).filter((d) => d.choice === 'extend');
  const own = [...Map.groupBy(extend, (d) => `${d.itemId}\n${d.periodKey}`).values()].flatMap((group) => variantOf(group) ?? []);
  return [...new Map(own.map((variant) => [variant.name, variant])).values()].sort((a, b) => (a.name < b.name ? -1 : 1));
};

/** The last decision per item, period and dataset, where it still counts on that day. */
export const inForce = (decisions: readonly LateDecision[], on: Day): readonly LateDecision[] => {
  const last = new Map<string, LateDecision>();
  for (const d of decisions) {
    const name = `${d.itemId}\n${d.periodKey}\n${d.dataset}`;
    const before = last.get(name);
    if (before === undefined || before.sequence < d.sequence) last.set(name, d);
  }
  return [...last.values()].filter((d) => on <= d.until);
};
