// `report`: the reports on a terminal, as JSON, or into a file; `chief` is the page for the head of the bureau.
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { itemsWithin } from '../policy/view-store.ts';
import { type ReportName, type ReportOptions, reportNames, reportSheet, reports } from '../report/report.ts';
import type { SheetCell } from '../sheet/xlsx-write.ts';
import { todayFor } from '../today.ts';
import { chiefPage } from '../web/chief.ts';
import { titlesIn } from '../web/items.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { type Opened, textOption, withProduct } from './opening.ts';
import { writeSheets, writeWhole } from './out-file.ts';

const text = (cell: SheetCell): string =>
  cell === null ? '' : typeof cell === 'string' ? cell : 'number' in cell ? cell.number : cell.day;

const askOf = async (context: CommandContext, { db }: Opened): Promise<ReportOptions> => ({
  scope: everything,
  today: await todayFor(db, context.now()),
  itemId: textOption(context, 'item') ?? undefined,
  names: false,
  titles: titlesIn(await itemsWithin(db, everything)),
});

const chief = async (context: CommandContext, opened: Opened): Promise<number> => {
  const file = textOption(context, 'out') ?? fail('input.option', '--out', '没有说明写到哪个文件。', 'report chief --out 一页纸.html');
  const page = Buffer.from(String(await chiefPage(opened.db, await askOf(context, opened), context.now())));
  await writeWhole(
    file,
    (async function* () {
      yield page;
    })(),
  );
  context.out.say(`已写入 ${file}。`);
  return 0;
};

const one = async (context: CommandContext, opened: Opened, name: ReportName): Promise<number> => {
  const sheet = await reportSheet(opened.db, name, await askOf(context, opened));
  const file = textOption(context, 'out');
  if (file !== null) await writeSheets(file, [sheet]);
  const rows = sheet.rows.map((row) => row.map(text));
  context.out.say(sheet.name);
  context.out.say(rows.length === 0 ? '  没有。' : textTable(sheet.header, rows.slice(0, 200), []));
  if (rows.length > 200) context.out.say(`  先列 200 行，共 ${rows.length} 行，全部见 --out。`);
  if (context.out.asJson) context.out.json({ report: name, title: sheet.name, header: sheet.header, rows });
  return 0;
};

export const reportCommand: Command = {
  name: 'report',
  usage: [
    ...reportNames.map((name) => `${name.padEnd(10)} [--item <事项>] [--out <文件.xlsx|.csv>] [--json]    ${reports[name].title}`),
    'chief      --out <文件.html>    局长一页纸，可打印',
    '    姓名隐去；按岗位看得到姓名的，从接口 /api/reports 下载',
  ],
  options: { item: { type: 'string' }, out: { type: 'string' } },
  run: (context) =>
    withProduct(context, (opened) => {
      const [asked] = context.args;
      if (asked === 'chief') return chief(context, opened);
      const name = reportNames.find((known) => known === asked);
      return name === undefined
        ? fail('input.argument', '', '没有这张报表。', `可用：${reportNames.join('、')}、chief`)
        : one(context, opened, name);
    }),
};
