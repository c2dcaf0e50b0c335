// A sheet as people get it: what nobody sees and what turns the reading direction stands as a box in every cell. In a CSV, a direction mark in a name would turn the
// amount behind it too.
import { boxed } from '../base/invisible.ts';
import type { Sheet, SheetCell } from './xlsx-write.ts';

const cellOf = (cell: SheetCell): SheetCell => (typeof cell === 'string' ? cell.split('\n').map(boxed).join('\n') : cell);

async function* rowsOf(rows: Sheet['rows']): AsyncGenerator<readonly SheetCell[]> {
  for await (const row of rows) yield row.map(cellOf);
}

export const readable = (sheet: Sheet): Sheet => ({ ...sheet, rows: rowsOf(sheet.rows) });
