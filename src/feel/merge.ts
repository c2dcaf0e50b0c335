// What is left when a condition is unknown: the common value of both branches, their common bounds, or nothing but the missing facts.

import { compare, type Rational } from '../base/rational.ts';
import { equals, highOf, lowOf } from './compare.ts';
import { boundedUnknown, isList, missingOf, type Unknown, unknown, type Value } from './value.ts';

type Numeric = Rational | Unknown;

const isNumeric = (v: Value): v is Numeric =>
  v !== null &&
  typeof v === 'object' &&
  !isList(v) &&
  (v.kind === 'number' || (v.kind === 'unknown' && (v.low !== null || v.high !== null)));

const wider = (a: Rational | null, b: Rational | null, side: 1 | -1): Rational | null => {
  if (a === null || b === null) return null;
  return compare(a, b) === side ? a : b;
};

/** `if unknown then a else b`: a value only when both agree; numbers keep the bounds they share. */
export const mergeBranches = (condition: Unknown, a: Value, b: Value): Value => {
  if (a === b) return a;
  const missing = missingOf(condition, a, b);
  if (isNumeric(a) && isNumeric(b)) {
    if (a.kind === 'number' && b.kind === 'number' && compare(a, b) === 0) return a;
    return boundedUnknown(missing, wider(lowOf(a), lowOf(b), -1), wider(highOf(a), highOf(b), 1));
  }
  return missingOf(a, b).length === 0 && equals(a, b) === true ? a : unknown(...missing);
};
