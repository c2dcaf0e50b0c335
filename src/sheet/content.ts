// The bytes of one delivered file, wherever they are kept.
import { createReadStream } from 'node:fs';

/** Opened several times (checksum, encoding, header, rows), so a stream must be put down first; every opening gives the same bytes. */
export interface Content {
  open(): AsyncIterable<Uint8Array>;
  /** The same bytes without the first `from`; where it is missing they are read and thrown away. */
  openAt?(from: number): AsyncIterable<Uint8Array>;
}

const pieceSize = 1 << 16;

export const fileContent = (path: string): Content => ({
  open: () => createReadStream(path, { highWaterMark: pieceSize }),
  openAt: (from) => createReadStream(path, { highWaterMark: pieceSize, start: from }),
});

export const bytesContent = (bytes: Uint8Array): Content => {
  async function* openAt(from: number): AsyncGenerator<Uint8Array> {
    for (let at = from; at < bytes.length; at += pieceSize) yield bytes.subarray(at, at + pieceSize);
  }
  return { open: () => openAt(0), openAt };
};

/** From a byte on to the end. */
export async function* bytesFrom(content: Content, from: number): AsyncGenerator<Uint8Array> {
  if (content.openAt !== undefined) {
    yield* content.openAt(from);
    return;
  }
  let skipped = 0;
  for await (const piece of content.open()) {
    if (skipped + piece.length > from) yield piece.subarray(Math.max(0, from - skipped));
    skipped += piece.length;
  }
}

/** The first bytes, fewer where the file has fewer. */
export const headOf = async (content: Content, size: number): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of content.open()) {
    pieces.push(piece);
    length += piece.length;
    if (length >= size) break;
  }
  return Buffer.concat(pieces).subarray(0, size);
};
