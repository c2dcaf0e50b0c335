// Types and units before anything runs: every node gets a type, every finding a place and a way out, every free name is noted.

import type { Problem } from '../base/problem.ts';
import type { Iterator, Node } from './ast.ts';
import { callType } from './check-calls.ts';
import { arithmeticType, compareFinding, memberFinding, negateType, unify, unifyFinding } from './check-operators.ts';
import { fieldType } from './check-path.ts';
import { type Binding, type Checker, type CheckInput, read, report, type Scope, type Seen, seeName, seen } from './check-scope.ts';
import { isKnownTypeName } from './instance.ts';
import { anyType, booleanType, type FeelType, listOf, nullType, rangeOf, typeName } from './type.ts';
import { isList, kindOf, type Value } from './value.ts';

export interface Checked {
  readonly type: FeelType;
  readonly types: ReadonlyMap<Node, FeelType>;
  readonly reads: readonly string[];
  readonly problems: readonly Problem[];
}

const literalType = (v: Value): FeelType => {
  if (typeof v === 'string') return { kind: 'string', values: [v] };
  if (v === null) return nullType;
  const kind = kindOf(v);
  return isList(v) || kind === 'context' || kind === 'range' || kind === 'function' ? anyType : ({ kind } as FeelType);
};

const seePath = (c: Checker, node: Node & { op: 'path' }, scope: Scope): Seen => {
  const before = new Set(c.reads);
  const target = see(c, node.target, scope);
  const { type, finding } = fieldType(target.type, node.name);
  report(c, node, finding);
  if (target.path === null || elementOf(target.type).kind !== 'record') return seen(type, target.path);
  const path = `${target.path}.${node.name}`;
  // `period.end` reads the end, not all of the period; of a list the list itself is read as well.
  if (target.type.kind === 'record' && !before.has(target.path) && node.target.op !== 'filter') c.reads.delete(target.path);
  read(c, path);
  return seen(type, path);
};

const elementOf = (t: FeelType): FeelType => (t.kind === 'list' || t.kind === 'range' ? t.element : t);

const seeFilter = (c: Checker, node: Node & { op: 'filter' }, scope: Scope): Seen => {
  const target = see(c, node.target, scope);
  const element = elementOf(target.type);
  const condition = type(c, node.condition, [...scope, { kind: 'item', element, path: target.path }]);
  if (condition.kind === 'number') return seen(element, target.path);
  if (condition.kind !== 'boolean' && condition.kind !== 'any') {
    report(c, node.condition, {
      code: 'filter',
      message: `方括号里要写条件或序号，这里是${typeName(condition)}`,
      hint: '例如 清单[金额 > 100] 或 清单[1]',
    });
  }
  return seen(condition.kind === 'any' && target.type.kind === 'any' ? anyType : listOf(element), target.path);
};

const wantBoolean = (c: Checker, node: Node, scope: Scope, where: string): void => {
  const t = type(c, node, scope);
  if (t.kind === 'boolean' || t.kind === 'any') return;
  report(c, node, { code: 'condition', message: `${where}要写条件，这里是${typeName(t)}`, hint: '写成比较，例如 年龄 >= 80' });
};

/** What the variable holds: elements of a list, the numbers or days of a counting. */
const iterate = (c: Checker, iterators: readonly Iterator[], scope: Scope): Scope => {
  let inner = scope;
  for (const it of iterators) {
    const domain = see(c, it.domain, inner);
    if (it.end !== null) {
      const end = type(c, it.end, inner);
      const bad = [domain.type, end].find((t) => !['number', 'date', 'any'].includes(t.kind));
      if (bad !== undefined)
        report(c, it.domain, {
          code: 'loop',
          message: `只能在两个整数或两个日期之间循环，这里是${typeName(bad)}`,
          hint: '例如 for i in 1..12',
        });
    }
    inner = [...inner, { kind: 'variable', name: it.name, type: elementOf(domain.type), path: domain.path }];
  }
  return inner;
};

const seeList = (c: Checker, node: Node & { op: 'list' }, scope: Scope): Seen => {
  let element: FeelType | undefined;
  for (const e of node.elements) {
    const t = type(c, e, scope);
    if (element !== undefined) report(c, e, unifyFinding(element, t, c.units));
    element = element === undefined ? t : unify(element, t);
  }
  return seen(listOf(element ?? anyType));
};

const seeContext = (c: Checker, node: Node & { op: 'context' }, scope: Scope): Seen => {
  let inner = scope;
  const fields: Record<string, FeelType> = {};
  for (const e of node.entries) {
    const t = type(c, e.value, inner);
    fields[e.key] = t;
    inner = [...inner, { kind: 'variable', name: e.key, type: t, path: null }];
  }
  return seen({ kind: 'record', fields });
};

const isCallable = (t: FeelType): boolean => t.kind === 'function' || t.kind === 'any';

