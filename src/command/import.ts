// `import`: one delivered CSV or XLSX file through the real import, with its report on the screen and, on request, the refused rows as a file to correct.
import { constants } from 'node:fs';
import { access, open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { type Day, parseDay } from '../base/day.ts';
import { nearest } from '../base/nearest.ts';
import { type Problem, ProblemError, problem } from '../base/problem.ts';
import type { Catalogue, DeliveryKind } from '../catalogue/catalogue.ts';
import { loadCatalogue } from '../catalogue/load.ts';
import type { Db } from '../db/handle.ts';
import { treesOf } from '../policy/vocabulary.ts';
import { receive } from '../record/decide.ts';
import { formatWords, scaleWords } from '../record/delivered.ts';
import { heldWords } from '../record/held-words.ts';
import { fileContent, type ImportReport, type ImportRequest } from '../record/import.ts';
import type { ListNote } from '../record/names-store.ts';
import { refusedAsCsv } from '../record/report.ts';
import { skipWords } from '../record/table.ts';
import { civilDay } from '../today.ts';
import type { Command, CommandContext } from './command.ts';
import { proposeColumns } from './import-mapping.ts';
import { atTheMachine, dayOption, isUuid, textOption, withProduct } from './opening.ts';
import { fromCaller } from './place.ts';

const kinds: Readonly<Record<DeliveryKind, string>> = { full: '全量', changes: '变更', list: '名单' };
const isKind = (text: string): text is DeliveryKind => Object.hasOwn(kinds, text);
const shownProblems = 20;

interface Asked {
  readonly request: Omit<ImportRequest, 'content'>;
  readonly path: string;
  readonly report: string | null;
}

/** The same file system question twice would be answered twice: what cannot be read or written is told before anything is imported. */
const can = (path: string, mode: number): Promise<boolean> =>
  access(path, mode).then(
    () => true,
    () => false,
  );

const dayAsked = (context: CommandContext, needed: boolean, problems: Problem[]): Day | null => {
  try {
    const asOf = dayOption(context, 'as-of');
    if (asOf === null && needed)
      problems.push(problem('input.option', '--as-of', '没有说明数据是哪一天的。', '写 --as-of 2026-04-15：部门导出数据的那一天。'));
    // A day to come would outdate every true delivery until it is over.
    const today = civilDay(context.now());
    if (asOf !== null && asOf > today) problems.push(problem('input.option', '--as-of', '数据日期在今天之后。', `最晚写 ${today}。`));
    return asOf;
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    problems.push(...error.problems);
    return null;
  }
};

/** What a list by name is; null where no title was given. */
const listNote = (context: CommandContext, problems: Problem[]): ListNote | null => {
  const day = (name: string): Day | null => {
    const text = textOption(context, name);
    const found = text === null ? null : parseDay(text);
    if (text !== null && found === null)
      problems.push(problem('input.option', `--${name}`, `--${name} 要是一个日子。`, `例如 --${name} 2026-04-15`));
    return found;
  };
  const title = textOption(context, 'list-title');
  const note = {
    number: textOption(context, 'list-number'),
    publishedOn: day('published'),
    validFrom: day('valid-from'),
    validTo: day('valid-to'),
  };
  if (title === null && Object.values(note).some((one) => one !== null))
    problems.push(problem('input.option', '--list-title', '没有写名单的标题。', '例如 --list-title "2025 年高新技术企业名单"。'));
  return title === null ? null : { title, ...note };
};

const ask = async (context: CommandContext, catalogue: Catalogue): Promise<Asked> => {
  const problems: Problem[] = [];
  const [dataset = '', file = ''] = context.args;
  const known = catalogue.datasets.map((one) => one.id);
  if (!known.includes(dataset)) {
    const near = nearest(dataset, known);
    const hint = near.length > 0 ? `是不是 ${near.join('、')}？` : `目录里有：${known.join('、')}`;
    problems.push(problem('import.dataset', dataset.slice(0, 60), dataset === '' ? '没有写数据集。' : '数据目录里没有这个数据集。', hint));
  }
  const path = fromCaller(file, context.env);
  if (file === '') problems.push(problem('input.argument', '', '没有写文件。', '写部门报送的表格文件（.csv 或 .xlsx）的路径。'));
  else if (!(await can(path, constants.R_OK))) problems.push(problem('input.file', file, '读不到这个文件。', '请检查路径和权限。'));
  const corrects = textOption(context, 'corrects');
  if (corrects !== null && !isUuid(corrects))
    problems.push(problem('import.corrects', '--corrects', '这不是交付编号。', '编号在那次导入的报告里，写作 xxxxxxxx-xxxx-…。'));
  const kind = textOption(context, 'kind') ?? (corrects === null ? '' : 'changes');
  if (!isKind(kind))
    problems.push(problem('input.option', '--kind', '要说明交付的方式。', '--kind full（全量）、changes（变更）或 list（名单）。'));
  const division = textOption(context, 'division');
  if (division !== null && treesOf(catalogue).get('division')?.has(division) !== true)
    problems.push(problem('input.option', '--division', '行政区划里没有这个代码。', '核对代码；全库的交付不写 --division。'));
  const asOf = dayAsked(context, corrects === null, problems);
  const sheet = textOption(context, 'sheet');
  const report = textOption(context, 'report');
  const target = report === null ? null : fromCaller(report, context.env);
  if (target !== null && (await can(target, constants.F_OK)))
    problems.push(problem('input.file', report ?? '', '这个文件已经有了，不会覆盖它。', '换一个文件名，或先移走它。'));
  else if (target !== null && !(await can(dirname(target), constants.W_OK)))
    problems.push(problem('input.file', report ?? '', '写不了这个文件。', '请检查文件夹和权限。'));
  const list = listNote(context, problems);
  if (problems.length > 0) throw new ProblemError(problems);
  const request = {
    dataset,
    kind: kind as DeliveryKind,
    division,
    // A correction keeps the day of what it corrects, so the day given here is never looked at.
    asOf: asOf ?? ('1970-01-01' as Day),
    fileName: basename(path),
    receivedBy: atTheMachine,
    role: 'system',
    ...(corrects === null ? {} : { corrects }),
    ...(sheet === null ? {} : { sheet }),
    ...(list === null ? {} : { list }),
  };
  return { request, path, report: target };
};

/** Whole identity numbers stand in it: its owner's eyes only, and never over another file. */
const writeRefused = async (db: Db, deliveryId: string, path: string): Promise<void> => {
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const piece of refusedAsCsv(db, deliveryId)) await handle.write(piece);
  } finally {
    await handle.close();
  }
};

