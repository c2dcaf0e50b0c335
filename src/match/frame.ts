// What a run keeps in memory of its snapshot: one block with the columns its items need, the columns links lead to, and sealed records by place.
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Db } from '../db/handle.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { factOf } from '../record/lookup.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import { blockOf, rowOf } from '../snapshot/block.ts';
import { addNamed } from '../snapshot/diff.ts';
import { type Kernel, openKernel } from '../snapshot/kernel.ts';
import type { OpenBlock, OpenSnapshot, ReadBlock } from '../snapshot/open.ts';
import { keptParts, openPart, type Parts, type PartsOf } from '../snapshot/over.ts';
import { type Changes, openChanges } from './changes.ts';
import { collect } from './collect.ts';
import { fewLinks, openLinks } from './links.ts';
import type { Place } from './source.ts';
import { readTargets, type TargetData } from './targets.ts';

/** Inflated text kept of one block's records: a page is inflated in a tenth of a millisecond, and every thread keeps as much. */
const cachedRecordBytes = 6_000_000;

/** The same of a block that links lead to; three such blocks are kept. */
const linkedBytes = 3_000_000;

/** A block of so many rows is some hundred megabytes with its columns. */
const largeRows = 16_384;

export interface Frame {
  readonly snapshot: OpenSnapshot;
  readonly catalogue: Catalogue;
  /** The block with its columns, records and kernel; one is kept. */
  block(register: string, block: number): Promise<{ readonly block: OpenBlock; readonly kernel: Kernel }>;
  /** A block in its parts, for who looks at few of its rows; a few are kept. */
  readonly parts: PartsOf;
  /**
   * From here on a block has the columns these items need: where most of a block is carried on, few are left to be decided. Of the block that is held, columns
   * stay that the `later` items need; the others are let go of.
   */
  narrow(items: readonly CompiledItem[], later?: readonly CompiledItem[]): void;
  /** Makes `link` answer for what the item reads over its links. */
  prepareLinks(compiled: CompiledItem): Promise<void>;
  /** The same for what some rows' links name alone. */
  prepareNamed(compiled: CompiledItem, block: Pick<OpenBlock, 'column'>): Promise<void>;
  link(register: string, key: string): Place | undefined;
  /** Who has changed since an earlier snapshot. */
  readonly changes: Changes;
  /** Sealed records of the places a record's links lead to, by register and key. */
  linkedRecords(compiled: CompiledItem, records: readonly ResolvedRecord[]): Promise<ReadonlyMap<string, ResolvedRecord>>;
  /** Where links lead, for another frame over the same snapshot: a thread's. */
  targets(): Promise<readonly TargetData[]>;
  /** Forgets what it holds; it is read again when asked for. */
  release(): void;
}

interface Held {
  readonly block: ReadBlock;
  readonly kernel: Kernel;
  readonly facts: Set<string>;
}

/** The one block that is held with columns, and its kernel. */
const holdBlock = (read: (register: string, number: number, facts: readonly string[]) => Promise<ReadBlock>) => {
  let held: Held | null = null;
  const at = (register: string, number: number): Held | null =>
    held?.block.register === register && held.block.block === number ? held : null;
  const release = (): void => {
    held?.kernel.close();
    held = null;
  };
  return {
    at,
    release,
    get: async (register: string, number: number, facts: readonly string[]): Promise<Held> => {
      const same = at(register, number);
      if (same !== null) {
        await same.block.need(facts);
        for (const fact of facts) same.facts.add(fact);
        return same;
      }
      const large = (held?.block.rows ?? 0) >= largeRows;
      release();
      // Nothing here holds it any more.
      if (large) collect();
      const block = await read(register, number, facts);
      held = { block, kernel: openKernel(block), facts: new Set(facts) };
      return held;
    },
    /** Lets go of columns that are not among these. */
    keep: (factsOf: (register: string) => readonly string[]): void => {
      if (held === null) return;
      const { block, facts } = held;
      const kept = new Set(factsOf(block.register));
      const left = [...facts].filter((fact) => !kept.has(fact));
      block.forget(left);
      for (const fact of left) facts.delete(fact);
    },
  };
};

export const linkedKey = (register: string, key: string): string => `${register}\n${key}`;

/**
 * `items`: everything that will be decided, so that each block is read once with all the columns needed; without `records` nobody may ask for them.
 * `also`: columns nobody decides by. `columns`: facts under longer freshness limits, of every register that has them.
 */
