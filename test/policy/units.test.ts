// Units: what differs is never added, compared or paid without saying how it converts. Every pair of units × every place where two of them meet.
import { describe, expect, it } from 'vitest';
import type { Catalogue, Fact } from '../../src/catalogue/catalogue.ts';
import { readItem } from '../../src/policy/read.ts';
import { catalogue as house, itemJson } from './fixture.ts';

const units = ['元', '万元', '亿元', '分', '月', '年', '天', '亩', '公顷', '%', '岁', '人', null] as const;
type Unit = (typeof units)[number];
const nameOf = (unit: Unit): string => `u${units.indexOf(unit)}`;

const like = house.facts.find((f) => f.key === 'income') as Fact;
const { unit: _, ...bare } = like;
const catalogue: Catalogue = {
  ...house,
  facts: [
    ...house.facts,
    ...units.map((unit): Fact => ({ ...bare, key: nameOf(unit), label: `以${unit ?? '无'}计`, ...(unit === null ? {} : { unit }) })),
  ],
};

type Outcome = 'fine' | 'refused';
const problemsOf = (change: Record<string, unknown>): readonly string[] => {
  const result = readItem(itemJson({ facts: {}, award: { fixed: { yuan: 1 } }, conditions: all, ...change }), catalogue);
  return result.ok ? [] : result.problems.map((p) => p.code);
};
const all = { fact: 'gender', operator: 'equal', value: '女' };
/** Refused for the units and for nothing else. */
const outcome = (change: Record<string, unknown>): Outcome => {
  const problems = problemsOf(change);
  expect(problems.filter((code) => !['rule.unit', 'feel.expression'].includes(code))).toEqual([]);
  return problems.length === 0 ? 'fine' : 'refused';
};

const pairs = units.flatMap((a) => units.map((b) => [a, b] as const));
const goTogether = (a: Unit, b: Unit): boolean => a === b || a === null || b === null;
const money: readonly Unit[] = ['元', '万元', '亿元', null];

/** Every pair for which the place answers otherwise than it should. */
const wrong = (place: (a: string, b: string) => Record<string, unknown>, fits: (a: Unit, b: Unit) => boolean): readonly string[] =>
  pairs.flatMap(([a, b]) => {
    const found = outcome(place(nameOf(a), nameOf(b)));
    return found === (fits(a, b) ? 'fine' : 'refused') ? [] : [`${a} ${b}: ${found}`];
  });

const leaf = (fact: string, operator: string, value: unknown) => ({ conditions: { fact, operator, value } });
const own = (feel: string) => ({ facts: { x: { text: 'x', feel } } });

describe('a condition between two facts', () => {
  it.each(['equal', 'notEqual', 'lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive'])('%s', (operator) =>
    expect(wrong((a, b) => leaf(a, operator, { fact: b }), goTogether)).toEqual([]),
  );

  it.each<[string, (fact: unknown) => unknown]>([
    ['from', (from) => ({ from })],
    ['above', (above) => ({ above, upTo: 100 })],
    ['upTo', (upTo) => ({ upTo })],
    ['below', (below) => ({ from: 0, below })],
    ['both ends', (fact) => ({ from: fact, upTo: fact })],
  ])('between, %s a fact', (_name, bounds) => expect(wrong((a, b) => leaf(a, 'between', bounds({ fact: b })), goTogether)).toEqual([]));

  it.each(['equal', 'lessThan', 'greaterThanInclusive'])('%s a number written down, which has the unit of the fact', (operator) =>
    expect(
      wrong(
        (a) => leaf(a, operator, 3),
        () => true,
      ),
    ).toEqual([]),
  );
});

