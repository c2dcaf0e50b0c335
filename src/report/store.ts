// What the reports count. Hand-written SQL: each is one statement over what is there, within the scope of who asks.
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';

export interface ReportAsk {
  readonly scope: Scope;
  /** The day the report is of. */
  readonly today: string;
  readonly itemId?: string | undefined;
}

const line = { authority: 'l.authority', division: 'l.division', item: 'l.item_id' } as const;
const record = { authority: 'd.authority', division: 'd.division', item: 'd.item_id' } as const;

export interface Ageing {
  readonly itemId: string;
  /** Days since it was settled. */
  readonly bucket: '0-30' | '31-60' | '61-90' | '91+';
  readonly state: string;
  readonly people: number;
  readonly count: number;
  readonly fen: bigint;
  readonly oldestDays: number;
}

/** What is granted and has not arrived, by how long people wait and where it stands; money a budget has no room for stands as `waiting`. */
export const ageing = async (reader: Db | Tx, ask: ReportAsk): Promise<readonly Ageing[]> => {
  const sql = rawSql(reader);
  return await sql<Ageing[]>`
    with owed as (
      select l.item_id, l.subject_id, ${ask.today}::date - (l.created_at at time zone 'Asia/Shanghai')::date as days,
        case when l.state = 'waiting' then 'waiting' else coalesce(d.state, 'settled') end as state,
        case when l.state = 'waiting' then l.wanted_fen else coalesce(d.amount_fen, l.granted_fen) end as fen
      from settlement_line l left join disbursement d on d.subject_id = l.subject_id and d.line_id = l.id
      where (l.state = 'waiting' or (l.state in ('granted', 'reduced') and l.granted_fen > 0 and coalesce(d.state, '') not in ('paid', 'closed')))
        ${inScope(sql, ask.scope, line)} ${ask.itemId === undefined ? sql`` : sql`and l.item_id = ${ask.itemId}`}
    )
    select item_id as "itemId", case when days <= 30 then '0-30' when days <= 60 then '31-60' when days <= 90 then '61-90' else '91+' end as bucket, state,
      count(distinct subject_id)::int as people, count(*)::int as count, sum(fen)::bigint as fen, max(days)::int as "oldestDays"
    from owed group by 1, 2, 3 order by 1, 2, 3`;
};

export interface Undrawn {
  readonly itemId: string;
  readonly why: string;
  readonly people: number;
  readonly fen: bigint;
}

/** 应享未享: found eligible and not paid, by what stands in between; whoever gave up stands apart from whoever was never reached. */
export const undrawn = async (reader: Db | Tx, ask: ReportAsk): Promise<readonly Undrawn[]> => {
  const sql = rawSql(reader);
  return await sql<Undrawn[]>`
    select l.item_id as "itemId", case when l.state in ('waiting', 'blocked') then l.state else coalesce(d.state, 'settled') end as why,
      count(distinct l.subject_id)::int as people, sum(case when l.state in ('waiting', 'blocked') then l.wanted_fen else coalesce(d.amount_fen, l.granted_fen) end)::bigint as fen
    from settlement_line l left join disbursement d on d.subject_id = l.subject_id and d.line_id = l.id
    where (l.state in ('waiting', 'blocked') or (l.state in ('granted', 'reduced') and l.granted_fen > 0
      and coalesce(d.state, 'settled') in ('settled', 'asking', 'held', 'waived', 'paused', 'deceased', 'returned', 'unknown')))
      ${inScope(sql, ask.scope, line)} ${ask.itemId === undefined ? sql`` : sql`and l.item_id = ${ask.itemId}`}
    group by 1, 2 order by 1, 2`;
};

export interface LateRow {
  readonly id: string;
  readonly itemId: string;
  readonly periodKey: string;
  readonly division: string | null;
  readonly state: string;
  readonly dueOn: string;
  readonly lateDays: number;
  readonly payeeName: string | null;
  readonly fen: bigint;
}

/** Steps whose window is over and at whose desk they are: the state says whose. The latest first; at most `limit`. */
export const late = async (reader: Db | Tx, ask: ReportAsk, limit: number): Promise<readonly LateRow[]> => {
  const sql = rawSql(reader);
  return await sql<LateRow[]>`
    select d.id, d.item_id as "itemId", d.period_key as "periodKey", d.division, d.state, d.due_on as "dueOn", (${ask.today}::date - d.due_on)::int as "lateDays",
      d.payee_name as "payeeName", d.amount_fen as fen
    from disbursement d where d.due_on < ${ask.today}::date and d.state in ('asking', 'reviewing', 'notified', 'confirming', 'publicity', 'deceased', 'held')
      ${inScope(sql, ask.scope, record)} ${ask.itemId === undefined ? sql`` : sql`and d.item_id = ${ask.itemId}`}
    order by d.due_on, d.id limit ${limit}`;
};

