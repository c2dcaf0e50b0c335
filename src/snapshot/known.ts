// What was known of one subject: every fact's value on any day, as it was known on any past day, with the dataset that said so, of which day, and when it
// arrived. The past is read from what was sealed then, not worked out from what stands now: deliveries overwrite each other, snapshots do not.
import type { Day } from '../base/day.ts';
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import type { Db, Tx } from '../db/handle.ts';
import { covers } from '../record/coverage.ts';
import { type Arrival, arrivals } from '../record/delivery-store.ts';
import { treeOf } from '../record/lookup.ts';
import type { CellValue } from '../record/record.ts';
import { type ResolvedRecord, resolveRecord } from '../record/resolve.ts';
import { coverages, recordByKey } from '../record/store.ts';
import { holdsOn } from '../record/timeline.ts';
import type { MissingReason } from '../rule/facts.ts';
import { blockRows } from './bitmap.ts';
import { blockOf } from './block.ts';
import { openSnapshot } from './open.ts';
import { readSnapshot, snapshotKnownOn } from './store.ts';

export interface KnownFact {
  readonly fact: string;
  readonly label: string;
  /** `none`: checked, there is none; `unknown`: `reason` says why. */
  readonly state: 'value' | 'none' | 'unknown';
  readonly value: CellValue;
  readonly reason: MissingReason | null;
  readonly dataset: string | null;
  readonly asOf: Day | null;
  /** When that word of the dataset had come in, at the latest; null: nothing came, or it is no delivery. */
  readonly arrived: Date | null;
  /** Dated facts: the span of the value that holds, `[from, to)`, null = open. */
  readonly from?: Day | null;
  readonly to?: Day | null;
}

export interface Known {
  /** Whose knowledge: the snapshot's day, or today when nothing sealed was asked for. */
  readonly knownAt: Day;
  readonly snapshotId: string | null;
  readonly facts: readonly KnownFact[];
}

/** `now`: as the records stand; a day: the last snapshot sealed for that day or before; else a snapshot's id. */
export type KnownAt =
  | { readonly kind: 'now'; readonly day: Day }
  | { readonly kind: 'day'; readonly day: Day }
  | { readonly kind: 'snapshot'; readonly id: string };

export interface Asked {
  readonly register: string;
  readonly key: string;
  readonly ordinal: number;
  /** The day whose values are asked for; null: the day of the knowledge itself. */
  readonly on: Day | null;
  readonly knownAt: KnownAt;
}

/** null: no such snapshot, or the subject is not in it. Facts in the catalogue's order. */
export const factsKnown = async (reader: Db | Tx, catalogue: Catalogue, asked: Asked): Promise<Known | null> => {
  const seen = await recordSeen(reader, catalogue, asked);
  if (seen === null) return null;
  const { record, knownAt, sealedAt } = seen;
  const came = arrivedBy(await arrivals(reader), catalogue, record, sealedAt);
  const on = asked.on ?? knownAt;
  const facts = catalogue.facts.filter((fact) => fact.register === record.register).map((fact) => knownFact(fact, record, on, came));
  return { knownAt, snapshotId: seen.snapshotId, facts };
};

interface Seen {
  readonly record: ResolvedRecord;
  readonly knownAt: Day;
  readonly snapshotId: string | null;
  readonly sealedAt: Date | null;
}

const recordSeen = async (reader: Db | Tx, catalogue: Catalogue, { register, key, ordinal, knownAt }: Asked): Promise<Seen | null> => {
  if (knownAt.kind === 'now') {
    const record = await recordByKey(reader, register, key);
    if (record === null) return null;
    return {
      record: resolveRecord(record, await coverages(reader), catalogue, knownAt.day),
      knownAt: knownAt.day,
      snapshotId: null,
      sealedAt: null,
    };
  }
  const found = knownAt.kind === 'day' ? await snapshotKnownOn(reader, knownAt.day) : await readSnapshot(reader, knownAt.id);
  const open = found === null ? null : await openSnapshot(reader, found.id);
  if (found === null || open === null || !open.blocks(register).includes(blockOf(ordinal))) return null;
  const block = await open.load(reader, register, blockOf(ordinal), [], { cachedBytes: 0 });
  const row = ordinal % blockRows;
  const record = row < block.rows ? block.record(row) : null;
  return record === null ? null : { record, knownAt: found.knownAt, snapshotId: found.id, sealedAt: found.sealedAt };
};

type Came = (dataset: string, asOf: Day) => Date | null;

/** The last landing, before the seal, of that dataset and day in the subject's division. */
const arrivedBy = (all: readonly Arrival[], catalogue: Catalogue, { division }: ResolvedRecord, sealedAt: Date | null): Came => {
  const divisions = treeOf(catalogue, 'division');
  return (dataset, asOf) =>
    all
      .filter((a) => a.dataset === dataset && a.asOf === asOf && (sealedAt === null || a.landedAt <= sealedAt))
      .filter((a) => covers(divisions, a.division, division))
      .reduce<Date | null>((last, a) => (last === null || a.landedAt > last ? a.landedAt : last), null);
};

const knownFact = (fact: Fact, record: ResolvedRecord, on: Day, came: Came): KnownFact => {
  const resolved = record.facts[fact.key];
  const unknown = (reason: MissingReason, dataset: string | null, asOf: Day | null): KnownFact => {
    const arrived = dataset === null || asOf === null ? null : came(dataset, asOf);
    return { fact: fact.key, label: fact.label, state: 'unknown', value: null, reason, dataset, asOf, arrived };
  };
  if (resolved === undefined) return unknown('undelivered', fact.datasets[0] ?? null, null);
  if (resolved.cells === null)
    return unknown(resolved.missing?.reason ?? 'undelivered', resolved.missing?.dataset ?? null, resolved.missing?.asOf ?? null);
  const cell = fact.timed ? resolved.cells.find((c) => holdsOn(c, on)) : resolved.cells[0];
  if (cell === undefined) return unknown('empty', resolved.cells[0]?.dataset ?? null, resolved.cells[0]?.asOf ?? null);
  const { v, dataset, asOf, from = null, to = null } = cell;
  const empty = v === null || (fact.type === 'list' && Array.isArray(v) && v.length === 0);
  const said = { state: empty ? 'none' : 'value', value: v, reason: null, dataset, asOf, arrived: came(dataset, asOf) } as const;
  return { fact: fact.key, label: fact.label, ...said, ...(fact.timed ? { from, to } : {}) };
};
