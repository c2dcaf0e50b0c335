// One-time links in notices: short life, single use, kept as a hash. The token is an HMAC of the row's id under a key of ours, so a notice that is sent a
// second time carries the same link, and nothing at rest opens a door. Opening shows nothing of anybody: mail scanners follow links too. The last four of
// the identity number or code let in; five wrong guesses end the link.
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { subjectsOf } from '../record/view-store.ts';
import { vaultOf } from '../vault/hold.ts';
import { type EntryLink, linkByToken, linkOfNotice, lockLink, markLink } from './store.ts';
import { comeIn, hashOf, powersOf } from './visitor.ts';

export const linkHours = 72;
const mostGuesses = 5;

const tokenOf = (reader: Db | Tx, id: string): string =>
  createHmac('sha256', vaultOf(reader).derive('entry-link')).update(id).digest('base64url').slice(0, 32);

/** The path of the notice's link, the same each time; made with its first sending, from which its life counts. */
export const linkPath = async (
  tx: Tx,
  notice: { readonly noticeId: string; readonly register: string; readonly subjectId: string },
  now: Date,
): Promise<string> => {
  const expiresAt = new Date(now.getTime() + linkHours * 3_600_000);
  const { id } = await linkOfNotice(tx, notice, (one) => hashOf(tokenOf(tx, one)), randomUUID(), now, expiresAt);
  return `/l/${tokenOf(tx, id)}`;
};

const gone = (): never =>
  fail(
    'missing.link',
    '',
    '这个链接已经用过、过期或不存在。',
    '请用统一身份认证登录查看；也可以凭告知上的核验码或电话联系发出告知的部门。',
  );

/** A link that can still be used; `missing.link` otherwise, the same words for used, old, dead and never made. */
export const openLink = async (db: Db, token: string, now: Date): Promise<EntryLink> => {
  const link = /^[\w-]{32}$/.test(token) ? await linkByToken(db, hashOf(token)) : null;
  return link !== null && link.usedAt === null && link.expiresAt > now ? link : gone();
};

const same = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** Uses the link up and begins a visit for its subject. Throws `auth.last-four` for wrong digits and `missing.link`. Returns the visit's token. */
export const redeemLink = async (db: Db, token: string, lastFour: string, now: Date): Promise<string> => {
  await openLink(db, token, now);
  const given = lastFour.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase();
  const begun = await transaction(db, async (tx) => {
    const link = await lockLink(tx, hashOf(token));
    if (link === null || link.usedAt !== null || link.expiresAt <= now) return gone();
    const subject = (await subjectsOf(tx, [link.subjectId])).get(link.subjectId);
    if (subject === undefined) return gone();
    if (!same(given, subject.key.slice(-4))) {
      const failures = link.failures + 1;
      const dead = failures >= mostGuesses;
      await markLink(tx, link.id, { usedAt: dead ? now : null, failures });
      if (dead)
        await audit(tx, { actor: 'link', role: 'public', action: 'link.dead', objectKind: 'notice', objectId: link.noticeId, at: now });
      return null;
    }
    await markLink(tx, link.id, { usedAt: now, failures: link.failures });
    const acting = { register: link.register, subjectId: link.subjectId, as: 'link', powers: powersOf('link') } as const;
    return await comeIn(tx, { way: 'link', personId: null, personName: null, acting, now });
  });
  return (
    begun ??
    fail('auth.last-four', '/lastFour', '后四位不对。', '请输入告知对象的身份证号码（单位：统一社会信用代码）后四位；连错五次链接失效。')
  );
};
