// 即时匹配: a few records have changed, and every item in force is decided for them at once, on a snapshot that adds only their rows. The same decisions,
// second opinion, evidence and differences as in a run; with them those who depend on them over a link, up to a bound. The rest of these, and everything
// that cannot be told from a few rows, is for the next run. One transaction: a crash leaves nothing, and nothing is written twice.
import { audit } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { secondOpinion } from '../policy/second.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import { addChanges } from '../snapshot/add.ts';
import { emptyBitmap, hasBit, orInto, rowsOf, setBit } from '../snapshot/bitmap.ts';
import { rowOf } from '../snapshot/block.ts';
import { openKernel } from '../snapshot/kernel.ts';
import type { OpenBlock } from '../snapshot/open.ts';
import { type Batch, type ChunkJob, kernelItem, openBatch, type RowResult } from './batch.ts';
import { brakeEvent } from './brake.ts';
import { standingFen } from './brake-store.ts';
import { type Written, writeFound } from './chunk.ts';
import { dependentsOf } from './dependents.ts';
import { type PlannedRow, plannedNow, type Stood, standingRows, writeEventRun, writeRows } from './event-store.ts';
import { decideEvents } from './events.ts';
import { decideRows } from './examine.ts';
import { type Few, openFew } from './few.ts';
import type { ItemVersion } from './match.ts';
import { checkWritten } from './opinion-check.ts';
import { lockPlanning } from './plan-store.ts';
import type { ChunkKey } from './run-store.ts';
import { compiler } from './terms.ts';

export interface EventOptions {
  readonly catalogue: Catalogue;
  readonly items: readonly ItemVersion[];
  /** The day the newest snapshot must be of. */
  readonly today: Day;
  readonly at: Date;
  readonly actor: string;
  /** More changed records than this are the next run's. Default 64. */
  readonly atMost?: number;
  /** More who depend on them are the next run's. Default 128. */
  readonly dependentsAtMost?: number;
  readonly failpoint?: Failpoint;
}

/**
 * `decided`: every item in force was asked about these subjects; `written` counts matches. `none`: nothing has changed. `night`: it takes a whole seal and run.
 * `busy`: a run is under way, which must not be overtaken.
 */
export interface EventReport {
  readonly state: 'decided' | 'none' | 'night' | 'busy';
  readonly subjects: number;
  /** Who depends on them over a link and was decided with them. */
  readonly dependents: number;
  /** Who depends on them and waits for the next run; null: too many to be looked for. */
  readonly left: number | null;
  readonly items: number;
  readonly written: number;
  /** Items of which nothing was written, because events have changed too much since their last run: the next run's. */
  readonly braked: readonly string[];
}

const nothing = (state: EventReport['state']): EventReport => ({
  state,
  subjects: 0,
  dependents: 0,
  left: 0,
  items: 0,
  written: 0,
  braked: [],
});

const compilers = new WeakMap<Catalogue, ReturnType<typeof compiler>>();
const versions = new Map<string, ItemVersion>();
/** Each version is compiled once in the life of the process. */
const compiledOf = (catalogue: Catalogue, version: ItemVersion): CompiledItem => {
  const own = versions.get(version.hash) ?? version;
  versions.set(version.hash, own);
  const compile = compilers.get(catalogue) ?? compiler(catalogue);
  compilers.set(catalogue, compile);
  return compile(own);
};

export const decideChanges = async (db: Db, options: EventOptions): Promise<EventReport> => {
  const { catalogue, today, at, actor, atMost = 64, dependentsAtMost = 128, failpoint = nowhere } = options;
  return await transaction(db, async (tx) => {
    // Nobody plans a run meanwhile, and none is under way: what it has read must not be overtaken.
    await lockPlanning(tx);
    const plan = await plannedNow(tx, today);
    if (plan === null) return nothing('night');
    if (plan.busy) return nothing('busy');
    const added = await addChanges(tx, { catalogue, knownAt: today, at, actor, atMost });
    if (added.state !== 'added') return nothing(added.state);
    await failpoint('event.after-snapshot');
    const asked = plan.items.flatMap((row) => {
      const version = options.items.find((v) => v.item.id === row.itemId && v.version === row.version);
      return version === undefined ? [] : [{ row, version, compiled: compiledOf(catalogue, version) }];
    });
    const compiled = asked.map((a) => a.compiled);
    const found = await dependentsOf(tx, { added, compiled, atMost: dependentsAtMost });
    const few = await openFew(tx, { added, dependents: found, catalogue, compiled });
    const run = await writeEventRun(tx, { snapshotId: added.snapshotId, knownAt: today, ledgerCut: plan.ledgerCut }, at);
    const braked: string[] = [];
    const deciding: Deciding = { tx, few, run, at, actor, failpoint, ledgerCut: plan.ledgerCut, today, braked };
    let [items, written] = [0, 0];
    for (const [register, own] of Map.groupBy(asked, (a) => a.compiled.register)) {
      const block = few.block(register);
      if (block === null) continue;
      items += own.length;
      written += await decideAll(deciding, block, own);
    }
    const subjects = [...added.records.values()].reduce((sum, records) => sum + records.length, 0);
    const dependents = [...found.records.values()].reduce((sum, records) => sum + records.length, 0);
    const { left } = found;
    const after = { snapshot: added.snapshotId, subjects, dependents, left, items, written, braked };
    await audit(tx, { actor, role: 'system', action: 'run.event', objectKind: 'run', objectId: run, after, at });
    await failpoint('event.before-commit');
    return { state: 'decided', subjects, dependents, left, items, written, braked };
  });
};

