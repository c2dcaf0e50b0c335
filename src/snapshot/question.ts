// What a condition asks of one column on one day: the same for every row, so that it is answered once per block and shared by all items that ask it.
import { type Day, earliest } from '../base/day.ts';
import type { Fact } from '../catalogue/catalogue.ts';
import type { Expression } from '../feel/feel.ts';
import { dateFromDay, type Value } from '../feel/value.ts';
import type { DecisionPeriod, Truth } from '../rule/facts.ts';
import { plain } from '../rule/literal.ts';
import { moveBack } from '../rule/reach.ts';
import type { Ready, ReadyLeaf } from '../rule/ready.ts';
import { type Computed, computedFrom } from './computed.ts';
import { type Asked, answerOf } from './predicate.ts';

export interface KernelItem {
  /** What the match verdict asks; null: nothing. */
  readonly conditions: Ready | null;
  readonly period: DecisionPeriod;
  /** The register's fact that ends `on: end`; null where there is none. */
  readonly deathFact: string | null;
  /** A fact of the register by this name, and not one of the item or of an element. */
  fact(name: string): Fact | null;
  /** Facts of the item by name. */
  readonly computed: ReadonlyMap<string, Expression>;
  within(tree: string, code: string, ancestor: string, day: Day): Truth;
}

export interface Question {
  readonly fact: Fact;
  readonly asked: Asked;
  readonly day: Day;
  /** The answer depends on the day, and for those who died the day is an earlier one. */
  readonly shortens: boolean;
  /** Equal for questions with one answer. */
  readonly key: string;
  /** As the key, for whoever asks a million times; one key may have several over a long life. */
  readonly number: number;
}

/** An item's conditions with the question each leaf asks; null: no question to one column. */
export type Asking =
  | { readonly kind: 'leaf'; readonly leaf: ReadyLeaf; readonly question: Question | null }
  | { readonly kind: 'not'; readonly child: Asking }
  | AskingGroup;
export interface AskingGroup {
  readonly kind: 'all' | 'any';
  readonly children: readonly Asking[];
}

/** The same in every block: worked out once. */
const asked = new WeakMap<KernelItem, Asking | null>();
export const askingOf = (item: KernelItem): Asking | null => {
  let asking = asked.get(item);
  if (asking === undefined) {
    asking = item.conditions === null ? null : asks(item.conditions, item);
    asked.set(item, asking);
  }
  return asking;
};

const asks = (ready: Ready, item: KernelItem): Asking => {
  if (ready.kind === 'leaf') return { kind: 'leaf', leaf: ready, question: questionOf(ready, item) };
  if (ready.kind === 'not') return { kind: 'not', child: asks(ready.child, item) };
  return { kind: ready.kind, children: ready.children.map((child) => asks(child, item)) };
};

/** Numbers of keys; forgotten all at once when there are too many, so that drafts asked of for weeks do not pile up. */
const numbers = new Map<string, number>();
const mostNumbers = 65_536;
let lastNumber = 0;
const numberOf = (key: string): number => {
  const known = numbers.get(key);
  if (known !== undefined) return known;
  if (numbers.size >= mostNumbers) numbers.clear();
  lastNumber += 1;
  numbers.set(key, lastNumber);
  return lastNumber;
};

/** null: not a question to one column on one day. */
const questionOf = (leaf: ReadyLeaf, item: KernelItem): Question | null => {
  const own = item.fact(leaf.fact);
  const computed = own === null ? computedFrom(leaf.fact, item, item.period) : null;
  const fact = own ?? computed?.fact ?? null;
  if (fact === null || fact.type === 'link') return null;
  if (leaf.checkAt === 'period' && (leaf.on === 'any' || leaf.on === 'every')) return null;
  const required = requiredOf(leaf, item.period);
  if (required === undefined) return null;
  const daily = fact.timed === true || leaf.tree !== null;
  if (daily && item.period.kind === 'per-event' && leaf.checkAt === 'period') return null;
  const known = earliest(item.period.end, item.period.knownAt);
  const start = item.period.start ?? ('0001-01-01' as Day);
  const day = leaf.checkAt !== 'period' ? item.period.knownAt : leaf.on === 'start' ? earliest(start, known) : known;
  const on = daily ? day : ('0001-01-01' as Day);
  const shortens = daily && leaf.checkAt === 'period' && item.deathFact !== null;
  const key = `${computed?.key ?? fact.key}\n${leaf.operator.name}\n${JSON.stringify(plain(required))}\n${on}\n${shortens ? item.deathFact : ''}`;
  const within = (tree: string, code: string, ancestor: string): Truth => item.within(tree, code, ancestor, on);
  const context = { tree: leaf.tree, within };
  const asked: Asked = computed === null ? { operator: leaf.operator, required, context } : askedOf(computed, leaf, required, context);
  return { fact, asked, day: on, shortens, key, number: numberOf(key) };
};

/** The leaf's operator over what the fact's value comes to. */
const askedOf = (computed: Computed, { operator }: ReadyLeaf, required: Value, context: Asked['context']): Asked => ({
  operator: { ...operator, name: 'computed', evaluate: (actual, wanted, around) => operator.evaluate(computed.of(actual), wanted, around) },
  required,
  context,
  steps: () => {
    const steps = computed.steps();
    return steps === null
      ? null
      : { ...steps, answers: steps.values.map((worth) => answerOf(operator.evaluate(worth, required, context))) };
  },
});

/** `undefined`: not the same for every row, or not for every event. */
export const requiredOf = (leaf: ReadyLeaf, period: DecisionPeriod): Value | undefined => {
  const { operand } = leaf;
  if (operand.kind === 'literal') return operand.value;
  if (period.kind === 'per-event' || operand.kind === 'span') return undefined;
  if (operand.kind === 'fact') {
    if (operand.fact === 'period.end') return dateFromDay(period.end);
    return operand.fact === 'period.start' ? (period.start === null ? null : dateFromDay(period.start)) : undefined;
  }
  const base = operand.of === 'period.start' ? (period.start ?? period.end) : period.end;
  const from = dateFromDay(moveBack(base, operand.duration));
  return leaf.operator.name === 'withinLast'
    ? { kind: 'range', low: from, high: dateFromDay(base), lowClosed: true, highClosed: true }
    : from;
};

/** Leaves that are no question to one column on one day. */
export const openLeaves = (asking: Asking | null): readonly ReadyLeaf[] => {
  if (asking === null) return [];
  if (asking.kind === 'leaf') return asking.question === null ? [asking.leaf] : [];
  return (asking.kind === 'not' ? [asking.child] : asking.children).flatMap(openLeaves);
};
