// One thread of the kernel's bench: makes the blocks, and passes over them as often as told. Two share each pass from its two ends until they meet: whoever is
// held up does less, as with leases, and each sees the same blocks again and again, as if it had only these.
import { parentPort, workerData } from 'node:worker_threads';
import { kernelItems, passOver } from './kernel.ts';
import { blockAt, rulesFor } from './synthetic.ts';

interface Ordered {
  readonly numbers: readonly number[];
  readonly rows: number;
  readonly items: number;
}
const { numbers, rows, items } = workerData as Ordered;
const blocks = numbers.map((number) => ({ number, block: blockAt(number, rows) }));
const questions = kernelItems(rulesFor(items));

interface Told {
  /** How many blocks were taken so far, of each pass. */
  readonly taken: Int32Array;
  readonly from: 'first' | 'last';
}

const onePass = (taken: Int32Array, pass: number, from: Told['from']): number => {
  let hits = 0;
  for (let own = 0; Atomics.add(taken, pass, 1) < blocks.length; own++) {
    const block = blocks.at(from === 'first' ? own : -1 - own) as (typeof blocks)[number];
    hits += passOver([block], questions, 'simd').hits;
  }
  return hits;
};

parentPort?.on('message', ({ taken, from }: Told) => {
  if (taken.length === 0) process.exit(0);
  const before = process.threadCpuUsage();
  let hits = 0;
  for (let pass = 0; pass < taken.length; pass++) hits += onePass(taken, pass, from);
  const { user, system } = process.threadCpuUsage(before);
  // Processor time of this thread alone: what it took, whoever else had the machine.
  parentPort?.postMessage({ hits, cpuMs: (user + system) / 1000 });
});
parentPort?.postMessage('ready');
