// One cell of a decision table as officers write it, read as bounds: 「≥80且<90」「80岁以上不满90岁」「80—89」「[80,90)」「其余」. 以上、以下、以内、
// 届满 include the number; 不满、超过、以外 exclude it (民法典 第一千二百五十九条); （含）（不含） say otherwise. Linear in the cell's length.
import { fromBigint, mul, parseDecimal, type Rational } from '../base/rational.ts';

export interface Bound {
  readonly value: Rational;
  readonly closed: boolean;
  /** 万, 亿 already multiplied in; 元, 岁, % … as written, '' where none is. */
  readonly unit: string;
}

export type Cell =
  | { readonly kind: 'bounds'; readonly low: Bound | null; readonly high: Bound | null }
  | { readonly kind: 'rest' }
  /** Chinese: why it cannot be read. */
  | { readonly kind: 'unreadable'; readonly why: string };

const longest = 200;

/** Full-width signs become plain, dashes become one, thousands separators and blanks go. */
export const normalise = (text: string): string =>
  text
    .normalize('NFKC')
    .replaceAll(/\s/g, '')
    .replaceAll(/[‐‑‒–—―−]+/g, '-')
    .replaceAll(/[〜∼～]/g, '~')
    .replaceAll('≦', '≤')
    .replaceAll('≧', '≥')
    .replaceAll('>=', '≥')
    .replaceAll('=>', '≥')
    .replaceAll('<=', '≤')
    .replaceAll('=<', '≤')
    .replaceAll(/(\d),(?=\d{3}(\D|$))/g, '$1');

const number = String.raw`(\d{1,18}(?:\.\d{1,10})?)([万亿]?)(周岁|岁|元|人|个月|月|年|天|日|%|户|家|件|项|名|个|台|亩|级|度|吨|平方米)?`;
const inclusion = String.raw`(\((?:不含|含)(?:本数)?\)|不含本数|含本数)?`;

const numberPart = new RegExp(`^${number}${inclusion}`);
const prefixes: readonly (readonly [RegExp, 'low' | 'high', boolean])[] = [
  [/^(?:≥|不低于|不少于|不小于|大于等于|大于或等于|高于或等于|至少|年满|满|达到|达)/, 'low', true],
  [/^(?:>|大于|高于|超过|多于|超出)/, 'low', false],
  [/^(?:≤|不高于|不超过|不大于|不多于|小于等于|小于或等于|低于或等于|至多|最多)/, 'high', true],
  [/^(?:<|小于|低于|少于|不满|未满|不足|未达到|未达)/, 'high', false],
];
const suffixes: readonly (readonly [RegExp, 'low' | 'high', boolean])[] = [
  [/^(?:及以上|或以上|以上|起)/, 'low', true],
  [/^以外/, 'low', false],
  [/^(?:及以下|或以下|以下|以内|之内|届满)/, 'high', true],
];
const joints = /^(?:且|并且|并|和|,|、|;|到|至|,|的)/;
const rest = /^(?:其他|其它|其余|其他情形|其余情形|不限|全部|所有|-|\/)$/;

const scale: Readonly<Record<string, bigint>> = { '': 1n, 万: 10_000n, 亿: 100_000_000n };

interface Found {
  readonly bound: Omit<Bound, 'closed'>;
  /** null: nothing is said. */
  readonly includes: boolean | null;
  readonly length: number;
}

const takeNumber = (text: string): Found | null => {
  const m = numberPart.exec(text);
  const value = m === null ? null : parseDecimal(m[1] ?? '');
  if (m === null || value === null) return null;
  const by = scale[m[2] ?? ''] ?? 1n;
  const bound = { value: mul(value, fromBigint(by)), unit: m[3] ?? '' };
  return { bound, includes: m[4] === undefined ? null : !m[4].includes('不含'), length: m[0].length };
};

const unreadable = (why: string): Cell => ({ kind: 'unreadable', why });

