// Whose name an account sees: whole for those who handle people's records, masked for everybody else.
import type { Db } from '../db/handle.ts';
import { subjectsOf } from '../record/view-store.ts';
import type { Role } from './role.ts';
import type { StaffAccount } from './store.ts';
import { personName, shown } from './words.ts';

/** Whoever handles people's records sees their names whole; accounts show their last four to all. */
const seeNames: readonly Role[] = ['reviewer', 'finance-maker', 'finance-checker', 'finance-head', 'finance-issuer'];

export const seesNames = (staff: Pick<StaffAccount, 'roles'>): boolean => staff.roles.some((role) => seeNames.includes(role));

/** The names of these subjects as the account may see them; null: none is known. */
export const shownNames = async (
  db: Db,
  staff: Pick<StaffAccount, 'roles'>,
  subjectIds: readonly string[],
): Promise<(subjectId: string) => string | null> => {
  const whole = seesNames(staff);
  const subjects = await subjectsOf(db, subjectIds);
  return (id) => {
    const subject = subjects.get(id);
    return whole ? (subject?.name ?? null) : personName(subject?.register ?? 'citizen', subject?.name ?? null);
  };
};

interface Payee {
  readonly subjectId: string;
  /** Where somebody else receives it. */
  readonly payeeSubjectId?: string | null;
  readonly payeeName: string | null;
}

/** The same for the names that payments were written with. */
export const shownPayees = async (
  db: Db,
  staff: Pick<StaffAccount, 'roles'>,
  rows: readonly Payee[],
): Promise<(row: Payee) => string | null> => {
  if (seesNames(staff)) return ({ payeeName }) => (payeeName === null ? null : shown(payeeName));
  const idOf = (row: Payee): string => row.payeeSubjectId ?? row.subjectId;
  const subjects = await subjectsOf(db, rows.map(idOf));
  return (row) => (row.payeeName === null ? null : personName(subjects.get(idOf(row))?.register ?? 'citizen', row.payeeName));
};
