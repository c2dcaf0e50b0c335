// What a visitor sees of money, after a bank has answered: what arrived with its slip for the books, what came back with what to do; and how it went, said once.
import { beforeAll, describe, expect, it } from 'vitest';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { transaction } from '../../src/db/handle.ts';
import { writeSetting } from '../../src/db/setting-store.ts';
import { answersOf } from '../../src/disbursement/ask-store.ts';
import { review } from '../../src/disbursement/review.ts';
import { sampleKey } from '../../src/today.ts';
import { testDatabase } from '../database.ts';
import { act } from '../disbursement/ground.ts';
import { paying, person, publishable, ready, toReady } from '../payment/ground.ts';
import { bankSays, referencesOf, sealOf, sendOut, word } from '../payment/way.ts';
import { at, broken, idOf, publish, runWith, settlePeople, today } from '../settlement/ground.ts';
import { type Browser, browser, csrfIn, decideRows, deskRows, signedIn, type TestApp, testApp } from '../web/app.ts';
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
    const waiting = await deskRows(reviewer, 'ratings');
    expect(waiting.map((row) => row.why)).toEqual(['不满意：等了两个月']);
    expect(await decideRows(reviewer, 'ratings', waiting, { 意见: '答复', 理由: '本月起改早' }, true)).toEqual(['would']);
    expect((await post(reviewer, `/staff/ratings/${id}`, { answer: '对不起，本月起改为 10 日前发放' }, '/staff')).status).toBe(303);
    expect((await reviewer.postJson(`/api/ratings/${id}/answer`, { answer: '再答一次' })).status).toBe(409);
    expect(await decideRows(reviewer, 'ratings', waiting, { 意见: '答复', 理由: '再答一次' })).toEqual(['refused conflict.changed']);
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
    const form = { account: '6222 0200 0000 0088', bank: '云溪农商银行' };
    const read = await post(one, `${at}/answer`, form, `${at}/answer`);
    expect(read.status).toBe(200);
    expect(await read.text()).toContain('6222 0200 0000 0088');
    const state = async () => await database.sql`select state, gaps from disbursement where subject_id = ${idOf('C')}`;
    expect(await state()).toMatchObject([{ state: 'asking' }]);
    expect((await post(one, `${at}/answer`, { ...form, sure: 'yes' }, `${at}/answer`)).status).toBe(303);
    expect(await state()).toEqual([{ state: 'reviewing', gaps: [] }]);
  });

  it('for a paper asks for nothing that cannot be given here', async () => {
    const [one, at] = await sentBack('D', '请补户口簿');
    const page = await (await one.get(`${at}/answer`)).text();
    expect(page).toContain('请补户口簿');
    expect(page).toContain('材料请交给主管部门');
    expect(page).not.toContain('<button>提交');
  });
});

