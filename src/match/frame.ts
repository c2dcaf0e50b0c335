// What a run keeps in memory of its snapshot: one block with the columns its items need, the columns links lead to, and sealed records by place.
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Db } from '../db/handle.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { factOf } from '../record/lookup.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import { blockOf, rowOf } from '../snapshot/block.ts';
import { type Kernel, openKernel } from '../snapshot/kernel.ts';
import type { OpenBlock, OpenSnapshot } from '../snapshot/open.ts';
import { type Changes, openChanges } from './changes.ts';
import type { Place } from './source.ts';
import { openTargets, readTargets, type TargetData, type Targets } from './targets.ts';

/** Inflated text kept of one block's records: a page is inflated in a tenth of a millisecond, and every thread keeps as much. */
const cachedRecordBytes = 16_000_000;

/** The same of a block that links lead to; three such blocks are kept. */
const linkedBytes = 6_000_000;

export interface Frame {
  readonly snapshot: OpenSnapshot;
  readonly catalogue: Catalogue;
  /** The block with its columns, records and kernel; one is kept. */
  block(register: string, block: number): Promise<{ readonly block: OpenBlock; readonly kernel: Kernel }>;
  /** Makes `link` answer for what the item reads over its links. */
  prepareLinks(compiled: CompiledItem): Promise<void>;
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
  const own = Map.groupBy([...items.flatMap((c) => c.reads.filter((r) => r.link === null)), ...(keep.also ?? [])], (r) => r.register);
  const linked = Map.groupBy(
    items.flatMap((c) => c.reads.filter((r) => r.link !== null)),
    (r) => r.register,
  );
  const factsOf = (reads: ReadonlyMap<string, readonly { readonly fact: string }[]>, register: string): string[] => [
    ...new Set([...(reads.get(register) ?? []).map((r) => r.fact), ...(keep.columns ?? [])]),
  ];
  let current: { readonly block: OpenBlock; readonly kernel: Kernel } | null = null;
  const pages = new Map<string, OpenBlock>();

  const links = openLinks(async (register) => {
    const facts = factsOf(linked, register);
    const given = keep.targets?.find((one) => one.register === register && facts.every((fact) => one.facts.includes(fact)));
    return given ?? (await readTargets(register, snapshot.blocks(register), facts, (number) => snapshot.load(db, register, number, facts)));
  });

  /** Pages of records are read for few rows at a time: three blocks are kept, the oldest goes first. */
  const recordsIn = async (register: string, number: number): Promise<OpenBlock> => {
    if (current?.block.register === register && current.block.block === number) return current.block;
    const key = `${register}/${number}`;
    const known = pages.get(key);
    if (known !== undefined) return known;
    const opened = await snapshot.load(db, register, number, [], { cachedBytes: linkedBytes, lazily: true });
    if (pages.size >= 3) pages.delete(pages.keys().next().value as string);
    pages.set(key, opened);
    return opened;
  };

  return {
    snapshot,
    catalogue,
    block: async (register, number) => {
      if (current?.block.register !== register || current.block.block !== number) {
        current?.kernel.close();
        current = null;
        const records = keep.records ? { cachedBytes: cachedRecordBytes, lazily: true as const } : undefined;
        const block = await snapshot.load(db, register, number, factsOf(own, register), records);
        current = { block, kernel: openKernel(block) };
      }
      return current;
    },
    changes: openChanges(db, snapshot, async (register) => (await links.ready(register)).blocks),
    prepareLinks: async (compiled) => {
      for (const register of new Set(compiled.reads.filter((r) => r.link !== null).map((r) => r.register))) await links.ready(register);
    },
    link: links.at,
    linkedRecords: async (compiled, records) => {
      const wanted = wantedLinks(compiled, catalogue, records);
      const found = new Map<string, ResolvedRecord>();
      for (const [register, keys] of wanted) {
        const { ordinal: ordinalOf } = await links.ready(register);
        const placed = [...keys].flatMap((key) => {
          const ordinal = ordinalOf(key);
          return ordinal === undefined ? [] : [{ key, ordinal }];
        });
        for (const [number, own] of Map.groupBy(placed, ({ ordinal }) => blockOf(ordinal))) {
          const block = await recordsIn(register, number);
          await block.readyRecords(own.map(({ ordinal }) => rowOf(ordinal)));
          for (const { key, ordinal } of own) {
            const record = block.record(rowOf(ordinal));
            if (record !== null) found.set(linkedKey(register, key), record);
          }
        }
      }
      return found;
    },
    targets: () => links.data([...linked.keys()]),
    release: () => {
      current?.kernel.close();
      current = null;
      links.clear();
      pages.clear();
    },
  };
};

/** The registers links lead to, each read once and for all who wait for it. */
const openLinks = (read: (register: string) => Promise<TargetData>) => {
  const known = new Map<string, Promise<{ readonly data: TargetData; readonly open: Targets }>>();
  /** Those that were made ready: `at` answers at once. */
  const open = new Map<string, Targets>();
  const find = (register: string) => {
    const found = known.get(register) ?? read(register).then((data) => ({ data, open: openTargets(data) }));
    known.set(register, found);
    // What could not be read is asked for again.
    found.catch(() => known.delete(register));
    return found;
  };
  return {
    ready: async (register: string): Promise<Targets> => {
      const found = await find(register);
      open.set(register, found.open);
      return found.open;
    },
    data: async (registers: readonly string[]): Promise<readonly TargetData[]> => {
      const found: TargetData[] = [];
      for (const register of registers) found.push((await find(register)).data);
      return found;
    },
    at: (register: string, key: string): Place | undefined => {
      const found = open.get(register);
      const ordinal = found?.ordinal(key);
      const block = ordinal === undefined ? undefined : found?.blocks.get(blockOf(ordinal));
      return block === undefined || ordinal === undefined ? undefined : { block, row: rowOf(ordinal) };
    },
    clear: () => {
      known.clear();
      open.clear();
    },
  };
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
