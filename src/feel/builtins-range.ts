// FEEL's range built-ins (Allen's relations): a point counts as the interval from itself to itself.

import { parseDecimal } from '../base/rational.ts';
import type { Builtin, Example } from './builtin.ts';
import { order } from './compare.ts';
import { parseAtLiteral } from './format.ts';
import { row } from './row.ts';
import { type FeelRange, isList, kindOf, type Value } from './value.ts';

const isRange = (v: Value): v is FeelRange => v !== null && typeof v === 'object' && !isList(v) && v.kind === 'range';

const asRange = (v: Value): FeelRange => (isRange(v) ? v : { kind: 'range', low: v, high: v, lowClosed: true, highClosed: true });

/** Orders two ends; an open end (`undefined`) lies beyond everything on its side. null: not comparable. */
const orderEnds = (a: Value | undefined, b: Value | undefined, open: -1 | 1): -1 | 0 | 1 | null => {
  if (a === undefined || b === undefined) return a === b ? 0 : a === undefined ? open : open === 1 ? -1 : 1;
  return order(a, b);
};

interface Ends {
  /** Order of a's end to b's start, b's end to a's start, and like ends. */
  readonly endToStart: number;
  readonly startToEnd: number;
  readonly starts: number;
  readonly ends: number;
}

const endsOf = (a: FeelRange, b: FeelRange): Ends | null => {
  const cross = (high: Value | undefined, low: Value | undefined): -1 | 0 | 1 | null =>
    high === undefined || low === undefined ? 1 : order(high, low);
  const endToStart = cross(a.high, b.low);
  const startToEnd = cross(b.high, a.low);
  const starts = orderEnds(a.low, b.low, -1);
  const ends = orderEnds(a.high, b.high, 1);
  if (endToStart === null || startToEnd === null || starts === null || ends === null) return null;
  return { endToStart, startToEnd: startToEnd, starts, ends };
};

type Relation = (a: FeelRange, b: FeelRange, e: Ends) => boolean;

const isBefore: Relation = (a, b, e) => e.endToStart < 0 || (e.endToStart === 0 && !(a.highClosed && b.lowClosed));
const isAfter: Relation = (a, b, e) => e.startToEnd < 0 || (e.startToEnd === 0 && !(b.highClosed && a.lowClosed));
const meets: Relation = (a, b, e) => e.endToStart === 0 && a.highClosed && b.lowClosed;
const metBy: Relation = (a, b, e) => e.startToEnd === 0 && b.highClosed && a.lowClosed;
const overlaps: Relation = (a, b, e) => !isBefore(a, b, e) && !isAfter(a, b, e);
const startsEarlier: Relation = (a, b, e) => e.starts < 0 || (e.starts === 0 && a.lowClosed && !b.lowClosed);
const startsLater: Relation = (a, b, e) => e.starts > 0 || (e.starts === 0 && b.lowClosed && !a.lowClosed);
const endsEarlier: Relation = (a, b, e) => e.ends < 0 || (e.ends === 0 && b.highClosed && !a.highClosed);
const endsLater: Relation = (a, b, e) => e.ends > 0 || (e.ends === 0 && a.highClosed && !b.highClosed);
const sameStart: Relation = (a, b, e) => e.starts === 0 && a.lowClosed === b.lowClosed;
const sameEnd: Relation = (a, b, e) => e.ends === 0 && a.highClosed === b.highClosed;
const includes: Relation = (a, b, e) => !startsLater(a, b, e) && !endsEarlier(a, b, e);
const during: Relation = (a, b, e) => !startsEarlier(a, b, e) && !endsLater(a, b, e);

const relation =
  (holds: Relation) =>
  (x: Value, y: Value): Value => {
    if (x === null || y === null) return null;
    const [a, b] = [asRange(x), asRange(y)];
    const e = endsOf(a, b);
    return e === null ? null : holds(a, b, e);
  };

const rel = (name: string, zh: string, holds: Relation, examples: readonly Example[]): Builtin =>
  row(`${name}(value1: any, value2: any): boolean`, zh, `{1} ${zh} {2}`, '区间或单个值；不能比较时为空。', relation(holds), examples);

const endpoint = (text: string): Value | undefined => {
  const t = text.trim();
  const at = /^@"([^"]*)"$/.exec(t);
  if (at !== null) return parseAtLiteral(at[1] as string) ?? undefined;
  const call = /^(?:date and time|date|time|duration)\(\s*"([^"]*)"\s*\)$/.exec(t);
  if (call !== null) return parseAtLiteral(call[1] as string) ?? undefined;
  const quoted = /^"([^"\\]*)"$/.exec(t);
  if (quoted !== null) return quoted[1] as string;
  return parseDecimal(t) ?? undefined;
};

