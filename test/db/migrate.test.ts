// Migrations: the snapshot of the schema, sealed files, two starters at once, owners with few rights, and what the grants refuse.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeSchema } from '../../src/db/describe.ts';
import { type Embedded, openEmbedded } from '../../src/db/embedded.ts';
import { connect, openDatabase, type Sql } from '../../src/db/handle.ts';
import { migrate } from '../../src/db/migrate.ts';
import { createDatabase, dropDatabase } from '../database.ts';

const project = path.join(import.meta.dirname, '..', '..');
const shipped = path.join(project, 'drizzle');

const inside = async <T>(url: string, work: (sql: Sql) => Promise<T>): Promise<T> => {
  const sql = connect(url, { max: 1, statementTimeoutMs: 30_000 });
  try {
    return await work(sql);
  } finally {
    await sql.end();
  }
};

const empty = async (work: (url: string) => Promise<void>): Promise<void> => {
  const url = await createDatabase('empty');
  try {
    await work(url);
  } finally {
    await dropDatabase(url);
  }
};

const problemOf = async (doing: Promise<unknown>): Promise<unknown> =>
  doing.then(() => null).catch((e: { problems: unknown[] }) => e.problems?.[0] ?? e);

describe('migrations', () => {
  test('make an empty database equal to drizzle/schema.sql', async () => {
    await empty(async (url) => {
      expect(await migrate({ ownerUrl: url })).toEqual(['0000_init.sql']);
      expect(await inside(url, describeSchema)).toBe(readFileSync(path.join(shipped, 'schema.sql'), 'utf8'));
      expect(await migrate({ ownerUrl: url })).toEqual([]);
    });
  });

  test('say the same as src/db/*schema.ts (else: npm run -s db:generate)', () => {
    const kit = path.join(project, 'node_modules', 'drizzle-kit', 'bin.cjs');
    const args = [kit, 'export', '--dialect', 'postgresql', '--schema', 'src/db/*schema.ts'];
    const { stdout } = spawnSync(process.execPath, args, { cwd: project, encoding: 'utf8' });
    expect(readFileSync(path.join(shipped, '0000_init.sql'), 'utf8')).toContain(stdout.trim());
  });

  test('may be started by several processes at once', async () => {
    await empty(async (url) => {
      const all = await Promise.all(Array.from({ length: 4 }, () => migrate({ ownerUrl: url })));
      expect(all.flat()).toEqual(['0000_init.sql']);
    });
  });

  test('may run at once in several databases of one server, which share the roles', async () => {
    const urls = await Promise.all(Array.from({ length: 3 }, () => createDatabase('empty')));
    await Promise.all(urls.map((url) => migrate({ ownerUrl: url })));
    await Promise.all(urls.map(dropDatabase));
  });

  test('refuse a file that changed after it ran, and a database newer than the program', async () => {
    await empty(async (url) => {
      const directory = mkdtempSync(path.join(tmpdir(), 'zhixiang-drizzle-'));
      cpSync(shipped, directory, { recursive: true });
      writeFileSync(path.join(directory, '0001_more.sql'), 'create table more (id int primary key);');
      expect(await migrate({ ownerUrl: url, directory })).toEqual(['0000_init.sql', '0001_more.sql']);
      writeFileSync(path.join(directory, '0001_more.sql'), 'create table more (id bigint primary key);');
      expect(await problemOf(migrate({ ownerUrl: url, directory }))).toMatchObject({
        code: 'config.migration-changed',
        at: '0001_more.sql',
      });
      expect(await problemOf(migrate({ ownerUrl: url }))).toMatchObject({ code: 'config.database-newer', at: '0001_more.sql' });
    });
  });

  test('leave nothing behind when a file fails half-way', async () => {
    await empty(async (url) => {
      const directory = mkdtempSync(path.join(tmpdir(), 'zhixiang-drizzle-'));
      cpSync(shipped, directory, { recursive: true });
      writeFileSync(path.join(directory, '0001_more.sql'), 'create table more (id int); select 1 / 0;');
      await expect(migrate({ ownerUrl: url, directory })).rejects.toThrow('0001_more.sql');
      writeFileSync(path.join(directory, '0001_more.sql'), 'create table more (id int);');
      expect(await migrate({ ownerUrl: url, directory })).toEqual(['0001_more.sql']);
    });
  });
});

