// Ranks and pools: what one subject brings to a population, and what the whole of it gives each of them. Pure and exact: where others lack data a
// place is known within bounds, and the bounds are the best and the worst place that any completion of the data could give.
import { parseYuan } from '../base/amount.ts';
import { compare, div, floor, fromBigint, greatest, mul, neg, type Rational, ratio, round, sub, zero } from '../base/rational.ts';
import { isNumber, isUnknown, missingOf, type Value } from '../feel/value.ts';
import { decideCondition, settling } from '../rule/decide.ts';
import type { DecisionPeriod, FactSource, Missing, Truth } from '../rule/facts.ts';
import { plain } from '../rule/literal.ts';
import type { Ready } from '../rule/ready.ts';
import { openSession, type Session } from '../rule/session.ts';
import type { CompiledItem } from './compile.ts';
import type { Pool, Rank } from './item.ts';

interface Common {
  readonly name: string;
  readonly among: Ready;
}
export type ReadyClosing = Common & ({ readonly kind: 'rank'; readonly rank: Rank } | { readonly kind: 'pool'; readonly pool: Pool });

/** Lowest and highest it may be; null: no bound. Equal: known exactly. */
export interface Span {
  readonly low: Rational | null;
  readonly high: Rational | null;
}

/** What one subject brings. */
export interface Entry {
  readonly subjectId: string;
  /** The subject's own key: orders remainders that are equal, the same on every machine. */
  readonly key: string;
  readonly member: Truth;
  /** '' without groups; null: none, and so no place; undefined: nobody can tell. */
  readonly group: string | null | undefined;
  /** null: none, and so no place. Unbounded on both sides: nobody can tell whether there is any. */
  readonly value: Span | null;
  /** What would settle membership, group or value. */
  readonly missing: readonly Missing[];
}

/** What the population gives one subject: exactly (low = high), within bounds, none (null), or nobody can tell (both ends open). */
export interface Place {
  readonly entry: Entry;
  readonly gives: Span | null;
  readonly missing: readonly Missing[];
}

export interface Table {
  readonly places: readonly Place[];
  /** Those who surely belong, and those who may. */
  readonly members: number;
  readonly possible: number;
  /** Pool: what all members bring together; null for ranks. */
  readonly total: Span | null;
  /** What a subject outside the population reads: a pool's price is the same for everybody. */
  readonly outside: Span | null;
  readonly outsideMissing: readonly Missing[];
  /** Nothing in it could still change. */
  readonly exact: boolean;
}

export const open: Span = { low: null, high: null };
export const exactly = (n: Rational): Span => ({ low: n, high: n });
export const isExact = (s: Span | null): boolean => s === null || (s.low !== null && s.high !== null && compare(s.low, s.high) === 0);
const whole = (n: number): Rational => fromBigint(BigInt(n));

// ── what one subject brings ──────────────────────────────────────────────────────────────────────────────────────────

const spanOf = (v: Value): Span | null => (isNumber(v) ? exactly(v) : isUnknown(v) ? { low: v.low, high: v.high } : null);

export const entryOf = (
  compiled: CompiledItem,
  closing: ReadyClosing,
  source: FactSource,
  period: DecisionPeriod,
  who: Pick<Entry, 'subjectId' | 'key'>,
): Entry => {
  const session = openSession(compiled.plan, source, period);
  const trace = decideCondition(closing.among, session);
  const out = { ...who, member: trace.truth, group: null, value: null, missing: [] };
  if (trace.truth === false) return out;
  const by = session.read(closing.kind === 'rank' ? closing.rank.by : closing.pool.quantity, session.endDay, null).value;
  const named = closing.kind === 'rank' ? closing.rank.group : undefined;
  const group = named === undefined ? '' : session.read(named, session.endDay, null).value;
  const lacks = [...(trace.truth === null ? settling(trace) : []), ...lacksIn(by, session), ...lacksIn(group, session)];
  return { ...out, value: spanOf(by), group: groupOf(group), missing: distinct(lacks) };
};

const groupOf = (v: Value): string | null | undefined => {
  if (v === null || isUnknown(v)) return v === null ? null : undefined;
  const text = plain(v);
  return typeof text === 'string' ? text : String(text);
};

const lacksIn = (v: Value, session: Session): readonly Missing[] => (isUnknown(v) ? session.explain(missingOf(v)) : []);

const distinct = (missing: readonly Missing[]): readonly Missing[] => [...new Map(missing.map((m) => [m.fact, m])).values()];

const settled = (e: Entry): boolean => e.member !== null && (e.member === false || (e.group !== undefined && isExact(e.value)));

