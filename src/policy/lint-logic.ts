// Conditions that cannot hold, cannot fail, or say twice the same. Leaves on one fact are tried on every value that could tell them apart:
// each bound, just below and just above it, each category, each code with its neighbours, and none. For intervals that is complete.
import { addDays, fromEpochDay } from '../base/day.ts';
import { add, parseDecimal, type Rational, sub } from '../base/rational.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { dateFromDay, isList, isNumber, type Value } from '../feel/value.ts';
import type { Truth } from '../rule/facts.ts';
import type { Ready, ReadyLeaf } from '../rule/ready.ts';
import { treesOf } from './vocabulary.ts';

export interface LogicFinding {
  readonly at: string;
  readonly kind: 'contradiction' | 'tautology' | 'duplicate' | 'subsumed';
  readonly label: string;
  /** The other condition of a pair. */
  readonly other: string | null;
}

const hair = parseDecimal('0.000001') as Rational;

const pointsOf = (v: Value): readonly Value[] => {
  if (v === null || typeof v === 'boolean' || typeof v === 'string') return [v];
  if (isList(v)) return v.flatMap(pointsOf);
  if (isNumber(v)) return [sub(v, hair), v, add(v, hair)];
  if (v.kind === 'date') {
    const d = fromEpochDay(v.epochDay);
    return [dateFromDay(addDays(d, -1)), v, dateFromDay(addDays(d, 1))];
  }
  return v.kind === 'range' ? [v.low, v.high].flatMap((e) => (e === undefined ? [] : pointsOf(e))) : [];
};

/** Values that tell the leaves apart; none among them. */
const samplesOf = (leaves: readonly ReadyLeaf[], catalogue: Catalogue): readonly Value[] => {
  const [first] = leaves;
  if (first === undefined) return [];
  const points = leaves.flatMap((l) => (l.operand.kind === 'literal' && l.operator.operand !== 'flag' ? pointsOf(l.operand.value) : []));
  switch (first.type.kind) {
    case 'boolean':
      return [true, false, null];
    case 'string':
      return [...(first.type.values ?? [...points, '\u0000']), null];
    case 'code': {
      const index = treesOf(catalogue).get(first.type.tree);
      const near = points.flatMap((p) => (typeof p === 'string' ? [...(index?.ancestors(p) ?? []), ...(index?.children(p) ?? [])] : []));
      return [...points, ...near, ...(index?.children(null) ?? []), null];
    }
    case 'list':
      // Subsets that matter: none, each alone, each left out, all, and one nobody named.
      return [null, ['\u0000'], ...points.map((p) => [p]), ...points.map((p) => points.filter((q) => q !== p)), points];
    default:
      return points.length === 0 ? [] : [...points, null];
  }
};

const truthOf = (leaf: ReadyLeaf, v: Value, catalogue: Catalogue): Truth => {
  if (leaf.operand.kind !== 'literal') return null;
  const within = (tree: string, code: string, ancestor: string): Truth => treesOf(catalogue).get(tree)?.within(code, ancestor) ?? null;
  return leaf.operator.evaluate(v, leaf.operand.value, { tree: leaf.tree, within });
};

const comparable = (c: Ready): c is ReadyLeaf => c.kind === 'leaf' && c.operand.kind === 'literal' && c.operator.operand !== 'pattern';

export const logicFindings = (ready: Ready, catalogue: Catalogue): readonly LogicFinding[] => {
  if (ready.kind === 'leaf') return [];
  if (ready.kind === 'not') return logicFindings(ready.child, catalogue);
  const groups = Map.groupBy(ready.children.filter(comparable), (l) => `${l.fact} ${l.on} ${l.checkAt}`);
  const own = [...groups.values()].flatMap((leaves) => groupFindings(leaves, ready.kind, catalogue));
  return [...own, ...ready.children.flatMap((c) => logicFindings(c, catalogue))];
};

const groupFindings = (leaves: readonly ReadyLeaf[], kind: 'all' | 'any', catalogue: Catalogue): readonly LogicFinding[] => {
  const [first] = leaves;
  const samples = samplesOf(leaves, catalogue);
  if (first === undefined || samples.length === 0 || leaves.length < 2) return [];
  // `any` and `every` look at several days at once: two of them may both hold though no single value satisfies both.
  if (first.on === 'any' || first.on === 'every') return [];
  const rows = samples.map((s) => leaves.map((l) => truthOf(l, s, catalogue)));
  const label = first.label;
  const last = leaves[leaves.length - 1] as ReadyLeaf;
  if (kind === 'all' && rows.every((r) => r.includes(false))) return [{ at: last.at, kind: 'contradiction', label, other: first.at }];
  if (kind === 'any' && rows.every((r) => r.includes(true))) return [{ at: last.at, kind: 'tautology', label, other: first.at }];
  return leaves.flatMap((leaf, i) => pairFindings(leaf, i, leaves, rows, kind));
};

/** In `all` the weaker of two is superfluous, in `any` the stronger. */
const pairFindings = (
  leaf: ReadyLeaf,
  i: number,
  leaves: readonly ReadyLeaf[],
  rows: readonly (readonly Truth[])[],
  kind: 'all' | 'any',
): readonly LogicFinding[] => {
  for (const [j, other] of leaves.entries()) {
    if (j === i) continue;
    const same = rows.every((r) => r[i] === r[j]);
    if (same && j < i) return [{ at: leaf.at, kind: 'duplicate', label: leaf.label, other: other.at }];
    if (same) continue;
    const superfluous = rows.every((r) => (kind === 'all' ? r[j] !== true || r[i] === true : r[i] !== true || r[j] === true));
    if (superfluous) return [{ at: leaf.at, kind: 'subsumed', label: leaf.label, other: other.at }];
  }
  return [];
};
