// The two FEEL durations: reading ISO 8601 text, writing it back in normal form. Days and months never mix.

import { fromBigint, type Rational, round } from '../base/rational.ts';
import type { DayTimeDuration, YearMonthDuration } from './value.ts';

export const nanosPerSecond = 1_000_000_000n;
export const nanosPerDay = 86_400n * nanosPerSecond;

export const yearMonth = (months: number): YearMonthDuration => ({ kind: 'ymDuration', months: months + 0 });
export const dayTime = (nanos: bigint): DayTimeDuration => ({ kind: 'dtDuration', nanos });

const ymShape = /^(-)?P(?:(\d{1,12})Y)?(?:(\d{1,12})M)?$/;
const dtShape = /^(-)?P(?:(\d{1,12})D)?(?:T(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12}(?:\.\d{1,18})?)S)?)?$/;

const secondsToNanos = (text: string): bigint => {
  const [whole = '0', fraction = ''] = text.split('.');
  return BigInt(whole) * nanosPerSecond + BigInt(fraction.slice(0, 9).padEnd(9, '0'));
};

/** null when the text is no duration, mixes months with days (`P1M1D`), or names no part (`P`, `P1DT`). */
export const parseDuration = (text: string): YearMonthDuration | DayTimeDuration | null => {
  const ym = ymShape.exec(text);
  if (ym !== null && (ym[2] !== undefined || ym[3] !== undefined)) {
    const months = Number(ym[2] ?? 0) * 12 + Number(ym[3] ?? 0);
    return yearMonth(ym[1] === '-' ? -months || 0 : months);
  }
  const dt = dtShape.exec(text);
  if (dt === null || text.endsWith('P') || text.endsWith('T')) return null;
  const nanos =
    BigInt(dt[2] ?? 0) * nanosPerDay +
    (BigInt(dt[3] ?? 0) * 3600n + BigInt(dt[4] ?? 0) * 60n) * nanosPerSecond +
    secondsToNanos(dt[5] ?? '0');
  return dayTime(dt[1] === '-' ? -nanos : nanos);
};

export const formatYearMonth = (d: YearMonthDuration): string => {
  const total = Math.abs(d.months);
  const years = Math.floor(total / 12);
  const months = total % 12;
  if (total === 0) return 'P0M';
  return `${d.months < 0 ? '-' : ''}P${years > 0 ? `${years}Y` : ''}${months > 0 ? `${months}M` : ''}`;
};

export interface DayTimeParts {
  readonly days: bigint;
  readonly hours: bigint;
  readonly minutes: bigint;
  /** Whole seconds. */
  readonly seconds: bigint;
  readonly nanos: bigint;
}

/** Parts carry the duration's sign, as FEEL's properties do. */
export const partsOf = (d: DayTimeDuration): DayTimeParts => {
  const seconds = d.nanos / nanosPerSecond;
  return {
    days: d.nanos / nanosPerDay,
    hours: (seconds / 3600n) % 24n,
    minutes: (seconds / 60n) % 60n,
    seconds: seconds % 60n,
    nanos: d.nanos % nanosPerSecond,
  };
};

export const formatDayTime = (d: DayTimeDuration): string => {
  if (d.nanos === 0n) return 'PT0S';
  const p = partsOf(dayTime(d.nanos < 0n ? -d.nanos : d.nanos));
  const fraction = p.nanos === 0n ? '' : `.${p.nanos.toString().padStart(9, '0').replace(/0+$/, '')}`;
  const seconds = p.seconds === 0n && fraction === '' ? '' : `${p.seconds}${fraction}S`;
  const clock = `${p.hours === 0n ? '' : `${p.hours}H`}${p.minutes === 0n ? '' : `${p.minutes}M`}${seconds}`;
  return `${d.nanos < 0n ? '-' : ''}P${p.days === 0n ? '' : `${p.days}D`}${clock === '' ? '' : `T${clock}`}`;
};

/** Months are whole: a fraction of a month is cut off towards zero. */
export const scaleYearMonth = (months: Rational): YearMonthDuration => yearMonth(Number(round(months, 0, 'down').num) || 0);
export const scaleDayTime = (nanos: Rational): DayTimeDuration => dayTime(round(nanos, 0, 'down').num);
export const nanosOf = (d: DayTimeDuration): Rational => fromBigint(d.nanos);
