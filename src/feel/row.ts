// A short way to write one row of the built-in table, and the little arithmetic many rows share.

import { fromInt, type Rational, toInt } from '../base/rational.ts';
import type { Builtin, Example } from './builtin.ts';
import { compareValues } from './compare.ts';
import type { Value } from './value.ts';

type Extras = Pick<Builtin, 'unknown' | 'type' | 'extra' | 'runIn'>;

export const row = (
  signature: string,
  zh: string,
  say: string,
  about: string,
  run: ((...args: never[]) => Value) | null,
  examples: readonly Example[],
  extras: Extras = {},
): Builtin => ({ signature, zh, say, about, examples, ...(run === null ? {} : { run }), ...extras });

export const int = (n: number): Rational => fromInt(n);

/** A whole number small enough to count with, or null. */
export const count = (r: Rational): number | null => toInt(r);

/** Code points: an emoji counts once. */
export const characters = (text: string): string[] => [...text];

export const smallest = (values: readonly Value[]): Value => extreme(values, '<');
export const largest = (values: readonly Value[]): Value => extreme(values, '>');

/** null for an empty list and for values without a common order. */
const extreme = (values: readonly Value[], operator: '<' | '>'): Value => {
  let best = values[0];
  if (best === undefined) return null;
  if (compareValues(best, best, '<=') !== true) return null;
  for (let i = 1; i < values.length; i++) {
    const better = compareValues(values[i] as Value, best, operator);
    if (typeof better !== 'boolean') return null;
    if (better) best = values[i] as Value;
  }
  return best;
};
