// An expression as an officer reads it: plain Chinese, names by their labels, every built-in by its own sentence (`say-call.ts`).
import type { BinaryOperator, ComparisonOperator, Node, TypeName } from './ast.ts';
import { sayCall } from './say-call.ts';
import { closeGaps, sayConstant } from './say-value.ts';
import { isList } from './value.ts';

/**
 * A fact's label by its name or path (`birthDate`, `children.birthDate`), and what else has a name only the catalogue knows: `parameter:minWage`,
 * `external:cpi`, `code:530128`, `item:luquan-gaoling`, `period.previous`. Undefined: the name itself is said.
 */
export type Labels = (name: string) => string | undefined;

interface Place {
  /** Bound names, what each is called, and the path their values come from; an item is bound under null. */
  readonly bound: readonly { readonly name: string | null; readonly word: string; readonly path: string | null }[];
  readonly labels: Labels;
}

const comparison: Readonly<Record<ComparisonOperator, string>> = {
  '=': '等于',
  '!=': '不等于',
  '<': '小于',
  '<=': '不大于',
  '>': '大于',
  '>=': '不小于',
};
const order: Readonly<Record<ComparisonOperator, string>> = {
  '=': '为',
  '!=': '不是',
  '<': '早于',
  '<=': '不晚于',
  '>': '晚于',
  '>=': '不早于',
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

/** Names people gave in Chinese speak for themselves. */
const isChinese = (name: string): boolean => /[\u3400-\u9fff]/u.test(name);

/** What a loop's variable is called: 该项, and inside another loop 甲, 乙. */
const wordFor = (p: Place, name: string): string => {
  if (isChinese(name)) return name;
  const loops = p.bound.filter((b) => b.name !== null).length;
  return loops === 0 ? '该项' : (['另一项', '甲项', '乙项', '丙项'][loops - 1] ?? '某项');
};

const sayName = (p: Place, name: string): string => {
  if (name === '?') return '该值';
  const bound = p.bound.findLast((b) => b.name === name);
  if (bound !== undefined) return bound.word;
  const item = p.bound.findLast((b) => b.name === null);
  if (item !== undefined) {
    if (name === 'item') return '该项';
    const label = item.path === null ? undefined : p.labels(`${item.path}.${name}`);
    if (label !== undefined) return label;
  }
  return p.labels(name) ?? name;
};

const parts: Readonly<Record<string, string>> = { year: '年份', month: '月份', day: '日', years: '年数', months: '月数', days: '天数' };

/** `period.end.year` is the year everybody calls this one. */
const isThisYear = (n: Node): boolean =>
  n.op === 'path' &&
  n.name === 'year' &&
  n.target.op === 'path' &&
  (n.target.name === 'end' || n.target.name === 'start') &&
  n.target.target.op === 'name' &&
  n.target.target.name === 'period';

const sayPath = (p: Place, n: Node & { op: 'path' }): string => {
  if (isThisYear(n)) return '当年';
  const path = pathOf(p, n);
  const whole = n.target.op === 'filter' || path === null ? undefined : p.labels(path);
  const variable =
    n.target.op === 'name' ? p.bound.findLastIndex((b) => b.name !== null && n.target.op === 'name' && b.name === n.target.name) : -1;
  // The variable of the innermost loop needs no mention; one further out does, or its field would be taken for the nearer item's.
  if (whole !== undefined && (variable < 0 || variable === p.bound.length - 1)) return whole;
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
  if (plain) return `${operand}为${flat.map((t) => inside(p, t, 4)).join('、')}${flat.length > 1 ? '之一' : ''}`;
  return `${operand} ${flat.map((t) => sayTest(p, t)).join('，或 ')}`;
};

const isCount = (n: Node): boolean =>
  n.op === 'literal' && typeof n.value === 'object' && n.value !== null && !isList(n.value) && n.value.kind === 'number';

const sayFilter = (p: Place, n: Node & { op: 'filter' }): string => {
  const target = inside(p, n.target, 7);
  if (isCount(n.condition)) return `${target}的第 ${sayNode(p, n.condition)} 项`;
  if (n.condition.op === 'negate' && isCount(n.condition.operand)) return `${target}的倒数第 ${sayNode(p, n.condition.operand)} 项`;
  const at: Place = { ...p, bound: [...p.bound, { name: null, word: '该项', path: pathOf(p, n.target) }] };
  return `${target}中${sayTruth(at, n.condition, 0)}的项`;
};

/** The variables of for, some and every; each sees those before it. */
const iterate = (p: Place, n: Node & { op: 'for' | 'some' | 'every' }): { readonly place: Place; readonly text: string } => {
  let place = p;
  const texts: string[] = [];
  for (const it of n.iterators) {
    const domain = inside(place, it.domain, 4);
    texts.push(it.end === null ? domain : `${domain} 至 ${inside(place, it.end, 4)}`);
    place = { ...place, bound: [...place.bound, { name: it.name, word: wordFor(place, it.name), path: pathOf(place, it.domain) }] };
  }
  return { place, text: texts.join('与') };
};

const sayLoop = (p: Place, n: Node & { op: 'for' | 'some' | 'every' }): string => {
  const { place, text } = iterate(p, n);
  if (n.op === 'for') return `${text}逐项计算：${sayNode(place, n.body)}`;
  const body = sayTruth(place, n.body, 0);
  return n.op === 'some' ? `${text}中至少有一项满足：${body}` : `${text}中每一项都满足：${body}`;
};

/** Where a truth is asked, a bare name is a yes-or-no fact. */
const sayTruth = (p: Place, n: Node, above: number): string => {
  if (n.op === 'name' || n.op === 'path') return `${sayNode(p, n)}为是`;
  const [only] = n.op === 'call' && n.callee.op === 'name' && n.callee.name === 'not' ? n.args : [];
  if (only === undefined) return inside(p, n, above);
  if (only.op === 'name' || only.op === 'path') return `${sayNode(p, only)}为否`;
  return `并非（${sayTruth(p, only, 0)}）`;
};

const isDay = (p: Place, n: Node): boolean => {
  if (n.op === 'literal') return n.value !== null && typeof n.value === 'object' && !isList(n.value) && n.value.kind === 'date';
  if (n.op === 'call') return n.callee.op === 'name' && n.callee.name === 'date';
  if (n.op === 'arithmetic') return isDay(p, n.left);
  if (n.op !== 'name' && n.op !== 'path') return false;
  return /(日期|日|月末|月初|季末|季初|年末|年初)$/.test(sayNode(p, n));
};

const sayCompare = (p: Place, n: Node & { op: 'compare' }): string => {
  const [left, right] = [inside(p, n.left, 4), inside(p, n.right, 4)];
  const value = n.right.op === 'literal' ? n.right.value : undefined;
  if (value === null) return `${left}${n.operator === '=' ? '为空' : '不为空'}`;
  if (typeof value === 'string' || typeof value === 'boolean') {
    if (n.operator === '=') return `${left}为${right}`;
    if (n.operator === '!=') return `${left}不为${right}`;
  }
  if (isDay(p, n.left) || isDay(p, n.right)) return `${left} ${order[n.operator]} ${right}`;
  const named = n.right.op === 'name' || n.right.op === 'path';
  if (named && (n.operator === '=' || n.operator === '!=')) return `${left} 与 ${right} ${n.operator === '=' ? '相同' : '不同'}`;
  return `${left} ${comparison[n.operator]} ${right}`;
};

const literalText = (n: Node): string | null => (n.op === 'literal' && typeof n.value === 'string' ? n.value : null);

const sayArithmetic = (p: Place, n: Node & { op: 'arithmetic' }): string => {
  const own = strength(n);
  const [left, right] = [inside(p, n.left, own), inside(p, n.right, own + 1)];
  if (n.operator === '**') return `${inside(p, n.left, 7)} 的 ${inside(p, n.right, 7)} 次方`;
  if (n.operator === '-' && isThisYear(n.left) && isCount(n.right)) return right === '1' ? '上年' : `${right} 年前`;
  if (n.operator === '+' && isThisYear(n.left) && isCount(n.right)) return right === '1' ? '次年' : `${right} 年后`;
  if (n.operator === '+') {
    // Texts put together into the name of a month: `year + "-12"`, `"2022-" + month`, `year + "-" + month`.
    const [before, after] = [literalText(n.left), literalText(n.right)];
    if (after !== null && /^-\d{2}$/.test(after)) return `${left} ${Number(after.slice(1))} 月`;
    if (after === '-') return left;
    if (before !== null && /^\d{4}-$/.test(before)) return `${before.slice(0, 4)}年${right}月`;
    if (n.left.op === 'arithmetic' && literalText(n.left.right) === '-') return `${left}${right}月`;
  }
  return `${left} ${signs[n.operator]} ${right}`;
};

const sayType = (t: TypeName): string => (t.kind === 'named' ? t.name : t.kind);

/** One line per kind of node. */
const sayNode = (p: Place, n: Node): string => {
  switch (n.op) {
    case 'literal':
      return sayConstant(n.value);
    case 'name':
      return sayName(p, n.name);
    case 'path':
      return sayPath(p, n);
    case 'filter':
      return sayFilter(p, n);
    case 'negate':
      return `−${inside(p, n.operand, 7)}`;
    case 'arithmetic':
      return sayArithmetic(p, n);
    case 'compare':
      return sayCompare(p, n);
    case 'and':
      return `${sayTruth(p, n.left, 2)}，且${sayTruth(p, n.right, 2)}`;
    case 'or':
      return `${sayTruth(p, n.left, n.left.op === 'or' ? 1 : 3)}，或${sayTruth(p, n.right, 3)}`;
    case 'between':
      return `${inside(p, n.operand, 4)} 在 ${inside(p, n.low, 4)} 至 ${inside(p, n.high, 4)} 之间（含两端）`;
    case 'in':
      return sayIn(p, n);
    case 'instance':
      return `${inside(p, n.operand, 4)} 的类型为 ${sayType(n.type)}`;
    case 'if':
      return `若${sayTruth(p, n.condition, 1)}，则 ${inside(p, n.yes, 1)}；否则 ${sayNode(p, n.no)}`;
    case 'for':
    case 'some':
    case 'every':
      return sayLoop(p, n);
    case 'list':
      return n.elements.map((e) => inside(p, e, 4)).join('、');
    case 'context':
      return `（${n.entries.map((e) => `${e.key}：${sayNode(p, e.value)}`).join('，')}）`;
    case 'range':
      return sayRange(p, n);
    case 'test':
      return sayTest(p, n);
    case 'function': {
      const bound = n.parameters.map((name) => ({ name, word: wordFor(p, name), path: null }));
      return `规则：${sayNode({ ...p, bound: [...p.bound, ...bound] }, n.body)}`;
    }
    case 'call':
      if (n.callee.op === 'name' && n.callee.name === 'not' && n.args.length === 1) return sayTruth(p, n, 0);
      return sayCall(n, { inside: (a) => inside(p, a, 4), labels: p.labels });
  }
};

/** `age at(birthDate, period.end)` → 当月末当日的周岁（按出生日期）, given labels for both. */
export const say = (expression: { readonly root: Node }, labels: Labels = () => undefined): string =>
  closeGaps(sayNode({ bound: [], labels }, expression.root));

/** The parts of a conjunction, each a sentence of its own; one where it is none. */
export const sayEach = (expression: { readonly root: Node }, labels: Labels = () => undefined): readonly string[] => {
  const parts = (n: Node): readonly Node[] => (n.op === 'and' ? [...parts(n.left), ...parts(n.right)] : [n]);
  return parts(expression.root).map((n) => closeGaps(sayTruth({ bound: [], labels }, n, 0)));
};
