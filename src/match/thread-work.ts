// What a thread of a run does with its task.
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { parentPort } from 'node:worker_threads';
import { ProblemError } from '../base/problem.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import type { CompiledItem } from '../policy/compile.ts';
import { secondOpinion } from '../policy/second.ts';
import { openSnapshot } from '../snapshot/open.ts';
import { openShared } from '../vault/hold.ts';
import type { PlannedItem } from './plan.ts';
import { compiler } from './terms.ts';
import type { ThreadTargets, ThreadTask, ThreadWord } from './threads.ts';
import { inOrder, openWork, workThrough } from './work.ts';

const say = (word: ThreadWord): void => parentPort?.postMessage(word);

const targetsTold = async (): Promise<ThreadTargets> => {
  if (parentPort === null) return [];
  const [told] = (await once(parentPort, 'message')) as [ThreadTargets];
  return told;
};

/** Never throws: the error that ends it is said, and whatever was not said is a crash. */
export const workAsThread = async (task: ThreadTask, failpoint: Failpoint = nowhere): Promise<void> => {
  // One connection for the chunk's transaction, one to read blocks beside it.
  const database = await openShared(task.share, 2);
  try {
    const { db } = database;
    const { runId, ledgerCut, catalogue, planned, mine, workers, thread } = task;
    const snapshot = await openSnapshot(db, task.snapshotId);
    if (snapshot === null) throw new Error('snapshot gone');
    const compile = compiler(catalogue);
    const compiled = new Map<PlannedItem, CompiledItem>(planned.map((one) => [one, compile(one.version)]));
    const targets = await targetsTold();
    // A thread's own clock begins when it is started.
    const elapsedMs = task.elapsedMs + performance.now();
    const options = { ...task.options, opinion: secondOpinion, failpoint };
    const work = openWork(db, { runId, ledgerCut, snapshot, catalogue, compiled, targets, thread, elapsedMs }, options);
    await workThrough(work, new Map(), inOrder(work.groups, mine, workers), async (chunk) => say({ chunk }));
  } catch (error) {
    say(
      error instanceof ProblemError
        ? { problems: error.problems }
        : { error: error instanceof Error ? (error.stack ?? error.message) : 'thread failed' },
    );
  } finally {
    await database.close();
  }
};
