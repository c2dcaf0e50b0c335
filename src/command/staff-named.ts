// In whose name something is done at the machine: an account of staff that has not left and holds the role the act needs, as on the web.
import { fail } from '../base/problem.ts';
import type { Db } from '../db/handle.ts';
import { mustBeCompatible, type Role, roles } from '../web/role.ts';
import { type StaffAccount, staffAccounts } from '../web/store.ts';
import type { CommandContext } from './command.ts';
import { textOption } from './opening.ts';

/** `--by <username>`; refused where there is none such, it has left, or holds none of the roles. */
export const staffNamed = async (context: CommandContext, db: Db, wanted: readonly Role[], option = 'by'): Promise<StaffAccount> => {
  const username = textOption(context, option)?.toLowerCase();
  const account = (await staffAccounts(db)).find((one) => one.username === username && one.leftAt === null);
  if (account === undefined)
    return fail('missing.account', `--${option}`, '没有说明由谁办理，或没有这个在职账号。', `写 --${option} <用户名>；用户名见 accounts。`);
  mustBeCompatible(account.roles);
  const names = wanted.map((role) => roles[role]).join('或');
  if (!wanted.some((role) => account.roles.includes(role)))
    fail('scope.role', `--${option}`, `${account.username} 不是${names}，不能办理。`, `请由${names}办理。`);
  return account;
};
