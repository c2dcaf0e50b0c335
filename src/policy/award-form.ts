// What each award form gives before modifiers. The caller passes itself in for nested awards, so that this file knows no modifiers.
import { add, compare, floor, greatest, least, mul, type Rational, sub, zero } from '../base/rational.ts';
import { isUnknown, type Value } from '../feel/value.ts';
import type { Missing, Truth } from '../rule/facts.ts';
import { operators } from '../rule/operators.ts';
import type { ReadyAward, ReadyForm, ReadyRow } from './award-ready.ts';
import { type Figures, readExpression, readFigure } from './figure.ts';
import { money, percent, share } from './money.ts';
import { capOf, hullOf, isKnown, known, multiply, type Quantity, span } from './quantity.ts';

type Nested = (award: ReadyAward, f: Figures) => Quantity;
type Form<F extends ReadyForm['form']> = Extract<ReadyForm, { readonly form: F }>;

const step = (f: Figures, kind: 'base' | 'rate' | 'tier' | 'part', q: Quantity, text: string): void => {
  if (isKnown(q)) f.steps.push({ kind, text, yuan: money(q.low).plain });
};

export const formOf = (award: ReadyAward, f: Figures, nested: Nested): Quantity => {
  switch (award.form) {
    case 'fixed': {
      const q = known(award.yuan);
      step(f, 'base', q, `定额 ${money(award.yuan).text}`);
      return q;
    }
    case 'perUnit':
      return perUnit(award, f);
    case 'rate':
      return rate(award, f);
    case 'tiers':
      return tiers(award, f, nested);
    case 'brackets':
      return brackets(award, f);
    case 'sum':
    case 'highest':
    case 'lowest':
      return parts(award, f, nested);
    case 'formula':
      return formula(award, f);
  }
};

const map = (q: Quantity, change: (n: Rational) => Rational): Quantity => ({
  ...q,
  low: change(q.low),
  high: q.high === null ? null : change(q.high),
});

const perUnit = (form: Form<'perUnit'>, f: Figures): Quantity => {
  const { step: size, maxCount } = form;
  const raw = readFigure(form.count, f);
  const units = size === null ? raw : map(raw, (n) => floor(mul(n, { kind: 'number', num: size.den, den: size.num })));
  const count = maxCount === null ? units : capOf(units, known(maxCount));
  const price = readFigure(form.yuan, f);
  const q = multiply(count, price);
  const each = size === null ? '' : `（每满 ${share(size)} 计 1）`;
  const most = maxCount !== null && isKnown(units) && compare(units.low, maxCount) > 0 ? `，最多计 ${share(maxCount)}` : '';
  step(f, 'base', q, `${form.count.label} ${share(raw.low)}${each}${most} × ${money(price.low).text} = ${money(q.low).text}`);
  return q;
};

/** (the smaller of base and baseCap − deductible, not below 0) × rate. */
const rate = (form: Form<'rate'>, f: Figures): Quantity => {
  const raw = readFigure(form.base, f);
  const ceiling = form.baseCap === null ? null : readFigure(form.baseCap, f, 'none');
  const counted = ceiling === null ? raw : capOf(raw, ceiling);
  const { deductible } = form;
  const base = map(deductible === null ? counted : map(counted, (n) => sub(n, deductible)), (n) => greatest(n, zero));
  const factor = readFigure(form.rate, f);
  const q = multiply(base, factor);
  if (isKnown(q) && isKnown(base)) {
    const most = ceiling !== null && compare(raw.low, ceiling.low) > 0 ? `，最多计 ${money(ceiling.low).text}` : '';
    const less = deductible === null ? '' : `，减去起付线 ${money(deductible).text}，为 ${money(base.low).text}`;
    step(f, 'rate', q, `${form.base.label} ${money(raw.low).text}${most}${less} × ${percent(factor.low)} = ${money(q.low).text}`);
  }
  return q;
};

