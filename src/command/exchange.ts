// `rules export-conditions`, `import-conditions`, `tiers`: conditions as plain json-rules-engine JSON, and tiers from a pasted decision table.
import { readFile } from 'node:fs/promises';
import { fail, type Problem, ProblemError, problem } from '../base/problem.ts';
import { awardAt } from '../policy/award-check.ts';
import { type Checker, conditionAt } from '../policy/checker.ts';
import { exportConditions, importConditions } from '../policy/exchange.ts';
import { readRuleFile } from '../policy/files.ts';
import { tiersFromTable } from '../policy/tier-table.ts';
import { namesOf, type OwnName, registerOf } from '../policy/vocabulary.ts';
import type { CommandContext } from './command.ts';
import { listOption, textOption } from './opening.ts';
import { fromCaller } from './place.ts';
import { loadShippedCatalogue, ruleFilesFor } from './rule-files.ts';
import { one } from './versions.ts';

const mostBytes = 1_000_000;

const textOf = async (context: CommandContext, name: string): Promise<string> => {
  let text: string;
  try {
    text = await readFile(fromCaller(name, context.env), 'utf8');
  } catch {
    return fail('input.file', name.slice(0, 60), '读不到这个文件。', '请检查路径和权限。');
  }
  return text.length > mostBytes ? fail('input.file', name.slice(0, 60), '文件超过 1 MB。', '一次一个事项。') : text.replace(/^\uFEFF/, '');
};

/** The names a rule may use: of the item given with `--item`, else of the register alone. */
const checkerFor = async (context: CommandContext, problems: Problem[]): Promise<Checker> => {
  const catalogue = await loadShippedCatalogue();
  const report: Checker['report'] = (code, at, message, hint) => {
    problems.push(problem(code, at, message, hint));
  };
  const named = textOption(context, 'item');
  let register = registerOf(textOption(context, 'audience') ?? 'citizen');
  let own: readonly OwnName[] = [];
  if (named !== null) {
    const [path = ''] = await ruleFilesFor(context, [named]);
    const { result } = await readRuleFile(path, catalogue);
    if (!result.ok) throw new ProblemError(result.problems);
    const { compiled } = result;
    register = compiled.register;
    own = Object.keys(result.item.facts ?? {}).flatMap((name) => {
      const shape = compiled.plan.find(name);
      return shape === undefined ? [] : [{ name, label: shape.label, type: shape.type, kind: 'item' as const }];
    });
  }
  return { ...namesOf(catalogue, register, own), report, hasStart: true };
};

const exported = async (context: CommandContext, names: readonly string[]): Promise<number> => {
  const [path = ''] = await ruleFilesFor(context, [one(names, '事项编号或规则文件')]);
  const { name, result } = await readRuleFile(path, await loadShippedCatalogue());
  if (!result.ok) throw new ProblemError(result.problems.map((p) => ({ ...p, at: `${name}.json ${p.at}`.trim() })));
  const out = exportConditions(result.item.conditions);
  if (context.out.asJson) context.out.json(out);
  else {
    context.out.say(JSON.stringify(out.conditions, null, 2));
    for (const { name: operator, reading } of out.customOperators) context.out.say(`// 须另行登记的运算符 ${operator}：${reading}`);
  }
  return 0;
};

const imported = async (context: CommandContext, names: readonly string[]): Promise<number> => {
  let json: unknown;
  try {
    json = JSON.parse(await textOf(context, one(names, 'JSON 文件')));
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    return fail('input.file', '', '不是正确的 JSON。', '检查引号、逗号和括号是否成对。');
  }
  const read = importConditions(json);
  if (!read.ok) throw new ProblemError(read.problems);
  const problems: Problem[] = [];
  conditionAt(read.conditions, '/conditions', await checkerFor(context, problems), true);
  if (problems.length > 0) throw new ProblemError(problems);
  if (context.out.asJson) context.out.json({ conditions: read.conditions, notes: read.notes });
  else {
    context.out.say(JSON.stringify(read.conditions, null, 2));
    for (const note of read.notes) context.out.say(`// ${note}`);
  }
  return 0;
};

const tiers = async (context: CommandContext, names: readonly string[]): Promise<number> => {
  const problems: Problem[] = [];
  const checker = await checkerFor(context, problems);
  const [by, base] = [listOption(context, 'by'), textOption(context, 'base')];
  const text = await textOf(context, one(names, '从表格复制的文本文件（TSV）'));
  const read = tiersFromTable(text, { vocabulary: checker.vocabulary, ...(by === null ? {} : { by }), ...(base === null ? {} : { base }) });
  if (!read.ok) throw new ProblemError(read.problems);
  awardAt({ tiers: read.tiers }, '/award', checker);
  if (problems.length > 0) throw new ProblemError(problems);
  if (context.out.asJson) context.out.json({ tiers: read.tiers });
  else context.out.say(JSON.stringify({ tiers: read.tiers }, null, 2));
  return 0;
};

export const exchangeUsage = [
  'export-conditions <事项编号或文件> [--json]    条件导出为 json-rules-engine 的 JSON',
  'import-conditions <JSON 文件> [--audience citizen|enterprise | --item <事项>] [--json]    带入并核对；带不过来的逐处说明',
  'tiers <TSV 文件> [--by 指标,…] [--base 指标] [--audience … | --item <事项>] [--json]    从表格粘贴的分档表：查空隙和重叠',
] as const;

export const exchangeOptions = {
  audience: { type: 'string' },
  item: { type: 'string' },
  by: { type: 'string' },
  base: { type: 'string' },
} as const;

/** null: no verb of these. */
export const exchangeVerb = (context: CommandContext, verb: string, names: readonly string[]): Promise<number> | null => {
  switch (verb) {
    case 'export-conditions':
      return exported(context, names);
    case 'import-conditions':
      return imported(context, names);
    case 'tiers':
      return tiers(context, names);
    default:
      return null;
  }
};
