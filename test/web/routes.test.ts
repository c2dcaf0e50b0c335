// Every route declares its role, and answers nobody who does not hold it.
import { readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { allowedBy } from '../../src/web/access.ts';
import { csrfToken, visitCookie } from '../../src/web/guard.ts';
import { allRoles } from '../../src/web/role.ts';
import { testDatabase } from '../database.ts';
import { comeInAs } from '../visitor/arrive.ts';
import { type Browser, browser, secret, signedIn, type TestApp, testApp } from './app.ts';

const database = testDatabase();
let test: TestApp;
beforeAll(() => {
  test = testApp(database);
});

const written = new URL('doors.txt', import.meta.url);
const csrfOf = (token: string | undefined): string => csrfToken(secret, token);

/** `GET /staff/items` → whom its handlers let through; empty where none declares it. */
const doorsOf = (): ReadonlyMap<string, readonly string[]> => {
  const doors = new Map<string, readonly string[]>();
  for (const route of test.app.routes) {
    if (route.method === 'ALL' && route.path === '/*') continue;
    // The addresses of style sheets carry a hash.
    const name = `${route.method} ${route.path.replace(/[0-9a-f]{12}\.css$/, '….css')}`;
    doors.set(name, [...(doors.get(name) ?? []), ...(allowedBy(route.handler) ?? [])]);
  }
  return doors;
};

describe('the route table', () => {
  it('declares a role on every route', () => {
    const doors = doorsOf();
    expect(doors.size).toBeGreaterThan(100);
    expect([...doors].filter(([, allowed]) => allowed.length === 0).map(([name]) => name)).toEqual([]);
  });

  // The table is read by people: whoever opens a door, or a new one, changes a line of it (UPDATE_DOORS=1 writes it anew).
  it('lets through whom doors.txt says', () => {
    const table = `${[...doorsOf()]
      .map(([name, allowed]) => `${name}: ${allowed.join(' ')}`)
      .sort()
      .join('\n')}\n`;
    if (process.env.UPDATE_DOORS === '1') writeFileSync(written, table);
    expect(table).toBe(readFileSync(written, 'utf8'));
  });

  it('refuses everybody else at each door, before anything is read or done', async () => {
    const staff = await Promise.all(
      allRoles.map(async (role) => [role, await signedIn(test, database, `door.${role.replace('-', '.')}`, [role])] as const),
    );
    const resident = await comeInAs(database, test, crypto.randomUUID());
    const csrf = csrfOf(resident.cookies.get(visitCookie));
    const everybody: readonly (readonly [string, Browser])[] = [['nobody', browser(test)], ['visitor', resident], ...staff];
    const long = process.env.ZHIXIANG_TEST_LONG === '1';
    let turn = 0;
    const wrong: string[] = [];
    const before = await database.sql`select count(*) from audit_entry where action not like 'account.%'`;
    for (const [name, allowed] of doorsOf()) {
      if (allowed.includes('public')) continue;
      const [method = '', path = ''] = name.split(' ');
      const address = path.replace(/:\w+/g, () => crypto.randomUUID());
      const others = everybody.filter(
        ([who]) => !(allowed.includes(who) || (allowed.includes('staff') && who !== 'nobody' && who !== 'visitor')),
      );
      // In the short run whoever has no account, a visitor, and of staff one role after the other.
      turn += 1;
      const foreign = others.filter(([who]) => who !== 'nobody' && who !== 'visitor');
      const asked = long ? others : [...others.slice(0, others.length - foreign.length), ...foreign.slice(turn % 9, (turn % 9) + 1)];
      for (const [who, one] of asked) {
        // A form of the portal comes with the visitor's own token, so that it is the door that refuses.
        const form = who === 'visitor' && !/^\/(?:api|staff)/.test(path);
        const { status } =
          method === 'GET' ? await one.getJson(address) : form ? await one.post(address, { csrf }) : await one.raw(method, address, '{}');
        const refused = status === 401 || status === 403 || (method === 'GET' && status === 302);
        if (!refused) wrong.push(`${who} ${name}: ${status}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(await database.sql`select count(*) from audit_entry where action not like 'account.%'`).toEqual(before);
  });

  it('lets nobody without an account past the public pages', async () => {
    const stranger = browser(test);
    const open: string[] = [];
    for (const route of test.app.routes) {
      if (route.method !== 'GET' || route.path.includes('*')) continue;
      const response = await stranger.getJson(route.path.replace(/:\w+/g, 'x'));
      if (response.status === 200) open.push(route.path);
      // A link or an item that is none says so to anybody.
      else
        expect(
          [302, 303, 401, ...(['/l/:token', '/items/:id', '/publicity/:item', '/console/assets/:name'].includes(route.path) ? [404] : [])],
          route.path,
        ).toContain(response.status);
    }
    const known = new Set([
      '/',
      '/check',
      '/check/voucher',
      '/healthz',
      '/openapi.json',
      '/sign-in',
      '/items',
      '/help',
      '/publicity',
      '/staff/sign-in',
      '/staff/setup',
    ]);
    expect(open.filter((path) => !known.has(path) && !path.startsWith('/assets/'))).toEqual([]);
  });

  it('answers unknown paths and unforeseen methods with the problem format', async () => {
    const response = await browser(test).getJson('/api/nothing-here');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    expect(((await response.json()) as { problems: { code: string }[] }).problems[0]?.code).toBe('missing.page');
  });

  it('describes itself as OpenAPI 3.1', async () => {
    const document = (await (await browser(test).getJson('/openapi.json')).json()) as { openapi: string; paths: Record<string, unknown> };
    expect(document.openapi).toMatch(/^3\.1/);
    expect(Object.keys(document.paths)).toContain('/api/session');
  });
});
