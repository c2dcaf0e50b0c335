// Facts computed from one fact: what the kernel says of the column is what the plain decision says of the record, for every expression that is rewritten
// and for those that are not, on the days where calendars are odd.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays, type Day, day } from '../../src/base/day.ts';
import { fromInt } from '../../src/base/rational.ts';
import { kernelItem } from '../../src/match/batch.ts';
import { compileItem } from '../../src/policy/compile.ts';
import { decide } from '../../src/policy/decide.ts';
import type { Item } from '../../src/policy/item.ts';
import type { ResolvedRecord } from '../../src/record/resolve.ts';
import { recordSource } from '../../src/record/source.ts';
import type { DecisionPeriod } from '../../src/rule/facts.ts';
import { emptyBitmap, hasBit, setBit } from '../../src/snapshot/bitmap.ts';
import { type Column, columnBuilder, finishColumn, pushRow } from '../../src/snapshot/columns.ts';
import { computedFrom } from '../../src/snapshot/computed.ts';
import { type Block, openKernel } from '../../src/snapshot/kernel.ts';
import { type Packable, pack, unpack } from '../../src/snapshot/pack.ts';
import { itemOf } from '../match/ground.ts';
import { somePeriod, someRecord, world, worldFacts } from './world.ts';

const blockOf = (records: readonly ResolvedRecord[]): Block => {
  const present = emptyBitmap(records.length);
  records.forEach((_, i) => void setBit(present, i));
  const columns = new Map(
    [...worldFacts.values()].map((fact) => {
      const builder = columnBuilder(fact);
      for (const record of records) pushRow(builder, record.facts[fact.key]);
      return [fact.key, builder.told === 0 ? null : unpack<Column>(pack(finishColumn(builder) as unknown as Packable))] as const;
    }),
  );
  return { rows: records.length, present, column: (fact) => columns.get(fact) ?? null };
};

/** By expression: whether it is answered from the column, and in steps. */
const expressions: readonly (readonly [feel: string, kind: 'number' | 'date' | 'boolean', answered: 'steps' | 'column' | 'row'])[] = [
  ['age at(born, period.end)', 'number', 'steps'],
  ['age at(born, @"2025-02-28")', 'number', 'steps'],
  ['age at(born, @"2028-02-29") - 1', 'number', 'steps'],
  ['months between(born, period.end)', 'number', 'steps'],
  ['months between(@"2024-02-29", born)', 'number', 'steps'],
  ['born.year - 2020', 'number', 'steps'],
  ['10 - year(born)', 'number', 'steps'],
  ['end of month(born)', 'date', 'steps'],
  ['age at(bornThen, period.end)', 'number', 'steps'],
  ['days between inclusive(born, period.end)', 'number', 'column'],
  ['months touched(born, period.end)', 'number', 'column'],
  ['age at(period.end, born) + age at(born, period.end)', 'number', 'column'],
  ['if born = null then 3 else months between(born, @"2026-03-31")', 'number', 'column'],
  ['born > @"2025-06-15" and born.month = 2', 'boolean', 'column'],
  ['income * 2 - 1', 'number', 'column'],
  ['if kind in ("甲", "乙") then 2 else 20', 'number', 'column'],
  ['if kindThen = "甲" then 2 else 20', 'number', 'column'],
  ['age + income', 'number', 'row'],
  ['age * parameter("floor")', 'number', 'row'],
  ['count(children)', 'number', 'row'],
];
const operators = {
  number: ['equal', 'notEqual', 'in', 'lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive', 'between', 'absent'],
  date: ['equal', 'before', 'onOrAfter', 'withinLast', 'absent'],
  boolean: ['equal', 'notEqual', 'absent'],
} as const;

const figure = fc.constantFrom(-14, -1, 0, 1, 2, 3, 5, 6, 12, 20);
const required = (kind: keyof typeof operators, operator: string): fc.Arbitrary<unknown> => {
  if (operator === 'absent' || kind === 'boolean') return fc.boolean();
  if (kind === 'date') return operator === 'withinLast' ? fc.constant('P1Y') : fc.constantFrom('2025-02-28', '2026-01-31', '2024-02-29');
  if (operator === 'in') return fc.array(figure, { minLength: 1, maxLength: 3 });
  return operator === 'between' ? fc.tuple(figure, figure).map(([from, upTo]) => ({ from, upTo })) : figure;
};

const asking = (feel: string, leaf: object, period: Item['period'], more: Item['facts'] = {}): Item =>
  itemOf('computed', {
    period,
    facts: { worth: { text: '算出', feel }, ...more },
    conditions: { all: [{ fact: 'worth', ...leaf } as never] },
  });

const kindOf = (period: DecisionPeriod): Item['period'] => period.kind as Item['period'];

