// The part of `attest` about whom an officer may not attest for; done at the machine by whoever runs it, audited.
import { attestRules, declareTie, setAttestRules } from '../attest/tie.ts';
import { type TieKind, tiesOf } from '../attest/tie-store.ts';
import { fail } from '../base/problem.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { type Db, transaction } from '../db/handle.ts';
import { treesOf } from '../policy/vocabulary.ts';
import { staffAccounts } from '../web/store.ts';
import { subjectNamed } from './attest-actor.ts';
import type { CommandContext } from './command.ts';
import { atTheMachine, type Opened, textOption } from './opening.ts';

const machine = { id: atTheMachine, role: 'system' };
const kindNames: Readonly<Record<TieKind, string>> = { self: '本人', relative: '亲属', home: '居住地' };

const targetOf = async (db: Db, kind: TieKind, named: string): Promise<string> => {
  if (kind !== 'home') return (await subjectNamed(db, named)).subjectId;
  if (
    treesOf(await loadCatalogue(db))
      .get('division')
      ?.has(named) === true
  )
    return named;
  return fail('input.option', '--home', '行政区划里没有这个代码。', '请核对代码。');
};

const tie = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const username = context.args[1]?.toLowerCase() ?? '';
  const account = (await staffAccounts(db)).find((one) => one.username === username);
  if (account === undefined) return fail('missing.account', username.slice(0, 40), '没有这个账号。', '用户名见 accounts。');
  const holds = context.options.remove !== true;
  for (const kind of ['self', 'relative', 'home'] as const) {
    const named = textOption(context, kind);
    if (named === null) continue;
    const target = await targetOf(db, kind, named);
    const changed = await transaction(db, (tx) => declareTie(tx, { userId: account.userId, kind, target }, holds, machine, context.now()));
    context.out.say(`${kindNames[kind]}：${changed ? (holds ? '已登记' : '已取消') : '没有变化'}。`);
  }
  const ties = await tiesOf(db, account.userId);
  for (const one of ties) context.out.say(`  ${kindNames[one.kind]}  ${one.target}`);
  if (context.out.asJson) context.out.json({ username, ties: ties.map(({ kind, target }) => ({ kind, target })) });
  return 0;
};

const rules = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const wanted = textOption(context, 'own-division');
  if (wanted !== null && wanted !== 'allow' && wanted !== 'refuse')
    return fail('input.option', '--own-division', '--own-division 要是 allow 或 refuse。', '例如 --own-division refuse');
  const now = await transaction(db, async (tx) => {
    if (wanted !== null) await setAttestRules(tx, { notOwnDivision: wanted === 'refuse' }, machine, context.now());
    return attestRules(tx);
  });
  context.out.say(`核定本人居住区划的对象：${now.notOwnDivision ? '不许' : '可以'}。`);
  if (context.out.asJson) context.out.json(now);
  return 0;
};

export const tieVerbs = { tie, rules };
