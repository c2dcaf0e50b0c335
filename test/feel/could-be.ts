// The one question of every test of the unknown: could this answer, given with facts missing, have become that one?

import { compare } from '../../src/base/rational.ts';
import { formatValue } from '../../src/feel/format.ts';
import { isContext, isList, isNumber, isUncertain, isUnknown, type Value } from '../../src/feel/value.ts';

/** Could `open` have become `full`? */
export const couldBe = (open: Value, full: Value): boolean => {
  if (isUnknown(open)) {
    if (open.low === null && open.high === null) return true;
    if (!isNumber(full)) return false;
    return (open.low === null || compare(open.low, full) <= 0) && (open.high === null || compare(full, open.high) <= 0);
  }
  if (isUncertain(open)) return isList(full) && couldSelect(open.elements, full);
  if (isList(open)) return isList(full) && open.length === full.length && open.every((e, i) => couldBe(e, full[i] as Value));
  if (isContext(open)) {
    return (
      isContext(full) &&
      open.entries.size === full.entries.size &&
      [...open.entries].every(([k, v]) => couldBe(v, full.entries.get(k) ?? null))
    );
  }
  return formatValue(open) === formatValue(full);
};

/** Every sure element is there, in order, and nothing else but possible ones. */
const couldSelect = (elements: readonly { readonly value: Value; readonly sure: boolean }[], full: readonly Value[]): boolean => {
  const [first, ...rest] = elements;
  if (first === undefined) return full.length === 0;
  const [head, ...tail] = full;
  const taken = head !== undefined && couldBe(first.value, head) && couldSelect(rest, tail);
  return taken || (!first.sure && couldSelect(rest, full));
};
