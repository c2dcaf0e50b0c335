// What stands at a condition's `value`, read by the operator's shape and the fact's type; every mismatch is told with its place.
import { nanosPerDay, parseDuration } from '../feel/duration.ts';
import { type FeelType, typeName } from '../feel/type.ts';
import type { DayTimeDuration, Value, YearMonthDuration } from '../feel/value.ts';
import { isObject, valueFrom } from './literal.ts';
import { type Operator, quoted } from './operators.ts';
import { isPattern } from './pattern.ts';
import { type FactShape, suggest, type Vocabulary } from './vocabulary.ts';

/** A fact nobody knows; an empty name is one not chosen yet. */
export const reportUnknown = (name: string, vocabulary: Vocabulary, at: string, report: Report, otherwise: string): void =>
  name === ''
    ? report('rule.unknown-fact', at, '还没有选指标', '选一个指标')
    : report('rule.unknown-fact', at, `没有名为 ${clip(name)} 的指标`, suggest(name, vocabulary.names, otherwise));

export type Operand =
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'fact'; readonly fact: string }
  /** A span of which at least one bound is a fact. */
  | {
      readonly kind: 'span';
      readonly low: Bound | null;
      readonly high: Bound | null;
      readonly lowClosed: boolean;
      readonly highClosed: boolean;
    }
  | { readonly kind: 'duration'; readonly duration: YearMonthDuration | DayTimeDuration; readonly of: 'period.start' | 'period.end' };

export type Bound = { readonly value: Value } | { readonly fact: string };

/** Facts an operand names. */
export const operandFacts = (operand: Operand): readonly string[] => {
  if (operand.kind === 'fact') return [operand.fact];
  if (operand.kind !== 'span') return [];
  return [operand.low, operand.high].flatMap((b) => (b !== null && 'fact' in b ? [b.fact] : []));
};

/** Tells one problem; `at` is a JSON pointer. */
export type Report = (code: `rule.${string}` | `feel.${string}`, at: string, message: string, hint: string) => void;

export const readOperand = (
  raw: unknown,
  operator: Operator,
  fact: FactShape,
  vocabulary: Vocabulary,
  at: string,
  report: Report,
): Operand | null => {
  if (isObject(raw) && Object.hasOwn(raw, 'fact') && operator.operand !== 'span')
    return readFactOperand(raw, operator, fact, vocabulary, at, report);
  const literal = (value: Value | null | undefined): Operand | null =>
    value === undefined || value === null ? null : { kind: 'literal', value };
  const type = fact.type.kind === 'list' ? fact.type.element : fact.type;
  switch (operator.operand) {
    case 'one':
    case 'element':
      return literal(readScalar(raw, type, fact, vocabulary, at, report));
    case 'many':
      return literal(readMany(raw, type, fact, vocabulary, at, report));
    case 'codes':
      return literal(
        Array.isArray(raw) ? readMany(raw, type, fact, vocabulary, at, report) : readScalar(raw, type, fact, vocabulary, at, report),
      );
    case 'span':
      return readSpan(raw, type, operator, fact, vocabulary, at, report);
    case 'flag':
      if (typeof raw === 'boolean') return { kind: 'literal', value: raw };
      report('rule.value', at, 'absent 的值只能是 true（没有）或 false（有）', '写 true 或 false，不加引号');
      return null;
    case 'duration':
      return readDuration(raw, at, report);
    case 'pattern':
      if (typeof raw === 'string' && isPattern(raw)) return { kind: 'literal', value: raw };
      report('rule.value', at, 'matches 的值不是可用的正则表达式', '使用 RE2 语法（不支持回溯引用和环视），长度不超过 500');
      return null;
  }
};

const sameType = (a: FeelType, b: FeelType): boolean => a.kind === b.kind && (a.kind !== 'code' || b.kind !== 'code' || a.tree === b.tree);

