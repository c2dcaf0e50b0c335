// Files that a command leaves behind: whole under their name or not there at all, readable by their owner only, never over another file.

import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { fail } from '../base/problem.ts';
import { writeCsv } from '../sheet/csv-write.ts';
import { readable } from '../sheet/readable.ts';
import { type Sheet, writeXlsx } from '../sheet/xlsx-write.ts';

/** Streams to `<file>.part`, synced and renamed at the end; returns the bytes. Throws `conflict.file` where a file of that name stands. */
export const writeWhole = async (file: string, pieces: AsyncIterable<Uint8Array>): Promise<number> => {
  if (existsSync(file)) fail('conflict.file', file, '这个文件已经在了，没有覆盖它。', '换一个文件名，或先移走旧的。');
  const part = `${file}.part`;
  const handle = await open(part, 'w', 0o600).catch((error: NodeJS.ErrnoException) =>
    fail('input.file', file, `写不了这个文件（${error.code ?? '未知原因'}）。`, '请核对目录和权限。'),
  );
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      await handle.writeFile(piece);
      bytes += piece.length;
    }
    await handle.sync();
    await handle.close();
    await rename(part, file);
    return bytes;
  } catch (error) {
    await handle.close().catch(() => undefined);
    await rm(part, { force: true });
    throw error;
  }
};

/** Lines in pieces of about 64 KB; returns how many lines there were. */
export const writeLines = async (file: string, lines: AsyncIterable<string>): Promise<number> => {
  let count = 0;
  async function* pieces(): AsyncGenerator<Uint8Array> {
    let waiting = '';
    for await (const line of lines) {
      count++;
      waiting += `${line}\n`;
      if (waiting.length < 65_536) continue;
      yield Buffer.from(waiting);
      waiting = '';
    }
    yield Buffer.from(waiting);
  }
  await writeWhole(file, pieces());
  return count;
};

/** Sheets as XLSX or CSV, by the file's ending. */
export const writeSheets = async (file: string, sheets: readonly Sheet[]): Promise<number> => {
  if (file.endsWith('.xlsx')) return await writeWhole(file, writeXlsx(sheets.map(readable)));
  if (file.endsWith('.csv')) return await writeWhole(file, writeCsv(sheets.map(readable)));
  return fail('input.option', '--out', '文件名要以 .xlsx 或 .csv 结尾。', '例如 --out 对账.xlsx');
};
