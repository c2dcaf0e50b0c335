// Pages in a real browser: axe-core finds nothing serious on any of them, and nothing sticks out at 390 px.
import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { createAccount } from '../../src/web/account.ts';
import { testDatabase } from '../database.ts';
import { everything, type TestApp, testApp } from './app.ts';
import { inChromium, stageOver } from './in-chromium.ts';
import { buildTown, ownItem, type Town } from './town.ts';

const long = process.env.ZHIXIANG_TEST_LONG === '1';
const narrow = /^\/(staff(\/matches\/.*|\/accounts|\/undetermined)?)?$/;

inChromium('pages in a browser', () => {
  const database = testDatabase();
  let test: TestApp;
  let town: Town;
  const stage = stageOver(database, () => test);
  const { findings } = stage;
  let page: Page;
  let base = '';
  beforeAll(async () => {
    test = testApp(database);
    town = await buildTown(database);
    ({ page, base } = stage);
  });

  const signIn = async (username: string, role: 'reviewer' | 'admin'): Promise<void> => {
    const { password } = await createAccount(
      test.auth,
      database.db,
      { username, name: role === 'admin' ? '沈管' : '沈核', roles: [role], scope: everything, demo: true },
      'test',
      test.clock,
    );
    await page.context().clearCookies();
    await page.goto(`${base}/staff/sign-in`);
    await page.fill('#username', username);
    await page.fill('#password', password);
    await Promise.all([page.waitForURL((url) => !url.pathname.endsWith('/sign-in')), page.click('main button')]);
  };

  const look = async (paths: readonly string[]): Promise<readonly string[]> => {
    const wrong: string[] = [];
    for (const path of paths) {
      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 900 });
        const response = await page.goto(`${base}${path}`);
        if (response?.status() !== 200 && !path.endsWith('/nothing')) wrong.push(`${path}: ${response?.status()}`);
        const over = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        if (Number(over) > 0) wrong.push(`${path} at ${width} px sticks out by ${over}`);
        // Narrow pages are the same markup: kinds of them stand for all, in the long tests.
        if (width === 1440 || (long && narrow.test(path))) wrong.push(...(await findings()).map((one) => `${path} at ${width} px ${one}`));
      }
    }
    return wrong;
  };

  it('would find something serious, so finding nothing means something', async () => {
    await page.setContent(
      '<html lang="zh"><title>x</title><main><h1>x</h1><img src="data:,"><p style="color:#ccc;background:#fff">看不清的字有好几个</p></main></html>',
    );
    expect((await findings()).map((one) => one.split(':')[0])).toEqual(['color-contrast', 'image-alt']);
  });

  it('has nothing serious on the public pages', async () => {
    expect(await look(['/', '/staff/sign-in', '/staff/setup', '/nothing'])).toEqual([]);
  });

  it('has nothing serious on any staff page', async () => {
    await signIn('looker', 'reviewer');
    const { own } = town;
    expect(
      await look([
        '/staff',
        '/staff/items',
        `/staff/items/${ownItem}`,
        '/staff/runs',
        `/staff/runs/${town.runId}`,
        '/staff/matches',
        `/staff/matches?item=${ownItem}&verdict=undetermined`,
        `/staff/matches/${own.matches[0]}`,
        '/staff/undetermined',
        `/staff/undetermined?item=${ownItem}`,
        '/staff/disbursements',
        `/staff/disbursements/${own.disbursements[0]}`,
        '/staff/notices',
        `/staff/notices/${own.notices[0]}`,
        '/staff/data',
        '/staff/data/police-residents',
        '/staff/quality',
        '/staff/attestations',
        '/staff/tickets',
        '/staff/names',
        '/staff/retention',
        `/staff/deliveries/${town.delivery}`,
        '/staff/people',
        `/staff/people/${own.subjects[0]}?reason=call&order=GD-2026-1`,
        `/staff/people/${own.firm}?reason=call&order=GD-2026-1`,
        `/staff/people/${own.subjects[2]}/items/${ownItem}?reason=call&order=GD-2026-1`,
      ]),
    ).toEqual([]);
  });

  it('has nothing serious on the result of a search', async () => {
    await page.goto(`${base}/staff/people`);
    await page.fill('#who', '禄一一');
    await page.fill('#purpose', '核对来电');
    await page.click('main button');
    expect(await page.textContent('main')).toContain('禄**');
    expect(await findings()).toEqual([]);
    await page.fill('#who', '没有此人');
    await page.click('main button');
    expect(await findings()).toEqual([]);
  });

  it('has nothing serious on the accounts', async () => {
    await signIn('admin.looker', 'admin');
    expect(await look(['/staff/accounts', '/staff/two-factor'])).toEqual([]);
  });

  it('is reached by keyboard: the first stop skips to the text', async () => {
    await page.goto(`${base}/staff/accounts`);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('跳到正文');
  });
});
