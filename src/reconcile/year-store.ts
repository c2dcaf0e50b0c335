// Closed years of limited budgets: one row each, insert-only.
import { type Db, rawSql, type Tx } from '../db/handle.ts';

export const budgetKind = async (reader: Db | Tx, itemId: string, year: number): Promise<'limited' | 'entitlement' | null> => {
  const [row] = await rawSql(reader)<{ kind: 'limited' | 'entitlement' }[]>`
    select kind from budget where item_id = ${itemId} and year = ${year}`;
  return row?.kind ?? null;
};

/** False when the year is closed already. */
export const insertYearClose = async (
  tx: Tx,
  row: {
    readonly itemId: string;
    readonly year: number;
    readonly way: string;
    readonly reason: string;
    readonly closedBy: string;
    readonly closedAt: Date;
  },
): Promise<boolean> => {
  const made = await rawSql(tx)`
    insert into year_close (item_id, year, way, reason, closed_by, closed_at)
    values (${row.itemId}, ${row.year}, ${row.way}, ${row.reason}, ${row.closedBy}, ${row.closedAt}) on conflict do nothing returning item_id`;
  return made.length > 0;
};

/** How a year was closed; null: it is not. `movedFen` as it is booked. */
export const closedYear = async (
  reader: Db | Tx,
  itemId: string,
  year: number,
): Promise<{ readonly way: string; readonly movedFen: bigint } | null> => {
  const [row] = await rawSql(reader)<{ way: string; movedFen: bigint }[]>`
    select y.way, coalesce((select -p.amount_fen from posting p where p.transaction = 'close:' || y.item_id || ':' || y.year
      and p.account = 'budget:' || y.item_id || ':' || y.year || ':available'), 0)::bigint as "movedFen"
    from year_close y where y.item_id = ${itemId} and y.year = ${year}`;
  return row ?? null;
};

export interface YearClose {
  readonly itemId: string;
  readonly year: number;
  readonly way: 'carry' | 'release';
  readonly reason: string;
  readonly closedBy: string;
  readonly closedAt: Date;
  readonly movedFen: bigint;
}

/** Every closed year; whose it is to see is asked of its budget. */
export const yearCloses = async (reader: Db | Tx): Promise<readonly YearClose[]> =>
  await rawSql(reader)<YearClose[]>`
    select y.item_id as "itemId", y.year, y.way, y.reason, y.closed_by as "closedBy", y.closed_at as "closedAt",
      coalesce((select -p.amount_fen from posting p where p.transaction = 'close:' || y.item_id || ':' || y.year
        and p.account = 'budget:' || y.item_id || ':' || y.year || ':available'), 0)::bigint as "movedFen"
    from year_close y order by y.item_id, y.year`;

export interface YearBlock {
  readonly kind: 'batch' | 'run' | 'choice' | 'share';
  /** A batch's number, a run's period; otherwise empty. */
  readonly at: string;
  readonly count: number;
}

/** What must be finished before the year can be closed: batches nobody has released or sent back, runs that are not settled, choices and shares that are open. */
export const yearBlocks = async (tx: Tx, itemId: string, year: number): Promise<readonly YearBlock[]> =>
  await rawSql(tx)<YearBlock[]>`
    select 'batch' as kind, b.number as at, count(*)::int as count from batch b join payment_line l on l.batch_id = b.id
      where l.item_id = ${itemId} and l.year = ${year} and b.state in ('sealed', 'approved') group by 2
    union all
    select 'run', ri.period_key, count(*)::int from run_item ri join run r on r.id = ri.run_id
      where ri.item_id = ${itemId} and ri.stopped is null and extract(year from ri.period_end) = ${year} and r.ended_at is not null
        and not exists (select from settled_run s where s.run_id = ri.run_id and s.item_id = ri.item_id) group by 2
    union all
    select 'choice', '', count(*)::int from settlement_line s where s.item_id = ${itemId} and s.budget_year = ${year} and s.state = 'waiting' and s.decide_on is not null
      having count(*) > 0
    union all
    select 'share', '', count(*)::int from settlement_line s join budget g on g.item_id = s.item_id and g.year = s.budget_year
      join item_version v on v.item_id = s.item_id and v.version = s.version
      where s.item_id = ${itemId} and s.budget_year = ${year} and s.state = 'waiting' and g.shared_at is null and v.content #>> '{budget,give}' = 'prorata'
      having count(*) > 0
    order by 1, 2`;

/** Promised in the budget and not arrived, 分. */
export const openInYear = async (tx: Tx, budgetId: string): Promise<bigint> => {
  const [row] = await rawSql(tx)<{ fen: bigint }[]>`
    select coalesce(sum(amount_fen), 0)::bigint as fen from balance where account in (${`budget:${budgetId}:reserved`}, ${`budget:${budgetId}:committed`})`;
  return row?.fen ?? 0n;
};
