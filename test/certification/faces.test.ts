// 资格认证 as staff work with it: the visit list out as a file and filled in again, one visit at the command line and on the page, and who may not.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { writeSetting } from '../../src/db/setting-store.ts';
import { openBook } from '../../src/sheet/book.ts';
import { fileContent } from '../../src/sheet/content.ts';
import { writeCsv } from '../../src/sheet/csv-write.ts';
import { sampleKey } from '../../src/today.ts';
import { createAccount } from '../../src/web/account.ts';
import { type Called, caller } from '../command/call.ts';
import { testDatabase } from '../database.ts';
import { testKeys } from '../keys.ts';
import { publishable } from '../payment/ground.ts';
import { broken } from '../settlement/ground.ts';
import { csrfIn, decideRows, deskRows, everything, secret, signedIn, type TestApp, testApp } from '../web/app.ts';
import { old, yearOf } from './ground.ts';

const database = testDatabase();
const year = yearOf(database);
const folder = mkdtempSync(join(tmpdir(), 'zhixiang-certify-'));
const today = day('2026-05-10');
const call = caller(
  () => ({ DATABASE_URL: database.ownerUrl, ZHIXIANG_DATA: folder, ZHIXIANG_KEYS: testKeys, BETTER_AUTH_SECRET: secret }),
  new Date(`${today}T02:00:00Z`),
);
const codes = (called: Called): readonly string[] => called.problems.map((one) => one.code);
const who = ['A', 'B', 'C', 'D', 'E'] as const;
let test: TestApp;

