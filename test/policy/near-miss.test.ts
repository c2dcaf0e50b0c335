// Near misses: what is suggested makes `decide` say yes, nothing nearer does, and nobody is told to be born earlier.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Day } from '../../src/base/day.ts';
import { fromInt, toDecimalString } from '../../src/base/rational.ts';
import type { Catalogue } from '../../src/catalogue/catalogue.ts';
import type { Value } from '../../src/feel/value.ts';
import { type CompiledItem, compileItem } from '../../src/policy/compile.ts';
import { decide } from '../../src/policy/decide.ts';
import { exampleSource } from '../../src/policy/example.ts';
import { periodFor } from '../../src/policy/example-period.ts';
import type { Item } from '../../src/policy/item.ts';
import { type Change, factsOfChange, type NearMiss, nearMisses } from '../../src/policy/near-miss.ts';
import { readItem } from '../../src/policy/read.ts';
import { sayNear } from '../../src/policy/say-near.ts';
import { speakerOf } from '../../src/policy/speaker.ts';
import { withFacts } from '../../src/policy/what-if.ts';
import type { DecisionPeriod, FactSource } from '../../src/rule/facts.ts';
import { itemJson, catalogue as small } from './fixture.ts';

const catalogue: Catalogue = {
  ...small,
  facts: small.facts.map((f) => (f.key === 'gender' ? { ...f, immutable: true } : f)),
};

const itemOf = (change: Record<string, unknown>): CompiledItem => {
  const read = readItem(itemJson(change), catalogue);
  if (!read.ok) throw new Error(read.problems.map((p) => `${p.at} ${p.message}`).join('\n'));
  return compileItem(read.item, catalogue);
};

const asked = (compiled: CompiledItem, facts: Record<string, unknown>, key = '2026-01') => {
  const period = periodFor(compiled.item as Item, { period: key, knownAt: '2026-01-20' as Day }) as DecisionPeriod;
  const source = exampleSource(catalogue, compiled.register, { facts }, period.knownAt);
  const decision = decide(compiled, source, period);
  return { compiled, catalogue, source, period, decision, months: 36 };
};

const holds = (compiled: CompiledItem, source: FactSource, period: DecisionPeriod, near: NearMiss): boolean => {
  const facts = new Map(near.changes.flatMap((c) => [...factsOfChange(c)]));
  const wait = near.changes.find((c): c is Extract<Change, { kind: 'wait' }> => c.kind === 'wait');
  return decide(compiled, withFacts(source, facts), wait?.period ?? period).verdict === 'eligible';
};

const words = (compiled: CompiledItem, facts: Record<string, unknown>, key?: string): readonly string[] =>
  nearMisses(asked(compiled, facts, key)).map((n) => sayNear(n, compiled, speakerOf(compiled, catalogue)));

// ── a world small enough to try everything ───────────────────────────────────────────────────────────────────────────

const domain: Readonly<Record<string, readonly unknown[]>> = {
  months: [0, 1, 2, 3, 4, 5, 6, 7, 8],
  rateFact: [0, 1, 2, 3, 4, 5, 6, 7, 8],
  disabled: [true, false],
  status: ['低保', '特困', '普通'],
};
const number = fc.constantFrom('months', 'rateFact');
const bound = fc.integer({ min: 1, max: 7 });
const leaf = fc.oneof(
  fc.record({
    fact: number,
    operator: fc.constantFrom('lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive', 'equal', 'notEqual'),
    value: bound,
  }),
  fc.record({ fact: number, operator: fc.constant('between'), value: fc.record({ from: bound, to: bound }) }),
  fc.record({ fact: fc.constant('disabled'), operator: fc.constantFrom('equal', 'notEqual'), value: fc.boolean() }),
  fc.record({
    fact: fc.constant('status'),
    operator: fc.constantFrom('in', 'notIn'),
    value: fc.subarray(['低保', '特困', '普通'], { minLength: 1 }),
  }),
);
const tree: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  node: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({ all: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('node'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('node') }),
  ),
})).node;
const person = fc.record(Object.fromEntries(Object.entries(domain).map(([k, values]) => [k, fc.constantFrom(...values)])));

