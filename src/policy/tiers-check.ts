// Reads a tier table and looks at it as a whole: gaps, overlaps, rows that can never be reached.
import { compare, floorToBigint, type Rational } from '../base/rational.ts';
import { typeName } from '../feel/type.ts';
import { type FeelRange, isNumber, type Value } from '../feel/value.ts';
import { isObject, numberText } from '../rule/literal.ts';
import { clip, reportUnknown } from '../rule/operand.ts';
import { suggest } from '../rule/vocabulary.ts';
import type { FactFigure, Figure, ReadyAward, ReadyForm, ReadyRow } from './award-ready.ts';
import { type Checker, conditionAt, factFigure, figureAt, type Json, numberAt, onlyKeys } from './checker.ts';

type Nested = (raw: unknown, at: string) => ReadyAward | null;

interface By {
  readonly figure: FactFigure;
  readonly kind: 'number' | 'text';
  readonly values: readonly string[] | null;
  readonly unit: string | null;
}

const rowKeys = ['from', 'above', 'below', 'upTo', 'is', 'when', 'yuan', 'rate', 'award', 'cap', 'covers', 'text'];

export const tiersAt = (raw: Json, at: string, c: Checker, nested: Nested): ReadyForm | null => {
  const keysFine = onlyKeys(raw, ['by', 'base', 'select', 'rows'], at, c.report);
  const by = raw.by === undefined ? null : byAt(raw.by, `${at}/by`, c);
  const base = raw.base === undefined ? null : factFigure(raw.base, `${at}/base`, c, true);
  const select = raw.select ?? 'first';
  if (select !== 'first' && select !== 'highest') {
    c.report('rule.value', `${at}/select`, 'select 只能是 first 或 highest', '不写就是 first：取第一个符合的档');
    return null;
  }
  if (!Array.isArray(raw.rows) || raw.rows.length === 0) {
    c.report('rule.shape', `${at}/rows`, '分档须是非空的列表', '如 [{"below": 90, "yuan": 60}, {"yuan": 500}]');
    return null;
  }
  const broken = (raw.by !== undefined && by === null) || (raw.base !== undefined && base === null);
  const context = { by, hasBy: raw.by !== undefined, hasBase: raw.base !== undefined };
  const rows = raw.rows.map((r: unknown, i: number) => rowAt(r, `${at}/rows/${i}`, c, context, nested));
  if (broken || !keysFine || !rows.every((r): r is ReadyRow => r !== null)) return null;
  if (!looksWhole(rows, by, select, at, c)) return null;
  return { form: 'tiers', by: by?.figure ?? null, base, select, rows };
};

const byAt = (raw: unknown, at: string, c: Checker): By | null => {
  const shape = typeof raw === 'string' ? c.vocabulary.find(raw) : undefined;
  if (shape === undefined) {
    reportUnknown(typeof raw === 'string' ? raw : '', c.vocabulary, at, c.report, '算式先在本规则里定义成指标');
    return null;
  }
  const figure: FactFigure = { kind: 'fact', fact: shape.name, label: shape.label, factor: null };
  switch (shape.type.kind) {
    case 'number':
    case 'any':
      return { figure, kind: 'number', values: null, unit: shape.type.kind === 'number' ? (shape.type.unit ?? null) : null };
    case 'string':
      return { figure, kind: 'text', values: shape.type.values ?? null, unit: null };
    case 'code':
      return { figure, kind: 'text', values: null, unit: null };
    default:
      c.report(
        'rule.type',
        at,
        `${shape.label}是${typeName(shape.type)}，不能用来分档`,
        '按数值或类别分档；几个指标一起分档时不写 by，每档写 when',
      );
      return null;
  }
};

interface RowContext {
  readonly by: By | null;
  readonly hasBy: boolean;
  readonly hasBase: boolean;
}

const rowAt = (raw: unknown, at: string, c: Checker, context: RowContext, nested: Nested): ReadyRow | null => {
  if (!isObject(raw)) {
    c.report('rule.shape', at, '每一档须是一个对象', '如 {"below": 90, "yuan": 60}');
    return null;
  }
  const keysFine = onlyKeys(raw, rowKeys, at, c.report);
  const bounded = ['from', 'above', 'below', 'upTo'].some((k) => raw[k] !== undefined);
  if ((bounded || raw.is !== undefined) && !context.hasBy) {
    c.report('rule.tier', at, '这一档写了界限，但分档没有写 by', '补上 by（按哪个指标分档），或改用 when');
    return null;
  }
  const range = bounded ? rangeAt(raw, at, c, context.by) : null;
  const is = raw.is === undefined ? null : isAt(raw.is, `${at}/is`, c, context.by);
  const when = raw.when === undefined ? null : conditionAt(raw.when, `${at}/when`, c);
  const gives = givesAt(raw, at, c, context.hasBase, nested);
  let cap: Figure | null = null;
  if (raw.cap !== undefined) cap = figureAt(raw.cap, `${at}/cap`, c, '本档封顶', true);
  const broken =
    (bounded && range === null) ||
    (raw.is !== undefined && is === null) ||
    (raw.when !== undefined && when === null) ||
    (raw.cap !== undefined && cap === null);
  if (broken || gives === null || !keysFine) return null;
  if (cap?.kind === 'number' && gives.kind === 'yuan' && compare(cap.value, gives.yuan) < 0) {
    c.report('rule.cap', `${at}/cap`, '本档封顶低于本档金额', '核对两个数的单位');
    return null;
  }
  return { at, range, is, when, rest: range === null && is === null && when === null, gives, cap };
};