const closed = (found: Found, usual: boolean): Bound => ({ ...found.bound, closed: found.includes ?? usual });

/** `[80,90)`, with `∞` or nothing for an open end. */
const interval = (text: string): Cell | null => {
  const m = /^([[(])([^,[\]()]{0,40}),([^,[\]()]{0,40})([\])])$/.exec(text);
  if (m === null) return null;
  const end = (part: string, sign: boolean): Bound | null | undefined => {
    if (/^(?:[-+]?∞|)$/.test(part)) return null;
    const found = takeNumber(part);
    return found === null || found.length !== part.length ? undefined : { ...found.bound, closed: sign };
  };
  const [low, high] = [end(m[2] ?? '', m[1] === '['), end(m[3] ?? '', m[4] === ']')];
  return low === undefined || high === undefined ? unreadable('区间的两端须是数字') : { kind: 'bounds', low, high };
};

/** `80-89`, `80至90(不含)`, `80≤x<90`. */
const span = (text: string): Cell | null => {
  const first = takeNumber(text);
  if (first === null) return null;
  const after = text.slice(first.length);
  const chain = /^([<≤])[\p{L}_]{0,20}([<≤])/u.exec(after);
  const dash = /^[-~至到]/.exec(after);
  const sign = chain ?? dash;
  if (sign === null) return null;
  const second = takeNumber(after.slice(sign[0].length));
  if (second === null) return null;
  const tail = after.slice(sign[0].length + second.length);
  if (tail !== '' && !/^(?:以下|以内|之间)$/.test(tail)) return null;
  if (chain !== null) {
    return { kind: 'bounds', low: { ...first.bound, closed: chain[1] === '≤' }, high: { ...second.bound, closed: chain[2] === '≤' } };
  }
  return { kind: 'bounds', low: closed(first, true), high: closed(second, true) };
};

/** `label`: the fact's own name, which may stand in the cell. */
export const readCell = (raw: string, label = ''): Cell => {
  if (raw.length > longest) return unreadable('这一格太长');
  let text = normalise(raw);
  if (label !== '') text = text.replaceAll(normalise(label), '');
  if (rest.test(text)) return { kind: 'rest' };
  if (text === '') return unreadable('这一格是空的');
  const whole = interval(text) ?? span(text);
  if (whole !== null) return whole;
  return clauses(text);
};

const clauses = (text: string): Cell => {
  const ends: { low: Bound | null; high: Bound | null } = { low: null, high: null };
  let left = text;
  for (let count = 0; left !== ''; count++) {
    const joint = count === 0 ? null : joints.exec(left);
    if (joint !== null) left = left.slice(joint[0].length);
    const prefix = prefixes.find(([pattern]) => pattern.test(left));
    const skipped = prefix?.[0].exec(left)?.[0].length ?? 0;
    const found = takeNumber(left.slice(skipped));
    if (found === null || count > 2) return unreadable('看不懂这一格的界限');
    left = left.slice(skipped + found.length);
    const suffix = suffixes.find(([pattern]) => pattern.test(left));
    if (suffix !== undefined) left = left.replace(suffix[0], '');
    const late = /^(?:\((?:不含|含)(?:本数)?\)|不含本数|含本数)/.exec(left);
    if (late !== null) left = left.slice(late[0].length);
    const says = late === null ? found : { ...found, includes: !late[0].includes('不含') };
    if (prefix !== undefined && suffix !== undefined && prefix[1] !== suffix[1]) return unreadable('前后说的方向相反');
    const side = prefix ?? suffix;
    if (side === undefined) {
      if (count > 0 || left !== '') return unreadable('看不出是上界还是下界');
      return { kind: 'bounds', low: { ...found.bound, closed: true }, high: { ...found.bound, closed: true } };
    }
    const [, end, usual] = side;
    if (ends[end] !== null) return unreadable(end === 'low' ? '写了两个下界' : '写了两个上界');
    ends[end] = closed(says, usual);
  }
  return { kind: 'bounds', ...ends };
};
