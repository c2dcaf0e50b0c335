// The step that seals: the records as they stand at one moment, resolved for one day, into segments and one snapshot that names them. Blocks in which little
// has changed since the seal before keep their base and get a delta over it. Sealing the same data again finds the same snapshot; a seal that is killed leaves
// segments nobody points to, which the next one finds by their hash.
import { availableParallelism } from 'node:os';
import { audit } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { databaseError } from '../db/error.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { countRecords, coverages, recordsAt } from '../record/store.ts';
import type { Variant } from '../record/variant.ts';
import { shareOf } from '../vault/hold.ts';
import { blockRows } from './bitmap.ts';
import { blockOf, rowOf } from './block.ts';
import { makeDelta, openDelta } from './delta.ts';
import { type Basis, basisNow, touchedSince } from './renew.ts';
import { columnsOf, resolving, type Sealing, sealWhole } from './seal-block.ts';
import { deltaColumn, type Leaf, snapshotId } from './snapshot.ts';
import { latestSnapshot, readLeaves, readSegments, shareMoment, writeSegments, writeSnapshot } from './store.ts';

/** How much of a block may lie over its base before it gets a new one. */
export interface DeltaLimits {
  /** Share of the block's rows. */
  readonly share: number;
  /** Smaller blocks are always sealed whole: that costs nothing. */
  readonly leastRows: number;
}

const usualDelta: DeltaLimits = { share: 0.1, leastRows: 4_096 };

export interface SealOptions {
  readonly catalogue: Catalogue;
  /** The day whose knowledge is sealed: freshness is judged by it. */
  readonly knownAt: Day;
  /** The moment written into rows. */
  readonly at: Date;
  readonly actor: string;
  /** Longer freshness limits that were decided, each sealed beside the ordinary facts. */
  readonly variants?: readonly Variant[];
  /** null: every block whole. Default `usualDelta`. */
  readonly delta?: DeltaLimits | null;
  /** How many threads seal whole blocks; default one per core where there are many blocks. */
  readonly threads?: number;
  readonly failpoint?: Failpoint;
  readonly onBlock?: (register: string, subjects: number) => void;
  /** Aborted, the seal ends with its reason before the next thousand records, and there is no snapshot; one that stands already stays. */
  readonly signal?: AbortSignal;
  /** Called on the way with how much of the records is sealed, 0 to 1. */
  readonly far?: (share: number) => void;
}

export interface SealReport {
  readonly snapshotId: string;
  /** Subjects per register. */
  readonly counts: Readonly<Record<string, number>>;
  /** Records that were read and resolved; the others kept what was sealed of them before. */
  readonly sealed: number;
  /** True when the same data had been sealed for that day before. */
  readonly already: boolean;
}

/** Holds one block in memory at a time. Reads one consistent moment, however long it takes and whoever imports meanwhile. */
export const seal = async (db: Db, options: SealOptions): Promise<SealReport> => {
  for (let left = 2; ; left--) {
    try {
      return await sealOnce(db, options);
    } catch (error) {
      // A segment it found written, of a snapshot past its term, went before it was named again.
      if (left === 0 || databaseError(error)?.kind !== 'foreign-key') throw error;
    }
  }
};

const sealOnce = async (db: Db, options: SealOptions): Promise<SealReport> => {
  const failpoint = options.failpoint ?? nowhere;
  await failpoint('seal.before-read');
  const read = await transaction(db, async (tx) => await readAll(tx, db, options, failpoint), {
    isolationLevel: 'repeatable read',
    accessMode: 'read only',
  });
  const { leaves, counts, basis, sealed } = read;
  const { catalogue, knownAt, at, actor } = options;
  const id = snapshotId(leaves, catalogue.hash, knownAt);
  await failpoint('seal.before-snapshot');
  options.signal?.throwIfAborted();
  const added = await transaction(db, async (tx) => {
    const snapshot = { id, knownAt, catalogueHash: catalogue.hash, counts, parent: null, basis };
    if (!(await writeSnapshot(tx, snapshot, leaves, at))) return false;
    const after = { knownAt, counts };
    await audit(tx, { actor, role: 'system', action: 'snapshot.seal', objectKind: 'snapshot', objectId: id, after, at });
    await failpoint('seal.before-commit');
    return true;
  });
  await failpoint('seal.after-snapshot');
  return { snapshotId: id, counts, sealed, already: !added };
};

type Reading = Sealing & { readonly options: SealOptions };

const readAll = async (
  tx: Tx,
  db: Db,
  options: SealOptions,
  failpoint: Failpoint,
): Promise<Pick<Sealing, 'leaves' | 'counts' | 'sealed'> & { readonly basis: Basis }> => {
  const { catalogue, knownAt, variants = [] } = options;
  const covered = await coverages(tx);
  const basis = await basisNow(tx, covered, variants);
  const resolve = resolving(catalogue, knownAt, covered, variants);
  let total = 0;
  for (const { id } of catalogue.registers) total += await countRecords(tx, id);
  const looked = (count: number): void => {
    options.signal?.throwIfAborted();
    sealing.looked += count;
    options.far?.(total === 0 ? 1 : Math.min(1, sealing.looked / total));
  };
  const sealing: Reading = { tx, db, options, failpoint, covered, resolve, look: looked, leaves: [], counts: {}, sealed: 0, looked: 0 };
  const previous = options.delta === null ? null : await latestSnapshot(tx);
  const before = previous?.basis == null ? null : { ...previous, basis: previous.basis };
  const kept = before === null ? [] : await readLeaves(tx, before.id);
  const whole: string[] = [];
  for (const { id } of catalogue.registers) {
    sealing.counts[id] = 0;
    const touched = before === null ? null : await touchedSince(tx, id, before, { catalogue, knownAt, basis, coverages: covered });
    if (before === null || touched === null) whole.push(id);
    else await sealOver(sealing, id, { touched, kept: kept.filter((leaf) => leaf.register === id) });
  }
  await sealRegisters(sealing, whole);
  return { ...sealing, basis };
};