const givesAt = (raw: Json, at: string, c: Checker, hasBase: boolean, nested: Nested): ReadyRow['gives'] | null => {
  const given = ['yuan', 'rate', 'award'].filter((k) => raw[k] !== undefined);
  if (given.length !== 1) {
    c.report('rule.tier', at, '每一档须写 yuan、rate、award 中的一个', given.length === 0 ? '补上这一档给多少' : '只留一个');
    return null;
  }
  if (raw.award !== undefined) {
    const award = nested(raw.award, `${at}/award`);
    return award === null ? null : { kind: 'award', award };
  }
  if (raw.rate !== undefined) {
    if (!hasBase) c.report('rule.tier', `${at}/rate`, '写了比例，但分档没有写 base', '补上 base：比例乘以哪个指标');
    const rate = numberAt(raw.rate, `${at}/rate`, c, '比例');
    return rate === null || !hasBase ? null : { kind: 'rate', rate };
  }
  const yuan = numberAt(raw.yuan, `${at}/yuan`, c, '金额');
  return yuan === null ? null : { kind: 'yuan', yuan };
};

const rangeAt = (raw: Json, at: string, c: Checker, by: By | null): FeelRange | null => {
  if (by !== null && by.kind !== 'number') {
    c.report('rule.tier', at, `${by.figure.label}是类别，不能用上下界分档`, '改用 is');
    return null;
  }
  if ((raw.from !== undefined && raw.above !== undefined) || (raw.below !== undefined && raw.upTo !== undefined)) {
    c.report('rule.tier', at, '同一侧只能写一个界限', 'from 含、above 不含；upTo 含、below 不含');
    return null;
  }
  const bound = (key: string): Rational | null | undefined =>
    raw[key] === undefined ? undefined : numberAt(raw[key], `${at}/${key}`, c, '界限');
  const [from, above, below, upTo] = [bound('from'), bound('above'), bound('below'), bound('upTo')];
  if ([from, above, below, upTo].includes(null)) return null;
  const low = from ?? above ?? undefined;
  const high = upTo ?? below ?? undefined;
  const range: FeelRange = { kind: 'range', low, high, lowClosed: from !== undefined, highClosed: upTo !== undefined };
  if (low === undefined || high === undefined) return range;
  const order = compare(low, high);
  if (order < 0 || (order === 0 && range.lowClosed && range.highClosed)) return range;
  c.report('rule.tier', at, '这一档的下界不低于上界，没有人能落在其中', '对调或改正界限');
  return null;
};

const isAt = (raw: unknown, at: string, c: Checker, by: By | null): readonly Value[] | null => {
  const list = Array.isArray(raw) ? raw : [raw];
  if (list.length === 0 || !list.every((v): v is string => typeof v === 'string')) {
    c.report('rule.tier', at, 'is 须是一个或几个类别值', '写成文字或文字的列表；数值请用 from、below 等界限');
    return null;
  }
  if (by === null) return list;
  if (by.kind !== 'text') {
    c.report('rule.tier', at, `${by.figure.label}是数值，不能用 is`, '改用 from、above、below、upTo');
    return null;
  }
  const strangers = by.values === null ? [] : list.filter((v) => !by.values?.includes(v));
  for (const v of strangers)
    c.report('rule.value', at, `${by.figure.label}没有“${clip(v)}”这个取值`, suggest(v, by.values ?? [], '核对取值'));
  return strangers.length === 0 ? list : null;
};

// ── the table as a whole ─────────────────────────────────────────────────────────────────────────────────────────────

const looksWhole = (rows: readonly ReadyRow[], by: By | null, select: 'first' | 'highest', at: string, c: Checker): boolean => {
  const restAt = rows.findIndex((r) => r.rest);
  const after = restAt < 0 ? undefined : rows[restAt + 1];
  if (select === 'first' && after !== undefined) {
    c.report('rule.tier', after.at, '前一档没有界限，已包括其余所有情形，这一档永远用不到', '把没有界限的一档移到最后');
    return false;
  }
  const plain = rows.filter((r) => r.when === null);
  if (by?.kind === 'text') return select === 'highest' || distinctValues(plain, c);
  const ranges = plain.flatMap((r) => (r.range === null ? [] : [{ at: r.at, range: r.range }]));
  const overlapFree = select === 'highest' || distinctRanges(ranges, c);
  const whole = rows.some((r) => r.rest || r.when !== null) || noGap(ranges, by?.unit ?? null, at, c);
  return overlapFree && whole;
};

