// Files that a command leaves behind: whole under their name or not there at all, readable by their owner only, never over another file.

import { existsSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { fail } from '../base/problem.ts';

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
