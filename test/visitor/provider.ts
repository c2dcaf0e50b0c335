// A real OpenID provider on this machine, and a browser that signs in at it: what a unified identity platform is to the portal.
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export interface TestProvider {
  readonly issuer: string;
  /** Follows the provider's pages as this account; returns the address the browser is sent back to. */
  signIn(url: string, account: string): Promise<URL>;
  close(): Promise<void>;
}

export const client = { clientId: 'zhixiang', clientSecret: 'test-client-secret-test-client-secret' } as const;

export const openProvider = async (
  redirectUri: string,
  accounts: Readonly<Record<string, Readonly<Record<string, string>>>>,
): Promise<TestProvider> => {
  // The issuer must be known before the port is: the server listens first.
  const { createServer } = await import('node:http');
  let handle: ((req: never, res: never) => void) | null = null;
  const server: Server = createServer((req, res) => handle?.(req as never, res as never));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'id_number', 'uscc', 'uscc_role'] },
    findAccount: (_, sub) => {
      const told = accounts[sub];
      return told === undefined ? undefined : { accountId: sub, claims: () => ({ sub, ...told }) };
    },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['test-cookie-key'] },
    pkce: { required: () => true },
  });
  handle = provider.callback() as never;
  return {
    issuer,
    signIn: async (url, account) => {
      const cookies = new Map<string, string>();
      const go = async (address: string, form?: Record<string, string>): Promise<URL> => {
        const response = await fetch(address, {
          method: form === undefined ? 'GET' : 'POST',
          redirect: 'manual',
          headers: {
            cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
            ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          },
          ...(form === undefined ? {} : { body: new URLSearchParams(form).toString() }),
        });
        for (const cookie of response.headers.getSetCookie()) {
          const [pair = ''] = cookie.split(';');
          cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
        }
        const location = response.headers.get('location');
        if (location !== null) {
          const next = new URL(location, address);
          return next.origin === issuer ? await go(next.href) : next;
        }
        const page = await response.text();
        const [, action] = /<form[^>]*action="([^"]+)"/.exec(page) ?? [];
        const [, prompt] = /name="prompt" value="(\w+)"/.exec(page) ?? [];
        if (action === undefined || prompt === undefined) throw new Error(`${response.status} ${page.slice(0, 500)}`);
        return await go(new URL(action, address).href, prompt === 'login' ? { prompt, login: account, password: 'x' } : { prompt });
      };
      return await go(url);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};
