// SQL for who waits: which items a run left open for want of a dataset, what people were last found entitled to, and how items that wait stood before.
import { type Db, rawSql, type Tx } from '../db/handle.ts';

export const undeterminedOf = async (
  reader: Db | Tx,
  runId: string,
  datasets: readonly string[],
): Promise<readonly { readonly itemId: string; readonly periodKey: string }[]> =>
  await rawSql(reader)`
    select distinct item_id as "itemId", period_key as "periodKey" from undetermined_count
    where run_id = ${runId} and dataset = any(${[...datasets]}::text[]) order by 1, 2`;

export interface LastPaid {
  readonly amountFen: bigint;
}

/** Subject → amount of the last eligible match of an earlier period. */
export const lastAmounts = async (
  tx: Tx,
  itemId: string,
  periodKey: string,
  subjectIds: readonly string[],
): Promise<ReadonlyMap<string, LastPaid>> => {
  const rows = await rawSql(tx)<{ id: string; amountFen: bigint }[]>`
    select s.id, x.amount_fen as "amountFen" from unnest(${[...subjectIds]}::uuid[]) as s(id) cross join lateral (
      select m.amount_fen from match m
      where m.subject_id = s.id and m.item_id = ${itemId} and m.period_key <> ${periodKey} and m.verdict = 'eligible' and m.amount_fen is not null
      order by m.created_at desc, m.sequence desc limit 1
    ) x`;
  return new Map(rows.map(({ id, amountFen }) => [id, { amountFen }]));
};

export interface LastPeriod {
  readonly itemId: string;
  readonly periodKey: string;
  readonly eligible: number;
  readonly amountFen: bigint;
}

/** What each item came to when it was last decided: for items that wait as a whole, the best that can be said. */
export const lastPeriods = async (reader: Db | Tx, itemIds: readonly string[]): Promise<readonly LastPeriod[]> =>
  await rawSql(reader)<LastPeriod[]>`
    select distinct on (ri.item_id) ri.item_id as "itemId", ri.period_key as "periodKey", ri.eligible, ri.amount_fen as "amountFen"
    from run_item ri join run r on r.id = ri.run_id
    where ri.item_id = any(${[...itemIds]}::text[]) and ri.state = 'done' order by ri.item_id, ri.period_end desc, r.sequence desc`;
