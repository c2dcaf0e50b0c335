// Our own PostgreSQL, fsync on: started, stopped, killed with its owner, killed alone, opened twice, half made. Real processes throughout.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type Embedded, openEmbedded } from '../../src/db/embedded.ts';
import { processStart, takeLock } from '../../src/db/lock.ts';

const children: ChildProcess[] = [];
const opened: Embedded[] = [];
const directories: string[] = [];

const newDirectory = (): string => {
  const directory = mkdtempSync(path.join(tmpdir(), 'zhixiang-own-'));
  directories.push(directory);
  // mkdtemp makes 0700, where user postgres could not go and the cluster would land in /var/lib/zhixiang.
  chmodSync(directory, 0o755);
  return path.join(directory, 'data');
};

let made: string | undefined;
afterAll(() => {
  if (made !== undefined) rmSync(path.dirname(made), { recursive: true, force: true });
});

/** A data directory that has been started and stopped once: making a cluster takes longer than all that is asked of it here. */
const usedDirectory = async (): Promise<string> => {
  if (made === undefined) {
    made = newDirectory();
    directories.pop();
    await (await openEmbedded({ dataDir: made, nowMs: Date.now() })).stop();
  }
  const dataDir = newDirectory();
  execFileSync('cp', ['-a', made, dataDir]);
  return dataDir;
};

const open = async (dataDir: string): Promise<Embedded> => {
  const server = await openEmbedded({ dataDir, nowMs: Date.now() });
  opened.push(server);
  return server;
};

/** Starts child.ts and resolves with its first line. */
const start = async (dataDir: string, ...more: string[]): Promise<{ child: ChildProcess; line: string; ended: Promise<number | null> }> => {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'child.ts'), dataDir, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const line = await new Promise<string>((resolve) => child.stdout?.once('data', (text: Buffer) => resolve(text.toString().trim())));
  return { child, line, ended };
};

const query = async (url: string, text: string): Promise<postgres.RowList<postgres.Row[]>> => {
  const sql = postgres(url, { max: 1, onnotice: () => undefined });
  try {
    return await sql.unsafe(text);
  } finally {
    await sql.end();
  }
};

const pidOf = (dataDir: string): number => Number(readFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);

const until = async (what: () => boolean, patienceMs = 10_000): Promise<boolean> => {
  for (let waitedMs = 0; waitedMs < patienceMs; waitedMs += 20) {
    if (what()) return true;
    await sleep(20);
  }
  return false;
};

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  for (const server of opened.splice(0)) await server.stop();
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

