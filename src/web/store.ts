// SQL of staff accounts: scopes, sign-in failures, first administrator's token. better-auth does its own tables itself.
import { randomUUID } from 'node:crypto';
import { and, eq, isNull, lt, sql } from 'drizzle-orm';
import type { Scope } from '../base/scope.ts';
import { account, session, stepUp, twoFactor, usedCode, user } from '../db/auth-schema.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { setting, signInAttempt, staffScope } from '../db/schema.ts';
import { isRole, type Role } from './role.ts';

export interface StaffAccount {
  readonly userId: string;
  readonly username: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly scope: Scope;
  readonly demo: boolean;
  readonly twoFactor: boolean;
  readonly leftAt: Date | null;
}

/** `*` in a list means everything; it is stored as text so that an empty list stays "nothing". */
const toScope = (row: { authorities: readonly string[]; divisions: readonly string[]; items: readonly string[] }): Scope => {
  const list = (values: readonly string[]) => (values.includes('*') ? null : values);
  return { authorities: list(row.authorities), divisions: list(row.divisions), items: list(row.items) };
};
const fromScope = (scope: Scope) => ({
  authorities: [...(scope.authorities ?? ['*'])],
  divisions: [...(scope.divisions ?? ['*'])],
  items: [...(scope.items ?? ['*'])],
});

const columns = {
  userId: user.id,
  username: user.username,
  name: user.name,
  email: user.email,
  twoFactor: user.twoFactorEnabled,
  roles: staffScope.roles,
  authorities: staffScope.authorities,
  divisions: staffScope.divisions,
  items: staffScope.items,
  leftAt: staffScope.leftAt,
};
type Row = {
  userId: string;
  username: string | null;
  name: string;
  email: string;
  twoFactor: boolean | null;
  roles: string[];
  authorities: string[];
  divisions: string[];
  items: string[];
  leftAt: Date | null;
};
const toAccount = (row: Row): StaffAccount => ({
  userId: row.userId,
  username: row.username ?? '',
  name: row.name,
  roles: row.roles.filter(isRole),
  scope: toScope(row),
  demo: row.email.endsWith('@demo.invalid'),
  twoFactor: row.twoFactor === true,
  leftAt: row.leftAt,
});

/** The account of a signed-in user, or null when it has no scope or has left. */
export const staffAccount = async (db: Db, userId: string): Promise<StaffAccount | null> => {
  const [row] = await db
    .select(columns)
    .from(user)
    .innerJoin(staffScope, eq(staffScope.userId, user.id))
    .where(and(eq(user.id, userId), isNull(staffScope.leftAt)));
  return row ? toAccount(row) : null;
};

/** Whoever changes posts or ends an account does so alone until the transaction ends: two administrators who end each other would leave none. */
export const lockAccounts = async (tx: Tx): Promise<void> => {
  await rawSql(tx)`select pg_advisory_xact_lock(hashtextextended('staff-accounts', 0))`;
};

export const staffAccounts = async (db: Db | Tx): Promise<readonly StaffAccount[]> =>
  (await db.select(columns).from(user).innerJoin(staffScope, eq(staffScope.userId, user.id)).orderBy(user.username)).map(toAccount);

export const userIdOf = async (db: Db | Tx, username: string): Promise<string | null> =>
  (await db.select({ id: user.id }).from(user).where(eq(user.username, username.toLowerCase())))[0]?.id ?? null;

/** A user with a password. By SQL, as `replacePassword` is: the account, its scope and its audit row stand together or not at all. */
export const insertUser = async (
  tx: Tx,
  one: {
    readonly userId: string;
    readonly username: string;
    readonly name: string;
    readonly email: string;
    readonly hash: string;
    readonly at: Date;
  },
): Promise<void> => {
  const { userId, username, name, email, hash, at } = one;
  const times = { createdAt: at, updatedAt: at };
  await tx
    .insert(user)
    .values({ id: userId, name, email, emailVerified: true, username, displayUsername: username, role: 'user', ...times });
  await tx.insert(account).values({ id: randomUUID(), accountId: userId, providerId: 'credential', userId, password: hash, ...times });
};

export const grantScope = async (tx: Tx, userId: string, roles: readonly Role[], scope: Scope): Promise<void> => {
  const values = { roles: [...roles], ...fromScope(scope) };
  await tx
    .insert(staffScope)
    .values({ userId, ...values })
    .onConflictDoUpdate({ target: staffScope.userId, set: values });
};

/** Left, and banned from signing in. */
export const markLeft = async (tx: Tx, userId: string, at: Date): Promise<void> => {
  await tx.update(staffScope).set({ leftAt: at }).where(eq(staffScope.userId, userId));
  await tx.update(user).set({ banned: true, banReason: 'left', updatedAt: at }).where(eq(user.id, userId));
};

