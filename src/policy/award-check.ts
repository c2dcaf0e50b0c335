// Reads an award from plain JSON: one form, its modifiers, every problem at once. Tiers are looked at as a whole in `tiers-check.ts`.
import { add, compare, equal, one, type Rational, zero } from '../base/rational.ts';
import { isObject, numberText } from '../rule/literal.ts';
import type { Ready } from '../rule/ready.ts';
import type { ReadyAward, ReadyForm, ReadyInstalments, ReadyModifiers } from './award-ready.ts';
import { type Checker, conditionAt, factFigure, feelAt, figureAt, type Json, numberAt, onlyKeys } from './checker.ts';
import type { Rounding } from './item.ts';
import { tiersAt } from './tiers-check.ts';

const forms = ['fixed', 'perUnit', 'rate', 'tiers', 'brackets', 'sum', 'highest', 'lowest', 'formula'] as const;
const modifiers = ['text', 'reduces', 'multiplier', 'prorate', 'minimum', 'floor', 'cap', 'deduct', 'rounding', 'covers', 'when'];
const deepest = 12;

/** The checked award, or null when anything in it was reported. `part`: an element of sum/highest/lowest, which may have a `when`. */
export const awardAt = (raw: unknown, at: string, c: Checker, part = false, depth = 0): ReadyAward | null => {
  if (depth > deepest) {
    c.report('rule.too-deep', at, `补助标准嵌套超过 ${deepest} 层`, '把标准写平，或用公式');
    return null;
  }
  if (!isObject(raw)) {
    c.report('rule.shape', at, '补助标准须是一个对象', `写一种形式：${forms.join('、')}`);
    return null;
  }
  const given = forms.filter((k) => Object.hasOwn(raw, k));
  const [form] = given;
  const keysFine = onlyKeys(raw, [...forms, ...modifiers], at, c.report);
  if (form === undefined || given.length > 1) {
    const message = form === undefined ? '补助标准没有写形式' : `补助标准只能有一种形式，这里有 ${given.join('、')}`;
    c.report('rule.shape', at, message, `写一种：${forms.join('、')}；几项相加用 sum`);
    return null;
  }
  const ready = formAt(form, raw[form], `${at}/${form}`, c, depth);
  const modified = modifiersAt(raw, at, c);
  if (raw.reduces !== undefined && (part || depth > 0)) {
    c.report('rule.reduces', `${at}/reduces`, 'reduces 只能写在最外层的 award 上', '移到 award 上：整个事项减免一种费用');
    return null;
  }
  let when: Ready | null = null;
  if (raw.when !== undefined) {
    if (!part)
      c.report('rule.shape', `${at}/when`, 'when 只能写在 sum、highest、lowest 的各部分里', '把条件移到 conditions，或放进 sum 的一部分');
    when = conditionAt(raw.when, `${at}/when`, c);
  }
  if (ready === null || modified === null || !keysFine || (raw.when !== undefined && (when === null || !part))) return null;
  if (ready.form === 'tiers' && !capFits(ready, modified, at, c)) return null;
  return { ...ready, ...modified, at, when, text: typeof raw.text === 'string' ? raw.text : null };
};

const capFits = (form: Extract<ReadyForm, { readonly form: 'tiers' }>, m: ReadyModifiers, at: string, c: Checker): boolean => {
  if (m.cap === null || m.cap.kind !== 'number') return true;
  const amounts = form.rows.flatMap((r) => (r.gives.kind === 'yuan' && r.gives.yuan.num > 0n ? [r.gives.yuan] : []));
  const [first, ...rest] = amounts;
  if (first === undefined || amounts.length < form.rows.length) return true;
  const smallest = rest.reduce((a, b) => (compare(a, b) <= 0 ? a : b), first);
  if (compare(m.cap.value, smallest) >= 0) return true;
  c.report(
    'rule.cap',
    `${at}/cap`,
    `封顶 ${numberText(m.cap.value)} 元低于最低一档 ${numberText(smallest)} 元，各档都不起作用`,
    '核对封顶与各档金额的单位（元、万元）',
  );
  return false;
};

const formAt = (form: (typeof forms)[number], raw: unknown, at: string, c: Checker, depth: number): ReadyForm | null => {
  if (form === 'formula') {
    const expression = feelAt(raw, at, c, ['number'], '元');
    return expression === null ? null : { form, expression };
  }
  if (form === 'sum' || form === 'highest' || form === 'lowest') return partsAt(form, raw, at, c, depth);
  if (!isObject(raw)) {
    c.report('rule.shape', at, `${form} 须是一个对象`, '写成 {"…": …}');
    return null;
  }
  switch (form) {
    case 'fixed': {
      const yuan = onlyKeys(raw, ['yuan'], at, c.report) ? numberAt(raw.yuan, `${at}/yuan`, c, '金额') : null;
      return yuan === null ? null : { form, yuan };
    }
    case 'perUnit':
      return perUnitAt(raw, at, c);
    case 'rate':
      return rateAt(raw, at, c);
    case 'tiers':
      return tiersAt(raw, at, c, (r, a) => awardAt(r, a, c, false, depth + 1));
    case 'brackets':
      return bracketsAt(raw, at, c);
  }
};

