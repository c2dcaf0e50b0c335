// The step that sends: claim (a short transaction) → hand over (no transaction open) → record. One lane per channel, each with its pace and its quiet hours.
// Killed anywhere, a notice is sent at least once and always under the same Message-ID; nothing stays in `sending`, the sweep puts it back.
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { isRestoring } from '../db/restored.ts';
import { type Answer, type Channel, isMailable, type Notice, patienceMs, pauseAfter, type SendingChannel } from './notice.ts';
import { isQuiet, type QuietHours } from './quiet.ts';
import { claimDue, type Ended, type Ending, recordTries, sweep } from './send-store.ts';
import { withEntry } from './template.ts';

/** A link that lets the person in, and what its page will ask for. */
export interface Entry {
  readonly url: string;
  /** 身份证号码 or 统一社会信用代码. */
  readonly asks: string;
}

export interface Lane {
  readonly channel: Channel;
  /** Draws a link for each notice that may carry one, in the transaction that claims them; absent: messages over this channel hold none. */
  readonly entries?: (tx: Tx, notices: readonly Notice[], now: Date) => Promise<ReadonlyMap<string, Entry>>;
  /** At most so many tries in any minute, over all processes; absent: as many as there are. */
  readonly perMinute?: number;
  /** Nobody is disturbed then; what falls due waits for the morning. */
  readonly quiet?: QuietHours;
  /** The trial: everything goes to these of the staff instead, and counts for nobody as told. Empty: nothing goes out over this channel. */
  readonly trial?: readonly string[];
}

export type Lanes = Readonly<Partial<Record<SendingChannel, Lane>>>;

export interface SendOptions {
  readonly lanes: Lanes;
  /** The clock: tries take time, and pauses count from their end. */
  readonly clock: () => Date;
  /** How many are claimed and in the air at once over one channel; default 20. */
  readonly batch?: number;
  /** How long a claim holds, longer than any try can take; default 10 minutes. */
  readonly leaseMs?: number;
  /** Stop after so many notices over one channel; default all that are due. */
  readonly limit?: number;
  readonly at?: Failpoint;
}

type End = 'sent' | 'retried' | 'bounced' | 'dead' | 'trial';

/** `bounced` and `dead` count ways that failed: most notices then go on to their next way. */
export type SendReport = Readonly<Record<End | 'swept', number>>;

export const send = async (db: Db, options: SendOptions): Promise<SendReport> => {
  const tally = { sent: 0, retried: 0, bounced: 0, dead: 0, trial: 0, swept: 0 };
  if (await isRestoring(db)) return tally;
  tally.swept = await transaction(db, (tx) => sweep(tx, options.clock()));
  const lanes = Object.entries(options.lanes) as [SendingChannel, Lane][];
  await Promise.all(
    lanes.map(([name, lane]) =>
      drain(db, name, lane, options, (end) => {
        tally[end] += 1;
      }),
    ),
  );
  return tally;
};

const drain = async (db: Db, name: SendingChannel, lane: Lane, options: SendOptions, count: (end: End) => void): Promise<void> => {
  const batch = options.batch ?? 20;
  if (lane.trial?.length === 0) return;
  const note = openRecorder(db, options.clock);
  for (let left = options.limit ?? Number.POSITIVE_INFINITY; left > 0; ) {
    const now = options.clock();
    if (lane.quiet !== undefined && isQuiet(lane.quiet, now)) return;
    const claim = {
      channel: name,
      limit: Math.min(batch, left),
      now,
      until: new Date(now.getTime() + (options.leaseMs ?? 600_000)),
      ...(lane.perMinute === undefined ? {} : { perMinute: lane.perMinute }),
      trial: lane.trial !== undefined,
    };
    const claimed = await transaction(db, async (tx) => {
      const notices = await claimDue(tx, claim);
      // Staff who are sent a trial get no key to somebody's door.
      const wanting = lane.trial === undefined ? notices.filter((one) => one.entry) : [];
      const entries = wanting.length === 0 ? undefined : await lane.entries?.(tx, wanting, now);
      return notices.map((notice) => ({ notice, entry: entries?.get(notice.id) ?? null }));
    });
    if (claimed.length === 0) return;
    await options.at?.('send.after-claim');
    const ends = await Promise.all(claimed.map((one) => trySend(one, lane, options, note)));
    for (const end of ends) if (end !== null) count(end);
    left -= claimed.length;
  }
};

