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
  clearBit,
  countBits,
  emptyBitmap,
  hasBit,
  orInto,
  rowsOf,
  setBit,
} from '../snapshot/bitmap.ts';
import { blockOf, rowOf } from '../snapshot/block.ts';
import { type Kernel, openKernel } from '../snapshot/kernel.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import { openPart, type Parts } from '../snapshot/over.ts';
import type { Shape } from '../snapshot/values.ts';
import { type ChunkJob, openBatch } from './batch.ts';
import { basisBefore, basisOf, mayBeHeldAgainst, openState, type State, stateOf, takeOut, tallyOf } from './carry.ts';
import { type Outcome, readLastResults, stoppedItems, writeOutcomes } from './carry-store.ts';
import { endedAsFrozen, type Written, writeFound } from './chunk.ts';
import { type Lookout, openLookout } from './due.ts';
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
  const same = state.basis === basisOf(job);
  if ((!same && state.basis !== basisBefore(job)) || !mayBeHeldAgainst(job, state)) return null;
  const before = { eligible: bitmapFromBytes(last.eligible, blockRows), undetermined: bitmapFromBytes(last.undetermined, blockRows) };
  const stood = before.eligible.slice();
  orInto(stood, before.undetermined);
  const due = await lookout.due(job, state, parts, stood);
  // Ranks and pools were counted again since: whoever was given something else is decided again.
  if (due !== null && !same)
    for (const ordinal of job.closed.flatMap((c) => c.since?.moved ?? []))
      if (blockOf(ordinal) === parts.block) setBit(due, rowOf(ordinal));
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
  const parts = await work.frame.parts(place);
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
    const asked = await partsFor(work, parts, mine);
    await transaction(db, (tx) => carryAll(tx, work, asked, mine, leases));
  } catch (error) {
    if (!stopsItem(error) && !mayComeAgain(error)) throw error;
    await releaseAll(db, leases, now());
    return [];
  }
  await options.failpoint('match.after-chunk');
  return mine.map((p) => p.shard);
};

/** Some rows of the block as a block of their own. */
interface Part {
  readonly block: OpenBlock;
  readonly rows: Uint32Array;
}

/**
 * Everybody who is due in some item: whoever the deltas speak of, with all they say, and apart from them whoever stands in the base alone, for whom the base is
 * read: few items ask about those, and no column is read that none of them does.
 */
const partsFor = async (work: Work, parts: Parts, plans: readonly Plan[]): Promise<readonly Part[]> => {
  const { frame } = work;
  const all = emptyBitmap(blockRows);
  for (const { due } of plans) orInto(all, due);
  const below = all.slice();
  for (const row of parts.over.places.keys()) clearBit(below, row);
  andNotInto(all, below);
  for (const { job, due } of plans)
    if (meet(due, below)) await parts.base.need(job.compiled.reads.filter((r) => r.link === null).map((r) => r.fact));
  const shape = (fact: string): Shape | undefined => factOf(frame.catalogue, parts.register, fact);
  const out: Part[] = [];
  for (const bits of [all, below]) {
    const rows = Uint32Array.from(rowsOf(bits));
    if (rows.length === 0) continue;
    const block = await openPart(parts, rows, shape);
    for (const { job, due } of plans) if (meet(due, bits)) await frame.prepareNamed(job.compiled, block);
    out.push({ block, rows });
  }
  return out;
};

const meet = (a: Bitmap, b: Bitmap): boolean => a.some((word, i) => (word & (b[i] ?? 0)) !== 0);

const carryAll = async (tx: Tx, work: Work, parts: readonly Part[], plans: readonly Plan[], leases: readonly Lease[]): Promise<void> => {
  const { options, runId } = work;
  await holdLeases(tx, leases);
  const stopped = await stoppedItems(tx, runId);
  const open = parts.map((part): Asked => ({ ...part, kernel: openKernel(part.block) }));
  try {
    const outcomes: Outcome[] = [];
    for (const plan of plans) if (stopped !== null && !stopped.has(plan.job.key.itemId)) outcomes.push(await carryOn(tx, plan, open));
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
    for (const { kernel } of open) kernel.close();
  }
  await options.failpoint('match.after-results');
  await finishAll(tx, leases, work.now());
  await options.failpoint('match.before-commit');
};

interface Asked extends Part {
  readonly kernel: Kernel;
}

/** What `decideChunk` does, over the rows that are due alone. */
const carryOn = async (tx: Tx, plan: Plan, parts: readonly Asked[]): Promise<Outcome> => {
  const { job, state, tally, due } = plan;
  const candidates = bitmapFromBytes(state.candidates, blockRows);
  andNotInto(candidates, due);
  const [again, written]: [Bitmap, Written] = [emptyBitmap(blockRows), {}];
  for (const part of parts) if (part.rows.some((row) => hasBit(due, row))) await carryPart(tx, plan, part, { candidates, again, written });
  andNotInto(candidates, again);
  const rows = Math.max(state.rows, ...parts.map((part) => (part.rows[part.rows.length - 1] as number) + 1));
  return {
    key: job.key,
    eligible: bitmapToBytes(tally.eligible),
    undetermined: bitmapToBytes(tally.undetermined),
    state: stateOf(job, tally, { candidates, again, rows }),
    lacking: lackingOf(tally),
    counts: { ...countsAmong(tally, rows), written },
  };
};

/** Decides who is due among these rows; marks, by their place in the block, who was decided one by one and whom the next run looks at again. */
const carryPart = async (
  tx: Tx,
  { job, tally, ...plan }: Plan,
  { block, rows, kernel }: Asked,
  into: { readonly candidates: Bitmap; readonly again: Bitmap; readonly written: Written },
): Promise<void> => {
  const [due, stood] = [among(rows, plan.due), among(rows, plan.stood)];
  const possible = candidatesOf(job, block, kernel);
  const candidates = possible.slice();
  orInto(candidates, stood);
  const asked = rowsOf(due).filter((row) => hasBit(candidates, row));
  for (const row of asked) takeOut(tally, rows[row] as number);
  for (let from = 0; from < asked.length; from += batchRows) {
    const batch = await openBatch(tx, job, block, asked.slice(from, from + batchRows), stood);
    const results = job.compiled.event === null ? await decideRows(tx, job, block, batch) : await decideEvents(tx, job, block, batch);
    await checkWritten(job, block, batch, results);
    await writeFound(tx, job, batch, results, into.written);
    for (const result of results) {
      const row = rows[result.row] as number;
      countResult(tally, { ...result, row });
      if (result.found.some((f) => endedAsFrozen(job, f))) setBit(into.again, row);
    }
  }
  andNotInto(due, candidates);
  await checkRuledOut(job, block, due);
  for (const row of asked) {
    const at = rows[row] as number;
    if (hasBit(possible, row) || hasBit(tally.eligible, at) || hasBit(tally.undetermined, at)) setBit(into.candidates, at);
  }
};

/** Of the rows those in the set, by their place among them. */
const among = (rows: Uint32Array, set: Bitmap): Bitmap => {
  const out = emptyBitmap(rows.length);
  rows.forEach((row, i) => {
    if (hasBit(set, row)) setBit(out, i);
  });
  return out;
};
