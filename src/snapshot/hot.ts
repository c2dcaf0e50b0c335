// Columns kept in memory between questions to the newest snapshot: by content hash, so that a new seal finds again whatever did not change, and nothing that
// did; bounded by bytes, the least recently used going first. Sealed data never changes: whoever holds a column may go on reading it after it was let go.
import { type Kept, openKept } from '../base/kept.ts';
import type { Db, Tx } from '../db/handle.ts';
import type { Bitmap } from './bitmap.ts';
import type { Pair } from './bits.ts';
import type { Column } from './columns.ts';
import type { KeptAnswers } from './kernel.ts';
import { type OpenBlock, type OpenSnapshot, openSnapshot } from './open.ts';
import { bookStart, deltaColumn, type Leaf, subjectColumn } from './snapshot.ts';
import { segmentBytes } from './store.ts';
import type { Subjects } from './subjects.ts';

export interface Hot {
  /** Bytes kept now. */
  readonly bytes: number;
  /** Columns read from the database so far. */
  readonly loads: number;
  /** As `openSnapshot`; the last one asked for is kept. */
  snapshot(reader: Db | Tx, id: string): Promise<OpenSnapshot | null>;
  /** A block with these facts, without its records; of its subjects only their keys. */
  block(reader: Db | Tx, snapshot: OpenSnapshot, register: string, block: number, facts: readonly string[]): Promise<OpenBlock>;
  /** A block with its records and who is in it, and no columns: whoever is asked about singly is read out of it. */
  records(reader: Db | Tx, snapshot: OpenSnapshot, register: string, block: number): Promise<OpenBlock>;
  /** What was worked out of one block of a snapshot before, under this name; else `make`, kept as long as there is room for `bytes` more. */
  memo<T>(place: Place, name: string, bytes: number, make: () => T): T;
  /** Answers of one block for its kernel. */
  answers(place: Place): KeptAnswers;
}

/** One block of a snapshot. */
export interface Place {
  readonly snapshotId: string;
  readonly register: string;
  readonly block: number;
}

/** What stands in a block opened with its records. */
const wholeLeaves = ({ leaves }: OpenSnapshot, register: string, block: number): readonly Leaf[] =>
  leaves.filter(
    (leaf) =>
      leaf.register === register &&
      leaf.block === block &&
      (leaf.column === subjectColumn || leaf.column === deltaColumn || bookStart(leaf.column) !== null),
  );
/** Records stay deflated in memory; names and deltas come to about so many times what is stored. */
const unfolded = 4;

type Who = Pick<OpenBlock, 'rows' | 'present' | 'over' | 'subjects'>;
interface Sized {
  /** null: nobody of the block was told anything. */
  readonly content: unknown;
  readonly bytes: number;
}

/** `mostBytes` of columns as they lie in memory; the block that is being asked is held beyond it. */
export const openHot = (mostBytes: number): Hot => {
  const kept = openKept<unknown>(mostBytes);
  let loads = 0;
  let last: { readonly id: string; readonly opening: Promise<OpenSnapshot | null> } | null = null;

  const placeOf = ({ snapshotId, register, block }: Place, name: string): string => `${snapshotId}\n${register}\n${block}\n${name}`;

  return {
    memo: <T>(place: Place, name: string, ownBytes: number, make: () => T): T => {
      const key = placeOf(place, name);
      const found = kept.find(key) as T | undefined;
      if (found !== undefined) return found;
      const content = make();
      kept.keep(key, content, ownBytes);
      return content;
    },
    answers: (place) => ({
      get: (key) => kept.find(placeOf(place, key)) as Pair<Bitmap> | undefined,
      set: (key, pair) => kept.keep(placeOf(place, key), pair, pair.surely.byteLength + pair.possibly.byteLength + key.length),
    }),
    get bytes() {
      return kept.bytes;
    },
    get loads() {
      return loads;
    },
    snapshot: async (reader, id) => {
      if (last?.id === id) return await last.opening;
      const opening = openSnapshot(reader, id);
      const own = { id, opening };
      last = own;
      // What failed is asked again.
      opening.catch(() => {
        if (last === own) last = null;
      });
      return await opening;
    },
    records: recordsIn(kept),
    block: async (reader, snapshot, register, block, facts) => {
      const over = snapshot.deltas(register, block).join('\n');
      const keyOf = (column: string): string => `${register}\n${block}\n${column}\n${snapshot.base(register, block, column)}\n${over}`;
      const here = new Map<string, unknown>();
      const missing: string[] = [];
      // Where it stands is part of its name: what is told alike of two blocks may be of fewer rows, or read otherwise over a delta.
      for (const column of [subjectColumn, ...facts]) {
        const found = kept.find(keyOf(column));
        if (found === undefined) missing.push(column);
        else here.set(column, found);
      }
      if (missing.length > 0) {
        const opened = await snapshot.load(
          reader,
          register,
          block,
          missing.filter((column) => column !== subjectColumn),
        );
        for (const column of missing) {
          const one = column === subjectColumn ? whoOf(opened) : columnOf(opened.column(column));
          here.set(column, one.content);
          loads++;
          kept.keep(keyOf(column), one.content, one.bytes);
        }
      }
      const asked = new Set(facts);
      return {
        ...(here.get(subjectColumn) as Who),
        register,
        block,
        column: (fact) => {
          if (!asked.has(fact)) throw new Error(`column ${fact} was not loaded`);
          return here.get(fact) as Column | null;
        },
        readyRecords: () => Promise.reject(new Error('records are not kept')),
        record: () => {
          throw new Error('records were not loaded');
        },
      };
    },
  };
};

