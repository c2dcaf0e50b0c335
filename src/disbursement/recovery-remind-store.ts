// Which recoveries fall due soon and whose reminder nobody is owed yet. Hand-written SQL: locked in one statement, judged by what else was written in the next.
import type { Day } from '../base/day.ts';
import { rawSql, type Sql, type Tx } from '../db/handle.ts';

export interface DueSoon {
  readonly subjectId: string;
  readonly itemId: string;
  readonly version: number;
  readonly matchId: string;
  readonly periodKey: string;
  readonly clause: string | null;
  readonly dueOn: Day;
  readonly leftFen: bigint;
}

const unreminded = (sql: Sql) => sql`
  not exists (select from owed_notice o where o.subject_id = c.subject_id and o.item_id = c.item_id and o.match_id = c.match_id
    and o.template = 'recovery-reminder' and o.detail ->> 'dueOn' = c.due_on::text)`;

export const lockDueSoon = async (
  tx: Tx,
  ask: { readonly from: Day; readonly to: Day; readonly limit: number },
): Promise<readonly DueSoon[]> => {
  const sql = rawSql(tx);
  const locked = await sql<{ id: string }[]>`
    select c.id from recovery c where c.state = 'open' and c.due_on between ${ask.from} and ${ask.to} and c.opened_at < ${ask.from}::date and ${unreminded(sql)}
    order by c.id limit ${ask.limit} for update`;
  return await sql<DueSoon[]>`
    select c.subject_id as "subjectId", c.item_id as "itemId", c.version, c.match_id as "matchId", c.period_key as "periodKey", c.clause,
      c.due_on as "dueOn", c.amount_fen - c.settled_fen as "leftFen"
    from recovery c where c.id = any(${locked.map((one) => one.id)}::uuid[]) and c.state = 'open' and c.amount_fen > c.settled_fen and ${unreminded(sql)}
    order by c.subject_id, c.id`;
};
