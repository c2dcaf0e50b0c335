// Rule files made to hurt: deep, huge, endless, misleading. As JSON values where JSON can say it, built in code so that no file of a megabyte is kept.
import { itemJson } from './fixture.ts';

type Json = unknown;
const leaf = (fact: string, operator: string, value: Json): Json => ({ fact, operator, value });
const rule = (change: Record<string, Json>): Json => itemJson(change);
const conditions = (c: Json): Json => rule({ conditions: c });
const fact = (feel: string): Json => rule({ facts: { age: { text: '年龄', feel, unit: '岁' } } });
const nested = (n: number, wrap: (inner: Json) => Json, inner: Json): Json => {
  let out = inner;
  for (let i = 0; i < n; i++) out = wrap(out);
  return out;
};
const times = <T>(n: number, make: (i: number) => T): readonly T[] => Array.from({ length: n }, (_, i) => make(i));
const keyed = (n: number, make: (i: number) => Json): Json => Object.fromEntries(times(n, (i) => [`f${i}`, make(i)]));
const income = (i: number): Json => leaf('income', i % 2 === 0 ? 'lessThan' : 'greaterThan', i * 3);
const example = (i: number): Json => ({
  name: `例${i}`,
  period: '2026-01',
  facts: { hukouRegion: '530128', birthDate: '1931-05-01', deathDate: null },
  expect: { verdict: 'eligible' },
});

/** Refused, each with a problem of a known code. */
export const refused: Readonly<Record<string, () => Json>> = {
  'conditions ten thousand deep': () => conditions(nested(10_000, (c) => ({ all: [c] }), leaf('income', 'lessThan', 1))),
  'nots sixty deep': () => conditions(nested(60, (c) => ({ not: c }), leaf('income', 'lessThan', 1))),
  'awards a thousand deep': () => rule({ award: nested(1_000, (a) => ({ sum: [a] }), { fixed: { yuan: 1 } }) }),
  'a list in a list in an example': () => rule({ examples: [{ ...(example(0) as object), facts: { note: nested(500, (x) => [x], 1) } }] }),
  'a value a thousand deep': () =>
    conditions(
      leaf(
        'income',
        'in',
        nested(1_000, (x) => [x], 1),
      ),
    ),
  'a group of a hundred thousand': () => conditions({ all: times(100_000, income) }),
  'groups of groups, a hundred thousand in all': () => conditions({ any: times(300, () => ({ all: times(300, income) })) }),
  'a set of a hundred thousand': () =>
    conditions(
      leaf(
        'income',
        'in',
        times(100_000, (i) => i),
      ),
    ),
  'a hundred thousand keys': () => rule(keyed(100_000, (i) => i) as Record<string, Json>),
  'five thousand tiers': () =>
    rule({ award: { tiers: { by: 'age', rows: [...times(5_000, (i) => ({ below: i + 1, yuan: 1 })), { yuan: 2 }] } } }),
  'five thousand examples': () => rule({ examples: times(5_000, example) }),
  'an example for ten million others': () =>
    rule({ examples: [{ ...(example(0) as object), population: times(60, () => ({ times: 10_000_000, facts: {} })) }] }),
  'five thousand facts': () => rule({ facts: keyed(5_000, (i) => ({ text: `${i}`, feel: '1 + 1' })) }),
  'five thousand modes': () => rule({ mode: [...times(5_000, (i) => ({ when: income(i), mode: 'auto' })), { mode: 'confirm' }] }),
  'a text of a million letters': () => rule({ title: '补'.repeat(1_000_000) }),
  'a formula of a million letters': () => fact(`1${'+1'.repeat(500_000)}`),
  'a name of a million letters': () => conditions(leaf('a'.repeat(1_000_000), 'equal', 1)),
  'a key of a million letters': () => rule({ ['键'.repeat(1_000_000)]: 1 }),
  'formulas deep in brackets': () => fact(`${'('.repeat(2_000)}1${')'.repeat(2_000)}`),
  'formulas of ifs in ifs': () => fact(`${'if true then '.repeat(250)}1${' else 2'.repeat(250)}`),
  'the prototype as a fact': () => conditions(leaf('__proto__', 'equal', 1)),
  'a constructor as a fact': () => conditions(leaf('constructor', 'equal', 1)),
  'a method as an operator': () => conditions(leaf('income', 'toString', 1)),
  'the prototype as a key': () => JSON.parse('{"id": "x", "__proto__": {"mode": "auto"}}') as Json,
  'the prototype deep inside': () => rule({ award: JSON.parse('{"fixed": {"yuan": 1, "__proto__": {"polluted": true}}}') as Json }),
  'a constructor among the facts': () => rule({ facts: JSON.parse('{"constructor": {"text": "x", "feel": "1"}}') as Json }),
  'a method among the facts read': () => rule({ award: { tiers: { by: 'hasOwnProperty', rows: [{ yuan: 1 }] } } }),
  'a getter in a formula': () => fact('__lookupGetter__("a")'),
  'the prototype in an example': () => rule({ examples: [{ ...(example(0) as object), facts: JSON.parse('{"toString": 1}') as Json }] }),
  'a pattern that looks behind itself': () => conditions(leaf('note', 'matches', '(?<=(a+)+)\\1$')),
  'a pattern that multiplies': () => conditions(leaf('note', 'matches', '(a?){1000}'.repeat(300))),
  'a pattern that is none': () => conditions(leaf('note', 'matches', '((((')),
  'a pattern beyond all bounds': () => conditions(leaf('note', 'matches', 'a{99999999}')),
  'an exponent': () => conditions(leaf('income', 'lessThan', '1e999999999')),
  'a negative exponent': () => rule({ award: { fixed: { yuan: '1e-999999999' } } }),
  'a number without end': () => rule({ award: { fixed: { yuan: '9'.repeat(3_900) } } }),
  'a fraction of numbers without end': () =>
    rule({ award: { rate: { base: 'income', rate: `${'9'.repeat(1_900)}/${'7'.repeat(1_900)}` } } }),
  'a fraction by nothing': () => rule({ award: { rate: { base: 'income', rate: '1/0' } } }),
  'a budget beyond all money': () => rule({ budget: { kind: 'limited', yuan: 1e308, order: 'birthDate' } }),
  'a count beyond all counting': () => rule({ limits: [{ times: { count: 1e300, per: 'year' } }] }),
  'an exponent in a formula': () => fact('1e999999999'),
  'a year beyond the calendar': () => conditions(leaf('birthDate', 'before', '99999-01-01')),
  'a duration beyond time': () => conditions(leaf('birthDate', 'withinLast', 'P99999999999Y')),
  'a fact of itself': () => fact('age + 1'),
  'two facts of each other': () => rule({ facts: { age: { text: '一', feel: 'b + 1' }, b: { text: '二', feel: 'age + 1' } } }),
  'a ring of fifty-five facts': () =>
    rule({
      facts: keyed(55, (i) => ({ text: `${i}`, feel: `f${(i + 1) % 55} + 1` })),
      award: { fixed: { yuan: 1 } },
      conditions: income(0),
    }),
  'every fact of every other': () =>
    rule({ facts: keyed(55, (i) => ({ text: `${i}`, feel: times(55, (j) => `f${j}`).join(' + ') })), conditions: income(0) }),
  'an order written full-width': () => fact('年龄＞＝80，1'),
  'a comma written full-width': () => fact('max(income，expense)'),
  'a name turned round': () => rule({ title: '高龄\u202e津贴' }),
  'a fact turned round': () => conditions(leaf('in\u2066come', 'lessThan', 1)),
  'a name of a fact turned round': () => rule({ facts: { 'a\u200eb': { text: 'x', feel: '1' } } }),
  'a zero in a formula': () => fact('1\u00002'),
  'half a letter': () => fact('"\ud800"'),
  'a list where an item should be': () => times(1_000, () => []),
  'nothing at all': () => null,
};

