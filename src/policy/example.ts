// Worked examples: facts written by hand in a rule file, decided like anybody's record, held against what the officer expects.
// For the sources of real records see `record/source.ts`; this one reads what stands in the example and nothing else.
import type { Day } from '../base/day.ts';
import { parseDay } from '../base/day.ts';
import { floorToBigint, fromInt, mul, parseDecimal } from '../base/rational.ts';
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import { factsOf, factType } from '../catalogue/env.ts';
import { externalAt, parameterAt } from '../catalogue/parameter.ts';
import { unknown, type Value } from '../feel/value.ts';
import type { Decision, DecisionPeriod, FactSource, Missing, MissingReason, Reading } from '../rule/facts.ts';
import { isObject, numberFrom, valueFrom } from '../rule/literal.ts';
import type { CompiledItem } from './compile.ts';
import { decide, eventPeriods } from './decide.ts';
import { periodFor } from './example-period.ts';
import { closedExample } from './example-population.ts';
import type { Example, Item } from './item.ts';
import { modeFor, modeNames } from './mode.ts';
import { fenDecimal } from './money.ts';
import { isTimedValue } from './timed.ts';
import { treesOf } from './vocabulary.ts';

const lacking = (fact: string, dataset: string | null, reason: MissingReason): Reading => {
  const missing: Missing = { fact, dataset, reason };
  return { value: unknown(fact), source: null, missing };
};

/** Facts of a register by key, once per catalogue: a source asks for one at every read. */
const indexes = new WeakMap<Catalogue, Map<string, ReadonlyMap<string, Fact>>>();
const factIn = (catalogue: Catalogue, register: string, name: string): Fact | undefined => {
  const known = indexes.get(catalogue) ?? new Map<string, ReadonlyMap<string, Fact>>();
  indexes.set(catalogue, known);
  const facts = known.get(register) ?? factsOf(catalogue, register);
  known.set(register, facts);
  return facts.get(name);
};

interface Holder {
  readonly catalogue: Catalogue;
  readonly register: string;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly asOf: Day;
}

const told = (holder: Holder, fact: Fact, raw: unknown, path: string, span?: { from?: unknown; to?: unknown }): Reading => {
  const type = factType(holder.catalogue, fact);
  const value: Value | undefined = fact.type === 'link' ? linkKey(raw) : valueFrom(raw, type, path);
  const dataset = fact.datasets[0] ?? '例子';
  if (value === undefined) return lacking(path, dataset, 'empty');
  const days = fact.timed ? { from: dayOrNull(span?.from), to: dayOrNull(span?.to) } : {};
  return { value, source: { dataset, asOf: holder.asOf, ...days } };
};

const dayOrNull = (v: unknown): Day | null => (typeof v === 'string' ? parseDay(v) : null);
const linkKey = (raw: unknown): Value =>
  raw === null || typeof raw === 'string' ? raw : isObject(raw) ? String(raw.key ?? '例中另一方') : null;

const covers = (s: Readonly<Record<string, unknown>>, day: Day): boolean => String(s.from ?? '') <= day && day < String(s.to ?? '~');

const readHere = (holder: Holder, name: string, day: Day, path: string): Reading => {
  const fact = factIn(holder.catalogue, holder.register, name);
  const dataset = fact?.datasets[0] ?? null;
  if (fact === undefined || !Object.hasOwn(holder.facts, name)) return lacking(path, dataset, 'undelivered');
  const raw = holder.facts[name];
  if (!fact.timed || !isTimedValue(raw)) return told(holder, fact, raw, path);
  const segment = raw.find((s) => covers(s, day));
  return segment === undefined ? lacking(path, dataset, 'empty') : told(holder, fact, segment.value, path, segment);
};

