// The second opinion on money (DESIGN 11a): the raw award of the rule file, walked again in plain recursion over lowest and highest possible
// amounts. Written apart from `award.ts`, `award-form.ts` and `quantity.ts` on purpose; share no code with them.
import { add, compare, div, floor, greatest, least, mul, type Rational, ratio, round, sub, zero } from '../base/rational.ts';
import type { Expression } from '../feel/feel.ts';
import { isNumber, isUnknown, type Value } from '../feel/value.ts';
import type { Truth } from '../rule/facts.ts';
import { plain } from '../rule/literal.ts';
import { secondTruth } from '../rule/second.ts';
import { fraction, secondTest } from '../rule/second-operators.ts';
import type { Locals, Reader } from '../rule/second-reader.ts';
import type { Plan } from '../rule/session.ts';
import type { Award, AwardForm, AwardModifiers, Instalments, Item, Rounding, TierRow } from './item.ts';

/** Lowest and highest; null: no highest. */
type Ends = readonly [Rational, Rational | null];
type Condition = Item['conditions'];

export interface Looking {
  readonly plan: Plan;
  readonly reader: Reader;
  readonly locals: Locals;
  /** Compiled formulas by their text. */
  readonly formulas: ReadonlyMap<string, Expression>;
}

const exactly = (n: Rational): Ends => [n, n];
const constant = (raw: unknown): Rational => {
  const f = fraction(raw);
  return f === null ? zero : ratio(f[0], f[1]);
};
const highTimes = (a: Rational | null, b: Rational | null): Rational | null => {
  if ((a !== null && a.num <= 0n) || (b !== null && b.num <= 0n)) return zero;
  return a === null || b === null ? null : mul(a, b);
};
const positive = (n: Rational): Rational => (n.num < 0n ? zero : n);
const times = (a: Ends, b: Ends): Ends => [mul(positive(a[0]), positive(b[0])), highTimes(a[1], b[1])];
const each = (e: Ends, f: (n: Rational) => Rational): Ends => [f(e[0]), e[1] === null ? null : f(e[1])];
const smaller = (a: Rational | null, b: Rational | null): Rational | null => (a === null ? b : b === null ? a : least(a, b));
const larger = (a: Rational | null, b: Rational | null): Rational | null => (a === null || b === null ? null : greatest(a, b));

const endsOf = (v: Value): Ends | null => {
  if (v === null) return null;
  if (isNumber(v)) return exactly(v);
  return isUnknown(v) ? [v.low === null ? zero : positive(v.low), v.high] : [zero, null];
};

const yuanPer: Readonly<Record<string, bigint>> = { 万元: 10_000n, 亿元: 100_000_000n };

/** A fact; `money`: in yuan whatever its unit. null: known to be none. */
const fact = (name: string, money: boolean, l: Looking): Ends | null => {
  const e = endsOf(l.reader.value(name, l.reader.endDay, l.locals));
  const type = l.plan.inside(name)?.type;
  const factor = money && type?.kind === 'number' ? (yuanPer[type.unit ?? ''] ?? 1n) : 1n;
  return e === null ? null : each(e, (n) => mul(n, ratio(factor, 1n)));
};

const figure = (raw: unknown, money: boolean, l: Looking): Ends | null =>
  typeof raw === 'object' && raw !== null ? fact((raw as { readonly fact: string }).fact, money, l) : exactly(constant(raw));

const nothing: Ends = exactly(zero);

const formula = (text: string, l: Looking): Ends | null => {
  const e = l.formulas.get(text);
  return e === undefined ? [zero, null] : endsOf(l.reader.run(e, l.reader.endDay, l.locals));
};

const truth = (when: Condition | undefined, l: Looking): Truth =>
  when === undefined ? true : secondTruth(when, l.plan, l.reader, l.locals);

// ── forms ────────────────────────────────────────────────────────────────────────────────────────────────────────────

const form = (a: AwardForm, l: Looking): Ends => {
  if ('fixed' in a) return exactly(constant(a.fixed.yuan));
  if ('formula' in a) return formula(a.formula, l) ?? [zero, null];
  if ('perUnit' in a) return perUnit(a.perUnit, l);
  if ('rate' in a) return rate(a.rate, l);
  if ('brackets' in a) return brackets(a.brackets, l);
  if ('tiers' in a) return tiers(a.tiers, l);
  const [how, parts] =
    'sum' in a ? (['sum', a.sum] as const) : 'highest' in a ? (['highest', a.highest] as const) : (['lowest', a.lowest] as const);
  return choose(
    how,
    parts.map((p) => ({ truth: truth(p.when, l), ends: () => amount(p, l) })),
  );
};

