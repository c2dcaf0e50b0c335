// The operators of conditions, one table: what each is called, how it reads aloud, what it fits and what it says.
// Unknown gives null unless bounds decide; a known none (null) never satisfies a comparison, and always its negation.
import { compare, type Rational } from '../base/rational.ts';
import type { FeelType } from '../feel/type.ts';
import { type FeelDate, type FeelRange, isList, isNumber, isUncertain, isUnknown, type Value } from '../feel/value.ts';
import type { Truth } from './facts.ts';
import { foundIn } from './pattern.ts';

/** What an operator may ask of its surroundings. */
export interface OperatorContext {
  /** The tree of the fact's codes, for `within` and `notWithin`. */
  readonly tree: string | null;
  within(tree: string, code: string, ancestor: string): Truth;
}

/** What stands at `value`: one scalar, a list of scalars, one element of a set, code(s), a span, true/false, a duration, a pattern. */
export type OperandShape = 'one' | 'many' | 'element' | 'codes' | 'span' | 'flag' | 'duration' | 'pattern';

export interface Operator {
  readonly name: string;
  /** Chinese, `{fact}` and `{value}` filled in: 「{fact}等于{value}」. */
  readonly reading: string;
  readonly fits: readonly FeelType['kind'][];
  readonly operand: OperandShape;
  /** `required` is never of another shape than the check allowed; a duration arrives as the range or the day it means. */
  readonly evaluate: (actual: Value, required: Value, context: OperatorContext) => Truth;
}

export const negate = (t: Truth): Truth => (t === null ? null : !t);

/** Kleene or over what may be many; empty is false. */
const some = <T>(items: Iterable<T>, test: (item: T) => Truth): Truth => {
  let result: Truth = false;
  for (const item of items) {
    const t = test(item);
    if (t === true) return true;
    if (t === null) result = null;
  }
  return result;
};

/** Which of less, equal, greater are still possible between two values; `none` where a known none or a clash makes all false. */
type Relation = { readonly less: boolean; readonly same: boolean; readonly greater: boolean };
const none: Relation = { less: false, same: false, greater: false };
const all: Relation = { less: true, same: true, greater: true };
const relationOf = (order: number): Relation => ({ less: order < 0, same: order === 0, greater: order > 0 });

const dateOf = (v: Value): FeelDate | null => (v !== null && typeof v === 'object' && !isList(v) && v.kind === 'date' ? v : null);

/** Bounds of a number, known or not; undefined when it is neither. */
const boundsOf = (v: Value): { readonly low: Rational | null; readonly high: Rational | null } | undefined => {
  if (isNumber(v)) return { low: v, high: v };
  return isUnknown(v) ? v : undefined;
};

const relateNumbers = (a: Value, b: Value): Relation => {
  const [x, y] = [boundsOf(a), boundsOf(b)];
  if (x === undefined || y === undefined) return none;
  const before = (low: Rational | null, high: Rational | null): boolean => low === null || high === null || compare(low, high) < 0;
  const touches = (low: Rational | null, high: Rational | null): boolean => low === null || high === null || compare(low, high) <= 0;
  return { less: before(x.low, y.high), same: touches(x.low, y.high) && touches(y.low, x.high), greater: before(y.low, x.high) };
};

const relate = (a: Value, b: Value): Relation => {
  if (a === null || b === null) return none;
  if (isUnknown(a) || isUnknown(b)) {
    return boundsOf(a) !== undefined && boundsOf(b) !== undefined ? relateNumbers(a, b) : all;
  }
  const [x, y] = [dateOf(a), dateOf(b)];
  if (x !== null && y !== null) return relationOf(x.epochDay - y.epochDay);
  return relateNumbers(a, b);
};

/** True when only the wanted relations are possible, false when none of them is. */
const decided = (r: Relation, want: Relation): Truth => {
  const hit = (r.less && want.less) || (r.same && want.same) || (r.greater && want.greater);
  if (!hit) return false;
  const miss = (r.less && !want.less) || (r.same && !want.same) || (r.greater && !want.greater);
  return miss ? null : true;
};

