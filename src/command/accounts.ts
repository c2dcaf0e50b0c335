// `accounts`: staff accounts at the machine itself, for whoever runs it. The way in when no administrator can sign in any more; every act is audited.
import { nearest } from '../base/nearest.ts';
import { fail, type Problem, ProblemError, problem } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { newestCatalogue } from '../catalogue/store.ts';
import type { Db } from '../db/handle.ts';
import { publishedItems } from '../policy/store.ts';
import { treesOf } from '../policy/vocabulary.ts';
import { createAccount, endAccount, resetAccount } from '../web/account.ts';
import { allRoles, isRole, type Role, roles } from '../web/role.ts';
import { type StaffAccount, staffAccounts } from '../web/store.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { authFor } from './finance-actor.ts';
import { atTheMachine, listOption, type Opened, textOption, withProduct } from './opening.ts';
import { loadShippedCatalogue } from './rule-files.ts';

const rolesText = (held: readonly Role[]): string => held.map((role) => roles[role]).join('、');
const partText = (values: readonly string[] | null): string => (values === null ? '全部' : values.join('、') || '无');
const scopeText = ({ authorities, divisions, items }: Scope): string =>
  authorities === null && divisions === null && items === null
    ? '全部'
    : `部门 ${partText(authorities)}；区划 ${partText(divisions)}；事项 ${partText(items)}`;

const list = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const accounts = await staffAccounts(db);
  const rows = accounts.map((one) => [
    one.username,
    one.name,
    rolesText(one.roles),
    scopeText(one.scope),
    one.twoFactor ? '是' : '否',
    one.leftAt === null ? (one.demo ? '演示' : '在职') : '已离职',
  ]);
  context.out.say(accounts.length === 0 ? '还没有账号。' : textTable(['用户名', '姓名', '岗位', '范围', '两步验证', '状态'], rows, []));
  if (context.out.asJson) context.out.json({ accounts: accounts.map(({ userId: _own, ...rest }) => rest) });
  return 0;
};

const known = async (db: Db, username: string | undefined): Promise<StaffAccount> => {
  if (username === undefined) return fail('input.argument', '', '没有写用户名。', '用户名见 accounts。');
  const accounts = await staffAccounts(db);
  const account = accounts.find((one) => one.username === username.toLowerCase());
  if (account === undefined) {
    const near = nearest(
      username,
      accounts.map((one) => one.username),
    );
    return fail(
      'missing.account',
      username.slice(0, 40),
      '没有这个账号。',
      near.length > 0 ? `是不是 ${near.join('、')}？` : '用户名见 accounts。',
    );
  }
  if (account.leftAt !== null) fail('state.left', account.username, '这个人已经离职，账号停用了。', '回来的人用 accounts add 另建账号。');
  return account;
};

const tellPassword = (context: CommandContext, username: string, password: string, done: string, notes: readonly string[] = []): number => {
  for (const note of notes) context.out.say(`  △ ${note}`);
  context.out.say(`${done}\n  用户名  ${username}\n  密码    ${password}\n  密码只显示这一次，请当面交给本人。`);
  if (context.out.asJson) context.out.json({ username, password, ...(notes.length === 0 ? {} : { notes }) });
  return 0;
};

const reset = async (context: CommandContext, opened: Opened, username: string | undefined): Promise<number> => {
  const account = await known(opened.db, username);
  const reason = textOption(context, 'reason') ?? '本人忘记密码或丢失验证器';
  const password = await resetAccount(authFor(opened), opened.db, account.username, atTheMachine, reason, context.now());
  return tellPassword(context, account.username, password, '已重置：旧密码、两步验证和登录都失效了。');
};

const leave = async (context: CommandContext, opened: Opened, username: string | undefined): Promise<number> => {
  const account = await known(opened.db, username);
  const reason = textOption(context, 'reason');
  if (reason === null) return fail('input.option', '--reason', '没有写停用的原因。', '例如 --reason 调离。');
  await endAccount(opened.db, account.username, atTheMachine, reason, context.now());
  context.out.say(`已停用 ${account.username}：不能再登录，留痕不变。`);
  if (context.out.asJson) context.out.json({ username: account.username, left: true });
  return 0;
};

