// One figure of a rule moved over a range: `/conditions/all/1/value=75..90:5`, `/award/fixed/yuan=50,60.50`. Exact, and every point a whole checked item.
import { fail, ProblemError } from '../base/problem.ts';
import { add, compare, fromInt, parseDecimal, type Rational, sign, toDecimalString } from '../base/rational.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { CompiledItem } from '../policy/compile.ts';
import type { Item } from '../policy/item.ts';
import { readItem } from '../policy/read.ts';

export interface Sweep {
  /** JSON pointer into the rule file. */
  readonly at: string;
  readonly values: readonly string[];
}

/** Each point costs a whole look at everybody. */
const mostPoints = 50;

const usage = '例如 --sweep /conditions/all/1/value=75..90:5，或 --sweep /award/fixed/yuan=50,60,80';

const range = (text: string): readonly string[] | null => {
  const m = /^(-?[\d.]+)\.\.(-?[\d.]+?)(?::([\d.]+))?$/.exec(text);
  if (m === null) return null;
  const [from, to, by] = [parseDecimal(m[1] ?? ''), parseDecimal(m[2] ?? ''), m[3] === undefined ? fromInt(1) : parseDecimal(m[3])];
  if (from === null || to === null || by === null || sign(by) <= 0 || compare(from, to) > 0) return null;
  const values: string[] = [];
  for (let at: Rational = from; compare(at, to) <= 0; at = add(at, by)) {
    if (values.length === mostPoints)
      return fail('input.sweep', '--sweep', `一次最多试 ${mostPoints} 个值。`, '把范围缩小，或把步长加大。');
    values.push(toDecimalString(at));
  }
  return values;
};

/** Throws `input.sweep`. */
export const parseSweep = (text: string): Sweep => {
  const cut = text.indexOf('=');
  const [at, given] = [text.slice(0, cut), text.slice(cut + 1)];
  if (cut < 1 || !at.startsWith('/')) return fail('input.sweep', '--sweep', '要写成“规则中的位置=值”。', usage);
  const listed = given.split(',').map((one) => one.trim());
  const values = range(given) ?? listed;
  const fine = values.every((one) => parseDecimal(one) !== null) && values.length > 0;
  if (!fine) return fail('input.sweep', '--sweep', '值要是数，或“从..到:步长”。', usage);
  if (values.length > mostPoints) return fail('input.sweep', '--sweep', `一次最多试 ${mostPoints} 个值。`, '少写几个。');
  return { at, values: [...new Set(values)] };
};

const keysOf = (at: string): readonly string[] =>
  at
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

/** A copy with another figure in place of the one that stands there; a number stays a number where that is exact. */
const withValue = (json: unknown, keys: readonly string[], value: string): unknown => {
  const [key, ...rest] = keys;
  const missing = (): never =>
    fail('input.sweep', '--sweep', '规则里没有这个位置。', '位置是从规则文件最外层写起的路径，见 rules check 的提示。');
  if (key === undefined) {
    if (typeof json !== 'number' && (typeof json !== 'string' || parseDecimal(json) === null))
      return fail('input.sweep', '--sweep', '这个位置上不是一个数。', usage);
    const asNumber = Number(value);
    return typeof json === 'number' && String(asNumber) === value ? asNumber : value;
  }
  if (typeof json !== 'object' || json === null || !Object.hasOwn(json, key) || (Array.isArray(json) && !/^\d+$/.test(key)))
    return missing();
  const inside = withValue((json as Record<string, unknown>)[key], rest, value);
  return Array.isArray(json) ? json.map((one, i) => (String(i) === key ? inside : one)) : { ...json, [key]: inside };
};

/** Every point compiled. Throws `input.sweep`, and whatever is wrong with a point, its value named. */
export const sweptItems = (
  item: Item,
  sweep: Sweep,
  catalogue: Catalogue,
): readonly { readonly value: string; readonly compiled: CompiledItem }[] =>
  sweep.values.map((value) => {
    // Examples speak of the figure as written; at another one they need not hold.
    const read = readItem(withValue({ ...item, examples: [] }, keysOf(sweep.at), value), catalogue);
    if (!read.ok) throw new ProblemError(read.problems.map((p) => ({ ...p, message: `${sweep.at} 取 ${value} 时：${p.message}` })));
    return { value, compiled: read.compiled };
  });
