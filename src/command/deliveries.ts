// `deliveries`: what came, and what waits for a person: the difference it would make, and the yes or no of somebody who did not bring it.
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import type { Db } from '../db/handle.ts';
import { decideDelivery } from '../record/decide.ts';
import { type DeliveryRow, deliveriesIn, deliveryById } from '../record/delivery-store.ts';
import { heldWords } from '../record/held-words.ts';
import { reportOf } from '../record/import.ts';
import { deliveries } from '../record/store.ts';
import { deliveriesOf } from '../record/view-store.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { isUuid, textOption, withProduct } from './opening.ts';
import { staffNamed } from './staff-named.ts';

const stateNames = {
  landing: '导入中',
  landed: '已导入',
  refused: '已退回',
  held: '待核对',
  accepted: '已放行',
  rejected: '已否决',
} as const;
const kindNames = { full: '全量', changes: '变更', list: '名单' } as const;

const list = async (context: CommandContext, db: Db): Promise<number> => {
  const dataset = textOption(context, 'dataset');
  const rows =
    context.options.held === true
      ? (await deliveriesIn(db, 'held')).filter((one) => dataset === null || one.dataset === dataset)
      : dataset === null
        ? await deliveries(db, 50)
        : await deliveriesOf(db, { scope: everything, dataset, limit: 50 });
  const cells = (one: DeliveryRow) => [
    one.id,
    one.dataset,
    kindNames[one.kind],
    one.scope.division ?? '全部',
    one.asOf,
    stateNames[one.state],
    String(one.rowsGood),
    String(one.rowsBad),
  ];
  const header = ['交付', '数据集', '方式', '范围', '数据日期', '状态', '好行', '坏行'];
  context.out.say(rows.length === 0 ? '没有这样的交付。' : textTable(header, rows.map(cells), [6, 7]));
  if (context.out.asJson) context.out.json({ deliveries: rows.map(({ totals: _, ...one }) => one) });
  return 0;
};

const asked = async (context: CommandContext, db: Db): Promise<DeliveryRow> => {
  const id = context.args[1] ?? '';
  const found = isUuid(id) ? await deliveryById(db, id) : null;
  return found ?? fail('missing.delivery', id.slice(0, 40), '没有这次交付。', '编号见 deliveries list。');
};

const show = async (context: CommandContext, db: Db): Promise<number> => {
  const delivery = await asked(context, db);
  const { say } = context.out;
  say(
    `${delivery.dataset}，${kindNames[delivery.kind]}，范围 ${delivery.scope.division ?? '全部'}，数据日期 ${delivery.asOf}：${stateNames[delivery.state]}`,
  );
  say(
    `  文件      ${delivery.fileName}（sha256 ${delivery.sha256}）\n  行数      读到 ${delivery.rowsRead}，好行 ${delivery.rowsGood}，坏行 ${delivery.rowsBad}`,
  );
  if (delivery.decision !== null) say(`  决定      ${delivery.decision}（${delivery.decidedBy}）`);
  for (const line of delivery.state === 'held' && delivery.held !== null ? heldWords(delivery.held) : []) say(`  ${line}`);
  const diff = delivery.held?.diff;
  if (diff) {
    const line = (name: string, one: typeof diff | (typeof diff.divisions)[number]) =>
      [name, one.before, one.dropped, one.changed, one.added].map(String);
    const rows = [line('合计', diff), ...diff.divisions.map((one) => line(one.division || '区划不明', one))];
    say(textTable(['区划', '原有', '不再列入', '内容改动', '新列入'], rows, [1, 2, 3, 4]));
    for (const [name, ids] of [
      ['不再列入', diff.samples.dropped],
      ['内容改动', diff.samples.changed],
    ] as const)
      if (ids.length > 0) say(`  ${name}的对象，例如：\n    ${ids.slice(0, 5).join('\n    ')}`);
  }
  if (context.out.asJson) context.out.json({ ...delivery, problems: (await reportOf(db, delivery.id)).problems });
  return 0;
};

const answer = async (context: CommandContext, db: Db, wanted: 'accept' | 'reject'): Promise<number> => {
  const delivery = await asked(context, db);
  const by = await staffNamed(context, db, ['steward']);
  const decision = {
    deliveryId: delivery.id,
    answer: wanted,
    by: by.userId,
    role: 'steward',
    reason: textOption(context, 'reason') ?? '',
    scope: by.scope,
  } as const;
  const report = await decideDelivery(db, await loadCatalogue(db), decision, { now: context.now() });
  const { say } = context.out;
  if (report.state === 'landed') say(`已放行并导入：变动 ${report.changed}，新入库 ${report.introduced}，不再列入 ${report.dropped}。`);
  else if (report.state === 'rejected') say('已否决。这份文件不会导入。');
  else
    say(
      report.held === null
        ? `没有导入：${stateNames[report.state]}。`
        : ['放行之后情况变了，又放着了：', ...heldWords(report.held)].join('\n  '),
    );
  if (context.out.asJson) context.out.json(report);
  return report.state === (wanted === 'accept' ? 'landed' : 'rejected') ? 0 : 3;
};

export const deliveriesCommand: Command = {
  name: 'deliveries',
  usage: [
    '[list] [--held] [--dataset <数据集>] [--json]',
    'show <交付编号> [--json]',
    'accept <交付编号> --by <用户名> --reason <核对了什么> [--json]',
    'reject <交付编号> --by <用户名> --reason <为什么> [--json]',
  ],
  options: { held: { type: 'boolean' }, dataset: { type: 'string' }, by: { type: 'string' }, reason: { type: 'string' } },
  run: (context) =>
    withProduct(context, ({ db }) => {
      const [verb = 'list'] = context.args;
      if (verb === 'list') return list(context, db);
      if (verb === 'show') return show(context, db);
      if (verb === 'accept' || verb === 'reject') return answer(context, db, verb);
      return fail('input.argument', verb.slice(0, 40), '不认识的动作。', '可用：list、show、accept、reject。');
    }),
};
