// Who goes first where the money is limited: by the day or the number of a fact, up or down. The match carries it as one text that sorts; settlement only
// compares texts.
import { floorToBigint, mul, neg, type Rational, ratio } from '../base/rational.ts';
import { dayFromDate, isList, isNumber, type Value } from '../feel/value.ts';
import { isObject } from '../rule/literal.ts';
import { reportUnknown } from '../rule/operand.ts';
import type { Session } from '../rule/session.ts';
import { type Checker, type Json, onlyKeys } from './checker.ts';

export interface ReadyOrder {
  readonly fact: string;
  readonly kind: 'date' | 'number';
  readonly direction: 'asc' | 'desc';
}

/** null: the budget is not limited; undefined: something was reported. */
export const orderAt = (raw: Json, c: Checker): ReadyOrder | null | undefined => {
  if (!isObject(raw.budget) || raw.budget.kind !== 'limited') return null;
  const at = '/budget/order';
  const { order } = raw.budget;
  const written = typeof order === 'string' ? { by: order } : order;
  if (!isObject(written) || typeof written.by !== 'string') {
    c.report(
      'rule.shape',
      at,
      '先后次序须是指标名，或写明 by 和 direction',
      '如 "order": "statEntryDate" 或 {"by": "score", "direction": "desc"}',
    );
    return undefined;
  }
  if (!onlyKeys(written, ['by', 'direction'], at, c.report)) return undefined;
  const ranked = raw.budget.give === 'ranked';
  const direction = written.direction ?? (ranked ? 'desc' : 'asc');
  if (direction !== 'asc' && direction !== 'desc') {
    c.report('rule.value', `${at}/direction`, 'direction 只能是 asc（从小到大、从早到晚）或 desc', '不写就是 asc');
    return undefined;
  }
  const place = typeof order === 'string' ? at : `${at}/by`;
  const shape = c.vocabulary.find(written.by);
  if (shape === undefined) {
    reportUnknown(written.by, c.vocabulary, place, c.report, '算式先在本规则里定义成指标');
    return undefined;
  }
  if (shape.type.kind !== 'date' && shape.type.kind !== 'number') {
    c.report('rule.type', place, `${shape.label}既不是日期也不是数值，排不出先后`, '换一个日期或数值指标，或在本规则里用公式算出一个');
    return undefined;
  }
  if (ranked && (shape.type.kind !== 'number' || direction !== 'desc')) {
    c.report('rule.order', place, '按名次发放的，须按一个数值从高到低', '换一个数值指标，不写 direction；要从低到高的，先用公式取负数');
    return undefined;
  }
  const ready: ReadyOrder = { fact: shape.name, kind: shape.type.kind, direction };
  return ranked || claimsFit(raw, ready, c) ? ready : undefined;
};

/** Claims are ordered by the day of the event between all items that share them; one line can stand in one order only. */
const claimsFit = (raw: Json, order: ReadyOrder, c: Checker): boolean => {
  const limits = Array.isArray(raw.limits) ? raw.limits : [];
  const dated = limits.findIndex((limit) => isObject(limit) && isObject(limit.claim) && limit.claim.orderBy !== undefined);
  if (dated < 0 || (order.kind === 'date' && order.direction === 'asc')) return true;
  c.report(
    'rule.order',
    `/limits/${dated}/claim/orderBy`,
    '占用按日期先后，额度却按另一种次序，一笔钱只能排在一个次序里',
    '删去 claim 的 orderBy，或额度也按日期先后',
  );
  return false;
};

const wholeDigits = 30;
const shift = ratio(10n ** 20n, 1n);
const widest = 10n ** BigInt(wholeDigits + 20);

const mirrored = (digits: string): string => digits.replace(/\d/g, (digit) => String(9 - Number(digit)));

/** Numbers as texts that sort as they do: a sign, then 50 digits; further decimals are cut, larger numbers stand at the end. Below `9999-12-31`. */
const numberKey = (n: Rational): string => {
  const scaled = floorToBigint(mul(n, shift));
  const size = scaled < 0n ? -scaled : scaled;
  const digits = String(size >= widest ? widest - 1n : size).padStart(wholeDigits + 20, '0');
  return scaled < 0n ? `0${mirrored(digits)}` : `1${digits}`;
};

const keyOf = (v: Value, order: ReadyOrder): string | null => {
  if (v === null || typeof v !== 'object' || isList(v)) return null;
  if (isNumber(v)) return numberKey(order.direction === 'asc' ? v : neg(v));
  if (v.kind !== 'date') return null;
  const day = dayFromDate(v);
  return order.direction === 'asc' ? day : mirrored(day);
};

/** null: nobody knows, or there is none; such a line goes behind all others. */
export const orderKeyFor = (order: ReadyOrder | null, session: Session): string | null =>
  order === null ? null : keyOf(session.read(order.fact, session.endDay, null).value, order);
