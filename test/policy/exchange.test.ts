// Conditions as plain json-rules-engine JSON: there and back again, held against the engine itself, refusals with their place.
import fc from 'fast-check';
import { Engine } from 'json-rules-engine';
import { describe, expect, it } from 'vitest';
import { exportConditions, importConditions, standardOperators } from '../../src/policy/exchange.ts';
import type { Condition } from '../../src/rule/condition.ts';
import { operators } from '../../src/rule/operators.ts';

const value = fc.oneof(
  fc.integer(),
  fc.string({ maxLength: 5 }),
  fc.boolean(),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.record({ fact: fc.constant('other') }),
);
const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined });
const stripped = <T extends object>(o: T): T => Object.fromEntries(Object.entries(o).filter(([, v]) => v !== undefined)) as T;
const extras = {
  text: some(fc.string({ minLength: 1, maxLength: 8 })),
  clause: some(fc.constant('第三条')),
  covers: some(fc.constant(['/conditions/0'])),
};

const { tree } = fc.letrec<{ tree: Condition }>((tie) => {
  const children = fc.array(tie('tree'), { minLength: 1, maxLength: 3 });
  return {
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc
        .record({
          fact: fc.constantFrom('age', 'spouse.hukouRegion', '年龄'),
          operator: fc.constantFrom(...operators.keys()),
          value,
          on: some(fc.constantFrom('start' as const, 'any' as const)),
          checkAt: some(fc.constantFrom('match' as const, 'payment' as const)),
          ...extras,
        })
        .map(stripped),
      fc.record({ all: children, ...extras }).map(stripped),
      fc.record({ any: children, ...extras }).map(stripped),
      fc.record({ not: tie('tree'), text: extras.text }).map(stripped),
    ) as fc.Arbitrary<Condition>,
  };
});

const back = (json: unknown): unknown => {
  const read = importConditions(JSON.parse(JSON.stringify(json)));
  return read.ok ? read.conditions : read.problems;
};
const codes = (json: unknown): readonly string[] => {
  const read = importConditions(json);
  return read.ok ? [] : read.problems.map((p) => `${p.code} ${p.at}`);
};

describe('conditions there and back again', () => {
  it('are the same', () => {
    fc.assert(
      fc.property(tree, (c) => {
        const wanted = 'fact' in c ? { all: [c] } : c;
        expect(back(exportConditions(c).conditions)).toEqual(wanted);
      }),
      { numRuns: 300, seed: 9 },
    );
  });
  it('are taken by json-rules-engine as they stand, its own operators needing nothing more', async () => {
    const { conditions, customOperators } = exportConditions({
      all: [
        { fact: 'age', operator: 'greaterThanInclusive', value: 80, text: '年满80', clause: '第二条' },
        {
          any: [
            { fact: 'kind', operator: 'in', value: ['a', 'b'] },
            { not: { fact: 'limit', operator: 'lessThan', value: { fact: 'age' } } },
          ],
        },
      ],
    });
    expect(customOperators).toEqual([]);
    const engine = new Engine();
    engine.addRule({ conditions: conditions as never, event: { type: 'due' } });
    const due = async (facts: Record<string, unknown>) => (await engine.run(facts)).events.length;
    expect([
      await due({ age: 81, kind: 'a', limit: 5 }),
      await due({ age: 79, kind: 'a', limit: 5 }),
      await due({ age: 81, kind: 'c', limit: 5 }),
    ]).toEqual([1, 0, 0]);
  });
  it('lists every operator the other side must register', () => {
    const names = [...operators.keys()];
    const { customOperators } = exportConditions({ any: names.map((operator) => ({ fact: 'age', operator, value: 1 })) });
    expect(customOperators.map((o) => o.name)).toEqual(names.filter((n) => !standardOperators.has(n)).sort());
    expect(customOperators.every((o) => /[\u4e00-\u9fff]/.test(o.reading))).toBe(true);
    const engine = new Engine() as unknown as { operators: { operators: Map<string, unknown> } };
    expect(new Set(engine.operators.operators.keys())).toEqual(standardOperators);
  });
});

describe('bringing conditions in', () => {
  const leaf = { fact: 'age', operator: 'equal', value: 1 };
  it('takes a whole rule, a path of one step and a negated operator', () => {
    const read = importConditions({
      conditions: {
        all: [
          { ...leaf, path: '$.years' },
          { ...leaf, operator: 'not:in', value: [1] },
        ],
      },
      event: { type: 'x' },
      priority: 2,
    });
    expect(read).toEqual({
      ok: true,
      conditions: { all: [{ ...leaf, fact: 'age.years' }, { not: { fact: 'age', operator: 'in', value: [1] } }] },
      notes: ['event 不属于条件，没有带入。', 'priority 不属于条件，没有带入。'],
    });
  });
  it.each<[string, unknown, string]>([
    ['an empty group', { all: [] }, 'rule.exchange /all'],
    ['a condition that stands elsewhere', { all: [{ condition: 'old' }] }, 'rule.exchange /all/0/condition'],
    ['an operator of its own', { any: [{ ...leaf, operator: 'near' }] }, 'rule.exchange /any/0/operator'],
    ['a prefix', { any: [{ ...leaf, operator: 'everyFact:equal' }] }, 'rule.exchange /any/0/operator'],
    ['parameters', { not: { ...leaf, params: { unit: 'km' } } }, 'rule.exchange /not/params/unit'],
    ['a deep path', { all: [{ ...leaf, path: '$.a[0].b' }] }, 'rule.exchange /all/0/path'],
    ['no value', { all: [{ fact: 'age', operator: 'equal' }] }, 'rule.exchange /all/0'],
    ['two groups in one', { all: [leaf], any: [leaf] }, 'rule.exchange '],
    ['a text', 'age > 5', 'rule.shape '],
  ])('refuses %s', (_, json, expected) => {
    expect(codes(json).some((c) => c.startsWith(expected.trim()) || c === expected)).toBe(true);
  });
});
