// The kernel rules nobody out and nobody in whom the plain decision would not: bitmaps against `decideCondition` over the plain reader.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withinTree } from '../../src/record/lookup.ts';
import type { ResolvedRecord } from '../../src/record/resolve.ts';
import { recordSource } from '../../src/record/source.ts';
import { checkCondition } from '../../src/rule/check.ts';
import type { Condition } from '../../src/rule/condition.ts';
import { decideCondition } from '../../src/rule/decide.ts';
import type { DecisionPeriod, Truth } from '../../src/rule/facts.ts';
import { leavesOf, type Ready } from '../../src/rule/ready.ts';
import { openSession, type Plan } from '../../src/rule/session.ts';
import { countBits, emptyBitmap, hasBit, rowsOf, setBit } from '../../src/snapshot/bitmap.ts';
import { type Column, columnBuilder, finishColumn, pushRow } from '../../src/snapshot/columns.ts';
import { type Block, type KernelItem, openKernel } from '../../src/snapshot/kernel.ts';
import { type Packable, pack, unpack } from '../../src/snapshot/pack.ts';
import { someCondition, somePeriod, someRecord, vocabulary, world, worldFacts } from './world.ts';

const plan: Plan = {
  find: vocabulary.find,
  inside: vocabulary.find,
  itemFacts: new Map(),
  closings: new Set(),
  links: new Map(),
  deathFact: 'deathDate',
  event: null,
  region: null,
};

const ready = (condition: Condition, period: DecisionPeriod): Ready | null => {
  const problems: string[] = [];
  const tree = checkCondition(condition, vocabulary, '/conditions', (code, at) => problems.push(`${code} ${at}`), {
    payment: true,
    hasStart: period.start !== null,
  });
  return problems.length === 0 ? tree : null;
};

const blockOf = (records: readonly (ResolvedRecord | null)[]): Block => {
  const present = emptyBitmap(records.length);
  records.forEach((r, i) => {
    if (r !== null) setBit(present, i);
  });
  const columns = new Map(
    [...worldFacts.values()].map((fact) => {
      const builder = columnBuilder(fact);
      for (const record of records) pushRow(builder, record?.facts[fact.key]);
      return [fact.key, builder.told === 0 ? null : unpack<Column>(pack(finishColumn(builder) as unknown as Packable))] as const;
    }),
  );
  return { rows: records.length, present, column: (fact) => columns.get(fact) ?? null };
};

const item = (conditions: Ready, period: DecisionPeriod): KernelItem => ({
  conditions,
  period,
  deathFact: 'deathDate',
  computed: new Map(),
  fact: (name) => worldFacts.get(name) ?? null,
  within: (tree, code, ancestor, on) => withinTree(world, tree, code, ancestor, on),
});

const plainly = (conditions: Ready, record: ResolvedRecord, period: DecisionPeriod): Truth =>
  decideCondition(
    conditions,
    openSession(plan, recordSource(record, { catalogue: world, purpose: { id: 'someone', mode: 'auto' } }), period),
  ).truth;

/** Leaves the kernel leaves to `decide`; without them its answer must be the whole answer. */
const isOpen = (conditions: Ready): boolean =>
  leavesOf(conditions).some(
    (l) => l.on === 'any' || l.on === 'every' || (l.operand.kind === 'fact' && !l.operand.fact.startsWith('period.')),
  );

describe.each(['simd', 'plain'] as const)('the kernel on %s sets', (bits) => {
  it('agrees with the plain decision on random conditions and records', () => {
    let [decided, settled] = [0, 0];
    fc.assert(
      fc.property(
        fc.array(someCondition, { minLength: 4, maxLength: 8 }),
        fc.array(fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 12, arbitrary: someRecord }), {
          minLength: 1,
          maxLength: 40,
          size: 'max',
        }),
        somePeriod,
        (conditions, records, period) => {
          const kernel = openKernel(blockOf(records), bits);
          for (const condition of conditions) {
            const tree = ready(condition, period);
            if (tree === null) continue;
            const asked = item(tree, period);
            const { surely, possibly } = kernel.match(asked);
            expect(kernel.count(asked)).toEqual({ surely: countBits(surely), possibly: countBits(possibly) });
            for (const [row, record] of records.entries()) {
              const answer = hasBit(surely, row) ? true : hasBit(possibly, row) ? null : false;
              if (record !== null) decided++;
              if (answer === null && record !== null && (isOpen(tree) || record.facts.deathDate?.cells?.[0]?.v)) continue;
              settled++;
              expect(answer).toBe(record === null ? false : plainly(tree, record, period));
            }
          }
          kernel.close();
        },
      ),
      { seed: 11, numRuns: 500 },
    );
    expect(decided).toBeGreaterThan(10_000);
    // Were most rows left open, the test would prove nothing.
    expect(settled / decided).toBeGreaterThan(0.7);
  });

  it('answers equal questions of several items once', () => {
    const kernel = openKernel(blockOf(fc.sample(someRecord, { seed: 3, numRuns: 40 })), bits);
    const period: DecisionPeriod = {
      kind: 'monthly',
      key: '2026-01',
      start: null,
      end: '2026-01-31' as never,
      knownAt: '2026-01-31' as never,
    };
    const tree = ready(
      { all: [{ fact: 'age', operator: 'lessThan', value: 3 }, { not: { fact: 'age', operator: 'lessThan', value: '3.0' } }] },
      period,
    ) as Ready;
    const { surely } = kernel.match(item(tree, period));
    expect(kernel.predicates).toBe(1);
    expect(countBits(surely)).toBe(0);
    expect(rowsOf(kernel.match(item(tree, period)).possibly)).toEqual(rowsOf(kernel.match(item(tree, period)).possibly));
  });
});
