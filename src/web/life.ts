// What the API and the command line share of acts on disbursement records: in whose name, with whose scope, on which day, and who may review.

import type { Catalogue } from '../catalogue/catalogue.ts';
import { workingCalendar } from '../catalogue/delivery-term.ts';
import type { Db } from '../db/handle.ts';
import type { Act } from '../disbursement/act.ts';
import type { Reviewer } from '../disbursement/review.ts';
import { todayFor } from '../today.ts';
import type { Role } from './role.ts';
import { type StaffAccount, staffAccounts } from './store.ts';

/** An act of a member of staff in one of the roles the act is for; the record is named by the caller. */
export const actOf = async (
  given: { readonly db: Db; readonly catalogue: Catalogue; readonly at: Date },
  staff: Pick<StaffAccount, 'userId' | 'roles' | 'scope'>,
  wanted: readonly Role[],
): Promise<Omit<Act, 'id'>> => ({
  actor: { id: staff.userId, role: staff.roles.find((role) => wanted.includes(role)) ?? staff.roles.join(',') },
  scope: staff.scope,
  now: given.at,
  today: await todayFor(given.db, given.at),
  calendar: workingCalendar(given.catalogue),
});

/** Everybody who may review today. */
export const reviewersOf = async (db: Db): Promise<readonly Reviewer[]> =>
  (await staffAccounts(db))
    .filter((one) => one.leftAt === null && one.roles.includes('reviewer'))
    .map((one) => ({ id: one.userId, scope: one.scope }));
