// An expression as an officer reads it: plain Chinese, names by their labels, every built-in by its own sentence.

import { civilOf } from '../base/day.ts';
import { toDecimalString } from '../base/rational.ts';
import type { BinaryOperator, ComparisonOperator, Node, TypeName } from './ast.ts';
import { bind } from './builtin.ts';
import { builtins } from './builtins.ts';
import { formatValue, parseAtLiteral } from './format.ts';
import { fillTemplate } from './template.ts';
import { type DayTimeDuration, isList, type Value, type YearMonthDuration } from './value.ts';

/** A fact's label by its name or path (`birthDate`, `children.birthDate`); undefined: the name itself is said. */
export type Labels = (name: string) => string | undefined;

interface Place {
  /** Bound names with the path their values come from; an item is bound under null. */
  readonly bound: readonly { readonly name: string | null; readonly path: string | null }[];
  readonly labels: Labels;
}

const quoted = (text: string): string => `“${text}”`;

const duration = (v: YearMonthDuration | DayTimeDuration): string => {
  if (v.kind === 'dtDuration') {
    const days = v.nanos / 86_400_000_000_000n;
    return days * 86_400_000_000_000n === v.nanos ? `${days}天` : formatValue(v);
  }
  const [years, months] = [Math.trunc(v.months / 12), v.months % 12];
  return `${years === 0 ? '' : `${years}年`}${months === 0 && years !== 0 ? '' : `${months}个月`}`;
};

const sayValue = (v: Value): string => {
  if (v === null) return '空';
  if (typeof v === 'boolean') return v ? '是' : '否';
  if (typeof v === 'string') return quoted(v);
  if (isList(v)) return v.map(sayValue).join('、');
  switch (v.kind) {
    case 'number':
      return toDecimalString(v);
    case 'date': {
      const c = civilOf(v.epochDay);
      return `${c.year}年${c.month}月${c.day}日`;
    }
    case 'ymDuration':
    case 'dtDuration':
      return duration(v);
    default:
      return formatValue(v);
  }
};

const comparison: Readonly<Record<ComparisonOperator, string>> = {
  '=': '等于',
  '!=': '不等于',
  '<': '小于',
  '<=': '不大于',
  '>': '大于',
  '>=': '不小于',
};

const signs: Readonly<Record<BinaryOperator, string>> = { '+': '+', '-': '−', '*': '×', '/': '÷', '**': '的乘方' };

const strength = (n: Node): number => {
  switch (n.op) {
    case 'if':
    case 'for':
    case 'some':
    case 'every':
    case 'function':
      return 0;
    case 'or':
      return 1;
    case 'and':
      return 2;
    case 'compare':
    case 'between':
    case 'in':
    case 'instance':
      return 3;
    case 'arithmetic':
      return n.operator === '+' || n.operator === '-' ? 4 : n.operator === '**' ? 6 : 5;
    default:
      return 7;
  }
};

/** In brackets when it binds less than its surroundings. */
const inside = (p: Place, n: Node, above: number): string => (strength(n) < above ? `（${sayNode(p, n)}）` : sayNode(p, n));

/** The fact path a node stands for, if it is nothing but names. */
const pathOf = (p: Place, n: Node): string | null => {
  if (n.op === 'filter') return pathOf(p, n.target);
  if (n.op === 'path') {
    const head = pathOf(p, n.target);
    return head === null ? null : `${head}.${n.name}`;
  }
  if (n.op !== 'name') return null;
  const bound = p.bound.findLast((b) => b.name === n.name || (b.name === null && n.name === 'item'));
  return bound === undefined ? n.name : bound.path;
};

const sayName = (p: Place, name: string): string => {
  if (name === '?') return '该值';
  const bound = p.bound.findLast((b) => b.name === name);
  if (bound !== undefined) return name;
  const item = p.bound.findLast((b) => b.name === null);
  if (item !== undefined) {
    if (name === 'item') return '该项';
    const label = item.path === null ? undefined : p.labels(`${item.path}.${name}`);
    if (label !== undefined) return label;
  }
  return p.labels(name) ?? name;
};

const parts: Readonly<Record<string, string>> = { year: '年份', month: '月份', day: '日', years: '年数', months: '月数', days: '天数' };

