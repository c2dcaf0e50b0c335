// `sources`: views in departments' databases: which there are, how far they are read, one look now, new columns accepted.
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import type { DeliveryKind } from '../catalogue/catalogue.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { type Db, transaction } from '../db/handle.ts';
import { treesOf } from '../policy/vocabulary.ts';
import { type DepartmentView, departmentViews, forgetColumns, insertView } from '../record/department-view-store.ts';
import { heldWords } from '../record/held-words.ts';
import { pullView } from '../record/pull.ts';
import { civilDay } from '../today.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { atTheMachine, type Opened, textOption, withProduct } from './opening.ts';

const list = async (context: CommandContext, db: Db): Promise<number> => {
  const views = await departmentViews(db);
  const rows = views.map((one) => [
    one.name,
    one.dataset,
    one.view,
    one.address,
    one.position ?? '',
    one.polledAt?.toISOString().slice(0, 16) ?? '还没有读过',
    one.problem?.message ?? '',
  ]);
  context.out.say(
    views.length === 0
      ? '还没有登记部门的视图。'
      : textTable(['名称', '数据集', '视图', '地址设置', '读到', '上次读取（UTC）', '问题'], rows, []),
  );
  if (context.out.asJson) context.out.json({ sources: views });
  return 0;
};

const needed = (context: CommandContext, name: string, hint: string): string =>
  textOption(context, name) ?? fail('input.option', `--${name}`, `没有写 --${name}。`, hint);

const add = async (context: CommandContext, db: Db): Promise<number> => {
  const name = context.args[1] ?? '';
  if (!/^[a-z][a-z0-9-]{1,59}$/.test(name))
    fail('input.argument', name.slice(0, 60), '名称要用小写字母、数字和连字符。', '例如 minzheng-assistance。');
  const catalogue = await loadCatalogue(db);
  const id = needed(context, 'dataset', '写数据目录里的编号。');
  const dataset =
    catalogue.datasets.find((one) => one.id === id) ?? fail('import.dataset', id, '数据目录里没有这个数据集。', '请核对编号。');
  const kind = (textOption(context, 'kind') ?? 'changes') as DeliveryKind;
  if (!dataset.kinds.includes(kind))
    fail('import.kind', '--kind', '这个数据集不接受这种方式。', `可用的方式：${dataset.kinds.join('、')}。`);
  const view = needed(context, 'view', '写 模式.视图，例如 share.v_assistance。');
  if (!/^[^\s".;]{1,63}(?:\.[^\s".;]{1,63})?$/.test(view))
    fail('input.option', '--view', '视图名写法不对。', '写 模式.视图，例如 share.v_assistance。');
  const address = needed(context, 'address', '写存放地址的设置名，例如 ZHIXIANG_SOURCE_MINZHENG。');
  if (!/^ZHIXIANG_SOURCE_[A-Z0-9_]+$/.test(address))
    fail('input.option', '--address', '这里写设置的名字，不写地址本身。', '例如 ZHIXIANG_SOURCE_MINZHENG，地址放在那个环境变量里。');
  const watermark = textOption(context, 'watermark');
  if ((kind === 'changes') !== (watermark !== null))
    fail('input.option', '--watermark', '按变更读取要写水位列；全量和名单不写。', '例如 --watermark updated_at。');
  const division = textOption(context, 'division');
  if (division !== null && treesOf(catalogue).get('division')?.has(division) !== true)
    fail('input.option', '--division', '行政区划里没有这个代码。', '核对代码；全库的不写 --division。');
  const row = { name, dataset: dataset.id, division, kind, address, view, watermark };
  const at = context.now();
  const done = await transaction(db, async (tx) => {
    if (!(await insertView(tx, row, atTheMachine, at))) return false;
    await audit(tx, {
      actor: atTheMachine,
      role: 'system',
      action: 'source.add',
      objectKind: 'department_view',
      objectId: name,
      after: row,
      at,
    });
    return true;
  });
  if (!done) fail('conflict.source', name, '这个名称已经有了。', '换一个名称。');
  context.out.say(`已登记 ${name}。每十分钟读一次；马上试读用 sources pull ${name}。`);
  if (context.out.asJson) context.out.json(row);
  return 0;
};

const known = async (context: CommandContext, db: Db): Promise<DepartmentView> => {
  const name = context.args[1] ?? '';
  return (
    (await departmentViews(db)).find((one) => one.name === name) ??
    fail('missing.source', name.slice(0, 60), '没有登记过这个视图。', '名称见 sources。')
  );
};

const pull = async (context: CommandContext, { db, config }: Opened): Promise<number> => {
  const view = await known(context, db);
  const now = context.now();
  const pulled = await pullView(db, await loadCatalogue(db), view, { now, today: civilDay(now), addresses: config.sources });
  const { say } = context.out;
  if (pulled === null) say('另一个进程正在读它。');
  else if (pulled.problem !== null) say(`没有读成：${pulled.problem.message}\n  → ${pulled.problem.hint}`);
  else if (pulled.report === null) say('没有新的变化。');
  else {
    const { rows, changed, held } = pulled.report;
    say(`读到 ${rows.read} 行，入库 ${rows.good}，退回 ${rows.bad}，变动 ${changed} 个对象。交付 ${pulled.report.deliveryId}`);
    for (const words of held === null ? [] : heldWords(held)) say(`  ${words}`);
  }
  if (context.out.asJson) context.out.json(pulled);
  return pulled?.problem == null ? 0 : 2;
};

const accept = async (context: CommandContext, db: Db): Promise<number> => {
  const { name, columns } = await known(context, db);
  const at = context.now();
  await transaction(db, async (tx) => {
    await forgetColumns(tx, name);
    await audit(tx, {
      actor: atTheMachine,
      role: 'system',
      action: 'source.accept-columns',
      objectKind: 'department_view',
      objectId: name,
      before: { columns },
      at,
    });
  });
  context.out.say('下一次读取时，按那时的列认下来。');
  if (context.out.asJson) context.out.json({ name });
  return 0;
};

export const sourcesCommand: Command = {
  name: 'sources',
  usage: [
    '[list] [--json]',
    'add <名称> --dataset <数据集> --view <模式.视图> --address ZHIXIANG_SOURCE_<名> --watermark <列> [--division <区划代码>] [--json]',
    'add <名称> … --kind full|list（每次读整个视图，不写 --watermark）',
    'pull <名称> [--json]',
    'accept-columns <名称>',
  ],
  options: {
    dataset: { type: 'string' },
    view: { type: 'string' },
    address: { type: 'string' },
    kind: { type: 'string' },
    watermark: { type: 'string' },
    division: { type: 'string' },
  },
  run: (context) =>
    withProduct(context, (opened) => {
      const [verb = 'list'] = context.args;
      if (verb === 'list') return list(context, opened.db);
      if (verb === 'add') return add(context, opened.db);
      if (verb === 'pull') return pull(context, opened);
      if (verb === 'accept-columns') return accept(context, opened.db);
      return fail('input.argument', verb.slice(0, 40), '不认识的动作。', '可用：list、add、pull、accept-columns。');
    }),
};
