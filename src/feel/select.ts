// Reaching into values: paths, properties of dates and durations, filters by index and by condition.

import { civilOf } from '../base/day.ts';
import { fromBigint, fromInt, ratio, toInt } from '../base/rational.ts';
import { isUnknownTruth, truthOf } from './compare.ts';
import { dayTime, nanosPerSecond, partsOf } from './duration.ts';
import { clockOf, offsetOf, type Zone } from './temporal.ts';
import {
  type FeelRange,
  isList,
  isNumber,
  isUncertain,
  isUnknown,
  type Maybe,
  missingOf,
  type UncertainList,
  unknown,
  type Value,
} from './value.ts';

const weekday = (epochDay: number): number => ((((epochDay + 3) % 7) + 7) % 7) + 1;

const dateProperty = (epochDay: number, name: string): Value | undefined => {
  const c = civilOf(epochDay);
  if (name === 'year') return fromInt(c.year);
  if (name === 'month') return fromInt(c.month);
  if (name === 'day') return fromInt(c.day);
  return name === 'weekday' ? fromInt(weekday(epochDay)) : undefined;
};

const clockProperty = (t: { readonly nanos: number; readonly epochDay: number } & Zone, name: string): Value => {
  const c = clockOf(t.nanos);
  if (name === 'hour') return fromInt(c.hour);
  if (name === 'minute') return fromInt(c.minute);
  if (name === 'second') return ratio(BigInt(c.second) * nanosPerSecond + BigInt(c.nanos), nanosPerSecond);
  if (name === 'timezone') return t.zone;
  const offset = name === 'time offset' ? offsetOf(t) : null;
  return offset === null ? null : dayTime(BigInt(offset) * nanosPerSecond);
};

const rangeProperty = (r: FeelRange, name: string): Value => {
  switch (name) {
    case 'start':
      return r.low ?? null;
    case 'end':
      return r.high ?? null;
    case 'start included':
      return r.lowClosed;
    case 'end included':
      return r.highClosed;
    default:
      return null;
  }
};

/** `value.name`; over a list, of every element. What has no such part gives null. */
export const property = (v: Value, name: string): Value => {
  if (v === null || typeof v !== 'object') return null;
  if (isList(v)) return v.map((e) => property(e, name));
  switch (v.kind) {
    case 'context':
      return v.entries.get(name) ?? null;
    case 'unknown':
      return v.low === null && v.high === null ? v : null;
    case 'uncertainList':
      return { ...v, elements: v.elements.map((e) => ({ value: property(e.value, name), sure: e.sure })) };
    case 'date':
      return dateProperty(v.epochDay, name) ?? null;
    case 'dateTime':
      return dateProperty(v.epochDay, name) ?? clockProperty(v, name);
    case 'time':
      return clockProperty({ ...v, epochDay: 0 }, name);
    case 'ymDuration':
      if (name === 'years') return fromInt(Math.trunc(v.months / 12) || 0);
      return name === 'months' ? fromInt(v.months % 12 || 0) : null;
    case 'dtDuration': {
      const p = partsOf(v);
      if (name === 'days' || name === 'hours' || name === 'minutes') return fromBigint(p[name]);
      return name === 'seconds' ? ratio(p.seconds * nanosPerSecond + p.nanos, nanosPerSecond) : null;
    }
    case 'range':
      return rangeProperty(v, name);
    default:
      return null;
  }
};

/** The elements with their certainty; a single value is a list of one; undefined: the whole list is unknown. */
export const elementsOf = (v: Value): readonly Maybe[] | undefined => {
  if (isList(v)) return v.map((value) => ({ value, sure: true }));
  if (isUncertain(v)) return v.elements;
  return isUnknown(v) ? undefined : [{ value: v, sure: true }];
};

/** A plain list again where nothing is in doubt. */
export const listFrom = (elements: readonly Maybe[], missing: readonly string[]): readonly Value[] | UncertainList =>
  elements.every((e) => e.sure) ? elements.map((e) => e.value) : { kind: 'uncertainList', elements, missing: [...new Set(missing)].sort() };

/** The k-th element (from 1, negative from the end); unknown when an element before it may be missing. */
export const at = (target: Value, index: Value): Value => {
  if (isUnknown(index)) return unknown(...missingOf(target, index));
  const k = isNumber(index) ? toInt(index) : null;
  const elements = elementsOf(target);
  if (elements === undefined) return target;
  if (k === null || k === 0) return null;
  const fromStart = k > 0 ? elements : elements.toReversed();
  const reach = fromStart.slice(0, Math.abs(k));
  if (reach.every((e) => e.sure)) return reach.length < Math.abs(k) ? null : (reach[reach.length - 1]?.value ?? null);
  // Fewer than k elements even if all of them belong: surely nothing there.
  if (elements.length < Math.abs(k)) return null;
  return unknown(...missingOf(target));
};

/** Keeps what surely holds, drops what surely does not, and marks the rest. */
export const keep = (elements: readonly Maybe[], missing: readonly string[], test: (v: Value) => Value): Value => {
  const out: Maybe[] = [];
  const open: string[] = [...missing];
  for (const e of elements) {
    const t = truthOf(test(e.value));
    if (t === true) out.push(e);
    else if (isUnknownTruth(t)) {
      out.push({ value: e.value, sure: false });
      open.push(...t.missing);
    }
  }
  return listFrom(out, open);
};
