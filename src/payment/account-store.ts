// On which accounts money has arrived before, by their blind index.
import { rawSql, type Tx } from '../db/handle.ts';

export interface PaidOn {
  readonly accountIndex: string;
  /** The beneficiary. */
  readonly subjectId: string;
}

/** Beneficiaries with a payment that arrived on one of these accounts and did not come back. */
export const paidOn = async (tx: Tx, indexes: readonly string[]): Promise<readonly PaidOn[]> =>
  rawSql(tx)<PaidOn[]>`
    select distinct p.account_index as "accountIndex", p.subject_id as "subjectId" from payment_line p
    where p.account_index = any(${[...indexes]}::text[])
      and exists (select from line_event e where e.line_id = p.id and e.kind = 'paid')
      and not exists (select from line_event e where e.line_id = p.id and e.kind = 'returned')`;
