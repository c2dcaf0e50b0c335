// What has changed between an earlier snapshot and the run's own: rows of a block whose facts, or the facts their links lead to, say something else, or
// hold a span that begins or ends in between. Told from the sealed columns alone, whichever way either snapshot came to be.
import { type Day, toEpochDay } from '../base/day.ts';
import type { Db } from '../db/handle.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { type Bitmap, blockRows, eachBit, emptyBitmap, orInto, setBit } from '../snapshot/bitmap.ts';
import { markChanged, markNaming, markTurning } from '../snapshot/diff.ts';
import { type OpenBlock, type OpenSnapshot, openSnapshot } from '../snapshot/open.ts';
import { subjectColumn } from '../snapshot/snapshot.ts';

/** What an earlier result stands on. */
export interface Then {
  readonly snapshotId: string;
  readonly knownAt: Day;
}

export interface Changes {
  /** Rows of the block that the item has to look at again; null: the earlier snapshot is not there any more. The caller's own bitmap. */
  rows(then: Then, compiled: CompiledItem, block: OpenBlock): Promise<Bitmap | null>;
}

/** Blocks a link's register has, with the columns links read. */
export type TargetBlocks = (register: string) => Promise<ReadonlyMap<number, OpenBlock>>;

type Side = Pick<OpenBlock, 'register' | 'block' | 'rows' | 'column' | 'over'> & { readonly key: (row: number) => string | null };

const sideOf = (block: OpenBlock): Side => {
  const { register, block: number, rows, column, over, subjects } = block;
  return { register, block: number, rows, column, over, key: (row) => (row < rows ? subjects.key(row) : null) };
};
const nobodyIn = (register: string, block: number): Side => ({
  register,
  block,
  rows: 0,
  column: () => null,
  over: new Map(),
  key: () => null,
});

/** Who stands there, and each of the facts: the rows that differ, by column. What differs nowhere is not read. */
const differences = async (
  db: Db,
  then: OpenSnapshot,
  now: OpenSnapshot,
  { block, facts }: { readonly block: Side; readonly facts: readonly string[] },
): Promise<ReadonlyMap<string, Bitmap>> => {
  const { register, block: number } = block;
  const columns = [subjectColumn, ...facts];
  const [theirs, ours] = [new Set(then.deltas(register, number)), new Set(now.deltas(register, number))];
  // What lies over the base in both snapshots alike can make no difference between them.
  const apart = new Set([...theirs, ...ours].filter((hash) => !(theirs.has(hash) && ours.has(hash))));
  const other = new Set(columns.filter((c) => then.base(register, number, c) !== now.base(register, number, c)));
  const differing = apart.size > 0 ? columns : [...other];
  const asked = facts.filter((fact) => differing.includes(fact));
  const there = differing.length > 0 && then.blocks(register).includes(number);
  const before = there ? await then.load(db, register, number, asked) : null;
  const old = before === null ? nobodyIn(register, number) : sideOf(before);
  const all = Array.from({ length: Math.max(block.rows, old.rows) }, (_, row) => row);
  const over = [...new Set([...old.over, ...block.over].flatMap(([hash, rows]) => (apart.has(hash) ? [...rows] : [])))];
  return new Map(
    columns.map((column): [string, Bitmap] => {
      const marked = emptyBitmap(blockRows);
      const rows = other.has(column) ? all : over;
      if (column !== subjectColumn) {
        if (rows.length > 0) markChanged(old.column(column), block.column(column), rows, marked);
      } else for (const row of rows) if (old.key(row) !== block.key(row)) setBit(marked, row);
      return [column, marked];
    }),
  );
};

/** Keys of a register about whom one of the facts says something else, or who appeared or went; kept for the whole run. */
const openKeys = (db: Db, now: OpenSnapshot, targets: TargetBlocks) => {
  const known = new Map<string, ReadonlySet<string>>();
  return async (then: OpenSnapshot, register: string, facts: readonly string[]): Promise<ReadonlySet<string>> => {
    const name = `${then.snapshot.id} ${register} ${facts.join(' ')}`;
    const before = known.get(name);
    if (before !== undefined) return before;
    const found = new Set<string>();
    const blocks = await targets(register);
    for (const number of new Set([...now.blocks(register), ...then.blocks(register)])) {
      const open = blocks.get(number);
      const block = open === undefined ? nobodyIn(register, number) : sideOf(open);
      const marked = emptyBitmap(blockRows);
      for (const own of (await differences(db, then, now, { block, facts })).values()) orInto(marked, own);
      for (const fact of facts)
        markTurning(block.column(fact), toEpochDay(then.snapshot.knownAt), toEpochDay(now.snapshot.knownAt), marked);
      if (marked.every((word) => word === 0)) continue;
      const old = then.blocks(register).includes(number) ? sideOf(await then.load(db, register, number, [])) : nobodyIn(register, number);
      eachBit(marked, (row) => {
        for (const key of [block.key(row), old.key(row)]) if (key !== null) found.add(key);
      });
    }
    known.set(name, found);
    return found;
  };
};

export const openChanges = (db: Db, now: OpenSnapshot, targets: TargetBlocks): Changes => {
  const snapshots = new Map<string, OpenSnapshot | null>([[now.snapshot.id, now]]);
  const snapshotOf = async (id: string): Promise<OpenSnapshot | null> => {
    if (!snapshots.has(id)) snapshots.set(id, await openSnapshot(db, id));
    return snapshots.get(id) ?? null;
  };
  const changedKeys = openKeys(db, now, targets);
  /** Of one block of the run at a time: most items read the same facts. */
  let kept: { readonly place: string; readonly bits: Map<string, Bitmap> } = { place: '', bits: new Map() };
  const ownRows = async (then: OpenSnapshot, block: OpenBlock, facts: readonly string[]): Promise<readonly Bitmap[]> => {
    const place = `${then.snapshot.id} ${block.register}/${block.block}`;
    if (kept.place !== place) kept = { place, bits: new Map() };
    const { bits } = kept;
    const fresh = facts.filter((fact) => !bits.has(fact));
    if (fresh.length > 0 || bits.size === 0)
      for (const [column, marked] of await differences(db, then, now, { block: sideOf(block), facts: fresh })) bits.set(column, marked);
    return [subjectColumn, ...facts].map((column) => bits.get(column) as Bitmap);
  };
  return {
    rows: async ({ snapshotId, knownAt }, compiled, block) => {
      const then = await snapshotOf(snapshotId);
      if (then === null || then.snapshot.knownAt !== knownAt) return null;
      const own = compiled.reads.filter((r) => r.link === null).map((r) => r.fact);
      const out = emptyBitmap(block.rows);
      for (const marked of await ownRows(then, block, own)) orInto(out, marked.subarray(0, out.length));
      for (const fact of own) markTurning(block.column(fact), toEpochDay(knownAt), toEpochDay(now.snapshot.knownAt), out);
      const linked = Map.groupBy(
        compiled.reads.filter((r) => r.link !== null),
        (r) => `${r.link}\n${r.register}`,
      );
      for (const [name, reads] of linked) {
        const [link = '', register = ''] = name.split('\n');
        markNaming(block.column(link), await changedKeys(then, register, reads.map((r) => r.fact).sort()), out);
      }
      return out;
    },
  };
};
