// Delivered values of every fact type as vectors: scalars as they are; sets, series and lists as offsets and element vectors, nested once
// (a list's field may itself be a set or a series). A value that has not its type's shape is kept as JSON rather than lost.
import type { FactType, Field } from '../catalogue/catalogue.ts';
import type { CellValue } from '../record/record.ts';
import {
  finishVector,
  type Ints,
  ints,
  lastInt,
  plainAt,
  pushInt,
  pushInts,
  pushValue,
  state,
  takeInts,
  type Vector,
  type VectorBuilder,
  vectorBuilder,
} from './vector.ts';

export type Values =
  | { readonly shape: 'scalar'; readonly vector: Vector }
  | (Nested & { readonly shape: 'set'; readonly elements: Vector })
  | (Nested & { readonly shape: 'series'; readonly periods: Vector; readonly numbers: Vector })
  | (Nested & {
      readonly shape: 'list';
      readonly fields: { readonly [key: string]: Values };
      /** Fields the catalogue does not know, as JSON objects; missing when there are none. */
      readonly rest?: Vector;
    });

interface Nested {
  readonly length: number;
  readonly states: Uint8Array;
  /** Entry i holds elements `offsets[i]` to `offsets[i + 1]`. */
  readonly offsets: Uint32Array;
  /** Entries of another shape than the type's; missing when there are none. */
  readonly odd?: Vector;
}

/** What a vector needs to know of a fact or a field. */
export interface Shape {
  readonly type: FactType;
  readonly fields?: readonly Field[];
}

interface NestedBuilder {
  readonly states: Ints;
  readonly offsets: Ints;
  readonly odd: VectorBuilder;
  count: number;
  oddCount: number;
}

export type ValuesBuilder =
  | { readonly shape: 'scalar'; readonly vector: VectorBuilder }
  | (NestedBuilder & { readonly shape: 'set'; readonly elements: VectorBuilder })
  | (NestedBuilder & { readonly shape: 'series'; readonly periods: VectorBuilder; readonly numbers: VectorBuilder })
  | (NestedBuilder & {
      readonly shape: 'list';
      readonly fields: ReadonlyMap<string, ValuesBuilder>;
      readonly rest: VectorBuilder;
      restCount: number;
    });

export const valuesBuilder = (shape: Shape): ValuesBuilder => {
  const nested = (): NestedBuilder => ({ states: ints(), offsets: ints(), odd: vectorBuilder('text'), count: 0, oddCount: 0 });
  switch (shape.type) {
    case 'set':
      return { shape: 'set', ...nested(), elements: vectorBuilder('category') };
    case 'series':
      return { shape: 'series', ...nested(), periods: vectorBuilder('category'), numbers: vectorBuilder('number') };
    case 'list': {
      const fields = new Map((shape.fields ?? []).map((field) => [field.key, valuesBuilder(field)]));
      return { shape: 'list', ...nested(), fields, rest: vectorBuilder('text'), restCount: 0 };
    }
    case 'link':
      return { shape: 'scalar', vector: vectorBuilder('text') };
    default:
      return { shape: 'scalar', vector: vectorBuilder(shape.type) };
  }
};

const isObject = (value: unknown): value is Readonly<Record<string, CellValue>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `undefined`: nobody told us. */
export const pushValues = (builder: ValuesBuilder, value: CellValue | undefined): void => {
  if (builder.shape === 'scalar') {
    pushValue(builder.vector, value);
    return;
  }
  pushInt(builder.offsets, builder.count);
  if (value === undefined || value === null) {
    pushInt(builder.states, value === undefined ? state.absent : state.null);
    pushValue(builder.odd, undefined);
    return;
  }
  pushInt(builder.states, state.value);
  const fits = pushElements(builder, value);
  if (!fits) builder.oddCount++;
  // Wrapped, so that a text is not taken for the dictionary's own plain texts.
  pushValue(builder.odd, fits ? undefined : [value]);
};

