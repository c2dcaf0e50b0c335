// One worker of a run: claims chunks (an item, a period, a block) by lease, decides and writes each in one transaction, until nobody has any left to give.
// A process works like this, and so does each of its threads; they know of one another by the leases alone.
import { hostname } from 'node:os';
import { performance } from 'node:perf_hooks';
import { audit } from '../audit/audit.ts';
import { fail, ProblemError } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { DatabaseError, isTransient } from '../db/error.ts';
import type { Failpoint } from '../db/failpoint.ts';
import { type Db, transaction } from '../db/handle.ts';
import { claimWork, finishWork, holdLease, type Lease, releaseWork } from '../db/work.ts';
import type { CompiledItem } from '../policy/compile.ts';
import type { OpenSnapshot } from '../snapshot/open.ts';
import type { ChunkJob } from './batch.ts';
import { carryBlock } from './carry-block.ts';
import { decideChunk } from './chunk.ts';
import type { Frozen } from './closing-store.ts';
import { type Frame, openFrame } from './frame.ts';
import { type Longer, longerFor } from './longer.ts';
import { type AskSecond, OpinionsDiffer } from './opinion.ts';
import type { PlannedItem } from './plan.ts';
import { stopItem } from './plan-store.ts';
import { addCounts, chunkIsOpen } from './run-store.ts';
import type { TargetData } from './targets.ts';

/** The work table's name for it. */
export const step = 'match';

export interface WorkOptions {
  /** The moment written into rows. */
  readonly at: Date;
  readonly actor: string;
  readonly leaseMs: number;
  readonly opinion: AskSecond;
  /** Everybody is decided, whatever the last results still say. */
  readonly afresh?: boolean;
  readonly failpoint: Failpoint;
}

interface Shard {
  readonly planned: PlannedItem;
  readonly block: number;
}

export interface Work {
  readonly db: Db;
  readonly options: WorkOptions;
  readonly runId: string;
  readonly ledgerCut: bigint;
  readonly frame: Frame;
  readonly compiled: ReadonlyMap<PlannedItem, CompiledItem>;
  readonly longer: ReadonlyMap<PlannedItem, Longer>;
  readonly shards: ReadonlyMap<string, Shard>;
  /** Shards of one block together: whoever has read a block does all of it. */
  readonly groups: readonly (readonly string[])[];
  /** Names the worker in the work table, for people. */
  readonly owner: string;
  /** Moves on from `at`: leases must run out though the moment written into rows stands still. */
  readonly now: () => Date;
}

export interface Assignment {
  readonly runId: string;
  readonly ledgerCut: bigint;
  readonly snapshot: OpenSnapshot;
  readonly catalogue: Catalogue;
  readonly compiled: ReadonlyMap<PlannedItem, CompiledItem>;
  /** Tells threads of one process apart. */
  readonly thread?: string;
  /** Where links lead, as the run itself has read it. */
  readonly targets?: readonly TargetData[];
  /** How long the run has been going on in this process. */
  readonly elapsedMs?: number;
}

export const ownerName = (thread: string | undefined): string => `${hostname()}:${process.pid}${thread === undefined ? '' : `/${thread}`}`;

/** What it takes to work on a run; reads nothing yet. */
export const openWork = (db: Db, a: Assignment, options: WorkOptions): Work => {
  const longer = new Map<PlannedItem, Longer>();
  for (const planned of a.compiled.keys()) {
    const one = longerFor(planned.terms, a.catalogue, planned.period.knownAt);
    if (one !== null) longer.set(planned, one);
  }
  const columns = [...new Set([...longer.values()].flatMap((one) => one.columns))];
  const frame = openFrame(db, a.snapshot, a.catalogue, [...a.compiled.values()], {
    records: true,
    columns,
    ...(a.targets === undefined ? {} : { targets: a.targets }),
  });
  const began = performance.now() - (a.elapsedMs ?? 0);
  const shards = shardsOf(a);
  return {
    db,
    options,
    runId: a.runId,
    ledgerCut: a.ledgerCut,
    frame,
    compiled: a.compiled,
    longer,
    shards,
    groups: [...Map.groupBy(shards.keys(), (name) => name.split('/', 3).join('/')).values()],
    owner: ownerName(a.thread),
    now: () => new Date(options.at.getTime() + (performance.now() - began)),
  };
};

/** Ordered by register and block, so that one block after the other is read. */
const shardsOf = ({ runId, compiled, snapshot }: Assignment): Work['shards'] => {
  const shards: [string, Shard][] = [];
  for (const [planned, { register }] of compiled) {
    for (const block of snapshot.blocks(register)) {
      const { version, period } = planned;
      shards.push([`${runId}/${register}/${String(block).padStart(6, '0')}/${version.item.id}/${period.key}`, { planned, block }]);
    }
  }
  return new Map(shards.sort(([a], [b]) => (a < b ? -1 : 1)));
};

