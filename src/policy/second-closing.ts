// The second opinion on ranks and pools (DESIGN 11a): what each subject brings, read once more by the plain reader over the raw rule file, and each
// place counted by hand. Written apart from `closing.ts` on purpose; shares no arithmetic with it.
import { add, compare, div, mul, type Rational, ratio, round, zero } from '../base/rational.ts';
import { isNumber, isUnknown, type Value } from '../feel/value.ts';
import type { DecisionPeriod, FactSource, Truth } from '../rule/facts.ts';
import { plain } from '../rule/literal.ts';
import { secondTruth } from '../rule/second.ts';
import { fraction } from '../rule/second-operators.ts';
import { nobody, openReader } from '../rule/second-reader.ts';
import type { Entry, Span } from './closing.ts';
import type { CompiledItem } from './compile.ts';
import type { Pool, Rank } from './item.ts';

/** What the rule file says of a closing fact. */
const written = (item: CompiledItem, name: string): { readonly rank?: Rank; readonly pool?: Pool } => {
  const fact = item.item.facts?.[name];
  if (fact !== undefined && 'rank' in fact) return { rank: fact.rank };
  return fact !== undefined && 'pool' in fact ? { pool: fact.pool } : {};
};

type Brought = Omit<Entry, 'subjectId' | 'key' | 'missing'>;

const secondEntry = (item: CompiledItem, name: string, source: FactSource, period: DecisionPeriod): Brought => {
  const { rank, pool } = written(item, name);
  const reader = openReader(item.plan, source, period);
  const member: Truth = secondTruth(rank?.among ?? pool?.among ?? item.item.conditions, item.plan, reader, nobody);
  if (member === false) return { member, group: null, value: null };
  const value = (fact: string): Value => reader.value(fact, reader.endDay, nobody);
  const by = value(rank?.by ?? pool?.quantity ?? '');
  const group = rank?.group === undefined ? '' : value(rank.group);
  return {
    member,
    value: by === null ? null : isNumber(by) ? { low: by, high: by } : isUnknown(by) ? { low: by.low, high: by.high } : null,
    group: group === null ? null : isUnknown(group) ? undefined : String(plain(group)),
  };
};

/** Same membership, group and value. */
export const sameEntry = (a: Brought, b: Brought): boolean => {
  const end = (x: Rational | null, y: Rational | null): boolean => (x === null || y === null ? x === y : compare(x, y) === 0);
  if (a.member !== b.member) return false;
  if (a.member === false) return true;
  if (a.group !== b.group || (a.value === null) !== (b.value === null)) return false;
  return a.value === null || b.value === null || (end(a.value.low, b.value.low) && end(a.value.high, b.value.high));
};

/** The place of one subject by counting everybody else; undefined where the subject's own data leave it open. */
const countedPlace = (item: CompiledItem, name: string, all: readonly Entry[], me: Entry): Span | null | undefined => {
  const { rank, pool } = written(item, name);
  const field = all.filter((e) => e.subjectId !== me.subjectId && e.member !== false && e.value !== null);
  if (rank !== undefined) return countedRank(rank, field, me);
  return pool === undefined ? undefined : countedShare(pool, field, me);
};

const unsure = (me: Entry): boolean =>
  me.member !== true || me.group === undefined || (me.value !== null && me.value.low === null && me.value.high === null);

const countedRank = (rank: Rank, field: readonly Entry[], me: Entry): Span | null | undefined => {
  if (me.value === null || me.group === null) return null;
  if (unsure(me)) return undefined;
  const descending = rank.order !== 'asc';
  /** Whether `a` comes before `b` where an open end is as far as can be. */
  const before = (a: Rational | null, b: Rational | null, openIs: boolean): boolean => {
    if (a === null || b === null) return openIs;
    const c = compare(a, b) * (descending ? 1 : -1);
    return c > 0 || (c === 0 && rank.ties === 'last');
  };
  const [mineBest, mineWorst] = descending ? [me.value.high, me.value.low] : [me.value.low, me.value.high];
  let [best, worst] = [1n, 1n];
  for (const e of field) {
    if (e.value === null || (e.group !== undefined && e.group !== me.group)) continue;
    const [high, low] = descending ? [e.value.high, e.value.low] : [e.value.low, e.value.high];
    if (e.member === true && e.group !== undefined && before(low, mineBest, false)) best++;
    if (before(high, mineWorst, true)) worst++;
  }
  return { low: ratio(best, 1n), high: ratio(worst, 1n) };
};

const atLeastNothing = (n: Rational): Rational => (n.num < 0n ? zero : n);

/** Price: exact. Share: only between the floor of the least quota and one 分 above the floor of the most, which no remainder can leave. */
const countedShare = (pool: Pool, field: readonly Entry[], me: Entry): Span | null | undefined => {
  const everybody = me.member === false ? field : [...field, me];
  let [least, most]: [Rational, Rational | null] = [zero, zero];
  for (const e of everybody) {
    if (e.member === true && e.value?.low != null) least = add(least, atLeastNothing(e.value.low));
    if (e.value !== null) most = most === null || e.value.high === null ? null : add(most, atLeastNothing(e.value.high));
  }
  const [num, den] = fraction(pool.yuan) ?? [0n, 1n];
  const yuan = ratio(num, den);
  if (pool.give === 'price') {
    if (most !== null && most.num === 0n) return null;
    if (least.num === 0n) return undefined;
    const per = (quantity: Rational): Rational => round(div(yuan, quantity) ?? zero, pool.decimals ?? 2, 'down');
    return { low: most === null ? zero : per(most), high: per(least) };
  }
  if (me.value === null && me.member === true) return { low: zero, high: zero };
  const known = most !== null && compare(least, most) === 0;
  if (unsure(me) || !known || me.value?.low == null) return undefined;
  const quota = least.num === 0n ? zero : (div(mul(yuan, atLeastNothing(me.value.low)), least) ?? zero);
  return { low: round(quota, 2, 'down'), high: round(quota, 2, 'up') };
};

/** What a closing run asks besides its own counting. */
export interface SecondClosing {
  /** What one subject brings, read plainly. */
  readonly entry: typeof secondEntry;
  readonly place: typeof countedPlace;
}

export const secondClosing: SecondClosing = { entry: secondEntry, place: countedPlace };
