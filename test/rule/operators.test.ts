// The operator table alone: known, none, unknown and bounded values; both implementations on one list of cases.
import { describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { fromInt, parseDecimal, type Rational } from '../../src/base/rational.ts';
import { boundedUnknown, dateFromDay, type FeelRange, type UncertainList, unknown, type Value } from '../../src/feel/value.ts';
import type { Truth } from '../../src/rule/facts.ts';
import { plain } from '../../src/rule/literal.ts';
import { operators } from '../../src/rule/operators.ts';
import { secondTest } from '../../src/rule/second-operators.ts';

const n = (x: number) => fromInt(x);
const d = (text: string) => dateFromDay(day(text));
const open = unknown('x');
const between = (low: number | null, high: number | null): Value =>
  boundedUnknown(['x'], low === null ? null : n(low), high === null ? null : n(high));
const span = (low: Value | undefined, high: Value | undefined, lowClosed = true, highClosed = false): FeelRange => ({
  kind: 'range',
  low,
  high,
  lowClosed,
  highClosed,
});
const maybe = (...e: readonly [string, boolean][]): UncertainList => ({
  kind: 'uncertainList',
  elements: e.map(([value, sure]) => ({ value, sure })),
  missing: ['x'],
});

const inside: Record<string, Truth> = { '530000': true, '440000': false, '999999': null };
const context = { tree: 'division', within: (_: string, __: string, a: string): Truth => inside[a] ?? null };

const cases: readonly (readonly [operator: string, kind: string, actual: Value, required: Value, truth: Truth])[] = [
  ['equal', 'number', n(3), parseDecimal('3.0') as Rational, true],
  ['equal', 'string', 'a', 'b', false],
  ['equal', 'boolean', true, true, true],
  ['equal', 'date', d('2024-02-29'), d('2024-02-29'), true],
  ['equal', 'string', null, 'a', false],
  ['equal', 'string', open, 'a', null],
  ['equal', 'string', 'a', open, null],
  ['equal', 'string', null, open, false],
  ['equal', 'number', between(4, null), n(3), false],
  ['equal', 'number', between(3, 3), n(3), true],
  ['equal', 'number', between(1, 5), n(3), null],
  ['notEqual', 'string', null, 'a', true],
  ['notEqual', 'string', open, 'a', null],
  ['notEqual', 'number', between(4, null), n(3), true],
  ['in', 'string', 'a', ['a', 'b'], true],
  ['in', 'string', open, ['a', 'b'], null],
  ['in', 'number', between(7, 9), [n(1), n(2)], false],
  ['notIn', 'string', null, ['a'], true],
  ['contains', 'string', ['a', 'b'], 'b', true],
  ['contains', 'string', null, 'b', false],
  ['contains', 'string', maybe(['a', true], ['b', false]), 'a', true],
  ['contains', 'string', maybe(['a', true], ['b', false]), 'b', null],
  ['contains', 'string', maybe(['a', true], ['b', false]), 'c', false],
  ['doesNotContain', 'string', null, 'b', true],
  ['doesNotContain', 'string', open, 'b', null],
  ['intersects', 'string', ['a'], ['b', 'a'], true],
  ['intersects', 'string', [], open, false],
  ['intersects', 'string', ['a'], open, null],
  ['disjoint', 'string', ['a'], ['b'], true],
  ['disjoint', 'string', null, ['b'], true],
  ['lessThan', 'number', n(3), n(3), false],
  ['lessThanInclusive', 'number', n(3), n(3), true],
  ['greaterThan', 'number', between(4, null), n(3), true],
  ['greaterThan', 'number', between(3, null), n(3), null],
  ['greaterThanInclusive', 'number', between(3, null), n(3), true],
  ['greaterThanInclusive', 'number', between(null, 2), n(3), false],
  ['greaterThanInclusive', 'number', null, n(3), false],
  ['greaterThanInclusive', 'number', open, n(3), null],
  ['lessThan', 'number', between(1, 2), between(3, 4), true],
  ['between', 'number', n(5), span(n(1), n(5)), false],
  ['between', 'number', n(1), span(n(1), n(5)), true],
  ['between', 'number', between(6, null), span(n(1), n(5)), false],
  ['between', 'number', between(2, 4), span(n(1), n(5)), true],
  ['between', 'number', open, span(n(1), undefined), null],
  ['between', 'number', null, span(n(1), n(5)), false],
  ['between', 'date', d('2026-01-31'), span(d('2026-01-01'), d('2026-01-31'), true, true), true],
  ['within', 'code', '530128', '530000', true],
  ['within', 'code', '530128', ['440000', '530000'], true],
  ['within', 'code', '530128', ['440000', '999999'], null],
  ['within', 'code', null, '530000', false],
  ['within', 'code', open, '530000', null],
  ['notWithin', 'code', null, '530000', true],
  ['notWithin', 'code', '530128', '440000', true],
  ['absent', 'string', null, true, true],
  ['absent', 'string', null, false, false],
  ['absent', 'string', 'a', true, false],
  ['absent', 'string', open, true, null],
  ['absent', 'string', [], true, true],
  ['absent', 'string', maybe(['a', false]), true, null],
  ['absent', 'string', maybe(['a', true]), true, false],
  ['before', 'date', d('2024-02-28'), d('2024-02-29'), true],
  ['after', 'date', d('2024-02-29'), d('2024-02-29'), false],
  ['onOrBefore', 'date', d('2024-02-29'), d('2024-02-29'), true],
  ['onOrAfter', 'date', open, d('2024-02-29'), null],
  ['onOrAfter', 'date', d('2024-02-29'), null, false],
  ['matches', 'string', 'abc', '^a.c$', true],
  ['matches', 'string', null, '^a', false],
  ['matches', 'string', open, '^a', null],
];

describe('operators', () => {
  const named = cases.map((c) => [`${c[0]} ${JSON.stringify(plain(c[2]))} against ${JSON.stringify(plain(c[3]))}`, ...c] as const);
  it.each(named)('%s', (_, name, kind, actual, required, truth) => {
    expect(operators.get(name)?.evaluate(actual, required, context)).toBe(truth);
    expect(secondTest(name, kind, plain(actual), plain(required), inside)).toBe(truth);
  });
  it('are all in the list of cases, but for the two that share another', () => {
    const shared = ['withinLast', 'olderThan'];
    expect([...operators.keys()].filter((name) => !shared.includes(name) && !cases.some(([c]) => c === name))).toEqual([]);
  });
});
