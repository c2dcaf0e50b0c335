// One decision under way: which day a fact is read on, each value read once and written down, item facts computed when asked for.
import { addDays, type Day, earliest } from '../base/day.ts';
import { type Expression, evaluate } from '../feel/feel.ts';
import type { Scope } from '../feel/scope.ts';
import {
  context,
  dateFromDay,
  dayFromDate,
  isContext,
  isList,
  isUncertain,
  isUnknown,
  missingOf,
  unknown,
  type Value,
} from '../feel/value.ts';
import type { DecisionPeriod, FactSource, Missing, ReadEntry, Reading, Source, Truth } from './facts.ts';
import { numberText, plain } from './literal.ts';
import { answer } from './surroundings.ts';
import type { FactShape } from './vocabulary.ts';

/** What a decision must know of the item beyond its conditions; made by `policy/compile.ts`. */
export interface Plan {
  /** Names of the subject. */
  find(name: string): FactShape | undefined;
  /** Names inside `each` and the award: an element's fields stand before the subject's facts of the same name. */
  inside(name: string): FactShape | undefined;
  /** Facts of the item by name; they depend on each other without a cycle. */
  readonly itemFacts: ReadonlyMap<string, Expression>;
  /** Ranks and pools of the item: what a closing run froze, never computed for one subject alone. */
  readonly closings: ReadonlySet<string>;
  /** Fields read over each link anywhere in the item: `spouse` → `hukouRegion`. */
  readonly links: ReadonlyMap<string, readonly string[]>;
  /** The catalogue's `deathDate` where the subject's register has one; it ends what `on: end` reads (DESIGN 3). */
  readonly deathFact: string | null;
  /** per-event: the list and the field whose value is the period's key; the element is `event`. */
  readonly event: { readonly list: string; readonly key: string } | null;
  /** The item's region: what parameters are looked up for unless the call names another. */
  readonly region: string | null;
}

/** Names that hold for one element of a list only (`each`, `event`, bare field names). */
export interface Local {
  readonly values: ReadonlyMap<string, Value>;
  readonly source: Source | null;
}

export interface Session {
  readonly period: DecisionPeriod;
  /** Where `on: end` reads: the earliest of the period's end, knownAt and the day before death. */
  readonly endDay: Day;
  /** Where `on: start` reads, and where `any` and `every` begin; an open period begins with the calendar. */
  readonly startDay: Day;
  read(fact: string, day: Day, local: Local | null): Reading;
  /** Every value a timed fact held within the period, up to `endDay`. */
  readAll(fact: string): readonly Reading[];
  compute(expression: Expression, day: Day, local: Local | null): Value;
  within(tree: string, code: string, ancestor: string, day: Day): Truth;
  /** What is behind the names an unknown carries. */
  explain(names: readonly string[]): readonly Missing[];
  log(): readonly ReadEntry[];
}

/** Reads the source at most once per fact and day, and keeps what evidence needs. */
export interface Ledger {
  once(fact: string, day: Day | undefined, read: () => Reading): Reading;
  all(fact: string, from: Day, to: Day, read: () => readonly Reading[]): readonly Reading[];
  explain(names: readonly string[]): readonly Missing[];
  log(): readonly ReadEntry[];
}

const entryOf = (fact: string, r: Reading, day: Day | undefined): ReadEntry => ({
  fact,
  value: isUnknown(r.value) ? undefined : plain(r.value),
  source: r.source,
  ...(r.missing === undefined ? {} : { missing: r.missing }),
  ...(r.missings === undefined ? {} : { missings: r.missings }),
  ...boundsOf(r.value),
  ...(day === undefined ? {} : { day }),
});

const boundsOf = (v: Value): Pick<ReadEntry, 'bounds'> => {
  if (!isUnknown(v) || (v.low === null && v.high === null)) return {};
  return { bounds: [v.low === null ? null : numberText(v.low), v.high === null ? null : numberText(v.high)] };
};