/** What others lack, by fact, with how many of them: named apart from the subject's own facts. */
const othersLack = (entries: readonly Entry[]): readonly Missing[] => {
  const counts = new Map<string, Missing & { subjects: number }>();
  for (const e of entries) {
    for (const m of e.missing) {
      const fact = m.fact.startsWith('others:') ? m.fact : `others:${m.fact}`;
      const before = counts.get(fact);
      if (before === undefined) counts.set(fact, { fact, dataset: m.dataset, reason: 'others', subjects: 1 });
      else before.subjects++;
    }
  }
  return [...counts.values()].sort((a, b) => (a.fact < b.fact ? -1 : 1));
};

// ── ranks ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const ordered = (a: Rational, b: Rational): number => compare(a, b);

/** How many of the sorted numbers lie above `than` (`orAt`: or at it). */
const above = (sorted: readonly Rational[], than: Rational, orAt: boolean): number => {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const c = compare(sorted[middle] as Rational, than);
    if (c > 0 || (orAt && c === 0)) to = middle;
    else from = middle + 1;
  }
  return sorted.length - from;
};

/** One group's ends, sorted: `sure` the lowest each sure member surely has, `possible` the highest each may have; `endless` may have any. */
interface Field {
  readonly sure: readonly Rational[];
  readonly possible: readonly Rational[];
  readonly endless: number;
  readonly lacking: readonly Missing[];
}

const fieldOf = (entries: readonly Entry[]): Field => {
  const may = entries.filter((e) => e.value !== null);
  const surely = may.filter((e) => e.member === true && e.group !== undefined);
  return {
    sure: surely.flatMap((e) => e.value?.low ?? []).sort(ordered),
    possible: may.flatMap((e) => e.value?.high ?? []).sort(ordered),
    endless: may.filter((e) => e.value?.high === null).length,
    lacking: othersLack(may.filter((e) => !settled(e))),
  };
};

/** Largest first, so that one comparison serves both orders. */
const turned = (e: Entry, order: Rank['order']): Entry => {
  if (order !== 'asc' || e.value === null) return e;
  const { low, high } = e.value;
  return { ...e, value: { low: high === null ? null : neg(high), high: low === null ? null : neg(low) } };
};

const rankTable = (entries: readonly Entry[], rank: Rank): Table => {
  const may = entries.filter((e) => e.member !== false).map((e) => ({ e, t: turned(e, rank.order) }));
  const orAt = rank.ties === 'last';
  const strays = may.filter(({ t }) => t.group === undefined).map(({ t }) => t);
  const fields = new Map<string, Field>();
  for (const [group, own] of Map.groupBy(may, ({ t }) => t.group))
    if (typeof group === 'string') fields.set(group, fieldOf([...own.map(({ t }) => t), ...strays]));
  const placeOf = ({ e, t }: (typeof may)[number]): Place => {
    const { value, group } = t;
    if (value === null || group === null) return { entry: e, gives: null, missing: [] };
    const field = group === undefined ? undefined : fields.get(group);
    // Whether there is a place at all depends on what the subject itself lacks.
    if (t.member !== true || field === undefined || (value.low === null && value.high === null))
      return { entry: e, gives: open, missing: e.missing };
    const self = { sure: value.low !== null && value.high !== null && orAt && compare(value.low, value.high) === 0 ? 1 : 0, may: 1 };
    const best = value.high === null ? 0 : above(field.sure, value.high, orAt) - self.sure;
    // The subject's own highest lies above its lowest unless both are one; at ties that count, always.
    const own = value.low === null || value.high === null || orAt || compare(value.high, value.low) > 0 ? self.may : 0;
    const worst = field.endless + (value.low === null ? field.possible.length : above(field.possible, value.low, orAt)) - own;
    const gives = { low: whole(best + 1), high: whole(worst + 1) };
    return { entry: e, gives, missing: isExact(gives) ? [] : distinct([...e.missing, ...field.lacking]) };
  };
  const places = may.map(placeOf);
  return {
    places,
    members: may.filter(({ e }) => e.member === true).length,
    possible: may.length,
    total: null,
    outside: null,
    outsideMissing: [],
    exact: places.every((p) => isExact(p.gives)) && may.every(({ e }) => e.member === true),
  };
};

// ── pools ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const positive = (n: Rational): Rational => greatest(n, zero);
const sum = (list: readonly Rational[]): Rational => list.reduce((a, b) => ratio(a.num * b.den + b.num * a.den, a.den * b.den), zero);

/** What the subject surely brings, and the most it may; null: no bound. Nobody brings less than nothing. */
const brings = (e: Entry): Span => {
  if (e.member === false || e.value === null) return exactly(zero);
  const { low, high } = e.value;
  return { low: e.member === true && low !== null ? positive(low) : zero, high: high === null ? null : positive(high) };
};

