// A block in which little has changed is carried on at once, all items of it in one transaction: the last results are read, the few rows that are due are put
// together as a block of their own and decided as ever, and what the chunks come to is written in a few statements. What cannot be carried like this, or
// goes wrong, is left to be decided chunk by chunk.
import { auditAll } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { type Tx, transaction } from '../db/handle.ts';
import { claimAll, finishAll, freeShards, holdLeases, type Lease, releaseAll } from '../db/work.ts';
import { factOf } from '../record/lookup.ts';
import {
  andNotInto,
  type Bitmap,
  bitmapFromBytes,
  bitmapToBytes,
  blockRows,
  countBits,
  emptyBitmap,
  hasBit,
  orInto,
  rowsOf,
  setBit,
} from '../snapshot/bitmap.ts';
import { type Kernel, openKernel } from '../snapshot/kernel.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import { openPart } from '../snapshot/over.ts';
import type { Shape } from '../snapshot/values.ts';
import { type ChunkJob, openBatch } from './batch.ts';
import { basisOf, mayBeHeldAgainst, openState, type State, stateOf, takeOut, tallyOf } from './carry.ts';
import { type Outcome, readLastResults, stoppedItems, writeOutcomes } from './carry-store.ts';
import { endedAsFrozen, type Written, writeFound } from './chunk.ts';
import { type Lookout, openLookout, type Parts } from './due.ts';
import { decideEvents } from './events.ts';
import { countResult, countsAmong, decideRows, lackingOf, type Tally } from './examine.ts';
import { checkRuledOut, checkWritten } from './opinion-check.ts';
import { candidatesOf } from './rule-out.ts';
import { entry, mayComeAgain, step, stopsItem, type Work } from './work.ts';

/** More rows than this of one item are better decided with the block at hand. */
const mostDue = 4096;

/** Rows decided together. */
const batchRows = 256;

interface Plan {
  readonly shard: string;
  readonly job: ChunkJob;
  readonly state: State;
  readonly tally: Tally;
  /** Who stood as eligible or undetermined. */
  readonly stood: Bitmap;
  readonly due: Bitmap;
}

const lookouts = new WeakMap<Work, Lookout>();
const lookoutOf = (work: Work): Lookout => {
  const known = lookouts.get(work) ?? openLookout(work.db, work.frame);
  lookouts.set(work, known);
  return known;
};

const planOf = async (lookout: Lookout, parts: Parts, shard: string, job: ChunkJob, last: Last): Promise<Plan | null> => {
  const state = openState(last.state);
  if (state.basis !== basisOf(job) || !mayBeHeldAgainst(job, state)) return null;
  const before = { eligible: bitmapFromBytes(last.eligible, blockRows), undetermined: bitmapFromBytes(last.undetermined, blockRows) };
  const stood = before.eligible.slice();
  orInto(stood, before.undetermined);
  const due = await lookout.due(job, state, parts, stood);
  return due === null || countBits(due) > mostDue ? null : { shard, job, state, tally: tallyOf(state, before), stood, due };
};

type Last = Awaited<ReturnType<typeof readLastResults>>[number];

/** Carries on what can be of a block's chunks, by name; returns the names of those that are done. */
export const carryBlock = async (work: Work, jobs: ReadonlyMap<string, ChunkJob>): Promise<readonly string[]> => {
  const { db, options, owner, now } = work;
  const may = [...jobs].filter(([, job]) => job.afresh !== true && basisOf(job) !== null);
  const names = may.map(([name]) => name);
  const free = may.length === 0 ? new Set() : new Set(await freeShards(db, step, names, now()));
  const able = may.filter(([name]) => free.has(name));
  const [first] = able;
  if (first === undefined) return [];
  const place = { register: first[1].key.register, block: first[1].key.block };
  const last = await readLastResults(
    db,
    place,
    able.map(([, job]) => job.key),
  );
  if (last.length === 0) return [];
  const lookout = lookoutOf(work);
  const parts = await lookout.parts(place);
  const byName = new Map(last.map((one) => [`${one.itemId}\n${one.periodKey}`, one]));
  const plans: Plan[] = [];
  for (const [shard, job] of able) {
    const own = byName.get(`${job.key.itemId}\n${job.key.periodKey}`);
    const plan = own === undefined ? null : await planOf(lookout, parts, shard, job, own);
    if (plan !== null) plans.push(plan);
  }
  // Read before it was claimed: whoever had it in between has finished it, and then it is not given out.
  const leases = await claimAll(db, { step, shards: plans.map((p) => p.shard), owner, now: now(), leaseMs: options.leaseMs });
  const mine = plans.filter((p) => leases.some((lease) => lease.shard === p.shard));
  if (mine.length === 0) return [];
  await options.failpoint('match.before-chunk');
  try {
    const part = await partFor(work, parts, mine);
    await transaction(db, (tx) => carryAll(tx, work, part, mine, leases));
  } catch (error) {
    if (!stopsItem(error) && !mayComeAgain(error)) throw error;
    await releaseAll(db, leases, now());
    return [];
  }
  await options.failpoint('match.after-chunk');
  return mine.map((p) => p.shard);
};

