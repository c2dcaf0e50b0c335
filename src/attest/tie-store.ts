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

/**
 * True when the subject is the officer, a declared relative, or stands in any record of either as a link (spouse, guardian, own firm; at any time).
 * `linkFacts` names the link facts of the registers.
 */
export const isTied = async (
  tx: Tx,
  userId: string,
  subject: { readonly subjectId: string; readonly key: string },
  linkFacts: readonly string[],
): Promise<boolean> => {
  const [row] = await rawSql(tx)<{ tied: boolean }[]>`
    with own as (
      select r.register, r.subject_id, r.key from staff_tie t join record r on r.subject_id::text = t.target
      where t.user_id = ${userId} and t.kind in ('self', 'relative')),
    self as (
      select r.register, r.subject_id, r.key from staff_tie t join record r on r.subject_id::text = t.target
      where t.user_id = ${userId} and t.kind = 'self'),
    linked as (
      select p.subject_id, cell ->> 'v' as key from record_part p, jsonb_each(p.cells) f, jsonb_array_elements(f.value) cell
      where (p.subject_id = ${subject.subjectId} or p.subject_id in (select subject_id from self)) and f.key = any(${[...linkFacts]}::text[])
        and jsonb_typeof(f.value) = 'array')
    select exists (select from own where subject_id = ${subject.subjectId})
      or exists (select from linked l join self s on s.key = l.key where l.subject_id = ${subject.subjectId})
      or exists (select from linked l join self s on s.subject_id = l.subject_id where l.key = ${subject.key}) as tied`;
  return row?.tied === true;
};
