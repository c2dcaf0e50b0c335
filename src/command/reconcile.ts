// `reconcile`: matches = settled = sealed = file = bank = postings, and the closing of a month that agrees.
import { yuanText } from '../base/amount.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { itemsWithin } from '../policy/view-store.ts';
import { closeMonth } from '../reconcile/close.ts';
import { bys, reconcile } from '../reconcile/reconcile.ts';
import { byNames, statementSheets } from '../reconcile/statement.ts';
import { calledIn } from '../web/items.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { type Opened, textOption, withProduct } from './opening.ts';
import { writeSheets } from './out-file.ts';
import { staffNamed } from './staff-named.ts';

/** Amounts as text of 分 in JSON. */
export const plain = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value, (_, one: unknown) => (typeof one === 'bigint' ? one.toString() : one)));

const monthOf = (text: string | null): string | undefined => {
  if (text === null) return undefined;
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text) ? text : fail('input.option', '--month', '月份要写成 2026-11。', '--month 2026-11');
};

const show = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const { out } = context;
  const by =
    bys.find((one) => one === (textOption(context, 'by') ?? 'batch')) ??
    fail('input.option', '--by', '不能这样汇总。', `可用：${bys.join('、')}`);
  const ask = { scope: everything, month: monthOf(textOption(context, 'month')), itemId: textOption(context, 'item') ?? undefined };
  const found = await reconcile(db, by, ask);
  const file = textOption(context, 'out');
  if (file !== null) await writeSheets(file, statementSheets(found, by, calledIn(await itemsWithin(db, everything))));
  const rows = found.payments.map((row) => [
    row.place,
    ...[row.sealedFen, row.withheldFen, row.fileFen, row.paidFen, row.returnedFen, row.openFen, row.bookedPaidFen].map(yuanText),
  ]);
  if (rows.length > 0)
    out.say(textTable([byNames[by], '封批', '未报', '报盘', '到账', '退汇', '在途', '记账到账'], rows, [1, 2, 3, 4, 5, 6, 7]));
  else out.say('还没有封过批。');
  const total = (pick: (row: (typeof found.promises)[number]) => bigint): bigint =>
    found.promises.reduce((sum, row) => sum + pick(row), 0n);
  out.say(
    `匹配 ${yuanText(total((row) => row.matchedFen))} 元 − 核减 ${yuanText(total((row) => row.cutFen))} = 结算 ${yuanText(total((row) => row.settledFen))} = 未付 ${yuanText(total((row) => row.bookedReservedFen))} + 在途 ${yuanText(total((row) => row.bookedCommittedFen))} + 到账 ${yuanText(total((row) => row.bookedPaidFen))}`,
  );
  out.say(found.differences.length === 0 ? '没有差异。' : `${found.differences.length}${found.more ? ' 多' : ''} 处差异：`);
  for (const one of found.differences.slice(0, 50))
    out.say(
      `  ✕ ${one.message}：${one.place} ${one.at}，应为 ${yuanText(one.expectedFen)}，实为 ${one.actualFen === null ? '没有写' : yuanText(one.actualFen)}（${one.says}）`,
    );
  if (out.asJson) out.json(plain({ ok: found.differences.length === 0, ...found }));
  return found.differences.length === 0 ? 0 : 1;
};

const close = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const [, month = ''] = context.args;
  const by = await staffNamed(context, db, ['finance-checker', 'finance-issuer']);
  const carry = textOption(context, 'carry') ?? undefined;
  const closed = await closeMonth(db, { month, by: { id: by.userId, role: 'finance' }, now: context.now(), carry });
  context.out.say(
    `${closed.month} 已关账：${closed.batches} 个批次对平${closed.carried.length > 0 ? `，结转 ${closed.carried.length} 笔没有结果的` : ''}。`,
  );
  if (context.out.asJson) context.out.json(closed);
  return 0;
};

export const reconcileCommand: Command = {
  name: 'reconcile',
  usage: [
    '[--by batch|month|item|source] [--month 2026-11] [--item <事项>] [--out <文件.xlsx|.csv>] [--json]    匹配、结算、封批、报盘、银行、记账逐级核对',
    'close <月份> --by <财政复核或签发> [--carry <没有结果的为什么结转>]    没有差异才能关账',
  ],
  options: {
    by: { type: 'string' },
    month: { type: 'string' },
    item: { type: 'string' },
    out: { type: 'string' },
    carry: { type: 'string' },
  },
  run: (context) =>
    withProduct(context, (opened) => {
      if (context.args.length === 0) return show(context, opened);
      if (context.args[0] === 'close') return close(context, opened);
      return fail('input.argument', '', '不认识这个办法。', '可用：reconcile、reconcile close <月份>。');
    }),
};
