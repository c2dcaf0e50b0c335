// The product's door to PostgreSQL: one pool of postgres.js connections under role `zhixiang_app`, drizzle on top of the same pool, transactions.
// bigint columns are JS bigint, `date` stays 'YYYY-MM-DD', `numeric` stays text, `timestamptz` is a Date; JSON goes in and out as values.
import { drizzle, type PostgresJsDatabase, type PostgresJsSession } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { fail, ProblemError, problem } from '../base/problem.ts';
import { DatabaseError, databaseError, safeError } from './error.ts';

export type Sql = postgres.Sql<{ bigint: bigint }>;
export type Db = PostgresJsDatabase;
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];

export interface Database {
  /** postgres.js, for what drizzle says badly (COPY, cursors, unnest). Inside a transaction use `rawSql(tx)`. */
  readonly sql: Sql;
  readonly db: Db;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  /** Runs migrations; without `appUrl` every other connection uses it too, under `role=zhixiang_app`. */
  readonly ownerUrl: string;
  /** A login without owner rights (DATABASE_APP_URL, production). */
  readonly appUrl?: string | undefined;
  readonly maxConnections?: number;
  readonly statementTimeoutMs?: number;
  /** The key this program seals with: told to the server, so that whoever retires a key sees who still runs with it. */
  readonly sealsWith?: string;
}

/** A handle and all its transactions share one dialect object; there is no other thing they share. */
export const dialectOf = (reader: Db | Tx): object => (reader as unknown as { readonly dialect: object }).dialect;

const openedWith = new WeakMap<object, DatabaseOptions>();

/** What the database of this handle was opened with, for another thread of this process; null: not by `openDatabase`. The passwords are in it. */
export const openingOf = (db: Db): DatabaseOptions | null => openedWith.get(dialectOf(db)) ?? null;

/** Opens the pool and proves with one query that it really runs as `zhixiang_app`. The schema must be migrated before (migrate.ts). */
export const openDatabase = async (options: DatabaseOptions): Promise<Database> => {
  const sql = connect(options.appUrl ?? options.ownerUrl, {
    max: options.maxConnections ?? 8,
    role: 'zhixiang_app',
    statementTimeoutMs: options.statementTimeoutMs ?? 60_000,
    ...(options.sealsWith === undefined ? {} : { name: `zhixiang ${options.sealsWith}` }),
  });
  const db = drizzle(sql);
  openedWith.set(dialectOf(db), options);
  // Before the first query: the first connection learns array types from the parsers it finds.
  restoreTypes(sql);
  try {
    await proveRole(sql, options.appUrl !== undefined);
  } catch (error) {
    await sql.end({ timeout: 1 });
    throw connectionProblem(error, options.appUrl === undefined ? 'DATABASE_URL' : 'DATABASE_APP_URL');
  }
  return { sql, db, close: () => sql.end({ timeout: 5 }) };
};

/** One connection as the owner of the tables, for what the program itself may not do: maintenance at the machine, never a server. */
export const openAsOwner = (ownerUrl: string): Database => {
  const sql = connect(ownerUrl, { max: 1, statementTimeoutMs: 10 * 60_000 });
  const db = drizzle(sql);
  restoreTypes(sql);
  return { sql, db, close: () => sql.end({ timeout: 5 }) };
};

export interface ConnectOptions {
  readonly max: number;
  /** As the server shows it; default `zhixiang`. */
  readonly name?: string;
  readonly role?: string;
  readonly statementTimeoutMs: number;
}

/** A bare postgres.js client with our types and limits; migrations and tests use it directly. */
export const connect = (url: string, options: ConnectOptions): Sql =>
  postgres(url, {
    max: options.max,
    connect_timeout: 10,
    // Notices quote object names and, in our own functions, nothing else; they are of no use to anybody at run time.
    onnotice: () => undefined,
    types: { bigint: postgres.BigInt, date: { to: 1082, from: [1082], serialize: String, parse: (text: string) => text } },
    connection: {
      application_name: options.name ?? 'zhixiang',
      TimeZone: 'UTC',
      statement_timeout: options.statementTimeoutMs,
      lock_timeout: Math.min(options.statementTimeoutMs, 15_000),
      idle_in_transaction_session_timeout: 60_000,
      ...(options.role ? { role: options.role } : {}),
    },
  }) as unknown as Sql;