const partsAt = (form: 'sum' | 'highest' | 'lowest', raw: unknown, at: string, c: Checker, depth: number): ReadyForm | null => {
  if (!Array.isArray(raw) || raw.length === 0) {
    c.report('rule.shape', at, `${form} 须是非空的列表`, '写成 [ {…}, {…} ]，每个元素是一种补助标准');
    return null;
  }
  const parts = raw.map((r, i) => awardAt(r, `${at}/${i}`, c, true, depth + 1));
  return parts.every((p): p is ReadyAward => p !== null) ? { form, parts } : null;
};

/** An absent key is null; a present one that was reported is undefined. */
type Maybe<T> = T | null | undefined;
const optional = <T>(raw: Json, key: string, at: string, read: (value: unknown, at: string) => T | null): Maybe<T> =>
  raw[key] === undefined ? null : (read(raw[key], `${at}/${key}`) ?? undefined);

const perUnitAt = (raw: Json, at: string, c: Checker): ReadyForm | null => {
  const keysFine = onlyKeys(raw, ['yuan', 'count', 'maxCount', 'step'], at, c.report);
  const yuan = figureAt(raw.yuan, `${at}/yuan`, c, '单价', true);
  const count = factFigure(raw.count, `${at}/count`, c, false);
  const maxCount = optional(raw, 'maxCount', at, (v, a) => numberAt(v, a, c, '数量上限'));
  const step = optional(raw, 'step', at, (v, a) => positiveAt(v, a, c, '每满的数量'));
  if (yuan === null || count === null || maxCount === undefined || step === undefined || !keysFine) return null;
  return { form: 'perUnit', yuan, count, maxCount, step };
};

const positiveAt = (raw: unknown, at: string, c: Checker, what: string): Rational | null => {
  const n = numberAt(raw, at, c, what);
  if (n === null || n.num > 0n) return n;
  c.report('rule.value', at, `${what}须大于 0`, '写大于 0 的数');
  return null;
};

const rateAt = (raw: Json, at: string, c: Checker): ReadyForm | null => {
  const keysFine = onlyKeys(raw, ['base', 'rate', 'deductible', 'baseCap'], at, c.report);
  const base = factFigure(raw.base, `${at}/base`, c, true);
  const rate = figureAt(raw.rate, `${at}/rate`, c, '比例', false);
  const deductible = optional(raw, 'deductible', at, (v, a) => numberAt(v, a, c, '起付线'));
  const baseCap = optional(raw, 'baseCap', at, (v, a) => figureAt(v, a, c, '基数上限', true));
  if (base === null || rate === null || deductible === undefined || baseCap === undefined || !keysFine) return null;
  return { form: 'rate', base, rate, deductible, baseCap };
};

const bracketsAt = (raw: Json, at: string, c: Checker): ReadyForm | null => {
  const keysFine = onlyKeys(raw, ['base', 'rows'], at, c.report);
  const base = factFigure(raw.base, `${at}/base`, c, true);
  if (!Array.isArray(raw.rows) || raw.rows.length === 0) {
    c.report('rule.shape', `${at}/rows`, '分段须是非空的列表', '如 [{"upTo": 10000, "rate": 0.1}, {"rate": 0.2}]');
    return null;
  }
  let before: Rational | null = zero;
  let fine = true;
  const rows = raw.rows.map((r: unknown, i: number) => {
    const here = `${at}/rows/${i}`;
    if (!isObject(r)) c.report('rule.shape', here, '每一段须是一个对象', '如 {"upTo": 10000, "rate": 0.1}');
    if (!isObject(r) || !onlyKeys(r, ['upTo', 'rate'], here, c.report)) return null;
    const rate = numberAt(r.rate, `${here}/rate`, c, '比例');
    const upTo = optional(r, 'upTo', here, (v, a) => numberAt(v, a, c, '分段上限'));
    if (before === null || (upTo != null && compare(upTo, before) <= 0)) {
      c.report('rule.tier', here, '分段上限须逐段增大，没有上限的一段只能在最后', '按上限从小到大排列');
      fine = false;
    }
    before = upTo ?? null;
    return rate === null || upTo === undefined ? null : { upTo, rate };
  });
  const complete = rows.every((r): r is { upTo: Rational | null; rate: Rational } => r !== null);
  return base !== null && keysFine && fine && complete ? { form: 'brackets', base, rows } : null;
};

