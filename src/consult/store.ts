// The only SQL of the log of looks: rows are inserted and read, never changed.
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { Look } from './consult.ts';

export const insertLook = async (writer: Db | Tx, look: Look): Promise<void> => {
  const { actor, role, subjectId, reason, order, view, itemId, facts, at } = look;
  await rawSql(writer)`
    insert into profile_look (actor, role, subject_id, reason, order_number, view, item_id, facts, at)
    values (${actor}, ${role}, ${subjectId}, ${reason}, ${order}, ${view}, ${itemId}, ${[...facts]}::text[], ${at})`;
};

/** Who looked at a subject, newest first. */
export const looksAt = async (reader: Db | Tx, subjectId: string, limit = 200): Promise<readonly Look[]> =>
  await rawSql(reader)<Look[]>`
    select actor, role, subject_id as "subjectId", reason, order_number as "order", view, item_id as "itemId", facts, at
    from profile_look where subject_id = ${subjectId} order by id desc limit ${limit}`;
