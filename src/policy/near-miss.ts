// How near a subject is who is not eligible: one fact, or two, that would have to be otherwise, or the day from which time alone makes it so. Sound by
// construction: whatever is returned was decided eligible with the change applied. Only what can change is changed: no date of the past, nothing the
// catalogue calls immutable, no code of a place, nobody else's facts.
import { addDays, addMonths, type Day, daysBetween, nextPeriod } from '../base/day.ts';
import { compare, type Rational } from '../base/rational.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Value } from '../feel/value.ts';
import { leavesBlocking } from '../rule/blocking.ts';
import type { Decision, DecisionPeriod, FactSource } from '../rule/facts.ts';
import { leavesOf } from '../rule/ready.ts';
import type { CompiledItem } from './compile.ts';
import { decide } from './decide.ts';
import { movesWithTime, optionsFor } from './moves.ts';
import { type Reach, reachFor } from './reach.ts';
import { withFacts } from './what-if.ts';

export type Change =
  /** A fact as a whole; `distance` in its own unit where it is a number. */
  | {
      readonly kind: 'set';
      readonly fact: string;
      readonly from: Value;
      readonly to: Value;
      readonly distance: Rational | null;
      readonly at: string;
    }
  /** One period of a series. */
  | {
      readonly kind: 'series';
      readonly fact: string;
      readonly period: string;
      readonly from: Value;
      readonly to: Value;
      readonly whole: Value;
      readonly distance: Rational;
      readonly at: string;
    }
  /** So many elements more in a list. */
  | { readonly kind: 'add'; readonly fact: string; readonly count: number; readonly to: Value; readonly at: string }
  /** From that day on, everything else as it is; the first period it counts for. */
  | { readonly kind: 'wait'; readonly day: Day; readonly period: DecisionPeriod; readonly at: string };

export interface NearMiss {
  /** One or two; never more than are needed. */
  readonly changes: readonly Change[];
  /** What would be due then, 分; null while not known. */
  readonly amountFen: bigint | null;
}

export interface NearQuestion {
  readonly compiled: CompiledItem;
  readonly catalogue: Catalogue;
  readonly source: FactSource;
  readonly period: DecisionPeriod;
  /** What was decided of them; anything but ineligible has no near miss. */
  readonly decision: Pick<Decision, 'verdict' | 'trace'>;
  /** How far to look ahead. */
  readonly months: number;
}

/** Facts a change gives another value. */
export const factsOfChange = (change: Change): ReadonlyMap<string, Value> => {
  switch (change.kind) {
    case 'set':
    case 'add':
      return new Map([[change.fact, change.to]]);
    case 'series':
      return new Map([[change.fact, change.whole]]);
    case 'wait':
      return new Map();
  }
};

/** A pair costs a decision for every two options: more than that many options of a fact are not tried in pairs. */
const mostInPairs = 8;
/** Months to wait after a change, at most. */
const waitInPairs = 12;

/** What could help in a later period, everything else as it stands. */
type ReachThen = (later: DecisionPeriod) => Reach;

/** Every single change that suffices; where there is none, every pair of facts that does. Empty: not near. */
export const nearMisses = (question: NearQuestion): readonly NearMiss[] => {
  const { compiled, source, period, decision, months } = question;
  // A rank or a pool is decided over everybody: what one subject changes moves it, and nobody can say where to from one record.
  if (decision.verdict !== 'ineligible' || compiled.closings.length > 0) return [];
  const blocked = [...leavesBlocking(decision.trace), ...(compiled.each === null ? [] : ['/each'])];
  const eligible = (changes: readonly Change[]): NearMiss | null => {
    const facts = new Map(changes.flatMap((c) => [...factsOfChange(c)]));
    const wait = changes.find((c) => c.kind === 'wait');
    const found = decide(compiled, withFacts(source, facts), wait?.period ?? period);
    return found.verdict === 'eligible' ? { changes, amountFen: found.amountFen } : null;
  };
  const reached = reachFor(compiled);
  const now = reached(decision.trace);
  const laterTraces = new Map<string, Reach>();
  // The same periods are looked at for every fact: each is decided once as everything stands.
  const then: ReachThen = (later) => {
    const name = `${later.key} ${later.end}`;
    const known = laterTraces.get(name) ?? reached(decide(compiled, source, later).trace);
    laterTraces.set(name, known);
    return known;
  };
  const soon = waitingLeaf(question, blocked) === null ? [] : laterPeriods(question, Math.min(months, waitInPairs));
  const useful = (fact: string, others: readonly string[]): boolean =>
    now([fact]) || others.some((other) => now([fact, other])) || soon.some((later) => then(later)([fact]));
  const options = optionsFor(question, blocked, useful);
  const singles = options.flatMap(({ fact, asked, changes }) =>
    asked && now([fact]) ? nearestOf(changes.flatMap((c) => eligible([c]) ?? [])) : [],
  );
  const later = waitFor(question, source, blocked, months);
  if (later !== null) singles.push(later);
  if (singles.length > 0) return singles;
  const pairs: NearMiss[] = [];
  for (const [i, a] of options.entries()) {
    for (const b of options.slice(i + 1)) {
      if ((!a.asked && !b.asked) || !now([a.fact, b.fact])) continue;
      const both = a.changes.slice(0, mostInPairs).flatMap((x) => b.changes.slice(0, mostInPairs).flatMap((y) => eligible([x, y]) ?? []));
      pairs.push(...nearestOf(both));
    }
    const later = a.changes.slice(0, mostInPairs).flatMap((c) => {
      const waited = waitFor(question, withFacts(source, factsOfChange(c)), blocked, Math.min(months, waitInPairs), (p) =>
        then(p)([a.fact]),
      );
      return waited === null ? [] : [{ ...waited, changes: [c, ...waited.changes] }];
    });
    pairs.push(...nearestOf(later));
  }
  return pairs;
};

