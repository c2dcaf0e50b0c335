// The product's own PostgreSQL, used when DATABASE_URL is absent: a real server with fsync on, in the data directory, for one process at a time.
// Who may run it and where is in `ground.ts`, the server process in `postmaster.ts`, the lock in `lock.ts`.
import { randomBytes } from 'node:crypto';
import { chmodSync, chownSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import postgres from 'postgres';
import { fail } from '../base/problem.ts';
import { findGround, type Ground, makeDataDirectory } from './ground.ts';
import { type Lock, takeLock } from './lock.ts';
import { initCluster, type Postmaster, startPostmaster } from './postmaster.ts';

export interface EmbeddedOptions {
  readonly dataDir: string;
  /** The moment of the call (entry files own the clock). */
  readonly nowMs: number;
  /** Gets whole Chinese lines worth showing (a copied server, an unexpected place). */
  readonly say?: (line: string) => void;
  /** The data directory is thrown away at stop, and by the watchdog when we are killed. */
  readonly temporary?: boolean;
  /** False switches fsync off; allowed only together with `temporary`. */
  readonly durable?: boolean;
}

export interface Embedded {
  /** Owner's address of database `zhixiang`; the password is in it, so it is never printed. */
  readonly url: string;
  /** True when the cluster was made by this very call. */
  readonly startedFresh: boolean;
  /** Resolves when the server has ended, asked or not. */
  readonly gone: Promise<void>;
  /** Stops the server (fast shutdown) and frees the lock; a second call waits for the first. */
  stop(): Promise<void>;
}

/** Starts it, making the cluster when there is none. Fails with a Problem (family `config`) that says the way out. */
export const openEmbedded = async (options: EmbeddedOptions): Promise<Embedded> => {
  const { durable = true, temporary = false, say = () => undefined } = options;
  if (!durable && !temporary) throw new Error('fsync may be off only for a temporary database');
  const dataDir = makeDataDirectory(path.resolve(options.dataDir));
  // A temporary directory is usually made 0700 for root alone; user postgres must pass.
  if (temporary && process.getuid?.() === 0) chmodSync(dataDir, 0o711);
  const lock = takeLock(path.join(dataDir, 'lock'), dataDir, options.nowMs);
  let server: Postmaster | undefined;
  try {
    const ground = findGround(dataDir, say);
    if (temporary && ground.user && ground.home === dataDir) chownSync(dataDir, ground.user.uid, ground.user.gid);
    const startedFresh = !existsSync(path.join(ground.home, 'postgres', 'PG_VERSION'));
    const password = passwordOf(ground, startedFresh);
    if (startedFresh) await initCluster(ground, password, durable);
    server = await startPostmaster(ground, { durable, temporary });
    const url = await productDatabase(server.port, password);
    return { url, startedFresh, gone: server.gone, stop: stopOnce(server, lock, temporary ? [dataDir, ground.home] : []) };
  } catch (error) {
    await server?.stop();
    lock.release();
    throw error;
  }
};

const stopOnce = (server: Postmaster, lock: Lock, throwAway: readonly string[]): (() => Promise<void>) => {
  let stopping: Promise<void> | undefined;
  return () => {
    stopping ??= server.stop().then(() => {
      lock.release();
      for (const directory of throwAway) rmSync(directory, { recursive: true, force: true });
    });
    return stopping;
  };
};

/** Written before the cluster is made: a cluster without its password would be lost, a password without a cluster is simply used by the next try. */
const passwordOf = (ground: Ground, fresh: boolean): string => {
  const file = path.join(ground.home, 'postgres.password');
  if (existsSync(file)) {
    const password = readFileSync(file, 'utf8').trim();
    if (password !== '') return password;
  }
  if (!fresh) {
    return fail(
      'config.password',
      file,
      `数据库在，但它的口令文件 ${file} 不见了。`,
      '请从备份恢复这个文件；如果数据可以不要，删除同一目录下的 postgres 目录后重新启动。',
    );
  }
  const password = randomBytes(24).toString('base64url');
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return password;
};

/** Database `zhixiang` inside the cluster; made at the first start, and after a first start that was killed before this point. */
const productDatabase = async (port: number, password: string): Promise<string> => {
  const address = (database: string): string => `postgres://zhixiang:${password}@127.0.0.1:${port}/${database}`;
  const sql = postgres(address('postgres'), { max: 1, fetch_types: false, onnotice: () => undefined });
  try {
    const [row] = await sql`select 1 from pg_database where datname = 'zhixiang'`;
    if (!row) await sql`create database zhixiang`;
  } finally {
    await sql.end();
  }
  return address('zhixiang');
};
