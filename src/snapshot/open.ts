// Reading a snapshot: blocks with the columns asked for, the sealed record of a row, and subjects by their key (links). Sealed data never changes,
// so whatever is read may be kept as long as there is memory for it.
import type { Db, Tx } from '../db/handle.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import { type Bitmap, blockRows, emptyBitmap, setBit } from './bitmap.ts';
import type { Column } from './columns.ts';
import type { Block } from './kernel.ts';
import { unpack } from './pack.ts';
import { openPages, type Pages } from './pages.ts';
import { type Leaf, recordColumn, type Snapshot, subjectColumn } from './snapshot.ts';
import { readLeaves, readSegments, readSnapshot } from './store.ts';
import { openSubjects, type Subjects } from './subjects.ts';

export interface OpenSnapshot {
  readonly snapshot: Snapshot;
  readonly leaves: readonly Leaf[];
  /** What stands for the content of one column of a block: equal texts are equal content; '' where there is none. */
  content(register: string, block: number, column: string): string;
  /** Blocks of a register, ascending. */
  blocks(register: string): readonly number[];
  /** With `records`, the sealed JSON as well, up to that many bytes of inflated text kept. */
  load(
    reader: Db | Tx,
    register: string,
    block: number,
    facts: readonly string[],
    records?: { readonly cachedBytes: number },
  ): Promise<OpenBlock>;
}

export interface OpenBlock extends Block {
  readonly register: string;
  readonly block: number;
  readonly subjects: Subjects;
  /** The sealed record of a row; null where the block has no subject. Throws when opened without records. */
  record(row: number): ResolvedRecord | null;
}

/** null when there is no such snapshot. */
export const openSnapshot = async (reader: Db | Tx, id: string): Promise<OpenSnapshot | null> => {
  const snapshot = await readSnapshot(reader, id);
  if (snapshot === null) return null;
  const leaves = await readLeaves(reader, id);
  const blocks = (register: string): readonly number[] =>
    leaves.filter((l) => l.register === register && l.column === subjectColumn).map((l) => l.block);
  const hashes = new Map(leaves.map((l) => [`${l.register}\n${l.block}\n${l.column}`, l.hash]));
  return {
    snapshot,
    leaves,
    content: (register, block, column) => hashes.get(`${register}\n${block}\n${column}`) ?? '',
    blocks,
    load: async (from, register, block, facts, records) => {
      const names = [subjectColumn, ...facts, ...(records === undefined ? [] : [recordColumn])];
      const segments = await readSegments(from, id, register, block, names);
      return openBlock(register, block, facts, segments, records?.cachedBytes ?? 0);
    },
  };
};

/** A block out of its segments, as `load` finds them. */
export const openBlock = (
  register: string,
  block: number,
  facts: readonly string[],
  segments: ReadonlyMap<string, Uint8Array>,
  cachedBytes: number,
): OpenBlock => {
  const who = segments.get(subjectColumn);
  if (who === undefined) throw new Error(`snapshot has no block ${register}/${block}`);
  const subjects = openSubjects(who);
  const asked = new Set(facts);
  const columns = new Map<string, Column | null>();
  const packed = segments.get(recordColumn);
  const pages: Pages | null = packed === undefined ? null : openPages(packed, cachedBytes);
  return {
    register,
    block,
    rows: subjects.rows,
    present: presence(subjects),
    subjects,
    column: (fact) => {
      let column = columns.get(fact);
      if (column === undefined) {
        // A column forgotten here would read as "nobody was told", which is an answer: better to stop.
        if (!asked.has(fact)) throw new Error(`column ${fact} was not loaded`);
        const segment = segments.get(fact);
        column = segment === undefined ? null : unpack<Column>(segment);
        columns.set(fact, column);
      }
      return column;
    },
    record: (row) => {
      if (pages === null) throw new Error('records were not loaded');
      const [subject, facts] = [subjects.at(row), pages.facts(row)];
      return subject === null || facts === null ? null : { register, ...subject, ordinal: block * blockRows + row, facts };
    },
  };
};

const presence = (subjects: Subjects): Bitmap => {
  const bits = emptyBitmap(subjects.rows);
  for (let row = 0; row < subjects.rows; row++) if (subjects.key(row) !== null) setBit(bits, row);
  return bits;
};
