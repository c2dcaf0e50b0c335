// `rules check`, `rules say` and `rules forecast`: rule files from the shipped catalogue or from anywhere, checked, their examples run, their branches counted, read aloud.
import { fail, type Problem, ProblemError } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { runExamples } from '../policy/example.ts';
import { type RuleFile, readRuleFile } from '../policy/files.ts';
import type { Item } from '../policy/item.ts';
import { lintItem } from '../policy/lint.ts';
import { itemText } from '../policy/say.ts';
import type { Command, CommandContext } from './command.ts';
import { exchangeOptions, exchangeUsage, exchangeVerb } from './exchange.ts';
import { forecastRule } from './forecast.ts';
import { reviewOptions, reviewUsage, reviewVerb } from './review.ts';
import { loadShippedCatalogue, ruleFilesFor } from './rule-files.ts';

interface Checked {
  readonly id: string;
  readonly file: string;
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly examples: number;
  readonly examplesFailed: readonly { readonly name: string; readonly differences: readonly string[] }[];
  /** Share of conditions × outcomes and award rows that some example has tried; 0 where the file cannot be read as an item. */
  readonly branchCoverage: number;
}

const checkFile = (file: RuleFile, catalogue: Catalogue, others: readonly Item[]): Checked => {
  const { path, name, result } = file;
  if (!result.ok)
    return { id: name, file: path, errors: result.problems, warnings: [], examples: 0, examplesFailed: [], branchCoverage: 0 };
  const results = runExamples(result.compiled, catalogue);
  const { findings, coverage } = lintItem(result.compiled, catalogue, others);
  return {
    id: result.item.id,
    file: path,
    errors: findings.filter((one) => one.severity === 'error'),
    warnings: findings.filter((one) => one.severity === 'warning'),
    examples: results.length,
    examplesFailed: results.filter((one) => !one.ok).map((one) => ({ name: one.name, differences: one.differences })),
    branchCoverage: coverage.total === 0 ? 1 : Math.floor((coverage.tried / coverage.total) * 10_000) / 10_000,
  };
};

const isBad = (item: Checked): boolean => item.errors.length > 0 || item.examplesFailed.length > 0;

const documentOf = (item: Checked) => ({
  id: item.id,
  errors: item.errors.length,
  warnings: item.warnings.length,
  examples: item.examples,
  examplesFailed: item.examplesFailed.length,
  branchCoverage: item.branchCoverage,
  findings: [
    ...item.errors.map((one) => ({ ...one, severity: 'error' })),
    ...item.warnings.map((one) => ({ ...one, severity: 'warning' })),
  ],
  failures: item.examplesFailed,
});

const percentText = (ratio: number): string => `${(ratio * 100).toFixed(1)} %`;

const sayItemChecked = (context: CommandContext, item: Checked): void => {
  const { say } = context.out;
  say(`${item.id}（${item.file}）：${item.examples} 个样例，分支覆盖 ${percentText(item.branchCoverage)}`);
  for (const one of item.errors) say(`  ✕ ${one.at || '/'}  ${one.message}\n    → ${one.hint}`);
  for (const one of item.examplesFailed) say(`  ✕ 样例“${one.name}”没有通过：${one.differences.join('；')}`);
  for (const one of item.warnings) say(`  △ ${one.at || '/'}  ${one.message}\n    → ${one.hint}`);
};

const check = async (context: CommandContext, names: readonly string[]): Promise<number> => {
  const catalogue = await loadShippedCatalogue();
  const files: RuleFile[] = [];
  for (const path of await ruleFilesFor(context, names)) files.push(await readRuleFile(path, catalogue));
  const others = files.flatMap(({ result }) => (result.ok ? [result.item] : []));
  const items = files.map((file) => checkFile(file, catalogue, others));
  const bad = items.filter(isBad);
  if (context.out.asJson) context.out.json({ items: items.map(documentOf) });
  else {
    // Named files are told of in full; of all the shipped ones only those that have something to tell.
    for (const item of items) if (names.length > 0 || isBad(item) || item.warnings.length > 0) sayItemChecked(context, item);
    const sum = (count: (item: Checked) => number) => items.reduce((total, item) => total + count(item), 0);
    const least = Math.min(1, ...items.map((item) => item.branchCoverage));
    context.out.say(
      `${items.length} 个规则文件，${bad.length} 个有错，${sum((item) => item.warnings.length)} 条提醒；${sum((item) => item.examples)} 个样例，${sum((item) => item.examplesFailed.length)} 个没有通过；分支覆盖最低 ${percentText(least)}。`,
    );
  }
  return bad.length === 0 ? 0 : 1;
};

const sayAloud = async (context: CommandContext, names: readonly string[]): Promise<number> => {
  if (names.length !== 1) fail('input.argument', '', '要写一个事项编号或一个规则文件。', '例如 rules say luquan-gaoling');
  const catalogue = await loadShippedCatalogue();
  const documents: { id: string; title: string; text: string }[] = [];
  for (const path of await ruleFilesFor(context, names)) {
    const { name, result } = await readRuleFile(path, catalogue);
    if (!result.ok) throw new ProblemError(result.problems.map((one) => ({ ...one, at: `${name}.json ${one.at}`.trim() })));
    documents.push({ id: result.item.id, title: result.item.title, text: itemText(result.compiled, catalogue) });
  }
  const [first] = documents;
  if (context.out.asJson) context.out.json(documents.length === 1 ? first : { items: documents });
  else context.out.say(documents.map((one) => one.text).join('\n\n'));
  return 0;
};

export const rulesCommand: Command = {
  name: 'rules',
  usage: [
    'check [文件、文件夹或编号…] [--json]',
    'say <事项编号或文件> [--json]',
    'forecast <事项编号或文件> [--period 2026-04] [--budget 元] [--sweep /conditions/all/1/value=75..90:5] [--near 2000] [--quick] [--json]    匡算：按最新快照试算，什么都不写；--quick 只要人数和金额（试算）',
    ...reviewUsage,
    ...exchangeUsage,
  ],
  options: {
    period: { type: 'string' },
    budget: { type: 'string' },
    sweep: { type: 'string' },
    near: { type: 'string' },
    quick: { type: 'boolean' },
    ...reviewOptions,
    ...exchangeOptions,
  },
  run: async (context) => {
    const [verb, ...rest] = context.args;
    if (verb === 'check') return check(context, rest);
    if (verb === 'say') return sayAloud(context, rest);
    if (verb === 'forecast') return forecastRule(context, rest);
    const reviewed = reviewVerb(context, verb ?? '', rest) ?? exchangeVerb(context, verb ?? '', rest);
    if (reviewed !== null) return reviewed;
    return fail('input.argument', '', `不认识“rules ${(verb ?? '').slice(0, 40)}”。`, '用法见 rules --help。');
  },
};
