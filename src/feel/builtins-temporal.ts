// FEEL's date and time built-ins: making them, and asking a date for its place in the week, month and year.

import { civilOf, epochDayOf } from '../base/day.ts';
import { fromInt, mul, type Rational, round } from '../base/rational.ts';
import type { Builtin } from './builtin.ts';
import { nanosPerSecond, parseDuration, yearMonth } from './duration.ts';
import type { Frame } from './frame.ts';
import { count, row } from './row.ts';
import { completeMonths, date, dateOf, dateTimeOf, parseDate, parseDateTime, parseTime, timeOf } from './temporal.ts';
import { type DayTimeDuration, type FeelDate, type FeelDateTime, type FeelTime, unknown, type Value } from './value.ts';

type Moment = FeelDate | FeelDateTime;

const dateFrom = (from: string | Moment): Value => (typeof from === 'string' ? parseDate(from) : date(from.epochDay));

const dateFromParts = (year: Rational, month: Rational, day: Rational): Value => {
  const [y, m, d] = [count(year), count(month), count(day)];
  return y === null || m === null || d === null ? null : dateOf(y, m, d);
};

const timeFrom = (from: string | Moment | FeelTime): Value => {
  if (typeof from === 'string') return parseTime(from);
  if (from.kind === 'time') return from;
  return from.kind === 'date' ? timeOf(0, { offset: 0, zone: null }) : timeOf(from.nanos, from);
};

const maxOffset = 18 * 3600;

const timeFromParts = (hour: Rational, minute: Rational, second: Rational, offset?: DayTimeDuration | null): Value => {
  const [h, m] = [count(hour), count(minute)];
  const nanos = round(mul(second, fromInt(1_000_000_000)), 0, 'down');
  const s = count(nanos);
  if (h === null || m === null || s === null || h < 0 || h > 23 || m < 0 || m > 59 || s < 0 || s >= 60e9) return null;
  const seconds = offset === undefined || offset === null ? null : Number(offset.nanos / nanosPerSecond);
  if (seconds !== null && Math.abs(seconds) > maxOffset) return null;
  return timeOf((h * 3600 + m * 60) * 1e9 + s, { offset: seconds, zone: null });
};

const dateTimeFrom = (from: string | Moment): Value => {
  if (typeof from === 'string') return parseDateTime(from);
  return from.kind === 'dateTime' ? from : dateTimeOf(from.epochDay, 0, { offset: null, zone: null });
};

const dateTimeFromParts = (d: Moment, t: FeelTime): Value => dateTimeOf(d.epochDay, t.nanos, t);

const weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];
const months = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

const weekdayIndex = (epochDay: number): number => (((epochDay + 3) % 7) + 7) % 7;
const dayOfYear = (d: Moment): number => d.epochDay - epochDayOf(civilOf(d.epochDay).year, 1, 1) + 1;

/** ISO 8601: the week of a date is the week of its Thursday. */
const weekOfYear = (d: Moment): Value => {
  const thursday = d.epochDay - weekdayIndex(d.epochDay) + 3;
  return fromInt(Math.floor((thursday - epochDayOf(civilOf(thursday).year, 1, 1)) / 7) + 1);
};

/** The clock is the caller's: an expression of a rule speaks of the period, and a scope without a clock knows no today. */
const clock =
  (name: 'now' | 'today') =>
  (f: Frame): Value =>
    f.scope.call?.(name, []) ?? unknown(name);

