// FEEL's built-ins over records, and the conversions that belong to no theme: number, not, is.

import { parseDecimal } from '../base/rational.ts';
import type { Builtin } from './builtin.ts';
import { equals, not, truthOf } from './compare.ts';
import { row } from './row.ts';
import { offsetOf } from './temporal.ts';
import { type Context, context, entryOf, isContext, isList, isUnknown, kindOf, unknown, type Value } from './value.ts';

const getValue = (m: Context, key: string): Value => entryOf(m, key);

const getDeep = (m: Context, keys: readonly string[]): Value =>
  keys.length === 0 ? null : keys.reduce((v: Value, k) => (isUnknown(v) ? v : isContext(v) ? entryOf(v, k) : null), m);

const getEntries = (m: Context): Value =>
  m.open !== undefined ? unknown(m.open) : [...m.entries].map(([key, value]) => context({ key, value }));

const fromEntries = (entries: readonly Value[]): Value => {
  const out = new Map<string, Value>();
  for (const e of entries) {
    if (!isContext(e)) return null;
    const key = e.entries.get('key');
    const value = e.entries.get('value');
    if (key !== undefined && isUnknown(key)) return unknown(...key.missing);
    if (typeof key !== 'string' || value === undefined || out.has(key)) return null;
    out.set(key, value);
  }
  return context(out);
};

const put = (m: Context, key: string, value: Value): Value => ({ ...m, entries: new Map([...m.entries, [key, value]]) });

const putDeep = (m: Context, keys: readonly Value[], value: Value): Value => {
  const [key, ...rest] = keys;
  if (typeof key !== 'string') return null;
  if (rest.length === 0) return put(m, key, value);
  const inner = m.entries.get(key) ?? null;
  const changed = isContext(inner) ? putDeep(inner, rest, value) : null;
  return changed === null ? null : put(m, key, changed);
};

/** Nobody can tell what merging with a series of unknown periods leaves. */
const openIn = (contexts: readonly Value[]): Value | undefined => {
  const open = contexts.flatMap((c) => (isContext(c) && c.open !== undefined ? [c.open] : []));
  return open.length === 0 ? undefined : unknown(...open);
};

const merge = (contexts: readonly Value[]): Value =>
  openIn(contexts) ??
  (contexts.every(isContext) ? context(new Map((contexts as readonly Context[]).flatMap((c) => [...c.entries]))) : null);

const separators: ReadonlySet<string> = new Set([' ', ',', '.']);

const numberFrom = (from: string, grouping?: string | null, decimal?: string | null): Value => {
  const [g, d] = [grouping ?? null, decimal ?? '.'];
  if ((g !== null && !separators.has(g)) || (d !== '.' && d !== ',') || g === d) return null;
  const plain = g === null ? from : from.replaceAll(g, '');
  return parseDecimal(d === ',' ? plain.replace(',', '.') : plain);
};

/** The same value in the same shape: 00:00Z is not 01:00+01:00, and a zone by name is not its offset. */
const is = (a: Value, b: Value): Value => {
  if (kindOf(a) !== kindOf(b)) return false;
  const zoned = (v: Value): string | null =>
    v !== null && typeof v === 'object' && !isList(v) && (v.kind === 'time' || v.kind === 'dateTime')
      ? `${v.zone}/${v.zone === null ? v.offset : ''}/${v.nanos}/${v.kind === 'time' ? offsetOf({ ...v, epochDay: 0 }) : v.epochDay}`
      : null;
  return zoned(a) === zoned(b) && (equals(a, b) ?? false);
};