describe('our own PostgreSQL', () => {
  test('starts, keeps data over a restart, with fsync on and its password for the owner only', async () => {
    const dataDir = newDirectory();
    const first = await open(dataDir);
    expect(first.startedFresh).toBe(true);
    await query(first.url, 'create table kept as select 1 as one');
    const [settings] = await query(
      first.url,
      `select current_setting('fsync') as fsync, current_setting('listen_addresses') as listens, current_setting('log_error_verbosity') as verbosity,
        (select datlocale from pg_database where datname = current_database()) as locale`,
    );
    expect(settings).toEqual({ fsync: 'on', listens: '127.0.0.1', verbosity: 'terse', locale: 'C.UTF-8' });
    expect(statSync(path.join(dataDir, 'postgres.password')).mode & 0o777).toBe(0o600);
    await first.stop();
    const second = await open(dataDir);
    expect(second.startedFresh).toBe(false);
    expect(await query(second.url, 'select one from kept')).toHaveLength(1);
  });

  test('stops within seconds although somebody is still connected', async () => {
    const dataDir = await usedDirectory();
    const { child, line, ended } = await start(dataDir);
    const sql = postgres(line.split(' ')[1] ?? '', { max: 1 });
    await sql`select 1`;
    child.kill('SIGTERM');
    // A stop that waited for the connection would wait for ever, and the test with it.
    expect(await ended).toBe(0);
    expect(existsSync(path.join(dataDir, 'postgres', 'postmaster.pid'))).toBe(false);
    expect(existsSync(path.join(dataDir, 'lock'))).toBe(false);
    await sql.end();
  });

  test('refuses a second instance on the same data', async () => {
    const dataDir = await usedDirectory();
    const first = await start(dataDir);
    expect(first.line).toMatch(/^ready/);
    const second = await start(dataDir);
    expect(second.line).toBe('config.locked');
    expect(await second.ended).toBe(1);
  });

  test('ends with its owner after kill -9, and the next start finds everything committed', async () => {
    const dataDir = await usedDirectory();
    const { child, line, ended } = await start(dataDir);
    await query(line.split(' ')[1] ?? '', 'create table kept as select 1 as one');
    const postmaster = pidOf(dataDir);
    child.kill('SIGKILL');
    await ended;
    expect(await until(() => processStart(postmaster) === null)).toBe(true);
    const again = await open(dataDir);
    expect(await query(again.url, 'select one from kept')).toHaveLength(1);
  });

  test('starts at once after kill -9, while the old server may still be running', async () => {
    const dataDir = await usedDirectory();
    for (let round = 0; round < 3; round++) {
      const { child, line, ended } = await start(dataDir);
      expect(line).toMatch(/^ready/);
      child.kill('SIGKILL');
      await ended;
    }
    await open(dataDir);
  });

  test('recovers when the server itself was killed, and when its pid belongs to someone else by now', async () => {
    const dataDir = await usedDirectory();
    const { child, line, ended } = await start(dataDir);
    await query(line.split(' ')[1] ?? '', 'create table kept as select 1 as one');
    process.kill(pidOf(dataDir), 'SIGKILL');
    child.kill('SIGKILL');
    await ended;
    const file = path.join(dataDir, 'postgres', 'postmaster.pid');
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, [String(process.pid), ...lines.slice(1)].join('\n'));
    const again = await open(dataDir);
    expect(await query(again.url, 'select one from kept')).toHaveLength(1);
  });

  test('makes the cluster anew when making it was cut short', async () => {
    const dataDir = newDirectory();
    const child = spawn(process.execPath, [path.join(import.meta.dirname, 'child.ts'), dataDir], { stdio: 'ignore' });
    children.push(child);
    await until(() => existsSync(path.join(dataDir, 'postgres.password')));
    await sleep(150);
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill('SIGKILL');
    await ended;
    expect(existsSync(path.join(dataDir, 'postgres'))).toBe(false);
    const server = await open(dataDir);
    expect(server.startedFresh).toBe(true);
  });

  test('throws a temporary one away, also when its owner was killed', async () => {
    const dataDir = newDirectory();
    const { child, ended } = await start(dataDir, 'temporary');
    expect(existsSync(path.join(dataDir, 'postgres'))).toBe(true);
    child.kill('SIGKILL');
    await ended;
    expect(await until(() => !existsSync(path.join(dataDir, 'postgres')))).toBe(true);
  });
});

describe('the lock', () => {
  const lockFile = (): string => {
    const directory = newDirectory();
    mkdirSync(directory);
    return path.join(directory, 'lock');
  };
  const holder = (lock: object): string => {
    const file = lockFile();
    writeFileSync(file, JSON.stringify(lock));
    return file;
  };
  const now = Date.now();

  test('of a dead process, of a reused pid and of another boot is taken over', () => {
    const started = processStart(process.pid) ?? '';
    for (const stale of [
      { pid: 2_147_483_646, started, boot: '', token: 'a' },
      { pid: process.pid, started: '1', boot: '', token: 'b' },
      { pid: process.pid, started, boot: 'another', token: 'c' },
    ]) {
      const lock = takeLock(holder(stale), 'data', now);
      expect(lock.tookOver).toBe(true);
      lock.release();
    }
  });

  test('cut off in the middle is taken over once it is no longer being written', () => {
    const file = lockFile();
    writeFileSync(file, '{"pid":');
    const written = Date.now();
    expect(() => takeLock(file, 'data', written)).toThrow('config.locked');
    takeLock(file, 'data', written + 60_000).release();
  });
});
