// Reading rule files: every problem at once with its place; hostile input refused quickly.
import { describe, expect, it } from 'vitest';
import { readItem } from '../../src/policy/read.ts';
import { catalogue, itemJson, problemsOf } from './fixture.ts';

const leaf = (fact: string, operator: string, value: unknown, more: object = {}) => ({ conditions: { fact, operator, value, ...more } });
const tiers = (rows: unknown, by = 'age') => ({ award: { tiers: { by, rows } } });

describe('a good item', () => {
  it('reads', () => {
    expect(readItem(itemJson(), catalogue).ok).toBe(true);
  });
  it('places every pointer behind the file name', () => {
    const r = readItem(itemJson({ title: 5 }), catalogue, 'rules/x.json');
    expect(r.ok ? [] : r.problems.map((p) => p.at)).toEqual(['rules/x.json/title']);
  });
});

describe('conditions', () => {
  it.each([
    [leaf('birthdate', 'absent', true), 'rule.unknown-fact /conditions/fact'],
    [leaf('birthDate', 'equals', '2000-01-01'), 'rule.unknown-operator /conditions/operator'],
    [leaf('birthDate', 'greaterThan', 5), 'rule.type /conditions/operator'],
    [leaf('birthDate', 'before', '2023-02-29'), 'rule.type /conditions/value'],
    [leaf('gender', 'equal', '女性'), 'rule.value /conditions/value'],
    [leaf('gender', 'in', ['女', '男性']), 'rule.value /conditions/value/1'],
    [leaf('gender', 'in', []), 'rule.value /conditions/value'],
    [leaf('gender', 'equal', null), 'rule.null /conditions/value'],
    [leaf('income', 'equal', '一千'), 'rule.type /conditions/value'],
    [leaf('income', 'lessThan', { fact: 'savings' }), 'rule.unit /conditions/value'],
    [leaf('income', 'lessThan', { fact: 'birthDate' }), 'rule.type /conditions/value'],
    [leaf('income', 'between', { from: 1, above: 2 }), 'rule.value /conditions/value'],
    [leaf('hukouRegion', 'within', '999999'), 'rule.value /conditions/value'],
    [leaf('birthDate', 'withinLast', '2年'), 'rule.value /conditions/value'],
    [leaf('birthDate', 'withinLast', { duration: 'P2Y', of: 'today' }), 'rule.value /conditions/value/of'],
    [leaf('note', 'matches', '(a'), 'rule.value /conditions/value'],
    [leaf('disabled', 'absent', 'yes'), 'rule.value /conditions/value'],
    [leaf('birthDate', 'absent', true, { on: 'start' }), 'rule.time /conditions/on'],
    [leaf('status', 'absent', true, { on: 'any', checkAt: 'match' }), 'rule.time /conditions/on'],
    [leaf('status', 'absent', true, { checkAt: 'later' }), 'rule.time /conditions/checkAt'],
    [leaf('status', 'absent', true, { path: '$.x' }), 'rule.unknown-key /conditions/path'],
    [leaf('spouse.spouse', 'absent', true), 'rule.unknown-fact /conditions/fact'],
    [leaf('spouse.birthDay', 'absent', true), 'rule.unknown-fact /conditions/fact'],
    [{ conditions: { all: [] } }, 'rule.empty-group /conditions/all'],
    [{ conditions: { all: [], any: [] } }, 'rule.shape /conditions'],
    [{ conditions: {} }, 'rule.shape /conditions/fact'],
    [
      {
        conditions: {
          any: [
            { fact: 'disabled', operator: 'equal', value: true },
            { fact: 'disabled', operator: 'equal', value: true, checkAt: 'payment' },
          ],
        },
      },
      'rule.time /conditions',
    ],
    [leaf('disabled', 'equal', true, { checkAt: 'payment' }), 'rule.time /conditions'],
    [leaf('income', 'between', { from: { fact: 'savings' } }), 'rule.unit /conditions/value/from'],
    [leaf('income', 'between', { from: 1, below: { fact: 'gender' } }), 'rule.type /conditions/value/below'],
    [leaf('income', 'between', { below: { fact: 'nope' } }), 'rule.unknown-fact /conditions/value/below/fact'],
    [leaf('income', 'between', { fact: 'capFact' }), 'rule.value /conditions/value'],
  ])('%j', (change, expected) => {
    expect(problemsOf(change as Record<string, unknown>)).toContain(expected);
  });
  it('suggests the nearest names', () => {
    const r = readItem(itemJson(leaf('birthdate', 'absent', true)), catalogue);
    expect(r.ok ? '' : r.problems[0]?.hint).toContain('birthDate');
  });
  it('tells every problem of every branch at once', () => {
    const found = problemsOf({
      conditions: {
        all: [{ fact: 'nope', operator: 'nope', value: 1 }, { any: [] }, { not: { fact: 'gender', operator: 'equal', value: 3 } }],
      },
      award: { fixed: { yuan: -1 } },
      period: 'daily',
    });
    expect(found).toEqual([
      'rule.shape /period',
      'rule.unknown-fact /conditions/all/0/fact',
      'rule.unknown-operator /conditions/all/0/operator',
      'rule.empty-group /conditions/all/1/any',
      'rule.type /conditions/all/2/not/value',
      'rule.value /award/fixed/yuan',
    ]);
  });
});

