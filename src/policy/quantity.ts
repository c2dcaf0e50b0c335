// A figure that may be known only within bounds: [low, high], high null where nothing bounds it. Amounts are never negative.
import { compare, equal, greatest, least, mul, type Rational, zero } from '../base/rational.ts';
import type { Missing } from '../rule/facts.ts';

export interface Quantity {
  readonly low: Rational;
  readonly high: Rational | null;
  /** What would settle it; meaningless once low equals high. */
  readonly missing: readonly Missing[];
}

export const known = (value: Rational): Quantity => ({ low: value, high: value, missing: [] });
export const span = (low: Rational, high: Rational | null, missing: readonly Missing[]): Quantity => ({ low, high, missing });
export const isKnown = (q: Quantity): boolean => q.high !== null && equal(q.low, q.high);

/** Both factors at 0 or above. */
export const multiply = (a: Quantity, b: Quantity): Quantity => {
  const [x, y] = [greatest(a.low, zero), greatest(b.low, zero)];
  const nothing = (q: Quantity): boolean => q.high !== null && q.high.num <= 0n;
  const high = nothing(a) || nothing(b) ? zero : a.high === null || b.high === null ? null : mul(a.high, b.high);
  return { low: mul(x, y), high, missing: [...a.missing, ...b.missing] };
};

export const capOf = (q: Quantity, cap: Quantity): Quantity => ({
  low: least(q.low, cap.low),
  high: q.high === null ? cap.high : cap.high === null ? q.high : least(q.high, cap.high),
  missing: [...q.missing, ...cap.missing],
});

export const raise = (q: Quantity, floor: Quantity): Quantity => ({
  low: greatest(q.low, floor.low),
  high: q.high === null || floor.high === null ? null : greatest(q.high, floor.high),
  missing: [...q.missing, ...floor.missing],
});

/** Everything the figure may be, given that it is one of these. */
export const hullOf = (candidates: readonly Quantity[]): Quantity => {
  const [first, ...rest] = candidates;
  if (first === undefined) return known(zero);
  return rest.reduce(
    (a, b) => ({
      low: compare(a.low, b.low) <= 0 ? a.low : b.low,
      high: a.high === null || b.high === null ? null : greatest(a.high, b.high),
      missing: [...a.missing, ...b.missing],
    }),
    first,
  );
};
