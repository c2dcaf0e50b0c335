// A column that holds sealed values, as data: what brings them under another key, counts by which keys they are sealed, and proves that none is forgotten.
// Each noun describes its own, beside the place it seals them at; `src/rotate.ts` lists them all.
import type { Place } from './vault.ts';

/** A row's primary key and `needs`, as text. */
export type SealedRow = Readonly<Record<string, string>>;

export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** For people: what it is. */
  readonly title: string;
  /** Where in a jsonb column the envelope stands, in base64 (`[]`: the value itself); absent: the column is bytea, or text in base64. */
  readonly path?: readonly string[];
  /** bytea; absent: base64. */
  readonly bytes?: true;
  /** SQL by name of what the place is made of beside the primary key; `t` is the table. */
  readonly needs?: Readonly<Record<string, string>>;
  /** SQL that joins what `needs` reads. */
  readonly join?: string;
  /** SQL: rows that hold an envelope at all; absent: every row whose column is not null. */
  readonly where?: string;
  /** Rows at a time, default 500; fewer where an envelope is large. */
  readonly page?: number;
  /** Sealed by `sealStable`. */
  readonly stable?: true;
  place(row: SealedRow): Place;
}