const distanceOf = (near: NearMiss): readonly (Rational | null)[] =>
  near.changes.map((c) => (c.kind === 'set' || c.kind === 'series' ? c.distance : null));

const isNearer = (a: NearMiss, b: NearMiss): boolean => {
  const [x, y] = [distanceOf(a), distanceOf(b)];
  for (const [i, d] of x.entries()) {
    const other = y[i] ?? null;
    if (d === null || other === null) continue;
    const order = compare(d, other);
    if (order !== 0) return order < 0;
  }
  return false;
};

/** Of one fact's figures the nearest; of its categories all: none of them is nearer than another. */
const nearestOf = (found: readonly NearMiss[]): NearMiss[] => {
  if (!found.some((n) => distanceOf(n).some((d) => d !== null))) return [...found];
  return found.reduce<NearMiss[]>((best, one) => (best[0] === undefined || isNearer(one, best[0]) ? [one] : best), []);
};

/** Later periods, next first. */
const laterPeriods = (
  { compiled, period, months }: Pick<NearQuestion, 'compiled' | 'period' | 'months'>,
  most: number,
): readonly DecisionPeriod[] => {
  const { to } = compiled.item.effective;
  const out: DecisionPeriod[] = [];
  const last = addMonths(period.end, Math.min(most, months));
  if (period.kind === 'per-event') return out;
  if (period.kind === 'once') {
    for (let i = 1; i <= Math.min(most, months); i++) out.push({ ...period, end: addMonths(period.end, i) });
  } else {
    for (let at = nextPeriod({ ...period, kind: period.kind }); at !== null && at.start !== null && at.start <= last; at = nextPeriod(at))
      out.push({ kind: period.kind, key: at.key, start: at.start, end: at.end, knownAt: period.knownAt });
  }
  return out.filter((p) => to === null || (p.start ?? p.end) <= to);
};

/** The first condition in the way that time alone may move; null: waiting does not help. */
const waitingLeaf = ({ compiled }: NearQuestion, blocked: readonly string[]): string | null => {
  const moving = new Set(leavesOf(compiled.match).flatMap((leaf) => (movesWithTime(compiled, leaf) ? [leaf.at] : [])));
  return blocked.find((one) => moving.has(one)) ?? null;
};

/** The first later period in which they are eligible as they are, and the day within it from which; `may`: what a period is worth deciding for. */
const waitFor = (
  question: NearQuestion,
  source: FactSource,
  blocked: readonly string[],
  most: number,
  may: (later: DecisionPeriod) => boolean = () => true,
): NearMiss | null => {
  const { compiled, period } = question;
  const leaf = waitingLeaf(question, blocked);
  if (leaf === null) return null;
  const at = (end: Day, p: DecisionPeriod): Decision => decide(compiled, source, { ...p, end });
  let before = period.end;
  for (const later of laterPeriods(question, most)) {
    const found = may(later) ? at(later.end, later) : null;
    if (found?.verdict !== 'eligible') {
      before = later.end;
      continue;
    }
    // The first day of that stretch on which it would be so: by halves, held against the day before.
    let [low, high] = [0, daysBetween(before, later.end)];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (at(addDays(before, middle), later).verdict === 'eligible') high = middle;
      else low = middle;
    }
    return {
      changes: [{ kind: 'wait', day: addDays(before, high), period: later, at: leaf }],
      amountFen: found.amountFen,
    };
  }
  return null;
};