describe('facts and expressions', () => {
  const fact = (feel: string) => ({
    facts: { age: { text: '年龄', feel: 'period.end.year - birthDate.year' }, x: { text: '某数', feel } },
  });
  it.each([
    [fact('birthDat.year'), 'feel.expression /facts/x/feel#1:1'],
    [fact('1 +'), 'feel.expression /facts/x/feel'],
    [fact('x + 1'), 'rule.cycle /facts/x/feel'],
    [{ facts: { a: { text: '甲', feel: 'b + 1' }, b: { text: '乙', feel: 'a + 1' } } }, 'rule.cycle /facts/a/feel'],
    [{ facts: { birthDate: { text: '生日', feel: '1' } } }, 'rule.name /facts/birthDate'],
    [{ facts: { period: { text: '期', feel: '1' } } }, 'rule.name /facts/period'],
    [{ award: { formula: '"text"' } }, 'rule.type /award/formula'],
    [{ award: { formula: 'savings * 2' } }, 'rule.unit /award/formula'],
    [{ each: { list: 'childs', as: 'c', where: 'true', key: 'childId' } }, 'rule.unknown-fact /each/list'],
    [{ each: { list: 'children', as: 'c', where: 'order', key: 'childId' } }, 'rule.type /each/where'],
    [{ each: { list: 'children', as: 'c', where: 'true', key: 'id' } }, 'rule.unknown-fact /each/key'],
    [{ limits: [{ claim: { kind: 'a', object: 'nobody', group: 'g', per: 'ever' } }] }, 'feel.expression /limits/0/claim/object#1:1'],
    [
      { period: 'once', effective: { from: null, to: null }, facts: { age: { text: '年龄', feel: 'period.start.year - birthDate.year' } } },
      'rule.time /facts/age/feel',
    ],
  ])('%j', (change, expected) => {
    expect(problemsOf(change as Record<string, unknown>).some((p) => p.startsWith(expected))).toBe(true);
  });
});