const readFactOperand = (
  raw: Readonly<Record<string, unknown>>,
  operator: Operator,
  fact: FactShape,
  vocabulary: Vocabulary,
  at: string,
  report: Report,
): Operand | null => {
  const name = raw.fact;
  if (typeof name !== 'string' || Object.keys(raw).length !== 1) {
    report('rule.shape', at, '引用指标只能写成 {"fact": "指标名"}', '去掉多余的键，fact 的值用文字');
    return null;
  }
  const other = vocabulary.find(name);
  if (other === undefined) {
    reportUnknown(name, vocabulary, `${at}/fact`, report, '指标须先登记在指标目录，或在本规则里定义');
    return null;
  }
  if (['flag', 'duration', 'pattern'].includes(operator.operand)) {
    report('rule.value', at, `${quoted(operator)}的值不能引用另一个指标`, '写成固定的值，或换一个运算符');
    return null;
  }
  const element = fact.type.kind === 'list' ? fact.type.element : fact.type;
  const given =
    other.type.kind === 'list' && (operator.operand === 'many' || operator.operand === 'codes') ? other.type.element : other.type;
  if (!sameType(element, given) || (operator.operand === 'many' && other.type.kind !== 'list')) {
    report(
      'rule.type',
      at,
      `${fact.label}是${typeName(fact.type)}，不能与${other.label}（${typeName(other.type)}）比较`,
      operator.operand === 'many' ? '这里需要一个集合指标' : '两边须是同一类型',
    );
    return null;
  }
  if (!sameUnit(element, given)) {
    report(
      'rule.unit',
      at,
      `${fact.label}的单位与${other.label}不同（${typeName(element)}、${typeName(given)}）`,
      '先用指标公式换算成同一单位',
    );
    return null;
  }
  return { kind: 'fact', fact: name };
};

const sameUnit = (a: FeelType, b: FeelType): boolean =>
  a.kind !== 'number' || b.kind !== 'number' || a.unit === undefined || b.unit === undefined || a.unit === b.unit;

/** Null is refused here: only `absent` speaks of none. */
const readScalar = (
  raw: unknown,
  type: FeelType,
  fact: FactShape,
  vocabulary: Vocabulary,
  at: string,
  report: Report,
): Value | undefined => {
  if (raw === null) {
    report('rule.null', at, '条件的值不能是 null', '要问“有没有”，请用 absent：true 表示没有，false 表示有');
    return undefined;
  }
  const value = valueFrom(raw, type, fact.name);
  if (value === undefined) {
    report('rule.type', at, `${fact.label}是${typeName(type)}，值 ${shown(raw)} 不合`, expected(type));
    return undefined;
  }
  if (type.kind === 'string' && type.values !== undefined && !type.values.includes(value as string)) {
    report(
      'rule.value',
      at,
      `${fact.label}没有“${shown(raw)}”这个取值`,
      suggest(value as string, type.values, `可取：${type.values.slice(0, 12).join('、')}`),
    );
    return undefined;
  }
  if (type.kind === 'code' && !vocabulary.hasCode(type.tree, value as string)) {
    report('rule.value', at, `分类树 ${type.tree} 中没有代码 ${shown(raw)}`, '核对代码，或先在分类树中登记');
    return undefined;
  }
  return value;
};

const expected = (type: FeelType): string => {
  switch (type.kind) {
    case 'number':
      return '写数字，如 80 或 "0.05"';
    case 'boolean':
      return '写 true 或 false，不加引号';
    case 'date':
      return '写存在的日期，如 "2026-01-31"';
    default:
      return '写成文字，加引号';
  }
};

const readMany = (
  raw: unknown,
  type: FeelType,
  fact: FactShape,
  vocabulary: Vocabulary,
  at: string,
  report: Report,
): readonly Value[] | undefined => {
  if (!Array.isArray(raw) || raw.length === 0) {
    report('rule.value', at, '这里需要一组值', '写成非空的列表，如 ["甲", "乙"]');
    return undefined;
  }
  const values = raw.map((r, i) => readScalar(r, type, fact, vocabulary, `${at}/${i}`, report));
  return values.every((v): v is Value => v !== undefined) ? values : undefined;
};

