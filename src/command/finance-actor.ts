// Who acts for finance at the machine: a member of staff in the role the act needs, with a code of the authenticator where the act moves money.
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { authSecret } from '../config.ts';
import { type Auth, openAuth } from '../web/auth.ts';
import type { Role } from '../web/role.ts';
import { checkCode } from '../web/step-up.ts';
import type { CommandContext } from './command.ts';
import { isUuid, type Opened, textOption } from './opening.ts';
import { staffNamed } from './staff-named.ts';

export interface FinanceActor {
  readonly id: string;
  readonly role: Role;
  readonly scope: Scope;
}

/** Signing in is the web's; what the machine does with accounts and codes needs the same secret and no address. */
export const authFor = ({ config, database }: Opened): Auth =>
  openAuth(database.db, { secret: authSecret(config), baseUrl: config.baseUrl ?? `http://${config.host}:${config.port}` });

export const financeActor = async (context: CommandContext, { db }: Opened, wanted: readonly Role[]): Promise<FinanceActor> => {
  const account = await staffNamed(context, db, wanted);
  return { id: account.userId, role: account.roles.find((role) => wanted.includes(role)) as Role, scope: account.scope };
};

/** As `financeActor`, with `--code <six digits>`: each act at the machine takes a fresh one. */
export const steppedUp = async (context: CommandContext, opened: Opened, wanted: readonly Role[]): Promise<FinanceActor> => {
  const account = await staffNamed(context, opened.db, wanted);
  await checkCode(authFor(opened), opened.db, account, textOption(context, 'code'), context.now());
  return { id: account.userId, role: account.roles.find((role) => wanted.includes(role)) as Role, scope: account.scope };
};

export const idArgument = (context: CommandContext, at: number, what: string): string => {
  const id = context.args[at] ?? '';
  return isUuid(id) ? id.toLowerCase() : fail('input.argument', '', `没有写${what}编号。`, '编号见列表。');
};

export const neededOption = (context: CommandContext, name: string, what: string): string =>
  textOption(context, name) ?? fail('input.option', `--${name}`, `没有写${what}。`, '用法见 --help。');

/** Options that take a text, for a command's table. */
export const texts = (...names: readonly string[]): Record<string, { readonly type: 'string' }> =>
  Object.fromEntries(names.map((name) => [name, { type: 'string' }]));
