// What is compared, as sums and as lines that do not agree. Hand-written SQL: everything is asked in sets, over a month or over all.
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import { paysMoney } from '../policy/pays-store.ts';
import { isStanding } from '../settlement/queue-store.ts';

export interface Ask {
  readonly scope: Scope;
  /** `2026-11`, by pay day; absent: everything. */
  readonly month?: string | undefined;
  readonly itemId?: string | undefined;
}

const columns = { authority: 'b.authority', division: 'l.division', item: 'l.item_id' } as const;

/**
 * Payment lines with the end that everything ever said of them comes to, and what is booked for each: one row per line, and the same per source.
 * The words weigh as in src/payment/result.ts.
 */
const linesCte = (sql: Sql, ask: Ask) => sql`
  line as materialized (
    select l.id, l.batch_id, l.disbursement_id, l.subject_id, l.settlement_line_id, l.item_id, l.period_key, l.amount_fen, l.end_to_end_id,
      b.number, b.state as batch_state, to_char(b.pay_on, 'YYYY-MM') as month, b.authority,
      case when e.kinds && '{withheld,cancelled}' then 'withheld' when 'returned' = any(e.kinds) then 'returned' when 'paid' = any(e.kinds) then 'paid'
        when 'unknown' = any(e.kinds) then 'unknown' when 'accepted' = any(e.kinds) then 'accepted' when 'sent' = any(e.kinds) then 'sent' else 'sealed' end as ended,
      'sent' = any(e.kinds) as filed
    from payment_line l join batch b on b.id = l.batch_id
    cross join lateral (select coalesce(array_agg(e.kind), '{}') as kinds from line_event e where e.line_id = l.id) e
    where true ${inScope(sql, ask.scope, columns)}
      ${ask.month === undefined ? sql`` : sql`and b.pay_on >= ${`${ask.month}-01`}::date and b.pay_on < ${`${ask.month}-01`}::date + interval '1 month'`}
      ${ask.itemId === undefined ? sql`` : sql`and l.item_id = ${ask.itemId}`}
  ), booked as materialized (
    select l.id, coalesce(sum(p.amount_fen) filter (where p.account like 'budget:%:committed'), 0)::bigint as committed,
      coalesce(sum(p.amount_fen) filter (where p.account like 'budget:%:paid'), 0)::bigint as paid,
      coalesce(sum(p.amount_fen) filter (where p.account like 'fund:%:sealed'), 0)::bigint as fund_sealed,
      coalesce(sum(p.amount_fen) filter (where p.account like 'fund:%:spent'), 0)::bigint as fund_spent
    from line l left join posting p
      on p.transaction = any(array['commit:' || l.id, 'pay:' || l.id, 'returned:' || l.id, 'withheld:' || l.id, 'cancelled:' || l.id])
    group by l.id
  )`;

export interface PaymentSums {
  /** Batch number, month, item id or source's document. */
  readonly place: string;
  /** null: of a month, which is many items'. */
  readonly itemId: string | null;
  readonly sealedCount: number;
  readonly sealedFen: bigint;
  readonly withheldCount: number;
  readonly withheldFen: bigint;
  readonly fileCount: number;
  readonly fileFen: bigint;
  readonly paidCount: number;
  readonly paidFen: bigint;
  readonly returnedCount: number;
  readonly returnedFen: bigint;
  /** Told to the bank, no end yet. */
  readonly openCount: number;
  readonly openFen: bigint;
  /** By the postings: in sealed batches or at the bank, and arrived. */
  readonly bookedOpenFen: bigint;
  readonly bookedPaidFen: bigint;
}

export type By = 'batch' | 'month' | 'item' | 'source';

const placeOf = (sql: Sql, by: Exclude<By, 'source'>) => (by === 'batch' ? sql`l.number` : by === 'month' ? sql`l.month` : sql`l.item_id`);

