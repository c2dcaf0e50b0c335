// Calls read aloud: every built-in by the sentence of its row, and the turns of phrase that formulas use because FEEL has no shorter way: the larger of
// 0 and x, a sum that is 0 where there is nothing, the year of the period, a code of a tree.
import { toInt } from '../base/rational.ts';
import type { Node } from './ast.ts';
import { bind } from './builtin.ts';
import { builtins } from './builtins.ts';
import { parseAtLiteral } from './format.ts';
import { sayConstant } from './say-value.ts';
import { fillTemplate } from './template.ts';
import { isList, isNumber, type Value } from './value.ts';

type Call = Node & { readonly op: 'call' };

export interface CallSayer {
  /** An argument in brackets where it needs them. */
  readonly inside: (n: Node) => string;
  readonly labels: (name: string) => string | undefined;
}

/** `duration("P3Y")` and `date("2026-01-31")` are values written as calls. */
const constants: ReadonlySet<string> = new Set(['duration', 'date', 'time', 'date and time']);

const constantOf = (n: Call): Value => {
  const [only] = n.args;
  const written = n.callee.op === 'name' && constants.has(n.callee.name) && n.args.length === 1 && only?.op === 'literal';
  return written && typeof only.value === 'string' ? parseAtLiteral(only.value) : null;
};

const nameOf = (n: Node): string | null => {
  if (n.op === 'name') return n.name;
  if (n.op !== 'path') return null;
  const head = nameOf(n.target);
  return head === null ? null : `${head}.${n.name}`;
};

const textOf = (n: Node | undefined): string | null => (n?.op === 'literal' && typeof n.value === 'string' ? n.value : null);
const isFigure = (n: Node | undefined): n is Node & { readonly op: 'literal' } =>
  n?.op === 'literal' && n.value !== null && typeof n.value === 'object' && !isList(n.value) && n.value.kind === 'number';
const isZero = (n: Node | undefined): boolean => isFigure(n) && isNumber(n.value) && n.value.num === 0n;

/** In brackets: an enumeration must not run into what stands beside it. */
const extreme = (n: Call, s: CallSayer, which: '大' | '小'): string | null =>
  n.args.length < 2 ? null : `（${n.args.map((a) => s.inside(a)).join('、')} 中最${which}的）`;

/** The limit and what it limits, of two arguments one of which is a figure. */
const limited = (n: Call): { readonly limit: Node; readonly what: Node } | null => {
  const args = n.args.length === 1 && n.args[0]?.op === 'list' ? n.args[0].elements : n.args;
  const [a, b] = args;
  if (args.length !== 2 || a === undefined || b === undefined || isFigure(a) === isFigure(b)) return null;
  return isFigure(a) ? { limit: a, what: b } : { limit: b, what: a };
};

/** `concatenate(x, [0])`, `append(x, 0)`: x, and 0 where it is empty. */
const orNothing = (n: Node | undefined): Node | null => {
  if (n?.op !== 'call' || n.callee.op !== 'name' || n.args.length !== 2) return null;
  const [list, more] = n.args;
  const zero = more?.op === 'list' ? (more.elements.length === 1 ? more.elements[0] : undefined) : more;
  return ['concatenate', 'append'].includes(n.callee.name) && isZero(zero) ? (list ?? null) : null;
};

const paidItems = (n: Call, s: CallSayer): string => {
  const items: string[] = [];
  const terms: string[] = [];
  for (const arg of n.args.flatMap((a) => (a.op === 'list' ? a.elements : [a]))) {
    const text = textOf(arg);
    if (text !== null && !/^\d{4}/.test(text)) items.push(s.labels(`item:${text}`) ?? '另一事项');
    else if (arg.op === 'context')
      for (const e of arg.entries) terms.push(e.key === 'key' ? `同一${s.inside(e.value).replace(/^本次/, '')}` : s.inside(e.value));
    else terms.push(s.inside(arg));
  }
  return `${terms.length === 0 ? '' : `${terms.join('、')}`}此前已发的${items.length === 0 ? '' : items.join('、')}金额`;
};

