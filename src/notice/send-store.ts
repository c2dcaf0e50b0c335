// Sending in the database: claims, how each try ended, what is heard later. Hand-written SQL: claims take different rows in different processes (SKIP LOCKED),
// a claim is fenced by its number of attempts, and everything a row is judged by stands in the row that is locked.
import { auditAll } from '../audit/audit.ts';
import { rawSql, type Tx } from '../db/handle.ts';
import { type Notice, type NoticeState, nextWay, type SendingChannel } from './notice.ts';
import { columnsOf, type NoticeRow, opened, sealAddress } from './store.ts';

export type Outcome =
  | 'claimed'
  | 'sent'
  | 'retry'
  | 'refused'
  | 'trial'
  | 'delivered'
  | 'bounced'
  | 'opened'
  | 'unopened'
  | 'ticked'
  | 'stranded'
  | 'again';

export interface Actor {
  readonly id: string;
  readonly role: string;
}

const machine: Actor = { id: 'step:send', role: 'system' };

interface Change {
  readonly notice: Pick<Notice, 'id' | 'attempts' | 'channel' | 'state'>;
  readonly to: NoticeState;
  readonly outcome: Outcome;
  readonly why?: string | null;
}

/** Every change with its row among the tries and in the trail. */
export const record = async (tx: Tx, changes: readonly Change[], actor: Actor, at: Date): Promise<void> => {
  if (changes.length === 0) return;
  const tries = changes.map(({ notice, outcome, why }) => ({
    n: notice.id,
    a: notice.attempts,
    c: notice.channel,
    o: outcome,
    w: why ?? null,
  }));
  await rawSql(tx)`
    insert into notice_try (notice_id, attempt, channel, outcome, why, at)
    select n, a, c, o, w, ${at} from jsonb_to_recordset(${JSON.stringify(tries)}::text::jsonb) as x(n uuid, a int, c text, o text, w text)`;
  await auditAll(
    tx,
    changes.map(({ notice, to, why }) => ({
      at,
      actor: actor.id,
      role: actor.role,
      action: `notice.${to}`,
      objectKind: 'notice',
      objectId: notice.id,
      before: { state: notice.state, channel: notice.channel },
      after: { state: to },
      reason: why ?? null,
    })),
  );
};

export interface Claim {
  readonly channel: SendingChannel;
  readonly limit: number;
  readonly now: Date;
  /** When the claim lapses and the sweep may put it back. */
  readonly until: Date;
  /** So many in any minute, over all processes. */
  readonly perMinute?: number;
  /** Only what has not gone to staff yet. */
  readonly trial?: boolean;
}

/** Takes notices that are due over one channel and marks them as being sent; the attempts they come back with are the claim's token. */
export const claimDue = async (tx: Tx, claim: Claim): Promise<readonly Notice[]> => {
  const sql = rawSql(tx);
  const { now } = claim;
  let limit = claim.limit;
  if (claim.perMinute !== undefined) {
    // Who counts holds the lock until what it takes is counted, so several processes together keep to the limit.
    await sql`select pg_advisory_xact_lock(hashtext(${`notice.rate.${claim.channel}`}))`;
    const [row] = await sql<{ n: number }[]>`
      select count(*)::int as n from notice_try where channel = ${claim.channel} and outcome = 'claimed' and at > ${new Date(now.getTime() - 60_000)}`;
    limit = Math.min(limit, claim.perMinute - (row?.n ?? 0));
  }
  if (limit <= 0) return [];
  const channels = claim.channel === 'mail' ? ['mail', 'outbox'] : [claim.channel];
  const claimed = await sql<NoticeRow[]>`
    update notice n set state = 'sending', channel = ${claim.channel}, attempts = n.attempts + 1, tried = n.tried + 1, next_at = ${claim.until},
      first_tried_at = coalesce(n.first_tried_at, ${now})
    where n.id in (
      select id from notice where state = 'pending' and channel = any(${channels}::text[]) and address is not null and next_at <= ${now}
        ${claim.trial === true ? sql`and trialed_at is null` : sql``}
      order by next_at, id limit ${limit} for update skip locked)
    returning ${columnsOf(sql)}`;
  await record(
    tx,
    claimed.map((n) => ({ notice: { ...n, state: 'pending' }, to: 'sending', outcome: 'claimed' })),
    machine,
    now,
  );
  return opened(tx, claimed);
};

export type Ending =
  | { readonly to: 'sent' }
  | { readonly to: 'pending'; readonly nextAt: Date; readonly why: string }
  | { readonly to: 'bounced' | 'dead'; readonly why: string }
  /** It went to staff; the person is still to be told. */
  | { readonly to: 'trial' };

