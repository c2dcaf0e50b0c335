// Payment at the command line, as finance would do it: a source, a pay day, a batch by three people with codes of real authenticators, the file, the
// bank's answer looked at and taken, suspense, a correction and its re-issue.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { createAccount } from '../../src/web/account.ts';
import { saysNothing, unaudited } from '../audited.ts';
import { testDatabase } from '../database.ts';
import { testKeys } from '../keys.ts';
import { person, publishable, ready } from '../payment/ground.ts';
import { broken } from '../settlement/ground.ts';
import { everything, secret, testApp } from '../web/app.ts';
import { type Bound, boundAccount } from '../web/totp.ts';
import { type Called, caller } from './call.ts';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'zhixiang-pay-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const now = new Date('2026-11-10T02:00:00Z');
const call = caller(
  () => ({ DATABASE_URL: database.ownerUrl, ZHIXIANG_DATA: folder, ZHIXIANG_KEYS: testKeys, BETTER_AUTH_SECRET: secret }),
  now,
);
const people = new Map<string, Bound>();
const codes = (called: Called): readonly string[] => called.problems.map((one) => one.code);
const ok = async (...argv: readonly string[]) => {
  const called = await call(...argv, '--json');
  expect([argv.slice(0, 2), codes(called), called.exit]).toEqual([argv.slice(0, 2), [], 0]);
  return called.json();
};
/** The nth code of a person: the one before, the one now, the one after; each counts once. */
const code = (who: string, nth: number): string => (people.get(who) as Bound).code(now.getTime() + (nth - 1) * 30_000);

beforeAll(async () => {
  const test = testApp(database);
  test.clock = new Date();
  await publishCatalogue(database.db, { catalogue: publishable, maker: 'a', checker: 'b', at: now });
  await createAccount(
    test.auth,
    database.db,
    { username: 'maker', name: '金办', roles: ['finance-maker'], scope: everything },
    'test',
    now,
  );
  for (const [username, role] of [
    ['checker', 'finance-checker'],
    ['issuer', 'finance-issuer'],
  ] as const)
    people.set(username, await boundAccount(test, database, username, [role]));
});

