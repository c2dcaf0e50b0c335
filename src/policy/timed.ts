// How a fact that changes over time stands in an example: a list of values with the days they held.
import { isObject } from '../rule/literal.ts';

/** `[{ "value": …, "from": "2020-01-01", "to": null }]`, `[from, to)`; everything else is one value that held throughout. */
export const isTimedValue = (v: unknown): v is readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(v) &&
  v.length > 0 &&
  v.every((e) => isObject(e) && Object.hasOwn(e, 'value') && Object.keys(e).every((k) => ['value', 'from', 'to'].includes(k)));
