// FEEL's list built-ins: counting, adding, choosing, testing. Those that can decide something over unknown elements do.

import { compare, div, equal, fromInt, mul, one, type Rational, sqrt, sub } from '../base/rational.ts';
import type { Builtin } from './builtin.ts';
import { row } from './row.ts';
import { allOf, anyOf, containsAllOf, containsOf, countOf, extremeOf, intersectsOf, sumOf } from './uncertain.ts';
import { isNumber, type Value } from './value.ts';

const numbers = (list: readonly Value[]): readonly Rational[] | null => (list.every(isNumber) ? (list as readonly Rational[]) : null);

const product = (list: readonly Value[]): Value => {
  const ns = numbers(list);
  return ns === null || ns.length === 0 ? null : ns.reduce(mul, one);
};

const meanOf = (ns: readonly Rational[]): Rational | null => div(sumOf(ns) as Rational, fromInt(ns.length));

const mean = (list: readonly Value[]): Value => {
  const ns = numbers(list);
  return ns === null || ns.length === 0 ? null : meanOf(ns);
};

const median = (list: readonly Value[]): Value => {
  const ns = numbers(list)?.toSorted(compare);
  if (ns === undefined || ns.length === 0) return null;
  const half = Math.floor(ns.length / 2);
  return ns.length % 2 === 1 ? (ns[half] as Rational) : mean([ns[half - 1] as Rational, ns[half] as Rational]);
};

/** Sample standard deviation: divided by n − 1. */
const stddev = (list: readonly Value[]): Value => {
  const ns = numbers(list);
  if (ns === null || ns.length < 2) return null;
  const m = meanOf(ns) as Rational;
  const squares = ns.map((n) => mul(sub(n, m), sub(n, m)));
  const variance = div(sumOf(squares) as Rational, fromInt(ns.length - 1));
  return variance === null ? null : sqrt(variance);
};

const mode = (list: readonly Value[]): Value => {
  const ns = numbers(list)?.toSorted(compare);
  if (ns === undefined) return null;
  const runs: { value: Rational; times: number }[] = [];
  for (const n of ns) {
    const last = runs[runs.length - 1];
    if (last !== undefined && equal(last.value, n)) last.times++;
    else runs.push({ value: n, times: 1 });
  }
  const most = Math.max(0, ...runs.map((r) => r.times));
  return runs.filter((r) => r.times === most).map((r) => r.value);
};

