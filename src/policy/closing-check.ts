// Checks the ranks and pools of a rule file and makes them ready. What they read must be told before them, like any fact of the item.
import { isObject } from '../rule/literal.ts';
import { type Report, reportUnknown } from '../rule/operand.ts';
import { factsOf as factsIn, type Ready } from '../rule/ready.ts';
import { type Checker, conditionAt, type Json, numberAt, onlyKeys } from './checker.ts';
import type { ReadyClosing } from './closing.ts';
import type { Pool, Rank } from './item.ts';

/** A rank or pool as checked; `among` null: the item's own match conditions. */
export type CheckedClosing =
  | { readonly kind: 'rank'; readonly name: string; readonly rank: Rank; readonly among: Ready }
  | { readonly kind: 'pool'; readonly name: string; readonly pool: Pool; readonly among: Ready | null };

/** Every fact named by the conditions below, by a plain walk: used before anything is checked. */
const namesIn = (raw: unknown, depth = 0): readonly string[] => {
  if (depth > 40 || typeof raw !== 'object' || raw === null) return [];
  if (Array.isArray(raw)) return raw.flatMap((r) => namesIn(r, depth + 1));
  return Object.entries(raw).flatMap(([k, v]) => (k === 'fact' && typeof v === 'string' ? [v] : namesIn(v, depth + 1)));
};

/** What a rank or pool reads, for the order of facts. */
export const closingReads = (raw: Json, conditions: unknown): readonly string[] => {
  const { rank, pool } = raw;
  if (isObject(rank)) return [rank.by, rank.group].filter((n): n is string => typeof n === 'string').concat(namesIn(rank.among));
  if (!isObject(pool)) return [];
  return [pool.quantity].filter((n): n is string => typeof n === 'string').concat(namesIn(pool.among ?? conditions));
};

const factOf = (raw: unknown, at: string, c: Checker, kinds: readonly string[], what: string): string | null => {
  const shape = typeof raw === 'string' ? c.vocabulary.find(raw) : undefined;
  if (shape === undefined) {
    reportUnknown(typeof raw === 'string' ? raw : '', c.vocabulary, at, c.report, `${what}须是一个指标`);
    return null;
  }
  if (kinds.includes(shape.type.kind)) return shape.name;
  c.report('rule.type', at, `${shape.label}不能作${what}`, kinds.includes('string') ? '用类别、文字、代码或数值指标' : '用数值指标');
  return null;
};

const oneOf = (raw: unknown, at: string, values: readonly string[], report: Report): boolean => {
  if (values.includes(raw as string)) return true;
  report('rule.shape', at, `只能是 ${values.join('、')}`, '从中选一个');
  return false;
};

const rankAt = (name: string, raw: unknown, at: string, c: Checker): CheckedClosing | null => {
  if (!isObject(raw) || !onlyKeys(raw, ['by', 'order', 'among', 'group', 'ties'], at, c.report)) {
    if (!isObject(raw)) c.report('rule.shape', at, 'rank 须写 by 和 among', '如 {"by": "score", "among": {…}, "group": "stage"}');
    return null;
  }
  const by = factOf(raw.by, `${at}/by`, c, ['number'], '排序的依据');
  const group = raw.group === undefined ? '' : factOf(raw.group, `${at}/group`, c, ['string', 'code', 'number', 'boolean'], '分组');
  const fine = [
    raw.order === undefined || oneOf(raw.order, `${at}/order`, ['desc', 'asc'], c.report),
    raw.ties === undefined || oneOf(raw.ties, `${at}/ties`, ['same', 'last'], c.report),
  ].every(Boolean);
  const among = conditionAt(raw.among, `${at}/among`, c);
  return by === null || group === null || !fine || among === null ? null : { kind: 'rank', name, rank: raw as unknown as Rank, among };
};

const poolAt = (name: string, raw: unknown, at: string, c: Checker): CheckedClosing | null => {
  if (!isObject(raw) || !onlyKeys(raw, ['yuan', 'quantity', 'among', 'give', 'decimals'], at, c.report)) {
    if (!isObject(raw))
      c.report('rule.shape', at, 'pool 须写 yuan、quantity 和 give', '如 {"yuan": 1000000, "quantity": "area", "give": "share"}');
    return null;
  }
  const yuan = numberAt(raw.yuan, `${at}/yuan`, c, '总额');
  const cents = yuan === null || (yuan.num * 100n) % yuan.den === 0n;
  if (!cents) c.report('rule.value', `${at}/yuan`, '总额须是整分', '最多两位小数');
  const quantity = factOf(raw.quantity, `${at}/quantity`, c, ['number'], '分摊的数量');
  const give = oneOf(raw.give, `${at}/give`, ['price', 'share'], c.report);
  const { decimals } = raw;
  const digits =
    decimals === undefined || (raw.give === 'price' && Number.isInteger(decimals) && Number(decimals) >= 0 && Number(decimals) <= 8);
  if (!digits)
    c.report('rule.value', `${at}/decimals`, '单价的小数位数须是 0 至 8 的整数，且只用于 price', '分摊到户的按分取整，不写 decimals');
  const among = raw.among === undefined ? null : conditionAt(raw.among, `${at}/among`, c);
  if (yuan === null || !cents || quantity === null || !give || !digits || (raw.among !== undefined && among === null)) return null;
  return { kind: 'pool', name, pool: raw as unknown as Pool, among };
};

/** null: reported. */
export const closingAt = (name: string, raw: Json, at: string, c: Checker): CheckedClosing | null =>
  raw.rank === undefined ? poolAt(name, raw.pool, `${at}/pool`, c) : rankAt(name, raw.rank, `${at}/rank`, c);

/** A place among all is told once per period, when the period has ended. */
export const closingFits = (raw: Json, closings: readonly CheckedClosing[], report: Report): void => {
  const [first] = closings;
  if (first === undefined) {
    if (raw.closing !== undefined) report('rule.shape', '/closing', '没有排名或分摊的事项不用写 closing', '删去 closing');
    return;
  }
  const at = `/facts/${first.name}`;
  if (raw.before !== undefined || raw.transition !== undefined)
    report(
      'rule.closing',
      at,
      '名次和分摊要全体一起排定，不能对一部分人按旧版、对一部分人按新版',
      '删去 transition，让新版从下一个所属期起施行',
    );
  const ends = isObject(raw.effective) && typeof raw.effective.to === 'string';
  if (raw.period === 'per-event') report('rule.closing', at, '按事件兑现的事项没有全体可比', '改为按月、季、年或一次性');
  if (raw.period === 'once' && !ends)
    report('rule.closing', '/effective/to', '一次性事项没有截止日，排名或分摊无从定案', '写明 effective.to');
  if (raw.each !== undefined && closings.some((c) => c.kind === 'pool'))
    report('rule.closing', '/each', '分摊以主体计，不能再按清单逐条给', '删去 each，或不用 pool');
};

/** Facts a rank or pool reads. */
export const readsOfClosing = (c: ReadyClosing): readonly string[] => [
  ...factsIn(c.among),
  ...(c.kind === 'rank' ? [c.rank.by, c.rank.group ?? ''] : [c.pool.quantity]),
];
