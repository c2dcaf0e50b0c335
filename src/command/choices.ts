// `choices`: matters of which only one is paid: who may still choose, what there is for one person, and what the person said.
import { formatYuan } from '../base/amount.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { transaction } from '../db/handle.ts';
import { chooseItem, offersFor } from '../settlement/choice.ts';
import { listChoosing } from '../settlement/choice-store.ts';
import { toOffer } from '../web/api/choices.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { isUuid, type Opened, textOption, withProduct } from './opening.ts';
import { staffNamed } from './staff-named.ts';

const list = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const rows = await listChoosing(db, { scope: everything, limit: 200 });
  const cells = rows.map((one) => [one.subjectId, one.itemId, one.periodKey, formatYuan(one.fen), one.until]);
  context.out.say(rows.length === 0 ? '没有等人选择的。' : textTable(['对象', '事项', '期别', '金额', '选到'], cells, [3]));
  if (context.out.asJson) context.out.json({ rows: rows.map((one) => ({ ...one, fen: String(one.fen) })) });
  return 0;
};

const show = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const subject = context.args[1] ?? '';
  if (!isUuid(subject)) return fail('input.argument', '', '没有写对象编号。', '编号见 choices。');
  const offers = (await offersFor(db, subject.toLowerCase())).map(toOffer);
  for (const offer of offers) {
    const cells = offer.options.map((one) => [
      one.lineId,
      one.title,
      formatYuan(BigInt(one.fen)),
      one.highest ? '不选时发这项' : '',
      one.itemId === offer.chosen ? '本人选定' : '',
      one.changeable ? '' : '已进入拨付',
    ]);
    context.out.say(offer.until === null ? '已经定下：' : `请在 ${offer.until} 前选：`);
    context.out.say(textTable(['编号', '事项', '金额', '', '', ''], cells, [2]));
  }
  if (offers.length === 0) context.out.say('这一位没有要选的。');
  if (context.out.asJson) context.out.json({ rows: offers });
  return 0;
};

const pick = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const staff = await staffNamed(context, db, ['reviewer']);
  const lineId = (context.args[1] ?? '').toLowerCase();
  if (!isUuid(lineId)) return fail('input.argument', '', '没有写选哪一项的编号。', '编号见 choices show <对象>。');
  const by = { scope: staff.scope, at: context.now(), actor: staff.userId, role: 'reviewer' };
  await transaction(db, (tx) => chooseItem(tx, { lineId, reason: textOption(context, 'reason') ?? '', ...by }));
  context.out.say('已登记。结算后按这一项办；封批之前还可以改选。');
  if (context.out.asJson) context.out.json({ chosen: lineId });
  return 0;
};

const verbs = { list, show, pick };

export const choicesCommand: Command = {
  name: 'choices',
  usage: [
    '[list] [--json]        同类政策只享受一项、等本人选的；逾期按金额最高的发',
    'show <对象编号>        这一位有哪几项、各多少、到哪天、选了哪项、还能不能改',
    'pick <编号> --reason <在哪里怎样说的> --by <审核>   登记本人的选择；封批之前可以改选',
  ],
  options: { reason: { type: 'string' }, by: { type: 'string' } },
  run: async (context) => {
    const [verb = 'list'] = context.args;
    if (!Object.hasOwn(verbs, verb))
      return fail('input.argument', '', `不认识“choices ${verb.slice(0, 40)}”。`, '不写就是列出；另有 show、pick。');
    return withProduct(context, (opened) => verbs[verb as keyof typeof verbs](context, opened));
  },
};