export const listBuiltins: readonly Builtin[] = [
  row(
    'count(list: list<any>): number',
    '个数',
    '{1} 的个数',
    '清单里有几项；部分未知时给出上下界。',
    countOf,
    [
      ['count([1, 2, 3])', '3'],
      ['count([])', '0'],
      ['count([1, [2, 3]])', '2'],
    ],
    { unknown: 'own' },
  ),
  row(
    'sum(...list: number): E0',
    '合计',
    '{1} 的合计',
    '各数之和；空清单为空。',
    sumOf,
    [
      ['sum([1, 2, 3])', '6'],
      ['sum(0.1, 0.2)', '0.3'],
      ['sum([])', 'null'],
    ],
    { unknown: 'own' },
  ),
  row(
    'min(...list: any): E0',
    '最小值',
    '{1} 中最小的',
    '可用于数、日期、文字；空清单为空。',
    (l: Value) => extremeOf(l, 'min'),
    [
      ['min([3, 1, 2])', '1'],
      ['min(@"2026-02-01", @"2026-01-31")', '2026-01-31'],
      ['min([])', 'null'],
    ],
    { unknown: 'own' },
  ),
  row(
    'max(...list: any): E0',
    '最大值',
    '{1} 中最大的',
    '可用于数、日期、文字；空清单为空。',
    (l: Value) => extremeOf(l, 'max'),
    [
      ['max([3, 1, 2])', '3'],
      ['max(0, -5)', '0'],
      ['max([])', 'null'],
    ],
    { unknown: 'own' },
  ),
  row('product(...list: number): number', '连乘积', '{1} 的连乘积', '各数之积；空清单为空。', product, [
    ['product([2, 3, 4])', '24'],
    ['product(2, 0.5)', '1'],
    ['product([])', 'null'],
  ]),
  row('mean(...list: number): E0', '平均数', '{1} 的平均数', '算术平均；空清单为空。', mean, [
    ['mean([1, 2, 3])', '2'],
    ['mean(1, 2)', '1.5'],
    ['mean([])', 'null'],
  ]),
  row('median(...list: number): E0', '中位数', '{1} 的中位数', '居中的数；空清单为空。', median, [
    ['median([8, 2, 5, 3, 4])', '4'],
    ['median([6, 1, 2, 3])', '2.5'],
    ['median([])', 'null'],
  ]),
  row('stddev(...list: number): number', '标准差', '{1} 的标准差', '样本标准差；少于两项为空。', stddev, [
    ['stddev([2, 2])', '0'],
    ['decimal(stddev(2, 4, 7, 5), 6)', '2.081666'],
    ['stddev([47])', 'null'],
  ]),
  row('mode(...list: number): list<number>', '众数', '{1} 的众数', '出现最多的数，由小到大。', mode, [
    ['mode([6, 3, 9, 6, 6])', '[6]'],
    ['mode([6, 1, 9, 6, 1])', '[1, 6]'],
    ['mode([])', '[]'],
  ]),
  row(
    'all(...list: any): boolean',
    '全部成立',
    '{1} 全部成立',
    '逐项都为真；空清单为真。',
    allOf,
    [
      ['all([true, true])', 'true'],
      ['all([true, false])', 'false'],
      ['all([])', 'true'],
    ],
    { unknown: 'own' },
  ),
  row(
    'any(...list: any): boolean',
    '任一成立',
    '{1} 至少一项成立',
    '有一项为真即为真；空清单为假。',
    anyOf,
    [
      ['any([false, true])', 'true'],
      ['any([false, false])', 'false'],
      ['any([])', 'false'],
    ],
    { unknown: 'own' },
  ),
  row(
    'list contains(list: list<any>, element: any): boolean',
    '清单包含',
    '{1} 中有 {2}',
    '清单里有没有这一项。',
    containsOf,
    [
      ['list contains([1, 2, 3], 2)', 'true'],
      ['list contains(["a"], "b")', 'false'],
      ['list contains([1, null], null)', 'true'],
    ],
    { unknown: 'own' },
  ),
  row(
    'intersects(list: list<any>, other: list<any>): boolean',
    '有交集',
    '{1} 与 {2} 有交集',
    '两个清单有没有共同的项。',
    intersectsOf,
    [
      ['intersects(["A", "B"], ["B", "C"])', 'true'],
      ['intersects(["A"], ["C"])', 'false'],
      ['intersects([], ["C"])', 'false'],
    ],
    { unknown: 'own' },
  ),
  row(
    'contains all(list: list<any>, parts: list<any>): boolean',
    '包含全部',
    '{1} 包含 {2} 的全部',
    '后一清单的每一项都在前一清单里。',
    containsAllOf,
    [
      ['contains all(["A", "B"], ["B"])', 'true'],
      ['contains all(["A"], ["A", "C"])', 'false'],
      ['contains all(["A"], [])', 'true'],
    ],
    { unknown: 'own' },
  ),
  row(
    'contains any(list: list<any>, parts: list<any>): boolean',
    '包含任一',
    '{1} 包含 {2} 中任一项',
    '后一清单至少有一项在前一清单里。',
    intersectsOf,
    [
      ['contains any(["A", "B"], ["B", "C"])', 'true'],
      ['contains any(["A"], ["B"])', 'false'],
      ['contains any(["A"], [])', 'false'],
    ],
    { unknown: 'own' },
  ),
];