it('goes the whole way', async () => {
  const first = await ready(database, { A: person('甲', 1), B: person('乙', 2) });
  await ok('funding', 'end', first, '--reason', '换成中央和县级两个来源', '--by', 'maker');
  const add = (document: string, amount: string, ...more: readonly string[]) =>
    call(
      ...['funding', 'add', '--item', 'a', '--year', '2026', '--document', document, '--project', 'P1', '--subject-code', '2081002'],
      ...[
        '--nature',
        'transfer',
        '--level',
        'central',
        '--amount',
        amount,
        '--payer-name',
        '云溪县财政局',
        '--payer-account',
        '6200000000000001',
      ],
      ...['--payer-bank', '云溪农商银行', '--payer-bank-code', '313651027012', '--format', 'agent-csv', ...more, '--json'],
    );
  expect(codes(await add('中央', '150.00', '--by', 'checker'))).toEqual(['scope.role']);
  expect(codes(await add('中央', '一百', '--by', 'maker'))).toEqual(['input.amount']);
  const source = (await add('中央', '150.00', '--by', 'maker')).json().id as string;
  expect((await add('县级', '100.00', '--rank', '1', '--by', 'maker')).exit).toBe(0);
  await ok('payment-calendar', 'pay', '2026-11-20', '--item', 'a', '--by', 'maker');

  expect((await ok('batch', 'open')).openings).toMatchObject([
    { sourceId: source, records: 2, payOn: '2026-11-20', openFen: '15000' },
    { records: 2, openFen: '10000' },
  ]);
  const sealing = ['batch', 'seal', '--source', source, '--by', 'maker', '--pay-on'] as const;
  expect(codes(await call(...sealing, '2026-11-21'))).toEqual(['state.pay-day']);
  const { batch } = await ok(...sealing, '2026-11-20');
  expect(batch).toMatchObject({ lines: 2, totalFen: '20000' });
  expect((await ok('funding')).sources.map((one: { openFen: string }) => one.openFen)).toEqual(['0', '5000']);

  const approve = ['batch', 'approve', batch.id, '--hash', batch.hash, '--by', 'checker'] as const;
  expect(codes(await call(...approve))).toEqual(['auth.step-up']);
  expect(codes(await call(...approve, '--code', '000000'))).toEqual(['auth.code']);
  expect(await ok(...approve, '--code', code('checker', 0))).toMatchObject({ missing: 0 });
  expect(codes(await call(...approve, '--code', code('checker', 0)))).toEqual(['auth.code']);
  const made = await ok('batch', 'issue', batch.id, '--by', 'issuer', '--code', code('issuer', 0));
  const release = ['batch', 'release', batch.id, '--hash', batch.hash, '--sha256', made.sha256, '--by', 'issuer'] as const;
  await ok(...release, '--code', code('issuer', 1));
  const out = join(folder, 'out.csv');
  await ok('batch', 'file', batch.id, '--out', out, '--by', 'issuer');
  const sent = readFileSync(out, 'utf8');
  expect([sent.includes('甲'), JSON.parse(readFileSync(`${out}.manifest.json`, 'utf8')).sources.length]).toEqual([true, 2]);
  const shown = await call('batch', 'show', batch.id, '--lines');
  expect([shown.text.includes('6222020000000001'), shown.text.includes('已报盘')]).toEqual([false, true]);

  const [one = '', two = ''] = [...sent.matchAll(/ZX\w+/g)].map((m) => m[0]);
  const back = join(folder, 'back.csv');
  writeFileSync(back, `流水号,处理结果,金额,失败原因\n${one},成功,100.00,\n${two},退汇,100.00,户名不符\nZX9,成功,8.00,\n`);
  const dry = await ok('result', 'import', back, '--dry-run', '--by', 'maker');
  const kept = await ok('result', 'import', back, '--by', 'maker');
  expect({ ...kept, fileId: 0, dryRun: true }).toEqual({ ...dry, fileId: 0 });
  expect(await ok('result', 'import', back, '--by', 'maker')).toMatchObject({ already: true });
  const { suspense } = await ok('suspense');
  expect(suspense).toMatchObject([{ reference: 'ZX9', amountFen: '800' }]);
  await ok('suspense', 'settle', suspense[0].id, '--reason', '银行误发，已来函说明', '--by', 'checker');
  expect((await ok('suspense')).suspense).toEqual([]);

  const { returned } = await ok('reissue');
  expect(returned).toMatchObject([{ codes: ['name'], amountFen: '10000' }]);
  await ok('reissue', 'correct', returned[0].disbursementId, '--reason', '户名已核对一致', '--by', 'maker');
  const again = (await ok(...sealing, '2026-11-20')).batch;
  const line = (await ok('batch', 'show', again.id, '--lines')).lines[0];
  expect([again.lines, line.replaces !== null]).toEqual([1, true]);
  expect((await ok('batch')).batches).toHaveLength(2);
  const sendBack = ['batch', 'return', again.id, '--hash', again.hash, '--by', 'checker', '--reason', '附言有误'] as const;
  await ok(...sendBack, '--code', code('checker', 1));
  expect((await ok('batch', 'exclusions', again.id)).exclusions).toEqual([]);
  await ok('batch', 'bands', '--set', '1000:1,*:2+finance-head', '--by', 'checker', '--code', code('checker', 2));
  expect((await ok('batch', 'bands')).bands).toEqual([
    { upToFen: '100000', checkers: 1, roles: [] },
    { upToFen: null, checkers: 2, roles: ['finance-head'] },
  ]);
  expect(codes(await call('batch', 'dance'))).toEqual(['input.argument']);
  expect(await broken(database)).toEqual([]);
  // Whatever was written, an entry of the trail was written with it; the ground and the keeping of accounts are no part of the way.
  const ground = [
    'account',
    'item_version',
    'match',
    'record',
    'record_part',
    'run',
    'run_item',
    'session',
    'snapshot',
    'two_factor',
    'used_code',
    'user',
  ];
  const found = Object.keys(await unaudited(database.sql));
  expect(found.filter((table) => !saysNothing.includes(table) && !ground.includes(table))).toEqual([]);
});