/** Large, and right or nearly so: read within the same bounds, whatever comes of them; the lint and both opinions must bear them too. */
export const heavy: Readonly<Record<string, () => Json>> = {
  'a group of five hundred bounds': () => conditions({ any: times(500, income) }),
  'a group of five hundred days': () =>
    conditions({ any: times(500, (i) => leaf('birthDate', 'before', `${1900 + (i % 100)}-01-${String(1 + (i % 28)).padStart(2, '0')}`)) }),
  'groups of groups of codes': () =>
    conditions({ any: times(60, () => ({ all: times(30, () => leaf('hukouRegion', 'within', ['530128', '440000'])) })) }),
  'sets of sets': () => conditions({ any: times(300, () => leaf('groups', 'intersects', ['老人', '残疾', '孤儿'])) }),
  'four hundred numbers in forty lists': () =>
    conditions({
      any: times(40, (n) =>
        leaf(
          'income',
          'in',
          times(400, (i) => i * (n + 1)),
        ),
      ),
    }),
  'nots eighteen deep': () => conditions(nested(18, (c) => ({ not: c }), leaf('income', 'lessThan', 1))),
  'five hundred tiers': () =>
    rule({ award: { tiers: { by: 'age', rows: [...times(499, (i) => ({ below: i + 1, yuan: 1 })), { yuan: 2 }] } } }),
  'five hundred tiers with conditions': () =>
    rule({ award: { tiers: { rows: [...times(400, (i) => ({ when: income(i), yuan: 1 })), { yuan: 2 }] } } }),
  'tiers in tiers': () =>
    rule({
      award: {
        tiers: {
          by: 'age',
          rows: [
            ...times(40, (n) => ({
              below: n + 1,
              award: { tiers: { by: 'income', rows: [...times(60, (i) => ({ below: i + 1, yuan: i })), { yuan: 1 }] } },
            })),
            { yuan: 1 },
          ],
        },
      },
    }),
  'a chain of fifty-five facts': () =>
    rule({
      facts: {
        ...(keyed(55, (i) => ({ text: `${i}`, feel: i === 0 ? 'income' : `f${i - 1} + 1` })) as object),
        age: { text: 'x', feel: 'f54' },
      },
      conditions: leaf('f54', 'greaterThan', 1),
    }),
  'facts that double': () =>
    rule({
      facts: {
        ...(keyed(55, (i) => ({ text: `${i}`, feel: i === 0 ? 'income' : `f${i - 1} + f${i - 1}` })) as object),
        age: { text: 'x', feel: 'f54' },
      },
      conditions: leaf('f54', 'greaterThan', 1),
    }),
  'twenty modes of twenty conditions': () =>
    rule({
      mode: [...times(19, (i) => ({ when: { any: times(20, (j) => income(i * 20 + j)) }, mode: 'apply' })), { mode: 'confirm' }],
      flow: { first: ['guard', 'notice', 'confirm', 'pay'], continuing: ['guard', 'pay'] },
      confirm: { days: 7 },
    }),
  'three hundred parts': () => rule({ award: { sum: times(300, (i) => ({ fixed: { yuan: i }, when: income(i) })) } }),
  'a formula that never ends': () => rule({ award: { formula: 'count(for a in 1..1000, b in 1..1000, c in 1..1000 return a * b * c)' } }),
  'a pattern over anything': () => conditions(leaf('note', 'matches', '(a+)+$')),
};