beforeAll(async () => {
  test = testApp(database);
  test.clock = new Date();
  await writeSetting(database.db, sampleKey, { asOf: today, firms: 0, residents: 0, seed: 0 }, test.clock);
  await publishCatalogue(database.db, { catalogue: publishable, maker: 'a', checker: 'b', at: test.clock });
  await createAccount(
    test.auth,
    database.db,
    { username: 'shen', name: '沈审', roles: ['reviewer'], scope: everything },
    'test',
    test.clock,
  );
  await createAccount(
    test.auth,
    database.db,
    { username: 'ban', name: '金办', roles: ['finance-maker'], scope: everything },
    'test',
    test.clock,
  );
  await year.begin(Object.fromEntries(who.map((key, i) => [key, old(`老人${key}`, i + 1)])));
  for (const month of ['01', '02', '03', '04']) {
    await year.month(`2026-${month}`, who);
    await year.pay(day(`2026-${month}-20`));
  }
  await year.step(day('2026-04-05'));
  await year.tellAll(day('2026-04-05'));
  await year.handOver(day('2026-04-05'));
  await year.month('2026-05', who);
  await year.step(day('2026-05-06'));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(async () => expect(await broken(database)).toEqual([]));

type Row = readonly string[];
const rowsOf = async (path: string): Promise<readonly Row[]> => {
  const [table] = await openBook(fileContent(path));
  const rows: Row[] = [];
  for await (const batch of table?.rows() ?? []) for (const { cells } of batch) rows.push(cells);
  return rows;
};
let files = 0;
/** The list as it came, with what somebody wrote beside these codes. */
const filled = async (list: readonly Row[], answers: Readonly<Record<string, Readonly<Record<string, string>>>>): Promise<string> => {
  const [header = [], ...rows] = list;
  const path = join(folder, `filled-${files++}.csv`);
  const written = rows.map((row) => header.map((label, i) => answers[row[0] ?? '']?.[label] ?? row[i] ?? ''));
  const pieces: Uint8Array[] = [];
  for await (const piece of writeCsv([{ name: 'x', header, rows: written }])) pieces.push(piece);
  writeFileSync(path, Buffer.concat(pieces));
  return path;
};

it('goes out as a list, comes back filled in, all of it or nothing, and is paid back', { timeout: 120_000 }, async () => {
  const path = join(folder, 'list.xlsx');
  expect(codes(await call('certify', 'list', '--out', path))).toEqual(['missing.account']);
  expect(codes(await call('certify', 'list', '--out', path, '--by', 'ban'))).toEqual(['scope.role']);
  const out = await call('certify', 'list', '--out', path, '--by', 'shen');
  expect([out.problems, out.exit]).toEqual([[], 0]);
  const list = await rowsOf(path);
  expect(list[0]?.slice(0, 5)).toEqual(['核查码', '村（社区）', '姓名', '证件号码', '事项']);
  expect(list.slice(1).map((row) => [row[1], row[4], row[6], row[7]])).toEqual(who.map(() => ['测试县', '高龄津贴', '逾期暂停', '100']));
  const code = (name: string) => list.find((row) => row[2] === `老人${name}`)?.[0] ?? '';
  const met = { 核查结果: '见到本人', 核查日期: '2026/5/9', 核查人: '赵明', 核查情况: '在家' };

  const bad = await filled(list, {
    [code('A')]: met,
    [code('B')]: { ...met, 核查结果: '也许' },
    [code('C')]: { ...met, 核查日期: '五月' },
    [code('D')]: { 核查结果: '已去世', 核查日期: '2026-05-09', 核查人: '赵明', 核查情况: '邻居说' },
  });
  const refused = await call('certify', 'import', bad, '--by', 'shen');
  expect(refused.problems.map((one) => one.message.replace(/第 \d+ 行/, '')).sort()).toEqual([
    '“核查日期”：不是日期。',
    '“核查结果”：读不懂“也许”。',
  ]);
  const partly = await filled(list, { [code('A')]: met, [code('D')]: { ...met, 核查结果: '已去世' } });
  const half = await call('certify', 'import', partly, '--by', 'shen');
  expect(half.problems.map((one) => one.message.replace(/第 \d+ 行/, ''))).toEqual(['：没有写去世日期。']);
  expect(await database.sql`select from certification_visit`).toHaveLength(0);

  const good = await filled(list, {
    [code('A')]: met,
    [code('B')]: { ...met, 核查结果: '不在家' },
    [code('D')]: { ...met, 核查结果: '已去世', 去世日期: '2026年4月28日', 核查情况: '家属出示火化证' },
  });
  const done = (await call('certify', 'import', good, '--by', 'shen', '--json')).json();
  expect(done).toEqual({ rows: 3, news: 3, certified: 1, deceased: 1, resumed: 1 });
  expect((await call('certify', 'import', good, '--by', 'shen', '--json')).json()).toMatchObject({ rows: 3, news: 0 });
  const left = (await call('certify', '--json')).json().rows as { state: string; pausedCount: number }[];
  expect(left.map((row) => row.state).sort()).toEqual(['deceased', 'suspended', 'suspended', 'suspended']);

  const one = await call(
    'certify',
    'visit',
    code('C').toLowerCase(),
    '--result',
    'met',
    '--on',
    '2026-05-09',
    '--visitor',
    '李花',
    '--note',
    '来窗口',
    '--way',
    'counter',
    '--by',
    'shen',
  );
  expect([one.problems, one.text]).toEqual([[], expect.stringContaining('恢复发放 1 笔')]);
  expect(codes(await call('certify', 'visit', code('C'), '--result', 'seen', '--on', '2026-05-09', '--by', 'shen'))).toEqual([
    'input.option',
  ]);
  expect(codes(await call('certify', 'nothing'))).toEqual(['input.argument']);
  expect((await year.pay(day('2026-05-11'))).lines).toBe(2);
  const late = (await call('late', '--json')).json().rows as { kind: string }[];
  expect(late.map((row) => row.kind).sort()).toEqual(['certify', 'certify', 'certify-deceased']);
  const taken = await database.sql`select from audit_entry where action = 'certification.list'`;
  expect(taken).toHaveLength(1);
  expect(readFileSync(path).byteLength).toBeGreaterThan(0);
});

it('is worked on the page by reviewers, read by others, and shown to nobody outside their scope', { timeout: 120_000 }, async () => {
  const reviewer = await signedIn(test, database, 'page.reviewer', ['reviewer']);
  const page = await (await reviewer.get('/staff/certifications')).text();
  expect(page).toContain('逾期暂停');
  const [turn] = await year.turns(['suspended']);
  expect(page).toContain(turn?.code);
  const form = {
    csrf: csrfIn(page),
    code: turn?.code ?? '',
    result: 'met',
    way: 'home',
    visitedOn: '2026-05-09',
    visitor: '赵明',
    note: '在院里晒太阳',
    diedOn: '',
  };
  expect((await reviewer.post('/staff/certifications/visits', { ...form, result: 'x' })).status).toBe(400);
  expect((await reviewer.post('/staff/certifications/visits', form)).status).toBe(303);
  expect((await year.turns(['certified'])).map((one) => one.code)).toContain(turn?.code);
  const file = await reviewer.getJson('/api/certification-list');
  expect([file.status, file.headers.get('content-type')]).toEqual([
    200,
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  ]);

  const auditor = await signedIn(test, database, 'page.auditor', ['auditor']);
  const seen = await (await auditor.get('/staff/certifications')).text();
  expect(seen).not.toContain('登记核查');
  const [other] = await year.turns(['suspended', 'deceased']);
  expect(seen).not.toContain(other?.code);
  expect((await auditor.getJson('/api/certification-list')).status).toBe(403);
  const rows = (await (await auditor.getJson('/api/certifications?state=deceased')).json()) as { rows: { text: string }[] };
  expect(rows.rows).toMatchObject([{ text: '核查已去世', pausedFen: '10000', pausedCount: 1 }]);

  const waiting = await deskRows(reviewer, 'certifications');
  expect(waiting.length).toBe((await year.turns(['suspended'])).length);
  const seenHim = { 意见: '见到本人', 理由: '在卫生站见到', 方式: '上门', 核查日期: '2026-05-09', 核查人: '' };
  expect(await decideRows(reviewer, 'certifications', waiting.slice(0, 1), seenHim)).toEqual(['refused input.visitor']);
  expect(await decideRows(reviewer, 'certifications', waiting.slice(0, 1), { ...seenHim, 核查人: '赵明', 核查日期: '昨天' })).toEqual([
    'refused input.value',
  ]);
  expect(await decideRows(reviewer, 'certifications', waiting.slice(0, 1), { ...seenHim, 核查人: '赵明' }, true)).toEqual(['would']);
  expect(await decideRows(auditor, 'certifications', waiting, seenHim)).toEqual(['scope.role']);

  const elsewhere = await signedIn(test, database, 'page.elsewhere', ['reviewer'], { ...everything, divisions: ['310101'] });
  expect(((await (await elsewhere.getJson('/api/certifications')).json()) as { rows: unknown[] }).rows).toEqual([]);
  const visit = { code: other?.code, result: 'met', visitedOn: '2026-05-09', visitor: '赵明', note: '见到' };
  expect((await elsewhere.postJson('/api/certification-visits', visit)).status).toBe(404);
  expect((await auditor.postJson('/api/certification-visits', visit)).status).toBe(403);
});
