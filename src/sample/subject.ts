// A sample subject: what is true of one made-up person or firm, in terms of the catalogue's facts, before departments write it down.
// `delivery.ts` spreads it over the datasets; nothing here decides anything.
import type { Day } from '../base/day.ts';

export type Scalar = string | number | boolean;

/** Nobody wrote it down: the row is delivered, its cell is empty. (A fact left out of `facts` is simply not delivered.) */
export const unknown = { unknown: true } as const;
export type Unknown = typeof unknown;

/** An element of a list fact, or a row of values by field. */
export type Element = { readonly [field: string]: Scalar | readonly string[] | null | Unknown | undefined };

/** Period → value. */
export type Series = { readonly [period: string]: Scalar | null | Unknown };

/** The value of a fact while it lasts; `null` = checked, none. */
export type Plain = Scalar | readonly string[] | readonly Element[] | Series | null | Unknown;

export interface Span {
  readonly from: Day;
  readonly to: Day | null;
  readonly v: Plain;
}

/** A timed fact with a history; a timed fact given plainly holds from `sinceAlways`, open. */
export interface Spans {
  readonly spans: readonly Span[];
}

/** Several datasets tell the same fact differently (three sources of a death). */
export interface Sources {
  readonly sources: { readonly [dataset: string]: Plain };
}

export type FactValue = Plain | Spans | Sources;
export type Facts = Readonly<Record<string, FactValue>>;

export interface Subject {
  readonly register: 'citizen' | 'enterprise' | 'household';
  readonly key: string;
  readonly name: string;
  readonly division: string;
  readonly facts: Facts;
}

/** Start of every span nobody gave a date for: before any period an item looks at. */
export const sinceAlways = '2000-01-01' as Day;

const isObject = (value: FactValue | undefined): value is Exclude<FactValue, Scalar | null> => typeof value === 'object' && value !== null;

export const isUnknown = (value: unknown): value is Unknown => value === unknown;
export const isSpans = (value: FactValue | undefined): value is Spans => isObject(value) && 'spans' in value && Array.isArray(value.spans);
export const isSources = (value: FactValue | undefined): value is Sources =>
  isObject(value) && !Array.isArray(value) && 'sources' in value && typeof value.sources === 'object';

/** `held(['2010-01-01', '2026-03-15', 'A'], ['2026-03-15', null, 'B'])`: A, then B from 15 March on. */
export const held = (...rows: readonly (readonly [from: string, to: string | null, v: Plain])[]): Spans => ({
  spans: rows.map(([from, to, v]) => ({ from: from as Day, to: to as Day | null, v })),
});
