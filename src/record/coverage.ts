// Which datasets have spoken about everyone in a division, and until when: the ground on which "not listed" means "has none" (DESIGN 4).
import type { Day } from '../base/day.ts';
import { divisionPrefix } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { TreeIndex } from '../catalogue/tree.ts';
import { treeOf } from './lookup.ts';
import type { Coverage, Moves } from './record.ts';

/**
 * True when a delivery for `scope` speaks for a subject of `division`; null scope is everyone, a subject of no known division only belongs there.
 * Functional zones have parents that their digits do not show, and villages may be missing from the tree: either way of belonging counts.
 */
export const covers = (divisions: TreeIndex, scope: string | null, division: string | null): boolean => {
  if (scope === null) return true;
  if (division === null) return false;
  return division.startsWith(divisionPrefix(scope)) || divisions.within(division, scope) === true;
};

/** Where a subject lived on a day, as far as deliveries have told. */
export const placeOn = (division: string | null, moves: Moves | undefined, on: Day): string | null => {
  const before = moves?.find(([, until]) => on < until);
  return before === undefined ? division : before[0];
};

/** The codes below `scope` that its prefix does not already catch; with the prefix this is `covers` as a query can say it. */
export const codesBeyondPrefix = (divisions: TreeIndex, scope: string): readonly string[] => {
  const prefix = divisionPrefix(scope);
  const below: string[] = [];
  const open = [scope];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (!at.startsWith(prefix)) below.push(at);
    open.push(...divisions.children(at));
  }
  return below;
};

/** Subjects of one name here are covered alike. */
export const placeName = (register: string, division: string | null, moves: Moves | undefined): string =>
  `${register} ${division ?? ''}${moves === undefined ? '' : JSON.stringify(moves)}`;

/** What covering full deliveries and lists of one dataset say of a division together. */
export interface Covered {
  /** The latest day they speak of. */
  readonly asOf: Day;
  readonly periods: ReadonlySet<string>;
}

/** Register, division, moves → dataset → what covers it. A list speaks of whoever lived in its scope on its own day, so it is silent about who moved in later. */
export const coverageLookup = (
  coverages: readonly Coverage[],
  catalogue: Pick<Catalogue, 'trees'>,
): ((register: string, division: string | null, moves?: Moves) => ReadonlyMap<string, Covered>) => {
  const divisions = treeOf(catalogue, 'division');
  const kept = new Map<string, ReadonlyMap<string, Covered>>();
  return (register, division, moves) => {
    const name = placeName(register, division, moves);
    const known = kept.get(name);
    if (known !== undefined) return known;
    const latest = new Map<string, Covered>();
    for (const c of coverages) {
      if (c.register !== register || !covers(divisions, c.division, placeOn(division, moves, c.asOf))) continue;
      const before = latest.get(c.dataset);
      latest.set(c.dataset, {
        asOf: before === undefined || before.asOf < c.asOf ? c.asOf : before.asOf,
        periods: new Set([...(before?.periods ?? []), ...(c.periods ?? [])]),
      });
    }
    kept.set(name, latest);
    return latest;
  };
};