/** Turns of phrase by name of the built-in; null: the row's own sentence is the best there is. */
const phrases: Readonly<Record<string, (n: Call, s: CallSayer) => string | null>> = {
  max: (n, s) => {
    const found = limited(n);
    if (found === null) return extreme(n, s, '大');
    return `（${s.inside(found.what)}，低于 ${s.inside(found.limit)} 的按 ${s.inside(found.limit)} 计）`;
  },
  min: (n, s) => {
    const found = limited(n);
    return found === null ? extreme(n, s, '小') : `（${s.inside(found.what)}，最多计 ${s.inside(found.limit)}）`;
  },
  sum: (n, s) => {
    const list = n.args.length === 1 ? orNothing(n.args[0]) : null;
    return list === null ? null : `${s.inside(list)} 的合计`;
  },
  'shift period': (n, s) => {
    const [from, by] = n.args;
    const figure = by?.op === 'negate' ? by.operand : by;
    const size = isFigure(figure) && isNumber(figure.value) ? toInt(figure.value) : null;
    const step = size === null ? null : by?.op === 'negate' ? size : -size;
    if (from === undefined || step === null || step <= 0) return null;
    const previous = step === 1 && nameOf(from) === 'period.key' ? s.labels('period.previous') : undefined;
    return previous ?? `${s.inside(from)} 之前第 ${step} 期`;
  },
  parameter: (n, s) => registered('parameter', n, s),
  external: (n, s) => registered('external', n, s),
  within: (n, s) => {
    const [code, ancestor] = n.args.slice(-2);
    const name = textOf(ancestor);
    return code === undefined || name === null ? null : `${s.inside(code)} 属于 ${s.labels(`code:${name}`) ?? `“${name}”`}`;
  },
  paid: paidItems,
  'age at': (n, s) => {
    const [birth, on] = n.args;
    return birth === undefined || on === undefined || !(nameOf(on) ?? '').startsWith('period.')
      ? null
      : `${s.inside(on)} 的周岁（按 ${s.inside(birth)}）`;
  },
  string: (n, s) => (n.args.length === 1 && n.args[0] !== undefined ? s.inside(n.args[0]) : null),
  number: (n, s) => (n.args.length === 1 && n.args[0] !== undefined ? s.inside(n.args[0]) : null),
  date: (n, s) => {
    if (n.args.length !== 3) return null;
    const [year = '', month = '', day = ''] = n.args.map((a) => s.inside(a));
    return `${/年$/.test(year) ? year : `${year} 年`} ${month} 月 ${day} 日`;
  },
  sort: (n, s) => {
    const [list, order] = n.args;
    const falling =
      order?.op === 'function' && order.body.op === 'compare' && (order.body.operator === '>' || order.body.operator === '>=');
    return list === undefined || order === undefined ? null : `${s.inside(list)}（${falling ? '由大到小' : '由小到大'}排列）`;
  },
};

const registered = (kind: 'parameter' | 'external', n: Call, s: CallSayer): string | null => {
  const key = textOf(n.args[0]);
  const label = key === null ? undefined : s.labels(`${kind}:${key}`);
  if (label === undefined) return null;
  const rest = n.args.slice(1).map((a) => s.inside(a));
  return rest.length === 0 ? label : `${label}（按${rest.join('、')}）`;
};

export const sayCall = (n: Call, s: CallSayer): string => {
  const constant = constantOf(n);
  if (constant !== null) return sayConstant(constant);
  const name = n.callee.op === 'name' ? n.callee.name : s.inside(n.callee);
  const phrase = phrases[name]?.(n, s) ?? null;
  if (phrase !== null) return phrase;
  const args = n.args.map((a) => (a.op === 'literal' && a.value === null ? undefined : s.inside(a)));
  for (const { builtin, signature } of builtins.get(name) ?? []) {
    const shift = builtin.extra === undefined ? 0 : 1;
    const names = n.names === null || shift === 0 ? n.names : [signature.parameters[0]?.name ?? '', ...n.names];
    const b = bind(signature, args.length + shift, names);
    if (b === null) continue;
    const all = [...Array<string | undefined>(shift).fill(''), ...args];
    const filled = b.positions.map((i) => (i < 0 ? undefined : all[i]));
    return fillTemplate(builtin.say, b.rest === null ? filled : [...filled, b.rest.map((i) => all[i] ?? '空').join('、')]);
  }
  return `${name}（${args.map((a) => a ?? '空').join('，')}）`;
};
