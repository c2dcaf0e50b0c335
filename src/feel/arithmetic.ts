// + - * / ** and negation over every pair of FEEL types. Wrong types give null, unknown operands an unknown with what bounds are sure.

import {
  add,
  compare,
  div,
  fromBigint,
  greatest,
  least,
  mul,
  NumberOverflow,
  neg,
  pow,
  type Rational,
  sub,
  zero,
} from '../base/rational.ts';
import type { BinaryOperator } from './ast.ts';
import { highOf, lowOf } from './compare.ts';
import { dayTime, nanosOf, scaleDayTime, scaleYearMonth, yearMonth } from './duration.ts';
import { sized } from './frame.ts';
import { instantOf, instantOfTime, isLocal, midnightUtc, moveDate, moveDateTime, moveTime } from './temporal.ts';
import { boundedUnknown, type FeelDate, type FeelDateTime, isList, type Unknown, unknown, type Value } from './value.ts';

const months = (r: Rational): Rational => r;

const addValues = (a: Value, b: Value): Value => {
  if (typeof a === 'string') return typeof b === 'string' ? sized(a + b) : null;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object' || isList(a) || isList(b)) return null;
  switch (a.kind) {
    case 'number':
      return b.kind === 'number' ? add(a, b) : null;
    case 'date':
      return b.kind === 'ymDuration' || b.kind === 'dtDuration' ? moveDate(a, b) : null;
    case 'dateTime':
      return b.kind === 'ymDuration' || b.kind === 'dtDuration' ? moveDateTime(a, b) : null;
    case 'time':
      return b.kind === 'dtDuration' ? moveTime(a, b) : null;
    case 'ymDuration':
      if (b.kind === 'ymDuration') return yearMonth(a.months + b.months);
      return b.kind === 'date' || b.kind === 'dateTime' ? addValues(b, a) : null;
    case 'dtDuration':
      if (b.kind === 'dtDuration') return dayTime(a.nanos + b.nanos);
      return b.kind === 'date' || b.kind === 'dateTime' || b.kind === 'time' ? addValues(b, a) : null;
    default:
      return null;
  }
};

/** A date beside a zoned date-time is midnight UTC; a local date-time has no instant to subtract from a zoned one. */
const subtractMoments = (a: FeelDate | FeelDateTime, b: FeelDate | FeelDateTime): Value => {
  const x = a.kind === 'date' ? midnightUtc(a) : a;
  const y = b.kind === 'date' ? midnightUtc(b) : b;
  return isLocal(x) === isLocal(y) ? dayTime(instantOf(x) - instantOf(y)) : null;
};

const negated = (v: Value): Value => {
  if (v === null || typeof v !== 'object' || isList(v)) return null;
  if (v.kind === 'number') return neg(v);
  if (v.kind === 'ymDuration') return yearMonth(-v.months || 0);
  return v.kind === 'dtDuration' ? dayTime(-v.nanos) : null;
};

const subValues = (a: Value, b: Value): Value => {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object' || isList(a) || isList(b)) return null;
  if (a.kind === 'number') return b.kind === 'number' ? sub(a, b) : null;
  if ((a.kind === 'date' || a.kind === 'dateTime') && (b.kind === 'date' || b.kind === 'dateTime')) return subtractMoments(a, b);
  if (a.kind === 'time' && b.kind === 'time')
    return isLocal(a) === isLocal(b) ? dayTime(BigInt(instantOfTime(a) - instantOfTime(b))) : null;
  // duration − date has no meaning, although duration + date has.
  const moments = b.kind === 'ymDuration' || b.kind === 'dtDuration';
  return moments ? addValues(a, negated(b)) : null;
};

const mulValues = (a: Value, b: Value): Value => {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object' || isList(a) || isList(b)) return null;
  if (a.kind === 'number') {
    if (b.kind === 'number') return mul(a, b);
    if (b.kind === 'ymDuration') return scaleYearMonth(mul(months(fromBigint(BigInt(b.months))), a));
    return b.kind === 'dtDuration' ? scaleDayTime(mul(nanosOf(b), a)) : null;
  }
  return b.kind === 'number' && (a.kind === 'ymDuration' || a.kind === 'dtDuration') ? mulValues(b, a) : null;
};

const scaled = <T>(r: Rational | null, f: (r: Rational) => T): T | null => (r === null ? null : f(r));

const divValues = (a: Value, b: Value): Value => {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object' || isList(a) || isList(b)) return null;
  if (a.kind === 'number') return b.kind === 'number' ? div(a, b) : null;
  if (a.kind === 'ymDuration') {
    const total = fromBigint(BigInt(a.months));
    if (b.kind === 'ymDuration') return div(total, fromBigint(BigInt(b.months)));
    return b.kind === 'number' ? scaled(div(total, b), scaleYearMonth) : null;
  }
  if (a.kind !== 'dtDuration') return null;
  if (b.kind === 'dtDuration') return div(nanosOf(a), nanosOf(b));
  return b.kind === 'number' ? scaled(div(nanosOf(a), b), scaleDayTime) : null;
};

