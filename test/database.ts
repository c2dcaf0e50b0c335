// A migrated database of its own for a test file: `const database = testDatabase();` at the top, `database.db`, `database.sql` inside tests.
// Real PostgreSQL: DATABASE_URL's server when set (its owner must be a superuser), else one server of our own, started by
// `.config/database-setup.ts` with fsync off. Tests that kill things and look at what survived start their own server with `openEmbedded`, fsync on.
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, inject } from 'vitest';
import type { Database } from '../src/db/handle.ts';
import { openTestDatabase } from './open.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Owner's address of the migrated template; its server carries the databases of all test files. */
    templateUrl: string;
  }
}

export interface TestDatabase extends Database {
  /** Owner's address, for child processes and for looking behind the program's back. */
  readonly ownerUrl: string;
}

export const testDatabase = (): TestDatabase => {
  let opened: Database | undefined;
  let ownerUrl = '';
  beforeAll(async () => {
    ownerUrl = await createDatabase();
    opened = await openTestDatabase({ ownerUrl });
  });
  afterAll(async () => {
    await opened?.close();
    await dropDatabase(ownerUrl);
  });
  const open = (): Database => opened ?? fresh();
  return {
    get sql() {
      return open().sql;
    },
    get db() {
      return open().db;
    },
    get ownerUrl() {
      return ownerUrl;
    },
    close: async () => opened?.close(),
  };
};

const fresh = (): never => {
  throw new Error('testDatabase() opens before the first test: use it inside tests or hooks');
};

/**
 * A new database from the migrated template (about 30 ms) and its owner's address; for tests that need several, an empty one, or copies of one they
 * filled themselves and closed (its owner's address).
 */
export const createDatabase = async (from: 'template' | 'empty' | URL = 'template'): Promise<string> => {
  const template = new URL(inject('templateUrl'));
  const name = `zhixiang_test_${randomUUID().replaceAll('-', '')}`;
  await asAdministrator(template, async (sql) => {
    if (from === 'empty') await sql`create database ${sql(name)} template template0`;
    else
      await sql`create database ${sql(name)} template ${sql((from === 'template' ? template : from).pathname.slice(1))} strategy file_copy`;
  });
  const url = new URL(template);
  url.pathname = `/${name}`;
  return url.href;
};

export const dropDatabase = async (ownerUrl: string): Promise<void> => {
  if (ownerUrl === '') return;
  const url = new URL(ownerUrl);
  await asAdministrator(url, (sql) => sql`drop database if exists ${sql(url.pathname.slice(1))} with (force)`);
};

const asAdministrator = async (server: URL, work: (sql: postgres.Sql) => Promise<unknown>): Promise<void> => {
  const url = new URL(server);
  url.pathname = '/postgres';
  const sql = postgres(url.href, { max: 1, fetch_types: false, onnotice: () => undefined });
  try {
    await work(sql);
  } finally {
    await sql.end();
  }
};
