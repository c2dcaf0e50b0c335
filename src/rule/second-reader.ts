// The second opinion's eyes: facts as plain JSON for one subject and period, by its own reading of the two clocks. Shares no code with `session.ts`;
// expressions run in the one FEEL interpreter, over plain contexts.
import type { Day } from '../base/day.ts';
import { type Expression, evaluate } from '../feel/feel.ts';
import { context, dateFromDay, unknown, type Value } from '../feel/value.ts';
import type { DecisionPeriod, FactSource, Truth } from './facts.ts';
import { plain } from './literal.ts';
import type { Plan } from './session.ts';
import { answer } from './surroundings.ts';

export type Locals = ReadonlyMap<string, Value>;
export const nobody: Locals = new Map();

export interface Reader {
  readonly period: DecisionPeriod;
  readonly endDay: Day;
  readonly startDay: Day;
  value(fact: string, day: Day, locals: Locals): Value;
  all(fact: string): readonly Value[];
  run(expression: Expression, day: Day, locals: Locals): Value;
  within(tree: string, code: string, ancestor: string, day: Day): Truth;
}

const dayMs = 86_400_000;
const textDay = (ms: number): Day => new Date(ms).toISOString().slice(0, 10) as Day;
const kindOf = (v: Value): string =>
  v !== null && typeof v === 'object' && !Array.isArray(v) ? (v as { readonly kind: string }).kind : '';

export const openReader = (plan: Plan, source: FactSource, period: DecisionPeriod): Reader => {
  const days: string[] = [period.end, period.knownAt];
  if (plan.deathFact !== null) {
    const death = source.read(plan.deathFact, period.knownAt).value;
    if (kindOf(death) === 'date') days.push(textDay(Date.parse(String(plain(death))) - dayMs));
  }
  const endDay = days.sort()[0] as Day;
  const startDay = [period.start ?? '0001-01-01', endDay].sort()[0] as Day;
  const ledger = { once: (_fact: string, _day: Day | undefined, read: () => ReturnType<FactSource['read']>) => read() };

  const top = (name: string, day: Day): Value => {
    if (name === 'period')
      return context({ start: period.start === null ? null : dateFromDay(period.start), end: dateFromDay(period.end), key: period.key });
    if (name === 'subject') return context({ key: source.ownKey ?? unknown('subject.key') });
    if (name === 'event' && plan.event !== null) {
      const list = source.read(plan.event.list, day).value;
      if (!Array.isArray(list)) return kindOf(list) === 'unknown' ? list : null;
      const keyField = plan.event.key;
      return (list as readonly Value[]).find((e) => step(e, keyField) !== null && String(plain(step(e, keyField))) === period.key) ?? null;
    }
    const item = plan.itemFacts.get(name);
    if (item !== undefined) return computedOnce(name, item, day);
    if (plan.closings.has(name)) {
      const frozen = source.closed?.(name);
      return frozen === undefined ? unknown(name) : frozen.value;
    }
    const value = source.read(name, day).value;
    const fields = plan.links.get(name);
    if (fields === undefined || value === null || kindOf(value) === 'unknown') return value;
    return context(new Map(fields.map((f) => [f, source.read(`${name}.${f}`, day).value])));
  };
  // One fact may stand in many conditions and in every turn of a loop.
  const computed = new Map<string, Value>();
  const computedOnce = (name: string, item: Expression, day: Day): Value => {
    const key = `${name} ${day}`;
    const value = computed.get(key);
    if (value !== undefined) return value;
    const made = run(item, day, nobody);
    computed.set(key, made);
    return made;
  };
  const step = (v: Value, field: string): Value => {
    if (kindOf(v) === 'unknown') return v;
    return kindOf(v) === 'context' ? ((v as { readonly entries: ReadonlyMap<string, Value> }).entries.get(field) ?? null) : null;
  };
  const run = (expression: Expression, day: Day, locals: Locals): Value =>
    evaluate(expression, {
      get: (name) => (locals.has(name) ? (locals.get(name) ?? null) : top(name, day)),
      call: (name, args) => answer(name, args, { source, period, region: plan.region, day, ledger }),
    });
  const value = (fact: string, day: Day, locals: Locals): Value => {
    const [head = fact, ...rest] = fact.split('.');
    if (locals.has(head)) return rest.reduce(step, locals.get(head) ?? null);
    if (['period', 'event', 'subject'].includes(head)) return rest.reduce(step, top(head, day));
    return plan.itemFacts.has(fact) || plan.closings.has(fact) ? top(fact, day) : source.read(fact, day).value;
  };
  return {
    period,
    endDay,
    startDay,
    value,
    all: (fact) => source.readAll(fact, startDay, endDay).map((r) => r.value),
    run,
    within: (tree, code, ancestor, day) => source.within(tree, code, ancestor, day),
  };
};

/** The day a duration like P2Y, P6M or P30D before `base`: same day of the month, clamped to the month's end. */
export const before = (base: Day, duration: string): Day => {
  const days = /^P(\d+)D$/.exec(duration);
  if (days !== null) return textDay(Date.parse(base) - Number(days[1]) * dayMs);
  const m = /^P(?:(\d+)Y)?(?:(\d+)M)?$/.exec(duration);
  const months = Number(base.slice(0, 4)) * 12 + Number(base.slice(5, 7)) - 1 - Number(m?.[1] ?? 0) * 12 - Number(m?.[2] ?? 0);
  const [year, month] = [Math.floor(months / 12), (months % 12) + 1];
  const lengths = [31, year % 400 === 0 || (year % 4 === 0 && year % 100 !== 0) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  const day = Math.min(Number(base.slice(8)), lengths[month - 1] ?? 31);
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}` as Day;
};
