// Reading the figures an award computes with: constants, facts, expressions, conditions of rows and parts — each with what it misses.
import { mul, type Rational, zero } from '../base/rational.ts';
import type { Expression } from '../feel/feel.ts';
import { isNumber, isUnknown, missingOf, type Value } from '../feel/value.ts';
import { decideCondition, settling } from '../rule/decide.ts';
import type { AwardStep, Missing, Truth } from '../rule/facts.ts';
import type { Ready } from '../rule/ready.ts';
import type { Local, Session } from '../rule/session.ts';
import type { Figure } from './award-ready.ts';
import { known, type Quantity, span } from './quantity.ts';

/** One award under way. */
export interface Figures {
  readonly session: Session;
  readonly local: Local | null;
  readonly steps: AwardStep[];
  /** Pointers of rows and parts that surely applied: what examples have tried. */
  readonly hits: string[];
  value(fact: string): Value;
  truth(when: Ready | null): { readonly truth: Truth; readonly missing: readonly Missing[] };
  missing(v: Value): readonly Missing[];
  /** An expression gave null on data that is all there: nobody can say what it means in money. */
  nothing(what: string): readonly Missing[];
}

export const openFigures = (session: Session, local: Local | null): Figures => ({
  session,
  local,
  steps: [],
  hits: [],
  value: (fact) => session.read(fact, session.endDay, local).value,
  truth: (when) => {
    if (when === null) return { truth: true, missing: [] };
    const trace = decideCondition(when, session, local);
    return { truth: trace.truth, missing: settling(trace) };
  },
  missing: (v) => session.explain(missingOf(v)),
  nothing: (what) => [{ fact: `award:${what}`, dataset: null, reason: 'conflict' }],
});

const scaled = (n: Rational, factor: Rational | null): Rational => (factor === null ? n : mul(n, factor));

const quantityOf = (v: Value, f: Figures, factor: Rational | null): Quantity | null => {
  if (v === null) return null;
  if (isNumber(v)) return known(scaled(v, factor));
  if (isUnknown(v)) {
    const low = v.low === null ? zero : scaled(v.low, factor);
    return span(low.num < 0n ? zero : low, v.high === null ? null : scaled(v.high, factor), f.missing(v));
  }
  return span(zero, null, f.missing(v));
};

/**
 * A constant or a fact. A known none is 0; with `none` it is null, for caps and floors, which then do not exist.
 */
export function readFigure(figure: Figure, f: Figures): Quantity;
export function readFigure(figure: Figure, f: Figures, absent: 'none'): Quantity | null;
export function readFigure(figure: Figure, f: Figures, absent?: 'none'): Quantity | null {
  if (figure.kind === 'number') return known(figure.value);
  const q = quantityOf(f.value(figure.fact), f, figure.factor);
  return q ?? (absent === 'none' ? null : known(zero));
}

/** A FEEL number; null when it has no value. */
export const readExpression = (expression: Expression, f: Figures): Quantity | null =>
  quantityOf(f.session.compute(expression, f.session.endDay, f.local), f, null);
