// The tree made into closures, once per expression: names become slots, built-ins their rows. What runs per row is only calls.

import { arithmetic, negate } from './arithmetic.ts';
import type { Node } from './ast.ts';
import { type BuiltinTable, callRows, type Row } from './builtin.ts';
import { and, compareValues, isUnknownTruth, or, type Truth, truthOf } from './compare.ts';
import { type Frame, invoke, type Run, spend, weighed } from './frame.ts';
import { instanceOf } from './instance.ts';
import { buildFor, buildQuantified } from './loop.ts';
import { member, rangeValue, testValue } from './member.ts';
import { mergeBranches } from './merge.ts';
import { type Binder, type Meaning, meaningOf } from './names.ts';
import { at, elementsOf, keep, property } from './select.ts';
import type { FeelType, TypeEnv } from './type.ts';
import { type FeelFunction, isList, isNumber, isUncertain, isUnknown, type Maybe, missingOf, unknown, type Value } from './value.ts';

export interface Builder {
  readonly env: TypeEnv;
  readonly builtins: BuiltinTable;
  readonly types: ReadonlyMap<Node, FeelType>;
}

const constant =
  (v: Value): Run =>
  () =>
    v;

const builtinValue = (f: Frame, name: string, rows: readonly Row[]): FeelFunction => ({
  kind: 'function',
  name,
  parameters: rows[0]?.signature.parameters.map((p) => p.name) ?? [],
  call: (args) => callRows(f, rows, null, args),
});

const runMeaning = (b: Builder, m: Meaning): Run => {
  switch (m.kind) {
    case 'local':
      return (f) => f.locals[m.slot] ?? null;
    case 'field':
      return (f) => property(f.locals[m.slot] ?? null, m.name);
    case 'maybe field': {
      const outer = runMeaning(b, m.outer);
      return (f) => {
        const item = f.locals[m.slot] ?? null;
        if (item !== null && typeof item === 'object' && !isList(item) && item.kind === 'context') {
          const v = item.entries.get(m.name);
          if (v !== undefined) return v;
        }
        return isUnknown(item) && b.env.lookup(m.name) === undefined ? item : outer(f);
      };
    }
    case 'free': {
      if (b.env.lookup(m.name) !== undefined) return (f) => f.scope.get(m.name);
      const rows = b.builtins.get(m.name);
      return rows === undefined ? constant(null) : (f) => builtinValue(f, m.name, rows);
    }
  }
};

const buildCompare = (b: Builder, node: Node & { op: 'compare' }, binders: readonly Binder[]): Run => {
  const left = build(b, node.left, binders);
  const right = build(b, node.right, binders);
  const { operator } = node;
  return (f) => compareValues(left(f), right(f), operator);
};

const mentions = (node: unknown, name: string): boolean => {
  if (node === null || typeof node !== 'object') return false;
  if (Array.isArray(node)) return node.some((n) => mentions(n, name));
  const n = node as { readonly op?: string; readonly name?: string };
  if (n.op === 'name') return n.name === name;
  if (n.op === 'literal') return false;
  return Object.values(node).some((v) => mentions(v, name));
};

const buildIn = (b: Builder, node: Node & { op: 'in' }, binders: readonly Binder[]): Run => {
  const operand = build(b, node.operand, binders);
  const slot = binders.length;
  const inner: readonly Binder[] = [...binders, { kind: 'variable', name: '?', slot }];
  const tests = node.tests.map((t) => ({ run: build(b, t, inner), asks: mentions(t, '?') }));
  return (f) => {
    const v = operand(f);
    f.locals[slot] = v;
    let result: Truth = false;
    for (const t of tests) {
      const test = t.run(f);
      // A null operand lies in nothing but may equal null; comparisons with it stay null, as FEEL says.
      result = or(result, t.asks ? truthOf(test) : member(v, test));
      if (result === true) return true;
    }
    return result;
  };
};