const poolTable = (entries: readonly Entry[], pool: Pool): Table => {
  const may = entries.filter((e) => e.member !== false);
  const all = may.map(brings);
  const total: Span = {
    low: sum(all.map((s) => s.low ?? zero)),
    high: all.some((s) => s.high === null) ? null : sum(all.map((s) => s.high ?? zero)),
  };
  const lacking = othersLack(may.filter((e) => !settled(e)));
  const fen = parseYuan(String(pool.yuan)) ?? 0n;
  const price = pool.give === 'price' ? priceOf(fen, total, pool.decimals ?? 2) : null;
  const shares = pool.give === 'share' && isExact(total) ? largestRemainder(fen, may, total.low ?? zero) : null;
  const places = may.map((entry): Place => {
    const gives = price ?? shareOf(entry, fen, total, shares);
    return {
      entry,
      gives,
      missing: isExact(gives) ? [] : distinct([...(entry.member === true && gives !== open ? [] : entry.missing), ...lacking]),
    };
  });
  return {
    places,
    members: may.filter((e) => e.member === true).length,
    possible: may.length,
    total,
    outside: price,
    outsideMissing: isExact(price) ? [] : lacking,
    exact: may.every(settled),
  };
};

/** Yuan per unit, cut down to `decimals`; none when nobody brings anything. */
const priceOf = (fen: bigint, total: Span, decimals: number): Span | null => {
  const yuan = ratio(fen, 100n);
  const per = (quantity: Rational): Rational => round(div(yuan, quantity) ?? zero, decimals, 'down');
  if (total.high !== null && total.high.num === 0n) return null;
  // While it may be that nobody brings anything there may be no price at all.
  if (total.low === null || total.low.num === 0n) return open;
  return { low: total.high === null ? zero : per(total.high), high: per(total.low) };
};

const hundredth = ratio(1n, 100n);

/** A whole 分 at a time: the floors first, then one more for the largest remainders, then the larger quantity, then the key. */
const largestRemainder = (fen: bigint, members: readonly Entry[], total: Rational): ReadonlyMap<string, Rational> => {
  const parts = members.flatMap((e) => {
    const quantity = brings(e).low ?? zero;
    const exact = total.num === 0n ? zero : (div(mul(fromBigint(fen), quantity), total) ?? zero);
    return [{ e, quantity, floor: floor(exact), rest: sub(exact, floor(exact)) }];
  });
  const given = sum(parts.map((p) => p.floor));
  const left = total.num === 0n ? 0 : Number(sub(fromBigint(fen), given).num);
  const queue = [...parts].sort(
    (a, b) => compare(b.rest, a.rest) || compare(b.quantity, a.quantity) || (a.e.key < b.e.key ? -1 : a.e.key > b.e.key ? 1 : 0),
  );
  const lucky = new Set(queue.slice(0, left).map((p) => p.e.subjectId));
  return new Map(parts.map((p) => [p.e.subjectId, mul(sum([p.floor, whole(lucky.has(p.e.subjectId) ? 1 : 0)]), hundredth)]));
};

/** While others may still come, a share lies between the floor of the least and the ceiling of the most its quota can be. */
const shareOf = (e: Entry, fen: bigint, total: Span, shares: ReadonlyMap<string, Rational> | null): Span | null => {
  if (e.value === null && e.member === true) return exactly(zero);
  if (e.member !== true || e.value === null || (e.value.low === null && e.value.high === null)) return open;
  const known = shares?.get(e.subjectId);
  if (known !== undefined) return exactly(known);
  const own = brings(e);
  const others: Span = {
    low: sub(total.low ?? zero, own.low ?? zero),
    high: total.high === null || own.high === null ? null : sub(total.high, own.high),
  };
  const quota = (mine: Rational, rest: Rational): Rational => {
    const all = sum([mine, rest]);
    return all.num === 0n ? zero : (div(mul(fromBigint(fen), mine), all) ?? zero);
  };
  const most = own.high === null ? fromBigint(fen) : quota(own.high, others.low ?? zero);
  return {
    low: others.high === null ? zero : mul(floor(quota(own.low ?? zero, others.high)), hundredth),
    high: mul(round(most, 0, 'ceiling'), hundredth),
  };
};

/** Everybody at once; `entries` one per subject that may belong (others may be left out or not, it makes no difference). */
export const closeTable = (entries: readonly Entry[], closing: ReadyClosing): Table =>
  closing.kind === 'rank' ? rankTable(entries, closing.rank) : poolTable(entries, closing.pool);
