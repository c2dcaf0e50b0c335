// One thread of the kernel's bench: makes its own share of the blocks, and passes over them as often as told.
import { parentPort, workerData } from 'node:worker_threads';
import { kernelItems, passOver } from './kernel.ts';
import { blockAt, rulesFor } from './synthetic.ts';

const { numbers, rows, items } = workerData as { readonly numbers: readonly number[]; readonly rows: number; readonly items: number };
const blocks = numbers.map((number) => ({ number, block: blockAt(number, rows) }));
const questions = kernelItems(rulesFor(items));
parentPort?.on('message', (times: number) => {
  if (times === 0) process.exit(0);
  const before = process.threadCpuUsage();
  let hits = 0;
  for (let i = 0; i < times; i++) hits += passOver(blocks, questions, 'simd').hits;
  const { user, system } = process.threadCpuUsage(before);
  // Processor time of this thread alone: what it took, whoever else had the machine.
  parentPort?.postMessage({ hits, cpuMs: (user + system) / 1000 });
});
parentPort?.postMessage('ready');
