// How a built-in is written down (one row: signature, Chinese name, examples) and how a call is bound, checked and run.

import { type Frame, spend, weighed } from './frame.ts';
import { parseSignature, type Signature } from './signature.ts';
import type { FeelType } from './type.ts';
import { isList, isUncertain, isUnknown, missingOf, unknown, type Value } from './value.ts';

/** Expression, its result as `string()` writes it, and the facts it reads (FEEL text), if any. */
export type Example = readonly [text: string, result: string, facts?: Readonly<Record<string, string>>];

export interface Builtin {
  /** `age at(birth: date, on: date): number<岁>`; see signature.ts for the notation. */
  readonly signature: string;
  readonly zh: string;
  /** One Chinese sentence: what comes out, and when it is null. */
  readonly about: string;
  /** How the call reads aloud: `{1}` is the first argument, `[…]` is left out when the argument in it is absent. */
  readonly say: string;
  readonly examples: readonly Example[];
  /** Arguments arrive checked against the signature; an absent optional one is undefined. */
  readonly run?: (...args: never[]) => Value;
  readonly runIn?: (frame: Frame, ...args: never[]) => Value;
  /**
   * `strict` (default): an unknown argument, or an unknown element of a list argument, makes the answer unknown.
   * `deep`: unknown fields inside records count too. `own`: the function itself knows what it may still decide.
   */
  readonly unknown?: 'strict' | 'deep' | 'own';
  /** Static result where the signature cannot say it; a string is a complaint to the author. */
  readonly type?: (args: readonly FeelType[], literals: readonly (Value | undefined)[]) => FeelType | string;
  /** Values put in front of the arguments, known from their static types (the tree of a code). */
  readonly extra?: (args: readonly FeelType[]) => readonly Value[];
}

export interface Row {
  readonly builtin: Builtin;
  readonly signature: Signature;
}

export type BuiltinTable = ReadonlyMap<string, readonly Row[]>;

export const tableOf = (rows: readonly Builtin[]): BuiltinTable => {
  const out = new Map<string, Row[]>();
  for (const builtin of rows) {
    const signature = parseSignature(builtin.signature);
    const same = out.get(signature.name);
    if (same === undefined) out.set(signature.name, [{ builtin, signature }]);
    else same.push({ builtin, signature });
  }
  return out;
};

/** Where each parameter's argument stands in the call (-1: absent), or null when the call does not fit the signature. */
export type Binding = { readonly positions: readonly number[]; readonly rest: readonly number[] | null };

const bindNamed = (s: Signature, names: readonly string[]): Binding | null => {
  const positions = s.parameters.map((p) => names.indexOf(p.name));
  const known = names.every((n) => s.parameters.some((p) => p.name === n)) && new Set(names).size === names.length;
  const complete = s.parameters.every((p, i) => p.optional || positions[i] !== -1);
  return known && complete ? { positions, rest: null } : null;
};

export const bind = (s: Signature, count: number, names: readonly string[] | null): Binding | null => {
  if (names !== null) return bindNamed(s, names);
  const last = s.parameters[s.parameters.length - 1];
  if (last !== undefined && last.spread !== null) {
    const fixed = s.parameters.length - 1;
    if (count <= fixed) return null;
    const rest = Array.from({ length: count - fixed }, (_, i) => fixed + i);
    return { positions: Array.from({ length: fixed }, (_, i) => i), rest };
  }
  const required = s.parameters.filter((p) => !p.optional).length;
  if (count < required || count > s.parameters.length) return null;
  return { positions: s.parameters.map((_, i) => (i < count ? i : -1)), rest: null };
};

const gather = (s: Signature, args: readonly Value[], b: Binding): (Value | undefined)[] => {
  const out: (Value | undefined)[] = b.positions.map((p) => (p < 0 ? undefined : (args[p] as Value)));
  if (b.rest !== null) {
    const open = s.parameters[s.parameters.length - 1]?.spread === 'open';
    const only = open && b.rest.length === 1 ? (args[b.rest[0] as number] as Value) : undefined;
    const whole = only !== undefined && (isList(only) || isUncertain(only) || isUnknown(only));
    out.push(whole ? only : b.rest.map((p) => args[p] as Value));
  }
  return out;
};

const listMissing = (v: readonly Value[]): boolean => v.some((e) => isUnknown(e) || isUncertain(e) || (isList(e) && listMissing(e)));

const isOpen = (v: Value | undefined, deep: boolean): boolean => {
  if (v === undefined) return false;
  if (isUnknown(v) || isUncertain(v)) return true;
  if (deep) return missingOf(v).length > 0;
  return isList(v) && listMissing(v);
};

/** Fits each argument to its parameter (a list of one stands for its element and back); null when one cannot fit. */
const fitAll = (s: Signature, args: readonly (Value | undefined)[]): (Value | undefined)[] | null => {
  const out: (Value | undefined)[] = [];
  for (let i = 0; i < s.parameters.length; i++) {
    const p = s.parameters[i] as Signature['parameters'][number];
    const v = args[i];
    const fitted = v === undefined ? undefined : p.accepts(v);
    if (v !== undefined && fitted === undefined) return null;
    out.push(fitted);
  }
  return out;
};

/** A list costs its length, the lists in it theirs: joining doubles what it is given. */
const spendList = (frame: Frame, list: readonly Value[]): void => {
  spend(frame.budget, list.length);
  for (const e of list) if (isList(e)) spend(frame.budget, e.length);
};

const runRow = (frame: Frame, row: Row, args: readonly (Value | undefined)[]): Value => {
  const { builtin, signature } = row;
  for (const a of args) if (a !== undefined && isList(a)) spendList(frame, a);
  const fitted = fitAll(signature, args);
  if (fitted === null) return null;
  const mode = builtin.unknown ?? 'strict';
  if (mode !== 'own' && fitted.some((a) => isOpen(a, mode === 'deep'))) {
    return unknown(...missingOf(...fitted.map((a) => a ?? null)));
  }
  const run = builtin.runIn as ((f: Frame, ...a: readonly (Value | undefined)[]) => Value) | undefined;
  if (run !== undefined) return weighed(run(frame, ...fitted));
  return builtin.run === undefined ? null : weighed((builtin.run as (...a: readonly (Value | undefined)[]) => Value)(...fitted));
};

/** Overloads in order: the first whose arguments fit as they are, else the first they can be made to fit; none is null. */
export const callRows = (frame: Frame, rows: readonly Row[], names: readonly string[] | null, args: readonly Value[]): Value => {
  let second: { row: Row; gathered: readonly (Value | undefined)[] } | undefined;
  for (const row of rows) {
    const binding = bind(row.signature, args.length, names);
    if (binding === null) continue;
    const gathered = gather(row.signature, args, binding);
    if (rows.length === 1 || gathered.every((v, i) => v === undefined || row.signature.parameters[i]?.fits(v)))
      return runRow(frame, row, gathered);
    if (second === undefined && fitAll(row.signature, gathered) !== null) second = { row, gathered };
  }
  return second === undefined ? null : runRow(frame, second.row, second.gathered);
};
