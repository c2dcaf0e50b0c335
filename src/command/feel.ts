// `feel`: one expression with its value, type and missing facts; or a whole file of conformance cases, values and nulls counted apart.
import { readFile } from 'node:fs/promises';
import { parseDay } from '../base/day.ts';
import { fail, ProblemError } from '../base/problem.ts';
import { builtins } from '../feel/builtins.ts';
import { type CaseCount, casesProblem, countCases, type FeelCase } from '../feel/cases.ts';
import { compileFeel, type Expression, evaluate } from '../feel/feel.ts';
import { formatValue } from '../feel/format.ts';
import { fromJson, toJson } from '../feel/json.ts';
import { scopeOf } from '../feel/scope.ts';
import {
  anyType,
  booleanType,
  dateType,
  type FeelType,
  listOf,
  nullType,
  numberType,
  recordOf,
  stringType,
  typeEnv,
  typeName,
} from '../feel/type.ts';
import { isUnknown, type Value } from '../feel/value.ts';
import type { Command, CommandContext } from './command.ts';
import { fromCaller } from './place.ts';

/** Deeper than anybody's data; what lies there is refused when it is read. */
const deepest = 40;

/** What a plain JSON value is in FEEL: text that is a day is a date, everything else what it looks like. */
const typeOfJson = (json: unknown, depth = 0): FeelType => {
  if (json === null) return nullType;
  if (depth > deepest) return anyType;
  if (typeof json === 'number') return numberType;
  if (typeof json === 'boolean') return booleanType;
  if (typeof json === 'string') return parseDay(json) === null ? stringType : dateType;
  if (Array.isArray(json)) {
    const kinds = json.map((e) => typeOfJson(e, depth + 1));
    const [first] = kinds;
    return listOf(first !== undefined && kinds.every((kind) => typeName(kind) === typeName(first)) ? first : anyType);
  }
  return recordOf(Object.fromEntries(Object.entries(json as object).map(([key, value]) => [key, typeOfJson(value, depth + 1)])));
};

const readContext = (text: string): Record<string, unknown> => {
  try {
    const json: unknown = JSON.parse(text);
    if (json !== null && typeof json === 'object' && !Array.isArray(json)) return json as Record<string, unknown>;
  } catch {
    // Falls through to the one problem below.
  }
  return fail('input.context', '--context', '--context 要是一个 JSON 对象。', '例如 --context \'{"年龄": 95}\'');
};

/** Compiles with the context's types; names the context does not bind are facts nobody told us, of any type. */
const compileLoosely = (text: string, types: Readonly<Record<string, FeelType>>): { readonly expression: Expression } => {
  const bound = typeEnv(types);
  const free: Record<string, FeelType> = {};
  const lookup = (name: string): FeelType | undefined => {
    const type = bound.lookup(name);
    if (type === undefined && !builtins.has(name)) free[name] = anyType;
    return type;
  };
  const first = compileFeel(text, { ...bound, lookup });
  const compiled = first.ok ? first : compileFeel(text, typeEnv({ ...types, ...free }));
  if (!compiled.ok) throw new ProblemError(compiled.problems);
  return compiled;
};

const one = (context: CommandContext, text: string): number => {
  const json = readContext(String(context.options.context ?? '{}'));
  const types = Object.fromEntries(Object.entries(json).map(([name, value]) => [name, typeOfJson(value)]));
  const { expression } = compileLoosely(text, types);
  const values: Record<string, Value> = {};
  for (const [name, value] of Object.entries(json)) {
    const read = fromJson(value, types[name] ?? anyType);
    // What cannot be read is no known "none".
    if (read === undefined)
      fail(
        'input.context',
        '--context',
        `--context 里的 ${name.slice(0, 40)} 读不懂，或套得太深。`,
        '数字、文字、日期、列表、对象，层数不超过 40。',
      );
    else values[name] = read;
  }
  const value = evaluate(expression, scopeOf(values));
  const missing = isUnknown(value) ? value.missing : [];
  if (context.out.asJson) context.out.json({ value: toJson(value), type: typeName(expression.type), missing });
  else {
    context.out.say(`值    ${isUnknown(value) ? '不知道' : formatValue(value)}`);
    context.out.say(`类型  ${typeName(expression.type)}`);
    context.out.say(`缺少  ${missing.length === 0 ? '无' : missing.join('、')}`);
  }
  return 0;
};

const count = (of: CaseCount) => ({ passed: of.passed, failed: of.total - of.passed });

/** Nothing is run of a file that is not what it says: a case read wrongly would count as passed or failed for the wrong reason. */
const readCases = (text: string, file: string): readonly FeelCase[] => {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return fail(
      'input.cases',
      file,
      '这个文件不是 JSON。',
      '文件应是一个用例列表：[{"id", "suite", "expression", "context", "expected"}]。',
    );
  }
  const problem = casesProblem(json);
  if (problem !== null)
    fail('input.cases', `${file}${problem}`, '这里不是一个用例。', '每个用例须有 id、expression、context（各值带 type）和 expected。');
  return json as readonly FeelCase[];
};

const cases = async (context: CommandContext, file: string): Promise<number> => {
  const text = await readFile(fromCaller(file, context.env), 'utf8').catch(() =>
    fail('input.file', file, '读不到这个文件。', '请检查路径。'),
  );
  const list = readCases(text, file);
  const { values, nulls, failed } = countCases(list, '2026-04-15T10:00:00+08:00');
  const nonNull = count(values);
  const nul = count(nulls);
  if (context.out.asJson) {
    context.out.json({
      passed: nonNull.passed + nul.passed,
      failed: nonNull.failed + nul.failed,
      nonNull,
      null: nul,
      failures: failed.map((one) => one.id),
    });
  } else {
    const share = (c: CaseCount) => `${c.passed} / ${c.total}（${((100 * c.passed) / Math.max(1, c.total)).toFixed(1)} %）`;
    context.out.say(`有值的 ${share(values)}，应为空的 ${share(nulls)}`);
    for (const one of failed) context.out.say(`  不符 ${one.id}  ${one.expression}`);
  }
  return failed.length === 0 ? 0 : 1;
};

export const feelCommand: Command = {
  name: 'feel',
  usage: ['"<公式>" --context \'{"年龄": 95}\' [--json]', '--cases <文件> [--json]'],
  options: { context: { type: 'string' }, cases: { type: 'string' } },
  run: async (context) => {
    if (typeof context.options.cases === 'string') return cases(context, context.options.cases);
    const [text] = context.args;
    return text === undefined
      ? fail('input.argument', '', '没有写公式。', '看用法：npm run -s zhixiang -- feel --help')
      : one(context, text);
  },
};
