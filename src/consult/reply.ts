// Answering whoever called or came: under the work order the answer was asked for, within its term, and kept in the words that were said.
import { createHash } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import { addWorkingDays, type Day, type WorkingCalendar } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Tx } from '../db/handle.ts';
import type { LookPurpose } from './consult.ts';
import { lookReasons } from './consult.ts';
import { insertReply } from './reply-store.ts';

/** Where the work order names no day of its own: what most hotlines give a department for a question. */
const usualDays = 5;

/** null: the official calendar does not reach that far. */
export const replyDue = (receivedOn: Day, calendar: WorkingCalendar): Day | null => addWorkingDays(receivedOn, usualDays, calendar);

export interface Replying {
  readonly subjectId: string;
  readonly itemId: string | null;
  readonly purpose: LookPurpose;
  readonly text: string;
  readonly receivedOn: Day;
  readonly dueOn: Day | null;
  /** How many answers to this order whoever answers has seen. */
  readonly seen: number;
  readonly actor: { readonly id: string; readonly role: string };
  readonly today: Day;
  readonly now: Date;
}

/** Returns which answer to the order it is. Throws `input.*`; `conflict.replied` where somebody else has answered the order meanwhile. */
export const reply = async (tx: Tx, ask: Replying): Promise<number> => {
  const text = ask.text.trim();
  if (text.length < 10 || text.length > 4_000) fail('input.text', '/text', '请写明怎样答复的。', '10 到 4000 个字；可以照页面上拟好的改。');
  if (ask.receivedOn > ask.today) fail('input.value', '/receivedOn', '收到的日子在今天之后。', `最晚填 ${ask.today}。`);
  if (ask.dueOn !== null && ask.dueOn < ask.receivedOn) fail('input.value', '/dueOn', '期限在收到之前。', '照工单上写的办结时限填。');
  const { subjectId, itemId, purpose, receivedOn, dueOn, actor, now } = ask;
  const one = {
    subjectId,
    order: purpose.order,
    ordinal: ask.seen + 1,
    itemId,
    text,
    receivedOn,
    dueOn,
    repliedBy: actor.id,
    role: actor.role,
    at: now,
  };
  if (!(await insertReply(tx, one)))
    fail('conflict.replied', purpose.order, '这张工单刚有人答复过，没有再记一次。', '先看那次怎样答复的，要补充再记。');
  const after = { order: purpose.order, ordinal: one.ordinal, item: itemId, receivedOn, dueOn, late: dueOn !== null && ask.today > dueOn };
  const sha256 = createHash('sha256').update(text).digest('hex');
  const entry = { action: 'call.reply', objectKind: 'subject', objectId: subjectId, after: { ...after, sha256 } };
  await audit(tx, { actor: actor.id, role: actor.role, ...entry, reason: `${lookReasons[purpose.reason]} ${purpose.order}`, at: now });
  return one.ordinal;
};