describe('a formula', () => {
  it.each<[string, (a: string, b: string) => string]>([
    ['+', (a, b) => `${a} + ${b}`],
    ['-', (a, b) => `${a} - ${b}`],
    ['=', (a, b) => `${a} = ${b}`],
    ['!=', (a, b) => `${a} != ${b}`],
    ['<', (a, b) => `${a} < ${b}`],
    ['<=', (a, b) => `${a} <= ${b}`],
    ['>', (a, b) => `${a} > ${b}`],
    ['>=', (a, b) => `${a} >= ${b}`],
    ['between … and', (a, b) => `${a} between 0 and ${b}`],
    ['in a value', (a, b) => `${a} in (${b})`],
    ['in a comparison', (a, b) => `${a} in (> ${b})`],
    ['in a range', (a, b) => `${a} in [0..${b}]`],
    ['in a list', (a, b) => `${a} in [${b}, ${b}]`],
    ['either of two', (a, b) => `if gender = "女" then ${a} else ${b}`],
    ['the larger', (a, b) => `max(${a}, ${b})`],
    ['the smaller of a list', (a, b) => `min([${a}, ${b}])`],
    ['the sum', (a, b) => `sum(${a}, ${b})`],
    ['the sum of a list', (a, b) => `sum([${a}, ${b}])`],
    ['the mean', (a, b) => `mean([${a}, ${b}])`],
    ['the median', (a, b) => `median([${a}, ${b}])`],
    ['contained in a list', (a, b) => `list contains([${a}], ${b})`],
    ['its place in a list', (a, b) => `index of([${a}], ${b})`],
    ['a list and one more', (a, b) => `append([${a}], ${b})`],
    ['two lists in one', (a, b) => `concatenate([${a}], [${b}])`],
    ['two lists made one', (a, b) => `union([${a}], [${b}])`],
    ['one put in', (a, b) => `insert before([${a}], 1, ${b})`],
    ['one put in for another', (a, b) => `list replace([${a}], 1, ${b})`],
    ['two lists that meet', (a, b) => `intersects([${a}], [${b}])`],
    ['a list within a list', (a, b) => `contains any([${a}], [${b}])`],
    ['at most', (a, b) => `at most(${a}, ${b})`],
    ['a list with two', (a, b) => `count([${a}, ${b}])`],
    ['a filter', (a, b) => `[${a}, 1][item > ${b}]`],
    ['some of a list', (a, b) => `some x in [${a}] satisfies x > ${b}`],
    ['each of a list', (a, b) => `for x in [${a}] return x + ${b}`],
    ['in the sum of products', (a, b) => `${a} * 2 + ${b} * 2 > ${a}`],
  ])('%s', (name, feel) => {
    // A factor may bring a unit of its own, so a product keeps none but money.
    const product = (u: Unit): Unit => (['分', '元', '万元', '亿元'].includes(u as string) ? u : null);
    const fits =
      name === 'in the sum of products'
        ? (a: Unit, b: Unit) => goTogether(product(a), product(b)) && (goTogether(a, product(b)) || product(a) === a)
        : goTogether;
    expect(wrong((a, b) => own(feel(a, b)), fits)).toEqual([]);
  });

  it.each<[string, (a: string, b: string) => string]>([
    ['*', (a, b) => `${a} * ${b}`],
    ['/', (a, b) => `${a} / ${b}`],
  ])('%s takes any two, and what it makes is no money where neither was', (_name, feel) => {
    expect(
      wrong(
        (a, b) => own(feel(a, b)),
        () => true,
      ),
    ).toEqual([]);
  });

  it('converts where a fixed number says how, and refuses where none does', () => {
    const fixed = (from: Unit, to: Unit): boolean =>
      from === to ||
      [
        ['元', '万元'],
        ['元', '亿元'],
        ['万元', '亿元'],
        ['分', '元'],
        ['月', '年'],
        ['亩', '公顷'],
      ].some(([x, y]) => (from === x && to === y) || (from === y && to === x));
    for (const [a, b] of pairs)
      if (a !== null && b !== null)
        expect([a, b, outcome(own(`convert(${nameOf(a)}, "${a}", "${b}") + ${nameOf(b)}`))]).toEqual([
          a,
          b,
          fixed(a, b) ? 'fine' : 'refused',
        ]);
  });
});

describe('an amount', () => {
  const alone = (place: (a: string) => Record<string, unknown>, fits: (a: Unit) => boolean) =>
    wrong(
      (a) => place(a),
      (a) => fits(a),
    );
  const tiers = (more: object) => ({ award: { tiers: { by: 'u12', rows: [{ below: 3, yuan: 1 }, { yuan: 2 }], ...more } } });
  it.each<[string, (a: string) => Record<string, unknown>]>([
    ['the base of a rate', (base) => ({ award: { rate: { base, rate: '0.5' } } })],
    ['the most a base counts', (fact) => ({ award: { rate: { base: 'income', rate: '0.5', baseCap: { fact } } } })],
    ['a price per piece', (fact) => ({ award: { perUnit: { yuan: { fact }, count: 'months' } } })],
    ['a cap', (fact) => ({ award: { fixed: { yuan: 1 }, cap: { fact } } })],
    ['a floor', (fact) => ({ award: { fixed: { yuan: 1 }, floor: { fact } } })],
    ['a base of tiers', (base) => tiers({ base, rows: [{ below: 3, rate: '0.1' }, { rate: '0.2' }] })],
    ['a cap of a tier', (fact) => tiers({ rows: [{ below: 3, yuan: 1, cap: { fact } }, { yuan: 2 }] })],
    ['a base of brackets', (base) => ({ award: { brackets: { base, rows: [{ upTo: 10, rate: '0.1' }, { rate: '0.2' }] } } })],
    ['a cap over the year', (fact) => ({ limits: [{ cap: { yuan: { fact }, per: 'subject-year' } }] })],
  ])('%s must be money, and is turned into 元', (_name, place) => expect(alone(place, (a) => money.includes(a))).toEqual([]));

  it.each<[string, (a: string) => Record<string, unknown>]>([
    ['a formula', (formula) => ({ award: { formula } })],
    ['what is taken off', (deduct) => ({ award: { fixed: { yuan: 1 }, deduct } })],
    ['a formula of two branches', (a) => ({ award: { formula: `if gender = "女" then ${a} else ${a}` } })],
    ['a formula of a sum', (a) => ({ award: { formula: `sum([${a}, ${a}])` } })],
    ['a formula of a product', (a) => ({ award: { formula: `max(${a}, 0)` } })],
  ])('%s must come to 元', (_name, place) => expect(alone(place, (a) => a === '元' || a === null)).toEqual([]));

  it.each<[string, (a: string) => Record<string, unknown>]>([
    ['what tiers go by', (by) => tiers({ by })],
    ['a count', (count) => ({ award: { perUnit: { yuan: 1, count } } })],
    ['a multiplier', (fact) => ({ award: { fixed: { yuan: 1 }, multiplier: { fact } } })],
  ])('%s may be of any unit', (_name, place) => expect(alone(place, () => true)).toEqual([]));
});
