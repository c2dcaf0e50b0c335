// The link in a mail, from a real mail server to the page it opens: who gets one, that nothing at rest opens the door, and that the words without a link
// are always there too.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everything } from '../../src/base/scope.ts';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { openChannels } from '../../src/channels.ts';
import { type Config, readConfig } from '../../src/config.ts';
import { transaction } from '../../src/db/handle.ts';
import { advance } from '../../src/disbursement/advance.ts';
import { prefill } from '../../src/disbursement/prefill.ts';
import { insertOffice, insertRelative } from '../../src/notice/around-store.ts';
import { send } from '../../src/notice/send.ts';
import { listNotices } from '../../src/notice/store.ts';
import { type TellOptions, tell } from '../../src/notice/tell.ts';
import { settle } from '../../src/settlement/settle.ts';
import { testDatabase } from '../database.ts';
import { publishable, retell } from '../payment/ground.ts';
import { at, complete, empty, idOf, itemOf, publish, runWith, settlePeople, stepsOn } from '../settlement/ground.ts';
import { browser, origin, testApp } from '../web/app.ts';
import { startGateway } from './gateway.ts';
import { type Mood, startSmtp, textOf } from './smtp.ts';

const database = testDatabase();
const closing: (() => unknown)[] = [];
beforeEach(() => empty(database));
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const clerk = { id: 'clerk', role: 'reviewer' } as const;
const wang = '110105194912310046';
const portal = 'https://zhixiang.test.example';
const told = { flow: { first: ['guard', 'notice', 'pay'] as const, continuing: ['guard', 'pay'] as const } };

const settings = (smtpUrl: string, more: Readonly<Record<string, string>> = {}): Config =>
  readConfig({ SMTP_URL: smtpUrl, MAIL_FROM: '测试县民政局 <notice@test.example>', BASE_URL: portal, ...more });

const tellOne = async (facts: Readonly<Record<string, unknown>> = {}, over: Partial<TellOptions> = {}) => {
  const office = { name: '测试县民政局', phone: '0871-68910000', address: '测试县屏山街道1号', hours: '工作日 9:00—17:00' };
  await transaction(database.db, (tx) => insertOffice(tx, '测试县民政局', office, clerk, at));
  await settlePeople(database, { [wang]: { name: '王一', ...complete, ...facts } });
  await publish(database, [itemOf('a', told)]);
  await runWith(database, [{ item: 'a', subject: wang }]);
  const steps = stepsOn();
  await settle(database.db, steps.settle);
  await prefill(database.db, steps.prefill);
  await advance(database.db, steps.advance);
  await tell(database.db, { ...steps.tell, sms: true, ...over });
};

/** Sends what is due as the installation with these settings would. */
const round = async (config: Config, now = at) => {
  const { lanes, close } = openChannels(config, () => now);
  try {
    return await send(database.db, { lanes, clock: () => now });
  } finally {
    close();
  }
};

const server = async (mood: (to: string) => Mood = () => 'accept') => {
  const smtp = await startSmtp(mood);
  closing.push(() => smtp.close());
  return smtp;
};

const notice = async () => (await listNotices(database.db, { scope: everything, limit: 5 })).rows[0] ?? expect.fail('no notice');
const linkIn = (text: string): string => /^https?:\/\/\S+$/m.exec(text)?.[0] ?? '';

