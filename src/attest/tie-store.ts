// The SQL of whom an officer is tied to: declared relatives, whoever a register links to the officer's own record, the division the officer lives in.
import { type Db, rawSql, type Tx } from '../db/handle.ts';

export type TieKind = 'self' | 'relative' | 'home';

export interface Tie {
  readonly userId: string;
  readonly kind: TieKind;
  /** Subject id, or division code. */
  readonly target: string;
}

/** False when it stands there already. */
export const insertTie = async (tx: Tx, tie: Tie, by: string, at: Date): Promise<boolean> => {
  const rows = await rawSql(tx)`
    insert into staff_tie (user_id, kind, target, at, by) values (${tie.userId}, ${tie.kind}, ${tie.target}, ${at}, ${by})
    on conflict do nothing returning user_id`;
  return rows.length > 0;
};

export const deleteTie = async (tx: Tx, tie: Tie): Promise<boolean> => {
  const rows = await rawSql(tx)`
    delete from staff_tie where user_id = ${tie.userId} and kind = ${tie.kind} and target = ${tie.target} returning user_id`;
  return rows.length > 0;
};

export const tiesOf = async (reader: Db | Tx, userId: string): Promise<readonly Tie[]> =>
  rawSql(reader)<Tie[]>`select user_id as "userId", kind, target from staff_tie where user_id = ${userId} order by kind, target`;

/** Registers and ids of the subjects that are the officer. */
export const selvesOf = async (
  reader: Db | Tx,
  userId: string,
): Promise<readonly { readonly register: string; readonly subjectId: string }[]> =>
  rawSql(reader)<{ register: string; subjectId: string }[]>`
    select r.register, r.subject_id as "subjectId" from staff_tie t join record r on r.subject_id::text = t.target
    where t.user_id = ${userId} and t.kind = 'self'`;
