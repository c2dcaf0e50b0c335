// What a decision may read, and what it leaves behind: the seam between sealed data and rules. Pure; the run, the plain path,
// worked examples and the what-if each bring their own `FactSource`.
import type { Day } from '../base/day.ts';
import type { Value } from '../feel/value.ts';

/** Where a value came from, for the trace and the evidence. */
export interface Source {
  readonly dataset: string;
  readonly asOf: Day;
  readonly from?: Day | null;
  readonly to?: Day | null;
}

/**
 * Why nobody could tell: never delivered, delivered without this value, or older than the dataset's freshness limit; for ranks and pools, no closing
 * run has frozen them yet (`closing`), or what `others` of the population lack could still change them.
 */
export type MissingReason = 'undelivered' | 'empty' | 'stale' | 'conflict' | 'no-parameter' | 'no-link' | 'closing' | 'others';

export interface Missing {
  /** Fact key, or a path over a link (`spouse.hukouRegion`), or `parameter:minWage`. */
  readonly fact: string;
  readonly dataset: string | null;
  readonly reason: MissingReason;
  /** Last delivery, when stale. */
  readonly asOf?: Day | null;
  /** `others`: how many subjects lack it. */
  readonly subjects?: number;
}

/** One reading: `value` is an `Unknown` carrying `fact` when `missing` is set. */
export interface Reading {
  readonly value: Value;
  readonly source: Source | null;
  readonly missing?: Missing;
  /** More than one thing stands in the way: each is named by its `fact` in the unknown. */
  readonly missings?: readonly Missing[];
}

export interface FactSource {
  /** The subject's own key in its register (identity number, credit code), `subject.key` to rules: what a claim on the person names. */
  readonly ownKey?: string;
  /** The value on one day; for untimed facts `day` is ignored. Paths over one link are allowed. */
  read(fact: string, day: Day): Reading;
  /** Every value held within `[from, to]`, a gap as null or unknown, in order; for `on: any | every`. */
  readAll(fact: string, from: Day, to: Day): readonly Reading[];
  parameter(key: string, region: string | null, day: Day): Reading;
  external(key: string, region: string | null, period: string): Reading;
  /** What was paid to this subject, as the ledger stood at the run's cut (DESIGN 7); amounts in 分. */
  paid(
    items: readonly string[],
    options: { readonly year?: string; readonly period?: string; readonly key?: string },
  ): readonly { readonly amountFen: bigint; readonly period: string; readonly item: string }[];
  /** A rank or a pool as the closing run froze it for this subject; left out: nothing is frozen, and nobody can tell. */
  closed?(fact: string): Reading;
  /** True when `code` is `ancestor` or below it on `day`; null when the tree does not know one of them. */
  within(tree: string, code: string, ancestor: string, day: Day): boolean | null;
}

/** A run's two clocks (DESIGN 3). For `per-event`, `event` is the element's key and start = end = its day. */
export interface DecisionPeriod {
  readonly kind: 'monthly' | 'quarterly' | 'yearly' | 'per-event' | 'once';
  readonly key: string;
  readonly start: Day | null;
  readonly end: Day;
  readonly knownAt: Day;
}

export type Verdict = 'eligible' | 'ineligible' | 'undetermined';

/** Kleene: true, false, or null for unknown. */
export type Truth = boolean | null;

/** One node of the trace, shaped as the condition tree. */
export interface Trace {
  readonly kind: 'all' | 'any' | 'not' | 'leaf';
  readonly truth: Truth;
  readonly at: string;
  readonly text?: string;
  readonly clause?: string;
  readonly children?: readonly Trace[];
  readonly fact?: string;
  readonly operator?: string;
  readonly required?: Value;
  readonly requiredFact?: string;
  readonly actual?: Value;
  readonly source?: Source | null;
  readonly missing?: readonly Missing[];
}

/** 分; `known`, `bounded`, or `unknown` with what is missing (DESIGN 6). `steps` add up exactly to the amount. */
export type AwardResult =
  | { readonly state: 'known'; readonly amountFen: bigint; readonly steps: readonly AwardStep[] }
  | { readonly state: 'bounded'; readonly fromFen: bigint; readonly toFen: bigint; readonly missing: readonly Missing[] }
  | { readonly state: 'unknown'; readonly missing: readonly Missing[] };

export interface AwardStep {
  /** Plain Chinese, one step: 「基数 12,000.00 元 × 60% = 7,200.00 元」. */
  readonly text: string;
  readonly kind:
    | 'base'
    | 'rate'
    | 'tier'
    | 'part'
    | 'multiplier'
    | 'prorate'
    | 'minimum'
    | 'floor'
    | 'cap'
    | 'deduct'
    | 'rounding'
    | 'instalment';
  /** Running amount after the step, exact, as decimal text in yuan. */
  readonly yuan: string;
}

/** One line of a decision: the whole subject (`key` null), or one element of `each`. */
export interface DecisionLine {
  readonly key: string | null;
  readonly verdict: Verdict;
  readonly award: AwardResult | null;
  readonly claims: readonly {
    readonly kind: string;
    readonly object: string;
    readonly group: string;
    readonly per: 'period' | 'year' | 'ever';
    readonly orderDay: Day | null;
  }[];
  readonly missing: readonly Missing[];
}

export interface Governed {
  readonly by: 'this' | 'before';
  /** The day that selected; null: nobody knows, and both versions agree or the answer is open. */
  readonly day: Day | null;
  readonly rule: 'old' | 'new' | 'better';
}

/** 兑现方式 of one subject, where the item's depends on conditions. */
export interface ModeChosen {
  readonly mode: 'auto' | 'confirm' | 'apply';
  /** The row it comes from (`/mode/0`). */
  readonly at: string;
  /** What nobody could tell of the rows before: the most cautious of what is possible was taken. */
  readonly missing: readonly Missing[];
}

export interface Decision {
  readonly verdict: Verdict;
  readonly trace: Trace;
  /** What would settle an undetermined verdict or an unknown amount. */
  readonly missing: readonly Missing[];
  readonly lines: readonly DecisionLine[];
  /** Sum of the eligible lines with a known amount; null while any eligible line's amount is not known. */
  readonly amountFen: bigint | null;
  /** Every value read, for the evidence; `replaySource` (evidence.ts) decides again from nothing else. */
  readonly read: readonly ReadEntry[];
  /** Only with `eligible`, where a limited budget says who goes first and that is known: a text that sorts. */
  readonly orderKey?: string;
  /** Only with `eligible`, of an item whose mode depends on conditions. */
  readonly mode?: ModeChosen;
  /** 新老划断: which version decided, where there were two. */
  readonly governed?: Governed;
  /** Limits of the item that are another fact (`limits/<n>/cap`), in 分; null while unknown. */
  readonly capsFen?: Readonly<Record<string, bigint | null>>;
}

/** One value read: plain JSON by the fact's type (`literal.ts`), absent when nobody could tell. Also `parameter:minWage`, `external:cpi`, `paid:item`, `within:division`. */
export interface ReadEntry {
  readonly fact: string;
  readonly value: unknown;
  readonly source: Source | null;
  readonly missing?: Missing;
  /** The day a timed fact or parameter was read on. */
  readonly day?: Day;
  /** With `on: any | every`: read over `[day, to]`, one entry per value held, in order. */
  readonly to?: Day;
  /** Bounds of a number nobody knows exactly (a rank others may still move), as text; null: no bound on that side. */
  readonly bounds?: readonly [string | null, string | null];
  readonly missings?: readonly Missing[];
}
