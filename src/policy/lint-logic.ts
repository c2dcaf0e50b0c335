// Conditions that cannot hold, cannot fail, or say twice the same. Whatever speaks of one fact alone is tried on every value that could tell its parts
// apart: each bound, between any two and beyond them; each category; each code with its neighbours; each subset; and none. For bounds, categories,
// tree codes and small sets that is complete, so that what is reported is so; what cannot be tried completely is left alone.
import { addDays, fromEpochDay } from '../base/day.ts';
import { add, compare, div, fromInt, type Rational, sub } from '../base/rational.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { FeelType } from '../feel/type.ts';
import { dateFromDay, isList, isNumber, type Value } from '../feel/value.ts';
import type { Truth } from '../rule/facts.ts';
import { leavesOf, type Ready, type ReadyLeaf } from '../rule/ready.ts';
import { treesOf } from './vocabulary.ts';

export interface LogicFinding {
  readonly at: string;
  /** `dead-branch`: a contradiction under `any` or `not`, which leaves others a way. `wide`: so many conditions that not all were tried together. */
  readonly kind: 'contradiction' | 'dead-branch' | 'tautology' | 'duplicate' | 'subsumed' | 'wide';
  readonly label: string;
  /** The other condition of a pair. */
  readonly other: string | null;
}

/** Part of a tree that speaks of one fact, on one day. */
export interface Unit {
  readonly ready: Ready;
  readonly leaves: readonly ReadyLeaf[];
}

const pointsOf = (v: Value): readonly Value[] => {
  if (v === null) return [];
  if (typeof v === 'boolean' || typeof v === 'string' || isNumber(v)) return [v];
  if (isList(v)) return v.flatMap(pointsOf);
  if (v.kind === 'date') return [v];
  return v.kind === 'range' ? [v.low, v.high].flatMap((e) => (e === undefined ? [] : pointsOf(e))) : [];
};

const numberSamples = (points: readonly Value[]): readonly Value[] => {
  const sorted = points.filter(isNumber).sort(compare);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return [];
  const between = sorted.slice(1).map((b, i) => div(add(sorted[i] as Rational, b), fromInt(2)) as Rational);
  return [sub(first, fromInt(1)), ...sorted, ...between, add(last, fromInt(1)), null];
};

const dateSamples = (points: readonly Value[]): readonly Value[] =>
  points.length === 0
    ? []
    : [
        ...points.flatMap((v) => {
          if (v === null || typeof v !== 'object' || isList(v) || v.kind !== 'date') return [];
          const day = fromEpochDay(v.epochDay);
          return [dateFromDay(addDays(day, -1)), v, dateFromDay(addDays(day, 1))];
        }),
        null,
      ];

const mostMembers = 10;
/** A member nobody names, so that sets may hold something else as well. */
const stranger = '\u0000';

const setSamples = (points: readonly Value[]): readonly Value[] => {
  const members = [...new Set(points), stranger];
  if (members.length > mostMembers || !members.every((m) => typeof m === 'string')) return [];
  return [null, ...Array.from({ length: 2 ** members.length }, (_, bits) => members.filter((_m, i) => ((bits >> i) & 1) === 1))];
};

/** Values of a type that tell apart everything said with `points`; empty: it cannot be tried completely. */
export const samplesOf = (type: FeelType, points: readonly Value[], catalogue: Catalogue): readonly Value[] => {
  switch (type.kind) {
    case 'boolean':
      return [true, false, null];
    case 'string':
      return [...(type.values ?? [...points, stranger]), null];
    case 'code': {
      const index = treesOf(catalogue).get(type.tree);
      const near = points.flatMap((p) => (typeof p === 'string' ? [...(index?.ancestors(p) ?? []), ...(index?.children(p) ?? [])] : []));
      return [...points, ...near, ...(index?.children(null) ?? []), null];
    }
    case 'list':
      return setSamples(points);
    case 'number':
      return numberSamples(points);
    case 'date':
      return dateSamples(points);
    default:
      return [];
  }
};

