// Tests in a real browser: one Chromium for all test files of a process, a server on a port of its own and pages of its own for each file, the console's bundle
// built once, axe. Without Chromium such tests are skipped with one line of notice, unless CI is set: then they fail, so that nobody mistakes silence for a pass.
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { serve } from '@hono/node-server';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe } from 'vitest';
import { axeViolations, findChromium, isSerious, openChromium } from '../../src/command/shots-draw.ts';
import { createAccount } from '../../src/web/account.ts';
import { freshBundle } from '../../src/web/bundle.ts';
import type { Role } from '../../src/web/role.ts';
import type { TestDatabase } from '../database.ts';
import { everything, type TestApp } from './app.ts';

const missing = findChromium(process.env) === null && process.env.CI === undefined;
if (missing) console.log('Tests in a browser are skipped: no Chromium on this machine (set CHROMIUM to its path).');

/** `describe` for what needs a browser. */
export const inChromium = describe.skipIf(missing);

// Files of one process come one after the other; it ends with the process.
let opened: Promise<Browser> | null = null;
const chromium = async (): Promise<Browser> => {
  if (opened !== null && !(await opened).isConnected()) opened = null;
  opened ??= openChromium(process.env);
  return await opened;
};

const lock = join(tmpdir(), 'zhixiang-console-build');

/** The console's files as `npm run build` makes them: nothing is built where the sources are as they were, and by one of the processes of a run only. */
export const builtConsole = async (): Promise<void> => {
  while (freshBundle() === null) {
    try {
      mkdirSync(lock);
    } catch {
      await pause(200);
      continue;
    }
    try {
      const { BASE_URL: _base, NODE_ENV: _mode, ...env } = process.env;
      execFileSync(process.execPath, ['src/cli.ts', 'build', '--json'], { cwd: resolve(import.meta.dirname, '../..'), env });
    } finally {
      rmSync(lock, { recursive: true, force: true });
    }
  }
};

const serious = async (page: Page): Promise<readonly string[]> =>
  (await axeViolations(page)).filter(isSerious).map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`);

/** Fills in the console's form. */
export const signInOn = async (page: Page, who: { readonly username: string; readonly password: string }): Promise<void> => {
  await page.getByLabel('用户名').fill(who.username);
  await page.getByLabel('密码', { exact: true }).fill(who.password);
  await page.getByRole('button', { name: '登录' }).click();
};

export interface Stage {
  /** Where the app is served. */
  readonly base: string;
  /** The file's first page; what it complains of by itself (refused scripts, errors nobody caught) stands in `odd`. */
  readonly page: Page;
  readonly odd: readonly string[];
  /** What weighs so much by axe that nobody may be served it. */
  readonly findings: (page?: Page) => Promise<readonly string[]>;
  readonly newContext: (options?: BrowserContextOptions) => Promise<BrowserContext>;
  readonly newPage: (options?: BrowserContextOptions) => Promise<Page>;
  /** Signs in to the console at an address, with an account made for it the first time. */
  readonly enter: (username: string, roles: readonly Role[], path: string, page?: Page) => Promise<void>;
}

/** An account without a second factor; its password. */
export const accountOf = async (test: TestApp, database: TestDatabase, username: string, roles: readonly Role[]): Promise<string> => {
  const who = { username, name: `甲${username}`, roles, scope: everything, demo: true };
  return (await createAccount(test.auth, database.db, who, 'test', test.clock)).password;
};

/** A server over the app and pages before it, from the file's first test to its last; `test` is asked when the first request comes. */
export const stageOver = (database: TestDatabase, test: () => TestApp, options: BrowserContextOptions = {}): Stage => {
  const usual: BrowserContextOptions = { viewport: { width: 1440, height: 900 }, ...options };
  const contexts: BrowserContext[] = [];
  const odd: string[] = [];
  const passwords = new Map<string, string>();
  let server: ReturnType<typeof serve> | undefined;
  let base = '';
  let first: Page | undefined;

  const newContext = async (more: BrowserContextOptions = {}): Promise<BrowserContext> => {
    const made = await (await chromium()).newContext({ ...usual, ...more });
    // A slow machine is no fault of the page.
    made.setDefaultTimeout(120_000);
    contexts.push(made);
    return made;
  };
  const newPage = async (more?: BrowserContextOptions): Promise<Page> => {
    const page = await (await newContext(more)).newPage();
    page.on('pageerror', (error) => odd.push(error.message));
    page.on('console', (message) => {
      if (/Content Security Policy|Warning:/.test(message.text())) odd.push(message.text());
    });
    return page;
  };

  beforeAll(async () => {
    await new Promise<void>((done) => {
      server = serve({ fetch: (request, env) => test().app.fetch(request, env), port: 0, hostname: '127.0.0.1' }, ({ port }) => {
        base = `http://127.0.0.1:${port}`;
        done();
      });
    });
    if (!missing) first = await newPage();
  });
  afterAll(async () => {
    for (const one of contexts) await one.close();
    await new Promise<void>((done) => (server === undefined ? done() : server.close(() => done())));
  });

  const page = (): Page => {
    if (first === undefined) throw new Error('a stage opens before the first test: use it inside tests');
    return first;
  };
  return {
    get base() {
      return base;
    },
    get page() {
      return page();
    },
    odd,
    findings: (on = page()) => serious(on),
    newContext,
    newPage,
    enter: async (username, roles, path, on = page()) => {
      const password = passwords.get(username) ?? (await accountOf(test(), database, username, roles));
      passwords.set(username, password);
      await on.context().clearCookies();
      await on.goto(base + path);
      await signInOn(on, { username, password });
    },
  };
};
