// The connection: role, types, transactions, and errors that carry no values.
import { type AddressInfo, createConnection, createServer } from 'node:net';
import { sql as q } from 'drizzle-orm';
import { describe, expect, test } from 'vitest';
import { DatabaseError, databaseError } from '../../src/db/error.ts';
import { connect, openDatabase, rawSql, transaction } from '../../src/db/handle.ts';
import { auditEntry, setting } from '../../src/db/schema.ts';
import { testDatabase } from '../database.ts';

const database = testDatabase();
const at = new Date('2026-03-01T00:00:00Z');
const entry = { at, actor: 'a', role: 'r', action: 'x', objectKind: 'k', objectId: '1', detail: {}, hash: 'h' };

describe('connection', () => {
  test('runs as zhixiang_app and cannot change what is insert-only', async () => {
    const [row] = await database.sql`select current_user as role`;
    expect(row?.role).toBe('zhixiang_app');
    await database.db.insert(auditEntry).values(entry);
    for (const forbidden of [
      q`update audit_entry set actor = 'b'`,
      q`delete from audit_entry`,
      q`truncate audit_entry`,
      q`drop table audit_entry`,
    ]) {
      const error = databaseError(await database.db.execute(forbidden).catch((e: unknown) => e));
      expect(error?.code).toBe('42501');
    }
  });

  test('keeps bigint, date, numeric, moments, JSON and arrays of them', async () => {
    const [row] = await database.sql`
      select 9007199254740993::int8 as fen, '2024-02-29'::date as day, 1.10::numeric as rate, '2026-01-01T08:00:00+08'::timestamptz as moment,
        array['2024-02-29'::date] as days, array[1::int8] as fens, ${database.sql.json({ 名: [1] })}::jsonb as json`;
    expect(row).toEqual({
      fen: 9007199254740993n,
      day: '2024-02-29',
      rate: '1.10',
      moment: new Date('2026-01-01T00:00:00Z'),
      days: ['2024-02-29'],
      fens: [1n],
      json: { 名: [1] },
    });
  });

  test('drizzle and postgres.js agree on JSON and moments', async () => {
    await database.db.insert(setting).values({ key: 'json', value: { list: ['一', 2, null] }, at });
    const [raw] = await database.sql`select value, at from setting where key = 'json'`;
    const [typed] = await database.db.select().from(setting).where(q`key = 'json'`);
    expect(raw?.value).toEqual({ list: ['一', 2, null] });
    expect(raw?.at).toEqual(at);
    expect(typed?.value).toEqual({ list: ['一', 2, null] });
    expect(typed?.at).toEqual(at);
  });

  test('rawSql works inside the same transaction', async () => {
    await transaction(database.db, async (tx) => {
      await tx.insert(setting).values({ key: 'inside', value: 1, at });
      const rows = await rawSql(tx)`select key from setting where key = 'inside'`;
      expect(rows).toHaveLength(1);
    });
  });
});