export const unitPoints = (units: readonly Unit[]): readonly Value[] =>
  units.flatMap((u) =>
    u.leaves.flatMap((l) => (l.operand.kind === 'literal' && l.operator.operand !== 'flag' ? pointsOf(l.operand.value) : [])),
  );

/** `any` and `every` look at several days at once: two of them may both hold though no single value satisfies both. */
const comparable = (l: ReadyLeaf): boolean =>
  l.operand.kind === 'literal' && l.operator.operand !== 'pattern' && l.on !== 'any' && l.on !== 'every';

const nameOf = (l: ReadyLeaf): string => `${l.fact} ${l.on} ${l.checkAt}`;

/** null: it speaks of several facts, or of something that cannot be tried. */
const unitOf = (ready: Ready): Unit | null => {
  const leaves = leavesOf(ready);
  const names = new Set(leaves.map(nameOf));
  return names.size === 1 && leaves.every(comparable) ? { ready, leaves } : null;
};

const leafTruth = (leaf: ReadyLeaf, v: Value, catalogue: Catalogue): Truth => {
  if (leaf.operand.kind !== 'literal') return null;
  const within = (tree: string, code: string, ancestor: string): Truth => treesOf(catalogue).get(tree)?.within(code, ancestor) ?? null;
  return leaf.operator.evaluate(v, leaf.operand.value, { tree: leaf.tree, within });
};

/** What the part says of a value of its fact. */
export const truthOf = (ready: Ready, v: Value, catalogue: Catalogue): Truth => {
  if (ready.kind === 'leaf') return leafTruth(ready, v, catalogue);
  if (ready.kind === 'not') {
    const t = truthOf(ready.child, v, catalogue);
    return t === null ? null : !t;
  }
  const truths = ready.children.map((c) => truthOf(c, v, catalogue));
  const decisive = ready.kind === 'any';
  return truths.includes(decisive) ? decisive : truths.includes(null) ? null : !decisive;
};

/** Children with groups of the same kind opened up: `all` within `all` is one `all`. */
const spread = (ready: Ready, kind: 'all' | 'any'): readonly Ready[] =>
  ready.kind === kind ? ready.children.flatMap((c) => spread(c, kind)) : [ready];

/** Everything that must hold of each fact, by fact: what stands under the outermost `all`. */
export const demandsOf = (ready: Ready): ReadonlyMap<string, readonly Unit[]> =>
  Map.groupBy(
    spread(ready, 'all').flatMap((c) => unitOf(c) ?? []),
    (u) => nameOf(u.leaves[0] as ReadyLeaf),
  );

/** How often conditions may be tried on values for one tree: some hundred times what the largest policy needs, and still a fraction of a second. */
const mostTries = 30_000;

/** One look at a tree: what it may still spend. */
export interface Look {
  readonly catalogue: Catalogue;
  tries: number;
}

export const openLook = (catalogue: Catalogue): Look => ({ catalogue, tries: mostTries });

/** False, and told once, when the rest of the look would not bear it. */
const affords = (look: Look, weight: number, samples: number): boolean => {
  look.tries -= Math.ceil(weight * samples);
  return look.tries >= 0;
};

/** Every finding of a tree; `outermost` false where others leave a way around it. */
export const logicFindings = (ready: Ready, catalogue: Catalogue, outermost = true): readonly LogicFinding[] => {
  const look = openLook(catalogue);
  const found = findingsIn(ready, look, outermost);
  return look.tries >= 0 ? found : [...found, { at: ready.at, kind: 'wide', label: '', other: null }];
};

/** Nobody can meet all of these at once, as far as each fact alone tells. */
export const contradictory = (all: readonly Ready[], look: Look): boolean => {
  const units = all.flatMap((one) => spread(one, 'all')).flatMap((c) => unitOf(c) ?? []);
  return [...Map.groupBy(units, (u) => nameOf(u.leaves[0] as ReadyLeaf)).values()].some((own) => {
    const rows = rowsOf(own, look);
    return rows.length > 0 && rows.every((r) => r.includes(false));
  });
};

