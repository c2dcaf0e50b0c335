// Names of a list that nobody was found for stand beside every item that reads the list: API, first page, worklist, command line; other items say nothing.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { readRuleFile } from '../../src/policy/files.ts';
import { publishItem } from '../../src/policy/publish.ts';
import { bytesContent, importDelivery } from '../../src/record/import.ts';
import { settleName } from '../../src/record/names.ts';
import { caller } from '../command/call.ts';
import { testDatabase } from '../database.ts';
import { testKeys } from '../keys.ts';
import { type Browser, everything, signedIn, type TestApp, testApp } from './app.ts';
import { at, buildTown, ownFirm, ownItem, type Town } from './town.ts';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'zhixiang-gaps-'));
const call = caller(() => ({ DATABASE_URL: database.ownerUrl, ZHIXIANG_DATA: folder, ZHIXIANG_KEYS: testKeys }));
const reader = 'yishui-jigai-2022';
const text = '《2026 年标杆项目》（样发〔2026〕3 号）3 个名称中 2 个没有对上，待核对';
let test: TestApp;
let town: Town;
let one: Browser;
let elsewhere: Browser;
let deliveryId = '';

beforeAll(async () => {
  test = testApp(database);
  town = await buildTown(database);
  const file = await readRuleFile(new URL(`../../rules/371323/${reader}.json`, import.meta.url).pathname, town.catalogue);
  const done = await publishItem(database.db, { json: file.json, catalogue: town.catalogue, maker: 'officer', checker: 'officer2', at });
  expect(done.ok).toBe(true);
  // The town's firm bears markup for a name; here it has one of its own.
  await database.sql`update record set name = '禄劝样例有限公司' where key = ${ownFirm}`;
  const rows = ['禄劝样例有限公司', '查无此家有限公司', '也无此家有限公司'].map((name) => `${name},技术改造标杆项目,2022-01-01,`);
  const report = await importDelivery(
    database.db,
    town.catalogue,
    {
      dataset: 'department-lists',
      kind: 'list',
      division: '530128',
      asOf: day('2026-04-14'),
      fileName: 'f.csv',
      content: bytesContent(new TextEncoder().encode(`企业名称,名录名称,生效日期,失效日期\n${rows.join('\n')}\n`)),
      receivedBy: 'test',
      role: 'system',
      list: { title: '2026 年标杆项目', number: '样发〔2026〕3 号', publishedOn: null, validFrom: null, validTo: null },
    },
    { now: at },
  );
  expect(report.names).toEqual({ listed: 3, matched: 1, open: 2 });
  deliveryId = report.deliveryId;
  one = await signedIn(test, database, 'reader', ['reviewer']);
  elsewhere = await signedIn(test, database, 'elsewhere', ['reviewer'], { ...everything, divisions: ['310101'] });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Item {
  readonly id: string;
  readonly lists: readonly { readonly text: string; readonly listed: number; readonly open: number }[];
}
const json = async <T>(path: string): Promise<T> => (await (await one.getJson(path)).json()) as T;
const page = async (path: string, browser = one): Promise<string> => (await browser.get(path)).text();

describe('names nobody was found for', () => {
  it('stand on the item that reads the list, one entry per list, over the API', async () => {
    const { rows } = await json<{ rows: readonly Item[] }>('/api/items');
    expect(rows.filter((row) => row.lists.length > 0).map((row) => row.id)).toEqual([reader]);
    expect(rows.find((row) => row.id === reader)?.lists).toMatchObject([{ dataset: 'department-lists', listed: 3, open: 2, text }]);
    expect((await json<Item>(`/api/items/${reader}`)).lists).toMatchObject([{ open: 2 }]);
    expect((await json<Item>(`/api/items/${ownItem}`)).lists).toEqual([]);
  });

  it('stand on the first page, and the worklist shows names to whoever sees the division', async () => {
    expect(await page('/staff')).toContain(text);
    const mine = await page('/staff/names');
    expect([mine.includes('查无此家有限公司'), mine.includes('也无此家有限公司'), mine.includes('禄劝样例有限公司')]).toEqual([
      true,
      true,
      false,
    ]);
    const theirs = await page('/staff/names', elsewhere);
    expect([theirs.includes(text), theirs.includes('查无此家有限公司')]).toEqual([true, false]);
  });

  it('stand in what is ready', async () => {
    const { items } = (await call('ready', '--item', reader, '--json')).json();
    expect(items).toMatchObject([{ item: reader, lists: [{ open: 2, text }] }]);
    expect((await call('ready', '--item', reader)).text).toContain(`缺 ${text}`);
    expect((await call('ready', '--item', ownItem, '--json')).json().items[0].lists).toBeUndefined();
  });

  it('are gone when a person has settled them', async () => {
    for (const line of [3, 4]) {
      const word = { deliveryId, line, subjectId: null, reason: '不在本县登记' };
      await settleName(database.db, town.catalogue, { ...word, by: 'steward', role: 'steward', scope: everything }, at);
    }
    expect((await json<Item>(`/api/items/${reader}`)).lists).toEqual([]);
    expect(await page('/staff')).not.toContain('名单没有对全');
    expect(await page('/staff/names')).toContain('名单上的名称都已对上');
  });

  it('are read by pages, each once, however many wait', async () => {
    const lines = Array.from({ length: 203 }, (_, i) => `第${i}家查无的公司,样例名录,2022-01-01,`);
    const content = bytesContent(new TextEncoder().encode(`企业名称,名录名称,生效日期,失效日期\n${lines.join('\n')}\n`));
    const list = { title: '长名单', number: null, publishedOn: null, validFrom: null, validTo: null };
    const about = {
      dataset: 'department-lists',
      kind: 'list',
      division: '530128',
      asOf: day('2026-04-15'),
      fileName: 'long.csv',
      content,
    } as const;
    const report = await importDelivery(database.db, town.catalogue, { ...about, receivedBy: 'test', role: 'system', list }, { now: at });
    expect(report.names).toMatchObject({ listed: 203, open: 203 });
    type Listed = { readonly rows: readonly { readonly name: string }[]; readonly next: string | null };
    const first = await json<Listed>('/api/names');
    const second = await json<Listed>(`/api/names?cursor=${first.next}`);
    expect([first.rows.length, second.rows.length, second.next]).toEqual([200, 3, null]);
    expect(new Set([...first.rows, ...second.rows].map((row) => row.name)).size).toBe(203);
    expect(await json('/api/name-gaps')).toMatchObject({ open: 203, gaps: [expect.stringContaining('203 个没有对上')] });
    expect(await (await elsewhere.getJson('/api/name-gaps')).json()).toMatchObject({ open: 0 });
    for (const wrong of ['x', `${deliveryId}.`, `${deliveryId}.999999999`])
      expect((await one.getJson(`/api/names?cursor=${wrong}`)).status).toBe(400);
  });
});
