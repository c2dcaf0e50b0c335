// Equality and order of values in three ways: true, false, null (not comparable) — or Unknown, when a missing fact decides.

import { compare as compareNumbers, equal as equalNumbers, type Rational } from '../base/rational.ts';
import type { ComparisonOperator } from './ast.ts';
import { instantOf, instantOfTime, isLocal } from './temporal.ts';
import {
  type Context,
  entryOf,
  type FeelDateTime,
  type FeelRange,
  type FeelTime,
  isList,
  type Unknown,
  unknown,
  type Value,
} from './value.ts';

export type Truth = boolean | null | Unknown;

export const isUnknownTruth = (t: Truth): t is Unknown => t !== null && typeof t === 'object';

/** Two unknowns make one that misses what both miss; bounds are the caller's. */
export const missingBoth = (a: Unknown, b: Unknown): Unknown => (a === b ? unknown(...a.missing) : unknown(...a.missing, ...b.missing));

export const without = (u: Unknown): Unknown => (u.low === null && u.high === null ? u : unknown(...u.missing));

/** Kleene; whatever is neither true, false nor unknown counts as null. */
export const and = (a: Truth, b: Truth): Truth => {
  if (a === false || b === false) return false;
  if (isUnknownTruth(a)) return isUnknownTruth(b) ? missingBoth(a, b) : without(a);
  if (isUnknownTruth(b)) return without(b);
  return a === null || b === null ? null : true;
};

export const or = (a: Truth, b: Truth): Truth => {
  if (a === true || b === true) return true;
  if (isUnknownTruth(a)) return isUnknownTruth(b) ? missingBoth(a, b) : without(a);
  if (isUnknownTruth(b)) return without(b);
  return a === null || b === null ? null : false;
};

export const not = (a: Truth): Truth => (typeof a === 'boolean' ? !a : a === null ? null : without(a));

/** A value where a truth is wanted: a bounded unknown is a number and so never true or false. */
export const truthOf = (v: Value): Truth => {
  if (typeof v === 'boolean') return v;
  if (v === null || typeof v !== 'object' || isList(v) || v.kind !== 'unknown') return null;
  return v.low === null && v.high === null ? v : null;
};

const orderOf = <T extends number | bigint | string>(a: T, b: T): -1 | 0 | 1 => (a < b ? -1 : a > b ? 1 : 0);

/** Code points, not UTF-16 units; equal on everything the Basic Plane holds. */
const orderText = (a: string, b: string): -1 | 0 | 1 => orderOf(a, b);

const orderDateTimes = (a: FeelDateTime, b: FeelDateTime): -1 | 0 | 1 | null =>
  isLocal(a) === isLocal(b) ? orderOf(instantOf(a), instantOf(b)) : null;

const orderTimes = (a: FeelTime, b: FeelTime): -1 | 0 | 1 | null =>
  isLocal(a) === isLocal(b) ? orderOf(instantOfTime(a), instantOfTime(b)) : null;

/** -1, 0, 1, or null when the two have no common order. Unknowns are the caller's. */
export const order = (a: Value, b: Value): -1 | 0 | 1 | null => {
  if (typeof a === 'string') return typeof b === 'string' ? orderText(a, b) : null;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object' || isList(a) || isList(b)) return null;
  if (a.kind === 'number') return b.kind === 'number' ? compareNumbers(a, b) : null;
  if (a.kind === 'date') return b.kind === 'date' ? orderOf(a.epochDay, b.epochDay) : null;
  if (a.kind === 'dateTime') return b.kind === 'dateTime' ? orderDateTimes(a, b) : null;
  if (a.kind === 'time') return b.kind === 'time' ? orderTimes(a, b) : null;
  if (a.kind === 'ymDuration') return b.kind === 'ymDuration' ? orderOf(a.months, b.months) : null;
  if (a.kind === 'dtDuration') return b.kind === 'dtDuration' ? orderOf(a.nanos, b.nanos) : null;
  return null;
};

