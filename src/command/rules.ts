// `rules check` and `rules say`: rule files from the shipped catalogue or from anywhere, checked, their examples run, read aloud.
import { resolve } from 'node:path';
import { fail, ProblemError } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { readCatalogue } from '../catalogue/read.ts';
import { runExamples } from '../policy/example.ts';
import { type RuleFile, readRuleFile, ruleFilesBelow } from '../policy/files.ts';
import type { Command, CommandContext } from './command.ts';
import { shippedCatalogue, shippedRules } from './place.ts';

export const loadShippedCatalogue = async (): Promise<Catalogue> => {
  const read = await readCatalogue(shippedCatalogue);
  if (!read.ok) throw new ProblemError(read.problems);
  return read.catalogue;
};

interface Checked {
  readonly id: string;
  readonly file: string;
  readonly errors: readonly { readonly at: string; readonly message: string; readonly hint: string }[];
  readonly warnings: readonly { readonly at: string; readonly message: string; readonly hint: string }[];
  readonly examples: number;
  readonly examplesFailed: readonly { readonly name: string; readonly differences: readonly string[] }[];
}

const checkFile = (file: RuleFile, catalogue: Catalogue): Checked => {
  if (!file.result.ok)
    return { id: file.name, file: file.path, errors: file.result.problems, warnings: [], examples: 0, examplesFailed: [] };
  const results = runExamples(file.result.compiled, catalogue);
  return {
    id: file.result.item.id,
    file: file.path,
    errors: [],
    warnings: [],
    examples: results.length,
    examplesFailed: results.filter((one) => !one.ok).map((one) => ({ name: one.name, differences: one.differences })),
  };
};

const check = async (context: CommandContext, paths: readonly string[]): Promise<number> => {
  const catalogue = await loadShippedCatalogue();
  const files = paths.length > 0 ? paths.map((path) => resolve(path)) : await ruleFilesBelow(shippedRules);
  const items: Checked[] = [];
  for (const path of files) items.push(checkFile(await readRuleFile(path, catalogue), catalogue));
  const bad = items.filter((item) => item.errors.length > 0 || item.examplesFailed.length > 0);
  if (context.out.asJson) {
    context.out.json({
      items: items.map((item) => ({
        id: item.id,
        errors: item.errors.length,
        warnings: item.warnings.length,
        examples: item.examples,
        examplesFailed: item.examplesFailed.length,
        findings: [...item.errors, ...item.warnings],
        failures: item.examplesFailed,
      })),
    });
  } else {
    for (const item of bad) {
      context.out.say(`${item.id}（${item.file}）`);
      for (const one of item.errors) context.out.say(`  ✕ ${one.at || '/'}  ${one.message}\n    → ${one.hint}`);
      for (const one of item.examplesFailed) context.out.say(`  ✕ 样例“${one.name}”：${one.differences.join('；')}`);
    }
    const examples = items.reduce((sum, item) => sum + item.examples, 0);
    context.out.say(`${items.length} 个规则文件，${bad.length} 个有错；${examples} 个样例。`);
  }
  return bad.length === 0 ? 0 : 1;
};

export const rulesCommand: Command = {
  name: 'rules',
  summary: '检查规则文件、跑样例、读成中文',
  usage: ['check [文件…] [--json]', 'say <事项编号或文件>'],
  run: async (context) => {
    const [verb, ...rest] = context.args;
    if (verb === 'check') return check(context, rest);
    return fail('input.argument', '', `不认识“rules ${verb ?? ''}”。`, '用 check 或 say。');
  },
};