export const openFrame = (
  db: Db,
  snapshot: OpenSnapshot,
  catalogue: Catalogue,
  items: readonly CompiledItem[],
  keep: {
    readonly records: boolean;
    readonly also?: readonly { readonly register: string; readonly fact: string }[];
    readonly columns?: readonly string[];
    /** Where links lead, as another frame has read it. */
    readonly targets?: readonly TargetData[];
  } = { records: true },
): Frame => {
  const ownOf = (some: readonly CompiledItem[]) =>
    Map.groupBy([...some.flatMap((c) => c.reads.filter((r) => r.link === null)), ...(keep.also ?? [])], (r) => r.register);
  let own = ownOf(items);
  const linked = Map.groupBy(
    items.flatMap((c) => c.reads.filter((r) => r.link !== null)),
    (r) => r.register,
  );
  const factsOf = (reads: ReadonlyMap<string, readonly { readonly fact: string }[]>, register: string): string[] => [
    ...new Set([...(reads.get(register) ?? []).map((r) => r.fact), ...(keep.columns ?? [])]),
  ];
  const held = holdBlock((register, number, facts) =>
    snapshot.load(db, register, number, facts, keep.records ? { cachedBytes: cachedRecordBytes, lazily: true } : undefined),
  );
  const pages = new Map<string, OpenBlock>();

  const targetFacts = (register: string): readonly string[] => factsOf(linked, register);
  const readWhole = async (register: string): Promise<TargetData> => {
    const facts = targetFacts(register);
    const given = keep.targets?.find((one) => one.register === register && facts.every((fact) => one.facts.includes(fact)));
    return given ?? (await readTargets(register, snapshot.blocks(register), facts, (number) => snapshot.load(db, register, number, facts)));
  };
  const shape = (register: string, fact: string) => factOf(catalogue, register, fact);
  const parts = keptParts(db, snapshot, 4);
  const links = openLinks(readWhole, fewLinks(db, snapshot, { parts, facts: targetFacts, shape }));

  /** Pages of records are read for few rows at a time: three blocks are kept, the oldest goes first. */
  const blockWithRecords = async (register: string, number: number): Promise<OpenBlock> => {
    const own = held.at(register, number);
    if (own !== null) return own.block;
    const key = `${register}/${number}`;
    const known = pages.get(key);
    if (known !== undefined) return known;
    const opened = await snapshot.load(db, register, number, [], { cachedBytes: linkedBytes, lazily: true, few: true });
    if (pages.size >= 3) pages.delete(pages.keys().next().value as string);
    pages.set(key, opened);
    return opened;
  };

  return {
    snapshot,
    catalogue,
    block: (register, number) => held.get(register, number, factsOf(own, register)),
    parts,
    narrow: (some, later = some) => {
      own = ownOf(some);
      const rest = ownOf(later);
      held.keep((register) => [...factsOf(own, register), ...factsOf(rest, register)]);
    },
    changes: openChanges(db, snapshot, async (register) => (await links.ready(register)).blocks),
    prepareLinks: async (compiled) => {
      for (const register of new Set(compiled.reads.filter((r) => r.link !== null).map((r) => r.register))) await links.ready(register);
    },
    prepareNamed: async (compiled, block) => {
      for (const [register, keys] of namedBy(compiled, catalogue, block)) await links.find(register, keys);
    },
    link: links.at,
    linkedRecords: async (compiled, records) => {
      const found = new Map<string, ResolvedRecord>();
      for (const [register, keys] of wantedLinks(compiled, catalogue, records)) {
        const ordinals = await links.find(register, keys);
        const own = links.whole(register)
          ? await recordsIn(ordinals, (number) => blockWithRecords(register, number))
          : await fewRecords(ordinals, (number) => parts({ register, block: number }));
        for (const [key, record] of own) found.set(linkedKey(register, key), record);
      }
      return found;
    },
    targets: () => links.data([...linked.keys()]),
    release: () => {
      held.release();
      links.clear();
      pages.clear();
      collect();
    },
  };
};

/** Keys that the block's links name, by the register they lead to. */
const namedBy = (
  compiled: CompiledItem,
  catalogue: Catalogue,
  block: Pick<OpenBlock, 'column'>,
): ReadonlyMap<string, ReadonlySet<string>> => {
  const named = new Map<string, Set<string>>();
  for (const link of new Set(compiled.reads.flatMap((r) => r.link ?? []))) {
    const register = factOf(catalogue, compiled.register, link)?.to;
    if (register === undefined) continue;
    const keys = named.get(register) ?? new Set<string>();
    named.set(register, keys);
    addNamed(block.column(link), keys);
  }
  return named;
};

type Records = readonly (readonly [key: string, record: ResolvedRecord])[];

const recordsIn = async (ordinals: ReadonlyMap<string, number>, blockAt: (number: number) => Promise<OpenBlock>): Promise<Records> => {
  const found: [string, ResolvedRecord][] = [];
  for (const [number, own] of Map.groupBy(ordinals, ([, ordinal]) => blockOf(ordinal))) {
    const block = await blockAt(number);
    await block.readyRecords(own.map(([, ordinal]) => rowOf(ordinal)));
    for (const [key, ordinal] of own) {
      const record = block.record(rowOf(ordinal));
      if (record !== null) found.push([key, record]);
    }
  }
  return found;
};

/** The same of blocks of which little more is read than these rows. */
const fewRecords = async (ordinals: ReadonlyMap<string, number>, partsAt: (number: number) => Promise<Parts>): Promise<Records> => {
  const found: [string, ResolvedRecord][] = [];
  for (const [number, own] of Map.groupBy(ordinals, ([, ordinal]) => blockOf(ordinal))) {
    const rows = Uint32Array.from(own, ([, ordinal]) => rowOf(ordinal));
    const part = await openPart(await partsAt(number), rows, () => undefined);
    await part.readyRecords(rows.keys());
    own.forEach(([key], row) => {
      const record = part.record(row);
      if (record !== null) found.push([key, record]);
    });
  }
  return found;
};

/** Keys the records' links name, whenever: which day counts is for the reader to say. */
const wantedLinks = (
  compiled: CompiledItem,
  catalogue: Catalogue,
  records: readonly ResolvedRecord[],
): ReadonlyMap<string, ReadonlySet<string>> => {
  const wanted = new Map<string, Set<string>>();
  for (const link of new Set(compiled.reads.flatMap((r) => (r.link === null ? [] : [r.link])))) {
    const register = factOf(catalogue, compiled.register, link)?.to;
    if (register === undefined) continue;
    const keys = wanted.get(register) ?? new Set<string>();
    wanted.set(register, keys);
    for (const record of records) for (const cell of record.facts[link]?.cells ?? []) if (typeof cell.v === 'string') keys.add(cell.v);
  }
  return wanted;
};
