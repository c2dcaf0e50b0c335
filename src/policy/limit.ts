// What limits an item across subjects, periods and other items, and the money it has; settlement honours them. Shapes only.
import type { Covers, FactRef, Yuan } from './item.ts';

/** What may be used once is an object, often not the payee (DESIGN 8). */
export interface ClaimKey {
  /** person · invoice · machine · patent · loan · child … */
  readonly kind: string;
  /** FEEL giving the object's id; with `each`, over the element. */
  readonly object: string;
  /** Items that share the group compete for the object. */
  readonly group: string;
  /** `period`: once per period key; `ever`: once. */
  readonly per: 'period' | 'year' | 'ever';
  /** Who wins between two claimants: FEEL giving the event's day (earlier wins), then a keyed hash. */
  readonly orderBy?: string;
}

export type Limit = { readonly covers?: Covers; readonly text?: string } & (
  | { readonly once: 'period' | 'ever' }
  | { readonly times: { readonly count: number; readonly per: 'year' | 'ever' } }
  | { readonly cap: { readonly yuan: Yuan | FactRef; readonly per: 'payment' | 'subject-year' | 'subject'; readonly group?: string } }
  | { readonly claim: ClaimKey }
  /** 就高不重复 within the group; `priority` breaks equal amounts. `choose`: the person picks within so many days, the highest by default. */
  | {
      readonly exclusive: {
        readonly group: string;
        readonly per: 'period' | 'year' | 'ever';
        readonly priority?: number;
        readonly choose?: { readonly days: number };
      };
    }
  /** Something settlement cannot honour yet: the item is blocked from money and says so. */
  | { readonly unsupported: { readonly reason: string } }
);

/**
 * `give`: `first` (default) in the order of the day `order` names; `ranked` by the number it names, the highest first; both whole or not at all;
 * `prorata` everybody the same share, in whole 分. `cutoff` (`MM-DD` of the budget's year): until the end of that day claims are collected and nobody is
 * promised anything, then all are settled at once; without it `first` is settled as claims come. `carry`: who waits when the year is over goes
 * first in the next year's budget.
 */
/** A fact, its earliest day or smallest number first; or with a direction of its own. */
export type BudgetOrder = string | { readonly by: string; readonly direction?: 'asc' | 'desc' };

export interface LimitedBudget {
  readonly kind: 'limited';
  readonly yuan: Yuan;
  readonly order: BudgetOrder;
  readonly give?: 'first' | 'prorata' | 'ranked';
  readonly cutoff?: string;
  readonly carry?: boolean;
}