/** In which order worker `mine` of `workers` goes through the blocks: its own first; then it helps the others, from their far end. */
export const inOrder = (groups: Work['groups'], mine: number, workers: number): Work['groups'] => {
  const own = groups.filter((_, i) => i % workers === mine);
  return [...own, ...groups.filter((_, i) => i % workers !== mine).reverse()];
};

/** Goes through the blocks once; what others hold by then is theirs. `closed`: ranks and pools, frozen before anybody is decided. */
export const workThrough = async (
  work: Work,
  closed: ReadonlyMap<PlannedItem, readonly Frozen[]>,
  groups: Work['groups'],
  onChunk: (itemId: string) => Promise<void>,
): Promise<void> => {
  const { db, options, owner, now } = work;
  for (const shards of groups) {
    const carried = new Set(await carryBlock(work, new Map(shards.map((shard) => [shard, jobFor(work, closed, shard)]))));
    for (const name of carried) await onChunk(work.shards.get(name)?.planned.version.item.id ?? '');
    const left = new Set(shards.filter((shard) => !carried.has(shard)));
    for (;;) {
      const lease = await claimWork(db, { step, shards, owner, now: now(), leaseMs: options.leaseMs });
      if (lease === null) break;
      left.delete(lease.shard);
      work.frame.narrow(
        [compiledFor(work, lease.shard).compiled],
        [...left].map((shard) => compiledFor(work, shard).compiled),
      );
      await workOn(work, closed, lease);
      await onChunk(work.shards.get(lease.shard)?.planned.version.item.id ?? '');
    }
  }
};

const compiledFor = ({ shards, compiled }: Work, name: string): Shard & { readonly compiled: CompiledItem } => {
  const shard = shards.get(name);
  if (shard === undefined) throw new Error(`unknown shard ${name}`);
  return { ...shard, compiled: compiled.get(shard.planned) as CompiledItem };
};

const jobFor = (running: Work, closings: ReadonlyMap<PlannedItem, readonly Frozen[]>, name: string): ChunkJob => {
  const { options, frame, runId, ledgerCut } = running;
  const { planned, block, compiled } = compiledFor(running, name);
  const key = {
    runId,
    itemId: planned.version.item.id,
    version: planned.version.version,
    periodKey: planned.period.key,
    register: compiled.register,
    block,
  };
  const { at, opinion, failpoint, afresh = false } = options;
  const { period, version } = planned;
  const longer = running.longer.get(planned);
  const closed = closings.get(planned) ?? [];
  const rest = { frame, ledgerCut, closed, afresh, at, opinion, failpoint, ...(longer === undefined ? {} : { longer }) };
  return { key, compiled, itemHash: version.hash, period, ...rest };
};

const workOn = async (running: Work, closings: ReadonlyMap<PlannedItem, readonly Frozen[]>, lease: Lease): Promise<void> => {
  const { frame } = running;
  const { failpoint } = running.options;
  const job = jobFor(running, closings, lease.shard);
  // Read before the transaction: it shall hold its locks for deciding and writing only.
  await frame.block(job.key.register, job.key.block);
  await frame.prepareLinks(job.compiled);
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
export const mayComeAgain = (error: unknown): boolean =>
  isTransient(error) ||
  (error instanceof DatabaseError && error.kind === 'commit-unknown') ||
  (error instanceof ProblemError && error.problems.some((p) => p.code === 'state.lease-lost' || p.code === 'state.stopped'));

const decideAndWrite = async (running: Work, job: ChunkJob, lease: Lease): Promise<void> => {
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

export const entry = (options: Pick<WorkOptions, 'actor' | 'at'>, action: string, runId: string, after: unknown) => ({
  actor: options.actor,
  role: 'system',
  action,
  objectKind: 'run',
  objectId: runId,
  after,
  at: options.at,
});

/** An error of the item itself: it is stopped, the others go on. */
export const stopsItem = (error: unknown): boolean => error instanceof OpinionsDiffer || isBeyondPurpose(error);

const isBeyondPurpose = (error: unknown): error is ProblemError =>
  error instanceof ProblemError && error.problems.some((p) => p.code === 'scope.purpose' || p.code === 'scope.legal-use');

const differenceOf = ({ subjectId: subject, periodKey: period, columns, plain }: OpinionsDiffer) => ({ period, subject, columns, plain });

/** Nothing of the chunk is written; the item is stopped with both answers, its other chunks find it so, the other items go on. */
const stop = async (running: Work, job: ChunkJob, lease: Lease, why: string, found: object): Promise<void> => {
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
