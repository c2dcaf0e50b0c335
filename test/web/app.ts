// The whole app over a test database, called without a socket: a browser that keeps cookies and sends Origin, and staff to sign in as.
import pino from 'pino';
import type { Scope } from '../../src/base/scope.ts';
import { loadCatalogue } from '../../src/catalogue/load.ts';
import type { Runner } from '../../src/job-runner.ts';
import { openHot } from '../../src/snapshot/hot.ts';
import { createAccount } from '../../src/web/account.ts';
import { makeApp } from '../../src/web/app.ts';
import { openAuth } from '../../src/web/auth.ts';
import type { Identity } from '../../src/web/identity.ts';
import type { Role } from '../../src/web/role.ts';
import type { TestDatabase } from '../database.ts';

export const origin = 'http://localhost:3000';
export const secret = 'test-secret-test-secret-test-secret';
export const everything: Scope = { authorities: null, divisions: null, items: null };

export const gatewaySecret = 'shared-with-the-gateway-shared-with-the-gateway';

export interface TestApp {
  readonly app: ReturnType<typeof makeApp>;
  readonly auth: ReturnType<typeof openAuth>;
  clock: Date;
}

export const testApp = (
  database: TestDatabase,
  options: { readonly demo?: boolean; readonly identity?: Identity; readonly baseUrl?: string; readonly runner?: Runner } = {},
): TestApp => {
  const auth = openAuth(database.db, { secret, baseUrl: origin });
  const state = { clock: new Date('2026-04-15T02:00:00Z') };
  const app = makeApp({
    auth,
    db: database.db,
    secret,
    now: () => state.clock,
    gatewaySecret,
    log: pino({ level: 'silent' }),
    demo: options.demo ?? false,
    baseUrl: options.baseUrl ?? origin,
    identity: options.identity ?? null,
    catalogue: () => loadCatalogue(database.db),
    hot: openHot(50_000_000),
    ...(options.runner === undefined ? {} : { runner: options.runner }),
  });
  return {
    app,
    auth,
    get clock() {
      return state.clock;
    },
    set clock(value: Date) {
      state.clock = value;
    },
  };
};

/** A browser of its own: cookies in and out, same-origin headers, forms as the page would send them. */
export const browser = (test: TestApp) => {
  const cookies = new Map<string, string>();
  const keep = (response: Response): Response => {
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = cookie.split(';');
      const at = pair.indexOf('=');
      const gone = attributes.some((attribute) => /max-age=0$/i.test(attribute.trim()));
      if (gone) cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  };
  const headers = (more: Record<string, string> = {}) => ({
    accept: 'text/html',
    origin,
    host: 'localhost:3000',
    'sec-fetch-site': 'same-origin',
    cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    ...more,
  });
  return {
    cookies,
    get: async (path: string, more: Record<string, string> = {}) =>
      keep(await test.app.request(`${origin}${path}`, { headers: headers(more) })),
    getJson: async (path: string) => keep(await test.app.request(`${origin}${path}`, { headers: headers({ accept: 'application/json' }) })),
    putJson: async (path: string, body: unknown) =>
      keep(
        await test.app.request(`${origin}${path}`, {
          method: 'PUT',
          headers: headers({ accept: 'application/json', 'content-type': 'application/json' }),
          body: JSON.stringify(body),
        }),
      ),
    postJson: async (path: string, body: unknown) =>
      keep(
        await test.app.request(`${origin}${path}`, {
          method: 'POST',
          headers: headers({ accept: 'application/json', 'content-type': 'application/json' }),
          body: JSON.stringify(body),
        }),
      ),
    /** Any method, the body as it is. */
    raw: async (method: string, path: string, body: string) =>
      keep(
        await test.app.request(`${origin}${path}`, {
          method,
          headers: headers({ accept: 'application/json', 'content-type': 'application/json' }),
          body,
        }),
      ),
    /** As a browser sends a form with files. */
    postForm: async (path: string, form: FormData) =>
      keep(await test.app.request(`${origin}${path}`, { method: 'POST', headers: headers(), body: form })),
    postBytes: async (path: string, bytes: Uint8Array) =>
      keep(
        await test.app.request(`${origin}${path}`, {
          method: 'POST',
          headers: headers({ accept: 'application/json', 'content-type': 'application/octet-stream' }),
          body: new Uint8Array(bytes),
        }),
      ),
    post: async (path: string, form: Record<string, string>, more: Record<string, string> = {}) =>
      keep(
        await test.app.request(`${origin}${path}`, {
          method: 'POST',
          headers: headers({ 'content-type': 'application/x-www-form-urlencoded', ...more }),
          body: new URLSearchParams(form).toString(),
        }),
      ),
  };
};
export type Browser = ReturnType<typeof browser>;

/** Makes an account (demo, so without TOTP) and signs it in. */
export const signedIn = async (
  test: TestApp,
  database: TestDatabase,
  username: string,
  roles: readonly Role[],
  scope: Scope = everything,
): Promise<Browser> => {
  const { password } = await createAccount(
    test.auth,
    database.db,
    { username, name: username, roles, scope, demo: true },
    'test',
    test.clock,
  );
  const one = browser(test);
  const response = await one.post('/staff/sign-in', { username, password });
  if (response.status !== 303) throw new Error(`sign-in answered ${response.status}`);
  return one;
};

/** The form token a page carries. */
export const csrfIn = (page: string): string => /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';

interface DeskRow {
  readonly id: string;
  readonly mark: string;
  readonly why: string;
  readonly version: number;
}
/** What waits in a queue for somebody. */
export const deskRows = async (who: Browser, queue: string): Promise<readonly DeskRow[]> =>
  ((await (await who.getJson(`/api/desk/rows?queue=${queue}`)).json()) as { rows: readonly DeskRow[] }).rows;

/** Decides on rows as a table that comes back: `done`, `would`, or `refused` with the code. */
export const decideRows = async (
  who: Browser,
  queue: string,
  rows: readonly Pick<DeskRow, 'id' | 'mark'>[],
  cells: Readonly<Record<string, string>>,
  dry = false,
): Promise<readonly string[]> => {
  const more = Object.entries(cells);
  const lines = rows.map((row) => [row.id, row.mark, ...more.map(([, value]) => `"${value}"`)].join(','));
  const table = [['编号', '校验', ...more.map(([column]) => column)].join(','), ...lines, ''].join('\r\n');
  const response = await who.postBytes(`/api/desk/decisions?queue=${queue}${dry ? '&dryRun=1' : ''}`, new TextEncoder().encode(table));
  const told = (await response.json()) as {
    rows?: readonly { outcome: string; problems: readonly { code: string }[] }[];
    problems?: readonly { code: string }[];
  };
  return (
    told.rows?.map(({ outcome, problems }) => [outcome, ...problems.map((one) => one.code)].join(' ')) ?? [told.problems?.[0]?.code ?? '']
  );
};
