// `start`: the product. Own PostgreSQL or DATABASE_URL, migrate, on a first start with the sample city the whole journey, then serve, keep the schedule, stop cleanly.
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileAnchor } from '../audit/anchor.ts';
import { type Config, readConfig } from '../config.ts';
import { writeSetting } from '../db/setting-store.ts';
import { makeRunner } from '../job-runner.ts';
import { jobs } from '../jobs.ts';
import { readRunItems } from '../match/plan-store.ts';
import { lastRun } from '../match/store.ts';
import { startSchedule } from '../schedule.ts';
import { startSending } from '../sender.ts';
import { authOf, busyPort, serve, type Web } from '../server.ts';
import { type SampleMark, sampleKey, sampleMark } from '../today.ts';
import { offerAdministrator } from '../web/account.ts';
import { hasAdministrator } from '../web/store.ts';
import { startBundling } from './build.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { cityChoice, cityOptions, summaryTable } from './demo.ts';
import { accountRows, type DemoAccount, demoAccounts, demoChecker, demoMaker } from './demo-accounts.ts';
import { travel } from './journey.ts';
import { openForServing, type Product } from './product.ts';
import { type Summary, summarize } from './summary.ts';

/** Before a minute of work, not after it: is the port ours to take? */
const probePort = (config: Config): Promise<void> =>
  new Promise<void>((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(config.port, config.host, () => probe.close(() => resolve()));
  }).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => busyPort(error, config),
  );

interface Prepared {
  readonly accounts: readonly DemoAccount[];
  readonly mark: SampleMark | null;
}

/** The sample city comes by default only with the product's own database; in anybody else's only on request. */
const prepareSample = async (context: CommandContext, config: Config, product: Product): Promise<Prepared> => {
  const { db } = product.database;
  const { out, now } = context;
  const known = await sampleMark(db);
  const wanted = known !== null || config.databaseUrl === null || context.options.sample === true;
  if (!wanted) return { accounts: [], mark: null };
  const accounts = await out.step(
    'accounts',
    '演示账号',
    () => demoAccounts(authOf(config, product.database), db, config.dataDir, now()),
    (done) => `${done.length} 个`,
  );
  if (known !== null) return { accounts, mark: known };
  const choice = cityChoice(context);
  await travel(db, {
    people: { maker: demoMaker, checker: demoChecker },
    choice,
    directory: join(config.dataDir, 'sample'),
    now,
    out,
    mail: config.smtpUrl !== null,
    messageDomain: 'zhixiang.invalid',
  });
  // Last: a first start that is killed before this line does the journey again, and every step of it finds what it did already.
  await writeSetting(db, sampleKey, choice, now());
  return { accounts, mark: choice };
};

const lastSummary = async (product: Product): Promise<Summary | null> => {
  const run = await lastRun(product.database.db);
  if (run === null) return null;
  const items = await readRunItems(product.database.db, run.id);
  return summarize(product.database.db, { items });
};

const greet = async (context: CommandContext, product: Product, prepared: Prepared, web: Web, summary: Summary | null): Promise<void> => {
  const { say } = context.out;
  if (summary !== null) {
    say('');
    say(summaryTable(summary));
    say(
      `  ${summary.totals.records.toLocaleString('en-US')} 份档案，${summary.totals.matches.toLocaleString('en-US')} 条符合，${summary.totals.disbursements.toLocaleString('en-US')} 条兑付记录，${summary.totals.notices.toLocaleString('en-US')} 份告知。`,
    );
  }
  say('');
  say(`  首页      ${web.address}/`);
  say(`  工作台    ${web.address}/console`);
  say(`  旧版页面  ${web.address}/staff`);
  say(`  接口说明  ${web.address}/openapi.json`);
  if (prepared.accounts.length > 0) {
    say('');
    say(textTable(['演示账号', '密码', '岗位'], accountRows(prepared.accounts), []));
    say('');
    say(
      '  接下来：用 officer 登录工作台，在“政策事项”点开一个事项看规则，在“匹配结果”点开一条看为什么；用 maker 登录，从“可以封批”走一批钱。',
    );
    say('  示例城市停在 2026-04-15 这一天，人名、单位、账号都是虚构的。'.replace('2026-04-15', prepared.mark?.asOf ?? ''));
  } else if (!(await hasAdministrator(product.database.db))) {
    const token = await offerAdministrator(product.database.db, context.now());
    say('');
    say('  还没有系统管理员。请在 24 小时内打开下面的链接设立，只能用一次：');
    say(`  ${web.address}/staff/setup?token=${token}`);
    say('  然后发布规则：npm run -s zhixiang -- publish --maker <经办> --checker <复核>');
  }
  say('');
  say('  按 Ctrl+C 停止。');
};

/** Resolves with the first reason to stop: a signal, or the own database gone. */
const untilStopped = (product: Product): Promise<'signal' | 'database'> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve('signal'));
    product.embedded?.gone.then(() => resolve('database'));
    // The embedded server does not keep the event loop alive; the web does, until it is closed below.
  });

const run = async (context: CommandContext): Promise<number> => {
  const { out, now } = context;
  const config = readConfig(context.env);
  await probePort(config);
  const stopping = { asked: false };
  const early = () => {
    // During the first minutes a stop must be quick: rows are the hand-over, so the next start goes on from here.
    stopping.asked = true;
  };
  process.on('SIGINT', early);
  process.on('SIGTERM', early);
  const product = await out.step('database', config.databaseUrl === null ? '启动自带的 PostgreSQL' : '连接数据库', () =>
    openForServing(config, now(), (line) => out.say(`    ${line}`)),
  );
  const leave = setInterval(() => {
    if (stopping.asked) void product.close().finally(() => process.exit(0));
  }, 200);
  const prepared = await prepareSample(context, config, product);
  const bundling = startBundling();
  const runner = makeRunner({
    context: () => ({ db: product.database.db, config, now: now(), anchor: fileAnchor(config.dataDir) }),
    now,
  });
  const serving = { config, database: product.database, demo: prepared.mark !== null, consoleBuilding: bundling.running, runner };
  const web = await serve(serving);
  clearInterval(leave);
  const stopped = stopping.asked ? Promise.resolve('signal' as const) : untilStopped(product);
  process.off('SIGINT', early);
  process.off('SIGTERM', early);
  const schedule = startSchedule({
    jobs,
    runner,
    done: (job, line) => out.say(`  ${job.name}  ${line}`),
    failed: (job, error) => process.stderr.write(`  ${job.name} 没有办成：${error instanceof Error ? error.message : '未知原因'}\n`),
  });
  const sender = await startSending(product.database, config, now, () => process.stderr.write('  告知这一轮没有发完，一分钟内再发\n'));
  await greet(context, product, prepared, web, await lastSummary(product));
  const why = await stopped;
  if (why === 'database') process.stderr.write('自带的数据库停了，直享随之停止。请重新启动：npm start\n');
  bundling.stop();
  await sender.stop();
  runner.halt();
  await schedule.stop();
  await web.close();
  await runner.settled();
  await product.close();
  return why === 'database' ? 1 : 0;
};

export const startCommand: Command = {
  name: 'start',
  usage: ['', '--sample    在 DATABASE_URL 指向的库里也放示例城市', '[--firms 3000] [--residents 30000] [--seed 7] [--as-of 2026-04-15]'],
  options: { ...cityOptions, sample: { type: 'boolean' } },
  run,
};
