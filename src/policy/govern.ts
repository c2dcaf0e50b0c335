// 新老划断: which of two versions decides one subject, and how. The day that selects comes from the item; before `effective.from` the transition says
// whether the version before holds, this one, or whichever gives more. `second.ts` chooses for itself.
import { type Day, toEpochDay } from '../base/day.ts';
import { dayFromDate, isList, isUnknown, type Value } from '../feel/value.ts';
import type { Decision, DecisionPeriod, FactSource, Governed, Missing, ReadEntry } from '../rule/facts.ts';
import type { CompiledItem } from './compile.ts';
import type { Item } from './item.ts';

type Decide = (compiled: CompiledItem, source: FactSource, period: DecisionPeriod) => Decision;

interface Selecting {
  /** null: nobody knows. */
  readonly day: Day | null;
  readonly missing: readonly Missing[];
  readonly read: readonly ReadEntry[];
}

/** A period that had ended when the version was published, and of which the version before spoke. */
const closedBefore = (item: Item, period: DecisionPeriod): boolean => {
  const { before } = item;
  if (before?.until === undefined || period.end >= before.until) return false;
  const { from, to } = before.item.effective;
  return (from === null || from <= period.end) && (to === null || period.start === null || period.start <= to);
};

/** Whether the item asks a day at all; otherwise the version before is only kept for closed periods. */
const selects = (item: Item): boolean => item.transition !== undefined || item.selectedBy === 'application' || item.period === 'per-event';

const dayOf = (v: Value): Day | null => (v !== null && typeof v === 'object' && !isList(v) && v.kind === 'date' ? dayFromDate(v) : null);

/** Whoever never applied is matched without applying: then the day of the data is the day of the application. */
const selecting = (item: Item, source: FactSource, period: DecisionPeriod): Selecting => {
  const on = (day: Day): Selecting => ({ day, missing: [], read: [] });
  switch (item.selectedBy ?? (item.period === 'per-event' ? 'event' : 'period-start')) {
    case 'period-start':
      return on(period.start ?? period.end);
    case 'payment':
      return on(period.knownAt);
    case 'application': {
      const fact = item.applicationDay?.fact ?? '';
      const { value, source: from, missing } = source.read(fact, period.knownAt);
      const entry: ReadEntry = {
        fact,
        value: value === null ? null : (dayOf(value) ?? undefined),
        source: from,
        ...(missing === undefined ? {} : { missing }),
      };
      const read = [entry];
      if (isUnknown(value))
        return { day: null, missing: missing === undefined ? [{ fact, dataset: null, reason: 'undelivered' }] : [missing], read };
      return { day: dayOf(value) ?? period.knownAt, missing: [], read };
    }
    default:
      return on(period.end);
  }
};

/** What two answers must agree on to be the same: verdict and 分 of every line that is due. */
const worth = (d: Decision): string =>
  [
    d.verdict,
    ...d.lines.flatMap((l) => (l.verdict === 'eligible' ? [`${l.key}=${l.award?.state === 'known' ? l.award.amountFen : '?'}`] : [])),
  ].join(' ');

const together = (a: readonly ReadEntry[], b: readonly ReadEntry[]): readonly ReadEntry[] => [
  ...new Map([...a, ...b].map((entry) => [JSON.stringify([entry.fact, entry.day, entry.to, entry.value]), entry])).values(),
];

/** The answer of `d` cannot be relied on while `missing` is open. */
const undecided = ({ mode: _, ...d }: Decision, missing: readonly Missing[]): Decision => ({
  ...d,
  verdict: 'undetermined',
  amountFen: null,
  missing: [...d.missing, ...missing],
  lines: d.lines.map((l) => ({ ...l, verdict: 'undetermined', award: null, claims: [], missing: [...l.missing, ...missing] })),
});

/** Whichever gives more; while one of them is open or its amount is not known nobody can say which. Equal amounts: the new one. */
const better = (fresh: Decision, old: Decision): { readonly decision: Decision; readonly of: 'fresh' | 'old' } => {
  if (old.verdict === 'ineligible') return { decision: fresh, of: 'fresh' };
  if (fresh.verdict === 'ineligible') return { decision: old, of: 'old' };
  const open = [fresh, old].find((d) => d.verdict === 'undetermined' || d.amountFen === null);
  if (open !== undefined) return { decision: undecided(open, []), of: open === fresh ? 'fresh' : 'old' };
  return (old.amountFen ?? 0n) > (fresh.amountFen ?? 0n) ? { decision: old, of: 'old' } : { decision: fresh, of: 'fresh' };
};

/** `alone` decides by one version; the compiled item brings the version before. */
export const govern = (compiled: CompiledItem, source: FactSource, period: DecisionPeriod, decide: Decide, alone: Decide): Decision => {
  const { item, before } = compiled;
  const from = item.effective.from;
  if (before === undefined) return alone(compiled, source, period);
  if (closedBefore(item, period)) {
    const [fresh, old] = [alone(compiled, source, period), decide(before, source, period)];
    const { decision, of } = better(fresh, old);
    const governed: Governed = { by: of === 'fresh' ? 'this' : 'before', day: period.end, rule: 'better' };
    return { ...decision, read: together(decision.read, [...fresh.read, ...old.read]), governed: decision.governed ?? governed };
  }
  if (from === null || !selects(item)) return alone(compiled, source, period);
  const { day, missing, read } = selecting(item, source, period);
  const rule = item.transition ?? 'old';
  const told = (decision: Decision, own: boolean, others: readonly ReadEntry[]): Decision => {
    const governed: Governed = { by: own ? 'this' : 'before', day, rule };
    return { ...decision, read: together(together(decision.read, others), read), governed: decision.governed ?? governed };
  };
  const fresh = alone(compiled, source, period);
  if (rule === 'new' || (day !== null && toEpochDay(day) >= toEpochDay(from))) return told(fresh, true, []);
  const old = decide(before, source, period);
  const earlier = rule === 'better' ? better(fresh, old) : { decision: old, of: 'old' as const };
  if (day !== null) return told(earlier.decision, earlier.of === 'fresh', [...old.read, ...fresh.read]);
  // Nobody knows on which side the day lies: only what both sides agree on is sure, and of a mode that depends the most cautious is left (modeFor).
  const same = worth(fresh) === worth(earlier.decision);
  const { mode: _, ...agreed } = fresh;
  return told(same ? agreed : undecided(fresh, missing), true, [...old.read, ...fresh.read]);
};