describe('awards', () => {
  it.each([
    [{ award: {} }, 'rule.shape /award'],
    [{ award: { fixed: { yuan: 1 }, formula: '1' } }, 'rule.shape /award'],
    [{ award: { fixed: { yuan: 1 }, limit: 5 } }, 'rule.unknown-key /award/limit'],
    [{ award: { perUnit: { yuan: 1, count: 'gender' } } }, 'rule.type /award/perUnit/count'],
    [{ award: { rate: { base: 'months', rate: 0.1 } } }, 'rule.unit /award/rate/base'],
    [{ award: { sum: [] } }, 'rule.shape /award/sum'],
    [{ award: { brackets: { base: 'income', rows: ['x', { rate: 0.1 }] } } }, 'rule.shape /award/brackets/rows/0'],
    [{ instalments: { yearsSince: 'months', parts: [7] } }, 'rule.shape /instalments/parts/0'],
    [{ payee: { fact: { toString: 1 } } }, 'rule.unknown-fact /payee/fact'],
    [{ award: { fixed: { yuan: 1 }, when: { fact: 'disabled', operator: 'equal', value: true } } }, 'rule.shape /award/when'],
    [{ award: { fixed: { yuan: 1 }, floor: 10, cap: 5 } }, 'rule.cap /award/cap'],
    [{ award: { fixed: { yuan: 1 }, rounding: { to: 'cent', mode: 'down' } } }, 'rule.shape /award/rounding'],
    [
      {
        award: {
          brackets: {
            base: 'expense',
            rows: [
              { upTo: 5, rate: 0 },
              { upTo: 3, rate: 0 },
            ],
          },
        },
      },
      'rule.tier /award/brackets/rows/1',
    ],
    [tiers([{ yuan: 1 }, { below: 5, yuan: 2 }]), 'rule.tier /award/tiers/rows/1'],
    [
      tiers([
        { from: 80, below: 90, yuan: 1 },
        { from: 85, below: 100, yuan: 2 },
      ]),
      'rule.tier /award/tiers/rows/1',
    ],
    [
      tiers([
        { from: 80, yuan: 1 },
        { from: 90, yuan: 2 },
      ]),
      'rule.tier /award/tiers/rows/1',
    ],
    [
      tiers([
        { from: 80, below: 90, yuan: 1 },
        { from: 91, yuan: 2 },
      ]),
      'rule.tier /award/tiers/rows/1',
    ],
    [tiers([{ from: 90, below: 80, yuan: 1 }]), 'rule.tier /award/tiers/rows/0'],
    [
      tiers(
        [
          { is: '特困', yuan: 1 },
          { is: ['低保', '特困'], yuan: 2 },
        ],
        'status',
      ),
      'rule.tier /award/tiers/rows/1/is',
    ],
    [tiers([{ is: '富裕', yuan: 1 }], 'status'), 'rule.value /award/tiers/rows/0/is'],
    [tiers([{ below: 90, rate: 0.1 }]), 'rule.tier /award/tiers/rows/0/rate'],
    [{ award: { tiers: { by: 'age', rows: [{ below: 90, yuan: 60 }, { yuan: 120 }] }, cap: 50 } }, 'rule.cap /award/cap'],
    [
      {
        instalments: {
          yearsSince: '0',
          parts: [
            { year: 0, share: 0.5 },
            { year: 1, share: 0.4 },
          ],
        },
      },
      'rule.instalment /instalments/parts',
    ],
    [
      {
        instalments: {
          yearsSince: '0',
          parts: [
            { year: 0, share: 1 },
            { year: 0, share: 0 },
          ],
        },
      },
      'rule.instalment /instalments/parts/1/year',
    ],
  ])('%j', (change, expected) => {
    expect(problemsOf(change as Record<string, unknown>)).toContain(expected);
  });
  it.each([
    [
      tiers([
        { from: 100, yuan: 500 },
        { from: 90, yuan: 120 },
        { from: 80, yuan: 60 },
      ]),
    ],
    [
      tiers([
        { from: 80, upTo: 89, yuan: 60 },
        { from: 90, upTo: 99, yuan: 120 },
        { from: 100, yuan: 500 },
      ]),
    ],
    [tiers([{ is: '特困', yuan: 1 }, { yuan: 2 }], 'status')],
  ])('stays silent on %j', (change) => {
    expect(problemsOf(change)).toEqual([]);
  });
});

const shares = (own: string, other: string) => [
  { share: own, to: null },
  { share: other, to: { fact: 'spouse' } },
];

const reducing = (over: object) => ({
  award: { fixed: { yuan: 1 }, reduces: '水费' },
  flow: { first: ['guard', 'notice'], continuing: ['guard'] },
  limits: [{ once: 'period' }],
  ...over,
});

