// SQL of the pictures alone: whom to show, in a temporary database. Nothing here runs beside real data.
import { fail } from '../base/problem.ts';
import type { Due } from '../certification/due-store.ts';
import { type Db, rawSql } from '../db/handle.ts';
import type { State } from '../disbursement/states.ts';
import type { Certify } from '../policy/certify.ts';

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

/** What a record was decided by, as a turn of certification is opened for it. */
export const dueOf = async (db: Db, id: string): Promise<Due & { readonly authority: string }> => {
  const [row] = await rawSql(db)<(Due & { readonly authority: string })[]>`
    select d.subject_id as "subjectId", m.id, m.version, m.register, m.division, r.known_at::text as "anchorOn", d.authority
    from disbursement d join match m on m.id = d.match_id and m.subject_id = d.subject_id join run r on r.id = m.run_id where d.id = ${id}`;
  return row ?? fail('missing.match', id, '没有这一条判定。', '');
};

/** As the owner: how an item asks for certification, `null` as it was published; no item of the sample city says it by itself. */
export const letCertify = async (owner: Db, itemId: string, terms: Certify | null): Promise<void> => {
  const sql = rawSql(owner);
  const text = terms === null ? null : JSON.stringify(terms);
  await sql`update item_version set content = case when ${text}::text is null then content - 'certify' else content || jsonb_build_object('certify', ${text}::text::jsonb) end
    where item_id = ${itemId}`;
};
