// A policy item 政策事项 as it stands in a rule file: shapes only. `read.ts` parses and checks a file (every problem at once),
// `compile.ts` turns it into what runs, `award.ts` computes money, `publish.ts` makes versions.
import type { Day } from '../base/day.ts';
import type { Condition } from '../rule/condition.ts';
import type { Life } from './life.ts';
import type { Limit, LimitedBudget } from './limit.ts';

export type { ClaimKey, Limit, LimitedBudget } from './limit.ts';

/** 兑现方式: `auto` 免申即享, `confirm` 即申即享, `apply` 限时兑现, `push` 精准推送 (estimate only: no reserve, no disbursement). */
export type Mode = 'auto' | 'confirm' | 'apply' | 'push';
/** One row of a mode that depends on conditions: asked in order, the last has no `when` and takes the rest. */
export interface ModeRow {
  readonly when?: Condition;
  /** No push: whoever is only told an estimate belongs to an item of its own, which never comes near the ledger. */
  readonly mode: Exclude<Mode, 'push'>;
  readonly text?: string;
  readonly covers?: Covers;
}
export type PeriodKind = 'monthly' | 'quarterly' | 'yearly' | 'per-event' | 'once';
export type MatchKind = 'first' | 'changed' | 'continuing' | 'suspended' | 'resumed' | 'ended';
export type SelectedBy = 'period-start' | 'period-end' | 'event' | 'application' | 'payment';
export type Transition = 'old' | 'new' | 'better';
export type FlowStep = 'guard' | 'apply' | 'ask' | 'review' | 'notice' | 'confirm' | 'publicity' | 'pay';

/** Pointers into the corpus entry of the same id: `/conditions/0`, `/conditions/2/any/1`, `/amount`, `/exclusions/0`. */
export type Covers = readonly string[];

/** A fact of this item alone, computed by FEEL from catalogue facts, parameters, `period.start`, `period.end` and earlier item facts. */
interface ComputedFact {
  readonly text: string;
  readonly feel: string;
  readonly unit?: string;
  readonly covers?: Covers;
}

/**
 * A place among everybody `among` holds for, 1 the best: `order` desc (default) puts the largest `by` first; `group` ranks within equal values of
 * that fact. `ties`: `same` (default: 1, 1, 3) or `last` (2, 2, 3). Whoever is not among them, or has no `by` or no group, has no place (none).
 */
export interface Rank {
  readonly by: string;
  readonly order?: 'desc' | 'asc';
  readonly among: Condition;
  readonly group?: string;
  readonly ties?: 'same' | 'last';
}

/**
 * A sum divided over everybody `among` holds for (left out: everybody the item's conditions hold for). `give: "price"`: yuan per unit of `quantity`,
 * cut to `decimals` (never rounded up: the whole must not exceed the sum). `give: "share"`: each one's yuan, in whole 分 by largest remainder,
 * adding up to the sum exactly.
 */
export interface Pool {
  readonly yuan: Yuan;
  readonly quantity: string;
  readonly among?: Condition;
  readonly give: 'price' | 'share';
  readonly decimals?: number;
}

interface RankFact {
  readonly text: string;
  readonly rank: Rank;
  readonly covers?: Covers;
}

interface PoolFact {
  readonly text: string;
  readonly pool: Pool;
  readonly covers?: Covers;
}

/** Ranks and pools are told by a closing run, over everybody at once (DESIGN 16). */
export type ItemFact = ComputedFact | RankFact | PoolFact;

/** Amounts in rule files are yuan as JSON numbers or decimal text; they become bigint 分 or exact rationals, never floats. */
export type Yuan = number | string;
/** A ratio as a decimal number / text, or a fraction `"2/3"`. */
export type Ratio = number | string;
/** The name of a fact (catalogue or item) that holds a number. */
export type FactRef = { readonly fact: string };

export interface Rounding {
  /** Where the cut is made. */
  readonly to: 'fen' | 'jiao' | 'yuan';
  readonly mode: 'half-up' | 'down' | 'up' | 'half-even';
}