describe('what is given in two steps', () => {
  const png = (last: number) => new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, last]);
  const formOf = (page: string, told: Record<string, string | File>): FormData => {
    const form = new FormData();
    for (const [name, value] of Object.entries({ csrf: csrfIn(page), ...told })) form.append(name, value);
    return form;
  };
  /** Everything the page hands on unseen. */
  const unseen = (page: string): Record<string, string> =>
    Object.fromEntries(
      [...page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name = '', value = '']) => [name, value]),
    );
  const comeFor = async (item: string, key: string): Promise<readonly [Browser, string]> => {
    await settlePeople(database, { [key]: person(`丁${key}`, 8) });
    await runWith(database, [{ item, subject: key, yuan: 60 }]);
    await toReady(database);
    const [row] = await database.sql<{ id: string }[]>`select id from disbursement where subject_id = ${idOf(key)}`;
    return [await comeInAs(database, test, idOf(key)), `/my/benefits/${row?.id}`];
  };
  const stateOf = async (key: string) => (await database.sql`select state from disbursement where subject_id = ${idOf(key)}`)[0]?.state;
  const answersTo = async (at: string) =>
    (await answersOf(database.db, at.slice(-36))).map(({ field, value, document }) => [field, value, document !== null]);

  beforeAll(() =>
    publish(database, [
      paying('c', {
        ask: {
          fields: [
            { id: 'size', label: '企业划型', kind: 'choice', options: ['小型', '微型'] },
            { id: 'letter', label: '授权书', kind: 'document' },
          ],
          days: 9,
          late: 'waive',
          clause: '第九条',
        },
        flow: { first: ['guard', 'ask', 'pay'], continuing: ['guard', 'pay'] },
      } as never),
      paying('d', {
        mode: 'apply',
        apply: {
          attachments: [
            { id: 'licence', title: '营业执照' },
            { id: 'photo', title: '照片', required: false },
          ],
          days: 10,
          reviewWorkingDays: 5,
        },
        flow: { first: ['guard', 'apply', 'review', 'pay'], continuing: ['guard', 'pay'] },
      } as never),
    ]),
  );

  it('a choice and a paper are read again, kept meanwhile, and count at the second step only', async () => {
    const [one, at] = await comeFor('c', 'E');
    const page = await (await one.get(`${at}/answer`)).text();
    const wrong = await one.postForm(
      `${at}/answer`,
      formOf(page, { 'field-size': '特大', 'field-letter': new File([png(1)], '授权书 <b>.png') }),
    );
    expect(wrong.status).toBe(400);
    const again = await wrong.text();
    expect(again).toContain('已收到：授权书');
    expect(again).not.toContain('<b>.png');
    // The paper came with the first try: only the choice is put right.
    const read = await one.postForm(`${at}/answer`, formOf(again, { ...unseen(again), 'field-size': '小型' }));
    expect(read.status).toBe(200);
    const summary = await read.text();
    expect(summary).toContain('核对补充的信息');
    expect(summary).toContain('小型');
    expect([await stateOf('E'), await answersTo(at)]).toEqual(['asking', []]);
    expect((await one.postForm(`${at}/answer`, formOf(summary, unseen(summary)))).status).toBe(303);
    expect(await stateOf('E')).toBe('ready');
    expect(await answersTo(at)).toEqual([
      ['letter', null, true],
      ['size', '小型', false],
    ]);
  });

  it("the hash of somebody else's paper brings nothing, nor the own one for another record", async () => {
    const [one, at] = await comeFor('c', 'F');
    const [other, elsewhere] = await comeFor('c', 'G');
    const first = await (await one.get(`${at}/answer`)).text();
    const mine = await (
      await one.postForm(`${at}/answer`, formOf(first, { 'field-size': '小型', 'field-letter': new File([png(2)], 'a.png') }))
    ).text();
    const page = await (await other.get(`${elsewhere}/answer`)).text();
    const kept = unseen(mine)['kept-field-letter'] ?? '';
    expect(kept).toMatch(/^[0-9a-f]{64}\./);
    for (const value of [kept, kept.slice(0, 64), `${kept.slice(0, 64)}.AAAA.a.png`]) {
      const refused = await other.postForm(
        `${elsewhere}/answer`,
        formOf(page, { 'field-size': '小型', 'kept-field-letter': value, sure: 'yes' }),
      );
      expect(refused.status).toBe(400);
      expect(await refused.text()).toContain('这份材料没有收到');
    }
    expect(await stateOf('G')).toBe('asking');
  });

  it('an application is handed in with its papers, after they were read again', async () => {
    const [one, at] = await comeFor('d', 'H');
    const page = await (await one.get(`${at}/apply`)).text();
    const without = await one.postForm(`${at}/apply`, formOf(page, { 'a-photo': new File([png(3)], 'photo.png') }));
    expect(without.status).toBe(400);
    const again = await without.text();
    expect(again).toContain('还缺：营业执照');
    const read = await one.postForm(`${at}/apply`, formOf(again, { ...unseen(again), 'a-licence': new File([png(4)], '执照.png') }));
    const summary = await read.text();
    expect(summary).toContain('执照.png');
    expect(summary).toContain('photo.png');
    expect(await stateOf('H')).toBe('applying');
    expect((await one.postForm(`${at}/apply`, formOf(summary, unseen(summary)))).status).toBe(303);
    expect(await stateOf('H')).toBe('reviewing');
    const [{ attachments }] = (await database.sql`select attachments from application where subject_id = ${idOf('H')}`) as [
      { attachments: object },
    ];
    expect(Object.keys(attachments).toSorted()).toEqual(['licence', 'photo']);
  });
});
