// Text → tree of our own, by lezer-feel's grammar. What does not parse becomes Problems with a place; nothing is guessed.

import { normalizeContextKey } from 'lezer-feel';
import { type Problem, problem } from '../base/problem.ts';
import { parseDecimal } from '../base/rational.ts';
import type { BinaryOperator, ComparisonOperator, Iterator, Node } from './ast.ts';
import { parseAtLiteral } from './format.ts';
import { childrenOf, firstError, grammarFor, type Tree } from './grammar.ts';
import { nameOf, type Reader, Refused, readType, refuse, spanOf, textOf } from './reader.ts';
import { maxDepth, placeOf, plainText, unescapeText } from './text.ts';
import type { TypeEnv } from './type.ts';

const comparisons: ReadonlySet<string> = new Set(['=', '!=', '<', '<=', '>', '>=']);

/** The grammar knows `^` besides. */
const arithmetics: ReadonlySet<string> = new Set(['+', '-', '*', '/', '**']);

const readOperator = (r: Reader, t: Tree): ComparisonOperator => {
  const op = textOf(r, t);
  return comparisons.has(op) ? (op as ComparisonOperator) : refuse(r, t, 'operator', `不认识的比较符号 ${op}`, '可用 = != < <= > >=');
};

const readString = (r: Reader, t: Tree): string => unescapeText(textOf(r, t).slice(1, -1));

/** `>= 5`, `[1..3)`, `]1..3[`: both are ranges. */
const readSimpleTest = (r: Reader, t: Tree): Node => {
  const [a, b] = childrenOf(t);
  if (a?.name === 'Interval') return readInterval(r, a);
  if (a === undefined || b === undefined) return refuse(r, t, 'syntax', '比较不完整', '补上比较的值');
  return { span: spanOf(t), op: 'test', operator: readOperator(r, a), operand: readNode(r, b) };
};

const readInterval = (r: Reader, t: Tree): Node => {
  const [open, low, , high, close] = childrenOf(t);
  if (open === undefined || low === undefined || high === undefined || close === undefined) {
    return refuse(r, t, 'syntax', '区间不完整', '区间写成 [1..3]、(1..3]、[1..3) 或 (1..3)');
  }
  return {
    span: spanOf(t),
    op: 'range',
    low: readNode(r, low),
    high: readNode(r, high),
    lowClosed: textOf(r, open) === '[',
    highClosed: textOf(r, close) === ']',
  };
};

const readTest = (r: Reader, t: Tree): Node => {
  const inner = t.name === 'PositiveUnaryTest' ? childrenOf(t)[0] : t;
  return inner === undefined ? refuse(r, t, 'syntax', '缺少比较的值', '补上 in 后面的值') : readNode(r, inner);
};

const readComparison = (r: Reader, t: Tree): Node => {
  const [left, op, ...rest] = childrenOf(t);
  if (left === undefined || op === undefined || rest[0] === undefined) return refuse(r, t, 'syntax', '比较不完整', '补上比较的值');
  const span = spanOf(t);
  if (op.name === 'between') {
    const high = rest[2];
    if (high === undefined) return refuse(r, t, 'syntax', 'between 不完整', '写成 x between 1 and 3');
    return { span, op: 'between', operand: readNode(r, left), low: readNode(r, rest[0]), high: readNode(r, high) };
  }
  if (op.name === 'in') {
    const tests = rest.flatMap((c) => (c.name === 'PositiveUnaryTests' ? childrenOf(c) : c.name === 'PositiveUnaryTest' ? [c] : []));
    return { span, op: 'in', operand: readNode(r, left), tests: tests.map((c) => readTest(r, c)) };
  }
  return { span, op: 'compare', operator: readOperator(r, op), left: readNode(r, left), right: readNode(r, rest[0]) };
};

