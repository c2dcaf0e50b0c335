// `in` and the ranges it asks: members of lists, ends of intervals, unary tests.

import { compareValues, equals, inRange, or, type Truth } from './compare.ts';
import { isList, isUncertain, isUnknown, missingOf, unknown, type Value } from './value.ts';

/** One test after `in`: a list holds its members, a range what lies in it, anything else what equals it. */
export const member = (v: Value, test: Value): Truth => {
  if (isUnknown(test)) return test;
  if (isUncertain(test)) {
    let result: Truth = false;
    for (const e of test.elements) {
      const t = memberOfList(v, e.value);
      result = or(result, e.sure || t === false ? t : unknown(...test.missing));
    }
    return result;
  }
  if (isList(test)) {
    let result: Truth = equals(v, test) ?? false;
    for (const e of test) result = or(result, memberOfList(v, e));
    return result;
  }
  return memberOfList(v, test);
};

const memberOfList = (v: Value, e: Value): Truth => {
  const t = e !== null && typeof e === 'object' && !isList(e) && e.kind === 'range' ? inRange(v, e) : equals(v, e);
  return t === null ? false : t;
};

/** An end below the start, or ends of two kinds, make no range. */
export const rangeValue = (low: Value, high: Value, lowClosed: boolean, highClosed: boolean): Value => {
  if (isUnknown(low) || isUnknown(high)) return unknown(...missingOf(low, high));
  if (low === null && high === null) return null;
  if (low !== null && high !== null && compareValues(low, high, '<=') !== true) return null;
  return { kind: 'range', low, high, lowClosed, highClosed };
};

export const testValue = (operator: string, v: Value): Value => {
  if (isUnknown(v)) return v;
  switch (operator) {
    case '=':
    case '!=':
      return { kind: 'range', low: v, high: undefined, lowClosed: true, highClosed: false, test: operator };
    case '<':
    case '<=':
      return { kind: 'range', low: undefined, high: v, lowClosed: false, highClosed: operator === '<=' };
    default:
      return { kind: 'range', low: v, high: undefined, lowClosed: operator === '>=', highClosed: false };
  }
};
