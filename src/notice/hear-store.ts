// What is heard of a notice after it left: receipts, returned mail, opened on the portal, a letter ticked off, and what anybody may learn by its code.
// Hand-written SQL: the row is locked in one statement and judged by what stands in it.
import { type Page, pageOf, placeOf } from '../base/page.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import { vaultOf } from '../vault/hold.ts';
import { readCheckCode } from './check-code.ts';
import type { Notice } from './notice.ts';
import { type Actor, goOn, record } from './send-store.ts';
import { columnsOf, type NoticeRow, opened, scoped } from './store.ts';
import { type TemplateName, templates } from './template-table.ts';

const locked = async (tx: Tx, where: (sql: Sql) => ReturnType<Sql>): Promise<Notice | null> => {
  const sql = rawSql(tx);
  const rows = await sql<NoticeRow[]>`select ${columnsOf(sql)} from notice n where ${where(sql)} for update of n`;
  return opened(tx, rows)[0] ?? null;
};

const delivered = async (tx: Tx, notice: Notice, outcome: 'delivered' | 'opened' | 'ticked', actor: Actor, at: Date, why?: string) => {
  await rawSql(tx)`
    update notice set state = 'delivered', delivered_at = ${at}, sent_at = coalesce(sent_at, ${at}), last_error = null, next_at = ${at} where id = ${notice.id}`;
  await record(tx, [{ notice, to: 'delivered', outcome, why: why ?? null }], actor, at);
};

export interface Heard {
  /** The Message-ID, the key every channel was handed. */
  readonly messageId: string;
  readonly kind: 'delivered' | 'bounced';
  /** Without addresses and long numbers. */
  readonly why: string;
  /** Which channel says so: what is heard of a way the notice has left behind changes nothing. */
  readonly channel: 'mail' | 'sms';
}

/** `done`; `late` where the notice has gone on or ended already; `unknown` where it is none of ours. Hearing twice changes nothing. */
export const hear = async (tx: Tx, heard: Heard, at: Date): Promise<'done' | 'late' | 'unknown'> => {
  const notice = await locked(tx, (sql) => sql`n.message_id = ${heard.messageId}`);
  if (notice === null) return 'unknown';
  if (notice.channel !== heard.channel || (notice.state !== 'sent' && notice.state !== 'sending')) return 'late';
  const actor = { id: heard.channel === 'mail' ? 'step:bounces' : 'gateway', role: 'system' };
  if (heard.kind === 'delivered') await delivered(tx, notice, 'delivered', actor, at);
  else await goOn(tx, notice, 'bounced', 'bounced', heard.why, actor, at);
  return 'done';
};

/** The person has opened it on the portal: whatever way it stood at, they have been told. Null: not theirs. */
export const openInInbox = async (
  tx: Tx,
  ask: { readonly id: string; readonly subjectId: string },
  actor: Actor,
  at: Date,
): Promise<Notice | null> => {
  const notice = await locked(tx, (sql) => sql`n.id = ${ask.id} and n.subject_id = ${ask.subjectId}`);
  if (notice === null) return null;
  if (notice.state !== 'delivered') await delivered(tx, notice, 'opened', actor, at);
  return notice;
};

/** A subject's own notices as the portal shows them, newest first, whatever way they went. */
export const inboxOf = async (
  reader: Db | Tx,
  ask: { readonly subjectId: string; readonly after?: string | null; readonly limit: number },
): Promise<Page<Notice>> => {
  const sql = rawSql(reader);
  const place = placeOf(ask.after);
  const rows = await sql<NoticeRow[]>`
    select ${columnsOf(sql)} from notice n where n.subject_id = ${ask.subjectId}
      ${place === null ? sql`` : sql`and (n.created_at, n.id) < (${place.at}, ${place.id}::uuid)`}
    order by n.created_at desc, n.id desc limit ${ask.limit + 1}`;
  return pageOf(opened(reader, rows), ask.limit, (row) => ({ at: row.createdAt, id: row.id }));
};

export interface Tick {
  /** Its id, or the check code printed on it. */
  readonly by: { readonly id: string } | { readonly code: string };
  readonly outcome: 'handed' | 'failed';
  /** Why it could not be handed over, or to whom it was. */
  readonly why?: string;
  readonly actor: string;
  readonly role: string;
  readonly scope: Scope;
  readonly at: Date;
}

/**
 * A letter or a call, ticked off by a person. What counts is the day of the tick, never an earlier one somebody remembers: a right must not run out by what
 * is only written down afterwards. Returns the notice's id; `missing.notice` where nothing waits, `input.check-code` for a slip of the pen.
 */
export const tickLetter = async (tx: Tx, tick: Tick): Promise<string> => {
  const { by } = tick;
  const code = 'code' in by ? readCheckCode(by.code) : null;
  if ('code' in by && code === null)
    fail('input.check-code', '/code', '查验码不对，可能抄错了一位。', '照告知上的 12 位字母和数字重新填写。');
  const index = code === null ? null : vaultOf(tx).index('check-code', code);
  const notice = await locked(
    tx,
    (sql) =>
      sql`${index === null ? sql`n.id = ${'id' in by ? by.id : ''}` : sql`n.check_index = ${index}`}
        and n.state = 'pending' and n.channel in ('letter', 'outbox') ${inScope(sql, tick.scope, scoped)}`,
  );
  if (notice === null) return fail('missing.notice', '', '没有找到待送达的这封告知。', '可能已经送达，或不在您负责的范围内。');
  const actor = { id: tick.actor, role: tick.role };
  if (tick.outcome === 'handed') await delivered(tx, notice, 'ticked', actor, tick.at, tick.why);
  else {
    const why = tick.why?.trim() ?? '';
    if (why === '') fail('input.reason', '/why', '没有写为什么没有送到。', '例如：外出务工，电话打不通。');
    await goOn(tx, notice, 'bounced', 'ticked', why, actor, tick.at);
  }
  return notice.id;
};

/** What anybody may know of a notice whose code they hold: what kind, which office, which day. Nothing of the person, the item or the amount. */
export interface Genuine {
  readonly kind: string;
  readonly office: string;
  /** `YYYY-MM-DD`, Asia/Shanghai. */
  readonly issuedOn: string;
}

/** null: no notice of ours carries it, or it is no code at all. */
export const checkNotice = async (reader: Db | Tx, typed: string): Promise<Genuine | null> => {
  const code = readCheckCode(typed);
  if (code === null) return null;
  const [row] = await rawSql(reader)<{ template: TemplateName; authority: string; day: string }[]>`
    select n.template, n.authority, to_char(n.created_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as day
    from notice n where n.check_index = ${vaultOf(reader).index('check-code', code)}`;
  return row === undefined ? null : { kind: templates[row.template].name, office: row.authority, issuedOn: row.day };
};