const findingsIn = (ready: Ready, look: Look, outermost: boolean): readonly LogicFinding[] => {
  if (ready.kind === 'leaf') return alone(ready, look, outermost);
  if (ready.kind === 'not') return findingsIn(ready.child, look, false);
  const { kind } = ready;
  const children = spread(ready, kind);
  const inner = children.flatMap((c) => findingsIn(c, look, outermost && kind === 'all'));
  const dead = new Set(inner.filter((f) => f.kind !== 'duplicate' && f.kind !== 'subsumed').map((f) => f.at));
  const units = children
    .flatMap((c) => unitOf(c) ?? [])
    .filter((u) => !leavesOf(u.ready).some((l) => dead.has(l.at)) && !dead.has(u.ready.at));
  const groups = Map.groupBy(units, (u) => nameOf(u.leaves[0] as ReadyLeaf));
  return [...inner, ...[...groups.values()].flatMap((own) => groupFindings(own, kind, look, outermost))];
};

const contradiction = (outermost: boolean): LogicFinding['kind'] => (outermost ? 'contradiction' : 'dead-branch');

/** What each unit says of each value that could tell them apart; empty: it cannot be tried completely, or not within what the look may spend. */
const rowsOf = (units: readonly Unit[], look: Look): readonly (readonly Truth[])[] => {
  const leaf = units[0]?.leaves[0];
  if (leaf === undefined || look.tries < 0) return [];
  const samples = samplesOf(leaf.type, unitPoints(units), look.catalogue);
  // A value is held against every member of a list; one of those costs an eighth of a condition.
  const weight = units.reduce((sum, u) => sum + u.leaves.length + unitPoints([u]).length / 8, 0);
  if (!affords(look, weight, samples.length)) return [];
  return samples.map((s) => units.map((u) => truthOf(u.ready, s, look.catalogue)));
};

const alone = (leaf: ReadyLeaf, look: Look, outermost: boolean): readonly LogicFinding[] => {
  const unit = unitOf(leaf);
  const truths = unit === null ? [] : rowsOf([unit], look).map(([t]) => t);
  if (truths.length === 0) return [];
  const found = (kind: LogicFinding['kind']): readonly LogicFinding[] => [{ at: leaf.at, kind, label: leaf.label, other: null }];
  if (truths.every((t) => t === false)) return found(contradiction(outermost));
  return truths.every((t) => t === true) ? found('tautology') : [];
};

const groupFindings = (units: readonly Unit[], kind: 'all' | 'any', look: Look, outermost: boolean): readonly LogicFinding[] => {
  const [first] = units;
  const leaf = first?.leaves[0];
  const last = units.at(-1);
  if (first === undefined || last === undefined || leaf === undefined || units.length < 2) return [];
  const rows = rowsOf(units, look);
  const whole = (found: LogicFinding['kind']): readonly LogicFinding[] => [
    { at: last.ready.at, kind: found, label: leaf.label, other: first.ready.at },
  ];
  if (rows.length > 0 && kind === 'all' && rows.every((r) => r.includes(false))) return whole(contradiction(outermost));
  if (rows.length > 0 && kind === 'any' && rows.every((r) => r.includes(true))) return whole('tautology');
  return units.flatMap((unit, i) => pairFinding(unit, i, units, kind, look));
};

/** In `all` the weaker of two is superfluous, in `any` the stronger. */
const pairFinding = (unit: Unit, i: number, units: readonly Unit[], kind: 'all' | 'any', look: Look): readonly LogicFinding[] => {
  const { label } = unit.leaves[0] as ReadyLeaf;
  for (const [j, other] of units.entries()) {
    if (j === i) continue;
    const rows = rowsOf([unit, other], look);
    if (rows.length === 0) continue;
    const same = rows.every(([a, b]) => a === b);
    if (same && j < i) return [{ at: unit.ready.at, kind: 'duplicate', label, other: other.ready.at }];
    if (same) continue;
    const superfluous = rows.every(([a, b]) => (kind === 'all' ? b !== true || a === true : a !== true || b === true));
    if (superfluous) return [{ at: unit.ready.at, kind: 'subsumed', label, other: other.ready.at }];
  }
  return [];
};
