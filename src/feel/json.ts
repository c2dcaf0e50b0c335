// Values to and from JSON, by declared type: rule examples, evidence, the plain path. A number travels as decimal text or as a JSON
// number (read by its shortest decimal writing, so 0.1 is exactly one tenth); a date as `YYYY-MM-DD`.

import { parseDecimal, toDecimalString } from '../base/rational.ts';
import { parseDuration } from './duration.ts';
import { formatValue } from './format.ts';
import { parseDate, parseDateTime, parseTime } from './temporal.ts';
import { anyType, type FeelType } from './type.ts';
import { context, isList, unknown, type Value } from './value.ts';

const isObject = (json: unknown): json is Readonly<Record<string, unknown>> =>
  json !== null && typeof json === 'object' && !Array.isArray(json);

const numberFrom = (json: unknown): Value | undefined => {
  if (typeof json === 'number' && Number.isFinite(json)) return parseDecimal(String(json)) ?? undefined;
  return typeof json === 'string' ? (parseDecimal(json) ?? undefined) : undefined;
};

const textAs = (json: unknown, read: (text: string) => Value): Value | undefined =>
  typeof json === 'string' ? (read(json) ?? undefined) : undefined;

const all = (values: readonly (Value | undefined)[]): readonly Value[] | undefined =>
  values.some((v) => v === undefined) ? undefined : (values as Value[]);

/** Records and lists within each other beyond this are nobody's data; refused before the stack is. */
const deepest = 60;

const recordFrom = (json: unknown, typeOf: (key: string) => FeelType, keys: readonly string[], depth: number): Value | undefined => {
  if (!isObject(json)) return undefined;
  const out = new Map<string, Value>();
  for (const key of new Set([...keys, ...Object.keys(json)])) {
    // A field the example does not give is nobody's statement: unknown, not null.
    const v = Object.hasOwn(json, key) ? valueFrom(json[key], typeOf(key), depth + 1) : unknown(key);
    if (v === undefined) return undefined;
    out.set(key, v);
  }
  return context(out);
};

const untyped = (json: unknown, depth: number): Value | undefined => {
  if (json === null) return null;
  if (typeof json === 'string' || typeof json === 'boolean') return json;
  if (typeof json === 'number') return numberFrom(json);
  if (Array.isArray(json)) return all(json.map((e) => valueFrom(e, anyType, depth + 1)));
  return recordFrom(json, () => anyType, [], depth);
};

/** `{ "unknown": ["name", …] }` says in JSON that nobody told us. */
const unknownFrom = (json: unknown): Value | undefined => {
  if (!isObject(json) || Object.keys(json).length !== 1) return undefined;
  const names = json.unknown;
  return Array.isArray(names) && names.length > 0 && names.every((n) => typeof n === 'string')
    ? unknown(...(names as string[]))
    : undefined;
};

/** The value the JSON stands for under that type; undefined when it does not fit or lies too deep. null is always the known "none". */
export const fromJson = (json: unknown, type: FeelType): Value | undefined => valueFrom(json, type, 0);

const valueFrom = (json: unknown, type: FeelType, depth: number): Value | undefined => {
  if (json === null) return null;
  if (depth > deepest) return undefined;
  const open = unknownFrom(json);
  if (open !== undefined) return open;
  switch (type.kind) {
    case 'any':
      return untyped(json, depth);
    case 'number':
      return numberFrom(json);
    case 'boolean':
      return typeof json === 'boolean' ? json : undefined;
    case 'string':
    case 'code':
      return typeof json === 'string' ? json : undefined;
    case 'date':
      return textAs(json, parseDate);
    case 'time':
      return textAs(json, parseTime);
    case 'dateTime':
      return textAs(json, parseDateTime);
    case 'ymDuration':
    case 'dtDuration': {
      const d = typeof json === 'string' ? parseDuration(json) : null;
      return d !== null && d.kind === type.kind ? d : undefined;
    }
    case 'list':
      return Array.isArray(json) ? all(json.map((e) => valueFrom(e, type.element, depth + 1))) : undefined;
    case 'record':
      return recordFrom(json, (key) => type.fields[key] ?? anyType, Object.keys(type.fields), depth);
    case 'series':
      return recordFrom(json, () => ({ kind: 'number' }), [], depth);
    default:
      return undefined;
  }
};

/** Plain JSON: numbers as decimal text (34 places at most), temporals as ISO text, an unknown as `{ unknown: […] }` with its bounds. */
export const toJson = (v: Value): unknown => {
  if (v === null || typeof v === 'string' || typeof v === 'boolean') return v;
  if (isList(v)) return v.map(toJson);
  switch (v.kind) {
    case 'number':
      return toDecimalString(v);
    case 'context':
      return Object.fromEntries([...v.entries].map(([k, e]) => [k, toJson(e)]));
    case 'unknown':
      return {
        unknown: [...v.missing],
        ...(v.low === null ? {} : { low: toDecimalString(v.low) }),
        ...(v.high === null ? {} : { high: toDecimalString(v.high) }),
      };
    case 'uncertainList':
      return { elements: v.elements.map((e) => ({ value: toJson(e.value), sure: e.sure })), missing: [...v.missing] };
    default:
      return formatValue(v);
  }
};