const figure = (n: number): string => n.toLocaleString('en-US');

const firstWords: Readonly<Record<ImportReport['state'], string>> = {
  landed: '已导入。',
  refused: '没有导入：整份文件都退回了。',
  held: '收下了，但要等人核对：',
  accepted: '已放行，正在导入。',
  rejected: '这份文件此前已被否决，没有导入。',
};

const tellSource = (say: (text: string) => void, source: NonNullable<ImportReport['source']>, skipped: ImportReport['skipped']): void => {
  say(
    `  读法      ${formatWords(source.format)}，第 ${source.headerLine} 行是表头${source.mapping === null ? '' : `，列的对应用第 ${source.mapping} 版`}`,
  );
  for (const { label, to, scale } of source.renamed) say(`    “${label}”作为“${to}”${scaleWords(scale)}`);
  if (skipped.count > 0) say(`  略过      ${figure(skipped.count)} 行不是数据`);
  for (const { line, why, text } of skipped.list.slice(0, shownProblems)) say(`    第 ${line} 行：${skipWords[why]}（${text}）`);
};

const tell = (context: CommandContext, { request, report: target }: Asked, report: ImportReport, wrote: boolean): void => {
  const { say } = context.out;
  const { read, good, bad } = report.rows;
  if (report.already) say('这份文件此前已经导入过，这次什么也没有做。下面是当时的报告。');
  else say(firstWords[report.state]);
  for (const line of report.held === null ? [] : heldWords(report.held)) say(`  ${line}`);
  say(`  交付      ${report.deliveryId}（${request.dataset}，${request.corrects === undefined ? kinds[request.kind] : '更正'}）`);
  if (report.source !== null) tellSource(say, report.source, report.skipped);
  say(`  行数      读到 ${figure(read)}，入库 ${figure(good)}，退回 ${figure(bad)}`);
  if (!report.already && report.state === 'landed')
    say(`  对象      变动 ${figure(report.changed)}，其中新入库 ${figure(report.introduced)}，不再列入 ${figure(report.dropped)}`);
  if (report.names !== null)
    say(
      `  名称      ${figure(report.names.listed)} 个，对上 ${figure(report.names.matched)}，待核对 ${figure(report.names.open)}${report.names.open > 0 ? '（见 names）' : ''}`,
    );
  if (report.kept > 0) say(`  保留      ${figure(report.kept)} 个对象不再列入，但有的行认不出是谁，先保留`);
  for (const [column, sum] of Object.entries(report.sums)) say(`  合计      ${column} ${sum}`);
  const shown = report.problems.slice(0, shownProblems);
  if (report.problemCount > 0)
    say(`  问题      ${figure(report.problemCount)} 处${report.problemCount > shown.length ? `，先列 ${shown.length} 处` : ''}`);
  for (const one of shown) {
    const value = one.masked === '' ? '' : `（${one.masked}）`;
    say(`    ${one.warning ? '△' : '✕'} ${one.message}${value}\n      → ${one.hint}`);
  }
  if (wrote) say(`  退回的行已写入 ${target}，改正后用 --corrects ${report.deliveryId} 再导入；里面有完整证件号码，请妥善保管。`);
  else if (target !== null) say('  没有退回的行，没有写退回表。');
};

