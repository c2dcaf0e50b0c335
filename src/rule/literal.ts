// From plain JSON to values and back: how numbers, dates, codes and sets stand in rule files, examples and evidence.
// Numbers are JSON numbers or decimal text ("12.50"), never a float on the way: a JSON number is read by its shortest text.
import { parseDay } from '../base/day.ts';
import { div, fromBigint, parseDecimal, type Rational, toDecimalString } from '../base/rational.ts';
import { formatDayTime, formatYearMonth } from '../feel/duration.ts';
import { formatDate, formatDateTime, formatTime } from '../feel/temporal.ts';
import type { FeelType } from '../feel/type.ts';
import { type Context, context, dateFromDay, isList, openSeries, unknown, type Value } from '../feel/value.ts';

export const isObject = (v: unknown): v is Readonly<Record<string, unknown>> => typeof v === 'object' && v !== null && !Array.isArray(v);

/** JSON number, decimal text, or a fraction "2/3" → exact; null when it is none of them or too long to be meant. */
export const numberFrom = (raw: unknown): Rational | null => {
  if (typeof raw === 'number') return Number.isFinite(raw) && Math.abs(raw) <= Number.MAX_SAFE_INTEGER ? parseDecimal(String(raw)) : null;
  if (typeof raw !== 'string' || raw.length > 60 || raw.trim() !== raw) return null;
  const slash = raw.indexOf('/');
  if (slash < 0) return parseDecimal(raw);
  const [above, below] = [raw.slice(0, slash), raw.slice(slash + 1)];
  if (!/^-?\d+$/.test(above) || !/^\d+$/.test(below)) return null;
  return div(fromBigint(BigInt(above)), fromBigint(BigInt(below)));
};

/** Plain JSON by type → value; undefined when it does not fit. Null is always a known none. Missing record fields are unknown as `path.field`. */
export const valueFrom = (raw: unknown, type: FeelType, path: string): Value | undefined => {
  if (raw === null) return null;
  switch (type.kind) {
    case 'number':
      return numberFrom(raw) ?? undefined;
    case 'boolean':
      return typeof raw === 'boolean' ? raw : undefined;
    case 'string':
    case 'code':
      return typeof raw === 'string' ? raw : undefined;
    case 'date': {
      const d = typeof raw === 'string' ? parseDay(raw) : null;
      return d === null ? undefined : dateFromDay(d);
    }
    case 'list':
      return Array.isArray(raw) ? listFrom(raw, type.element, path) : undefined;
    case 'record':
      return isObject(raw) ? recordFrom(raw, type.fields, path) : undefined;
    case 'series':
      return isObject(raw) ? seriesFrom(raw, path) : undefined;
    default:
      return undefined;
  }
};

const listFrom = (raw: readonly unknown[], element: FeelType, path: string): Value | undefined => {
  const out: Value[] = [];
  for (const r of raw) {
    const v = valueFrom(r, element, path);
    if (v === undefined) return undefined;
    out.push(v);
  }
  return out;
};

const recordFrom = (
  raw: Readonly<Record<string, unknown>>,
  fields: Readonly<Record<string, FeelType>>,
  path: string,
): Context | undefined => {
  const entries = new Map<string, Value>();
  for (const [key, type] of Object.entries(fields)) {
    const r = Object.hasOwn(raw, key) ? raw[key] : undefined;
    const v = r === undefined ? unknown(`${path}.${key}`) : valueFrom(r, type, `${path}.${key}`);
    if (v === undefined) return undefined;
    entries.set(key, v);
  }
  return Object.keys(raw).every((key) => Object.hasOwn(fields, key)) ? context(entries) : undefined;
};

const periodKey = /^\d{4}(-(0[1-9]|1[0-2])|Q[1-4])?$/;

/** A period left out is unknown, null a known none. */
const seriesFrom = (raw: Readonly<Record<string, unknown>>, path: string): Context | undefined => {
  const entries = new Map<string, Value>();
  for (const [key, r] of Object.entries(raw)) {
    const n = r === null ? null : numberFrom(r);
    if (!periodKey.test(key) || (n === null && r !== null)) return undefined;
    entries.set(key, n);
  }
  return openSeries(entries, path);
};

/** A number as people and JSON read it: decimal text, a fraction that never ends as "2/3". */
export const numberText = (n: Rational): string => {
  const text = toDecimalString(n, 34);
  const back = parseDecimal(text);
  return back !== null && back.num === n.num && back.den === n.den ? text : `${n.num}/${n.den}`;
};

/** A value as plain JSON; unknown is `{ "unknown": [facts] }`, so that it is never mistaken for null. */
export const plain = (v: Value): unknown => {
  if (v === null || typeof v === 'boolean' || typeof v === 'string') return v;
  if (isList(v)) return v.map(plain);
  switch (v.kind) {
    case 'number':
      return numberText(v);
    case 'date':
      return formatDate(v);
    case 'time':
      return formatTime(v);
    case 'dateTime':
      return formatDateTime(v);
    case 'ymDuration':
      return formatYearMonth(v);
    case 'dtDuration':
      return formatDayTime(v);
    case 'context':
      return Object.fromEntries([...v.entries].map(([key, e]) => [key, plain(e)]));
    case 'range':
      return plainRange(v.low, v.high, v.lowClosed, v.highClosed);
    case 'function':
      return { function: v.name };
    case 'unknown': {
      const bounds = v.low === null && v.high === null ? {} : { low: v.low && numberText(v.low), high: v.high && numberText(v.high) };
      return { unknown: v.missing, ...bounds };
    }
    case 'uncertainList':
      return { unknown: v.missing, elements: v.elements.map((e) => ({ sure: e.sure, value: plain(e.value) })) };
  }
};

const plainRange = (low: Value | undefined, high: Value | undefined, lowClosed: boolean, highClosed: boolean): unknown => ({
  ...(low === undefined ? {} : { [lowClosed ? 'from' : 'above']: plain(low) }),
  ...(high === undefined ? {} : { [highClosed ? 'upTo' : 'below']: plain(high) }),
});
