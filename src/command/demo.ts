// `demo`: the whole job without the web, in a temporary database, on the sample city; with `--json` it ends with one document.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatYuan } from '../base/amount.ts';
import { type Day, parseDay } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { modeFor } from '../policy/mode.ts';
import { cityDefaults } from '../sample/city.ts';
import { type Command, type CommandContext, textTable, wholeNumber } from './command.ts';
import { type CityChoice, travel } from './journey.ts';
import { checkPlanted } from './planted.ts';
import { openTemporary } from './product.ts';
import { type Summary, summarize } from './summary.ts';

export const cityOptions = {
  firms: { type: 'string' },
  residents: { type: 'string' },
  seed: { type: 'string' },
  'as-of': { type: 'string' },
} as const;

/** The city a command was asked for; the default day is fixed, so that the same command gives the same document on every machine. */
export const cityChoice = (context: CommandContext): CityChoice => {
  const { firms, residents, seed } = context.options;
  const text = context.options['as-of'];
  const asOf: Day | null = typeof text === 'string' ? parseDay(text) : cityDefaults.asOf;
  return {
    firms: wholeNumber('firms', firms, cityDefaults.firms, 0, 1_000_000),
    residents: wholeNumber('residents', residents, cityDefaults.residents, 0, 10_000_000),
    seed: wholeNumber('seed', seed, cityDefaults.seed, 0, 999_999_999),
    asOf: asOf ?? fail('input.option', '--as-of', '--as-of 要是一个日子。', '例如 --as-of 2026-04-15'),
  };
};

export const summaryRows = (summary: Summary): readonly (readonly string[])[] =>
  summary.items.map((item) => [
    item.title,
    item.id,
    item.eligible.toLocaleString('en-US'),
    item.undetermined.toLocaleString('en-US'),
    item.stopped
      ? '已停下'
      : `${formatYuan(item.amountFen)}${item.item.mode === 'push' ? '（估算）' : item.item.award.reduces === undefined ? '' : '（减免）'}`,
  ]);

export const summaryTable = (summary: Summary): string =>
  textTable(['事项', '编号', '符合', '待核', '金额'], summaryRows(summary), [2, 3, 4]);

const run = async (context: CommandContext): Promise<number> => {
  const { out, now } = context;
  const choice = cityChoice(context);
  const directory = mkdtempSync(join(tmpdir(), 'zhixiang-city-'));
  const product = await out.step('database', '启动临时数据库', () => openTemporary(now()));
  try {
    const { db } = product.database;
    const people = { maker: 'demo-maker', checker: 'demo-checker' };
    const journey = await travel(db, { people, choice, directory, now, out, mail: false, messageDomain: 'zhixiang.invalid' });
    const summary = await summarize(db, journey.ran);
    // Their answers were worked out by hand for one day: on another the same people are older, and other periods are due.
    const planted = choice.asOf === cityDefaults.asOf ? journey.imported.city.planted : [];
    if (planted.length === 0) out.say(`    埋设对象的答案是按 ${cityDefaults.asOf} 写定的，换了日子不核对。`);
    const checks = await out.step('check', '核对埋设的对象', () =>
      checkPlanted(
        db,
        planted,
        summary.items.map((item) => item.item),
      ),
    );
    const wrong = [...checks.values()].flatMap((check) => check.wrong);
    for (const one of wrong) out.say(`    ✕ ${one.item} ${one.name}：应为 ${one.expected}，得到 ${one.got}（${one.why}）`);
    out.say(summaryTable(summary));
    if (out.asJson) out.json(documentOf(choice, journey.sealed.snapshotId, summary, checks, out.timings));
    const stopped = summary.items.filter((item) => item.stopped !== null);
    for (const item of stopped) out.say(`  ✕ ${item.id} 已停下：${item.stopped}`);
    return wrong.length === 0 && stopped.length === 0 ? 0 : 1;
  } finally {
    await product.close();
    rmSync(directory, { recursive: true, force: true });
  }
};

const documentOf = (
  choice: CityChoice,
  snapshot: string,
  summary: Summary,
  checks: Awaited<ReturnType<typeof checkPlanted>>,
  timingsMs: Readonly<Record<string, number>>,
) => ({
  seed: choice.seed,
  asOf: choice.asOf,
  snapshot,
  items: summary.items.map((item) => ({
    id: item.id,
    audience: item.item.audience,
    mode: modeFor(item.item, null),
    eligible: item.eligible,
    undetermined: item.undetermined,
    amountFen: String(item.amountFen),
    planted: { checked: checks.get(item.id)?.checked ?? 0, wrong: checks.get(item.id)?.wrong.length ?? 0 },
    ...(item.stopped === null ? {} : { stopped: item.stopped }),
  })),
  totals: {
    records: summary.totals.records,
    matches: summary.totals.matches,
    notices: summary.totals.notices,
    disbursements: summary.totals.disbursements,
    amountFen: String(summary.totals.amountFen),
  },
  timingsMs,
});

export const demoCommand: Command = {
  name: 'demo',
  usage: ['[--firms 3000] [--residents 30000] [--seed 7] [--as-of 2026-04-15] [--json]'],
  options: cityOptions,
  run,
};
