// Lists people bring: today's payees, or what was paid before. Read like a delivery (any sheet, titles above, totals below), but the columns are known by
// what everybody calls them. All problems of a list come in one refusal, with the line or the cell.
import { parseYuan } from '../base/amount.ts';
import { isScientific, plainCode } from '../base/codes.ts';
import { type Day, parseDay } from '../base/day.ts';
import { fail, type Problem, ProblemError, problem } from '../base/problem.ts';
import { labelOf, unitOf } from '../record/label.ts';
import { dataRows, findTable } from '../record/table.ts';
import { openBook } from '../sheet/book.ts';
import type { Content } from '../sheet/content.ts';
import type { Payee } from './opening.ts';
import type { PastLine } from './past.ts';

type Name = 'key' | 'name' | 'amount' | 'account' | 'village' | 'period' | 'day' | 'object';

/** What columns are called, the commonest first; compared without blanks, brackets and units. */
const labels: Readonly<Record<Name, readonly string[]>> = {
  key: ['身份证号', '身份证号码', '公民身份号码', '证件号码', '统一社会信用代码', '社会信用代码', '信用代码'],
  name: ['姓名', '户名', '单位名称', '企业名称', '名称', '收款人'],
  amount: ['金额', '发放金额', '补助金额', '补贴金额', '实发金额', '应发金额', '本期金额', '合计金额'],
  account: ['账号', '银行账号', '收款账号', '银行卡号', '社保卡号', '账户'],
  village: ['村', '村（社区）', '村社区', '社区', '村委会', '行政村', '乡镇', '街道'],
  period: ['期别', '所属期', '所属月份', '月份', '发放月份', '补助年度'],
  day: ['发放日期', '拨付日期', '支付日期', '到账日期'],
  object: ['明细编号', '子项编号', '事件编号'],
};

const names = Object.keys(labels) as readonly Name[];
const mostProblems = 200;
const mostRows = 500_000;

const nameOf = (text: string): Name | null => {
  const said = labelOf(text).key;
  return names.find((name) => labels[name].some((one) => labelOf(one).key === said)) ?? null;
};

/** Which column is which; of two that could be the same, the first that stands. */
const columnsIn = (header: readonly string[]): ReadonlyMap<Name, number> => {
  const found = new Map<Name, number>();
  header.forEach((text, index) => {
    const name = text.trim() === '' ? null : nameOf(text);
    if (name !== null && !found.has(name)) found.set(name, index);
  });
  return found;
};

interface Cells {
  readonly line: number;
  get(name: Name): string;
  at(name: Name): string;
}

/** Calls `visit` per row; a row's problem is whatever it returns. Throws ProblemError. */
const eachRow = async (
  content: Content,
  needed: readonly Name[],
  sheet: string | null,
  visit: (cells: Cells) => readonly Problem[],
): Promise<void> => {
  const tables = await openBook(content);
  // Half of two columns: a header that names the key is enough to be found, what else it lacks is said below.
  const asked = { columns: needed.slice(0, 2).map((name) => ({ header: labels[name][0] ?? name })) };
  const score = (header: readonly string[]): number => (columnsIn(header).has('key') ? columnsIn(header).size : 0);
  const found = await findTable(tables, asked, { score }, sheet);
  const columns = columnsIn(found.header.labels);
  const missing = needed.filter((name) => !columns.has(name));
  if (missing.length > 0)
    fail(
      'import.header',
      `${found.header.line}`,
      `表头里没有${missing.map((name) => `“${labels[name][0]}”`).join('、')}。`,
      `认得的写法：${missing.map((name) => labels[name].slice(0, 4).join('、')).join('；')}。`,
    );
  const unit = columns.has('amount')
    ? (labelOf(found.header.labels[columns.get('amount') ?? 0] ?? '').unit ?? unitOf(found.unit ?? ''))
    : null;
  if (unit?.family === '元' && unit.power !== 0)
    fail('import.unit', `${found.header.line}`, '金额一列不是以元为单位。', '请换算成元后再导入，免得小数位出错。');
  const rows = dataRows(found, {
    key: columns.get('key') ?? 0,
    days: new Set(columns.has('day') ? [columns.get('day') as number] : []),
    score,
  });
  const problems: Problem[] = [];
  let count = 0;
  for await (const batch of rows.rows())
    for (const row of batch) {
      if (++count > mostRows) fail('limit.rows', '', `名单超过 ${mostRows.toLocaleString('en-US')} 行。`, '请分成几份。');
      const at = (name: Name): string => found.table.place(row.line, columns.get(name) ?? 0) ?? `第 ${row.line} 行`;
      const get = (name: Name): string => (row.cells[columns.get(name) ?? -1] ?? '').trim();
      for (const one of visit({ line: row.line, get, at })) if (problems.length < mostProblems) problems.push(one);
    }
  if (problems.length > 0) throw new ProblemError(problems);
  if (count === 0) fail('import.empty', '', '名单里一行也没有。', '请检查是不是选错了文件或工作表。');
};

const keyOf = (cells: Cells, problems: Problem[]): string => {
  const text = cells.get('key');
  if (isScientific(text))
    problems.push(
      problem('import.scientific', cells.at('key'), '号码被表格软件变成了数字，后几位已经丢失。', '把这一列设为文本，重新填写。'),
    );
  else if (text === '') problems.push(problem('import.key', cells.at('key'), '没有写号码。', '补上号码，或删去这一行。'));
  return plainCode(text);
};

const amountOf = (cells: Cells, problems: Problem[]): bigint => {
  const fen = parseYuan(cells.get('amount').replaceAll(/[，]/g, ',').replace(/元$/, ''));
  if (fen === null) problems.push(problem('import.amount', cells.at('amount'), '金额读不懂。', '写成 120 或 120.00，单位是元。'));
  return fen ?? 0n;
};

const orNull = (text: string): string | null => (text === '' ? null : text);

/** Today's payee list. Needs a number per payee; amount, name, account and village are taken where they stand. */
export const readPayees = async (content: Content, sheet: string | null = null): Promise<readonly Payee[]> => {
  const payees: Payee[] = [];
  await eachRow(content, ['key'], sheet, (cells) => {
    const problems: Problem[] = [];
    const key = keyOf(cells, problems);
    const amountFen = cells.get('amount') === '' ? null : amountOf(cells, problems);
    const account = orNull(plainCode(cells.get('account')));
    if (account !== null && isScientific(account))
      problems.push(
        problem('import.scientific', cells.at('account'), '账号被表格软件变成了数字，后几位已经丢失。', '把这一列设为文本，重新填写。'),
      );
    payees.push({ line: cells.line, key, name: orNull(cells.get('name')), amountFen, account, village: orNull(cells.get('village')) });
    return problems;
  });
  return payees;
};

/** What was paid before: number and amount, the period or the day it was paid. */
export const readPast = async (content: Content, sheet: string | null = null): Promise<readonly PastLine[]> => {
  const lines: PastLine[] = [];
  await eachRow(content, ['key', 'amount'], sheet, (cells) => {
    const problems: Problem[] = [];
    const key = keyOf(cells, problems);
    const amountFen = amountOf(cells, problems);
    const day = cells.get('day');
    const paidOn: Day | null = day === '' ? null : parseDay(day);
    if (day !== '' && paidOn === null) problems.push(problem('import.day', cells.at('day'), '发放日期读不懂。', '写成 2026-01-31。'));
    lines.push({ line: cells.line, key, period: cells.get('period'), amountFen, paidOn, objectKey: cells.get('object') });
    return problems;
  });
  return lines;
};
