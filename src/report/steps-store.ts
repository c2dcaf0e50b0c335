// Work that lies longer than its step may take though no day of the rule has passed: what waits at finance and the bank, by step, item and whose it is.
// Hand-written SQL: one statement over all.
import type { Day } from '../base/day.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';

/** How many days a step may take; the days of the rules themselves are `lateOn`'s. */
export const stepTerms = {
  seal: { text: '核定后没有封批', desk: '财政经办', days: 10 },
  check: { text: '封批后没有复核', desk: '财政复核', days: 3 },
  issue: { text: '复核后没有签发', desk: '财政签发', days: 3 },
  bank: { text: '签发后银行没有回音', desk: '财政经办；银行', days: 5 },
  returned: { text: '退汇没有更正', desk: '财政经办', days: 10 },
  unknown: { text: '付款状态不明', desk: '财政经办；银行', days: 5 },
  held: { text: '暂缓没有了结', desk: '部门审核；财政经办', days: 30 },
} as const;
export type StepKind = keyof typeof stepTerms;

export interface Lying {
  readonly kind: StepKind;
  readonly itemId: string;
  /** Records, or batches. */
  readonly count: number;
  readonly fen: bigint;
  /** Since when the first of them lies there. */
  readonly since: Day;
  readonly days: number;
}

/** Longest first, within the scope. A batch holds people of every division: who sees only some divisions sees none. */
export const lyingOn = async (reader: Db | Tx, ask: { readonly scope: Scope; readonly today: Day }): Promise<readonly Lying[]> => {
  const sql = rawSql(reader);
  const { scope, today } = ask;
  const terms = JSON.stringify(Object.entries(stepTerms).map(([kind, { days }]) => ({ kind, days })));
  const record = { authority: 'd.authority', division: 'd.division', item: 'd.item_id' } as const;
  const batch = { authority: 'b.authority', division: 'b.authority', item: 'b.item_id' } as const;
  return await sql<Lying[]>`
    with lying as (
      select case d.state when 'ready' then 'seal' else d.state end as kind, d.item_id, d.amount_fen as fen, (
        select max((e.at at time zone 'Asia/Shanghai')::date) from disbursement_event e where e.disbursement_id = d.id and e.to_state = d.state) as since
      from disbursement d where d.state in ('ready', 'returned', 'unknown', 'held') ${inScope(sql, scope, record)}
      union all
      select case b.state when 'sealed' then 'check' when 'approved' then 'issue' else 'bank' end, b.item_id, b.total_fen,
        ((case b.state when 'sealed' then b.sealed_at when 'released' then b.released_at
          else (select max(s.at) from batch_signature s where s.batch_id = b.id and s.role = 'checker') end) at time zone 'Asia/Shanghai')::date
      from batch b where b.state in ('sealed', 'approved', 'released') ${inScope(sql, { ...scope, divisions: null }, batch)}
        ${scope.divisions === null ? sql`` : sql`and false`}
    )
    select l.kind, l.item_id as "itemId", count(*)::int as count, sum(l.fen)::bigint as fen, min(l.since)::text as since, (${today}::date - min(l.since))::int as days
    from lying l join jsonb_to_recordset(${terms}::text::jsonb) as t(kind text, days int) on t.kind = l.kind
    where ${today}::date - l.since > t.days group by 1, 2 order by min(l.since), 1, 2`;
};
