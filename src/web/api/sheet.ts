// Sheets as an answer: XLSX or CSV to download.
import type { Context } from 'hono';
import { writeCsv } from '../../sheet/csv-write.ts';
import { readable } from '../../sheet/readable.ts';
import { type Sheet, writeXlsx } from '../../sheet/xlsx-write.ts';
import type { Env } from '../access.ts';
import { attachment } from '../attachment.ts';

const types = { xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', csv: 'text/csv; charset=utf-8' } as const;
export const sheetTypes: readonly string[] = [types.xlsx, 'text/csv'];

/** `name` is the file's name without ending, plain letters. */
export const sheetsAnswer = async (
  c: Context<Env>,
  sheets: readonly Sheet[],
  format: keyof typeof types,
  name: string,
): Promise<Response> => {
  const pieces: Uint8Array[] = [];
  const plain = sheets.map(readable);
  for await (const piece of format === 'xlsx' ? writeXlsx(plain) : writeCsv(plain)) pieces.push(piece);
  return c.body(new Uint8Array(Buffer.concat(pieces)), 200, {
    'content-type': types[format],
    'content-disposition': attachment(`${name}.${format}`),
    'cache-control': 'no-store',
  });
};