/** Writes down how a try ended; false where the claim had lapsed. */
type Note = (ended: Ended) => Promise<boolean>;

/** Each end is written down at once, or, while others are being written, together with all that come in meanwhile: a transaction each would take longer than the mail. */
const openRecorder = (db: Db, clock: () => Date): Note => {
  let waiting: { readonly ended: Ended; readonly resolve: (kept: boolean) => void; readonly reject: (error: unknown) => void }[] = [];
  let busy = false;
  const flush = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) {
      const together = waiting;
      waiting = [];
      try {
        const kept = await transaction(db, (tx) =>
          recordTries(
            tx,
            together.map((one) => one.ended),
            clock(),
          ),
        );
        for (const { ended, resolve } of together) resolve(kept.has(ended.claimed.id));
      } catch (error) {
        for (const { reject } of together) reject(error);
      }
    }
    busy = false;
  };
  return (ended) =>
    new Promise((resolve, reject) => {
      waiting.push({ ended, resolve, reject });
      if (!busy) void flush();
    });
};

interface Claimed {
  readonly notice: Notice;
  readonly entry: Entry | null;
}

const trialMark = '【试发】';

/** null: the claim had lapsed, another process answers for this notice. */
const trySend = async ({ notice, entry }: Claimed, lane: Lane, options: SendOptions, note: Note): Promise<End | null> => {
  const at = options.at ?? nowhere;
  const { messageId, subject, short } = notice;
  const text = entry === null ? notice.body : withEntry(notice.body, entry);
  const answers: Answer[] = [];
  if (lane.trial === undefined) answers.push(await lane.channel.send({ messageId, to: notice.address ?? '', subject, text, short }));
  else
    for (const [i, to] of lane.trial.entries())
      answers.push(
        await lane.channel.send({
          // Another mail than the one the person will get: no server may take that for a copy.
          messageId: `trial-${i}.${messageId}`,
          to,
          subject: `${trialMark}${subject}`,
          text: `${trialMark}\n${text}`,
          short: `${trialMark}${short}`,
        }),
      );
  await at('send.after-handover');
  const now = options.clock();
  const answer = answers.find((one) => one.kind !== 'sent') ?? { kind: 'sent' as const };
  const { end, ending } = lane.trial === undefined ? verdictOf(notice, answer, now) : trialOf(notice, answer, now);
  const kept = await note({ claimed: notice, ending });
  await at('send.after-record');
  return kept ? end : null;
};

interface Verdict {
  readonly end: End;
  readonly ending: Ending;
}

/** What a channel's answer means for the notice, over the way it stands at. Pure. */
export const verdictOf = (notice: Pick<Notice, 'tried' | 'firstTriedAt'>, answer: Answer, now: Date): Verdict => {
  if (answer.kind === 'sent') return { end: 'sent', ending: { to: 'sent' } };
  const { why } = answer;
  if (answer.kind === 'refused') return { end: 'bounced', ending: { to: 'bounced', why } };
  const nextAt = new Date(now.getTime() + (answer.afterMs ?? pauseAfter(notice.tried)));
  const first = notice.firstTriedAt ?? now;
  if (nextAt.getTime() - first.getTime() > patienceMs) return { end: 'dead', ending: { to: 'dead', why } };
  return { end: 'retried', ending: { to: 'pending', nextAt, why } };
};

/** Whatever becomes of what staff are sent, the person's notice waits for the end of the trial. */
const trialOf = (notice: Notice, answer: Answer, now: Date): Verdict =>
  answer.kind === 'sent'
    ? { end: 'trial', ending: { to: 'trial' } }
    : { end: 'retried', ending: { to: 'pending', nextAt: new Date(now.getTime() + pauseAfter(notice.tried)), why: answer.why } };

/** Of the addresses a trial names, those a channel can carry: mailboxes for mail, numbers for messages. */
export const trialFor = (channel: SendingChannel, addresses: readonly string[]): readonly string[] =>
  addresses.filter((one) => isMailable(one) === (channel === 'mail'));
