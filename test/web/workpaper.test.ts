// 审计底稿 over the API on the real path: the document, every value with its source, the amount, and hashes; no identity number, no account, no script.
import { beforeAll, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import { signedIn, type TestApp, testApp } from './app.ts';
import { buildTown, own, type Town } from './town.ts';

const database = testDatabase();
let test: TestApp;
let town: Town;
beforeAll(async () => {
  test = testApp(database);
  town = await buildTown(database);
});

it('says of one payment all that proves it, on a page that stands alone, and notes who looked', async () => {
  const auditor = await signedIn(test, database, 'paper.auditor', ['auditor']);
  const path = `/api/disbursements/${town.own.disbursements[0]}/workpaper`;
  const answer = await auditor.getJson(path);
  expect(answer.headers.get('content-type')).toContain('text/html');
  const page = await answer.text();
  for (const part of [
    '审计底稿',
    '高龄津贴',
    '60.00 元',
    '陆拾元整',
    '一、依据',
    '二、判定',
    '三、金额',
    '本页指纹',
    own[0]?.key.slice(-4) ?? '',
  ])
    expect(page).toContain(part);
  expect(page).not.toContain(own[0]?.key);
  expect(page).not.toContain(own[0]?.account);
  expect(page).not.toMatch(/<script|<link|src=/);
  expect(page).toContain('<style>\n@page');
  const hash = /本页指纹 <code>(\w{64})/.exec(page)?.[1];
  expect(hash).toBeDefined();
  // The same payment in the same state has the same hash; another state another one.
  expect(await (await auditor.getJson(path)).text()).toContain(hash);
  const looks = await database.sql`select view, reason from profile_look where subject_id = ${town.own.subjects[0] as string}`;
  expect(looks).toEqual([
    { view: 'match', reason: 'handle' },
    { view: 'match', reason: 'handle' },
  ]);
  await database.sql`update disbursement set bank = '另一家银行', revision = revision + 1 where id = ${town.own.disbursements[0] as string}`;
  expect(await (await auditor.getJson(path)).text()).not.toContain(hash);
});
