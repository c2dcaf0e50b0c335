// Who names whom over a link, told from what is sealed: of each column a table of key and row, made once and kept for as long as there is room. Sealed bytes
// never change, so a table is right for ever under the hash of what it was made from.
import type { Tx } from '../db/handle.ts';
import { blockRows } from '../snapshot/bitmap.ts';
import { type Column, endCell, firstCell, rowState, rowStateAt } from '../snapshot/columns.ts';
import { openDelta } from '../snapshot/delta.ts';
import { unpack } from '../snapshot/pack.ts';
import { deltaColumn, type Leaf } from '../snapshot/snapshot.ts';
import { readColumnLeaves, readSegments } from '../snapshot/store.ts';
import { plainValue } from '../snapshot/values.ts';
import { hashOf } from './targets.ts';

interface Naming {
  /** Rows it speaks of, ascending; null: all of the block. */
  readonly over: Uint32Array | null;
  /** Hash of the key × 65,536 + row, ascending. Two keys of one hash cost a decision in vain, nothing else. */
  readonly pairs: Float64Array;
}

const namingOf = (column: Column | null, over: Uint32Array | null): Naming => {
  const pairs: number[] = [];
  for (let at = 0; at < (column?.rows ?? 0); at++) {
    const own = column as Column;
    if (rowStateAt(own, at) !== rowState.told) continue;
    const row = over === null ? at : (over[at] as number);
    for (let cell = firstCell(own, at); cell < endCell(own, at); cell++) {
      const key = plainValue(own.values, cell);
      if (typeof key === 'string') pairs.push(hashOf(key) * blockRows + row);
    }
  }
  return { over, pairs: Float64Array.from(pairs).sort() };
};

const firstFrom = (sorted: Float64Array | Uint32Array, value: number): number => {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
};

const speaksOf = ({ over }: Naming, row: number): boolean => over === null || over[firstFrom(over, row)] === row;

/** Half a megabyte is one link of a block in which everybody has one. */
const mostBytes = 48_000_000;
const kept = new Map<string, Naming>();
let keptBytes = 0;
const bytesOf = ({ over, pairs }: Naming): number => pairs.byteLength + (over?.byteLength ?? 0) + 200;

const keep = (name: string, naming: Naming): void => {
  kept.set(name, naming);
  keptBytes += bytesOf(naming);
  for (const [oldest, one] of kept) {
    if (keptBytes <= mostBytes) break;
    kept.delete(oldest);
    keptBytes -= bytesOf(one);
  }
};

const namingIn = async (tx: Tx, leaf: Leaf, link: string): Promise<Naming> => {
  const name = `${leaf.hash} ${link}`;
  const before = kept.get(name);
  if (before !== undefined) {
    kept.delete(name);
    kept.set(name, before);
    return before;
  }
  const bytes = (await readSegments(tx, [leaf])).get(leaf.hash);
  if (bytes === undefined) throw new Error(`segment ${leaf.hash} is gone`);
  const delta = leaf.column === deltaColumn ? openDelta(bytes) : null;
  const made = delta === null ? namingOf(unpack<Column>(bytes), null) : namingOf(delta.columns[link] ?? null, delta.rows);
  keep(name, made);
  return made;
};

/** Beyond so many columns and deltas it takes longer than an event may: then the next run finds who depends. */
const mostColumns = 512;

/** Ordinals of the register whose link names one of the keys, whenever; null: too much to look through at once. */
export const whoNames = async (
  tx: Tx,
  snapshotId: string,
  { register, link, keys }: { readonly register: string; readonly link: string; readonly keys: readonly string[] },
): Promise<readonly number[] | null> => {
  const leaves = await readColumnLeaves(tx, snapshotId, register, [link, deltaColumn]);
  const unknown = leaves.filter((leaf) => !kept.has(`${leaf.hash} ${link}`)).length;
  if (unknown > mostColumns) return null;
  const found = new Set<number>();
  for (const [block, own] of Map.groupBy(leaves, (leaf) => leaf.block)) {
    const base = own.filter((leaf) => leaf.column === link);
    const parts: Naming[] = [];
    for (const leaf of [...base, ...own.filter((one) => one.column === deltaColumn)]) parts.push(await namingIn(tx, leaf, link));
    for (const hash of new Set(keys.map(hashOf)))
      parts.forEach(({ pairs }, i) => {
        for (let at = firstFrom(pairs, hash * blockRows); at < pairs.length; at++) {
          const row = (pairs[at] as number) - hash * blockRows;
          if (row >= blockRows) break;
          if (!parts.slice(i + 1).some((later) => speaksOf(later, row))) found.add(block * blockRows + row);
        }
      });
  }
  return [...found].sort((a, b) => a - b);
};
