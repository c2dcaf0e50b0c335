// Several variants of an item side by side over one sealed snapshot: the draft, the version in force, the draft next month, a swept threshold. Each is
// decided by the run's own machinery (`match/examine.ts`), block by block, in transactions that may only read.
import { fail } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { nowhere } from '../db/failpoint.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { type Batch, type ChunkJob, decideAt, type Found, openBatch, type RowResult } from '../match/batch.ts';
import { countTables } from '../match/closing.ts';
import type { Frozen } from '../match/closing-store.ts';
import { countResult, countsOf, examineChunk, openTally, type Tally } from '../match/examine.ts';
import { type Frame, openFrame } from '../match/frame.ts';
import type { CompiledItem } from '../policy/compile.ts';
import type { MatchKind } from '../policy/item.ts';
import { secondOpinion } from '../policy/second.ts';
import { leavesBlocking } from '../rule/blocking.ts';
import type { Decision, DecisionPeriod, Missing, Verdict } from '../rule/facts.ts';
import { emptyBitmap } from '../snapshot/bitmap.ts';
import type { OpenBlock, OpenSnapshot } from '../snapshot/open.ts';

export interface Variant {
  readonly name: string;
  readonly compiled: CompiledItem;
  readonly hash: string;
  readonly period: DecisionPeriod;
}

export type Worth =
  | { readonly state: 'known'; readonly fen: bigint }
  | { readonly state: 'bounded'; readonly fromFen: bigint; readonly toFen: bigint }
  | { readonly state: 'unknown' };

/** One decision that would be a match: of the subject, or of one of its events. */
export interface Award {
  readonly periodKey: string;
  readonly verdict: Verdict;
  readonly worth: Worth | null;
  /** What a run would write; null: nothing, it stands so already. */
  readonly kind: MatchKind | null;
  /** How it stands now by the last run. */
  readonly standing: { readonly id: string; readonly periodKey: string; readonly verdict: Verdict } | null;
  readonly missing: readonly Missing[];
  /** 兑现方式, where the item's depends on conditions; `open`: taken for want of data. */
  readonly mode: { readonly mode: string; readonly open: boolean } | null;
}

export interface Outcome {
  readonly row: number;
  readonly verdict: Verdict;
  readonly awards: readonly Award[];
  /** Pointers of the conditions that keep it from being eligible; empty when it is. */
  readonly blocked: readonly string[];
}

/** What one block gave for one variant; rows that are absent were ruled out. */
export interface BlockView {
  readonly variant: Variant;
  readonly outcomes: ReadonlyMap<number, Outcome>;
  readonly tally: Tally;
  readonly counts: ReturnType<typeof countsOf>;
  /** Decides a row that was ruled out, to learn which conditions did it. */
  why(rows: readonly number[]): Promise<ReadonlyMap<number, Outcome>>;
  /** The job and a batch of rows with what was paid to them, for whoever asks further questions. */
  readonly job: ChunkJob;
  batch(rows: readonly number[]): Promise<Batch>;
}

export interface Survey {
  readonly snapshot: OpenSnapshot;
  readonly catalogue: Catalogue;
  readonly variants: readonly Variant[];
  readonly ledgerCut: bigint;
  /** Facts beyond those the variants read, for counting by size and age. */
  readonly also: readonly { readonly register: string; readonly fact: string }[];
  readonly watch?: Watch | undefined;
}

/** Somebody waits: told how far it is (0 to 1, never less than before), and listened to when they no longer do. */
export interface Watch {
  readonly at?: (share: number) => void;
  readonly signal?: AbortSignal | undefined;
}

const noRun = '00000000-0000-0000-0000-000000000000';

/** Calls `visit` once per block with every variant's view of it. All variants are of one register. */
export const surveyItems = async (
  db: Db,
  survey: Survey,
  visit: (block: OpenBlock, views: readonly BlockView[], tx: Tx) => Promise<void>,
): Promise<void> => {
  const { snapshot, catalogue, variants, also } = survey;
  const compiled = variants.map((v) => v.compiled);
  const [first] = compiled;
  if (first === undefined) return;
  const frame = openFrame(db, snapshot, catalogue, compiled, { records: false, also });
  for (const c of compiled) await frame.prepareLinks(c);
  const closed = new Map<Variant, readonly Frozen[]>();
  for (const v of variants)
    closed.set(v, await countTables(db, { compiled: v.compiled, period: v.period, frame, ledgerCut: survey.ledgerCut }));
  const blocks = snapshot.blocks(first.register);
  for (const [n, number] of blocks.entries()) {
    await frame.block(first.register, number);
    const inOneView = { isolationLevel: 'repeatable read', accessMode: 'read only' } as const;
    await transaction(
      db,
      async (tx) => {
        const views: BlockView[] = [];
        for (const [v, variant] of variants.entries()) {
          const far = (share: number) => watched(survey.watch, (n + (v + share) / variants.length) / blocks.length);
          views.push(await viewOf(tx, jobOf(survey, frame, variant, number, closed.get(variant) ?? []), far));
        }
        const { block } = await frame.block(first.register, number);
        await visit(block, views, tx);
      },
      inOneView,
    );
  }
};