const readIterators = (r: Reader, t: Tree): Iterator[] =>
  childrenOf(t).map((c) => {
    const parts = childrenOf(c);
    const [name, domain] = [parts[0], parts[parts.length - 1]];
    if (name === undefined || domain === undefined) return refuse(r, c, 'syntax', '循环不完整', '写成 for 变量 in 清单 return 表达式');
    const [from, , to] = domain.name === 'IterationContext' ? childrenOf(domain) : [domain];
    if (from === undefined) return refuse(r, c, 'syntax', '循环缺少清单', '写成 for 变量 in 清单 return 表达式');
    return { name: nameOf(r, name), domain: readNode(r, from), end: to === undefined ? null : readNode(r, to) };
  });

const readLoop = (r: Reader, t: Tree): Node => {
  const parts = childrenOf(t);
  const [keyword, ins, , body] = parts;
  if (keyword === undefined || ins === undefined || body === undefined)
    return refuse(r, t, 'syntax', '循环不完整', '补上 return 或 satisfies 后面的部分');
  const op = t.name === 'ForExpression' ? 'for' : textOf(r, keyword) === 'some' ? 'some' : 'every';
  return { span: spanOf(t), op, iterators: readIterators(r, ins), body: readNode(r, body) };
};

const readFunction = (r: Reader, t: Tree): Node => {
  const parts = childrenOf(t);
  if (parts.some((p) => p.name === 'external')) return refuse(r, t, 'external', '不允许调用外部函数', '用内置函数表达');
  const parameters = parts.find((p) => p.name === 'FormalParameters');
  const body = parts.find((p) => p.name === 'FunctionBody');
  const inner = body === undefined ? undefined : childrenOf(body)[0];
  if (inner === undefined) return refuse(r, t, 'syntax', '函数没有内容', '写成 function(x) 表达式');
  const names = parameters === undefined ? [] : childrenOf(parameters).map((p) => nameOf(r, childrenOf(p)[0] ?? p));
  return { span: spanOf(t), op: 'function', parameters: names, body: readNode(r, inner) };
};

const readCall = (r: Reader, t: Tree): Node => {
  const parts = childrenOf(t);
  const callee = parts[0];
  if (callee === undefined) return refuse(r, t, 'syntax', '函数调用不完整', '写成 函数名(参数)');
  const special = callee.name === 'SpecialFunctionName' || callee.name === 'DateTimeConstructor';
  const target: Node = special ? { span: spanOf(callee), op: 'name', name: nameOf(r, callee) } : readNode(r, callee);
  const named = parts.find((p) => p.name === 'NamedParameters');
  if (named !== undefined) {
    const pairs = childrenOf(named).map((p) => childrenOf(p));
    const names = pairs.map(([n]) => (n === undefined ? '' : nameOf(r, n)));
    const args = pairs.map((p) => readNode(r, p[p.length - 1] ?? named));
    return { span: spanOf(t), op: 'call', callee: target, args, names };
  }
  const positional = parts.find((p) => p.name === 'PositionalParameters');
  const args = positional === undefined ? [] : childrenOf(positional).map((p) => readNode(r, p));
  return { span: spanOf(t), op: 'call', callee: target, args, names: null };
};

const readContext = (r: Reader, t: Tree): Node => {
  const entries = childrenOf(t)
    .filter((c) => c.name === 'ContextEntry')
    .map((c) => {
      const [key, value] = childrenOf(c);
      if (key === undefined || value === undefined) return refuse(r, c, 'syntax', '记录的项不完整', '写成 { 名称: 值 }');
      const inner = childrenOf(key)[0];
      return { key: inner?.name === 'StringLiteral' ? readString(r, inner) : nameOf(r, key), value: readNode(r, value) };
    });
  return { span: spanOf(t), op: 'context', entries };
};

