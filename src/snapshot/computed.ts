// A fact of the item that is computed from one fact of the register (age, whole months, a difference) asks a question of that fact's column: its value is
// worked out once per distinct value, or, where it climbs in steps with a day, once per step, and a comparison becomes ranges of days. The expression
// itself says what it is worth at every day asked for: nothing is solved by hand, so 29 February and ends of months are whatever it says.
import { epochDayOf } from '../base/day.ts';
import type { Fact } from '../catalogue/catalogue.ts';
import type { Node } from '../feel/ast.ts';
import { type Expression, evaluate } from '../feel/feel.ts';
import { unknown, type Value } from '../feel/value.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import { plain } from '../rule/literal.ts';
import { periodValue } from '../rule/session.ts';

/** The item's own facts by name, and the register's. */
export interface Names {
  readonly computed: ReadonlyMap<string, Expression>;
  fact(name: string): Fact | null;
}

/** What an expression comes to between two days: `from[i]` up to the day before `from[i + 1]`, the last up to `end`. */
export interface Steps {
  readonly from: readonly number[];
  readonly values: readonly Value[];
  readonly end: number;
}

export interface Computed {
  readonly fact: Fact;
  /** Its worth where the fact is worth this. */
  of(value: Value): Value;
  /** Equal for those that are worth the same in the same period. */
  readonly key: string;
  /** Of a fact that is a day; null: not known to go in steps, or in too many. */
  steps(): Steps | null;
}

/** Built-ins whose answer comes from outside the expression. */
const outside: ReadonlySet<string> = new Set(['within', 'parameter', 'external', 'paid', 'now', 'today']);

const nested: ReadonlySet<string> = new Set(['list', 'set', 'series']);

/** null: it reads more than one fact of the register, or anything else that another row or day may answer otherwise. */
export const computedFrom = (name: string, names: Names, period: DecisionPeriod, shapes: 'scalar' | 'any' = 'scalar'): Computed | null => {
  const own = new Map<string, Expression>();
  const facts = new Map<string, Fact>();
  let ofPeriod = false;
  const pending = [name];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const expression = names.computed.get(next);
    if (expression !== undefined) {
      if (own.has(next)) continue;
      if ([...namesIn(expression.root)].some((one) => outside.has(one))) return null;
      own.set(next, expression);
      pending.push(...expression.reads.map((read) => read.split('.')[0] ?? read));
    } else if (next === 'period') ofPeriod = true;
    else {
      const fact = names.fact(next);
      if (fact === null || fact.type === 'link' || (shapes === 'scalar' && nested.has(fact.type))) return null;
      facts.set(next, fact);
    }
  }
  const [fact] = facts.values();
  if (fact === undefined || facts.size !== 1 || !own.has(name) || (ofPeriod && period.kind === 'per-event')) return null;
  const around = ofPeriod ? [period.key, period.start, period.end] : [];
  const key = JSON.stringify([fact.key, name, [...own].map(([one, { text }]) => [one, text]).sort(), around]);
  const of = (value: Value): Value => {
    const known = new Map<string, Value>();
    const get = (asked: string): Value => {
      if (asked === fact.key) return value;
      if (asked === 'period') return periodValue(period);
      const expression = own.get(asked);
      if (expression === undefined) return unknown(asked);
      let worth = known.get(asked);
      if (worth === undefined) {
        worth = evaluate(expression, { get });
        known.set(asked, worth);
      }
      return worth;
    };
    return get(name);
  };
  const steps = (): Steps | null =>
    fact.type === 'date' && formOf((own.get(name) as Expression).root, fact.key) === 'steps' ? keptSteps(key, of) : null;
  return { fact, of, key, steps };
};

/** Every name that stands anywhere in it, bound or free: more than it reads, never less. */
const namesIn = (node: Node, into: Set<string> = new Set()): Set<string> => {
  const walk = (part: unknown): void => {
    if (Array.isArray(part)) part.forEach(walk);
    else if (typeof part === 'object' && part !== null) {
      const { op, name } = part as { readonly op?: string; readonly name?: unknown };
      if (op === 'literal') return;
      if (op === 'name' && typeof name === 'string') into.add(name);
      Object.values(part).forEach(walk);
    }
  };
  walk(node);
  return into;
};

