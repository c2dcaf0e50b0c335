// What was known of one subject: every fact's value on any day, as it was known on any past day, with the dataset that said so, of which day, and when it
// arrived. The past is read from what was sealed then, not worked out from what stands now: deliveries overwrite each other, snapshots do not.
import { type Day, daysBetween } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Catalogue, Fact } from '../catalogue/catalogue.ts';
import type { Db, Tx } from '../db/handle.ts';
import { attestedDataset } from '../record/attested.ts';
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
import { attestedBetween } from './history-store.ts';
import { openSnapshot } from './open.ts';
import { removalText } from './snapshot.ts';
import { readSnapshot, removalOf, snapshotAfter, snapshotKnownOn } from './store.ts';

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
  /** Which delivery; null: nothing came, or it is no delivery. */
  readonly delivery: string | null;
  /** What came between the snapshot that answers and the day asked for, and may have said otherwise; empty: this is what was known. */
  readonly doubts: readonly Doubt[];
}

/**
 * delivery: of one of the fact's datasets, landed after the snapshot. attested: a value two people entered or withdrew. aged: the value was within its limit
 * when sealed and beyond it on the day asked for.
 */
export interface Doubt {
  readonly kind: 'delivery' | 'attested' | 'aged';
  readonly dataset: string;
  readonly asOf: Day;
  readonly at: Date | null;
}

/** Which snapshot answered for a day without one of its own, and what lies between the two. */
export interface Between {
  readonly asked: Day;
  readonly sealedAt: Date;
  /** Nothing lies between: the snapshot is what was known on that day. */
  readonly sure: boolean;
  /** The first snapshot after the day asked for: the other side of what is not known exactly; null: none yet. */
  readonly next: { readonly id: string; readonly knownAt: Day } | null;
}

