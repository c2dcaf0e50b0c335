// `instance of`: is the value of the named type? null is an instance of nothing; a type nobody knows gives null.

import type { TypeName } from './ast.ts';
import { and, type Truth } from './compare.ts';
import { isContext, isList, isUncertain, isUnknown, kindOf, unknown, type Value } from './value.ts';

const kinds: Readonly<Record<string, string>> = {
  number: 'number',
  string: 'string',
  boolean: 'boolean',
  date: 'date',
  time: 'time',
  'date and time': 'dateTime',
  'years and months duration': 'ymDuration',
  'year month duration': 'ymDuration',
  'days and time duration': 'dtDuration',
  'day time duration': 'dtDuration',
  context: 'context',
  list: 'list',
  function: 'function',
  range: 'range',
};

export const isKnownTypeName = (name: string): boolean => name === 'Any' || Object.hasOwn(kinds, name);

const ofNamed = (v: Value, name: string): Truth => {
  if (name === 'Any') return true;
  const kind = kinds[name];
  return kind === undefined ? null : kindOf(v) === kind;
};

const allOf = (truths: readonly Truth[]): Truth => truths.reduce(and, true as Truth);

export const instanceOf = (v: Value, type: TypeName): Truth => {
  if (v === null) return type.kind === 'named' && ofNamed(v, type.name) === null ? null : false;
  if (isUnknown(v)) return unknown(...v.missing);
  switch (type.kind) {
    case 'named':
      return ofNamed(v, type.name);
    case 'list': {
      const elements = isList(v) ? v : isUncertain(v) ? v.elements.map((e) => e.value) : null;
      return elements === null ? false : allOf(elements.map((e) => (e === null ? isAny(type.element) : instanceOf(e, type.element))));
    }
    case 'range': {
      if (typeof v !== 'object' || isList(v) || v.kind !== 'range') return false;
      return instanceOf(v.low ?? v.high ?? null, type.element);
    }
    case 'context':
      return isContext(v) ? allOf(type.fields.map((f) => instanceOf(v.entries.get(f.name) ?? null, f.type))) : false;
    case 'function':
      return typeof v === 'object' && !isList(v) && v.kind === 'function' && v.parameters.length === type.parameters.length;
  }
};

const isAny = (t: TypeName): boolean => t.kind === 'named' && t.name === 'Any';
