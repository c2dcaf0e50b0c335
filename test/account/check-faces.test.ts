// Account checks from the outside: over the API and at the command line, by those who may; and the bank's results, which move accounts as they are read.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linesOf } from '../../src/payment/batch-store.ts';
import { prepareRelease, releaseBatch } from '../../src/payment/release.ts';
import { applyResults, type BankWord } from '../../src/payment/result.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { approveBatch } from '../../src/payment/sign.ts';
import { caller } from '../command/call.ts';
import { testDatabase } from '../database.ts';
import { testKeys } from '../keys.ts';
import { actor, payDay, person, ready, steps } from '../payment/ground.ts';
import { at } from '../settlement/ground.ts';
import { type Browser, everything, origin, signedIn, type TestApp, testApp } from '../web/app.ts';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'zhixiang-checks-'));
const call = caller(() => ({ DATABASE_URL: database.ownerUrl, ZHIXIANG_DATA: folder, ZHIXIANG_KEYS: testKeys }), at);
let test: TestApp;
let source = '';
const who = new Map<string, Browser>();
const one = (name: string): Browser => who.get(name) as Browser;

beforeAll(async () => {
  source = await ready(database, Object.fromEntries([...'ABCD'].map((key, i) => [key, person(`人${key}`, i + 1)])));
  test = testApp(database);
  test.clock = at;
  who.set('maker', await signedIn(test, database, 'ma', ['finance-maker']));
  who.set('checker', await signedIn(test, database, 'chen', ['finance-checker']));
  who.set('auditor', await signedIn(test, database, 'shen', ['auditor']));
  who.set('reviewer', await signedIn(test, database, 'bu', ['reviewer']));
  who.set('far', await signedIn(test, database, 'yuan', ['finance-checker'], { ...everything, divisions: ['310101'] }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const upload = (browser: Browser, path: string, bytes: Uint8Array) =>
  test.app.request(`${origin}${path}`, {
    method: 'POST',
    headers: {
      ...{ accept: 'application/json', origin, host: 'localhost:3000', 'sec-fetch-site': 'same-origin' },
      'content-type': 'application/octet-stream',
      cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    },
    body: new Uint8Array(bytes),
  });
const code = async (response: Response): Promise<string> =>
  ((await response.json()) as { problems: { code: string }[] }).problems[0]?.code ?? '';
const states = async (): Promise<string> =>
  (
    await database.sql<{ key: string; state: string }[]>`
      select r.key, p.state from payee_account p join record r on r.subject_id = p.subject_id order by r.key`
  )
    .map((row) => `${row.key} ${row.state}`)
    .join(', ');

interface Seen {
  readonly id: string;
  readonly fileSha256: string;
  readonly accounts: readonly { readonly reference: string; readonly name: string; readonly tail: string }[];
}

describe('over the API', () => {
  it('is made by one, let out by another, answered by a file; others are refused', async () => {
    const wanted = { method: 'bank-file', template: 'csv', limit: 1 };
    expect(await code(await one('reviewer').postJson('/api/account-checks', wanted))).toBe('scope.role');
    expect(await code(await one('checker').postJson('/api/account-checks', wanted))).toBe('scope.role');
    const { id, fileSha256 } = (await (await one('maker').postJson('/api/account-checks', wanted)).json()) as Seen;
    expect(await code(await one('maker').postJson(`/api/account-checks/${id}/release`, { sha256: fileSha256 }))).toBe('scope.role');
    expect((await one('far').getJson(`/api/account-checks/${id}`)).status).toBe(404);
    expect(await (await one('far').getJson('/api/account-checks')).json()).toEqual({ rows: [], next: null });
    expect(await code(await one('maker').getJson(`/api/account-checks/${id}/file`))).toBe('state.check');
    expect((await one('checker').postJson(`/api/account-checks/${id}/release`, { sha256: fileSha256 })).status).toBe(200);
    const shown = await (await one('auditor').getJson(`/api/account-checks/${id}`)).text();
    expect(shown).not.toMatch(/\b\d{16,19}\b/);
    const { accounts } = JSON.parse(shown) as Seen;
    expect(accounts).toMatchObject([{ name: expect.stringMatching(/^人\*$/), tail: expect.stringMatching(/^\d{4}$/), answer: null }]);
    expect((await one('auditor').getJson(`/api/account-checks/${id}/file`)).status).toBe(403);
    const file = Buffer.from(await (await one('maker').getJson(`/api/account-checks/${id}/file`)).arrayBuffer()).toString();
    const [header = '', row = ''] = file.replace('\ufeff', '').split('\r\n');
    expect(row).toMatch(/6222020000\d{6}/);
    expect(await code(await upload(one('maker'), `/api/account-checks/${id}/answers`, Buffer.from('编号,结果\nYZ1,一致\n')))).toBe(
      'input.reference',
    );
    const answer = Buffer.from(`${header},经办\n${row.replace(/,,$/, '')},一致,,张\n`);
    const report = await (await upload(one('maker'), `/api/account-checks/${id}/answers`, answer)).json();
    expect(report).toMatchObject({ answered: 1, moved: 1, ends: { ok: 1 }, open: 0 });
    const told = { reference: accounts[0]?.reference, answer: 'closed', reason: '银行来电' };
    expect(await code(await one('maker').postJson('/api/account-check-answers', told))).toBe('scope.two-people');
    expect(await (await one('checker').postJson('/api/account-check-answers', told)).json()).toMatchObject({
      moved: 1,
      ends: { closed: 1 },
    });
  });

  it('takes a bank’s file of several megabytes, and of other bodies says what is too large', async () => {
    const { id, fileSha256 } = (await (
      await one('maker').postJson('/api/account-checks', { method: 'bank-file', limit: 1 })
    ).json()) as Seen;
    await one('checker').postJson(`/api/account-checks/${id}/release`, { sha256: fileSha256 });
    const { accounts } = (await (await one('maker').getJson(`/api/account-checks/${id}`)).json()) as Seen;
    const long = Buffer.from(
      `编号,结果,备注\n${accounts[0]?.reference},处理中,${'注'.repeat(900)}\n${`,,${'空'.repeat(300)}\n`.repeat(2)}`,
    );
    expect(await (await upload(one('maker'), `/api/account-checks/${id}/answers`, long)).text()).toContain('input.reference');
    const blanks = Buffer.concat([Buffer.from(`编号,结果,备注\n${accounts[0]?.reference},处理中,\n`), Buffer.from(',,\n'.repeat(800_000))]);
    expect(blanks.length).toBeGreaterThan(2_000_000);
    expect((await upload(one('maker'), `/api/account-checks/${id}/answers`, blanks)).status).toBe(200);
    expect(await code(await upload(one('maker'), `/api/account-checks/${id}/answers`, Buffer.alloc(22_000_000)))).toBe('input.too-large');
    expect(await code(await one('maker').postJson('/api/account-checks', { method: 'x'.repeat(1_100_000) }))).toBe('input.too-large');
  });
});

describe('at the command line', () => {
  const codes = (called: { problems: readonly { code: string }[] }) => called.problems.map((p) => p.code);

  it('goes the whole way with a small amount', async () => {
    expect(codes(await call('payee', 'checks', 'nonsense'))).toEqual(['input.argument']);
    expect(codes(await call('payee', 'checks', 'make', '--by', 'chen'))).toEqual(['scope.role']);
    const made = (
      await call('payee', 'checks', 'make', '--method', 'small-amount', '--template', 'csv-gbk', '--by', 'ma', '--json')
    ).json();
    expect([made.rows, made.state]).toEqual([2, 'made']);
    expect(codes(await call('payee', 'checks', 'release', made.id, '--hash', made.fileSha256, '--by', 'ma'))).toEqual(['scope.role']);
    expect((await call('payee', 'checks', 'release', made.id, '--hash', made.fileSha256, '--by', 'chen')).exit).toBe(0);
    const out = join(folder, 'out.csv');
    expect((await call('payee', 'checks', 'file', made.id, '--out', out, '--by', 'ma')).exit).toBe(0);
    expect(codes(await call('payee', 'checks', 'file', made.id, '--out', out, '--by', 'ma'))).toEqual(['input.file']);
    const sent = new TextDecoder('gb18030')
      .decode(readFileSync(out))
      .trim()
      .split('\r\n')
      .map((line) => line.split(','));
    expect(sent[0]).toEqual(['编号', '账号', '户名', '开户行', '联行号', '打款金额', '到账金额', '结果', '原因']);
    const [first = [], second = []] = sent.slice(1);
    const answer = join(folder, 'back.csv');
    writeFileSync(answer, `编号,到账金额,结果\n${first[0]},${first[5]},成功\n`);
    expect((await call('payee', 'checks', 'read', made.id, answer, '--by', 'ma', '--json')).json()).toMatchObject({ moved: 1, open: 1 });
    const told = await call(
      'payee',
      'checks',
      'answer',
      second[0] as string,
      '--got',
      '0.00',
      '--reason',
      '本人来电',
      '--by',
      'chen',
      '--json',
    );
    expect(told.json()).toMatchObject({ moved: 1, ends: { ok: 1, 'amount-differs': 1 } });
    const shown = await call('payee', 'checks', 'show', made.id);
    expect(shown.text).toContain('到账金额不符');
    expect(shown.text).not.toMatch(/\b\d{16,19}\b/);
    expect((await call('payee', 'checks', '--json')).json().lists).toHaveLength(3);
  });
});

describe('the bank’s results', () => {
  it('confirm an account by money that arrived, fail it where it came back because of it, and say nothing of it where it did not', async () => {
    await database.sql`update payee_account set state = 'unverified', method = null, evidence = null, checked_at = null`;
    const { batch } = await sealBatch(database.db, { ...steps(), sourceId: source, payOn: payDay, maker: actor('maker') });
    if (batch === null) throw new Error('nothing sealed');
    const signing = { batchId: batch.id, hash: batch.hash, person: actor('checker'), now: steps().now };
    await approveBatch(database.db, signing);
    const prepared = await prepareRelease(database.db, { ...steps(), batchId: batch.id });
    await releaseBatch(database.db, {
      ...steps(),
      batchId: batch.id,
      sha256: prepared.sha256,
      hash: prepared.hash,
      person: actor('issuer'),
    });
    const names = new Map(
      (await database.sql<{ id: string; key: string }[]>`select subject_id as id, key from record`).map((r) => [r.id, r.key]),
    );
    const reference = new Map<string, string>();
    for await (const { line } of linesOf(database.db, batch.id)) reference.set(names.get(line.subjectId) ?? '', line.endToEndId);
    let files = 0;
    const read = (words: readonly (readonly [string, BankWord['kind'], string | null])[]) => {
      const bytes = Buffer.from(`file ${files++}`);
      const content = {
        open: async function* () {
          yield bytes;
        },
      };
      const told = words.map(([key, kind, text], i) => {
        return { position: i + 1, endToEndId: reference.get(key) ?? '', kind, amountFen: 10_000n, code: null, text };
      });
      return applyResults(database.db, { name: 'r.csv', format: 'agent-csv', words: told, content }, actor('clerk'), steps().now);
    };
    await read([
      ['A', 'paid', null],
      ['B', 'returned', '账户已销户'],
      ['C', 'returned', '联行号错误'],
      ['D', 'unknown', '处理中'],
    ]);
    expect(await states()).toBe('A verified, B failed, C unverified, D unverified');
    await read([['D', 'paid', null]]);
    await read([['A', 'returned', '户名不符']]);
    await read([['B', 'paid', null]]);
    expect(await states()).toBe('A failed, B failed, C unverified, D verified');
    const moves = await database.sql<{ after: { state: string; evidence: { outcome: string; code?: string } } }[]>`
      select detail -> 'after' as after from audit_entry where action = 'account.check' and detail -> 'after' ->> 'method' = 'payment' order by id`;
    expect(moves.map(({ after }) => `${after.state} ${after.evidence.code ?? ''}`).sort()).toEqual([
      'failed closed',
      'failed name',
      'verified ',
      'verified ',
    ]);
    expect(await database.sql`select * from assert_invariants()`).toEqual([]);
  });
});
