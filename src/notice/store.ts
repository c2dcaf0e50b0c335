// Notices: writing, claiming, recording, reading. Hand-written SQL: claims take different rows in different processes (SKIP LOCKED), a claim is
// fenced by its number of attempts, and reads are limited by scope in the query.
import { auditAll } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { type Page, pageOf, placeOf } from '../base/page.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import type { SealedColumn } from '../vault/column.ts';
import { vaultOf } from '../vault/hold.ts';
import { openText, sealText } from '../vault/text.ts';
import type { ChannelName, Notice, NoticeState, TemplateName } from './notice.ts';

/** Read with `opened`: address and body come out of it sealed. */
const columnsOf = (sql: Sql) => sql`
  n.id, n.subject_id as "subjectId", n.item_id as "itemId", n.authority, n.division, n.match_id as "matchId", n.template, n.channel, n.address,
  n.subject, n.body, n.amount_fen as "amountFen", n.state, n.attempts, n.next_at as "nextAt", n.first_tried_at as "firstTriedAt",
  n.message_id as "messageId", n.last_error as "lastError", n.created_at as "createdAt", n.sent_at as "sentAt"`;

const textPlace = (column: 'address' | 'body', id: string): readonly string[] => ['notice', column, id];

export const sealedNotices: readonly SealedColumn[] = (['address', 'body'] as const).map((column) => ({
  table: 'notice',
  column,
  title: column === 'address' ? '告知的地址' : '告知的正文',
  place: ({ id = '' }) => textPlace(column, id),
}));

/** Rows read by `columnsOf`, address and body open. */
const opened = (reader: Db | Tx, rows: readonly Notice[]): readonly Notice[] => {
  const vault = vaultOf(reader);
  return rows.map((n) => ({
    ...n,
    address: n.address === null ? null : openText(vault, n.address, textPlace('address', n.id)),
    body: openText(vault, n.body, textPlace('body', n.id)),
  }));
};

export interface NewNotice {
  readonly id: string;
  readonly dedupe: string;
  readonly subjectId: string;
  readonly itemId: string;
  readonly authority: string;
  readonly division: string | null;
  readonly matchId: string;
  readonly template: TemplateName;
  readonly channel: ChannelName;
  readonly address: string | null;
  readonly subject: string;
  readonly body: string;
  readonly amountFen: bigint | null;
  readonly messageId: string;
  readonly disbursementIds: readonly string[];
  /** The day the window opened which it belongs to. */
  readonly since?: Day | null;
  /** What it makes good. */
  readonly owedId?: string;
}

/** Writes notices with the records they speak of; one whose `dedupe` exists is left out, with its records. Returns the ids written. */
export const insertNotices = async (tx: Tx, notices: readonly NewNotice[], at: Date): Promise<ReadonlySet<string>> => {
  if (notices.length === 0) return new Set();
  const sql = rawSql(tx);
  const vault = vaultOf(tx);
  const rows = notices.map((n) => ({
    ...n,
    amountFen: n.amountFen === null ? null : String(n.amountFen),
    address: n.address === null ? null : sealText(vault, n.address, textPlace('address', n.id)),
    body: sealText(vault, n.body, textPlace('body', n.id)),
  }));
  const written = await sql<{ id: string }[]>`
    insert into notice (id, dedupe, subject_id, item_id, authority, division, match_id, template, channel, address, subject, body, amount_fen,
      state, next_at, message_id, created_at)
    select id, dedupe, "subjectId", "itemId", authority, division, "matchId", template, channel, address, subject, body, "amountFen",
      'pending', ${at}, "messageId", ${at}
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as x(id uuid, dedupe text, "subjectId" uuid, "itemId" text, authority text,
      division text, "matchId" uuid, template text, channel text, address text, subject text, body text, "amountFen" bigint, "messageId" text)
    order by dedupe on conflict (dedupe) do nothing returning id`;
  const ids = new Set(written.map((row) => row.id));
  const made = notices.filter((n) => ids.has(n.id));
  const lines = made.flatMap((n) =>
    n.disbursementIds.map((d) => ({ s: n.subjectId, d, t: n.template, n: n.id, since: n.since ?? '0001-01-01' })),
  );
  await sql`
    insert into notice_line (subject_id, disbursement_id, template, notice_id, since)
    select s, d, t, n, since from jsonb_to_recordset(${JSON.stringify(lines)}::text::jsonb) as x(s uuid, d uuid, t text, n uuid, since date)
    on conflict do nothing`;
  await auditAll(
    tx,
    made.map((n) => ({
      at,
      actor: 'step:tell',
      role: 'system',
      action: 'notice.tell',
      objectKind: 'notice',
      objectId: n.id,
      after: { matchId: n.matchId, template: n.template, channel: n.channel, disbursements: n.disbursementIds },
    })),
  );
  return ids;
};

interface Change {
  readonly id: string;
  readonly from: NoticeState;
  readonly to: NoticeState;
  readonly why?: string | null;
}

const record = (tx: Tx, changes: readonly Change[], actor: string, role: string, at: Date): Promise<void> =>
  auditAll(
    tx,
    changes.map((c) => ({
      at,
      actor,
      role,
      action: `notice.${c.to}`,
      objectKind: 'notice',
      objectId: c.id,
      before: { state: c.from },
      after: { state: c.to },
      reason: c.why ?? null,
    })),
  );

