// Elements of a list that no filter of a formula lets through: where a formula reads a list only through filters, and every filter surely drops every element,
// it comes to what it comes to for an empty list. Each filter is asked about each different element once, as a list of its own: it decides itself.
import type { Fact } from '../catalogue/catalogue.ts';
import type { Node } from '../feel/ast.ts';
import { compileFeel, type Expression } from '../feel/feel.ts';
import { type FeelType, typeEnv } from '../feel/type.ts';
import { isList, type Value } from '../feel/value.ts';
import type { CompiledItem } from '../policy/compile.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import { type Computed, computedFrom } from '../snapshot/computed.ts';
import { elementValue } from '../snapshot/feel.ts';
import { plainValue, type Values } from '../snapshot/values.ts';
import { stateAt } from '../snapshot/vector.ts';

type List = Extract<Values, { shape: 'list' }>;

/** Whether the elements `from` up to `to` are surely dropped by all of the filters. */
type Dropped = (from: number, to: number) => boolean;

export interface Filters {
  /** For the lists of one block. */
  over(list: List): Dropped;
}

type Filter = Node & { readonly op: 'filter' };

/** The filters through which a list is read; null: it is read some other way as well. */
const filtersOf = (root: Node, list: string): readonly Filter[] | null => {
  const found: Filter[] = [];
  const isTarget = (node: Node): boolean => node.op === 'name' && node.name === list;
  const walk = (part: unknown): boolean => {
    if (Array.isArray(part)) return part.every(walk);
    if (typeof part !== 'object' || part === null) return true;
    const node = part as Node;
    if (node.op === 'literal') return true;
    if (node.op === 'filter' && isTarget(node.target)) {
      found.push(node);
      return walk(node.condition);
    }
    return !isTarget(node) && Object.values(part).every(walk);
  };
  return walk(root) ? found : null;
};

/** Names that stand anywhere in a condition. */
const namesIn = (part: unknown, into: Set<string>): Set<string> => {
  if (Array.isArray(part)) for (const one of part) namesIn(one, into);
  else if (typeof part === 'object' && part !== null) {
    const { op, name } = part as { readonly op?: string; readonly name?: unknown };
    if (op === 'literal') return into;
    if (op === 'name' && typeof name === 'string') into.add(name);
    for (const one of Object.values(part)) namesIn(one, into);
  }
  return into;
};

/** A filter as an expression of its own. null: it asks anything but the element and the period. */
const alone = (text: string, fact: Fact, by: CompiledItem, period: DecisionPeriod): Computed | null => {
  const names = [fact.key, 'period.start', 'period.end', 'period.key'];
  const known = names.flatMap((name): [string, FeelType][] => {
    const shape = by.plan.find(name);
    return shape === undefined ? [] : [[name, shape.type]];
  });
  const compiled = compileFeel(text, typeEnv(Object.fromEntries(known)), { units: false });
  if (!compiled.ok || compiled.expression.root.op !== 'filter') return null;
  const computed = new Map<string, Expression>([['filter', compiled.expression]]);
  return computedFrom('filter', { computed, fact: (name) => (name === fact.key ? fact : null) }, period, 'any');
};

/** null: the formulas read the list otherwise than through filters, or a filter asks more than the element itself. */
export const filtersOver = (formulas: readonly Expression[], fact: Fact, by: CompiledItem, period: DecisionPeriod): Filters | null => {
  if (fact.type !== 'list') return null;
  const filters: Computed[] = [];
  const names = new Set<string>();
  for (const { root, text } of formulas) {
    const own = filtersOf(root, fact.key);
    if (own === null) return null;
    for (const { span, condition } of own) {
      const filter = alone(text.slice(span.from, span.to), fact, by, period);
      if (filter === null) return null;
      filters.push(filter);
      namesIn(condition, names);
    }
  }
  const all = fact.fields ?? [];
  const fields = all.filter((field) => names.has(field.key));
  // Without a field of its own, an element is asked about as a whole.
  if (filters.length === 0 || fields.length === 0 || names.has('item') || names.has(fact.key)) return null;
  return {
    over: (list) => {
      const known = new Map<string, boolean>();
      const sayings = fields.map(({ key }) => sayingOf(list.fields[key]));
      const dropped = (index: number): boolean => {
        let key = '';
        for (const says of sayings) key += says(index);
        let answer = known.get(key);
        if (answer === undefined) {
          const element = elementValue(list, index, fields, fact.key);
          answer = filters.every((filter) => isEmpty(filter.of([element])));
          known.set(key, answer);
        }
        return answer;
      };
      return (from, to) => {
        for (let index = from; index < to; index++) if (!dropped(index)) return false;
        return true;
      };
    },
  };
};

const isEmpty = (value: Value): boolean => isList(value) && value.length === 0;

/** Equal for what a field says alike within one block. */
const sayingOf = (values: Values | undefined): ((index: number) => string) => {
  if (values === undefined) return () => ' ';
  if (values.shape === 'scalar') {
    const { vector } = values;
    return (index) => `${stateAt(vector, index)}:${vector.data[index]} `;
  }
  return (index) => `${values.states[index]}${JSON.stringify(plainValue(values, index) ?? null)} `;
};
