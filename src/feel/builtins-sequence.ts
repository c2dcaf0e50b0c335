// FEEL's list built-ins that make lists: joining, cutting, sorting, taking out repeats.

import { fromInt, type Rational } from '../base/rational.ts';
import type { Builtin } from './builtin.ts';
import { equals, order } from './compare.ts';
import { type Frame, invoke, spend } from './frame.ts';
import { count, row } from './row.ts';
import { type FeelFunction, isList, isUncertain, isUnknown, missingOf, unknown, type Value } from './value.ts';

const same = (a: Value, b: Value): boolean => equals(a, b) === true;

/** Position 1…n or −n…−1 as an index, or null outside. */
const indexOf = (position: Rational, length: number): number | null => {
  const p = count(position);
  if (p === null || p === 0 || Math.abs(p) > length) return null;
  return p > 0 ? p - 1 : length + p;
};

const sublist = (list: readonly Value[], start: Rational, length?: Rational): Value => {
  const from = indexOf(start, list.length);
  const size = length === undefined ? list.length : count(length);
  return from === null || size === null || size < 0 ? null : list.slice(from, from + size);
};

const insertBefore = (list: readonly Value[], position: Rational, item: Value): Value => {
  const i = indexOf(position, list.length);
  return i === null ? null : list.toSpliced(i, 0, item);
};

const remove = (list: readonly Value[], position: Rational): Value => {
  const i = indexOf(position, list.length);
  return i === null ? null : list.toSpliced(i, 1);
};

const positionsOf = (list: readonly Value[], match: Value): Value => list.flatMap((e, i) => (same(e, match) ? [fromInt(i + 1)] : []));

const distinct = (f: Frame, list: readonly Value[]): readonly Value[] => {
  const out: Value[] = [];
  for (const e of list) {
    spend(f.budget, out.length);
    if (!out.some((o) => same(o, e))) out.push(e);
  }
  return out;
};

const flatten = (f: Frame, v: readonly Value[], depth = 0): readonly Value[] => {
  spend(f.budget, v.length);
  return v.flatMap((e) => (isList(e) && depth < 100 ? flatten(f, e, depth + 1) : [e]));
};

const sort = (f: Frame, list: readonly Value[], precedes?: FeelFunction): Value => {
  let open: Value = null;
  let comparable = true;
  const before = (a: Value, b: Value): number => {
    if (precedes === undefined) {
      const o = order(a, b);
      if (o === null) comparable = false;
      return o ?? 0;
    }
    const t = invoke(f.budget, precedes, [a, b]);
    if (isUnknown(t)) open = t;
    if (t === true) return -1;
    return invoke(f.budget, precedes, [b, a]) === true ? 1 : 0;
  };
  const sorted = list.toSorted(before);
  if (isUnknown(open)) return unknown(...missingOf(open));
  return comparable ? sorted : null;
};

const replaceAt = (list: readonly Value[], position: Rational, item: Value): Value => {
  const i = indexOf(position, list.length);
  return i === null ? null : list.with(i, item);
};

const replaceWhere = (f: Frame, list: readonly Value[], match: FeelFunction, item: Value): Value => {
  if (match.parameters.length !== 2) return null;
  const out: Value[] = [];
  for (const e of list) {
    const t = invoke(f.budget, match, [e, item]);
    if (isUnknown(t)) return unknown(...t.missing);
    if (typeof t !== 'boolean') return null;
    out.push(t ? item : e);
  }
  return out;
};

/** Lists with doubtful elements stay doubtful when they are joined; order is kept. */
const concatenate = (lists: readonly Value[]): Value => {
  if (lists.some(isUnknown)) return unknown(...missingOf(...lists));
  const elements = lists.flatMap((l) => {
    if (isUncertain(l)) return l.elements;
    return (isList(l) ? l : [l]).map((value) => ({ value, sure: true }));
  });
  if (elements.every((e) => e.sure)) return elements.map((e) => e.value);
  return { kind: 'uncertainList', elements, missing: missingOf(...lists.filter(isUncertain)) };
};

const reverse = (list: Value): Value => {
  if (isUncertain(list)) return { ...list, elements: list.elements.toReversed() };
  return isList(list) ? list.toReversed() : list;
};

