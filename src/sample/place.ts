// Where the sample city's people and firms live: real divisions (regions of the items, so that each item finds somebody), made-up streets.
// Reads only the division tree of the catalogue.
import type { Tree, TreeNode } from '../catalogue/catalogue.ts';
import type { Chance } from './chance.ts';

/** Share of residents per region, by weight. Regions of citizen items weigh more than their real population, so that a small city shows every item. */
const residentWeights: readonly (readonly [string, number])[] = [
  ['530128', 14],
  ['310000', 10],
  ['110000', 10],
  ['350300', 12],
  ['610000', 8],
  ['445200', 6],
  ['340323', 5],
  ['652827', 4],
  ['510400', 5],
  ['500000', 3],
  ['360700', 2],
  ['620100', 3],
  ['420500', 3],
  ['340500', 2],
  ['350500', 3],
  ['321300', 3],
  ['411721', 4],
  ['330000', 3],
  ['440100', 2],
  ['510700', 2],
  ['420200', 3],
  ['430000', 1],
  ['210200', 1],
  ['150500', 1],
];

const firmWeights: readonly (readonly [string, number])[] = [
  ['370000', 12],
  ['411200', 10],
  ['420200', 10],
  ['350582', 10],
  ['350571', 7],
  ['350000', 10],
  ['460000', 8],
  ['150100', 7],
  ['442071', 8],
  ['440000', 5],
  ['341802', 3],
  ['532329', 2],
  ['410100', 3],
  ['410700', 2],
  ['371323', 2],
  ['371623', 2],
  ['330604', 3],
  ['621000', 2],
  ['450300', 2],
  ['520000', 2],
  ['120000', 2],
  ['440300', 2],
  ['440112', 2],
  ['150000', 2],
];

export interface Places {
  readonly name: (code: string) => string;
  /** The node itself and everything above it, nearest first. */
  readonly upward: (code: string) => readonly string[];
  readonly isWithin: (code: string, ancestor: string) => boolean;
  /** A division where somebody lives: a leaf of the tree at or below `region`. */
  readonly leafUnder: (chance: Chance, region: string) => string;
  readonly homeOf: (chance: Chance) => string;
  readonly seatOf: (chance: Chance) => string;
  /** The province-level node above. */
  readonly provinceOf: (code: string) => string;
}

const leavesOf = (tree: Tree): ReadonlyMap<string, readonly string[]> => {
  const parents = new Map(tree.nodes.map((n) => [n.code, n.parent]));
  const inner = new Set(tree.nodes.map((n) => n.parent));
  const leaves = new Map<string, string[]>();
  for (const node of tree.nodes) {
    if (inner.has(node.code)) continue;
    for (let at: string | null = node.code; at !== null; at = parents.get(at) ?? null) {
      const list = leaves.get(at) ?? [];
      list.push(node.code);
      leaves.set(at, list);
    }
  }
  return leaves;
};

export const placesOf = (tree: Tree): Places => {
  const nodes = new Map<string, TreeNode>(tree.nodes.map((n) => [n.code, n]));
  const leaves = leavesOf(tree);
  const upward = (code: string): readonly string[] => {
    const path: string[] = [];
    for (let at = nodes.get(code); at !== undefined; at = at.parent === null ? undefined : nodes.get(at.parent)) path.push(at.code);
    return path;
  };
  const known = (weights: readonly (readonly [string, number])[]) => weights.filter(([code]) => nodes.has(code));
  const leafUnder = (chance: Chance, region: string): string => {
    const below = leaves.get(region);
    if (below === undefined) throw new RangeError(`division ${region} is not in the tree`);
    return chance.pick(below);
  };
  const [homes, seats] = [known(residentWeights), known(firmWeights)];
  return {
    name: (code) => nodes.get(code)?.name ?? code,
    upward,
    isWithin: (code, ancestor) => upward(code).includes(ancestor),
    leafUnder,
    homeOf: (chance) => leafUnder(chance, chance.weighted(homes)),
    seatOf: (chance) => leafUnder(chance, chance.weighted(seats)),
    provinceOf: (code) => upward(code).at(-1) ?? code,
  };
};
