// House built-ins over time series (period key → number): growth, averages, first and latest periods.
// Of a delivered series a period is a value, null (checked, none) or, left out, unknown; a series written in an expression has nothing else.
// What needs an unknown period is unknown, unless the others decide already.

import { add, compare, div, fromInt, one, pow, type Rational, ratio, sub } from '../base/rational.ts';
import type { Builtin } from './builtin.ts';
import { keyOf, shiftKey } from './builtins-day.ts';
import { and, compareValues, type Truth } from './compare.ts';
import { count, row } from './row.ts';
import type { FeelType } from './type.ts';
import { number, unitOf } from './units.ts';
import { type Context, entryOf, isNumber, isUnknown, missingOf, unknown, type Value } from './value.ts';

type Period = string | Rational;

/** Longer spans are a mistake in a key, not a policy. */
const maxPeriods = 1_200;

const at = (series: Context, key: string | null): Value => (key === null ? null : entryOf(series, key));

const valueAt = (series: Context, period: Period): Value => at(series, keyOf(period));

/** The numbers themselves, or what stands in their way: an unknown, or null when one is not there. */
const numbersOf = (values: readonly Value[]): readonly Rational[] | Value => {
  const missing = missingOf(...values.filter(isUnknown));
  if (values.some((v) => !isUnknown(v) && !isNumber(v))) return null;
  return missing.length > 0 ? unknown(...missing) : (values as readonly Rational[]);
};

const withNumbers = (values: readonly Value[], compute: (...ns: readonly Rational[]) => Value): Value => {
  const ns = numbersOf(values);
  return Array.isArray(ns) ? compute(...(ns as readonly Rational[])) : (ns as Value);
};

/** A base of zero has no growth whatever the other period says. */
const growth = (series: Context, period: Period, against: Period): Value => {
  const base = valueAt(series, against);
  if (isNumber(base) && base.num === 0n) return null;
  return withNumbers([valueAt(series, period), base], (now, from) => div(sub(now as Rational, from as Rational), from as Rational));
};

const keysBetween = (from: Period, to: Period): readonly string[] | null => {
  const [first, last] = [keyOf(from), keyOf(to)];
  if (first === null || last === null) return null;
  const out: string[] = [];
  for (let key: string | null = first; key !== null && out.length < maxPeriods; key = shiftKey(key, 1)) {
    out.push(key);
    if (key === last) return out;
    if (key > last || key.length !== last.length) return null;
  }
  return null;
};

const over = (series: Context, from: Period, to: Period, compute: (...ns: readonly Rational[]) => Value): Value => {
  const keys = keysBetween(from, to);
  return keys === null
    ? null
    : withNumbers(
        keys.map((k) => at(series, k)),
        compute,
      );
};

const total = (...ns: readonly Rational[]): Rational => ns.reduce(add);

const sumOver = (series: Context, from: Period, to: Period): Value => over(series, from, to, total);
const averageOver = (series: Context, from: Period, to: Period): Value =>
  over(series, from, to, (...ns) => div(total(...ns), fromInt(ns.length)));

/** (last ÷ first)^(1 ÷ steps) − 1; a base at or below zero has no such rate. */
const cagr = (series: Context, from: Period, to: Period): Value => {
  const keys = keysBetween(from, to);
  if (keys === null || keys.length < 2) return null;
  const ends = [valueAt(series, from), valueAt(series, to)] as const;
  if ((isNumber(ends[0]) && ends[0].num <= 0n) || (isNumber(ends[1]) && ends[1].num < 0n)) return null;
  return withNumbers(ends, (first, last) => {
    const factor = div(last as Rational, first as Rational);
    const rate = factor === null ? null : pow(factor, ratio(1n, BigInt(keys.length - 1)));
    return rate === null ? null : sub(rate, one);
  });
};

/** Each of the n periods up to `last` beat the one before it. */
const consecutiveGrowth = (series: Context, last: Period, n: Rational): Value => {
  const [key, times] = [keyOf(last), count(n)];
  if (key === null || times === null || times < 1 || times > maxPeriods) return null;
  let result: Truth = true;
  for (let i = 0; i < times; i++) {
    const [now, before] = [at(series, shiftKey(key, -i)), at(series, shiftKey(key, -i - 1))];
    result = and(result, compareValues(now, before, '>'));
  }
  return result;
};

const sortedKeys = (series: Context): readonly string[] => [...series.entries.keys()].sort();

/** Every key from `first` to `last`, what is told beyond a gap too; only as many as a series can mean. */
const keysOf = (series: Context, first: string | undefined, last: string | undefined): readonly string[] => {
  const told = sortedKeys(series);
  if (series.open === undefined) return told.filter((key) => (first === undefined || key >= first) && (last === undefined || key <= last));
  const [from, to] = [first ?? told[0], last ?? told.at(-1)];
  return from === undefined || to === undefined ? [] : (keysBetween(from, to) ?? []);
};

/** Without `since` from the first period told; without `until` an open series may always reach it later. */
const firstReaching = (series: Context, threshold: Rational, since?: Period | null, until?: Period): Value => {
  const [start, end] = [since == null ? undefined : (keyOf(since) ?? null), until === undefined ? undefined : keyOf(until)];
  if (start === null || end === null) return null;
  const keys = keysOf(series, start, end);
  for (const key of keys) {
    const v = at(series, key);
    if (isUnknown(v)) return unknown(...v.missing);
    if (isNumber(v) && compare(v, threshold) >= 0) return key;
  }
  if (series.open === undefined || (keys.length > 0 && keys.at(-1) === end) || (start !== undefined && end !== undefined && start > end))
    return null;
  return unknown(series.open);
};