const sayPath = (p: Place, n: Node & { op: 'path' }): string => {
  const path = pathOf(p, n);
  const whole = n.target.op === 'filter' || path === null ? undefined : p.labels(path);
  const loose = n.target.op === 'name' && p.bound.some((b) => b.name !== null && n.target.op === 'name' && b.name === n.target.name);
  if (whole !== undefined && !loose) return whole;
  const target = inside(p, n.target, 7);
  const field = whole ?? (path === null ? undefined : p.labels(path)) ?? parts[n.name];
  if (field !== undefined) return `${target}的${field}`;
  return n.target.op === 'name' && target === n.target.name ? `${target}.${n.name}` : `${target}的${n.name}`;
};

const sayRange = (p: Place, n: Node & { op: 'range' }): string => {
  const low = n.low === null ? '' : `${n.lowClosed ? '不小于' : '大于'} ${inside(p, n.low, 4)}`;
  const high = n.high === null ? '' : `${n.highClosed ? '不大于' : '小于'} ${inside(p, n.high, 4)}`;
  return [low, high].filter((t) => t !== '').join('且');
};

const sayTest = (p: Place, n: Node): string => {
  if (n.op === 'range') return sayRange(p, n);
  if (n.op === 'test') return `${comparison[n.operator]} ${inside(p, n.operand, 4)}`;
  return inside(p, n, 4);
};

const sayIn = (p: Place, n: Node & { op: 'in' }): string => {
  const operand = inside(p, n.operand, 4);
  const flat = n.tests.flatMap((t) => (t.op === 'list' ? t.elements : [t]));
  const plain = flat.every((t) => t.op !== 'range' && t.op !== 'test');
  if (plain) return `${operand}属于${flat.map((t) => inside(p, t, 4)).join('、')}${flat.length > 1 ? '之一' : ''}`;
  return `${operand} ${flat.map((t) => sayTest(p, t)).join('，或 ')}`;
};

const isCount = (n: Node): boolean =>
  n.op === 'literal' && typeof n.value === 'object' && n.value !== null && !isList(n.value) && n.value.kind === 'number';

const sayFilter = (p: Place, n: Node & { op: 'filter' }): string => {
  const target = inside(p, n.target, 7);
  if (isCount(n.condition)) return `${target}的第 ${sayNode(p, n.condition)} 项`;
  if (n.condition.op === 'negate' && isCount(n.condition.operand)) return `${target}的倒数第 ${sayNode(p, n.condition.operand)} 项`;
  const at: Place = { ...p, bound: [...p.bound, { name: null, path: pathOf(p, n.target) }] };
  return `${target}中${sayNode(at, n.condition)}的项`;
};

/** `duration("P3Y")` and `date("2026-01-31")` are values written as calls. */
const constants: ReadonlySet<string> = new Set(['duration', 'date', 'time', 'date and time']);

const constantOf = (n: Node & { op: 'call' }): Value => {
  const [only] = n.args;
  const written = n.callee.op === 'name' && constants.has(n.callee.name) && n.args.length === 1 && only?.op === 'literal';
  return written && typeof only.value === 'string' ? parseAtLiteral(only.value) : null;
};

const sayCall = (p: Place, n: Node & { op: 'call' }): string => {
  const constant = constantOf(n);
  if (constant !== null) return sayValue(constant);
  const args = n.args.map((a) => inside(p, a, 4));
  const name = n.callee.op === 'name' ? n.callee.name : sayNode(p, n.callee);
  for (const { builtin, signature } of builtins.get(name) ?? []) {
    const shift = builtin.extra === undefined ? 0 : 1;
    const names = n.names === null || shift === 0 ? n.names : [signature.parameters[0]?.name ?? '', ...n.names];
    const b = bind(signature, args.length + shift, names);
    if (b === null) continue;
    const all = [...Array<string>(shift).fill(''), ...args];
    const filled = b.positions.map((i) => (i < 0 ? undefined : all[i]));
    return fillTemplate(builtin.say, b.rest === null ? filled : [...filled, b.rest.map((i) => all[i]).join('、')]);
  }
  return `${name}（${args.join('，')}）`;
};