const lessThan: Relation = { less: true, same: false, greater: false };
const atMost: Relation = { less: true, same: true, greater: false };
const greaterThan: Relation = { less: false, same: false, greater: true };
const atLeast: Relation = { less: false, same: true, greater: true };
const onlySame: Relation = { less: false, same: true, greater: false };

const ordered =
  (want: Relation) =>
  (actual: Value, required: Value): Truth =>
    decided(relate(actual, required), want);

const equal = (actual: Value, required: Value): Truth => {
  if (actual === null || required === null) return false;
  if (isUnknown(actual) || isUnknown(required)) return decided(relate(actual, required), onlySame);
  if (typeof actual === 'string' || typeof actual === 'boolean') return actual === required;
  return decided(relate(actual, required), onlySame);
};

/** `required` as the list of what is asked for; null when it is itself unknown. */
const listed = (required: Value): readonly Value[] | null => {
  if (isUnknown(required) || isUncertain(required)) return null;
  if (required === null) return [];
  return isList(required) ? required : [required];
};

const oneOf = (actual: Value, required: Value): Truth => {
  if (actual === null) return false;
  const wanted = listed(required);
  return wanted === null ? null : some(wanted, (w) => equal(actual, w));
};

/** A set holds the element: surely, possibly (an uncertain member), or not. */
const contains = (actual: Value, required: Value): Truth => {
  if (actual === null || required === null) return false;
  if (isUnknown(actual)) return null;
  if (isUncertain(actual)) {
    return some(actual.elements, (e) => {
      const same = equal(e.value, required);
      return same === true && !e.sure ? null : same;
    });
  }
  return isList(actual) ? some(actual, (e) => equal(e, required)) : equal(actual, required);
};

const intersects = (actual: Value, required: Value): Truth => {
  if (actual === null) return false;
  const wanted = listed(required);
  if (wanted === null) return isList(actual) && actual.length === 0 ? false : null;
  return some(wanted, (w) => contains(actual, w));
};

const between = (actual: Value, required: Value): Truth => {
  if (isUnknown(required)) return actual === null ? false : null;
  const r = required as FeelRange;
  const low = r.low === undefined ? undefined : decided(relate(actual, r.low), r.lowClosed ? atLeast : greaterThan);
  const high = r.high === undefined ? undefined : decided(relate(actual, r.high), r.highClosed ? atMost : lessThan);
  if (actual === null || low === false || high === false) return false;
  return low === null || high === null ? null : true;
};

const within = (actual: Value, required: Value, context: OperatorContext): Truth => {
  if (actual === null) return false;
  const { tree } = context;
  const ancestors = listed(required);
  if (ancestors === null || typeof actual !== 'string' || tree === null) return null;
  return some(ancestors, (a) => (typeof a === 'string' ? context.within(tree, actual, a) : null));
};

/** A set or list that is known and empty says the same as a known none. */
const absent = (actual: Value, required: Value): Truth => {
  if (isUnknown(actual)) return null;
  let none: Truth = actual === null;
  if (isUncertain(actual)) none = actual.elements.length === 0 ? true : actual.elements.some((e) => e.sure) ? false : null;
  else if (isList(actual)) none = actual.length === 0;
  return required === true ? none : negate(none);
};

const matches = (actual: Value, required: Value): Truth => {
  if (actual === null) return false;
  return typeof actual === 'string' && typeof required === 'string' ? foundIn(required, actual) : null;
};

const not =
  (test: Operator['evaluate']): Operator['evaluate'] =>
  (actual, required, context) =>
    negate(test(actual, required, context));

const scalar = ['number', 'boolean', 'string', 'code', 'date'] as const;
const numbers = ['number'] as const;
const dates = ['date'] as const;
/** Not a series: there is always a period nobody told of, so a rule must name the one it means (`value at`). */
const anything: readonly FeelType['kind'][] = [...scalar, 'list', 'record'];

