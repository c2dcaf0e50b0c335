// SQL of the pictures alone: whom to show, in a temporary database. Nothing here runs beside real data.
import { type Db, rawSql } from '../db/handle.ts';
import type { State } from '../disbursement/states.ts';

export interface Shown {
  readonly id: string;
  readonly subjectId: string;
  readonly register: string;
  readonly state: State;
  readonly itemId: string;
}

/** Records in a state, the same each time; `register` narrows. */
export const shownIn = async (db: Db, state: State, register: string | null = null): Promise<readonly Shown[]> =>
  await rawSql(db)<Shown[]>`
    select d.id, d.subject_id as "subjectId", r.register, d.state, d.item_id as "itemId"
    from disbursement d join record r on r.subject_id = d.subject_id
    where d.state = ${state} and d.line_id is not null and r.name is not null and (${register}::text is null or r.register = ${register})
    order by d.item_id, r.key, d.id limit 40`;

/** Who has most different items, a person and a firm. */
export const withMost = async (db: Db, register: string): Promise<string | null> => {
  const [row] = await rawSql(db)<{ subjectId: string }[]>`
    select d.subject_id as "subjectId" from disbursement d join record r on r.subject_id = d.subject_id
    where r.register = ${register} and r.name is not null and d.state not in ('closed', 'waived')
    group by d.subject_id, r.key order by count(distinct d.item_id) desc, count(distinct d.state) desc, r.key limit 1`;
  return row?.subjectId ?? null;
};

/** A person or firm without any record. */
export const withNone = async (db: Db, register: string): Promise<string | null> => {
  const [row] = await rawSql(db)<{ subjectId: string }[]>`
    select subject_id as "subjectId" from record r where register = ${register} and name is not null
      and not exists (select from disbursement d where d.subject_id = r.subject_id) order by key limit 1`;
  return row?.subjectId ?? null;
};

export const subjectByKey = async (db: Db, register: string, key: string): Promise<string | null> => {
  const [row] = await rawSql(db)<{ subjectId: string }[]>`
    select subject_id as "subjectId" from record where register = ${register} and key = ${key}`;
  return row?.subjectId ?? null;
};

export const firstNotice = async (db: Db, subjectId: string): Promise<string | null> => {
  const [row] = await rawSql(db)<{ id: string }[]>`select id from notice where subject_id = ${subjectId} order by created_at, id limit 1`;
  return row?.id ?? null;
};

/** Whoever has a choice open between items. */
export const choosers = async (db: Db): Promise<readonly string[]> =>
  (
    await rawSql(db)<{ subjectId: string }[]>`
      select distinct subject_id as "subjectId" from settlement_line where state = 'waiting' and decide_on is not null order by 1 limit 20`
  ).map((one) => one.subjectId);

/** As the owner: takes the table of notices away and puts it back, so that a page meets an error nobody foresaw. */
export const hideNotices = async (owner: Db, hidden: boolean): Promise<void> => {
  if (hidden) await rawSql(owner)`alter table notice rename to notice_hidden`;
  else await rawSql(owner)`alter table notice_hidden rename to notice`;
};
