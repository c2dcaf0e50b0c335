// One-time links in mails: short life, single use, kept as a hash. The token is drawn when the mail is sent and stands in that mail alone, so nothing at rest
// opens a door; a mail that is sent again carries another, and whichever of them is used first closes them all. Opening shows nothing of anybody: mail scanners
// follow links too. The last four of the identity number or code let in; five wrong guesses, over all links of a notice together, end them.
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { subjectsOf } from '../record/view-store.ts';
import { closeLinks, type EntryLink, guessesSince, insertLinks, linkByToken, lockLinks, noteWrongGuess } from './store.ts';
import { comeIn, hashOf, powersOf } from './visitor.ts';

export const linkHours = 72;
const mostGuesses = 5;

export interface NewLink {
  /** `/l/…`, to put behind the address of the portal. */
  readonly path: string;
  /** What the last four are asked of. */
  readonly register: string;
}

/** A link for each of these notices, by the notice's id; a notice whose subject no register has any more gets none. */
export const mintLinks = async (
  tx: Tx,
  notices: readonly { readonly id: string; readonly subjectId: string }[],
  now: Date,
): Promise<ReadonlyMap<string, NewLink>> => {
  const subjects = await subjectsOf(
    tx,
    notices.map((one) => one.subjectId),
  );
  const made = notices.flatMap(({ id: noticeId, subjectId }) => {
    const register = subjects.get(subjectId)?.register;
    return register === undefined ? [] : [{ noticeId, subjectId, register, token: randomBytes(24).toString('base64url') }];
  });
  const rows = made.map(({ token, ...one }) => ({ ...one, tokenHash: hashOf(token) }));
  await insertLinks(tx, rows, now, new Date(now.getTime() + linkHours * 3_600_000));
  return new Map(made.map(({ noticeId, register, token }) => [noticeId, { path: `/l/${token}`, register }]));
};

/** Whose link this was, also where it opens nothing any more; null: nobody made it. */
export const whoseLink = async (db: Db, token: string): Promise<EntryLink | null> =>
  /^[\w-]{32}$/.test(token) ? await linkByToken(db, hashOf(token)) : null;

const guessDays = 30;
/** Wrong digits enough of late at this person's links together: no more of them are sent, whoever asks. */
export const guessedOut = async (tx: Tx, subjectId: string, now: Date): Promise<boolean> =>
  (await guessesSince(tx, subjectId, new Date(now.getTime() - guessDays * 86_400_000))) >= mostGuesses;

const gone = (): never =>
  fail('missing.link', '', '这个链接已经用过、过期或不存在。', '请用统一身份认证登录查看；也可以打告知上的电话，或凭查验码到办事窗口问。');

/** A link that can still be used; `missing.link` otherwise, the same words for used, old, dead and never made. */
export const openLink = async (db: Db, token: string, now: Date): Promise<EntryLink> => {
  const link = await whoseLink(db, token);
  return link !== null && link.usedAt === null && link.expiresAt > now ? link : gone();
};

const same = (a: string, b: string): boolean => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

/** Uses the notice's links up and begins a visit for its subject. Throws `auth.last-four` for wrong digits and `missing.link`. */
export const redeemLink = async (
  db: Db,
  token: string,
  lastFour: string,
  now: Date,
): Promise<{ readonly visit: string; readonly noticeId: string }> => {
  const { noticeId } = await openLink(db, token, now);
  const given = lastFour.normalize('NFKC').replaceAll(/\s/g, '').toUpperCase();
  const visit = await transaction(db, async (tx) => {
    const links = await lockLinks(tx, hashOf(token));
    const link = links.find((one) => one.tokenHash === hashOf(token));
    if (link === undefined || link.usedAt !== null || link.expiresAt <= now) return gone();
    const subject = (await subjectsOf(tx, [link.subjectId])).get(link.subjectId);
    if (subject === undefined) return gone();
    if (!same(given, subject.key.slice(-4))) {
      await noteWrongGuess(tx, link.id);
      if (links.reduce((sum, one) => sum + one.failures, 1) >= mostGuesses) {
        await closeLinks(tx, noticeId, now);
        await audit(tx, { actor: 'link', role: 'public', action: 'link.dead', objectKind: 'notice', objectId: noticeId, at: now });
      }
      return null;
    }
    await closeLinks(tx, noticeId, now);
    const acting = { register: link.register, subjectId: link.subjectId, as: 'link', powers: powersOf('link') } as const;
    return await comeIn(tx, { way: 'link', personId: null, personName: null, acting, now });
  });
  if (visit !== null) return { visit, noticeId };
  return fail('auth.last-four', '/lastFour', '后四位不对。', '请输入身份证号码（单位：统一社会信用代码）的后四位；连错五次链接失效。');
};