const sums = (sql: Sql, fen: ReturnType<Sql>) => sql`
  count(*)::int as "sealedCount", coalesce(sum(${fen}), 0)::bigint as "sealedFen",
  (count(*) filter (where l.ended = 'withheld'))::int as "withheldCount", coalesce(sum(${fen}) filter (where l.ended = 'withheld'), 0)::bigint as "withheldFen",
  (count(*) filter (where l.filed))::int as "fileCount", coalesce(sum(${fen}) filter (where l.filed), 0)::bigint as "fileFen",
  (count(*) filter (where l.ended = 'paid'))::int as "paidCount", coalesce(sum(${fen}) filter (where l.ended = 'paid'), 0)::bigint as "paidFen",
  (count(*) filter (where l.ended = 'returned'))::int as "returnedCount", coalesce(sum(${fen}) filter (where l.ended = 'returned'), 0)::bigint as "returnedFen",
  (count(*) filter (where l.ended in ('sent', 'accepted', 'unknown')))::int as "openCount",
  coalesce(sum(${fen}) filter (where l.ended in ('sent', 'accepted', 'unknown')), 0)::bigint as "openFen"`;

export const paymentSums = async (reader: Db | Tx, by: By, ask: Ask): Promise<readonly PaymentSums[]> => {
  const sql = rawSql(reader);
  if (by !== 'source')
    return await sql<PaymentSums[]>`
      with ${linesCte(sql, ask)}
      select ${placeOf(sql, by)} as place, ${by === 'month' ? sql`null` : sql`min(l.item_id)`} as "itemId", ${sums(sql, sql`l.amount_fen`)}, coalesce(sum(k.committed), 0)::bigint as "bookedOpenFen", coalesce(sum(k.paid), 0)::bigint as "bookedPaidFen"
      from line l join booked k on k.id = l.id group by 1 order by 1`;
  return await sql<PaymentSums[]>`
    with ${linesCte(sql, ask)}, part as (
      select f.line_id, f.source_id, f.amount_fen,
        coalesce(sum(p.amount_fen) filter (where p.account = 'fund:' || f.source_id || ':sealed'), 0)::bigint as sealed,
        coalesce(sum(p.amount_fen) filter (where p.account = 'fund:' || f.source_id || ':spent'), 0)::bigint as spent
      from line l join line_funding f on f.line_id = l.id left join posting p
        on p.transaction = any(array['commit:' || l.id, 'pay:' || l.id, 'returned:' || l.id, 'withheld:' || l.id, 'cancelled:' || l.id])
      group by 1, 2, 3
    )
    select s.document as place, s.item_id as "itemId", ${sums(sql, sql`f.amount_fen`)}, coalesce(sum(f.sealed), 0)::bigint as "bookedOpenFen", coalesce(sum(f.spent), 0)::bigint as "bookedPaidFen"
    from line l join part f on f.line_id = l.id join funding_source s on s.id = f.source_id group by 1, 2 order by 2, 1`;
};

export interface PromiseSums {
  readonly itemId: string;
  readonly periodKey: string;
  readonly matchedCount: number;
  readonly matchedFen: bigint;
  /** Taken off between match and settlement, with its reasons: claims, exclusion, caps, budget. */
  readonly cutFen: bigint;
  readonly settledCount: number;
  readonly settledFen: bigint;
  readonly recordFen: bigint;
  /** Records not in a batch yet, in one or at the bank, arrived. */
  readonly waitingFen: bigint;
  readonly wayFen: bigint;
  readonly paidFen: bigint;
  readonly bookedReservedFen: bigint;
  readonly bookedCommittedFen: bigint;
  readonly bookedPaidFen: bigint;
}

