// The second opinion's operators: plain JavaScript over plain JSON, written apart from `operators.ts` on purpose (DESIGN 11a). Share no code.
// A value is JSON as `plain` writes it; `{ "unknown": [...] }` is what nobody told us.
import { RE2JS } from 're2js';
import type { Truth } from './facts.ts';

type Json = unknown;
interface Gap {
  readonly unknown: readonly string[];
  readonly low?: string | null;
  readonly high?: string | null;
  readonly elements?: readonly { readonly sure: boolean; readonly value: Json }[];
}

export const isGap = (v: Json): v is Gap => typeof v === 'object' && v !== null && !Array.isArray(v) && Object.hasOwn(v, 'unknown');
const isUncertainList = (v: Json): v is Gap & { readonly elements: NonNullable<Gap['elements']> } => isGap(v) && v.elements !== undefined;

/** `inside[ancestor]`: what the tree says of this code, asked beforehand. */
export type Inside = Readonly<Record<string, Truth>>;

type Fraction = readonly [bigint, bigint];

/** "12.5", 12.5, "1e3" or "2/3" as a fraction; never through a float. */
export const fraction = (v: Json): Fraction | null => {
  const text = typeof v === 'number' ? String(v) : typeof v === 'string' ? v : '';
  const over = /^(-?\d+)\/(\d+)$/.exec(text);
  if (over !== null) return [BigInt(over[1] ?? 0), BigInt(over[2] ?? 1)];
  const m = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(text);
  if (m === null || `${m[2]}${m[3]}` === '') return null;
  const shift = Number(m[4] ?? 0) - (m[3] ?? '').length;
  const digits = BigInt(`${m[2]}${m[3]}`) * (m[1] === '-' ? -1n : 1n);
  return shift >= 0 ? [digits * 10n ** BigInt(shift), 1n] : [digits, 10n ** BigInt(-shift)];
};

const less = (a: Fraction, b: Fraction): boolean => a[0] * b[1] < b[0] * a[1];
const same = (a: Fraction, b: Fraction): boolean => a[0] * b[1] === b[0] * a[1];

/** Order of two known values of one kind; null when they have none. */
const order = (a: Json, b: Json, kind: string): number | null => {
  if (kind === 'number') {
    const [x, y] = [fraction(a), fraction(b)];
    if (x === null || y === null) return null;
    return less(x, y) ? -1 : same(x, y) ? 0 : 1;
  }
  if (typeof a !== 'string' || typeof b !== 'string') return null;
  return a < b ? -1 : a === b ? 0 : 1;
};

/** Every order that is still possible, as a text of `<`, `=`, `>`. */
const orders = (a: Json, b: Json, kind: string): string => {
  if (a === null || b === null) return '';
  if (!isGap(a) && !isGap(b)) {
    const o = order(a, b, kind);
    return o === null ? '' : o < 0 ? '<' : o === 0 ? '=' : '>';
  }
  if (kind !== 'number') return '<=>';
  const ends = (v: Json): readonly [Fraction | null, Fraction | null] => {
    if (!isGap(v)) return [fraction(v), fraction(v)];
    return [v.low == null ? null : fraction(v.low), v.high == null ? null : fraction(v.high)];
  };
  const [[al, ah], [bl, bh]] = [ends(a), ends(b)];
  const canBeLess = al === null || bh === null || less(al, bh);
  const canBeMore = bl === null || ah === null || less(bl, ah);
  const canBeSame = !(al !== null && bh !== null && less(bh, al)) && !(bl !== null && ah !== null && less(ah, bl));
  return `${canBeLess ? '<' : ''}${canBeSame ? '=' : ''}${canBeMore ? '>' : ''}`;
};

const holds = (possible: string, wanted: string): Truth => {
  const inside = [...possible].filter((o) => wanted.includes(o)).length;
  if (inside === 0) return false;
  return inside === possible.length ? true : null;
};

const not = (t: Truth): Truth => (t === null ? null : !t);
const anyOf = (truths: readonly Truth[]): Truth => (truths.includes(true) ? true : truths.includes(null) ? null : false);
const allOf = (truths: readonly Truth[]): Truth => not(anyOf(truths.map(not)));

