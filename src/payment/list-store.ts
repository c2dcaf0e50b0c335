// What finance looks at: what could be sealed now, batches with their lines and who was left out, what waits in suspense, what came back. Hand-written SQL,
// one statement a list. A batch holds people of every division: who sees only some divisions sees no batch.
import type { Day } from '../base/day.ts';
import { type Page, pageOf, placeOf } from '../base/page.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { openAccount } from '../vault/account.ts';
import { batchColumns } from './batch-store.ts';
import { calendarEntries, payDaysOf } from './calendar-store.ts';
import { fundingStandings } from './funding-store.ts';
import type { Batch, BatchState, LineEventKind } from './payment.ts';

/** Authorities and items of the scope; nothing for a scope of some divisions. `table` is ours. */
const inWhole = (sql: Sql, scope: Scope, table: string) => sql`
  ${scope.divisions === null ? sql`true` : sql`false`}
  ${scope.authorities === null ? sql`` : sql`and ${sql(table)}.authority = any(${[...scope.authorities]}::text[])`}
  ${scope.items === null ? sql`` : sql`and ${sql(table)}.item_id = any(${[...scope.items]}::text[])`}`;

/** item × period × source, with the next pay day and the format: what `batch seal` would be asked for. */
export interface Opening {
  readonly itemId: string;
  readonly periodKey: string;
  readonly year: number;
  readonly records: number;
  readonly amountFen: bigint;
  /** null: no source of the item's year is registered. */
  readonly sourceId: string | null;
  readonly document: string | null;
  readonly format: string | null;
  readonly openFen: bigint | null;
  /** null: the calendar names no day to come; any day may be told where it names none at all. */
  readonly payOn: Day | null;
}

export const openings = async (reader: Db | Tx, ask: { readonly scope: Scope; readonly today: Day }): Promise<readonly Opening[]> => {
  const sql = rawSql(reader);
  const ready = await sql<Pick<Opening, 'itemId' | 'periodKey' | 'year' | 'records' | 'amountFen'>[]>`
    select d.item_id as "itemId", d.period_key as "periodKey", l.year, count(*)::int as records, sum(d.amount_fen)::bigint as "amountFen"
    from disbursement d join settlement_line l on l.subject_id = d.subject_id and l.id = d.line_id
    where d.state = 'ready' and ${inWhole(sql, ask.scope, 'd')} group by 1, 2, 3 order by 1, 2, 3`;
  const sources = await fundingStandings(reader, { scope: ask.scope });
  const calendar = await calendarEntries(reader);
  return ready.flatMap((one): Opening[] => {
    const payOn = payDaysOf(calendar, one.itemId, one.periodKey).find((on) => on >= ask.today) ?? null;
    const own = sources.filter((source) => source.itemId === one.itemId && source.year === one.year);
    if (own.length === 0) return [{ ...one, sourceId: null, document: null, format: null, openFen: null, payOn }];
    return own.map(({ id, document, format, openFen }) => ({ ...one, sourceId: id, document, format, openFen, payOn }));
  });
};

export const listBatches = async (
  reader: Db | Tx,
  ask: {
    readonly scope: Scope;
    readonly itemId?: string;
    readonly state?: BatchState;
    readonly after?: string | null;
    readonly limit: number;
  },
): Promise<Page<Batch>> => {
  const sql = rawSql(reader);
  const place = placeOf(ask.after);
  const rows = await sql<Batch[]>`
    select ${batchColumns(sql)} from batch b where ${inWhole(sql, ask.scope, 'b')}
      ${ask.itemId === undefined ? sql`` : sql`and item_id = ${ask.itemId}`} ${ask.state === undefined ? sql`` : sql`and state = ${ask.state}`}
      ${place === null ? sql`` : sql`and (sealed_at, id) < (${place.at}, ${place.id}::uuid)`}
    order by sealed_at desc, id desc limit ${ask.limit + 1}`;
  return pageOf(rows, ask.limit, (row) => ({ at: row.sealedAt, id: row.id }));
};

