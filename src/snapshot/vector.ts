// A vector: many delivered scalars of one type, packed exactly. Numbers are whole multiples of one decimal scale, days are epoch days, texts are codes
// into a dictionary; whatever does not fit its type exactly is kept as JSON text in a dictionary. Every entry is unknown, null or a value.
import { fromEpochDay, isDay, toEpochDay } from '../base/day.ts';
import { parseDecimal, toDecimalString } from '../base/rational.ts';
import type { ScalarType } from '../catalogue/catalogue.ts';
import type { CellValue } from '../record/record.ts';

export type VectorKind = 'int' | 'long' | 'bool' | 'day' | 'text' | 'json';

/** `absent` = nobody told us; its value stays at 0 in the data so that equal content has equal bytes. */
export const state = { absent: 0, null: 1, value: 2 } as const;

export interface Vector {
  readonly kind: VectorKind;
  readonly length: number;
  /** Missing when every entry is a value. */
  readonly states?: Uint8Array;
  readonly data: Uint8Array | Uint16Array | Int32Array | Uint32Array | BigInt64Array;
  /** int, long: the number is data / 10^scale. */
  readonly scale?: number;
  /** text, json: what the codes in `data` stand for. */
  readonly dictionary?: readonly string[];
}

/** Growing 32-bit integers; nothing is stored while all are the same, as in every column that says little. */
export interface Ints {
  data: Int32Array | null;
  same: number;
  length: number;
}

export const ints = (): Ints => ({ data: null, same: 0, length: 0 });

export const pushInt = (list: Ints, value: number): void => {
  if (list.data === null) {
    if (list.length === 0) list.same = value;
    if (value === list.same) {
      list.length++;
      return;
    }
    list.data = new Int32Array(Math.max(64, list.length * 2)).fill(list.same, 0, list.length);
  } else if (list.length === list.data.length) {
    const grown = new Int32Array(list.data.length * 2);
    grown.set(list.data);
    list.data = grown;
  }
  list.data[list.length++] = value;
};

/** The same value several times. */
export const pushInts = (list: Ints, value: number, count: number): void => {
  if (count <= 0) return;
  pushInt(list, value);
  if (list.data === null) {
    list.length += count - 1;
    return;
  }
  const end = list.length + count - 1;
  if (end > list.data.length) {
    const grown = new Int32Array(Math.max(end, list.data.length * 2));
    grown.set(list.data);
    list.data = grown;
  }
  list.data.fill(value, list.length, end);
  list.length = end;
};

/** The newest entry. */
export const lastInt = (list: Ints): number => (list.data === null ? list.same : (list.data[list.length - 1] as number));

/** True when every entry is `value`; nothing was stored then. */
export const isAll = (list: Ints, value: number): boolean => list.data === null && (list.length === 0 || list.same === value);

export const takeInts = (list: Ints): Int32Array =>
  list.data === null ? new Int32Array(list.length).fill(list.same) : list.data.slice(0, list.length);

/** Codes of at most `size` different values in the narrowest array. */
export const narrow = (codes: Int32Array, size: number): Uint8Array | Uint16Array | Uint32Array =>
  size <= 0x100 ? new Uint8Array(codes) : size <= 0x10000 ? new Uint16Array(codes) : new Uint32Array(codes);

export interface VectorBuilder {
  readonly type: ScalarType;
  /** Code + 2 into `entries`; 0 absent, 1 null. */
  readonly codes: Ints;
  readonly seen: Map<string, number>;
  readonly entries: CellValue[];
}

export const vectorBuilder = (type: ScalarType): VectorBuilder => ({ type, codes: ints(), seen: new Map(), entries: [] });

/** `undefined` is absent. */
export const pushValue = (builder: VectorBuilder, value: CellValue | undefined): void => {
  if (value === undefined || value === null) {
    pushInt(builder.codes, value === undefined ? state.absent : state.null);
    return;
  }
  const key = typeof value === 'string' ? value : `\u0001${JSON.stringify(value)}`;
  let code = builder.seen.get(key);
  if (code === undefined) {
    code = builder.entries.length;
    builder.entries.push(value);
    builder.seen.set(key, code);
  }
  pushInt(builder.codes, code + 2);
};

/** Plain loops: `from` with a function costs ten times as much, for every cell of every column. */
export const finishVector = (builder: VectorBuilder): Vector => {
  const codes = takeInts(builder.codes);
  const values = translate(builder.type, builder.entries);
  const length = codes.length;
  const states = statesOf(codes);
  const head = { length, ...(states === null ? {} : { states }) };
  if (values.table instanceof BigInt64Array || values.table instanceof Int32Array) {
    return { kind: values.kind, ...head, data: spread(codes, values.table), ...(values.scale ? { scale: values.scale } : {}) };
  }
  if (values.kind === 'bool') {
    const truths = Uint8Array.from([0, 0, ...builder.entries.map((entry) => (entry === true ? 1 : 0))]);
    const data = new Uint8Array(length);
    for (let i = 0; i < length; i++) data[i] = truths[codes[i] as number] as number;
    return { kind: 'bool', ...head, data };
  }
  for (let i = 0; i < length; i++) codes[i] = (codes[i] as number) < 2 ? 0 : (codes[i] as number) - 2;
  return { kind: values.kind, ...head, data: narrow(codes, values.table.length), dictionary: values.table };
};

