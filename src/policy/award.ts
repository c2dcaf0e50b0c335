// Money of one line, exact over rationals: forms, then modifiers in their fixed order, then rounding and instalments.
// Every figure is a span [low, high], so that an unknown within known bounds gives a bounded award, and a cap may settle it.
import { add, compare, equal, greatest, least, type Rational, round, sub, zero } from '../base/rational.ts';
import type { AwardResult, AwardStep, Missing } from '../rule/facts.ts';
import type { Local, Session } from '../rule/session.ts';
import { formOf } from './award-form.ts';
import type { ReadyAward, ReadyInstalments, ReadyModifiers } from './award-ready.ts';
import { type Figures, openFigures, readExpression, readFigure } from './figure.ts';
import type { Rounding } from './item.ts';
import { money, share } from './money.ts';
import { capOf, isKnown, known, multiply, type Quantity, raise, span } from './quantity.ts';

const scales: Readonly<Record<Rounding['to'], number>> = { fen: 2, jiao: 1, yuan: 0 };

/** Rounds yuan as the item says; without a word of it, half up to 分. */
export const rounded = (yuan: Rational, rounding: Rounding | null): Rational =>
  round(yuan, rounding === null ? 2 : scales[rounding.to], rounding?.mode ?? 'half-up');

const both = (q: Quantity, change: (yuan: Rational) => Rational): Quantity => ({
  ...q,
  low: change(q.low),
  high: q.high === null ? null : change(q.high),
});

/** One step is told only when the amount is known before and after it; a running sum nobody knows explains nothing. */
const tell = (f: Figures, kind: AwardStep['kind'], q: Quantity, text: () => string): void => {
  if (isKnown(q)) f.steps.push({ kind, text: text(), yuan: money(q.low).plain });
};

/** The node's amount, never below 0. */
export const computeNode = (award: ReadyAward, f: Figures): Quantity => modify(award, both(formOf(award, f, computeNode), atLeastZero), f);

const atLeastZero = (yuan: Rational): Rational => greatest(yuan, zero);

const modify = (m: ReadyModifiers, start: Quantity, f: Figures): Quantity => {
  let q = start;
  if (m.multiplier !== null) {
    const factor = readFigure(m.multiplier, f);
    q = multiply(q, factor);
    tell(f, 'multiplier', q, () => `乘以 ${share(factor.low)}，为 ${money(q.low).text}`);
  }
  if (m.prorate !== null) q = prorate(m.prorate, q, f);
  const { minimum } = m;
  let refused: boolean | null = false;
  if (minimum !== null) {
    refused = q.high !== null && compare(q.high, minimum) < 0 ? true : compare(q.low, minimum) >= 0 ? false : null;
    if (refused !== false) q = { ...q, low: zero, high: refused ? zero : q.high };
    if (refused) tell(f, 'minimum', q, () => `不足 ${money(minimum).text}，不予发放`);
  }
  if (m.floor !== null && refused !== true) q = floorOf(readFigure(m.floor, f, 'none'), q, refused === null, f);
  if (m.cap !== null) q = capStep(readFigure(m.cap, f, 'none'), q, f);
  if (m.deduct !== null) q = deduct(readExpression(m.deduct, f), q, f);
  if (m.rounding !== null) q = roundStep(q, m.rounding, f);
  // A cap or floor taken from a fact may itself be below 0.
  return both(q, atLeastZero);
};

const prorate = (p: NonNullable<ReadyModifiers['prorate']>, q: Quantity, f: Figures): Quantity => {
  const [part, of] = [readFigure(p.part, f), readFigure(p.of, f)];
  const factor = share01(part, of);
  const out = multiply(q, factor);
  tell(f, 'prorate', out, () => `按 ${share(part.low)} ÷ ${share(of.low)} 折算，为 ${money(out.low).text}`);
  return out;
};

/** part ÷ of within [0, 1]; nothing to divide by is 0. */
const share01 = (part: Quantity, of: Quantity): Quantity => {
  const one: Rational = { kind: 'number', num: 1n, den: 1n };
  const divide = (a: Rational | null, b: Rational | null, open: Rational): Rational => {
    if (a === null) return open;
    if (b === null) return zero;
    if (b.num <= 0n) return open;
    return least(one, greatest(zero, { ...ratioOf(a, b) }));
  };
  const missing = [...part.missing, ...of.missing];
  if (of.high !== null && of.high.num <= 0n) return { low: zero, high: zero, missing };
  return { low: divide(part.low, of.high, zero), high: divide(part.high, of.low, one), missing };
};

const ratioOf = (a: Rational, b: Rational): Rational => {
  const q = multiply(known(a), known({ kind: 'number', num: b.den, den: b.num }));
  return q.low;
};

const floorOf = (floor: Quantity | null, q: Quantity, mayBeRefused: boolean, f: Figures): Quantity => {
  if (floor === null) return q;
  const out = raise(q, floor);
  if (mayBeRefused) return { ...out, low: zero };
  if (isKnown(q) && isKnown(out) && !equal(q.low, out.low)) tell(f, 'floor', out, () => `保底 ${money(floor.low).text}`);
  return out;
};