/** Only literals may be ends, and both must be given: the text is data, not an expression. */
const parseRange = (text: string): Value => {
  const m = /^([[(\]])(.+?)\.\.(.+)([\])[])$/.exec(text.trim());
  if (m === null) return null;
  const [low, high] = [endpoint(m[2] as string), endpoint(m[3] as string)];
  if (low === undefined || high === undefined || kindOf(low) !== kindOf(high)) return null;
  const o = order(low, high);
  return o === null || o > 0 ? null : { kind: 'range', low, high, lowClosed: m[1] === '[', highClosed: m[4] === ']' };
};

export const rangeBuiltins: readonly Builtin[] = [
  rel('before', '早于', isBefore, [
    ['before(1, 2)', 'true'],
    ['before([1..5], [5..9])', 'false'],
    ['before([1..5), [5..9])', 'true'],
  ]),
  rel('after', '晚于', isAfter, [
    ['after(2, 1)', 'true'],
    ['after([5..9], [1..5])', 'false'],
    ['after([5..9], [1..5))', 'true'],
  ]),
  rel('meets', '紧接', meets, [
    ['meets([1..5], [5..9])', 'true'],
    ['meets([1..5), [5..9])', 'false'],
    ['meets([1..5], [6..9])', 'false'],
  ]),
  rel('met by', '紧随', metBy, [
    ['met by([5..9], [1..5])', 'true'],
    ['met by([5..9], [1..5))', 'false'],
    ['met by([6..9], [1..5])', 'false'],
  ]),
  rel('overlaps', '重叠于', overlaps, [
    ['overlaps([1..5], [3..8])', 'true'],
    ['overlaps([1..5], [6..8])', 'false'],
    ['overlaps([1..5], [5..8])', 'true'],
  ]),
  rel('overlaps before', '前段重叠于', (a, b, e) => startsEarlier(a, b, e) && overlaps(a, b, e) && !endsLater(a, b, e), [
    ['overlaps before([1..5], [3..8])', 'true'],
    ['overlaps before([3..8], [1..5])', 'false'],
    ['overlaps before([1..5], [6..8])', 'false'],
  ]),
  rel('overlaps after', '后段重叠于', (a, b, e) => startsLater(a, b, e) && overlaps(a, b, e) && !endsEarlier(a, b, e), [
    ['overlaps after([3..8], [1..5])', 'true'],
    ['overlaps after([1..5], [3..8])', 'false'],
    ['overlaps after([6..8], [1..5])', 'false'],
  ]),
  rel('finishes', '同时结束于', (a, b, e) => sameEnd(a, b, e) && !startsEarlier(a, b, e), [
    ['finishes(10, [1..10])', 'true'],
    ['finishes(10, [1..10))', 'false'],
    ['finishes([5..10], [1..10])', 'true'],
  ]),
  rel('finished by', '被同时结束', (a, b, e) => sameEnd(a, b, e) && !startsLater(a, b, e), [
    ['finished by([1..10], 10)', 'true'],
    ['finished by([1..10), 10)', 'false'],
    ['finished by([1..10], [5..10])', 'true'],
  ]),
  rel('includes', '包住', includes, [
    ['includes([1..10], 5)', 'true'],
    ['includes([1..10], 12)', 'false'],
    ['includes([1..10], [2..3])', 'true'],
  ]),
  rel('during', '位于其间', during, [
    ['during(5, [1..10])', 'true'],
    ['during(12, [1..10])', 'false'],
    ['during([2..3], [1..10])', 'true'],
  ]),
  rel('starts', '同时开始于', (a, b, e) => sameStart(a, b, e) && !endsLater(a, b, e), [
    ['starts(1, [1..10])', 'true'],
    ['starts(1, (1..10])', 'false'],
    ['starts([1..5], [1..10])', 'true'],
  ]),
  rel('started by', '被同时开始', (a, b, e) => sameStart(a, b, e) && !endsEarlier(a, b, e), [
    ['started by([1..10], 1)', 'true'],
    ['started by((1..10], 1)', 'false'],
    ['started by([1..10], [1..5])', 'true'],
  ]),
  rel('coincides', '重合于', (a, b, e) => sameStart(a, b, e) && sameEnd(a, b, e), [
    ['coincides(5, 5)', 'true'],
    ['coincides([1..5], [1..5])', 'true'],
    ['coincides([1..5], [1..5))', 'false'],
  ]),
  row('range(from: string): range', '区间', '区间 {1}', '两端都是字面值；读不懂为空。', parseRange, [
    ['range("[1..3]")', '[1..3]'],
    ['range("(1..3]")', '(1..3]'],
    ['range("[1..]")', 'null'],
  ]),
];