export const temporalBuiltins: readonly Builtin[] = [
  row('date(from: string|date|dateTime): date', '日期', '{1}', '文字写成 2026-01-31；不存在的日子为空。', dateFrom, [
    ['date("2026-01-31")', '2026-01-31'],
    ['date("2023-02-29")', 'null'],
    ['date(@"2026-01-31T10:00:00")', '2026-01-31'],
  ]),
  row('date(year: number, month: number, day: number): date', '日期', '{1} 年 {2} 月 {3} 日', '不存在的日子为空。', dateFromParts, [
    ['date(2026, 1, 31)', '2026-01-31'],
    ['date(2024, 2, 29)', '2024-02-29'],
    ['date(2023, 2, 29)', 'null'],
  ]),
  row('time(from: string|time|date|dateTime): time', '时刻', '{1} 的时刻', '文字写成 10:30:00。', timeFrom, [
    ['time("10:30:00")', '10:30:00'],
    ['time(@"2026-01-31T10:00:00")', '10:00:00'],
    ['time("25:00:00")', 'null'],
  ]),
  row(
    'time(hour: number, minute: number, second: number, offset?: dtDuration?): time',
    '时刻',
    '{1} 时 {2} 分 {3} 秒',
    '超出范围为空。',
    timeFromParts,
    [
      ['time(10, 30, 0)', '10:30:00'],
      ['time(10, 30, 0, @"PT8H")', '10:30:00+08:00'],
      ['time(24, 0, 0)', 'null'],
    ],
  ),
  row('date and time(from: string|date|dateTime): dateTime', '日期时间', '{1}', '文字写成 2026-01-31T10:30:00。', dateTimeFrom, [
    ['date and time("2026-01-31T10:30:00")', '2026-01-31T10:30:00'],
    ['date and time("2026-01-31")', '2026-01-31T00:00:00'],
    ['date and time("10:30:00")', 'null'],
  ]),
  row('date and time(date: date|dateTime, time: time): dateTime', '日期时间', '{1} {2}', '日期加时刻。', dateTimeFromParts, [
    ['date and time(@"2026-01-31", @"10:30:00")', '2026-01-31T10:30:00'],
    ['date and time(@"2026-01-31T08:00:00", @"10:30:00")', '2026-01-31T10:30:00'],
    ['date and time(@"2026-01-31", null)', 'null'],
  ]),
  row(
    'duration(from: string): any',
    '时长',
    '{1} 的时长',
    'P1Y2M 是年月，P1DT2H 是天时；两者不混。',
    (s: string) => parseDuration(s),
    [
      ['duration("P26M")', 'P2Y2M'],
      ['duration("PT61M")', 'PT1H1M'],
      ['duration("P1M1D")', 'null'],
    ],
    {
      type: (_, [text]) => {
        const d = typeof text === 'string' ? parseDuration(text) : undefined;
        if (d === null) return '时长写法不对，写成 "P3M" 或 "P10D"';
        return d === undefined ? { kind: 'any' } : { kind: d.kind };
      },
    },
  ),
  row(
    'years and months duration(from: date|dateTime, to: date|dateTime): ymDuration',
    '年月间隔',
    '{1} 至 {2} 的整年整月',
    '足月才算。',
    (a: Moment, b: Moment) => yearMonth(completeMonths(a, b)),
    [
      ['years and months duration(@"2011-12-22", @"2013-08-24")', 'P1Y8M'],
      ['years and months duration(@"2016-01-21", @"2015-01-21")', '-P1Y'],
      ['years and months duration(@"2026-01-31", @"2026-02-28")', 'P0M'],
    ],
  ),
  row(
    'day of year(date: date|dateTime): number',
    '年内第几天',
    '{1} 是当年第几天',
    '1 月 1 日为 1。',
    (d: Moment) => fromInt(dayOfYear(d)),
    [
      ['day of year(@"2019-09-17")', '260'],
      ['day of year(@"2020-12-31")', '366'],
      ['day of year(@"2026-01-01")', '1'],
    ],
  ),
  row(
    'day of week(date: date|dateTime): string',
    '星期几',
    '{1} 是星期几',
    '英文星期名（标准如此）。',
    (d: Moment) => weekdays[weekdayIndex(d.epochDay)] as string,
    [
      ['day of week(@"2019-09-17")', 'Tuesday'],
      ['day of week(@"2026-01-01")', 'Thursday'],
      ['day of week(@"1970-01-01")', 'Thursday'],
    ],
  ),
  row(
    'month of year(date: date|dateTime): string',
    '月份名',
    '{1} 的月份名',
    '英文月名（标准如此）；要数字用 日期.month。',
    (d: Moment) => months[civilOf(d.epochDay).month - 1] as string,
    [
      ['month of year(@"2019-09-17")', 'September'],
      ['month of year(@"2026-01-01")', 'January'],
      ['month of year(@"2026-12-31")', 'December'],
    ],
  ),
  row('week of year(date: date|dateTime): number', '年内第几周', '{1} 是第几周', '按 ISO 8601。', weekOfYear, [
    ['week of year(@"2019-09-17")', '38'],
    ['week of year(@"2003-12-29")', '1'],
    ['week of year(@"2010-01-01")', '53'],
  ]),
  row(
    'now(): dateTime',
    '此刻',
    '此刻',
    '由运行环境给出；规则里请用 period。',
    null,
    [
      ['now() instance of date and time', 'true'],
      ['now() = now()', 'true'],
      ['date(now()) = today()', 'true'],
    ],
    { runIn: clock('now') },
  ),
  row(
    'today(): date',
    '今天',
    '今天',
    '由运行环境给出；规则里请用 period。',
    null,
    [
      ['today() instance of date', 'true'],
      ['today() = today()', 'true'],
      ['today() - today()', 'PT0S'],
    ],
    { runIn: clock('today') },
  ),
];