const bounds = ['from', 'above', 'to', 'upTo', 'below'] as const;

const readSpan = (
  raw: unknown,
  type: FeelType,
  operator: Operator,
  fact: FactShape,
  vocabulary: Vocabulary,
  at: string,
  report: Report,
): Operand | null => {
  const keys = isObject(raw) ? Object.keys(raw) : [];
  const lows = keys.filter((k) => k === 'from' || k === 'above');
  const highs = keys.filter((k) => k === 'to' || k === 'upTo' || k === 'below');
  if (
    !isObject(raw) ||
    keys.some((k) => !(bounds as readonly string[]).includes(k)) ||
    lows.length > 1 ||
    highs.length > 1 ||
    keys.length === 0
  ) {
    report('rule.value', at, 'between 的值须写明上下界', '如 {"from": 1, "below": 5}；from 含、above 不含，to / upTo 含、below 不含');
    return null;
  }
  const [lowKey, highKey] = [lows[0], highs[0]];
  const end = (key: string | undefined): Bound | null | undefined => {
    if (key === undefined) return null;
    const [bound, here] = [raw[key], `${at}/${key}`];
    if (isObject(bound) && Object.hasOwn(bound, 'fact')) {
      const other = readFactOperand(bound, operator, fact, vocabulary, here, report);
      return other?.kind === 'fact' ? { fact: other.fact } : undefined;
    }
    const value = readScalar(bound, type, fact, vocabulary, here, report);
    return value === undefined ? undefined : { value };
  };
  const [low, high] = [end(lowKey), end(highKey)];
  if (low === undefined || high === undefined) return null;
  const closed = { lowClosed: lowKey === 'from', highClosed: highKey === 'to' || highKey === 'upTo' };
  if ((low !== null && 'fact' in low) || (high !== null && 'fact' in high)) return { kind: 'span', low, high, ...closed };
  return { kind: 'literal', value: { kind: 'range', low: low?.value, high: high?.value, ...closed } };
};

/** Longer than any life or any policy looks back: beyond it there is no calendar. */
const mostYears = 200;

const readDuration = (raw: unknown, at: string, report: Report): Operand | null => {
  const text = isObject(raw) ? raw.duration : raw;
  const of = isObject(raw) ? (raw.of ?? 'period.end') : 'period.end';
  const duration = typeof text === 'string' ? parseDuration(text) : null;
  const positive = duration !== null && (duration.kind === 'ymDuration' ? duration.months > 0 : duration.nanos > 0n && wholeDays(duration));
  if (!positive) {
    report(
      'rule.value',
      isObject(raw) ? `${at}/duration` : at,
      `${shown(text)} 不是时长`,
      '写 "P2Y"（2年）、"P6M"（6个月）或 "P30D"（30天）',
    );
    return null;
  }
  if (of !== 'period.start' && of !== 'period.end') {
    report('rule.value', `${at}/of`, '时长只能从 period.start 或 period.end 起算', '写 "period.start" 或 "period.end"');
    return null;
  }
  if (duration.kind === 'ymDuration' ? duration.months > mostYears * 12 : duration.nanos > BigInt(mostYears * 366) * nanosPerDay) {
    report(
      'rule.value',
      isObject(raw) ? `${at}/duration` : at,
      `时长不能超过 ${mostYears} 年`,
      '核对单位：P1Y 是一年，P1M 是一个月，P30D 是 30 天',
    );
    return null;
  }
  return { kind: 'duration', duration, of };
};

const wholeDays = (d: DayTimeDuration): boolean => d.nanos % nanosPerDay === 0n;

/** Rule text echoed in a message, kept short: a hostile value must not flood a log. */
export const clip = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
/** Whatever stands in the file, as text for a message: never `String`, which an object with a field `toString` makes throw. */
export const shown = (raw: unknown): string => clip(typeof raw === 'string' ? raw : (JSON.stringify(raw) ?? ''));
