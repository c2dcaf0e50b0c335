// A block in its parts: what lies over its base, row by row, and of the base only the columns somebody asks for. Who looks at a few rows of a block reads
// little more than these rows.
import type { Db, Tx } from '../db/handle.ts';
import { type Bitmap, blockRows, clearBit, emptyBitmap, fullBitmap, hasBit, orInto, setBit } from './bitmap.ts';
import { type Column, rowState, rowStateAt } from './columns.ts';
import { type Delta, openDelta } from './delta.ts';
import { rowsAlike } from './diff.ts';
import { gatherColumn, type Stretch } from './gather.ts';
import type { OpenBlock, OpenSnapshot } from './open.ts';
import { unpack } from './pack.ts';
import type { Pages } from './pages.ts';
import { openShelf, type Shelf } from './shelf.ts';
import { subjectColumn } from './snapshot.ts';
import { readSegments } from './store.ts';
import { openSubjects, type Subjects } from './subjects.ts';
import type { Shape } from './values.ts';

/** Where a row of a block stands: in which of the deltas, as which of its rows. */
interface Place {
  readonly delta: Delta;
  readonly at: number;
}

export interface Over {
  readonly deltas: ReadonlyMap<string, Delta>;
  /** Of every row that is not the base's own the one that speaks. */
  readonly places: ReadonlyMap<number, Place>;
}

/** What lies over one block of a snapshot; `known`: deltas that were read before. */
export const openOver = async (
  reader: Db | Tx,
  snapshot: OpenSnapshot,
  at: { readonly register: string; readonly block: number },
  known: ReadonlyMap<string, Delta> = new Map(),
): Promise<Over> => {
  const leaves = snapshot.deltas(at.register, at.block).map((hash) => ({ column: '$delta', hash }));
  const read = await readSegments(
    reader,
    leaves.filter(({ hash }) => !known.has(hash)),
  );
  const deltas = new Map(leaves.map(({ hash }): [string, Delta] => [hash, known.get(hash) ?? openDelta(read.get(hash) as Uint8Array)]));
  const places = new Map<number, Place>();
  for (const delta of deltas.values())
    delta.rows.forEach((row, i) => {
      places.set(row, { delta, at: i });
    });
  return { deltas, places };
};

/**
 * Rows of which another delta speaks than before, and does not say the same. What only now lies over the base counts as changed, and what no longer does:
 * the base is not read for it.
 */
export const rowsTouched = (then: Over, now: Over): Bitmap => {
  const touched = emptyBitmap(blockRows);
  const alike = new Map<Delta, Map<Delta, (i: number, j: number) => boolean>>();
  const same = (a: Place, b: Place): boolean => {
    if (a.delta === b.delta) return a.at === b.at;
    const of = alike.get(a.delta) ?? new Map<Delta, (i: number, j: number) => boolean>();
    alike.set(a.delta, of);
    const found = of.get(b.delta) ?? deltasAlike(a.delta, b.delta);
    of.set(b.delta, found);
    return found(a.at, b.at);
  };
  for (const row of new Set([...then.places.keys(), ...now.places.keys()])) {
    const [a, b] = [then.places.get(row), now.places.get(row)];
    if (a === undefined || b === undefined || !same(a, b)) setBit(touched, row);
  }
  return touched;
};

/**
 * Of rows that lie over the base then or now those of whom one of the facts says something else, or whom the base does not say to be there. The base must have
 * been asked for the facts.
 */
export const rowsSaying = (then: Over, { base, over }: Pick<Parts, 'base' | 'over'>, facts: readonly string[]): Bitmap => {
  const said = emptyBitmap(blockRows);
  const tell = facts.map((fact) => {
    const own = base.column(fact);
    const alike = new Map<string, (i: number, j: number) => boolean>();
    const columnOf = (place: Place | undefined): Column | null => (place === undefined ? own : (place.delta.columns[fact] ?? null));
    const numbers = new Map<Delta | undefined, number>();
    const numberOf = (place: Place | undefined): number => {
      const found = numbers.get(place?.delta) ?? numbers.size;
      numbers.set(place?.delta, found);
      return found;
    };
    return (row: number, a: Place | undefined, b: Place | undefined): boolean => {
      const name = `${numberOf(a)} ${numberOf(b)}`;
      const same = alike.get(name) ?? rowsAlike(columnOf(a), columnOf(b));
      alike.set(name, same);
      return same(a?.at ?? row, b?.at ?? row);
    };
  });
  const stands = (row: number): boolean =>
    facts.some((fact) => {
      const column = base.column(fact);
      return column !== null && row < column.rows && rowStateAt(column, row) !== rowState.none;
    });
  for (const row of new Set([...then.places.keys(), ...over.places.keys()])) {
    const [a, b] = [then.places.get(row), over.places.get(row)];
    const there = (a !== undefined && b !== undefined) || stands(row);
    if (!there || !tell.every((same) => same(row, a, b))) setBit(said, row);
  }
  return said;
};

