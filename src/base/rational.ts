// Exact numbers: fractions over bigint, always in lowest terms with a positive denominator. No float ever enters.
// Bounded: beyond `termLimit` bits a term is rounded to 60 significant digits; beyond 10^6144 (decimal128's range) an operation throws `NumberOverflow`.

import { Decimal } from 'decimal.js';

export interface Rational {
  readonly kind: 'number';
  readonly num: bigint;
  readonly den: bigint;
}

export type RoundingMode = 'half-up' | 'half-down' | 'half-even' | 'up' | 'down' | 'ceiling' | 'floor';

/** Raised when a magnitude leaves 10^±6144; the FEEL evaluator turns it into null, like every other arithmetic error. */
export class NumberOverflow extends Error {
  constructor() {
    super('number beyond 10^6144');
    this.name = 'NumberOverflow';
  }
}

/** 2^1024: a sum of a thousand awards with odd denominators stays exact; a hostile product does not grow without end. */
const termLimit = 1n << 1024n;
const magnitudeLimit = 10n ** 6145n;
const keptDigits = 60;
/** Scales and exponents beyond this are nonsense in any policy and would only burn time. */
const maxScale = 6176;

/** exp, ln and roots cannot be exact; 50 digits are far finer than any 分. */
const Precise = Decimal.clone({ precision: 50, maxE: 6200, minE: -6200, rounding: Decimal.ROUND_HALF_EVEN, defaults: true });

const smallCache: Rational[] = [];
for (let i = -16; i <= 256; i++) smallCache.push({ kind: 'number', num: BigInt(i), den: 1n });

const whole = (num: bigint): Rational => {
  if (num >= -16n && num <= 256n) return smallCache[Number(num) + 16] as Rational;
  if (num > termLimit || num < -termLimit) return bounded(num, 1n);
  return { kind: 'number', num, den: 1n };
};

const abs = (x: bigint): bigint => (x < 0n ? -x : x);

const gcd = (a: bigint, b: bigint): bigint => {
  let x = abs(a);
  let y = abs(b);
  while (y !== 0n) {
    const t = x % y;
    x = y;
    y = t;
  }
  return x;
};

/** A fraction in lowest terms; the only door by which a Rational with a denominator is made. */
export const ratio = (num: bigint, den: bigint): Rational => {
  if (den === 1n) return whole(num);
  if (den === 0n) throw new RangeError('denominator 0');
  const sign = den < 0n ? -1n : 1n;
  const g = gcd(num, den);
  const n = (sign * num) / g;
  const d = (sign * den) / g;
  if (d === 1n) return whole(n);
  return n > termLimit || n < -termLimit || d > termLimit ? bounded(n, d) : { kind: 'number', num: n, den: d };
};

const digitsOf = (x: bigint): number => abs(x).toString().length;

/** Rounds an overgrown fraction to 60 significant digits, half to even. */
const bounded = (num: bigint, den: bigint): Rational => {
  if (abs(num) / den > magnitudeLimit) throw new NumberOverflow();
  const exponent = digitsOf(num) - digitsOf(den);
  if (exponent < -maxScale) return zero;
  const shift = keptDigits - exponent;
  const [n, d] = shift >= 0 ? [num * 10n ** BigInt(shift), den] : [num, den * 10n ** BigInt(-shift)];
  const digits = divideRounded(n, d, 'half-even');
  // Not through `ratio`: the result may still be long (10^5000 is), but it no longer grows with every step.
  if (shift <= 0) return { kind: 'number', num: digits * 10n ** BigInt(-shift), den: 1n };
  const scale = 10n ** BigInt(shift);
  const g = gcd(digits, scale);
  return { kind: 'number', num: digits / g, den: scale / g };
};

export const fromBigint = (n: bigint): Rational => whole(n);

/** A whole number held in a JavaScript number; anything else must come as text so that no float sneaks in. */
export const fromInt = (n: number): Rational => {
  if (!Number.isSafeInteger(n)) throw new RangeError(`not a safe integer: ${n}`);
  return whole(BigInt(n));
};

export const zero: Rational = smallCache[16] as Rational;
export const one: Rational = smallCache[17] as Rational;

const decimalShape = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,6}))?$/;