/** The variables of for, some and every; each sees those before it. */
const iterate = (p: Place, n: Node & { op: 'for' | 'some' | 'every' }): { readonly place: Place; readonly text: string } => {
  let place = p;
  const texts: string[] = [];
  for (const it of n.iterators) {
    const domain = inside(place, it.domain, 4);
    texts.push(it.end === null ? `${domain}中的 ${it.name}` : `${domain} 至 ${inside(place, it.end, 4)} 的 ${it.name}`);
    place = { ...place, bound: [...place.bound, { name: it.name, path: pathOf(place, it.domain) }] };
  }
  return { place, text: texts.join('、') };
};

const sayLoop = (p: Place, n: Node & { op: 'for' | 'some' | 'every' }): string => {
  const { place, text } = iterate(p, n);
  const body = sayNode(place, n.body);
  if (n.op === 'for') return `对每个${text}，取 ${body}`;
  return n.op === 'some' ? `至少有一个${text}满足：${body}` : `每个${text}都满足：${body}`;
};

const sayCompare = (p: Place, n: Node & { op: 'compare' }): string => {
  const [left, right] = [inside(p, n.left, 4), inside(p, n.right, 4)];
  const value = n.right.op === 'literal' ? n.right.value : undefined;
  if (value === null) return `${left}${n.operator === '=' ? '为空' : '不为空'}`;
  if (typeof value === 'string' || typeof value === 'boolean') {
    if (n.operator === '=') return `${left}为${right}`;
    if (n.operator === '!=') return `${left}不为${right}`;
  }
  return `${left} ${comparison[n.operator]} ${right}`;
};

const sayType = (t: TypeName): string => (t.kind === 'named' ? t.name : t.kind);

/** One line per kind of node. */
const sayNode = (p: Place, n: Node): string => {
  switch (n.op) {
    case 'literal':
      return sayValue(n.value);
    case 'name':
      return sayName(p, n.name);
    case 'path':
      return sayPath(p, n);
    case 'filter':
      return sayFilter(p, n);
    case 'negate':
      return `−${inside(p, n.operand, 7)}`;
    case 'arithmetic': {
      const own = strength(n);
      if (n.operator === '**') return `${inside(p, n.left, 7)} 的 ${inside(p, n.right, 7)} 次方`;
      return `${inside(p, n.left, own)} ${signs[n.operator]} ${inside(p, n.right, own + 1)}`;
    }
    case 'compare':
      return sayCompare(p, n);
    case 'and':
      return `${inside(p, n.left, 2)}且${inside(p, n.right, 2)}`;
    case 'or':
      return `${inside(p, n.left, 1)}或${inside(p, n.right, 1)}`;
    case 'between':
      return `${inside(p, n.operand, 4)} 在 ${inside(p, n.low, 4)} 至 ${inside(p, n.high, 4)} 之间（含两端）`;
    case 'in':
      return sayIn(p, n);
    case 'instance':
      return `${inside(p, n.operand, 4)} 的类型为 ${sayType(n.type)}`;
    case 'if':
      return `若${sayNode(p, n.condition)}，则 ${inside(p, n.yes, 1)}；否则 ${sayNode(p, n.no)}`;
    case 'for':
    case 'some':
    case 'every':
      return sayLoop(p, n);
    case 'list':
      return n.elements.map((e) => inside(p, e, 4)).join('、');
    case 'context':
      return `{${n.entries.map((e) => `${e.key}：${sayNode(p, e.value)}`).join('，')}}`;
    case 'range':
      return sayRange(p, n);
    case 'test':
      return sayTest(p, n);
    case 'function': {
      const bound = n.parameters.map((name) => ({ name, path: null }));
      return `规则（${n.parameters.join('，')}）：${sayNode({ ...p, bound: [...p.bound, ...bound] }, n.body)}`;
    }
    case 'call':
      return sayCall(p, n);
  }
};

/** `age at(birthDate, period.end)` → `period.end 当日的周岁（按 出生日期）`, given a label for `birthDate`. */
export const say = (expression: { readonly root: Node }, labels: Labels = () => undefined): string =>
  sayNode({ bound: [], labels }, expression.root);
