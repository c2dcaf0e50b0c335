// What the parts of a chunk share: the job, a batch of rows with what was paid to them, and what deciding a row gives.

import { requirePurpose } from '../catalogue/purpose.ts';
import type { Failpoint } from '../db/failpoint.ts';
import type { Tx } from '../db/handle.ts';
import type { HistoryRow } from '../ledger/ledger.ts';
import { paidHistory } from '../ledger/store.ts';
import { withClosed } from '../policy/closed.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { decide } from '../policy/decide.ts';
import type { MatchKind } from '../policy/item.ts';
import { factOf, withinTree } from '../record/lookup.ts';
import type { PaidRow } from '../record/source.ts';
import type { Decision, DecisionPeriod, FactSource, Missing, Verdict } from '../rule/facts.ts';
import { type Bitmap, hasBit } from '../snapshot/bitmap.ts';
import type { KernelItem } from '../snapshot/kernel.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import type { SealedSubject } from '../snapshot/subjects.ts';
import type { Frozen } from './closing-store.ts';
import type { Frame } from './frame.ts';
import type { Longer } from './longer.ts';
import type { Standing, Veil } from './match.ts';
import type { AskSecond } from './opinion.ts';
import { type ChunkKey, readContinuing } from './run-store.ts';
import { veilOf } from './sealed.ts';
import { columnSource } from './source.ts';

const nobody: ReadonlySet<string> = new Set();

export interface ChunkJob {
  readonly key: ChunkKey;
  readonly compiled: CompiledItem;
  readonly itemHash: string;
  readonly period: DecisionPeriod;
  /** A longer freshness limit decided for those who were paid before; absent: none. */
  readonly longer?: Longer;
  readonly frame: Frame;
  readonly ledgerCut: bigint;
  /** The item's ranks and pools as this run reads them. */
  readonly closed: readonly Frozen[];
  /** Everybody is decided, whatever the last result still says. */
  readonly afresh?: boolean;
  readonly at: Date;
  readonly opinion: AskSecond;
  readonly failpoint: Failpoint;
}

/** One decision of a chunk, with how the subject stood and what is written for it (null: nothing). */
export interface Found {
  readonly row: number;
  readonly subject: SealedSubject;
  readonly period: DecisionPeriod;
  readonly decision: Decision;
  readonly digest: string;
  readonly standing: Standing | null;
  readonly kind: MatchKind | null;
}

/** A batch of rows as every way of deciding needs it. */
export interface Batch {
  readonly rows: readonly { readonly row: number; readonly subject: SealedSubject }[];
  readonly paid: ReadonlyMap<string, readonly PaidRow[]>;
  /** Rows that stood as eligible or suspended. */
  readonly stood: Bitmap;
  /** Who was eligible in the item's previous period, where a longer limit asks; else nobody. */
  readonly continuing: ReadonlySet<string>;
}

/** What is known of one row after deciding: `found` holds one decision, or one per event. */
export interface RowResult {
  readonly row: number;
  readonly verdict: Verdict;
  readonly missing: readonly Missing[];
  readonly found: readonly Found[];
}

/** Of each item the periods asked last: what its conditions ask of columns is then worked out once for all blocks of a run, and for events once. */
const mostPeriods = 4;
const kernelItems = new WeakMap<CompiledItem, Map<string, { readonly catalogue: Frame['catalogue']; readonly item: KernelItem }>>();

export const kernelItem = (compiled: CompiledItem, period: DecisionPeriod, { catalogue }: Pick<Frame, 'catalogue'>): KernelItem => {
  const own = kernelItems.get(compiled) ?? new Map<string, { readonly catalogue: Frame['catalogue']; readonly item: KernelItem }>();
  kernelItems.set(compiled, own);
  const name = [period.kind, period.key, period.start, period.end, period.knownAt].join(' ');
  const known = own.get(name);
  if (known?.catalogue === catalogue) return known.item;
  const item = kernelItemIn(compiled, period, catalogue);
  own.delete(name);
  own.set(name, { catalogue, item });
  if (own.size > mostPeriods) own.delete(own.keys().next().value as string);
  return item;
};

