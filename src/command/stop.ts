// `stop` and `heir`: 停发 and 继承人 at the command line.
import { readFileSync } from 'node:fs';
import { maskAccount, maskName } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { keepCaseDocument } from '../disbursement/ask.ts';
import { heirRelations, heirStates, listHeirs } from '../disbursement/heir-store.ts';
import { listStops, stopKinds, stopStates } from '../disbursement/stop-store.ts';
import { listDisbursements } from '../disbursement/store.ts';
import { isObject } from '../rule/literal.ts';
import { doHeir, doStop, heirBody, stopBody, stopRoles } from '../web/stop-acts.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { texts } from './finance-actor.ts';
import { type Opened, textOption, withProduct } from './opening.ts';
import { fromCaller } from './place.ts';
import { staffNamed } from './staff-named.ts';

const listStopOrders = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const { rows } = await listStops(db, { scope: everything, limit: 200 });
  const cells = rows.map((one) => [one.id, one.subjectId, one.itemId, stopKinds[one.kind], one.lastOn, stopStates[one.state]]);
  context.out.say(rows.length === 0 ? '没有停发。' : textTable(['停发', '对象', '事项', '原因', '最后一天', '状态'], cells, []));
  if (context.out.asJson)
    context.out.json({
      rows: rows.map(({ id, subjectId, itemId, kind, lastOn, state, people }) => ({ id, subjectId, itemId, kind, lastOn, state, people })),
    });
  return 0;
};

const listWaiting = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const waiting = (await listDisbursements(db, { scope: everything, filter: { state: 'deceased' }, limit: 200 })).rows;
  const { rows } = await listHeirs(db, { scope: everything, limit: 200 });
  const records = waiting.map((one) => [one.id, one.subjectId, one.itemId, one.periodKey, one.dueOn ?? '']);
  context.out.say(waiting.length === 0 ? '没有等继承人的。' : textTable(['兑付记录', '对象', '事项', '期别', '应于'], records, []));
  const cells = rows.map((one) => [
    one.id,
    one.itemId,
    heirRelations[one.relation],
    maskName(one.person.name),
    maskAccount(one.person.account).slice(-4),
    heirStates[one.state],
  ]);
  if (rows.length > 0) context.out.say(textTable(['登记', '事项', '关系', '姓名', '账户', '状态'], cells, []));
  if (context.out.asJson)
    context.out.json({
      waiting: waiting.map(({ id, subjectId, itemId, periodKey, dueOn }) => ({ id, subjectId, itemId, periodKey, dueOn })),
      rows: rows.map(({ id, subjectId, itemId, relation, state }) => ({ id, subjectId, itemId, relation, state })),
    });
  return 0;
};

/** The scan is named by a file and kept first; what stands for it is its hash. */
const scanned = async (context: CommandContext, { db }: Opened, actor: string): Promise<{ document?: string }> => {
  const file = textOption(context, 'scan');
  if (file === null) return {};
  const bytes = readFileSync(fromCaller(file, context.env));
  return { document: await keepCaseDocument(db, bytes, { id: actor, role: 'reviewer' }, context.now()) };
};

const given = (context: CommandContext, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const text = textOption(context, name);
      return text === null ? [] : [[name === 'last-on' ? 'lastOn' : name, text]];
    }),
  );

const actOnStop = async (context: CommandContext, opened: Opened): Promise<number> => {
  const [verb = '', one = '', item = ''] = context.args;
  const staff = await staffNamed(context, opened.db, stopRoles);
  const raw = {
    act: verb,
    ...(verb === 'order' ? { subjectId: one.toLowerCase(), itemId: item } : { id: one.toLowerCase() }),
    ...given(context, ['kind', 'last-on', 'reason']),
    ...(await scanned(context, opened, staff.userId)),
  };
  const read = stopBody.safeParse(raw);
  if (!read.success) return fail('input.option', '', '写法不对，或少写了内容。', '见 stop --help；编号见 stop list。');
  const id = await doStop({ db: opened.db, catalogue: await loadCatalogue(opened.db), at: context.now() }, staff, read.data);
  context.out.say(`已办理，编号 ${id}。`);
  if (context.out.asJson) context.out.json({ id });
  return 0;
};

/** Numbers and accounts do not belong on a command line, which others may read: they stand in a file. */
const personIn = (context: CommandContext): Readonly<Record<string, unknown>> => {
  const file = textOption(context, 'person');
  if (file === null) return {};
  try {
    const read: unknown = JSON.parse(readFileSync(fromCaller(file, context.env), 'utf8'));
    if (isObject(read)) return read;
  } catch {
    // Told below: what is wrong with the file may be in it.
  }
  return fail(
    'input.file',
    '--person',
    '继承人的文件读不出来。',
    '一个 JSON 对象：name、number、account、bank，可有 bankCode、phone、email。',
  );
};

const actOnHeir = async (context: CommandContext, opened: Opened): Promise<number> => {
  const [verb = '', one = ''] = context.args;
  const staff = await staffNamed(context, opened.db, stopRoles);
  const raw = {
    act: verb,
    id: one.toLowerCase(),
    ...personIn(context),
    ...given(context, ['relation', 'reason']),
    ...(await scanned(context, opened, staff.userId)),
  };
  const read = heirBody.safeParse(raw);
  if (!read.success) return fail('input.option', '', '写法不对，或少写了内容。', '见 heir --help；编号见 heir list。');
  const id = await doHeir({ db: opened.db, catalogue: await loadCatalogue(opened.db), at: context.now() }, staff, read.data);
  context.out.say(`已办理，编号 ${id}。`);
  if (context.out.asJson) context.out.json({ id });
  return 0;
};

export const stopCommand: Command = {
  name: 'stop',
  usage: [
    '[list] [--json]                     停发：机器提示的、待第二人的、在停的、已恢复的',
    'order <对象> <事项> --kind death|moved|not-entitled|other --last-on 2026-01-31 --scan <扫描件> --reason <理由> --by <审核>',
    '    最后一天所在的一期照常发放，以后开始的各期停发；已付的转入追回。事项要两人的，等第二人确认',
    'confirm <停发> --by <另一审核>      refuse <停发> --reason <理由> --by <审核>',
    'lift <停发> --scan <扫描件> --reason <理由> --by <另一审核>      恢复，停发期间应发的补发一次',
  ],
  options: texts('kind', 'last-on', 'scan', 'reason', 'by'),
  run: (context) =>
    withProduct(context, (opened) => ((context.args[0] ?? 'list') === 'list' ? listStopOrders : actOnStop)(context, opened)),
};

export const heirCommand: Command = {
  name: 'heir',
  usage: [
    '[list] [--json]                     去世当月应发、等继承人的；登记的继承人和照料人',
    'name <兑付记录> --relation spouse|child|parent|sibling|other-heir|carer --person <文件> --scan <关系证明> --reason <理由> --by <审核>',
    '    文件是 JSON：{"name", "number", "account", "bank", "bankCode", "phone", "email"}，后三项可以不写；号码不写在命令行上',
    'confirm <登记> --by <另一审核>       两人确认后随下一批付给继承人',
    'drop <登记> --reason <理由> --by <审核>      alive <兑付记录> --reason <理由> --by <审核>   死亡有误，照原账户发放',
  ],
  options: texts('relation', 'person', 'scan', 'reason', 'by'),
  run: (context) => withProduct(context, (opened) => ((context.args[0] ?? 'list') === 'list' ? listWaiting : actOnHeir)(context, opened)),
};
