// How far back a duration reaches: calendar months clamp at the month's end (29 February − 1 year = 28 February), days are days.
import { addDays, addMonths, type Day, fieldsOf } from '../base/day.ts';
import type { DayTimeDuration, YearMonthDuration } from '../feel/value.ts';

const firstDay = '0001-01-01' as Day;
const nanosPerDay = 86_400n * 1_000_000_000n;

/** The day that lies `duration` before `base`; never before the year 1. */
export const moveBack = (base: Day, duration: YearMonthDuration | DayTimeDuration): Day => {
  if (duration.kind === 'ymDuration') {
    const { year, month } = fieldsOf(base);
    return year * 12 + month - 13 < duration.months ? firstDay : addMonths(base, -duration.months);
  }
  const days = Number(duration.nanos / nanosPerDay);
  return days > 366 * (fieldsOf(base).year - 1) ? firstDay : addDays(base, -days);
};
