// What every part of an item's check shares: the names in reach, where problems go, and the small readers of keys, figures and FEEL.
import type { Rational } from '../base/rational.ts';
import { fromInt } from '../base/rational.ts';
import { compileFeel, type Expression } from '../feel/feel.ts';
import { type FeelType, type TypeEnv, typeName } from '../feel/type.ts';
import { checkCondition, pointer } from '../rule/check.ts';
import { isObject, numberFrom } from '../rule/literal.ts';
import { clip, type Report, reportUnknown } from '../rule/operand.ts';
import { type Parted, part, type Ready } from '../rule/ready.ts';
import { type FactShape, suggest, type Vocabulary } from '../rule/vocabulary.ts';
import type { FactFigure, Figure } from './award-ready.ts';

export interface Checker {
  readonly vocabulary: Vocabulary;
  readonly env: TypeEnv;
  readonly report: Report;
  readonly hasStart: boolean;
}

export type Json = Readonly<Record<string, unknown>>;

/** Reports every key that is not known; true when there is none. */
export const onlyKeys = (raw: Json, known: readonly string[], at: string, report: Report): boolean => {
  const strangers = Object.keys(raw).filter((k) => !known.includes(k));
  for (const k of strangers)
    report('rule.unknown-key', `${at}/${pointer(k)}`, `不认识的键 ${clip(k)}`, suggest(k, known, `可用：${known.join('、')}`));
  return strangers.length === 0;
};

const wanted = (types: readonly FeelType['kind'][]): string =>
  types.map((t) => ({ number: '数值', boolean: '是否', string: '文字', date: '日期', code: '代码' })[t as string] ?? t).join('或');

/** Compiles FEEL at a place of the file; null when it was reported. An offset in the text is appended as `#line:column`. */
export const feelAt = (raw: unknown, at: string, c: Checker, types: readonly FeelType['kind'][], unit?: string): Expression | null => {
  if (typeof raw !== 'string' || raw.trim() === '') {
    c.report('rule.shape', at, '这里需要一个公式', '写成 FEEL 公式文字');
    return null;
  }
  const compiled = compileFeel(raw, c.env);
  if (!compiled.ok) {
    for (const p of compiled.problems) c.report('feel.expression', p.at === '' ? at : `${at}#${p.at}`, p.message, p.hint);
    return null;
  }
  const { type } = compiled;
  if (type.kind !== 'any' && !types.includes(type.kind)) {
    c.report('rule.type', at, `公式的结果是${typeName(type)}，这里需要${wanted(types)}`, '改写公式');
    return null;
  }
  if (unit !== undefined && type.kind === 'number' && type.unit !== undefined && type.unit !== unit) {
    c.report('rule.unit', at, `公式的结果以${type.unit}计，这里需要${unit}`, type.unit === '万元' ? '乘以 10000 换算成元' : '换算单位');
    return null;
  }
  if (!c.hasStart && compiled.reads.some((r) => r === 'period.start')) {
    c.report('rule.time', at, '一次性事项没有写 effective.from，period.start 没有值', '补上 effective.from，或改用 period.end');
    return null;
  }
  return compiled.expression;
};

export const conditionAt = (raw: unknown, at: string, c: Checker, payment = false): Ready | null =>
  checkCondition(raw, c.vocabulary, at, c.report, { payment, hasStart: c.hasStart });

/** A number at or above 0; null when it was reported. */
export const numberAt = (raw: unknown, at: string, c: Checker, what: string): Rational | null => {
  const n = numberFrom(raw);
  if (n !== null && n.num >= 0n) return n;
  c.report('rule.value', at, n === null ? `${what}须是数字` : `${what}不能小于 0`, '写数字或十进制文字，如 600 或 "0.05"；比例可写 "2/3"');
  return null;
};

const yuanFactors: Readonly<Record<string, number>> = { 元: 1, 万元: 10_000, 亿元: 100_000_000 };

/** A fact that holds a number. With `yuan` its unit must be money and is turned into yuan. */
export const factFigure = (raw: unknown, at: string, c: Checker, yuan: boolean): FactFigure | null => {
  const shape = numberFact(raw, at, c);
  if (shape === null) return null;
  const unit = shape.type.kind === 'number' ? shape.type.unit : undefined;
  if (!yuan || unit === undefined) return { kind: 'fact', fact: shape.name, label: shape.label, factor: null };
  const factor = yuanFactors[unit];
  if (factor === undefined) {
    c.report('rule.unit', at, `${shape.label}以${unit}计，不是金额`, '这里需要以元或万元计的指标；数量请用 perUnit');
    return null;
  }
  return { kind: 'fact', fact: shape.name, label: shape.label, factor: factor === 1 ? null : fromInt(factor) };
};

const numberFact = (raw: unknown, at: string, c: Checker): FactShape | null => {
  if (typeof raw !== 'string') {
    c.report('rule.shape', at, '这里需要一个指标', '选一个指标或写它的名；算式先在本规则里定义成指标');
    return null;
  }
  const shape = c.vocabulary.find(raw);
  if (shape === undefined) {
    reportUnknown(raw, c.vocabulary, at, c.report, '算式先在本规则里定义成指标');
    return null;
  }
  if (shape.type.kind !== 'number' && shape.type.kind !== 'any') {
    c.report('rule.type', at, `${shape.label}是${typeName(shape.type)}，这里需要数值`, '换一个数值指标，或在本规则里用公式算出一个');
    return null;
  }
  return shape;
};

/** A number, or `{ "fact": name }`. */
export const figureAt = (raw: unknown, at: string, c: Checker, what: string, yuan: boolean): Figure | null => {
  if (isObject(raw)) return onlyKeys(raw, ['fact'], at, c.report) ? factFigure(raw.fact, `${at}/fact`, c, yuan) : null;
  const value = numberAt(raw, at, c, what);
  return value === null ? null : { kind: 'number', value };
};

/** What the match asks and what waits for payment; groups that nobody could part are told. */
export const partedAt = (ready: Ready | null, report: Report): Parted | null => {
  const parted = ready === null ? null : part(ready);
  for (const at of parted?.mixed ?? [])
    report(
      'rule.time',
      at,
      'any 或 not 里不能混放支付时与匹配时的条件',
      '把 checkAt 为 payment 的条件放进最外层的 all，或整组都写 payment',
    );
  if (ready !== null && parted?.match === null)
    report('rule.time', '/conditions', '全部条件都在支付时判断，匹配时人人都符合', '至少留一个不写 checkAt 的条件');
  return parted;
};
