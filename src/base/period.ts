// Calendar periods (what is owed for which month, quarter, year) and working days by the official calendar, which is passed in as data.

import {
  addDays,
  addMonths,
  type Day,
  daysInMonth,
  earliest,
  endOfMonth,
  fieldsOf,
  latest,
  parseDay,
  startOfMonth,
  weekdayOf,
} from './day.ts';

export type CalendarPeriodKind = 'monthly' | 'quarterly' | 'yearly';
export type PeriodKind = CalendarPeriodKind | 'once' | 'per-event';

/** `start` null: open (a `once` item without effective.from). Both ends are inclusive. */
export interface Period {
  readonly kind: PeriodKind;
  readonly key: string;
  readonly start: Day | null;
  readonly end: Day;
}

/** Keys: `2026-01`, `2026Q1`, `2026`. */
export const periodOf = (kind: CalendarPeriodKind, d: Day): Period => {
  const { year, month } = fieldsOf(d);
  const y = d.slice(0, 4);
  switch (kind) {
    case 'monthly':
      return { kind, key: d.slice(0, 7), start: startOfMonth(d), end: endOfMonth(d) };
    case 'quarterly': {
      const quarter = Math.ceil(month / 3);
      const first = String(quarter * 3 - 2).padStart(2, '0');
      const last = String(quarter * 3).padStart(2, '0');
      return {
        kind,
        key: `${y}Q${quarter}`,
        start: `${y}-${first}-01` as Day,
        end: `${y}-${last}-${daysInMonth(year, quarter * 3)}` as Day,
      };
    }
    case 'yearly':
      return { kind, key: y, start: `${y}-01-01` as Day, end: `${y}-12-31` as Day };
  }
};

/** `once`: from the item's start (or open) to the day of knownAt; key `once`. */
export const oncePeriod = (effectiveFrom: Day | null, knownAt: Day): Period => ({
  kind: 'once',
  key: 'once',
  start: effectiveFrom,
  end: knownAt,
});

/** `per-event`: start = end = the event's day, key = the event's key. */
export const eventPeriod = (key: string, on: Day): Period => ({ kind: 'per-event', key, start: on, end: on });

const monthsIn: Record<CalendarPeriodKind, number> = { monthly: 1, quarterly: 3, yearly: 12 };

const isCalendar = (kind: PeriodKind): kind is CalendarPeriodKind => kind in monthsIn;

/** The calendar period `steps` further (negative: back); null for `once` and `per-event`, which have no neighbours. */
export const shiftPeriod = (p: Period, steps: number): Period | null =>
  isCalendar(p.kind) && p.start !== null ? periodOf(p.kind, addMonths(p.start, steps * monthsIn[p.kind])) : null;

export const nextPeriod = (p: Period): Period | null => shiftPeriod(p, 1);
export const previousPeriod = (p: Period): Period | null => shiftPeriod(p, -1);

/** A calendar period from its key, or null when the text is no such key. */
export const parsePeriodKey = (key: string): Period | null => {
  const month = /^\d{4}-\d{2}$/.test(key) ? parseDay(`${key}-01`) : null;
  if (month !== null) return periodOf('monthly', month);
  const quarter = /^(\d{4})Q([1-4])$/.exec(key);
  if (quarter !== null) {
    const d = parseDay(`${quarter[1]}-${String(Number(quarter[2]) * 3).padStart(2, '0')}-01`);
    return d === null ? null : periodOf('quarterly', d);
  }
  const year = /^\d{4}$/.test(key) ? parseDay(`${key}-01-01`) : null;
  return year === null ? null : periodOf('yearly', year);
};

/** Every calendar period of a kind that touches [from, to], in order. */
export const periodsBetween = (kind: CalendarPeriodKind, from: Day, to: Day): readonly Period[] => {
  const out: Period[] = [];
  for (let p: Period | null = periodOf(kind, from); p !== null && (p.start as Day) <= to; p = nextPeriod(p)) out.push(p);
  return out;
};

/** Calendar months that both [from, to] and the window touch; a month touched on one day counts. 0 when they do not meet. */
export const monthsTouched = (from: Day, to: Day, windowFrom: Day, windowTo: Day): number => {
  const a = fieldsOf(latest(from, windowFrom));
  const b = fieldsOf(earliest(to, windowTo));
  const months = b.year * 12 + b.month - (a.year * 12 + a.month) + 1;
  return latest(from, windowFrom) <= earliest(to, windowTo) ? months : 0;
};

/** The State Council's yearly notice as data: weekdays off, weekends worked; known only for [knownFrom, knownTo]. */
export interface WorkingCalendar {
  readonly holidays: ReadonlySet<string>;
  readonly workdays: ReadonlySet<string>;
  readonly knownFrom: Day;
  readonly knownTo: Day;
}

/** null when the day lies outside the known calendar: nobody may guess it is an ordinary weekday. */
export const isWorkingDay = (d: Day, calendar: WorkingCalendar): boolean | null => {
  if (d < calendar.knownFrom || d > calendar.knownTo) return null;
  if (calendar.holidays.has(d)) return false;
  return calendar.workdays.has(d) || weekdayOf(d) <= 5;
};

/**
 * The n-th working day after `d` (n < 0: before; n = 0: `d` itself if it works, else the next working day).
 * null = open: the calendar does not reach that far yet.
 */
export const addWorkingDays = (d: Day, n: number, calendar: WorkingCalendar): Day | null => {
  const step = n < 0 ? -1 : 1;
  let left = Math.abs(n);
  let at = d;
  if (n === 0) {
    const works = isWorkingDay(d, calendar);
    if (works !== false) return works === null ? null : d;
    left = 1;
  }
  while (left > 0) {
    at = addDays(at, step);
    const works = isWorkingDay(at, calendar);
    if (works === null) return null;
    if (works) left--;
  }
  return at;
};
