// What the bench prints, row by row. Engines are compared within one process run on the same rows; every ratio stands on equal hits, or the bench fails.
import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { Worker } from 'node:worker_threads';
import type { Block } from '../snapshot/kernel.ts';
import { kernelItems, passOver } from './kernel.ts';
import { peakBytes } from './memory.ts';
import { blockAt, blocksFor, type Rule, rawValues, rulesFor, specs } from './synthetic.ts';

export interface Row {
  readonly measure: string;
  readonly workload: 'synthetic';
  readonly engine: string;
  readonly rows: number;
  readonly items: number;
  readonly ms: number;
  readonly decisionsPerSecond: number;
  readonly hits: number;
  /** How many times faster the kernel is than this engine, or the quotient the measure names; null: it is the measure itself. */
  readonly ratio: number | null;
  /** Where memory is what is measured: the process's peak. */
  readonly rssBytes?: number;
}

/** What `test/bench/peers.mjs` is given: one column of a block, small ones as bytes. */
export interface PeerColumn {
  readonly key: string;
  readonly small: boolean;
  readonly names: boolean;
  readonly flag: boolean;
  readonly data: Int32Array;
  readonly unknown: Uint8Array;
}
type Peer = (
  rules: readonly Rule[],
  blocks: readonly (readonly PeerColumn[])[],
  rows: number,
) => Promise<{ readonly ms: number; readonly hits: readonly number[] }>;
export interface Peers {
  readonly duckdb: Peer;
  readonly jsonRulesEngine: Peer;
  readonly zen: Peer;
}

type Questions = ReturnType<typeof kernelItems>;
type Blocks = readonly { readonly number: number; readonly block: Block }[];
const blocksOf = (rows: number): Blocks =>
  Array.from({ length: blocksFor(rows) }, (_, number) => ({ number, block: blockAt(number, rows) }));

const rowOf = (measure: string, engine: string, rows: number, items: number, ms: number, hits: number, ratio: number | null): Row => ({
  measure,
  workload: 'synthetic',
  engine,
  rows,
  items,
  ms: Math.round(ms * 10) / 10,
  decisionsPerSecond: Math.round((rows * items * 1000) / ms),
  hits,
  ratio: ratio === null ? null : Math.round(ratio * 100) / 100,
});

const timed = <T>(work: () => T): { readonly ms: number; readonly out: T } => {
  const began = performance.now();
  const out = work();
  return { ms: performance.now() - began, out };
};
/** The same with this thread's processor time, µs: what the work itself took, whoever else had the machine. */
const spent = <T>(work: () => T): { readonly ms: number; readonly out: T; readonly processor: number } => {
  const before = process.threadCpuUsage();
  const found = timed(work);
  const { user, system } = process.threadCpuUsage(before);
  return { ...found, processor: user + system };
};
interface Spent {
  readonly ms: number;
  readonly processor: number;
}
/** Processor time together; the clock's where it was too little to be counted. */
const sumOf = (all: readonly Spent[]): number => {
  const processor = all.reduce((sum, one) => sum + one.processor, 0);
  return processor > 20_000 ? processor : all.reduce((sum, one) => sum + one.ms * 1000, 0);
};
/** The middle of several: one is disturbed by whatever else the machine does. */
const passes = 15;
/** The first pass makes the lanes; the next ones run on code that is still being optimised. */
const warmUp = 3;
const middle = <T>(work: () => T): { readonly ms: number; readonly out: T } =>
  Array.from({ length: passes }, () => timed(work)).sort((a, b) => a.ms - b.ms)[passes >> 1] as { ms: number; out: T };

/** Hits per item among the first `rows` rows. */
const hitsAmong = (blocks: Blocks, rules: readonly Rule[], rows: number): number[] => {
  const hits = rules.map(() => 0);
  passOver(blocks, kernelItems(rules), 'simd', (item, found) => {
    for (const row of found) if (row < rows) hits[item] = (hits[item] as number) + 1;
  });
  return hits;
};

const held = (engine: string, ours: readonly number[], theirs: readonly number[]): void => {
  const at = ours.findIndex((n, i) => n !== theirs[i]);
  if (at >= 0) throw new Error(`${engine}: item ${at} has ${theirs[at]} hits, the kernel ${ours[at]}`);
};

