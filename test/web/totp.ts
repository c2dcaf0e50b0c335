// A staff account with its authenticator bound, and the codes it shows.
import { createHmac } from 'node:crypto';
import type { Scope } from '../../src/base/scope.ts';
import { createAccount } from '../../src/web/account.ts';
import type { Role } from '../../src/web/role.ts';
import type { TestDatabase } from '../database.ts';
import { type Browser, browser, csrfIn, everything, type TestApp } from './app.ts';

/** RFC 6238 with better-auth's defaults: SHA-1, 30 s, six digits. */
export const totp = (base32: string, at: number): string => {
  const bits = [...base32.replace(/=+$/, '')]
    .map((char) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(char).toString(2).padStart(5, '0'))
    .join('');
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(at / 30_000)));
  const mac = createHmac('sha1', key).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, '0');
};

export interface Bound {
  readonly one: Browser;
  /** The authenticator's code at a moment, in milliseconds. */
  readonly code: (at: number) => string;
}

/** Makes a real account (no demo), signs it in and binds the authenticator as a person would. */
export const boundAccount = async (
  test: TestApp,
  database: TestDatabase,
  username: string,
  roles: readonly Role[],
  scope: Scope = everything,
): Promise<Bound> => {
  const { password } = await createAccount(test.auth, database.db, { username, name: username, roles, scope }, 'test', test.clock);
  const one = browser(test);
  await one.post('/staff/sign-in', { username, password });
  const csrf = csrfIn(await (await one.get('/staff/two-factor')).text());
  const binding = await (await one.post('/staff/two-factor', { csrf, password })).text();
  const secret = /<code>([A-Z2-7]+)<\/code>/.exec(binding)?.[1] ?? '';
  const bound = await one.post('/staff/two-factor/confirm', { csrf, code: totp(secret, Date.now()) });
  if (bound.status !== 303) throw new Error(`binding answered ${bound.status}`);
  return { one, code: (at) => totp(secret, at) };
};
