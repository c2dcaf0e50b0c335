// `build`: the console's files for the browser, built only where the sources have changed since; and `start` having that done beside itself.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { buildBundle, freshBundle } from '../web/bundle.ts';
import type { Command } from './command.ts';

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1024)} KB（压缩后）`;

export const buildCommand: Command = {
  name: 'build',
  usage: ['', '--force    源码没有变也重新构建'],
  options: { force: { type: 'boolean' } },
  run: async ({ out, options }) => {
    const kept = options.force === true ? null : freshBundle();
    const bundle =
      kept ??
      (await out.step('build', '构建工作台界面', buildBundle, (made) => `${made.assets.length} 个文件，首页 ${kilobytes(made.baseBytes)}`));
    if (kept !== null) out.say(`  工作台界面已是最新，首页 ${kilobytes(kept.baseBytes)}`);
    if (out.asJson) out.json({ fresh: kept !== null, baseBytes: bundle.baseBytes, assets: bundle.assets.length });
    return 0;
  },
};

export interface Bundling {
  readonly running: () => boolean;
  stop(): void;
}

/** Builds in a process of its own where the sources have changed, so that nobody waits for it; what went wrong is said once and on the page. */
export const startBundling = (): Bundling => {
  if (freshBundle() !== null) return { running: () => false, stop: () => undefined };
  const cli = fileURLToPath(new URL('../cli.ts', import.meta.url));
  const child = spawn(process.execPath, [cli, 'build', '--json'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  let running = true;
  child.stderr.on('data', (piece: Buffer) => {
    said = (said + piece.toString()).slice(0, 2_000);
  });
  child.on('error', () => {
    running = false;
  });
  child.on('close', (code, signal) => {
    running = false;
    if (code !== 0 && signal === null) process.stderr.write(`  工作台界面没有构建成：请运行 npm run build 查看。${said}\n`);
  });
  return {
    running: () => running,
    stop: () => {
      child.kill('SIGTERM');
    },
  };
};
