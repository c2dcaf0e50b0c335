// The SQL of the anomaly report: who attests how much, with whom, and how often a source proved it wrong.
import type { Day } from '../base/day.ts';
import { divisionPrefix, type Scope } from '../base/scope.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';

export interface OfficerCounts {
  /** Account id. */
  readonly officer: string;
  readonly entered: number;
  readonly confirmed: number;
  /** Of those entered: refused by the second person, withdrawn, proved wrong by the source, settled by it, disputed now, of deaths, of new subjects. */
  readonly refused: number;
  readonly withdrawn: number;
  readonly overruled: number;
  readonly agreed: number;
  readonly disputed: number;
  readonly deaths: number;
  readonly subjects: number;
  /** Who confirmed most of them, and how many. */
  readonly partner: string | null;
  readonly partnerCount: number;
}

/** Officers who entered or confirmed anything on these days (inclusive), busiest first. */
export const officerCounts = async (
  reader: Db | Tx,
  ask: { readonly from: Day; readonly to: Day; readonly scope: Scope },
): Promise<readonly OfficerCounts[]> => {
  const sql = rawSql(reader);
  const { scope } = ask;
  const prefixes = scope.divisions?.map((code) => `${divisionPrefix(code)}%`) ?? null;
  const within = prefixes === null ? sql`` : sql`and division like any(${prefixes}::text[])`;
  return sql<OfficerCounts[]>`
    with chosen as (
      select * from attestation
      where (entered_at at time zone 'Asia/Shanghai')::date between ${ask.from}::date and ${ask.to}::date ${within}),
    pairs as (
      select entered_by as officer, confirmed_by as partner, count(*)::int as n,
        row_number() over (partition by entered_by order by count(*) desc, confirmed_by) as place
      from chosen where confirmed_by is not null group by 1, 2),
    people as (select entered_by as officer from chosen union select confirmed_by from chosen where confirmed_by is not null)
    select p.officer, (count(c.id))::int as entered,
      (select count(*)::int from chosen x where x.confirmed_by = p.officer) as confirmed,
      (count(*) filter (where c.state = 'refused'))::int as refused, (count(*) filter (where c.state = 'withdrawn'))::int as withdrawn,
      (count(*) filter (where c.state = 'overruled'))::int as overruled, (count(*) filter (where c.state = 'agreed'))::int as agreed,
      (count(*) filter (where c.state = 'standing' and c.dispute is not null))::int as disputed,
      (count(*) filter (where c.fact = 'deathDate'))::int as deaths, (count(*) filter (where c.fact = ''))::int as subjects,
      max(q.partner) as partner, coalesce(max(q.n), 0)::int as "partnerCount"
    from people p left join chosen c on c.entered_by = p.officer left join pairs q on q.officer = p.officer and q.place = 1
    group by p.officer order by entered desc, p.officer`;
};
