// Membership in a code tree (division, industry): the commonest condition of all. A tree is numbered once in depth-first order, so that
// "within" is two comparisons and a subtree is a range of ranks.
import type { Day } from '../base/day.ts';
import type { Tree, TreeNode } from './catalogue.ts';

export interface TreeIndex {
  readonly id: string;
  has(code: string): boolean;
  node(code: string): TreeNode | null;
  /** `code` is `ancestor` or below it; null when the tree does not know one of them, or one is not valid on the day. */
  within(code: string, ancestor: string, on?: Day): boolean | null;
  /** The code itself first, then parent, grandparent …; empty for an unknown code. */
  ancestors(code: string): readonly string[];
  children(code: string | null): readonly string[];
  /** Depth-first numbering: the subtree of `code` is the ranks [first, last]. */
  span(code: string): { readonly first: number; readonly last: number } | null;
  /** The most specific of the codes that holds `code`, as 「district before city before nation」; `null` among them is the whole country. */
  mostSpecific(code: string | null, among: Iterable<string | null>): string | null | undefined;
}

interface Place {
  readonly node: TreeNode;
  readonly first: number;
  last: number;
}

const validOn = (node: TreeNode, on: Day | undefined): boolean =>
  on === undefined || ((node.from == null || node.from <= on) && (node.to == null || on < node.to));

/** Depth-first without recursion: a delivered tree may be deeper than the stack is wide. Nodes on a cycle are never reached. */
const number = (below: ReadonlyMap<string | null, readonly TreeNode[]>): Map<string, Place> => {
  const places = new Map<string, Place>();
  const stack: (TreeNode | Place)[] = [...(below.get(null) ?? [])].reverse();
  let rank = 0;
  for (let top = stack.pop(); top !== undefined; top = stack.pop()) {
    if ('node' in top) {
      top.last = rank - 1;
      continue;
    }
    if (places.has(top.code)) continue;
    const place: Place = { node: top, first: rank, last: rank };
    rank++;
    places.set(top.code, place);
    stack.push(place, ...[...(below.get(top.code) ?? [])].reverse());
  }
  return places;
};

const group = (nodes: readonly TreeNode[]): Map<string | null, TreeNode[]> => {
  const below = new Map<string | null, TreeNode[]>();
  for (const node of nodes) {
    const siblings = below.get(node.parent);
    if (siblings === undefined) below.set(node.parent, [node]);
    else siblings.push(node);
  }
  return below;
};

export const indexTree = (tree: Tree): TreeIndex => {
  const below = group(tree.nodes);
  const places = number(below);
  const ancestors = (code: string): readonly string[] => {
    const out: string[] = [];
    for (let at = places.get(code); at !== undefined; at = at.node.parent === null ? undefined : places.get(at.node.parent))
      out.push(at.node.code);
    return out;
  };
  return {
    id: tree.id,
    has: (code) => places.has(code),
    node: (code) => places.get(code)?.node ?? null,
    within: (code, ancestor, on) => {
      const [a, b] = [places.get(code), places.get(ancestor)];
      if (a === undefined || b === undefined || !validOn(a.node, on) || !validOn(b.node, on)) return null;
      return b.first <= a.first && a.first <= b.last;
    },
    ancestors,
    children: (code) => (below.get(code) ?? []).map((n) => n.code),
    span: (code) => {
      const place = places.get(code);
      return place === undefined ? null : { first: place.first, last: place.last };
    },
    mostSpecific: (code, among) => {
      const known = new Set(among);
      const found = (code === null ? [] : ancestors(code)).find((c) => known.has(c));
      return found ?? (known.has(null) ? null : undefined);
    },
  };
};
