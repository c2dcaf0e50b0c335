// Calls against the table of built-ins: is there such a function, do the arguments fit, what comes out.

import { type Binding, type BuiltinTable, bind, type Row } from './builtin.ts';
import type { Finding, Typed } from './check-operators.ts';
import { suggestion } from './nearest.ts';
import type { Parameter, Signature } from './signature.ts';
import { anyType, type FeelType, listOf, typeName } from './type.ts';
import { clash, unitOf } from './units.ts';
import type { Value } from './value.ts';

export interface CallShape {
  readonly name: string;
  readonly types: readonly FeelType[];
  /** Argument values known before running; undefined where they are not. */
  readonly literals: readonly (Value | undefined)[];
  readonly names: readonly string[] | null;
  readonly units: boolean;
}

const fitsOne = (arg: FeelType, want: FeelType): boolean => {
  if (arg.kind === 'any' || want.kind === 'any') return true;
  if (want.kind === 'string' || want.kind === 'code') return arg.kind === 'string' || arg.kind === 'code';
  if (want.kind === 'record') return arg.kind === 'record' || arg.kind === 'series';
  if (want.kind === 'series') return arg.kind === 'series' || arg.kind === 'record';
  if (want.kind === 'list') return arg.kind === 'list' && fitsOne(arg.element, want.element);
  return arg.kind === want.kind;
};

const fits = (arg: FeelType, p: Parameter): boolean => {
  if (arg.kind === 'null') return p.nullable || p.types.some((t) => t.kind === 'any');
  return p.types.some((t) => fitsOne(arg, t));
};

const parameterText = (p: Parameter): string => p.types.map(typeName).join('或');

/** The type of what a spread gathers: its only list argument, or a list of the arguments. */
const gathered = (p: Parameter, rest: readonly FeelType[]): FeelType => {
  const only = rest.length === 1 ? rest[0] : undefined;
  if (p.spread === 'open' && only !== undefined && (only.kind === 'list' || only.kind === 'any')) return only;
  const first = rest[0];
  if (first === undefined) return listOf(anyType);
  const same = rest.every((t) => t.kind === first.kind);
  const withUnit = rest.find((t) => unitOf(t) !== undefined);
  return listOf(
    same
      ? (withUnit ?? first)
      : rest.every((t) => t.kind === first.kind || t.kind === 'any')
        ? first
        : (rest.find((t) => !fits(listOf(t), p)) ?? anyType),
  );
};

const bound = (s: Signature, b: Binding, types: readonly FeelType[]): readonly (FeelType | undefined)[] => {
  const fixed = b.positions.map((i) => (i < 0 ? undefined : (types[i] as FeelType)));
  if (b.rest === null) return fixed;
  const p = s.parameters[s.parameters.length - 1] as Parameter;
  return [
    ...fixed,
    gathered(
      p,
      b.rest.map((i) => types[i] as FeelType),
    ),
  ];
};

/** Numbers gathered by min, max, sum … must share their unit. */
const spreadClash = (row: Row, b: Binding, shape: CallShape): Finding | undefined => {
  if (!shape.units || b.rest === null || row.signature.parameters.at(-1)?.spread !== 'open') return undefined;
  const found = [...new Set(b.rest.map((i) => unitOf(shape.types[i] as FeelType)).filter((u) => u !== undefined))];
  if (found.length < 2) return undefined;
  return {
    code: 'unit',
    message: `单位不同，不能放在一起：${found.join(' 与 ')}`,
    hint: `先用 convert(数值, "${found[0]}", "${found[1]}") 换算`,
  };
};

/** `at most(x, limit)`: parameters whose result is the first one's type compare with it, and so must its unit. */
const pairClash = (row: Row, args: readonly (FeelType | undefined)[], shape: CallShape): Finding | undefined => {
  const [a, b] = args;
  const paired = row.signature.name === 'at most' || row.signature.name === 'at least';
  if (!shape.units || !paired || a === undefined || b === undefined || !clash(unitOf(a), unitOf(b))) return undefined;
  return { code: 'unit', message: `单位不同，不能比较：${unitOf(a)} 与 ${unitOf(b)}`, hint: '先换算成同一单位' };
};

