// Where links lead, in the two ways a run asks: whoever decides whole blocks holds the registers whole, once for all threads; whoever looks at few rows is told
// of the keys these name, and of the registers no more than the columns links read.
import type { Db } from '../db/handle.ts';
import { placesOf } from '../record/store.ts';
import { fullBitmap } from '../snapshot/bitmap.ts';
import { blockOf, rowOf } from '../snapshot/block.ts';
import type { OpenSnapshot } from '../snapshot/open.ts';
import { openColumns, type PartsOf } from '../snapshot/over.ts';
import type { Shape } from '../snapshot/values.ts';
import type { Place } from './source.ts';
import { leanBlock, openTargets, type TargetData, type Targets } from './targets.ts';

export interface Links {
  /** The register whole: from now on `at` answers for every key of it. */
  ready(register: string): Promise<Targets>;
  data(registers: readonly string[]): Promise<readonly TargetData[]>;
  /** Whether it was made ready. */
  whole(register: string): boolean;
  /** From now on `at` answers for these keys. Gives the ordinals of those that are in the snapshot. */
  find(register: string, keys: ReadonlySet<string>): Promise<ReadonlyMap<string, number>>;
  /** undefined: nobody of that key. Throws where the key was not asked for. */
  at(register: string, key: string): Place | undefined;
  clear(): void;
}

interface Found extends Place {
  readonly ordinal: number;
}

/** Reads few keys of a register; null: nobody of that key. */
type ReadFew = (register: string, keys: ReadonlySet<string>) => Promise<ReadonlyMap<string, Found | null>>;

/** `read`: a register whole, once for all who wait for it. */
export const openLinks = (read: (register: string) => Promise<TargetData>, readFew: ReadFew): Links => {
  const known = new Map<string, Promise<{ readonly data: TargetData; readonly open: Targets }>>();
  /** Those that were made ready: `at` answers at once. */
  const open = new Map<string, Targets>();
  const few = new Map<string, Map<string, Found | null>>();
  const held = (register: string) => {
    const found = known.get(register) ?? read(register).then((data) => ({ data, open: openTargets(data) }));
    known.set(register, found);
    // What could not be read is asked for again.
    found.catch(() => known.delete(register));
    return found;
  };
  return {
    ready: async (register) => {
      const found = await held(register);
      open.set(register, found.open);
      return found.open;
    },
    data: async (registers) => {
      const found: TargetData[] = [];
      for (const register of registers) found.push((await held(register)).data);
      return found;
    },
    whole: (register) => open.has(register),
    find: async (register, keys) => {
      const all = open.get(register);
      const own = few.get(register) ?? new Map<string, Found | null>();
      few.set(register, own);
      const fresh = all === undefined ? new Set([...keys].filter((key) => !own.has(key))) : new Set<string>();
      if (fresh.size > 0) for (const [key, found] of await readFew(register, fresh)) own.set(key, found);
      return new Map(
        [...keys].flatMap((key) => {
          const ordinal = all === undefined ? own.get(key)?.ordinal : all.ordinal(key);
          return ordinal === undefined ? [] : [[key, ordinal] as const];
        }),
      );
    },
    at: (register, key) => {
      const all = open.get(register);
      if (all === undefined) {
        const found = few.get(register)?.get(key);
        if (found === undefined) throw new Error('a link was not made ready');
        return found ?? undefined;
      }
      const ordinal = all.ordinal(key);
      const block = ordinal === undefined ? undefined : all.blocks.get(blockOf(ordinal));
      return block === undefined || ordinal === undefined ? undefined : { block, row: rowOf(ordinal) };
    },
    clear: () => {
      known.clear();
      open.clear();
      few.clear();
    },
  };
};

/**
 * Keys are looked up among the records: one that stands there stands there for good, and was sealed if it has not changed since. Whoever has is looked for in
 * the sealed block itself.
 */
export const fewLinks = (
  db: Db,
  { snapshot: { basis }, blocks }: Pick<OpenSnapshot, 'snapshot' | 'blocks'>,
  of: {
    readonly parts: PartsOf;
    /** What links read of a register. */
    readonly facts: (register: string) => readonly string[];
    readonly shape: (register: string, fact: string) => Shape | undefined;
  },
): ReadFew => {
  const sealedUpTo = basis === null ? -1n : BigInt(basis.revision);
  return async (register, keys) => {
    const out = new Map<string, Found | null>([...keys].map((key) => [key, null]));
    const facts = of.facts(register);
    const sealed = new Set(blocks(register));
    for (const [number, all] of Map.groupBy(await placesOf(db, register, keys), ({ ordinal }) => blockOf(ordinal))) {
      if (!sealed.has(number)) continue;
      const parts = await of.parts({ register, block: number });
      const { base, over } = parts;
      const sure = new Set(all.filter(({ revision }) => revision <= sealedUpTo));
      const subjects = sure.size < all.length ? await base.subjects() : null;
      const keyAt = (row: number): string | null => {
        const place = over.places.get(row);
        return place === undefined ? (subjects?.key(row) ?? null) : place.delta.subjects.key(place.at);
      };
      const own = all.filter((one) => sure.has(one) || keyAt(rowOf(one.ordinal)) === one.key);
      await base.need(facts);
      const rows = Uint32Array.from(own, ({ ordinal }) => rowOf(ordinal));
      const column = openColumns((fact) => of.shape(register, fact), rows, parts);
      const block = leanBlock(
        { register, block: number, rows: rows.length, present: fullBitmap(rows.length), over: new Map(), column },
        (row) => own[row]?.key ?? '',
      );
      own.forEach(({ key, ordinal }, row) => {
        out.set(key, { block, row, ordinal });
      });
    }
    return out;
  };
};