const promiseCte = (sql: Sql, ask: Ask) => sql`
  promise as materialized (
    select l.id, l.subject_id, l.item_id, l.period_key, l.gross_fen, l.granted_fen, l.state, l.handed_on, l.part,
      d.amount as record_fen, d.waiting, d.way, d.paid, d.records, d.way_kept, d.open_kept, p.reserved, p.committed, p.paid as booked_paid, p.recovered
    from settlement_line l
    cross join lateral (
      select coalesce(sum(d.amount_fen), 0)::bigint as amount, count(*)::int as records,
        coalesce(sum(d.amount_fen) filter (where d.state in ('sealed', 'sent', 'unknown')), 0)::bigint as way,
        coalesce(sum(d.amount_fen) filter (where d.state = 'paid'), 0)::bigint as paid,
        coalesce(sum(d.amount_fen) filter (where d.state not in ('sealed', 'sent', 'unknown', 'paid')), 0)::bigint as waiting,
        -- Kept back for what is owed: booked as paid and never told to a bank.
        coalesce(sum(k.fen) filter (where d.state in ('sealed', 'sent', 'unknown')), 0)::bigint as way_kept,
        coalesce(sum(k.fen) filter (where d.state <> 'paid'), 0)::bigint as open_kept
      from disbursement d
      cross join lateral (select coalesce(sum(e.amount_fen), 0) as fen from recovery_entry e where e.kind = 'offset' and e.reference = d.id::text) k
      where d.subject_id = l.subject_id and d.line_id = l.id
    ) d
    cross join lateral (
      select coalesce(sum(p.amount_fen) filter (where p.account like 'budget:%:reserved'), 0)::bigint as reserved,
        coalesce(sum(p.amount_fen) filter (where p.account like 'budget:%:committed'), 0)::bigint as committed,
        coalesce(sum(p.amount_fen) filter (where p.account like 'budget:%:paid'), 0)::bigint as paid,
        coalesce(-sum(p.amount_fen) filter (where p.account like 'budget:%:paid' and p.kind = 'recover'), 0)::bigint as recovered
      from posting p where p.line_id = l.id
    ) p
    where l.state <> 'superseded' ${inScope(sql, ask.scope, { authority: 'l.authority', division: 'l.division', item: 'l.item_id' })}
      ${ask.itemId === undefined ? sql`` : sql`and l.item_id = ${ask.itemId}`}
      ${
        ask.month === undefined
          ? sql``
          : sql`and exists (select from payment_line x join batch b on b.id = x.batch_id where x.settlement_line_id = l.id
              and b.pay_on >= ${`${ask.month}-01`}::date and b.pay_on < ${`${ask.month}-01`}::date + interval '1 month')`
      }
  )`;

export const promiseSums = async (reader: Db | Tx, ask: Ask): Promise<readonly PromiseSums[]> => {
  const sql = rawSql(reader);
  return await sql<PromiseSums[]>`
    with ${promiseCte(sql, ask)}
    select item_id as "itemId", period_key as "periodKey", (count(*) filter (where part = 1))::int as "matchedCount",
      coalesce(sum(gross_fen), 0)::bigint as "matchedFen", coalesce(sum(gross_fen - granted_fen), 0)::bigint as "cutFen",
      (count(*) filter (where granted_fen > 0))::int as "settledCount", coalesce(sum(granted_fen), 0)::bigint as "settledFen",
      coalesce(sum(record_fen) filter (where granted_fen > 0), 0)::bigint as "recordFen", coalesce(sum(waiting) filter (where granted_fen > 0), 0)::bigint as "waitingFen",
      coalesce(sum(way), 0)::bigint as "wayFen", coalesce(sum(paid), 0)::bigint as "paidFen", coalesce(sum(reserved), 0)::bigint as "bookedReservedFen",
      coalesce(sum(committed), 0)::bigint as "bookedCommittedFen", coalesce(sum(booked_paid), 0)::bigint as "bookedPaidFen"
    from promise group by 1, 2 order by 1, 2`;
};

export interface OddLine {
  readonly kind: 'postings' | 'funding' | 'record' | 'promise' | 'settled' | 'suspense';
  /** What it is about: a payment line's bank reference, a settled line, a match, a result file's line. */
  readonly at: string;
  readonly itemId: string | null;
  /** Batch number or period. */
  readonly place: string;
  readonly expectedFen: bigint;
  /** null: the bank told no amount, or none that can be read. */
  readonly actualFen: bigint | null;
  /** Of `postings` and `funding` the line's end, of `record` that and the record's state, by their codes; else words. */
  readonly says: string;
}

