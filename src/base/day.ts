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

export const daysInMonth = (year: number, month: number): number =>
  month === 2 && isLeapYear(year) ? 29 : (monthLengths[month - 1] ?? 0);

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

const dayFrom = (year: number, month: number, day: number): Day =>
  `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}` as Day;

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
