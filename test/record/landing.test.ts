// What an import asks of its surroundings: one connection, however it comes in, and statistics that have seen every register of some size.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { day } from '../../src/base/day.ts';
import type { Database } from '../../src/db/handle.ts';
import { landAccepted } from '../../src/record/decide.ts';
import { fileContent, importDelivery } from '../../src/record/import.ts';
import { refreshStatistics } from '../../src/record/landing-store.ts';
import { finishUpload, openUpload, takeChunk } from '../../src/record/upload.ts';
import { createDatabase, dropDatabase } from '../database.ts';
import { openTestDatabase } from '../open.ts';
import { county, person } from './county.ts';
import { bringWeek } from './week.ts';

let ownerUrl = '';
let database: Database;
beforeAll(async () => {
  ownerUrl = await createDatabase();
  // As the Workers entry opens it: whoever waited for a second connection while it holds the first would wait for ever.
  database = await openTestDatabase({ ownerUrl, maxConnections: 1 });
});
afterAll(async () => {
  await database.close();
  await dropDatabase(ownerUrl);
});

const now = new Date('2026-02-20T01:00:00Z');

test('a week of deliveries, with held ones decided and landed, needs one connection', async () => {
  const reports = await bringWeek(database);
  expect(reports.map((report) => report.state)).toContain('held');
  const rows = await database.sql<{ state: string }[]>`select distinct state from delivery`;
  expect(rows.map((row) => row.state)).toEqual(['landed']);
  expect(await landAccepted(database.db, county, { now })).toBe(0);
});

test('so does an upload, and a file that is read from disk', async () => {
  const bytes = Buffer.from(`身份证号,领取养老金\n${person(0)},是\n`);
  const sender = { owner: 'token:1', now };
  const request = {
    dataset: 'pensions',
    kind: 'changes' as const,
    division: null,
    asOf: day('2026-02-10'),
    fileName: 'p.csv',
    role: 'department',
  };
  const { id } = await openUpload(database.db, sender, 'one', request, bytes.length);
  await takeChunk(database.db, sender, id, 0, bytes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  expect(await finishUpload(database.db, county, sender, id, sha256, { now })).toMatchObject({ state: 'landed', rows: { good: 1 } });

  const content = fileContent(new URL('../fixture/none.csv', import.meta.url).pathname);
  await expect(importDelivery(database.db, county, { ...request, content, receivedBy: 'steward' }, { now })).rejects.toThrow('ENOENT');
  // The one connection is free again.
  expect(await database.sql`select 1 as one`).toEqual([{ one: 1 }]);
});

test('a register that came after the last look is looked at, however little the table has grown', async () => {
  const seen = async (): Promise<string> => {
    const [row] = await database.sql<{ seen: string }[]>`
      select most_common_vals::text as seen from pg_stats where tablename = 'record' and attname = 'register'`;
    return row?.seen ?? '';
  };
  const fill = (register: string, rows: number) => database.sql`
    insert into record (register, subject_id, key, ordinal, revision)
    select ${register}, gen_random_uuid(), n::text, n - 1, 1 from generate_series(1, ${rows}::int) n`;
  await fill('herd', 20_000);
  await refreshStatistics(database.db);
  expect(await seen()).toContain('herd');
  // Too few to matter: no look for them alone.
  await fill('club', 150);
  await refreshStatistics(database.db);
  expect(await seen()).not.toContain('club');
  await fill('firm', 1000);
  await refreshStatistics(database.db);
  expect(await seen()).toContain('firm');
});