export const capStep = (cap: Quantity | null, q: Quantity, f: Figures): Quantity => {
  if (cap === null) return q;
  const out = capOf(q, cap);
  if (isKnown(out) && (!isKnown(q) || !equal(q.low, out.low)))
    tell(f, 'cap', out, () => `${isKnown(q) ? '' : '无论缺少的数据是多少，均达到'}封顶 ${money(cap.low).text}`);
  return out;
};

const deduct = (taken: Quantity | null, q: Quantity, f: Figures): Quantity => {
  if (taken === null) return span(zero, q.high, [...q.missing, ...f.nothing('deduct')]);
  const off = both(taken, atLeastZero);
  const low = off.high === null ? zero : atLeastZero(sub(q.low, off.high));
  const high = q.high === null ? null : atLeastZero(sub(q.high, off.low));
  const out = span(low, high, [...q.missing, ...off.missing]);
  tell(f, 'deduct', out, () => `扣除 ${money(off.low).text}，为 ${money(out.low).text}`);
  return out;
};

const modeNames: Readonly<Record<Rounding['mode'], string>> = {
  'half-up': '四舍五入',
  down: '舍去尾数',
  up: '进位',
  'half-even': '四舍六入五成双',
};
const unitNames: Readonly<Record<Rounding['to'], string>> = { fen: '分', jiao: '角', yuan: '元' };

const roundStep = (q: Quantity, rounding: Rounding | null, f: Figures): Quantity => {
  const out = both(q, (yuan) => rounded(yuan, rounding));
  if (isKnown(q) && !equal(q.low, out.low)) {
    const how = `${modeNames[rounding?.mode ?? 'half-up']}到${unitNames[rounding?.to ?? 'fen']}`;
    tell(f, 'rounding', out, () => `${how}，为 ${money(out.low).text}`);
  }
  return out;
};

/** The parts of a total that fall due now; cut by running shares, so that the parts of a whole always add up to it. */
const instalment = (plan: ReadyInstalments, total: Quantity, f: Figures): Quantity => {
  const year = readExpression(plan.yearsSince, f);
  if (year === null) return span(zero, zero, []);
  let before = zero;
  let out: Quantity = span(zero, zero, []);
  let open = false;
  for (const p of plan.parts) {
    const upTo = p.share === null ? before : add(before, p.share);
    const from = before;
    const due: Quantity =
      p.yuan === null
        ? both(total, (yuan) => sub(rounded(mulExact(yuan, upTo), null), rounded(mulExact(yuan, from), null)))
        : known(p.yuan);
    before = upTo;
    const { truth, missing } = f.truth(p.when);
    const hit = yearIs(year, p.year);
    if (hit === false || truth === false) continue;
    if (hit === true && truth === true) {
      tell(f, 'instalment', due, () => `第 ${p.year} 年应付 ${p.share === null ? '' : `${share(p.share)}，`}${money(due.low).text}`);
      return open ? hull(out, due) : due;
    }
    out = hull(out, { ...due, missing: [...due.missing, ...missing, ...year.missing] });
    open = true;
  }
  if (!open) tell(f, 'instalment', out, () => '本期没有应付的分期');
  return out;
};

const mulExact = (a: Rational, b: Rational): Rational => multiply(known(a), known(b)).low;

const yearIs = (year: Quantity, n: number): boolean | null => {
  const wanted: Rational = { kind: 'number', num: BigInt(n), den: 1n };
  if (isKnown(year)) return equal(year.low, wanted);
  return compare(year.low, wanted) > 0 || (year.high !== null && compare(year.high, wanted) < 0) ? false : null;
};

const hull = (a: Quantity, b: Quantity): Quantity =>
  span(least(a.low, b.low), a.high === null || b.high === null ? null : greatest(a.high, b.high), [...a.missing, ...b.missing]);

const fenOf = (yuan: Rational): bigint => (yuan.num * 100n) / yuan.den;

/** One line's award in 分: known, bounded, or unknown with what is missing. Never throws. */
export const computeAward = (
  award: ReadyAward,
  instalments: ReadyInstalments | null,
  session: Session,
  local: Local | null,
): AwardResult => {
  const f = openFigures(session, local);
  const whole = roundStep(computeNode(award, f), null, f);
  const q = instalments === null ? whole : instalment(instalments, whole, f);
  const missing = distinct(q.missing);
  if (isKnown(q)) return { state: 'known', amountFen: fenOf(q.low), steps: f.steps };
  if (q.high !== null) return { state: 'bounded', fromFen: fenOf(q.low), toFen: fenOf(q.high), missing };
  return { state: 'unknown', missing };
};

/** Pointers of the rows and parts that surely apply. */
export const awardHits = (award: ReadyAward, session: Session, local: Local | null): readonly string[] => {
  const f = openFigures(session, local);
  computeNode(award, f);
  return f.hits;
};

const distinct = (missing: readonly Missing[]): readonly Missing[] => [...new Map(missing.map((m) => [m.fact, m])).values()];
