// When a delivery waits for a person: it would take away or change too much at once, or it cannot say "none" of whom it does not list because it has
// rows that nobody can be named for. Pure: the figures come from `hold-store.ts`, people decide in `settle-held.ts`.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../base/canonical.ts';
import type { Dataset, HoldLimits } from '../catalogue/catalogue.ts';
import type { ImportRequest } from './import.ts';

/** What a delivery would do to the subjects of one division. */
export interface Change {
  /** Subjects the dataset says something of until now. */
  readonly before: number;
  /** Not said of any more. */
  readonly dropped: number;
  /** Something that stood is altered or taken away; what is only added does not count. */
  readonly changed: number;
  /** Said of for the first time. */
  readonly added: number;
}

export interface Diff extends Change {
  /** The divisions with most dropped and changed, at most fifty; '' are subjects of no known division. */
  readonly divisions: readonly (Change & { readonly division: string })[];
  /** Some subjects of each, by id; the added by the line they stand in. */
  readonly samples: { readonly dropped: readonly string[]; readonly changed: readonly string[]; readonly added: readonly number[] };
}

/** A row whose subject nobody can name, with what is readable of it. */
export interface NamelessRow {
  readonly line: number;
  readonly division: string | null;
  /** How many of those the file does not list bear the name in the row; null: no name in it. */
  readonly sameName: number | null;
}

export type HoldReason =
  /** `unlisted`: how many the delivery would say "none" of; any of them may be meant by one of the `rows` (the first fifty of `count`). */
  | { readonly kind: 'nameless'; readonly count: number; readonly rows: readonly NamelessRow[]; readonly unlisted: number }
  | { readonly kind: 'dropped' | 'changed'; readonly count: number; readonly of: number; readonly limitPercent: number };

/** As it stands in `delivery.held`. */
export interface Held {
  readonly reasons: readonly HoldReason[];
  /** null where nothing of the dataset had landed before. */
  readonly diff: Diff | null;
  /** The readable rows came in and only "none" of everybody else waits; false: nothing was touched. */
  readonly rowsLanded: boolean;
  /** What a yes is a yes to; where it no longer fits when the delivery lands, the delivery is held again. */
  readonly digests: readonly string[];
  readonly request: Omit<ImportRequest, 'content'>;
}

export const holdLimits = (dataset: Pick<Dataset, 'hold'>): Required<HoldLimits> => ({
  droppedPercent: 10,
  changedPercent: 50,
  atLeast: 10,
  ...dataset.hold,
});

/** Whole numbers only: a share is above its limit exactly when `count × 100 > of × limit`. */
export const shareReasons = (diff: Change, limits: Required<HoldLimits>): readonly HoldReason[] =>
  (['dropped', 'changed'] as const).flatMap((kind): readonly HoldReason[] => {
    const limitPercent = kind === 'dropped' ? limits.droppedPercent : limits.changedPercent;
    const count = diff[kind];
    return count >= limits.atLeast && count * 100 > diff.before * limitPercent ? [{ kind, count, of: diff.before, limitPercent }] : [];
  });

/** What tells one reason for holding from another: the rows that cannot be read, or the whole difference. */
export const reasonDigest = (reason: HoldReason, diff: Diff | null): string => {
  const what =
    reason.kind === 'nameless'
      ? { kind: reason.kind, count: reason.count, lines: reason.rows.map((r) => r.line) }
      : { kind: reason.kind, before: diff?.before, dropped: diff?.dropped, changed: diff?.changed, divisions: diff?.divisions };
  return createHash('sha256').update(canonicalJson(what)).digest('hex');
};