/** Built-ins that put values beside the elements of a list, or hold them against these; a position among them has no say. */
const beside: Readonly<Record<string, 'all' | readonly number[]>> = {
  'list contains': 'all',
  'index of': 'all',
  append: 'all',
  concatenate: 'all',
  union: 'all',
  intersects: 'all',
  'contains all': 'all',
  'contains any': 'all',
  'insert before': [0, 2],
  'list replace': [0, 2],
};

const unitWithin = (t: FeelType): string | undefined => unitOf(t.kind === 'list' ? t.element : t);

/** What stands in one list, or is looked for in it, must share its unit. */
const listClash = (row: Row, args: readonly (FeelType | undefined)[], shape: CallShape): Finding | undefined => {
  const which = Object.hasOwn(beside, row.signature.name) ? beside[row.signature.name] : undefined;
  if (!shape.units || which === undefined) return undefined;
  const given = shape.names === null ? shape.types : args;
  const found = given.flatMap((t, i) => (t !== undefined && (which === 'all' || which.includes(i)) ? (unitWithin(t) ?? []) : []));
  const other = found.find((unit) => unit !== found[0]);
  if (other === undefined) return undefined;
  return {
    code: 'unit',
    message: `单位不同，不能放在一起：${found[0]} 与 ${other}`,
    hint: `先用 convert(数值, "${found[0]}", "${other}") 换算`,
  };
};

const resultType = (row: Row, args: readonly (FeelType | undefined)[]): FeelType => {
  const { result } = row.signature;
  if (!('of' in result)) return result;
  const arg = args[result.of] ?? anyType;
  if (result.kind === 'same') return arg.kind === 'null' ? anyType : arg;
  return arg.kind === 'list' ? arg.element : anyType;
};

const wrongArgument = (row: Row, args: readonly (FeelType | undefined)[]): Finding | undefined => {
  for (const [i, p] of row.signature.parameters.entries()) {
    const arg = args[i];
    if (arg === undefined || fits(arg, p)) continue;
    const many = p.spread === null ? `第 ${i + 1} 个参数` : '参数';
    return {
      code: 'argument',
      message: `${row.signature.name} 的${many}（${p.name}）要${parameterText(p)}，给的是${typeName(arg)}`,
      hint: `写法：${row.builtin.signature}`,
    };
  }
  return undefined;
};

const typeOfRow = (row: Row, binding: Binding, shape: CallShape): Typed => {
  const args = bound(row.signature, binding, shape.types);
  const finding =
    wrongArgument(row, args) ?? spreadClash(row, binding, shape) ?? pairClash(row, args, shape) ?? listClash(row, args, shape);
  if (finding !== undefined) return { type: resultType(row, args), finding };
  const literals = binding.rest === null ? binding.positions.map((i) => (i < 0 ? undefined : shape.literals[i])) : shape.literals;
  const special = row.builtin.type?.(
    args.map((a) => a ?? anyType),
    literals,
  );
  if (typeof special === 'string')
    return { type: anyType, finding: { code: 'argument', message: special, hint: `写法：${row.builtin.signature}` } };
  return { type: special ?? resultType(row, args) };
};

/** `extra` arguments come from the compiler, so the author's call is one shorter than the signature. */
const shapeFor = (row: Row, shape: CallShape): CallShape => {
  const extra = row.builtin.extra?.(shape.types) ?? [];
  if (extra.length === 0) return shape;
  return {
    ...shape,
    types: [...extra.map(() => anyType), ...shape.types],
    literals: [...extra, ...shape.literals],
    names: shape.names === null ? null : [...extra.map((_, i) => row.signature.parameters[i]?.name ?? ''), ...shape.names],
  };
};

export const callType = (table: BuiltinTable, shape: CallShape): Typed => {
  const rows = table.get(shape.name);
  if (rows === undefined) {
    return {
      type: anyType,
      finding: { code: 'function', message: `没有函数 ${shape.name}`, hint: suggestion(shape.name, table.keys(), '函数表见 docs/feel.md') },
    };
  }
  let wrong: Typed | undefined;
  for (const row of rows) {
    const full = shapeFor(row, shape);
    const binding = bind(row.signature, full.types.length, full.names);
    if (binding === null) continue;
    const typed = typeOfRow(row, binding, full);
    if (typed.finding === undefined) return typed;
    wrong ??= typed;
  }
  const hint = `写法：${rows.map((r) => r.builtin.signature).join('；或 ')}`;
  return wrong ?? { type: anyType, finding: { code: 'arity', message: `${shape.name} 的参数个数或名称不对`, hint } };
};
