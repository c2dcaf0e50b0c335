// `recovery`: 追回 at the command line: what was found, opening, instalments, receipts, writing off by three people.
import { formatYuan } from '../base/amount.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { listRecoveries } from '../disbursement/recovery-store.ts';
import { recoverStep } from '../steps.ts';
import { doRecovery, recoveryBody, recoveryRoles } from '../web/recovery-acts.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { steppedUp } from './finance-actor.ts';
import { isUuid, listOption, type Opened, stepsFor, textOption, withProduct } from './opening.ts';
import { staffNamed } from './staff-named.ts';

const names = { proposed: '待立案', open: '追回中', closed: '已办结', dropped: '不追回' } as const;

const list = async (context: CommandContext, opened: Opened): Promise<number> => {
  await recoverStep(await stepsFor(context, opened));
  const { rows } = await listRecoveries(opened.db, { scope: everything, limit: 200 });
  const cells = rows.map((one) => [
    one.id,
    one.itemId,
    one.periodKey,
    formatYuan(one.amountFen),
    formatYuan(one.settledFen),
    names[one.state],
    one.dueOn ?? one.tellBy ?? '',
  ]);
  context.out.say(rows.length === 0 ? '没有多发的。' : textTable(['追回', '事项', '期别', '多发', '已退', '状态', '期限'], cells, [3, 4]));
  if (context.out.asJson)
    context.out.json({
      rows: rows.map(({ id, itemId, periodKey, amountFen, settledFen, state, dueOn, tellBy }) => ({
        ...{ id, itemId, periodKey, state, dueOn, tellBy },
        amountFen: String(amountFen),
        settledFen: String(settledFen),
      })),
    });
  return 0;
};

const act = async (context: CommandContext, opened: Opened): Promise<number> => {
  const [verb = '', id = ''] = context.args;
  const staff = await staffNamed(context, opened.db, recoveryRoles);
  if (verb === 'approve') await steppedUp(context, opened, recoveryRoles);
  const reason = textOption(context, 'reason') ?? '';
  const instalments = (listOption(context, 'instalments') ?? []).map((part) => {
    const [dueOn = '', yuan = ''] = part.split('=');
    return { dueOn, yuan };
  });
  const raw = {
    plan: { reason, instalments },
    receive: { yuan: textOption(context, 'yuan') ?? '', reference: textOption(context, 'reference') ?? '' },
    approve: {},
    refuse: {},
  }[verb] ?? { reason };
  const read = recoveryBody.safeParse({ act: verb, ...raw });
  if (!read.success || !isUuid(id))
    return fail('input.option', '', '写法不对，或少写了内容。', '见 recovery --help；编号见 recovery list。');
  const catalogue = await loadCatalogue(opened.db);
  await doRecovery({ db: opened.db, catalogue, at: context.now() }, staff, id.toLowerCase(), read.data);
  context.out.say('已办理。');
  if (context.out.asJson) context.out.json({ done: true });
  return 0;
};

export const recoveryCommand: Command = {
  name: 'recovery',
  usage: [
    '[list] [--json]                     多发了多少、退了多少、期限',
    'open <追回> --reason <理由> --by <审核>     立案；文件没有规定追回的不能立案',
    'drop <追回> --reason <理由> --by <审核>     不追回',
    'plan <追回> --instalments 2026-12-10=60.00,2027-01-10=60.00 --reason <理由> --by <审核>',
    'receive <追回> --yuan 60.00 --reference <收据号> --by <用户名>',
    'write-off <追回> --reason <理由> --by <审核>      approve <追回> --code <动态口令> --by <另外两人>   refuse <追回> --by <另外两人>   核销要三个人',
  ],
  options: Object.fromEntries(
    ['reason', 'by', 'instalments', 'yuan', 'reference', 'code'].map((name): [string, { type: 'string' }] => [name, { type: 'string' }]),
  ),
  run: (context) => withProduct(context, (opened) => ((context.args[0] ?? 'list') === 'list' ? list : act)(context, opened)),
};