it('takes a fee off instead of paying', () => {
  expect(problemsOf(reducing({}))).toEqual([]);
});

it('takes payees whose shares add up to one', () => {
  expect(problemsOf({ payees: shares('1/3', '2/3') })).toEqual([]);
});

describe('the envelope', () => {
  it.each([
    [{ effective: { from: '2026-01-01', to: '2025-01-01' } }, 'rule.dates /effective'],
    [{ region: '999999' }, 'rule.value /region'],
    [{ id: 'Not An Id' }, 'rule.shape /id'],
    [{ flow: { first: ['guard', 'confirm', 'pay'], continuing: [] } }, 'rule.flow /flow/first/1'],
    [{ mode: 'push' }, 'rule.flow /flow/first/2'],
    [{ mode: 'confirm' }, 'rule.flow /flow/first'],
    [{ flow: { first: ['guard', 'publicity', 'pay'], continuing: [] } }, 'rule.flow /publicity'],
    [{ flow: { first: ['pay', 'review'], continuing: [] } }, 'rule.flow /flow/first/0'],
    [{ flow: { first: ['guard'], continuing: [] } }, 'rule.flow /flow/first'],
    [{ flow: { first: ['pay'], continuing: [] } }, 'rule.flow /flow/continuing'],
    [{ limits: [{ once: 'month' }] }, 'rule.shape /limits/0/once'],
    [{ limits: [{ onse: 'period' }] }, 'rule.shape /limits/0'],
    [{ limits: [{ cap: { yuan: { fact: 'gender' }, per: 'payment' } }] }, 'rule.type /limits/0/cap/yuan/fact'],
    [{ statement: '一二三四五六七八九十一二三四五六七八九十一' }, 'rule.shape /statement'],
    [{ payee: { fact: 'gender' } }, 'rule.unknown-fact /payee/fact'],
    [reducing({ award: { fixed: { yuan: 1 }, reduces: ' ' } }), 'rule.reduces /award/reduces'],
    [reducing({ award: { sum: [{ fixed: { yuan: 1 }, reduces: '水费' }] } }), 'rule.reduces /award/sum/0/reduces'],
    [reducing({ flow: { first: ['guard', 'pay'], continuing: [] } }), 'rule.reduces /flow/first/1'],
    [reducing({ flow: { first: ['guard'], continuing: [], ended: ['notice'] } }), 'rule.reduces /flow/ended/0'],
    [reducing({ mode: 'push' }), 'rule.reduces /mode'],
    [reducing({ payee: { fact: 'spouse' } }), 'rule.reduces /payee'],
    [reducing({ budget: { kind: 'limited', yuan: 1, order: 'birthDate' } }), 'rule.reduces /budget'],
    [reducing({ limits: [{ cap: { yuan: 1, per: 'subject' } }] }), 'rule.reduces /limits/0'],
    [reducing({ limits: [{ once: 'ever' }] }), 'rule.reduces /limits/0'],
    [{ payees: [{ share: 1, to: null }] }, 'rule.payees /payees'],
    [{ payees: shares('0.6', '0.5') }, 'rule.payees /payees'],
    [{ payees: shares('1/3', '0.6667') }, 'rule.payees /payees'],
    [{ payees: shares('0', '1') }, 'rule.payees /payees/0/share'],
    [{ payees: [...shares('0.5', '0.25'), { share: '0.25', to: null }] }, 'rule.payees /payees/2/to'],
    [{ payees: [{ share: '0.5', to: null }, { share: '0.5' }] }, 'rule.payees /payees/1'],
    [
      {
        payees: [
          { share: '0.5', to: null },
          { share: '0.5', to: { fact: 'gender' } },
        ],
      },
      'rule.unknown-fact /payees/1/to/fact',
    ],
    [{ payees: shares('0.5', '0.5'), payee: { fact: 'spouse' } }, 'rule.payees /payee'],
    [{ payees: shares('0.5', '0.5'), mode: 'push', flow: { first: ['notice'], continuing: [] } }, 'rule.payees /payees'],
    [
      { payees: shares('0.5', '0.5'), mode: 'confirm', confirm: { days: 7 }, flow: { first: ['confirm', 'pay'], continuing: ['pay'] } },
      'rule.payees /flow',
    ],
    [{ period: 'per-event' }, 'rule.shape /event'],
    [{ colour: 'red' }, 'rule.unknown-key /colour'],
    [{ examples: [{ name: 'a', period: '2026', facts: {}, expect: { verdict: 'eligible' } }] }, 'rule.example /examples/0/period'],
    [
      { examples: [{ name: 'a', period: '2026-01', facts: { nope: 1 }, expect: { verdict: 'eligible' } }] },
      'rule.unknown-fact /examples/0/facts/nope',
    ],
    [
      { examples: [{ name: 'a', period: '2026-01', facts: { income: true }, expect: { verdict: 'ineligible' } }] },
      'rule.example /examples/0/facts/income',
    ],
    [
      { examples: [{ name: 'a', period: '2026-01', facts: {}, expect: { verdict: 'ineligible', amount: '1.00' } }] },
      'rule.example /examples/0/expect/amount',
    ],
  ])('%j', (change, expected) => {
    expect(problemsOf(change as Record<string, unknown>)).toContain(expected);
  });
});