/** Who the path leads to, or the reading that already answers. */
const follow = (holder: Holder, path: string, day: Day): { readonly holder: Holder; readonly name: string } | Reading => {
  const dot = path.indexOf('.');
  if (dot < 0) return { holder, name: path };
  const [link, name] = [path.slice(0, dot), path.slice(dot + 1)];
  const fact = factIn(holder.catalogue, holder.register, link);
  const here = readHere(holder, link, day, link);
  if (here.missing !== undefined || here.value === null) return here;
  const raw = holder.facts[link];
  const other = isTimedValue(raw) ? raw.find((s) => covers(s, day))?.value : raw;
  if (fact?.to === undefined || !isObject(other)) return lacking(path, fact?.datasets[0] ?? null, 'no-link');
  return { holder: { ...holder, register: fact.to, facts: other }, name };
};

const readAll = (holder: Holder, path: string, from: Day, to: Day): readonly Reading[] => {
  const target = follow(holder, path, to);
  if ('value' in target) return [target];
  const raw = target.holder.facts[target.name];
  const fact = factIn(holder.catalogue, target.holder.register, target.name);
  if (fact === undefined || !fact.timed || !isTimedValue(raw)) return [readHere(target.holder, target.name, to, path)];
  const segments = raw
    .filter((s) => String(s.from ?? '') <= to && from < String(s.to ?? '~'))
    .sort((a, b) => (String(a.from ?? '') < String(b.from ?? '') ? -1 : 1));
  const out: Reading[] = [];
  let reach: string = from;
  for (const s of segments) {
    if (String(s.from ?? '') > reach) out.push(lacking(path, fact.datasets[0] ?? null, 'empty'));
    out.push(told(target.holder, fact, s.value, path, s));
    const end = String(s.to ?? '~');
    if (end > reach) reach = end;
  }
  if (reach <= to) out.push(lacking(path, fact.datasets[0] ?? null, 'empty'));
  return out;
};

/** Whose key does not matter to an example unless it writes `subject.key`. */
const exampleKey = '例中主体';

/** What an example's facts say. Parameters and series come from the catalogue unless the example writes `parameter:minWage`. */
export const exampleSource = (catalogue: Catalogue, register: string, example: Pick<Example, 'facts' | 'paid'>, asOf: Day): FactSource => {
  const holder: Holder = { catalogue, register, facts: example.facts, asOf };
  const trees = treesOf(catalogue);
  const divisions = trees.get('division');
  const own = (key: string): Reading | null => {
    if (!Object.hasOwn(example.facts, key)) return null;
    const raw = example.facts[key];
    const n = raw === null ? null : numberFrom(raw);
    return n === null ? lacking(key, null, 'no-parameter') : { value: n, source: { dataset: key, asOf } };
  };
  return {
    ownKey: typeof example.facts['subject.key'] === 'string' ? example.facts['subject.key'] : exampleKey,
    read: (path, day) => {
      const target = follow(holder, path, day);
      return 'value' in target ? target : readHere(target.holder, target.name, day, path);
    },
    readAll: (path, from, to) => readAll(holder, path, from, to),
    parameter: (key, region, day) => {
      const written = own(`parameter:${key}`);
      if (written !== null) return written;
      const parameter = catalogue.parameters.find((p) => p.key === key);
      const found = parameter === undefined || divisions === undefined ? null : parameterAt(parameter, region, day, divisions);
      if (found === null) return lacking(`parameter:${key}`, null, 'no-parameter');
      return { value: found.value, source: { dataset: `parameter:${key}`, asOf: found.from, from: found.from, to: found.to } };
    },
    external: (key, region, period) => {
      const written = own(`external:${key}:${period}`) ?? own(`external:${key}`);
      if (written !== null) return written;
      const series = catalogue.external.find((s) => s.key === key);
      const found = series === undefined || divisions === undefined ? null : externalAt(series, region, period, divisions);
      if (found === null) return lacking(`external:${key}`, null, 'no-parameter');
      return { value: found.value, source: { dataset: `external:${key}`, asOf: found.asOf } };
    },
    paid: (items, options) =>
      (example.paid ?? [])
        .filter((row) => items.includes(row.item))
        .filter((row) => options.period === undefined || row.period === options.period)
        .filter((row) => options.year === undefined || row.period?.slice(0, 4) === options.year)
        .filter((row) => options.key === undefined || (row.key ?? row.period) === options.key)
        .map((row) => ({ item: row.item, period: row.period ?? '', amountFen: fenFrom(row.amount) })),
    within: (tree, code, ancestor, day) => trees.get(tree)?.within(code, ancestor, day) ?? null,
  };
};

