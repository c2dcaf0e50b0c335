// Dates, times and date-times: reading and writing their text, the instant they stand for, moving them by a duration.
// IANA zones go through temporal-polyfill; everything else is plain integer arithmetic, which is what the hot paths use.

import { Temporal } from 'temporal-polyfill';
import { civilOf, daysInMonth, epochDayOf } from '../base/day.ts';
import { nanosPerDay } from './duration.ts';
import type { DayTimeDuration, FeelDate, FeelDateTime, FeelTime, YearMonthDuration } from './value.ts';

/** FEEL's years; beyond them a date is null. */
const maxYear = 999_999_999;
const nanosPerDayNumber = 86_400e9;

export interface Zone {
  readonly offset: number | null;
  readonly zone: string | null;
}
const local: Zone = { offset: null, zone: null };

export const date = (epochDay: number): FeelDate => ({ kind: 'date', epochDay });

export const dateOf = (year: number, month: number, day: number): FeelDate | null =>
  Number.isInteger(year) && Math.abs(year) <= maxYear && month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
    ? date(epochDayOf(year, month, day))
    : null;

export const timeOf = (nanos: number, at: Zone): FeelTime => ({ kind: 'time', nanos, offset: at.offset, zone: at.zone });

export const dateTimeOf = (epochDay: number, nanos: number, at: Zone): FeelDateTime => ({
  kind: 'dateTime',
  epochDay,
  nanos,
  offset: at.offset,
  zone: at.zone,
});

// ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────
const dateShape = /^(-?)(\d{4}|[1-9]\d{4,8})-(\d{2})-(\d{2})$/;
const timeShape = /^(\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,18}))?(Z|[+-]\d{2}:\d{2}(?::\d{2})?|@.+)?$/;

export const parseDate = (text: string): FeelDate | null => {
  const m = dateShape.exec(text);
  return m === null ? null : dateOf(Number(`${m[1]}${m[2]}`) || 0, Number(m[3]), Number(m[4]));
};

const knownZones = new Map<string, boolean>();

const isZone = (name: string): boolean => {
  let known = knownZones.get(name);
  if (known === undefined) {
    try {
      Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
      known = /^[A-Za-z]/.test(name);
    } catch {
      known = false;
    }
    // A hostile expression may name zones without end; the table must not grow with it.
    if (knownZones.size < 1000) knownZones.set(name, known);
  }
  return known;
};

const parseZone = (text: string | undefined): Zone | null => {
  if (text === undefined) return local;
  if (text === 'Z') return { offset: 0, zone: null };
  if (text.startsWith('@')) return isZone(text.slice(1)) ? { offset: null, zone: text.slice(1) } : null;
  const [hours = 0, minutes = 0, seconds = 0] = text.slice(1).split(':').map(Number);
  const offset = hours * 3600 + minutes * 60 + seconds;
  if (minutes > 59 || seconds > 59 || offset > 18 * 3600) return null;
  return { offset: text.startsWith('-') ? -offset || 0 : offset, zone: null };
};

/** `24:00:00` is read as the next day's midnight in a date-time (`carry` 1), and as 00:00:00 alone. */
const parseClock = (text: string): { nanos: number; at: Zone; carry: number } | null => {
  const m = timeShape.exec(text);
  if (m === null) return null;
  const [hour, minute, second] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const fraction = Number((m[4] ?? '').slice(0, 9).padEnd(9, '0'));
  const at = parseZone(m[5]);
  const midnight = hour === 24 && minute === 0 && second === 0 && fraction === 0;
  if (at === null || (hour > 23 && !midnight) || minute > 59 || second > 59) return null;
  return midnight ? { nanos: 0, at, carry: 1 } : { nanos: (hour * 3600 + minute * 60 + second) * 1e9 + fraction, at, carry: 0 };
};

export const parseTime = (text: string): FeelTime | null => {
  const clock = parseClock(text);
  return clock === null ? null : timeOf(clock.nanos, clock.at);
};

/** A date alone is its midnight, without a zone. */
export const parseDateTime = (text: string): FeelDateTime | null => {
  const t = text.indexOf('T');
  const d = parseDate(t < 0 ? text : text.slice(0, t));
  if (d === null) return null;
  if (t < 0) return dateTimeOf(d.epochDay, 0, local);
  const clock = parseClock(text.slice(t + 1));
  return clock === null ? null : dateTimeOf(d.epochDay + clock.carry, clock.nanos, clock.at);
};

// ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────
const two = (n: number): string => String(n).padStart(2, '0');

export const formatDate = (d: { readonly epochDay: number }): string => {
  const c = civilOf(d.epochDay);
  return `${c.year < 0 ? '-' : ''}${String(Math.abs(c.year)).padStart(4, '0')}-${two(c.month)}-${two(c.day)}`;
};

const formatZone = (z: Zone): string => {
  if (z.zone !== null) return `@${z.zone}`;
  if (z.offset === null) return '';
  if (z.offset === 0) return 'Z';
  const s = Math.abs(z.offset);
  const seconds = s % 60 === 0 ? '' : `:${two(s % 60)}`;
  return `${z.offset < 0 ? '-' : '+'}${two(Math.floor(s / 3600))}:${two(Math.floor(s / 60) % 60)}${seconds}`;
};

export interface ClockParts {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly nanos: number;
}

