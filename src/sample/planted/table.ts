// The shape of a table of planted subjects: facts on purpose, the verdict and amount that the policy's own text gives them, and why.
// Every number in these tables is written down by hand from the text; nothing here or below may ask the engine.
import type { FactValue } from '../subject.ts';

/** A second subject that the fact links to (a spouse, an employer), planted beside the first. */
export interface Companion {
  readonly companion: {
    readonly register: 'citizen' | 'enterprise';
    readonly division?: string;
    readonly facts: PlantedFacts;
  };
}

/** In list elements: a fresh id or serial. `$person` takes the element's own birth date. */
export const someone = '$person';
export const fresh = '$serial';

export type PlantedValue = FactValue | Companion;
/** A fact set to undefined is taken back from the table's base: the subject is not in that delivery. */
export type PlantedFacts = Readonly<Record<string, PlantedValue | undefined>>;

export type Verdict = 'eligible' | 'ineligible' | 'undetermined';

/** Yuan as the text has it; null: eligible, but the amount cannot be known yet. */
export type YuanText = number | string | null;

export interface ExpectedLine {
  /** Place of the element in the case's list. */
  readonly at: number;
  readonly verdict: Verdict;
  readonly yuan?: YuanText;
}

export interface PlantedCase {
  readonly name: string;
  readonly facts: PlantedFacts;
  readonly verdict: Verdict;
  readonly yuan?: YuanText;
  /** Items with a line per element of a list. */
  readonly lines?: readonly ExpectedLine[];
  /** The clause, the arithmetic, the boundary. */
  readonly why: string;
  /** Home or seat, when it is not the table's. */
  readonly division?: string;
  /** A boundary: the last value in or the first value out. */
  readonly edge?: true;
}

export interface PlantedTable {
  readonly item: string;
  readonly register: 'citizen' | 'enterprise';
  readonly division: string;
  /** Key of the period that is decided; for items per event the event stands in the case's list and its key is filled in. */
  readonly period: string | { readonly list: string; readonly keyField: string };
  /** Items with lines: the list and the field that tells its elements apart. */
  readonly each?: { readonly list: string; readonly keyField: string };
  /** A subject that is entitled; cases override it. */
  readonly base: PlantedFacts;
  readonly cases: readonly PlantedCase[];
}

type Extra = Partial<Pick<PlantedCase, 'division' | 'lines' | 'edge'>>;

/** Entitled to `yuan`. */
export const yes = (name: string, facts: PlantedFacts, yuan: YuanText, why: string, extra: Extra = {}): PlantedCase => ({
  name,
  facts,
  verdict: 'eligible',
  yuan,
  why,
  ...extra,
});

/** Surely not entitled. */
export const no = (name: string, facts: PlantedFacts, why: string, extra: Extra = {}): PlantedCase => ({
  name,
  facts,
  verdict: 'ineligible',
  why,
  ...extra,
});

/** 待核: a datum is missing that would settle it. */
export const open = (name: string, facts: PlantedFacts, why: string, extra: Extra = {}): PlantedCase => ({
  name,
  facts,
  verdict: 'undetermined',
  why,
  ...extra,
});

export const edge = { edge: true } as const;

export const spouseOf = (facts: PlantedFacts, division?: string): Companion => ({
  companion: { register: 'citizen', facts, ...(division === undefined ? {} : { division }) },
});

export const firmOf = (facts: PlantedFacts, division?: string): Companion => ({
  companion: { register: 'enterprise', facts, ...(division === undefined ? {} : { division }) },
});

export const isCompanion = (value: PlantedValue | undefined): value is Companion =>
  typeof value === 'object' && value !== null && 'companion' in value;