type Plain = Readonly<Record<string, unknown>>;
const far = (from: unknown, to: unknown): number => (typeof from === 'number' ? Math.abs(Number(to) - from) : 0);

describe('near misses', () => {
  it('hold when applied, are the nearest there are, and are all there are: against trying everything', () => {
    const seen = { one: 0, two: 0, none: 0 };
    fc.assert(
      fc.property(tree, person, (conditions, facts: Plain) => {
        const compiled = itemOf({ conditions: { all: [conditions] }, award: { fixed: { yuan: 60 } } });
        const question = asked(compiled, facts);
        if (question.decision.verdict !== 'ineligible') return;
        const found = nearMisses(question);
        for (const near of found) expect(holds(compiled, question.source, question.period, near)).toBe(true);
        const eligible = (other: Plain): boolean => asked(compiled, other).decision.verdict === 'eligible';
        const least = (names: readonly string[]): number | null => {
          const [first = '', second] = names;
          let best: number | null = null;
          for (const a of domain[first] ?? [])
            for (const b of second === undefined ? [undefined] : (domain[second] ?? [])) {
              const other = { ...facts, [first]: a, ...(second === undefined ? {} : { [second]: b }) };
              if (a === facts[first] || (second !== undefined && b === facts[second]) || !eligible(other)) continue;
              const cost = far(facts[first], a) * 100 + (second === undefined ? 0 : far(facts[second], b));
              if (best === null || cost < best) best = cost;
            }
          return best;
        };
        const ours = new Map<string, number>();
        for (const near of found) {
          const names = near.changes
            .map((c) => (c.kind === 'set' ? c.fact : c.kind))
            .sort((a, b) => Object.keys(domain).indexOf(a) - Object.keys(domain).indexOf(b));
          const cost = (name: string): number => {
            const change = near.changes.find((c) => c.kind === 'set' && c.fact === name);
            return change?.kind === 'set' && change.distance !== null ? Number(toDecimalString(change.distance)) : 0;
          };
          const total = cost(names[0] ?? '') * 100 + (names[1] === undefined ? 0 : cost(names[1]));
          ours.set(names.join('+'), Math.min(total, ours.get(names.join('+')) ?? total));
        }
        const names = Object.keys(domain);
        const expected = new Map<string, number>();
        for (const name of names) {
          const best = least([name]);
          if (best !== null) expected.set(name, best);
        }
        if (expected.size === 0)
          for (const [i, a] of names.entries())
            for (const b of names.slice(i + 1)) {
              const best = least([a, b]);
              if (best !== null) expected.set(`${a}+${b}`, best);
            }
        expect([...ours.keys()].sort()).toEqual([...expected.keys()].sort());
        for (const [key, best] of expected) if (!key.includes('+')) expect(ours.get(key)).toBe(best);
        seen[expected.size === 0 ? 'none' : [...expected.keys()][0]?.includes('+') === true ? 'two' : 'one']++;
      }),
      { seed: 20260815, numRuns: 600 },
    );
    // Were it all one answer, the agreement would say little.
    expect(seen.one).toBeGreaterThan(100);
    expect(seen.two).toBeGreaterThan(15);
  });

  it('say how many elements of a list are lacking, made so that they count', () => {
    const kids = itemOf({
      facts: { pupils: { text: '在读子女数', feel: 'count(children[school in ("小学", "初中") and order >= 1])', unit: '人' } },
      conditions: { all: [{ fact: 'pupils', operator: 'greaterThanInclusive', value: 3 }] },
      award: { fixed: { yuan: 60 } },
    });
    const one = { childId: 'a', childBirth: '2015-01-01', order: 1, status: '普通', school: '小学' };
    expect(words(kids, { children: [one] })).toEqual(['在读子女数还差 2 人']);
    expect(words(kids, { children: [] })).toEqual(['在读子女数还差 3 人']);
    expect(words(kids, { children: [{ ...one, school: '高中' }] })).toEqual(['在读子女数还差 3 人']);
    const each = itemOf({
      conditions: { all: [{ fact: 'disabled', operator: 'equal', value: true }] },
      each: { list: 'children', as: 'child', where: 'child.school = "高中"', key: 'childId' },
      award: { fixed: { yuan: 60 } },
    });
    expect(words(each, { disabled: true, children: [one] })).toEqual(['子女还差 1 项']);
    expect(words(each, { disabled: false, children: [one] })).toEqual(['持残疾证须为“是”，并且子女还差 1 项']);
  });

  it('go through formulas to the nearest figure, in the unit of the fact', () => {
    const share = itemOf({
      facts: { left: { text: '剩余收入', feel: 'income - expense * 2', unit: '元' } },
      conditions: { all: [{ fact: 'left', operator: 'greaterThanInclusive', value: '100.5' }] },
      award: { fixed: { yuan: 60 } },
    });
    expect(words(share, { income: '90.25', expense: '5' })).toEqual(['月收入还差 20.25 元（现为 90.25 元，须为 110.5 元）']);
    expect(words(share, { income: '110', expense: '5' })).toEqual([
      '自付费用高出 0.25 元（现为 5 元，须为 4.75 元）',
      '月收入还差 0.5 元（现为 110 元，须为 110.5 元）',
    ]);
    const series = itemOf({
      facts: { used: { text: '上月用电', feel: 'value at(usage, "2025-12")' } },
      conditions: { all: [{ fact: 'used', operator: 'greaterThan', value: 100 }] },
      award: { fixed: { yuan: 60 } },
    });
    expect(words(series, { usage: { '2025-11': 500, '2025-12': 98 } })).toEqual([
      '2025年12月用电量还差 3 kWh（现为 98 kWh，须为 101 kWh）',
    ]);
  });

  it('name the day from which time alone makes it so, and never another birth, sex or place', () => {
    const old = itemOf({
      facts: { age: { text: '当月末周岁', feel: 'age at(birthDate, period.end)', unit: '岁' } },
      conditions: {
        all: [
          { fact: 'hukouRegion', operator: 'within', value: '530128' },
          { fact: 'age', operator: 'greaterThanInclusive', value: 80, text: '年满80周岁' },
        ],
      },
    });
    const here = { hukouRegion: '530128', birthDate: '1947-03-12', deathDate: null };
    expect(words(old, here)).toEqual(['2027年3月12日起：年满80周岁']);
    expect(nearMisses(asked(old, here))[0]).toMatchObject({
      amountFen: 6000n,
      changes: [{ day: '2027-03-12', period: { key: '2027-03' } }],
    });
    expect(words(old, { ...here, hukouRegion: '530129' })).toEqual([]);
    expect(words(old, { ...here, birthDate: '1990-01-01' })).toEqual([]);
    expect(words(old, { ...here, birthDate: null })).toEqual([]);
    const women = itemOf({ conditions: { all: [{ fact: 'gender', operator: 'equal', value: '女' }] }, award: { fixed: { yuan: 60 } } });
    expect(words(women, { gender: '男' })).toEqual([]);
    const waiting = itemOf({
      conditions: {
        all: [
          { fact: 'birthDate', operator: 'olderThan', value: 'P80Y', text: '年满80周岁' },
          { fact: 'disabled', operator: 'equal', value: true },
        ],
      },
      award: { fixed: { yuan: 60 } },
    });
    expect(words(waiting, { ...here, birthDate: '1946-02-10', disabled: false })).toEqual([
      '持残疾证须为“是”，并且2026年2月10日起：年满80周岁',
    ]);
    expect(words(waiting, { ...here, birthDate: '1946-02-10', disabled: true })).toEqual(['2026年2月10日起：年满80周岁']);
  });

  it('are none for whoever is eligible or undetermined', () => {
    const rich = itemOf({ conditions: { all: [{ fact: 'income', operator: 'lessThan', value: 100 }] }, award: { fixed: { yuan: 60 } } });
    expect(words(rich, { income: 99 })).toEqual([]);
    expect(words(rich, {})).toEqual([]);
    expect(words(rich, { income: 100 })).toEqual(['月收入高出 0.01 元（现为 100 元，须为 99.99 元）']);
    const value: Value = fromInt(1);
    expect(withFacts(asked(rich, {}).source, new Map([['income', value]])).read('income', '2026-01-20' as Day).value).toBe(value);
  });
});