describe('errors', () => {
  const secret = '11010519491231002X';

  test('carry kind and constraint, never the values', async () => {
    const insert = () => transaction(database.db, (tx) => tx.insert(setting).values({ key: secret, value: 1, at }));
    await insert();
    const error = (await insert().catch((e: unknown) => e)) as DatabaseError;
    expect(error).toBeInstanceOf(DatabaseError);
    expect(error.kind).toBe('unique');
    expect(error.constraint).toBe('setting_pkey');
    expect(JSON.stringify(error) + error.message + error.stack).not.toContain(secret);
  });

  test('of a bad value do not quote it', async () => {
    for (const query of [
      q`select ${secret}::int`,
      q`select ${secret}::date`,
      q`select ${`{${secret}`}::jsonb`,
      q`select ${secret}::uuid`,
    ]) {
      const error = databaseError(await database.db.execute(query).catch((e: unknown) => e));
      expect(error?.kind).toBe('bad-value');
      expect(error?.message).not.toContain(secret);
    }
  });

  test('a connection cut inside the work is lost, and the pool recovers', async () => {
    const error = await transaction(database.db, async (tx) => {
      const [me] = await rawSql(tx)`select pg_backend_pid() as pid`;
      await terminate(me?.pid);
      await rawSql(tx)`select 1`;
    }).catch((e: unknown) => e);
    expect((error as DatabaseError).kind).toBe('lost');
    // Every slot of the pool must work again: an unpatched driver (.config/patch-driver.mjs) hangs here or dies of an uncaught TypeError.
    const rows = await Promise.all(Array.from({ length: 20 }, () => database.sql`select 1 as one`));
    expect(rows.map((r) => r[0]?.one)).toEqual(Array(20).fill(1));
  });

  test('a transaction that lost its connection says nothing more, on the one that came after it neither', async () => {
    const one = await openDatabase({ ownerUrl: database.ownerUrl, maxConnections: 1 });
    const said: unknown[] = [];
    let over: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (over = resolve));
    const work = transaction(one.db, async (tx) => {
      const [me] = await rawSql(tx)`select pg_backend_pid() as pid`;
      // Waits for the only connection there is: it is made anew as soon as the first is gone.
      const next = one.sql`select 1 as one`;
      void next.execute();
      await terminate(me?.pid);
      expect(await next).toHaveLength(1);
      said.push(
        await tx
          .insert(setting)
          .values({ key: 'orphan', value: 1, at })
          .catch((e: unknown) => databaseError(e)?.kind),
      );
      said.push(await rawSql(tx)`select 1`.catch((e: unknown) => databaseError(e)?.kind));
      over();
    });
    expect(databaseError(await work.catch((e: unknown) => e))?.kind).toBe('lost');
    await done;
    expect(said).toEqual(['lost', 'lost']);
    expect(await one.sql`select key from setting where key = 'orphan'`).toEqual([]);
    await one.close();
  });

  test('when the reply to COMMIT is lost, the error says that it may have happened', async () => {
    const proxy = await proxyThatSwallowsCommitReplies(new URL(database.ownerUrl));
    const through = await openDatabase({ ownerUrl: proxy.url, maxConnections: 1 });
    const work = transaction(through.db, (tx) => tx.insert(setting).values({ key: 'reply-lost', value: 1, at }));
    const error = await work.catch((e: unknown) => e);
    expect((error as DatabaseError).kind).toBe('commit-unknown');
    const rows = await database.sql`select key from setting where key = 'reply-lost'`;
    expect(rows).toHaveLength(1);
    expect(await through.sql`select 1 as one`).toHaveLength(1);
    await through.close();
    proxy.close();
  });

  test('at the door are sentences without the address', async () => {
    const wrong = new URL(database.ownerUrl);
    wrong.password = 'wrong';
    const refused = await openDatabase({ ownerUrl: wrong.href }).catch((e: unknown) => e);
    expect(refused).toMatchObject({ problems: [{ code: 'config.database', at: 'DATABASE_URL' }] });
    const nobody = await openDatabase({ ownerUrl: 'postgres://u:geheim@127.0.0.1:1/x' }).catch((e: unknown) => e);
    expect(nobody).toMatchObject({ problems: [{ code: 'config.database' }] });
    expect(String(nobody)).not.toContain('geheim');
  });
});

const terminate = async (pid: unknown): Promise<void> => {
  const owner = connect(database.ownerUrl, { max: 1, statementTimeoutMs: 120_000 });
  await owner`select pg_terminate_backend(${pid as number}, 60_000)`;
  await owner.end();
};

/** Passes everything on until the client says COMMIT; the server gets that too, the client only hears the line go dead. */
const proxyThatSwallowsCommitReplies = (target: URL): Promise<{ url: string; close(): void }> =>
  new Promise((resolve) => {
    const server = createServer((client) => {
      const upstream = createConnection(Number(target.port), target.hostname);
      let committing = false;
      client.on('data', (bytes) => {
        committing ||= bytes.includes('commit');
        upstream.write(bytes);
      });
      upstream.on('data', (bytes) => (committing ? client.destroy() : client.write(bytes)));
      client.on('close', () => upstream.destroy());
      for (const socket of [client, upstream]) socket.on('error', () => undefined);
    });
    server.listen(0, '127.0.0.1', () => {
      const url = new URL(target);
      url.port = String((server.address() as AddressInfo).port);
      resolve({ url: url.href, close: () => server.close() });
    });
  });