/** Whether `actual` lies on or before the day that many years, months or days before the period's end: 「已满」 counts the day itself. */
const table: readonly Operator[] = [
  { name: 'equal', reading: '{fact}为{value}', fits: scalar, operand: 'one', evaluate: equal },
  { name: 'notEqual', reading: '{fact}不是{value}', fits: scalar, operand: 'one', evaluate: not(equal) },
  { name: 'in', reading: '{fact}为{value}之一', fits: scalar, operand: 'many', evaluate: oneOf },
  { name: 'notIn', reading: '{fact}不是{value}中任何一种', fits: scalar, operand: 'many', evaluate: not(oneOf) },
  { name: 'contains', reading: '{fact}包含{value}', fits: ['list'], operand: 'element', evaluate: contains },
  { name: 'doesNotContain', reading: '{fact}不包含{value}', fits: ['list'], operand: 'element', evaluate: not(contains) },
  { name: 'intersects', reading: '{fact}至少包含{value}之一', fits: ['list'], operand: 'many', evaluate: intersects },
  { name: 'disjoint', reading: '{fact}不含{value}中任何一种', fits: ['list'], operand: 'many', evaluate: not(intersects) },
  { name: 'lessThan', reading: '{fact}低于{value}', fits: numbers, operand: 'one', evaluate: ordered(lessThan) },
  { name: 'lessThanInclusive', reading: '{fact}不超过{value}', fits: numbers, operand: 'one', evaluate: ordered(atMost) },
  { name: 'greaterThan', reading: '{fact}超过{value}', fits: numbers, operand: 'one', evaluate: ordered(greaterThan) },
  { name: 'greaterThanInclusive', reading: '{fact}达到{value}', fits: numbers, operand: 'one', evaluate: ordered(atLeast) },
  { name: 'between', reading: '{fact}{value}', fits: ['number', 'date'], operand: 'span', evaluate: between },
  { name: 'within', reading: '{fact}属于{value}', fits: ['code'], operand: 'codes', evaluate: within },
  { name: 'notWithin', reading: '{fact}不属于{value}', fits: ['code'], operand: 'codes', evaluate: not(within) },
  { name: 'absent', reading: '{value}{fact}', fits: anything, operand: 'flag', evaluate: absent },
  { name: 'before', reading: '{fact}早于{value}', fits: dates, operand: 'one', evaluate: ordered(lessThan) },
  { name: 'after', reading: '{fact}晚于{value}', fits: dates, operand: 'one', evaluate: ordered(greaterThan) },
  { name: 'onOrBefore', reading: '{fact}不晚于{value}', fits: dates, operand: 'one', evaluate: ordered(atMost) },
  { name: 'onOrAfter', reading: '{fact}不早于{value}', fits: dates, operand: 'one', evaluate: ordered(atLeast) },
  { name: 'withinLast', reading: '{fact}在{value}之内', fits: dates, operand: 'duration', evaluate: between },
  { name: 'olderThan', reading: '{fact}到{value}', fits: dates, operand: 'duration', evaluate: ordered(atMost) },
  { name: 'matches', reading: '{fact}符合格式{value}', fits: ['string', 'code'], operand: 'pattern', evaluate: matches },
];

export const operators: ReadonlyMap<string, Operator> = new Map(table.map((o) => [o.name, o]));

const inMenus: Readonly<Record<string, string>> = {
  between: '在范围内',
  absent: '有没有',
  withinLast: '在最近…之内',
  olderThan: '已满…',
  in: '是其中之一',
  notIn: '不是其中任何一种',
  intersects: '至少包含其中之一',
  disjoint: '不含其中任何一种',
  matches: '符合格式',
};

/** An operator as a menu names it: its reading without the two sides. */
export const operatorLabel = ({ name, reading }: { readonly name: string; readonly reading: string }): string =>
  inMenus[name] ?? reading.replace('{fact}', '').replace('{value}', '');

/** For people who see menus and for those who write JSON. */
export const quoted = (operator: Operator): string => `“${operatorLabel(operator)}”（${operator.name}）`;
