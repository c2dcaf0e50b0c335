// A seal on several threads: whoever is free takes the next block. All read one moment, the seal's own. A thread that dies ends the seal: what it had written
// are segments nobody points to, found again by their hash.
import { Worker } from 'node:worker_threads';
import type { Day } from '../base/day.ts';
import { fail, type Problem, ProblemError } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Variant } from '../record/variant.ts';
import type { Share } from '../vault/hold.ts';
import type { Leaf } from './snapshot.ts';

export interface SealTask {
  readonly share: Share;
  /** Of the seal's reading transaction (`shareMoment`). */
  readonly moment: string;
  readonly catalogue: Catalogue;
  readonly knownAt: Day;
  readonly variants: readonly Variant[];
  readonly blocks: readonly { readonly register: string; readonly block: number }[];
}

export interface SealedBlock {
  readonly register: string;
  readonly subjects: number;
  readonly leaves: readonly Leaf[];
}

export type SealWord = SealedBlock | { readonly problems: readonly Problem[] } | { readonly error: string };

/** `next`: one number all threads count up together, the index of the block that nobody has taken yet. */
export type ThreadSeal = SealTask & { readonly next: Int32Array };

const oneThread = async (
  task: ThreadSeal,
  signal: AbortSignal | undefined,
  onBlock: (done: SealedBlock) => Promise<void>,
): Promise<void> => {
  const worker = new Worker(new URL('./seal-thread.ts', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 64 },
  });
  let told: Promise<void> = Promise.resolve();
  let failed: Error | null = null;
  worker.on('message', (word: SealWord) => {
    if ('leaves' in word) told = told.then(() => onBlock(word));
    else failed = 'problems' in word ? new ProblemError(word.problems) : new Error(word.error);
  });
  let why = '';
  worker.on('error', (error) => {
    why = error.message;
  });
  const end = () => void worker.terminate();
  signal?.addEventListener('abort', end);
  const code = await new Promise<number>((resolve) => worker.once('exit', resolve)).finally(() =>
    signal?.removeEventListener('abort', end),
  );
  await told;
  signal?.throwIfAborted();
  if (failed !== null) throw failed;
  if (code !== 0 || why !== '')
    fail('internal.thread', '', `封存的工作线程异常退出（${why === '' ? `exit ${code}` : why}）。`, '没有留下不完整的快照；请重新封存。');
};

/** `onBlock` is called for one block after the other. Aborted, the threads end at once, and it throws the reason. */
export const sealInThreads = async (
  task: SealTask,
  { count, signal }: { readonly count: number; readonly signal: AbortSignal | undefined },
  onBlock: (done: SealedBlock) => Promise<void>,
): Promise<void> => {
  signal?.throwIfAborted();
  const next = new Int32Array(new SharedArrayBuffer(4));
  let tail: Promise<void> = Promise.resolve();
  const inTurn = (done: SealedBlock): Promise<void> => {
    tail = tail.then(() => onBlock(done));
    return tail;
  };
  const ends = await Promise.allSettled(
    Array.from({ length: count }, async () => {
      try {
        await oneThread({ ...task, next }, signal, inTurn);
      } catch (error) {
        // Nobody takes another block.
        Atomics.store(next, 0, task.blocks.length);
        throw error;
      }
    }),
  );
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
};
