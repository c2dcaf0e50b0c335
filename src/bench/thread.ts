// One thread of the kernel's bench: makes the blocks, and takes one after the other from what all threads have in common, as runs do by leases, as often as told.
import { parentPort, workerData } from 'node:worker_threads';
import { kernelItems, passOver } from './kernel.ts';
import { blockAt, rulesFor } from './synthetic.ts';

const { numbers, rows, items } = workerData as { readonly numbers: readonly number[]; readonly rows: number; readonly items: number };
const blocks = numbers.map((number) => ({ number, block: blockAt(number, rows) }));
const questions = kernelItems(rulesFor(items));

interface Told {
  readonly times: number;
  /** How many blocks were taken so far, over all passes. */
  readonly taken: Int32Array;
}

parentPort?.on('message', ({ times, taken }: Told) => {
  if (times === 0) process.exit(0);
  const before = process.threadCpuUsage();
  let hits = 0;
  for (let one = Atomics.add(taken, 0, 1); one < times * blocks.length; one = Atomics.add(taken, 0, 1))
    hits += passOver([blocks[one % blocks.length] as (typeof blocks)[number]], questions, 'simd').hits;
  const { user, system } = process.threadCpuUsage(before);
  // Processor time of this thread alone: what it took, whoever else had the machine.
  parentPort?.postMessage({ hits, cpuMs: (user + system) / 1000 });
});
parentPort?.postMessage('ready');
