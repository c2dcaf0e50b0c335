// The condition tree that officers own: json-rules-engine's format, conditions only compare named facts (DESIGN 1, 6).
// Shapes only; operators stand in `operators.ts`, deciding in `decide.ts`, the second opinion in `second.ts`.

/** One of the operators in `operators.ts`; a text here so that a file with an unknown one can still be read and refused with a place. */
export type OperatorName = string;

export interface Leaf {
  /** Catalogue fact, item fact, `period.start`, `period.end`, or a path over a link: `spouse.hukouRegion`. */
  readonly fact: string;
  readonly operator: OperatorName;
  /** A literal, a list, or another fact. */
  readonly value: unknown | { readonly fact: string };
  /** When a timed fact is read within the period; default `end` (DESIGN 3). */
  readonly on?: 'start' | 'end' | 'any' | 'every';
  /** `payment` conditions are no part of the match verdict: decided at seal and release. */
  readonly checkAt?: 'period' | 'match' | 'payment';
  readonly clause?: string;
  readonly text?: string;
  readonly covers?: readonly string[];
}

export type Condition =
  | (Leaf & { readonly name?: string })
  | { readonly all: readonly Condition[]; readonly text?: string; readonly covers?: readonly string[] }
  | { readonly any: readonly Condition[]; readonly text?: string; readonly covers?: readonly string[] }
  | { readonly not: Condition; readonly text?: string; readonly covers?: readonly string[] };