const bring = async (context: CommandContext, db: Db): Promise<number> => {
  const catalogue = await loadCatalogue(db);
  const asked = await ask(context, catalogue);
  const report = await receive(db, catalogue, { ...asked.request, content: fileContent(asked.path) }, { now: context.now() });
  const wrote = asked.report !== null && report.rows.bad > 0;
  if (wrote && asked.report !== null) await writeRefused(db, report.deliveryId, asked.report);
  tell(context, asked, report, wrote);
  if (context.out.asJson) {
    const { deliveryId, problems, ...rest } = report;
    const { dataset, kind, division, asOf, fileName, corrects } = asked.request;
    const about = corrects === undefined ? { kind, division, asOf } : { corrects };
    const listed = problems.slice(0, shownProblems);
    context.out.json({
      delivery: deliveryId,
      dataset,
      ...about,
      file: fileName,
      ...rest,
      problems: listed,
      report: wrote ? asked.report : null,
    });
  }
  return report.state === 'landed' ? 0 : report.state === 'held' ? 3 : 2;
};

export const importCommand: Command = {
  name: 'import',
  usage: [
    '<数据集> <文件> --kind full|changes|list --as-of 2026-04-15 [--division <区划代码>] [--sheet <工作表>] [--report <退回表.csv>] [--json]',
    '<数据集> <文件> --propose [--map "文件里的列名=数据集的列名;…"] [--save] [--sheet <工作表>] [--json]',
    '  只看（--save：并保存）文件的列与数据集的列怎样对应，不导入。文件可以是 XLSX、CSV（UTF-8 或 GB18030，逗号、制表符或分号）',
    '<数据集> <改正后的退回表> --corrects <交付编号> [--report <退回表.csv>] [--json]',
    '<按名称报送的名单> <文件> --kind list --as-of 日期 --list-title <标题> [--list-number <文号>] [--published 公布日] [--valid-from 日期] [--valid-to 日期]',
  ],
  options: {
    kind: { type: 'string' },
    'as-of': { type: 'string' },
    division: { type: 'string' },
    report: { type: 'string' },
    corrects: { type: 'string' },
    sheet: { type: 'string' },
    propose: { type: 'boolean' },
    map: { type: 'string' },
    save: { type: 'boolean' },
    'list-title': { type: 'string' },
    'list-number': { type: 'string' },
    published: { type: 'string' },
    'valid-from': { type: 'string' },
    'valid-to': { type: 'string' },
  },
  run: (context) => withProduct(context, ({ db }) => (context.options.propose === true ? proposeColumns(context, db) : bring(context, db))),
};
