// Reads a bank's answer by its own template (`bank-templates.ts`): lines with bars or of fixed width, without a header.
import { fail } from '../base/problem.ts';
import type { Content } from '../sheet/content.ts';
import type { AnswerTemplate } from './bank-templates.ts';
import type { BankWord } from './result.ts';
import { fixedCells, linesOf } from './template.ts';

export const tooManyWords = (most: number): never =>
  fail('limit.rows', '', `回盘超过 ${most.toLocaleString('en-US')} 笔。`, '请向银行要分批的回盘。');

const wrong = (line: number, message: string): never =>
  fail('input.result-file', `第 ${line} 行`, message, '请向银行要一份完整的回盘，不要改动它。');

/** Throws `input.result-file` for a line that is none of the template's, `limit.rows` for more than `most`. */
export const answerWords = async (template: AnswerTemplate, content: Content, most: number): Promise<readonly BankWord[]> => {
  const words: BankWord[] = [];
  let number = 0;
  for await (const line of linesOf(content.open())) {
    number += 1;
    if (number === 1 || line.length === 0) continue;
    if (words.length === most) tooManyWords(most);
    words.push(wordOf(template, cellsOf(template, line, number), number));
  }
  return words;
};

const cellsOf = (template: AnswerTemplate, line: Uint8Array, number: number): readonly string[] => {
  const { columns, encoding, separator } = template;
  try {
    if (separator !== null) return new TextDecoder(encoding, { fatal: true }).decode(line).split(separator);
    return line.length === columns.reduce((sum, column) => sum + column.width, 0) ? fixedCells(columns, line) : [];
  } catch {
    return wrong(number, '编码不对。');
  }
};

const wordOf = (template: AnswerTemplate, cells: readonly string[], position: number): BankWord => {
  if (cells.length !== template.columns.length) wrong(position, '这一行的列数或长度不对。');
  const cell = (field: (typeof template.columns)[number]['field']): string =>
    (cells[template.columns.findIndex((column) => column.field === field)] ?? '').trim();
  const [endToEndId, fen, reason] = [cell('endToEndId'), cell('fen'), cell('reason')];
  if (endToEndId === '') wrong(position, '没有流水号。');
  if (!/^\d{1,15}$/.test(fen)) wrong(position, '金额读不懂。');
  return {
    position,
    endToEndId,
    kind: Object.hasOwn(template.statuses, cell('status')) ? (template.statuses[cell('status')] ?? 'unknown') : 'unknown',
    amountFen: BigInt(fen),
    code: null,
    text: reason === '' ? null : reason,
  };
};
