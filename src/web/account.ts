// What happens to staff accounts: made, signed in, locked out, reset, ended. Pages and API call these; SQL is in store.ts.

import { randomUUID } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import { fail, ProblemError, problem } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { type Auth, randomPassword, randomToken, tokenHash } from './auth.ts';
import { clash, type Role, roles } from './role.ts';
import {
  clearFailures,
  countFailure,
  endSessions,
  grantScope,
  insertUser,
  keepAdminToken,
  lockAccounts,
  lockedUntil,
  markLeft,
  replacePassword,
  type StaffAccount,
  staffAccounts,
  takeAdminToken,
  userIdOf,
} from './store.ts';

const accountFailures = 5;
const addressFailures = 50;
const lockMs = 15 * 60_000;

export interface NewAccount {
  readonly username: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly scope: Scope;
  /** Demo accounts may work without TOTP; their mail address ends in `@demo.invalid`. */
  readonly demo?: boolean;
  readonly password?: string;
}

const checkRoles = (held: readonly Role[]): void => {
  const pair = clash(held);
  if (pair) fail('input.roles', '/roles', `“${roles[pair[0]]}”和“${roles[pair[1]]}”不能由同一人担任。`, '请分给两个人。');
  if (held.length === 0) fail('input.roles', '/roles', '至少要有一个岗位。', '请选择岗位。');
};

const checkUsername = (username: string): void => {
  if (!/^[a-z0-9][a-z0-9_.]{1,29}$/.test(username))
    fail('input.username', '/username', '用户名只能用小写字母、数字、点、下划线，2 到 30 位。', '例如 zhang.min。');
};

/** One person, one account: two under one name may not together hold what one may not. Real namesakes write what tells them apart. */
const mustBeOnePerson = (others: readonly StaffAccount[], own: string, held: readonly Role[]): void => {
  const name = (text: string): string => text.normalize('NFKC').replaceAll(/\s/g, '');
  const other = others.find((one) => one.leftAt === null && name(one.name) === name(own) && clash([...one.roles, ...held]) !== null);
  if (other !== undefined)
    fail(
      'conflict.person',
      '/name',
      `${other.name}已有账号 ${other.username}，两个账号的岗位合起来不能由一个人担任。`,
      '一个人只用一个账号；确实同名的，写成能分清的名字，如 张三（国库科）。',
    );
};

/** Makes an account and returns its password once; nothing keeps it in clear. */
export const createAccount = async (
  auth: Auth,
  db: Db,
  wanted: NewAccount,
  actor: string,
  at: Date,
): Promise<{ userId: string; password: string }> => {
  checkRoles(wanted.roles);
  checkUsername(wanted.username);
  const password = wanted.password ?? randomPassword();
  const context = await auth.$context;
  const hash = await context.password.hash(password);
  const userId = randomUUID();
  await transaction(db, async (tx) => {
    // One after the other: of two for one person made at once, the second must see the first.
    await lockAccounts(tx);
    if (await userIdOf(tx, wanted.username)) fail('conflict.username', '/username', '这个用户名已经有人用了。', '换一个用户名。');
    mustBeOnePerson(await staffAccounts(tx), wanted.name, wanted.roles);
    const { username, name, demo = false } = wanted;
    await insertUser(tx, { userId, username, name, email: `${username}@${demo ? 'demo' : 'staff'}.invalid`, hash, at });
    await grantScope(tx, userId, wanted.roles, wanted.scope);
    await audit(tx, {
      actor,
      role: 'admin',
      action: 'account.create',
      objectKind: 'account',
      objectId: userId,
      after: { username: wanted.username, roles: wanted.roles, scope: wanted.scope },
      at,
    });
  });
  return { userId, password };
};

export type SignIn =
  | { readonly ok: true; readonly cookies: readonly string[]; readonly twoFactor: boolean }
  | { readonly ok: false; readonly problem: ReturnType<typeof problem> };