const perUnit = (p: Extract<AwardForm, { perUnit: unknown }>['perUnit'], l: Looking): Ends => {
  let count = fact(p.count, false, l) ?? nothing;
  if (p.step !== undefined) {
    const size = constant(p.step);
    count = each(count, (n) => floor(div(n, size) ?? zero));
  }
  if (p.maxCount !== undefined) count = [least(count[0], constant(p.maxCount)), smaller(count[1], constant(p.maxCount))];
  return times(count, figure(p.yuan, true, l) ?? nothing);
};

const rate = (r: Extract<AwardForm, { rate: unknown }>['rate'], l: Looking): Ends => {
  let base = fact(r.base, true, l) ?? nothing;
  const most = r.baseCap === undefined ? null : figure(r.baseCap, true, l);
  if (most !== null) base = [least(base[0], most[0]), smaller(base[1], most[1])];
  const off = r.deductible === undefined ? zero : constant(r.deductible);
  return times(
    each(base, (n) => positive(sub(n, off))),
    figure(r.rate, false, l) ?? nothing,
  );
};

const brackets = (b: Extract<AwardForm, { brackets: unknown }>['brackets'], l: Looking): Ends => {
  const [low, high] = fact(b.base, true, l) ?? nothing;
  const total = (n: Rational): Rational => {
    let sum = zero;
    let done = zero;
    for (const row of b.rows) {
      const top = row.upTo === undefined ? n : least(n, constant(row.upTo));
      if (compare(top, done) > 0) sum = add(sum, mul(sub(top, done), constant(row.rate)));
      done = row.upTo === undefined ? n : constant(row.upTo);
    }
    return sum;
  };
  const last = b.rows[b.rows.length - 1]?.upTo;
  return [total(low), high !== null ? total(high) : last === undefined ? null : total(constant(last))];
};

const tiers = (t: Extract<AwardForm, { tiers: unknown }>['tiers'], l: Looking): Ends => {
  const by = t.by === undefined ? undefined : l.reader.value(t.by, l.reader.endDay, l.locals);
  const options = t.rows.map((row) => ({ truth: rowTruth(row, by, t.by, l), ends: () => rowEnds(row, t.base, l) }));
  if (t.select === 'highest') return choose('highest', options);
  const stop = options.findIndex((o) => o.truth === true);
  return choose('first', stop < 0 ? options : options.slice(0, stop + 1));
};

const rowTruth = (row: TierRow, by: Value | undefined, name: string | undefined, l: Looking): Truth => {
  const when = truth(row.when, l);
  if (name === undefined) return when;
  if (by === undefined || by === null) return false;
  const { from, above, below, upTo, is } = row;
  const bounds = Object.fromEntries(Object.entries({ from, above, below, upTo }).filter(([, v]) => v !== undefined));
  // Nobody knows whether there is one at all.
  const truths: Truth[] = isUnknown(by) && by.low === null && by.high === null ? [when, null] : [when];
  if (Object.keys(bounds).length > 0) truths.push(secondTest('between', 'number', plain(by), bounds, {}));
  if (is !== undefined) truths.push(secondTest('in', 'string', plain(by), is, {}));
  return truths.includes(false) ? false : truths.includes(null) ? null : true;
};

const rowEnds = (row: TierRow, base: string | undefined, l: Looking): Ends => {
  let e: Ends = nothing;
  if (row.award !== undefined) e = amount(row.award, l);
  else if (row.rate !== undefined) e = times(base === undefined ? nothing : (fact(base, true, l) ?? nothing), exactly(constant(row.rate)));
  else e = exactly(constant(row.yuan));
  const cap = row.cap === undefined ? null : figure(row.cap, true, l);
  return cap === null ? e : [least(e[0], cap[0]), smaller(e[1], cap[1])];
};

interface Option {
  readonly truth: Truth;
  readonly ends: () => Ends;
}

const choose = (how: 'first' | 'sum' | 'highest' | 'lowest', options: readonly Option[]): Ends => {
  const open = options.filter((o) => o.truth !== false).map((o) => ({ sure: o.truth === true, ends: o.ends() }));
  if (open.length === 0) return nothing;
  const sure = open.filter((o) => o.sure);
  const highs = open.map((o) => o.ends[1]);
  const lows = open.map((o) => o.ends[0]);
  const none = sure.length === 0 ? [zero] : [];
  switch (how) {
    case 'sum':
      return [
        sure.reduce((s, o) => add(s, o.ends[0]), zero),
        highs.reduce<Rational | null>((s, h) => (s === null || h === null ? null : add(s, h)), zero),
      ];
    case 'highest':
      return [sure.reduce((m, o) => greatest(m, o.ends[0]), zero), highs.reduce<Rational | null>(larger, zero)];
    case 'lowest':
      return [
        [...lows, ...none].reduce(least),
        sure.length > 0 ? sure.map((o) => o.ends[1]).reduce(smaller) : highs.reduce<Rational | null>(larger, zero),
      ];
    case 'first':
      return [[...lows, ...none].reduce(least), highs.reduce<Rational | null>(larger, zero)];
  }
};

