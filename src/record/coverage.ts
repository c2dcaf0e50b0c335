// Which datasets have spoken about everyone in a division, and until when: the ground on which "not listed" means "has none" (DESIGN 4).
import type { Day } from '../base/day.ts';
import { divisionPrefix } from '../base/scope.ts';
import type { Catalogue, Tree } from '../catalogue/catalogue.ts';
import type { Coverage } from './record.ts';

/** Codes from `code` up to its root, itself first; functional zones have their own parents, so the tree is asked before the digits. */
export const ancestorsOf = (tree: Tree | undefined, code: string): readonly string[] => {
  const parents = parentMap(tree);
  const path: string[] = [];
  for (let at: string | null = code; at !== null && !path.includes(at); at = parents.get(at) ?? null) path.push(at);
  return path;
};

const parentMaps = new WeakMap<Tree, ReadonlyMap<string, string | null>>();
const noParents: ReadonlyMap<string, string | null> = new Map();

const parentMap = (tree: Tree | undefined): ReadonlyMap<string, string | null> => {
  if (tree === undefined) return noParents;
  const known = parentMaps.get(tree);
  if (known !== undefined) return known;
  const made = new Map(tree.nodes.map((n) => [n.code, n.parent]));
  parentMaps.set(tree, made);
  return made;
};

export const divisionTree = (catalogue: Pick<Catalogue, 'trees'>): Tree | undefined => catalogue.trees.find((t) => t.id === 'division');

/** True when a delivery for `scope` speaks for a subject of `division`; null scope is everyone, a subject of no known division only belongs there. */
export const covers = (tree: Tree | undefined, scope: string | null, division: string | null): boolean => {
  if (scope === null) return true;
  if (division === null) return false;
  return division.startsWith(divisionPrefix(scope)) || ancestorsOf(tree, division).includes(scope);
};

/** Register, division → dataset → the latest day a covering full delivery or list speaks of. Answers are kept per division. */
export const coverageLookup = (
  coverages: readonly Coverage[],
  catalogue: Pick<Catalogue, 'trees'>,
): ((register: string, division: string | null) => ReadonlyMap<string, Day>) => {
  const tree = divisionTree(catalogue);
  const kept = new Map<string, ReadonlyMap<string, Day>>();
  return (register, division) => {
    const name = `${register} ${division ?? ''}`;
    const known = kept.get(name);
    if (known !== undefined) return known;
    const latest = new Map<string, Day>();
    for (const c of coverages) {
      if (c.register !== register || !covers(tree, c.division, division)) continue;
      const before = latest.get(c.dataset);
      if (before === undefined || before < c.asOf) latest.set(c.dataset, c.asOf);
    }
    kept.set(name, latest);
    return latest;
  };
};
