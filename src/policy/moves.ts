// What could be otherwise about a subject: for every fact that can change, the values worth trying. Figures are tried on both sides of every bound that
// speaks of them, so that the nearest one that helps is among them; figures inside a formula are searched for; lists get one more element at a time.
import { absolute, add, compare, div, floor, fromInt, isInteger, mul, type Rational, ratio, sub, zero } from '../base/rational.ts';
import type { Fact } from '../catalogue/catalogue.ts';
import { factsOf } from '../catalogue/env.ts';
import { context, isContext, isList, isNumber, isUnknown, openSeries, type Value } from '../feel/value.ts';
import { decideCondition } from '../rule/decide.ts';
import type { Truth } from '../rule/facts.ts';
import { operandFacts } from '../rule/operand.ts';
import { leavesOf, type ReadyLeaf } from '../rule/ready.ts';
import { openSession } from '../rule/session.ts';
import type { CompiledItem } from './compile.ts';
import { decide } from './decide.ts';
import { elementsFor } from './element.ts';
import type { Change, NearQuestion } from './near-miss.ts';
import { withFacts } from './what-if.ts';

export interface Options {
  readonly fact: string;
  readonly changes: readonly Change[];
  /** A condition that stands in the way speaks of it; other facts only help together with one of these. */
  readonly asked: boolean;
}

/** Catalogue facts of the subject itself behind a name: itself, or what a formula of the item reads, however deep. */
export const factsBehind = (compiled: CompiledItem, name: string, seen = new Set<string>()): ReadonlySet<string> => {
  if (seen.has(name)) return new Set();
  seen.add(name);
  const expression = compiled.plan.itemFacts.get(name);
  if (expression === undefined) return new Set([name]);
  return new Set(expression.reads.flatMap((read) => [...factsBehind(compiled, headOf(compiled, read), seen)]));
};

/** `children.birthDate` is the list's; a path over a link stays whole and belongs to somebody else. */
const headOf = (compiled: CompiledItem, path: string): string => {
  const [head = path] = path.split('.');
  return compiled.plan.find(head)?.kind === 'link' ? path : head === 'period' ? path : head;
};

const namesOf = (leaf: ReadyLeaf): readonly string[] => [leaf.fact, ...operandFacts(leaf.operand)];

/** A leaf whose answer may change by time alone. */
export const movesWithTime = (compiled: CompiledItem, leaf: ReadyLeaf): boolean =>
  leaf.operand.kind === 'duration' ||
  namesOf(leaf).some((name) => [...factsBehind(compiled, name)].some((fact) => fact.startsWith('period.')));

const changeable: ReadonlySet<Fact['type']> = new Set(['number', 'boolean', 'category', 'set', 'series', 'list']);

/** May a suggestion touch this fact? A day that was is not to be changed, nor a place, nor what the catalogue calls immutable. */
export const canChange = (fact: Fact | undefined): fact is Fact =>
  fact !== undefined && changeable.has(fact.type) && fact.immutable !== true;

/**
 * Per fact that can change, in the order of the tree, the changes that make some condition answer otherwise. `useful`: may a fact, alone or with another
 * of these, help at all; for one that cannot no values are looked for.
 */
export const optionsFor = (
  question: NearQuestion,
  blocked: readonly string[],
  useful: (fact: string, others: readonly string[]) => boolean,
): readonly Options[] => {
  const { compiled, catalogue } = question;
  const facts = factsOf(catalogue, compiled.register);
  const leaves = leavesOf(compiled.match);
  const leavesBy = new Map<string, ReadyLeaf[]>();
  for (const leaf of leaves)
    for (const name of new Set(namesOf(leaf).flatMap((n) => [...factsBehind(compiled, n)])))
      leavesBy.set(name, [...(leavesBy.get(name) ?? []), leaf]);
  if (compiled.each !== null && !leavesBy.has(compiled.each.list)) leavesBy.set(compiled.each.list, []);
  const standing = new Set(blocked);
  const names = [...leavesBy.keys()].filter((name) => canChange(facts.get(name)));
  return [...leavesBy].flatMap(([name, own]): readonly Options[] => {
    const fact = facts.get(name);
    const asked = own.some((leaf) => standing.has(leaf.at)) || (compiled.each?.list === name && standing.has('/each'));
    if (!canChange(fact) || !useful(name, names)) return [];
    const changes = changesOf(question, fact, own, standing);
    return changes.length === 0 ? [] : [{ fact: name, changes, asked }];
  });
};

