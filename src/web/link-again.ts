// A link that no longer opens, and the button that asks for another. Whether there is anything to send is told to nobody: the page says the same of every link.
import { audit } from '../audit/audit.ts';
import { civilDay } from '../base/day.ts';
import { everything } from '../base/scope.ts';
import { transaction } from '../db/handle.ts';
import { sendLinkAgain } from '../notice/again.ts';
import { noticeById } from '../notice/store.ts';
import { contactReader } from '../record/contact-store.ts';
import { guessedOut, whoseLink } from '../visitor/link.ts';
import type { WebContext } from './context.ts';
import { itemsFor } from './items.ts';

/** Sends a new link to the address the old one went to, where that may be; a link nobody made changes nothing. */
export const askAgain = async (web: WebContext, token: string, now: Date): Promise<void> => {
  const link = await whoseLink(web.db, token);
  if (link === null) return;
  const notice = await noticeById(web.db, link.noticeId, everything);
  const item = (await itemsFor(web, everything)).find((one) => one.itemId === notice?.itemId)?.item;
  const read = contactReader(await web.catalogue(), civilDay(now));
  await transaction(web.db, async (tx) => {
    const [person] = await read(tx, link.register, { ids: [link.subjectId] }, ['deathDate']);
    const again =
      notice === null
        ? ({ sent: null, why: '告知已经没有' } as const)
        : await sendLinkAgain(tx, { notice, item, person, guesses: () => guessedOut(tx, link.subjectId, now), now });
    const what = { actor: 'link', role: 'public', action: 'link.again', objectKind: 'notice', objectId: link.noticeId, at: now } as const;
    await audit(tx, { ...what, after: { sent: again.sent }, ...(again.sent === null ? { reason: again.why } : {}) });
  });
};