/** Index or condition? Where types do not tell, the first answer that is known does; all of them unknown leave even that open. */
const probeFilter = (elements: readonly Maybe[], condition: (v: Value) => Value): Value => {
  let open: Value = null;
  for (const e of elements) {
    const probe = condition(e.value);
    if (!isUnknown(probe)) return probe;
    open = probe;
  }
  return open;
};

const buildFilter = (b: Builder, node: Node & { op: 'filter' }, binders: readonly Binder[]): Run => {
  const target = build(b, node.target, binders);
  const slot = binders.length;
  const type = b.types.get(node.target) ?? { kind: 'any' };
  const element: FeelType = type.kind === 'list' ? type.element : type;
  const condition = build(b, node.condition, [...binders, { kind: 'item', slot, element }]);
  const conditionType = b.types.get(node.condition)?.kind;
  const withItem = (f: Frame, v: Value): Value => {
    spend(f.budget, 1);
    f.locals[slot] = v;
    return condition(f);
  };
  return (f) => {
    const list = target(f);
    if (list === null || isUnknown(list)) return list;
    const elements = elementsOf(list) ?? [];
    if (conditionType === 'number') return at(list, withItem(f, elements[0]?.value ?? null));
    if (conditionType !== 'boolean') {
      const probe = probeFilter(elements, (v) => withItem(f, v));
      if (isNumber(probe)) return at(list, probe);
      if (isUnknown(probe)) return unknown(...missingOf(list, probe));
    }
    return keep(elements, isUncertain(list) ? list.missing : [], (v) => withItem(f, v));
  };
};

const buildFunction = (b: Builder, node: Node & { op: 'function' }, binders: readonly Binder[]): Run => {
  const base = binders.length;
  const bound = node.parameters.map((name, i): Binder => ({ kind: 'variable', name, slot: base + i }));
  const body = build(b, node.body, [...binders, ...bound]);
  const { parameters } = node;
  return (f) => {
    const captured = f.locals.slice(0, base);
    const call = (args: readonly Value[]): Value => {
      if (args.length !== parameters.length) return null;
      return body({ scope: f.scope, budget: f.budget, locals: [...captured, ...args] });
    };
    return { kind: 'function', name: '', parameters, call };
  };
};

const isFunction = (v: Value): v is FeelFunction => v !== null && typeof v === 'object' && !isList(v) && v.kind === 'function';

const callValue = (f: Frame, fn: Value, names: readonly string[] | null, args: readonly Value[]): Value => {
  if (isUnknown(fn)) return fn;
  if (!isFunction(fn)) return null;
  if (names === null) return invoke(f.budget, fn, args);
  if (names.length !== fn.parameters.length || !fn.parameters.every((p) => names.includes(p))) return null;
  return invoke(
    f.budget,
    fn,
    fn.parameters.map((p) => args[names.indexOf(p)] ?? null),
  );
};

const buildCall = (b: Builder, node: Node & { op: 'call' }, binders: readonly Binder[]): Run => {
  const args = node.args.map((a) => build(b, a, binders));
  const { names, callee } = node;
  // A variable may hold a function (the checker has then seen the name itself); a field or fact of the same name as a built-in does not hide it.
  const own = callee.op === 'name' && binders.some((x) => x.kind === 'variable' && x.name === callee.name) && b.types.has(callee);
  const known = callee.op !== 'name' || own || b.env.lookup(callee.name)?.kind === 'function';
  const rows = known ? undefined : b.builtins.get(callee.name);
  if (rows !== undefined) {
    const row = rows[0] as Row;
    const extra = row.builtin.extra?.(node.args.map((a) => b.types.get(a) ?? { kind: 'any' }));
    if (extra === undefined)
      return (f) =>
        callRows(
          f,
          rows,
          names,
          args.map((a) => a(f)),
        );
    return (f) =>
      callRows(f, rows, names === null ? null : [...extra.map((_, i) => row.signature.parameters[i]?.name ?? ''), ...names], [
        ...extra,
        ...args.map((a) => a(f)),
      ]);
  }
  const fn = build(b, callee, binders);
  return (f) =>
    callValue(
      f,
      fn(f),
      names,
      args.map((a) => a(f)),
    );
};