const changesOf = (question: NearQuestion, fact: Fact, leaves: readonly ReadyLeaf[], standing: ReadonlySet<string>): readonly Change[] => {
  const { source, period } = question;
  const from = source.read(fact.key, period.knownAt < period.end ? period.knownAt : period.end).value;
  if (isUnknown(from)) return [];
  const at = (leaves.find((leaf) => standing.has(leaf.at)) ?? leaves[0])?.at ?? '/each';
  const set = (to: Value): Change => ({ kind: 'set', fact: fact.key, from, to, distance: null, at });
  switch (fact.type) {
    case 'boolean':
      return [true, false].filter((to) => to !== from).map(set);
    case 'category':
      return [...(fact.values ?? [])].filter((to) => to !== from).map(set);
    case 'set': {
      const now = isList(from) ? from : [];
      const more = (fact.values ?? []).filter((v) => !now.includes(v)).map((v) => set([...now, v]));
      return [...more, ...now.map((v) => set(now.filter((other) => other !== v)))];
    }
    case 'number':
      return figures(question, fact, from, leaves, (to) => to).map(({ to, distance }) => ({ ...set(to), distance }) as Change);
    case 'series':
      return seriesChanges(question, fact, from, leaves, at);
    case 'list':
      return listChanges(question, fact, from, leaves, at);
    default:
      return [];
  }
};

// ── figures ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const cent = ratio(1n, 100n);
const shareStep = ratio(1n, 10_000n);

/** The smallest difference that means something: a person, a fen, a ten-thousandth of a share. */
const stepOf = (unit: string | undefined, ...values: readonly Rational[]): Rational => {
  const step = unit === '元' || unit === '万元' ? cent : unit === '比例' ? shareStep : fromInt(1);
  return values.every((v) => isInteger(div(v, step) ?? v))
    ? step
    : values.reduce<Rational>((s, v) => (isInteger(div(v, s) ?? v) ? s : finer(s, v)), step);
};

const finer = (step: Rational, value: Rational): Rational => {
  let out = step;
  for (let i = 0; i < 12 && !isInteger(div(value, out) ?? value); i++) out = mul(out, ratio(1n, 10n));
  return out;
};

interface Figure {
  readonly to: Rational;
  readonly distance: Rational;
}

const constantsOf = (leaf: ReadyLeaf): readonly Rational[] => {
  if (leaf.operand.kind !== 'literal') return [];
  const { value } = leaf.operand;
  if (isNumber(value)) return [value];
  if (isList(value)) return value.filter(isNumber);
  if (value !== null && typeof value === 'object' && value.kind === 'range')
    return [value.low, value.high].filter((v): v is Rational => v !== undefined && isNumber(v));
  return [];
};

/** Candidates for a figure, nearest first; `wrap` makes the fact's whole value of it (a series holds it in one period). */
const figures = (
  question: NearQuestion,
  fact: Pick<Fact, 'key' | 'unit'>,
  from: Value,
  leaves: readonly ReadyLeaf[],
  wrap: (to: Rational) => Value,
): readonly Figure[] => {
  const start = isNumber(from) ? from : zero;
  const found = new Map<string, Rational>();
  for (const leaf of leaves) {
    const direct = leaf.operand.kind !== 'span' && namesOf(leaf).includes(fact.key);
    const near = direct ? beside(question, fact, leaf, start) : searched(question, fact, leaf, start, wrap);
    for (const to of near) if (compare(to, zero) >= 0 && (from === null || compare(to, start) !== 0)) found.set(`${to.num}/${to.den}`, to);
  }
  return [...found.values()].map((to) => ({ to, distance: absolute(sub(to, start)) })).sort((a, b) => compare(a.distance, b.distance));
};

/** On, just below and just above every bound of a comparison with this fact itself. */
const beside = (question: NearQuestion, fact: Pick<Fact, 'key' | 'unit'>, leaf: ReadyLeaf, start: Rational): readonly Rational[] => {
  let bounds = constantsOf(leaf);
  if (leaf.operand.kind === 'fact') {
    const session = openSession(question.compiled.plan, question.source, question.period);
    const other = session.read(leaf.fact === fact.key ? leaf.operand.fact : leaf.fact, session.endDay, null).value;
    bounds = isNumber(other) ? [other] : [];
  }
  const step = stepOf(fact.unit, start, ...bounds);
  return bounds.flatMap((bound) => [sub(bound, step), bound, add(bound, step)]);
};

const truthOf = (question: NearQuestion, leaf: ReadyLeaf, key: string, value: Value): Truth => {
  const { compiled, source, period } = question;
  return decideCondition(leaf, openSession(compiled.plan, withFacts(source, new Map([[key, value]])), period)).truth;
};

