// Civil days, ages, periods and working days, with JavaScript's own UTC calendar as the peer.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  addMonths,
  addWorkingDays,
  ageAt,
  type Day,
  day,
  daysBetween,
  eventPeriod,
  fromEpochDay,
  isWorkingDay,
  monthsBetween,
  monthsTouched,
  nextPeriod,
  oncePeriod,
  parseDay,
  parsePeriodKey,
  periodOf,
  periodsBetween,
  previousPeriod,
  toEpochDay,
  weekdayOf,
} from '../../src/base/day.ts';

const anyDay = fc.integer({ min: -700_000, max: 2_900_000 }).map(fromEpochDay);
const seed = 5;

describe('days', () => {
  it('agree with the UTC calendar', () => {
    fc.assert(
      fc.property(anyDay, (d) => {
        const utc = new Date(`${d}T00:00:00Z`);
        expect(toEpochDay(d)).toBe(utc.getTime() / 86_400_000);
        expect(weekdayOf(d) % 7).toBe(utc.getUTCDay());
        expect(addDays(addDays(d, 400), -400)).toBe(d);
      }),
      { seed, numRuns: 2000 },
    );
  });

  it.each(['2023-02-29', '2023-13-01', '2023-00-10', '2023-1-1', '0000-01-01', '2023-04-31', '', '2023-01-01T00:00:00'])(
    'refuses %s',
    (text) => expect(parseDay(text)).toBeNull(),
  );

  it('clamp at the end of a month', () => {
    expect(addMonths(day('2026-01-31'), 1)).toBe('2026-02-28');
    expect(addMonths(day('2024-01-31'), 1)).toBe('2024-02-29');
    expect(addMonths(day('2026-03-31'), -13)).toBe('2025-02-28');
  });

  it.each([
    ['2026-01-31', '2026-02-28', 0],
    ['2026-01-31', '2026-03-01', 1],
    ['2026-01-15', '2027-01-15', 12],
    ['2026-04-15', '2026-01-16', -2],
  ])('from %s to %s are %i complete months', (a, b, n) => expect(monthsBetween(day(a), day(b))).toBe(n));

  it('count', () => expect(daysBetween(day('2024-02-28'), day('2024-03-01'))).toBe(2));
});

describe('ages', () => {
  it.each([
    ['1946-01-31', '2026-01-30', 79],
    ['1946-01-31', '2026-01-31', 80],
    ['2004-02-29', '2026-02-28', 21],
    ['2004-02-29', '2026-03-01', 22],
    ['2004-02-29', '2024-02-29', 20],
    ['2026-01-02', '2026-01-01', -1],
  ])('born %s, on %s: %i', (birth, on, age) => expect(ageAt(day(birth), day(on))).toBe(age));
});

describe('periods', () => {
  it.each([
    ['monthly', '2026-02', '2026-02-01', '2026-02-28'],
    ['quarterly', '2026Q1', '2026-01-01', '2026-03-31'],
    ['yearly', '2026', '2026-01-01', '2026-12-31'],
  ] as const)('%s', (kind, key, start, end) => {
    const p = periodOf(kind, day('2026-02-15'));
    expect(p).toEqual({ kind, key, start, end });
    expect(parsePeriodKey(key)).toEqual(p);
    expect(previousPeriod(nextPeriod(p) ?? p)).toEqual(p);
    expect(previousPeriod(p)?.end).toBe(addDays(start as Day, -1));
  });

  it('once and per event have no neighbours', () => {
    expect(nextPeriod(oncePeriod(null, day('2026-01-01')))).toBeNull();
    expect(previousPeriod(eventPeriod('e1', day('2026-01-01')))).toBeNull();
  });

  it('between two days', () => {
    expect(periodsBetween('monthly', day('2025-11-30'), day('2026-02-01')).map((p) => p.key)).toEqual([
      '2025-11',
      '2025-12',
      '2026-01',
      '2026-02',
    ]);
    expect(monthsTouched(day('2025-11-15'), day('2026-03-01'), day('2026-01-01'), day('2026-12-31'))).toBe(3);
  });

  it.each(['2026-13', '2026Q5', '26', 'once', '2026-1'])('%s is no key', (key) => expect(parsePeriodKey(key)).toBeNull());
});

describe('working days', () => {
  const calendar = {
    holidays: new Set(['2026-10-01', '2026-10-02']),
    workdays: new Set(['2026-09-27']),
    knownFrom: day('2026-01-01'),
    knownTo: day('2026-12-31'),
  };

  it('follow the official calendar', () => {
    expect(isWorkingDay(day('2026-09-27'), calendar)).toBe(true);
    expect(isWorkingDay(day('2026-10-01'), calendar)).toBe(false);
    expect(addWorkingDays(day('2026-09-25'), 1, calendar)).toBe('2026-09-27');
    expect(addWorkingDays(day('2026-09-30'), 1, calendar)).toBe('2026-10-05');
    expect(addWorkingDays(day('2026-10-05'), -1, calendar)).toBe('2026-09-30');
    expect(addWorkingDays(day('2026-10-01'), 0, calendar)).toBe('2026-10-05');
  });

  it('stay open beyond it', () => {
    expect(addWorkingDays(day('2026-12-30'), 5, calendar)).toBeNull();
    expect(isWorkingDay(day('2027-01-04'), calendar)).toBeNull();
  });
});
