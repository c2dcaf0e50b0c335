// House built-ins over lists of records: totals, n-th by a field, sums by group, months covered by insurance records.

import { civilOf } from '../base/day.ts';
import { add, compare, fromInt, greatest, least, type Rational, zero } from '../base/rational.ts';
import type { Builtin } from './builtin.ts';
import { equals, order } from './compare.ts';
import { type Frame, spend } from './frame.ts';
import { count, row } from './row.ts';
import { elementsOf } from './select.ts';
import { anyType, listOf, numberType, recordOf } from './type.ts';
import { sumOf } from './uncertain.ts';
import {
  boundedUnknown,
  type Context,
  context,
  entryOf,
  type FeelDate,
  isContext,
  isList,
  isNumber,
  isUnknown,
  missingOf,
  unknown,
  type Value,
} from './value.ts';

/** Like sum, but nothing adds up to 0: what an award means by 合计. Bounds hold even when no element is sure. */
const total = (list: Value): Value => {
  const elements = elementsOf(list);
  if (elements === undefined) return unknown(...missingOf(list));
  if (elements.length === 0) return zero;
  const numbers = elements.every((e) => isNumber(e.value));
  if (!numbers || elements.some((e) => e.sure)) return sumOf(list);
  const values = elements.map((e) => e.value as Rational);
  const low = values.map((v) => least(v, zero)).reduce(add);
  const high = values.map((v) => greatest(v, zero)).reduce(add);
  return compare(low, high) === 0 ? low : boundedUnknown(missingOf(list), low, high);
};

const fieldOf = (v: Value, name: string): Value => (isContext(v) ? (v.entries.get(name) ?? null) : null);

/** Records without the field are left out; n counts from the smallest, negative from the largest. */
const nthBy = (list: readonly Value[], field: string, n: Rational): Value => {
  const keyed = list.map((v) => ({ v, key: fieldOf(v, field) })).filter((e) => e.key !== null);
  const open = missingOf(...list.filter(isUnknown), ...keyed.map((e) => e.key));
  if (open.length > 0) return unknown(...open);
  if (keyed.some((e) => order(e.key, (keyed[0] as { key: Value }).key) === null)) return null;
  const sorted = keyed.toSorted((a, b) => order(a.key, b.key) ?? 0);
  const k = count(n);
  if (k === null || k === 0) return null;
  return sorted[k > 0 ? k - 1 : sorted.length + k]?.v ?? null;
};

const groupSum = (f: Frame, list: readonly Value[], keyField: string, valueField: string): Value => {
  const groups: { key: Value; values: Value[] }[] = [];
  const open = missingOf(...list.filter(isUnknown), ...list.flatMap((v) => [fieldOf(v, keyField), fieldOf(v, valueField)]));
  if (open.length > 0) return unknown(...open);
  for (const v of list) {
    const key = fieldOf(v, keyField);
    spend(f.budget, groups.length);
    const group = groups.find((g) => equals(g.key, key) === true);
    if (group === undefined) groups.push({ key, values: [fieldOf(v, valueField)] });
    else group.values.push(fieldOf(v, valueField));
  }
  return groups.map((g) => context({ key: g.key, sum: sumOf(g.values) }));
};

const isDate = (v: Value): v is FeelDate => v !== null && typeof v === 'object' && !isList(v) && v.kind === 'date';

const monthOf = (d: FeelDate): number => {
  const c = civilOf(d.epochDay);
  return c.year * 12 + c.month - 1;
};

/** Months an interval record touches, up to `until` (its `to` may be null: still running); null when it has no start. */
const monthsOf = (record: Value, until: number): readonly [number, number] | null => {
  const [from, to] = [fieldOf(record, 'from'), fieldOf(record, 'to')];
  if (!isDate(from)) return null;
  return [monthOf(from), isDate(to) ? Math.min(monthOf(to), until) : until];
};

/** Nobody is insured for longer; a wrong year must not make a set of a million months. */
const maxSpan = 1_500;

const covered = (intervals: readonly Value[], since: number, until: number, countBackPaid: boolean): ReadonlySet<number> => {
  const months = new Set<number>();
  for (const record of intervals) {
    const span = monthsOf(record, until);
    if (span === null || (!countBackPaid && fieldOf(record, 'backPaid') === true)) continue;
    for (let m = Math.max(span[0], since, until - maxSpan); m <= span[1]; m++) months.add(m);
  }
  return months;
};

const jointMonths = (from: FeelDate, to: FeelDate, lists: readonly Value[]): Value => {
  const [since, until] = [monthOf(from), monthOf(to)];
  const sets = lists.map((l) => covered(l as readonly Value[], since, until, false));
  const [first, ...rest] = sets;
  if (first === undefined) return null;
  return fromInt([...first].filter((m) => rest.every((s) => s.has(m))).length);
};