export interface TierRow {
  /** Bounds on the number `by`: `from` inclusive, `below` exclusive, `upTo` inclusive, `above` exclusive. A row without bounds or `when` takes the rest. */
  readonly from?: number | string;
  readonly above?: number | string;
  readonly below?: number | string;
  readonly upTo?: number | string;
  /** `by` a category: the value(s) this row is for. */
  readonly is?: string | readonly string[];
  /** Multi-key tiers: a full condition of its own. */
  readonly when?: Condition;
  /** What the row gives: an amount, a rate of the enclosing `base`, or a nested award. */
  readonly yuan?: Yuan;
  readonly rate?: Ratio;
  readonly award?: Award;
  readonly cap?: Yuan | FactRef;
  readonly covers?: Covers;
}

/** One award form. Modifiers below apply in this order: multiplier, prorate, minimum (not paid below), floor, cap, deduct, rounding. */
export type AwardForm =
  | { readonly fixed: { readonly yuan: Yuan } }
  | { readonly perUnit: { readonly yuan: Yuan | FactRef; readonly count: string; readonly maxCount?: number; readonly step?: Yuan } }
  | {
      readonly rate: {
        readonly base: string;
        readonly rate: Ratio | FactRef;
        readonly deductible?: Yuan;
        readonly baseCap?: Yuan | FactRef;
      };
    }
  | {
      readonly tiers: {
        readonly by?: string;
        readonly base?: string;
        readonly select?: 'first' | 'highest';
        readonly rows: readonly TierRow[];
      };
    }
  /** Progressive brackets: each slice of `base` at its own rate. */
  | { readonly brackets: { readonly base: string; readonly rows: readonly { readonly upTo?: Yuan; readonly rate: Ratio }[] } }
  | { readonly sum: readonly (Award & { readonly when?: Condition })[] }
  | { readonly highest: readonly (Award & { readonly when?: Condition })[] }
  | { readonly lowest: readonly (Award & { readonly when?: Condition })[] }
  /** FEEL giving yuan. */
  | { readonly formula: string };

export interface AwardModifiers {
  /**
   * Only on the item's award itself: the amount is taken off this fee (水费、学费), which somebody else collects. Nothing is reserved, settled or paid;
   * the person is told, and whoever collects the fee finds the amounts among the matches.
   */
  readonly reduces?: string;
  readonly text?: string;
  readonly multiplier?: Ratio | FactRef;
  /** Pro rata: amount × part ÷ of, within [0, 1]; both a number or the name of a fact (months due ÷ 12). */
  readonly prorate?: { readonly part: number | string; readonly of: number | string };
  /** Not paid at all below this amount. */
  readonly minimum?: Yuan;
  readonly floor?: Yuan | FactRef;
  readonly cap?: Yuan | FactRef;
  /** FEEL giving yuan to take off, for example what was paid (`paid("item")`); never below 0. */
  readonly deduct?: string;
  readonly rounding?: Rounding;
  readonly covers?: Covers;
}
export type Award = AwardForm & AwardModifiers;

/** Paid in parts over years: part n is due when `yearsSince` (FEEL, whole number) equals its `year`; `when` is checked again at each part. */
export interface Instalments {
  readonly yearsSince: string;
  readonly parts: readonly { readonly year: number; readonly share?: Ratio; readonly yuan?: Yuan; readonly when?: Condition }[];
  readonly covers?: Covers;
}

/** A line, a claim and a verdict per element of a list fact (five graduates are five lines). In `where` and `award` the element is `each`. */
export interface Each {
  readonly list: string;
  readonly as: string;
  /** FEEL, boolean, over the element's fields and the subject's facts. */
  readonly where: string;
  /** Field of the element that tells lines apart. */
  readonly key: string;
  readonly covers?: Covers;
}

/** Whether the item pays: a push only tells an estimate, a reduction is taken off a fee. `pays-store.ts` asks the same in SQL. */
export const pays = (item: { readonly mode: Item['mode']; readonly award: Pick<Award, 'reduces'> }): boolean =>
  item.mode !== 'push' && item.award.reduces === undefined;

export interface Flow {
  readonly first: readonly FlowStep[];
  readonly changed?: readonly FlowStep[];
  readonly continuing: readonly FlowStep[];
  readonly resumed?: readonly FlowStep[];
  readonly suspended?: readonly FlowStep[];
  readonly ended?: readonly FlowStep[];
}