const brackets = (form: Form<'brackets'>, f: Figures): Quantity => {
  const base = readFigure(form.base, f);
  const slices = (n: Rational): readonly { readonly slice: Rational; readonly rate: Rational }[] => {
    let from = zero;
    return form.rows.map((row) => {
      const top = row.upTo === null ? n : least(n, row.upTo);
      const slice = greatest(zero, sub(top, from));
      from = row.upTo ?? n;
      return { slice, rate: row.rate };
    });
  };
  const total = (n: Rational): Rational => slices(n).reduce((sum, s) => add(sum, mul(s.slice, s.rate)), zero);
  const last = form.rows[form.rows.length - 1];
  const top = last?.upTo ?? null;
  const q = base.high === null && top !== null ? span(total(base.low), total(top), base.missing) : map(base, total);
  if (isKnown(q)) {
    const told = slices(base.low).filter((s) => s.slice.num > 0n);
    step(
      f,
      'rate',
      q,
      `${form.base.label}分段：${told.map((s) => `${money(s.slice).text} × ${percent(s.rate)}`).join(' + ') || '0'} = ${money(q.low).text}`,
    );
  }
  return q;
};

const formula = (form: Form<'formula'>, f: Figures): Quantity => {
  const q = readExpression(form.expression, f);
  if (q === null) return span(zero, null, f.nothing('formula'));
  step(f, 'base', q, `按公式计算，为 ${money(q.low).text}`);
  return q;
};

// ── rows and parts ───────────────────────────────────────────────────────────────────────────────────────────────────

/** One row or part that may apply: its amount, whether it surely does, and its own steps until it is chosen. */
interface Candidate {
  readonly q: Quantity;
  readonly sure: boolean;
  readonly steps: Figures['steps'];
}

const between = operators.get('between');
const inside = operators.get('in');
const nowhere = { tree: null, within: () => null };

const and = (a: Truth, b: Truth): Truth => (a === false || b === false ? false : a === null || b === null ? null : true);

/**
 * A `by` that is known to be none is in no row, not even in the rest: nobody is paid 500 for lacking an age. One of which nothing is known may
 * turn out to be none, so that no row is sure of it; one with a bound is a number.
 */
const rowTruth = (row: ReadyRow, by: Value | undefined, f: Figures): { readonly truth: Truth; readonly missing: readonly Missing[] } => {
  const when = f.truth(row.when);
  if (by === undefined) return when;
  if (by === null) return { truth: false, missing: [] };
  let bound: Truth = isUnknown(by) && by.low === null && by.high === null ? null : true;
  if (row.range !== null) bound = and(bound, between?.evaluate(by, row.range, nowhere) ?? null);
  if (row.is !== null) bound = and(bound, inside?.evaluate(by, row.is, nowhere) ?? null);
  return { truth: and(bound, when.truth), missing: [...when.missing, ...(isUnknown(by) ? f.missing(by) : [])] };
};

const rowAmount = (row: ReadyRow, base: Quantity | null, label: string, f: Figures, nested: Nested): Quantity => {
  const { gives } = row;
  let q: Quantity;
  switch (gives.kind) {
    case 'yuan':
      q = known(gives.yuan);
      step(f, 'tier', q, `所在档次 ${money(gives.yuan).text}`);
      break;
    case 'rate':
      q = multiply(base ?? known(zero), known(gives.rate));
      if (base !== null) step(f, 'tier', q, `${label} ${money(base.low).text} × 所在档次 ${percent(gives.rate)} = ${money(q.low).text}`);
      break;
    case 'award':
      q = nested(gives.award, f);
  }
  const cap = row.cap === null ? null : readFigure(row.cap, f, 'none');
  if (cap === null) return q;
  const out = capOf(q, cap);
  if (isKnown(out) && !(isKnown(q) && compare(q.low, out.low) === 0))
    f.steps.push({ kind: 'cap', text: `本档封顶 ${money(cap.low).text}`, yuan: money(out.low).plain });
  return out;
};

