// COPY … FROM STDIN as a sink: the way many rows, or large ones, go to the server without being dressed up as parameters. COPY … TO STDOUT is the way back: as
// a result, bytes come as text of twice their length.
import type { Readable, Writable } from 'node:stream';

/** Resolves when there is room for more. */
export type Sink = (piece: string | Uint8Array) => Promise<void>;

/** `opening`: a copy statement's `.writable()`. Resolves when the server has it all; whatever `fill` throws breaks the copy off and is thrown on. */
export const copyIn = async (opening: Promise<Writable>, fill: (sink: Sink) => Promise<void>): Promise<void> => {
  const stream = await opening;
  const broken = new Promise<never>((_, reject) => stream.once('error', reject));
  broken.catch(() => undefined);
  const sink: Sink = (piece) =>
    Promise.race([broken, new Promise<void>((resolve) => (stream.write(piece) ? resolve() : stream.once('drain', resolve)))]);
  try {
    await fill(sink);
  } catch (error) {
    stream.destroy(error as Error);
    throw error;
  }
  const ended = new Promise<void>((resolve) => stream.once('finish', resolve));
  stream.end();
  await Promise.race([broken, ended]);
};

/** Signature, flags and the length of what may stand behind them. */
const headBytes = 11 + 4;

/** `opening`: the `.readable()` of a copy statement `(format binary)`. All its rows, each with its fields as they are sent; null is null. */
export const copyOut = async (opening: Promise<Readable>): Promise<readonly (readonly (Buffer | null)[])[]> => {
  const pieces: Buffer[] = [];
  // To its end before anything is read of it: a connection whose copy is broken off waits for a reader for ever.
  for await (const piece of await opening) pieces.push(piece as Buffer);
  const bytes = Buffer.concat(pieces);
  const rows: (Buffer | null)[][] = [];
  let at = headBytes + 4 + bytes.readInt32BE(headBytes);
  for (let fields = bytes.readInt16BE(at); fields >= 0; fields = bytes.readInt16BE(at)) {
    at += 2;
    const row: (Buffer | null)[] = [];
    for (let field = 0; field < fields; field++) {
      const length = bytes.readInt32BE(at);
      at += 4;
      row.push(length < 0 ? null : bytes.subarray(at, at + length));
      at += Math.max(0, length);
    }
    rows.push(row);
  }
  return rows;
};
