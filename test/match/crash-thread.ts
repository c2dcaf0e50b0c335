// A thread of a run that dies at a named place, in one of the ways threads die: the entry the crash tests give to a run.
import { workerData } from 'node:worker_threads';
import type { Failpoint } from '../../src/db/failpoint.ts';
import { workAsThread } from '../../src/match/thread-work.ts';
import type { ThreadTask } from '../../src/match/threads.ts';

export interface Crash {
  readonly name: string;
  readonly how: 'exit' | 'memory' | 'uncaught';
  /** In every thread, not only in the first two. */
  readonly always: boolean;
}

const task = workerData as ThreadTask & { readonly extra?: Crash };

const die = (how: Crash['how']): Promise<void> => {
  if (how === 'exit') process.exit(3);
  if (how === 'uncaught')
    setImmediate(() => {
      throw new Error('nobody catches this');
    });
  else for (const held: unknown[] = []; ; ) held.push(Array.from({ length: 10_000 }, (_, i) => ({ i })));
  // Nothing more is done here: the thread ends in its own time.
  return new Promise(() => undefined);
};

const at: Failpoint = (name) => {
  const { extra } = task;
  if (extra === undefined || name !== extra.name || !(extra.always || task.thread.endsWith('.0'))) return undefined;
  return die(extra.how);
};

await workAsThread(task, at);
