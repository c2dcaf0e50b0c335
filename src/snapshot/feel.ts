// Sealed values as the values FEEL computes with. Written apart from the plain reader of records on purpose: the two opinions share no decoding.
import { fromInt, parseDecimal, ratio } from '../base/rational.ts';
import type { FactType, Field } from '../catalogue/catalogue.ts';
import { context, openSeries, unknown, type Value } from '../feel/value.ts';
import type { CellValue } from '../record/record.ts';
import { factValue } from '../record/value.ts';
import { plainValue, type Shape, type Values } from './values.ts';
import { state, stateAt, type Vector } from './vector.ts';

/** What stands at one entry of a vector; `path` names it in unknowns. */
export const scalarAt = (vector: Vector, index: number, type: FactType, path: string): Value => {
  const presence = stateAt(vector, index);
  if (presence !== state.value) return presence === state.null ? null : unknown(path);
  return rawValue(vector, vector.data[index] as number | bigint, type, path);
};

/** What a vector's raw entry stands for. */
export const rawValue = (vector: Vector, raw: number | bigint, type: FactType, path: string): Value => {
  switch (vector.kind) {
    case 'int':
      return smallNumber(raw as number, vector.scale ?? 0);
    case 'long':
      return ratio(raw as bigint, 10n ** BigInt(vector.scale ?? 0));
    case 'bool':
      return raw === 1;
    case 'day':
      return { kind: 'date', epochDay: raw as number };
    case 'text':
      return vector.dictionary?.[Number(raw)] as string;
    case 'json':
      return oddScalar(JSON.parse(vector.dictionary?.[Number(raw)] as string), type, path);
  }
};

const powers = Array.from({ length: 19 }, (_, i) => 10 ** i);

const smallNumber = (mantissa: number, scale: number): Value => {
  if (scale === 0) return fromInt(mantissa);
  const power = powers[scale] as number;
  return mantissa % power === 0 ? fromInt(mantissa / power) : ratio(BigInt(mantissa), BigInt(power));
};

/** A number too long for 64 bits is still a number; anything else of another type is nobody's answer. */
const oddScalar = (raw: unknown, type: FactType, path: string): Value => {
  if (typeof raw !== 'string' || type === 'boolean' || type === 'date') return unknown(path);
  return type === 'number' ? (parseDecimal(raw) ?? unknown(path)) : raw;
};

/** The value of one cell by its fact's shape; `path` as the asker calls the fact. */
export const valueAt = (values: Values, index: number, shape: Shape, path: string): Value => {
  if (values.shape === 'scalar') return scalarAt(values.vector, index, shape.type, path);
  const presence = values.states[index] as number;
  if (presence !== state.value) return presence === state.null ? null : unknown(path);
  if (values.odd !== undefined && stateAt(values.odd, index) === state.value) {
    return factValue({ type: shape.type, fields: shape.fields ?? [] }, plainValue(values, index) as CellValue, path);
  }
  const [from, to] = [values.offsets[index] as number, values.offsets[index + 1] as number];
  switch (values.shape) {
    case 'set':
      return setValue(values.elements, from, to, path);
    case 'series':
      return seriesValue(values.periods, values.numbers, from, to, path);
    case 'list':
      return Array.from({ length: to - from }, (_, i) => elementValue(values, from + i, shape.fields ?? [], path));
  }
};

const setValue = (elements: Vector, from: number, to: number, path: string): Value => {
  const out: string[] = [];
  for (let i = from; i < to; i++) {
    const element = scalarAt(elements, i, 'text', path);
    if (typeof element !== 'string') return unknown(path);
    out.push(element);
  }
  return out;
};

const seriesValue = (periods: Vector, numbers: Vector, from: number, to: number, path: string): Value => {
  const entries: [string, Value][] = [];
  for (let i = from; i < to; i++) entries.push([scalarAt(periods, i, 'text', path) as string, scalarAt(numbers, i, 'number', path)]);
  return openSeries(new Map(entries.sort((a, b) => (a[0] < b[0] ? -1 : 1))), path);
};

/** An element of a list with these of its fields. */
export const elementValue = (list: Extract<Values, { shape: 'list' }>, index: number, fields: readonly Field[], path: string): Value => {
  const entries = new Map<string, Value>();
  for (const field of fields) {
    const at = `${path}.${field.key}`;
    const values = list.fields[field.key];
    entries.set(field.key, values === undefined ? unknown(at) : valueAt(values, index, field, at));
  }
  return context(entries);
};
