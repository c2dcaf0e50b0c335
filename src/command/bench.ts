// `bench`: how fast the kernel decides, beside engines that can do the job. Peers are installed into `test/bench` when first asked for; without network
// it says so and measures our own implementations.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, totalmem } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail } from '../base/problem.ts';
import { benchKernel, benchStreamed, type Peers, type Row } from '../bench/measure.ts';
import { chartsOf, type Machine, type Measured, pageOf, targetsOf, together } from '../bench/report.ts';
import { benchConsole } from './bench-console.ts';
import { benchNotices } from './bench-notices.ts';
import { benchPortal } from './bench-portal.ts';
import { benchReal, type RealRow } from './bench-real.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { consoleFigures } from './console-figures.ts';
import { textOption } from './opening.ts';

const folder = path.join(import.meta.dirname, '..', '..', 'test', 'bench');

const peersOf = async (context: CommandContext): Promise<Peers | null> => {
  if (!existsSync(path.join(folder, 'node_modules', '@duckdb'))) {
    context.out.say('  · 安装对比用的引擎（test/bench）…');
    const install = spawnSync('npm', ['install', '--no-package-lock', '--no-audit', '--no-fund'], { cwd: folder, stdio: 'ignore' });
    if (install.status !== 0) {
      context.out.say('  △ 装不上对比用的引擎，只测自己的实现。');
      return null;
    }
  }
  return (await import(pathToFileURL(path.join(folder, 'peers.mjs')).href)) as Peers;
};

const numberOption = (context: CommandContext, name: string, otherwise: number): number => {
  const text = textOption(context, name);
  const n = text === null ? otherwise : Number(text);
  return Number.isSafeInteger(n) && n > 0 ? n : fail('input.argument', `--${name}`, '要写一个正整数。', `例如 --${name} ${otherwise}。`);
};

type AnyRow = Row | RealRow | ReturnType<typeof consoleFigures>[number];

interface Part {
  readonly name: string;
  /** Rows when it is asked for by itself, and in the run of all parts; null: not among all. */
  readonly rows: number;
  readonly among: number | null;
  /** It is stopped after so long: a part that hangs must not cost the others. */
  readonly minutes: number;
  readonly run: (context: CommandContext, rows: number, items: number, tell: (row: AnyRow) => void) => Promise<void> | void;
}

const parts: readonly Part[] = [
  {
    name: 'kernel',
    rows: 2_000_000,
    among: 2_000_000,
    minutes: 10,
    run: async (context, rows, items, tell) => {
      const peers = context.options['no-peers'] === true ? null : await peersOf(context);
      await benchKernel({ rows, items, peers }, tell);
    },
  },
  { name: 'streamed', rows: 10_000_000, among: 10_000_000, minutes: 10, run: (_, rows, items, tell) => benchStreamed(rows, items, tell) },
  { name: 'real', rows: 1_000_000, among: 100_000, minutes: 15, run: (c, rows, _, tell) => benchReal(rows, c.out, c.now, tell) },
  { name: 'seal', rows: 1_000_000, among: null, minutes: 30, run: (c, rows, _, tell) => benchReal(rows, c.out, c.now, tell, 'seal') },
  { name: 'what-if', rows: 1_000_000, among: null, minutes: 60, run: (c, rows, _, tell) => benchReal(rows, c.out, c.now, tell, 'what-if') },
  {
    name: 'console',
    rows: 30_000,
    among: 30_000,
    minutes: 10,
    run: async (c, rows, _, tell) => {
      const options = { ...c.options, residents: String(rows), firms: String(Math.ceil(rows / 10)) };
      for (const figure of consoleFigures(await benchConsole({ ...c, options }), rows)) tell(figure);
    },
  },
];

const partOption = (context: CommandContext): Part | null => {
  const only = textOption(context, 'only');
  if (only === null) return null;
  const names = [...parts.map(({ name }) => name), 'notices', 'portal'].join('、');
  return parts.find(({ name }) => name === only) ?? fail('input.argument', '--only', '没有这一组测量。', `可用：${names}。`);
};

/** Rows are on disk the moment they are known: whatever becomes of the process, they are not lost. */
const linesTo = (file: string | null) => (row: AnyRow) => {
  if (file !== null) appendFileSync(file, `${JSON.stringify(row)}\n`);
};
const linesOf = (file: string): readonly AnyRow[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line) => (line === '' ? [] : [JSON.parse(line) as AnyRow]))
    : [];