export interface Example {
  readonly name: string;
  /** Period key (`2026-01`, `2026Q1`, `2026`), or for `once` / `per-event` the day. */
  readonly period: string;
  readonly knownAt?: Day;
  /** Facts bound for this example: plain JSON by the fact's type; a fact left out is unknown, `null` is checked-none. A link is an object of the other subject's facts. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Who else is there, for ranks and pools; `times` stands for that many alike. */
  readonly population?: readonly { readonly times?: number; readonly facts: Readonly<Record<string, unknown>> }[];
  /** `paid("item")` → rows, for formulas that read the ledger. */
  readonly paid?: readonly { readonly item: string; readonly period?: string; readonly amount: string; readonly key?: string }[];
  readonly expect: {
    readonly verdict: 'eligible' | 'ineligible' | 'undetermined';
    /** Yuan with two decimals, `"120.00"`. Only with `eligible`. */
    readonly amount?: string;
    readonly missing?: readonly string[];
    /** 兑现方式, where it depends on conditions. Only with `eligible`. */
    readonly mode?: ModeRow['mode'];
  };
}

/** Whether only a closing run may decide the item. */
export const closes = (item: Pick<Item, 'facts'>): boolean => Object.values(item.facts ?? {}).some((f) => 'rank' in f || 'pool' in f);

export interface Item extends Life {
  readonly id: string;
  readonly title: string;
  readonly authority: string;
  /** Division code; null: the whole country. */
  readonly region: string | null;
  readonly basis: {
    readonly document: string;
    readonly number: string | null;
    readonly clause: string | null;
    readonly url: string | null;
  };
  readonly audience: 'citizen' | 'enterprise';
  /** One for all, or by rows; where a row's condition cannot be told, the more cautious mode of those possible (auto < confirm < apply). */
  readonly mode: Mode | readonly ModeRow[];
  readonly period: PeriodKind;
  /** per-event only: one decision per element of the list fact; the period's day and key come from it; the element is `event` in FEEL. */
  readonly event?: { readonly list: string; readonly day: string; readonly key: string };
  readonly effective: { readonly from: Day | null; readonly to: Day | null };
  /**
   * Which day must lie within `effective` for this version to speak; `application` reads it from `applicationDay`. Default: any day of the period, and
   * for per-event the event's own day.
   */
  readonly selectedBy?: SelectedBy;
  readonly applicationDay?: FactRef;
  /** 新老划断: what holds for those whose day lies before `effective.from`: the version before, this one, or whichever gives more. Default `old`. */
  readonly transition?: Transition;
  /** The version before, frozen into this one when it was published because some subjects are still decided by it; never written by hand. */
  readonly before?: {
    readonly version: number;
    readonly hash: string;
    readonly item: Item;
    /** Periods that had ended by this day, when the version was published, keep what the version before gave where that is more (从旧兼从优). */
    readonly until?: Day;
  };
  /** The clause that lets a version published for the past take back what it gives no longer; without it nothing is taken back (不溯及既往). */
  readonly recovery?: { readonly clause: string };
  /** Items with a rank or a pool: decided from this many days after the end of the period. Default 0. */
  readonly closing?: { readonly days: number };
  /** Closed periods that a changed past re-decides. */
  readonly lookback?: number;
  readonly facts?: Readonly<Record<string, ItemFact>>;
  readonly conditions: Condition;
  readonly each?: Each;
  readonly award: Award;
  readonly instalments?: Instalments;
  readonly flow: Flow;
  readonly publicity?: { readonly days?: number; readonly workingDays?: number; readonly none?: string };
  readonly confirm?: { readonly days: number; readonly clause?: string };
  readonly limits: readonly Limit[];
  /** `entitlement`: never cut for want of money; `limited`: the year's money and no more. */
  readonly budget: { readonly kind: 'entitlement' } | LimitedBudget;
  /** A sentence of the authority's own in every notice; `{…}` names one of `noticeFields`. */
  readonly notice?: { readonly text: string };
  /** Text on the bank statement, ≤ 20 characters. */
  readonly statement?: string;
  /** Who is paid where it is not the subject: a link fact (guardian). */
  readonly payee?: FactRef;
  /** Or several, each with a share of every amount settled; shares add up to 1, `to: null` is the subject, who gets the 分 left over. */
  readonly payees?: readonly { readonly share: Ratio; readonly to: FactRef | null }[];
  /** Which of the payee's accounts, in order; default: a resident's social card, a firm's public account (src/account/account.ts). */
  readonly accounts?: readonly ('card' | 'public' | 'insurance' | 'guardian')[];
  readonly notes: readonly { readonly covers: Covers | string; readonly text: string }[];
  readonly examples: readonly Example[];
}
