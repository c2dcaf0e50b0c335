// What people were paid in a year, for the summary each is told once. Hand-written SQL: what the bank said of lines is summed for a chunk of people, and who
// has been told already is refused by a key in the same statement.
import { rawSql, type Tx } from '../db/handle.ts';

export interface YearSum {
  readonly subjectId: string;
  readonly register: string;
  readonly division: string | null;
  readonly authority: string;
  readonly itemId: string;
  readonly version: number;
  readonly title: string;
  readonly lines: number;
  readonly amountFen: bigint;
}

/** People any payment was ever sent to, in order. */
export const lookPaid = async (tx: Tx, after: string | null, limit: number): Promise<readonly string[]> => {
  const sql = rawSql(tx);
  const rows = await sql<{ id: string }[]>`
    select distinct l.subject_id as id from payment_line l where true ${after === null ? sql`` : sql`and l.subject_id > ${after}::uuid`}
    order by l.subject_id limit ${limit}`;
  return rows.map((row) => row.id);
};

/** By authority and item, what arrived in the year and did not come back, of those whom the authority has not told of this year yet; notes that it does now. */
export const takeYear = async (
  tx: Tx,
  ask: { readonly subjects: readonly string[]; readonly year: number; readonly now: Date },
): Promise<readonly YearSum[]> => {
  const sql = rawSql(tx);
  const { subjects, year, now } = ask;
  return await sql<YearSum[]>`
    with sums as (
      select l.subject_id, d.authority, l.item_id, max(d.version) as version, count(*)::int as lines, sum(l.amount_fen)::bigint as amount
      from payment_line l join line_event e on e.line_id = l.id and e.kind = 'paid'
      join disbursement d on d.subject_id = l.subject_id and d.id = l.disbursement_id
      where l.subject_id = any(${[...subjects]}::uuid[])
        and e.at >= make_timestamptz(${year}, 1, 1, 0, 0, 0, 'Asia/Shanghai') and e.at < make_timestamptz(${year + 1}, 1, 1, 0, 0, 0, 'Asia/Shanghai')
        and e.id = (select min(f.id) from line_event f where f.line_id = l.id and f.kind = 'paid')
        and not exists (select from line_event b where b.line_id = l.id and b.kind = 'returned')
      group by 1, 2, 3
    ), fresh as (
      insert into yearly_told (subject_id, authority, year, at)
      select distinct subject_id, authority, ${year}::int, ${now}::timestamptz from sums order by 1, 2
      on conflict do nothing returning subject_id, authority
    )
    select s.subject_id as "subjectId", r.register, r.division, s.authority, s.item_id as "itemId", s.version, v.content ->> 'title' as title, s.lines,
      s.amount as "amountFen"
    from sums s join fresh f on f.subject_id = s.subject_id and f.authority = s.authority
    join record r on r.register = any(array['citizen', 'enterprise']) and r.subject_id = s.subject_id
    join item_version v on v.item_id = s.item_id and v.version = s.version
    order by s.subject_id, s.authority, s.amount desc, s.item_id`;
};
