// One benefit from the mail in an inbox to the money and what they say of it, as people with their own ways go it in a real Chromium at 360 px: plainly, by keyboard alone in large letters,
// and without script. Every page on the way is looked at by axe where script runs, and for anything that sticks out everywhere.
import type { BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { addDays } from '../../src/base/day.ts';
import { loadCatalogue } from '../../src/catalogue/load.ts';
import { publishCatalogue } from '../../src/catalogue/publish.ts';
import { openChannels } from '../../src/channels.ts';
import { axeViolations } from '../../src/command/shots-draw.ts';
import { lookScript } from '../../src/command/shots-look.ts';
import { readConfig } from '../../src/config.ts';
import { writeSetting } from '../../src/db/setting-store.ts';
import { advance } from '../../src/disbursement/advance.ts';
import { prefill } from '../../src/disbursement/prefill.ts';
import { send } from '../../src/notice/send.ts';
import { tell } from '../../src/notice/tell.ts';
import { settle } from '../../src/settlement/settle.ts';
import { sampleKey } from '../../src/today.ts';
import { openIdentity } from '../../src/web/identity.ts';
import { testDatabase } from '../database.ts';
import { startSmtp, textOf } from '../notice/smtp.ts';
import { fund, paying, person, publishable } from '../payment/ground.ts';
import { bankSays, referencesOf, sealOf, sendOut, word } from '../payment/way.ts';
import { at, idOf, publish, runWith, settlePeople, stepsOn, today } from '../settlement/ground.ts';
import { type TestApp, testApp } from '../web/app.ts';
import { inChromium, stageOver } from '../web/in-chromium.ts';
import { client, openProvider, type TestProvider } from './provider.ts';

/** How somebody goes: opens what they want to open, and sees each page. */
interface Way {
  readonly key: string;
  readonly name: string;
  readonly context: Pick<BrowserContextOptions, 'javaScriptEnabled'>;
  readonly large?: true;
  readonly keyboard?: true;
}
const ways: readonly Way[] = [
  { key: '110105194912310046', name: '王一一', context: {} },
  { key: '11010519491231002X', name: '李二二', context: {}, large: true, keyboard: true },
  { key: '110105201801010019', name: '王小小', context: { javaScriptEnabled: false } },
];

inChromium('from the mail to the money', () => {
  const database = testDatabase();
  let test: TestApp;
  const stage = stageOver(database, () => test, { viewport: { width: 360, height: 740 } });
  let provider: TestProvider;
  let base = '';
  const pages = new Map<string, Page>();
  const links = new Map<string, string>();
  let source = '';

  beforeAll(async () => {
    ({ base } = stage);
    provider = await openProvider(
      `${base}/sign-in/oidc/back`,
      Object.fromEntries(ways.map(({ key, name }, i) => [`account${i}`, { name, id_number: key }])),
    );
    const claims = { number: 'id_number', name: 'name', code: 'uscc', part: 'uscc_role' } as const;
    const identity = openIdentity(database.db, { issuer: provider.issuer, ...client, claims }, () => test.clock);
    test = testApp(database, { identity, baseUrl: base });
    test.clock = at;
    await writeSetting(database.db, sampleKey, { asOf: today, firms: 0, residents: 0, seed: 0 }, at);
    await publishCatalogue(database.db, { catalogue: publishable, maker: 'a', checker: 'b', at });
    const people = Object.fromEntries(ways.map(({ key, name }, i) => [key, person(name, i + 1, { email: `${i}@example.org` })]));
    await settlePeople(database, people);
    const flow = { first: ['guard', 'notice', 'confirm', 'publicity', 'pay'], continuing: ['guard', 'pay'] } as const;
    await publish(database, [paying('a', { flow, mode: 'confirm', confirm: { days: 7 }, publicity: { days: 5 } } as never)]);
    const leaf = { k: 'leaf', t: true, at: '/conditions/all/0', f: 'deathDate', op: 'absent', r: true, a: null };
    const trace = { k: 'all', t: true, at: '/conditions', c: [leaf] };
    const { hash: catalogueHash } = await loadCatalogue(database.db);
    await runWith(
      database,
      ways.map(({ key }) => ({
        item: 'a',
        subject: key,
        yuan: 1234.5,
        evidence: { trace, catalogueHash, missing: [], period: { key: '2026-10', end: '2026-10-31', knownAt: '2026-11-09' } },
      })),
    );
    const steps = stepsOn();
    await settle(database.db, steps.settle);
    await prefill(database.db, steps.prefill);
    await advance(database.db, steps.advance);
    await tell(database.db, steps.tell);
    await advance(database.db, steps.advance);
    source = await fund(database, 'a');
    const smtp = await startSmtp();
    const config = readConfig({ SMTP_URL: smtp.url, MAIL_FROM: '测试县民政局 <notice@test.example>', BASE_URL: base });
    const { lanes, close } = openChannels(config, () => at);
    await send(database.db, { lanes, clock: () => at });
    close();
    for (const mail of smtp.received) links.set(mail.to, /^http:\S+$/m.exec(textOf(mail))?.[0] ?? '');
    await smtp.close();
    for (const way of ways) {
      const context = await stage.newContext(way.context);
      if (way.large) await context.addCookies([{ name: 'zx_size', value: 'large', url: base }]);
      // The provider's own pages ask the world for a typeface.
      await context.route(
        (url) => url.hostname !== '127.0.0.1',
        (route) => route.abort(),
      );
      context.setDefaultTimeout(200_000);
      pages.set(way.key, await context.newPage());
    }
  });
  afterAll(async () => {
    await provider?.close();
  });

  const pageOf = (way: Way): Page => pages.get(way.key) ?? expect.fail('no page');

  /** What axe and the ruler say of the page before us. */
  const look = async (way: Way): Promise<readonly string[]> => {
    const page = pageOf(way);
    const found = ((await page.evaluate(lookScript)) as string[]).filter((one) => !one.startsWith('not Chinese'));
    if (way.context.javaScriptEnabled === false) return found;
    return [...found, ...(await axeViolations(page)).map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 100)}`)];
  };

  /** Opens a link or presses a button by its words: with a finger, or by the tabulator until it has the focus. */
  const open = async (way: Way, role: 'link' | 'button', name: string | RegExp): Promise<void> => {
    const page = pageOf(way);
    const target = page.getByRole(role, { name }).first();
    if (way.keyboard) {
      for (let n = 0; n < 60 && !(await target.evaluate((one) => one === one.ownerDocument.activeElement)); n++)
        await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
    } else await target.click();
  };
  /** Picks one of a group: with a finger, or by the tabulator into the group and the arrows within it. */
  const choose = async (way: Way, name: string): Promise<void> => {
    const page = pageOf(way);
    const target = page.getByRole('radio', { name, exact: true });
    if (!way.keyboard) return target.check();
    const group = page.getByRole('radio');
    const first = group.first();
    for (let n = 0; n < 60 && !(await first.evaluate((one) => one === one.ownerDocument.activeElement)); n++)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    for (let n = 0; n < (await group.count()) && !(await target.isChecked()); n++) await page.keyboard.press('ArrowDown');
  };
  const goes = async (path: RegExp, step: (way: Way) => Promise<void>): Promise<void> => {
    for (const [i, way] of ways.entries()) {
      await step(way);
      await pageOf(way).waitForURL((url) => path.test(url.pathname), { timeout: 200_000 });
      expect([i, new URL(pageOf(way).url()).pathname]).toEqual([i, expect.stringMatching(path)]);
      expect([i, await look(way)]).toEqual([i, []]);
    }
  };
  const textIn = async (way: Way): Promise<string> => (await pageOf(way).textContent('main')) ?? '';

  it('goes from the mail through the second factor to the reasons, and confirms', async () => {
    await goes(/^\/l\//, async (way) => {
      await pageOf(way).goto(links.get(`${ways.indexOf(way)}@example.org`) ?? '');
    });
    await goes(/^\/my\/notices\//, async (way) => {
      await pageOf(way).fill('#lastFour', way.key.slice(-4));
      await open(way, 'button', '打开');
    });
    await goes(/^\/my$/, async (way) => open(way, 'link', '直享'));
    await goes(/^\/my\/benefits\/[^/]+$/, async (way) => open(way, 'link', /事项a/));
    for (const way of ways) expect(await textIn(way)).toContain('等您确认');
    await goes(/\/why$/, async (way) => open(way, 'link', /为什么符合/));
    await goes(/^\/my\/benefits\/[^/]+$/, async (way) => open(way, 'link', /事项a/));
    await goes(/\/confirm$/, async (way) => open(way, 'link', '去确认'));
    await goes(/^\/my\/benefits\/[^/]+$/, async (way) => open(way, 'button', '确认领取'));
    for (const way of ways) expect(await textIn(way)).toContain('公示中');
  });

  it('sees the money arrive after the publicity', async () => {
    await advance(database.db, stepsOn(addDays(today, 20)).advance);
    const batch = await sealOf(database, source);
    await sendOut(database, batch);
    const words = (await referencesOf(database, batch.id)).map((reference) => word(reference, 'paid'));
    await bankSays(database, words, 'first');
    await goes(/^\/my\/benefits\/[^/]+$/, async (way) => {
      await pageOf(way).reload();
    });
    for (const way of ways) expect(await textIn(way)).toContain('已到账');
    expect(
      (await database.sql`select from disbursement where state = 'paid' and subject_id = any(${ways.map(({ key }) => idOf(key))})`).length,
    ).toBe(3);
  });

  it('signs in where the link is not enough, and says how it went', async () => {
    await goes(/^\/sign-in$/, async (way) => open(way, 'link', '登录后评价'));
    await goes(/\/rate$/, async (way) => {
      const page = pageOf(way);
      await open(way, 'link', /统一身份认证/);
      await page.fill('[name=login]', `account${ways.indexOf(way)}`);
      await page.fill('[name=password]', 'x');
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: 'Continue' }).press('Enter');
    });
    await goes(/\/rate$/, async (way) => {
      const low = way === ways[2];
      const page = pageOf(way);
      if (low) await page.fill('#reason', '到账晚了几天');
      await choose(way, low ? '不满意' : '非常满意');
      await open(way, 'button', '提交评价');
      await page.getByText('已评价').waitFor();
    });
    for (const way of ways) expect(await textIn(way)).toContain(way === ways[2] ? '不满意：到账晚了几天' : '非常满意');
    expect(await textIn(ways[2] as Way)).toMatch(/会在2026年\d+月\d+日前答复您/);
    const said = await database.sql<{ key: string; stars: number }[]>`
      select r.key, g.stars from rating g join record r on r.subject_id = g.subject_id and r.subject_id::text = g.rated_by`;
    expect(new Map(said.map(({ key, stars }) => [key, stars]))).toEqual(new Map(ways.map(({ key }, i) => [key, i === 2 ? 2 : 5])));
  });
});
