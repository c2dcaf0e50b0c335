// One more element of a list as an item would count it: a copy of one that is there, and one made to fit the filters the item's formulas and `each` put
// on the list. Whether it fits is not argued here: whoever uses it decides with it.
import type { Day } from '../base/day.ts';
import { add, type Rational, ratio, sub } from '../base/rational.ts';
import type { Fact, Field } from '../catalogue/catalogue.ts';
import type { ComparisonOperator, Node } from '../feel/ast.ts';
import { parseAtLiteral } from '../feel/format.ts';
import { context, dateFromDay, isContext, isNumber, type Value } from '../feel/value.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import type { CompiledItem } from './compile.ts';

/** Elements worth trying, the likeliest first. */
export const elementsFor = (compiled: CompiledItem, fact: Fact, now: readonly Value[], period: DecisionPeriod): readonly Value[] => {
  const filters = filtersOn(compiled, fact.key);
  const blank = context(new Map((fact.fields ?? []).map((field) => [field.key, blankOf(field, period)])));
  const there = now.filter(isContext).slice(0, 4);
  const fitted = [blank, ...there].flatMap((base) =>
    filters.map((filter) =>
      context(new Map([...base.entries, ...wishesOf(filter, period, new Set((fact.fields ?? []).map((f) => f.key)))])),
    ),
  );
  return [...fitted, ...there, blank];
};

/** What a new element most plainly says of a field nobody asks for. */
const blankOf = (field: Field, period: DecisionPeriod): Value => {
  switch (field.type) {
    case 'date':
      return dateFromDay(period.end);
    case 'number':
      return ratio(1n, 1n);
    case 'boolean':
      return false;
    default:
      return null;
  }
};

/** Conditions the item puts on elements of the list; of several, all together as well. */
const filtersOn = (compiled: CompiledItem, list: string): readonly (readonly Node[])[] => {
  const found: Node[] = [];
  // A list the item filters from another carries its filter along.
  const names = new Set([list]);
  for (const [name, expression] of compiled.plan.itemFacts) {
    const own = filtersIn(expression.root, names);
    found.push(...own);
    if (own.length > 0 && expression.type.kind === 'list') names.add(name);
  }
  if (compiled.each?.list === list) found.push(compiled.each.where.root);
  return found.length === 0 ? [[]] : [...found.map((f) => [f]), ...(found.length > 1 ? [found] : [])];
};

const filtersIn = (root: Node, lists: ReadonlySet<string>): readonly Node[] => {
  const out: Node[] = [];
  const visit = (n: unknown): void => {
    if (Array.isArray(n)) for (const one of n) visit(one);
    else if (typeof n === 'object' && n !== null) {
      const node = n as Node;
      if (node.op === 'filter' && node.target.op === 'name' && lists.has(node.target.name)) out.push(node.condition);
      for (const [key, child] of Object.entries(node)) if (key !== 'span' && key !== 'value') visit(child);
    }
  };
  visit(root);
  return out;
};

type Wishes = ReadonlyMap<string, Value>;

/** Values by field that make the conditions true, as far as they say it plainly: `kind = "甲"`, `months >= 3`, `open`, `not(closed)`. */
const wishesOf = (conditions: readonly Node[], period: DecisionPeriod, fields: ReadonlySet<string>): Wishes => {
  const out = new Map<string, Value>();
  const fieldOf = (n: Node): string | null => {
    if (n.op === 'name' && fields.has(n.name)) return n.name;
    // `each.kind`, `hire.kind`, `item.kind`
    return n.op === 'path' && n.target.op === 'name' && fields.has(n.name) && n.target.name !== 'period' ? n.name : null;
  };
  const wish = (n: Node): void => {
    switch (n.op) {
      case 'and':
        wish(n.left);
        wish(n.right);
        return;
      case 'or':
        wish(n.left);
        return;
      case 'name':
      case 'path': {
        const field = fieldOf(n);
        if (field !== null) out.set(field, true);
        return;
      }
      case 'call': {
        const [only] = n.args;
        const field = n.callee.op === 'name' && n.callee.name === 'not' && only !== undefined ? fieldOf(only) : null;
        if (field !== null) out.set(field, false);
        return;
      }
      case 'in': {
        const field = fieldOf(n.operand);
        const first = n.tests.flatMap((t) => (t.op === 'list' ? t.elements : [t]))[0];
        const value = first === undefined ? undefined : constant(first, period);
        if (field !== null && value !== undefined) out.set(field, value);
        return;
      }
      case 'compare': {
        const field = fieldOf(n.left);
        const value = constant(n.right, period);
        if (field !== null && value !== undefined) out.set(field, satisfying(n.operator, value));
        return;
      }
      default:
        return;
    }
  };
  for (const n of conditions) wish(n);
  return out;
};

/** `undefined`: not the same whatever the record. */
const constant = (n: Node, period: DecisionPeriod): Value | undefined => {
  if (n.op === 'literal') return n.value;
  if (n.op === 'path' && n.target.op === 'name' && n.target.name === 'period') {
    const day: Day | null = n.name === 'end' ? period.end : n.name === 'start' ? period.start : null;
    return day === null ? undefined : dateFromDay(day);
  }
  const [only] = n.op === 'call' ? n.args : [];
  return only?.op === 'literal' && typeof only.value === 'string' ? (parseAtLiteral(only.value) ?? undefined) : undefined;
};

const satisfying = (operator: ComparisonOperator, value: Value): Value => {
  if (!isNumber(value) || operator === '=' || operator === '<=' || operator === '>=') return value;
  const one: Rational = ratio(1n, 1n);
  return operator === '<' ? sub(value, one) : add(value, one);
};