const refused = problem('auth.refused', '', '用户名或密码不对。', '连错 5 次会锁定 15 分钟。忘了密码请找系统管理员重置。');
const locked = (until: Date, now: Date) =>
  problem(
    'limit.sign-in',
    '',
    '试错次数太多，暂时锁定。',
    `请 ${Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 60_000))} 分钟后再试，或请系统管理员重置密码。`,
  );

/** Password step. The same answer for a wrong name and a wrong password; lock-out by account and by address. */
export const signIn = async (
  auth: Auth,
  db: Db,
  input: { readonly username: string; readonly password: string; readonly address: string; readonly headers: Headers; readonly now: Date },
): Promise<SignIn> => {
  const name = input.username.trim().toLowerCase().slice(0, 64);
  const keys = [
    { key: `account:${name}`, limit: accountFailures },
    { key: `address:${input.address}`, limit: addressFailures },
  ];
  for (const { key } of keys) {
    const until = await lockedUntil(db, key, input.now);
    if (until) return { ok: false, problem: locked(until, input.now) };
  }
  const response = await auth.api.signInUsername({
    body: { username: name, password: input.password.slice(0, 256) },
    headers: input.headers,
    asResponse: true,
  });
  if (!response.ok) {
    for (const { key, limit } of keys) {
      if (await countFailure(db, key, limit, lockMs, input.now)) {
        await db.transaction((tx) =>
          audit(tx, {
            actor: 'anonymous',
            role: 'public',
            action: 'account.lock',
            objectKind: 'sign-in',
            objectId: tokenHash(key).slice(0, 16),
            at: input.now,
          }),
        );
        return { ok: false, problem: locked(new Date(input.now.getTime() + lockMs), input.now) };
      }
    }
    return { ok: false, problem: refused };
  }
  await clearFailures(db, `account:${name}`);
  const body = (await response.json()) as { twoFactorRedirect?: boolean };
  return { ok: true, cookies: response.headers.getSetCookie(), twoFactor: body.twoFactorRedirect === true };
};

/** New password, every session ended, TOTP taken off: the way back for who forgot or lost the phone. Returns the password once. */
export const resetAccount = async (auth: Auth, db: Db, username: string, actor: string, reason: string, at: Date): Promise<string> => {
  const userId = await userIdOf(db, username);
  if (!userId) throw new ProblemError([problem('missing.account', '', '没有这个账号。', '请核对用户名。')]);
  const password = randomPassword();
  const hash = await (await auth.$context).password.hash(password);
  await db.transaction(async (tx) => {
    await replacePassword(tx, userId, hash, at);
    await endSessions(tx, userId);
    await clearFailures(tx, `account:${username}`);
    await audit(tx, { actor, role: 'admin', action: 'account.reset', objectKind: 'account', objectId: userId, reason, at });
  });
  return password;
};

/**
 * Other posts, another scope, from now on: sessions end, so that nobody goes on in the old ones. Nobody changes their own, and the last administrator stays
 * one. Throws `missing.account`, `state.own-account`, `state.last-administrator`, `input.roles`, `conflict.person`, `conflict.account` where somebody changed it first.
 */
export const changeAccount = async (
  db: Db,
  ask: { readonly username: string; readonly roles: readonly Role[]; readonly scope: Scope; readonly was: readonly Role[] },
  by: { readonly userId: string; readonly username: string; readonly reason: string; readonly at: Date },
): Promise<void> => {
  checkRoles(ask.roles);
  await db.transaction(async (tx) => {
    const { one, others } = await standing(tx, ask.username);
    if (one.userId === by.userId) fail('state.own-account', '/username', '不能改自己的岗位和范围。', '请另一位系统管理员来改。');
    if ([...ask.was].sort().join() !== [...one.roles].sort().join())
      fail('conflict.account', '/roles', '这个账号的岗位刚被别人改过，没有再改。', '看现在的岗位，再定。');
    if (!ask.roles.includes('admin')) keepAnAdministrator(one, others, '/roles');
    mustBeOnePerson(others, one.name, ask.roles);
    await grantScope(tx, one.userId, ask.roles, ask.scope);
    await endSessions(tx, one.userId);
    await audit(tx, {
      actor: by.username,
      role: 'admin',
      action: 'account.change',
      objectKind: 'account',
      objectId: one.userId,
      before: { roles: one.roles, scope: one.scope },
      after: { roles: ask.roles, scope: ask.scope },
      reason: by.reason,
      at: by.at,
    });
  });
};

