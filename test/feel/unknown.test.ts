// The unknown never lies: whatever was decided with facts missing still holds when they are told, whatever they turn out to be.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromInt } from '../../src/base/rational.ts';
import { compileFeel, type Expression, evaluate } from '../../src/feel/feel.ts';
import { formatValue } from '../../src/feel/format.ts';
import { scopeOf } from '../../src/feel/scope.ts';
import { date } from '../../src/feel/temporal.ts';
import { booleanType, categoryOf, dateType, listOf, numberType, recordOf, typeEnv } from '../../src/feel/type.ts';
import { context, isUncertain, isUnknown, missingOf, unknown, type Value } from '../../src/feel/value.ts';
import { couldBe } from './could-be.ts';

const env = typeEnv({
  a: numberType,
  b: numberType,
  p: booleanType,
  q: booleanType,
  s: categoryOf('x', 'y'),
  d: dateType,
  xs: listOf(numberType),
  recs: listOf(recordOf({ n: numberType, f: booleanType })),
});

// ── facts: fully told, and with some of them taken away ──────────────────────────────────────────────────────────────
const orNull = <T extends Value>(value: fc.Arbitrary<T>): fc.Arbitrary<Value> =>
  fc.oneof({ weight: 6, arbitrary: value as fc.Arbitrary<Value> }, { weight: 1, arbitrary: fc.constant(null) });

const number = orNull(fc.integer({ min: -4, max: 6 }).map(fromInt));
const truth = orNull(fc.boolean());

interface Told {
  readonly full: Value;
  readonly open: Value;
}

/** A value and what is left of it: itself, or nothing but its name. */
const told = (name: string, value: fc.Arbitrary<Value>): fc.Arbitrary<Told> =>
  fc.tuple(value, fc.boolean()).map(([full, hidden]) => ({ full, open: hidden ? unknown(name) : full }));

const record = fc
  .tuple(told('recs.n', number), told('recs.f', truth))
  .map(([n, f]): Told => ({ full: context({ n: n.full, f: f.full }), open: context({ n: n.open, f: f.open }) }));

const list = (name: string, element: fc.Arbitrary<Told>): fc.Arbitrary<Told> =>
  fc.tuple(fc.array(element, { maxLength: 4 }), fc.integer({ min: 0, max: 4 })).map(([es, hide]) => {
    const full = es.map((e) => e.full);
    return { full, open: hide === 0 ? unknown(name) : es.map((e) => e.open) };
  });

const facts = fc.record({
  a: told('a', number),
  b: told('b', number),
  p: told('p', truth),
  q: told('q', truth),
  s: told('s', orNull(fc.constantFrom('x', 'y'))),
  d: told('d', orNull(fc.integer({ min: 0, max: 20_000 }).map(date))),
  xs: list('xs', told('xs', number)),
  recs: list('recs', record),
});

// ── expressions ──────────────────────────────────────────────────────────────────────────────────────────────────────
const text = (strings: TemplateStringsArray, ...parts: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((ps) => strings.reduce((out, t, i) => `${out}${t}${ps[i] ?? ''}`, ''));

const comparison = fc.constantFrom('<', '<=', '>', '>=', '=', '!=');

const grammar = fc.letrec<{ num: string; bool: string; nums: string; each: string }>((tie) => ({
  num: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.integer({ min: -3, max: 5 }).map((n) => (n < 0 ? `(${n})` : `${n}`)),
    fc.constantFrom('a', 'b'),
    text`(${tie('num')} ${fc.constantFrom('+', '-', '*', '/')} ${tie('num')})`,
    text`${fc.constantFrom('min', 'max', 'at most', 'at least')}(${tie('num')}, ${tie('num')})`,
    text`${fc.constantFrom('count', 'total', 'sum', 'min', 'max', 'mean')}(${tie('nums')})`,
    text`(if ${tie('bool')} then ${tie('num')} else ${tie('num')})`,
    text`${fc.constantFrom('abs', 'floor')}(${tie('num')})`,
    text`(-${tie('num')})`,
    text`${tie('nums')}[${fc.constantFrom('1', '2', '-1')}]`,
    text`count(recs[${tie('each')}])`,
    fc.constant('age at(d, @"2026-01-31")'),
  ),
  bool: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom('true', 'false', 'p', 'q', 's = "x"', 's in ("x", "y")', 'd <= @"2000-01-01"', 'a = null'),
    text`(${tie('num')} ${comparison} ${tie('num')})`,
    text`(${tie('bool')} ${fc.constantFrom('and', 'or')} ${tie('bool')})`,
    text`not(${tie('bool')})`,
    text`(${tie('num')} in (${tie('num')}, > ${tie('num')}))`,
    text`(${tie('num')} in [${tie('num')}..${tie('num')}])`,
    text`(${tie('num')} between ${tie('num')} and ${tie('num')})`,
    text`(${fc.constantFrom('some', 'every')} x in ${tie('nums')} satisfies x ${comparison} ${tie('num')})`,
    text`(${fc.constantFrom('some', 'every')} r in recs satisfies r.f)`,
    text`list contains(${tie('nums')}, ${tie('num')})`,
    text`${fc.constantFrom('intersects', 'contains all')}(${tie('nums')}, ${tie('nums')})`,
    text`${fc.constantFrom('all', 'any')}(recs[${tie('each')}].f)`,
    text`(${tie('nums')} = ${tie('nums')})`,
    text`(${tie('num')} in ${tie('nums')})`,
  ),
  nums: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom('xs', 'recs.n'),
    text`[${tie('num')}, ${tie('num')}]`,
    text`${tie('nums')}[item ${comparison} ${tie('num')}]`,
    text`recs[${tie('each')}].n`,
    text`(for x in ${tie('nums')} return x + ${tie('num')})`,
    text`concatenate(${tie('nums')}, ${tie('nums')})`,
    text`append(${tie('nums')}, ${tie('num')})`,
    text`${fc.constantFrom('reverse', 'distinct values', 'flatten')}(${tie('nums')})`,
    text`(if ${tie('bool')} then ${tie('nums')} else ${tie('nums')})`,
  ),
  each: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom('f', 'not(f)', 'n > 0', 'n = a'),
    text`(f ${fc.constantFrom('and', 'or')} ${tie('bool')})`,
    text`(n ${comparison} ${tie('num')})`,
  ),
}));