describe('a mail to the person', () => {
  it('carries a link beside everything that needs none, and leads to the notice by the last four', async () => {
    await tellOne();
    const smtp = await server();
    expect(await round(settings(smtp.url))).toMatchObject({ sent: 1 });
    const text = textOf(smtp.received[0] ?? expect.fail('no mail'));
    const link = linkIn(text);
    expect(link).toMatch(/^https:\/\/zhixiang\.test\.example\/l\/[\w-]{32}$/);
    for (const part of ['100.00 元已核定', '测试县民政局，电话 0871-68910000', '查验码 ', '身份证号码的后四位', '自己打开直享首页登录'])
      expect(text).toContain(part);
    // The link stands in the mail and nowhere else: not in the notice, not beside its hash, not in the trail.
    const token = link.slice(-32);
    const rest = await database.sql<{ row: string }[]>`
      select n::text as row from notice n union all select l::text from entry_link l union all select a::text from audit_entry a`;
    expect(rest.filter(({ row }) => row.includes(token))).toEqual([]);
    const one = await notice();
    for (const part of [one.body, one.short]) expect(part).not.toMatch(/https?:|\/l\//);
    const test = testApp(database);
    test.clock = at;
    const reader = browser(test);
    const path = new URL(link).pathname;
    expect(await (await reader.get(path)).text()).not.toMatch(/王一|100\.00/);
    const entered = await reader.post(path, { lastFour: '0046' });
    expect(entered.headers.get('location')).toBe(`/my/notices/${one.id}`);
    expect(await (await reader.get(`/my/notices/${one.id}`)).text()).toContain('100.00 元已核定');
    expect((await notice()).state).toBe('delivered');
    expect((await browser(test).post(path, { lastFour: '0046' })).status).toBe(404);
  });

  it('that is sent again carries another link; either opens, and the first that is used closes both', async () => {
    await tellOne();
    let mood: Mood = 'drop-after-data';
    const smtp = await server(() => mood);
    expect(await round(settings(smtp.url))).toMatchObject({ retried: 1 });
    mood = 'accept';
    expect(await round(settings(smtp.url), new Date(at.getTime() + 120_000))).toMatchObject({ sent: 1 });
    const links = smtp.received.map((mail) => linkIn(textOf(mail)));
    expect([links.length, new Set(links).size]).toEqual([2, 2]);
    const test = testApp(database);
    test.clock = new Date(at.getTime() + 180_000);
    const [first = '', second = ''] = links.map((link) => new URL(link).pathname);
    expect((await browser(test).post(first, { lastFour: '0046' })).status).toBe(303);
    expect((await browser(test).get(second)).status).toBe(404);
  });

  it('says whose last four are asked of a firm', async () => {
    const code = '91350100M000100Y43';
    await settlePeople(database, { [code]: { name: '样例科技有限公司', ...complete } }, 'enterprise');
    await tellOne();
    await database.sql`update notice set subject_id = ${idOf(code)}`;
    const smtp = await server();
    await round(settings(smtp.url));
    expect(textOf(smtp.received[0] ?? expect.fail('no mail'))).toContain('填统一社会信用代码的后四位');
  });
});

describe('no link', () => {
  it('is in a message or on paper', async () => {
    await tellOne({ email: null, phone: '13800000001' });
    const gateway = await startGateway(
      () => at,
      (message) => (message.text === '' ? { status: 202 } : { status: 422 }),
    );
    closing.push(() => gateway.close());
    const smtp = await server();
    const config = settings(smtp.url, {
      SMS_GATEWAY_URL: gateway.url,
      SMS_GATEWAY_SECRET: 'known to both of us, and to nobody else at all',
      SMS_QUIET: 'none',
    });
    await round(config);
    for (const { text } of gateway.received) expect(text).not.toMatch(/https?:|\/l\//);
    expect(await database.sql`select 1 from entry_link`).toHaveLength(0);
  });

  it('goes to staff in a trial', async () => {
    await tellOne();
    const smtp = await server();
    expect(await round(settings(smtp.url, { NOTICE_TRIAL: 'officer@test.example' }))).toMatchObject({ trial: 1 });
    expect(linkIn(textOf(smtp.received[0] ?? expect.fail('no mail')))).toBe('');
    expect(await database.sql`select 1 from entry_link`).toHaveLength(0);
  });

  it('goes to the relative of somebody who has died', async () => {
    const relative = { name: '王小明', relation: '子', phone: null, email: 'son@example.org' };
    await transaction(database.db, (tx) => insertRelative(tx, idOf(wang), relative, clerk, at));
    const { read } = stepsOn().tell;
    await tellOne(
      {},
      {
        read: async (tx, register, by, also) =>
          (await read(tx, register, by, also)).map((record) => ({
            ...record,
            facts: { ...record.facts, deathDate: { state: 'known', cells: [{ v: '2026-10-30' }] } as never },
          })),
      },
    );
    const smtp = await server();
    await round(settings(smtp.url));
    expect(smtp.received.map((mail) => [mail.to, linkIn(textOf(mail))])).toEqual([['son@example.org', '']]);
  });

  it('is in a mail where the portal has no address it can be reached at safely', async () => {
    await tellOne();
    const smtp = await server();
    const bases: readonly (readonly [base: string, smtpUrl: string, linked: boolean])[] = [
      ['', smtp.url, false],
      ['http://zhixiang.test.example', smtp.url, false],
      ['https://zhixiang.test.example/', smtp.url, true],
      ['http://localhost:3000', smtp.url, true],
      ['http://127.0.0.1:3000', 'smtp://mail.test.example:25', false],
      ['https://localhost', 'smtp://mail.test.example:25', false],
    ];
    const found = bases.map(([base, smtpUrl]) => {
      const { lanes, close } = openChannels(settings(smtpUrl, { BASE_URL: base }), () => at);
      close();
      return lanes.mail?.entries !== undefined;
    });
    expect(found).toEqual(bases.map(([, , linked]) => linked));
    await round(settings(smtp.url, { BASE_URL: '' }));
    expect(linkIn(textOf(smtp.received[0] ?? expect.fail('no mail')))).toBe('');
  });
});

describe('a new link', () => {
  const hour = 3_600_000;
  let asked = 0;
  /** Presses the button of the page, each time from another address. */
  const ask = async (path: string, now: Date, form: Readonly<Record<string, string>> = {}): Promise<readonly [number, string]> => {
    const test = testApp(database);
    test.clock = now;
    const headers = { accept: 'text/html', 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
    const init = { method: 'POST', headers, body: new URLSearchParams(form).toString() };
    const from = { incoming: { socket: { remoteAddress: `198.51.100.${++asked}` } } };
    const response = await test.app.request(`${origin}${path}/again`, init, from);
    return [response.status, await response.text()];
  };
  const look = async (path: string, now: Date) => {
    const test = testApp(database);
    test.clock = now;
    const reader = browser(test);
    const response = await reader.get(path);
    return { reader, status: response.status, page: await response.text() };
  };
  /** What came of the askings, as the trail has it. */
  const outcomes = async () =>
    (await database.sql<{ why: string | null }[]>`select reason as why from audit_entry where action = 'link.again' order by id`).map(
      ({ why }) => why ?? 'sent',
    );
  const sent = async () => {
    await publishCatalogue(database.db, { catalogue: publishable, maker: 'a', checker: 'b', at });
    await tellOne();
    const smtp = await server();
    await round(settings(smtp.url));
    return { smtp, path: new URL(linkIn(textOf(smtp.received[0] ?? expect.fail('no mail')))).pathname };
  };

  it('goes to the address of the first one, whatever is typed in, and lets in by the last four', async () => {
    const { smtp, path } = await sent();
    const later = new Date(at.getTime() + 73 * hour);
    const dead = await look(path, later);
    expect([dead.status, dead.page.includes('再发一个链接')]).toEqual([404, true]);
    const never = await look(`/l/${'x'.repeat(32)}`, later);
    expect(never.page.replaceAll('x'.repeat(32), '')).toBe(dead.page.replaceAll(path.slice(-32), ''));
    const said = await ask(path, later, { email: 'evil@evil.example', address: 'evil@evil.example' });
    expect(said).toEqual(await ask(`/l/${'x'.repeat(32)}`, later));
    expect(said[0]).toBe(200);
    expect(await outcomes()).toEqual(['sent']);
    expect(await round(settings(smtp.url), later)).toMatchObject({ sent: 1 });
    expect(smtp.received.map((mail) => mail.to)).toEqual(['someone@example.org', 'someone@example.org']);
    const text = textOf(smtp.received[1] ?? expect.fail('no mail'));
    expect(text).toContain('不是您要的，不用理会');
    const fresh = new URL(linkIn(text)).pathname;
    expect(fresh).not.toBe(path);
    const { reader, page } = await look(fresh, later);
    expect(page).toContain('后四位');
    expect((await reader.post(fresh, { lastFour: '0046' })).status).toBe(303);
    expect(await (await reader.get('/my')).text()).toContain('您可享 1 项');
    // The old one stays shut, and asking by one that was used is asking like any other.
    expect((await look(path, later)).status).toBe(404);
    expect((await ask(fresh, new Date(later.getTime() + hour)))[1]).toBe(said[1]);
    expect(await outcomes()).toEqual(['sent', 'sent']);
  });

  it('is sent once to many who ask at once, not again within ten minutes, and three times a day', async () => {
    const { path } = await sent();
    const began = at.getTime() + 73 * hour;
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(path, new Date(began))));
    expect(new Set(answers.map(([status]) => status))).toEqual(new Set([200]));
    expect((await outcomes()).toSorted()).toEqual(['sent', ...Array(7).fill('刚刚发过')].toSorted());
    for (const minutes of [9, 11, 22, 33, 24 * 60 + 1]) await ask(path, new Date(began + minutes * 60_000));
    expect((await outcomes()).slice(8)).toEqual(['刚刚发过', 'sent', 'sent', '一天三次已经用完', 'sent']);
  });

  it('is not sent after guessing, to an address the person has left, or after a death', async () => {
    const { path } = await sent();
    const later = new Date(at.getTime() + 73 * hour);
    await retell(database, idOf(wang), { email: 'new@example.org' });
    await ask(path, later);
    await retell(database, idOf(wang), { email: 'someone@example.org', deathDate: '2026-11-01' });
    await ask(path, later);
    await retell(database, idOf(wang), { email: 'someone@example.org', deathDate: null });
    const { reader } = await look(path, at);
    for (let n = 0; n < 5; n++) expect((await reader.post(path, { lastFour: `000${n}` })).status).toBe(401);
    expect((await reader.post(path, { lastFour: '0046' })).status).toBe(404);
    await ask(path, later);
    expect(await outcomes()).toEqual(['登记的邮箱已经换了', '本人已经去世', '后四位猜错的次数太多']);
    expect((await listNotices(database.db, { scope: everything, limit: 5 })).rows).toHaveLength(1);
  });

  it('may be asked for so often from one address, and only by our own page', async () => {
    const { path } = await sent();
    const test = testApp(database);
    test.clock = new Date(at.getTime() + 500 * hour);
    const one = browser(test);
    for (let n = 0; n < 20; n++) expect((await one.post(`/l/${'y'.repeat(32)}/again`, {})).status).toBe(200);
    expect((await one.post(`${path}/again`, {})).status).toBe(429);
    expect((await one.post(`${path}/again`, {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(await outcomes()).toEqual([]);
  });
});
