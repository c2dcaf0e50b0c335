// A shadow run: one item and period decided over a whole snapshot, as a run would decide it, and nothing written. Whoever is eligible is handed out, and
// whoever was asked for, with the decision that says why not.
import type { Catalogue } from '../catalogue/catalogue.ts';
import { nowhere } from '../db/failpoint.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { type Batch, type ChunkJob, decideAt, openBatch } from '../match/batch.ts';
import { countTables } from '../match/closing.ts';
import { examineChunk } from '../match/examine.ts';
import { openFrame } from '../match/frame.ts';
import { digestOf, type ItemVersion } from '../match/match.ts';
import { veilOf } from '../match/sealed.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { secondOpinion } from '../policy/second.ts';
import type { ResolvedRecord } from '../record/resolve.ts';
import type { Decision, DecisionPeriod } from '../rule/facts.ts';
import { type Bitmap, blockRows, emptyBitmap, hasBit } from '../snapshot/bitmap.ts';
import type { OpenBlock, OpenSnapshot } from '../snapshot/open.ts';
import type { SealedSubject } from '../snapshot/subjects.ts';

export interface Shadowed {
  readonly subject: SealedSubject;
  readonly ordinal: number;
  readonly record: ResolvedRecord | null;
  /** One; per-event one for each event, none where nothing happened. */
  readonly decisions: readonly Decision[];
  readonly digest: string;
}

export interface ShadowOptions {
  readonly snapshot: OpenSnapshot;
  readonly catalogue: Catalogue;
  readonly version: ItemVersion;
  readonly compiled: CompiledItem;
  readonly period: DecisionPeriod;
  readonly ledgerCut: bigint;
  readonly at: Date;
  /** Keys of subjects to hand out whatever their verdict. */
  readonly asked: ReadonlySet<string>;
}

/** Calls `visit` once for everybody eligible and everybody asked for, block by block. */
export const shadowRun = async (db: Db, options: ShadowOptions, visit: (one: Shadowed) => void): Promise<void> => {
  const { snapshot, catalogue, version, compiled, period, ledgerCut, at, asked } = options;
  const frame = openFrame(db, snapshot, catalogue, [compiled]);
  await frame.prepareLinks(compiled);
  const veil = veilOf(db);
  const closed = await countTables(db, { compiled, period, frame, ledgerCut });
  for (const number of snapshot.blocks(compiled.register)) {
    const { block } = await frame.block(compiled.register, number);
    const named = Array.from({ length: block.rows }, (_, row) => row).filter((row) => asked.has(block.subjects.key(row) ?? ''));
    await block.readyRecords(named);
    const key = {
      runId: '',
      itemId: version.item.id,
      version: version.version,
      periodKey: period.key,
      register: compiled.register,
      block: number,
    };
    const job: ChunkJob = {
      key,
      compiled,
      itemHash: version.hash,
      period,
      frame,
      ledgerCut,
      closed,
      at,
      opinion: secondOpinion,
      failpoint: nowhere,
    };
    const hand = (row: number, subject: SealedSubject, decisions: readonly Decision[]): void =>
      visit({
        subject,
        ordinal: number * blockRows + row,
        record: asked.has(subject.key) ? block.record(row) : null,
        decisions,
        digest: decisions.length === 1 ? digestOf(decisions[0] as Decision, veil) : '',
      });
    await transaction(db, async (tx) => {
      const seen = new Set<number>();
      const examined = await examineChunk(tx, job, async (_block, _batch, results) => {
        for (const { row, verdict, found } of results) {
          const subject = block.subjects.at(row);
          if (subject === null || !(verdict === 'eligible' || asked.has(subject.key))) continue;
          seen.add(row);
          hand(
            row,
            subject,
            found.map((f) => f.decision),
          );
        }
      });
      await ruledOutButAsked(tx, job, block, examined.ruledOut, asked, (row, subject, decision) => {
        if (!seen.has(row)) hand(row, subject, [decision]);
      });
    });
  }
};

/** The kernel knows that they are out, not why: they are decided one by one. */
const ruledOutButAsked = async (
  tx: Tx,
  job: ChunkJob,
  block: OpenBlock,
  ruledOut: Bitmap,
  asked: ReadonlySet<string>,
  hand: (row: number, subject: SealedSubject, decision: Decision) => void,
): Promise<void> => {
  const rows: number[] = [];
  for (let row = 0; row < block.rows; row++) {
    const key = hasBit(ruledOut, row) ? block.subjects.key(row) : null;
    if (key !== null && asked.has(key)) rows.push(row);
  }
  for (let from = 0; from < rows.length; from += 256) {
    const batch: Batch = await openBatch(tx, job, block, rows.slice(from, from + 256), emptyBitmap(block.rows));
    for (const at of batch.rows) hand(at.row, at.subject, decideAt(job, block, batch, at, job.period));
  }
};