/** Another password, and no second factor any more. By SQL, not through better-auth's adapter: it writes outside the caller's transaction. */
export const replacePassword = async (tx: Tx, userId: string, hash: string, at: Date): Promise<void> => {
  const own = and(eq(account.userId, userId), eq(account.providerId, 'credential'));
  await tx.update(account).set({ password: hash, updatedAt: at }).where(own);
  await tx.update(user).set({ twoFactorEnabled: false, updatedAt: at }).where(eq(user.id, userId));
  await tx.delete(twoFactor).where(eq(twoFactor.userId, userId));
};

export const endSessions = async (tx: Tx, userId: string): Promise<void> => {
  await tx.delete(session).where(eq(session.userId, userId));
};

/** When this key (account name or address) may try again, or null. */
export const lockedUntil = async (db: Db, key: string, now: Date): Promise<Date | null> => {
  const [row] = await db.select().from(signInAttempt).where(eq(signInAttempt.key, key));
  return row?.lockedUntil && row.lockedUntil > now ? row.lockedUntil : null;
};

/** Counts one failure; the `limit`th in a row locks the key for `lockMs`. A failure an hour after the last starts anew. Returns whether the key is locked now. */
export const countFailure = async (db: Db, key: string, limit: number, lockMs: number, now: Date): Promise<boolean> => {
  const until = new Date(now.getTime() + lockMs);
  const stale = new Date(now.getTime() - 3_600_000);
  const rows = await db
    .insert(signInAttempt)
    .values({ key, failures: 1, lockedUntil: null, at: now })
    .onConflictDoUpdate({
      target: signInAttempt.key,
      set: {
        failures: sql`case when ${signInAttempt.at} < ${stale.toISOString()}::timestamptz then 1 else ${signInAttempt.failures} + 1 end`,
        lockedUntil: sql`case when ${signInAttempt.at} >= ${stale.toISOString()}::timestamptz and ${signInAttempt.failures} + 1 >= ${limit} then ${until.toISOString()}::timestamptz end`,
        at: now,
      },
    })
    .returning({ lockedUntil: signInAttempt.lockedUntil });
  return rows[0]?.lockedUntil != null;
};

export const clearFailures = async (db: Db | Tx, key: string): Promise<void> => {
  await db.delete(signInAttempt).where(eq(signInAttempt.key, key));
};

const adminToken = 'admin-token';

/** Keeps the hash of a first administrator's token, good until `until`; an older one stops working. */
export const keepAdminToken = async (tx: Tx, hash: string, until: Date, at: Date): Promise<void> => {
  const value = { hash, until: until.toISOString() };
  await tx.insert(setting).values({ key: adminToken, value, at }).onConflictDoUpdate({ target: setting.key, set: { value, at } });
};

/** Takes the token away if it is the one and still good: true for exactly one caller. */
export const takeAdminToken = async (tx: Tx, hash: string, now: Date): Promise<boolean> => {
  const rows = await tx
    .delete(setting)
    .where(
      and(
        eq(setting.key, adminToken),
        sql`${setting.value}->>'hash' = ${hash}`,
        sql`(${setting.value}->>'until')::timestamptz > ${now.toISOString()}::timestamptz`,
      ),
    )
    .returning({ key: setting.key });
  return rows.length === 1;
};

export const hasAdministrator = async (db: Db): Promise<boolean> =>
  (
    await db
      .select({ id: staffScope.userId })
      .from(staffScope)
      .where(and(sql`'admin' = any(${staffScope.roles})`, isNull(staffScope.leftAt)))
      .limit(1)
  ).length > 0;

/** False when this code was used before. Codes of long ago are forgotten: they are of no use to anybody. */
export const useCode = async (db: Db, userId: string, hash: string, now: Date): Promise<boolean> => {
  await db.delete(usedCode).where(lt(usedCode.at, new Date(now.getTime() - 600_000)));
  const rows = await db.insert(usedCode).values({ userId, hash, at: now }).onConflictDoNothing().returning({ hash: usedCode.hash });
  return rows.length === 1;
};

export const setStepUp = async (tx: Tx, sessionId: string, userId: string, at: Date): Promise<void> => {
  await tx.insert(stepUp).values({ sessionId, userId, at }).onConflictDoUpdate({ target: stepUp.sessionId, set: { userId, at } });
};

/** When the session's person last showed the second factor; null: not in this session. */
export const lastStepUp = async (db: Db, sessionId: string, userId: string): Promise<Date | null> => {
  const [row] = await db
    .select({ at: stepUp.at })
    .from(stepUp)
    .where(and(eq(stepUp.sessionId, sessionId), eq(stepUp.userId, userId)));
  return row?.at ?? null;
};
