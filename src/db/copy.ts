// COPY … FROM STDIN as a sink: the way many rows, or large ones, go to the server without being dressed up as parameters.
import type { Writable } from 'node:stream';

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
