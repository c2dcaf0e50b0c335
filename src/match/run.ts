// The step that matches: item versions × a sealed snapshot × a cut of the ledger × the due period, in chunks of one item, period and block, each one
// transaction under a lease. It may run twice, be killed anywhere and run in several processes: whoever comes next takes up the open run.
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import { audit } from '../audit/audit.ts';
import { fail, ProblemError } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { DatabaseError, isTransient } from '../db/error.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, transaction } from '../db/handle.ts';
import { claimWork, finishWork, holdLease, type Lease, releaseWork } from '../db/work.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { secondOpinion } from '../policy/second.ts';
import type { SecondClosing } from '../policy/second-closing.ts';
import { openSnapshot } from '../snapshot/open.ts';
import type { ChunkJob } from './batch.ts';
import { brakeRun } from './brake.ts';
import { decideChunk } from './chunk.ts';
import { closeAll } from './close-run.ts';
import type { Frozen } from './closing-store.ts';
import { type Frame, openFrame } from './frame.ts';
import { type Longer, longerFor } from './longer.ts';
import type { ItemVersion } from './match.ts';
import { type AskSecond, OpinionsDiffer } from './opinion.ts';
import { type Planned, type PlannedItem, planRun } from './plan.ts';
import { endRun, lockOpenRun, openShards, type RunItemRow, readRunItems, stopItem } from './plan-store.ts';
import { addCounts, chunkIsOpen } from './run-store.ts';
import { compiler, termsFor } from './terms.ts';

export interface RunOptions {
  readonly snapshotId: string;
  /** Published versions that may be in force; per period the newest that is speaks. */
  readonly items: readonly ItemVersion[];
  /** Must be the snapshot's own. */
  readonly catalogue: Catalogue;
  /** Postings up to this number count as paid (`ledgerCut` in `../ledger/store.ts`). */
  readonly ledgerCut: bigint;
  /** The moment written into rows. */
  readonly at: Date;
  readonly actor: string;
  /** Default: the plain path (`secondOpinion`); another one only to see a difference caught. */
  readonly opinion?: AskSecond;
  /** The same for ranks and pools; default `secondClosing`. */
  readonly closingOpinion?: SecondClosing;
  readonly afresh?: boolean; // Decides everybody again, whatever the last results still say.
  readonly failpoint?: Failpoint;
  /** How long a chunk of a process that died stays reserved; a living one keeps its chunk by a row lock. Default 15 s. */
  readonly leaseMs?: number;
  /** How long to wait for chunks other processes hold before reporting them as busy. Default: twice the lease. */
  readonly patienceMs?: number;
  readonly onChunk?: (done: number, total: number, itemId: string) => void;
}

export interface RunReport {
  readonly runId: string;
  readonly snapshotId: string;
  /** True when a run over the same data, ledger and versions had ended before: nothing was done. */
  readonly already: boolean;
  /** Chunks other processes still hold; 0 when the run has ended. */
  readonly busy: number;
  readonly items: readonly RunItemRow[];
}

const step = 'match';

interface Running {
  readonly db: Db;
  readonly options: RunOptions & { readonly failpoint: Failpoint; readonly leaseMs: number; readonly opinion: AskSecond };
  readonly plan: Planned;
  readonly frame: Frame;
  readonly compiled: ReadonlyMap<PlannedItem, CompiledItem>;
  readonly longer: ReadonlyMap<PlannedItem, Longer>;
  readonly shards: ReadonlyMap<string, { readonly planned: PlannedItem; readonly block: number }>;
  /** Ranks and pools, frozen before anybody is decided. */
  readonly closed: ReadonlyMap<PlannedItem, readonly Frozen[]>;
  /** Moves on from `at`: leases must run out though the moment written into rows stands still. */
  readonly now: () => Date;
}