export const contextBuiltins: readonly Builtin[] = [
  row(
    'get value(m: context, key: string): any',
    '取字段',
    '{1} 的 {2}',
    '没有这一项时为空。',
    getValue,
    [
      ['get value({a: 1}, "a")', '1'],
      ['get value({a: 1}, "b")', 'null'],
      ['get value({"a b": 2}, "a b")', '2'],
    ],
    {
      unknown: 'own',
      type: ([m], [, key]) => (m?.kind === 'record' && typeof key === 'string' ? (m.fields[key] ?? { kind: 'any' }) : { kind: 'any' }),
      runIn: (_, m: Value, key: Value) => (isUnknown(m) ? m : isUnknown(key) ? key : getValue(m as Context, key as string)),
    },
  ),
  row('get value(m: context, keys: list<string>): any', '逐层取字段', '{1} 中逐层取 {2}', '途中没有时为空。', getDeep, [
    ['get value({a: {b: 2}}, ["a", "b"])', '2'],
    ['get value({a: {b: 2}}, ["a", "c"])', 'null'],
    ['get value({a: 1}, [])', 'null'],
  ]),
  row('get entries(m: context): list<context>', '取各项', '{1} 的各项', '每项为名称与值。', getEntries, [
    ['get entries({a: 1})', '[{key: "a", value: 1}]'],
    ['count(get entries({a: 1, b: 2}))', '2'],
    ['get entries({})', '[]'],
  ]),
  row('context(entries: list<context>): context', '组成记录', '由 {1} 组成的记录', '各项含 key 与 value；重名为空。', fromEntries, [
    ['context([{key: "a", value: 1}])', '{a: 1}'],
    ['context([])', '{}'],
    ['context([{key: "a"}])', 'null'],
  ]),
  row(
    'context put(context: context, key: string, value: any): context',
    '设字段',
    '{1} 的 {2} 设为 {3}',
    '返回新的记录。',
    put,
    [
      ['context put({a: 1}, "b", 2)', '{a: 1, b: 2}'],
      ['context put({a: 1}, "a", 2)', '{a: 2}'],
      ['context put({}, "a", null)', '{a: null}'],
    ],
    {
      unknown: 'own',
      runIn: (_, m: Value, k: Value, v: Value) => (isUnknown(m) ? m : isUnknown(k) ? k : put(m as Context, k as string, v)),
    },
  ),
  row(
    'context put(context: context, keys: list<any>, value: any): context',
    '逐层设字段',
    '{1} 中逐层把 {2} 设为 {3}',
    '途中没有时为空。',
    putDeep,
    [
      ['context put({a: {b: 1}}, ["a", "b"], 2)', '{a: {b: 2}}'],
      ['context put({a: 1}, ["b"], 2)', '{a: 1, b: 2}'],
      ['context put({a: 1}, [], 2)', 'null'],
    ],
  ),
  row('context merge(contexts: list<context>): context', '合并记录', '合并 {1}', '同名的以后面为准。', merge, [
    ['context merge([{a: 1}, {b: 2}])', '{a: 1, b: 2}'],
    ['context merge([{a: 1}, {a: 2}])', '{a: 2}'],
    ['context merge([])', '{}'],
  ]),
  row(
    'number(from: string, grouping separator?: string?, decimal separator?: string?): number',
    '转数值',
    '{1} 的数值',
    '读不懂的文字为空。',
    numberFrom,
    [
      ['number("12.5")', '12.5'],
      ['number("1,000,000.01", ",", ".")', '1000000.01'],
      ['number("abc")', 'null'],
    ],
  ),
  row(
    'not(negand: any): boolean',
    '非',
    '不满足：{1}',
    '真变假，假变真，其余为空。',
    (v: Value) => not(truthOf(v)),
    [
      ['not(true)', 'false'],
      ['not(false)', 'true'],
      ['not(null)', 'null'],
    ],
    { unknown: 'own' },
  ),
  row(
    'is(value1: any, value2: any): boolean',
    '完全相同',
    '{1} 与 {2} 完全相同',
    '类型和写法都相同。',
    is,
    [
      ['is(1, 1)', 'true'],
      ['is(1, "1")', 'false'],
      ['is(@"P1D", @"PT24H")', 'true'],
    ],
    { unknown: 'deep' },
  ),
];