const equalLists = (a: readonly Value[], b: readonly Value[]): Truth => {
  if (a.length !== b.length) return false;
  let result: Truth = true;
  for (let i = 0; i < a.length; i++) {
    const same = equalInside(a[i] as Value, b[i] as Value);
    if (same === false) return false;
    result = and(result, same);
  }
  return result;
};

/** Inside a list or record, what cannot be compared is simply different. */
const equalInside = (a: Value, b: Value): Truth => {
  const same = equals(a, b);
  return same === null ? false : same;
};

const equalRanges = (a: FeelRange, b: FeelRange): Truth => {
  if (a.lowClosed !== b.lowClosed || a.highClosed !== b.highClosed || a.test !== b.test) return false;
  const end = (x: Value | undefined, y: Value | undefined): Truth => (x === undefined || y === undefined ? x === y : equalInside(x, y));
  return and(end(a.low, b.low), end(a.high, b.high));
};

const equalContexts = (a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): Truth => {
  if (a.size !== b.size) return false;
  let result: Truth = true;
  for (const [key, x] of a) {
    const y = b.get(key);
    if (y === undefined) return false;
    const same = equalInside(x, y);
    if (same === false) return false;
    result = and(result, same);
  }
  return result;
};

/** Open series are surely different where they say different things, and never surely the same; undefined: neither is open. */
const openEquals = (a: Context, b: Context): Truth | undefined => {
  const open = [a.open, b.open].filter((name) => name !== undefined);
  if (open.length === 0) return undefined;
  const shared = [...new Set([...a.entries.keys(), ...b.entries.keys()])];
  return shared.some((key) => equalInside(entryOf(a, key), entryOf(b, key)) === false) ? false : unknown(...open);
};

const outside = (u: Unknown, n: Rational): boolean =>
  (u.low !== null && compareNumbers(n, u.low) < 0) || (u.high !== null && compareNumbers(n, u.high) > 0);

export const lowOf = (v: Unknown | Rational): Rational | null => (v.kind === 'number' ? v : v.low);
export const highOf = (v: Unknown | Rational): Rational | null => (v.kind === 'number' ? v : v.high);

const apart = (a: Unknown | Rational, b: Unknown | Rational): boolean => {
  const [al, ah, bl, bh] = [lowOf(a), highOf(a), lowOf(b), highOf(b)];
  return (ah !== null && bl !== null && compareNumbers(ah, bl) < 0) || (bh !== null && al !== null && compareNumbers(bh, al) < 0);
};

/** A bounded unknown is surely a number: whoever compares it with text knows the answer already. */
const isBounded = (u: Unknown): boolean => u.low !== null || u.high !== null;

const equalsUnknown = (u: Unknown, other: Value): Truth => {
  if (other === null || typeof other !== 'object' || isList(other)) {
    if (!isBounded(u)) return u;
    return other === null ? false : null;
  }
  if (other.kind === 'unknown') return apart(u, other) ? false : missingBoth(u, other);
  if (other.kind === 'uncertainList') return isBounded(u) ? null : unknown(...u.missing, ...other.missing);
  if (other.kind === 'number') return outside(u, other) ? false : without(u);
  return isBounded(u) ? null : u;
};

/** FEEL `=`: null equals only null; different types give null. */
export const equals = (a: Value, b: Value): Truth => {
  if (typeof a === 'object' && a !== null && !isList(a)) {
    if (a.kind === 'unknown') return equalsUnknown(a, b);
    if (a.kind === 'number' && typeof b === 'object' && b !== null && !isList(b) && b.kind === 'number') return equalNumbers(a, b);
  }
  if (typeof b === 'object' && b !== null && !isList(b) && b.kind === 'unknown') return equalsUnknown(b, a);
  if (a === null || b === null) return a === b;
  if (typeof a !== 'object' || typeof b !== 'object') return typeof a === typeof b ? a === b : null;
  if (isList(a)) return isList(b) ? equalLists(a, b) : uncertain(a, b);
  if (isList(b)) return uncertain(b, a);
  if (a.kind === 'context') return b.kind === 'context' ? (openEquals(a, b) ?? equalContexts(a.entries, b.entries)) : null;
  if (a.kind === 'range') return b.kind === 'range' ? equalRanges(a, b) : null;
  if (a.kind === 'uncertainList' || b.kind === 'uncertainList') return uncertain(a, b);
  const o = order(a, b);
  return o === null ? null : o === 0;
};

