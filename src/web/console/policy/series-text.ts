// A question about a series of figures, 「最近 12 个月的合计」「连续缴费几个月」, between the form and the formula. Periods are told by how far they lie before the one
// that is decided, or by their own key. Pure.
import type { Node } from '../../../feel/ast.ts';
import { callIn, nameIn, quoted, readFeel, textIn, wholeIn } from './feel-text.ts';

export const units = { month: '个月', quarter: '季度', year: '年', own: '期', fixed: '固定的期' } as const;
export type Unit = keyof typeof units;

/** `back` periods before the one decided; `fixed`: the key itself. `own`: in the item's own periods. */
export interface When {
  readonly unit: Unit;
  readonly back: number;
  readonly key: string;
}

export const questions = {
  value: '某一期的数',
  sum: '几期合计',
  average: '几期平均',
  max: '几期最大',
  min: '几期最小',
  growth: '比另一期增长（比率）',
  months: '到期末连续几个月有数',
  rising: '到某期连续几期增长',
} as const;
export type Question = keyof typeof questions;

export interface SeriesAsk {
  readonly series: string;
  readonly ask: Question;
  /** The earlier of two, or the one compared with; of one period alone the same as `to`. */
  readonly from: When;
  readonly to: When;
  /** rising: how many in a row. */
  readonly times: number;
}

const kinds: Readonly<Record<string, string>> = { month: 'monthly', quarter: 'quarterly', year: 'yearly' };
const startOf = (unit: Unit): string => (unit === 'own' ? 'period.key' : `period key(period.end, "${kinds[unit]}")`);
const whenText = ({ unit, back, key }: When): string =>
  unit === 'fixed' ? quoted(key) : back === 0 ? startOf(unit) : `shift period(${startOf(unit)}, ${-back})`;

/** Whether two periods can be the ends of a window the loop walks. */
export const walks = ({ from, to }: Pick<SeriesAsk, 'from' | 'to'>): boolean =>
  from.unit === to.unit && from.unit !== 'fixed' && from.back >= to.back;

export const seriesFeel = ({ series, ask, from, to, times }: SeriesAsk): string => {
  switch (ask) {
    case 'value':
      return `value at(${series}, ${whenText(to)})`;
    case 'sum':
      return `sum over(${series}, ${whenText(from)}, ${whenText(to)})`;
    case 'average':
      return `average(${series}, ${whenText(from)}, ${whenText(to)})`;
    case 'growth':
      return `growth(${series}, ${whenText(to)}, ${whenText(from)})`;
    case 'months':
      return `consecutive months(${series}, period.end)`;
    case 'rising':
      return `consecutive growth(${series}, ${whenText(to)}, ${times})`;
    default:
      return `${ask}(for n in ${to.back}..${from.back} return value at(${series}, shift period(${startOf(to.unit)}, -n)))`;
  }
};

const startIn = (node: Node | undefined): Unit | null => {
  if (nameIn(node) === 'period.key') return 'own';
  const called = callIn(node, 'period key');
  if (called?.length !== 2 || nameIn(called[0]) !== 'period.end') return null;
  const kind = textIn(called[1]);
  return (Object.keys(kinds) as Unit[]).find((unit) => kinds[unit] === kind) ?? null;
};

/** `string(period.end.year - 1)`: how years are often written. */
const yearIn = (node: Node | undefined): number | null => {
  const inside = callIn(node, 'string')?.[0];
  const isYear = (one: Node | undefined): boolean => one?.op === 'path' && one.name === 'year' && nameIn(one.target) === 'period.end';
  if (isYear(inside)) return 0;
  if (inside?.op !== 'arithmetic' || inside.operator !== '-' || !isYear(inside.left)) return null;
  return wholeIn(inside.right);
};

const whenIn = (node: Node | undefined): When | null => {
  const key = textIn(node);
  if (key !== null) return { unit: 'fixed', back: 0, key };
  const year = yearIn(node);
  if (year !== null && year >= 0) return { unit: 'year', back: year, key: '' };
  const unit = startIn(node);
  if (unit !== null) return { unit, back: 0, key: '' };
  const moved = callIn(node, 'shift period');
  const from = startIn(moved?.[0]);
  const steps = wholeIn(moved?.[1]);
  return moved?.length === 2 && from !== null && steps !== null && steps < 0 ? { unit: from, back: -steps, key: '' } : null;
};

const once = (unit: Unit): When => ({ unit, back: 0, key: '' });

const windowIn = (node: Node): SeriesAsk | null => {
  const ask = (['max', 'min'] as const).find((one) => callIn(node, one) !== null);
  const loop = ask === undefined ? undefined : callIn(node, ask)?.[0];
  if (ask === undefined || loop?.op !== 'for' || loop.iterators.length !== 1) return null;
  const [each] = loop.iterators;
  const [low, high] = [wholeIn(each?.domain), wholeIn(each?.end ?? undefined)];
  const body = callIn(loop.body, 'value at');
  const moved = callIn(body?.[1], 'shift period');
  const unit = startIn(moved?.[0]);
  const series = nameIn(body?.[0]);
  const back = moved?.[1];
  if (each === undefined || low === null || high === null || low < 0 || high < low || unit === null || series === null) return null;
  if (back?.op !== 'negate' || nameIn(back.operand) !== each.name) return null;
  return { series, ask, from: { unit, back: high, key: '' }, to: { unit, back: low, key: '' }, times: 1 };
};

/** null: no question this form asks. */
export const seriesAsk = (feel: string): SeriesAsk | null => {
  const node = readFeel(feel);
  if (node === null || node.op !== 'call') return null;
  const window = windowIn(node);
  if (window !== null) return window;
  const series = nameIn(node.args[0]);
  const [, second, third] = node.args;
  const name = nameIn(node.callee);
  if (series === null || node.names !== null) return null;
  const [one, two] = [whenIn(second), whenIn(third)];
  const n = node.args.length;
  if (name === 'value at' && n === 2 && one !== null) return { series, ask: 'value', from: one, to: one, times: 1 };
  if (name === 'consecutive months' && n === 2 && nameIn(second) === 'period.end')
    return { series, ask: 'months', from: once('month'), to: once('month'), times: 1 };
  const times = wholeIn(third);
  if (name === 'consecutive growth' && n === 3 && one !== null && times !== null && times > 0)
    return { series, ask: 'rising', from: one, to: one, times };
  if (n !== 3 || one === null || two === null) return null;
  if (name === 'growth') return { series, ask: 'growth', from: two, to: one, times: 1 };
  const ask = name === 'sum over' ? 'sum' : name === 'average' ? 'average' : null;
  return ask === null ? null : { series, ask, from: one, to: two, times: 1 };
};