const powValues = (a: Value, b: Value): Value => {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object' || isList(a) || isList(b)) return null;
  return a.kind === 'number' && b.kind === 'number' ? pow(a, b) : null;
};

// ── the unknown ──────────────────────────────────────────────────────────────────────────────────────────────────────
type Numeric = Unknown | Rational;

const addBound = (a: Rational | null, b: Rational | null, f: (x: Rational, y: Rational) => Rational): Rational | null =>
  a === null || b === null ? null : f(a, b);

/** Multiplication keeps bounds when one side is known: the sign tells which end is which. */
const scaleBounds = (u: Numeric, k: Rational): [Rational | null, Rational | null] => {
  const [low, high] = [lowOf(u), highOf(u)];
  const at = (r: Rational | null): Rational | null => (r === null ? null : mul(r, k));
  if (compare(k, zero) === 0) return [zero, zero];
  return compare(k, zero) > 0 ? [at(low), at(high)] : [at(high), at(low)];
};

/** Both sides bounded on all four ends: the products' extremes. */
const productBounds = (a: Numeric, b: Numeric): [Rational | null, Rational | null] => {
  const ends = [lowOf(a), highOf(a)].flatMap((x) => [lowOf(b), highOf(b)].map((y) => addBound(x, y, mul)));
  const known = ends.filter((e) => e !== null);
  return known.length === 4 ? [known.reduce(least), known.reduce(greatest)] : [null, null];
};

const boundsOf = (operator: BinaryOperator, a: Numeric, b: Numeric): [Rational | null, Rational | null] => {
  switch (operator) {
    case '+':
      return [addBound(lowOf(a), lowOf(b), add), addBound(highOf(a), highOf(b), add)];
    case '-':
      return [addBound(lowOf(a), highOf(b), sub), addBound(highOf(a), lowOf(b), sub)];
    case '*':
      if (a.kind === 'number') return scaleBounds(b, a);
      return b.kind === 'number' ? scaleBounds(a, b) : productBounds(a, b);
    case '/': {
      if (b.kind !== 'number') return [null, null];
      const inverse = div(fromBigint(1n), b);
      return inverse === null ? [null, null] : scaleBounds(a, inverse);
    }
    case '**':
      return [null, null];
  }
};

const isUnknown = (v: Value): v is Unknown => v !== null && typeof v === 'object' && !isList(v) && v.kind === 'unknown';

/** Bounds mean "surely a number": only then may arithmetic with a known number be bounded too. */
const isNumeric = (v: Value): v is Numeric =>
  v !== null &&
  typeof v === 'object' &&
  !isList(v) &&
  (v.kind === 'number' || (v.kind === 'unknown' && (v.low !== null || v.high !== null)));

/** Can this known value take part at all? null + x is null whatever x turns out to be. */
const canTakePart = (v: Value, operator: BinaryOperator): boolean => {
  if (v === null || typeof v === 'boolean') return false;
  if (typeof v === 'string') return operator === '+';
  if (isList(v)) return false;
  if (v.kind === 'unknown' || v.kind === 'number') return true;
  if (v.kind === 'date' || v.kind === 'dateTime' || v.kind === 'time') return operator === '+' || operator === '-';
  return (v.kind === 'ymDuration' || v.kind === 'dtDuration') && operator !== '**';
};

/** `x * 0` with x unknown stays unknown: x may turn out to be null. With x surely a number (bounded) it is 0. */
const unknownArithmetic = (operator: BinaryOperator, a: Value, b: Value): Value => {
  if (!canTakePart(a, operator) || !canTakePart(b, operator)) return null;
  const missing = [...(isUnknown(a) ? a.missing : []), ...(isUnknown(b) ? b.missing : [])];
  if (!isNumeric(a) || !isNumeric(b)) return unknown(...missing);
  if (operator === '/' && b.kind === 'number' && b.num === 0n) return null;
  const [low, high] = boundsOf(operator, a, b);
  if (low !== null && high !== null && compare(low, high) === 0) return low;
  return boundedUnknown(missing, low, high);
};

const table: Record<BinaryOperator, (a: Value, b: Value) => Value> = {
  '+': addValues,
  '-': subValues,
  '*': mulValues,
  '/': divValues,
  '**': powValues,
};

/** Total: overflow, wrong types and division by zero are null. */
export const arithmetic = (operator: BinaryOperator, a: Value, b: Value): Value => {
  try {
    return isUnknown(a) || isUnknown(b) ? unknownArithmetic(operator, a, b) : table[operator](a, b);
  } catch (e) {
    if (e instanceof NumberOverflow || e instanceof RangeError) return null;
    throw e;
  }
};

export const negate = (v: Value): Value => {
  if (!isUnknown(v)) return negated(v);
  if (v.low === null && v.high === null) return v;
  return boundedUnknown(v.missing, v.high === null ? null : neg(v.high), v.low === null ? null : neg(v.low));
};
