// Counting, adding and choosing over lists of which some elements, or some values, are unknown: sure answers and bounds.

import { add, compare, fromInt, greatest, least, type Rational, zero } from '../base/rational.ts';
import { and, equals, highOf, isUnknownTruth, lowOf, or, type Truth, truthOf } from './compare.ts';
import { largest, smallest } from './row.ts';
import { elementsOf } from './select.ts';
import { boundedUnknown, isList, isUncertain, isUnknown, type Maybe, missingOf, type Unknown, unknown, type Value } from './value.ts';

type Numeric = Rational | Unknown;

const isNumeric = (v: Value): v is Numeric =>
  v !== null &&
  typeof v === 'object' &&
  !isList(v) &&
  (v.kind === 'number' || (v.kind === 'unknown' && (v.low !== null || v.high !== null)));

export const countOf = (list: Value): Value => {
  if (isUnknown(list)) return unknown(...list.missing);
  if (isList(list)) return fromInt(list.length);
  const elements = elementsOf(list) ?? [];
  const sure = elements.filter((e) => e.sure).length;
  return boundedUnknown(missingOf(list), fromInt(sure), fromInt(elements.length));
};

const total = (ends: readonly (Rational | null)[]): Rational | null => {
  let sum = zero;
  for (const e of ends) {
    if (e === null) return null;
    sum = add(sum, e);
  }
  return sum;
};

const noMoreThanZero = (r: Rational | null): Rational | null => (r === null ? null : least(r, zero));
const noLessThanZero = (r: Rational | null): Rational | null => (r === null ? null : greatest(r, zero));

/** Is there an element that surely belongs and surely is no such value? Then no missing fact can save the answer. */
const surelyWrong = (elements: readonly Maybe[], right: (v: Value) => boolean): boolean =>
  elements.some((e) => e.sure && !isUnknown(e.value) && !right(e.value));

/** The empty list's sum is null (FEEL), so bounds need one element that surely belongs. */
export const sumOf = (list: Value): Value => {
  const elements = elementsOf(list);
  if (elements === undefined) return unknown(...missingOf(list));
  if (elements.length === 0) return null;
  if (surelyWrong(elements, isNumeric)) return null;
  if (isList(list) && elements.every((e) => isNumeric(e.value) && e.value.kind === 'number'))
    return total(elements.map((e) => e.value as Rational));
  const missing = missingOf(list);
  if (!elements.every((e) => isNumeric(e.value)) || !elements.some((e) => e.sure)) return unknown(...missing);
  const low = total(elements.map((e) => (e.sure ? lowOf(e.value as Numeric) : noMoreThanZero(lowOf(e.value as Numeric)))));
  const high = total(elements.map((e) => (e.sure ? highOf(e.value as Numeric) : noLessThanZero(highOf(e.value as Numeric)))));
  if (low !== null && high !== null && compare(low, high) === 0) return low;
  return boundedUnknown(missing, low, high);
};

const boundsOfExtreme = (elements: readonly Maybe[], least_: boolean): [Rational | null, Rational | null] => {
  const pick = least_ ? least : greatest;
  const near = least_ ? highOf : lowOf;
  const far = least_ ? lowOf : highOf;
  // The surely present elements bound one side; every element that may be there bounds the other.
  const sureEnds = elements
    .filter((e) => e.sure)
    .map((e) => near(e.value as Numeric))
    .filter((r) => r !== null);
  const allEnds = elements.map((e) => far(e.value as Numeric));
  const inner = sureEnds.length > 0 ? sureEnds.reduce(pick) : null;
  const outer = allEnds.every((r) => r !== null) ? allEnds.reduce((a, b) => pick(a as Rational, b as Rational)) : null;
  return least_ ? [outer as Rational | null, inner] : [inner, outer as Rational | null];
};

/** min and max. A sure element that beats every possible one decides; numbers otherwise keep bounds. */
export const extremeOf = (list: Value, kind: 'min' | 'max'): Value => {
  const elements = elementsOf(list);
  if (elements === undefined) return unknown(...missingOf(list));
  const choose = kind === 'min' ? smallest : largest;
  const values = elements.map((e) => e.value);
  const missing = missingOf(...values, ...(isUncertain(list) ? [list] : []));
  if (missing.length === 0) return choose(values);
  if (surelyWrong(elements, (v) => choose([v]) !== null)) return null;
  if (!values.some(isUnknown)) {
    const sure = choose(elements.filter((e) => e.sure).map((e) => e.value));
    const all = choose(values);
    if (sure !== null && all !== null && equals(sure, all) === true) return sure;
  }
  if (!values.every(isNumeric) || !elements.some((e) => e.sure)) return unknown(...missing);
  const [low, high] = boundsOfExtreme(elements, kind === 'min');
  if (low !== null && high !== null && compare(low, high) === 0) return low;
  return low === null && high === null ? unknown(...missing) : boundedUnknown(missing, low, high);
};

/** A truth about an element that may not belong counts only as far as it changes nothing. */
const weigh = (t: Truth, e: Maybe, neutral: boolean, missing: readonly string[]): Truth =>
  e.sure || t === neutral ? t : unknown(...missing, ...(isUnknownTruth(t) ? t.missing : []));

const fold = (list: Value, test: (v: Value) => Truth, kind: 'all' | 'any'): Truth => {
  const elements = elementsOf(list);
  if (elements === undefined) return unknown(...missingOf(list));
  const missing = isUncertain(list) ? list.missing : [];
  const [start, join] = kind === 'all' ? ([true, and] as const) : ([false, or] as const);
  let result: Truth = start;
  for (const e of elements) result = join(result, weigh(test(e.value), e, start, missing));
  return result;
};

export const allOf = (list: Value): Truth => fold(list, truthOf, 'all');
export const anyOf = (list: Value): Truth => fold(list, truthOf, 'any');
export const containsOf = (list: Value, wanted: Value): Truth => fold(list, (v) => equals(v, wanted) ?? false, 'any');
/** Is there an element in both? */
export const intersectsOf = (a: Value, b: Value): Truth =>
  isUnknown(b) ? unknown(...missingOf(a, b)) : fold(a, (v) => containsOf(b, v), 'any');
/** Is every element of `parts` in `list`? */
export const containsAllOf = (list: Value, parts: Value): Truth =>
  isUnknown(list) ? unknown(...missingOf(list, parts)) : fold(parts, (v) => containsOf(list, v), 'all');