/** The value just pushed, `count` times more; false (and nothing done) where it has elements of its own. */
export const repeatValues = (builder: ValuesBuilder, count: number): boolean => {
  if (builder.shape !== 'scalar') return false;
  pushInts(builder.vector.codes, lastInt(builder.vector.codes), count);
  return true;
};

const pushElements = (builder: Exclude<ValuesBuilder, { shape: 'scalar' }>, value: CellValue): boolean => {
  if (builder.shape === 'series') {
    if (!isObject(value)) return false;
    for (const period of Object.keys(value)) {
      pushValue(builder.periods, period);
      pushValue(builder.numbers, value[period]);
      builder.count++;
    }
    return true;
  }
  if (!Array.isArray(value)) return false;
  const elements = value as readonly CellValue[];
  if (builder.shape === 'list' && !elements.every(isObject)) return false;
  for (const element of elements) {
    if (builder.shape === 'set') pushValue(builder.elements, element);
    else pushFields(builder, element as Readonly<Record<string, CellValue>>);
    builder.count++;
  }
  return true;
};

const pushFields = (builder: Extract<ValuesBuilder, { shape: 'list' }>, element: Readonly<Record<string, CellValue>>): void => {
  for (const [key, field] of builder.fields) pushValues(field, element[key]);
  const extra = Object.entries(element).filter(([key]) => !builder.fields.has(key));
  if (extra.length > 0) builder.restCount++;
  pushValue(builder.rest, extra.length > 0 ? Object.fromEntries(extra) : undefined);
};

export const finishValues = (builder: ValuesBuilder): Values => {
  if (builder.shape === 'scalar') return { shape: 'scalar', vector: finishVector(builder.vector) };
  const length = builder.offsets.length;
  pushInt(builder.offsets, builder.count);
  const nested: Nested = {
    length,
    states: new Uint8Array(takeInts(builder.states)),
    offsets: new Uint32Array(takeInts(builder.offsets)),
    ...(builder.oddCount > 0 ? { odd: finishVector(builder.odd) } : {}),
  };
  switch (builder.shape) {
    case 'set':
      return { shape: 'set', ...nested, elements: finishVector(builder.elements) };
    case 'series':
      return { shape: 'series', ...nested, periods: finishVector(builder.periods), numbers: finishVector(builder.numbers) };
    case 'list': {
      const fields = Object.fromEntries([...builder.fields].map(([key, field]) => [key, finishValues(field)]));
      return { shape: 'list', ...nested, fields, ...(builder.restCount > 0 ? { rest: finishVector(builder.rest) } : {}) };
    }
  }
};

/** The entry as delivered, `undefined` when nobody told us. */
export const plainValue = (values: Values, index: number): CellValue | undefined => {
  if (values.shape === 'scalar') return plainAt(values.vector, index);
  const presence = values.states[index] as number;
  if (presence !== state.value) return presence === state.null ? null : undefined;
  const odd = values.odd === undefined ? undefined : plainAt(values.odd, index);
  if (odd !== undefined) return (odd as readonly CellValue[])[0] as CellValue;
  const from = values.offsets[index] as number;
  const to = values.offsets[index + 1] as number;
  if (values.shape === 'series') {
    const series: Record<string, CellValue> = {};
    for (let i = from; i < to; i++) series[plainAt(values.periods, i) as string] = plainAt(values.numbers, i) as CellValue;
    return series;
  }
  const out: CellValue[] = [];
  for (let i = from; i < to; i++) out.push(values.shape === 'set' ? (plainAt(values.elements, i) as CellValue) : plainElement(values, i));
  return out;
};

const plainElement = (list: Extract<Values, { shape: 'list' }>, index: number): CellValue => {
  const element: Record<string, CellValue> = {};
  for (const key of Object.keys(list.fields)) {
    const value = plainValue(list.fields[key] as Values, index);
    if (value !== undefined) element[key] = value;
  }
  const rest = list.rest === undefined ? undefined : plainAt(list.rest, index);
  return rest === undefined ? element : { ...element, ...(rest as Readonly<Record<string, CellValue>>) };
};
