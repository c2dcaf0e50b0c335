// Notices at the command line: offices, texts by two people, letters and call sheets, ticking off, relatives, choices, the measure; and who may not.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { readCatalogue } from '../../src/catalogue/read.ts';
import { shippedCatalogue } from '../../src/command/place.ts';
import { advance } from '../../src/disbursement/advance.ts';
import { prefill } from '../../src/disbursement/prefill.ts';
import { tell } from '../../src/notice/tell.ts';
import { codeIn } from '../../src/notice/template.ts';
import { settle } from '../../src/settlement/settle.ts';
import { testDatabase } from '../database.ts';
import { testKeys } from '../keys.ts';
import { at, broken, idOf, itemOf, publish, runWith, settlePeople, stepsOn } from '../settlement/ground.ts';
import { caller, typed } from './call.ts';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'zhixiang-notices-'));
const call = caller(() => ({ DATABASE_URL: database.ownerUrl, ZHIXIANG_DATA: folder, ZHIXIANG_KEYS: testKeys }), at);
type Words = readonly (string | ReturnType<typeof typed>)[];
const notices = (...words: Words) => call('notices', ...words);
const code = async (...words: Words) => (await notices(...words)).problems[0]?.code;
const file = (name: string) => join(folder, name);
const authority = '测试县民政局';

beforeAll(async () => {
  const read = await readCatalogue(shippedCatalogue);
  if (!read.ok) throw new Error('catalogue');
  await publishCatalogue(database.db, { catalogue: read.catalogue, maker: 'a', checker: 'b', at });
  for (const [name, roles] of [
    ['zhao.yi', 'officer'],
    ['qian.er', 'officer'],
    ['sun.san', 'reviewer'],
  ] as const)
    expect((await call('accounts', 'add', name, '--name', name, '--roles', roles)).problems).toEqual([]);
  await settlePeople(database, {
    A: { name: '=HYPERLINK("x")', account: '6222020000001234', bankName: '测试银行' },
    B: { name: '李四', account: '6222020000005678', bankName: '测试银行' },
  });
  await settlePeople(database, { A: { phone: '0871-68910001' } }, 'citizen', 'citizen-contacts');
  await publish(database, [itemOf('a', { flow: { first: ['guard', 'notice', 'pay'], continuing: ['guard', 'pay'] } })]);
  await runWith(database, [
    { item: 'a', subject: 'A' },
    { item: 'a', subject: 'B' },
  ]);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  expect(await broken(database)).toEqual([]);
});

it('an authority says how it is reached, and publishes a text of its own by two people', async () => {
  const own = {
    subject: '{事项}[ {金额}]已核定',
    body: '{称呼}的{事项}[ {金额}]已核定，{发放}。请放心。',
    short: '{称呼}的{事项}[ {金额}]已核定。',
  };
  writeFileSync(file('text.json'), JSON.stringify(own));
  const draft = ['text', 'draft', 'matched', '--file', file('text.json'), '--authority', authority, '--by', 'zhao.yi'] as const;
  expect((await notices(...draft)).exit).toBe(2);
  const office = [
    'office',
    authority,
    '--phone',
    '0871-68910000',
    '--address',
    '测试县屏山街道1号',
    '--hours',
    '工作日 9:00—17:00',
  ] as const;
  expect(await code(...office, '--by', 'sun.san')).toBe('scope.role');
  expect((await notices(...office, '--by', 'zhao.yi')).exit).toBe(0);
  expect((await notices('office', authority)).text).toContain('0871-68910000');
  const { id } = (await notices(...draft, '--json')).json();
  expect(await code('text', 'publish', id, '--by', 'zhao.yi')).toBe('state.maker');
  expect((await notices('text', 'publish', id, '--by', 'qian.er')).exit).toBe(0);
  expect(await code('text', 'publish', id, '--by', 'qian.er')).toBe('missing.wording');
  expect((await notices('text', 'list')).text).toContain('已发布');
  writeFileSync(file('bad.json'), JSON.stringify({ ...own, body: '尊敬的用户' }));
  expect((await notices('text', 'lint', 'matched', '--file', file('bad.json'), '--authority', authority)).exit).toBe(2);
  expect(await code('text', 'lint', 'nosuch')).toBe('input.argument');
});

it('letters and calls are printed, ticked off by their code, and shown as genuine', async () => {
  const steps = stepsOn();
  await settle(database.db, steps.settle);
  await prefill(database.db, steps.prefill);
  await advance(database.db, steps.advance);
  await tell(database.db, steps.tell);
  const shown = await notices('text', 'preview', 'matched', '--item', 'a', '--subject', idOf('B'), '--purpose', 'call:GD-2026-1');
  expect(shown.problems).toEqual([]);
  expect(shown.text).toContain('李*：\n您的事项a 100.00 元已核定');
  expect(shown.text).not.toContain('李四');
  expect(await code('letters', '--out', file('l.html'), '--by', 'zhao.yi')).toBe('scope.role');
  expect((await notices('letters', '--out', file('l.html'), '--by', 'sun.san')).text).toContain('2 封');
  const page = readFileSync(file('l.html'), 'utf8');
  expect(page).toContain('请放心');
  expect(page).toContain('0871-68910000');
  expect((await notices('calls', '--out', file('calls.csv'), '--by', 'sun.san')).exit).toBe(0);
  const sheet = readFileSync(file('calls.csv'), 'utf8');
  expect(sheet).toContain('0871-68910001');
  // Never a formula.
  expect(sheet).not.toMatch(/(^|[,"\n])=HYPERLINK/);
  const codes = [...page.matchAll(/class="code">([\w-]+)</g)].map((m) => m[1] ?? '');
  expect(codes.map((one) => codeIn(`查验码 ${one}`))).toEqual(codes);
  expect((await notices('check', codes[0] ?? '')).text).toContain('是真的：已核定，测试县民政局，2026-11-10');
  expect((await notices('tick', codes[0] ?? '', '--by', 'sun.san', '--to', '本人')).exit).toBe(0);
  expect(await code('tick', codes[0] ?? '', '--by', 'sun.san')).toBe('missing.notice');
  expect((await notices('tick', codes[1] ?? '', '--by', 'sun.san', '--failed', '外出务工')).exit).toBe(0);
  expect((await notices()).text).toMatch(/已送达.*1[\s\S]*被退回.*1|被退回.*1[\s\S]*已送达.*1/);
  expect((await notices('letters', '--out', file('none.html'), '--by', 'sun.san')).text).toContain('没有待当面送达');
  expect(existsSync(file('none.html'))).toBe(false);
  expect((await notices('measure')).exit).toBe(0);
});

it('a relative is named from standard input only, a choice is written down, both in the trail without the name', async () => {
  const person = idOf('A');
  expect(await code('relative', person, '--relative', '王小明', '--relation', '子', '--by', 'sun.san')).toBe('input.visible');
  expect((await notices('relative', person, '--relative', typed('王小明'), '--relation', '子', '--by', 'sun.san')).exit).toBe(0);
  expect((await notices('choice', person, '--stop-push', '--prefer', 'letter', '--by', 'sun.san')).exit).toBe(0);
  expect(await code('choice', person, '--prefer', 'fax', '--by', 'sun.san')).toBe('input.option');
  const trail = await database.sql<{ action: string; whole: string }[]>`
    select action, e::text as whole from audit_entry e where action in ('relative.name', 'message.choose') order by id`;
  expect(trail.map((row) => row.action)).toEqual(['relative.name', 'message.choose']);
  expect(JSON.stringify(trail)).not.toContain('王小明');
});