const openLedger = (): Ledger => {
  // What was read is written out when somebody asks: most decisions leave no evidence, and a list as plain values costs more than deciding by it.
  const log = new Map<string, () => readonly ReadEntry[]>();
  const readings = new Map<string, readonly Reading[]>();
  const missing = new Map<string, Missing>();
  const note = (key: string, found: readonly Reading[], entries: () => readonly ReadEntry[]): void => {
    for (const r of found) {
      if (r.missing !== undefined) for (const name of missingOf(r.value)) missing.set(name, r.missing);
      for (const m of r.missings ?? []) missing.set(m.fact, m);
    }
    readings.set(key, found);
    log.set(key, entries);
  };
  return {
    once: (fact, day, read) => {
      const key = day === undefined ? fact : `${fact}@${day}`;
      const before = readings.get(key)?.[0];
      if (before !== undefined) return before;
      const r = read();
      note(key, [r], () => [entryOf(fact, r, day)]);
      return r;
    },
    all: (fact, from, to, read) => {
      const key = `${fact}@${from}/${to}`;
      const before = readings.get(key);
      if (before !== undefined) return before;
      const found = read();
      note(key, found, () => found.map((r) => ({ ...entryOf(fact, r, from), to })));
      return found;
    },
    explain: (names) => names.map((name) => missing.get(name) ?? inside(name, readings)),
    log: () => [...log.values()].flatMap((entries) => entries()),
  };
};

/** A gap inside a list, record or series (`hires.contractMonths`, `employer.revenue[2025]`): the dataset is the one that delivered the whole. */
const inside = (name: string, readings: ReadonlyMap<string, readonly Reading[]>): Missing => {
  const whole = name.replace(/\[[^\]]*\]$/, '');
  for (const head of [whole, whole.split('.')[0] ?? whole]) {
    for (const [key, found] of readings) {
      const source = found[0]?.source;
      if (source !== null && source !== undefined && (key === head || key.startsWith(`${head}@`)))
        return { fact: name, dataset: source.dataset, reason: 'empty' };
    }
  }
  return { fact: name, dataset: null, reason: 'empty' };
};

const dayIn = (v: Value): Day | null => {
  if (v === null || typeof v !== 'object' || isList(v) || v.kind !== 'date') return null;
  return dayFromDate(v);
};

const periodField = (period: DecisionPeriod, field: string): Value => {
  if (field === 'key') return period.key;
  if (field === 'start') return period.start === null ? null : dateFromDay(period.start);
  return dateFromDay(period.end);
};

/** The subject's own key is evidence like a fact: a claim and a formula may rest on it. */
const ownKeyIn = (source: FactSource, ledger: Ledger): Reading =>
  ledger.once('subject.key', undefined, () =>
    source.ownKey === undefined
      ? { value: unknown('subject.key'), source: null, missing: { fact: 'subject.key', dataset: null, reason: 'undelivered' } }
      : { value: source.ownKey, source: null },
  );

/** A rank or pool; before a closing run has frozen it nobody can tell. */
const closedIn = (fact: string, source: FactSource, ledger: Ledger): Reading =>
  ledger.once(
    fact,
    undefined,
    () => source.closed?.(fact) ?? { value: unknown(fact), source: null, missing: { fact, dataset: null, reason: 'closing' } },
  );

/** What an expression reads as `period`. */
export const periodValue = (period: DecisionPeriod): Value =>
  context({ start: periodField(period, 'start'), end: periodField(period, 'end'), key: period.key });

/** A name or path among an element's names; undefined when the element does not speak of it. */
const localValue = (local: Local, path: string): Value | undefined => {
  const [head = path, ...rest] = path.split('.');
  return local.values.has(head) ? follow(local.values.get(head) ?? null, rest) : undefined;
};

/** Fields of a record; of a known none null, of an unknown unknown. */
const follow = (start: Value, fields: readonly string[]): Value => {
  let value = start;
  for (const field of fields) {
    if (!isContext(value)) return isUnknown(value) ? value : null;
    value = value.entries.get(field) ?? null;
  }
  return value;
};

/** The text by which an element of a list is told apart; null when it is unknown or none. */
export const keyOf = (element: Value, field: string): string | null => {
  const v = isContext(element) ? (element.entries.get(field) ?? null) : null;
  if (typeof v === 'string') return v;
  const text = v === null || isUnknown(v) ? null : plain(v);
  return typeof text === 'string' ? text : null;
};

