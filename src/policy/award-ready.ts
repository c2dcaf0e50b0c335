// An award after the check: figures exact, facts found, conditions and expressions compiled. Made by `award-check.ts`, run by `award.ts`.
import type { Rational } from '../base/rational.ts';
import type { Expression } from '../feel/feel.ts';
import type { FeelRange, Value } from '../feel/value.ts';
import type { Ready } from '../rule/ready.ts';
import type { Rounding } from './item.ts';

/** A constant, or a fact holding a number; `factor` turns the fact's unit into yuan (万元: 10,000), null where units do not matter. */
export type Figure =
  | { readonly kind: 'number'; readonly value: Rational }
  | { readonly kind: 'fact'; readonly fact: string; readonly label: string; readonly factor: Rational | null };

export type FactFigure = Extract<Figure, { readonly kind: 'fact' }>;

export interface ReadyRow {
  readonly at: string;
  /** Bounds on a numeric `by`. */
  readonly range: FeelRange | null;
  /** Values of a category `by`. */
  readonly is: readonly Value[] | null;
  readonly when: Ready | null;
  /** Takes what no earlier row took. */
  readonly rest: boolean;
  readonly gives:
    | { readonly kind: 'yuan'; readonly yuan: Rational }
    | { readonly kind: 'rate'; readonly rate: Rational }
    | { readonly kind: 'award'; readonly award: ReadyAward };
  readonly cap: Figure | null;
}

export type ReadyForm =
  | { readonly form: 'fixed'; readonly yuan: Rational }
  | {
      readonly form: 'perUnit';
      readonly yuan: Figure;
      readonly count: FactFigure;
      readonly maxCount: Rational | null;
      readonly step: Rational | null;
    }
  | {
      readonly form: 'rate';
      readonly base: FactFigure;
      readonly rate: Figure;
      readonly deductible: Rational | null;
      readonly baseCap: Figure | null;
    }
  | {
      readonly form: 'tiers';
      readonly by: FactFigure | null;
      readonly base: FactFigure | null;
      readonly select: 'first' | 'highest';
      readonly rows: readonly ReadyRow[];
    }
  | {
      readonly form: 'brackets';
      readonly base: FactFigure;
      readonly rows: readonly { readonly upTo: Rational | null; readonly rate: Rational }[];
    }
  | { readonly form: 'sum' | 'highest' | 'lowest'; readonly parts: readonly ReadyAward[] }
  | { readonly form: 'formula'; readonly expression: Expression };

export interface ReadyModifiers {
  readonly multiplier: Figure | null;
  readonly prorate: { readonly part: Figure; readonly of: Figure } | null;
  readonly minimum: Rational | null;
  readonly floor: Figure | null;
  readonly cap: Figure | null;
  readonly deduct: Expression | null;
  readonly rounding: Rounding | null;
}

export type ReadyAward = ReadyForm & ReadyModifiers & { readonly at: string; readonly when: Ready | null; readonly text: string | null };

export interface ReadyInstalments {
  readonly yearsSince: Expression;
  readonly parts: readonly {
    readonly year: number;
    readonly share: Rational | null;
    readonly yuan: Rational | null;
    readonly when: Ready | null;
  }[];
}