const equal = (a: Json, b: Json, kind: string): Truth => {
  if (a === null || b === null) return false;
  if (kind === 'number' || kind === 'date') return holds(orders(a, b, kind), '=');
  return isGap(a) || isGap(b) ? null : a === b;
};

const asList = (v: Json): readonly Json[] => (v === null ? [] : Array.isArray(v) ? v : [v]);

const contains = (set: Json, wanted: Json, kind: string): Truth => {
  if (set === null || wanted === null) return false;
  if (isUncertainList(set))
    return anyOf(set.elements.map((e) => (e.sure ? equal(e.value, wanted, kind) : equal(e.value, wanted, kind) === false ? false : null)));
  if (isGap(set)) return null;
  return anyOf(asList(set).map((e) => equal(e, wanted, kind)));
};

const intersects = (set: Json, wanted: Json, kind: string): Truth => {
  if (set === null) return false;
  if (isGap(wanted)) return Array.isArray(set) && set.length === 0 ? false : null;
  return anyOf(asList(wanted).map((w) => contains(set, w, kind)));
};

const isIn = (a: Json, wanted: Json, kind: string): Truth => {
  if (a === null) return false;
  return isGap(wanted) ? null : anyOf(asList(wanted).map((w) => equal(a, w, kind)));
};

const between = (a: Json, span: Json, kind: string): Truth => {
  const s = span as Readonly<Record<string, Json>>;
  const tests: Truth[] = [];
  if (s.from !== undefined) tests.push(holds(orders(a, s.from, kind), '=>'));
  if (s.above !== undefined) tests.push(holds(orders(a, s.above, kind), '>'));
  // A bound that is a known none is no bound left out: nothing lies below it.
  const upTo = s.upTo === undefined ? s.to : s.upTo;
  if (upTo !== undefined) tests.push(holds(orders(a, upTo, kind), '<='));
  if (s.below !== undefined) tests.push(holds(orders(a, s.below, kind), '<'));
  return allOf(tests);
};

const within = (a: Json, wanted: Json, inside: Inside): Truth => {
  if (a === null) return false;
  if (isGap(a) || isGap(wanted)) return null;
  return anyOf(asList(wanted).map((w) => inside[String(w)] ?? null));
};

const absent = (a: Json): Truth => {
  if (isUncertainList(a)) return a.elements.length === 0 ? true : a.elements.some((e) => e.sure) ? false : null;
  if (isGap(a)) return null;
  return a === null || (Array.isArray(a) && a.length === 0);
};

const matches = (a: Json, pattern: Json): Truth => {
  if (a === null) return false;
  return typeof a !== 'string' ? null : RE2JS.compile(String(pattern)).matcher(a).find();
};

/** Kleene; `kind` is the fact's type, of a set its element's. */
export const secondTest = (operator: string, kind: string, actual: Json, wanted: Json, inside: Inside): Truth => {
  switch (operator) {
    case 'equal':
      return equal(actual, wanted, kind);
    case 'notEqual':
      return not(equal(actual, wanted, kind));
    case 'in':
      return isIn(actual, wanted, kind);
    case 'notIn':
      return not(isIn(actual, wanted, kind));
    case 'contains':
      return contains(actual, wanted, kind);
    case 'doesNotContain':
      return not(contains(actual, wanted, kind));
    case 'intersects':
      return intersects(actual, wanted, kind);
    case 'disjoint':
      return not(intersects(actual, wanted, kind));
    case 'lessThan':
    case 'before':
      return holds(orders(actual, wanted, kind), '<');
    case 'lessThanInclusive':
    case 'onOrBefore':
    case 'olderThan':
      return holds(orders(actual, wanted, kind), '<=');
    case 'greaterThan':
    case 'after':
      return holds(orders(actual, wanted, kind), '>');
    case 'greaterThanInclusive':
    case 'onOrAfter':
      return holds(orders(actual, wanted, kind), '=>');
    case 'between':
    case 'withinLast':
      return between(actual, wanted, kind);
    case 'within':
      return within(actual, wanted, inside);
    case 'notWithin':
      return not(within(actual, wanted, inside));
    case 'absent':
      return wanted === true ? absent(actual) : not(absent(actual));
    case 'matches':
      return matches(actual, wanted);
    default:
      return null;
  }
};
