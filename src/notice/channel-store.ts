// How the channels stand, and notices that ended without reaching anybody put back to their first way by a person. Hand-written SQL.
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import type { NoticeState, SendingChannel } from './notice.ts';
import { type Actor, record } from './send-store.ts';
import { columnsOf, type NoticeRow, opened, scoped, sealAddress } from './store.ts';

export interface ChannelStanding {
  readonly channel: SendingChannel;
  /** When the last message left over it. */
  readonly lastSentAt: Date | null;
  readonly lastFailedAt: Date | null;
  /** Due now, due later, and in the air. */
  readonly due: number;
  readonly later: number;
  readonly sending: number;
}

/** Of the whole house: a channel has no division. */
export const channelStandings = async (reader: Db | Tx, now: Date): Promise<readonly ChannelStanding[]> =>
  await rawSql(reader)<ChannelStanding[]>`
    select c.channel,
      (select max(t.at) from notice_try t where t.channel = c.channel and t.outcome = 'sent') as "lastSentAt",
      (select max(t.at) from notice_try t where t.channel = c.channel and t.outcome in ('retry', 'refused', 'bounced', 'stranded')) as "lastFailedAt",
      count(n.id) filter (where n.state = 'pending' and n.next_at <= ${now})::int as due,
      count(n.id) filter (where n.state = 'pending' and n.next_at > ${now})::int as later,
      count(n.id) filter (where n.state = 'sending')::int as sending
    from (values ('mail'), ('sms')) as c(channel)
    left join notice n on n.state in ('pending', 'sending') and (n.channel = c.channel or c.channel = 'mail' and n.channel = 'outbox')
    group by c.channel order by c.channel`;

/** Notices that reached nobody, within the scope. */
export const countLost = async (reader: Db | Tx, scope: Scope): Promise<number> => {
  const sql = rawSql(reader);
  const [row] = await sql<{ n: number }[]>`
    select count(*)::int as n from notice n where n.state in ('dead', 'bounced') ${inScope(sql, scope, scoped)}`;
  return row?.n ?? 0;
};

const lost: readonly NoticeState[] = ['dead', 'bounced'];

/** Back to its first way, tried afresh; the attempts go on counting. Throws `missing.notice`, `conflict.notice` where it reached somebody meanwhile. */
export const sendAgain = async (
  tx: Tx,
  ask: { readonly id: string; readonly scope: Scope; readonly reason: string },
  actor: Actor,
  at: Date,
): Promise<void> => {
  const sql = rawSql(tx);
  const rows = await sql<NoticeRow[]>`
    select ${columnsOf(sql)} from notice n where n.id = ${ask.id} ${inScope(sql, ask.scope, scoped)} for update of n`;
  const notice = opened(tx, rows)[0] ?? fail('missing.notice', ask.id, '没有这封告知，或者不在您的范围内。', '从列表进入。');
  if (!lost.includes(notice.state)) fail('conflict.notice', ask.id, '这封告知已经在发或者已经送到。', '看它现在的状态。');
  const first = notice.ways[0] ?? fail('internal.notice', ask.id, '这封告知没有送达方式。', '请联系系统管理员。');
  const to: NoticeState = first.channel === 'inbox' ? 'sent' : 'pending';
  await sql`
    update notice set state = ${to}, way = 0, channel = ${first.channel}, address = ${sealAddress(tx, notice.id, first.address)}, tried = 0,
      first_tried_at = null, next_at = ${at}, last_error = null, sent_at = ${to === 'sent' ? at : null} where id = ${notice.id}`;
  await record(tx, [{ notice, to, outcome: 'again', why: ask.reason }], actor, at);
  if (to === 'pending') await sql`select pg_notify('notice_due', '')`;
};
