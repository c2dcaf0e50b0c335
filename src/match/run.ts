// The step that matches: item versions × a sealed snapshot × a cut of the ledger × the due period, in chunks of one item, period and block, each one
// transaction under a lease. It may run twice, be killed anywhere and run in several processes: whoever comes next takes up the open run.
import { availableParallelism } from 'node:os';
import { audit } from '../audit/audit.ts';
import { fail, ProblemError } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, transaction } from '../db/handle.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { secondOpinion } from '../policy/second.ts';
import type { SecondClosing } from '../policy/second-closing.ts';
import { blockRows } from '../snapshot/bitmap.ts';
import { type OpenSnapshot, openSnapshot } from '../snapshot/open.ts';
import { brakeRun } from './brake.ts';
import { countLastResults } from './carry-store.ts';
import { closeAll } from './close-run.ts';
import type { Frozen } from './closing-store.ts';
import { giveBack } from './collect.ts';
import type { ItemVersion } from './match.ts';
import type { AskSecond } from './opinion.ts';
import { type Planned, type PlannedItem, planRun } from './plan.ts';
import { endRun, lockOpenRun, openShards, type RunItemRow, readRunItems, stopItem } from './plan-store.ts';
import { chunkIsOpen } from './run-store.ts';
import { compiler, termsFor } from './terms.ts';
import type { Threads } from './threads.ts';
import { entry, inOrder, openWork, step, type Work, workThrough } from './work.ts';

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
  /** Decides everybody again, whatever the last results still say. */
  readonly afresh?: boolean;
  readonly failpoint?: Failpoint;
  /** How long a chunk of a process that died stays reserved; a living one keeps its chunk by a row lock. Default 15 s. */
  readonly leaseMs?: number;
  /** How long to wait for chunks other processes hold before reporting them as busy. Default: twice the lease. */
  readonly patienceMs?: number;
  /** Default: one per core for a population of several blocks, else none. */
  readonly threads?: Threads;
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