/** Throws `state.superseded` where nobody waits any more. */
const watched = (watch: Watch | undefined, share: number): void => {
  if (watch?.signal?.aborted === true) fail('state.superseded', '', '已经停下，这一次不再算下去。', '要结果的，再算一次。');
  watch?.at?.(share);
};

const jobOf = (
  survey: Survey,
  frame: Frame,
  variant: Variant,
  block: number,
  closed: readonly Frozen[],
): ChunkJob & { readonly variant: Variant } => ({
  key: {
    runId: noRun,
    itemId: variant.compiled.item.id,
    version: 0,
    periodKey: variant.period.key,
    register: variant.compiled.register,
    block,
  },
  compiled: variant.compiled,
  itemHash: variant.hash,
  period: variant.period,
  frame,
  ledgerCut: survey.ledgerCut,
  closed,
  at: new Date(0),
  opinion: secondOpinion,
  failpoint: nowhere,
  variant,
});

const viewOf = async (tx: Tx, job: ChunkJob & { readonly variant: Variant }, far: (share: number) => void): Promise<BlockView> => {
  const outcomes = new Map<number, Outcome>();
  const { block: opened } = await job.frame.block(job.key.register, job.key.block);
  const tally = openTally(opened.rows);
  await examineChunk(tx, job, async (_block, _batch, results) => {
    for (const result of results) {
      countResult(tally, result);
      outcomes.set(result.row, outcomeOf(result));
    }
    far(((results.at(-1)?.row ?? 0) + 1) / opened.rows);
  });
  far(1);
  const batch = (rows: readonly number[]): Promise<Batch> => openBatch(tx, job, opened, rows, emptyBitmap(opened.rows));
  const why = async (rows: readonly number[]): Promise<ReadonlyMap<number, Outcome>> => {
    if (job.compiled.event !== null)
      return new Map(rows.map((row) => [row, { row, verdict: 'ineligible', awards: [], blocked: ['/event'] }]));
    const b = await batch(rows);
    return new Map(
      b.rows.map((at) => {
        const decision = decideAt(job, opened, b, at, job.period);
        return [at.row, { row: at.row, verdict: decision.verdict, awards: [], blocked: blockedIn([decision]) }];
      }),
    );
  };
  return { variant: job.variant, outcomes, tally, counts: countsOf(tally, opened), why, job, batch };
};

const outcomeOf = (result: RowResult): Outcome => ({
  row: result.row,
  verdict: result.verdict,
  awards: result.found.map(awardOf),
  blocked: result.verdict === 'eligible' ? [] : result.found.length === 0 ? ['/event'] : blockedIn(result.found.map((f) => f.decision)),
});

const awardOf = ({ period, decision, kind, standing }: Found): Award => ({
  periodKey: period.key,
  verdict: decision.verdict,
  worth: decision.verdict === 'eligible' ? worthOf(decision) : null,
  kind,
  standing: standing === null ? null : { id: standing.id, periodKey: standing.periodKey, verdict: standing.verdict },
  missing: decision.verdict === 'eligible' && decision.amountFen === null ? decision.missing : [],
  mode: decision.mode === undefined ? null : { mode: decision.mode.mode, open: decision.mode.missing.length > 0 },
});

/** The sum of a decision's lines, as far as it is known. */
export const worthOf = (decision: Pick<Decision, 'lines' | 'amountFen'>): Worth => {
  if (decision.amountFen !== null) return { state: 'known', fen: decision.amountFen };
  let [fromFen, toFen] = [0n, 0n];
  for (const { verdict, award } of decision.lines) {
    if (verdict !== 'eligible' || award === null) continue;
    if (award.state === 'unknown') return { state: 'unknown' };
    fromFen += award.state === 'known' ? award.amountFen : award.fromFen;
    toFen += award.state === 'known' ? award.amountFen : award.toFen;
  }
  return { state: 'bounded', fromFen, toFen };
};

/** Where the conditions are met and still nobody is eligible, no element of the list is meant. */
const blockedIn = (decisions: readonly Decision[]): readonly string[] => [
  ...new Set(
    decisions.flatMap((d) => {
      if (d.verdict === 'eligible') return [];
      const leaves = leavesBlocking(d.trace);
      return leaves.length > 0 ? leaves : ['/each'];
    }),
  ),
];
