// House built-ins over civil days and periods: ages, months, the ends of months and years. Days are counted as the documents count them.

import { civilOf, daysInMonth, epochDayOf, fromEpochDay, parsePeriodKey, periodOf, shiftPeriod } from '../base/day.ts';
import { fromInt, type Rational } from '../base/rational.ts';
import type { Builtin } from './builtin.ts';
import { count, row } from './row.ts';
import { completeMonths, date } from './temporal.ts';
import type { FeelDate, Value } from './value.ts';

/** Age n is reached on the birthday itself, 29 February's on 1 March of a common year; before birth there is no age. */
const ageAt = (birth: FeelDate, on: FeelDate): Value => {
  if (on.epochDay < birth.epochDay) return null;
  const b = civilOf(birth.epochDay);
  const o = civilOf(on.epochDay);
  return fromInt(o.year - b.year - (o.month < b.month || (o.month === b.month && o.day < b.day) ? 1 : 0));
};

const daysInclusive = (from: FeelDate, to: FeelDate): Value => fromInt(Math.max(0, to.epochDay - from.epochDay + 1));

const monthIndex = (d: FeelDate): number => {
  const c = civilOf(d.epochDay);
  return c.year * 12 + c.month;
};

/** A month touched on a single day counts. */
const monthsTouched = (from: FeelDate, to: FeelDate, windowFrom?: FeelDate, windowTo?: FeelDate): Value => {
  const start = windowFrom !== undefined && windowFrom.epochDay > from.epochDay ? windowFrom : from;
  const end = windowTo !== undefined && windowTo.epochDay < to.epochDay ? windowTo : to;
  return fromInt(end.epochDay < start.epochDay ? 0 : monthIndex(end) - monthIndex(start) + 1);
};

const startOfMonth = (d: FeelDate): Value => date(d.epochDay - civilOf(d.epochDay).day + 1);
const endOfMonth = (d: FeelDate): Value => {
  const c = civilOf(d.epochDay);
  return date(epochDayOf(c.year, c.month, daysInMonth(c.year, c.month)));
};
const startOfYear = (d: FeelDate): Value => date(epochDayOf(civilOf(d.epochDay).year, 1, 1));
const endOfYear = (d: FeelDate): Value => date(epochDayOf(civilOf(d.epochDay).year, 12, 31));

const periodKinds = { monthly: 'monthly', quarterly: 'quarterly', yearly: 'yearly' } as const;

const periodKey = (d: FeelDate, kind: string): Value => {
  const { year } = civilOf(d.epochDay);
  if (!Object.hasOwn(periodKinds, kind) || year < 1 || year > 9999) return null;
  return periodOf(kind as keyof typeof periodKinds, fromEpochDay(d.epochDay)).key;
};

/** A period as an expression writes it: `"2026Q1"`, `"2026-01"`, `"2026"` or the number 2026. */
export const keyOf = (period: string | Rational): string | null => {
  if (typeof period === 'string') return period;
  const year = count(period);
  return year === null ? null : String(year).padStart(4, '0');
};

export const shiftKey = (key: string, steps: number): string | null => {
  const p = parsePeriodKey(key);
  if (p === null) return null;
  try {
    return shiftPeriod(p, steps)?.key ?? null;
  } catch {
    // Beyond the years a key can name.
    return null;
  }
};

const shiftPeriodKey = (period: string | Rational, steps: Rational): Value => {
  const [key, n] = [keyOf(period), count(steps)];
  return key === null || n === null ? null : shiftKey(key, n);
};

const touched = ['从起日到止日涉及的自然月数，首尾月只有一天也算一个月；给出窗口时只数窗口内的。', monthsTouched] as const;