/** Runs until there is nothing left to do. Throws `missing.snapshot`, `state.other-catalogue`, `state.old-snapshot`. */
export const runItems = async (db: Db, options: RunOptions): Promise<RunReport> => {
  const snapshot = await openSnapshot(db, options.snapshotId);
  if (snapshot === null) return fail('missing.snapshot', 'snapshotId', '没有这个数据快照。', '请先封存数据，再运行匹配。');
  if (snapshot.snapshot.catalogueHash !== options.catalogue.hash)
    fail('state.other-catalogue', 'catalogue', '数据快照是按另一版指标目录封存的。', '请按现行目录重新封存，再运行匹配。');
  const failpoint = options.failpoint ?? nowhere;
  const began = performance.now();
  const now = (): Date => new Date(options.at.getTime() + (performance.now() - began));
  const compile = compiler(options.catalogue);
  const terms = termsFor(snapshot, options.catalogue, compile, options);
  for (;;) {
    await failpoint('match.before-plan');
    const plan = await planRun(db, { ...options, failpoint, knownAt: snapshot.snapshot.knownAt, terms });
    await failpoint('match.after-plan');
    if (plan.already) return await report(db, plan, true, 0);
    const compiled = await compilePlan(db, plan, options, compile);
    const longer = new Map<PlannedItem, Longer>();
    for (const planned of compiled.keys()) {
      const one = longerFor(planned.terms, options.catalogue, planned.period.knownAt);
      if (one !== null) longer.set(planned, one);
    }
    const columns = [...new Set([...longer.values()].flatMap((one) => one.columns))];
    const frame = openFrame(db, snapshot, options.catalogue, [...compiled.values()], { records: true, columns });
    const shards = shardsOf(plan, compiled, frame);
    const running: Running = {
      db,
      options: { leaseMs: 15_000, opinion: secondOpinion, ...options, failpoint },
      plan,
      frame,
      compiled,
      longer,
      shards,
      closed: new Map(),
      now,
    };
    const busy = await workThrough({ ...running, closed: await closeAll(db, { ...running, ...plan, ...running.options }) });
    // A run taken up from a killed process may lack versions published since: they get a run of their own.
    if (busy > 0 || plan.complete) return await report(db, plan, false, busy);
  }
};

const report = async (db: Db, plan: Planned, already: boolean, busy: number): Promise<RunReport> => ({
  runId: plan.runId,
  snapshotId: plan.snapshotId,
  already,
  busy,
  items: await readRunItems(db, plan.runId),
});

/** A version that today's catalogue no longer understands stops its item, loudly; the other items go on. */
const compilePlan = async (
  db: Db,
  plan: Planned,
  options: RunOptions,
  compile: (version: ItemVersion) => CompiledItem,
): Promise<ReadonlyMap<PlannedItem, CompiledItem>> => {
  const compiled = new Map<PlannedItem, CompiledItem>();
  for (const planned of plan.items.filter((p) => p.terms.skipped === null)) {
    const { item, version } = planned.version;
    try {
      compiled.set(planned, compile(planned.version));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const [first] = error.problems;
      const why = `第 ${version} 版按现行指标目录读不通（${first?.at ?? ''} ${first?.message ?? ''}）。该事项本批次已停止，不产生任何兑付，请政策管理员另发新版。`;
      await transaction(db, async (tx) => {
        if (!(await stopItem(tx, { runId: plan.runId, itemId: item.id }, why))) return;
        const after = { item: item.id, version, problems: error.problems.slice(0, 10) };
        await audit(tx, { ...entry(options, 'run.stop-item', plan.runId, after), reason: why });
      });
    }
  }
  // An item one version of which cannot be read is stopped whole: its other periods would be decided for nothing.
  const stopped = new Set(plan.items.filter((p) => p.terms.skipped === null && !compiled.has(p)).map((p) => p.version.item.id));
  return new Map([...compiled].filter(([p]) => !stopped.has(p.version.item.id)));
};

