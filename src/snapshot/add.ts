// A few changed records at once: a snapshot that adds their rows to the newest one and names nothing else itself. Only where that is all there is to it:
// the same day, catalogue, coverage and limits, few enough rows; anything else is for the seal of the night.
import { audit } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Tx } from '../db/handle.ts';
import type { SubjectRecord } from '../record/record.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import { coverages, newestRevision, recordsAt } from '../record/store.ts';
import { blockRows } from './bitmap.ts';
import { blockOf, rowOf } from './block.ts';
import { makeDelta } from './delta.ts';
import { basisOf, touchedSince } from './renew.ts';
import { columnsOf, resolving } from './seal-block.ts';
import { deltaColumn, type Leaf, snapshotId } from './snapshot.ts';
import { latestSnapshot, readLeaves, type Segment, writeSegments, writeSnapshot } from './store.ts';

export interface AddOptions {
  readonly catalogue: Catalogue;
  readonly knownAt: Day;
  readonly at: Date;
  readonly actor: string;
  /** More changed records than this are the night's. */
  readonly atMost: number;
}

export interface Added {
  readonly state: 'added';
  readonly snapshotId: string;
  /** Every change of a record up to this one is in it. */
  readonly revision: bigint;
  /** Per register, in the order of their ordinals. */
  readonly records: ReadonlyMap<string, readonly ResolvedRecord[]>;
  /** What any other record is worth on the same day. */
  readonly resolve: (record: SubjectRecord) => ResolvedRecord;
}

/** `none`: nothing has changed; `night`: it takes a whole seal. */
export type Addition = Added | { readonly state: 'none' | 'night' };

/** Deltas over one block beyond which the next seal has to put them together first. */
const mostOver = 256;

/** Writes in the caller's transaction. */
export const addChanges = async (tx: Tx, options: AddOptions): Promise<Addition> => {
  const { catalogue, knownAt, atMost, at, actor } = options;
  // What does not hang on one another is asked without waiting in between, the newest change last: what follows may find later ones, never miss any.
  const [before, covered, revision] = await Promise.all([latestSnapshot(tx), coverages(tx), newestRevision(tx)]);
  if (before?.basis == null || before.knownAt !== knownAt || before.catalogueHash !== catalogue.hash) return { state: 'night' };
  const basis = { ...basisOf(revision, covered, []), variants: before.basis.variants };
  const since = { ...before, basis: before.basis };
  const records = new Map<string, readonly ResolvedRecord[]>();
  const resolve = resolving(catalogue, knownAt, covered, []);
  const asked = await Promise.all(
    catalogue.registers.map(async ({ id }) => ({
      id,
      touched: await touchedSince(tx, id, since, { catalogue, knownAt, basis, coverages: covered }),
    })),
  );
  for (const { id, touched } of asked) {
    if (touched === null || touched.length > atMost) return { state: 'night' };
    if (touched.length > 0) records.set(id, (await recordsAt(tx, id, touched)).map(resolve));
  }
  if (records.size === 0) return { state: 'none' };
  if (basis.variants.length > 0) return { state: 'night' };
  const made: (Segment & Leaf)[] = [];
  for (const [register, own] of records) {
    for (const [block, rows] of Map.groupBy(own, (r) => blockOf(r.ordinal))) {
      const delta = await deltaOver(tx, before.id, { register, block }, rows, catalogue);
      if (delta === null) return { state: 'night' };
      made.push({ register, block, ...delta });
    }
  }
  const leaves = made.map(({ register, block, column, hash }) => ({ register, block, column, hash }));
  const id = snapshotId(leaves, catalogue.hash, knownAt, before.id);
  const counts = { ...before.counts };
  for (const [register, own] of records) for (const { ordinal } of own) counts[register] = Math.max(counts[register] ?? 0, ordinal + 1);
  await writeSegments(tx, made);
  // The same rows once more: told again what was known already.
  if (!(await writeSnapshot(tx, { id, knownAt, catalogueHash: catalogue.hash, counts, parent: before.id, basis }, leaves, at)))
    return { state: 'none' };
  const after = { knownAt, parent: before.id, rows: leaves.length };
  await audit(tx, { actor, role: 'system', action: 'snapshot.add', objectKind: 'snapshot', objectId: id, after, at });
  return { state: 'added', snapshotId: id, revision: BigInt(basis.revision), records, resolve };
};

/** null: the block is new, has too much over it, or was never told of a fact that one of the rows holds. */
const deltaOver = async (
  tx: Tx,
  snapshot: string,
  place: { readonly register: string; readonly block: number },
  rows: readonly ResolvedRecord[],
  catalogue: Catalogue,
): Promise<Segment | null> => {
  const head = await readLeaves(tx, snapshot, place);
  const deltas = head.filter((leaf) => leaf.column === deltaColumn).length;
  if (head.length === deltas || deltas >= mostOver) return null;
  const total = Math.max(...rows.map((r) => rowOf(r.ordinal) + 1), 0);
  const records = rows.map((record) => ({ row: record.ordinal % blockRows, record }));
  const made = makeDelta({ ...place, total }, columnsOf(catalogue, place.register, []), records);
  const told = new Set(head.map((leaf) => leaf.column));
  return made.facts.every((fact) => told.has(fact)) ? made : null;
};
