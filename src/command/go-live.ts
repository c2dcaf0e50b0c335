// `go-live`: an item into the shadow, a comparison accepted by a second person, live from its period on; and what was paid before, into the ledger.

import { formatYuan } from '../base/amount.ts';
import { dayText } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Db } from '../db/handle.ts';
import { readPast } from '../opening/list.ts';
import { acceptComparison, enterShadow, goLive } from '../opening/live.ts';
import { importPast } from '../opening/past.ts';
import { registerOf } from '../policy/vocabulary.ts';
import { civilDay } from '../today.ts';
import { periodText } from '../web/words.ts';
import type { Command, CommandContext } from './command.ts';
import { fileAsked } from './compare.ts';
import { isUuid, textOption, withProduct } from './opening.ts';
import { itemFor } from './published.ts';
import { staffNamed } from './staff-named.ts';

const comparisonAsked = (id: string | undefined): string =>
  id !== undefined && isUuid(id) ? id : fail('input.argument', '', '要写一次比对的编号。', '编号在 compare 的最后一行。');

const officer = async (context: CommandContext, db: Db) => ({
  actor: (await staffNamed(context, db, ['officer'])).userId,
  role: 'officer',
  at: context.now(),
});

const verbs: Readonly<Record<string, (context: CommandContext, db: Db, named: string | undefined) => Promise<unknown>>> = {
  shadow: async (context, db, named) => {
    if (named === undefined) return fail('input.argument', '', '要写一个事项。', '例如 go-live shadow luquan-gaoling --by <用户名>');
    await enterShadow(db, named, await officer(context, db));
    context.out.say(`${named} 已进入试运行：定时匹配会跳过它，用 compare 比对名单；什么也不会发放、告知。`);
    return { item: named, state: 'shadow' };
  },
  accept: async (context, db, named) => {
    const id = comparisonAsked(named);
    await acceptComparison(db, id, textOption(context, 'reason') ?? '', await officer(context, db));
    context.out.say('已认可。下一步：go-live start <比对编号>。');
    return { comparison: id, accepted: true };
  },
  start: async (context, db, named) => {
    const live = await goLive(db, comparisonAsked(named), await officer(context, db));
    context.out.say(
      `${live.itemId} 从${periodText(live.periodKey)}（${dayText(live.from)}）起正式办理；名单上 ${live.taken} 人按续发接续，这一天之前的不会补发。`,
    );
    if (live.strangers > 0) context.out.say(`  △ 名单上有 ${live.strangers} 行在登记库里查无此人，没有接续。`);
    return live;
  },
  past: async (context, db, named) => {
    const [, , file] = context.args;
    if (named === undefined)
      return fail('input.argument', '', '要写一个事项和一份历史发放表。', '例如 go-live past luquan-gaoling 历史发放.xlsx --by <用户名>');
    const [{ item }] = await itemFor(db, named);
    const by = { actor: (await staffNamed(context, db, ['finance-maker'])).userId, role: 'finance-maker', at: context.now() };
    const asked = await fileAsked(context, file);
    const lines = await readPast(asked.content, textOption(context, 'sheet'));
    const report = await importPast(db, {
      item,
      register: registerOf(item.audience),
      lines,
      file: asked,
      by,
      today: civilDay(context.now()),
    });
    context.out.say(
      `历史发放：${report.lines} 行，记账 ${report.imported} 笔，${formatYuan(report.amountFen)}${report.repeated > 0 ? `；${report.repeated} 笔此前已记过` : ''}。`,
    );
    return { ...report, amountFen: String(report.amountFen) };
  },
};

export const goLiveCommand: Command = {
  name: 'go-live',
  usage: [
    'shadow <事项> --by <用户名>    进入试运行：不发放、不告知',
    'accept <比对编号> --by <另一人> --reason <核对了什么>',
    'start <比对编号> --by <用户名>    从比对的那一期起正式办理',
    'past <事项> <历史发放.xlsx> --by <财政经办> [--sheet <工作表>]',
  ],
  options: { by: { type: 'string' }, reason: { type: 'string' }, sheet: { type: 'string' } },
  run: (context) =>
    withProduct(context, async ({ db }) => {
      const [verb = '', named] = context.args;
      const act = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
      if (act === undefined) return fail('input.argument', verb.slice(0, 40), '要写办哪一步。', `可用：${Object.keys(verbs).join('、')}。`);
      const done = await act(context, db, named);
      if (context.out.asJson) context.out.json(done);
      return 0;
    }),
};