const deltasAlike = (a: Delta, b: Delta): ((i: number, j: number) => boolean) => {
  const facts = [...new Set([...Object.keys(a.columns), ...Object.keys(b.columns)])];
  const columns = facts.map((fact) => rowsAlike(a.columns[fact] ?? null, b.columns[fact] ?? null));
  return (i, j) => columns.every((alike) => alike(i, j));
};

/** The columns of a block's base, read when they are asked for. */
export interface Base {
  /** Reads what of these facts is not there yet, in one go. */
  need(facts: readonly string[]): Promise<void>;
  /** null: nobody in the base was told anything. Throws where it was not asked for. */
  column(fact: string): Column | null;
  subjects(): Promise<Subjects>;
  /** Made ready for no row yet. */
  readonly records: Shelf;
}

/** Inflated text of records kept of one block. */
const keptBytes = 24_000_000;

export const openBase = (reader: Db | Tx, snapshot: OpenSnapshot, at: { readonly register: string; readonly block: number }): Base => {
  const leaves = new Map(
    snapshot.leaves.filter((leaf) => leaf.register === at.register && leaf.block === at.block).map((leaf) => [leaf.column, leaf]),
  );
  const columns = new Map<string, Column | null>();
  const bytesOf = async (column: string): Promise<Uint8Array> => {
    const leaf = leaves.get(column);
    const found = leaf === undefined ? undefined : (await readSegments(reader, [leaf])).get(leaf.hash);
    if (found === undefined) throw new Error(`snapshot has no block ${at.register}/${at.block}`);
    return found;
  };
  let subjects: Subjects | null = null;
  return {
    need: async (facts) => {
      const fresh = [...new Set(facts)].filter((fact) => !columns.has(fact));
      const wanted = fresh.flatMap((fact) => leaves.get(fact) ?? []);
      const found = await readSegments(reader, wanted);
      for (const fact of fresh) {
        const leaf = leaves.get(fact);
        columns.set(fact, leaf === undefined ? null : unpack<Column>(found.get(leaf.hash) as Uint8Array));
      }
    },
    column: (fact) => {
      const column = columns.get(fact);
      if (column === undefined) throw new Error(`column ${fact} was not loaded`);
      return column;
    },
    subjects: async () => {
      subjects ??= openSubjects(await bytesOf(subjectColumn));
      return subjects;
    },
    records: openShelf(leaves.values(), keptBytes, (books) => readSegments(reader, books)),
  };
};

/** Marks rows by one fact of base and deltas, as if the block were one; `mark` is given each part's own column. False as soon as one says so. */
export const markParts = (
  { base, over }: { readonly base: Base; readonly over: Over },
  fact: string,
  mark: (column: Column | null, into: Bitmap) => boolean | void,
  into: Bitmap,
): boolean => {
  const own = emptyBitmap(blockRows);
  if (mark(base.column(fact), own) === false) return false;
  for (const row of over.places.keys()) clearBit(own, row);
  orInto(into, own);
  for (const delta of over.deltas.values()) {
    const there = emptyBitmap(delta.rows.length);
    if (mark(delta.columns[fact] ?? null, there) === false) return false;
    delta.rows.forEach((row, i) => {
      if (hasBit(there, i) && over.places.get(row)?.delta === delta) setBit(into, row);
    });
  }
  return true;
};

/** One block in its parts. */
export interface Parts {
  readonly register: string;
  readonly block: number;
  readonly base: Base;
  readonly over: Over;
}

export type PartsOf = (place: { readonly register: string; readonly block: number }) => Promise<Parts>;

export const readParts = async (reader: Db | Tx, snapshot: OpenSnapshot, place: Parameters<PartsOf>[0]): Promise<Parts> => ({
  ...place,
  base: openBase(reader, snapshot, place),
  over: await openOver(reader, snapshot, place),
});