interface Standing {
  readonly one: StaffAccount;
  readonly others: readonly StaffAccount[];
}

/** An account that is in post and all others that are, as they stay until the transaction ends. */
const standing = async (tx: Tx, username: string): Promise<Standing> => {
  await lockAccounts(tx);
  const accounts = (await staffAccounts(tx)).filter((known) => known.leftAt === null);
  const one = accounts.find((known) => known.username === username.toLowerCase());
  if (one === undefined) return fail('missing.account', '/username', '没有这个在岗的账号。', '请核对用户名。');
  return { one, others: accounts.filter((known) => known.userId !== one.userId) };
};

/** Without one nobody could make an account any more. */
const keepAnAdministrator = (one: StaffAccount, others: readonly StaffAccount[], at: string): void => {
  if (one.roles.includes('admin') && !others.some((known) => known.roles.includes('admin')))
    fail('state.last-administrator', at, '这是最后一位系统管理员。', '先给另一个人系统管理员的账号。');
};

/**
 * Someone left: no session, no sign-in, the row stays for the audit trail. Nobody ends their own account, and the last administrator stays. Throws
 * `missing.account`, `state.own-account`, `state.last-administrator`.
 */
export const endAccount = async (db: Db, username: string, actor: string, reason: string, at: Date): Promise<void> => {
  await db.transaction(async (tx) => {
    const { one, others } = await standing(tx, username);
    if (one.username === actor) fail('state.own-account', '/username', '不能让自己离岗。', '请另一位系统管理员来办。');
    keepAnAdministrator(one, others, '/username');
    await markLeft(tx, one.userId, at);
    await endSessions(tx, one.userId);
    await audit(tx, { actor, role: 'admin', action: 'account.end', objectKind: 'account', objectId: one.userId, reason, at });
  });
};

/** A link good for 24 hours and one use, for the first administrator of an empty installation. Returns the token. */
export const offerAdministrator = async (db: Db, at: Date): Promise<string> => {
  const token = randomToken();
  await db.transaction(async (tx) => {
    await keepAdminToken(tx, tokenHash(token), new Date(at.getTime() + 86_400_000), at);
    await audit(tx, {
      actor: 'start',
      role: 'system',
      action: 'account.offer-administrator',
      objectKind: 'setting',
      objectId: 'admin-token',
      at,
    });
  });
  return token;
};

/** Redeems the link: exactly one caller becomes the administrator. */
export const redeemAdministrator = async (
  auth: Auth,
  db: Db,
  input: { readonly token: string; readonly username: string; readonly name: string; readonly password: string; readonly at: Date },
): Promise<void> => {
  if (input.password.length < 12) fail('input.password', '/password', '密码至少 12 位。', '可以用几个不相干的词连起来。');
  // Everything a person may mistype is checked before the link is used up.
  checkUsername(input.username);
  if (await userIdOf(db, input.username)) fail('conflict.username', '/username', '这个用户名已经有人用了。', '换一个用户名。');
  const taken = await db.transaction((tx) => takeAdminToken(tx, tokenHash(input.token), input.at));
  if (!taken) fail('auth.token', '/token', '这个链接已经用过或者过期了。', '请在服务器上重新启动，会打印新的链接。');
  await createAccount(
    auth,
    db,
    {
      username: input.username,
      name: input.name,
      roles: ['admin'],
      scope: { authorities: null, divisions: null, items: null },
      password: input.password,
    },
    'setup',
    input.at,
  );
};
