// `payment-calendar`: on which days items are paid, and when nothing is sealed or released.
import { plainJson } from '../base/canonical.ts';
import { type Day, parseDay } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { transaction } from '../db/handle.ts';
import { addCalendarEntry, type CalendarEntry, calendarEntries, endCalendarEntry } from '../payment/calendar-store.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { financeActor, idArgument, neededOption, texts } from './finance-actor.ts';
import { type Opened, textOption, withProduct } from './opening.ts';
import { itemFor } from './published.ts';

const list = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const entries = await calendarEntries(db);
  const cells = entries.map((one) => [
    one.id,
    one.kind === 'pay' ? '拨付日' : '停办',
    one.fromDay === one.toDay ? one.fromDay : `${one.fromDay} 至 ${one.toDay}`,
    one.itemId ?? '各事项',
    one.periodKey ?? '各期',
    one.reason ?? '',
  ]);
  context.out.say(
    entries.length === 0 ? '拨付日历是空的：任何一天都可以作拨付日。' : textTable(['编号', '', '日期', '事项', '期别', '理由'], cells, []),
  );
  if (context.out.asJson) context.out.json(plainJson({ entries }));
  return 0;
};

const dayAt = (context: CommandContext, at: number): Day =>
  parseDay(context.args[at] ?? '') ?? fail('input.argument', '', '日期读不懂。', '写成 2026-04-27。');

const add = async (context: CommandContext, opened: Opened, kind: CalendarEntry['kind']): Promise<number> => {
  const actor = await financeActor(context, opened, ['finance-maker']);
  const itemId = textOption(context, 'item');
  if (itemId !== null) await itemFor(opened.db, itemId);
  const fromDay = dayAt(context, 1);
  const entry = {
    kind,
    itemId,
    periodKey: textOption(context, 'period'),
    fromDay,
    toDay: kind === 'pay' ? fromDay : dayAt(context, 2),
    reason: textOption(context, 'reason'),
  };
  const by = { actor: actor.id, role: actor.role, at: context.now() };
  const id = await transaction(opened.db, (tx) => addCalendarEntry(tx, entry, by));
  context.out.say(`已登记 ${id}。`);
  if (context.out.asJson) context.out.json({ id });
  return 0;
};

const end = async (context: CommandContext, opened: Opened): Promise<number> => {
  const actor = await financeActor(context, opened, ['finance-maker']);
  const id = idArgument(context, 1, '拨付日历');
  const by = { actor: actor.id, role: actor.role, at: context.now(), reason: neededOption(context, 'reason', '撤销的理由') };
  await transaction(opened.db, (tx) => endCalendarEntry(tx, id, by));
  context.out.say('已撤销。');
  if (context.out.asJson) context.out.json({ id, ended: true });
  return 0;
};

const verbs: Readonly<Record<string, (context: CommandContext, opened: Opened) => Promise<number>>> = {
  list,
  pay: (context, opened) => add(context, opened, 'pay'),
  freeze: (context, opened) => add(context, opened, 'freeze'),
  end,
};

export const paymentCalendarCommand: Command = {
  name: 'payment-calendar',
  usage: [
    '[list] [--json]   拨付日和停办期',
    'pay <日期> [--item <事项>] [--period <期别>] --by <财政经办>   登记拨付日；写了事项、期别的先于没有写的；一个都没有登记的事项，哪天都可以',
    'freeze <起日> <止日> --reason <理由> --by <财政经办>   停办期：不能封批，不能签发，拨付日也不能落在其中',
    'end <编号> --reason <理由> --by <财政经办>   撤销一条',
  ],
  options: texts('item', 'period', 'reason', 'by'),
  run: async (context) => {
    const [verb = 'list'] = context.args;
    const work = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (work === undefined)
      return fail('input.argument', '', `不认识“payment-calendar ${verb.slice(0, 40)}”。`, '不写就是列出；另有 pay、freeze、end。');
    return withProduct(context, (opened) => work(context, opened));
  },
};
