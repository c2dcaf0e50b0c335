// The sums of the money's way over the whole database, each read from where it stands of its own: promises from settled lines, movements from the books,
// what became of payments from what was said of them. Hand-written SQL: one pass a figure.
import { type Db, rawSql } from '../db/handle.ts';

/** 分. What is counted where: `docs/money.md`. */
export interface MoneySums {
  readonly eligibleFen: bigint;
  readonly unsettledFen: bigint;
  readonly settledFen: bigint;
  readonly reservedFen: bigint;
  readonly committedFen: bigint;
  readonly bookedPaidFen: bigint;
  /** Taken off what was booked as paid: come back, or kept back from later payments; and the latter, booked as paid without a bank. */
  readonly recoveredFen: bigint;
  readonly offsetFen: bigint;
  readonly sourcesSealedFen: bigint;
  readonly sourcesSpentFen: bigint;
  readonly sealedFen: bigint;
  readonly cancelledFen: bigint;
  readonly withheldFen: bigint;
  readonly paidFen: bigint;
  readonly returnedFen: bigint;
  readonly unknownFen: bigint;
  readonly pendingFen: bigint;
  readonly reissuedFen: bigint;
  readonly notReissuedFen: bigint;
  readonly filesFen: bigint;
  readonly suspenseFen: bigint;
  readonly suspense: number;
}

export const moneySums = async (db: Db): Promise<MoneySums> => {
  const [row] = await rawSql(db)<MoneySums[]>`
    with line as (
      select l.id, l.amount_fen as fen, l.replaces, coalesce(array_agg(e.kind) filter (where e.kind is not null), '{}') as said
      from payment_line l left join line_event e on e.line_id = l.id group by l.batch_id, l.id
    ), ended as (
      select id, fen, replaces, case
        when 'cancelled' = any(said) then 'cancelled' when 'withheld' = any(said) then 'withheld' when 'returned' = any(said) then 'returned'
        when 'paid' = any(said) then 'paid' when 'unknown' = any(said) then 'unknown' else 'pending' end as state
      from line
    ), by_end as (
      select coalesce(sum(fen) filter (where state = 'cancelled'), 0)::bigint as "cancelledFen", coalesce(sum(fen) filter (where state = 'withheld'), 0)::bigint as "withheldFen",
        coalesce(sum(fen) filter (where state = 'returned'), 0)::bigint as "returnedFen", coalesce(sum(fen) filter (where state = 'paid'), 0)::bigint as "paidFen",
        coalesce(sum(fen) filter (where state = 'unknown'), 0)::bigint as "unknownFen", coalesce(sum(fen) filter (where state = 'pending'), 0)::bigint as "pendingFen",
        coalesce(sum(fen) filter (where replaces is not null and state not in ('cancelled', 'withheld')), 0)::bigint as "reissuedFen",
        coalesce(sum(fen) filter (where state = 'returned' and not exists (
          select from ended n where n.replaces = ended.id and n.state not in ('cancelled', 'withheld'))), 0)::bigint as "notReissuedFen"
      from ended
    ), booked as (
      select coalesce(sum(amount_fen) filter (where account like 'budget:%:reserved'), 0)::bigint as "reservedFen",
        coalesce(sum(amount_fen) filter (where account like 'budget:%:committed'), 0)::bigint as "committedFen",
        coalesce(sum(amount_fen) filter (where account like 'budget:%:paid'), 0)::bigint as "bookedPaidFen",
        coalesce(sum(amount_fen) filter (where account like 'fund:%:sealed'), 0)::bigint as "sourcesSealedFen",
        coalesce(sum(amount_fen) filter (where account like 'fund:%:spent'), 0)::bigint as "sourcesSpentFen"
      from balance
    ), moved as (
      select coalesce(-sum(amount_fen) filter (where kind = 'recover'), 0)::bigint as "recoveredFen",
        coalesce(sum(amount_fen) filter (where kind = 'offset'), 0)::bigint as "offsetFen"
      from posting where kind in ('recover', 'offset') and account like 'budget:%:paid'
    ), settled as (
      select coalesce(sum(granted_fen) filter (where state in ('granted', 'reduced')), 0)::bigint as "settledFen",
        coalesce(sum(gross_fen - case when state in ('granted', 'reduced') then granted_fen else 0 end), 0)::bigint as "unsettledFen"
      from settlement_line where state <> 'superseded'
    )
    select by_end.*, booked.*, moved.*, settled.*,
      (select coalesce(sum(m.amount_fen), 0)::bigint from match m join item_version v on v.item_id = m.item_id and v.version = m.version
        where m.verdict = 'eligible' and v.content ->> 'mode' <> 'push' and not v.content -> 'award' ? 'reduces'
          and m.sequence = (select max(x.sequence) from match x where x.subject_id = m.subject_id and x.item_id = m.item_id and x.period_key = m.period_key)
      ) as "eligibleFen",
      (select coalesce(sum(total_fen), 0)::bigint from batch) as "sealedFen",
      (select coalesce(sum((manifest ->> 'totalFen')::bigint), 0)::bigint from payment_file where direction = 'out') as "filesFen",
      (select coalesce(sum(amount_fen), 0)::bigint from suspense) as "suspenseFen", (select count(*)::int from suspense) as suspense
    from by_end, booked, moved, settled`;
  if (row === undefined) throw new Error('a query of sums has one row');
  return row;
};

export interface OpenPayment {
  readonly itemId: string;
  readonly year: number;
  readonly fen: bigint;
}

/** What is ready to be paid, by item and budget year. */
export const readySums = async (db: Db): Promise<readonly OpenPayment[]> =>
  rawSql(db)<OpenPayment[]>`
    select d.item_id as "itemId", l.year, sum(d.amount_fen)::bigint as fen
    from disbursement d join settlement_line l on l.subject_id = d.subject_id and l.id = d.line_id
    where d.state = 'ready' group by 1, 2 order by 1, 2`;

/** Records of a state in an order that is the same for the same city: ids of subjects grow with their landing, those of records are drawn. */
export const recordsIn = async (db: Db, state: string): Promise<readonly { readonly id: string; readonly gaps: readonly string[] }[]> =>
  rawSql(db)<{ id: string; gaps: readonly string[] }[]>`
    select id, gaps from disbursement where state = ${state} order by subject_id, item_id, period_key, key, part`;

/** The first residents, by number, who are paid in batches that wait for their issuer. */
export const residentsToBePaid = async (db: Db, limit: number): Promise<readonly string[]> => {
  const rows = await rawSql(db)<{ key: string }[]>`
    select distinct r.key from payment_line l join batch b on b.id = l.batch_id join record r on r.subject_id = l.subject_id
    where b.state = 'approved' and r.register = 'citizen' and l.payee_subject_id = l.subject_id order by r.key limit ${limit}`;
  return rows.map((row) => row.key);
};

/** Everything said of each order, by the bank's reference. */
export const saidOf = async (db: Db): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const rows = await rawSql(db)<{ id: string; kinds: readonly string[] }[]>`
    select l.end_to_end_id as id, array_agg(distinct e.kind) as kinds from payment_line l join line_event e on e.line_id = l.id group by 1`;
  return new Map(rows.map((row) => [row.id, new Set(row.kinds)]));
};
