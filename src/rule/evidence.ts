// Decides again from what a decision read, and nothing else: the evidence as a FactSource (a match is what `decide` says on its evidence).
import type { Day } from '../base/day.ts';
import { floorToBigint, fromInt, mul } from '../base/rational.ts';
import type { FeelType } from '../feel/type.ts';
import { boundedUnknown, isNumber, unknown, type Value } from '../feel/value.ts';
import type { FactSource, ReadEntry, Reading } from './facts.ts';
import { numberFrom, valueFrom } from './literal.ts';

/** `typeOf`: the catalogue's type of a fact or link path; undefined for names it does not know. */
export const replaySource = (read: readonly ReadEntry[], typeOf: (fact: string) => FeelType | undefined): FactSource => {
  const single = new Map<string, ReadEntry>();
  const spans = new Map<string, ReadEntry[]>();
  for (const e of read) {
    if (e.to === undefined) single.set(e.day === undefined ? e.fact : `${e.fact}@${e.day}`, e);
    else {
      const key = `${e.fact}@${e.day}/${e.to}`;
      spans.set(key, [...(spans.get(key) ?? []), e]);
    }
  }
  const entry = (fact: string, day?: Day): ReadEntry | undefined => single.get(`${fact}@${day}`) ?? single.get(fact);
  const number: FeelType = { kind: 'number' };
  const value = (fact: string, day: Day | undefined, type: FeelType | undefined): Reading => {
    const e = entry(fact, day);
    return e === undefined ? notRead(fact) : readingOf(e, type);
  };
  const own = single.get('subject.key')?.value;
  return {
    ...(typeof own === 'string' ? { ownKey: own } : {}),
    closed: (fact) => value(fact, undefined, number),
    read: (fact, day) => value(fact, day, typeOf(fact)),
    readAll: (fact, from, to) => (spans.get(`${fact}@${from}/${to}`) ?? []).map((e) => readingOf(e, typeOf(fact))),
    parameter: (key, region, day) => value(`parameter:${key}${region === null ? '' : `:${region}`}`, day, number),
    external: (key, region, period) => value(`external:${key}:${period}${region === null ? '' : `:${region}`}`, undefined, number),
    paid: (items, options) => {
      const asked = ['year', 'period', 'key'].flatMap((k) => {
        const v = options[k as 'year' | 'period' | 'key'];
        return v === undefined ? [] : [`:${k}=${v}`];
      });
      const sum = value(`paid:${items.join('+')}${asked.join('')}`, undefined, number).value;
      return [{ amountFen: isNumber(sum) ? floorToBigint(mul(sum, fromInt(100))) : 0n, period: '', item: items[0] ?? '' }];
    },
    within: (tree, code, ancestor, day) => {
      const v = value(`within:${tree}:${code}:${ancestor}`, day, { kind: 'boolean' }).value;
      return typeof v === 'boolean' ? v : null;
    },
  };
};

const notRead = (fact: string): Reading => ({
  value: unknown(fact),
  source: null,
  missing: { fact, dataset: null, reason: 'undelivered' },
});

const readingOf = (e: ReadEntry, type: FeelType | undefined): Reading => {
  const missing = {
    ...(e.missing === undefined ? {} : { missing: e.missing }),
    ...(e.missings === undefined ? {} : { missings: e.missings }),
  };
  if (e.value === undefined) {
    const names = e.missings?.map((m) => m.fact) ?? [e.missing?.fact ?? e.fact];
    const [low, high] = (e.bounds ?? [null, null]).map((b) => (b === null ? null : numberFrom(b)));
    return { value: boundedUnknown(names, low ?? null, high ?? null), source: e.source, ...missing };
  }
  const shape: FeelType | undefined = type?.kind === 'record' ? { kind: 'string' } : type;
  const v: Value | undefined = shape === undefined ? undefined : restore(e.value, shape, e.fact);
  return { value: v ?? (e.value === null ? null : unknown(e.fact)), source: e.source, ...missing };
};

/** Gaps inside lists and records stand as `{ "unknown": […] }` in evidence; they come back as unknown by leaving the field out. */
const restore = (raw: unknown, type: FeelType, path: string): Value | undefined => {
  const dropGaps = (v: unknown): unknown => {
    if (Array.isArray(v)) return v.map(dropGaps);
    if (typeof v !== 'object' || v === null) return v;
    return Object.fromEntries(
      Object.entries(v)
        .filter(([, e]) => !(typeof e === 'object' && e !== null && !Array.isArray(e) && Object.hasOwn(e, 'unknown')))
        .map(([k, e]) => [k, dropGaps(e)]),
    );
  };
  return valueFrom(dropGaps(raw), type, path);
};