/** drizzle makes the pool's JSON, date and array types transparent text, which breaks `sql.json` and raw queries; drizzle itself copes with both. */
const restoreTypes = (sql: Sql): void => {
  const { parsers, serializers } = sql.options as unknown as {
    parsers: Record<number, ((text: string) => unknown) | undefined>;
    serializers: Record<number, ((value: unknown) => unknown) | undefined>;
  };
  // A string is JSON text already (drizzle sends it so); everything else is a value. A bare JSON string must be sent as its JSON text.
  for (const json of [114, 3802]) serializers[json] = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
  for (const moment of [1114, 1184]) {
    parsers[moment] = (text) => new Date(moment === 1184 ? text : `${text}Z`);
    serializers[moment] = (value) => (value instanceof Date ? value.toISOString() : value);
  }
  // Arrays of these are learned from the server with the first connection, unless something is registered.
  for (const list of [1182, 1185, 1115, 1231]) {
    delete parsers[list];
    delete serializers[list];
  }
};

const proveRole = async (sql: Sql, separateLogin: boolean): Promise<void> => {
  const [row] = await sql<{ role: string; owner: boolean }[]>`
    select current_user as role,
      (select rolsuper from pg_roles where rolname = session_user)
        or coalesce((select pg_has_role(session_user, relowner, 'member') from pg_class where oid = to_regclass('public.audit_entry')), false) as owner`;
  if (row?.role !== 'zhixiang_app')
    fail('config.database-role', 'DATABASE_URL', '数据库连接没有换到角色 zhixiang_app。', '请确认连接不经过会丢掉启动参数的连接池。');
  if (separateLogin && row?.owner) {
    fail(
      'config.database-app-owner',
      'DATABASE_APP_URL',
      'DATABASE_APP_URL 的登录名拥有表的所有者（或超级用户）权限，等于没有分开。',
      '请换成只授予了 zhixiang_app 的登录名：CREATE ROLE … LOGIN; GRANT zhixiang_app TO …。',
    );
  }
};

/** Turns what a first connection can meet into one sentence and a way out. Never shows the address: it holds the password. */
export const connectionProblem = (error: unknown, setting: string): unknown => {
  const e = databaseError(error);
  if (!e) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code !== 'ENOTFOUND' && code !== 'EAI_AGAIN') return error;
    return problemFor(setting, `${setting} 里的数据库主机名找不到。`, '请检查主机名和网络。');
  }
  if (e.kind === 'lost')
    return problemFor(setting, `连不上 ${setting} 指向的数据库（${e.code}）。`, '请确认数据库已启动，主机和端口正确，网络可达。');
  if (e.code === '28P01' || e.code === '28000')
    return problemFor(setting, `数据库拒绝了 ${setting} 的登录名或口令。`, '请检查登录名、口令和 pg_hba.conf。');
  if (e.code === '3D000') return problemFor(setting, `${setting} 指向的数据库不存在。`, '请先建库：CREATE DATABASE … ENCODING UTF8。');
  if (e.code === '22023' || e.code === '42704' || e.code === '42501') {
    return problemFor(
      setting,
      `${setting} 的登录名不能使用角色 zhixiang_app。`,
      '请先用所有者执行迁移，再 GRANT zhixiang_app TO 该登录名。',
    );
  }
  return e;
};

const problemFor = (setting: string, message: string, hint: string): ProblemError =>
  new ProblemError([problem('config.database', setting, message, hint)]);

/**
 * Runs `work` in one transaction. Errors come out without values (error.ts). When the connection dies after `work` had finished, COMMIT was on its
 * way and may have happened: `commit-unknown`, so that the caller looks before doing it again.
 */
export const transaction = async <T>(
  db: Db,
  work: (tx: Tx) => Promise<T>,
  mode?: { isolationLevel?: 'read committed' | 'repeatable read' | 'serializable'; accessMode?: 'read only' | 'read write' },
): Promise<T> => {
  let finished = false;
  try {
    return await db.transaction(async (tx) => {
      const result = await work(tx);
      finished = true;
      return result;
    }, mode);
  } catch (error) {
    const safe = safeError(error);
    if (finished && safe instanceof DatabaseError && safe.kind === 'lost')
      throw new DatabaseError('commit-unknown', safe.code, 'reply to COMMIT lost');
    throw safe;
  }
};

/** postgres.js on the connection of this transaction (or on the pool), for SQL that drizzle says badly. */
export const rawSql = (reader: Db | Tx): Sql =>
  (reader._.session as unknown as PostgresJsSession<never, never, never>).client as unknown as Sql;