const tiers = (form: Form<'tiers'>, f: Figures, nested: Nested): Quantity => {
  const by = form.by === null ? undefined : f.value(form.by.fact);
  const base = form.base === null ? null : readFigure(form.base, f);
  const found: Candidate[] = [];
  for (const row of form.rows) {
    const { truth, missing } = rowTruth(row, by, f);
    if (truth === false) continue;
    if (truth === true) f.hits.push(row.at);
    const own = { ...f, steps: [] };
    const q = rowAmount(row, base, form.base?.label ?? '', own, nested);
    found.push({ q: truth === true ? q : { ...q, missing: [...q.missing, ...missing] }, sure: truth === true, steps: own.steps });
    if (truth === true && form.select === 'first') break;
  }
  return choose(form.select, found, f, '不在任何档内');
};

const parts = (form: Form<'sum' | 'highest' | 'lowest'>, f: Figures, nested: Nested): Quantity => {
  const found: Candidate[] = [];
  for (const award of form.parts) {
    const { truth, missing } = f.truth(award.when);
    if (truth === false) continue;
    if (truth === true) f.hits.push(award.at);
    const own = { ...f, steps: [] };
    const q = nested(award, own);
    const name =
      award.text === null || !isKnown(q)
        ? []
        : [{ kind: 'part' as const, text: `${award.text}：${money(q.low).text}`, yuan: money(q.low).plain }];
    found.push({
      q: truth === true ? q : { ...q, missing: [...q.missing, ...missing] },
      sure: truth === true,
      steps: [...own.steps, ...name],
    });
  }
  return choose(form.form, found, f, '没有符合的部分');
};

const choose = (how: 'first' | 'sum' | 'highest' | 'lowest', found: readonly Candidate[], f: Figures, nothing: string): Quantity => {
  const sure = found.filter((c) => c.sure);
  const maybe = found.filter((c) => !c.sure);
  if (found.length === 0) {
    f.steps.push({ kind: 'tier', text: `${nothing}，为 0.00 元`, yuan: '0' });
    return known(zero);
  }
  const q = combine(how, sure, maybe);
  if (isKnown(q)) tellChoice(how, sure, q, f);
  return q;
};

const combine = (how: 'first' | 'sum' | 'highest' | 'lowest', sure: readonly Candidate[], maybe: readonly Candidate[]): Quantity => {
  const all = [...sure, ...maybe];
  const missing = all.flatMap((c) => c.q.missing);
  const none = sure.length === 0 ? [known(zero)] : [];
  switch (how) {
    case 'first':
      return { ...hullOf([...all.map((c) => c.q), ...none]), missing };
    case 'sum':
      return span(sum(sure.map((c) => c.q.low)) ?? zero, sum(all.map((c) => c.q.high)), missing);
    case 'highest':
      return span(most(sure.map((c) => c.q.low)) ?? zero, most(all.map((c) => c.q.high)), missing);
    case 'lowest': {
      if (sure.length === 0) return { ...hullOf([...all.map((c) => c.q), known(zero)]), missing };
      const tops = sure.map((c) => c.q.high).filter((h): h is Rational => h !== null);
      return span(all.map((c) => c.q.low).reduce(least), tops.length === 0 ? null : tops.reduce(least), missing);
    }
  }
};

const sum = (values: readonly (Rational | null)[]): Rational | null =>
  values.reduce<Rational | null>((a, b) => (a === null || b === null ? null : add(a, b)), zero);

const most = (values: readonly (Rational | null)[]): Rational | null =>
  values.reduce<Rational | null>((a, b) => (a === null || b === null ? null : greatest(a, b)), zero);

const tellChoice = (how: 'first' | 'sum' | 'highest' | 'lowest', sure: readonly Candidate[], q: Quantity, f: Figures): void => {
  const yuan = money(q.low);
  if (how === 'sum') {
    for (const c of sure) f.steps.push(...c.steps);
    if (sure.length > 1) f.steps.push({ kind: 'part', text: `${sure.length} 项合计 ${yuan.text}`, yuan: yuan.plain });
    return;
  }
  const winner = sure.find((c) => isKnown(c.q) && compare(c.q.low, q.low) === 0);
  if (winner !== undefined) f.steps.push(...winner.steps);
  if (how !== 'first' && sure.length > 1)
    f.steps.push({ kind: 'part', text: `${sure.length} 项中取${how === 'highest' ? '最高' : '最低'}，为 ${yuan.text}`, yuan: yuan.plain });
};
