// One chunk of a run: an item, a period, a block. What `examine.ts` finds is checked by the second opinion before anything is written, and written as
// differences. Runs inside the chunk's transaction, in batches of rows.
import type { Tx } from '../db/handle.ts';
import type { MatchKind } from '../policy/item.ts';
import type { Extension } from '../readiness/late.ts';
import { andNotInto, bitmapToBytes, blockRows, countBits, emptyBitmap, setBit } from '../snapshot/bitmap.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import type { Batch, ChunkJob, Found, RowResult } from './batch.ts';
import { carry, stateOf } from './carry.ts';
import { countResult, countsOf, examineChunk, lackingOf, openTally } from './examine.ts';
import { type Evidence, evidenceOf } from './match.ts';
import { checkRuledOut, checkWritten } from './opinion-check.ts';
import { addUndetermined, type ChunkCounts, insertMatches, type MatchDraft, readSequences, writeBlockResult } from './run-store.ts';

export type Written = Partial<Record<MatchKind, number>>;

/** Decides and writes the chunk; the caller holds the lease and finishes the work in the same transaction. Throws OpinionsDiffer. */
export const decideChunk = async (tx: Tx, job: ChunkJob): Promise<ChunkCounts> => {
  const { key } = job;
  const carried = job.afresh ? null : await carry(tx, job);
  const tally = carried?.tally ?? openTally(blockRows);
  const written: Written = {};
  const again = emptyBitmap(blockRows);
  const visit = async (block: OpenBlock, batch: Batch, results: readonly RowResult[]): Promise<void> => {
    await checkWritten(job, block, batch, results);
    await writeFound(tx, job, batch, results, written);
    for (const result of results) {
      countResult(tally, result);
      if (result.found.some((f) => endedAsFrozen(job, f))) setBit(again, result.row);
    }
  };
  const { block, ruledOut, candidates } = await examineChunk(tx, job, visit, carried?.due);
  await checkRuledOut(job, block, ruledOut);
  andNotInto(candidates, again);
  await writeBlockResult(tx, key, {
    eligible: bitmapToBytes(tally.eligible),
    undetermined: bitmapToBytes(tally.undetermined),
    state: stateOf(job, tally, { candidates, again, rows: countBits(block.present) === block.rows ? block.rows : -1 }),
  });
  await addUndetermined(tx, key, lackingOf(tally));
  await job.failpoint('match.after-results');
  return { ...countsOf(tally, block), written };
};

/** Whoever no longer stands in a `once` item is looked at by the period as it is now: that is for the next run to do. */
export const endedAsFrozen = (job: ChunkJob, { period, decision }: Found): boolean =>
  job.period.kind === 'once' && period.end !== job.period.end && decision.verdict === 'ineligible';

/** The frozen tables by name and hash, with the subject's own row (null: outside the population). */
const closingOf = (closed: ChunkJob['closed'], subjectId: string): Evidence['closing'] =>
  closed.map(({ id, hash, table }) => ({ fact: table.fact, id, hash, row: table.rows.get(subjectId) ?? null }));

/** What else a decision rested on: frozen tables, and a longer freshness limit. */
const restedOn = (job: ChunkJob, batch: Batch, f: Found) => ({
  closing: closingOf(job.closed, f.subject.subjectId),
  extensions: carried(job, batch, f),
});

/** Writes what differs from how the subjects stood, with the evidence; `written` counts it by kind. */
export const writeFound = async (tx: Tx, job: ChunkJob, batch: Batch, results: readonly RowResult[], written: Written): Promise<void> => {
  const writing = results.flatMap((r) => r.found).filter((f) => f.kind !== null);
  if (writing.length === 0) return;
  const wanted = writing.map((f) => ({ subjectId: f.subject.subjectId, periodKey: f.period.key }));
  const sequences = await readSequences(tx, job.key, wanted);
  const context = {
    snapshot: job.frame.snapshot.snapshot.id,
    itemHash: job.itemHash,
    catalogueHash: job.frame.catalogue.hash,
    ledgerCut: job.ledgerCut,
    order: job.compiled.order,
  };
  const drafts = writing.map((f): MatchDraft => {
    const kind = f.kind as MatchKind;
    written[kind] = (written[kind] ?? 0) + 1;
    return {
      subjectId: f.subject.subjectId,
      division: f.subject.division,
      periodKey: f.period.key,
      sequence: (sequences.get(`${f.subject.subjectId}\n${f.period.key}`) ?? 0) + 1,
      kind,
      verdict: f.decision.verdict,
      amountFen: f.decision.verdict === 'eligible' ? f.decision.amountFen : null,
      lines: f.decision.lines,
      evidence: evidenceOf(f.decision, f.period, { ...context, ...restedOn(job, batch, f) }, f.digest),
      previousId: f.standing?.id ?? null,
    };
  });
  await job.failpoint('match.before-matches');
  await insertMatches(tx, job.key, drafts, job.at);
  await job.failpoint('match.after-matches');
};

/** Extensions this decision rests on. */
const carried = ({ longer }: ChunkJob, batch: Batch, f: Found): readonly Extension[] =>
  batch.continuing.has(f.subject.subjectId) ? (longer?.carried(f.decision) ?? []) : [];