export interface Known {
  /** Whose knowledge: the snapshot's day, or today when nothing sealed was asked for. */
  readonly knownAt: Day;
  readonly snapshotId: string | null;
  readonly facts: readonly KnownFact[];
  /** null: asked for now, or for one snapshot. */
  readonly between: Between | null;
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

/** null: no such snapshot, or the subject is not in it. Throws `missing.snapshot` where its data went past their term. Facts in the catalogue's order. */
export const factsKnown = async (reader: Db | Tx, catalogue: Catalogue, asked: Asked): Promise<Known | null> => {
  const seen = await recordSeen(reader, catalogue, asked);
  if (seen === null) return null;
  const { record, knownAt, sealedAt, snapshotId } = seen;
  const all = await arrivals(reader);
  const came = arrivedBy(all, catalogue, record, sealedAt);
  const on = asked.on ?? knownAt;
  const own = catalogue.facts.filter((fact) => fact.register === record.register);
  if (asked.knownAt.kind !== 'day' || sealedAt === null)
    return { knownAt, snapshotId, between: null, facts: own.map((fact) => knownFact(fact, record, on, came)) };
  const day = asked.knownAt.day;
  const doubts = await doubtsOf(reader, catalogue, record, { day, sealedAt, all });
  const facts = own.map((fact) => aged(knownFact(fact, record, asked.on ?? day, came), fact, doubts(fact), { catalogue, day }));
  const next = await snapshotAfter(reader, day);
  const sure = facts.every((fact) => fact.doubts.length === 0);
  return {
    knownAt,
    snapshotId,
    facts,
    between: { asked: day, sealedAt, sure, next: next === null ? null : { id: next.id, knownAt: next.knownAt } },
  };
};

/** The last moment of a civil day in China. */
const endOfDay = (day: Day): Date => new Date(Date.parse(`${day}T23:59:59.999+08:00`));

/** Per fact: deliveries of its datasets about where the subject lived, and attested values, after the seal and not after the day. */
const doubtsOf = async (
  reader: Db | Tx,
  catalogue: Catalogue,
  record: ResolvedRecord,
  span: { readonly day: Day; readonly sealedAt: Date; readonly all: readonly Arrival[] },
): Promise<(fact: Fact) => readonly Doubt[]> => {
  const { sealedAt, day, all } = span;
  const end = endOfDay(day);
  const divisions = treeOf(catalogue, 'division');
  const later = all
    .filter((a) => a.landedAt > sealedAt && a.landedAt <= end && covers(divisions, a.division, record.division))
    .map(({ dataset, asOf, landedAt }): Doubt => ({ kind: 'delivery', dataset, asOf, at: landedAt }));
  const attested = await attestedBetween(reader, record.subjectId, sealedAt, end);
  return (fact) => [
    ...later.filter((one) => fact.datasets.includes(one.dataset)),
    ...attested
      .filter((one) => one.fact === fact.key)
      .map(({ asOf, at }): Doubt => ({ kind: 'attested', dataset: attestedDataset, asOf, at })),
  ];
};

/**
 * Days pass while nothing is sealed: what was within its limit then may be beyond it by the day asked for. With one source and nothing between that is known
 * exactly; with several another may speak instead, and that is left open.
 */
const aged = (
  known: KnownFact,
  fact: Fact,
  doubts: readonly Doubt[],
  { catalogue, day }: { readonly catalogue: Catalogue; readonly day: Day },
): KnownFact => {
  const { dataset, asOf } = known;
  const limit = catalogue.datasets.find((d) => d.id === dataset)?.freshnessDays;
  const old = known.state !== 'unknown' && dataset !== null && asOf !== null && limit !== undefined && daysBetween(asOf, day) > limit;
  if (!old) return { ...known, doubts };
  if (doubts.length > 0 || fact.datasets.length > 1) return { ...known, doubts: [...doubts, { kind: 'aged', dataset, asOf, at: null }] };
  const { from: _from, to: _to, ...rest } = known;
  return { ...rest, state: 'unknown', value: null, reason: 'stale', doubts };
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
  const gone = found !== null && open === null ? await removalOf(reader, found.id) : null;
  if (gone !== null)
    return fail('missing.snapshot', 'knownAt', `${removalText(gone)}。`, '换一个晚些的日子；已经作出的判定凭自己的依据仍能重判。');
  if (found === null || open === null || !open.blocks(register).includes(blockOf(ordinal))) return null;
  const block = await open.load(reader, register, blockOf(ordinal), []);
  const row = ordinal % blockRows;
  await block.readyRecords([row]);
  const record = row < block.rows ? block.record(row) : null;
  return record === null ? null : { record, knownAt: found.knownAt, snapshotId: found.id, sealedAt: found.sealedAt };
};

type Came = (dataset: string, asOf: Day) => Arrival | null;

/** The last landing, before the seal, of that dataset and day in the subject's division. */
const arrivedBy = (all: readonly Arrival[], catalogue: Catalogue, { division }: ResolvedRecord, sealedAt: Date | null): Came => {
  const divisions = treeOf(catalogue, 'division');
  return (dataset, asOf) =>
    all
      .filter((a) => a.dataset === dataset && a.asOf === asOf && (sealedAt === null || a.landedAt <= sealedAt))
      .filter((a) => covers(divisions, a.division, division))
      .reduce<Arrival | null>((last, a) => (last === null || a.landedAt > last.landedAt ? a : last), null);
};

const knownFact = (fact: Fact, record: ResolvedRecord, on: Day, came: Came): KnownFact => {
  const resolved = record.facts[fact.key];
  const about = (dataset: string | null, asOf: Day | null) => {
    const arrival = dataset === null || asOf === null ? null : came(dataset, asOf);
    const common = { fact: fact.key, label: fact.label, dataset, asOf, doubts: [] };
    return { ...common, arrived: arrival?.landedAt ?? null, delivery: arrival?.id ?? null };
  };
  const unknown = (reason: MissingReason, dataset: string | null, asOf: Day | null): KnownFact => {
    return { ...about(dataset, asOf), state: 'unknown', value: null, reason };
  };
  if (resolved === undefined) return unknown('undelivered', fact.datasets[0] ?? null, null);
  if (resolved.cells === null)
    return unknown(resolved.missing?.reason ?? 'undelivered', resolved.missing?.dataset ?? null, resolved.missing?.asOf ?? null);
  const cell = fact.timed ? resolved.cells.find((c) => holdsOn(c, on)) : resolved.cells[0];
  if (cell === undefined) return unknown('empty', resolved.cells[0]?.dataset ?? null, resolved.cells[0]?.asOf ?? null);
  const { v, dataset, asOf, from = null, to = null } = cell;
  const empty = v === null || (fact.type === 'list' && Array.isArray(v) && v.length === 0);
  return { ...about(dataset, asOf), state: empty ? 'none' : 'value', value: v, reason: null, ...(fact.timed ? { from, to } : {}) };
};
