// Every route declares its role, and answers nobody who does not hold it.
import { beforeAll, describe, expect, it } from 'vitest';
import { declaresAccess } from '../../src/web/access.ts';
import { testDatabase } from '../database.ts';
import { browser, type TestApp, testApp } from './app.ts';

const database = testDatabase();
let test: TestApp;
beforeAll(() => {
  test = testApp(database);
});

describe('the route table', () => {
  it('declares a role on every route', () => {
    const byRoute = new Map<string, boolean>();
    for (const route of test.app.routes) {
      if (route.method === 'ALL' && route.path === '/*') continue;
      const name = `${route.method} ${route.path}`;
      byRoute.set(name, (byRoute.get(name) ?? false) || declaresAccess(route.handler));
    }
    expect(byRoute.size).toBeGreaterThan(8);
    expect([...byRoute].filter(([, declared]) => !declared).map(([name]) => name)).toEqual([]);
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
