// The same sheets as CSV, for whoever has no spreadsheet: UTF-8 with a mark, CRLF, and nothing that a spreadsheet would run as a formula.
import type { Sheet, SheetCell } from './xlsx-write.ts';

/** Text that a spreadsheet would take for a formula is put behind an apostrophe; numbers and days are ours. */
const textOf = (cell: SheetCell): string => {
  if (cell === null) return '';
  if (typeof cell !== 'string') return 'number' in cell ? cell.number : cell.day;
  return /^\s*[=+\-@＝＋－＠]|^[\t\r\n]/.test(cell) ? `'${cell}` : cell;
};

const lineOf = (cells: readonly SheetCell[]): string =>
  `${cells
    .map(textOf)
    .map((text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text))
    .join(',')}\r\n`;

/** Several sheets stand one below the other, each under its name. */
export async function* writeCsv(sheets: readonly Sheet[]): AsyncGenerator<Uint8Array> {
  let waiting = '\ufeff';
  for (const [n, sheet] of sheets.entries()) {
    if (sheets.length > 1) waiting += `${n === 0 ? '' : '\r\n'}${lineOf([sheet.name])}`;
    waiting += lineOf(sheet.header);
    for await (const row of sheet.rows) {
      waiting += lineOf(row);
      if (waiting.length < 65_536) continue;
      yield Buffer.from(waiting);
      waiting = '';
    }
  }
  yield Buffer.from(waiting);
}