export const batchInScope = async (reader: Db | Tx, id: string, scope: Scope): Promise<Batch | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<Batch[]>`select ${batchColumns(sql)} from batch b where id = ${id} and ${inWhole(sql, scope, 'b')}`;
  return row ?? null;
};

/** A line as it stands: `said` is its end by everything that was said of it, null: nothing yet. The account is open: show its last four. */
export interface LineView {
  readonly position: number;
  readonly disbursementId: string;
  readonly subjectId: string;
  readonly periodKey: string;
  readonly payeeName: string;
  readonly account: string;
  readonly bank: string;
  readonly amountFen: bigint;
  readonly endToEndId: string;
  readonly replaces: string | null;
  readonly flags: readonly string[];
  readonly said: readonly { readonly kind: LineEventKind; readonly text: string | null }[];
}

export const linesView = async (
  reader: Db | Tx,
  ask: { readonly batchId: string; readonly after: number; readonly limit: number },
): Promise<readonly LineView[]> => {
  const sql = rawSql(reader);
  const rows = await sql<(Omit<LineView, 'account'> & { readonly id: string; readonly account: Uint8Array })[]>`
    select l.id, l.position, l.disbursement_id as "disbursementId", l.subject_id as "subjectId", l.period_key as "periodKey", l.payee_name as "payeeName",
      l.account, l.bank, l.amount_fen as "amountFen", l.end_to_end_id as "endToEndId", l.replaces, l.guards -> 'flags' as flags,
      coalesce((select jsonb_agg(jsonb_build_object('kind', e.kind, 'text', e.text) order by e.id) from line_event e where e.line_id = l.id), '[]') as said
    from payment_line l where l.batch_id = ${ask.batchId} and l.position > ${ask.after} order by l.position limit ${ask.limit}`;
  return rows.map(({ id, account, ...row }) => ({ ...row, account: openAccount(reader, 'payment_line', id, account) }));
};

/** Lines and 分 of a batch by where they stand. */
export const linesByEnd = async (
  reader: Db | Tx,
  batchId: string,
): Promise<readonly { readonly end: LineEventKind | 'sealed'; readonly lines: number; readonly fen: bigint }[]> =>
  rawSql(reader)<{ end: LineEventKind | 'sealed'; lines: number; fen: bigint }[]>`
    select coalesce(x.kind, 'sealed') as end, count(*)::int as lines, sum(l.amount_fen)::bigint as fen
    from payment_line l left join lateral (
      select e.kind from line_event e where e.line_id = l.id
      order by array_position(array['cancelled', 'withheld', 'returned', 'paid', 'unknown', 'accepted', 'sent'], e.kind) limit 1
    ) x on true
    where l.batch_id = ${batchId} group by 1 order by 1`;

export interface ExclusionRow {
  readonly disbursementId: string;
  readonly subjectId: string;
  readonly reasons: readonly string[];
  readonly payeeName: string | null;
  readonly periodKey: string;
  /** Of the record as it stands now. */
  readonly amountFen: bigint;
}

/** Who was ready and left out when the batch was sealed, and why. */
export const exclusionsOf = async (
  reader: Db | Tx,
  ask: { readonly batchId: string; readonly after: string | null; readonly limit: number },
): Promise<readonly ExclusionRow[]> =>
  rawSql(reader)<ExclusionRow[]>`
    select x.disbursement_id as "disbursementId", x.subject_id as "subjectId", x.reasons, d.payee_name as "payeeName", d.period_key as "periodKey",
      d.amount_fen as "amountFen"
    from batch_exclusion x join disbursement d on d.id = x.disbursement_id
    where x.batch_id = ${ask.batchId} and (${ask.after}::uuid is null or x.disbursement_id > ${ask.after}::uuid)
    order by x.disbursement_id limit ${ask.limit}`;

