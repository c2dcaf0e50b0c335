// What the parts of `attest` share: who acts, on whom, and options that must be there.
import type { Attester } from '../attest/attest.ts';
import { plainCode } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import type { Db } from '../db/handle.ts';
import { findSubjects, type Subject, subjectById } from '../record/view-store.ts';
import { staffAccounts } from '../web/store.ts';
import type { CommandContext } from './command.ts';
import { isUuid, textOption } from './opening.ts';

/** The member of staff named by `--by`. */
export const actorNamed = async (context: CommandContext, db: Db): Promise<Attester> => {
  const username = textOption(context, 'by')?.toLowerCase();
  if (username === undefined) return fail('input.option', '--by', '没有说明是谁办的。', '写 --by <用户名>；用户名见 accounts。');
  const account = (await staffAccounts(db)).find((one) => one.username === username && one.leftAt === null);
  return account === undefined
    ? fail('missing.account', '--by', `没有“${username.slice(0, 40)}”这个在职账号。`, '用户名见 accounts。')
    : { id: account.userId, roles: account.roles, scope: account.scope };
};

export const needed = (context: CommandContext, name: string, what: string): string =>
  textOption(context, name) ?? fail('input.option', `--${name}`, `没有写${what}。`, '见 attest --help 的写法。');

/** By our own id or the number that names it. */
export const subjectNamed = async (db: Db, named: string): Promise<Subject> => {
  const found = isUuid(named)
    ? [await subjectById(db, named.toLowerCase(), everything)].filter((one) => one !== null)
    : await findSubjects(db, { scope: everything, key: plainCode(named), limit: 2 });
  const [one, second] = found;
  if (one === undefined || second !== undefined)
    return fail('missing.subject', '', '库里没有这个对象，或者不止一个。', '写对象编号、身份证号或统一社会信用代码。');
  return one;
};
