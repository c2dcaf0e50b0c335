// Notices: writing and reading. Hand-written SQL: chunks are written as sets, and reads are limited by scope in the query. Sending is in `send-store.ts`.
import { auditAll } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { type Page, pageOf, placeOf } from '../base/page.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import type { SealedColumn } from '../vault/column.ts';
import { vaultOf } from '../vault/hold.ts';
import { openText, sealText } from '../vault/text.ts';
import type { ChannelName, Notice, NoticeState, Way } from './notice.ts';
import type { Duty, TemplateName } from './template-table.ts';

/** Read with `opened`: addresses and texts come out of it sealed. */
export const columnsOf = (sql: Sql) => sql`
  n.id, n.subject_id as "subjectId", n.item_id as "itemId", n.authority, n.division, n.match_id as "matchId", n.template, n.channel, n.address, n.ways, n.way,
  n.duty, n.entry, n.wording, n.subject, n.body, n.short, n.amount_fen as "amountFen", n.state, n.attempts, n.tried, n.next_at as "nextAt",
  n.first_tried_at as "firstTriedAt", n.message_id as "messageId", n.last_error as "lastError", n.created_at as "createdAt", n.sent_at as "sentAt",
  n.delivered_at as "deliveredAt"`;

const titles = { address: '告知的地址', ways: '告知的各种送达方式', body: '告知的正文', short: '告知的短文' } as const;
const textPlace = (column: keyof typeof titles, id: string): readonly string[] => ['notice', column, id];

export const sealedNotices: readonly SealedColumn[] = (Object.keys(titles) as (keyof typeof titles)[]).map((column) => ({
  table: 'notice',
  column,
  title: titles[column],
  place: ({ id = '' }) => textPlace(column, id),
}));

/** As `columnsOf` reads it. */
export interface NoticeRow extends Omit<Notice, 'ways'> {
  readonly ways: string;
}

/** Rows read by `columnsOf`, addresses and texts open. */
export const opened = (reader: Db | Tx, rows: readonly NoticeRow[]): readonly Notice[] => {
  const vault = vaultOf(reader);
  return rows.map((n) => ({
    ...n,
    address: n.address === null ? null : openText(vault, n.address, textPlace('address', n.id)),
    ways: JSON.parse(openText(vault, n.ways, textPlace('ways', n.id))) as readonly Way[],
    body: openText(vault, n.body, textPlace('body', n.id)),
    short: openText(vault, n.short, textPlace('short', n.id)),
  }));
};

/** An address as the notice that stands at this way carries it. */
export const sealAddress = (reader: Db | Tx, id: string, address: string | null): string | null =>
  address === null ? null : sealText(vaultOf(reader), address, textPlace('address', id));

export interface NewNotice {
  readonly id: string;
  readonly dedupe: string;
  readonly subjectId: string;
  readonly itemId: string;
  readonly authority: string;
  readonly division: string | null;
  readonly matchId: string | null;
  readonly template: TemplateName;
  /** In order, at least one. */
  readonly ways: readonly [Way, ...Way[]];
  readonly duty: Duty;
  readonly entry: boolean;
  readonly wording: string;
  readonly subject: string;
  readonly body: string;
  readonly short: string;
  /** The code in its text. */
  readonly code: string;
  readonly amountFen: bigint | null;
  readonly messageId: string;
  readonly disbursementIds: readonly string[];
  /** The day the window opened which it belongs to. */
  readonly since?: Day | null;
  /** What of the acts' debts it makes good. */
  readonly owedIds: readonly string[];
}

/** Writes notices with the records they speak of; one whose `dedupe` exists is left out, with its records. Returns the ids written. */
export const insertNotices = async (tx: Tx, notices: readonly NewNotice[], at: Date): Promise<ReadonlySet<string>> => {
  if (notices.length === 0) return new Set();
  const sql = rawSql(tx);
  const vault = vaultOf(tx);
  const rows = notices.map(({ code, ways, ...n }) => ({
    ...n,
    amountFen: n.amountFen === null ? null : String(n.amountFen),
    channel: ways[0].channel,
    address: sealAddress(tx, n.id, ways[0].address),
    ways: sealText(vault, JSON.stringify(ways), textPlace('ways', n.id)),
    body: sealText(vault, n.body, textPlace('body', n.id)),
    short: sealText(vault, n.short, textPlace('short', n.id)),
    checkIndex: vault.index('check-code', code),
    // Standing on the portal is all there is to do.
    state: ways[0].channel === 'inbox' ? 'sent' : 'pending',
  }));
  const written = await sql<{ id: string }[]>`
    insert into notice (id, dedupe, subject_id, item_id, authority, division, match_id, template, channel, address, ways, duty, entry, wording, subject, body, short,
      check_index, amount_fen, state, next_at, message_id, created_at, sent_at)
    select id, dedupe, "subjectId", "itemId", authority, division, "matchId", template, channel, address, ways, duty, entry, wording, subject, body, short,
      "checkIndex", "amountFen", state, ${at}, "messageId", ${at}, case state when 'sent' then ${at}::timestamptz end
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as x(id uuid, dedupe text, "subjectId" uuid, "itemId" text, authority text,
      division text, "matchId" uuid, template text, channel text, address text, ways text, duty text, entry boolean, wording text, subject text, body text, short text,
      "checkIndex" text, "amountFen" bigint, state text, "messageId" text)
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
      after: { matchId: n.matchId, template: n.template, channel: n.ways[0].channel, disbursements: n.disbursementIds },
    })),
  );
  // Whoever sends hears of it when this commits, and of several in one transaction once.
  if (made.length > 0) await sql`select pg_notify('notice_due', '')`;
  return ids;
};

export const scoped = { authority: 'n.authority', division: 'n.division', item: 'n.item_id' } as const;

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
  const rows = await sql<NoticeRow[]>`
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
  const [row] = await sql<NoticeRow[]>`select ${columnsOf(sql)} from notice n where n.id = ${id} ${inScope(sql, scope, scoped)}`;
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
