// `close-year`: what is left of a limited budget's year, carried into the next or released.
import { yuanText } from '../base/amount.ts';
import { fail } from '../base/problem.ts';
import { closeYear } from '../reconcile/year.ts';
import { type Command, wholeNumber } from './command.ts';
import { textOption, withProduct } from './opening.ts';
import { staffNamed } from './staff-named.ts';

export const closeYearCommand: Command = {
  name: 'close-year',
  usage: [
    '<事项> <年度> --carry --by <财政签发> --reason <文号或依据> [--json]      没有用出去的额度结转到下一年',
    '<事项> <年度> --release --by <财政签发> --reason <文号或依据> [--json]    没有用出去的额度收回',
    '    已经答应个人而没有到账的留在原年度；以后退回的钱也回到原年度。排队的照规则 carry 转入下一年或不再等候。据实保障的事项没有限额，不用办',
  ],
  options: { carry: { type: 'boolean' }, release: { type: 'boolean' }, by: { type: 'string' }, reason: { type: 'string' } },
  run: (context) =>
    withProduct(context, async ({ db }) => {
      const [itemId, year] = context.args;
      const { carry, release } = context.options;
      if (itemId === undefined || year === undefined || (carry === true) === (release === true))
        return fail(
          'input.argument',
          '',
          '要写事项、年度，并在 --carry 和 --release 里选一个。',
          'close-year <事项> 2026 --carry --by … --reason …',
        );
      const by = await staffNamed(context, db, ['finance-issuer']);
      const closed = await closeYear(db, {
        itemId,
        year: wholeNumber('年度', year, 0, 2000, 2100),
        way: carry === true ? 'carry' : 'release',
        by: { id: by.userId, role: 'finance' },
        reason: textOption(context, 'reason') ?? '',
        now: context.now(),
      });
      context.out.say(
        `${closed.itemId} ${closed.year} 年：${closed.way === 'carry' ? '结转下一年' : '收回'} ${yuanText(closed.movedFen)} 元；已答应未到账的 ${yuanText(closed.openFen)} 元留在原年度。${closed.carried > 0 ? `排队的 ${closed.carried} 笔转入下一年，排在最前。` : ''}${closed.refused > 0 ? `没有轮到的 ${closed.refused} 笔不再等候。` : ''}${closed.already ? '（此前已办）' : ''}`,
      );
      if (context.out.asJson) context.out.json({ ...closed, movedFen: String(closed.movedFen), openFen: String(closed.openFen) });
      return 0;
    }),
};
