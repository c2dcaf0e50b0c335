// Another link, asked for by whoever holds one that no longer opens: a mail of its own, to the address the first one went to and to no other, and only while that is
// still the person's address. A notice like any other: it has its tries, its bounce and its place in the trail; where it cannot be delivered it goes no other way.
import { randomUUID } from 'node:crypto';
import { civilDay, type Day } from '../base/day.ts';
import type { Tx } from '../db/handle.ts';
import type { Item } from '../policy/item.ts';
import { waivedDays } from '../policy/life.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import { linksSentSince, lockAsking } from './again-store.ts';
import { aroundOf } from './around.ts';
import { newCheckCode } from './check-code.ts';
import type { Told } from './field.ts';
import type { Notice } from './notice.ts';
import { insertNotices } from './store.ts';
import { render } from './template.ts';
import { templates } from './template-table.ts';

const minute = 60_000;
/** Not within so long of the last one, and not more of them a day. */
export const againAfterMs = 10 * minute;
export const mostAgain = 3;
/** Older notices are looked up by signing in. */
const longestMs = 90 * 24 * 60 * minute;

/** What the asking comes to; only the trail tells them apart, never the page. */
export type Again = { readonly sent: string } | { readonly sent: null; readonly why: string };

const no = (why: string): Again => ({ sent: null, why });

/** `person`: as the registers have them today; `guesses`: wrong ones at this person's links of late. */
export const sendLinkAgain = async (
  tx: Tx,
  ask: {
    readonly notice: Notice;
    readonly item: Item | undefined;
    readonly person: ResolvedRecord | undefined;
    readonly guesses: (tx: Tx) => Promise<boolean>;
    readonly now: Date;
    readonly today?: Day;
  },
): Promise<Again> => {
  const { notice, item, person, now } = ask;
  const way = notice.ways[notice.way];
  if (!notice.entry || way?.channel !== 'mail' || way.address === null) return no('这份告知不是用邮件发的');
  if (notice.state !== 'sent' && notice.state !== 'delivered') return no('邮件没有送到');
  if (now.getTime() - notice.createdAt.getTime() > longestMs) return no('告知太早');
  if (item === undefined || person === undefined) return no('事项或登记已经没有');
  const around = await aroundOf(tx, [item.authority], [person]);
  const to = around.reader(person, notice.division);
  if (to.instead !== undefined) return no('本人已经去世');
  if (to.reach.email !== way.address) return no('登记的邮箱已经换了');
  await lockAsking(tx, notice.subjectId);
  if (await ask.guesses(tx)) return no('后四位猜错的次数太多');
  const sent = await linksSentSince(tx, notice.subjectId, new Date(now.getTime() - 24 * 60 * minute));
  if (sent.length >= mostAgain) return no('一天三次已经用完');
  if (sent[0] !== undefined && now.getTime() - sent[0].getTime() < againAfterMs) return no('刚刚发过');
  const [id, code] = [randomUUID(), newCheckCode()];
  const { document, clause } = item.basis;
  const told: Told = {
    ...{ name: person.name, title: item.title, authority: item.authority, document, clause, audience: item.audience },
    ...{
      kind: 'first' as const,
      periodKey: '',
      amountFen: null,
      lines: 1,
      account: null,
      dueOn: null,
      gaps: [],
      ahead: [],
      missing: [],
      waivedDays: waivedDays(item),
    },
  };
  const { wording, content } = around.wording(item, 'link');
  const text = render('link', told, { office: around.office(item.authority), code, issuedOn: civilDay(now) }, content);
  const { subjectId, itemId, authority, division, matchId } = notice;
  const domain = notice.messageId.slice(notice.messageId.indexOf('@'));
  const made = {
    id,
    dedupe: `link:${id}`,
    subjectId,
    itemId,
    authority,
    division,
    matchId,
    template: 'link',
    duty: templates.link.duty,
  } as const;
  const rest = { entry: true, wording, ...text, code, amountFen: null, messageId: `${id}${domain}`, disbursementIds: [], owedIds: [] };
  await insertNotices(tx, [{ ...made, ...rest, ways: [way] }], now);
  return { sent: id };
};
