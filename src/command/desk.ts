// `desk`: a queue out into a table, decisions with their reasons back in. What a file did is told row by row, and can be kept as a table.
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import { transaction } from '../db/handle.ts';
import { itemsWithin } from '../policy/view-store.ts';
import { bytesContent } from '../sheet/content.ts';
import { decideRows, outcomeNames, type RowReport } from '../web/desk.ts';
import { isQueue, type QueueName, queueNames, queues } from '../web/desk-queues.ts';
import { queueCounts, queueRows } from '../web/desk-rows.ts';
import { queueSheets, readDecisions } from '../web/desk-sheet.ts';
import { titlesIn } from '../web/items.ts';
import { allRoles } from '../web/role.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { neededOption, texts } from './finance-actor.ts';
import { type Opened, textOption, withProduct } from './opening.ts';
import { writeSheets } from './out-file.ts';
import { fromCaller } from './place.ts';
import { staffNamed } from './staff-named.ts';

const shownRows = 200;
const maxBytes = 20_000_000;

const queueIn = (context: CommandContext): QueueName => {
  const name = context.args[1] ?? '';
  return isQueue(name)
    ? name
    : fail('input.argument', '', '没有这个队列。', `可用：${queueNames.map((one) => `${one}（${queues[one].title}）`).join('、')}。`);
};

const list = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const rows = await queueCounts({ db, catalogue: await loadCatalogue(db) }, await staffNamed(context, db, allRoles));
  context.out.say(
    rows.length === 0
      ? '您没有可以用表格办理的队列。'
      : textTable(
          ['队列', '名称', '条数'],
          rows.map((one) => [one.queue, one.title, String(one.waiting)]),
          [2],
        ),
  );
  if (context.out.asJson) context.out.json({ queues: rows });
  return 0;
};

const out = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const queue = queueIn(context);
  const file = fromCaller(neededOption(context, 'out', '写到哪个文件'), context.env);
  const staff = await staffNamed(context, db, [...queues[queue].roles, 'auditor']);
  const { rows, more } = await queueRows(
    { db, titles: titlesIn(await itemsWithin(db, staff.scope)), catalogue: await loadCatalogue(db) },
    staff,
    queue,
  );
  const [table, how] = queueSheets(queue, rows);
  await writeSheets(file, file.endsWith('.csv') ? [table] : [table, how]);
  const entry = { actor: staff.userId, role: staff.roles.join(','), action: 'desk.export', objectKind: 'desk', objectId: queue };
  await transaction(db, (tx) => audit(tx, { ...entry, after: { rows: rows.length }, at: context.now() }));
  context.out.say(`已写入 ${file}：${queues[queue].title} ${rows.length} 条${more ? '，还有更多，办完这些再导出' : ''}。`);
  if (context.out.asJson) context.out.json({ file, rows: rows.length, more });
  return 0;
};

const why = (row: RowReport): string => row.problems.map((one) => `${one.message}${one.hint}`).join(' ');

const back = async (context: CommandContext, { db }: Opened): Promise<number> => {
  const queue = queueIn(context);
  const file = fromCaller(context.args[2] ?? fail('input.argument', '', '没有写填好的表。', '用法见 desk --help。'), context.env);
  const staff = await staffNamed(context, db, queues[queue].roles);
  const size = statSync(file, { throwIfNoEntry: false })?.size;
  if (size === undefined) return fail('input.file', file, '没有这个文件。', '请核对路径。');
  if (size > maxBytes) return fail('input.too-large', file, '文件太大。', '最大 20 MB，请分几份。');
  const bytes = readFileSync(file);
  const dryRun = context.options['dry-run'] === true;
  const ask = {
    queue,
    file: createHash('sha256').update(bytes).digest('hex'),
    rows: await readDecisions(bytesContent(bytes), queue),
    dryRun,
  };
  const reports = await decideRows({ db, catalogue: await loadCatalogue(db), at: context.now() }, staff, ask);
  const { say } = context.out;
  if (dryRun) say('试办，没有写入：');
  for (const [outcome, rows] of Map.groupBy(reports, (one) => one.outcome)) say(`  ${outcomeNames[outcome]}  ${rows.length} 条`);
  const shown = reports.filter((one) => one.outcome !== 'left').slice(0, shownRows);
  say(
    textTable(
      ['行', '编号', '意见', '结果', ''],
      shown.map((one) => [String(one.line), one.id, one.decision, outcomeNames[one.outcome], one.effect ?? why(one)]),
      [0],
    ),
  );
  const target = textOption(context, 'report');
  if (target !== null) {
    const rows = reports.map((one) => [
      { number: String(one.line) },
      one.id,
      one.decision,
      outcomeNames[one.outcome],
      one.effect ?? why(one),
    ]);
    await writeSheets(fromCaller(target, context.env), [
      { name: '办理结果', header: ['行', '编号', '意见', '结果', '说明'], widths: [8, 38, 12, 16, 70], rows },
    ]);
  }
  if (context.out.asJson) context.out.json({ queue, dryRun, rows: reports });
  return reports.some((one) => one.outcome === 'refused') ? 2 : 0;
};

const verbs: Readonly<Record<string, (context: CommandContext, opened: Opened) => Promise<number>>> = { list, out, in: back };

export const deskCommand: Command = {
  name: 'desk',
  usage: [
    '[list] --by <用户名>                                     可以用表格成批办理的队列和条数',
    'out <队列> --out <文件.xlsx|.csv> --by <用户名>            导出：每行一条，姓名按岗位遮蔽，账户只有尾号',
    'in <队列> <填好的表> [--dry-run] [--report <结果.xlsx>] --by <用户名>   导回：逐行写意见和理由，逐行办理、逐行留痕；先用 --dry-run 试办',
    `    队列：${queueNames.map((one) => `${one}（${queues[one].title}）`).join('、')}`,
    '    导出之后别人办过的行不会办理；没有理由的行不会办理；同一份表导回两次不会办两次；有行没有办成时退出码为 2',
  ],
  options: { ...texts('out', 'by', 'report'), 'dry-run': { type: 'boolean' } },
  run: (context) => {
    const [verb = 'list'] = context.args;
    const work = Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
    if (work === undefined) return fail('input.argument', '', `不认识“desk ${verb.slice(0, 40)}”。`, '可用：list、out、in。');
    return withProduct(context, (opened) => work(context, opened));
  },
};