/** `"12.50"`, `"-.5"`, `"1e3"` → Rational; null when it is not a decimal number or out of range. */
export const parseDecimal = (text: string): Rational | null => {
  if (text.length > 10_000) return null;
  const m = decimalShape.exec(text);
  if (m === null) return null;
  const integer = m[2] ?? '';
  const fraction = m[3] ?? '';
  if (integer === '' && fraction === '') return null;
  const exponent = Number(m[4] ?? 0) - fraction.length;
  if (Math.abs(exponent) > maxScale) return null;
  const digits = BigInt(`${integer}${fraction}`) * (m[1] === '-' ? -1n : 1n);
  try {
    return exponent >= 0 ? whole(digits * 10n ** BigInt(exponent)) : ratio(digits, 10n ** BigInt(-exponent));
  } catch {
    return null;
  }
};

export const add = (a: Rational, b: Rational): Rational =>
  a.den === 1n && b.den === 1n ? whole(a.num + b.num) : ratio(a.num * b.den + b.num * a.den, a.den * b.den);

export const sub = (a: Rational, b: Rational): Rational =>
  a.den === 1n && b.den === 1n ? whole(a.num - b.num) : ratio(a.num * b.den - b.num * a.den, a.den * b.den);

export const mul = (a: Rational, b: Rational): Rational =>
  a.den === 1n && b.den === 1n ? whole(a.num * b.num) : ratio(a.num * b.num, a.den * b.den);

/** null when the divisor is zero. */
export const div = (a: Rational, b: Rational): Rational | null => (b.num === 0n ? null : ratio(a.num * b.den, a.den * b.num));

export const neg = (a: Rational): Rational => (a.den === 1n ? whole(-a.num) : { kind: 'number', num: -a.num, den: a.den });
export const absolute = (a: Rational): Rational => (a.num < 0n ? neg(a) : a);

export const compare = (a: Rational, b: Rational): -1 | 0 | 1 => {
  if (a.den === b.den) return a.num < b.num ? -1 : a.num > b.num ? 1 : 0;
  const l = a.num * b.den;
  const r = b.num * a.den;
  return l < r ? -1 : l > r ? 1 : 0;
};

export const equal = (a: Rational, b: Rational): boolean => a.num === b.num && a.den === b.den;
export const least = (a: Rational, b: Rational): Rational => (compare(a, b) <= 0 ? a : b);
export const greatest = (a: Rational, b: Rational): Rational => (compare(a, b) >= 0 ? a : b);
export const sign = (a: Rational): -1 | 0 | 1 => (a.num < 0n ? -1 : a.num > 0n ? 1 : 0);
export const isInteger = (a: Rational): boolean => a.den === 1n;

/** num / den (den > 0) as a whole number, by mode. */
const divideRounded = (num: bigint, den: bigint, mode: RoundingMode): bigint => {
  const q = num / den;
  const r = num % den;
  if (r === 0n) return q;
  const away = num < 0n ? q - 1n : q + 1n;
  switch (mode) {
    case 'down':
      return q;
    case 'up':
      return away;
    case 'floor':
      return num < 0n ? away : q;
    case 'ceiling':
      return num < 0n ? q : away;
    default: {
      const twice = abs(r) * 2n;
      if (twice !== den) return twice > den ? away : q;
      if (mode === 'half-up') return away;
      if (mode === 'half-down') return q;
      return q % 2n === 0n ? q : away;
    }
  }
};

/** Rounds to `scale` decimal places (negative: tens, hundreds …). Throws RangeError on an absurd scale. */
export const round = (a: Rational, scale: number, mode: RoundingMode): Rational => {
  if (!Number.isInteger(scale) || Math.abs(scale) > maxScale) throw new RangeError(`scale ${scale}`);
  if (a.den === 1n && scale >= 0) return a;
  if (scale === 0) return whole(divideRounded(a.num, a.den, mode));
  const factor = 10n ** BigInt(Math.abs(scale));
  return scale > 0 ? ratio(divideRounded(a.num * factor, a.den, mode), factor) : whole(divideRounded(a.num, a.den * factor, mode) * factor);
};

