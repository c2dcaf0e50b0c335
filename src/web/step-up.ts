// Step-up: acts that move money ask for a fresh second factor, however long ago the person signed in. The secret is better-auth's; a code counts once and
// wrong ones lock. On the web it holds for the session some minutes; at the machine each act takes its own code.
import { createHmac } from 'node:crypto';
import { symmetricDecrypt } from 'better-auth/crypto';
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { type Db, transaction } from '../db/handle.ts';
import { type Auth, tokenHash } from './auth.ts';
import { clearFailures, countFailure, lastStepUp, lockedUntil, type StaffAccount, setStepUp, useCode } from './store.ts';

export const stepUpMinutes = 10;
const wrongCodes = 5;
const lockMs = 15 * 60_000;
const periodMs = 30_000;

/** RFC 6238 as better-auth makes it: SHA-1, 30 s, six digits, the secret's text as the key. */
const codeAt = (secret: string, counter: number): string => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(counter));
  const mac = createHmac('sha1', secret).update(bytes).digest();
  return String((mac.readUInt32BE((mac.at(-1) ?? 0) & 15) & 0x7fffffff) % 1_000_000).padStart(6, '0');
};

type Person = Pick<StaffAccount, 'userId' | 'username' | 'roles' | 'demo' | 'twoFactor'>;

/** Accounts of the sample city work without a second factor, here as at sign-in; no real account does. */
const needsNone = (person: Person): boolean => person.demo && !person.twoFactor;

const secretOf = async (auth: Auth, person: Person): Promise<string> => {
  const context = await auth.$context;
  const row = await context.adapter.findOne<{ secret: string; verified: boolean | null }>({
    model: 'twoFactor',
    where: [{ field: 'userId', value: person.userId }],
  });
  if (row === null || !person.twoFactor)
    return fail('auth.two-factor', '', '请先绑定动态口令。', '打开“动态口令”页，用手机验证器扫码绑定。');
  return await symmetricDecrypt({ key: context.secretConfig, data: row.secret });
};

/**
 * Throws `auth.code` for a wrong, old or used code and `limit.step-up` after five in a row. The step before and after count too: clocks of phones differ.
 */
export const checkCode = async (auth: Auth, db: Db, person: Person, given: string | null, now: Date): Promise<void> => {
  if (needsNone(person)) return;
  const key = `step-up:${person.userId}`;
  const until = await lockedUntil(db, key, now);
  if (until !== null) fail('limit.step-up', '', '动态口令试错次数太多，暂时锁定。', '请 15 分钟后再试，或请系统管理员重置。');
  const code = (given ?? '').replaceAll(/\s/g, '');
  if (code === '') fail('auth.step-up', '/code', '这一步要当场验证动态口令。', '请输入手机验证器上当前的六位数字。');
  const secret = await secretOf(auth, person);
  const counter = Math.floor(now.getTime() / periodMs);
  const fits = [counter - 1, counter, counter + 1].some((at) => codeAt(secret, at) === code);
  if (fits && (await useCode(db, person.userId, tokenHash(`${person.userId}:${code}`), now))) return await clearFailures(db, key);
  if (await countFailure(db, key, wrongCodes, lockMs, now))
    await transaction(db, (tx) =>
      audit(tx, {
        actor: person.userId,
        role: person.roles.join(','),
        action: 'account.lock',
        objectKind: 'account',
        objectId: person.userId,
        at: now,
      }),
    );
  fail('auth.code', '/code', '动态口令不对、已过期或已经用过。', '请输入验证器上当前的六位数字；同一个口令只能用一次。');
};

type Signed = Person & { readonly sessionId: string };

/** Notes that the session's person has just shown the second factor. Returns until when it holds. */
export const stepUp = async (auth: Auth, db: Db, staff: Signed, code: string, now: Date): Promise<Date> => {
  await checkCode(auth, db, staff, code, now);
  await transaction(db, async (tx) => {
    await setStepUp(tx, staff.sessionId, staff.userId, now);
    await audit(tx, {
      actor: staff.userId,
      role: staff.roles.join(','),
      action: 'account.step-up',
      objectKind: 'account',
      objectId: staff.userId,
      at: now,
    });
  });
  return new Date(now.getTime() + stepUpMinutes * 60_000);
};

/** `auth.step-up` unless the session's person showed the second factor within the last minutes. */
export const requireStepUp = async (db: Db, staff: Signed, now: Date): Promise<void> => {
  if (needsNone(staff)) return;
  const at = await lastStepUp(db, staff.sessionId, staff.userId);
  const age = at === null ? Number.POSITIVE_INFINITY : now.getTime() - at.getTime();
  if (age < 0 || age > stepUpMinutes * 60_000)
    fail('auth.step-up', '', '这一步要当场验证动态口令。', `请先验证（POST /api/session/step-up），${stepUpMinutes} 分钟内有效。`);
};