/** Payment lines whose postings, sources or record say something else than their end. */
export const oddPayments = async (reader: Db | Tx, ask: Ask, limit: number): Promise<readonly OddLine[]> => {
  const sql = rawSql(reader);
  return await sql<OddLine[]>`
    with ${linesCte(sql, ask)}, expected as (
      select l.*, k.committed, k.paid, k.fund_sealed, k.fund_spent,
        case when l.ended in ('withheld', 'returned', 'paid') then 0 else l.amount_fen end as open_fen,
        case when l.ended = 'paid' then l.amount_fen else 0 end as paid_fen,
        -- Less what was kept back of it for what is owed; an order that never left may be from before that (the invariants look at live ones).
        d.state as record_state, d.amount_fen - case when l.amount_fen = d.amount_fen then 0 else (
          select coalesce(sum(e.amount_fen), 0) from recovery_entry e where e.kind = 'offset' and e.reference = d.id::text)::bigint end as record_fen,
        exists (select from live_payment v where v.line_id = l.id) as live
      from line l join booked k on k.id = l.id left join disbursement d on d.subject_id = l.subject_id and d.id = l.disbursement_id
    )
    select 'postings' as kind, end_to_end_id as at, item_id as "itemId", number as place, (open_fen + paid_fen)::bigint as "expectedFen", (committed + paid)::bigint as "actualFen", ended as says
      from expected where committed <> open_fen or paid <> paid_fen
    union all
    select 'funding', end_to_end_id, item_id, number, (open_fen + paid_fen)::bigint, (fund_sealed + fund_spent)::bigint, ended
      from expected where fund_sealed <> open_fen or fund_spent <> paid_fen
    union all
    select 'record', end_to_end_id, item_id, number, amount_fen, coalesce(record_fen, 0), ended || '/' || coalesce(record_state, '')
      from expected where record_fen is distinct from amount_fen
        or (live and record_state is distinct from case when ended = 'accepted' then 'sent' else ended end)
        or live = (ended in ('withheld', 'returned'))
    order by 1, 4, 2 limit ${limit}`;
};

/** Settled lines whose records or postings do not add up to what they grant. */
export const oddPromises = async (reader: Db | Tx, ask: Ask, limit: number): Promise<readonly OddLine[]> => {
  const sql = rawSql(reader);
  return await sql<OddLine[]>`
    with ${promiseCte(sql, ask)}
    select 'promise' as kind, id::text as at, item_id as "itemId", period_key as place, granted_fen as "expectedFen", (reserved + committed + booked_paid)::bigint as "actualFen",
      '预留 ' || reserved || '，占用 ' || committed || '，到账 ' || booked_paid || '；记录：未付 ' || waiting || '，在途 ' || way || '，到账 ' || paid as says
    from promise
    where (state in ('granted', 'reduced') and (reserved + committed + booked_paid <> granted_fen - recovered or committed <> way - way_kept or booked_paid <> paid - recovered + open_kept
      or (handed_on and granted_fen > 0 and record_fen <> granted_fen)))
      or (state not in ('granted', 'reduced') and (reserved <> 0 or committed <> 0 or booked_paid <> 0))
    order by 3, 4, 2 limit ${limit}`;
};

/** Standing matches of settled runs that say an amount for which no line was settled, or another one. */
export const oddMatches = async (reader: Db | Tx, ask: Ask, limit: number): Promise<readonly OddLine[]> => {
  const sql = rawSql(reader);
  // A month is of payments: of its matches only those that are paid in it.
  const paidIn =
    ask.month === undefined
      ? sql``
      : sql`and exists (select from payment_line x join batch b on b.id = x.batch_id where x.settlement_line_id = s.id
          and b.pay_on >= ${`${ask.month}-01`}::date and b.pay_on < ${`${ask.month}-01`}::date + interval '1 month')`;
  return await sql<OddLine[]>`
    with due as (
      select m.id, m.subject_id, m.item_id, m.period_key, coalesce(e.line ->> 'key', '') as key, (e.line #>> '{award,amountFen}')::bigint as fen
      from match m join item_version v on v.item_id = m.item_id and v.version = m.version and v.blocked is null and ${paysMoney(sql)}
      cross join lateral (select v.content ->> 'authority' as authority) a cross join lateral jsonb_array_elements(m.lines) as e(line)
      where m.verdict = 'eligible' and e.line ->> 'verdict' = 'eligible' and e.line #>> '{award,state}' = 'known'
        and exists (select from settled_run s where s.run_id = m.run_id and s.item_id = m.item_id) and ${isStanding(sql)}
        ${inScope(sql, ask.scope, { authority: 'a.authority', division: 'm.division', item: 'm.item_id' })}
        ${ask.itemId === undefined ? sql`` : sql`and m.item_id = ${ask.itemId}`}
    )
    select 'settled' as kind, m.id::text || case when m.key = '' then '' else ' ' || left(m.key, 8) end as at, m.item_id as "itemId", m.period_key as place, m.fen as "expectedFen",
      coalesce(s.gross_fen, 0)::bigint as "actualFen", case when s.id is null then '没有结算' else '结算所据金额不同' end as says
    from due m left join lateral (
      select s.id, s.gross_fen from settlement_line s where s.subject_id = m.subject_id and s.match_id = m.id and s.key = m.key and s.part = 1
      order by s.created_at desc, s.id limit 1
    ) s on true
    where (s.id is null or s.gross_fen <> m.fen) ${paidIn} order by 3, 4, 2 limit ${limit}`;
};

