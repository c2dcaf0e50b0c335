// What a visitor sees of money, after a bank has answered: what arrived with its slip for the books, what came back with what to do; and how it went, said once.
import { beforeAll, describe, expect, it } from 'vitest';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { transaction } from '../../src/db/handle.ts';
import { writeSetting } from '../../src/db/setting-store.ts';
import { review } from '../../src/disbursement/review.ts';
import { sampleKey } from '../../src/today.ts';
import { testDatabase } from '../database.ts';
import { act } from '../disbursement/ground.ts';
import { paying, person, publishable, ready, toReady } from '../payment/ground.ts';
import { bankSays, referencesOf, sealOf, sendOut, word } from '../payment/way.ts';
import { at, broken, idOf, publish, runWith, settlePeople, today } from '../settlement/ground.ts';
import { type Browser, browser, csrfIn, signedIn, type TestApp, testApp } from '../web/app.ts';
import { comeInAs } from './arrive.ts';

const database = testDatabase();
let test: TestApp;
let paid: Browser;
let returned: Browser;
let slip = '';
let record = '';

const post = async (one: Browser, path: string, form: Record<string, string>, from = '/my') =>
  await one.post(path, { ...form, csrf: csrfIn(await (await one.get(from)).text()) });

beforeAll(async () => {
  test = testApp(database);
  test.clock = at;
  await writeSetting(database.db, sampleKey, { asOf: today, firms: 0, residents: 0, seed: 0 }, at);
  await publishCatalogue(database.db, { catalogue: publishable, maker: 'a', checker: 'b', at });
  const source = await ready(database, { A: person('甲一一', 1), B: person('乙二二', 2) }, { yuan: 1234.5 });
  const batch = await sealOf(database, source);
  await sendOut(database, batch);
  const lines = await database.sql<{ id: string; disbursementId: string; reference: string; subject: string }[]>`
    select id, disbursement_id as "disbursementId", end_to_end_id as reference, subject_id as subject from payment_line`;
  const lineOf = (key: string) => lines.find((line) => line.subject === idOf(key));
  expect((await referencesOf(database, batch.id)).length).toBe(2);
  await bankSays(
    database,
    [word(lineOf('A')?.reference ?? '', 'paid'), word(lineOf('B')?.reference ?? '', 'returned', { code: 'closed', text: '已销户' })],
    'first',
  );
  slip = lineOf('A')?.id ?? '';
  record = lineOf('A')?.disbursementId ?? '';
  paid = await comeInAs(database, test, idOf('A'));
  returned = await comeInAs(database, test, idOf('B'));
});

describe('发放记录', () => {
  it('says what arrived, and what came back with what to do', async () => {
    const mine = await (await paid.get('/my/payments')).text();
    expect(mine).toContain('已到账 1 笔');
    expect(mine).toContain(`/my/payments/${slip}`);
    const theirs = await (await returned.get('/my/payments')).text();
    expect(theirs).toContain('银行退回');
    expect(theirs).toContain('账户已销户');
    expect(theirs).toContain('更正账户，重新发放');
    expect(theirs).not.toContain(slip);
  });

  it('makes a slip with figures, capitals, payer and a code; of nobody else, and of nothing that came back', async () => {
    const page = await (await paid.get(`/my/payments/${slip}`)).text();
    for (const text of [
      '拨付通知单',
      '1,234.50 元',
      '人民币壹仟贰佰叁拾肆元伍角整',
      '云溪县财政局',
      '云财预〔2026〕12号',
      '甲**',
      '尾号 0001',
    ])
      expect(page).toContain(text);
    for (const text of ['甲一一', '6222020000000001', '6200000000000001']) expect(page).not.toContain(text);
    expect((await returned.get(`/my/payments/${slip}`)).status).toBe(404);
    const [line] = await database.sql<{ id: string }[]>`select id from payment_line where id <> ${slip}`;
    expect((await returned.get(`/my/payments/${line?.id}`)).status).toBe(404);
  });

  it('is checked by anybody who holds it, and a forged one is not', async () => {
    const page = await (await paid.get(`/my/payments/${slip}`)).text();
    const fieldOf = (name: string): string => new RegExp(`<dt>${name}</dt><dd>([^<]+)</dd>`).exec(page)?.[1] ?? '';
    const check = async (number: string, code: string) => await (await browser(test).post('/check/voucher', { number, code })).text();
    const [number, code] = [fieldOf('单号'), fieldOf('核验码')];
    const good = await check(number, code.toLowerCase());
    expect(good).toContain('是真的');
    expect(good).not.toContain('甲');
    // Another slip's number, and a code with one letter slipped.
    expect(
      await check(
        number.replace(/\d+$/, (n) => String(3 - Number(n))),
        code,
      ),
    ).toContain('没有查到');
    expect(await check(number, `${code.slice(0, -1)}${code.endsWith('2') ? '3' : '2'}`)).toContain('没有查到');
  });
});

