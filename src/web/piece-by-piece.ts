// An answer that goes out piece by piece: only a piece is in memory, and whoever breaks off ends the reading. What fails on the way breaks the connection, so that
// half an answer is never taken for a whole one.
import type { Context } from 'hono';
import { safeError } from '../db/error.ts';

/** Said to the socket itself, before the stream: the adapter would write the error behind what went out and end the answer as if it were whole. */
const breakOff = (c: Context): void => {
  const { outgoing } = (c.env ?? {}) as { readonly outgoing?: { destroy(): void; readonly socket?: { destroy(): void } | null } };
  outgoing?.socket?.destroy();
  outgoing?.destroy();
};

/** The pieces as a body. Throws what keeps them from beginning at all, so that it is refused in words. */
export const pieceByPiece = async (c: Context, pieces: AsyncIterable<Uint8Array>): Promise<ReadableStream<Uint8Array>> => {
  const from = pieces[Symbol.asyncIterator]();
  let first: IteratorResult<Uint8Array> | null = await from.next();
  const next = async (): Promise<IteratorResult<Uint8Array>> => {
    const waiting = first ?? (await from.next());
    first = null;
    return waiting;
  };
  return new ReadableStream<Uint8Array>(
    {
      pull: async (to) => {
        try {
          const { done, value } = await next();
          if (done === true) to.close();
          else to.enqueue(value);
        } catch (error) {
          breakOff(c);
          // The adapter writes it to the log: nothing of what an error may quote.
          throw safeError(error);
        }
      },
      cancel: async () => {
        await from.return?.();
      },
    },
    { highWaterMark: 1 },
  );
};
