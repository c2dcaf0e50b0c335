// The database's own check of the product's promises (`drizzle/always/3_invariants.sql`).
import { type Db, rawSql } from './handle.ts';

export interface BrokenInvariant {
  /** The number in the README. */
  readonly invariant: number;
  readonly message: string;
  /** One offending row by key, never by person. */
  readonly example: string | null;
}

export const brokenInvariants = (db: Db): Promise<readonly BrokenInvariant[]> =>
  rawSql(db)<BrokenInvariant[]>`select invariant, message, example from assert_invariants() order by invariant, message`;
