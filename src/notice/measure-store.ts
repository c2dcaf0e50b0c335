// How long notices take from being written to being handed over, by what stands in their rows. Hand-written SQL: one pass over the days asked for.
import { type Db, rawSql, type Tx } from '../db/handle.ts';

export interface HandedOver {
  /** Written since then, over a way that goes by machine first. */
  readonly total: number;
  /** Of them, handed over at the first try within ten seconds. */
  readonly within: number;
  readonly medianMs: number;
  readonly p99Ms: number;
}

/** Notices still waiting count as not within; those the quiet hours, the pace or a refusal held back too, so this is the least it can be. */
export const handedOver = async (reader: Db | Tx, since: Date): Promise<HandedOver> => {
  const [row] = await rawSql(reader)<HandedOver[]>`
    with first as (
      select n.id, extract(epoch from min(t.at) filter (where t.outcome = 'sent') - n.created_at) * 1000 as ms
      from notice n left join notice_try t on t.notice_id = n.id
      where n.created_at >= ${since} and (n.channel in ('mail', 'sms') or exists (select from notice_try c where c.notice_id = n.id and c.outcome = 'claimed'))
      group by n.id)
    select count(*)::int as total, count(*) filter (where ms <= 10000)::int as within,
      coalesce(round(percentile_cont(0.5) within group (order by ms)), 0)::int as "medianMs",
      coalesce(round(percentile_cont(0.99) within group (order by ms)), 0)::int as "p99Ms" from first`;
  return row ?? { total: 0, within: 0, medianMs: 0, p99Ms: 0 };
};
