// The kernel on the synthetic workload: every item over every block, all hits written out. Columns lie in memory and so do their lanes, as they do from the
// second question on; how long the lanes took to make is told beside it.
import { type Day, day } from '../base/day.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { factType } from '../catalogue/env.ts';
import { checkCondition } from '../rule/check.ts';
import type { Vocabulary } from '../rule/vocabulary.ts';
import { blockRows } from '../snapshot/bitmap.ts';
import { type Block, type Kernel, type KernelItem, openKernel } from '../snapshot/kernel.ts';
import { conditionOf, facts, type Rule } from './synthetic.ts';

const factsByKey = new Map(facts.map((fact) => [fact.key, fact]));
const nothing: Catalogue = { registers: [], facts: [], datasets: [], trees: [], parameters: [], hash: 'bench' } as unknown as Catalogue;
const vocabulary: Vocabulary = {
  find: (name) => {
    const found = factsByKey.get(name);
    return found === undefined ? undefined : { name, label: name, type: factType(nothing, found), timed: false, kind: 'fact' };
  },
  names: facts.map((fact) => fact.key),
  hasCode: () => false,
  codeName: () => null,
};

const month = { kind: 'monthly', key: '2026-01', start: day('2026-01-01'), end: day('2026-01-31'), knownAt: day('2026-01-31') } as const;

/** Throws when a rule does not check: the workload is ours. */
export const kernelItems = (rules: readonly Rule[]): readonly KernelItem[] =>
  rules.map((rule, i) => {
    const problems: string[] = [];
    const conditions = checkCondition(conditionOf(rule), vocabulary, '', (code, at, message) => problems.push(`${code} ${at} ${message}`), {
      payment: false,
      hasStart: true,
    });
    if (conditions === null) throw new Error(`synthetic item ${i}: ${problems.join('; ')}`);
    return {
      conditions,
      period: month,
      deathFact: null,
      computed: new Map(),
      fact: (name) => factsByKey.get(name) ?? null,
      within: (_t, _c, _a, _d: Day) => null,
    };
  });

export interface Pass {
  readonly hits: number;
  /** Distinct questions of one block. */
  readonly predicates: number;
}

/** Where the hits of a block are written out, item after item; kept from block to block, as whoever reads them on would. */
let written = new Int32Array(1 << 20);
const write = (rows: Int32Array, at: number): void => {
  if (at + rows.length > written.length) {
    const before = written;
    written = new Int32Array(2 * (at + rows.length));
    written.set(before.subarray(0, at));
  }
  written.set(rows, at);
};

/** `take` is given each item's hits, block after block; good until the next. */
export const passOver = (
  blocks: readonly { readonly number: number; readonly block: Block }[],
  items: readonly KernelItem[],
  sets: 'simd' | 'plain',
  take?: (item: number, rows: Int32Array) => void,
): Pass => {
  let hits = 0;
  let predicates = 0;
  for (const { number, block } of blocks) {
    const kernel: Kernel = openKernel(block, sets);
    let own = 0;
    for (const [i, item] of items.entries()) {
      const rows = kernel.rows(item, number * blockRows);
      write(rows, own);
      own += rows.length;
      take?.(i, rows);
    }
    hits += own;
    predicates = Math.max(predicates, kernel.predicates);
    kernel.close();
  }
  return { hits, predicates };
};