/** A block is tens of megabytes: whoever asks while it is being opened waits for the same one. */
const recordsIn = (kept: Kept<unknown>): Hot['records'] => {
  const opening = new Map<string, Promise<OpenBlock>>();
  const open = async (reader: Db | Tx, snapshot: OpenSnapshot, register: string, block: number, key: string): Promise<OpenBlock> => {
    const opened = await snapshot.load(reader, register, block, [], { cachedBytes: 0 });
    const own = wholeLeaves(snapshot, register, block);
    const stored = await segmentBytes(
      reader,
      own.map((leaf) => leaf.hash),
    );
    const bytes = own.map(({ column, hash }) => (stored.get(hash) ?? 0) * (bookStart(column) === null ? unfolded : 1));
    kept.keep(
      key,
      opened,
      bytes.reduce((sum, n) => sum + n, 0),
    );
    return opened;
  };
  return async (reader, snapshot, register, block) => {
    const hashes = wholeLeaves(snapshot, register, block).map((leaf) => `${leaf.column} ${leaf.hash}`);
    const key = `${register}\n${block}\nwhole\n${hashes.join('\n')}`;
    const found = kept.find(key) as OpenBlock | undefined;
    if (found !== undefined) return found;
    const loading = opening.get(key) ?? open(reader, snapshot, register, block, key).finally(() => opening.delete(key));
    opening.set(key, loading);
    return await loading;
  };
};

/** Names and ids are most of what is known of who somebody is, and nothing that decides asks for them. */
const whoOf = ({ rows, present, over, subjects }: OpenBlock): Sized => {
  const keys = Array.from({ length: rows }, (_, row) => subjects.key(row));
  const refuse = (): never => {
    throw new Error('who somebody is was not kept');
  };
  const names = new Map<string, number>();
  const divisions = Uint16Array.from({ length: rows }, (_, row) => {
    const name = subjects.division(row) ?? '';
    const known = names.get(name) ?? names.size;
    names.set(name, known);
    return known;
  });
  const listed = [...names.keys()];
  const division = (row: number): string | null => listed[divisions[row] as number] || null;
  const lean: Subjects = { rows, key: (row) => keys[row] ?? null, division, id: refuse, at: refuse };
  const own = divisions.byteLength + keys.reduce((sum, key) => sum + 24 + (key?.length ?? 0), 0);
  return { content: { rows, present, over, subjects: lean }, bytes: own + present.byteLength + sizeOf([...over.values()]) };
};

const columnOf = (column: Column | null): Sized => ({ content: column, bytes: sizeOf(column) });

/** Bytes of typed arrays and texts, wherever they stand inside. */
const sizeOf = (value: unknown): number => {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === 'string') return 24 + value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + 8 + sizeOf(one), 0);
  return typeof value === 'object' && value !== null ? Object.values(value).reduce((sum: number, one) => sum + 8 + sizeOf(one), 16) : 8;
};
