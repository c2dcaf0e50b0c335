// Bytes from a database or another program, put down before an import begins: an import reads its file several times inside one transaction, and may not
// wait for a second connection while it holds the first. Small files stay in memory, large ones in a temporary file that has no name any more when it is
// written to: whatever kills the process, nothing stays behind.
import { randomUUID } from 'node:crypto';
import { type FileHandle, open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { bytesContent, type Content } from './import.ts';

const memoryBytes = 16 * 1024 * 1024;

const nameless = async (): Promise<FileHandle> => {
  const name = path.join(tmpdir(), `zhixiang-${randomUUID()}`);
  const handle = await open(name, 'wx+', 0o600);
  await unlink(name);
  return handle;
};

/** No streams: several may be open on one handle, and one that is left half-way would close it for the others. */
async function* piecesFrom(handle: FileHandle, from: number): AsyncGenerator<Uint8Array> {
  for (let at = from; ; ) {
    const buffer = new Uint8Array(1 << 16);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

const fromHandle = (handle: FileHandle): Content => ({
  open: () => piecesFrom(handle, 0),
  openAt: (from) => piecesFrom(handle, from),
});

/** Hands `work` the same bytes, to be opened as often as it likes. */
export const spooled = async <T>(source: AsyncIterable<Uint8Array>, work: (content: Content) => Promise<T>): Promise<T> => {
  let held: Uint8Array[] = [];
  let bytes = 0;
  let file: FileHandle | null = null;
  try {
    for await (const piece of source) {
      bytes += piece.length;
      if (file !== null) {
        await file.write(piece);
        continue;
      }
      held.push(piece);
      if (bytes <= memoryBytes) continue;
      file = await nameless();
      for (const before of held) await file.write(before);
      held = [];
    }
    return await work(file === null ? bytesContent(Buffer.concat(held)) : fromHandle(file));
  } finally {
    await file?.close();
  }
};
