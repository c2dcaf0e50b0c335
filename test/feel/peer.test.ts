// feelin, an independent FEEL, as a peer where both are defined: whole numbers, conditions, lists of whole numbers.
// It computes in floats and calls arithmetic on wrong types otherwise, so division and nulls stay out.

import fc from 'fast-check';
import { evaluate as evaluatePeer } from 'feelin';
import { describe, expect, it } from 'vitest';
import { fromInt, toInt } from '../../src/base/rational.ts';
import { compileFeel, evaluate } from '../../src/feel/feel.ts';
import { scopeOf } from '../../src/feel/scope.ts';
import { booleanType, listOf, numberType, typeEnv } from '../../src/feel/type.ts';
import { isList, isNumber, type Value } from '../../src/feel/value.ts';

const text = (strings: TemplateStringsArray, ...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((ps) => strings.reduce((out, t, i) => `${out}${t}${ps[i] ?? ''}`, ''));

const grammar = fc.letrec<{ num: string; bool: string; nums: string }>((tie) => ({
  num: fc.oneof(
    { maxDepth: 4 },
    fc.integer({ min: 0, max: 9 }).map(String),
    fc.constantFrom('a', 'b'),
    text`(${tie('num')} ${fc.constantFrom('+', '-', '*')} ${tie('num')})`,
    text`(if ${tie('bool')} then ${tie('num')} else ${tie('num')})`,
    text`${fc.constantFrom('min', 'max')}(${tie('num')}, ${tie('num')})`,
    text`${fc.constantFrom('count', 'sum', 'max')}(${tie('nums')})`,
    text`abs(${tie('num')})`,
  ),
  bool: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom('true', 'false', 'p'),
    text`(${tie('num')} ${fc.constantFrom('<', '<=', '>', '>=', '=', '!=')} ${tie('num')})`,
    text`(${tie('bool')} ${fc.constantFrom('and', 'or')} ${tie('bool')})`,
    text`not(${tie('bool')})`,
    text`(${tie('num')} in [1..5])`,
    text`(${fc.constantFrom('some', 'every')} x in ${tie('nums')} satisfies x > ${tie('num')})`,
  ),
  nums: fc.oneof(
    { maxDepth: 3 },
    fc.constant('xs'),
    text`[${tie('num')}, ${tie('num')}]`,
    text`concatenate(xs, ${tie('nums')})`,
    text`(for x in ${tie('nums')} return x + ${tie('num')})`,
  ),
}));

const env = typeEnv({ a: numberType, b: numberType, p: booleanType, xs: listOf(numberType) });
const small = fc.integer({ min: -9, max: 9 });
const facts = fc.record({ a: small, b: small, p: fc.boolean(), xs: fc.array(small, { minLength: 1, maxLength: 4 }) });

const toValue = (v: unknown): Value => (Array.isArray(v) ? v.map(toValue) : typeof v === 'number' ? fromInt(v) : (v as boolean));
const toPlain = (v: Value): unknown => (isList(v) ? v.map(toPlain) : isNumber(v) ? toInt(v) : v);

describe('feelin says the same', () => {
  const agree = (kind: 'num' | 'bool' | 'nums'): void =>
    fc.assert(
      fc.property(grammar[kind], facts, (source, f) => {
        const c = compileFeel(source, env);
        if (!c.ok) throw new Error(source);
        const ours = toPlain(evaluate(c.expression, scopeOf(Object.fromEntries(Object.entries(f).map(([k, v]) => [k, toValue(v)])))));
        // -0 is a float's affair.
        expect(ours, source).toEqual(JSON.parse(JSON.stringify(evaluatePeer(source, f).value)));
      }),
      { seed: 31, numRuns: 700 },
    );

  it('on whole numbers', () => agree('num'));
  it('on conditions', () => agree('bool'));
  it('on lists', () => agree('nums'));
});