/**
 * The many in turns with the few, so that whatever else the machine does meets both. The quotient is of processor time: of two passes of which one takes seven
 * times as long, the clock charges other programs to the longer one.
 */
const byTurns = (
  blocks: Blocks,
  few: Questions,
  many: Questions,
): { readonly ms: number; readonly hits: number; readonly ratio: number } => {
  const clocked = (questions: Questions) => spent(() => passOver(blocks, questions, 'simd'));
  passOver(blocks, many, 'simd');
  // Ten short ones to a long one: what the system counts of a few milliseconds is coarse.
  const turns = Array.from({ length: 5 }, () => ({ short: Array.from({ length: 10 }, () => clocked(few)), long: clocked(many) }));
  const short = turns.flatMap((turn) => turn.short);
  const long = turns.map((turn) => turn.long);
  const sorted = long.map((one) => one.ms).sort((a, b) => a - b);
  return { ms: sorted[2] as number, hits: long[0]?.out.hits ?? 0, ratio: (sumOf(long) / sumOf(short)) * (short.length / long.length) };
};

interface Pair {
  readonly ms: number;
  /** Processor time of the thread that took longer. */
  readonly cpuMs: number;
  readonly hits: number;
}

interface Tried {
  readonly ms: number;
  /** Of each thread. */
  readonly cpuMs: readonly number[];
  readonly hits: number;
}

/** A pass is some 70 ms: waking a thread for each would be a good part of what is measured, so each is told to make several in a row. */
const passesAtOnce = 8;

/** One thread over all blocks, then two that share them, in turns: a disturbance meets both. Started, with their blocks made, before the clock runs. */
const onThreads = async (rows: number, items: number): Promise<{ readonly one: Pair; readonly two: Pair }> => {
  const numbers = Array.from({ length: blocksFor(rows) }, (_, i) => i);
  const open = () => new Worker(new URL('./thread.ts', import.meta.url), { workerData: { numbers, rows, items } });
  const both = [open(), open()];
  const alone = both.slice(0, 1);
  await Promise.all(both.map((thread) => once(thread, 'message')));
  const pass = async (threads: readonly Worker[]): Promise<Tried> => {
    const began = performance.now();
    const answers = threads.map((thread) => once(thread, 'message'));
    const taken = new Int32Array(new SharedArrayBuffer(4 * passesAtOnce));
    for (const [i, thread] of threads.entries()) thread.postMessage({ taken, from: i === 0 ? 'first' : 'last' });
    const found = (await Promise.all(answers)) as [{ hits: number; cpuMs: number }][];
    const ms = (performance.now() - began) / passesAtOnce;
    const each = found.map(([one]) => ({ cpuMs: one.cpuMs / passesAtOnce, hits: one.hits / passesAtOnce }));
    return { ms, cpuMs: each.map((one) => one.cpuMs), hits: each.reduce((sum, one) => sum + one.hits, 0) };
  };
  const tries: { readonly one: Tried; readonly two: Tried }[] = [];
  for (let i = 0; i < passes + warmUp; i++) tries.push({ one: await pass(alone), two: await pass(both) });
  for (const thread of both) thread.postMessage({ taken: new Int32Array() });
  const kept = tries.slice(warmUp);
  const middleOf = (which: 'one' | 'two'): Pair => {
    const own = kept.map((turn) => turn[which]);
    const ms = own.map((one) => one.ms).sort((a, b) => a - b)[passes >> 1] as number;
    // Of each thread over all its passes: what the system counts of one pass is coarse.
    const each = own[0]?.cpuMs.map((_, thread) => own.reduce((sum, one) => sum + (one.cpuMs[thread] as number), 0) / own.length) ?? [];
    return { ms, cpuMs: Math.max(...each), hits: own[0]?.hits ?? 0 };
  };
  return { one: middleOf('one'), two: middleOf('two') };
};

const peerBlocks = (rows: number): readonly (readonly PeerColumn[])[] =>
  Array.from({ length: blocksFor(rows) }, (_, number) => {
    const own = Math.min(65_536, rows - number * 65_536);
    return specs.map(
      (spec): PeerColumn => ({
        key: spec.key,
        small: spec.size <= 256,
        names: spec.type === 'category',
        flag: spec.type === 'boolean',
        ...rawValues(spec, number, own),
      }),
    );
  });

