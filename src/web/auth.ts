// Staff accounts on better-auth: passwords, TOTP, sessions. Its own HTTP handler is not mounted; our routes call its functions, so that
// every door stands in our route table with its role. Lock-out, idle time, absolute time and the first administrator are decided here.
import { createHash, randomBytes } from 'node:crypto';
import { betterAuth } from 'better-auth';
import { drizzleAdapter } from 'better-auth/adapters/drizzle';
import { admin, twoFactor, username } from 'better-auth/plugins';
import * as tables from '../db/auth-schema.ts';
import type { Database } from '../db/handle.ts';

export const idleMs = 30 * 60_000;
export const absoluteMs = 8 * 3_600_000;

export interface AuthSettings {
  readonly secret: string;
  readonly baseUrl: string;
}

export const openAuth = (db: Database['db'], settings: AuthSettings) =>
  betterAuth({
    appName: '直享',
    secret: settings.secret,
    baseURL: settings.baseUrl,
    database: drizzleAdapter(db, { provider: 'pg', schema: tables }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 12, maxPasswordLength: 128 },
    // 30 minutes without a request ends the session; each request may renew it at most once a minute. No cookie cache: a leaver is out at once.
    session: { expiresIn: idleMs / 1000, updateAge: 60, cookieCache: { enabled: false } },
    plugins: [username({ minUsernameLength: 2 }), twoFactor({ issuer: '直享' }), admin()],
    advanced: { cookiePrefix: 'zhixiang', defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/' } },
    telemetry: { enabled: false },
    logger: { disabled: true },
  });

export type Auth = ReturnType<typeof openAuth>;

/** A password a person can read out: 20 characters of 31, no look-alikes, about 99 bits. */
export const randomPassword = (): string => {
  const alphabet = 'abcdefghjkmnpqrstuvwxyz23456789';
  const bytes = randomBytes(20);
  const letters = Array.from(bytes, (byte) => alphabet[byte % alphabet.length]).join('');
  return letters.replace(/(.{5})(?=.)/g, '$1-');
};

/** One-time tokens are kept as their hash only. */
export const tokenHash = (token: string): string => createHash('sha256').update(token).digest('hex');
export const randomToken = (): string => randomBytes(24).toString('base64url');
