// Reading a snapshot: blocks with the columns asked for, the sealed record of a row, and subjects by their key (links). Sealed data never changes,
// so whatever is read may be kept as long as there is memory for it.
import type { Db, Tx } from '../db/handle.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import { type Bitmap, blockRows, emptyBitmap, setBit } from './bitmap.ts';
import type { Column } from './columns.ts';
import { type Delta, openDelta, overlayOf, pagesOver, subjectsOver } from './delta.ts';
import type { Block } from './kernel.ts';
import { unpack } from './pack.ts';
import { openShelf } from './shelf.ts';
import { bookStart, deltaColumn, type Leaf, type Snapshot, subjectColumn } from './snapshot.ts';
import { readLeaves, readSegments, readSnapshot } from './store.ts';
import { openSubjects, type Subjects } from './subjects.ts';

interface Records {
  readonly cachedBytes: number;
  readonly lazily?: true;
  /** Few of its rows are looked at. */
  readonly few?: boolean;
}

export interface OpenSnapshot {
  readonly snapshot: Snapshot;
  readonly leaves: readonly Leaf[];
  /** Hash of one column of a block's base; '' where there is none. */
  base(register: string, block: number, column: string): string;
  /** Hashes of what lies over a block's base. */
  deltas(register: string, block: number): readonly string[];
  /** Blocks of a register, ascending. */
  blocks(register: string): readonly number[];
  /** With `records`, the sealed JSON as well, up to that many bytes of inflated text kept; `lazily`: only of rows that are made ready. */
  load(reader: Db | Tx, register: string, block: number, facts: readonly string[], records?: Records): Promise<ReadBlock>;
}

export interface OpenBlock extends Block {
  readonly register: string;
  readonly block: number;
  readonly subjects: Subjects;
  /** Rows that are not the base's own, by the hash of what lies over it. */
  readonly over: ReadonlyMap<string, Uint32Array>;
  /** Makes `record` answer for these rows, where records were not read along. */
  readyRecords(rows: Iterable<number>): Promise<void>;
  /** The sealed record of a row; null where the block has no subject. Throws where it was not made ready. */
  record(row: number): ResolvedRecord | null;
}

/** A block whose columns come and go: one of firms with all of them is some two hundred megabytes. */
export interface ReadBlock extends OpenBlock {
  /** From here on `column` answers for these facts too. */
  need(facts: readonly string[]): Promise<void>;
  /** Lets go of columns nobody asks for any more; whoever does is told so. */
  forget(facts: readonly string[]): void;
}

/** null when there is no such snapshot, or nothing is left of it but its name. */
export const openSnapshot = async (reader: Db | Tx, id: string): Promise<OpenSnapshot | null> => {
  const snapshot = await readSnapshot(reader, id);
  const leaves = snapshot === null ? [] : await readLeaves(reader, id);
  if (snapshot === null || (leaves.length === 0 && Object.values(snapshot.counts).some((n) => n > 0))) return null;
  const byBlock = Map.groupBy(leaves, (l) => `${l.register}\n${l.block}`);
  const leavesOf = (register: string, block: number): readonly Leaf[] => byBlock.get(`${register}\n${block}`) ?? [];
  const hashes = new Map(leaves.map((l) => [`${l.register}\n${l.block}\n${l.column}`, l.hash]));
  return {
    snapshot,
    leaves,
    base: (register, block, column) => hashes.get(`${register}\n${block}\n${column}`) ?? '',
    deltas: (register, block) => leavesOf(register, block).flatMap((l) => (l.column === deltaColumn ? [l.hash] : [])),
    blocks: (register) => leaves.filter((l) => l.register === register && l.column === subjectColumn).map((l) => l.block),
    load: (from, register, block, facts, records) => loadBlock(from, leavesOf(register, block), { register, block, facts }, records),
  };
};