const modifiersAt = (raw: Json, at: string, c: Checker): ReadyModifiers | null => {
  const multiplier = optional(raw, 'multiplier', at, (v, a) => figureAt(v, a, c, '倍数', false));
  const prorate = optional(raw, 'prorate', at, (v, a) => prorateAt(v, a, c));
  const minimum = optional(raw, 'minimum', at, (v, a) => numberAt(v, a, c, '起发金额'));
  const floor = optional(raw, 'floor', at, (v, a) => figureAt(v, a, c, '保底', true));
  const cap = optional(raw, 'cap', at, (v, a) => figureAt(v, a, c, '封顶', true));
  const deduct = optional(raw, 'deduct', at, (v, a) => feelAt(v, a, c, ['number'], '元'));
  const rounding = optional(raw, 'rounding', at, (v, a) => roundingAt(v, a, c));
  let fine = true;
  if (raw.text !== undefined && typeof raw.text !== 'string') {
    c.report('rule.shape', `${at}/text`, 'text 须是文字', '改成文字或删去');
    fine = false;
  }
  if (floor != null && cap != null && floor.kind === 'number' && cap.kind === 'number' && compare(floor.value, cap.value) > 0) {
    c.report('rule.cap', `${at}/cap`, '封顶低于保底', '核对两个数的单位');
    fine = false;
  }
  if (multiplier === undefined || prorate === undefined || minimum === undefined || floor === undefined) return null;
  if (cap === undefined || deduct === undefined || rounding === undefined || !fine) return null;
  return { multiplier, prorate, minimum, floor, cap, deduct, rounding };
};

const prorateAt = (raw: unknown, at: string, c: Checker): ReadyModifiers['prorate'] => {
  if (!isObject(raw) || !onlyKeys(raw, ['part', 'of'], at, c.report)) {
    if (!isObject(raw)) c.report('rule.shape', at, 'prorate 须写明 part 和 of', '如 {"part": "monthsDue", "of": 12}');
    return null;
  }
  const figure = (v: unknown, a: string) =>
    typeof v === 'string' && !/^[\d.]+$/.test(v) ? factFigure(v, a, c, false) : figureAt(v, a, c, '折算的数', false);
  const [part, of] = [figure(raw.part, `${at}/part`), figure(raw.of, `${at}/of`)];
  return part === null || of === null ? null : { part, of };
};

const roundingAt = (raw: unknown, at: string, c: Checker): Rounding | null => {
  const to = isObject(raw) ? (['fen', 'jiao', 'yuan'] as const).find((t) => t === raw.to) : undefined;
  const mode = isObject(raw) ? (['half-up', 'down', 'up', 'half-even'] as const).find((m) => m === raw.mode) : undefined;
  if (isObject(raw) && onlyKeys(raw, ['to', 'mode'], at, c.report) && to !== undefined && mode !== undefined) return { to, mode };
  c.report(
    'rule.shape',
    at,
    '取整须写 to（fen、jiao、yuan）和 mode（half-up、down、up、half-even）',
    '如 {"to": "yuan", "mode": "half-up"}',
  );
  return null;
};

export const instalmentsAt = (raw: unknown, at: string, c: Checker): ReadyInstalments | null => {
  if (
    !isObject(raw) ||
    !onlyKeys(raw, ['yearsSince', 'parts', 'covers'], at, c.report) ||
    !Array.isArray(raw.parts) ||
    raw.parts.length === 0
  ) {
    c.report('rule.shape', at, '分期须写 yearsSince 和非空的 parts', '如 {"yearsSince": "…", "parts": [{"year": 0, "share": "0.5"}]}');
    return null;
  }
  const yearsSince = feelAt(raw.yearsSince, `${at}/yearsSince`, c, ['number']);
  const seen = new Set<number>();
  const parts = raw.parts.map((p: unknown, i: number) => instalmentAt(p, `${at}/parts/${i}`, c, seen));
  if (yearsSince === null || !parts.every((p): p is ReadyInstalments['parts'][number] => p !== null)) return null;
  const shares = parts.flatMap((p) => (p.share === null ? [] : [p.share]));
  if (shares.length > 0 && (shares.length < parts.length || !equal(shares.reduce(add, zero), one))) {
    c.report('rule.instalment', `${at}/parts`, '各期比例之和不是 1', '比例相加须为 1；或各期都写金额');
    return null;
  }
  return { yearsSince, parts };
};

const instalmentAt = (raw: unknown, at: string, c: Checker, seen: Set<number>): ReadyInstalments['parts'][number] | null => {
  if (!isObject(raw)) c.report('rule.shape', at, '每一期须是一个对象', '如 {"year": 0, "share": "0.5"}');
  if (!isObject(raw) || !onlyKeys(raw, ['year', 'share', 'yuan', 'when', 'covers', 'text'], at, c.report)) return null;
  const { year } = raw;
  if (typeof year !== 'number' || !Number.isInteger(year) || year < 0 || year > 50 || seen.has(year)) {
    c.report('rule.instalment', `${at}/year`, 'year 须是不重复的整数，从 0 起', '第一次发放写 0，一年后写 1');
    return null;
  }
  seen.add(year);
  if ((raw.share === undefined) === (raw.yuan === undefined)) {
    c.report('rule.instalment', at, '每期写 share（比例）或 yuan（金额）中的一个', '删去一个或补上一个');
    return null;
  }
  const share = optional(raw, 'share', at, (v, a) => numberAt(v, a, c, '比例'));
  const yuan = optional(raw, 'yuan', at, (v, a) => numberAt(v, a, c, '金额'));
  const when = optional(raw, 'when', at, (v, a) => conditionAt(v, a, c));
  return share === undefined || yuan === undefined || when === undefined ? null : { year, share, yuan, when };
};
