// Civil days: ISO dates without a time or a zone (the caller decides they are Asia/Shanghai), ages, calendar periods, working days.
// Nothing here asks what today is; the day is always passed in.

/** `YYYY-MM-DD`, a day that exists in the Gregorian calendar, years 0001–9999. Sorts as text. */
export type Day = string & { readonly __brand: 'Day' };

export interface CivilDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

export const isLeapYear = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

export const daysInMonth = (year: number, month: number): number => (month === 2 && isLeapYear(year) ? 29 : (monthLengths[month - 1] ?? 0));

/** Days since 1970-01-01 of any proleptic Gregorian date (era arithmetic, after Howard Hinnant's `days_from_civil`). */
export const epochDayOf = (year: number, month: number, day: number): number => {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
};

/** The inverse of `epochDayOf`. */
export const civilOf = (epochDay: number): CivilDate => {
  const z = epochDay + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shifted = Math.floor((5 * dayOfYear + 2) / 153);
  const day = dayOfYear - Math.floor((153 * shifted + 2) / 5) + 1;
  const month = shifted < 10 ? shifted + 3 : shifted - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day };
};

const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);

const dayFrom = (year: number, month: number, day: number): Day => `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}` as Day;

/** null when the text is not a day that exists (2023-02-29, 2023-13-01, 2023-1-1). */
export const parseDay = (text: string): Day | null => {
  const m = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (m === null) return null;
  const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])];
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month) ? (text as Day) : null;
};

export const isDay = (text: string): text is Day => parseDay(text) !== null;

/** For literals in code and tests; throws RangeError on a day that does not exist. */
export const day = (text: string): Day => {
  const parsed = parseDay(text);
  if (parsed === null) throw new RangeError(`not a day: ${text}`);
  return parsed;
};

/** Fields by position: a Day is always ten characters, so this is the hot path of every age. */
export const fieldsOf = (d: Day): CivilDate => ({
  year: Number(d.slice(0, 4)),
  month: Number(d.slice(5, 7)),
  day: Number(d.slice(8, 10)),
});

export const toEpochDay = (d: Day): number => {
  const f = fieldsOf(d);
  return epochDayOf(f.year, f.month, f.day);
};

/** Throws RangeError outside the years 0001–9999. */
export const fromEpochDay = (epochDay: number): Day => {
  const f = civilOf(epochDay);
  if (!Number.isInteger(epochDay) || f.year < 1 || f.year > 9999) throw new RangeError(`epoch day ${epochDay}`);
  return dayFrom(f.year, f.month, f.day);
};

/** The civil day of a moment in Asia/Shanghai, which has had no daylight saving time since 1991: eight hours ahead of UTC. */
export const civilDay = (at: Date): Day => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 10) as Day;

export const addDays = (d: Day, days: number): Day => fromEpochDay(toEpochDay(d) + days);

/** The month's end clamps: 31 January + 1 month = 28 or 29 February. */
export const addMonths = (d: Day, months: number): Day => {
  const f = fieldsOf(d);
  const index = f.year * 12 + (f.month - 1) + months;
  const year = Math.floor(index / 12);
  const month = index - year * 12 + 1;
  if (year < 1 || year > 9999) throw new RangeError(`year ${year}`);
  return dayFrom(year, month, Math.min(f.day, daysInMonth(year, month)));
};

/** Days from a to b; negative when b is earlier. */
export const daysBetween = (a: Day, b: Day): number => toEpochDay(b) - toEpochDay(a);

/** Complete months from a to b, toward zero: 31 January → 28 February is 0, → 1 March is 1. */
export const monthsBetween = (a: Day, b: Day): number => {
  if (b < a) return -monthsBetween(b, a) || 0;
  const x = fieldsOf(a);
  const y = fieldsOf(b);
  return (y.year - x.year) * 12 + (y.month - x.month) - (y.day < x.day ? 1 : 0);
};

/**
 * Complete years (周岁). Age n is reached on the n-th birthday itself; whoever was born on 29 February grows older on 1 March of
 * a common year. Negative before birth is answered as -1, so that a wrong birth date cannot pass as an infant.
 */
export const ageAt = (birth: Day, on: Day): number => {
  if (on < birth) return -1;
  const b = fieldsOf(birth);
  const o = fieldsOf(on);
  return o.year - b.year - (o.month < b.month || (o.month === b.month && o.day < b.day) ? 1 : 0);
};

export const startOfMonth = (d: Day): Day => `${d.slice(0, 7)}-01` as Day;
export const endOfMonth = (d: Day): Day => {
  const f = fieldsOf(d);
  return dayFrom(f.year, f.month, daysInMonth(f.year, f.month));
};
export const startOfYear = (d: Day): Day => `${d.slice(0, 4)}-01-01` as Day;
export const endOfYear = (d: Day): Day => `${d.slice(0, 4)}-12-31` as Day;
export const earliest = (a: Day, b: Day): Day => (a <= b ? a : b);
export const latest = (a: Day, b: Day): Day => (a >= b ? a : b);

/** Monday 1 … Sunday 7. */
export const weekdayOf = (d: Day): number => ((((toEpochDay(d) + 3) % 7) + 7) % 7) + 1;

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

/** 2026年4月15日, as people read a day. */
export const dayText = (day: string): string => {
  const [year, month, date] = day.split('-').map(Number);
  return `${year}年${month}月${date}日`;
};
