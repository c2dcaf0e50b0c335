// What an item cannot do without: given what there is (datasets heard, parameters published, indexes known), can anybody be found eligible with an
// amount at all? Walks the compiled tree once, without a subject. What is called lacking surely is; what is not may still be unknown of one person.
import type { Day } from '../base/day.ts';
import type { Node } from '../feel/ast.ts';
import { compileFeel, type Expression, evaluate } from '../feel/feel.ts';
import { scopeOf } from '../feel/scope.ts';
import { dateType, recordOf, stringType, typeEnv } from '../feel/type.ts';
import { context, dateFromDay, dayFromDate, isList, isUnknown, type Value } from '../feel/value.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import { operandFacts } from '../rule/operand.ts';
import type { Ready } from '../rule/ready.ts';
import type { Figure, ReadyAward } from './award-ready.ts';
import type { CompiledItem } from './compile.ts';

/** A fact nobody could be known of, or a number nobody has published for the period. */
export type Lack =
  | { readonly kind: 'fact'; readonly register: string; readonly fact: string }
  | { readonly kind: 'parameter'; readonly key: string; readonly day: Day | null }
  | { readonly kind: 'external'; readonly key: string; readonly period: string | null };

/** What there is. Region `undefined`: it depends on the subject; then the item's own region and what lies in and above it are asked. */
export interface Supply {
  fact(register: string, fact: string): boolean;
  /** `day` null: an event's own. */
  parameter(key: string, region: string | null | undefined, day: Day | null): boolean;
  /** `period` null: it depends on the subject, or runs through a list. */
  external(key: string, region: string | null | undefined, period: string | null): boolean;
}

const nameOf = (lack: Lack): string => JSON.stringify(lack);
const together = (lists: readonly (readonly Lack[])[]): readonly Lack[] => [
  ...new Map(lists.flat().map((lack) => [nameOf(lack), lack])).values(),
];

const periodEnv = typeEnv({ period: recordOf({ start: dateType, end: dateType, key: stringType }) });
const none: ReadonlySet<string> = new Set();

/** The value of an argument that speaks of the period and of nothing else; undefined when it depends on more. */
const constantOf = (node: Node, text: string, period: DecisionPeriod): Value | undefined => {
  if (node.op === 'literal') return node.value;
  const compiled = compileFeel(text.slice(node.span.from, node.span.to), periodEnv);
  if (!compiled.ok) return undefined;
  const start = period.start === null ? null : dateFromDay(period.start);
  const value = evaluate(compiled.expression, scopeOf({ period: context({ start, end: dateFromDay(period.end), key: period.key }) }));
  return isUnknown(value) ? undefined : value;
};

const asDay = (v: Value | undefined): Day | null =>
  v !== undefined && v !== null && typeof v === 'object' && !isList(v) && v.kind === 'date' ? dayFromDate(v) : null;

const isPeriodKey = (text: string): boolean => /^\d{4}(-\d{2}|Q[1-4])?$/.test(text);

/** An argument that names a region of the subject's own. */
const isPlace = (w: Walk, node: Node): boolean => {
  const type = node.op === 'name' ? w.compiled.plan.find(node.name)?.type.kind : undefined;
  return type === 'code' || type === 'string';
};

interface Walk {
  readonly compiled: CompiledItem;
  readonly supply: Supply;
  readonly period: DecisionPeriod;
  readonly items: Map<string, readonly Lack[]>;
}

const inName = (w: Walk, name: string, own: ReadonlySet<string>): readonly Lack[] => {
  const [head = name] = name.split('.');
  if (own.has(head) || head === 'period') return [];
  const item = w.compiled.plan.itemFacts.get(head);
  if (item !== undefined) {
    const before = w.items.get(head);
    if (before !== undefined) return before;
    const found = inExpression(w, item, none);
    w.items.set(head, found);
    return found;
  }
  const { event, register } = w.compiled;
  const fact = head === 'event' && event !== null ? event.list : head;
  const known = w.compiled.reads.some((r) => r.link === null && r.fact === fact);
  // A field over a link that leads nowhere is a known none, so only the link itself is needed by everybody.
  return !known || w.supply.fact(register, fact) ? [] : [{ kind: 'fact', register, fact }];
};

const inExpression = (w: Walk, expression: Expression, own: ReadonlySet<string>): readonly Lack[] =>
  inNode(w, expression.root, expression.text, own);

const callLacks = (w: Walk, name: string, args: readonly Node[], text: string): readonly Lack[] => {
  const [first, ...rest] = args;
  const key = first?.op === 'literal' && typeof first.value === 'string' ? first.value : null;
  if (key === null) return [];
  const values = rest.map((node) => constantOf(node, text, w.period));
  const open = values.some((v) => v === undefined);
  const texts = values.filter((v): v is string => typeof v === 'string');
  if (name === 'parameter') {
    const places = rest.filter((n, i) => values[i] === undefined && isPlace(w, n));
    const region = texts[0] ?? (places.length > 0 ? undefined : w.compiled.plan.region);
    const dated = values.map(asDay).find((d) => d !== null);
    const day = dated ?? (values.filter((v) => v === undefined).length > places.length ? null : w.period.end);
    return w.supply.parameter(key, region, day) ? [] : [{ kind: 'parameter', key, day }];
  }
  const period = texts.find(isPeriodKey) ?? (open ? null : w.period.key);
  const region = texts.find((t) => !isPeriodKey(t)) ?? (open ? undefined : w.compiled.plan.region);
  return w.supply.external(key, region, period) ? [] : [{ kind: 'external', key, period }];
};

