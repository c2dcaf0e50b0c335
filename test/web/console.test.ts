// The console in a real browser: signing in, the frame by role, what is refused and how it is said, and nothing serious by axe-core. Without Chromium this is
// skipped with one line of notice, unless CI is set: then it fails.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { serve } from '@hono/node-server';
import { type Browser as Chromium, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAccount } from '../../src/web/account.ts';
import { bundleBuilt, consoleFolder, freshBundle } from '../../src/web/bundle.ts';
import type { Role } from '../../src/web/role.ts';
import { testDatabase } from '../database.ts';
import { everything, type TestApp, testApp } from './app.ts';

const executable = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
  (path) => path !== undefined && existsSync(path),
);
if (executable === undefined && process.env.CI === undefined)
  console.log('console.test.ts: skipped, no Chromium on this machine (set CHROMIUM to its path)');

const project = resolve(import.meta.dirname, '../..');
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const args = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** As `npm run build` does it: nothing is built where the sources are as they were. */
const build = () => {
  const { BASE_URL: _base, NODE_ENV: _mode, ...env } = process.env;
  execFileSync(process.execPath, ['src/cli.ts', 'build', '--json'], { cwd: project, env });
};

const database = testDatabase();
let test: TestApp;
let base = '';
let server: ReturnType<typeof serve>;
beforeAll(async () => {
  build();
  test = testApp(database);
  // Sessions live by the machine's clock.
  test.clock = new Date();
  await new Promise<void>((done) => {
    server = serve({ fetch: test.app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
      base = `http://127.0.0.1:${port}`;
      done();
    });
  });
});
afterAll(() => new Promise<void>((done) => (server ? server.close(() => done()) : done())));

describe('the files', () => {
  it('are built from the sources as they are, small enough to open at once', () => {
    expect(freshBundle()).not.toBe(null);
    const kilobytes = (bundleBuilt()?.baseBytes ?? 0) / 1024;
    expect(kilobytes).toBeGreaterThan(100);
    expect(kilobytes).toBeLessThan(480);
  });

  it('come packed, for ever, with a policy that lets in no other script; the page itself is asked for each time', async () => {
    const get = (path: string) => fetch(base + path);
    const page = await get('/console/payment/batches?state=sealed');
    const policy = page.headers.get('content-security-policy') ?? '';
    expect([page.status, page.headers.get('cache-control'), policy.includes("script-src 'self';"), policy.includes('unsafe-eval')]).toEqual(
      [...[200, 'no-cache', true, false]],
    );
    const [, asset = ''] = /src="(\/console\/assets\/[^"]+)"/.exec(await page.text()) ?? [];
    const script = await get(asset);
    expect([script.status, script.headers.get('cache-control'), script.headers.get('content-encoding')]).toEqual([
      ...[200, 'public, max-age=31536000, immutable', 'gzip'],
    ]);
    expect(await script.text()).toBe(readFileSync(join(consoleFolder, asset.replace('/console/', '')), 'utf8'));
    for (const path of ['/console/assets/none.js', '/console/assets/..%2Findex.html', '/console/assets/%2e%2e%2fbuild.json'])
      expect([path, (await get(path)).status]).toEqual([path, 404]);
    expect((await get('/staff/sign-in')).headers.get('content-security-policy')).not.toContain('script-src');
  });
});

describe.skipIf(executable === undefined && process.env.CI === undefined)('in a browser', () => {
  let browser: Chromium;
  let page: Page;
  const odd: string[] = [];

  const findings = async (): Promise<readonly string[]> => {
    await page.evaluate(axe);
    const violations = (await page.evaluate('axe.run().then((result) => result.violations)')) as readonly {
      readonly id: string;
      readonly impact: string | null;
      readonly nodes: readonly { readonly html: string }[];
    }[];
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 120)}`);
  };
  const account = async (username: string, roles: readonly Role[]): Promise<string> =>
    (
      await createAccount(
        test.auth,
        database.db,
        { username, name: `甲${username}`, roles, scope: everything, demo: true },
        'test',
        test.clock,
      )
    ).password;
  const signIn = async (username: string, password: string, path = '/console'): Promise<void> => {
    await page.context().clearCookies();
    await page.goto(base + path);
    await page.getByLabel('用户名').fill(username);
    await page.getByLabel('密码', { exact: true }).fill(password);
    await page.getByRole('button', { name: '登录' }).click();
  };

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executable ?? '/usr/bin/chromium', args });
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    // What the browser itself complains of: refused scripts and styles, errors nobody caught.
    page.on('pageerror', (error) => odd.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Warning:/.test(message.text())) odd.push(message.text());
    });
  });
  afterAll(async () => {
    await browser?.close();
  });

  it('says what a wrong password means, and opens the address that was asked for after a right one', async () => {
    const password = await account('finance.one', ['finance-maker']);
    await signIn('finance.one', 'not-it', '/console/payment/batches?state=sealed');
    await page.getByRole('alert').getByText('用户名或密码不对').waitFor();
    expect(await findings()).toEqual([]);
    await signIn('finance.one', password, '/console/payment/batches?state=sealed');
    await page.getByRole('heading', { name: '批次', level: 1 }).waitFor();
    await page.getByText('还没有批次').waitFor();
    expect([new URL(page.url()).searchParams.get('state'), await page.locator('.filters').textContent()]).toEqual(['sealed', '待复核']);
    expect(await findings()).toEqual([]);
  });

  it('offers what the role has to do, by name, and an address that is none is said to be none', async () => {
    const nav = page.getByRole('navigation', { name: '主导航' });
    expect(await nav.getByRole('link').allTextContents()).toEqual(expect.arrayContaining(['待我处理', '批次']));
    expect(await nav.getByText('账号').count()).toBe(0);
    await page.goto(`${base}/console/nothing/here`);
    await page.getByText('没有这个页面').waitFor();
    expect(await findings()).toEqual([]);
    await signIn('admin.one', await account('admin.one', ['admin']));
    await nav.getByText('账号').waitFor();
    expect(await nav.getByText('批次', { exact: true }).count()).toBe(0);
  });

  it('is over for whoever signs out, and asks for the password again', async () => {
    await page.getByRole('button', { name: '退出' }).click();
    await page.getByLabel('用户名').waitFor();
    expect((await page.request.get(`${base}/api/session`)).status()).toBe(401);
  });

  it('broke no policy and threw nothing on the way', () => {
    expect(odd).toEqual([]);
  });
});
