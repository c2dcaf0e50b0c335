// Looks at one chunk: an item, a period, a block. The kernel says who is ruled out, everybody else is decided and held against how they stood. Reads
// only, so that a run, which then writes, and a forecast, which does not, can never say different things.
import type { Tx } from '../db/handle.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import {
  andInto,
  andNotInto,
  type Bitmap,
  bitmapFromBytes,
  countBits,
  emptyBitmap,
  hasBit,
  orInto,
  rowsOf,
  setBit,
} from '../snapshot/bitmap.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import { type Batch, type ChunkJob, decideAt, type Found, openBatch, type RowResult } from './batch.ts';
import { decideEvents } from './events.ts';
import { digestOf, kindOf, type Standing } from './match.ts';
import { candidatesOf } from './rule-out.ts';
import { readPrevious, readStandings, scanStanding } from './run-store.ts';
import { veilOf } from './sealed.ts';

/** Rows decided together: about a megabyte of evidence. */
const batchRows = 256;

export interface Examined {
  readonly block: OpenBlock;
  /** Rows nobody has to decide one by one: ineligible whatever else is known of them. Where a last result was carried on, only those that changed since. */
  readonly ruledOut: Bitmap;
  /** Rows that are, or were once with the same word, decided one by one. */
  readonly candidates: Bitmap;
}

/** Which of the candidates are decided again, and which rows have changed at all. */
export type Due = (candidates: Bitmap, stood: Bitmap) => { readonly again: Bitmap; readonly changed: Bitmap };

/** Calls `visit` with every batch of decided rows, in the order of the register: all candidates, or those that are `due`. */
export const examineChunk = async (
  tx: Tx,
  job: ChunkJob,
  visit: (block: OpenBlock, batch: Batch, results: readonly RowResult[]) => Promise<void>,
  due?: Due,
): Promise<Examined> => {
  const { key, compiled, frame } = job;
  const { block, kernel } = await frame.block(key.register, key.block);
  const stood = await stoodBefore(tx, job, block);
  const candidates = candidatesOf(job, block, kernel);
  orInto(candidates, stood);
  const asked = due?.(candidates, stood);
  const rows = rowsOf(asked?.again ?? candidates);
  for (let from = 0; from < rows.length; from += batchRows) {
    const batch = await openBatch(tx, job, block, rows.slice(from, from + batchRows), stood);
    const results = compiled.event === null ? await decideRows(tx, job, block, batch) : await decideEvents(tx, job, block, batch);
    await visit(block, batch, results);
  }
  const ruledOut = block.present.slice();
  andNotInto(ruledOut, candidates);
  if (asked !== undefined) andInto(ruledOut, asked.changed);
  return { block, ruledOut, candidates };
};

const stoodBefore = async (tx: Tx, job: ChunkJob, block: OpenBlock): Promise<Bitmap> => {
  const previous = await readPrevious(tx, job.key);
  if (previous === null) return emptyBitmap(block.rows);
  const bits = bitmapFromBytes(previous.eligible, block.rows);
  orInto(bits, bitmapFromBytes(previous.undetermined, block.rows));
  if (!previous.void) return bits;
  // What a stopped run found was never written down as standing: ask the matches themselves.
  const standing = new Set(await scanStanding(tx, job.key));
  for (let row = 0; row < block.rows; row++) if (standing.has(block.subjects.id(row) ?? '')) setBit(bits, row);
  return bits;
};

/** `once` stays with the period of the match that stands; who stands no longer is looked at afresh. */
const frozen = (period: DecisionPeriod, standing: Standing | undefined): DecisionPeriod =>
  period.kind === 'once' && standing !== undefined && standing.verdict !== 'ineligible' ? { ...period, end: standing.periodEnd } : period;