/** What the bank said and nothing explains yet, beside what we had told it under that reference: nothing, where it was never told of one. */
export const openSuspense = async (reader: Db | Tx, limit: number): Promise<readonly OddLine[]> =>
  await rawSql(reader)<OddLine[]>`
    select 'suspense' as kind, left(s.reference, 40) as at, l.item_id as "itemId", f.name || ' 第 ' || s.position || ' 行' as place,
      case when exists (select from line_event e where e.line_id = l.id and e.kind = 'sent') then l.amount_fen else 0::bigint end as "expectedFen",
      s.amount_fen as "actualFen", s.why as says
    from suspense s join payment_file f on f.id = s.file_id left join payment_line l on l.end_to_end_id = s.reference
    where s.settled_at is null order by s.at, s.position limit ${limit}`;

export interface FiledBatch {
  readonly id: string;
  readonly number: string;
  readonly itemId: string;
  readonly format: string;
  readonly state: string;
  readonly sha256: string;
}

/** Batches whose file was released, of the lines asked for. */
export const filedBatches = async (reader: Db | Tx, ask: Ask): Promise<readonly FiledBatch[]> => {
  const sql = rawSql(reader);
  return await sql<FiledBatch[]>`
    select b.id, b.number, b.item_id as "itemId", b.format, b.state, b.file_sha256 as sha256 from batch b
    where b.file_sha256 is not null and exists (select from payment_line l where l.batch_id = b.id ${inScope(sql, ask.scope, columns)})
      ${ask.month === undefined ? sql`` : sql`and b.pay_on >= ${`${ask.month}-01`}::date and b.pay_on < ${`${ask.month}-01`}::date + interval '1 month'`}
      ${ask.itemId === undefined ? sql`` : sql`and b.item_id = ${ask.itemId}`}
    order by b.number`;
};

/** What was told to the bank of a batch, by reference. */
export const toldTo = async (reader: Db | Tx, batchId: string): Promise<Map<string, bigint>> => {
  const rows = await rawSql(reader)<{ reference: string; fen: bigint }[]>`
    select l.end_to_end_id as reference, l.amount_fen as fen from payment_line l
    where l.batch_id = ${batchId} and exists (select from line_event e where e.line_id = l.id and e.kind = 'sent')`;
  return new Map(rows.map((row) => [row.reference, row.fen]));
};

export interface OpenLine {
  readonly reference: string;
  readonly number: string;
  readonly amountFen: bigint;
  readonly ended: string;
}

/** Lines of a month that have no end: sealed and not released, or told to the bank without an answer. */
export const openLines = async (reader: Db | Tx, ask: Ask): Promise<readonly OpenLine[]> => {
  const sql = rawSql(reader);
  return await sql<OpenLine[]>`
    with ${linesCte(sql, ask)}
    select end_to_end_id as reference, number, amount_fen as "amountFen", ended from line where ended in ('sealed', 'sent', 'accepted', 'unknown') order by number, end_to_end_id`;
};