/** Folds `period.end` into one name where the environment declares it so. */
const readPath = (r: Reader, t: Tree): Node => {
  const [target, , name] = childrenOf(t);
  if (target === undefined || name === undefined) return refuse(r, t, 'syntax', '点号后面缺少名称', '写成 记录.字段');
  const folded = r.names.get(normalizeContextKey(textOf(r, t)));
  if (folded !== undefined) return { span: spanOf(t), op: 'name', name: folded };
  return { span: spanOf(t), op: 'path', target: readNode(r, target), name: nameOf(r, name) };
};

const readArithmetic = (r: Reader, t: Tree): Node => {
  const parts = childrenOf(t);
  const [a, b, c] = parts;
  if (a === undefined || b === undefined) return refuse(r, t, 'syntax', '算式不完整', '补上缺少的数');
  if (c === undefined) return { span: spanOf(t), op: 'negate', operand: readNode(r, b) };
  const operator = textOf(r, b);
  if (!arithmetics.has(operator)) return refuse(r, b, 'operator', `不认识的运算符号 ${operator}`, '可用 + - * / **（乘方）');
  return { span: spanOf(t), op: 'arithmetic', operator: operator as BinaryOperator, left: readNode(r, a), right: readNode(r, c) };
};

const readLeaf = (r: Reader, t: Tree): Node => {
  const span = spanOf(t);
  switch (t.name) {
    case 'NumericLiteral': {
      const value = parseDecimal(textOf(r, t).replace(/\s/g, ''));
      return value === null ? refuse(r, t, 'number', '数字超出范围', '数字不超过 10 的 6144 次方') : { span, op: 'literal', value };
    }
    case 'StringLiteral':
      return { span, op: 'literal', value: readString(r, t) };
    case 'BooleanLiteral':
      return { span, op: 'literal', value: textOf(r, t) === 'true' };
    case 'null':
      return { span, op: 'literal', value: null };
    case 'AtLiteral': {
      const inner = childrenOf(t).find((c) => c.name === 'StringLiteral');
      return { span, op: 'literal', value: inner === undefined ? null : parseAtLiteral(readString(r, inner)) };
    }
    case 'VariableName':
    case 'BacktickIdentifier':
      return { span, op: 'name', name: nameOf(r, t) };
    default:
      return refuse(r, t, 'syntax', `这里不能写“${textOf(r, t).slice(0, 40)}”`, '按表达式语言的写法修改');
  }
};

/** One level of the tree: branches go to their readers, leaves are values and names. */
const readBranch = (r: Reader, t: Tree): Node => {
  const parts = childrenOf(t);
  const [a, , b] = parts;
  const span = spanOf(t);
  switch (t.name) {
    case 'ParenthesizedExpression':
      return b === undefined || parts[1] === undefined
        ? refuse(r, t, 'syntax', '括号里没有内容', '补上括号里的表达式')
        : readNode(r, parts[1]);
    case 'Disjunction':
    case 'Conjunction':
      if (a === undefined || b === undefined) return refuse(r, t, 'syntax', '条件不完整', '补上 and / or 后面的条件');
      return { span, op: t.name === 'Conjunction' ? 'and' : 'or', left: readNode(r, a), right: readNode(r, b) };
    case 'IfExpression': {
      const [, condition, , then, , otherwise] = parts;
      if (condition === undefined || then === undefined || otherwise === undefined) {
        return refuse(r, t, 'syntax', 'if 不完整', '写成 if 条件 then 值 else 值');
      }
      return { span, op: 'if', condition: readNode(r, condition), yes: readNode(r, then), no: readNode(r, otherwise) };
    }
    case 'FilterExpression': {
      const condition = parts[2];
      if (a === undefined || condition === undefined) return refuse(r, t, 'syntax', '筛选不完整', '写成 清单[条件]');
      return { span, op: 'filter', target: readNode(r, a), condition: readNode(r, condition) };
    }
    case 'InstanceOfExpression': {
      const type = parts.find((p) => p.name === 'Type') ?? parts[parts.length - 1];
      if (a === undefined || type === undefined) return refuse(r, t, 'syntax', '缺少类型', '写成 x instance of number');
      return { span, op: 'instance', operand: readNode(r, a), type: readType(r, type) };
    }
    case 'List': {
      const elements = parts.filter((p) => p.name !== '[' && p.name !== ']');
      return { span, op: 'list', elements: elements.map((p) => readNode(r, p)) };
    }
    case 'DateTimeLiteral':
      return a?.name === 'AtLiteral' ? readLeaf(r, a) : readCall(r, t);
    default:
      return readLeaf(r, t);
  }
};

