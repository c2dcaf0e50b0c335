// What the public may learn of a notice by its code, how often, and what the gateway for messages may tell us.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { transaction } from '../../src/db/handle.ts';
import { newCheckCode, readCheckCode } from '../../src/notice/check-code.ts';
import { momentHeader, signatureHeader, signatureOf } from '../../src/notice/signature.ts';
import { insertNotices } from '../../src/notice/store.ts';
import { testDatabase } from '../database.ts';
import { broken, empty, idOf } from '../settlement/ground.ts';
import { browser, gatewaySecret, origin, testApp } from './app.ts';

const database = testDatabase();
beforeEach(() => empty(database));
afterEach(async () => expect(await broken(database)).toEqual([]));

const told = async (test: ReturnType<typeof testApp>) => {
  const code = newCheckCode();
  const notice = {
    id: crypto.randomUUID(),
    dedupe: 'check',
    subjectId: idOf('A'),
    itemId: 'a',
    authority: '测试县民政局',
    division: null,
    matchId: idOf('match'),
    template: 'recovery' as const,
    ways: [{ channel: 'sms' as const, address: '13800000001' }] as const,
    duty: 'required' as const,
    entry: true,
    wording: 'shipped',
    subject: '高龄津贴多发，请退回',
    body: `张三丰先生：请退回。查验码 ${code}`,
    short: '请退回',
    code,
    amountFen: 123_456n,
    messageId: 'check@test.example',
    disbursementIds: [],
    owedIds: [],
    since: day('2026-04-15'),
  };
  await transaction(database.db, (tx) => insertNotices(tx, [notice], test.clock));
  return notice;
};

describe('the page that checks a notice', () => {
  it('says kind, office and day, and nothing of the person, the item or the amount', async () => {
    const test = testApp(database);
    const { code } = await told(test);
    const one = browser(test);
    expect((await one.get('/check')).status).toBe(200);
    const page = await (await one.post('/check', { code: code.toLowerCase().replaceAll('-', '') })).text();
    for (const part of ['是真的', '追回', '测试县民政局', '2026年4月15日']) expect(page).toContain(part);
    for (const part of ['张三丰', '高龄津贴', '1,234.56', idOf('A')]) expect(page).not.toContain(part);
  });

  it('tells a slip of the pen from a forgery, and shows what was typed as text', async () => {
    const one = browser(testApp(database));
    expect(await (await one.post('/check', { code: newCheckCode() })).text()).toContain('没有查到');
    const page = await (await one.post('/check', { code: '"><script>alert(1)</script>' })).text();
    expect(page).toContain('查验码不对');
    expect(page).not.toContain('<script>alert');
  });

  it('answers only so often in a minute', async () => {
    const test = testApp(database);
    const one = browser(test);
    const codes = await Promise.all(Array.from({ length: 25 }, async () => (await one.post('/check', { code: newCheckCode() })).status));
    expect(codes.filter((status) => status === 200).length).toBe(20);
    expect(codes.filter((status) => status === 429).length).toBe(5);
    test.clock = new Date(test.clock.getTime() + 61_000);
    expect((await one.post('/check', { code: newCheckCode() })).status).toBe(200);
  });

  it('every single slip and every swap of neighbours is found', () => {
    const alphabet = '23456789ABCDEFGHJKMNPQRSTUVWXYZ';
    for (let round = 0; round < 20; round++) {
      const code = newCheckCode().replaceAll('-', '');
      for (let i = 0; i < code.length; i++) {
        for (const c of alphabet) expect(readCheckCode(code.slice(0, i) + c + code.slice(i + 1)) !== null).toBe(c === code[i]);
        const swapped = code.slice(0, i) + (code[i + 1] ?? '') + code[i] + code.slice(i + 2);
        if (i + 1 < code.length && code[i] !== code[i + 1]) expect(readCheckCode(swapped)).toBeNull();
      }
    }
    expect(readCheckCode('ＡＢＣ')).toBeNull();
  });
});

describe('receipts of the gateway', () => {
  const post = (test: ReturnType<typeof testApp>, body: string, over: { secret?: string; at?: Date } = {}) => {
    const moment = String(Math.floor((over.at ?? test.clock).getTime() / 1000));
    return test.app.request(`${origin}/hooks/receipts`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        [momentHeader]: moment,
        [signatureHeader]: signatureOf(over.secret ?? gatewaySecret, moment, body),
      },
      body,
    });
  };
  const of = (state: 'delivered' | 'failed', code?: string) =>
    JSON.stringify({ receipts: [{ key: 'check@test.example', state, ...(code === undefined ? {} : { code }) }] });

  it('count when signed and fresh, once', async () => {
    const test = testApp(database);
    await told(test);
    await database.sql`update notice set state = 'sent', sent_at = ${test.clock}`;
    expect((await post(test, of('failed'), { secret: 'x'.repeat(40) })).status).toBe(401);
    expect((await post(test, of('failed'), { at: new Date(test.clock.getTime() - 301_000) })).status).toBe(401);
    expect((await post(test, '{"receipts":[]}')).status).toBe(400);
    expect((await post(test, 'no json')).status).toBe(400);
    expect(await (await post(test, of('delivered'))).json()).toEqual({ done: 1, late: 0, unknown: 0 });
    expect(await (await post(test, of('failed', 'DB:0141'))).json()).toEqual({ done: 0, late: 1, unknown: 0 });
    expect(await database.sql`select state from notice`).toEqual([{ state: 'delivered' }]);
  });

  it('a failed one takes the notice to its next way, and no number stays in the reason', async () => {
    const test = testApp(database);
    await told(test);
    await database.sql`update notice set state = 'sent', sent_at = ${test.clock}, duty = 'courtesy'`;
    expect(await (await post(test, of('failed', '13800000001'))).json()).toEqual({ done: 1, late: 0, unknown: 0 });
    expect(await database.sql`select state, last_error from notice`).toEqual([{ state: 'bounced', last_error: '短信没有送达' }]);
  });
});