/** Fewer subjects than this are sealed sooner than threads have started; a small town is one block with little beside it. */
const threadsFrom = 100_000;

/** Every block from the ground up, on threads where there are many and the database can be opened by others. */
const sealRegisters = async (sealing: Reading, registers: readonly string[]): Promise<void> => {
  const { tx, db, options, failpoint } = sealing;
  const blocks: { readonly register: string; readonly block: number }[] = [];
  let subjects = 0;
  for (const register of registers) {
    const rows = await countRecords(tx, register);
    for (let block = 0; block * blockRows < rows; block++) blocks.push({ register, block });
    subjects += rows;
  }
  const share = shareOf(db);
  const count = Math.min(options.threads ?? (subjects < threadsFrom ? 1 : Math.min(availableParallelism(), 8)), blocks.length);
  if (share === null || count < 2) {
    for (const register of registers) await sealWhole(sealing, register, {});
    return;
  }
  const { catalogue, knownAt, variants = [] } = options;
  const { sealInThreads } = await import('./seal-threads.ts');
  const task = { share, moment: await shareMoment(tx), catalogue, knownAt, variants, blocks };
  await sealInThreads(task, { count, signal: options.signal }, async (done) => {
    // Thrown here it would be nobody's: the threads end by the signal themselves.
    if (options.signal?.aborted === true) return;
    sealing.look(done.subjects);
    sealing.leaves.push(...done.leaves);
    sealing.counts[done.register] = (sealing.counts[done.register] ?? 0) + done.subjects;
    sealing.sealed += done.subjects;
    await failpoint('seal.after-block');
    options.onBlock?.(done.register, sealing.counts[done.register] ?? 0);
  });
};

interface Over {
  readonly touched: readonly number[];
  /** Leaves of the register in the snapshot before. */
  readonly kept: readonly Leaf[];
}

/** Blocks keep their base; all rows that differ from it, from whichever seal since, become one delta. */
const sealOver = async (sealing: Reading, register: string, { touched, kept }: Over): Promise<void> => {
  const rows = await countRecords(sealing.tx, register);
  const byBlock = Map.groupBy(touched, blockOf);
  const leavesBy = Map.groupBy(kept, (leaf) => leaf.block);
  for (let block = 0; block * blockRows < rows; block++) {
    const total = Math.min(blockRows, rows - block * blockRows);
    const own = leavesBy.get(block) ?? [];
    const base = own.filter((leaf) => leaf.column !== deltaColumn);
    const over = new Set((byBlock.get(block) ?? []).map(rowOf));
    for (const delta of await readDeltas(sealing.tx, own)) for (const row of delta.rows) over.add(row);
    if (base.length === 0 || !(await sealDelta(sealing, { register, block, total }, base, over)))
      await sealWhole(sealing, register, { fromOrdinal: block * blockRows, limit: blockRows });
    else {
      sealing.counts[register] = (sealing.counts[register] ?? 0) + total;
      sealing.look(total);
    }
  }
};

const readDeltas = async (tx: Tx, leaves: readonly Leaf[]) => {
  const wanted = leaves.filter((leaf) => leaf.column === deltaColumn);
  const segments = await readSegments(tx, wanted);
  return wanted.map(({ hash }) => openDelta(segments.get(hash) as Uint8Array));
};

/** False: it is time for a new base. */
const sealDelta = async (
  sealing: Reading,
  place: { readonly register: string; readonly block: number; readonly total: number },
  base: readonly Leaf[],
  over: ReadonlySet<number>,
): Promise<boolean> => {
  const { tx, db, options, resolve, leaves, failpoint } = sealing;
  const { share, leastRows } = options.delta ?? usualDelta;
  if (place.total < leastRows || over.size > place.total * share) return false;
  if (over.size > 0) {
    const rows = [...over].sort((a, b) => a - b);
    const ordinals = rows.map((row) => place.block * blockRows + row);
    const records = (await recordsAt(tx, place.register, ordinals)).map((r) => ({ row: rowOf(r.ordinal), record: resolve(r) }));
    const made = makeDelta(place, columnsOf(options.catalogue, place.register, options.variants ?? []), records);
    // What nobody in the block was told before has no column a delta could lie over.
    const columns = new Set(base.map((leaf) => leaf.column));
    if (records.length < rows.length || made.facts.some((fact) => !columns.has(fact))) return false;
    await writeSegments(db, [made]);
    leaves.push({ register: place.register, block: place.block, column: made.column, hash: made.hash });
    sealing.sealed += records.length;
    await failpoint('seal.after-block');
  }
  leaves.push(...base);
  return true;
};
