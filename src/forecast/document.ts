// A forecast 匡算 as it is stored with a review and shown to whoever decides: plain JSON, amounts as digits of 分, nobody's identity. Shapes only.
import type { Day } from '../base/day.ts';
import type { ShiftTold } from './shift.ts';
import type { SpreadTold } from './spread.ts';

export interface Forecast {
  readonly format: 'zhixiang-forecast-1';
  readonly item: { readonly id: string; readonly title: string; readonly mode: string; readonly hash: string };
  readonly snapshot: { readonly id: string; readonly knownAt: Day };
  readonly catalogueHash: string;
  readonly ledgerCut: string;
  readonly period: { readonly key: string; readonly start: Day | null; readonly end: Day };
  /** The draft is not in force on the snapshot's day: it was decided as if it were. */
  readonly asIf: boolean;
  /** As a run counts them: subjects, and the sum of known amounts before settlement. */
  readonly counts: {
    readonly subjects: number;
    readonly eligible: number;
    readonly undetermined: number;
    readonly ineligible: number;
    readonly amountFen: string;
  };
  readonly undetermined: readonly MissingTold[];
  /** Where the mode depends on conditions: matches by mode, `open` of them because nobody can tell; null: the item has one mode. */
  readonly modes: readonly { readonly mode: string; readonly name: string; readonly matches: number; readonly open: number }[] | null;
  readonly amounts: SpreadTold;
  /** What amounts not known exactly wait for. */
  readonly amountsMissing: readonly MissingTold[];
  readonly byDivision: readonly GroupTold[];
  /** Firms by size, residents by age; null where the catalogue has no such fact. */
  readonly bySize: readonly GroupTold[] | null;
  readonly byAge: readonly GroupTold[] | null;
  readonly against: {
    /** null: no version of this item is in force for the period. */
    readonly inForce: (ShiftTold & { readonly version: number; readonly hash: string; readonly periodKey: string }) | null;
    /** Against how everybody stands since the last run; null: never run. Per match, not per subject. */
    readonly lastRun: ShiftTold | null;
  };
  /** null: there is no next period (events, an item that ends). */
  readonly next: (ShiftTold & { readonly periodKey: string; readonly eligible: number; readonly amountFen: string }) | null;
  readonly cash: {
    readonly days: readonly {
      readonly day: Day | null;
      readonly periodKey: string;
      readonly kind: string;
      readonly awards: number;
      readonly fen: string;
    }[];
    /** Chinese sentences on what was assumed. */
    readonly assumptions: readonly string[];
  };
  readonly budget: BudgetTold | null;
  readonly sweep: SweepTold | null;
  /** null: not asked for, or an item of events, of ranks or of pools. */
  readonly nearMiss: NearTold | null;
  /** sha256 over the canonical JSON of everything above. */
  readonly hash: string;
}

export interface MissingTold {
  readonly fact: string;
  readonly label: string;
  readonly dataset: string;
  readonly title: string | null;
  readonly department: string | null;
  readonly reason: string;
  readonly subjects: number;
}

export interface GroupTold {
  readonly key: string;
  readonly label: string;
  readonly subjects: number;
  readonly totalFen: string;
  /** Awards whose amount is not known exactly, not in the total. */
  readonly open: number;
}

/** Of those left out: who would come in by one change, by two, or within a year by waiting. */
export interface NearTold {
  /** Those some change could bring in; where fewer were examined, the counts below are of these only. */
  readonly candidates: number;
  readonly examined: number;
  readonly one: number;
  readonly two: number;
  readonly waiting: number;
  /** One subject may be counted under several; `least`, `median`, `most` say how far a figure is off, in its unit. */
  readonly changes: readonly {
    readonly text: string;
    readonly fact: string | null;
    readonly unit: string | null;
    readonly subjects: number;
    readonly least: string | null;
    readonly median: string | null;
    readonly most: string | null;
  }[];
}

export interface BudgetTold {
  /** `item`: the rule's own; `asked`: given with the question. */
  readonly from: 'item' | 'asked';
  readonly budgetFen: string;
  /** Reserved, committed and paid this year under this item. */
  readonly promisedFen: string;
  readonly availableFen: string;
  /** Not yet promised, this period and the rest of the year as far as it repeats. */
  readonly neededFen: string;
  /** available ÷ needed, four digits, rounded down; null: nothing is needed. */
  readonly coverage: string | null;
  /** The first payment it does not cover in full. */
  readonly exhausted: { readonly day: Day | null; readonly periodKey: string } | null;
}

export interface SweepTold {
  readonly at: string;
  readonly points: readonly {
    readonly value: string;
    readonly eligible: number;
    readonly undetermined: number;
    readonly amountFen: string;
    readonly open: number;
    /** Against the draft as written. */
    readonly gained: number;
    readonly lost: number;
    readonly deltaFen: string;
  }[];
}