/** A process of its own, so that its memory is its own and its death nobody else's. null: it came to its end. */
const apart = async (part: Part, rows: number, items: number, more: readonly string[], file: string): Promise<string | null> => {
  const cli = path.join(import.meta.dirname, '..', 'cli.ts');
  const asked = [cli, 'bench', '--only', part.name, '--rows', String(rows), '--items', String(items), '--lines', file, ...more];
  const child = spawn(process.execPath, asked, { stdio: ['ignore', 2, 2] });
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 10_000).unref();
  }, part.minutes * 60_000);
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  clearTimeout(timer);
  if (late) return `${part.name}: stopped after ${part.minutes} minutes`;
  return code === 0 ? null : `${part.name}: ended with ${signal ?? `exit code ${code}`}`;
};

/** Every part one after the other; what each says goes to standard error. */
const runAll = async (context: CommandContext, items: number, tell: (row: AnyRow) => void): Promise<readonly string[]> => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'zhixiang-bench-'));
  const failed: string[] = [];
  try {
    for (const part of parts) {
      if (part.among === null) continue;
      const file = path.join(scratch, part.name);
      const rows = numberOption(context, 'rows', part.among);
      process.stderr.write(`bench: ${part.name}, ${rows.toLocaleString('en-US')} rows, at most ${part.minutes} minutes\n`);
      const problem = await apart(part, rows, items, context.options['no-peers'] === true ? ['--no-peers'] : [], file);
      for (const row of linesOf(file)) tell(row);
      if (problem === null) continue;
      failed.push(problem);
      process.stderr.write(`bench: ${problem}\n`);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return failed;
};

/** Page, charts and rows; rows of parts measured before on this machine stay. */
const writeOut = (context: CommandContext, folder: string, now: Omit<Measured, 'day'>): void => {
  const charts = path.join(folder, 'benchmark');
  const file = path.join(charts, 'rows.json');
  mkdirSync(charts, { recursive: true });
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Measured) : null;
  const measured = together(before, { ...now, day: context.now().toISOString().slice(0, 10) });
  writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`);
  for (const { file: name, svg } of chartsOf(measured)) writeFileSync(path.join(charts, name), svg);
  writeFileSync(path.join(folder, 'benchmark.md'), pageOf(measured, 'npm run -s zhixiang -- bench --out docs', 'benchmark'));
  context.out.say(`  ✓ 写出 ${path.join(folder, 'benchmark.md')} 和图`);
};

/** A record is what one dataset says of one subject: which of the two a time is told for has to be said. */
const perMillionText = (row: AnyRow): string => {
  if (!('records' in row) || row.records === undefined) return '';
  const seconds = (of: number): string => (row.ms / 1000 / (of / 1e6)).toFixed(1);
  return `  ${row.records.toLocaleString('en-US')} 行 JSONB、${row.rows.toLocaleString('en-US')} 个对象：每百万行 ${seconds(row.records)} 秒，每百万个对象 ${seconds(row.rows)} 秒`;
};

const sayRow = (context: CommandContext, row: AnyRow): void => {
  const speed = `${(row.decisionsPerSecond / 1e6).toFixed(2)} 百万次/秒`;
  const memory = !('rssBytes' in row) || row.rssBytes === undefined ? '' : `  内存 ${Math.round(row.rssBytes / 1e6)} MB`;
  const processor =
    'processorMs' in row && row.processorMs !== undefined
      ? `  处理器 ${(row.processorMs / 1000).toFixed(1)} 秒，数据库 ${((row.databaseProcessorMs ?? 0) / 1000).toFixed(1)} 秒`
      : '';
  const database = 'databaseRssBytes' in row && row.databaseRssBytes > 0 ? `，数据库 ${Math.round(row.databaseRssBytes / 1e6)} MB` : '';
  context.out.say(
    `  ${row.measure}  ${row.engine}  ${row.ms} ms  ${speed}  命中 ${row.hits}${row.ratio === null ? '' : `  × ${row.ratio}`}${perMillionText(row)}${memory}${database}${processor}`,
  );
};

/** The same columns for every measure. */
const plainRow = ({ measure, workload, engine, rows, items, ms, decisionsPerSecond, hits, ratio }: AnyRow) => ({
  ...{ measure, workload, engine, rows, items, ms, decisionsPerSecond, hits, ratio },
});

/** Memory and processor time, where they were looked at. */
const costOf = (row: AnyRow) => {
  const { measure, workload, engine } = row;
  const { rssBytes, databaseRssBytes, processorMs, databaseProcessorMs } = row as Partial<RealRow>;
  return rssBytes === undefined ? [] : [{ measure, workload, engine, rssBytes, databaseRssBytes, processorMs, databaseProcessorMs }];
};

const run = async (context: CommandContext): Promise<number> => {
  // Counts notices, not decisions: a report of its own.
  if (textOption(context, 'only') === 'notices') return await benchNotices(context, numberOption(context, 'rows', 1_000));
  if (textOption(context, 'only') === 'portal') {
    const row = await benchPortal(context);
    if (context.out.asJson) context.out.json(row);
    return 0;
  }
  const only = partOption(context);
  const items = numberOption(context, 'items', 100);
  const lines = linesTo(textOption(context, 'lines'));
  const found: AnyRow[] = [];
  const tell = (row: AnyRow): void => {
    found.push(row);
    lines(row);
    sayRow(context, row);
  };
  let failed: readonly string[] = [];
  if (only === null) failed = await runAll(context, items, tell);
  else await only.run(context, numberOption(context, 'rows', only.rows), items, tell);
  const machine: Machine = { cpu: cpus()[0]?.model ?? '', cores: cpus().length, node: process.version, memoryBytes: totalmem() };
  const rssBytes = process.resourceUsage().maxRSS * 1024;
  context.out.say(
    textTable(
      ['机器', '核', 'Node', '内存峰值'],
      [[machine.cpu, String(machine.cores), machine.node, `${Math.round(rssBytes / 1e6)} MB`]],
      [1],
    ),
  );
  const folder = textOption(context, 'out');
  if (folder !== null) writeOut(context, path.resolve(folder), { machine, rows: found, failed });
  const sizes = { rows: only === null ? null : numberOption(context, 'rows', only.rows), items };
  if (context.out.asJson)
    context.out.json({
      machine: { ...machine, rssBytes },
      sizes,
      rows: found.map(plainRow),
      costs: found.flatMap(costOf),
      targets: targetsOf({ rows: found }),
      failed,
    });
  return failed.length === 0 ? 0 : 1;
};

export const benchCommand: Command = {
  name: 'bench',
  usage: [
    '[--only kernel|streamed|real|seal|what-if|notices|portal|console] [--rows …] [--items 100] [--no-peers] [--out docs] [--json]    不写 --only：各组依次在自己的进程里跑，约十分钟，一组出错不连累别组；--out 写出 benchmark.md、图和数字，分几次测的合在一起',
    '--only portal   首页多少字节；每秒一百次请求，登录的人看真实的页面要等多久、服务器每次花多少 CPU',
    '--only console [--rows 30000]   在真的 Chromium 里各岗位把工作台走一遍，城市有这么多居民和十分之一的企业：按键、点击到画出要多久，95% 在 100 毫秒内才算达到；服务器每次回答多久；五万行的清单打开、滚到底、筛选、导出。需要 Chromium',
    '--only kernel [--rows 2000000]   内核与 DuckDB、json-rules-engine、ZEN 相比，命中逐项相等',
    '--only streamed [--rows 10000000]   一块一块造出、判定、放掉：内存不涨，时间随人数成比例',
    '--only seal [--rows 1000000]   从数据库里的记录首次封存这么多居民和十分之一的企业：时间、处理器时间、内存',
    '--only what-if [--rows 1000000]   试算：随附的规则在内存的列上问了又问',
    '--only notices [--rows 1000]   写出到交给一台真的邮件服务器要多久：10 秒内多少封',
    '--only real [--rows 1000000]   随附的规则在这么多居民和十分之一的企业上：封存、首次匹配，连依据写入数据库，变动百分之一，单条事件，试算；不写 --only 时用十万人',
  ],
  options: {
    only: { type: 'string' },
    rows: { type: 'string' },
    out: { type: 'string' },
    lines: { type: 'string' },
    items: { type: 'string' },
    'no-peers': { type: 'boolean' },
  },
  run,
};
