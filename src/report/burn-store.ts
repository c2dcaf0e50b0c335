// The postings of a budget by month. Hand-written SQL: one sum over the postings of five accounts.
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { MonthSums } from './burn.ts';

/** In the order of the months, by the civil day in Asia/Shanghai a posting was made; months without any are left out. */
export const monthSums = async (reader: Db | Tx, budgetId: string): Promise<readonly MonthSums[]> => {
  const accounts = ['appropriation', 'available', 'reserved', 'committed', 'paid'].map((name) => `budget:${budgetId}:${name}`);
  return await rawSql(reader)<MonthSums[]>`
    select to_char(at at time zone 'Asia/Shanghai', 'YYYY-MM') as month,
      coalesce(-sum(amount_fen) filter (where account like '%:appropriation'), 0)::bigint as "givenFen",
      coalesce(sum(amount_fen) filter (where account like '%:reserved' or account like '%:committed' or account like '%:paid'), 0)::bigint as "promisedFen",
      coalesce(sum(amount_fen) filter (where account like '%:reserved'), 0)::bigint as "reservedFen",
      coalesce(sum(amount_fen) filter (where account like '%:committed'), 0)::bigint as "committedFen",
      coalesce(sum(amount_fen) filter (where account like '%:paid'), 0)::bigint as "paidFen"
    from posting where account = any(${accounts}::text[]) group by 1 order by 1`;
};
