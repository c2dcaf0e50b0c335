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

/** Promised in the budget and not arrived, 分. */
export const openInYear = async (tx: Tx, budgetId: string): Promise<bigint> => {
  const [row] = await rawSql(tx)<{ fen: bigint }[]>`
    select coalesce(sum(amount_fen), 0)::bigint as fen from balance where account in (${`budget:${budgetId}:reserved`}, ${`budget:${budgetId}:committed`})`;
  return row?.fen ?? 0n;
};