export const dayBuiltins: readonly Builtin[] = [
  row(
    'age at(birth: date, on: date): number<岁>',
    '周岁',
    '{2} 当日的周岁（按 {1}）',
    '生日当天满岁；2 月 29 日出生的，平年 3 月 1 日满岁；出生前为空。',
    ageAt,
    [
      ['age at(@"1946-01-31", @"2026-01-31")', '80'],
      ['age at(@"1946-02-01", @"2026-01-31")', '79'],
      ['age at(@"2024-02-29", @"2025-02-28")', '0'],
    ],
  ),
  row(
    'months between(from: date, to: date): number<月>',
    '相隔整月',
    '{1} 至 {2} 的整月数',
    '足月才算；倒过来为负。',
    (a: FeelDate, b: FeelDate) => fromInt(completeMonths(a, b)),
    [
      ['months between(@"2026-01-15", @"2026-04-14")', '2'],
      ['months between(@"2026-01-15", @"2026-04-15")', '3'],
      ['months between(@"2026-01-31", @"2026-02-28")', '0'],
    ],
  ),
  row(
    'days between inclusive(from: date, to: date): number<天>',
    '首尾都算的天数',
    '{1} 至 {2} 的天数（首尾都算）',
    '止日早于起日时为 0。',
    daysInclusive,
    [
      ['days between inclusive(@"2026-01-01", @"2026-01-31")', '31'],
      ['days between inclusive(@"2026-01-01", @"2026-01-01")', '1'],
      ['days between inclusive(@"2026-01-02", @"2026-01-01")', '0'],
    ],
  ),
  row(
    'months touched(from: date, to: date, window from?: date, window to?: date): number<月>',
    '涉及月数',
    '{1} 至 {2} 涉及的月数[（限 {3} 至 {4}）]',
    touched[0],
    touched[1],
    [
      ['months touched(@"2026-01-31", @"2026-02-01")', '2'],
      ['months touched(@"2025-11-15", @"2026-03-01", @"2026-01-01", @"2026-12-31")', '3'],
      ['months touched(@"2025-01-01", @"2025-12-31", @"2026-01-01", @"2026-12-31")', '0'],
    ],
  ),
  row(
    'months overlap inclusive(from: date, to: date, window from: date, window to: date): number<月>',
    '窗口内月数',
    '{1} 至 {2} 在 {3} 至 {4} 内涉及的月数',
    touched[0],
    touched[1],
    [
      ['months overlap inclusive(@"2025-11-15", @"2026-03-01", @"2026-01-01", @"2026-12-31")', '3'],
      ['months overlap inclusive(@"2026-05-31", @"2026-06-01", @"2026-01-01", @"2026-12-31")', '2'],
      ['months overlap inclusive(@"2024-01-01", @"2024-12-31", @"2026-01-01", @"2026-12-31")', '0'],
    ],
  ),
  row('start of month(date: date): date', '月初', '{1} 当月首日', '当月第一天。', startOfMonth, [
    ['start of month(@"2026-02-15")', '2026-02-01'],
    ['start of month(@"2026-02-01")', '2026-02-01'],
    ['start of month(@"2024-12-31")', '2024-12-01'],
  ]),
  row('end of month(date: date): date', '月末', '{1} 当月末日', '当月最后一天。', endOfMonth, [
    ['end of month(@"2026-02-15")', '2026-02-28'],
    ['end of month(@"2024-02-01")', '2024-02-29'],
    ['end of month(@"2026-12-31")', '2026-12-31'],
  ]),
  row('start of year(date: date): date', '年初', '{1} 当年首日', '当年 1 月 1 日。', startOfYear, [
    ['start of year(@"2026-02-15")', '2026-01-01'],
    ['start of year(@"2026-01-01")', '2026-01-01'],
    ['start of year(@"2025-12-31")', '2025-01-01'],
  ]),
  row('end of year(date: date): date', '年末', '{1} 当年末日', '当年 12 月 31 日。', endOfYear, [
    ['end of year(@"2026-02-15")', '2026-12-31'],
    ['end of year(@"2026-12-31")', '2026-12-31'],
    ['end of year(@"2025-01-01")', '2025-12-31'],
  ]),
  row('year(date: date): number', '年份', '{1} 的年份', '公历年。', (d: FeelDate) => fromInt(civilOf(d.epochDay).year), [
    ['year(@"2026-02-15")', '2026'],
    ['year(@"1946-01-31")', '1946'],
    ['year(@"2026-02-15") - 1', '2025'],
  ]),
  row(
    'period key(date: date, kind: string): string',
    '所属期间',
    '{1} 所属期间（{2}）',
    'kind 为 "monthly"、"quarterly" 或 "yearly"。',
    periodKey,
    [
      ['period key(@"2026-02-15", "monthly")', '2026-02'],
      ['period key(@"2026-02-15", "quarterly")', '2026Q1'],
      ['period key(@"2026-02-15", "yearly")', '2026'],
    ],
  ),
  row(
    'shift period(period: string|number, steps: number): string',
    '前后期间',
    '{1} 之后第 {2} 期',
    '负数往前；不是期间时为空。',
    shiftPeriodKey,
    [
      ['shift period("2026Q1", -1)', '2025Q4'],
      ['shift period("2026-01", -12)', '2025-01'],
      ['shift period(2026, 1)', '2027'],
    ],
  ),
];
