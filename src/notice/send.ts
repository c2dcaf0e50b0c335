// The step that sends: claim (a short transaction) → hand to the mail server (no transaction open) → record. Killed anywhere, a notice is sent at
// least once and always under the same Message-ID; nothing stays in `sending`, the sweep puts it back.
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, transaction } from '../db/handle.ts';
import { isRestoring } from '../db/restored.ts';
import { type Answer, type Channel, type Notice, patienceMs, pauseAfter } from './notice.ts';
import { claimDue, recordTry, sweep } from './store.ts';

export interface SendOptions {
  readonly channel: Channel;
  /** The clock: tries take time, and pauses count from their end. */
  readonly clock: () => Date;
  /** How many are claimed and in the air at once; default 20. */
  readonly batch?: number;
  /** How long a claim holds, longer than any try can take; default 10 minutes. */
  readonly leaseMs?: number;
  /** Stop after so many notices; default all that are due. */
  readonly limit?: number;
  readonly at?: Failpoint;
}

export interface SendReport {
  readonly sent: number;
  readonly retried: number;
  readonly bounced: number;
  readonly dead: number;
  readonly swept: number;
}

export const send = async (db: Db, options: SendOptions): Promise<SendReport> => {
  const at = options.at ?? nowhere;
  const batch = options.batch ?? 20;
  const tally = { sent: 0, retried: 0, bounced: 0, dead: 0, swept: 0 };
  if (await isRestoring(db)) return tally;
  tally.swept = await transaction(db, (tx) => sweep(tx, options.clock()));
  for (let left = options.limit ?? Number.POSITIVE_INFINITY; left > 0; ) {
    const now = options.clock();
    const claimed = await transaction(db, (tx) =>
      claimDue(tx, Math.min(batch, left), now, new Date(now.getTime() + (options.leaseMs ?? 600_000))),
    );
    await at('send.after-claim');
    const ends = await Promise.all(claimed.map((notice) => trySend(db, notice, options, at)));
    for (const end of ends) if (end !== null) tally[end] += 1;
    left -= claimed.length;
    if (claimed.length < batch) break;
  }
  return tally;
};

type End = 'sent' | 'retried' | 'bounced' | 'dead';

/** null: the claim had lapsed, another process answers for this notice. */
const trySend = async (db: Db, notice: Notice, options: SendOptions, at: Failpoint): Promise<End | null> => {
  const answer = await options.channel.send({
    messageId: notice.messageId,
    to: notice.address ?? '',
    subject: notice.subject,
    text: notice.body,
  });
  await at('send.after-handover');
  const now = options.clock();
  const { to, end, nextAt } = verdictOf(notice, answer, now);
  const why = answer.kind === 'sent' ? {} : { why: answer.why };
  const kept = await transaction(db, (tx) => recordTry(tx, notice, to, { at: now, ...(nextAt === null ? {} : { nextAt }), ...why }));
  await at('send.after-record');
  return kept ? end : null;
};

/** What a channel's answer means for the notice. Pure. */
export const verdictOf = (
  notice: Pick<Notice, 'attempts' | 'firstTriedAt'>,
  answer: Answer,
  now: Date,
): { readonly to: 'sent' | 'bounced' | 'dead' | 'pending'; readonly end: End; readonly nextAt: Date | null } => {
  if (answer.kind === 'sent') return { to: 'sent', end: 'sent', nextAt: null };
  if (answer.kind === 'refused') return { to: 'bounced', end: 'bounced', nextAt: null };
  const nextAt = new Date(now.getTime() + (answer.afterMs ?? pauseAfter(notice.attempts)));
  const first = notice.firstTriedAt ?? now;
  if (nextAt.getTime() - first.getTime() > patienceMs) return { to: 'dead', end: 'dead', nextAt: null };
  return { to: 'pending', end: 'retried', nextAt };
};
