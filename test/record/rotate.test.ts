// A key is replaced while the data stand: read by the old ring before, by both during, by the new one alone after.
import { expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { type Database, openDatabase } from '../../src/db/handle.ts';
import { bytesContent, importDelivery } from '../../src/record/import.ts';
import { refusedAsCsv } from '../../src/record/report.ts';
import { rotateParts, rotateRefused } from '../../src/record/rotate-store.ts';
import { recordByKey } from '../../src/record/store.ts';
import { holdVault } from '../../src/vault/hold.ts';
import { openKept } from '../../src/vault/kept.ts';
import { rotateKept } from '../../src/vault/kept-store.ts';
import { parseKeys } from '../../src/vault/keys.ts';
import { makeVault } from '../../src/vault/vault.ts';
import { testDatabase } from '../database.ts';
import { testKeys } from '../keys.ts';
import { county, person } from './county.ts';

const database = testDatabase();
const secret = Buffer.alloc(32, 7).toString('base64');
const [index = ''] = testKeys.split(';');
const withKeys = async <T>(keys: string, work: (database: Database) => Promise<T>): Promise<T> => {
  const own = await openDatabase({ ownerUrl: database.ownerUrl, maxConnections: 2 });
  holdVault(own.db, makeVault(parseKeys(keys, 'test')));
  try {
    return await work(own);
  } finally {
    await own.close();
  }
};

it('what was sealed is brought under the newest key, and then needs no other', async () => {
  const wages = `身份证号,年度,工资\n${person(1)},2025,84627\n${person(2)},2025,很多\n`;
  const people = `身份证号,姓名,区划,性别,死亡日期\n${person(1)},张三,530128,男,\n${person(2)},李四,530128,女,\n`;
  let delivery = '';
  let sha256 = '';
  for (const [dataset, text] of [
    ['people', people],
    ['wages', wages],
  ] as const) {
    const request = {
      dataset,
      kind: 'full' as const,
      division: null,
      asOf: day('2026-01-01'),
      fileName: 'f.csv',
      receivedBy: 's',
      role: 'steward',
    };
    const now = new Date('2026-01-02T00:00:00Z');
    delivery = (await importDelivery(database.db, county, { ...request, content: bytesContent(Buffer.from(text)) }, { now })).deliveryId;
  }
  [{ sha256 = '' } = {}] = await database.sql<{ sha256: string }[]>`select sha256 from delivery where id = ${delivery}`;
  const read = async ({ db }: Database) => {
    const record = await recordByKey(db, 'citizen', person(1));
    let [csv, file] = ['', ''];
    for await (const piece of refusedAsCsv(db, delivery)) csv += piece;
    for await (const piece of openKept(db, sha256)) file += Buffer.from(piece).toString();
    return [record?.facts.income?.[0]?.v, record?.facts.deathDate?.[0]?.v, csv.includes('很多'), file === wages];
  };
  const before = await read(database);
  expect(before).toEqual([{ '2025': '84627' }, null, true, true]);
  const [old] = await database.sql`select max(revision) as revision from record_part`;
  const counts = await withKeys(`${testKeys};k2 aes-256-gcm ${secret}`, async (both) => {
    expect(await read(both)).toEqual(before);
    const first = [await rotateParts(both.db), await rotateRefused(both.db), await rotateKept(both.db)];
    expect([await rotateParts(both.db), await rotateRefused(both.db), await rotateKept(both.db)]).toEqual([0, 0, 0]);
    return first;
  });
  expect(counts).toEqual([3, 1, 2]);
  const alone = `${index};k2 aes-256-gcm ${secret}`;
  expect(await withKeys(alone, read)).toEqual(before);
  const refused = await read(database).catch((error: { problems?: readonly { code: string }[] }) => error.problems?.[0]?.code);
  expect(refused).toBe('config.key-unknown');
  expect(await database.sql`select max(revision) as revision from record_part`).toEqual([old]);
});
