// FEEL's numeric built-ins: rounding, roots, parity. All exact but sqrt, exp and log, which carry 50 digits.

import {
  absolute,
  compare,
  div,
  exp,
  floor as floorTo,
  log,
  mul,
  type Rational,
  type RoundingMode,
  round,
  sqrt,
  sub,
} from '../base/rational.ts';
import type { Builtin, Example } from './builtin.ts';
import { dayTime, yearMonth } from './duration.ts';
import { count, row } from './row.ts';
import type { DayTimeDuration, Value, YearMonthDuration } from './value.ts';

/** decimal128's limits, which the standard and its test kit speak of. */
const scaleOf = (scale: Rational | undefined): number | null => {
  if (scale === undefined) return 0;
  const whole = count(round(scale, 0, 'down'));
  return whole === null || whole < -6111 || whole > 6176 ? null : whole;
};

const rounding =
  (mode: RoundingMode) =>
  (n: Rational, scale?: Rational): Value => {
    const s = scaleOf(scale);
    return s === null ? null : round(n, s, mode);
  };

const rounder = (name: string, zh: string, about: string, mode: RoundingMode, examples: readonly Example[]): Builtin =>
  row(`${name}(n: number, scale: number): T0`, zh, `{1}（${zh}到 {2} 位小数）`, about, rounding(mode), examples);

const abs = (n: Rational | YearMonthDuration | DayTimeDuration): Value => {
  if (n.kind === 'number') return absolute(n);
  return n.kind === 'ymDuration' ? yearMonth(Math.abs(n.months)) : dayTime(n.nanos < 0n ? -n.nanos : n.nanos);
};

const modulo = (dividend: Rational, divisor: Rational): Value => {
  const quotient = div(dividend, divisor);
  return quotient === null ? null : sub(dividend, mul(divisor, floorTo(quotient)));
};

const parity =
  (rest: bigint) =>
  (n: Rational): Value =>
    n.den === 1n ? (n.num < 0n ? -n.num : n.num) % 2n === rest : null;

const cap = (x: Rational, limit: Rational): Value => (compare(x, limit) > 0 ? limit : x);
const raise = (x: Rational, limit: Rational): Value => (compare(x, limit) < 0 ? limit : x);

export const numberBuiltins: readonly Builtin[] = [
  row('decimal(n: number, scale: number): T0', '保留小数', '{1} 保留 {2} 位小数', '四舍六入五成双。', rounding('half-even'), [
    ['decimal(1/3, 2)', '0.33'],
    ['decimal(1.5, 0)', '2'],
    ['decimal(2.5, 0)', '2'],
  ]),
  row('floor(n: number, scale?: number): T0', '向下取整', '{1} 向下取整[到 {2} 位小数]', '不大于该数的最近值。', rounding('floor'), [
    ['floor(1.5)', '1'],
    ['floor(-1.56, 1)', '-1.6'],
    ['floor(2/3 * 0.03, 2)', '0.02'],
  ]),
  row('ceiling(n: number, scale?: number): T0', '向上取整', '{1} 向上取整[到 {2} 位小数]', '不小于该数的最近值。', rounding('ceiling'), [
    ['ceiling(1.5)', '2'],
    ['ceiling(-1.5)', '-1'],
    ['ceiling(1.511, 2)', '1.52'],
  ]),
  rounder('round up', '进位', '有零头就远离零进一位。', 'up', [
    ['round up(5.5, 0)', '6'],
    ['round up(-5.5, 0)', '-6'],
    ['round up(1.121, 2)', '1.13'],
  ]),
  rounder('round down', '舍去', '零头舍去，向零靠近。', 'down', [
    ['round down(5.5, 0)', '5'],
    ['round down(-5.5, 0)', '-5'],
    ['round down(1.129, 2)', '1.12'],
  ]),
  rounder('round half up', '四舍五入', '逢五远离零进位。', 'half-up', [
    ['round half up(5.5, 0)', '6'],
    ['round half up(-5.5, 0)', '-6'],
    ['round half up(1.126, 2)', '1.13'],
  ]),
  rounder('round half down', '五舍六入', '逢五向零舍去。', 'half-down', [
    ['round half down(5.5, 0)', '5'],
    ['round half down(-5.5, 0)', '-5'],
    ['round half down(1.126, 2)', '1.13'],
  ]),
  row('abs(n: number|ymDuration|dtDuration): T0', '绝对值', '{1} 的绝对值', '去掉负号。', abs, [
    ['abs(-10)', '10'],
    ['abs(10)', '10'],
    ['abs(@"-PT5H")', 'PT5H'],
  ]),
  row('modulo(dividend: number, divisor: number): number', '取余', '{1} 除以 {2} 的余数', '余数与除数同号；除数为零时为空。', modulo, [
    ['modulo(12, 5)', '2'],
    ['modulo(-12, 5)', '3'],
    ['modulo(10.1, 4.5)', '1.1'],
  ]),
  row('sqrt(number: number): number', '平方根', '{1} 的平方根', '负数为空。', (n: Rational) => sqrt(n), [
    ['sqrt(16)', '4'],
    ['sqrt(2.25)', '1.5'],
    ['sqrt(-1)', 'null'],
  ]),
  row('log(number: number): number', '自然对数', '{1} 的自然对数', '零和负数为空。', (n: Rational) => log(n), [
    ['log(1)', '0'],
    ['decimal(log(10), 8)', '2.30258509'],
    ['log(0)', 'null'],
  ]),
  row('exp(number: number): number', '自然指数', 'e 的 {1} 次方', '保留五十位有效数字。', (n: Rational) => exp(n), [
    ['exp(0)', '1'],
    ['decimal(exp(5), 8)', '148.4131591'],
    ['decimal(exp(-1), 8)', '0.36787944'],
  ]),
  row('odd(number: number): boolean', '是奇数', '{1} 是奇数', '不是整数时为空。', parity(1n), [
    ['odd(5)', 'true'],
    ['odd(2)', 'false'],
    ['odd(-1)', 'true'],
  ]),
  row('even(number: number): boolean', '是偶数', '{1} 是偶数', '不是整数时为空。', parity(0n), [
    ['even(5)', 'false'],
    ['even(2)', 'true'],
    ['even(0)', 'true'],
  ]),
  row('at most(x: number, limit: number): T0', '封顶', '{1}，最高 {2}', '超过上限时取上限。', cap, [
    ['at most(120, 100)', '100'],
    ['at most(80, 100)', '80'],
    ['at most(100, 100)', '100'],
  ]),
  row('at least(x: number, limit: number): T0', '保底', '{1}，最低 {2}', '低于下限时取下限。', raise, [
    ['at least(-5, 0)', '0'],
    ['at least(80, 0)', '80'],
    ['at least(0.5, 1)', '1'],
  ]),
];