/** The last few blocks asked for are kept, each with all that was read of it. */
export const keptParts = (reader: Db | Tx, snapshot: OpenSnapshot, most: number): PartsOf => {
  const kept = new Map<string, Promise<Parts>>();
  return async (place) => {
    const name = `${place.register}/${place.block}`;
    const parts = kept.get(name) ?? readParts(reader, snapshot, place);
    kept.delete(name);
    kept.set(name, parts);
    parts.catch(() => kept.delete(name));
    if (kept.size > most) kept.delete(kept.keys().next().value as string);
    return await parts;
  };
};

type Shapes = (fact: string) => Shape | undefined;

/** Some rows of a block put together: of each the source that speaks of it, 0 for the base, i + 1 for the i-th delta, and their columns. */
const gathered = (shape: Shapes, rows: Uint32Array, { base, over }: { readonly base: Base; readonly over: Over }) => {
  const deltas = [...over.deltas.values()];
  const number = new Map(deltas.map((delta, i) => [delta, i + 1]));
  const stretches = Array.from(rows, (row): Stretch => {
    const found = over.places.get(row);
    return found === undefined
      ? { source: 0, from: row, count: 1 }
      : { source: number.get(found.delta) as number, from: found.at, count: 1 };
  });
  const ofBase = stretches.some((stretch) => stretch.source === 0);
  // All that one delta speaks of, as it stands: nothing to put together.
  const speaks = (delta: Delta): boolean =>
    delta.rows.length === rows.length && delta.rows.every((row, i) => rows[i] === row && over.places.get(row)?.delta === delta);
  const whole = deltas.find(speaks);
  const columns = new Map<string, Column | null>();
  const made = (fact: string): Column | null => {
    const known = shape(fact);
    if (known === undefined) return null;
    if (whole !== undefined) return whole.columns[fact] ?? null;
    return gatherColumn(known, [ofBase ? base.column(fact) : null, ...deltas.map((delta) => delta.columns[fact] ?? null)], stretches);
  };
  const column = (fact: string): Column | null => {
    const found = columns.get(fact) ?? (columns.has(fact) ? null : made(fact));
    columns.set(fact, found);
    return found;
  };
  return { deltas, stretches, ofBase, column };
};

/** Columns of some rows of a block, row i being `rows[i]`. The base must have been asked for the facts. */
export const openColumns = (shape: Shapes, rows: Uint32Array, parts: Pick<Parts, 'base' | 'over'>): ((fact: string) => Column | null) =>
  gathered(shape, rows, parts).column;

/**
 * Some rows of a block as a block of their own, row i being `rows[i]`. Everything of a row the deltas speak of is there; of others the base must have been
 * asked for the facts, and `readyRecords` for the records.
 */
export const openPart = async ({ register, block, base, over }: Parts, rows: Uint32Array, shape: Shapes): Promise<OpenBlock> => {
  const { deltas, stretches, ofBase, column } = gathered(shape, rows, { base, over });
  const sources = [ofBase ? await base.subjects() : null, ...deltas.map((delta) => delta.subjects)];
  const who = <T>(row: number, ask: (subjects: Subjects, at: number) => T | null): T | null => {
    const stretch = stretches[row];
    const subjects = stretch === undefined ? null : (sources[stretch.source] ?? null);
    return stretch === undefined || subjects === null ? null : ask(subjects, stretch.from);
  };
  const subjects = {
    rows: rows.length,
    at: (row: number) => who(row, (s, at) => s.at(at)),
    key: (row: number) => who(row, (s, at) => s.key(at)),
    id: (row: number) => who(row, (s, at) => s.id(at)),
    division: (row: number) => who(row, (s, at) => s.at(at)?.division ?? null),
  };
  return {
    register,
    block,
    rows: rows.length,
    present: fullBitmap(rows.length),
    subjects,
    over: new Map(),
    column,
    readyRecords: async (asked) =>
      await base.records.ready([...asked].flatMap((row) => (stretches[row]?.source === 0 ? [stretches[row].from] : []))),
    record: (row) => {
      const [stretch, subject] = [stretches[row], subjects.at(row)];
      if (stretch === undefined || subject === null) return null;
      const from: Pages = stretch.source === 0 ? base.records : (deltas[stretch.source - 1] as Delta).pages;
      const facts = from.facts(stretch.from);
      return facts === null ? null : { register, ...subject, ordinal: block * blockRows + (rows[row] as number), facts };
    },
  };
};
