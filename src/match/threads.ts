// A run on several threads of this process. Each is a worker like any other, with a connection and a frame of its own; one that dies (out of memory,
// process.exit in a library) takes nothing with it: its lease is let go at once, its chunk is decided again, and another thread takes its place.
import { Worker } from 'node:worker_threads';
import { fail, type Problem, ProblemError } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { releaseOwned } from '../db/work.ts';
import { type Share, shareOf } from '../vault/hold.ts';
import type { PlannedItem } from './plan.ts';
import type { TargetData } from './targets.ts';
import { ownerName, step, type Work, type WorkOptions } from './work.ts';

/** What a thread is given: everything as plain data. */
export interface ThreadTask {
  readonly share: Share;
  readonly runId: string;
  readonly snapshotId: string;
  readonly ledgerCut: bigint;
  readonly catalogue: Catalogue;
  /** Items without ranks and pools: those are decided where they were frozen. */
  readonly planned: readonly PlannedItem[];
  readonly options: Pick<WorkOptions, 'at' | 'actor' | 'leaseMs' | 'afresh'>;
  /** Its number, of how many, and its name in the work table. */
  readonly mine: number;
  readonly workers: number;
  readonly thread: string;
  readonly elapsedMs: number;
  /** For a test's own entry. */
  readonly extra?: unknown;
}

/** What a thread is told once it is known, while it gets ready: where links lead. */
export type ThreadTargets = readonly TargetData[];

/** What a thread says: a chunk done, or the error that ended it. */
export type ThreadWord = { readonly chunk: string } | { readonly problems: readonly Problem[] } | { readonly error: string };

export interface Threads {
  readonly count: number;
  /** The threads' program; only a test has another one. */
  readonly entry?: URL;
  readonly extra?: unknown;
  /** What a thread may hold before it dies alone instead of taking the process along; default 1 GB. */
  readonly heapMb?: number;
}

/** Beyond this something is wrong with the chunk or the machine, and trying on would not end. */
const mostCrashes = 5;

const usualHeapMb = 1024;

type Ended =
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly error: Error }
  | { readonly kind: 'crashed'; readonly why: string };

const runOne = (
  threads: Threads,
  task: ThreadTask,
  onChunk: (itemId: string) => void,
): { readonly worker: Worker; readonly ended: Promise<Ended> } => {
  const worker = new Worker(threads.entry ?? new URL('./thread.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: threads.heapMb ?? usualHeapMb, maxYoungGenerationSizeMb: 32 },
  });
  let failed: Error | null = null;
  let why = '';
  worker.on('message', (word: ThreadWord) => {
    if ('chunk' in word) onChunk(word.chunk);
    else failed = 'problems' in word ? new ProblemError(word.problems) : new Error(word.error);
  });
  worker.on('error', (error) => {
    why = error.message;
  });
  const ended = new Promise<Ended>((resolve) => {
    worker.once('exit', (code) => {
      if (failed !== null) resolve({ kind: 'failed', error: failed });
      else if (code === 0 && why === '') resolve({ kind: 'done' });
      else resolve({ kind: 'crashed', why: why === '' ? `exit ${code}` : why });
    });
  });
  return { worker, ended };
};

/** False: the database of this handle cannot be opened again, so no thread can share in the work. Throws what a thread threw. */
export const workInThreads = async (
  work: Work,
  /** `carries`: few rows are looked at, no register need be held whole for the links they name, and whoever asks takes the last share of the work. */
  rest: { readonly snapshotId: string; readonly catalogue: Catalogue; readonly carries: boolean },
  threads: Threads,
  onChunk: (itemId: string) => void,
): Promise<boolean> => {
  const share = shareOf(work.db);
  if (share === null) return false;
  const planned = [...work.compiled.keys()];
  const { at, actor, leaseMs, afresh = false } = work.options;
  const common = {
    share,
    runId: work.runId,
    snapshotId: rest.snapshotId,
    ledgerCut: work.ledgerCut,
    catalogue: rest.catalogue,
    planned,
    options: { at, actor, leaseMs, afresh },
    workers: threads.count,
    ...(threads.extra === undefined ? {} : { extra: threads.extra }),
  };
  // Read while the threads load their program and the items, which takes them as long.
  const targets: Promise<ThreadTargets> = rest.carries ? Promise.resolve([]) : work.frame.targets();
  const alive = new Set<Worker>();
  let crashes = 0;
  const lane = async (mine: number): Promise<void> => {
    for (let turn = 0; ; turn++) {
      const thread = `thread-${mine}.${turn}`;
      const { worker, ended } = runOne(threads, { ...common, mine, thread, elapsedMs: work.now().getTime() - at.getTime() }, onChunk);
      alive.add(worker);
      worker.postMessage(await targets);
      const end = await ended;
      alive.delete(worker);
      if (end.kind === 'done') return;
      if (end.kind === 'failed') throw end.error;
      // Whatever it still had under way on the server proves its token at COMMIT or before: letting go early cannot double a chunk.
      const held = await releaseOwned(work.db, step, ownerName(thread), work.now());
      if (++crashes > mostCrashes)
        fail(
          'internal.thread',
          held[0] ?? '',
          `匹配的工作线程反复异常退出（${end.why}）。`,
          '本批次没有结束，已写入的结果完整；请把出错时间告诉管理员。',
        );
    }
  };
  const lanes = await Promise.allSettled(
    Array.from({ length: threads.count - (rest.carries ? 1 : 0) }, async (_, mine) => {
      try {
        await lane(mine);
      } catch (error) {
        // The others finish the chunk they are at or die in it; either leaves the run open and whole.
        for (const worker of alive) void worker.terminate();
        throw error;
      }
    }),
  );
  const failed = lanes.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return true;
};