describe('with few rights', () => {
  let server: Embedded;
  const as = (login: string, database: string): string => {
    const url = new URL(server.url);
    url.username = login;
    url.password = 'geheim';
    url.pathname = `/${database}`;
    return url.href;
  };
  beforeAll(async () => {
    const dataDir = mkdtempSync(path.join(tmpdir(), 'zhixiang-rights-'));
    server = await openEmbedded({ dataDir, nowMs: Date.now(), temporary: true, durable: false });
    await inside(server.url, async (sql) => {
      await sql.unsafe(`create role weak login password 'geheim'`);
      await sql.unsafe(`create role maker login createrole password 'geheim'`);
      await sql.unsafe(`create role program login password 'geheim'`);
      for (const owner of ['weak', 'maker']) await sql.unsafe(`create database ${owner} owner ${owner}`);
    });
  });
  afterAll(() => server?.stop());

  test('an owner that may not create roles is told what the administrator must do', async () => {
    expect(await problemOf(migrate({ ownerUrl: as('weak', 'weak') }))).toMatchObject({ code: 'config.database-roles' });
  });

  test('an owner with CREATEROLE is enough, and the program logs in without owner rights', async () => {
    const ownerUrl = as('maker', 'maker');
    const appUrl = as('program', 'maker');
    expect(await problemOf(migrate({ ownerUrl, appUrl: as('nobody', 'maker') }))).toMatchObject({ code: 'config.database-login' });
    await migrate({ ownerUrl, appUrl });
    const alone = await openDatabase({ ownerUrl });
    const apart = await openDatabase({ ownerUrl, appUrl });
    for (const database of [alone, apart]) {
      const [row] = await database.sql`select current_user as role`;
      expect(row?.role).toBe('zhixiang_app');
      await expect(database.sql`update posting set kind = ''`).rejects.toMatchObject({ code: '42501' });
    }
    // The owner's login can shed the role; the program's own login has nothing else to become.
    await expect(apart.sql`set role maker`).rejects.toMatchObject({ code: '42501' });
    await Promise.all([alone.close(), apart.close()]);
    expect(await problemOf(openDatabase({ ownerUrl, appUrl: ownerUrl }))).toMatchObject({ code: 'config.database-app-owner' });
  });
});

describe('grants', () => {
  test('name only tables that exist, and every one of them refuses UPDATE, DELETE and TRUNCATE', async () => {
    const text = readFileSync(path.join(shipped, 'always', '2_grants.sql'), 'utf8');
    const listed = /insert_only[^;]*ARRAY\[([^\]]*)\]/.exec(text)?.[1]?.match(/\w+/g) ?? [];
    expect(listed.length).toBeGreaterThan(5);
    await empty(async (url) => {
      await migrate({ ownerUrl: url });
      await inside(url, async (sql) => {
        for (const table of listed) {
          const [row] = await sql`
            select to_regclass(${`public.${table}`}) is not null as exists, has_table_privilege('zhixiang_app', ${`public.${table}`}, 'insert') as insert,
              has_table_privilege('zhixiang_app', ${`public.${table}`}, 'update, delete, truncate') as change`;
          expect({ table, ...row }).toEqual({ table, exists: true, insert: true, change: false });
        }
        const [secrets] = await sql`select has_table_privilege('zhixiang_auditor', 'account', 'select') as reads`;
        expect(secrets?.reads).toBe(false);
        expect(await sql`select * from assert_invariants()`).toEqual([]);
      });
    });
  });
});