interface Deciding {
  readonly tx: Tx;
  readonly few: Few;
  readonly run: string;
  readonly at: Date;
  readonly actor: string;
  readonly failpoint: Failpoint;
  readonly ledgerCut: bigint;
  readonly today: Day;
  readonly braked: string[];
}

interface Asked {
  readonly row: PlannedRow;
  readonly version: ItemVersion;
  readonly compiled: CompiledItem;
}

/** All items of one register; returns how many matches were written. */
const decideAll = async (deciding: Deciding, block: OpenBlock, asked: readonly Asked[]): Promise<number> => {
  const { tx, few } = deciding;
  const stood = await standingRows(
    tx,
    block.register,
    asked.map((a) => a.row),
    few.asked(block.register),
  );
  // For a handful of rows plain loops are done before lanes are made.
  const kernel = openKernel(block, 'plain');
  let written = 0;
  for (const one of asked) {
    const own = stood.get(`${one.row.itemId}\n${one.row.periodKey}`);
    // Nothing of it stands yet, or what stands was stopped: the next run decides it from the ground up. Ranks and pools are closing runs' alone.
    if (own === undefined || one.compiled.closings.length > 0) continue;
    written += await decideOne(deciding, block, {
      ...one,
      stood: own,
      match: (job) => kernel.match(kernelItem(one.compiled, job.period, job.frame)).possibly,
    });
  }
  kernel.close();
  return written;
};

interface One extends Asked {
  readonly stood: readonly (Stood | undefined)[];
  readonly match: (job: ChunkJob) => ReturnType<typeof emptyBitmap>;
}

const decideOne = async (deciding: Deciding, block: OpenBlock, { row, version, compiled, stood, match }: One): Promise<number> => {
  const { tx, few, run, at, actor, failpoint, ledgerCut, today, braked } = deciding;
  const { itemId, version: number, periodKey } = row;
  const period: DecisionPeriod = { kind: version.item.period, key: periodKey, start: row.start, end: row.end, knownAt: today };
  const key: ChunkKey = { runId: run, itemId, version: number, periodKey, register: block.register, block: 0 };
  const rest = { frame: few.frame, ledgerCut, closed: [], at, opinion: secondOpinion, failpoint };
  const job: ChunkJob = { key, compiled, itemHash: version.hash, period, ...rest };
  const candidates = emptyBitmap(block.rows);
  const before = emptyBitmap(block.rows);
  const mine = few.asked(block.register);
  const possibly = compiled.before === undefined ? match(job) : block.present;
  for (let i = 0; i < mine.length; i++) {
    if (stood[i] === undefined || !few.concerns(compiled, i)) continue;
    if (hasBit(possibly, i)) setBit(candidates, i);
    if (stood[i]?.eligible === true || stood[i]?.undetermined === true) setBit(before, i);
  }
  orInto(candidates, before);
  const rows = rowsOf(candidates);
  if (rows.length === 0) return 0;
  const batch: Batch = await openBatch(tx, job, block, rows, before);
  const results = compiled.event === null ? await decideRows(tx, job, block, batch) : await decideEvents(tx, job, block, batch);
  await checkWritten(job, block, batch, results);
  const moving = await movedBy(tx, results);
  if (await brakeEvent(tx, { runId: run, itemId, periodKey, ...moving, actor, at })) {
    braked.push(itemId);
    return 0;
  }
  const written: Written = {};
  await writeFound(tx, job, batch, results, written);
  await writeRows(tx, key, period, changesOf(mine, stood, results), { written, movedFen: moving.movedFen });
  return Object.values(written).reduce((sum, n) => sum + n, 0);
};

/** Matches about to be written, and by how much 分 they differ from what stood, up and down alike. */
const movedBy = async (tx: Tx, results: readonly RowResult[]): Promise<{ readonly matches: number; readonly movedFen: bigint }> => {
  const writing = results.flatMap(({ found }) => found.filter((f) => f.kind !== null));
  const stood = await standingFen(
    tx,
    writing.flatMap(({ subject, standing }) => (standing === null ? [] : [{ subjectId: subject.subjectId, id: standing.id }])),
  );
  const movedFen = writing.reduce((sum, { decision, standing }) => {
    const now = decision.verdict === 'eligible' ? (decision.amountFen ?? 0n) : 0n;
    const was = stood.get(standing?.id ?? '') ?? 0n;
    return sum + (now > was ? now - was : was - now);
  }, 0n);
  return { matches: writing.length, movedFen };
};

/** How each subject stands from now on, by ordinal; those about whom nothing was written and nothing is otherwise are left out. */
const changesOf = (ordinals: readonly number[], stood: One['stood'], results: readonly RowResult[]) =>
  results.flatMap(({ row, verdict, found }) => {
    const [ordinal, before] = [ordinals[row] as number, stood[row] as Stood];
    const [eligible, undetermined] = [verdict === 'eligible', verdict === 'undetermined'];
    const same = before.eligible === eligible && before.undetermined === undetermined && found.every((f) => f.kind === null);
    return same ? [] : [{ block: Math.floor(ordinal / 65_536), row: rowOf(ordinal), eligible, undetermined }];
  });