const monthKey = (month: number): string =>
  `${String(Math.floor(month / 12)).padStart(4, '0')}-${String((month % 12) + 1).padStart(2, '0')}`;

const seriesMonths = (series: Context): ReadonlySet<number> => {
  const months = new Set<number>();
  for (const [key, v] of series.entries) {
    const m = /^(\d{4})-(\d{2})$/.exec(key);
    if (m !== null && isNumber(v) && v.num > 0n) months.add(Number(m[1]) * 12 + Number(m[2]) - 1);
  }
  return months;
};

const consecutiveMonths = (what: readonly Value[] | Context, until: FeelDate, countBackPaid?: boolean): Value => {
  const last = monthOf(until);
  const months = isList(what) ? covered(what, 0, last, countBackPaid ?? false) : seriesMonths(what as Context);
  let n = 0;
  while (months.has(last - n)) n++;
  const before = isList(what) ? null : entryOf(what as Context, monthKey(last - n));
  return isUnknown(before) ? boundedUnknown(before.missing, fromInt(n), null) : fromInt(n);
};

const loans = '[{field: "A", amount: 30}, {field: "B", amount: 10}, {field: "A", amount: 20}]';
const insured = '[{from: @"2025-01-10", to: @"2025-03-31"}, {from: @"2025-05-01", to: null}]';

export const recordBuiltins: readonly Builtin[] = [
  row(
    'total(list: list<number>): E0',
    '总计',
    '{1} 的总计',
    '与 sum 相同，但空清单为 0。',
    total,
    [
      ['total([1, 2])', '3'],
      ['total([])', '0'],
      ['total([{a: 1}, {a: 2}][a > 5].a)', '0'],
    ],
    { unknown: 'own' },
  ),
  row(
    'nth by(list: list<context>, field: string, n: number): E0',
    '第几个',
    '{1} 按 {2} 由小到大第 {3} 个',
    '负数由大到小；没有为空。',
    nthBy,
    [
      ['nth by(loans, "amount", 1).amount', '10', { loans }],
      ['nth by(loans, "amount", -1).amount', '30', { loans }],
      ['nth by(loans, "amount", 9)', 'null', { loans }],
    ],
  ),
  row(
    'group sum(list: list<context>, key field: string, value field: string): list<context>',
    '分组合计',
    '{1} 按 {2} 分组合计 {3}',
    '每组一项：key 与 sum。',
    null,
    [
      ['group sum(loans, "field", "amount")', '[{key: "A", sum: 50}, {key: "B", sum: 10}]', { loans }],
      ['max(group sum(loans, "field", "amount").sum)', '50', { loans }],
      ['group sum([], "field", "amount")', '[]'],
    ],
    { runIn: groupSum, type: () => listOf(recordOf({ key: anyType, sum: numberType })) },
  ),
  row(
    'joint months(from: date, to: date, *lists: list<context>): number<月>',
    '同时覆盖月数',
    '{1} 至 {2} 内 {3} 同时覆盖的月数',
    '每份清单的项有 from、to（空为至今）；补缴（backPaid）的不算。',
    jointMonths,
    [
      ['joint months(@"2025-01-01", @"2025-12-31", insured)', '11', { insured }],
      ['joint months(@"2025-01-01", @"2025-06-30", insured, [{from: @"2025-03-01", to: null}])', '3', { insured }],
      ['joint months(@"2025-01-01", @"2025-12-31", [])', '0'],
    ],
    { unknown: 'deep' },
  ),
  row(
    'consecutive months(records: list<context>, until: date, count back payment?: boolean): number<月>',
    '连续月数',
    '{1} 截至 {2} 的连续月数',
    '项有 from、to（空为至今）；补缴（backPaid）默认不算。',
    consecutiveMonths,
    [
      ['consecutive months(insured, @"2025-08-31")', '4', { insured }],
      ['consecutive months(insured, @"2025-04-30")', '0', { insured }],
      ['consecutive months([{from: @"2025-01-01", to: null, backPaid: true}], @"2025-03-31")', '0'],
    ],
    { unknown: 'deep' },
  ),
  row(
    'consecutive months(series: series, until: date): number<月>',
    '连续月数',
    '{1} 截至 {2} 的连续月数',
    '逐月序列，数大于 0 的月份算。',
    consecutiveMonths,
    [
      ['consecutive months({"2025-01": 1, "2025-02": 1}, @"2025-02-28")', '2'],
      ['consecutive months({"2025-01": 1, "2025-02": 0}, @"2025-02-28")', '0'],
      ['consecutive months({"2025-01": 1}, @"2025-02-28")', '0'],
    ],
    { unknown: 'deep' },
  ),
];
