// A record: everything delivered about one subject, with a source for each value. Shapes only; `resolve.ts` says what a record is
// worth on a day, `import.ts` fills it, `store.ts` keeps it.
import type { Day } from '../base/day.ts';
import type { AttestedMark } from './attested.ts';

/** Plain JSON as delivered: numbers as decimal text, dates `YYYY-MM-DD`, sets as arrays, series as `{period: decimal text}` (null: none; `''`: the row came with this figure left empty, so it is unknown), lists as arrays of objects, links as the other subject's natural key. */
export type CellValue = null | boolean | string | readonly unknown[] | { readonly [key: string]: unknown };

/** One delivered value. `null` is "checked, none"; unknown is the absence of a cell. `from`/`to` only for timed facts, `[from, to)`. */
export interface Cell {
  readonly v: CellValue;
  /** Dataset that said so. */
  readonly d: string;
  readonly from?: Day | null;
  readonly to?: Day | null;
  /** Timed only: the row was there but this value was left empty, so these days are unknown and not a gap; `v` is null. */
  readonly unknown?: true;
  /** Only of the dataset `attested`: whose word it is and how long it counts. */
  readonly attested?: AttestedMark;
}

/** What one dataset says of one subject: fact → cells, without the dataset's name. */
export type OwnCells = Readonly<Record<string, readonly Omit<Cell, 'd'>[]>>;

/** Earlier divisions with the first day the subject was known to live elsewhere. */
export type Moves = readonly (readonly [division: string | null, until: Day])[];

/** Who it is, and where it lives. */
export interface Envelope {
  readonly register: string;
  /** Surrogate id: the only one that may stand in a URL or a log. */
  readonly subjectId: string;
  /** Natural key: identity number, USCC. */
  readonly key: string;
  /** Dense per register, from 0: position in snapshot blocks. */
  readonly ordinal: number;
  readonly name: string | null;
  readonly division: string | null;
  /** Where it lived before, oldest first, and until when; a null division: the register did not know it there yet. */
  readonly moves?: Moves | undefined;
}

export interface SubjectRecord extends Envelope {
  readonly facts: Readonly<Record<string, readonly Cell[]>>;
  /** When each dataset last spoke of this subject; a full delivery that repeats what stands here leaves it alone and renews its `Coverage` instead. */
  readonly provenance: Readonly<Record<string, Provenance>>;
}

export interface Provenance {
  readonly asOf: Day;
  readonly delivery: string;
  /** asOf of a later delivery whose row about this subject was refused: neither renewed nor absent since. */
  readonly refused?: Day;
}

/** "Within this scope, who is not listed has none": what full deliveries and lists add about everyone (DESIGN 4). */
export interface Coverage {
  readonly dataset: string;
  readonly register: string;
  /** Division the delivery speaks for; null: the whole register. */
  readonly division: string | null;
  /** Series only: the periods that occurred in the rows of such deliveries; about any other period they say nothing. */
  readonly periods?: readonly string[];
  readonly asOf: Day;
  readonly delivery: string;
}