const readers: Readonly<Record<string, (r: Reader, t: Tree) => Node>> = {
  ArithmeticExpression: readArithmetic,
  Comparison: readComparison,
  SimplePositiveUnaryTest: readSimpleTest,
  PositiveUnaryTest: readTest,
  Interval: readInterval,
  ForExpression: readLoop,
  QuantifiedExpression: readLoop,
  FunctionDefinition: readFunction,
  FunctionInvocation: readCall,
  Context: readContext,
  PathExpression: readPath,
};

const readNode = (r: Reader, t: Tree): Node => {
  if (++r.depth > maxDepth) return refuse(r, t, 'deep', `表达式嵌套超过 ${maxDepth} 层`, '拆成几个中间指标');
  const node = (readers[t.name] ?? readBranch)(r, t);
  r.depth--;
  return node;
};

const describe = (r: Reader, t: Tree): Problem => {
  const seen = r.text.slice(t.from, t.from + 20).trim();
  const where = placeOf(r.text, t.from);
  if (!t.type.isError) return problem('feel.deep', where, `表达式嵌套超过 ${maxDepth} 层`, '拆成几个中间指标');
  return seen === ''
    ? problem('feel.syntax', where, '表达式没有写完', '补上缺少的部分')
    : problem('feel.syntax', where, `从“${seen}”起读不懂`, '检查这里的符号、括号和名称');
};

/** The grammar has no `range<…>` type: it is read as `list <…>`, as long, and its places are remembered for `readType`. */
const withoutRangeTypes = (text: string): { readonly parsed: string; readonly ranges: ReadonlySet<number> } => {
  const ranges = new Set<number>();
  const parsed = text.replace(/\binstance\s+of\s+(?:list\s*<\s*)*range(?=\s*<)/g, (whole: string, offset: number) => {
    ranges.add(offset + whole.length - 'range'.length);
    return `${whole.slice(0, -'range'.length)}list `;
  });
  return { parsed, ranges };
};

export type Read = { readonly ok: true; readonly root: Node } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads one expression; `builtins` are the names of functions the grammar must know (`days between inclusive`). */
export const readExpression = (source: string, env: TypeEnv, builtins: Iterable<string>): Read => {
  const { text, problems } = plainText(source);
  if (problems.length > 0) return { ok: false, problems };
  if (text.trim() === '') return { ok: false, problems: [problem('feel.empty', '1:1', '表达式是空的', '写一个表达式')] };
  const grammar = grammarFor(env, builtins);
  const { parsed, ranges } = withoutRangeTypes(text);
  const r: Reader = { text, names: grammar.names, ranges, problems: [], depth: 0 };
  try {
    const top = grammar.parse(parsed);
    const error = firstError(top);
    if (error !== null) return { ok: false, problems: [describe(r, error)] };
    const [root] = childrenOf(top);
    return root === undefined
      ? { ok: false, problems: [problem('feel.empty', '1:1', '表达式是空的', '写一个表达式')] }
      : { ok: true, root: readNode(r, root) };
  } catch (e) {
    if (e instanceof Refused) return { ok: false, problems: r.problems };
    // The grammar's own bookkeeping throws plain Errors on some malformed names; a parser must answer, not fall.
    return { ok: false, problems: [problem('feel.syntax', '1:1', '表达式读不懂', '检查括号、引号和名称')] };
  }
};