export const floor = (a: Rational, scale = 0): Rational => round(a, scale, 'floor');
export const ceil = (a: Rational, scale = 0): Rational => round(a, scale, 'ceiling');
/** The whole number at or below. */
export const floorToBigint = (a: Rational): bigint => divideRounded(a.num, a.den, 'floor');

/** A safe JavaScript integer, or null when it is not one. */
export const toInt = (a: Rational): number | null => {
  if (a.den !== 1n) return null;
  const n = Number(a.num);
  return Number.isSafeInteger(n) ? n : null;
};

/** Decimal text, exact when the fraction ends within `maxDigits` places, else rounded half to even there; never an exponent. */
export const toDecimalString = (a: Rational, maxDigits = 34): string => {
  if (a.den === 1n) return a.num.toString();
  const scaled = divideRounded(a.num * 10n ** BigInt(maxDigits), a.den, 'half-even');
  if (maxDigits === 0) return scaled.toString();
  const digits = abs(scaled)
    .toString()
    .padStart(maxDigits + 1, '0');
  const fraction = digits.slice(-maxDigits).replace(/0+$/, '');
  const integer = digits.slice(0, -maxDigits);
  return `${scaled < 0n ? '-' : ''}${integer}${fraction === '' ? '' : `.${fraction}`}`;
};

const toPrecise = (a: Rational): Decimal => new Precise(a.num.toString()).div(new Precise(a.den.toString()));

const fromPrecise = (d: Decimal): Rational | null => (d.isFinite() ? parseDecimal(d.toString()) : null);

/** base^exponent for a whole exponent, exact (bounded); null for 0 to a negative power; throws NumberOverflow. */
export const powInt = (base: Rational, exponent: number): Rational | null => {
  if (exponent === 0) return one;
  if (base.num === 0n) return exponent < 0 ? null : zero;
  const positive = base.num === base.den || base.num === -base.den;
  if (positive) return exponent % 2 === 0 ? one : base;
  // |log10| × exponent tells the size before any work is done: 10**10**10 must be refused in no time.
  const magnitude = (digitsOf(base.num) - digitsOf(base.den)) * exponent;
  if (magnitude > 3 * maxScale || Math.abs(exponent) > 1_000_000) throw new NumberOverflow();
  let result = one;
  let square = base;
  for (let n = Math.abs(exponent); n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result = mul(result, square);
    if (n > 1) square = mul(square, square);
  }
  return exponent < 0 ? div(one, result) : result;
};

/** base^exponent: exact for whole exponents, else 50 digits; null where there is no real value. */
export const pow = (base: Rational, exponent: Rational): Rational | null => {
  const n = toInt(exponent);
  if (n !== null) return powInt(base, n);
  if (exponent.den === 1n || base.num < 0n) return null;
  if (base.num === 0n) return exponent.num > 0n ? zero : null;
  if (exponent.den === 2n) {
    const root = sqrt(base);
    const power = toInt(fromBigint(exponent.num));
    return root === null || power === null ? null : powInt(root, power);
  }
  return fromPrecise(toPrecise(base).pow(toPrecise(exponent)));
};

const rootOfBigint = (x: bigint): bigint => {
  if (x < 2n) return x;
  let guess = 1n << BigInt((x.toString(16).length + 1) * 2);
  for (;;) {
    const next = (guess + x / guess) >> 1n;
    if (next >= guess) return guess;
    guess = next;
  }
};

/** Exact for squares of fractions (√2.25 is 1.5), else 50 digits; null below zero. */
export const sqrt = (a: Rational): Rational | null => {
  if (a.num < 0n) return null;
  const n = rootOfBigint(a.num);
  const d = rootOfBigint(a.den);
  return n * n === a.num && d * d === a.den ? ratio(n, d) : fromPrecise(toPrecise(a).sqrt());
};

/** e^a to 50 digits; null when it is out of range. */
export const exp = (a: Rational): Rational | null =>
  compare(absolute(a), whole(14_000n)) > 0 ? (a.num < 0n ? zero : null) : fromPrecise(toPrecise(a).exp());

/** Natural logarithm to 50 digits; null at or below zero. */
export const log = (a: Rational): Rational | null => (a.num <= 0n ? null : fromPrecise(toPrecise(a).ln()));
