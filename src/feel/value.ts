// The values FEEL computes with, `Unknown` ("nobody told us") among them, and their shapes in JSON.
// null is a known "none"; Unknown carries the names of the facts that would settle it.

import { type Day, epochDayOf, fieldsOf, fromEpochDay } from '../base/day.ts';
import type { Rational } from '../base/rational.ts';

/** A civil date; `epochDay` counts from 1970-01-01, so that columns and comparisons are plain numbers. */
export interface FeelDate {
  readonly kind: 'date';
  readonly epochDay: number;
}

/** `offset` in seconds east of UTC, `zone` an IANA name; both null: local time. */
export interface FeelTime {
  readonly kind: 'time';
  readonly nanos: number;
  readonly offset: number | null;
  readonly zone: string | null;
}

export interface FeelDateTime {
  readonly kind: 'dateTime';
  readonly epochDay: number;
  readonly nanos: number;
  readonly offset: number | null;
  readonly zone: string | null;
}

export interface YearMonthDuration {
  readonly kind: 'ymDuration';
  readonly months: number;
}

export interface DayTimeDuration {
  readonly kind: 'dtDuration';
  readonly nanos: bigint;
}

/**
 * A record; also a series (period key → number). `open` is the name of the fact a delivered series stands for: what it does not list is unknown (as
 * `revenue[2025]`), while a record written in an expression has nothing else, and there is none.
 */
export interface Context {
  readonly kind: 'context';
  readonly entries: ReadonlyMap<string, Value>;
  readonly open?: string;
}

/** An interval or a unary test; a missing end is `undefined`, so `> null` differs from an open end. `(= 5)` and `(!= 5)` keep 5 in `low`. */
export interface FeelRange {
  readonly kind: 'range';
  readonly low: Value | undefined;
  readonly high: Value | undefined;
  readonly lowClosed: boolean;
  readonly highClosed: boolean;
  readonly test?: '=' | '!=';
}

export interface FeelFunction {
  readonly kind: 'function';
  readonly name: string;
  readonly parameters: readonly string[];
  readonly call: (args: readonly Value[]) => Value;
}

/** `low` and `high` bound an unknown number (inclusive; null = no bound). `missing` is sorted, without repeats, never empty. */
export interface Unknown {
  readonly kind: 'unknown';
  readonly missing: readonly string[];
  readonly low: Rational | null;
  readonly high: Rational | null;
}

/** A list of which some elements may or may not belong: what a filter leaves when its condition is unknown for them. */
export interface UncertainList {
  readonly kind: 'uncertainList';
  readonly elements: readonly Maybe[];
  readonly missing: readonly string[];
}

export interface Maybe {
  readonly value: Value;
  readonly sure: boolean;
}

export type Value =
  | null
  | boolean
  | string
  | Rational
  | FeelDate
  | FeelTime
  | FeelDateTime
  | YearMonthDuration
  | DayTimeDuration
  | readonly Value[]
  | Context
  | FeelRange
  | FeelFunction
  | Unknown
  | UncertainList;

export type ValueKind = Exclude<Value, null | boolean | string | readonly Value[]>['kind'] | 'null' | 'boolean' | 'string' | 'list';

export const kindOf = (v: Value): ValueKind => {
  if (v === null) return 'null';
  if (typeof v === 'string') return 'string';
  if (typeof v === 'boolean') return 'boolean';
  return isList(v) ? 'list' : v.kind;
};

/** Array.isArray does not narrow readonly arrays out of a union; this does. */
export const isList = (v: Value): v is readonly Value[] => Array.isArray(v);
export const isNumber = (v: Value): v is Rational => v !== null && typeof v === 'object' && !isList(v) && v.kind === 'number';
export const isUnknown = (v: Value): v is Unknown => v !== null && typeof v === 'object' && !isList(v) && v.kind === 'unknown';
export const isContext = (v: Value): v is Context => v !== null && typeof v === 'object' && !isList(v) && v.kind === 'context';
export const isUncertain = (v: Value): v is UncertainList =>
  v !== null && typeof v === 'object' && !isList(v) && v.kind === 'uncertainList';

/** One fact nobody told us. */
export const unknown = (...missing: readonly string[]): Unknown => ({
  kind: 'unknown',
  missing: missing.length > 1 ? [...new Set(missing)].sort() : missing,
  low: null,
  high: null,
});

/** A number nobody told us exactly; equal bounds are not collapsed here because the caller may still owe the fact. */
export const boundedUnknown = (missing: readonly string[], low: Rational | null, high: Rational | null): Unknown => ({
  ...unknown(...missing),
  low,
  high,
});

/** Every missing fact named anywhere inside the values, sorted; empty when all is known. */
export const missingOf = (...values: readonly Value[]): readonly string[] => {
  const found = new Set<string>();
  for (const v of values) collectMissing(v, found);
  return [...found].sort();
};

const collectMissing = (v: Value, into: Set<string>): void => {
  if (v === null || typeof v !== 'object') return;
  if (isList(v)) for (const e of v) collectMissing(e, into);
  else if (v.kind === 'unknown') for (const m of v.missing) into.add(m);
  else if (v.kind === 'uncertainList') {
    for (const m of v.missing) into.add(m);
    for (const e of v.elements) collectMissing(e.value, into);
  } else if (v.kind === 'context') for (const e of v.entries.values()) collectMissing(e, into);
  else if (v.kind === 'range') {
    collectMissing(v.low ?? null, into);
    collectMissing(v.high ?? null, into);
  }
};

export const context = (fields: Readonly<Record<string, Value>> | ReadonlyMap<string, Value>): Context => ({
  kind: 'context',
  entries: fields instanceof Map ? fields : new Map(Object.entries(fields)),
});

/** A delivered series: null is a known none, a period left out is unknown. */
export const openSeries = (entries: ReadonlyMap<string, Value>, fact: string): Context => ({ kind: 'context', entries, open: fact });

/** What stands under the key; of an open series' other periods nobody told us. */
export const entryOf = (c: Context, key: string): Value => {
  const v = c.entries.get(key);
  if (v !== undefined) return v;
  return c.open === undefined ? null : unknown(`${c.open}[${key}]`);
};

export const dateFromDay = (d: Day): FeelDate => {
  const f = fieldsOf(d);
  return { kind: 'date', epochDay: epochDayOf(f.year, f.month, f.day) };
};

/** Throws RangeError outside the years 0001–9999, which no fact of ours leaves. */
export const dayFromDate = (d: FeelDate): Day => fromEpochDay(d.epochDay);