export interface Ended {
  readonly claimed: Notice;
  readonly ending: Ending;
}

/**
 * Writes down how claimed tries ended, those that were sent as a set: most are. Returns the ids of those that counted; where a claim had lapsed somebody else
 * has the notice, and their answer counts.
 */
export const recordTries = async (tx: Tx, ended: readonly Ended[], at: Date): Promise<ReadonlySet<string>> => {
  const sql = rawSql(tx);
  const locked = await sql<{ id: string }[]>`
    select n.id from unnest(${ended.map((one) => one.claimed.id)}::uuid[], ${ended.map((one) => one.claimed.attempts)}::int[]) as x(id, attempts)
    join notice n on n.id = x.id and n.attempts = x.attempts where n.state = 'sending' order by n.id for update of n`;
  const kept = new Set(locked.map((row) => row.id));
  const own = ended.filter((one) => kept.has(one.claimed.id));
  const sent = own.filter((one) => one.ending.to === 'sent').map((one) => one.claimed);
  if (sent.length > 0) {
    await sql`
      update notice set state = 'sent', next_at = ${at}, last_error = null, sent_at = ${at} where id = any(${sent.map((one) => one.id)}::uuid[])`;
    await record(
      tx,
      sent.map((notice) => ({ notice, to: 'sent', outcome: 'sent' })),
      machine,
      at,
    );
  }
  for (const { claimed, ending } of own) await putBack(tx, claimed, ending, at);
  return kept;
};

/** What is not sent waits, or goes on to its next way. */
const putBack = async (tx: Tx, claimed: Notice, end: Ending, at: Date): Promise<void> => {
  const sql = rawSql(tx);
  const change = { notice: claimed };
  switch (end.to) {
    case 'sent':
      return;
    case 'trial':
      await sql`update notice set state = 'pending', next_at = ${at}, trialed_at = ${at}, tried = 0, first_tried_at = null where id = ${claimed.id}`;
      return await record(tx, [{ ...change, to: 'pending', outcome: 'trial', why: '试发给工作人员' }], machine, at);
    case 'pending':
      await sql`update notice set state = 'pending', next_at = ${end.nextAt}, last_error = ${end.why} where id = ${claimed.id}`;
      return await record(tx, [{ ...change, to: 'pending', outcome: 'retry', why: end.why }], machine, at);
    default:
      return await goOn(tx, claimed, end.to, 'refused', end.why, machine, at);
  }
};

/**
 * A way has failed for good: the notice goes on to its next way, or ends as `otherwise` where it has none left. The caller holds the row's lock. Over a next
 * way it is tried afresh; the attempts go on counting, they are the fence.
 */
export const goOn = async (
  tx: Tx,
  notice: Notice,
  otherwise: 'bounced' | 'dead',
  outcome: Outcome,
  why: string,
  actor: Actor,
  at: Date,
): Promise<void> => {
  const sql = rawSql(tx);
  const next = nextWay(notice);
  if (next === null) {
    await sql`update notice set state = ${otherwise}, next_at = ${at}, last_error = ${why}, sent_at = null where id = ${notice.id}`;
    await record(tx, [{ notice, to: otherwise, outcome, why }], actor, at);
    return;
  }
  const to: NoticeState = next.channel === 'inbox' ? 'sent' : 'pending';
  await sql`
    update notice set state = ${to}, way = way + 1, channel = ${next.channel}, address = ${sealAddress(tx, notice.id, next.address)}, tried = 0,
      first_tried_at = null, next_at = ${at}, last_error = ${why}, sent_at = ${to === 'sent' ? at : null} where id = ${notice.id}`;
  await record(tx, [{ notice, to, outcome, why }], actor, at);
  if (to === 'pending') await sql`select pg_notify('notice_due', '')`;
};

/** Puts back what a process took and never answered for. The Message-ID stays, so a mail that did go out can be told as the same. */
export const sweep = async (tx: Tx, now: Date): Promise<number> => {
  const rows = await rawSql(tx)<{ id: string; attempts: number; channel: SendingChannel }[]>`
    update notice set state = 'pending', next_at = ${now}, last_error = '发送中断，重新发送'
    where id in (select id from notice where state = 'sending' and next_at < ${now} order by id for update skip locked)
    returning id, attempts, channel`;
  await record(
    tx,
    rows.map((row) => ({ notice: { ...row, state: 'sending' }, to: 'pending', outcome: 'stranded', why: '发送中断' })),
    machine,
    now,
  );
  return rows.length;
};
