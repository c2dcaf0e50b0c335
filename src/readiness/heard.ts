// Which datasets have been heard, where and how lately: what deliveries and coverage say together, as far as one item's region goes. Pure.
import { type Day, daysBetween } from '../base/day.ts';
import type { Dataset } from '../catalogue/catalogue.ts';
import type { TreeIndex } from '../catalogue/tree.ts';
import { covers } from '../record/coverage.ts';

/** One delivery's word, the latest per dataset, scope and manner. */
export interface Heard {
  readonly dataset: string;
  /** null: the whole register. */
  readonly division: string | null;
  readonly asOf: Day;
  /** It spoke for everybody of the division, listed or not; changes speak for whom they list. */
  readonly covering: boolean;
}

/** How one dataset stands for a region. */
export interface Hearing {
  /** The latest day any delivery spoke of; null: never heard there. */
  readonly asOf: Day | null;
  /** Heard, but for other regions only. */
  readonly elsewhere: boolean;
  /** Scopes whose latest word is older than the freshness limit, with that day; null division is the whole register. */
  readonly stale: readonly { readonly division: string | null; readonly asOf: Day }[];
  /** Neighbours of divisions that were heard, with subjects of ours, for which nobody has spoken. */
  readonly silent: readonly string[];
}

const nothing: Hearing = { asOf: null, elsewhere: false, stale: [], silent: [] };

export const touches = (divisions: TreeIndex, scope: string | null, region: string | null): boolean =>
  region === null || scope === null || covers(divisions, scope, region) || covers(divisions, region, scope);

export interface HearingQuestion {
  readonly divisions: TreeIndex;
  readonly region: string | null;
  readonly knownAt: Day;
  /** Divisions that hold subjects of the dataset's register. */
  readonly peopled: readonly string[];
}

export const hear = (dataset: Dataset, heard: readonly Heard[], ask: HearingQuestion): Hearing => {
  const { divisions, region, knownAt, peopled } = ask;
  const all = heard.filter((h) => h.dataset === dataset.id);
  const own = all.filter((h) => touches(divisions, h.division, region));
  if (own.length === 0) return { ...nothing, elsewhere: all.length > 0 };
  const covering = own.filter((h) => h.covering);
  const speaking = covering.length > 0 ? covering : own;
  const stale = new Map<string, { readonly division: string | null; readonly asOf: Day }>();
  for (const { division } of speaking) {
    const latest = speaking
      .filter((h) => h.division === division || covers(divisions, h.division, division))
      .reduce<Day>((max, h) => (h.asOf > max ? h.asOf : max), '0001-01-01' as Day);
    if (daysBetween(latest, knownAt) > dataset.freshnessDays) stale.set(division ?? '', { division, asOf: latest });
  }
  return {
    asOf: own.reduce<Day>((max, h) => (h.asOf > max ? h.asOf : max), '0001-01-01' as Day),
    elsewhere: false,
    stale: [...stale.values()],
    silent: silentIn(speaking, { divisions, region, peopled }),
  };
};

const silentIn = (speaking: readonly Heard[], ask: Pick<HearingQuestion, 'divisions' | 'region' | 'peopled'>): readonly string[] => {
  const { divisions, region, peopled } = ask;
  if (speaking.some((h) => h.division === null)) return [];
  const siblings = new Set<string>();
  for (const { division } of speaking) {
    const parent = division === null ? undefined : divisions.ancestors(division)[1];
    for (const child of parent === undefined ? [] : divisions.children(parent)) siblings.add(child);
  }
  return [...siblings]
    .filter((code) => touches(divisions, code, region))
    .filter((code) => !speaking.some((h) => covers(divisions, h.division, code) || covers(divisions, code, h.division)))
    .filter((code) => peopled.some((place) => covers(divisions, code, place)))
    .sort();
};
