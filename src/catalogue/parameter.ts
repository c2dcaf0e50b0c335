// Numbers that depend on region and day: minimum wage, 低保标准, quota ratios, and indexes of a region over time. The most specific region
// that has a value for the day wins; no value is no answer, never zero.
import type { Day } from '../base/day.ts';
import { parseDecimal, type Rational } from '../base/rational.ts';
import type { ExternalSeries, Parameter } from './catalogue.ts';
import type { TreeIndex } from './tree.ts';

export interface ParameterValue {
  readonly value: Rational;
  /** The region whose value it is; null: the whole country. */
  readonly region: string | null;
  readonly from: Day;
  readonly to: Day | null;
  readonly document: string | null;
}

/** null: nobody has published a value for this region and day. */
export const parameterAt = (parameter: Parameter, region: string | null, on: Day, divisions: TreeIndex): ParameterValue | null => {
  const valid = parameter.values.filter((v) => v.from <= on && (v.to === null || on < v.to));
  const winner = divisions.mostSpecific(
    region,
    valid.map((v) => v.region),
  );
  const found = winner === undefined ? undefined : valid.find((v) => v.region === winner);
  const value = found === undefined ? null : parseDecimal(found.value);
  if (found === undefined || value === null) return null;
  return { value, region: found.region, from: found.from, to: found.to, document: found.document ?? null };
};

export interface ExternalValue {
  readonly value: Rational;
  readonly region: string | null;
  readonly asOf: Day;
}

/** Of several values for one region and period the one known last counts. */
export const externalAt = (series: ExternalSeries, region: string | null, period: string, divisions: TreeIndex): ExternalValue | null => {
  const same = series.values.filter((v) => v.period === period);
  const winner = divisions.mostSpecific(
    region,
    same.map((v) => v.region),
  );
  if (winner === undefined) return null;
  const newest = same.filter((v) => v.region === winner).reduce((a, b) => (a.asOf >= b.asOf ? a : b));
  const value = parseDecimal(newest.value);
  return value === null ? null : { value, region: newest.region, asOf: newest.asOf };
};