/** Runs until there is nothing left to do. Throws `missing.snapshot`, `state.other-catalogue`, `state.old-snapshot`. */
export const runItems = async (db: Db, options: RunOptions): Promise<RunReport> => {
  const snapshot = await openSnapshot(db, options.snapshotId);
  if (snapshot === null) return fail('missing.snapshot', 'snapshotId', '没有这个数据快照。', '请先封存数据，再运行匹配。');
  if (snapshot.snapshot.catalogueHash !== options.catalogue.hash)
    fail('state.other-catalogue', 'catalogue', '数据快照是按另一版指标目录封存的。', '请按现行目录重新封存，再运行匹配。');
  const failpoint = options.failpoint ?? nowhere;
  const compile = compiler(options.catalogue);
  const terms = termsFor(snapshot, options.catalogue, compile, options);
  for (;;) {
    await failpoint('match.before-plan');
    const plan = await planRun(db, { ...options, failpoint, knownAt: snapshot.snapshot.knownAt, terms });
    await failpoint('match.after-plan');
    if (plan.already) return await report(db, plan, true, 0);
    const compiled = await compilePlan(db, plan, options, compile);
    const busy = await decideAll(db, snapshot, { ...options, failpoint }, plan, compiled);
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

/** Fewer subjects than this are decided sooner than threads have started and got to speed; of those whose last results are carried on, ten times as many. */
const threadsFrom = blockRows;
const carriedShare = 0.1;

/** Threads can be given neither another opinion nor a place to fail at: what tests bring along stays here. */
const threadsFor = (options: RunOptions, work: Work, subjects: number): Threads => {
  if (options.threads !== undefined) return options.threads;
  const here = options.opinion !== undefined || (options.failpoint !== undefined && options.failpoint !== nowhere);
  return { count: here || subjects < threadsFrom ? 1 : Math.min(availableParallelism(), 8, work.groups.length) };
};

type Closed = ReadonlyMap<PlannedItem, readonly Frozen[]>;

interface Beside {
  readonly snapshotId: string;
  readonly catalogue: Catalogue;
  readonly threads: Threads;
  readonly carries: boolean;
  readonly freeze: () => Promise<Closed>;
  readonly onDone: (itemId: string) => void;
}

/**
 * Ranks and pools are counted here, and the few items that have them decided here, while threads do the rest. Where last results are carried on this one takes a
 * share of everything: it is at speed before a thread has started. Gives the frozen tables.
 */
const besideThreads = async (work: Work, { snapshotId, catalogue, threads, carries, freeze, onDone }: Beside): Promise<Closed> => {
  const { workInThreads } = await import('./threads.ts');
  const closes = (planned: PlannedItem): boolean => (work.compiled.get(planned)?.closings.length ?? 0) > 0;
  const others = new Map([...work.compiled].filter(([planned]) => !closes(planned)));
  const closing = work.groups.map((group) => group.filter((name) => closes(work.shards.get(name)?.planned as PlannedItem)));
  const own = carries ? inOrder(work.groups, threads.count - 1, threads.count) : closing.filter((group) => group.length > 0);
  const here = async (): Promise<Closed> => {
    const closed = await freeze();
    await workThrough(work, closed, own, async (itemId) => onDone(itemId));
    work.frame.release();
    return closed;
  };
  // Both to their ends, whatever becomes of the other: nothing may go on writing once this has failed.
  const [closed, threaded] = await Promise.allSettled([
    // Where results are carried on there is little to give back, and this one works to the end.
    carries ? here() : here().finally(giveBack),
    workInThreads({ ...work, compiled: others }, { snapshotId, catalogue, carries }, threads, onDone),
  ]);
  if (closed.status === 'rejected') throw closed.reason;
  if (threaded.status === 'rejected') throw threaded.reason;
  return closed.value;
};

/** Returns how many chunks others still hold; 0 once the run has ended. */
const decideAll = async (
  db: Db,
  snapshot: OpenSnapshot,
  options: RunOptions & { readonly failpoint: Failpoint },
  plan: Planned,
  compiled: ReadonlyMap<PlannedItem, CompiledItem>,
): Promise<number> => {
  const { catalogue, snapshotId } = options;
  const { runId, ledgerCut } = plan;
  const own = { leaseMs: 15_000, opinion: secondOpinion, ...options };
  const work = openWork(db, { runId, ledgerCut, snapshot, catalogue, compiled }, own);
  const total = work.shards.size;
  let done = 0;
  const freeze = () => closeAll(db, { ...work, ...own });
  const subjects = Object.values(snapshot.snapshot.counts).reduce((sum, n) => sum + n, 0);
  const chunks = [...compiled.keys()].map(({ version, period }) => ({ itemId: version.item.id, periodKey: period.key }));
  const carries = options.afresh !== true && 2 * (await countLastResults(db, chunks)) > total;
  const threads = threadsFor(options, work, carries ? subjects * carriedShare : subjects);
  const onDone = (itemId: string): void => options.onChunk?.(++done, total, itemId);
  const closed =
    threads.count > 1 ? await besideThreads(work, { snapshotId, catalogue, threads, carries, freeze, onDone }) : await freeze();
  const names = [...work.shards.keys()];
  const onChunk = async (itemId: string): Promise<void> => options.onChunk?.(total - (await openShards(db, step, names)), total, itemId);
  for (let waitedMs = 0; ; waitedMs += 250) {
    await workThrough(work, closed, work.groups, onChunk);
    const left = await openShards(db, step, names);
    if (left === 0) {
      await finish(db, options, plan);
      return 0;
    }
    if (waitedMs >= (options.patienceMs ?? 2 * own.leaseMs)) return left;
    await new Promise((resolve) => setTimeout(resolve, 250));
    if (await transaction(db, async (tx) => !(await chunkIsOpen(tx, { runId, itemId: '' })))) return 0;
  }
};

const finish = async (db: Db, options: RunOptions & { readonly failpoint: Failpoint }, plan: Planned): Promise<void> => {
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
