// How whoever answers about one subject comes by sealed blocks: read anew, or from where a server keeps them open (`Hot`).
import type { Db, Tx } from '../db/handle.ts';
import { type OpenBlock, type OpenSnapshot, openSnapshot } from '../snapshot/open.ts';

export interface Blocks {
  snapshot(reader: Db | Tx, id: string): Promise<OpenSnapshot | null>;
  /** With these facts; who somebody is may be left out. */
  block(reader: Db | Tx, snapshot: OpenSnapshot, register: string, block: number, facts: readonly string[]): Promise<OpenBlock>;
  /** With who is in it, and its records of rows that are made ready. */
  records(reader: Db | Tx, snapshot: OpenSnapshot, register: string, block: number): Promise<OpenBlock>;
}

export const readAnew: Blocks = {
  snapshot: openSnapshot,
  block: (reader, snapshot, register, block, facts) => snapshot.load(reader, register, block, facts),
  records: (reader, snapshot, register, block) => snapshot.load(reader, register, block, []),
};
