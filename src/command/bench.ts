// `bench`: how fast the kernel decides, beside engines that can do the job. Peers are installed into `test/bench` when first asked for; without network
// it says so and measures our own implementations.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { fail } from '../base/problem.ts';
import { benchKernel, benchStreamed, type Peers, type Row } from '../bench/measure.ts';
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

const run = async (context: CommandContext): Promise<number> => {
  const only = textOption(context, 'only');
  const rows = numberOption(context, 'rows', only === 'real' ? 1_000_000 : 2_000_000);
  const items = numberOption(context, 'items', 100);
  if (only !== null && only !== 'kernel' && only !== 'streamed' && only !== 'real')
    fail('input.argument', '--only', '没有这一组测量。', '可用：kernel、streamed、real。');
  const found: (Row | RealRow)[] = [];
  const tell = (row: Row | RealRow): void => {
    found.push(row);
    const speed = `${(row.decisionsPerSecond / 1e6).toFixed(2)} 百万次/秒`;
    context.out.say(
      `  ${row.measure}  ${row.engine}  ${row.ms} ms  ${speed}  命中 ${row.hits}${row.ratio === null ? '' : `  × ${row.ratio}`}${
        'rssBytes' in row ? `  内存 ${Math.round(row.rssBytes / 1e6)} MB，数据库 ${Math.round(row.databaseRssBytes / 1e6)} MB` : ''
      }`,
    );
  };
  const kernel = only === null || only === 'kernel';
  const peers = context.options['no-peers'] === true || !kernel ? null : await peersOf(context);
  if (kernel) await benchKernel({ rows, items, peers }, tell);
  if (only === null || only === 'streamed') benchStreamed(rows * 5, items, tell);
  if (only === null || only === 'real') await benchReal(only === null ? rows / 2 : rows, context.out, context.now, tell);
  const machine = {
    cpu: cpus()[0]?.model ?? '',
    cores: cpus().length,
    node: process.version,
    rssBytes: process.resourceUsage().maxRSS * 1024,
  };
  context.out.say(
    textTable(
      ['机器', '核', 'Node', '内存峰值'],
      [[machine.cpu, String(machine.cores), machine.node, `${Math.round(machine.rssBytes / 1e6)} MB`]],
      [1],
    ),
  );
  if (context.out.asJson) context.out.json({ machine, sizes: { rows, items }, rows: found });
  return 0;
};

export const benchCommand: Command = {
  name: 'bench',
  usage: [
    '[--only kernel|streamed|real] [--rows 2000000] [--items 100] [--no-peers] [--json]',
    '--only real [--rows 1000000]   随附的规则在这么多居民和十分之一的企业上：封存、首次匹配，连依据写入数据库',
  ],
  options: { only: { type: 'string' }, rows: { type: 'string' }, items: { type: 'string' }, 'no-peers': { type: 'boolean' } },
  run,
};