export const decideRows = async (tx: Tx, job: ChunkJob, block: OpenBlock, batch: Batch): Promise<readonly RowResult[]> => {
  const { key, period } = job;
  const idsOf = (rows: Batch['rows']): readonly string[] => rows.map((r) => r.subject.subjectId);
  const standings = new Map(await readStandings(tx, key, idsOf(batch.rows.filter((r) => hasBit(batch.stood, r.row)))));
  const veil = veilOf(tx);
  const decided = batch.rows.map((at) => {
    const own = frozen(period, standings.get(at.subject.subjectId));
    return { at, period: own, decision: decideAt(job, block, batch, at, own) };
  });
  // Whoever is eligible without having stood may still have a match that ended.
  const fresh = decided.filter((d) => d.decision.verdict === 'eligible' && !hasBit(batch.stood, d.at.row)).map((d) => d.at);
  for (const [id, standing] of await readStandings(tx, key, idsOf(fresh))) standings.set(id, standing);
  return decided.map(({ at, period: own, decision }): RowResult => {
    const standing = standings.get(at.subject.subjectId) ?? null;
    // Nothing can differ for whom nothing stood and who is not eligible now.
    const digest = standing === null && decision.verdict !== 'eligible' ? '' : digestOf(decision, veil);
    const kind = kindOf(standing, key.periodKey, { verdict: decision.verdict, digest });
    const found: Found = { ...at, period: own, decision, digest, standing, kind };
    return { row: at.row, verdict: decision.verdict, missing: decision.missing, found: [found] };
  });
};

/** What a chunk comes to: who is eligible and undetermined, for want of what, and the money known. */
export interface Tally {
  readonly eligible: Bitmap;
  readonly undetermined: Bitmap;
  /** 分 by row, of eligible ones. */
  readonly amounts: Map<number, bigint>;
  readonly missing: Map<string, Lacking>;
}

/** Who lacks one thing. */
export interface Lacking {
  readonly fact: string;
  readonly dataset: string;
  readonly reason: string;
  readonly rows: Bitmap;
}

export const openTally = (rows: number): Tally => ({
  eligible: emptyBitmap(rows),
  undetermined: emptyBitmap(rows),
  amounts: new Map(),
  missing: new Map(),
});

export const countResult = (tally: Tally, result: RowResult): void => {
  const due = result.found.reduce((sum, { decision }) => (decision.verdict === 'eligible' ? sum + (decision.amountFen ?? 0n) : sum), 0n);
  if (due !== 0n) tally.amounts.set(result.row, due);
  if (result.verdict === 'eligible') setBit(tally.eligible, result.row);
  if (result.verdict !== 'undetermined') return;
  setBit(tally.undetermined, result.row);
  for (const { fact, dataset, reason } of result.missing) {
    const name = `${fact}\n${dataset ?? ''}\n${reason}`;
    let entry = tally.missing.get(name);
    if (entry === undefined) {
      entry = { fact, dataset: dataset ?? '', reason, rows: emptyBitmap(tally.undetermined.length * 32) };
      tally.missing.set(name, entry);
    }
    setBit(entry.rows, result.row);
  }
};

/** How many lack what. */
export const lackingOf = (
  tally: Pick<Tally, 'missing'>,
): readonly { readonly fact: string; readonly dataset: string; readonly reason: string; readonly subjects: number }[] =>
  [...tally.missing.values()].map(({ rows, ...name }) => ({ ...name, subjects: countBits(rows) })).filter((one) => one.subjects > 0);

export const countsOf = (tally: Tally, block: OpenBlock): ReturnType<typeof countsAmong> => countsAmong(tally, countBits(block.present));

/** Of so many subjects. */
export const countsAmong = (
  tally: Tally,
  subjects: number,
): { readonly eligible: number; readonly undetermined: number; readonly ineligible: number; readonly amountFen: bigint } => {
  const [eligible, undetermined] = [countBits(tally.eligible), countBits(tally.undetermined)];
  const amountFen = [...tally.amounts.values()].reduce((sum, fen) => sum + fen, 0n);
  return { eligible, undetermined, ineligible: subjects - eligible - undetermined, amountFen };
};