/** One block of a snapshot out of its leaves. */
export const loadBlock = async (
  reader: Db | Tx,
  leaves: readonly Leaf[],
  asked: { readonly register: string; readonly block: number; readonly facts: readonly string[] },
  records?: Records,
): Promise<ReadBlock> => {
  const { register, block, facts } = asked;
  const names = new Set([subjectColumn, deltaColumn, ...facts]);
  const books = leaves.filter((leaf) => bookStart(leaf.column) !== null);
  const all = records !== undefined && records.lazily !== true;
  const wanted = [...leaves.filter((leaf) => names.has(leaf.column)), ...(all ? books : [])];
  const found = await readSegments(reader, wanted);
  const base = wanted.filter((leaf) => leaf.column !== deltaColumn);
  const segments = new Map(base.map(({ column, hash }) => [column, found.get(hash) as Uint8Array]));
  const late: Late = {
    books,
    read: (some) => readSegments(reader, some),
    columns: (some) => leaves.filter((leaf) => some.includes(leaf.column)),
  };
  const deltas = wanted.flatMap(({ column, hash }) => (column === deltaColumn ? [{ hash, bytes: found.get(hash) as Uint8Array }] : []));
  return openBlock(register, block, facts, segments, records ?? { cachedBytes: 0 }, deltas, late);
};

/** What is read of a block only when it is asked for. */
interface Late {
  readonly books: readonly Pick<Leaf, 'column' | 'hash'>[];
  readonly read: (books: readonly Pick<Leaf, 'column' | 'hash'>[]) => Promise<ReadonlyMap<string, Uint8Array>>;
  /** Where columns of these names rest. */
  readonly columns: (facts: readonly string[]) => readonly Pick<Leaf, 'column' | 'hash'>[];
}

/** A block out of its segments, as `load` finds them: the base's columns, and what lies over them, the latest last. */
export const openBlock = (
  register: string,
  block: number,
  facts: readonly string[],
  segments: ReadonlyMap<string, Uint8Array>,
  { cachedBytes, few = false }: Omit<Records, 'lazily'>,
  deltas: readonly { readonly hash: string; readonly bytes: Uint8Array }[] = [],
  late?: Late,
): ReadBlock => {
  const who = segments.get(subjectColumn);
  if (who === undefined) throw new Error(`snapshot has no block ${register}/${block}`);
  const opened = deltas.map((delta) => openDelta(delta.bytes));
  const baseSubjects = openSubjects(who, few);
  const overlay = opened.length === 0 ? null : overlayOf(baseSubjects.rows, opened);
  const subjects = overlay === null ? baseSubjects : subjectsOver(baseSubjects, opened, overlay);
  const asked = new Set(facts);
  const read = new Map(segments);
  const columns = new Map<string, Column | null>();
  const books = late?.books ?? [...segments.keys()].map((column) => ({ column, hash: column }));
  const shelf = openShelf(
    books.map((book) => ({ ...book, bytes: segments.get(book.column) })),
    cachedBytes,
    async (some) => late?.read(some) ?? new Map(),
  );
  const pages = overlay === null ? shelf : pagesOver(shelf, baseSubjects.rows, opened, overlay);
  const readColumn = (fact: string): Column | null => {
    const segment = read.get(fact);
    const base = segment === undefined ? null : unpack<Column>(segment);
    return overlay === null ? base : overlay.column(fact, base);
  };
  return {
    register,
    block,
    rows: subjects.rows,
    present: presence(subjects),
    subjects,
    over: new Map(deltas.map(({ hash }, i) => [hash, (opened[i] as Delta).rows])),
    column: (fact) => {
      let column = columns.get(fact);
      if (column === undefined) {
        // A column forgotten here would read as "nobody was told", which is an answer: better to stop.
        if (!asked.has(fact)) throw new Error(`column ${fact} was not loaded`);
        column = readColumn(fact);
        columns.set(fact, column);
      }
      return column;
    },
    need: async (some) => {
      const missing = some.filter((fact) => !asked.has(fact));
      if (missing.length === 0) return;
      const leaves = late?.columns(missing) ?? [];
      const found = leaves.length === 0 ? new Map<string, Uint8Array>() : await (late as Late).read(leaves);
      for (const { column, hash } of leaves) read.set(column, found.get(hash) as Uint8Array);
      for (const fact of missing) asked.add(fact);
    },
    forget: (some) => {
      for (const fact of some) {
        asked.delete(fact);
        read.delete(fact);
        columns.delete(fact);
      }
    },
    readyRecords: async (rows) => await shelf.ready([...rows].filter((row) => overlay?.over.has(row) !== true)),
    record: (row) => {
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
