// Signatures as one line of text: `substring(string: string, start position: number, length?: number): string`.
// `name?` optional; `type?` may be null; `...list` takes a list or the elements one by one, `*lists` any number of arguments; `a|b` either; result `T0` the type of
// the first argument, `E0` of its elements.

import { anyType, type FeelType, listOf, numberIn, rangeOf } from './type.ts';
import { isList, isUncertain, isUnknown, kindOf, type Value } from './value.ts';

export interface Parameter {
  readonly name: string;
  readonly optional: boolean;
  /** `open`: a single list argument is the list itself; `collect`: every argument is one element. */
  readonly spread: 'open' | 'collect' | null;
  readonly nullable: boolean;
  readonly types: readonly FeelType[];
  /** The value as the parameter wants it, or undefined when it does not fit. Unknown fits everywhere. */
  readonly accepts: (v: Value) => Value | undefined;
  /** Does it fit without any conversion? Overloads are first tried this way. */
  readonly fits: (v: Value) => boolean;
}

/** The type of an argument, or of its elements. */
export interface SameAs {
  readonly kind: 'same' | 'element';
  readonly of: number;
}

export interface Signature {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly result: FeelType | SameAs;
}

const named: Readonly<Record<string, FeelType>> = {
  any: anyType,
  number: { kind: 'number' },
  boolean: { kind: 'boolean' },
  string: { kind: 'string' },
  date: { kind: 'date' },
  time: { kind: 'time' },
  dateTime: { kind: 'dateTime' },
  ymDuration: { kind: 'ymDuration' },
  dtDuration: { kind: 'dtDuration' },
  list: listOf(anyType),
  context: { kind: 'record', fields: {} },
  series: { kind: 'series' },
  code: { kind: 'code', tree: '' },
  range: rangeOf(anyType),
  function: { kind: 'function', parameters: [], result: anyType },
};

const parseType = (text: string): FeelType => {
  const inner = /^(list|number|range|series)<(.+)>$/.exec(text);
  if (inner !== null) {
    const [, outer, of = ''] = inner;
    if (outer === 'number') return numberIn(of);
    if (outer === 'series') return { kind: 'series', unit: of };
    return outer === 'list' ? listOf(parseType(of)) : rangeOf(parseType(of));
  }
  const type = named[text];
  if (type === undefined) throw new Error(`unknown type in signature: ${text}`);
  return type;
};

/** Commas and bars inside <…> do not split. */
const splitOutside = (text: string, by: string): string[] => {
  const out: string[] = [];
  let depth = 0;
  let part = '';
  for (const c of text) {
    if (c === '<') depth++;
    if (c === '>') depth--;
    if (c === by && depth === 0) {
      out.push(part.trim());
      part = '';
    } else part += c;
  }
  return part.trim() === '' ? out : [...out, part.trim()];
};

const kindsOf: Readonly<Record<FeelType['kind'], readonly string[]>> = {
  any: [],
  null: ['null'],
  number: ['number'],
  boolean: ['boolean'],
  string: ['string'],
  date: ['date'],
  time: ['time'],
  dateTime: ['dateTime'],
  ymDuration: ['ymDuration'],
  dtDuration: ['dtDuration'],
  list: ['list', 'uncertainList'],
  record: ['context'],
  series: ['context'],
  code: ['string'],
  range: ['range'],
  function: ['function'],
};

const isOf = (v: Value, t: FeelType): boolean => {
  if (t.kind === 'any' || isUnknown(v)) return true;
  if (!kindsOf[t.kind].includes(kindOf(v))) return false;
  if (t.kind !== 'list' || t.element.kind === 'any') return true;
  // A doubtful element of the wrong kind may turn out not to belong.
  const elements = isList(v) ? v : isUncertain(v) ? v.elements.filter((e) => e.sure).map((e) => e.value) : [];
  return elements.every((e) => isOf(e, t.element));
};

const exactly =
  (types: readonly FeelType[], nullable: boolean): Parameter['fits'] =>
  (v) =>
    v === null ? nullable || types.some((t) => t.kind === 'any') : types.some((t) => isOf(v, t));

/** A list of one and its element stand for each other (FEEL's implicit conversion). */
const acceptor = (types: readonly FeelType[], nullable: boolean): Parameter['accepts'] => {
  const list = types.find((t) => t.kind === 'list');
  return (v) => {
    if (v === null) return nullable || types.some((t) => t.kind === 'any') ? null : undefined;
    if (types.some((t) => isOf(v, t))) return v;
    if (list !== undefined && !isList(v) && isOf([v], list)) return [v];
    const only = isList(v) && v.length === 1 ? (v[0] as Value) : undefined;
    return only !== undefined && only !== null && types.some((t) => isOf(only, t)) ? only : undefined;
  };
};

const parseParameter = (text: string): Parameter => {
  const m = /^(\.\.\.|\*)?([^:?]+)(\?)?:\s*(.+)$/.exec(text);
  if (m === null) throw new Error(`bad parameter: ${text}`);
  const nullable = (m[4] as string).endsWith('?');
  const types = splitOutside((m[4] as string).replace(/\?$/, ''), '|').map(parseType);
  const spread = m[1] === '...' ? 'open' : m[1] === '*' ? 'collect' : null;
  const wanted = spread === null ? types : types.map(listOf);
  return {
    name: (m[2] as string).trim(),
    optional: m[3] !== undefined,
    spread,
    nullable,
    types: wanted,
    accepts: acceptor(wanted, nullable),
    fits: exactly(wanted, nullable),
  };
};

export const parseSignature = (text: string): Signature => {
  const m = /^([^(]+)\((.*)\)\s*:\s*(.+)$/.exec(text);
  if (m === null) throw new Error(`bad signature: ${text}`);
  const of = /^([TE])(\d)$/.exec(m[3] as string);
  return {
    name: (m[1] as string).trim(),
    parameters: splitOutside(m[2] as string, ',').map(parseParameter),
    result: of === null ? parseType(m[3] as string) : { kind: of[1] === 'T' ? 'same' : 'element', of: Number(of[2]) },
  };
};
