// What happened to payments in one month and what was booked for it, by item, source and kind. Hand-written SQL: lines are split over their sources, and each
// word of the bank is held against the posting it made.
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import type { MonthKind } from './month.ts';

export interface MonthAsk {
  readonly scope: Scope;
  /** `2026-11`, by the civil day in Asia/Shanghai. */
  readonly month: string;
  readonly itemId?: string | undefined;
}

export interface MonthRow {
  readonly itemId: string;
  readonly sourceId: string;
  readonly document: string;
  readonly kind: MonthKind;
  readonly count: number;
  /** By the lines and the bank's words, and by the postings of the source. */
  readonly fen: bigint;
  readonly bookedFen: bigint;
}

/**
 * A word that came after the one that settled the line (paid after returned) booked nothing and counts for nothing, as in src/payment/result.ts. Rows that are
 * nothing on either side are left out; one that stands only in the books shows with a count of 0.
 */
export const monthRows = async (reader: Db | Tx, ask: MonthAsk): Promise<readonly MonthRow[]> => {
  const sql = rawSql(reader);
  const from = sql`(${`${ask.month}-01`}::date)::timestamp at time zone 'Asia/Shanghai'`;
  const to = sql`(${`${ask.month}-01`}::date + interval '1 month') at time zone 'Asia/Shanghai'`;
  return await sql<MonthRow[]>`
    with line as materialized (
      select l.id, l.item_id, b.sealed_at, e.gone_at, e.paid_at, e.back_at
      from payment_line l join batch b on b.id = l.batch_id
      cross join lateral (
        select min(e.at) filter (where e.kind in ('withheld', 'cancelled')) as gone_at, min(e.at) filter (where e.kind = 'returned') as back_at,
          min(e.at) filter (where e.kind = 'paid' and not exists (
            select from line_event o where o.line_id = l.id and o.kind in ('returned', 'withheld', 'cancelled') and o.id < e.id)) as paid_at
        from line_event e where e.line_id = l.id) e
      where b.sealed_at < ${to} ${inScope(sql, ask.scope, { authority: 'b.authority', division: 'l.division', item: 'l.item_id' })}
        ${ask.itemId === undefined ? sql`` : sql`and l.item_id = ${ask.itemId}`}
    ), part as materialized (
      select l.*, f.source_id, f.amount_fen from line l join line_funding f on f.line_id = l.id
    ), told as (
      select p.source_id, p.item_id, p.id, k.kind, p.amount_fen from part p cross join lateral (values
        ('sealed', p.sealed_at >= ${from}),
        ('withheld', p.gone_at >= ${from} and p.gone_at < ${to}),
        ('paid', p.paid_at >= ${from} and p.paid_at < ${to}),
        ('returned', p.back_at >= ${from} and p.back_at < ${to}),
        ('open', coalesce(least(p.gone_at, p.paid_at, p.back_at) >= ${to}, true))) k(kind, so)
      where k.so
    ), booked as (
      select p.source_id, p.item_id, k.kind, case when k.kind = 'open' then g.amount_fen else abs(g.amount_fen) end as amount_fen
      from part p join posting g on g.transaction = any(array['commit:' || p.id, 'pay:' || p.id, 'returned:' || p.id, 'withheld:' || p.id, 'cancelled:' || p.id])
      cross join lateral (values
        ('sealed', g.transaction = 'commit:' || p.id and g.account = 'fund:' || p.source_id || ':sealed' and g.at >= ${from} and g.at < ${to}),
        ('withheld', g.transaction in ('withheld:' || p.id, 'cancelled:' || p.id) and g.account = 'fund:' || p.source_id || ':open' and g.at >= ${from} and g.at < ${to}),
        ('paid', g.transaction = 'pay:' || p.id and g.account = 'fund:' || p.source_id || ':spent' and g.at >= ${from} and g.at < ${to}),
        ('returned', g.transaction = 'returned:' || p.id and g.account = 'fund:' || p.source_id || ':open' and g.at >= ${from} and g.at < ${to}),
        ('open', g.account = 'fund:' || p.source_id || ':sealed' and g.at < ${to})) k(kind, so)
      where k.so
    ), both_sides as (
      select item_id, source_id, kind, count(*)::int as n, sum(amount_fen) as fen, 0::numeric as booked from told group by 1, 2, 3
      union all
      select item_id, source_id, kind, 0, 0, sum(amount_fen) from booked group by 1, 2, 3
    )
    select b.item_id as "itemId", b.source_id as "sourceId", s.document, b.kind, sum(b.n)::int as count, sum(b.fen)::bigint as fen, sum(b.booked)::bigint as "bookedFen"
    from both_sides b join funding_source s on s.id = b.source_id
    group by 1, 2, 3, 4 having sum(b.n) > 0 or sum(b.booked) <> 0
    order by 1, 3, 2, array_position(array['sealed', 'withheld', 'paid', 'returned', 'open'], b.kind)`;
};