const seeCall = (c: Checker, node: Node & { op: 'call' }, scope: Scope): Seen => {
  const types = node.args.map((a) => type(c, a, scope));
  const { callee } = node;
  const named = callee.op === 'name' ? scope.findLast((b) => b.kind === 'variable' && b.name === callee.name) : undefined;
  // A variable that surely holds no function does not hide the built-in of its name.
  const local = named?.kind === 'variable' && (isCallable(named.type) || !c.builtins.has(named.name)) ? named : undefined;
  const fact = callee.op === 'name' ? c.env.lookup(callee.name) : undefined;
  const hidden = callee.op !== 'name' || fact?.kind === 'function' || (fact !== undefined && !c.builtins.has(callee.name));
  if (callee.op !== 'name' || local !== undefined || hidden) {
    const t = type(c, callee, scope);
    if (t.kind !== 'function' && t.kind !== 'any') {
      report(c, callee, { code: 'function', message: `${typeName(t)}不能当函数调用`, hint: '函数表见 docs/feel.md' });
    }
    return seen(t.kind === 'function' ? t.result : anyType);
  }
  const literals = node.args.map((a) => (a.op === 'literal' ? a.value : undefined));
  const typed = callType(c.builtins, { name: callee.name, types, literals, names: node.names, units: c.units });
  report(c, node, typed.finding);
  return seen(typed.type);
};

const seeIn = (c: Checker, node: Node & { op: 'in' }, scope: Scope): Seen => {
  const operand = see(c, node.operand, scope);
  const inner: Scope = [...scope, { kind: 'variable', name: '?', type: operand.type, path: operand.path }];
  for (const t of node.tests) {
    const test = type(c, t, inner);
    if (test.kind !== 'boolean' || operand.type.kind === 'boolean') report(c, t, memberFinding(operand.type, test, c.units));
  }
  return seen(booleanType);
};

const seeIf = (c: Checker, node: Node & { op: 'if' }, scope: Scope): Seen => {
  wantBoolean(c, node.condition, scope, 'if 后面');
  const [yes, no] = [type(c, node.yes, scope), type(c, node.no, scope)];
  report(c, node.no, unifyFinding(yes, no, c.units));
  return seen(unify(yes, no));
};

const seeBetween = (c: Checker, node: Node & { op: 'between' }, scope: Scope): Seen => {
  const x = type(c, node.operand, scope);
  for (const end of [node.low, node.high]) report(c, end, compareFinding('between', x, type(c, end, scope), c.units));
  return seen(booleanType);
};

const seeRange = (c: Checker, node: Node & { op: 'range' }, scope: Scope): Seen => {
  const [low, high] = [node.low, node.high].map((n) => (n === null ? nullType : type(c, n, scope)));
  if (low === undefined || high === undefined) return seen(anyType);
  if (low.kind !== 'null' && high.kind !== 'null') report(c, node, compareFinding('<=', low, high, c.units));
  return seen(rangeOf(unify(low, high)));
};

const type = (c: Checker, node: Node, scope: Scope): FeelType => see(c, node, scope).type;

const see = (c: Checker, node: Node, scope: Scope): Seen => {
  const s = seeNode(c, node, scope);
  c.types.set(node, s.type);
  return s;
};

/** One line per kind of node. */
const seeNode = (c: Checker, node: Node, scope: Scope): Seen => {
  switch (node.op) {
    case 'literal':
      return seen(literalType(node.value));
    case 'name':
      return seeName(c, node, scope);
    case 'path':
      return seePath(c, node, scope);
    case 'filter':
      return seeFilter(c, node, scope);
    case 'negate': {
      const typed = negateType(type(c, node.operand, scope));
      report(c, node, typed.finding);
      return seen(typed.type);
    }
    case 'arithmetic': {
      const typed = arithmeticType(node.operator, type(c, node.left, scope), type(c, node.right, scope), c.units);
      report(c, node, typed.finding);
      return seen(typed.type);
    }
    case 'compare':
      report(c, node, compareFinding(node.operator, type(c, node.left, scope), type(c, node.right, scope), c.units));
      return seen(booleanType);
    case 'and':
    case 'or':
      for (const side of [node.left, node.right]) wantBoolean(c, side, scope, `${node.op} 两边`);
      return seen(booleanType);
    case 'between':
      return seeBetween(c, node, scope);
    case 'in':
      return seeIn(c, node, scope);
    case 'instance':
      type(c, node.operand, scope);
      if (node.type.kind === 'named' && !isKnownTypeName(node.type.name)) {
        report(c, node, {
          code: 'type',
          message: `没有类型 ${node.type.name}`,
          hint: '可用 number、string、boolean、date、list<…>、context<…> 等',
        });
      }
      return seen(booleanType);
    case 'if':
      return seeIf(c, node, scope);
    case 'for': {
      const inner = iterate(c, node.iterators, [...scope, { kind: 'variable', name: 'partial', type: listOf(anyType), path: null }]);
      return seen(listOf(type(c, node.body, inner)));
    }
    case 'some':
    case 'every':
      wantBoolean(c, node.body, iterate(c, node.iterators, scope), 'satisfies 后面');
      return seen(booleanType);
    case 'list':
      return seeList(c, node, scope);
    case 'context':
      return seeContext(c, node, scope);
    case 'range':
      return seeRange(c, node, scope);
    case 'test':
      return seen(rangeOf(type(c, node.operand, scope)));
    case 'function': {
      const bound = node.parameters.map((name): Binding => ({ kind: 'variable', name, type: anyType, path: null }));
      return seen({ kind: 'function', parameters: node.parameters.map(() => anyType), result: type(c, node.body, [...scope, ...bound]) });
    }
    case 'call':
      return seeCall(c, node, scope);
  }
};

export const check = (root: Node, input: CheckInput): Checked => {
  const c: Checker = { ...input, types: new Map(), reads: new Set(), problems: [] };
  const { type: found } = see(c, root, []);
  return { type: found, types: c.types, reads: [...c.reads].sort(), problems: c.problems };
};
