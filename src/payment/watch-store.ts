// What finance must see coming: money that is due and has not arrived, budgets that will not last, and many payments in one place. Read only, within a
// scope. Hand-written SQL: sums over many rows.
import { addDays, type Day } from '../base/day.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import type { Concentration, Outlook } from './watch.ts';

const scoped = { authority: 'd.authority', division: 'd.division', item: 'd.item_id' } as const;

/** 待拨: ready to be paid, or on its way, and not on an account yet. */
export interface Arrears {
  readonly itemId: string;
  readonly year: number;
  readonly people: number;
  readonly fen: bigint;
  /** The day the longest waiting became ready, and for how many days that is. */
  readonly since: Day;
  readonly days: number;
}

/** Per item and budget year, the longest waiting first. */
export const arrears = async (reader: Db | Tx, scope: Scope, today: Day): Promise<readonly Arrears[]> => {
  const sql = rawSql(reader);
  return await sql<Arrears[]>`
    select d.item_id as "itemId", l.budget_year as year, count(distinct d.subject_id)::int as people, sum(d.amount_fen)::bigint as fen,
      min(e.since)::text as since, greatest(${today}::date - min(e.since), 0)::int as days
    from disbursement d join settlement_line l on l.subject_id = d.subject_id and l.id = d.line_id
    cross join lateral (
      select min((v.at at time zone 'Asia/Shanghai')::date) as since from disbursement_event v
      where v.subject_id = d.subject_id and v.disbursement_id = d.id and v.to_state = 'ready') e
    where d.state in ('ready', 'deceased', 'sealed', 'sent', 'unknown', 'returned') and d.amount_fen > 0 ${inScope(sql, scope, scoped)}
    group by 1, 2 order by since, 1, 2`;
};

/** How far back the pace of an item is measured. */
export const paceDays = 90;

/**
 * What is left for each budget of the year and how much was promised in the last 90 days. `limited`: what is free in the budget; `entitlement`: what
 * its funding sources still hold, less what is promised and not sealed yet (below nothing: to be provided).
 */
export const outlooks = async (reader: Db | Tx, scope: Scope, today: Day): Promise<readonly Outlook[]> => {
  const sql = rawSql(reader);
  const from = addDays(today, -paceDays);
  const balanceOf = (name: string) =>
    sql`coalesce((select b.amount_fen from balance b where b.account = 'budget:' || g.id || ${`:${name}`}), 0)`;
  return await sql<Outlook[]>`
    select g.item_id as "itemId", g.year, g.kind,
      (case g.kind when 'limited' then ${balanceOf('available')} else coalesce((
        select sum(o.amount_fen) from funding_source f join balance o on o.account = 'fund:' || f.id || ':open'
        where f.item_id = g.item_id and f.year = g.year and f.ended_at is null), 0) - ${balanceOf('reserved')} end)::bigint as "leftFen",
      coalesce((
        select sum(s.granted_fen) from settlement_line s where s.item_id = g.item_id and s.budget_year = g.year
          and s.state in ('granted', 'reduced') and (s.created_at at time zone 'Asia/Shanghai')::date > ${from}), 0)::bigint as "paceFen"
    from budget g where g.year = ${Number(today.slice(0, 4))} ${itemsOnly(sql, scope)} order by 1`;
};

const itemsOnly = (sql: Sql, scope: Scope) => sql`
  ${scope.items === null ? sql`` : sql`and g.item_id = any(${[...scope.items]}::text[])`}
  ${
    scope.authorities === null
      ? sql``
      : sql`and exists (select from item_version v where v.item_id = g.item_id and v.content ->> 'authority' = any(${[...scope.authorities]}::text[]))`
  }`;

/** From how many records in one place on it is told; nobody is refused because of it. */
export interface Thresholds {
  readonly account: number;
  readonly household: number;
  readonly unit: number;
}

/**
 * Many records of one item and period on one account (several people), in one household, or of people who are new in one unit (division). For whoever
 * reviews: the subjects are named by id, accounts by the head of their blind index.
 */
export const concentrations = async (reader: Db | Tx, scope: Scope, at: Thresholds): Promise<readonly Concentration[]> => {
  const sql = rawSql(reader);
  return await sql<Concentration[]>`
    with open as (
      select d.subject_id, d.item_id, d.period_key, d.amount_fen, d.account_index, d.division, d.match_kind from disbursement d
      where d.line_id is not null and d.state not in ('closed', 'waived') ${inScope(sql, scope, scoped)}
    ), placed as (
      select 'account' as kind, left(o.account_index, 8) as place, o.* from open o where o.account_index is not null
      union all
      select 'household', c.cell ->> 'v', o.* from open o join record_part p on p.subject_id = o.subject_id and p.cells ? 'household'
        cross join lateral (select p.cells -> 'household' -> -1 as cell) c where c.cell ->> 'v' is not null
      union all
      select 'unit', o.division, o.* from open o where o.division is not null and o.match_kind = 'first'
    )
    select kind, place, item_id as "itemId", period_key as "periodKey", count(*)::int as records, count(distinct subject_id)::int as people,
      sum(amount_fen)::bigint as fen, (array_agg(distinct subject_id::text))[1:20] as subjects
    from placed group by kind, place, item_id, period_key
    having count(distinct subject_id) >= case kind when 'account' then ${at.account}::int when 'household' then ${at.household}::int else ${at.unit}::int end
    order by fen desc, kind, place, item_id, period_key limit 1000`;
};