// ── the property ─────────────────────────────────────────────────────────────────────────────────────────────────────
const compiled = (source: string): Expression => {
  const c = compileFeel(source, env);
  if (!c.ok) throw new Error(`${source}: ${c.problems.map((p) => p.message).join('；')}`);
  return c.expression;
};

const names = new Set(['a', 'b', 'p', 'q', 's', 'd', 'xs', 'recs', 'recs.n', 'recs.f']);

const seed = 20_260_131;

describe('an answer given with facts missing', () => {
  const holds = (kind: 'num' | 'bool' | 'nums'): void => {
    fc.assert(
      fc.property(grammar[kind], facts, (source, f) => {
        const e = compiled(source);
        const take = (side: 'full' | 'open') => scopeOf(new Map(Object.entries(f).map(([k, v]) => [k, v[side]])));
        const full = evaluate(e, take('full'));
        const open = evaluate(e, take('open'));
        const story = (): string => `${source}: open ${formatValue(open)}, full ${formatValue(full)}`;
        expect(missingOf(full), story()).toEqual([]);
        expect(couldBe(open, full), story()).toBe(true);
        if (isUnknown(open) || isUncertain(open)) expect(open.missing.length, story()).toBeGreaterThan(0);
        for (const m of missingOf(open)) expect(names.has(m), `${story()} misses ${m}`).toBe(true);
      }),
      { seed, numRuns: process.env.ZHIXIANG_TEST_LONG === '1' ? 3000 : 1000 },
    );
  };

  it('still holds for numbers', () => holds('num'));
  it('still holds for conditions', () => holds('bool'));
  it('still holds for lists', () => holds('nums'));
});

describe('bounds decide', () => {
  const recs: Value = [
    context({ n: fromInt(1), f: true }),
    context({ n: fromInt(2), f: unknown('recs.f') }),
    context({ n: fromInt(3), f: true }),
  ];
  const say = (source: string, more: Readonly<Record<string, Value>> = {}): string =>
    formatValue(evaluate(compiled(source), scopeOf({ recs, ...more })));

  it.each([
    ['count(recs[f]) >= 2', 'true'],
    ['count(recs[f]) >= 4', 'false'],
    ['count(recs[f]) >= 3', '未知（recs.f）'],
    ['sum(recs[f].n) > 3', 'true'],
    ['sum(recs[f].n) > 6', 'false'],
    ['max(recs[f].n)', '3'],
    ['min(recs[f].n)', '1'],
    ['recs[f][1].n', '1'],
    ['recs[f][2].n', '未知（recs.f）'],
    ['if count(recs[f]) >= 2 then 100 else 0', '100'],
    ['(if p then 100 else 50) >= 50', 'true'],
    ['if p then 100 else 100', '100'],
    ['p and false', 'false'],
    ['p or true', 'true'],
    ['a = null', '未知（a）'],
    ['a * 0', '未知（a）'],
    ['count(recs[f]) * 0', '0'],
    ['some r in recs satisfies r.n > 2 and r.f', 'true'],
    ['if a > 3 then 0 else 100', '未知（a）'],
  ])('%s is %s', (source, result) => expect(say(source)).toBe(result));

  it('keeps them on the value', () => {
    const v = evaluate(compiled('count(recs[f]) * 1500'), scopeOf({ recs }));
    expect(isUnknown(v) && v.low !== null && v.high !== null && [v.low.num, v.high.num]).toEqual([3000n, 4500n]);
  });
});
