// Counts over the whole database for the summary of start and demo.
import { type Db, rawSql } from '../db/handle.ts';

export interface Totals {
  readonly records: number;
  readonly matches: number;
  readonly notices: number;
  readonly disbursements: number;
}

/** Stops carry no money and are no disbursements. */
export const totals = async (db: Db): Promise<Totals> => {
  const [row] = await rawSql(db)<Totals[]>`
    select (select count(*) from record)::int as records, (select count(*) from match where verdict = 'eligible')::int as matches,
      (select count(*) from notice)::int as notices, (select count(*) from disbursement where line_id is not null)::int as disbursements`;
  return row ?? { records: 0, matches: 0, notices: 0, disbursements: 0 };
};