/** Doublings of the step that are tried before a figure counts as out of reach. */
const farthest = 50;

/** Through a formula: outwards in doubling steps until the answer changes, then by halves to the nearest step that changes it. */
const searched = (
  question: NearQuestion,
  fact: Pick<Fact, 'key' | 'unit'>,
  leaf: ReadyLeaf,
  start: Rational,
  wrap: (to: Rational) => Value,
): readonly Rational[] => {
  const step = stepOf(fact.unit, start);
  const now = truthOf(question, leaf, fact.key, wrap(start));
  const changed = (steps: bigint): boolean => {
    const to = add(start, mul(step, ratio(steps, 1n)));
    const truth = compare(to, zero) < 0 ? now : truthOf(question, leaf, fact.key, wrap(to));
    return truth !== null && truth !== now;
  };
  return [1n, -1n].flatMap((side) => {
    let [low, high] = [0n, 1n];
    const most = side === 1n ? 1n << BigInt(farthest) : floorDiv(start, step);
    while (high < most && !changed(side * high)) [low, high] = [high, high * 2n];
    if (high > most) high = most;
    if (high <= 0n || !changed(side * high)) return [];
    while (high - low > 1n) {
      const middle = (low + high) / 2n;
      if (changed(side * middle)) high = middle;
      else low = middle;
    }
    return [add(start, mul(step, ratio(side * high, 1n)))];
  });
};

const floorDiv = (a: Rational, b: Rational): bigint => floor(div(a, b) ?? zero).num;

/** Periods of a series that are tried, newest first: what lies longer back nobody makes up for. */
const mostPeriods = 4;

const seriesChanges = (question: NearQuestion, fact: Fact, from: Value, leaves: readonly ReadyLeaf[], at: string): readonly Change[] => {
  if (!isContext(from)) return [];
  const periods = [...from.entries].filter(([, v]) => v === null || isNumber(v)).map(([key]) => key);
  return periods
    .sort()
    .slice(-mostPeriods)
    .flatMap((period): readonly Change[] => {
      const was = from.entries.get(period) ?? null;
      const wrap = (to: Rational): Value => openSeries(new Map([...from.entries, [period, to]]), from.open ?? fact.key);
      return figures(question, fact, was, leaves, wrap).map(({ to, distance }) => ({
        kind: 'series',
        fact: fact.key,
        period,
        from: was,
        to,
        whole: wrap(to),
        distance,
        at,
      }));
    });
};

// ── lists ────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** More elements than that are not near. */
const mostElements = 50;

const listChanges = (question: NearQuestion, fact: Fact, from: Value, leaves: readonly ReadyLeaf[], at: string): readonly Change[] => {
  const now = isList(from) ? from : from === null ? [] : null;
  if (now === null) return [];
  const { compiled, source, period } = question;
  // Whether an element is meant is asked apart from the conditions: they may be met by another change.
  const unconditional: CompiledItem = { ...compiled, match: { kind: 'all', at: '', children: [] } };
  const out: Change[] = [];
  for (const element of elementsFor(compiled, fact, now, period)) {
    const longer = (count: number): Value => [...now, ...Array.from({ length: count }, (_, i) => fresh(element, fact, i))];
    const helps = (count: number): boolean => {
      const other = withFacts(source, new Map([[fact.key, longer(count)]]));
      if (compiled.each?.list === fact.key && decide(unconditional, other, period).verdict === 'eligible') return true;
      const was = leaves.map((leaf) => truthOf(question, leaf, fact.key, from));
      return leaves.some((leaf, i) => was[i] !== true && truthOf(question, leaf, fact.key, longer(count)) === true);
    };
    let [low, high] = [0, 1];
    while (high <= mostElements && !helps(high)) [low, high] = [high, high * 2];
    if (high > mostElements) continue;
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (helps(middle)) high = middle;
      else low = middle;
    }
    out.push({ kind: 'add', fact: fact.key, count: high, to: longer(high), at });
  }
  const least = Math.min(...out.map((c) => (c.kind === 'add' ? c.count : mostElements)));
  return out.filter((c) => c.kind === 'add' && c.count === least).slice(0, 1);
};

/** A copy that is told apart from every other element. */
const fresh = (element: Value, fact: Fact, i: number): Value => {
  if (!isContext(element) || fact.elementKey === undefined) return element;
  return context(new Map([...element.entries, [fact.elementKey, `新增 ${i + 1}`]]));
};