/** Empty: the expression may have a value. */
const inNode = (w: Walk, node: Node, text: string, own: ReadonlySet<string>): readonly Lack[] => {
  const see = (n: Node, names = own): readonly Lack[] => inNode(w, n, text, names);
  const either = (a: Node, b: Node): readonly Lack[] => {
    const [x, y] = [see(a), see(b)];
    return x.length > 0 && y.length > 0 ? together([x, y]) : [];
  };
  switch (node.op) {
    case 'literal':
    case 'function':
      return [];
    case 'name':
      return inName(w, node.name, own);
    case 'path':
      return see(node.target);
    case 'and':
    case 'or':
      // One side alone may settle it.
      return either(node.left, node.right);
    case 'if': {
      const lacks = see(node.condition);
      return lacks.length > 0 ? lacks : either(node.yes, node.no);
    }
    case 'for':
    case 'some':
    case 'every': {
      const names = new Set([...own, ...node.iterators.map((i) => i.name), 'partial']);
      const domains = node.iterators.flatMap((i) => [see(i.domain, names), i.end === null ? [] : see(i.end, names)]);
      return together([...domains, see(node.body, names)]);
    }
    case 'filter':
      // Inside, an element's fields hide names we know: only the list itself is surely needed.
      return see(node.target);
    case 'call': {
      const name = node.callee.op === 'name' ? node.callee.name : '';
      const asked = name === 'parameter' || name === 'external' ? callLacks(w, name, node.args, text) : [];
      return together([asked, ...node.args.map((a) => see(a))]);
    }
    default:
      return together(childrenOf(node).map((n) => see(n)));
  }
};

const childrenOf = (node: Node): readonly Node[] => {
  switch (node.op) {
    case 'negate':
    case 'test':
    case 'instance':
      return [node.operand];
    case 'arithmetic':
    case 'compare':
      return [node.left, node.right];
    case 'between':
      return [node.operand, node.low, node.high];
    case 'in':
      return [node.operand, ...node.tests];
    case 'list':
      return node.elements;
    case 'context':
      return node.entries.map((e) => e.value);
    case 'range':
      return [node.low, node.high].filter((n): n is Node => n !== null);
    default:
      return [];
  }
};

/** What stands in the way of the condition's being `wanted`; null: nothing, it may be. */
const against = (w: Walk, ready: Ready, wanted: boolean, own: ReadonlySet<string>): readonly Lack[] | null => {
  if (ready.kind === 'leaf') {
    const lacks = together([ready.fact, ...operandFacts(ready.operand)].map((name) => inName(w, name, own)));
    return lacks.length === 0 ? null : lacks;
  }
  if (ready.kind === 'not') return against(w, ready.child, !wanted, own);
  const found = ready.children.map((child) => against(w, child, wanted, own));
  const needsAll = (ready.kind === 'all') === wanted;
  const lacking = found.filter((f): f is readonly Lack[] => f !== null);
  if (needsAll) return lacking.length === 0 ? null : together(lacking);
  return lacking.length < found.length ? null : together(lacking);
};

/** Only what every amount needs: a part under a condition of its own may simply not apply. */
const inAward = (w: Walk, award: ReadyAward, own: ReadonlySet<string>): readonly Lack[] => {
  const figure = (f: Figure | null): readonly Lack[] => (f?.kind === 'fact' ? inName(w, f.fact, own) : []);
  const common = [award.multiplier, award.prorate?.part ?? null, award.prorate?.of ?? null].map(figure);
  const deduct = award.deduct === null ? [] : inExpression(w, award.deduct, own);
  const form = (): readonly (readonly Lack[])[] => {
    switch (award.form) {
      case 'fixed':
        return [];
      case 'perUnit':
        return [figure(award.yuan), figure(award.count)];
      case 'rate':
        return [figure(award.base), figure(award.rate)];
      case 'tiers':
        return [figure(award.by), figure(award.base)];
      case 'brackets':
        return [figure(award.base)];
      case 'formula':
        return [inExpression(w, award.expression, own)];
      default:
        return award.parts.filter((part) => part.when === null).map((part) => inAward(w, part, own));
    }
  };
  return together([...common, deduct, ...form()]);
};

/** Empty: as far as what there is goes, somebody may be found eligible with an amount; else everything that stands in the way, each once. */
export const lacksOf = (compiled: CompiledItem, supply: Supply, period: DecisionPeriod): readonly Lack[] => {
  const own = lacksAlone(compiled, supply, period);
  // 新老划断: whoever is decided by the version before may not need what this one lacks.
  const before = compiled.before === undefined ? null : lacksOf(compiled.before, supply, period);
  return before === null ? own : own.length > 0 && before.length > 0 ? together([own, before]) : [];
};

const lacksAlone = (compiled: CompiledItem, supply: Supply, period: DecisionPeriod): readonly Lack[] => {
  const w: Walk = { compiled, supply, period, items: new Map() };
  const { each, event } = compiled;
  const element: ReadonlySet<string> = each === null ? none : new Set([each.as, 'each', ...fieldsOf(compiled)]);
  return together([
    event === null ? [] : inName(w, event.list, none),
    against(w, compiled.match, true, none) ?? [],
    each === null ? [] : inName(w, each.list, none),
    each === null ? [] : inExpression(w, each.where, element),
    inAward(w, compiled.award, element),
  ]);
};

/** Bare names that an element of the `each` list may give. */
const fieldsOf = (compiled: CompiledItem): readonly string[] => {
  const list = compiled.each === null ? undefined : compiled.plan.find(compiled.each.list)?.type;
  const element = list?.kind === 'list' ? list.element : undefined;
  return element?.kind === 'record' ? Object.keys(element.fields) : [];
};
