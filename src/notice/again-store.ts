// Links asked for again: one person's asking one after the other, and what it is judged by. Hand-written SQL: the lock first, the judging in statements after it.
import { rawSql, type Tx } from '../db/handle.ts';

/** Holds whoever else asks for this person until this transaction ends. */
export const lockAsking = async (tx: Tx, subjectId: string): Promise<void> => {
  await rawSql(tx)`select pg_advisory_xact_lock(hashtext(${`notice.link.${subjectId}`}))`;
};

/** When links were sent again to this person since then, newest first. */
export const linksSentSince = async (tx: Tx, subjectId: string, since: Date): Promise<readonly Date[]> => {
  const rows = await rawSql(tx)<{ at: Date }[]>`
    select created_at as at from notice where subject_id = ${subjectId} and template = 'link' and created_at > ${since} order by created_at desc`;
  return rows.map((row) => row.at);
};
