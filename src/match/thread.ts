// One thread of a run: opens the database for itself, works through its blocks, says each chunk it has done, and ends.
import { workerData } from 'node:worker_threads';
import { workAsThread } from './thread-work.ts';
import type { ThreadTask } from './threads.ts';

await workAsThread(workerData as ThreadTask);
