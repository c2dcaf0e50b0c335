// What stood before the first run: an accepted list becomes matches of the period before, so that the first run finds its people continuing, changed,
// suspended or ended, and nothing of that period is settled, paid or told.
import type { Tx } from '../db/handle.ts';
import type { DecisionLine, DecisionPeriod } from '../rule/facts.ts';
import { type Bitmap, bitmapToBytes, blockRows, emptyBitmap, setBit } from '../snapshot/bitmap.ts';
import { blockOf, rowOf } from '../snapshot/block.ts';
import { digestOf, type Evidence, evaluator, type StoredLine } from './match.ts';
import { endRun, insertRun, insertRunItems } from './plan-store.ts';
import { type ChunkKey, insertMatches, type MatchDraft, writeBlockResult } from './run-store.ts';

export interface Opened {
  readonly subjectId: string;
  readonly ordinal: number;
  readonly division: string | null;
  readonly amountFen: bigint;
  /** Line in the list. */
  readonly line: number;
  /** What a run would write for the same amount; null: it would say something else. */
  readonly decided: { readonly digest: string; readonly lines: readonly StoredLine[] } | null;
}

export interface OpeningRun {
  readonly itemId: string;
  readonly version: number;
  readonly itemHash: string;
  readonly catalogueHash: string;
  readonly register: string;
  /** The period before the first that is decided; of `once` items, `once` itself. */
  readonly period: DecisionPeriod;
  readonly snapshotId: string;
  readonly ledgerCut: bigint;
  readonly comparisonId: string;
  readonly at: Date;
}

/** Writes them and returns the run's id. */
export const writeOpening = async (tx: Tx, run: OpeningRun, people: readonly Opened[]): Promise<string> => {
  const { itemId, version, period, snapshotId, ledgerCut, register, at } = run;
  const runId = await insertRun(tx, { snapshotId, knownAt: period.knownAt, ledgerCut }, at);
  await insertRunItems(tx, runId, [{ itemId, version, period }]);
  for (const [block, own] of [...Map.groupBy(people, (one) => blockOf(one.ordinal))].sort(([a], [b]) => a - b)) {
    const key: ChunkKey = { runId, itemId, version, periodKey: period.key, register, block };
    const eligible: Bitmap = emptyBitmap(blockRows);
    for (const one of own) setBit(eligible, rowOf(one.ordinal));
    for (let from = 0; from < own.length; from += 1_000)
      await insertMatches(
        tx,
        key,
        own.slice(from, from + 1_000).map((one) => draftOf(one, run)),
        at,
      );
    await writeBlockResult(tx, key, { eligible: bitmapToBytes(eligible), undetermined: new Uint8Array(), state: null });
  }
  await endRun(tx, runId, 'opening', at);
  return runId;
};

/** One line over the listed amount: with it a run that finds another amount, or several lines, says `changed`. */
const listedLine = (amountFen: bigint): DecisionLine => ({
  key: null,
  verdict: 'eligible',
  award: { state: 'known', amountFen, steps: [{ text: '上线前名单所列金额', kind: 'base', yuan: yuanOf(amountFen) }] },
  claims: [],
  missing: [],
});

const yuanOf = (fen: bigint): string => `${fen / 100n}.${String(fen % 100n).padStart(2, '0')}`;

const draftOf = (one: Opened, run: OpeningRun): MatchDraft => {
  const listed = [listedLine(one.amountFen)];
  // It has neither key nor claim: there is nothing to veil.
  const { digest, lines } = one.decided ?? { digest: digestOf({ verdict: 'eligible', lines: listed }, (key) => key), lines: listed };
  const evidence: Evidence = {
    period: run.period,
    snapshot: run.snapshotId,
    itemHash: run.itemHash,
    catalogueHash: run.catalogueHash,
    evaluator,
    ledgerCut: String(run.ledgerCut),
    read: [],
    trace: { k: 'all', t: true, at: '/conditions', c: [] },
    missing: [],
    digest,
    opening: { comparison: run.comparisonId, line: one.line },
  };
  return {
    subjectId: one.subjectId,
    division: one.division,
    periodKey: run.period.key,
    sequence: 1,
    kind: 'first',
    verdict: 'eligible',
    amountFen: one.amountFen,
    lines,
    evidence,
    previousId: null,
  };
};
