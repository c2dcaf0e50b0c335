// `demo`: the whole job without the web, in a temporary database, on the sample city; with `--json` it ends with one document.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatYuan } from '../base/amount.ts';
import { type Day, parseDay } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Db } from '../db/handle.ts';
import { modeFor } from '../policy/mode.ts';
import { cityDefaults } from '../sample/city.ts';
import type { StepContext } from '../steps.ts';
import { openAuth, randomToken } from '../web/auth.ts';
import { type Command, type CommandContext, textTable, wholeNumber } from './command.ts';
import { demoCast } from './demo-accounts.ts';
import { payOut, requireEmpty } from './demo-money.ts';
import { type CityChoice, type Journey, travel } from './journey.ts';
import type { MoneyDocument } from './money.ts';
import { textOption } from './opening.ts';
import { fromCaller } from './place.ts';
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

/** `--to paid` goes on to the bank and back; without it the demo ends where people's work begins. */
const wantsPaid = (context: CommandContext): boolean => {
  const to = textOption(context, 'to');
  if (to !== null && to !== 'paid') fail('input.option', '--to', '--to 只能写 paid。', '不写就到预填和告知为止。');
  if (to === null && textOption(context, 'out') !== null)
    fail('input.option', '--out', '--out 要和 --to paid 一起写。', '报盘、回盘文件留在那里。');
  return to === 'paid';
};

const stepsOf = (db: Db, journey: Journey, today: Day): StepContext => ({
  db,
  catalogue: journey.published.catalogue,
  today,
  now: () => new Date(`${today}T02:00:00Z`),
  mail: false,
  messageDomain: 'zhixiang.invalid',
});

const moneyNames: Readonly<Record<Exclude<keyof MoneyDocument, 'invariantViolations'>, string>> = {
  eligibleFen: '符合',
  unsettledFen: '未核定（互斥、封顶、放弃）',
  settledFen: '核定',
  reservedFen: '预留待拨',
  sealedFen: '封批累计',
  cancelledFen: '退回批次',
  withheldFen: '签发时扣下',
  paidFen: '到账',
  returnedFen: '退汇',
  reissuedFen: '退汇后重发',
  unknownFen: '状态不明',
  pendingFen: '未回音',
  suspenseFen: '回盘挂账',
};

const moneyTable = (money: MoneyDocument): string =>
  textTable(
    ['金额', '元'],
    Object.entries(moneyNames).map(([key, name]) => [name, formatYuan(BigInt(money[key as keyof typeof moneyNames]))]),
    [1],
  );

const run = async (context: CommandContext): Promise<number> => {
  const { out, now } = context;
  const choice = cityChoice(context);
  const toPaid = wantsPaid(context);
  const target = textOption(context, 'out');
  const files = toPaid && target !== null ? requireEmpty(fromCaller(target, context.env)) : null;
  const directory = mkdtempSync(join(tmpdir(), 'zhixiang-city-'));
  const product = await out.step('database', '启动临时数据库', () => openTemporary(now()));
  try {
    const { db } = product.database;
    const auth = openAuth(db, { secret: randomToken(), baseUrl: 'http://localhost' });
    const cast = await out.step('accounts', '演示账号', () => demoCast(auth, db, now()));
    const journey = await travel(db, { people: cast, choice, directory, now, out, mail: false, messageDomain: 'zhixiang.invalid' });
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
    const paid = toPaid
      ? await payOut({
          cast,
          steps: stepsOf(db, journey, choice.asOf),
          seed: choice.seed,
          deliveries: journey.imported.city.deliveries,
          directory,
          out: files,
          output: out,
        })
      : null;
    if (paid !== null) out.say(moneyTable(paid.money));
    for (const one of paid?.wrong ?? []) out.say(`    ✕ ${one}`);
    if (out.asJson) {
      const document = documentOf(choice, journey.sealed.snapshotId, summary, checks, out.timings);
      out.json(paid === null ? document : { ...document, money: paid.money });
    }
    const stopped = summary.items.filter((item) => item.stopped !== null);
    for (const item of stopped) out.say(`  ✕ ${item.id} 已停下：${item.stopped}`);
    return wrong.length === 0 && stopped.length === 0 && (paid?.wrong.length ?? 0) === 0 ? 0 : 1;
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
  usage: [
    '[--firms 3000] [--residents 30000] [--seed 7] [--as-of 2026-04-15] [--json]',
    '--to paid [--out <空文件夹>]   接着补信息、审核、封批、三人签发、报盘；一家会出错的示例银行回盘，退汇更正重发，各处合计按分核对；文件留在那里',
  ],
  options: { ...cityOptions, to: { type: 'string' }, out: { type: 'string' } },
  run,
};
