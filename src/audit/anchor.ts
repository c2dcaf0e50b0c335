// The head of the audit chain, kept outside the database: one line per head in `audit-anchor.jsonl` of the data directory, appended and synced.
// Production copies that file to where the database's administrators cannot write.
import { open } from 'node:fs/promises';
import path from 'node:path';

export interface Head {
  readonly position: bigint;
  readonly hash: string;
}

export interface Anchor {
  last(): Promise<Head | null>;
  write(head: Head, at: Date): Promise<void>;
}

/** Many times a line's length: the last whole line is in it, whatever a power failure left behind it. */
const tailBytes = 4_096;

export const anchorFile = (dataDir: string): string => path.join(dataDir, 'audit-anchor.jsonl');

export const fileAnchor = (dataDir: string): Anchor => {
  const file = anchorFile(dataDir);
  return {
    last: async () => {
      try {
        const handle = await open(file, 'r');
        try {
          // Only the end: it is asked every minute, and the file grows for years.
          const { size } = await handle.stat();
          const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(tailBytes), position: Math.max(0, size - tailBytes) });
          return buffer.toString('utf8', 0, bytesRead).split('\n').flatMap(readLine).at(-1) ?? null;
        } finally {
          await handle.close();
        }
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    write: async (head, at) => {
      const handle = await open(file, 'a', 0o600);
      try {
        // The line feed comes first as well: a line cut off by a power failure then spoils only itself.
        await handle.write(`\n${JSON.stringify({ position: head.position.toString(), hash: head.hash, at })}\n`);
        await handle.sync();
      } finally {
        await handle.close();
      }
    },
  };
};

const readLine = (line: string): Head[] => {
  try {
    const { position, hash } = JSON.parse(line) as { position: string; hash: string };
    return [{ position: BigInt(position), hash }];
  } catch {
    return [];
  }
};