const distinctValues = (rows: readonly ReadyRow[], c: Checker): boolean => {
  const seen = new Set<Value>();
  let fine = true;
  for (const row of rows) {
    const again = (row.is ?? []).filter((v) => seen.has(v));
    if (again.length > 0) {
      c.report('rule.tier', `${row.at}/is`, `${again.join('、')} 在前面的档中已经出现`, '一个取值只写在一档里');
      fine = false;
    }
    for (const v of row.is ?? []) seen.add(v);
  }
  return fine;
};

interface Placed {
  readonly at: string;
  readonly range: FeelRange;
}

const numberOf = (v: Value | undefined): Rational | null => (v !== undefined && isNumber(v) ? v : null);

/** Does `a` end before `b` begins (or touch it without sharing a point)? */
const endsBefore = (a: FeelRange, b: FeelRange): boolean => {
  const [high, low] = [numberOf(a.high), numberOf(b.low)];
  if (high === null || low === null) return false;
  const order = compare(high, low);
  return order < 0 || (order === 0 && !(a.highClosed && b.lowClosed));
};

const holds = (outer: FeelRange, inner: FeelRange): boolean => {
  const [ol, il, oh, ih] = [numberOf(outer.low), numberOf(inner.low), numberOf(outer.high), numberOf(inner.high)];
  const lowFine = ol === null || (il !== null && (compare(ol, il) < 0 || (compare(ol, il) === 0 && (outer.lowClosed || !inner.lowClosed))));
  const highFine =
    oh === null || (ih !== null && (compare(ih, oh) < 0 || (compare(ih, oh) === 0 && (outer.highClosed || !inner.highClosed))));
  return lowFine && highFine;
};

/**
 * `first`: a row wholly inside an earlier one is never reached. Descending thresholds (≥100, ≥90, ≥80) overlap on purpose;
 * a row with both bounds written that shares points with an earlier one is a slip.
 */
const distinctRanges = (rows: readonly Placed[], c: Checker): boolean => {
  let fine = true;
  rows.forEach((row, i) => {
    for (const earlier of rows.slice(0, i)) {
      if (holds(earlier.range, row.range)) {
        c.report('rule.tier', row.at, '这一档完全落在前面的档里，永远用不到', '调整次序或界限');
        fine = false;
        return;
      }
      const closed = row.range.low !== undefined && row.range.high !== undefined;
      if (closed && !endsBefore(earlier.range, row.range) && !endsBefore(row.range, earlier.range)) {
        c.report('rule.tier', row.at, '这一档与前面的档有重叠', '上一档写“到多少（不含）”，下一档写“从多少（含）”，两个数相同');
        fine = false;
        return;
      }
    }
  });
  return fine;
};

/** Counted things have no halves: 89 and 90 are neighbours for 岁 and 人, not for 元. */
export const countedUnits = new Set([
  '岁',
  '人',
  '个',
  '件',
  '户',
  '次',
  '项',
  '家',
  '名',
  '台',
  '套',
  '月',
  '天',
  '年',
  '级',
  '辆',
  '篇',
  '种',
]);

const noGap = (rows: readonly Placed[], unit: string | null, at: string, c: Checker): boolean => {
  const sorted = [...rows].sort((a, b) => {
    const [x, y] = [numberOf(a.range.low), numberOf(b.range.low)];
    return x === null ? -1 : y === null ? 1 : compare(x, y);
  });
  let fine = true;
  let reach: FeelRange | null = null;
  for (const { range, at: where } of sorted) {
    const before: FeelRange | null = reach;
    if (before !== null && gapBetween(before, range, unit)) {
      const [high, low] = [numberOf(before.high), numberOf(range.low)];
      const text = `${high === null ? '' : numberText(high)} 与 ${low === null ? '' : numberText(low)}`;
      c.report(
        'rule.tier',
        where === '' ? at : where,
        `各档之间有空隙（${text} 之间）`,
        '让上一档的上界等于下一档的下界；空隙若是本意，写一档 0 元',
      );
      fine = false;
    }
    if (before === null || !holds(before, { ...range, low: before.low, lowClosed: before.lowClosed })) reach = range;
  }
  return fine;
};

const gapBetween = (a: FeelRange, b: FeelRange, unit: string | null): boolean => {
  const [high, low] = [numberOf(a.high), numberOf(b.low)];
  if (high === null || low === null) return false;
  const order = compare(high, low);
  if (order > 0 || (order === 0 && (a.highClosed || b.lowClosed))) return false;
  const counted = unit !== null && countedUnits.has(unit);
  const neighbours =
    counted && a.highClosed && b.lowClosed && floorToBigint(low) - floorToBigint(high) === 1n && low.den === 1n && high.den === 1n;
  return !neighbours;
};
