// Who works on a rule from the command line: officers by their user names, within their scope.
import { type Problem, ProblemError, problem } from '../base/problem.ts';
import { coversItem } from '../base/scope.ts';
import type { Db } from '../db/handle.ts';
import type { Item } from '../policy/item.ts';
import { roles } from '../web/role.ts';
import { type StaffAccount, staffAccounts } from '../web/store.ts';
import type { CommandContext } from './command.ts';
import { textOption } from './opening.ts';

const part = { maker: '经办', checker: '复核' } as const;

/** The named officer; null with the reason among `problems`. */
export const officerNamed = (
  context: CommandContext,
  name: keyof typeof part,
  accounts: readonly StaffAccount[],
  problems: Problem[],
): StaffAccount | null => {
  const at = `--${name}`;
  const username = textOption(context, name)?.toLowerCase();
  if (username === undefined) {
    problems.push(problem('input.option', at, `没有说明${part[name]}是谁。`, `写 ${at} <用户名>；用户名见 accounts。`));
    return null;
  }
  const account = accounts.find((one) => one.username === username);
  if (account === undefined || account.leftAt !== null) {
    problems.push(
      problem('missing.account', at, `没有“${username.slice(0, 40)}”这个在职账号。`, '用户名见 accounts；新建用 accounts add。'),
    );
    return null;
  }
  if (!account.roles.includes('officer'))
    problems.push(problem('scope.role', at, `“${username}”不是${roles.officer}，不能发布规则。`, `请由${roles.officer}经办和复核。`));
  return account;
};

/** One officer who may work on the item; refused with every reason. */
export const officerFor = async (
  context: CommandContext,
  db: Db,
  name: keyof typeof part,
  item: Pick<Item, 'id' | 'authority'>,
): Promise<string> => {
  const problems: Problem[] = [];
  const account = officerNamed(context, name, await staffAccounts(db), problems);
  if (account !== null && !coversItem(account.scope, item))
    problems.push(problem('scope.item', `--${name}`, `${account.username}的范围里没有这个事项。`, '请由主管部门的人经办和复核。'));
  if (problems.length > 0 || account === null) throw new ProblemError(problems);
  return account.username;
};