describe('评价', () => {
  const path = () => `/my/benefits/${record}/rate`;

  it('waits for the money, wants a reason of whoever is not content, and counts once', async () => {
    const [other] = await database.sql<{ id: string }[]>`select id from disbursement where subject_id = ${idOf('B')}`;
    expect(await (await returned.get(`/my/benefits/${other?.id}/rate`)).text()).toContain('到账以后才能评价');
    expect((await post(returned, `/my/benefits/${other?.id}/rate`, { stars: '5', reason: '' })).status).toBe(400);
    expect((await post(returned, path(), { stars: '5', reason: '' })).status).toBe(404);
    expect(await (await post(paid, path(), { stars: '2', reason: ' ' })).text()).toContain('请说说哪里不满意');
    expect((await post(paid, path(), { stars: '6', reason: '好' })).status).toBe(400);
    const both = await Promise.all([1, 2].map(() => post(paid, path(), { stars: '2', reason: '等了两个月' })));
    expect(both.map((one) => one.status).sort()).toEqual([303, 400]);
    expect(await (await paid.get(path())).text()).toContain('等了两个月');
    expect(await (await paid.get('/my/payments')).text()).not.toContain('/rate');
  });

  it('is seen by the office, answered once, and the answer is read by whoever asked', async () => {
    const reviewer = await signedIn(test, database, 'reviewer.one', ['reviewer']);
    const list = await (await reviewer.get('/staff/ratings')).text();
    expect(list).toContain('等了两个月');
    const { rows } = (await (await reviewer.getJson('/api/ratings?open=1')).json()) as { rows: { id: string; stars: number }[] };
    expect(rows.map((row) => row.stars)).toEqual([2]);
    const sums = (await (await reviewer.getJson('/api/rating-sums')).json()) as { rows: object[] };
    expect(sums.rows).toEqual([{ itemId: 'a', count: 1, stars: 2, low: 1, open: 1 }]);
    const id = rows[0]?.id ?? '';
    expect((await post(reviewer, `/staff/ratings/${id}`, { answer: '对不起，本月起改为 10 日前发放' }, '/staff')).status).toBe(303);
    expect((await reviewer.postJson(`/api/ratings/${id}/answer`, { answer: '再答一次' })).status).toBe(409);
    expect(await (await paid.get(path())).text()).toContain('本月起改为 10 日前发放');
    const acts = await database.sql`select action, actor from audit_entry where object_kind = 'rating' order by id`;
    expect(acts.map((row) => row.action)).toEqual(['rating.make', 'rating.answer']);
    expect(acts[0]?.actor).toBe(idOf('A'));
    expect((await database.sql`select template from owed_notice where template = 'rating-answer'`).length).toBe(1);
    expect(await broken(database)).toEqual([]);
  });

  it('stays as it was said, whatever the program does', async () => {
    await expect(database.sql`set role zhixiang_app; update rating set stars = 5`.simple()).rejects.toThrow(/permission denied/);
  });
});

describe('what a reviewer sent back', () => {
  const sentBack = async (key: string, reason: string): Promise<readonly [Browser, string]> => {
    await settlePeople(database, { [key]: person('丙三三', 7) });
    await runWith(database, [{ item: 'b', subject: key, yuan: 80 }]);
    await toReady(database);
    const [row] = await database.sql<{ id: string }[]>`select id from disbursement where subject_id = ${idOf(key)}`;
    const id = row?.id ?? '';
    await transaction(database.db, (tx) => review(tx, { ...act(id), roster: [], decision: 'return', reason }));
    return [await comeInAs(database, test, idOf(key)), `/my/benefits/${id}`];
  };
  beforeAll(() => publish(database, [paying('b', { flow: { first: ['guard', 'review', 'pay'], continuing: ['guard', 'pay'] } } as never)]));

  it('for the account alone goes on to the reviewer as soon as the account is given', async () => {
    const [one, at] = await sentBack('C', '账号少了一位，请更正');
    expect(await (await one.get(`${at}/answer`)).text()).toContain('收款账号');
    const form = { account: '6222020000000088', bank: '云溪农商银行' };
    expect((await post(one, `${at}/answer`, form, `${at}/answer`)).status).toBe(303);
    expect(await database.sql`select state, gaps from disbursement where subject_id = ${idOf('C')}`).toEqual([
      { state: 'reviewing', gaps: [] },
    ]);
  });

  it('for a paper asks for nothing that cannot be given here', async () => {
    const [one, at] = await sentBack('D', '请补户口簿');
    const page = await (await one.get(`${at}/answer`)).text();
    expect(page).toContain('请补户口簿');
    expect(page).toContain('材料请交给主管部门');
    expect(page).not.toContain('<button>提交');
  });
});
