// What is late, and at whose desk: everything with a day that has passed, of one kind of work after the other. Hand-written SQL: one statement over all.
import type { Day } from '../base/day.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';

export const lateKinds = {
  review: { text: '审核超过期限', desk: '部门审核' },
  deliver: { text: '告知没有送达，期限不能起算', desk: '部门审核' },
  ask: { text: '逾期没有补齐', desk: '当事人；部门审核催办' },
  heir: { text: '去世当月应发的没有登记继承人', desk: '部门审核；家属' },
  objection: { text: '异议超过复核期限', desk: '部门审核' },
  rating: { text: '差评没有在期限内答复', desk: '部门审核' },
  'recovery-tell': { text: '多发没有在期限内立案告知', desk: '部门审核' },
  'recovery-due': { text: '逾期没有退回', desk: '当事人；部门审核催办' },
  certify: { text: '资格认证逾期，暂停发放', desk: '村（居）入户核查；当事人' },
  'certify-deliver': { text: '资格认证的告知没有送达', desk: '村（居）上门送达' },
  'certify-deceased': { text: '入户核查已去世，等人决定停发', desk: '部门审核' },
} as const;
export type LateKind = keyof typeof lateKinds;

export interface Late {
  readonly kind: LateKind;
  /** The record, objection, rating, recovery or certification. */
  readonly id: string;
  readonly itemId: string;
  readonly authority: string;
  readonly division: string | null;
  readonly dueOn: Day;
}

/** Longest overdue first, within the scope; `limit` rows. */
export const lateOn = async (
  reader: Db | Tx,
  ask: { readonly scope: Scope; readonly today: Day; readonly limit: number },
): Promise<readonly Late[]> => {
  const sql = rawSql(reader);
  const { today } = ask;
  return await sql<Late[]>`
    select x.kind, x.id, x.item_id as "itemId", x.authority, x.division, x.due_on as "dueOn" from (
      select case d.state when 'reviewing' then 'review' when 'asking' then 'ask' when 'deceased' then 'heir' else 'deliver' end as kind, d.id, d.item_id, d.authority, d.division, d.due_on
        from disbursement d where d.state in ('reviewing', 'asking', 'confirming', 'applying', 'deceased') and d.due_on < ${today}
      union all
      select 'objection', o.id, o.item_id, o.authority, o.division, o.due_on from objection o where o.state = 'open' and o.due_on < ${today}
      union all
      select 'rating', r.id, r.item_id, r.authority, r.division, r.due_on from rating r where r.stars <= 2 and r.answer is null and r.due_on < ${today}
      union all
      select 'recovery-tell', c.id, c.item_id, c.authority, c.division, c.tell_by from recovery c where c.state = 'proposed' and c.tell_by < ${today}
      union all
      select 'recovery-due', c.id, c.item_id, c.authority, c.division, coalesce(p.due_on, c.due_on) from recovery c
        -- The first instalment that what came back does not cover; without a plan, the day of the whole.
        left join lateral (
          select q.due_on from (select r.due_on, sum(r.amount_fen) over (order by r.position) - sum(r.amount_fen) over () as behind
            from recovery_plan r where r.recovery_id = c.id) q
          where c.amount_fen + q.behind > c.settled_fen order by q.due_on limit 1) p on true
        where c.state = 'open' and coalesce(p.due_on, c.due_on) < ${today}
      union all
      select case c.state when 'deceased' then 'certify-deceased' when 'suspended' then 'certify' else 'certify-deliver' end, c.id, c.item_id, c.authority,
        c.division, case c.state when 'deceased' then c.suspended_on else c.due_on end
        from certification c where c.state in ('open', 'visiting', 'suspended', 'deceased')
          and case c.state when 'deceased' then c.suspended_on else c.due_on end < ${today}
    ) x where true ${inScope(sql, ask.scope, { authority: 'x.authority', division: 'x.division', item: 'x.item_id' })}
    order by x.due_on, x.kind, x.id limit ${ask.limit}`;
};
