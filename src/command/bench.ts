// `bench`: how fast the kernel decides, beside engines that can do the job. Peers are installed into `test/bench` when first asked for; without network
// it says so and measures our own implementations.
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { fail } from '../base/problem.ts';
import { benchKernel, benchStreamed, type Peers, type Row } from '../bench/measure.ts';
import { chartsOf, type Machine, type Measured, pageOf, together } from '../bench/report.ts';
import { benchReal, type RealRow } from './bench-real.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
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

type AnyRow = Row | RealRow;
const parts = ['kernel', 'streamed', 'real', 'what-if'] as const;

const partOption = (context: CommandContext): (typeof parts)[number] | null => {
  const only = textOption(context, 'only');
  return only === null
    ? null
    : (parts.find((part) => part === only) ?? fail('input.argument', '--only', '没有这一组测量。', `可用：${parts.join('、')}。`));
};

/** A process of its own, so that the peak of its memory is its own. */
const streamedApart = async (rows: number, items: number, tell: (row: AnyRow) => void): Promise<void> => {
  const cli = path.join(import.meta.dirname, '..', 'cli.ts');
  const asked = [cli, 'bench', '--only', 'streamed', '--rows', String(rows), '--items', String(items), '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, asked, { maxBuffer: 1_000_000 });
  for (const row of (JSON.parse(stdout) as { readonly rows: readonly Row[] }).rows) tell(row);
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

const sayRow = (context: CommandContext, row: AnyRow): void => {
  const speed = `${(row.decisionsPerSecond / 1e6).toFixed(2)} 百万次/秒`;
  const memory = row.rssBytes === undefined ? '' : `  内存 ${Math.round(row.rssBytes / 1e6)} MB`;
  const database = 'databaseRssBytes' in row && row.databaseRssBytes > 0 ? `，数据库 ${Math.round(row.databaseRssBytes / 1e6)} MB` : '';
  context.out.say(
    `  ${row.measure}  ${row.engine}  ${row.ms} ms  ${speed}  命中 ${row.hits}${row.ratio === null ? '' : `  × ${row.ratio}`}${memory}${database}`,
  );
};

const run = async (context: CommandContext): Promise<number> => {
  const only = partOption(context);
  const ofReal = only === 'real' || only === 'what-if';
  const rows = numberOption(context, 'rows', ofReal ? 1_000_000 : only === 'streamed' ? 10_000_000 : 2_000_000);
  const items = numberOption(context, 'items', 100);
  const found: AnyRow[] = [];
  const tell = (row: AnyRow): void => {
    found.push(row);
    sayRow(context, row);
  };
  const kernel = only === null || only === 'kernel';
  const peers = context.options['no-peers'] === true || !kernel ? null : await peersOf(context);
  if (kernel) await benchKernel({ rows, items, peers }, tell);
  if (only === 'streamed') benchStreamed(rows, items, tell);
  if (only === null) await streamedApart(rows * 5, items, tell);
  if (only === null || ofReal)
    await benchReal(only === null ? rows / 2 : rows, context.out, context.now, tell, only === 'what-if' ? only : null);
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
  if (folder !== null) writeOut(context, path.resolve(folder), { machine, rows: found });
  if (context.out.asJson) context.out.json({ machine: { ...machine, rssBytes }, sizes: { rows, items }, rows: found });
  return 0;
};

export const benchCommand: Command = {
  name: 'bench',
  usage: [
    '[--only kernel|streamed|real|what-if] [--rows 2000000] [--items 100] [--no-peers] [--out docs] [--json]    --out 写出 benchmark.md、图和数字；分几次测的合在一起',
    '--only streamed [--rows 10000000]   一块一块造出、判定、放掉：内存不涨，时间随人数成比例',
    '--only what-if [--rows 1000000]   试算：随附的规则在内存的列上问了又问',
    '--only real [--rows 1000000]   随附的规则在这么多居民和十分之一的企业上：封存、首次匹配，连依据写入数据库',
  ],
  options: {
    only: { type: 'string' },
    rows: { type: 'string' },
    out: { type: 'string' },
    items: { type: 'string' },
    'no-peers': { type: 'boolean' },
  },
  run,
};
