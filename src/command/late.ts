// `late`: what is past its day, and at whose desk.
import { daysBetween } from '../base/day.ts';
import { everything } from '../base/scope.ts';
import { lateKinds, lateOn } from '../disbursement/late-store.ts';
import { todayFor } from '../today.ts';
import { type Command, textTable } from './command.ts';
import { dayOption, withProduct } from './opening.ts';

export const lateCommand: Command = {
  name: 'late',
  usage: ['[--day 日期] [--json]   超过期限的事和在谁手里：审核、送达、补充、异议、追回、资格认证；期限写在各事项的规则里'],
  options: { day: { type: 'string' } },
  run: (context) =>
    withProduct(context, async ({ db }) => {
      const today = dayOption(context, 'day') ?? (await todayFor(db, context.now()));
      const rows = await lateOn(db, { scope: everything, today, limit: 1_000 });
      const cells = rows.map((row) => [
        lateKinds[row.kind].text,
        row.itemId,
        row.division ?? '',
        row.dueOn,
        `${daysBetween(row.dueOn, today)} 天`,
        `${row.authority} ${lateKinds[row.kind].desk}`,
        row.id,
      ]);
      context.out.say(
        rows.length === 0
          ? `${today} 没有超过期限的事。`
          : textTable(['事', '事项', '区划', '期限', '超过', '在谁手里', '编号'], cells, [4]),
      );
      if (context.out.asJson)
        context.out.json({
          day: today,
          rows: rows.map((row) => ({ ...row, overdueDays: daysBetween(row.dueOn, today), desk: lateKinds[row.kind].desk })),
        });
      return 0;
    }),
};