export const clockOf = (nanos: number): ClockParts => {
  const seconds = Math.floor(nanos / 1e9);
  return {
    hour: Math.floor(seconds / 3600),
    minute: Math.floor(seconds / 60) % 60,
    second: seconds % 60,
    nanos: nanos - seconds * 1e9,
  };
};

export const formatTime = (t: { readonly nanos: number } & Zone): string => {
  const c = clockOf(t.nanos);
  const fraction = c.nanos === 0 ? '' : `.${String(c.nanos).padStart(9, '0').replace(/0+$/, '')}`;
  return `${two(c.hour)}:${two(c.minute)}:${two(c.second)}${fraction}${formatZone(t)}`;
};

export const formatDateTime = (d: FeelDateTime): string => `${formatDate(d)}T${formatTime(d)}`;

// ── instants ─────────────────────────────────────────────────────────────────────────────────────────────────────────
/** Seconds east of UTC at that local moment; null for local time. A zone's far past and future keep the nearest rule known. */
export const offsetOf = (d: { readonly epochDay: number; readonly nanos: number } & Zone): number | null => {
  if (d.zone === null) return d.offset;
  const c = civilOf(d.epochDay);
  const year = Math.min(Math.max(c.year, -9999), 9999);
  const t = clockOf(d.nanos);
  const plain = Temporal.PlainDateTime.from({
    year,
    month: c.month,
    day: Math.min(c.day, daysInMonth(year, c.month)),
    hour: t.hour,
    minute: t.minute,
    second: t.second,
  });
  return plain.toZonedDateTime(d.zone).offsetNanoseconds / 1e9;
};

/** Nanoseconds since the epoch; local times count as if they were UTC, and may only be compared among themselves. */
export const instantOf = (d: FeelDateTime): bigint =>
  BigInt(d.epochDay) * nanosPerDay + BigInt(d.nanos) - BigInt(offsetOf(d) ?? 0) * 1_000_000_000n;

export const isLocal = (d: Zone): boolean => d.offset === null && d.zone === null;

/** Zones of a bare time are read on 1970-01-01: FEEL gives no better day. */
export const instantOfTime = (t: FeelTime): number => t.nanos - (offsetOf({ ...t, epochDay: 0 }) ?? 0) * 1e9;

/** FEEL reads a date among date-times as midnight UTC. */
export const midnightUtc = (d: FeelDate): FeelDateTime => dateTimeOf(d.epochDay, 0, { offset: 0, zone: null });

// ── moving ───────────────────────────────────────────────────────────────────────────────────────────────────────────
const inRange = (epochDay: number): boolean => Math.abs(civilOf(epochDay).year) <= maxYear;

/** The month's end clamps. */
export const moveMonths = (epochDay: number, months: number): number | null => {
  const c = civilOf(epochDay);
  const index = c.year * 12 + (c.month - 1) + months;
  const year = Math.floor(index / 12);
  const month = index - year * 12 + 1;
  return Math.abs(year) > maxYear ? null : epochDayOf(year, month, Math.min(c.day, daysInMonth(year, month)));
};

/** Wall-clock arithmetic in the value's own zone, as FEEL wants it. */
const moveNanos = (epochDay: number, nanos: number, by: bigint): { epochDay: number; nanos: number } | null => {
  const total = BigInt(epochDay) * nanosPerDay + BigInt(nanos) + by;
  const rest = ((total % nanosPerDay) + nanosPerDay) % nanosPerDay;
  const days = Number((total - rest) / nanosPerDay);
  return Number.isSafeInteger(days) && inRange(days) ? { epochDay: days, nanos: Number(rest) } : null;
};

export const moveDate = (d: FeelDate, by: YearMonthDuration | DayTimeDuration): FeelDate | null => {
  const epochDay = by.kind === 'ymDuration' ? moveMonths(d.epochDay, by.months) : (moveNanos(d.epochDay, 0, by.nanos)?.epochDay ?? null);
  return epochDay === null ? null : date(epochDay);
};

export const moveDateTime = (d: FeelDateTime, by: YearMonthDuration | DayTimeDuration): FeelDateTime | null => {
  if (by.kind === 'ymDuration') {
    const epochDay = moveMonths(d.epochDay, by.months);
    return epochDay === null ? null : { ...d, epochDay };
  }
  const moved = moveNanos(d.epochDay, d.nanos, by.nanos);
  return moved === null ? null : { ...d, ...moved };
};

export const moveTime = (t: FeelTime, by: DayTimeDuration): FeelTime => {
  const nanos = (Number((BigInt(t.nanos) + by.nanos) % nanosPerDay) + nanosPerDayNumber) % nanosPerDayNumber;
  return { ...t, nanos };
};

/** Complete months from a to b by their dates alone (the TCK ignores the time of day), toward zero. */
export const completeMonths = (a: { readonly epochDay: number }, b: { readonly epochDay: number }): number => {
  if (b.epochDay < a.epochDay) return -completeMonths(b, a) || 0;
  const x = civilOf(a.epochDay);
  const y = civilOf(b.epochDay);
  return (y.year - x.year) * 12 + (y.month - x.month) - (y.day < x.day ? 1 : 0);
};

/** Any `@"…"` literal or text in a range: date, date-time or time, in that order. */
export const parseTemporal = (text: string): FeelDate | FeelDateTime | FeelTime | null =>
  text.includes('T') ? parseDateTime(text) : (parseDate(text) ?? parseTime(text));