/** Divisions are known from the start; authorities and items only once published, so of those a stranger is pointed out and taken. */
const scopeFor = async (context: CommandContext, db: Db, problems: Problem[], notes: string[]): Promise<Scope> => {
  const scope = {
    authorities: listOption(context, 'authorities'),
    divisions: listOption(context, 'divisions'),
    items: listOption(context, 'items'),
  };
  const catalogue = (await newestCatalogue(db))?.catalogue ?? (await loadShippedCatalogue());
  const tree = treesOf(catalogue).get('division');
  for (const code of scope.divisions ?? [])
    if (tree?.has(code) !== true)
      problems.push(problem('input.option', '--divisions', `行政区划里没有代码“${code.slice(0, 20)}”。`, '核对代码；管全部区划的不写。'));
  const items = (await publishedItems(db)).map((one) => one.item);
  const strangers = (wanted: readonly string[] | null, there: readonly string[]) => (wanted ?? []).filter((one) => !there.includes(one));
  for (const one of strangers(
    scope.authorities,
    items.map((item) => item.authority),
  ))
    notes.push(`现在没有“${one}”主管的事项，请核对部门名称。`);
  for (const one of strangers(
    scope.items,
    items.map((item) => item.id),
  ))
    notes.push(`现在没有编号为“${one}”的事项，请核对编号。`);
  return scope;
};

const add = async (context: CommandContext, opened: Opened, username: string | undefined): Promise<number> => {
  const problems: Problem[] = [];
  const notes: string[] = [];
  if (username === undefined) problems.push(problem('input.argument', '', '没有写用户名。', '例如 accounts add zhang.min …'));
  const name = textOption(context, 'name');
  if (name === null) problems.push(problem('input.option', '--name', '没有写姓名。', '例如 --name 张敏。'));
  const wanted = listOption(context, 'roles');
  if (wanted === null)
    problems.push(problem('input.option', '--roles', '没有写岗位。', `可选 ${allRoles.map((r) => `${r}（${roles[r]}）`).join('、')}。`));
  for (const role of wanted ?? []) {
    const near = nearest(role, allRoles);
    const hint = near.length > 0 ? `是不是 ${near.join('、')}？` : `可选 ${allRoles.join('、')}。`;
    if (!isRole(role)) problems.push(problem('input.option', '--roles', `没有“${role.slice(0, 40)}”这个岗位。`, hint));
  }
  const scope = await scopeFor(context, opened.db, problems, notes);
  if (problems.length > 0 || username === undefined || name === null) throw new ProblemError(problems);
  const held = (wanted ?? []).filter(isRole);
  const made = await createAccount(authFor(opened), opened.db, { username, name, roles: held, scope }, atTheMachine, context.now());
  return tellPassword(context, username, made.password, `已建账号：${name}，${rolesText(held)}，范围${scopeText(scope)}。`, notes);
};

export const accountsCommand: Command = {
  name: 'accounts',
  usage: [
    '[--json]',
    'add <用户名> --name <姓名> --roles officer,steward [--authorities 部门,…] [--divisions 区划代码,…] [--items 事项,…]',
    'reset <用户名> [--reason <原因>]',
    'leave <用户名> --reason <原因>',
  ],
  options: {
    name: { type: 'string' },
    roles: { type: 'string' },
    authorities: { type: 'string' },
    divisions: { type: 'string' },
    items: { type: 'string' },
    reason: { type: 'string' },
  },
  run: async (context) => {
    const [verb = 'list', username] = context.args;
    const acts = { list, add, reset, leave };
    if (!Object.hasOwn(acts, verb))
      return fail('input.argument', '', `不认识“accounts ${verb.slice(0, 40)}”。`, '不写就是列出；另有 add、reset、leave。');
    return withProduct(context, (opened) => acts[verb as keyof typeof acts](context, opened, username));
  },
};