/** Ordered by register and block, so that one block after the other is read. */
const shardsOf = (plan: Planned, compiled: ReadonlyMap<PlannedItem, CompiledItem>, frame: Frame): Running['shards'] => {
  const shards: [string, { planned: PlannedItem; block: number }][] = [];
  for (const [planned, { register }] of compiled) {
    for (const block of frame.snapshot.blocks(register)) {
      const { version, period } = planned;
      shards.push([`${plan.runId}/${register}/${String(block).padStart(6, '0')}/${version.item.id}/${period.key}`, { planned, block }]);
    }
  }
  return new Map(shards.sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** Returns how many chunks others still hold; 0 once the run has ended. */
const workThrough = async (running: Running): Promise<number> => {
  const { db, options, shards, plan, now } = running;
  const names = [...shards.keys()];
  const owner = `${hostname()}:${process.pid}`;
  let waitedMs = 0;
  for (;;) {
    const lease = await claimWork(db, { step, shards: names, owner, now: now(), leaseMs: options.leaseMs });
    if (lease !== null) {
      await workOn(running, lease);
      options.onChunk?.(
        names.length - (await openShards(db, step, names)),
        names.length,
        shards.get(lease.shard)?.planned.version.item.id ?? '',
      );
      continue;
    }
    const left = await openShards(db, step, names);
    if (left === 0) {
      await finish(running);
      return 0;
    }
    if (waitedMs >= (options.patienceMs ?? 2 * options.leaseMs)) return left;
    await new Promise((resolve) => setTimeout(resolve, 250));
    waitedMs += 250;
    if (await transaction(db, async (tx) => !(await chunkIsOpen(tx, { runId: plan.runId, itemId: '' })))) return 0;
  }
};

const finish = async ({ db, options, plan }: Running): Promise<void> => {
  await options.failpoint('match.before-end');
  await transaction(db, async (tx) => {
    // Before it ends, so that nobody settles what is about to be held.
    if (!(await lockOpenRun(tx, plan.runId))) return;
    const held = await brakeRun(tx, { runId: plan.runId, actor: options.actor, at: options.at });
    await endRun(tx, plan.runId, 'done', options.at);
    await audit(tx, entry(options, 'run.end', plan.runId, { snapshot: plan.snapshotId, held }));
    await options.failpoint('match.before-end-commit');
  });
  await options.failpoint('match.after-end');
};

const entry = (options: RunOptions, action: string, runId: string, after: unknown) => ({
  actor: options.actor,
  role: 'system',
  action,
  objectKind: 'run',
  objectId: runId,
  after,
  at: options.at,
});

const workOn = async (running: Running, lease: Lease): Promise<void> => {
  const { options, frame, plan } = running;
  const shard = running.shards.get(lease.shard);
  if (shard === undefined) throw new Error(`unknown shard ${lease.shard}`);
  const { planned, block } = shard;
  const compiled = running.compiled.get(planned) as CompiledItem;
  const key = {
    runId: plan.runId,
    itemId: planned.version.item.id,
    version: planned.version.version,
    periodKey: planned.period.key,
    register: compiled.register,
    block,
  };
  const { at, opinion, failpoint, afresh = false } = options;
  const { period, version } = planned;
  const longer = running.longer.get(planned);
  const closed = running.closed.get(planned) ?? [];
  const rest = { frame, ledgerCut: plan.ledgerCut, closed, afresh, at, opinion, failpoint };
  const job: ChunkJob = { key, compiled, itemHash: version.hash, period, ...rest, ...(longer === undefined ? {} : { longer }) };
  // Read before the transaction: it shall hold its locks for deciding and writing only.
  await frame.block(key.register, block);
  await frame.prepareLinks(compiled);
  await failpoint('match.before-chunk');
  try {
    await decideAndWrite(running, job, lease);
  } catch (error) {
    if (error instanceof OpinionsDiffer) await stop(running, job, lease, error.sentence, differenceOf(error));
    else if (isBeyondPurpose(error)) await stop(running, job, lease, `${error.problems[0]?.message ?? ''}该事项本批次已停止。`, {});
    else if (mayComeAgain(error) && lease.attempts < mostAttempts) await releaseWork(running.db, lease, running.now());
    else throw error;
  }
  await failpoint('match.after-chunk');
};

const mostAttempts = 5;

/** Nothing of the chunk was written, or the work row tells that all of it was: whoever claims it next finds out. */
const mayComeAgain = (error: unknown): boolean =>
  isTransient(error) ||
  (error instanceof DatabaseError && error.kind === 'commit-unknown') ||
  (error instanceof ProblemError && error.problems.some((p) => p.code === 'state.lease-lost' || p.code === 'state.stopped'));

const decideAndWrite = async (running: Running, job: ChunkJob, lease: Lease): Promise<void> => {
  const { db, options, now } = running;
  await transaction(db, async (tx) => {
    await holdLease(tx, lease);
    if (await chunkIsOpen(tx, job.key)) {
      const counts = await decideChunk(tx, job);
      const { itemId, periodKey, block } = job.key;
      if (!(await addCounts(tx, job.key, counts))) fail('state.stopped', itemId, '该事项在本批次中已停止。', '不需要处理，其余事项继续。');
      await audit(tx, entry(options, 'run.chunk', job.key.runId, { item: itemId, period: periodKey, block, ...counts }));
    }
    await finishWork(tx, lease, now());
    await options.failpoint('match.before-commit');
  });
};

const isBeyondPurpose = (error: unknown): error is ProblemError =>
  error instanceof ProblemError && error.problems.some((p) => p.code === 'scope.purpose' || p.code === 'scope.legal-use');

const differenceOf = ({ subjectId: subject, periodKey: period, columns, plain }: OpinionsDiffer) => ({ period, subject, columns, plain });

/** Nothing of the chunk is written; the item is stopped with both answers, its other chunks find it so, the other items go on. */
const stop = async (running: Running, job: ChunkJob, lease: Lease, why: string, found: object): Promise<void> => {
  const { db, options, now } = running;
  await options.failpoint('match.before-stop');
  await transaction(db, async (tx) => {
    await holdLease(tx, lease);
    if (await stopItem(tx, job.key, why)) {
      await audit(tx, {
        ...entry(options, 'run.stop-item', job.key.runId, { item: job.key.itemId, period: job.key.periodKey, ...found }),
        reason: why,
      });
    }
    await finishWork(tx, lease, now());
  });
  await options.failpoint('match.after-stop');
};
