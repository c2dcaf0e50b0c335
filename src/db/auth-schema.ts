// Staff accounts: the tables better-auth 1.7 works on (username, twoFactor and admin plugins), plus our own sign-in counter.
// What an account may see is `staff_scope` in schema.ts; better-auth knows nothing of authorities, divisions or items.
import { bigint, boolean, integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

export const user = pgTable('user', {
  id: text().primaryKey(),
  name: text().notNull(),
  email: text().notNull().unique(),
  emailVerified: boolean('email_verified').notNull().default(false),
  image: text(),
  createdAt: moment('created_at').notNull(),
  updatedAt: moment('updated_at').notNull(),
  username: text().unique(),
  displayUsername: text('display_username'),
  twoFactorEnabled: boolean('two_factor_enabled').default(false),
  role: text(),
  banned: boolean().default(false),
  banReason: text('ban_reason'),
  banExpires: moment('ban_expires'),
});

export const session = pgTable('session', {
  id: text().primaryKey(),
  expiresAt: moment('expires_at').notNull(),
  token: text().notNull().unique(),
  createdAt: moment('created_at').notNull(),
  updatedAt: moment('updated_at').notNull(),
  ipAddress: text('ip_address'),
  userAgent: text('user_agent'),
  userId: text('user_id')
    .notNull()
    .references(() => user.id, { onDelete: 'cascade' }),
  impersonatedBy: text('impersonated_by'),
});

export const account = pgTable('account', {
  id: text().primaryKey(),
  accountId: text('account_id').notNull(),
  providerId: text('provider_id').notNull(),
  userId: text('user_id')
    .notNull()
    .references(() => user.id, { onDelete: 'cascade' }),
  accessToken: text('access_token'),
  refreshToken: text('refresh_token'),
  idToken: text('id_token'),
  accessTokenExpiresAt: moment('access_token_expires_at'),
  refreshTokenExpiresAt: moment('refresh_token_expires_at'),
  scope: text(),
  password: text(),
  createdAt: moment('created_at').notNull(),
  updatedAt: moment('updated_at').notNull(),
});

export const verification = pgTable('verification', {
  id: text().primaryKey(),
  identifier: text().notNull(),
  value: text().notNull(),
  expiresAt: moment('expires_at').notNull(),
  createdAt: moment('created_at').notNull(),
  updatedAt: moment('updated_at').notNull(),
});

export const twoFactor = pgTable('two_factor', {
  id: text().primaryKey(),
  secret: text().notNull(),
  backupCodes: text('backup_codes').notNull(),
  userId: text('user_id')
    .notNull()
    .references(() => user.id, { onDelete: 'cascade' }),
  verified: boolean().default(true),
  failedVerificationCount: integer('failed_verification_count').default(0),
  lockedUntil: moment('locked_until'),
});

export const rateLimit = pgTable('rate_limit', {
  id: text().primaryKey(),
  key: text().notNull().unique(),
  count: integer().notNull(),
  lastRequest: bigint('last_request', { mode: 'number' }).notNull(),
});

/** Wrong passwords in a row, per account name and per address; the lock-out of 等保 2.0. */
export const signInAttempt = pgTable('sign_in_attempt', {
  key: text().primaryKey(),
  failures: integer().notNull(),
  lockedUntil: moment('locked_until'),
  at: moment('at').notNull(),
});

/** The last fresh second factor of a session, for acts that ask for one; a code counts once. */
export const stepUp = pgTable('step_up', {
  sessionId: text('session_id').primaryKey(),
  userId: text('user_id').notNull(),
  at: moment('at').notNull(),
});

/** Codes of the last minutes, hashed, so that one that was looked over a shoulder is of no use. */
export const usedCode = pgTable(
  'used_code',
  { userId: text('user_id').notNull(), hash: text().notNull(), at: moment('at').notNull() },
  (t) => [primaryKey({ columns: [t.userId, t.hash] })],
);
