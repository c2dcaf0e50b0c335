// Closed months: one row each, insert-only.
import { type Db, rawSql, type Tx } from '../db/handle.ts';

export interface MonthClose {
  readonly month: string;
  readonly statement: unknown;
  readonly hash: string;
  readonly carried: readonly string[];
  readonly reason: string | null;
  readonly closedBy: string;
  readonly closedAt: Date;
}

/** Two who close at once take their turns. */
export const takeMonth = async (tx: Tx, month: string): Promise<void> => {
  await rawSql(tx)`select pg_advisory_xact_lock(hashtextextended(${`close ${month}`}, 0))`;
};

export const monthClose = async (reader: Db | Tx, month: string): Promise<MonthClose | null> => {
  const [row] = await rawSql(reader)<MonthClose[]>`
    select month, statement, hash, carried, reason, closed_by as "closedBy", closed_at as "closedAt" from month_close where month = ${month}`;
  return row ?? null;
};

export const insertMonthClose = async (tx: Tx, row: MonthClose): Promise<void> => {
  await rawSql(tx)`
    insert into month_close (month, statement, hash, carried, reason, closed_by, closed_at)
    values (${row.month}, ${JSON.stringify(row.statement)}::text::jsonb, ${row.hash}, ${JSON.stringify(row.carried)}::text::jsonb, ${row.reason}, ${row.closedBy}, ${row.closedAt})`;
};

/** Released batches of the month whose every line has its end. */
export const closeBatches = async (tx: Tx, month: string): Promise<readonly string[]> => {
  const rows = await rawSql(tx)<{ id: string }[]>`
    update batch b set state = 'closed'
    where b.state = 'released' and b.pay_on >= ${`${month}-01`}::date and b.pay_on < ${`${month}-01`}::date + interval '1 month'
      and not exists (
        select from payment_line l where l.batch_id = b.id
          and not exists (select from line_event e where e.line_id = l.id and e.kind in ('withheld', 'cancelled', 'paid', 'returned')))
    returning b.id`;
  return rows.map((row) => row.id);
};