/** Row-at-a-time engines are slow: so many rows of the first block are enough to know how slow. */
const peerRows = { jsonRulesEngine: 400, zen: 1000 } as const;

/** `tell` is given each row as it is known. `peers` null: only our own implementations. */
export const benchKernel = async (
  ask: { readonly rows: number; readonly items: number; readonly peers: Peers | null },
  tell: (row: Row) => void,
): Promise<void> => {
  const { rows, items } = ask;
  const rules = rulesFor(items);
  const questions = kernelItems(rules);
  const blocks = blocksOf(rows);
  const first = timed(() => passOver(blocks, questions, 'simd'));
  tell(rowOf('kernel, lanes made', 'zhixiang simd', rows, items, first.ms, first.out.hits, null));
  const simd = middle(() => passOver(blocks, questions, 'simd'));
  tell(rowOf('kernel, one thread', 'zhixiang simd', rows, items, simd.ms, simd.out.hits, null));
  const perDecision = simd.ms / (rows * items);
  const against = (measure: string, engine: string, n: number, ms: number, hits: number): void =>
    tell(rowOf(measure, engine, n, items, ms, hits, ms / (n * items) / perDecision));

  const few = blocks.slice(0, 4);
  const fewRows = few.reduce((sum, { block }) => sum + block.rows, 0);
  const plain = timed(() => passOver(few, questions, 'plain'));
  held('plain', [passOver(few, questions, 'simd').hits], [plain.out.hits]);
  against('kernel, plain loops', 'zhixiang plain', fewRows, plain.ms, plain.out.hits);

  const thousand = byTurns(blocks, questions, kernelItems(rulesFor(1000)));
  tell(rowOf('1,000 items against these', 'zhixiang simd', rows, 1000, thousand.ms, thousand.hits, thousand.ratio));

  const { one, two } = await onThreads(rows, items);
  held('two threads', [simd.out.hits, simd.out.hits], [one.hits, two.hits]);
  tell(rowOf('two threads against one', 'zhixiang simd', rows, items, two.ms, two.hits, one.ms / two.ms));
  // Where others have the machine too, the clock shows them; processor time shows what the threads cost each other (memory, caches, clock rate).
  tell(
    rowOf(
      'two threads against one, processor time',
      'zhixiang simd',
      rows,
      items,
      two.cpuMs,
      two.hits,
      two.cpuMs > 0 ? one.cpuMs / two.cpuMs : one.ms / two.ms,
    ),
  );

  if (ask.peers === null) return;
  const columns = peerBlocks(rows);
  const duckdb = await ask.peers.duckdb(rules, columns, rows);
  held('duckdb', hitsAmong(blocks, rules, rows), duckdb.hits);
  const sum = (hits: readonly number[]): number => hits.reduce((a, b) => a + b, 0);
  against('peer, one thread', 'duckdb 1.5.4', rows, duckdb.ms, sum(duckdb.hits));
  for (const [name, engine] of [
    ['jsonRulesEngine', 'json-rules-engine 7'],
    ['zen', 'zen-engine 0.54'],
  ] as const) {
    const n = Math.min(rows, peerRows[name]);
    const found = await ask.peers[name](rules, columns, n);
    held(engine, hitsAmong(few.slice(0, 1), rules, n), found.hits);
    against('peer, one thread', engine, n, found.ms, sum(found.hits));
  }
};

/** Blocks come and go, as when a population does not fit: time per row must stay, memory must not grow. */
export const benchStreamed = (rows: number, items: number, tell: (row: Row) => void): void => {
  const questions = kernelItems(rulesFor(items));
  let hits = 0;
  const found: Spent[] = [];
  const count = blocksFor(rows);
  for (let number = 0; number < count; number++) {
    const block = blockAt(number, rows);
    const one = spent(() => passOver([{ number, block }], questions, 'simd'));
    found.push({ ms: one.ms, processor: one.processor });
    hits += one.out.hits;
  }
  const ms = found.reduce((sum, one) => sum + one.ms, 0);
  const first = found.slice(0, Math.ceil(count / 10));
  const row = rowOf(
    'streamed, time per row against its first tenth',
    'zhixiang simd',
    rows,
    items,
    ms,
    hits,
    sumOf(found) / count / (sumOf(first) / first.length),
  );
  tell({ ...row, rssBytes: peakBytes() });
};
