// 就高不重复: of a subject's matters that exclude each other, the ones that are worth most together. Pure.
//
// A vertex is one item in one period; two vertices exclude each other when their items share a group and fall into the same span of it (period, year,
// ever). Months of one item do not exclude each other, so a year's worth of months stands against another item's yearly sum. Each connected component
// is solved by itself: whoever wins does not depend on what came first, and whoever shares no group with the winner is not refused because of it.
import type { Item, Limit } from '../policy/item.ts';
import { spanOf } from './settlement.ts';

export type Exclusive = Extract<Limit, { readonly exclusive: unknown }>['exclusive'];

export interface Vertex {
  readonly item: Item;
  readonly periodKey: string;
  readonly year: number;
  /** What it is worth after everything but exclusion. */
  readonly fen: bigint;
}

export const exclusivesOf = (item: Item): readonly Exclusive[] =>
  item.limits.flatMap((limit) => ('exclusive' in limit ? [limit.exclusive] : []));

export const vertexKey = (of: { readonly item: { readonly id: string }; readonly periodKey: string; readonly year: number }): string =>
  JSON.stringify([of.item.id, of.year, of.periodKey]);

const spansOf = (vertex: Omit<Vertex, 'fen'>): readonly string[] =>
  exclusivesOf(vertex.item).map(({ group, per }) => JSON.stringify([group, spanOf(per, vertex)]));

export const exclude = (a: Omit<Vertex, 'fen'>, b: Omit<Vertex, 'fen'>): boolean => {
  if (a.item.id === b.item.id) return false;
  const spans = new Set(spansOf(a));
  return spansOf(b).some((span) => spans.has(span));
};

/** The vertices connected with `from`, itself first. */
export const componentOf = <V extends Omit<Vertex, 'fen'>>(from: V, all: readonly V[]): readonly V[] => {
  const found = [from];
  const left = new Set(all.filter((vertex) => vertexKey(vertex) !== vertexKey(from)));
  for (const at of found) {
    for (const vertex of left) {
      if (!exclude(at, vertex)) continue;
      left.delete(vertex);
      found.push(vertex);
    }
  }
  return found;
};

/** Among sets of equal worth the one with the smaller priority, then the smaller item id, is taken. */
const inRank = (a: Vertex, b: Vertex): number => {
  const rank = (v: Vertex) => Math.min(...exclusivesOf(v.item).map((one) => one.priority ?? Number.MAX_SAFE_INTEGER));
  return rank(a) - rank(b) || (vertexKey(a) < vertexKey(b) ? -1 : 1);
};

/** Vertices of one item with the same rivals stand or fall together: twelve months are one choice. */
const merged = (vertices: readonly Vertex[]): readonly (readonly Vertex[])[] => {
  const rivalsOf = (v: Vertex) =>
    vertices
      .filter((other) => exclude(v, other))
      .map(vertexKey)
      .sort()
      .join();
  return [...Map.groupBy(vertices, (v) => `${v.item.id} ${rivalsOf(v)}`).values()];
};

/** Above this many choices in one component (nobody has met one) the most valuable goes first instead of the best set. */
const exactUpTo = 24;

/** The keys of the vertices that are worth most together, none excluding another. Deterministic: the order they are given in does not matter. */
export const heaviest = (component: readonly Vertex[]): ReadonlySet<string> => {
  const choices = merged([...component].sort(inRank)).map((vertices) => ({
    vertices,
    head: vertices[0] as Vertex,
    fen: vertices.reduce((sum, v) => sum + v.fen, 0n),
  }));
  const order = choices.length <= exactUpTo ? choices : [...choices].sort((a, b) => (a.fen === b.fen ? 0 : a.fen > b.fen ? -1 : 1));
  const rest = order.map((_, i) => order.slice(i).reduce((sum, choice) => sum + choice.fen, 0n));
  let best: readonly (typeof choices)[number][] = [];
  let bestFen = -1n;
  // With the next one first, then without it: the first set found of a worth is the one that ranks first.
  const search = (at: number, taken: readonly (typeof choices)[number][], fen: bigint): void => {
    if (fen + (rest[at] ?? 0n) <= bestFen) return;
    const next = order[at];
    if (next === undefined) {
      best = taken;
      bestFen = fen;
      return;
    }
    const free = !taken.some((choice) => exclude(choice.head, next.head));
    if (free) search(at + 1, [...taken, next], fen + next.fen);
    if (!free || choices.length <= exactUpTo) search(at + 1, taken, fen);
  };
  search(0, [], 0n);
  return new Set(best.flatMap((choice) => choice.vertices.map(vertexKey)));
};
