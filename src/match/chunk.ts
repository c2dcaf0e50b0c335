// One chunk of a run: an item, a period, a block. The kernel says who is ruled out; everybody else is decided, held against how they stood, checked
// by the second opinion before anything is written, and written as differences. Runs inside the chunk's transaction, in batches of rows.
import type { Tx } from '../db/handle.ts';
import type { MatchKind } from '../policy/item.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import {
  andNotInto,
  type Bitmap,
  bitmapFromBytes,
  bitmapToBytes,
  countBits,
  emptyBitmap,
  hasBit,
  orInto,
  rowsOf,
  setBit,
} from '../snapshot/bitmap.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import { type Batch, type ChunkJob, decideAt, type Found, kernelItem, openBatch, type RowResult } from './batch.ts';
import { decideEvents } from './events.ts';
import { digestOf, evidenceOf, jsonText, kindOf, type Standing } from './match.ts';
import { checkRuledOut, checkWritten } from './opinion-check.ts';
import {
  addUndetermined,
  type ChunkCounts,
  insertMatches,
  type MatchDraft,
  readPrevious,
  readSequences,
  readStandings,
  scanStanding,
  writeBlockResult,
} from './run-store.ts';

/** Rows decided and written together: about a megabyte of evidence. */
const batchRows = 256;

/** Decides and writes the chunk; the caller holds the lease and finishes the work in the same transaction. Throws OpinionsDiffer. */
export const decideChunk = async (tx: Tx, job: ChunkJob): Promise<ChunkCounts> => {
  const { key, compiled, frame } = job;
  const { block, kernel } = await frame.block(key.register, key.block);
  const possible = kernel.match(kernelItem(compiled, job.period, frame)).possibly;
  const stood = await stoodBefore(tx, job, block);
  const candidates = possible.slice();
  orInto(candidates, stood);
  const rows = rowsOf(candidates);
  const tally = openTally(block);
  for (let from = 0; from < rows.length; from += batchRows) {
    const batch = await openBatch(tx, job, block, rows.slice(from, from + batchRows), stood);
    const results = compiled.event === null ? await decideRows(tx, job, block, batch) : await decideEvents(tx, job, block, batch);
    await checkWritten(job, block, batch, results);
    await writeFound(tx, job, results, tally);
    for (const result of results) count(tally, result);
  }
  const ruledOut = block.present.slice();
  andNotInto(ruledOut, candidates);
  await checkRuledOut(job, block, ruledOut);
  await writeBlockResult(tx, key, bitmapToBytes(tally.eligible), bitmapToBytes(tally.undetermined));
  await addUndetermined(tx, key, [...tally.missing.values()]);
  await job.failpoint('match.after-results');
  const [eligible, undetermined] = [countBits(tally.eligible), countBits(tally.undetermined)];
  return {
    eligible,
    undetermined,
    ineligible: countBits(block.present) - eligible - undetermined,
    amountFen: tally.amountFen,
    written: tally.written,
  };
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

const decideRows = async (tx: Tx, job: ChunkJob, block: OpenBlock, batch: Batch): Promise<readonly RowResult[]> => {
  const { key, period } = job;
  const idsOf = (rows: Batch['rows']): readonly string[] => rows.map((r) => r.subject.subjectId);
  const standings = new Map(await readStandings(tx, key, idsOf(batch.rows.filter((r) => hasBit(batch.stood, r.row)))));
  const decided = batch.rows.map((at) => {
    const own = frozen(period, standings.get(at.subject.subjectId));
    return { at, period: own, decision: decideAt(job, block, batch, at, own) };
  });
  // Whoever is eligible without having stood may still have a match that ended.
  const fresh = decided.filter((d) => d.decision.verdict === 'eligible' && !hasBit(batch.stood, d.at.row)).map((d) => d.at);
  for (const [id, standing] of await readStandings(tx, key, idsOf(fresh))) standings.set(id, standing);
  return decided.map(({ at, period: own, decision }): RowResult => {
    const standing = standings.get(at.subject.subjectId) ?? null;
    const digest = digestOf(decision);
    const kind = kindOf(standing, key.periodKey, { verdict: decision.verdict, digest });
    const found: Found = { ...at, period: own, decision, digest, standing, kind };
    return { row: at.row, verdict: decision.verdict, missing: decision.missing, found: [found] };
  });
};

const writeFound = async (tx: Tx, job: ChunkJob, results: readonly RowResult[], tally: Tally): Promise<void> => {
  const writing = results.flatMap((r) => r.found).filter((f) => f.kind !== null);
  if (writing.length === 0) return;
  const wanted = writing.map((f) => ({ subjectId: f.subject.subjectId, periodKey: f.period.key }));
  const sequences = await readSequences(tx, job.key, wanted);
  const context = {
    snapshot: job.frame.snapshot.snapshot.id,
    itemHash: job.itemHash,
    catalogueHash: job.frame.catalogue.hash,
    ledgerCut: job.ledgerCut,
  };
  const drafts = writing.map((f): MatchDraft => {
    const kind = f.kind as MatchKind;
    tally.written[kind] = (tally.written[kind] ?? 0) + 1;
    return {
      subjectId: f.subject.subjectId,
      division: f.subject.division,
      periodKey: f.period.key,
      sequence: (sequences.get(`${f.subject.subjectId}\n${f.period.key}`) ?? 0) + 1,
      kind,
      verdict: f.decision.verdict,
      amountFen: f.decision.verdict === 'eligible' ? f.decision.amountFen : null,
      lines: jsonText(f.decision.lines),
      evidence: jsonText(evidenceOf(f.decision, f.period, context, f.digest)),
      previousId: f.standing?.id ?? null,
    };
  });
  await job.failpoint('match.before-matches');
  await insertMatches(tx, job.key, drafts, job.at);
  await job.failpoint('match.after-matches');
};

interface Tally {
  readonly eligible: Bitmap;
  readonly undetermined: Bitmap;
  amountFen: bigint;
  readonly written: Partial<Record<MatchKind, number>>;
  readonly missing: Map<string, { readonly fact: string; readonly dataset: string; readonly reason: string; subjects: number }>;
}

const openTally = (block: OpenBlock): Tally => ({
  eligible: emptyBitmap(block.rows),
  undetermined: emptyBitmap(block.rows),
  amountFen: 0n,
  written: {},
  missing: new Map(),
});

const count = (tally: Tally, result: RowResult): void => {
  for (const { decision } of result.found) if (decision.verdict === 'eligible') tally.amountFen += decision.amountFen ?? 0n;
  if (result.verdict === 'eligible') setBit(tally.eligible, result.row);
  if (result.verdict !== 'undetermined') return;
  setBit(tally.undetermined, result.row);
  const seen = new Set<string>();
  for (const { fact, dataset, reason } of result.missing) {
    const name = `${fact}\n${dataset ?? ''}\n${reason}`;
    if (seen.has(name)) continue;
    seen.add(name);
    const entry = tally.missing.get(name) ?? { fact, dataset: dataset ?? '', reason, subjects: 0 };
    entry.subjects++;
    tally.missing.set(name, entry);
  }
};