const buildContext = (b: Builder, node: Node & { op: 'context' }, binders: readonly Binder[]): Run => {
  let inner = binders;
  const entries = node.entries.map((e) => {
    const slot = inner.length;
    const run = build(b, e.value, inner);
    inner = [...inner, { kind: 'variable', name: e.key, slot }];
    return { key: e.key, slot, run };
  });
  return (f) => {
    const out = new Map<string, Value>();
    for (const e of entries) {
      const v = e.run(f);
      f.locals[e.slot] = v;
      out.set(e.key, v);
    }
    return weighed({ kind: 'context', entries: out });
  };
};

/** Each kind of node becomes one closure over its parts' closures. A long switch: one line per kind of node. */
export const build = (b: Builder, node: Node, binders: readonly Binder[]): Run => {
  const part = (n: Node): Run => build(b, n, binders);
  switch (node.op) {
    case 'literal':
      return constant(node.value);
    case 'name':
      return runMeaning(b, meaningOf(node.name, binders));
    case 'path': {
      const target = part(node.target);
      const { name } = node;
      return (f) => property(target(f), name);
    }
    case 'filter':
      return buildFilter(b, node, binders);
    case 'negate': {
      const operand = part(node.operand);
      return (f) => negate(operand(f));
    }
    case 'arithmetic': {
      const [left, right, { operator }] = [part(node.left), part(node.right), node];
      return (f) => arithmetic(operator, left(f), right(f));
    }
    case 'compare':
      return buildCompare(b, node, binders);
    case 'and':
    case 'or': {
      const [left, right, decided, join] = [part(node.left), part(node.right), node.op === 'or', node.op === 'or' ? or : and];
      return (f) => {
        const l = truthOf(left(f));
        return l === decided ? decided : join(l, truthOf(right(f)));
      };
    }
    case 'between': {
      const [v, low, high] = [part(node.operand), part(node.low), part(node.high)];
      return (f) => {
        const x = v(f);
        return and(compareValues(x, low(f), '>='), compareValues(x, high(f), '<='));
      };
    }
    case 'in':
      return buildIn(b, node, binders);
    case 'instance': {
      const [operand, { type }] = [part(node.operand), node];
      return (f) => instanceOf(operand(f), type);
    }
    case 'if': {
      const [condition, yes, no] = [part(node.condition), part(node.yes), part(node.no)];
      return (f) => {
        const t = truthOf(condition(f));
        if (isUnknownTruth(t)) return mergeBranches(t, yes(f), no(f));
        return t === true ? yes(f) : no(f);
      };
    }
    case 'for':
      return buildFor(node, binders, (n, inner) => build(b, n, inner), mentions(node.body, 'partial'));
    case 'some':
    case 'every':
      return buildQuantified(node, binders, (n, inner) => build(b, n, inner));
    case 'list': {
      const elements = node.elements.map(part);
      return (f) => weighed(elements.map((e) => e(f)));
    }
    case 'context':
      return buildContext(b, node, binders);
    case 'range': {
      const [low, high, { lowClosed, highClosed }] = [node.low, node.high, node];
      const l = low === null ? constant(null) : part(low);
      const h = high === null ? constant(null) : part(high);
      return (f) => rangeValue(l(f), h(f), lowClosed, highClosed);
    }
    case 'test': {
      const [operand, { operator }] = [part(node.operand), node];
      return (f) => testValue(operator, operand(f));
    }
    case 'function':
      return buildFunction(b, node, binders);
    case 'call':
      return buildCall(b, node, binders);
  }
};
