// Sheets as an answer: XLSX or CSV to download, as long as they may be.
import type { Context } from 'hono';
import { writeCsv } from '../../sheet/csv-write.ts';
import { readable } from '../../sheet/readable.ts';
import { type Sheet, type SheetCell, writeXlsx } from '../../sheet/xlsx-write.ts';
import type { Env } from '../access.ts';
import { attachment } from '../attachment.ts';
import { pieceByPiece } from '../piece-by-piece.ts';

const types = { xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', csv: 'text/csv; charset=utf-8' } as const;
export const sheetTypes: readonly string[] = [types.xlsx, 'text/csv'];

/** `name` is the file's name without ending, plain letters. */
export const sheetsAnswer = async (
  c: Context<Env>,
  sheets: readonly Sheet[],
  format: keyof typeof types,
  name: string,
): Promise<Response> => {
  const plain = sheets.map(readable);
  const pieces = format === 'xlsx' ? writeXlsx(plain) : writeCsv(plain);
  return c.body(await pieceByPiece(c, pieces), 200, {
    'content-type': types[format],
    'content-disposition': attachment(`${name}.${format}`),
    'cache-control': 'no-store',
  });
};

/** Rows of a list, page after page as they are asked for. */
export async function* pagedCells<Row>(
  ask: (cursor: string | null) => Promise<{ readonly rows: readonly Row[]; readonly next: string | null }>,
  cellsOf: (row: Row) => readonly SheetCell[],
): AsyncGenerator<readonly SheetCell[]> {
  for (let cursor: string | null = null; ; ) {
    const page: { readonly rows: readonly Row[]; readonly next: string | null } = await ask(cursor);
    for (const row of page.rows) yield cellsOf(row);
    if (page.next === null) return;
    cursor = page.next;
  }
}
