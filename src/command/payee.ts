// `payee`: on which account somebody would be paid in an item and why, whether others are paid on it too, and whether it was tried. Shows the last four.
import { accountFor, accountSourceNames, sharedAccount, usualSources } from '../account/account.ts';
import { compareHolder } from '../account/holder.ts';
import { useOf, usesOf } from '../account/store.ts';
import { checkRequired, checkStateNames, requireCheck } from '../account/verify.ts';
import { maskAccount } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { transaction } from '../db/handle.ts';
import { payeeLink } from '../policy/payees.ts';
import { contactReader, contactText, linkNames } from '../record/contact-store.ts';
import { todayFor } from '../today.ts';
import { accountIndex } from '../vault/account.ts';
import { personName } from '../web/words.ts';
import { actorNamed, subjectNamed } from './attest-actor.ts';
import type { Command, CommandContext } from './command.ts';
import { dayOption, type Opened, withProduct } from './opening.ts';
import { checks, checksOptions, checksUsage } from './payee-checks.ts';
import { itemFor } from './published.ts';

const holderNames = { same: '一致', variant: '一致（异体字）', different: '不一致' } as const;

const payee = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const [itemId = '', named = ''] = context.args;
  const [{ item }] = await itemFor(db, itemId);
  const catalogue = await loadCatalogue(db);
  const subject = await subjectNamed(db, named);
  const day = dayOption(context, 'day') ?? (await todayFor(db, context.now()));
  const read = contactReader(catalogue, day);
  const link = linkNames(catalogue);
  const part = Number(context.options.part ?? 1);
  const most = item.payees?.length ?? 1;
  if (!Number.isInteger(part) || part < 1 || part > most)
    fail('input.option', '--part', '--part 要是第几个收款人。', `这个事项写 1 至 ${most}。`);
  const told = await transaction(db, async (tx) => {
    const [own] = await read(tx, subject.register, { ids: [subject.subjectId] });
    const follow = async (fact: string) => {
      const key = own === undefined ? null : contactText(own, fact);
      return key === null ? null : ((await read(tx, link(fact).register, { keys: [key] }))[0] ?? null);
    };
    const fact = payeeLink(item, part - 1);
    const record = fact === undefined ? (own ?? null) : await follow(fact);
    const sources =
      (fact === undefined || item.payees === undefined ? item.accounts : undefined) ?? usualSources(record?.register ?? subject.register);
    if (record === null) return { name: null, sources, answer: null, shared: null, state: null };
    const guardian = sources.includes('guardian') ? await follow('guardian') : null;
    const answer = accountFor(record, sources, day, guardian);
    const index = answer.chosen === null ? null : accountIndex(tx, answer.chosen.account);
    const shared = index === null ? null : sharedAccount(await usesOf(tx, index));
    const state = index === null ? null : ((await useOf(tx, index, subject.subjectId))?.state ?? null);
    const holder = answer.chosen?.source === 'guardian' ? guardian : record;
    return { name: holder?.name ?? null, sources, answer, shared, state };
  });
  const chosen = told.answer?.chosen ?? null;
  const holder = chosen?.holder == null || told.name === null ? null : compareHolder(told.name, chosen.holder);
  const { say } = context.out;
  say(`${item.title}，${personName(subject.register, subject.name)}，${day}`);
  say(`  账户顺序  ${told.sources.map((one) => accountSourceNames[one]).join('、')}`);
  for (const line of told.answer?.why ?? ['没有收款人信息']) say(`    ${line}`);
  if (chosen !== null) say(`  账户      尾号 ${maskAccount(chosen.account).slice(-4)}，${chosen.bank ?? '开户银行未报'}`);
  if (holder !== null) say(`  户名      ${holderNames[holder]}`);
  if (told.shared !== null)
    say(`  共用      ${told.shared.beneficiaries} 人领到这个账户${told.shared.allowed ? '（同一监护人，允许）' : '，付款前要核对'}`);
  if (chosen !== null) say(`  验证      ${checkStateNames[told.state ?? 'unverified']}`);
  if (context.out.asJson) {
    const account =
      chosen === null
        ? null
        : { source: chosen.source, tail: maskAccount(chosen.account).slice(-4), dataset: chosen.dataset, asOf: chosen.asOf };
    context.out.json({
      item: item.id,
      subject: subject.subjectId,
      day,
      account,
      why: told.answer?.why ?? [],
      holder,
      shared: told.shared,
      check: told.state,
    });
  }
  return chosen === null ? 2 : 0;
};

const isFinance = (role: string): boolean => role.startsWith('finance-');

const verifyFirst = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const [, answer] = context.args;
  if (answer !== undefined) {
    if (answer !== 'on' && answer !== 'off') return fail('input.argument', '', '只能写 on 或 off。', '不写就是查看。');
    const actor = await actorNamed(context, db);
    const role = actor.roles.find(isFinance);
    if (role === undefined) return fail('scope.role', '--by', '这个账号的岗位不能办这件事。', '需要：财政经办、复核或签发。');
    await requireCheck(db, answer === 'on', { actor: actor.id, role, at: context.now() });
  }
  const required = await checkRequired(db);
  context.out.say(required ? '首次付款前必须验证账户，未验证的不进批次。' : '首次付款前不要求验证账户，未验证的在批次里注明。');
  if (context.out.asJson) context.out.json({ required });
  return 0;
};

const verbs: Readonly<Record<string, typeof payee>> = { 'verify-first': verifyFirst, checks };

export const payeeCommand: Command = {
  name: 'payee',
  usage: [
    '<事项> <对象编号或号码> [--day 日期] [--part 第几个收款人] [--json]   发到哪个账户、为什么；户名是否一致、是否多人共用、是否验证过',
    'verify-first [on|off --by <财政账号>] [--json]   首次付款前是否必须验证账户；不要求时，未验证的在批次的每一笔上注明',
    ...checksUsage,
  ],
  options: { day: { type: 'string' }, part: { type: 'string' }, by: { type: 'string' }, ...checksOptions },
  run: (context) => withProduct(context, (opened) => (verbs[context.args[0] ?? ''] ?? payee)(context, opened)),
};