describe('a fact computed from one fact', () => {
  it('is answered from the column as `decide` answers, on both kinds of sets', () => {
    let [asked, yes, no] = [0, 0, 0];
    const one = fc.constantFrom(...expressions).chain(([feel, kind, answered]) =>
      fc.constantFrom(...operators[kind]).chain((operator) =>
        fc.record({
          feel: fc.constant(feel),
          answered: fc.constant(answered),
          leaf: fc.record({
            operator: fc.constant(operator),
            value: required(kind, operator),
          }),
        }),
      ),
    );
    fc.assert(
      fc.property(
        fc.array(one, { minLength: 3, maxLength: 3 }),
        fc.array(someRecord, { minLength: 30, maxLength: 30 }),
        somePeriod,
        (all, records, period) => {
          const block = blockOf(records);
          const [kernel, plain] = [openKernel(block), openKernel(block, 'plain')];
          for (const { feel, leaf, answered } of all) {
            const compiled = compileItem(asking(feel, leaf, kindOf(period)), world);
            const question = kernelItem(compiled, period, { catalogue: world });
            const { surely, possibly } = kernel.match(question);
            expect(plain.match(question)).toEqual({ surely, possibly });
            const doubtful = kernel.doubtful(question);
            for (const [row, record] of records.entries()) {
              const { truth } = decide(compiled, recordSource(record, { catalogue: world, purpose: compiled.item }), period).trace;
              if (truth === true) expect(hasBit(possibly, row)).toBe(true);
              if (truth !== true) expect(hasBit(surely, row)).toBe(false);
              if (hasBit(doubtful, row)) continue;
              expect({ feel, leaf, truth: hasBit(surely, row) ? true : hasBit(possibly, row) ? null : false }).toEqual({
                feel,
                leaf,
                truth,
              });
              expect(answered).not.toBe('row');
              asked++;
              if (truth === true) yes++;
              if (truth === false) no++;
            }
          }
          kernel.close();
          plain.close();
        },
      ),
      { seed: 5, numRuns: 70 },
    );
    expect(asked).toBeGreaterThan(3000);
    expect(Math.min(yes, no)).toBeGreaterThan(500);
  });

  it('goes in steps only where the steps are the expression, on every day of four centuries', () => {
    const period: DecisionPeriod = {
      kind: 'monthly',
      key: '2024-02',
      start: day('2024-02-01'),
      end: day('2024-02-29'),
      knownAt: day('2024-02-20'),
    };
    for (const [feel, kind, answered] of expressions) {
      const leaf = { operator: 'absent', value: kind === 'boolean' };
      const { plan, register } = compileItem(asking(feel, leaf, 'monthly'), world);
      const fact = (name: string) => (register === 'citizen' ? (worldFacts.get(name) ?? null) : null);
      const computed = computedFrom('worth', { computed: plan.itemFacts, fact }, period);
      expect({ feel, answered: computed === null ? 'row' : computed.steps() === null ? 'column' : 'steps' }).toEqual({ feel, answered });
      const steps = computed?.steps();
      if (computed === null || steps === null || steps === undefined) continue;
      let [step, apart] = [0, 0];
      for (let epochDay = steps.from[0] as number; epochDay <= steps.end; epochDay++) {
        while ((steps.from[step + 1] ?? Number.POSITIVE_INFINITY) <= epochDay) step++;
        // Every day near a step, and one in a few beside.
        const near = Math.min(epochDay - (steps.from[step] as number), (steps.from[step + 1] ?? steps.end) - epochDay) < 2;
        if (!near && epochDay % 61 !== 0) continue;
        const worth = computed.of({ kind: 'date', epochDay });
        if (JSON.stringify(worth, bigints) !== JSON.stringify(steps.values[step], bigints)) apart++;
      }
      expect({ feel, apart }).toEqual({ feel, apart: 0 });
    }
  });

  it('knows a chain of computed facts, not one that reads two facts', () => {
    const period: DecisionPeriod = {
      kind: 'monthly',
      key: '2026-01',
      start: day('2026-01-01'),
      end: day('2026-01-31'),
      knownAt: day('2026-01-20'),
    };
    const names = (more: Item['facts']) => {
      const compiled = compileItem(asking('older + 1', { operator: 'greaterThan', value: 3 }, 'monthly', more), world);
      return { computed: compiled.plan.itemFacts, fact: (name: string) => worldFacts.get(name) ?? null };
    };
    const chained = computedFrom('worth', names({ older: { text: '岁', feel: 'age at(born, period.end)' } }), period);
    expect(chained?.fact.key).toBe('born');
    expect(chained?.of({ kind: 'date', epochDay: 0 })).toEqual(fromInt(57));
    expect(computedFrom('worth', names({ older: { text: '和', feel: 'age at(born, period.end) + age' } }), period)).toBeNull();
  });

  it('leaves a day beyond all steps to the expression', () => {
    const odd: readonly Day[] = [day('0001-01-01'), day('9999-12-31'), day('1946-01-31'), addDays(day('1946-01-31'), 1)];
    const records = odd.map((v, i) => ({
      ...(fc.sample(someRecord, { seed: 1, numRuns: 1 })[0] as ResolvedRecord),
      ordinal: i,
      facts: {
        born: { cells: [{ v, dataset: 'base', asOf: day('2026-01-10') }] },
        deathDate: { cells: [{ v: null, dataset: 'base', asOf: day('2026-01-10') }] },
      },
    }));
    const period: DecisionPeriod = {
      kind: 'monthly',
      key: '2026-01',
      start: day('2026-01-01'),
      end: day('2026-01-31'),
      knownAt: day('2026-01-31'),
    };
    const compiled = compileItem(asking('age at(born, period.end)', { operator: 'greaterThanInclusive', value: 80 }, 'monthly'), world);
    const kernel = openKernel(blockOf(records));
    const { surely } = kernel.match(kernelItem(compiled, period, { catalogue: world }));
    expect(odd.map((_, row) => hasBit(surely, row))).toEqual([true, false, true, false]);
    kernel.close();
  });
});

const bigints = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
