// `check`: does the product keep its promises? The audit chain recomputed and held against the anchors outside the database, and every invariant that
// SQL can see. Reads only, unless a person ends the alarm that a broken promise has raised.
import { liftAlarm } from '../audit/alarm.ts';
import { trailWords } from '../audit/verify.ts';
import { alarmText, brokenInvariants, promiseNames, standingAlarm } from '../db/invariant-store.ts';
import { staffAccounts } from '../web/store.ts';
import { watchersOf } from '../web/watchers.ts';
import { checkTrail } from './audit.ts';
import type { Command, CommandContext } from './command.ts';
import { neededOption, texts } from './finance-actor.ts';
import { type Opened, withProduct } from './opening.ts';
import { staffNamed } from './staff-named.ts';

const lift = async (context: CommandContext, { db }: Opened): Promise<void> => {
  const account = await staffNamed(context, db, ['auditor']);
  const reason = neededOption(context, 'reason', '查到了什么、怎样改正的');
  await liftAlarm(db, { by: { id: account.userId, role: 'auditor' }, reason, now: context.now() });
  context.out.say('报警已解除，签发、取报盘和关账可以继续。');
};

const check = async (context: CommandContext, opened: Opened): Promise<number> => {
  const { out } = context;
  if (context.options.lift === true) await lift(context, opened);
  const chain = await checkTrail(opened, context.now(), []);
  const broken = await brokenInvariants(opened.db);
  for (const line of trailWords(chain)) out.say(line);
  out.say(`承诺：${broken.length === 0 ? '都守住了' : `${broken.length} 处被打破`}。`);
  for (const one of broken)
    out.say(`  ✕ 第 ${one.invariant} 条“${promiseNames[one.invariant] ?? ''}”：${one.message}（${one.example ?? '没有例子'}）`);
  const alarm = await standingAlarm(opened.db);
  const who = watchersOf(await staffAccounts(opened.db));
  if (alarm !== null) out.say(`报警：${alarmText(alarm)}。签发、取报盘和关账停着，由${who}查明。`);
  const ok = chain.faultCount === 0 && broken.length === 0 && alarm === null;
  if (out.asJson) out.json({ ok, chain, invariants: broken, alarm });
  return ok ? 0 : 1;
};

export const checkCommand: Command = {
  name: 'check',
  usage: [
    '[--json]   审计链和各条承诺；每夜自动核对一次，有一条被打破就报警，签发、取报盘和关账随即停下',
    '--lift --reason <查到了什么、怎样改正的> --by <审计>   都改正之后解除报警',
  ],
  options: { ...texts('reason', 'by'), lift: { type: 'boolean' } },
  run: (context) => withProduct(context, (opened) => check(context, opened)),
};