describe('hostile input', () => {
  const deep = (n: number): unknown => {
    let c: unknown = { fact: 'disabled', operator: 'equal', value: true };
    for (let i = 0; i < n; i++) c = { not: c };
    return c;
  };
  const many = (n: number, of: (i: number) => unknown) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`f${i}`, of(i)]));
  it.each([
    ['not an object', null, 'rule.shape'],
    ['an array', [], 'rule.shape'],
    ['deep', itemJson({ conditions: deep(5000) }), 'rule.too-deep'],
    ['deep within the guard', itemJson({ conditions: deep(40) }), 'rule.too-deep'],
    ['wide', itemJson({ conditions: { all: Array.from({ length: 200_000 }, () => 1) } }), 'rule.too-large'],
    ['prototype name', JSON.parse('{"__proto__": {"x": 1}, "id": "a"}') as unknown, 'rule.name'],
    ['constructor as a fact', itemJson({ facts: { constructor: { text: 'a', feel: '1' } } }), 'rule.name'],
    ['bidi', itemJson({ title: 'a\u202Eb' }), 'rule.text'],
    ['huge number', itemJson({ award: { fixed: { yuan: '1e999999' } } }), 'rule.value'],
    [
      'many long formulas',
      itemJson({ facts: many(60, () => ({ text: 'a', feel: Array.from({ length: 150 }, () => '1').join('+') })) }),
      'rule.too-large',
    ],
    ['a long chain of facts', itemJson({ facts: many(61, (i) => ({ text: 'a', feel: i === 0 ? '1' : `f${i - 1} + 1` })) }), 'rule.shape'],
    ['a long formula', itemJson({ award: { formula: '('.repeat(3000) } }), 'feel.expression'],
    [
      'many rows',
      itemJson({ award: { tiers: { by: 'income', rows: Array.from({ length: 3000 }, (_, i) => ({ from: i, below: i + 1, yuan: 1 })) } } }),
      'rule.too-large',
    ],
    ['long text', itemJson({ title: 'x'.repeat(100_000) }), 'rule.too-large'],
    ['hostile pattern', itemJson(leaf('note', 'matches', '(a+)+$'.repeat(200))), 'rule.value'],
    [
      'many facts',
      itemJson({ facts: Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`f${i}`, { text: 'a', feel: '1' }])) }),
      'rule.shape',
    ],
  ])('%s is refused quickly', (_name, json, code) => {
    // Processor time, not the clock on the wall: other tests may run beside this one.
    const before = process.cpuUsage();
    const r = readItem(json, catalogue);
    const took = process.cpuUsage(before);
    expect(r.ok ? [] : r.problems.map((p) => p.code)).toContain(code);
    expect((took.user + took.system) / 1000).toBeLessThan(100);
  });
});