/** The elements of a list, whether each surely belongs; null when the list itself is unknown. */
export const elementsOf = (list: Value): readonly { readonly value: Value; readonly sure: boolean }[] | null => {
  if (list === null) return [];
  if (isUncertain(list)) return list.elements;
  return isList(list) ? list.map((value) => ({ value, sure: true })) : null;
};

const elementOf = (list: Value, field: string, key: string): Value => {
  const elements = elementsOf(list);
  if (elements === null) return list;
  return elements.find((e) => keyOf(e.value, field) === key)?.value ?? null;
};

const openPeriodStart = '0001-01-01' as Day;

/**
 * Days: `period` conditions read on `endDay` (or as `on` says), `match` and `payment` on the day of knownAt.
 * Item facts read their inputs on the day of the condition that asks.
 */
export const openSession = (plan: Plan, source: FactSource, period: DecisionPeriod): Session => {
  const ledger = openLedger();
  const readFact = (fact: string, day: Day): Reading => {
    const timed = plan.find(fact)?.timed ?? false;
    return ledger.once(fact, timed ? day : undefined, () => source.read(fact, day));
  };
  const death = plan.deathFact === null ? null : dayIn(readFact(plan.deathFact, period.knownAt).value);
  const known = earliest(period.end, period.knownAt);
  const endDay = death === null || death <= openPeriodStart ? known : earliest(known, addDays(death, -1));
  const startDay = earliest(period.start ?? openPeriodStart, endDay);

  const computed = new Map<string, Value>();
  const itemValue = (name: string, expression: Expression, day: Day): Value => {
    const key = `${name}@${day}`;
    const before = computed.get(key);
    if (before !== undefined) return before;
    const value = evaluate(expression, scope(day, null));
    computed.set(key, value);
    return value;
  };
  const linked = (link: string, fields: readonly string[], day: Day): Value => {
    const target = readFact(link, day).value;
    if (target === null || isUnknown(target)) return target;
    return context(new Map(fields.map((field) => [field, readFact(`${link}.${field}`, day).value])));
  };
  const eventValue = (day: Day): Value =>
    plan.event === null ? null : elementOf(readFact(plan.event.list, day).value, plan.event.key, period.key);
  const valueNamed = (name: string, day: Day): Value => {
    if (name === 'period') return periodValue(period);
    if (name === 'subject') return context({ key: ownKeyIn(source, ledger).value });
    if (name === 'event' && plan.event !== null) return eventValue(day);
    const item = plan.itemFacts.get(name);
    if (item !== undefined) return itemValue(name, item, day);
    if (plan.closings.has(name)) return closedIn(name, source, ledger).value;
    const fields = plan.links.get(name);
    return fields === undefined ? readFact(name, day).value : linked(name, fields, day);
  };
  const scope = (day: Day, local: Local | null): Scope => ({
    get: (name) => {
      const element = local === null ? undefined : localValue(local, name);
      return element === undefined ? valueNamed(name, day) : element;
    },
    call: (name, args) => answer(name, args, { source, period, region: plan.region, day, ledger }),
  });
  const read = (fact: string, day: Day, local: Local | null): Reading => {
    const element = local === null ? undefined : localValue(local, fact);
    if (element !== undefined) return { value: element, source: local?.source ?? null };
    if (fact === 'subject.key') return ownKeyIn(source, ledger);
    if (fact.startsWith('period.')) return { value: periodField(period, fact.slice(7)), source: null };
    if (plan.event !== null && (fact === 'event' || fact.startsWith('event.')))
      return { value: follow(eventValue(day), fact.split('.').slice(1)), source: readFact(plan.event.list, day).source };
    if (plan.closings.has(fact)) return closedIn(fact, source, ledger);
    const item = plan.itemFacts.get(fact);
    return item === undefined ? readFact(fact, day) : { value: itemValue(fact, item, day), source: null };
  };

  return {
    period,
    endDay,
    startDay,
    read,
    readAll: (fact) => ledger.all(fact, startDay, endDay, () => source.readAll(fact, startDay, endDay)),
    compute: (expression, day, local) => evaluate(expression, scope(day, local)),
    within: (tree, code, ancestor, day) => {
      const value = answer('within', [tree, code, ancestor], { source, period, region: plan.region, day, ledger });
      return typeof value === 'boolean' ? value : null;
    },
    explain: ledger.explain,
    log: ledger.log,
  };
};
