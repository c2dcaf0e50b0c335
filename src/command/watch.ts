// `watch`: what finance must see coming: money due that has not arrived, budgets that will not last three months, many payments in one place.

import { formatYuan } from '../base/amount.ts';
import { plainJson } from '../base/canonical.ts';
import { everything } from '../base/scope.ts';
import { concentrationNames, warningsOf } from '../payment/watch.ts';
import { arrears, concentrations, outlooks, paceDays } from '../payment/watch-store.ts';
import { type Command, type CommandContext, textTable, wholeNumber } from './command.ts';
import { type Opened, stepsFor, withProduct } from './opening.ts';

const run = async (context: CommandContext, opened: Opened): Promise<number> => {
  const { db, today } = await stepsFor(context, opened);
  const { say, asJson, json } = context.out;
  const at = (name: 'account' | 'household' | 'unit', usual: number) => wholeNumber(name, context.options[name], usual, 2, 100_000);
  const thresholds = { account: at('account', 3), household: at('household', 5), unit: at('unit', 50) };
  const due = await arrears(db, everything, today);
  const warnings = warningsOf(await outlooks(db, everything, today), today, paceDays);
  const crowded = await concentrations(db, everything, thresholds);
  say('待拨');
  const dueRows = due.map((one) => [one.itemId, String(one.year), String(one.people), formatYuan(one.fen), one.since, String(one.days)]);
  say(due.length === 0 ? '  没有。' : textTable(['事项', '年度', '人数', '金额', '最早应拨', '已等天数'], dueRows, [2, 3, 5]));
  say('');
  say('预算预警（三个月内）');
  for (const one of warnings) say(`  ${one.itemId} ${one.year}：${one.text}到年底还差 ${formatYuan(one.lackFen)}。`);
  if (warnings.length === 0) say('  没有。');
  say('');
  say('集中的支付（请人工核对，系统不因此拒付）');
  for (const one of crowded)
    say(`  ${concentrationNames[one.kind]} ${one.place} ${one.itemId} ${one.periodKey}：${one.people} 人 ${formatYuan(one.fen)}`);
  if (crowded.length === 0) say('  没有。');
  if (asJson) json(plainJson({ today, arrears: due, warnings, concentrations: crowded }));
  return 0;
};

export const watchCommand: Command = {
  name: 'watch',
  usage: [
    '[--account 3] [--household 5] [--unit 50] [--json]    待拨（人数、金额、天数）、预算预警（提前三个月）、集中的支付；三个数是同一账户、同一户、同一单位新增到几人起列出',
  ],
  options: { account: { type: 'string' }, household: { type: 'string' }, unit: { type: 'string' } },
  run: (context) => withProduct(context, (opened) => run(context, opened)),
};
