// What `value.name` is: fields of records, of every element of a list, and the parts of dates, durations and ranges.

import type { Finding, Typed } from './check-operators.ts';
import { suggestion } from './nearest.ts';
import { anyType, booleanType, dtDurationType, type FeelType, listOf, numberType, stringType, typeName } from './type.ts';

type Parts = Readonly<Record<string, FeelType>>;

const dateParts: Parts = { year: numberType, month: numberType, day: numberType, weekday: numberType };
const clockParts: Parts = { hour: numberType, minute: numberType, second: numberType, 'time offset': dtDurationType, timezone: stringType };

const partsOf = (t: FeelType): Parts | undefined => {
  switch (t.kind) {
    case 'record':
      return t.fields;
    case 'date':
      return dateParts;
    case 'dateTime':
      return { ...dateParts, ...clockParts };
    case 'time':
      return clockParts;
    case 'ymDuration':
      return { years: numberType, months: numberType };
    case 'dtDuration':
      return { days: numberType, hours: numberType, minutes: numberType, seconds: numberType };
    case 'range':
      return { start: t.element, end: t.element, 'start included': booleanType, 'end included': booleanType };
    default:
      return undefined;
  }
};

const noParts = (t: FeelType, name: string): Finding => ({
  code: 'field',
  message: `${typeName(t)}没有 ${name} 这一部分`,
  hint: t.kind === 'series' ? '用 value at(序列, 期间) 取某期的数' : '点号用于记录、清单、日期和时长',
});

export const fieldType = (t: FeelType, name: string): Typed => {
  if (t.kind === 'any') return { type: anyType };
  if (t.kind === 'list') {
    const inner = fieldType(t.element, name);
    return { type: listOf(inner.type), ...(inner.finding === undefined ? {} : { finding: inner.finding }) };
  }
  const parts = partsOf(t);
  if (parts === undefined) return { type: anyType, finding: noParts(t, name) };
  // A context nobody described (`get entries`, a parameter of a built-in) may have any field.
  if (Object.hasOwn(parts, name)) return { type: parts[name] as FeelType };
  if (t.kind === 'record' && Object.keys(parts).length === 0) return { type: anyType };
  const names = Object.keys(parts);
  const hint = suggestion(name, names, `可用：${names.slice(0, 12).join('、')}`);
  return { type: anyType, finding: { code: 'field', message: `${typeName(t)}里没有 ${name}`, hint } };
};