export interface Returns {
  readonly itemId: string;
  readonly code: string | null;
  readonly count: number;
  readonly fen: bigint;
  readonly reissued: number;
  readonly open: number;
}

/** What came back, by reason, and what became of it. */
export const returns = async (reader: Db | Tx, ask: ReportAsk): Promise<readonly Returns[]> => {
  const sql = rawSql(reader);
  return await sql<Returns[]>`
    select l.item_id as "itemId", e.code, count(*)::int as count, sum(l.amount_fen)::bigint as fen,
      (count(*) filter (where exists (select from payment_line n where n.replaces = l.id)))::int as reissued,
      (count(*) filter (where exists (select from disbursement d where d.subject_id = l.subject_id and d.id = l.disbursement_id and d.state = 'returned')))::int as open
    from payment_line l join batch b on b.id = l.batch_id join line_event e on e.line_id = l.id and e.kind = 'returned'
    where true ${inScope(sql, ask.scope, { authority: 'b.authority', division: 'l.division', item: 'l.item_id' })}
      ${ask.itemId === undefined ? sql`` : sql`and l.item_id = ${ask.itemId}`}
    group by 1, 2 order by 3 desc, 1, 2`;
};

export interface Recovery {
  readonly itemId: string;
  readonly people: number;
  readonly cases: number;
  /** Everything found over-paid that nobody has dropped, 分; of it not opened yet, come back, kept back from later payments, given up, and still owed. */
  readonly fen: bigint;
  readonly unopenedFen: bigint;
  readonly returnedFen: bigint;
  readonly offsetFen: bigint;
  readonly writtenOffFen: bigint;
  readonly owedFen: bigint;
  readonly overdueFen: bigint;
}

/**
 * Every over-payment once, wherever it stands: what settlement found and no case says yet, cases that wait to be opened, and those that are or were open, with
 * what became of them. What was dropped counts only as far as it came back before.
 */
export const recovery = async (reader: Db | Tx, ask: ReportAsk): Promise<readonly Recovery[]> => {
  const sql = rawSql(reader);
  const found = { authority: 'c.authority', division: 'c.division', item: 'c.item_id' } as const;
  return await sql<Recovery[]>`
    with entry as (
      select recovery_id, coalesce(sum(amount_fen) filter (where kind = 'paid'), 0) as returned, coalesce(sum(amount_fen) filter (where kind = 'offset'), 0) as kept,
        coalesce(sum(amount_fen) filter (where kind = 'written-off'), 0) as given_up
      from recovery_entry group by 1
    ), known as (
      select c.item_id, c.subject_id, c.authority, c.division, case when c.state = 'dropped' then c.settled_fen else c.amount_fen end as fen,
        case when c.state = 'proposed' then c.amount_fen else 0 end as unopened, coalesce(e.returned, 0) as returned, coalesce(e.kept, 0) as kept,
        coalesce(e.given_up, 0) as given_up, case when c.state = 'open' then c.amount_fen - c.settled_fen else 0 end as owed,
        case when c.state = 'open' and c.due_on < ${ask.today}::date then c.amount_fen - c.settled_fen else 0 end as overdue
      from recovery c left join entry e on e.recovery_id = c.id where c.state <> 'dropped' or c.settled_fen > 0
      union all
      -- Found by settlement, paid, and no case of any kind speaks of it yet.
      select l.item_id, l.subject_id, l.authority, l.division, x.fen, x.fen, 0, 0, 0, 0, 0
      from settlement_line l cross join lateral (
        select least(l.recover_fen, (select coalesce(sum(p.amount_fen), 0) from posting p where p.subject_id = l.subject_id and p.item_id = l.item_id
          and p.period_key = l.period_key and p.object_key = l.key and p.line_id is not null and p.account like 'budget:%:paid')) as fen) x
      where l.recover_fen > 0 and l.state <> 'superseded' and x.fen > 0
        and not exists (select from recovery c where c.subject_id = l.subject_id and c.item_id = l.item_id and c.period_key = l.period_key and c.key = l.key)
    )
    select c.item_id as "itemId", count(distinct c.subject_id)::int as people, count(*)::int as cases, sum(c.fen)::bigint as fen, sum(c.unopened)::bigint as "unopenedFen",
      sum(c.returned)::bigint as "returnedFen", sum(c.kept)::bigint as "offsetFen", sum(c.given_up)::bigint as "writtenOffFen", sum(c.owed)::bigint as "owedFen",
      sum(c.overdue)::bigint as "overdueFen"
    from known c where true ${inScope(sql, ask.scope, found)} ${ask.itemId === undefined ? sql`` : sql`and c.item_id = ${ask.itemId}`}
    group by 1 order by 1`;
};