const uncertain = (a: Value, b: Value): Truth => {
  const missing: string[] = [];
  for (const v of [a, b]) {
    if (v !== null && typeof v === 'object' && !isList(v)) {
      if (v.kind === 'uncertainList') missing.push(...v.missing);
      else return null;
    }
  }
  return missing.length > 0 ? unknown(...missing) : null;
};

const holds = (o: -1 | 0 | 1, operator: '<' | '<=' | '>' | '>='): boolean => {
  switch (operator) {
    case '<':
      return o < 0;
    case '<=':
      return o <= 0;
    case '>':
      return o > 0;
    case '>=':
      return o >= 0;
  }
};

/** `a < b` where at least one side is unknown: decided when the bounds do not meet. */
const boundedOrder = (a: Unknown | Rational, b: Unknown | Rational, operator: '<' | '<=' | '>' | '>='): boolean | undefined => {
  if (operator === '>' || operator === '>=') return boundedOrder(b, a, operator === '>' ? '<' : '<=');
  const strict = operator === '<';
  const [ah, bl, al, bh] = [highOf(a), lowOf(b), lowOf(a), highOf(b)];
  if (ah !== null && bl !== null && (strict ? compareNumbers(ah, bl) < 0 : compareNumbers(ah, bl) <= 0)) return true;
  if (al !== null && bh !== null && (strict ? compareNumbers(al, bh) >= 0 : compareNumbers(al, bh) > 0)) return false;
  return undefined;
};

const hasOrder = (v: Value): boolean =>
  typeof v === 'string' ||
  (v !== null &&
    typeof v === 'object' &&
    !isList(v) &&
    ['number', 'date', 'time', 'dateTime', 'ymDuration', 'dtDuration'].includes(v.kind));

const compareUnknown = (a: Value, b: Value, operator: '<' | '<=' | '>' | '>='): Truth => {
  const isU = (v: Value): v is Unknown => v !== null && typeof v === 'object' && !isList(v) && v.kind === 'unknown';
  const isN = (v: Value): v is Rational => v !== null && typeof v === 'object' && !isList(v) && v.kind === 'number';
  const numeric = (v: Value): boolean => isN(v) || (isU(v) && isBounded(v));
  if ((isU(a) || isN(a)) && (isU(b) || isN(b))) {
    const decided = numeric(a) && numeric(b) ? boundedOrder(a, b, operator) : undefined;
    if (decided !== undefined) return decided;
    return unknown(...(isU(a) ? a.missing : []), ...(isU(b) ? b.missing : []));
  }
  const [u, other] = isU(a) ? [a, b] : [b as Unknown, a];
  // Null, a truth value, a list: no missing fact can make that comparison anything but null.
  return hasOrder(other) && !isBounded(u) ? u : null;
};

const isUnknownValue = (v: Value): boolean => v !== null && typeof v === 'object' && !isList(v) && v.kind === 'unknown';

export const compareValues = (a: Value, b: Value, operator: ComparisonOperator): Truth => {
  if (operator === '=') return equals(a, b);
  if (operator === '!=') return not(equals(a, b));
  if (isUnknownValue(a) || isUnknownValue(b)) return compareUnknown(a, b, operator);
  const o = order(a, b);
  return o === null ? null : holds(o, operator);
};

/** Is the value inside? Open ends (`undefined`) hold for everything. */
export const inRange = (v: Value, r: FeelRange): Truth => {
  if (r.test !== undefined) return compareValues(v, r.low ?? null, r.test);
  const low = r.low === undefined ? true : compareValues(v, r.low, r.lowClosed ? '>=' : '>');
  if (low === false) return false;
  return and(low, r.high === undefined ? true : compareValues(v, r.high, r.highClosed ? '<=' : '<'));
};