export const sequenceBuiltins: readonly Builtin[] = [
  row(
    'sublist(list: list<any>, start position: number, length?: number): T0',
    '截取清单',
    '{1} 从第 {2} 项起[的 {3} 项]',
    '位置从 1 数起，负数从末尾数。',
    sublist,
    [
      ['sublist([4, 5, 6], 1, 2)', '[4, 5]'],
      ['sublist([4, 5, 6], -1)', '[6]'],
      ['sublist([4, 5, 6], 9)', 'null'],
    ],
  ),
  row(
    'append(list: list<any>, *items: any): T0',
    '追加',
    '{1} 再加上 {2}',
    '在末尾加上各项。',
    (l: Value, items: readonly Value[]) => concatenate([l, items]),
    [
      ['append([1], 2, 3)', '[1, 2, 3]'],
      ['append([], "a")', '["a"]'],
      ['append([1], [2])', '[1, [2]]'],
    ],
    { unknown: 'own' },
  ),
  row(
    'concatenate(*lists: list<any>): E0',
    '合并清单',
    '合并 {1}',
    '把几个清单接在一起。',
    concatenate,
    [
      ['concatenate([1, 2], [3])', '[1, 2, 3]'],
      ['concatenate([1], [], [1])', '[1, 1]'],
      ['concatenate([])', '[]'],
    ],
    { unknown: 'own' },
  ),
  row(
    'insert before(list: list<any>, position: number, newItem: any): T0',
    '插入',
    '{1} 在第 {2} 项前插入 {3}',
    '位置不存在时为空。',
    insertBefore,
    [
      ['insert before([1, 3], 1, 2)', '[2, 1, 3]'],
      ['insert before([1, 3], -1, 2)', '[1, 2, 3]'],
      ['insert before([], 1, 2)', 'null'],
    ],
  ),
  row('remove(list: list<any>, position: number): T0', '移除', '{1} 去掉第 {2} 项', '位置不存在时为空。', remove, [
    ['remove([1, 2, 3], 2)', '[1, 3]'],
    ['remove([1, 2, 3], -1)', '[1, 2]'],
    ['remove([1], 2)', 'null'],
  ]),
  row(
    'reverse(list: list<any>): T0',
    '倒序',
    '{1} 倒过来',
    '次序颠倒。',
    reverse,
    [
      ['reverse([1, 2, 3])', '[3, 2, 1]'],
      ['reverse([])', '[]'],
      ['reverse(["a"])', '["a"]'],
    ],
    { unknown: 'own' },
  ),
  row(
    'index of(list: list<any>, match: any): list<number>',
    '所在位置',
    '{2} 在 {1} 中的位置',
    '每次出现的位置。',
    positionsOf,
    [
      ['index of([1, 2, 3, 2], 2)', '[2, 4]'],
      ['index of(["a"], "b")', '[]'],
      ['index of([null], null)', '[1]'],
    ],
    { unknown: 'deep' },
  ),
  row(
    'union(*lists: list<any>): E0',
    '并集',
    '{1} 的并集',
    '合并后去重。',
    null,
    [
      ['union([1, 2], [2, 3])', '[1, 2, 3]'],
      ['union([1, 1])', '[1]'],
      ['union([], [])', '[]'],
    ],
    { unknown: 'deep', runIn: (f, lists: readonly Value[]) => distinct(f, concatenate(lists) as readonly Value[]) },
  ),
  row(
    'distinct values(list: list<any>): T0',
    '去重',
    '{1} 去掉重复',
    '相同的只留第一个。',
    null,
    [
      ['distinct values([1, 2, 1])', '[1, 2]'],
      ['distinct values(["a", "a"])', '["a"]'],
      ['distinct values([])', '[]'],
    ],
    { unknown: 'deep', runIn: distinct },
  ),
  row(
    'flatten(list: list<any>): list',
    '展开',
    '{1} 展开成一层',
    '清单中的清单摊平。',
    null,
    [
      ['flatten([[1, 2], [[3]], 4])', '[1, 2, 3, 4]'],
      ['flatten([])', '[]'],
      ['flatten([1])', '[1]'],
    ],
    { runIn: (f, list: readonly Value[]) => flatten(f, list) },
  ),
  row(
    'sort(list: list<any>, precedes?: function): T0',
    '排序',
    '{1} 排序',
    '不给规则时由小到大。',
    null,
    [
      ['sort([3, 1, 2])', '[1, 2, 3]'],
      ['sort([3, 1, 2], function(x, y) x > y)', '[3, 2, 1]'],
      ['sort(["b", "a"])', '["a", "b"]'],
    ],
    { runIn: sort },
  ),
  row(
    'list replace(list: list<any>, position: number, newItem: any): T0',
    '换一项',
    '{1} 的第 {2} 项换成 {3}',
    '位置不存在时为空。',
    replaceAt,
    [
      ['list replace([1, 2, 3], 2, 4)', '[1, 4, 3]'],
      ['list replace([1, 2, 3], -1, 4)', '[1, 2, 4]'],
      ['list replace([1], 5, 4)', 'null'],
    ],
  ),
  row(
    'list replace(list: list<any>, match: function, newItem: any): T0',
    '换符合的项',
    '{1} 中符合 {2} 的换成 {3}',
    '规则对每一项给出真假。',
    null,
    [
      ['list replace([1, 2, 3], function(item, newItem) item > 1, 0)', '[1, 0, 0]'],
      ['list replace([1], function(item, newItem) false, 0)', '[1]'],
      ['list replace([], function(item, newItem) true, 0)', '[]'],
    ],
    { runIn: replaceWhere },
  ),
];
