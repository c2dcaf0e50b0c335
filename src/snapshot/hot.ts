// Columns kept in memory between questions to the newest snapshot: by content hash, so that a new seal finds again whatever did not change, and nothing that
// did; bounded by bytes, the least recently used going first. Sealed data never changes: whoever holds a column may go on reading it after it was let go.
import type { Db, Tx } from '../db/handle.ts';
import type { Bitmap } from './bitmap.ts';
import type { Pair } from './bits.ts';
import type { Column } from './columns.ts';
import type { KeptAnswers } from './kernel.ts';
import { type OpenBlock, type OpenSnapshot, openSnapshot } from './open.ts';
import { subjectColumn } from './snapshot.ts';
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

type Who = Pick<OpenBlock, 'rows' | 'present' | 'over' | 'subjects'>;
interface Kept {
  /** null: nobody of the block was told anything. */
  readonly content: unknown;
  readonly bytes: number;
}

/** The least recently used goes first. */
const openCache = (mostBytes: number) => {
  const kept = new Map<string, Kept>();
  let bytes = 0;
  return {
    size: (): number => bytes,
    find: (key: string): Kept | undefined => {
      const found = kept.get(key);
      if (found !== undefined) {
        kept.delete(key);
        kept.set(key, found);
      }
      return found;
    },
    keep: (key: string, one: Kept): void => {
      bytes += one.bytes - (kept.get(key)?.bytes ?? 0);
      kept.delete(key);
      kept.set(key, one);
      for (const [oldest, { bytes: own }] of kept) {
        if (bytes <= mostBytes) break;
        kept.delete(oldest);
        bytes -= own;
      }
    },
  };
};

/** `mostBytes` of columns as they lie in memory; the block that is being asked is held beyond it. */
export const openHot = (mostBytes: number): Hot => {
  const { find, keep, size } = openCache(mostBytes);
  let loads = 0;
  let last: { readonly id: string; readonly opening: Promise<OpenSnapshot | null> } | null = null;

  const placeOf = ({ snapshotId, register, block }: Place, name: string): string => `${snapshotId}\n${register}\n${block}\n${name}`;

  return {
    memo: <T>(place: Place, name: string, ownBytes: number, make: () => T): T => {
      const key = placeOf(place, name);
      const found = find(key);
      if (found !== undefined) return found.content as T;
      const content = make();
      keep(key, { content, bytes: ownBytes });
      return content;
    },
    answers: (place) => ({
      get: (key) => find(placeOf(place, key))?.content as Pair<Bitmap> | undefined,
      set: (key, pair) =>
        keep(placeOf(place, key), { content: pair, bytes: pair.surely.byteLength + pair.possibly.byteLength + key.length }),
    }),
    get bytes() {
      return size();
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
    block: async (reader, snapshot, register, block, facts) => {
      const over = snapshot.deltas(register, block).join('\n');
      const keyOf = (column: string): string => `${register}\n${block}\n${column}\n${snapshot.base(register, block, column)}\n${over}`;
      const here = new Map<string, unknown>();
      const missing: string[] = [];
      // Where it stands is part of its name: what is told alike of two blocks may be of fewer rows, or read otherwise over a delta.
      for (const column of [subjectColumn, ...facts]) {
        const found = find(keyOf(column));
        if (found === undefined) missing.push(column);
        else here.set(column, found.content);
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
          keep(keyOf(column), one);
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

/** Names and ids are most of what is known of who somebody is, and nothing that decides asks for them. */
const whoOf = ({ rows, present, over, subjects }: OpenBlock): Kept => {
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

const columnOf = (column: Column | null): Kept => ({ content: column, bytes: sizeOf(column) });

/** Bytes of typed arrays and texts, wherever they stand inside. */
const sizeOf = (value: unknown): number => {
  if (ArrayBuffer.isView(value)) return value.byteLength;
  if (typeof value === 'string') return 24 + value.length;
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + 8 + sizeOf(one), 0);
  return typeof value === 'object' && value !== null ? Object.values(value).reduce((sum: number, one) => sum + 8 + sizeOf(one), 16) : 8;
};
