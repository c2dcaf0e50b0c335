// What a visit shows, in a real browser too: without script, on a narrow screen, by axe. Whose is whose: ownership.test.ts.
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { axeViolations } from '../../src/command/shots-draw.ts';
import { veilOf } from '../../src/match/sealed.ts';
import type { AwardLine, Explanation } from '../../src/web/explanation.ts';
import { visitCookie } from '../../src/web/guard.ts';
import { linesFor } from '../../src/web/portal/benefit.ts';
import { testDatabase } from '../database.ts';
import { type Browser, browser, type TestApp, testApp } from '../web/app.ts';
import { inChromium, stageOver } from '../web/in-chromium.ts';
import { buildTown, hostile, other, otherFirm, own, ownItem, type Town } from '../web/town.ts';
import { comeInAs } from './arrive.ts';
import { linkFor } from './link.ts';

const long = process.env.ZHIXIANG_TEST_LONG === '1';
const database = testDatabase();
let test: TestApp;
let town: Town;
let mine: Browser;

/** Whoever opened the link of the town's first person. */
const visitor = async (): Promise<Browser> => {
  const one = browser(test);
  const [id = ''] = town.own.subjects;
  expect((await one.post(await linkFor(database, id, test.clock), { lastFour: own[0]?.key.slice(-4) ?? '' })).status).toBe(303);
  return one;
};

beforeAll(async () => {
  town = await buildTown(database);
  test = testApp(database);
  mine = await visitor();
});

const routes = (): readonly string[] => [
  ...new Set(test.app.routes.filter((route) => route.method === 'GET' && route.path.startsWith('/my')).map((route) => route.path)),
];

const filled = (path: string, side: Town['own'], item: string): string =>
  path
    .replace('/benefits/:id', `/benefits/${side.disbursements[0]}`)
    .replace('/certify/:id', `/certify/${side.disbursements[0]}`)
    .replace('/payments/:id', `/payments/${side.disbursements[0]}`)
    .replace('/notices/:id', `/notices/${side.notices[0]}`)
    .replace('/mandates/:id', `/mandates/${side.disbursements[0]}`)
    .replace('/object/:line', `/object/${side.disbursements[0]}`)
    .replace('/items/:id', `/items/${item}`);

describe('a visit', () => {
  it('asks whoever did not come in to sign in, and lets staff through no more than anybody', async () => {
    for (const path of routes()) {
      const answer = await browser(test).get(filled(path, town.own, ownItem));
      expect([path, answer.status, answer.headers.get('location')?.startsWith('/sign-in?next=')]).toEqual([path, 302, true]);
    }
  });

  it('tells no identity number and no account, its own included, and nothing of anybody else', async () => {
    const told: string[] = [];
    for (const path of routes()) {
      const body = await (await mine.get(filled(path, town.own, ownItem))).text();
      for (const p of [...own, ...other])
        for (const text of [p.key, p.account]) if (body.includes(text)) told.push(`${path} tells ${text}`);
      for (const p of [...own.slice(1), ...other]) if (body.includes(p.name)) told.push(`${path} tells ${p.name}`);
    }
    expect(told).toEqual([]);
  });

  it('shows a hostile name as text', async () => {
    const one = browser(test);
    const path = await linkFor(database, town.other.firm, test.clock);
    expect((await one.post(path, { lastFour: otherFirm.slice(-4) })).status).toBe(303);
    const page = await (await one.get('/my')).text();
    expect(page).not.toContain('<img');
    expect(page).not.toContain('\u202e');
    expect(hostile).toContain('<img');
  });

  it('shows of a family’s award the child the money is for: records are named by the blind key', () => {
    const veil = veilOf(database.db);
    const line = (key: string | null) => ({ key }) as unknown as AwardLine;
    const found = {
      match: { lines: [line('11010120200101001X'), line('110101202301010028')] },
      lines: [line('尾号 001X'), line('尾号 0028')],
    };
    const linesOf = (key: string) => linesFor({ key }, found as unknown as Explanation, veil).map((one) => one.key);
    expect(linesOf(veil('110101202301010028'))).toEqual(['尾号 0028']);
    expect(linesOf('')).toEqual(['尾号 001X', '尾号 0028']);
    expect(linesFor({ key: '' }, null, veil)).toEqual([]);
  });
});

inChromium('in a real browser', () => {
  const stage = stageOver(database, () => test, { viewport: { width: 360, height: 740 } });
  let base = '';
  beforeAll(() => {
    ({ base } = stage);
  });

  const enter = async (page: Page): Promise<void> => {
    await page.goto(`${base}${await linkFor(database, town.own.subjects[0] ?? '', test.clock, town.own.notices[0])}`);
    await page.fill('#lastFour', own[0]?.key.slice(-4) ?? '');
    await page.getByRole('button', { name: '打开' }).click();
    await page.waitForURL('**/my/notices/*');
  };

  it('goes from the link to the reasons without script, and nothing sticks out at 360 px in large letters', async () => {
    const context = await stage.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await enter(page);
    expect(await page.textContent('main')).toContain('您的津贴已核定');
    await page.getByRole('link', { name: '大字版' }).click();
    await page.getByRole('link', { name: '直享', exact: true }).click();
    expect(await page.textContent('h1')).toBe('您可享 1 项');
    await page.locator('a.row').first().click();
    await page.getByRole('link', { name: '为什么符合' }).click();
    expect(await page.textContent('main')).toContain('当月末周岁达到 80 岁');
    await context.close();
  });

  it('has nothing to find for axe on any page, and none sticks out at 360 px in either size', async () => {
    const context = await stage.newContext();
    const page = await context.newPage();
    // By the unified identity: a link does not open every page.
    const mine = await comeInAs(database, test, town.own.subjects[0] ?? '');
    await context.addCookies([{ name: visitCookie, value: mine.cookies.get(visitCookie) ?? '', url: base }]);
    const found: string[] = [];
    const paths = [
      ...routes().map((path) => filled(path, town.own, ownItem)),
      '/',
      '/items',
      `/items/${ownItem}`,
      '/publicity',
      `/publicity/${ownItem}`,
      '/help',
      '/sign-in',
    ];
    for (const size of ['usual', 'large']) {
      await page.goto(`${base}/size?to=${size}&next=/my`);
      for (const path of paths) {
        await page.goto(`${base}${path}`);
        // Large letters are the same markup: axe looks at them in the long tests and wherever pictures are drawn.
        if (size === 'usual' || long)
          for (const one of await axeViolations(page)) found.push(`${size} ${path} ${one.id}: ${one.nodes[0]?.html.slice(0, 120)}`);
        const wide = await page.evaluate('document.documentElement.scrollWidth');
        if (Number(wide) > 360) found.push(`${size} ${path} is ${wide} px wide`);
      }
    }
    expect(found).toEqual([]);
    await context.close();
  });
});