/** Built-ins that never turn back while the day goes on; null lies at one end. */
const climbing: ReadonlySet<string> = new Set([
  'age at',
  'months between',
  'year',
  'start of month',
  'end of month',
  'start of year',
  'end of year',
]);

/** `steps`: while the fact goes from day to day it only climbs or only falls, so that what is alike at two days is alike between them. */
type Form = 'constant' | 'steps' | 'other';

const formOf = (node: Node, fact: string): Form => {
  switch (node.op) {
    case 'literal':
      return 'constant';
    case 'name':
      return node.name === fact ? 'steps' : node.name === 'period' ? 'constant' : 'other';
    case 'path': {
      const target = formOf(node.target, fact);
      if (target === 'constant') return 'constant';
      return node.target.op === 'name' && target === 'steps' && node.name === 'year' ? 'steps' : 'other';
    }
    case 'arithmetic': {
      if (node.operator !== '+' && node.operator !== '-') return 'other';
      return joined([formOf(node.left, fact), formOf(node.right, fact)]);
    }
    case 'call': {
      if (node.names !== null || node.callee.op !== 'name') return 'other';
      const form = joined(node.args.map((arg) => formOf(arg, fact)));
      if (form !== 'steps') return form;
      const plainly = node.args.every((arg) => formOf(arg, fact) === 'constant' || arg.op === 'name');
      return plainly && climbing.has(node.callee.name) ? 'steps' : 'other';
    }
    default:
      return 'other';
  }
};

/** Two that climb may meet in a way that turns back. */
const joined = (forms: readonly Form[]): Form => {
  const moving = forms.filter((form) => form !== 'constant');
  return moving.length === 0 ? 'constant' : moving.length === 1 ? (moving[0] as Form) : 'other';
};

/** Whoever is asked about was born, registered or paid within these days; a column with any other day is asked day by day. */
const first = epochDayOf(1800, 1, 1);
const last = epochDayOf(2200, 12, 31);
const mostSteps = 6000;

/** The steps of what was asked last: a figure that is moved asks for the same ones again. */
const mostKept = 64;
const kept = new Map<string, Steps | null>();

const keptSteps = (key: string, of: (value: Value) => Value): Steps | null => {
  let steps = kept.get(key);
  if (steps === undefined) {
    steps = stepsOf(of);
    if (kept.size >= mostKept) kept.delete(kept.keys().next().value as string);
  } else kept.delete(key);
  kept.set(key, steps);
  return steps;
};

const stepsOf = (of: (value: Value) => Value): Steps | null => {
  const at = (epochDay: number): Value => of({ kind: 'date', epochDay });
  const nameOf = (value: Value): string => JSON.stringify(plain(value));
  const from: number[] = [first];
  const values: Value[] = [at(first)];
  const lastName = nameOf(at(last));
  for (let [day, name] = [first, nameOf(values[0] as Value)]; name !== lastName; ) {
    // The first day on which it is worth something else: doubling ahead, then halving.
    let [same, other] = [day, day + 1];
    for (let by = 1; other < last && nameOf(at(other)) === name; by *= 2) [same, other] = [other, Math.min(last, other + by * 2)];
    while (other - same > 1) {
      const middle = (same + other) >> 1;
      if (nameOf(at(middle)) === name) same = middle;
      else other = middle;
    }
    if (values.length === mostSteps) return null;
    const value = at(other);
    from.push(other);
    values.push(value);
    [day, name] = [other, nameOf(value)];
  }
  return { from, values, end: last };
};

/** Whether every day of the column's lies among the steps. */
export const daysWithin = ({ from, end }: Pick<Steps, 'from' | 'end'>, days: Int32Array): boolean => {
  const low = from[0] as number;
  for (let i = 0; i < days.length; i++) if ((days[i] as number) < low || (days[i] as number) > end) return false;
  return true;
};