/** Takes notices that are due by mail and marks them as being sent until `until`; the attempts they come back with are the claim's token. */
export const claimDue = async (tx: Tx, limit: number, now: Date, until: Date): Promise<readonly Notice[]> => {
  const sql = rawSql(tx);
  const claimed = await sql<Notice[]>`
    update notice n set state = 'sending', channel = 'mail', attempts = n.attempts + 1, next_at = ${until}, first_tried_at = coalesce(n.first_tried_at, ${now})
    where n.id in (
      select id from notice where state = 'pending' and channel in ('mail', 'outbox') and address is not null and next_at <= ${now}
      order by next_at, id limit ${limit} for update skip locked)
    returning ${columnsOf(sql)}`;
  await record(
    tx,
    claimed.map((n) => ({ id: n.id, from: 'pending', to: 'sending' })),
    'step:send',
    'system',
    now,
  );
  return opened(tx, claimed);
};

/** Writes down how a claimed try ended. False when the claim had lapsed and somebody else has it: then their answer counts. */
export const recordTry = async (
  tx: Tx,
  claimed: Pick<Notice, 'id' | 'attempts'>,
  to: 'sent' | 'bounced' | 'dead' | 'pending',
  more: { readonly at: Date; readonly nextAt?: Date; readonly why?: string },
): Promise<boolean> => {
  const rows = await rawSql(tx)`
    update notice set state = ${to}, next_at = ${more.nextAt ?? more.at}, last_error = ${more.why ?? null}, sent_at = ${to === 'sent' ? more.at : null}
    where id = ${claimed.id} and state = 'sending' and attempts = ${claimed.attempts} returning id`;
  if (rows.length === 0) return false;
  await record(tx, [{ id: claimed.id, from: 'sending', to, why: more.why ?? null }], 'step:send', 'system', more.at);
  return true;
};

/** Puts back what a process took and never answered for. The Message-ID stays, so a mail that did go out can be told as the same. */
export const sweep = async (tx: Tx, now: Date): Promise<number> => {
  const rows = await rawSql(tx)<{ id: string }[]>`
    update notice set state = 'pending', next_at = ${now}, last_error = '发送中断，重新发送'
    where id in (select id from notice where state = 'sending' and next_at < ${now} order by id for update skip locked) returning id`;
  await record(
    tx,
    rows.map((row) => ({ id: row.id, from: 'sending', to: 'pending', why: '发送中断' })),
    'step:send',
    'system',
    now,
  );
  return rows.length;
};

/** A letter handed over, or not to be delivered: ticked off by a person. */
export const markLetter = async (
  tx: Tx,
  ask: {
    readonly id: string;
    readonly outcome: 'sent' | 'bounced';
    readonly actor: string;
    readonly role: string;
    readonly scope: Scope;
    readonly at: Date;
    readonly why?: string;
  },
): Promise<void> => {
  const sql = rawSql(tx);
  const rows = await sql`
    update notice n set state = ${ask.outcome}, sent_at = ${ask.outcome === 'sent' ? ask.at : null}, last_error = ${ask.why ?? null}
    where n.id = ${ask.id} and n.state = 'pending' and n.channel in ('letter', 'outbox') ${inScope(sql, ask.scope, scoped)} returning n.id`;
  if (rows.length === 0) fail('missing.notice', ask.id, '没有找到待送达的这封告知。', '可能已经送达，或不在您负责的范围内。');
  await record(tx, [{ id: ask.id, from: 'pending', to: ask.outcome, why: ask.why ?? null }], ask.actor, ask.role, ask.at);
};

const scoped = { authority: 'n.authority', division: 'n.division', item: 'n.item_id' } as const;

export interface NoticeFilter {
  readonly itemId?: string;
  readonly state?: NoticeState;
  readonly channel?: ChannelName;
  readonly subjectId?: string;
  readonly matchId?: string;
}

/** Newest first, within the scope. */
export const listNotices = async (
  reader: Db | Tx,
  ask: { readonly scope: Scope; readonly filter?: NoticeFilter; readonly after?: string | null; readonly limit: number },
): Promise<Page<Notice>> => {
  const sql = rawSql(reader);
  const filter = ask.filter ?? {};
  const place = placeOf(ask.after);
  const rows = await sql<Notice[]>`
    select ${columnsOf(sql)} from notice n where true ${inScope(sql, ask.scope, scoped)}
      ${filter.itemId === undefined ? sql`` : sql`and n.item_id = ${filter.itemId}`}
      ${filter.state === undefined ? sql`` : sql`and n.state = ${filter.state}`}
      ${filter.channel === undefined ? sql`` : sql`and n.channel = ${filter.channel}`}
      ${filter.subjectId === undefined ? sql`` : sql`and n.subject_id = ${filter.subjectId}`}
      ${filter.matchId === undefined ? sql`` : sql`and n.match_id = ${filter.matchId}`}
      ${place === null ? sql`` : sql`and (n.created_at, n.id) < (${place.at}, ${place.id}::uuid)`}
    order by n.created_at desc, n.id desc limit ${ask.limit + 1}`;
  return pageOf(opened(reader, rows), ask.limit, (row) => ({ at: row.createdAt, id: row.id }));
};

/** null when there is none within the scope. */
export const noticeById = async (reader: Db | Tx, id: string, scope: Scope): Promise<Notice | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<Notice[]>`select ${columnsOf(sql)} from notice n where n.id = ${id} ${inScope(sql, scope, scoped)}`;
  return row === undefined ? null : (opened(reader, [row])[0] ?? null);
};

export const countNotices = async (
  reader: Db | Tx,
  scope: Scope,
): Promise<readonly { readonly state: NoticeState; readonly channel: ChannelName; readonly count: number }[]> => {
  const sql = rawSql(reader);
  return await sql<{ state: NoticeState; channel: ChannelName; count: number }[]>`
    select n.state, n.channel, count(*)::int as count from notice n where true ${inScope(sql, scope, scoped)} group by 1, 2 order by 1, 2`;
};
