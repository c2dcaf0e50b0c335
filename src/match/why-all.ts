// Why, for every item at once: one subject decided from its sealed record by the plain path, without opening a column. What `why.ts` tells of one item
// in full this tells of all of them in milliseconds; both answer alike (opinion (a) holds every run to that). Writes nothing.
import { setImmediate } from 'node:timers/promises';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import { paidHistory } from '../ledger/store.ts';
import { type ClosedTable, withClosed } from '../policy/closed.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { decide, eventPeriods } from '../policy/decide.ts';
import { type NearMiss, nearMisses } from '../policy/near-miss.ts';
import { readDecisions } from '../readiness/store.ts';
import { factOf } from '../record/lookup.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import { recordSource } from '../record/source.ts';
import type { Decision, DecisionPeriod } from '../rule/facts.ts';
import { blockOf, rowOf } from '../snapshot/block.ts';
import { type OpenSnapshot, openSnapshot } from '../snapshot/open.ts';
import { latestSnapshot } from '../snapshot/store.ts';
import { paidBesides, paidRowsOf } from './batch.ts';
import { tablesOf } from './closing-store.ts';
import { periodsIn } from './events.ts';
import { type Longer, longerOf } from './longer.ts';
import { duePeriod } from './period.ts';
import { veilOf } from './sealed.ts';
import { lastRun, ordinalsOfKeys } from './store.ts';

export interface Told {
  readonly period: DecisionPeriod;
  readonly decision: Decision;
  /** What would have to be otherwise, where the answer is no and it was asked for. */
  readonly near: readonly NearMiss[];
}

/** How far ahead a near miss looks. */
const nearMonths = 36;

const recordAt = async (db: Db, snapshot: OpenSnapshot, register: string, ordinal: number): Promise<ResolvedRecord | null> => {
  if (!snapshot.blocks(register).includes(blockOf(ordinal))) return null;
  return (await snapshot.load(db, register, blockOf(ordinal), [], { cachedBytes: 0 })).record(rowOf(ordinal));
};

/** Sealed records of everybody the items' links lead to, by register and key. */
const linkedTo = async (
  db: Db,
  snapshot: OpenSnapshot,
  catalogue: Catalogue,
  items: readonly CompiledItem[],
  record: ResolvedRecord,
): Promise<ReadonlyMap<string, ResolvedRecord>> => {
  const links = new Set(items.flatMap((one) => one.reads.flatMap((read) => (read.link === null ? [] : [read.link]))));
  const found = new Map<string, ResolvedRecord>();
  for (const link of links) {
    const register = factOf(catalogue, record.register, link)?.to;
    const keys = (record.facts[link]?.cells ?? []).flatMap((cell) => (typeof cell.v === 'string' ? [cell.v] : []));
    if (register === undefined || keys.length === 0) continue;
    for (const [key, ordinal] of await ordinalsOfKeys(db, register, keys)) {
      const target = await recordAt(db, snapshot, register, ordinal);
      if (target !== null) found.set(`${register}\n${key}`, target);
    }
  }
  return found;
};

/** Item id → the longer freshness limits that count for the subject in the item's due period. Read at all only where somebody decided for some. */
const longerLimits = async (
  db: Db,
  snapshot: OpenSnapshot,
  catalogue: Catalogue,
  items: readonly CompiledItem[],
  subjectId: string,
): Promise<ReadonlyMap<string, Longer>> => {
  const { knownAt } = snapshot.snapshot;
  const decided = new Set((await readDecisions(db)).map((d) => `${d.itemId}\n${d.periodKey}`));
  const found = new Map<string, Longer>();
  for (const { item } of items) {
    const periodKey = duePeriod(item, knownAt)?.key;
    if (periodKey === undefined || !decided.has(`${item.id}\n${periodKey}`)) continue;
    const longer = await longerOf(db, snapshot, catalogue, { itemId: item.id, periodKey, subjectId });
    if (longer !== null) found.set(item.id, longer);
  }
  return found;
};

/**
 * Item id → what a run would decide now, one per event of a per-event item; nothing due, or no event: none. Null before the first snapshot or when
 * the subject is not in it. The caller has seen that the subject is within its scope.
 */
export const whyAll = async (
  db: Db,
  subject: { readonly register: string; readonly subjectId: string; readonly ordinal: number },
  items: readonly CompiledItem[],
  catalogue: Catalogue,
  options: { readonly near?: boolean } = {},
): Promise<ReadonlyMap<string, readonly Told[]> | null> => {
  const latest = await latestSnapshot(db);
  const snapshot = latest === null ? null : await openSnapshot(db, latest.id);
  const record = snapshot === null ? null : await recordAt(db, snapshot, subject.register, subject.ordinal);
  if (snapshot === null || record === null || record.subjectId !== subject.subjectId) return null;
  const [linked, run] = [await linkedTo(db, snapshot, catalogue, items, record), await lastRun(db)];
  const history = await transaction(db, (tx) =>
    paidHistory(tx, { subjectIds: [subject.subjectId], ...(run === null ? {} : { cut: run.ledgerCut }) }),
  );
  const paid = new Map([[subject.subjectId, paidRowsOf(history, veilOf(db))]]);
  const context = { catalogue, link: (register: string, key: string) => linked.get(`${register}\n${key}`) };
  const { knownAt } = snapshot.snapshot;
  const closed = new Map<CompiledItem, readonly ClosedTable[]>();
  for (const one of items) closed.set(one, await tablesOf(db, one, duePeriod(one.item, knownAt)?.key ?? '', subject.subjectId));
  const longer = await longerLimits(db, snapshot, catalogue, items, subject.subjectId);
  const tell = (compiled: CompiledItem): readonly Told[] => {
    const due = duePeriod(compiled.item, knownAt);
    if (due === null) return [];
    const sealedAs = longer.get(compiled.item.id)?.sealedAs;
    const reading = { ...context, purpose: compiled.item, ...(sealedAs === undefined ? {} : { sealedAs }) };
    const at = (period: DecisionPeriod): Told => {
      const own = paidBesides({ paid }, subject.subjectId, compiled.item.id, period);
      const source = withClosed(recordSource(record, { ...reading, paid: own }), closed.get(compiled) ?? [], subject.subjectId, knownAt);
      const decision = decide(compiled, source, period);
      const near = options.near === true ? nearMisses({ compiled, catalogue, source, period, decision, months: nearMonths }) : [];
      return { period, decision, near };
    };
    if (compiled.event === null) return [at(due)];
    return periodsIn(due, eventPeriods(compiled, recordSource(record, reading), due.knownAt).periods, []).map(at);
  };
  const told = new Map<string, readonly Told[]>();
  for (const compiled of items) {
    told.set(compiled.item.id, tell(compiled));
    // A search for near misses takes some milliseconds an item: whoever asks meanwhile is answered in between.
    if (options.near === true) await setImmediate();
  }
  return told;
};
