// The head of the audit chain, kept outside the database: one line per head in `audit-anchor.jsonl` of the data directory, appended and synced.
// Production copies that file to where the database's administrators cannot write.
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';

export interface Head {
  readonly position: bigint;
  readonly hash: string;
}

export interface Anchor {
  last(): Promise<Head | null>;
  all(): Promise<readonly Head[]>;
  write(head: Head, at: Date): Promise<void>;
}

export const fileAnchor = (dataDir: string): Anchor => {
  const file = path.join(dataDir, 'audit-anchor.jsonl');
  const all = async (): Promise<readonly Head[]> => {
    let text: string;
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
    return text.split('\n').flatMap(readLine);
  };
  return {
    all,
    last: async () => (await all()).at(-1) ?? null,
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
