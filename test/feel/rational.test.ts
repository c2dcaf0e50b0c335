// Exact numbers against bigint arithmetic and the laws they must keep.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  add,
  compare,
  div,
  exp,
  floor,
  fromBigint,
  fromInt,
  isInteger,
  log,
  mul,
  NumberOverflow,
  parseDecimal,
  pow,
  powInt,
  type Rational,
  ratio,
  round,
  sqrt,
  sub,
  toDecimalString,
  toInt,
} from '../../src/base/rational.ts';

const r = (text: string): Rational => {
  const parsed = parseDecimal(text);
  if (parsed === null) throw new Error(text);
  return parsed;
};

const anyRational = fc
  .tuple(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), fc.bigInt({ min: 1n, max: 10n ** 6n }))
  .map(([n, d]) => ratio(n, d));

const seed = 11;

describe('exactness', () => {
  it('two thirds of three 分 is two 分, to the 分', () => {
    expect(toDecimalString(floor(mul(ratio(2n, 3n), r('0.03')), 2))).toBe('0.02');
  });

  it('keeps the laws of a field', () => {
    fc.assert(
      fc.property(anyRational, anyRational, anyRational, (a, b, c) => {
        expect(mul(a, add(b, c))).toEqual(add(mul(a, b), mul(a, c)));
        expect(sub(add(a, b), b)).toEqual(a);
        if (b.num !== 0n) expect(mul(div(a, b) as Rational, b)).toEqual(a);
        expect(compare(a, b)).toBe(-compare(b, a) || 0);
      }),
      { seed },
    );
  });

  it('writes and reads back every decimal', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 30 }), (n, scale) => {
        const x = ratio(n, 10n ** BigInt(scale));
        expect(r(toDecimalString(x))).toEqual(x);
      }),
      { seed },
    );
  });
});

describe('rounding', () => {
  it.each([
    ['half-up', '2.5', '3'],
    ['half-up', '-2.5', '-3'],
    ['half-down', '2.5', '2'],
    ['half-down', '-2.5', '-2'],
    ['half-even', '2.5', '2'],
    ['half-even', '3.5', '4'],
    ['up', '2.1', '3'],
    ['up', '-2.1', '-3'],
    ['down', '2.9', '2'],
    ['down', '-2.9', '-2'],
    ['ceiling', '2.1', '3'],
    ['ceiling', '-2.9', '-2'],
    ['floor', '2.9', '2'],
    ['floor', '-2.1', '-3'],
  ] as const)('%s of %s is %s', (mode, from, to) => expect(toDecimalString(round(r(from), 0, mode))).toBe(to));

  it('to hundreds', () => expect(toDecimalString(round(r('1250'), -2, 'half-even'))).toBe('1200'));
});

describe('what cannot be exact is fine enough', () => {
  it.each([
    ['√2', sqrt(r('2')), '1.4142135623730950488016887242096980785697'],
    ['e', exp(r('1')), '2.7182818284590452353602874713526624977572'],
    ['ln 10', log(r('10')), '2.3025850929940456840179914546843642076011'],
    ['2^(1/3)', pow(r('2'), ratio(1n, 3n)), '1.2599210498948731647672106072782283505703'],
  ] as const)('%s to 40 digits', (_, got, want) => expect(got !== null && toDecimalString(got, 40)).toBe(want));

  it('roots of squares are exact', () => expect(sqrt(r('2.25'))).toEqual(r('1.5')));
  it('there is no root below zero, no power of zero below zero', () => {
    expect(sqrt(r('-1'))).toBeNull();
    expect(powInt(r('0'), -1)).toBeNull();
    expect(div(r('1'), r('0'))).toBeNull();
  });
});

describe('bounds', () => {
  it('refuses 10^(10^10) at once', () => {
    // Working it out would never end.
    expect(() => powInt(r('10'), 10_000_000_000)).toThrow(NumberOverflow);
  });

  it('rounds a fraction that grows without end to at least 50 digits', () => {
    let x = ratio(1n, 3n);
    for (let i = 0; i < 400; i++) x = add(mul(x, ratio(7n, 11n)), ratio(1n, 13n));
    expect(x.den.toString(2).length).toBeLessThanOrEqual(1025);
    // x → (1/13) / (1 − 7/11) = 11/52
    expect(toDecimalString(sub(x, ratio(11n, 52n)), 50)).toMatch(/^-?0$/);
  });

  it('reads no float and no nonsense', () => {
    for (const text of ['', '.', 'abc', '1e9999999', 'NaN', '0x10', '1_000']) expect(parseDecimal(text)).toBeNull();
    expect(() => fromInt(0.5)).toThrow(RangeError);
    expect(toInt(fromBigint(2n ** 60n))).toBeNull();
    expect(isInteger(r('2.50'))).toBe(false);
  });
});