const fenFrom = (yuan: string): bigint => {
  const n = parseDecimal(yuan);
  return n === null ? 0n : floorToBigint(mul(n, fromInt(100)));
};

export interface ExampleResult {
  readonly name: string;
  readonly ok: boolean;
  readonly decision: Decision | null;
  /** Plain Chinese: what differs; empty when all is as expected. */
  readonly differences: readonly string[];
}

const verdictNames = { eligible: '符合', ineligible: '不符合', undetermined: '待核' } as const;

/** The clocks of an example; per-event takes the first event of that day, and decides a day without event as ineligible. */
export const periodOfExample = (compiled: CompiledItem, example: Example, source: FactSource): DecisionPeriod | null => {
  const period = periodFor(compiled.item, example);
  if (period === null || period.kind !== 'per-event') return period;
  return eventPeriods(compiled, source, period.knownAt).periods.find((p) => p.end === period.end) ?? period;
};

export const runExample = (compiled: CompiledItem, catalogue: Catalogue, example: Example): ExampleResult => {
  const first = periodFor(compiled.item, example);
  if (first === null) return { name: example.name, ok: false, decision: null, differences: ['期别写法不对'] };
  const source = exampleSource(catalogue, compiled.register, example, first.knownAt);
  const period = periodOfExample(compiled, example, source) ?? first;
  const decision = decideExample(compiled, closedExample(compiled, catalogue, example, source, period), period);
  const differences = differencesOf(compiled.item, example, decision);
  return { name: example.name, ok: differences.length === 0, decision, differences };
};

/** As a run does: an event nobody can name or date leaves the subject open. */
const decideExample = (compiled: CompiledItem, source: FactSource, period: DecisionPeriod): Decision => {
  const decision = decide(compiled, source, period);
  if (compiled.event === null) return decision;
  const events = eventPeriods(compiled, source, period.knownAt);
  const told = events.periods.some((p) => p.key === period.key);
  return told || events.missing.length === 0
    ? decision
    : { ...decision, verdict: 'undetermined', amountFen: null, missing: events.missing };
};

const differencesOf = (item: Item, example: Example, decision: Decision): readonly string[] => {
  const { expect } = example;
  const out: string[] = [];
  if (decision.verdict !== expect.verdict) out.push(`应为${verdictNames[expect.verdict]}，算得${verdictNames[decision.verdict]}`);
  if (expect.amount !== undefined) {
    const amount = decision.amountFen === null ? null : fenDecimal(decision.amountFen);
    if (amount !== expect.amount) out.push(`金额应为 ${expect.amount} 元，算得 ${amount ?? '未知'}`);
  }
  if (expect.mode !== undefined && decision.verdict === 'eligible') {
    const mode = modeFor(item, decision.mode?.mode ?? null);
    if (mode !== expect.mode) out.push(`方式应为${modeNames[expect.mode]}，算得${modeNames[mode]}`);
  }
  const lacks = new Set(decision.missing.map((m) => m.fact));
  const unnamed = (expect.missing ?? []).filter((f) => !lacks.has(f));
  if (unnamed.length > 0) out.push(`应缺 ${unnamed.join('、')}，算得缺 ${[...lacks].join('、') || '无'}`);
  if (expect.missing !== undefined) {
    const extra = [...lacks].filter((f) => !expect.missing?.includes(f));
    if (extra.length > 0) out.push(`多出所缺指标 ${extra.join('、')}`);
  }
  return out;
};

export const runExamples = (compiled: CompiledItem, catalogue: Catalogue): readonly ExampleResult[] =>
  compiled.item.examples.map((e) => runExample(compiled, catalogue, e));
