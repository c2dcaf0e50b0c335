// `check`: does the product keep its promises? The audit chain recomputed and held against the anchors outside the database, and every invariant that
// SQL can see. Reads only.
import { trailWords } from '../audit/verify.ts';
import { brokenInvariants } from '../db/invariant-store.ts';
import { checkTrail } from './audit.ts';
import type { Command, CommandContext } from './command.ts';
import { type Opened, withProduct } from './opening.ts';

const promises: Readonly<Record<number, string>> = {
  1: '同一对象、同组、同期只有一笔有效占用',
  2: '匹配结果就是按依据判出来的',
  3: '待核绝不变成钱',
  4: '限额预算：预留加已付不超过总额，余额等于流水之和',
  5: '没有足够的人看过这份内容，就没有报盘文件',
  6: '一条兑付记录最多一条有效支付，一条支付只在一个批次',
  7: '结果不明的支付，机器不再发',
  8: '每次状态变化都有审计留痕',
  9: '应发的告知都有结果',
  10: '人工暂缓不会被批次解除',
  11: '对外联系时没有未结束的事务',
  12: '证件、账号、电话不出现在日志、错误、网址和公开名单里',
  13: '谁也看不到范围以外的人',
  14: '人工核定的值都经第二个人看过材料复核',
};

const check = async (context: CommandContext, opened: Opened): Promise<number> => {
  const { out } = context;
  const chain = await checkTrail(opened, context.now(), []);
  const broken = await brokenInvariants(opened.db);
  for (const line of trailWords(chain)) out.say(line);
  out.say(`承诺：${broken.length === 0 ? '都守住了' : `${broken.length} 处被打破`}。`);
  for (const one of broken)
    out.say(`  ✕ 第 ${one.invariant} 条“${promises[one.invariant] ?? ''}”：${one.message}（${one.example ?? '没有例子'}）`);
  const ok = chain.faultCount === 0 && broken.length === 0;
  if (out.asJson) out.json({ ok, chain, invariants: broken });
  return ok ? 0 : 1;
};

export const checkCommand: Command = {
  name: 'check',
  usage: ['[--json]'],
  run: (context) => withProduct(context, (opened) => check(context, opened)),
};