/** The last period with a number, up to `until`; without it nobody knows whether a later one of an open series is only not delivered yet. */
const lastTold = (series: Context, until: Period | undefined, give: (key: string, v: Value) => Value): Value => {
  const end = until === undefined ? undefined : keyOf(until);
  if (end === null) return null;
  if (series.open !== undefined && end === undefined) return unknown(series.open);
  for (const key of keysOf(series, undefined, end).toReversed()) {
    const v = at(series, key);
    if (isUnknown(v)) return unknown(...v.missing);
    if (v !== null) return give(key, v);
  }
  return series.open === undefined ? null : unknown(series.open);
};

const latest = (series: Context, until?: Period): Value => lastTold(series, until, (_, v) => v);
const latestPeriod = (series: Context, until?: Period): Value => lastTold(series, until, (key) => key);

const sameUnit = { type: ([series]: readonly FeelType[]) => number(series === undefined ? undefined : unitOf(series)) };

const s = '{"2023": 100, "2024": 110, "2025": 121}';
const facts = { s };

export const seriesBuiltins: readonly Builtin[] = [
  row(
    'value at(series: series, period: string|number): number',
    '某期数值',
    '{1} 在 {2} 的数值',
    '查明没有这一期为空；没有报来则未知。',
    valueAt,
    [
      ['value at(s, "2024")', '110', facts],
      ['value at(s, 2025)', '121', facts],
      ['value at(s, "2020")', 'null', facts],
    ],
    sameUnit,
  ),
  row(
    'growth(series: series, period: string|number, against: string|number): number',
    '增长率',
    '{1} 在 {2} 比 {3} 的增长率',
    '缺一期或基数为零时为空；零基数怎么办由政策写明。',
    growth,
    [
      ['growth(s, "2024", "2023")', '0.1', facts],
      ['growth({"2023": 0, "2024": 5}, "2024", "2023")', 'null'],
      ['growth(s, "2026", "2025")', 'null', facts],
    ],
  ),
  row(
    'cagr(series: series, from: string|number, to: string|number): number',
    '年均复合增长率',
    '{1} 自 {2} 至 {3} 的复合增长率',
    '基数须大于零；缺首尾期为空。',
    cagr,
    [
      ['cagr(s, "2023", "2025")', '0.1', facts],
      ['cagr(s, "2023", "2026")', 'null', facts],
      ['cagr({"2023": 0, "2024": 5}, "2023", "2024")', 'null'],
    ],
  ),
  row(
    'average(series: series, from: string|number, to: string|number): number',
    '期间平均',
    '{1} 自 {2} 至 {3} 的平均',
    '首尾都算；缺任何一期为空。',
    averageOver,
    [
      ['average(s, "2023", "2024")', '105', facts],
      ['average(s, "2025", "2025")', '121', facts],
      ['average(s, "2022", "2025")', 'null', facts],
    ],
    sameUnit,
  ),
  row(
    'sum over(series: series, from: string|number, to: string|number): number',
    '期间合计',
    '{1} 自 {2} 至 {3} 的合计',
    '首尾都算；缺任何一期为空。',
    sumOver,
    [
      ['sum over(s, "2023", "2025")', '331', facts],
      ['sum over({"2025Q4": 1, "2026Q1": 2}, "2025Q4", "2026Q1")', '3'],
      ['sum over(s, "2024", "2023")', 'null', facts],
    ],
    sameUnit,
  ),
  row(
    'consecutive growth(series: series, last period: string|number, n: number): boolean',
    '连续增长',
    '{1} 截至 {2} 连续 {3} 期增长',
    '每期都比上期大；缺期为空。',
    consecutiveGrowth,
    [
      ['consecutive growth(s, "2025", 2)', 'true', facts],
      ['consecutive growth({"2023": 1, "2024": 3, "2025": 2}, "2025", 2)', 'false'],
      ['consecutive growth(s, "2025", 3)', 'null', facts],
    ],
  ),
  row(
    'first period reaching(series: series, threshold: number, since?: string|number?, until?: string|number): string',
    '首次达到的期间',
    '{1} 首次达到 {2} 的期间[（自 {3} 起）][（至 {4} 止）]',
    '从未达到为空；不写起始期的，从有记录的第一期算起；不写截止期的，以后各期未知。',
    firstReaching,
    [
      ['first period reaching(s, 110)', '2024', facts],
      ['first period reaching(s, 100, "2024")', '2024', facts],
      ['first period reaching(s, 999)', 'null', facts],
      ['first period reaching(s, 121, null, "2024")', 'null', facts],
    ],
  ),
  row(
    'latest(series: series, until?: string|number): number',
    '最新一期数值',
    '{1} 最新一期[（至 {2} 止）]的数值',
    '最后一个有数的期间；不写截止期的，以后各期未知。',
    latest,
    [
      ['latest(s)', '121', facts],
      ['latest({"2024": 5, "2025": null})', '5'],
      ['latest({})', 'null'],
    ],
    sameUnit,
  ),
  row(
    'latest period(series: series, until?: string|number): string',
    '最新期间',
    '{1} 最新一期[（至 {2} 止）]',
    '最后一个有数的期间；不写截止期的，以后各期未知。',
    latestPeriod,
    [
      ['latest period(s)', '2025', facts],
      ['latest period({"2026Q1": 1, "2025Q4": 2})', '2026Q1'],
      ['latest period({})', 'null'],
    ],
  ),
];