/** null: every entry is a value. */
const statesOf = (codes: Int32Array): Uint8Array | null => {
  const states = new Uint8Array(codes.length);
  let full = true;
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] as number;
    if (code < 2) full = false;
    states[i] = code < 2 ? code : state.value;
  }
  return full ? null : states;
};

const spread = (codes: Int32Array, table: Int32Array | BigInt64Array): Int32Array | BigInt64Array => {
  if (table instanceof Int32Array) {
    const out = new Int32Array(codes.length);
    for (let i = 0; i < codes.length; i++) out[i] = (codes[i] as number) < 2 ? 0 : (table[(codes[i] as number) - 2] as number);
    return out;
  }
  const out = new BigInt64Array(codes.length);
  for (let i = 0; i < codes.length; i++) out[i] = (codes[i] as number) < 2 ? 0n : (table[(codes[i] as number) - 2] as bigint);
  return out;
};

interface Translated {
  readonly kind: VectorKind;
  readonly table: Int32Array | BigInt64Array | readonly string[];
  readonly scale?: number;
}

const translate = (type: ScalarType, entries: readonly CellValue[]): Translated => {
  const typed = type === 'boolean' ? entries.every((e) => typeof e === 'boolean') : entries.every((e) => typeof e === 'string');
  if (!typed) return asJson(entries);
  const texts = entries as readonly string[];
  switch (type) {
    case 'number':
      return numbers(texts) ?? asJson(entries);
    case 'date':
      return texts.every(isDay) ? { kind: 'day', table: Int32Array.from(texts, toEpochDay) } : asJson(entries);
    case 'boolean':
      return { kind: 'bool', table: [] };
    case 'category':
    case 'code':
    case 'text':
      return { kind: 'text', table: texts };
  }
};

const asJson = (entries: readonly CellValue[]): Translated => ({ kind: 'json', table: entries.map((e) => JSON.stringify(e)) });

const ordinary = /^-?\d{1,40}(\.\d{1,40})?$/;

/** As delivered, or without its exponent; null when it is no number, or one too long for any column of numbers. */
const plainDecimal = (text: string): string | null => {
  if (ordinary.test(text)) return text;
  const number = parseDecimal(text);
  return number === null ? null : toDecimalString(number, 40);
};

/** One decimal scale for all; null when a number is none, or needs more than 18 places or 63 bits. */
const numbers = (texts: readonly string[]): Translated | null => {
  const parsed = texts.map(plainDecimal);
  let scale = 0;
  for (const text of parsed) {
    if (text === null) return null;
    const point = text.indexOf('.');
    if (point >= 0) scale = Math.max(scale, text.replace(/0+$/, '').length - point - 1);
  }
  if (scale > 18) return null;
  const scaled = (parsed as readonly string[]).map((text) => {
    const [whole = '', fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(scale, '0').slice(0, scale));
  });
  if (scaled.every((n) => n === BigInt.asIntN(32, n))) return { kind: 'int', table: Int32Array.from(scaled, Number), scale };
  if (scaled.every((n) => n === BigInt.asIntN(64, n))) return { kind: 'long', table: BigInt64Array.from(scaled), scale };
  return null;
};

export const stateAt = (vector: Vector, index: number): number =>
  vector.states === undefined ? state.value : (vector.states[index] as number);

/** A scaled whole number as decimal text without trailing zeros. */
export const scaledText = (mantissa: bigint, scale: number): string => {
  if (scale === 0) return mantissa.toString();
  const negative = mantissa < 0n;
  const digits = (negative ? -mantissa : mantissa).toString().padStart(scale + 1, '0');
  const fraction = digits.slice(-scale).replace(/0+$/, '');
  return `${negative ? '-' : ''}${digits.slice(0, -scale)}${fraction === '' ? '' : `.${fraction}`}`;
};

/** The entry as plain JSON, `undefined` when absent; numbers come back in normal form (`12.50` as `12.5`). */
export const plainAt = (vector: Vector, index: number): CellValue | undefined => {
  const presence = stateAt(vector, index);
  if (presence !== state.value) return presence === state.null ? null : undefined;
  const raw = vector.data[index] as number | bigint;
  switch (vector.kind) {
    case 'int':
    case 'long':
      return scaledText(BigInt(raw), vector.scale ?? 0);
    case 'bool':
      return raw === 1;
    case 'day':
      return fromEpochDay(Number(raw));
    case 'text':
      return vector.dictionary?.[Number(raw)] as string;
    case 'json':
      return JSON.parse(vector.dictionary?.[Number(raw)] as string) as CellValue;
  }
};
