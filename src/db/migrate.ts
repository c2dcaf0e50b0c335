// Brings a database to this program's schema. `drizzle/NNNN_*.sql` run once each, in order, sealed by hash; `drizzle/always/*.sql` (roles, grants,
// invariants) stand running again and do so whenever they, the schema or the server's roles changed. Two processes at once are safe.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fail, ProblemError } from '../base/problem.ts';
import { databaseError, safeError } from './error.ts';
import { connect, connectionProblem, type Sql } from './handle.ts';

export interface MigrateOptions {
  readonly ownerUrl: string;
  /** Its login is granted `zhixiang_app`. */
  readonly appUrl?: string | undefined;
  readonly directory?: string;
}

interface Script {
  readonly name: string;
  readonly text: string;
  readonly hash: string;
}

/** Any number nobody else uses: the same in every version, so that old and new programs exclude each other. */
const migrationLock = 7_310_418_220_115n;

const shipped = path.join(import.meta.dirname, '..', '..', 'drizzle');

const readScripts = (directory: string): Script[] =>
  readdirSync(directory)
    .filter((name) => name.endsWith('.sql') && /^\d/.test(name))
    .sort()
    .map((name) => {
      const text = readFileSync(path.join(directory, name), 'utf8');
      return { name, text, hash: createHash('sha256').update(text).digest('hex') };
    });

/** Applies what is missing and returns the names of what was applied. A few milliseconds when nothing is. */
export const migrate = async (options: MigrateOptions): Promise<readonly string[]> => {
  const directory = options.directory ?? shipped;
  const sql = connect(options.ownerUrl, { max: 1, statementTimeoutMs: 10 * 60_000 });
  try {
    await checkServer(sql);
    // Held by the session, released by closing it: the second starter waits here and then finds nothing left to do.
    await sql`set lock_timeout = '10min'`;
    await sql`select pg_advisory_lock(${migrationLock})`;
    await sql`set lock_timeout = '15s'`;
    const applied = await runNumbered(sql, readScripts(directory));
    await runAlways(sql, readScripts(path.join(directory, 'always')), applied.length > 0);
    if (options.appUrl !== undefined) await grantLogin(sql, new URL(options.appUrl).username);
    return applied;
  } catch (error) {
    throw error instanceof ProblemError ? error : connectionProblem(error, 'DATABASE_URL');
  } finally {
    await sql.end({ timeout: 5 });
  }
};

const checkServer = async (sql: Sql): Promise<void> => {
  const [server] = await sql<{ version: number; encoding: string }[]>`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding`;
  if (server && server.version < 150_000) {
    fail(
      'config.database-version',
      'DATABASE_URL',
      `数据库是 PostgreSQL ${Math.floor(server.version / 10_000)}，太旧了。`,
      '请升级到 PostgreSQL 15 或更新的版本。',
    );
  }
  if (server && server.encoding !== 'UTF8') {
    fail(
      'config.database-encoding',
      'DATABASE_URL',
      `数据库的编码是 ${server.encoding}，存不了全部汉字。`,
      "请另建一个库：CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0。",
    );
  }
};

const runNumbered = async (sql: Sql, scripts: readonly Script[]): Promise<string[]> => {
  await sql`create table if not exists schema_migration (name text primary key, sha256 text not null, applied_at timestamptz not null default now())`;
  const rows = await sql<
    { name: string; sha256: string }[]
  >`select name, sha256 from schema_migration where name not like 'always/%' order by name`;
  const done = new Map(rows.map((row) => [row.name, row.sha256]));
  for (const name of done.keys()) {
    if (scripts.some((script) => script.name === name)) continue;
    fail(
      'config.database-newer',
      name,
      `数据库已经升级过 ${name}，而这个程序里没有它：程序比数据库旧。`,
      '请使用更新的程序版本，不要让旧程序写新数据库。',
    );
  }
  const applied: string[] = [];
  for (const script of scripts) {
    const sealed = done.get(script.name);
    if (sealed === script.hash) continue;
    if (sealed !== undefined) {
      fail(
        'config.migration-changed',
        script.name,
        `迁移脚本 ${script.name} 在这个数据库里执行过之后又被改了，不能再继续。`,
        '请恢复原来的脚本，把改动写成新的编号脚本；如果只是试用数据，停下程序、删除数据目录（默认 data/）后重新启动。',
      );
    }
    await inOneTransaction(sql, script, script.name);
    applied.push(script.name);
  }
  return applied;
};

const runAlways = async (sql: Sql, scripts: readonly Script[], schemaChanged: boolean): Promise<void> => {
  const rows = await sql<{ name: string; sha256: string }[]>`select name, sha256 from schema_migration where name like 'always/%'`;
  const done = new Map(rows.map((row) => [row.name, row.sha256]));
  const [roles] = await sql<{ n: number }[]>`select count(*)::int as n from pg_roles where rolname in ('zhixiang_app', 'zhixiang_auditor')`;
  const stale = schemaChanged || roles?.n !== 2 || scripts.some((script) => done.get(`always/${script.name}`) !== script.hash);
  if (!stale) return;
  for (const script of scripts) await inOneTransaction(sql, script, `always/${script.name}`);
};

const inOneTransaction = async (sql: Sql, script: Script, name: string): Promise<void> => {
  try {
    await sql.begin(async (tx) => {
      await tx.unsafe(script.text);
      await tx`
        insert into schema_migration (name, sha256) values (${name}, ${script.hash})
        on conflict (name) do update set sha256 = excluded.sha256, applied_at = now()`;
    });
  } catch (error) {
    if (databaseError(error)?.code === '42501' && name.includes('roles')) {
      fail(
        'config.database-roles',
        name,
        '数据库里还没有角色 zhixiang_app 和 zhixiang_auditor，而当前登录名无权创建或使用它们。',
        '请由数据库管理员执行：CREATE ROLE zhixiang_app NOLOGIN; CREATE ROLE zhixiang_auditor NOLOGIN; GRANT zhixiang_app TO 当前登录名;',
      );
    }
    throw new Error(`migration ${name} failed: ${(safeError(error) as Error).message}`);
  }
};

/** The program's own login gets the rights of `zhixiang_app`, unless somebody has given them already. */
const grantLogin = async (sql: Sql, encoded: string): Promise<void> => {
  const login = decodeURIComponent(encoded);
  const [row] = await sql<
    { member: boolean }[]
  >`select pg_has_role(rolname, 'zhixiang_app', 'member') as member from pg_roles where rolname = ${login}`;
  if (!row)
    fail(
      'config.database-login',
      'DATABASE_APP_URL',
      `数据库里没有 DATABASE_APP_URL 的登录名 ${login}。`,
      `请先执行：CREATE ROLE "${login}" LOGIN PASSWORD '…';`,
    );
  if (row?.member === false) await sql`grant zhixiang_app to ${sql(login)}`;
};