interface Part {
  readonly block: OpenBlock;
  readonly rows: Uint32Array;
}

/** Everybody who is due in some item, with the columns all of them read. */
const partFor = async (work: Work, parts: Parts, plans: readonly Plan[]): Promise<Part> => {
  const { frame } = work;
  const all = emptyBitmap(blockRows);
  for (const { due } of plans) orInto(all, due);
  const rows = Uint32Array.from(rowsOf(all));
  if (rows.some((row) => !parts.over.places.has(row)))
    await parts.base.need(plans.flatMap(({ job }) => job.compiled.reads.filter((r) => r.link === null).map((r) => r.fact)));
  for (const { job, due } of plans) if (countBits(due) > 0) await frame.prepareLinks(job.compiled);
  const shape = (fact: string): Shape | undefined => factOf(frame.catalogue, parts.register, fact);
  return { block: await openPart({ ...parts, shape }, rows, parts), rows };
};

const carryAll = async (tx: Tx, work: Work, part: Part, plans: readonly Plan[], leases: readonly Lease[]): Promise<void> => {
  const { options, runId } = work;
  await holdLeases(tx, leases);
  const stopped = await stoppedItems(tx, runId);
  const kernel = openKernel(part.block);
  try {
    const outcomes: Outcome[] = [];
    for (const plan of plans)
      if (stopped !== null && !stopped.has(plan.job.key.itemId)) outcomes.push(await carryOn(tx, plan, part, kernel));
    if (outcomes.length > 0) {
      if (!(await writeOutcomes(tx, runId, outcomes)))
        fail('state.stopped', runId, '有事项在本批次中已停止。', '不需要处理，其余事项继续。');
      await auditAll(
        tx,
        outcomes.map(({ key, counts }) =>
          entry(options, 'run.chunk', runId, { item: key.itemId, period: key.periodKey, block: key.block, ...counts }),
        ),
      );
    }
  } finally {
    kernel.close();
  }
  await options.failpoint('match.after-results');
  await finishAll(tx, leases, work.now());
  await options.failpoint('match.before-commit');
};

/** What `decideChunk` does, over the rows that are due alone. */
const carryOn = async (tx: Tx, plan: Plan, part: Part, kernel: Kernel): Promise<Outcome> => {
  const { job, state, tally } = plan;
  const { block } = part;
  const [due, stood] = [among(part.rows, plan.due), among(part.rows, plan.stood)];
  const possible = candidatesOf(job, block, kernel);
  const candidates = possible.slice();
  orInto(candidates, stood);
  const [asked, again] = [rowsOf(due).filter((row) => hasBit(candidates, row)), emptyBitmap(blockRows)];
  for (const row of asked) takeOut(tally, part.rows[row] as number);
  const written: Written = {};
  for (let from = 0; from < asked.length; from += batchRows) {
    const batch = await openBatch(tx, job, block, asked.slice(from, from + batchRows), stood);
    const results = job.compiled.event === null ? await decideRows(tx, job, block, batch) : await decideEvents(tx, job, block, batch);
    await checkWritten(job, block, batch, results);
    await writeFound(tx, job, batch, results, written);
    for (const result of results) {
      const row = part.rows[result.row] as number;
      countResult(tally, { ...result, row });
      if (result.found.some((f) => endedAsFrozen(job, f))) setBit(again, row);
    }
  }
  const ruledOut = due.slice();
  andNotInto(ruledOut, candidates);
  await checkRuledOut(job, block, ruledOut);
  const kept = bitmapFromBytes(state.candidates, blockRows);
  andNotInto(kept, plan.due);
  for (const row of asked) {
    const at = part.rows[row] as number;
    if (hasBit(possible, row) || hasBit(tally.eligible, at) || hasBit(tally.undetermined, at)) setBit(kept, at);
  }
  andNotInto(kept, again);
  const end = (part.rows[part.rows.length - 1] ?? -1) + 1;
  const rows = Math.max(state.rows, end);
  return {
    key: job.key,
    eligible: bitmapToBytes(tally.eligible),
    undetermined: bitmapToBytes(tally.undetermined),
    state: stateOf(job, tally, { candidates: kept, again, rows }),
    lacking: lackingOf(tally),
    counts: { ...countsAmong(tally, rows), written },
  };
};

/** Of the rows those in the set, by their place among them. */
const among = (rows: Uint32Array, set: Bitmap): Bitmap => {
  const out = emptyBitmap(rows.length);
  rows.forEach((row, i) => {
    if (hasBit(set, row)) setBit(out, i);
  });
  return out;
};
