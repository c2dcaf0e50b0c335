// `compare`: today's payee list held against what the item would decide, person by person; kept, so that it can be accepted and gone live with. Sends and
// pays nothing.

import { access, constants } from 'node:fs/promises';
import { formatYuan } from '../base/amount.ts';
import { dayText } from '../base/day.ts';
import { fileNameOf } from '../base/invisible.ts';
import { fail } from '../base/problem.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import type { Db } from '../db/handle.ts';
import { choose } from '../match/choose.ts';
import { compare } from '../opening/compare.ts';
import { readPayees } from '../opening/list.ts';
import { countsOf, keepComparison } from '../opening/live.ts';
import { type Compared, type ComparedRow, figuresOf, flagNames, flagsOf, standingNames, villageOf } from '../opening/opening.ts';
import { reportSheets } from '../opening/report.ts';
import { placeName } from '../record/lookup.ts';
import { fileContent } from '../sheet/content.ts';
import { writeXlsxFile } from '../sheet/xlsx-write.ts';
import { latestSnapshot } from '../snapshot/store.ts';
import { hashOf } from '../vault/kept.ts';
import { periodText } from '../web/words.ts';
import { type Command, type CommandContext, textTable } from './command.ts';
import { atTheMachine, textOption, withProduct } from './opening.ts';
import { fromCaller } from './place.ts';
import { itemFor } from './published.ts';
import { staffNamed } from './staff-named.ts';

const readable = async (path: string): Promise<boolean> =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  );

/** A file of the caller's that can be read, with the hash of its bytes. */
export const fileAsked = async (context: CommandContext, named: string | undefined) => {
  if (named === undefined) return fail('input.argument', '', '没有写文件。', '写一份表格文件（.xlsx 或 .csv）的路径。');
  const path = fromCaller(named, context.env);
  if (!(await readable(path))) return fail('input.file', named, '读不到这个文件。', '请检查路径和权限。');
  const content = fileContent(path);
  return { content, fileName: fileNameOf(path), sha256: (await hashOf(content)).sha256 };
};

const tell = (context: CommandContext, compared: Compared, village: (row: ComparedRow) => string): void => {
  const { say } = context.out;
  say(
    `${compared.itemId}，第 ${compared.version} 版，${periodText(compared.period.key)}；数据到 ${dayText(compared.knownAt)}。什么也没有发放、告知。`,
  );
  const rows = [...figuresOf(compared.rows)].map(([standing, f]) => [
    standingNames[standing],
    String(f.people),
    formatYuan(f.listedFen),
    formatYuan(f.ourFen),
  ]);
  say(textTable(['', '人数', '名单金额', '应发金额'], rows, [1, 2, 3]));
  for (const [flag, n] of flagsOf(compared.rows)) say(`  △ ${flagNames[flag]}：${n}`);
  const byVillage = [...Map.groupBy(compared.rows, village)].sort(([a], [b]) => (a < b ? -1 : 1)).slice(0, 40);
  const count = (own: readonly ComparedRow[], standing: string): string => String(own.filter((row) => row.standing === standing).length);
  const order = ['both', 'differs', 'listed', 'entitled', 'stranger'] as const;
  say(
    textTable(
      ['村（社区）', ...order.map((one) => standingNames[one])],
      byVillage.map(([name, own]) => [name, ...order.map((one) => count(own, one))]),
      [1, 2, 3, 4, 5],
    ),
  );
};

const run = async (context: CommandContext, db: Db): Promise<number> => {
  const [itemId, named, ...rest] = context.args;
  if (itemId === undefined || rest.length > 0)
    return fail('input.argument', '', '要写一个事项和一份名单。', '例如 compare luquan-gaoling 三月发放名单.xlsx --period 2026-04');
  const versions = await itemFor(db, itemId);
  const catalogue = await loadCatalogue(db);
  const snapshot = await latestSnapshot(db);
  if (snapshot === null) return fail('state.no-snapshot', '', '还没有数据快照。', '先运行 npm run -s zhixiang -- seal。');
  const { version, period } = choose(versions, textOption(context, 'period'), snapshot.knownAt);
  if (period === null) return fail('input.period', '--period', '这个事项现在没有该判定的一期。', '写 --period，或等到施行之后。');
  const by = context.options.by === undefined ? atTheMachine : (await staffNamed(context, db, ['officer'])).userId;
  const out = textOption(context, 'out');
  const file = await fileAsked(context, named);
  const payees = await readPayees(file.content, textOption(context, 'sheet'));
  const compared = await compare(db, { version, catalogue, period, payees, at: context.now() });
  const divisionName = (code: string) => placeName(catalogue, 'division', code);
  if (out !== null) {
    const sheets = reportSheets(compared, { divisionName, whole: context.options.whole === true });
    await writeXlsxFile(fromCaller(out, context.env), sheets).catch((error: NodeJS.ErrnoException) =>
      fail('input.file', out, error.code === 'EEXIST' ? '这个文件已经有了，不会覆盖它。' : '写不了这个文件。', '换一个文件名或文件夹。'),
    );
  }
  const id = await keepComparison(db, compared, file, { actor: by, role: by === atTheMachine ? 'system' : 'officer', at: context.now() });
  tell(context, compared, (row) => villageOf(row, divisionName));
  context.out.say(`  比对编号  ${id}${out === null ? '' : `；体检报告已写入 ${out}`}`);
  if (context.out.asJson) {
    const { itemId: item, version: number, period: decided, snapshotId, knownAt } = compared;
    context.out.json({
      comparison: id,
      item,
      version: number,
      period: decided.key,
      snapshot: snapshotId,
      knownAt,
      ...countsOf(compared),
      report: out,
    });
  }
  return 0;
};

export const compareCommand: Command = {
  name: 'compare',
  usage: ['<事项> <名单.xlsx|.csv> [--period 2026-04] [--sheet <工作表>] [--by <用户名>] [--out <体检报告.xlsx>] [--whole] [--json]'],
  options: {
    period: { type: 'string' },
    sheet: { type: 'string' },
    by: { type: 'string' },
    out: { type: 'string' },
    // Whole identity numbers in the report, for those who settle the findings with the villages.
    whole: { type: 'boolean' },
  },
  run: (context) => withProduct(context, ({ db }) => run(context, db)),
};
