// What a restored database knows of the bank's references. Hand-written SQL: a year's references are matched as sets.
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { Disbursement } from '../disbursement/disbursement.ts';
import { columnsOf, opened } from '../disbursement/store.ts';
import type { SealedAccount } from '../vault/account.ts';

export const openSince = async (
  reader: Db | Tx,
): Promise<readonly { readonly id: string; readonly number: string; readonly state: string; readonly totalFen: bigint }[]> =>
  await rawSql(reader)<{ id: string; number: string; state: string; totalFen: bigint }[]>`
    select id, number, state, total_fen as "totalFen" from batch where state in ('sealed', 'approved') order by sealed_at, id`;

export interface KnownLine {
  readonly batchId: string;
  readonly number: string;
  readonly sent: boolean;
}

export const sentReferences = async (tx: Tx, references: readonly string[]): Promise<ReadonlyMap<string, KnownLine>> => {
  const rows = await rawSql(tx)<(KnownLine & { reference: string })[]>`
    select l.end_to_end_id as reference, l.batch_id as "batchId", b.number,
      exists (select from line_event e where e.line_id = l.id and e.kind = 'sent') as sent
    from payment_line l join batch b on b.id = l.batch_id where l.end_to_end_id = any(${[...references]}::text[])`;
  return new Map(rows.map(({ reference, ...line }) => [reference, line]));
};

/** Records by what a reference says of them (payment.ts, `endToEndIdOf`), locked. */
export const lockByReference = async (tx: Tx, references: readonly string[]): Promise<ReadonlyMap<string, Disbursement>> => {
  const sql = rawSql(tx);
  const wanted = new Map(references.map((reference) => [reference.slice(2, 31).toLowerCase(), reference]));
  if (wanted.size === 0) return new Map();
  const rows = await sql<SealedAccount<Disbursement>[]>`
    select ${columnsOf(sql)} from disbursement d
    where left(replace(d.id::text, '-', ''), 29) = any(${[...wanted.keys()]}::text[]) order by d.subject_id, d.id for update of d`;
  return new Map(opened(tx, rows).map((record) => [wanted.get(record.id.replaceAll('-', '').slice(0, 29)) ?? '', record]));
};