// ── modifiers, instalments ───────────────────────────────────────────────────────────────────────────────────────────

const cut = (n: Rational, r: Rounding | undefined): Rational =>
  round(n, r === undefined || r.to === 'fen' ? 2 : r.to === 'jiao' ? 1 : 0, r?.mode ?? 'half-up');

const amount = (a: Award, l: Looking): Ends => modify(a, each(form(a, l), positive), l);

const modify = (m: AwardModifiers, start: Ends, l: Looking): Ends => {
  let e = start;
  if (m.multiplier !== undefined) e = times(e, figure(m.multiplier, false, l) ?? nothing);
  if (m.prorate !== undefined) e = times(e, proportion(m.prorate, l));
  let [paid, unpaid] = [true, false];
  if (m.minimum !== undefined) {
    const min = constant(m.minimum);
    unpaid = compare(e[0], min) < 0;
    paid = e[1] === null || compare(e[1], min) >= 0;
    e = [unpaid ? zero : e[0], paid ? e[1] : zero];
  }
  const floored = m.floor === undefined || !paid ? null : figure(m.floor, true, l);
  if (floored !== null) e = [unpaid ? zero : greatest(e[0], floored[0]), larger(e[1], floored[1])];
  const cap = m.cap === undefined ? null : figure(m.cap, true, l);
  if (cap !== null) e = [least(e[0], cap[0]), smaller(e[1], cap[1])];
  if (m.deduct !== undefined) {
    const off = formula(m.deduct, l);
    const [least_, most] = off === null ? [zero, null] : each(off, positive);
    e = [most === null ? zero : positive(sub(e[0], most)), e[1] === null ? null : positive(sub(e[1], least_))];
  }
  const { rounding } = m;
  if (rounding !== undefined) e = each(e, (n) => cut(n, rounding));
  return each(e, positive);
};

const proportion = (p: NonNullable<AwardModifiers['prorate']>, l: Looking): Ends => {
  const read = (v: number | string): Ends =>
    typeof v === 'string' && fraction(v) === null ? (fact(v, false, l) ?? nothing) : exactly(constant(v));
  const [part, of] = [read(p.part), read(p.of)];
  const one = ratio(1n, 1n);
  const within01 = (n: Rational): Rational => least(one, positive(n));
  if (of[1] !== null && of[1].num <= 0n) return nothing;
  const low = of[1] === null ? zero : within01(div(part[0], of[1]) ?? zero);
  const high = part[1] === null || of[0].num <= 0n ? one : within01(div(part[1], of[0]) ?? one);
  return [low, high];
};

const due = (plan: Instalments, total: Ends, l: Looking): Ends => {
  const year = formula(plan.yearsSince, l);
  if (year === null) return nothing;
  let share = zero;
  const options: Option[] = plan.parts.map((p) => {
    const from = share;
    share = p.share === undefined ? share : add(share, constant(p.share));
    const upTo = share;
    const ends: Ends =
      p.yuan === undefined
        ? each(total, (n) => sub(cut(mul(n, upTo), undefined), cut(mul(n, from), undefined)))
        : exactly(constant(p.yuan));
    const n = ratio(BigInt(p.year), 1n);
    const outside = compare(year[0], n) > 0 || (year[1] !== null && compare(year[1], n) < 0);
    const is: Truth = outside ? false : year[1] !== null && compare(year[0], year[1]) === 0 ? true : null;
    const when = truth(p.when, l);
    return { truth: is === false || when === false ? false : is === true && when === true ? true : null, ends: () => ends };
  });
  return choose('first', options);
};

/** 分, or null where it is not known exactly. */
export const secondAmount = (item: Pick<Item, 'award' | 'instalments'>, l: Looking): bigint | null => {
  const whole = each(amount(item.award, l), (n) => cut(n, undefined));
  const [low, high] = item.instalments === undefined ? whole : due(item.instalments, whole, l);
  return high !== null && compare(low, high) === 0 ? (low.num * 100n) / low.den : null;
};
