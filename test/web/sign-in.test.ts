// Staff sign-in on a real database: lock-out, TOTP, idle and absolute end, reset, leaver, first administrator, cross-site requests.
import { beforeAll, describe, expect, it } from 'vitest';
import type { ProblemError } from '../../src/base/problem.ts';
import { createAccount, endAccount, offerAdministrator, resetAccount } from '../../src/web/account.ts';
import type { Role } from '../../src/web/role.ts';
import { staffAccounts } from '../../src/web/store.ts';
import { testDatabase } from '../database.ts';
import { browser, csrfIn, everything, signedIn, type TestApp, testApp } from './app.ts';
import { totp } from './totp.ts';

const database = testDatabase();
let test: TestApp;
beforeAll(() => {
  test = testApp(database);
});

const account = (username: string, demo = true) =>
  createAccount(test.auth, database.db, { username, name: username, roles: ['officer'], scope: everything, demo }, 'test', test.clock);

describe('sign-in', () => {
  it('answers a wrong name and a wrong password alike, and locks after five', async () => {
    const { password } = await account('lock.me');
    const one = browser(test);
    const nobody = await (await one.post('/staff/sign-in', { username: 'nobody', password: 'x' })).text();
    const wrong = await (await one.post('/staff/sign-in', { username: 'lock.me', password: 'x' })).text();
    expect(wrong).toContain('用户名或密码不对');
    expect(nobody).toContain('用户名或密码不对');
    for (let n = 0; n < 4; n++) await one.post('/staff/sign-in', { username: 'lock.me', password: 'x' });
    expect(await (await one.post('/staff/sign-in', { username: 'lock.me', password })).text()).toContain('暂时锁定');
    test.clock = new Date(test.clock.getTime() + 16 * 60_000);
    expect((await one.post('/staff/sign-in', { username: 'lock.me', password })).status).toBe(303);
  });

  it('asks everybody but demo accounts to bind TOTP, and then for the code', async () => {
    const { password } = await account('with.totp', false);
    const one = browser(test);
    expect((await one.post('/staff/sign-in', { username: 'with.totp', password })).status).toBe(303);
    expect((await one.get('/staff/accounts')).headers.get('location')).toBe('/staff/two-factor');
    expect((await one.getJson('/api/session')).status).toBe(401);
    const csrf = csrfIn(await (await one.get('/staff/two-factor')).text());
    const binding = await (await one.post('/staff/two-factor', { csrf, password })).text();
    const secret = /<code>([A-Z2-7]+)<\/code>/.exec(binding)?.[1] ?? '';
    expect((await one.post('/staff/two-factor/confirm', { csrf, code: '000000' })).status).toBe(401);
    const bound = await one.post('/staff/two-factor/confirm', { csrf, code: totp(secret, Date.now()) });
    expect(bound.status).toBe(303);
    const again = browser(test);
    const asked = await again.post('/staff/sign-in', { username: 'with.totp', password });
    expect(await asked.text()).toContain('动态口令');
    expect((await again.getJson('/api/session')).status).toBe(401);
    expect((await again.post('/staff/sign-in/code', { code: '123' })).status).toBe(401);
    expect((await again.post('/staff/sign-in/code', { code: totp(secret, Date.now()) })).status).toBe(303);
    expect((await again.getJson('/api/session')).status).toBe(200);
  });

  it('ends a session eight hours after sign-in, and a leaver at once', async () => {
    const one = await signedIn(test, database, 'long.day', ['officer']);
    expect((await one.getJson('/api/session')).status).toBe(200);
    const before = test.clock;
    test.clock = new Date(Date.now() + 8 * 3_600_000 + 60_000);
    expect((await one.getJson('/api/session')).status).toBe(401);
    test.clock = before;
    const two = await signedIn(test, database, 'leaver', ['officer']);
    await endAccount(database.db, 'leaver', 'admin', '调离', test.clock);
    expect((await two.getJson('/api/session')).status).toBe(401);
  });

  it('keeps an administrator: nobody ends their own account, and of two who end each other at once one stays', async () => {
    await signedIn(test, database, 'admin.a', ['admin']);
    await signedIn(test, database, 'admin.b', ['admin']);
    const inPost = async () => (await staffAccounts(database.db)).filter((one) => one.leftAt === null && one.roles.includes('admin'));
    // Whoever else is administrator here goes first: the two are the last ones.
    for (const one of await inPost())
      if (!/^admin\.[ab]$/.test(one.username)) await endAccount(database.db, one.username, 'admin.a', '调离', test.clock);
    await expect(endAccount(database.db, 'admin.a', 'admin.a', '调离', test.clock)).rejects.toThrow('state.own-account');
    const tried = await Promise.allSettled([
      endAccount(database.db, 'admin.a', 'admin.b', '调离', test.clock),
      endAccount(database.db, 'admin.b', 'admin.a', '调离', test.clock),
    ]);
    expect(tried.map((one) => one.status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const left = await inPost();
    expect(left).toHaveLength(1);
    await expect(endAccount(database.db, left[0]?.username ?? '', 'machine', '调离', test.clock)).rejects.toThrow(
      'state.last-administrator',
    );
  });

  it('keeps one person to one account, also where two are made at once; a name once', async () => {
    const make = (username: string, name: string, role: Role) =>
      createAccount(test.auth, database.db, { username, name, roles: [role], scope: everything }, 'admin', test.clock);
    const ends = async (made: readonly Promise<unknown>[]) =>
      (await Promise.allSettled(made))
        .map((end) => (end.status === 'fulfilled' ? 'made' : (end.reason as ProblemError).problems[0]?.code))
        .toSorted();
    const both = [make('maker.one', '钱一', 'finance-maker'), make('checker.one', '钱一', 'finance-checker')];
    expect(await ends(both)).toEqual(['conflict.person', 'made']);
    expect(await ends([make('same.name', '孙二', 'officer'), make('same.name', '孙三', 'officer')])).toEqual(['conflict.username', 'made']);
    // Nothing of the ones refused stays behind.
    const [row] = await database.sql`
      select count(*)::int as n from "user" u left join staff_scope s on s.user_id = u.id left join account a on a.user_id = u.id
      where s.user_id is null or a.user_id is null`;
    expect(row?.n).toBe(0);
  });

  it('resets a password: old sessions and the old password end', async () => {
    const one = await signedIn(test, database, 'forgetful', ['officer']);
    const password = await resetAccount(test.auth, database.db, 'forgetful', 'admin', '忘记密码', test.clock);
    expect((await one.getJson('/api/session')).status).toBe(401);
    expect((await one.post('/staff/sign-in', { username: 'forgetful', password })).status).toBe(303);
  });

  it('changes nothing of an account when its audit row cannot be written', async () => {
    const one = await signedIn(test, database, 'untouched', ['officer']);
    // PostgreSQL refuses a NUL in a text, so the audit row of this change cannot stand.
    const unwritable = 'no\u0000text';
    await expect(resetAccount(test.auth, database.db, 'untouched', 'admin', unwritable, test.clock)).rejects.toThrow();
    expect((await one.getJson('/api/session')).status).toBe(200);
    await expect(endAccount(database.db, 'untouched', 'admin', unwritable, test.clock)).rejects.toThrow();
    expect((await one.getJson('/api/session')).status).toBe(200);
    const [row] = await database.sql`select banned, ban_reason from "user" where username = 'untouched'`;
    expect(row).toEqual({ banned: false, ban_reason: null });
  });

  it('makes exactly one first administrator from one link', async () => {
    const token = await offerAdministrator(database.db, test.clock);
    const form = { token, username: 'first.admin', name: '甲', password: 'correct horse battery' };
    const one = browser(test);
    const answers = await Promise.all([one.post('/staff/setup', form), one.post('/staff/setup', { ...form, username: 'second.admin' })]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 400]);
    expect((await one.post('/staff/setup', { ...form, username: 'third.admin' })).status).toBe(400);
  });

  it('refuses what another site sends, and a form without the token', async () => {
    const one = await signedIn(test, database, 'careful', ['officer']);
    expect((await one.post('/staff/sign-out', {}, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await one.post('/staff/sign-out', {})).status).toBe(403);
    expect((await one.getJson('/api/session')).status).toBe(200);
  });

  it('follows only paths of our own after sign-in', async () => {
    const { password } = await account('open.redirect');
    for (const next of ['//evil.example', 'https://evil.example', '/\\evil.example', 'javascript:1'])
      expect((await browser(test).post('/staff/sign-in', { username: 'open.redirect', password, next })).headers.get('location')).toBe(
        '/staff',
      );
  });
});