const kernelItemIn = (compiled: CompiledItem, period: DecisionPeriod, catalogue: Frame['catalogue']): KernelItem => ({
  conditions: compiled.match,
  period,
  deathFact: compiled.plan.deathFact,
  computed: compiled.plan.itemFacts,
  fact: (name) => {
    const fact = compiled.plan.find(name)?.kind === 'fact' ? (factOf(catalogue, compiled.register, name) ?? null) : null;
    if (fact !== null) requirePurpose(fact, compiled.item);
    return fact;
  },
  within: (tree, code, ancestor, day) => withinTree(catalogue, tree, code, ancestor, day),
});

export const openBatch = async (
  tx: Tx,
  job: Pick<ChunkJob, 'compiled' | 'ledgerCut' | 'longer'> & { readonly key: Pick<ChunkKey, 'itemId' | 'periodKey'> },
  block: OpenBlock,
  rows: readonly number[],
  stood: Bitmap,
): Promise<Batch> => {
  const placed = rows.flatMap((row) => {
    const subject = block.subjects.at(row);
    return subject === null ? [] : [{ row, subject }];
  });
  const ids = placed.map((p) => p.subject.subjectId);
  const history = readsLedger(job.compiled) ? await paidHistory(tx, { subjectIds: ids, cut: job.ledgerCut }) : [];
  const paid = Map.groupBy(history, (h) => h.subjectId);
  const veil = veilOf(tx);
  const { longer } = job;
  const standing = placed.filter((p) => hasBit(stood, p.row)).map((p) => p.subject.subjectId);
  const continuing = longer === undefined ? nobody : await readContinuing(tx, job.key, standing);
  return { rows: placed, stood, continuing, paid: new Map(ids.map((id) => [id, paidRowsOf(paid.get(id) ?? [], veil)])) };
};

/**
 * The ledger's history of one subject as a decision reads it. A payment is told apart by its line's object, which the ledger knows veiled, without one by
 * its period: an event's own key.
 */
export const paidRowsOf = (history: readonly HistoryRow[], veil: Veil): readonly PaidRow[] =>
  history.map((h) => ({
    item: h.itemId,
    period: h.periodKey,
    year: String(h.year),
    amountFen: h.amountFen,
    isFor: (key) => (h.objectKey === '' ? key === h.periodKey : veil(key) === h.objectKey),
  }));

/**
 * Whether any expression of the item may ask what was paid, however it is spaced or bracketed; asking in vain costs a query for every batch of rows, and
 * `repaidDate` asks nothing. What JSON writes with a backslash (a line's end) is none of the word.
 */
export const readsLedger = (compiled: CompiledItem): boolean => {
  let reads = itemsThatAsk.get(compiled);
  if (reads === undefined) {
    reads = /\bpaid\b/.test(JSON.stringify(compiled.item).replace(/\\(u[0-9a-f]{4}|.)/g, ' '));
    itemsThatAsk.set(compiled, reads);
  }
  return reads;
};
const itemsThatAsk = new WeakMap<CompiledItem, boolean>();

/** The match itself is left out: it must not end because it was paid (DESIGN 7). */
export const paidBesides = (batch: Pick<Batch, 'paid'>, subjectId: string, itemId: string, period: DecisionPeriod): readonly PaidRow[] =>
  (batch.paid.get(subjectId) ?? []).filter((p) => p.item !== itemId || p.period !== period.key);

/** The source with the ranks and pools this subject was given. */
export const closedFor = (job: Pick<ChunkJob, 'closed' | 'period'>, source: FactSource, subjectId: string): FactSource =>
  withClosed(
    source,
    job.closed.map((f) => f.table),
    subjectId,
    job.period.knownAt,
  );

/** First-time recipients are read as ever: an extension carries only whom the item paid before. */
export const sealedFor = (
  job: Pick<ChunkJob, 'longer'>,
  batch: Pick<Batch, 'continuing'>,
  subjectId: string,
): Longer['sealedAs'] | undefined => (batch.continuing.has(subjectId) ? job.longer?.sealedAs : undefined);

export const decideAt = (job: ChunkJob, block: OpenBlock, batch: Batch, at: Batch['rows'][number], period: DecisionPeriod): Decision => {
  const paid = paidBesides(batch, at.subject.subjectId, job.key.itemId, period);
  const sealedAs = sealedFor(job, batch, at.subject.subjectId);
  const source = columnSource(
    { block, row: at.row },
    { catalogue: job.frame.catalogue, link: job.frame.link, paid, purpose: job.compiled.item, sealedAs },
  );
  return decide(job.compiled, closedFor(job, source, at.subject.subjectId), period);
};
