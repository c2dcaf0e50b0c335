// The second factor, bound and shown: for the API and the pages. Bound once; whoever has a new phone is reset by an administrator first, so that a session left
// open and a password do not change it. A recovery code stands in for the phone at sign-in, each once.
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { transaction } from '../db/handle.ts';
import type { Staff } from './access.ts';
import type { WebContext } from './context.ts';
import { clearFailures, countFailure, lockedUntil } from './store.ts';

const wrongPasswords = 5;
const lockMs = 15 * 60_000;

interface Asked {
  readonly headers: Headers;
  readonly now: Date;
}

const unbound = (staff: Staff): void => {
  if (staff.twoFactor) fail('state.two-factor', '', '已经绑定过动态口令。', '换手机请联系系统管理员重置，再重新绑定。');
};

/** What the phone takes up, and the recovery codes; nothing counts until a code of it is shown. `auth.refused` for a wrong password, five in a row lock. */
export const beginBinding = async (
  web: WebContext,
  staff: Staff,
  { password, headers, now }: Asked & { readonly password: string },
): Promise<{ readonly uri: string; readonly secret: string; readonly codes: readonly string[] }> => {
  unbound(staff);
  const key = `bind:${staff.userId}`;
  if ((await lockedUntil(web.db, key, now)) !== null) fail('limit.sign-in', '', '密码试错次数太多，暂时锁定。', '请 15 分钟后再试。');
  const response = await web.auth.api.enableTwoFactor({ body: { password }, headers, asResponse: true });
  if (!response.ok) {
    await countFailure(web.db, key, wrongPasswords, lockMs, now);
    return fail('auth.refused', '/password', '密码不对。', '请重新输入。');
  }
  await clearFailures(web.db, key);
  const { totpURI, backupCodes } = (await response.json()) as { totpURI: string; backupCodes: readonly string[] };
  return { uri: totpURI, secret: new URL(totpURI).searchParams.get('secret') ?? '', codes: backupCodes };
};

/** The phone shows what was taken up: from now on it is asked for. Returns the cookies of the session as it stands then. `auth.code`. */
export const confirmBinding = async (
  web: WebContext,
  staff: Staff,
  { code, headers, now }: Asked & { readonly code: string },
): Promise<readonly string[]> => {
  unbound(staff);
  const response = await web.auth.api.verifyTOTP({ body: { code: code.replaceAll(/\s/g, '') }, headers, asResponse: true });
  if (!response.ok) fail('auth.code', '/code', '动态口令不对。', '请输入验证器上当前的六位数字；还不对，请重新扫码。');
  await transaction(web.db, (tx) =>
    audit(tx, {
      ...{ actor: staff.userId, role: staff.roles.join(','), action: 'account.bind-totp' },
      ...{ objectKind: 'account', objectId: staff.userId, at: now },
    }),
  );
  return response.headers.getSetCookie();
};

/** The second step of signing in: six figures of the phone, or a recovery code, which is used up and noted. `auth.code`. Returns the session's cookies. */
export const showSecond = async (
  web: WebContext,
  { code, headers, now }: Asked & { readonly code: string },
): Promise<readonly string[]> => {
  const plain = code.replaceAll(/\s/g, '');
  const phone = /^\d{6}$/.test(plain);
  const ask = { body: { code: plain }, headers, asResponse: true } as const;
  const response = phone ? await web.auth.api.verifyTOTP(ask) : await web.auth.api.verifyBackupCode(ask);
  if (!response.ok)
    fail('auth.code', '/code', '动态口令不对或已过期。', '请输入验证器上当前的六位数字，或一个没有用过的备用码；超过 10 分钟请重新登录。');
  if (!phone) {
    const { user } = (await response.json()) as { user: { id: string } };
    await transaction(web.db, (tx) =>
      audit(tx, { actor: user.id, role: 'staff', action: 'account.recovery-code', objectKind: 'account', objectId: user.id, at: now }),
    );
  }
  return response.headers.getSetCookie();
};