export interface SuspenseRow {
  readonly id: string;
  readonly file: string;
  readonly position: number;
  readonly reference: string;
  readonly kind: string;
  readonly amountFen: bigint | null;
  readonly why: string;
  readonly at: Date;
  readonly settledAt: Date | null;
  readonly settledBy: string | null;
  readonly reason: string | null;
}

/** Words of banks that fit nothing, oldest first; open ones unless settled ones are asked for. */
export const listSuspense = async (
  reader: Db | Tx,
  ask: { readonly settled: boolean; readonly after?: string | null; readonly limit: number },
): Promise<Page<SuspenseRow>> => {
  const sql = rawSql(reader);
  const place = placeOf(ask.after);
  const rows = await sql<SuspenseRow[]>`
    select s.id, f.name as file, s.position, s.reference, s.kind, s.amount_fen as "amountFen", s.why, s.at, s.settled_at as "settledAt",
      s.settled_by as "settledBy", s.reason
    from suspense s join payment_file f on f.id = s.file_id
    where ${ask.settled ? sql`s.settled_at is not null` : sql`s.settled_at is null`}
      ${place === null ? sql`` : sql`and (s.at, s.id) > (${place.at}, ${place.id}::uuid)`}
    order by s.at, s.id limit ${ask.limit + 1}`;
  return pageOf(rows, ask.limit, (row) => ({ at: row.at, id: row.id }));
};

export interface ReturnedRow {
  readonly disbursementId: string;
  readonly subjectId: string;
  readonly itemId: string;
  readonly periodKey: string;
  readonly payeeName: string | null;
  readonly amountFen: bigint;
  /** By our codes; of several reasons all. */
  readonly codes: readonly string[];
  readonly text: string | null;
  readonly at: Date;
}

/** Payments that came back and wait for a corrected account, oldest first. */
export const listReturned = async (
  reader: Db | Tx,
  ask: { readonly scope: Scope; readonly itemId?: string; readonly after?: string | null; readonly limit: number },
): Promise<Page<ReturnedRow>> => {
  const sql = rawSql(reader);
  const place = placeOf(ask.after);
  const rows = await sql<(ReturnedRow & { readonly id: string })[]>`
    select d.id, d.id as "disbursementId", d.subject_id as "subjectId", d.item_id as "itemId", d.period_key as "periodKey", d.payee_name as "payeeName",
      d.amount_fen as "amountFen", r.codes, r.text, r.at
    from disbursement d cross join lateral (
      select array_agg(distinct e.code) filter (where e.code is not null) as codes, min(e.text) as text, date_trunc('milliseconds', max(e.at)) as at
      from payment_line l join line_event e on e.line_id = l.id and e.kind = 'returned' where l.disbursement_id = d.id
    ) r
    where d.state = 'returned' and ${inWhole(sql, ask.scope, 'd')} ${ask.itemId === undefined ? sql`` : sql`and d.item_id = ${ask.itemId}`}
      ${place === null ? sql`` : sql`and (r.at, d.id) > (${place.at}, ${place.id}::uuid)`}
    order by r.at, d.id limit ${ask.limit + 1}`;
  return pageOf(rows, ask.limit, (row) => ({ at: row.at, id: row.id }));
};

/** What banks said of a batch's lines, file by file, oldest first. */
export const answerFilesOf = async (
  reader: Db | Tx,
  batchId: string,
): Promise<readonly { readonly name: string; readonly at: Date; readonly by: string; readonly lines: number }[]> =>
  rawSql(reader)<{ name: string; at: Date; by: string; lines: number }[]>`
    select f.name, f.at, f.by, count(distinct e.line_id)::int as lines from line_event e join payment_file f on f.id = e.file_id
    where e.batch_id = ${batchId} and f.direction = 'in' group by f.id, f.name, f.at, f.by order by f.at, f.id`;