export interface Effect {
  readonly itemId: string;
  /** People with a granted line, and of them paid at least once. */
  readonly entitled: number;
  readonly paid: number;
  readonly paidFen: bigint;
  /** Days from settlement to arrival: half of the payments, nine tenths of them; null: nothing arrived. */
  readonly halfDays: number | null;
  readonly mostDays: number | null;
}

export const effect = async (reader: Db | Tx, ask: ReportAsk): Promise<readonly Effect[]> => {
  const sql = rawSql(reader);
  return await sql<Effect[]>`
    with arrived as (
      select d.subject_id, d.line_id, min(e.at) as at from disbursement d join disbursement_event e on e.disbursement_id = d.id and e.to_state = 'paid'
      where d.state = 'paid' group by 1, 2
    )
    select l.item_id as "itemId", count(distinct l.subject_id)::int as entitled, (count(distinct l.subject_id) filter (where a.at is not null))::int as paid,
      coalesce(sum(l.granted_fen) filter (where a.at is not null), 0)::bigint as "paidFen",
      percentile_disc(0.5) within group (order by a.at::date - l.created_at::date)::int as "halfDays",
      percentile_disc(0.9) within group (order by a.at::date - l.created_at::date)::int as "mostDays"
    from settlement_line l left join arrived a on a.subject_id = l.subject_id and a.line_id = l.id
    where l.state in ('granted', 'reduced') and l.granted_fen > 0 ${inScope(sql, ask.scope, line)}
      ${ask.itemId === undefined ? sql`` : sql`and l.item_id = ${ask.itemId}`}
    group by 1 order by 1`;
};

/** As `effect`, over all items, by place (county, or the division as it is where it is shorter), by how much one is due, or of firms by how large they are. */
export const effectBy = async (
  reader: Db | Tx,
  ask: ReportAsk,
  by: 'division' | 'size' | 'firm',
): Promise<readonly (Omit<Effect, 'itemId'> & { readonly part: string })[]> => {
  const sql = rawSql(reader);
  const part =
    by === 'division'
      ? sql`coalesce(left(l.division, 6), '')`
      : by === 'firm'
        ? // As its newest delivery says; the fact's class is internal, so it rests in clear.
          sql`coalesce((select p.cells -> 'enterpriseScale' -> -1 ->> 'v' from record_part p
            where p.register = 'enterprise' and p.subject_id = l.subject_id and p.cells ? 'enterpriseScale' order by p.as_of desc limit 1), '')`
        : sql`case when l.granted_fen < 100000 then '1' when l.granted_fen < 1000000 then '2' when l.granted_fen < 10000000 then '3'
          when l.granted_fen < 100000000 then '4' else '5' end`;
  return await sql<(Omit<Effect, 'itemId'> & { readonly part: string })[]>`
    with arrived as (
      select d.subject_id, d.line_id, min(e.at) as at from disbursement d join disbursement_event e on e.disbursement_id = d.id and e.to_state = 'paid'
      where d.state = 'paid' group by 1, 2
    )
    select ${part} as part, count(distinct (l.item_id, l.subject_id))::int as entitled,
      (count(distinct (l.item_id, l.subject_id)) filter (where a.at is not null))::int as paid,
      coalesce(sum(l.granted_fen) filter (where a.at is not null), 0)::bigint as "paidFen",
      percentile_disc(0.5) within group (order by a.at::date - l.created_at::date)::int as "halfDays",
      percentile_disc(0.9) within group (order by a.at::date - l.created_at::date)::int as "mostDays"
    from settlement_line l left join arrived a on a.subject_id = l.subject_id and a.line_id = l.id
    where l.state in ('granted', 'reduced') and l.granted_fen > 0 ${inScope(sql, ask.scope, line)}
      ${ask.itemId === undefined ? sql`` : sql`and l.item_id = ${ask.itemId}`}
      ${by === 'firm' ? sql`and exists (select from record r where r.register = 'enterprise' and r.subject_id = l.subject_id)` : sql``}
    group by 1 order by 1`;
};

/** Promised per budget in the 90 days before, 分: how fast it is used up. */
export const promisedLately = async (reader: Db | Tx, today: string): Promise<ReadonlyMap<string, bigint>> => {
  const rows = await rawSql(reader)<{ id: string; fen: bigint }[]>`
    select item_id || ':' || year as id, coalesce(-sum(amount_fen), 0)::bigint as fen from posting
    where kind in ('reserve', 'release') and account like '%:available' and at > ${today}::date - interval '90 days' and at < ${today}::date + interval '1 day' group by 1`;
  return new Map(rows.map((row) => [row.id, row.fen]));
};
