// Why, for every item at once: one subject decided from its sealed record by the plain path, without opening a column. What `why.ts` tells of one item
// in full this tells of all of them in milliseconds; both answer alike (opinion (a) holds every run to that). Writes nothing.
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import { paidHistory } from '../ledger/store.ts';
import { type ClosedTable, withClosed } from '../policy/closed.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { decide, eventPeriods } from '../policy/decide.ts';
import { type NearMiss, nearMisses } from '../policy/near-miss.ts';
import { readingOnce } from '../policy/what-if.ts';
import { readDecisions } from '../readiness/store.ts';
import { factOf } from '../record/lookup.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import { recordSource } from '../record/source.ts';
import type { Decision, DecisionPeriod } from '../rule/facts.ts';
import { blockOf, rowOf } from '../snapshot/block.ts';
import type { OpenSnapshot } from '../snapshot/open.ts';
import { latestSnapshot } from '../snapshot/store.ts';
import { paidBesides, paidRowsOf } from './batch.ts';
import { type Blocks, readAnew } from './blocks.ts';
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

const recordAt = async (
  db: Db,
  blocks: Blocks,
  snapshot: OpenSnapshot,
  register: string,
  ordinal: number,
): Promise<ResolvedRecord | null> => {
  if (!snapshot.blocks(register).includes(blockOf(ordinal))) return null;
  const block = await blocks.records(db, snapshot, register, blockOf(ordinal));
  await block.readyRecords([rowOf(ordinal)]);
  return block.record(rowOf(ordinal));
};

/** Sealed records of everybody the items' links lead to, by register and key. */
const linkedTo = async (
  db: Db,
  blocks: Blocks,
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
      const target = await recordAt(db, blocks, snapshot, register, ordinal);
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

/** Everything the answers for one subject rest on, read and not yet decided by. */
export interface Ground {
  /** The same name, the same answers by the same rules: whom it is of, the snapshot, what was paid, what was frozen, which limits are longer, who is linked. */
  readonly name: string;
  /** Item id → what is decided; nothing due, or no event: none. */
  readonly tell: (options?: { readonly near?: boolean }) => Promise<ReadonlyMap<string, readonly Told[]>>;
}

/** The ground as text, digested: nothing of what is in it can be read from its name. */
const nameOf = (parts: readonly unknown[]): string =>
  createHash('sha256')
    .update(JSON.stringify(parts, (_, v: unknown) => (typeof v === 'bigint' ? `${v}` : v instanceof Map ? [...v] : v)))
    .digest('base64url');

/** Null before the first snapshot or when the subject is not in it. The caller has seen that the subject is within its scope. */
export const groundOf = async (
  db: Db,
  subject: { readonly register: string; readonly subjectId: string; readonly ordinal: number },
  items: readonly CompiledItem[],
  catalogue: Catalogue,
  blocks: Blocks = readAnew,
): Promise<Ground | null> => {
  const latest = await latestSnapshot(db);
  const snapshot = latest === null ? null : await blocks.snapshot(db, latest.id);
  const record = snapshot === null ? null : await recordAt(db, blocks, snapshot, subject.register, subject.ordinal);
  if (snapshot === null || record === null || record.subjectId !== subject.subjectId) return null;
  const [linked, run] = [await linkedTo(db, blocks, snapshot, catalogue, items, record), await lastRun(db)];
  const history = await transaction(db, (tx) =>
    paidHistory(tx, { subjectIds: [subject.subjectId], ...(run === null ? {} : { cut: run.ledgerCut }) }),
  );
  const paid = new Map([[subject.subjectId, paidRowsOf(history, veilOf(db))]]);
  const context = { catalogue, link: (register: string, key: string) => linked.get(`${register}\n${key}`) };
  const { id, knownAt } = snapshot.snapshot;
  const closed = new Map<string, readonly ClosedTable[]>();
  for (const one of items) {
    const tables = await tablesOf(db, one, duePeriod(one.item, knownAt)?.key ?? '', subject.subjectId);
    if (tables.length > 0) closed.set(one.item.id, tables);
  }
  const longer = await longerLimits(db, snapshot, catalogue, items, subject.subjectId);
  const tell = (compiled: CompiledItem, near: boolean): readonly Told[] => {
    const due = duePeriod(compiled.item, knownAt);
    if (due === null) return [];
    const sealedAs = longer.get(compiled.item.id)?.sealedAs;
    const reading = { ...context, purpose: compiled.item, ...(sealedAs === undefined ? {} : { sealedAs }) };
    const at = (period: DecisionPeriod): Told => {
      const own = paidBesides({ paid }, subject.subjectId, compiled.item.id, period);
      const plain = withClosed(
        recordSource(record, { ...reading, paid: own }),
        closed.get(compiled.item.id) ?? [],
        subject.subjectId,
        knownAt,
      );
      const source = near ? readingOnce(plain) : plain;
      const decision = decide(compiled, source, period);
      return { period, decision, near: near ? nearMisses({ compiled, catalogue, source, period, decision, months: nearMonths }) : [] };
    };
    if (compiled.event === null) return [at(due)];
    return periodsIn(due, eventPeriods(compiled, recordSource(record, reading), due.knownAt).periods, []).map(at);
  };
  const limits = [...longer].map(([itemId, { columns }]) => [itemId, columns]);
  const others = [...linked].map(([key, { subjectId }]) => [key, subjectId]);
  return {
    name: nameOf([subject.register, subject.subjectId, id, run?.ledgerCut ?? null, history, [...closed], limits, others]),
    tell: async ({ near = false } = {}) => {
      const told = new Map<string, readonly Told[]>();
      for (const compiled of items) {
        told.set(compiled.item.id, tell(compiled, near));
        // A search for near misses takes some milliseconds an item: whoever asks meanwhile is answered in between.
        if (near) await setImmediate();
      }
      return told;
    },
  };
};

/** Item id → what a run would decide now, one per event of a per-event item; nothing due, or no event: none. Null as of `groundOf`. */
export const whyAll = async (...of: Parameters<typeof groundOf>): Promise<ReadonlyMap<string, readonly Told[]> | null> =>
  (await (await groundOf(...of))?.tell()) ?? null;
