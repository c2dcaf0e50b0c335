// What result files are held against: lines by the bank's reference, what was said of them before, and what waits in suspense. Hand-written SQL: a file of
// 100,000 words is a handful of statements.
import { rawSql, type Tx } from '../db/handle.ts';
import { fundingColumn, partsOf, type StoredPart } from './batch-store.ts';
import type { FundingPart } from './funding.ts';

export interface LineByReference {
  readonly id: string;
  readonly batchId: string;
  readonly endToEndId: string;
  readonly subjectId: string;
  readonly disbursementId: string;
  readonly settlementLineId: string;
  readonly key: string;
  readonly itemId: string;
  readonly periodKey: string;
  readonly year: number;
  readonly amountFen: bigint;
  readonly funding: readonly FundingPart[];
  /** Never told to the bank: withheld, or of a batch that was sent back or not released. */
  readonly withheld: boolean;
  readonly accountIndex: string;
  /** When its batch was released; null: not yet. */
  readonly sentAt: Date | null;
}

export const linesByReference = async (tx: Tx, references: readonly string[]): Promise<ReadonlyMap<string, LineByReference>> => {
  const sql = rawSql(tx);
  const rows = await sql<(Omit<LineByReference, 'funding'> & { readonly funding: readonly StoredPart[] })[]>`
    select l.id, l.batch_id as "batchId", l.end_to_end_id as "endToEndId", l.subject_id as "subjectId", l.disbursement_id as "disbursementId",
      l.settlement_line_id as "settlementLineId", l.key, l.item_id as "itemId", l.period_key as "periodKey", l.year, l.amount_fen as "amountFen",
      ${fundingColumn(sql)},
      not exists (select from line_event e where e.line_id = l.id and e.kind = 'sent') as withheld,
      l.account_index as "accountIndex", b.released_at as "sentAt"
    from payment_line l join batch b on b.id = l.batch_id where l.end_to_end_id = any(${[...references]}::text[])`;
  return new Map(rows.map((row) => [row.endToEndId, { ...row, funding: partsOf(row.funding) }]));
};

export const eventKinds = async (tx: Tx, lineIds: readonly string[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const rows = await rawSql(tx)<{ line: string; kinds: readonly string[] }[]>`
    select line_id as line, array_agg(distinct kind) as kinds from line_event where line_id = any(${[...lineIds]}::uuid[]) group by 1`;
  return new Map(rows.map((row) => [row.line, new Set(row.kinds)]));
};

export interface NewSuspense {
  readonly fileId: string;
  readonly position: number;
  readonly reference: string;
  readonly kind: string;
  readonly amountFen: bigint | null;
  readonly why: string;
}

export const insertSuspense = async (tx: Tx, rows: readonly NewSuspense[], at: Date): Promise<void> => {
  if (rows.length === 0) return;
  const written = rows.map((row) => ({ ...row, amountFen: row.amountFen === null ? null : String(row.amountFen) }));
  await rawSql(tx)`
    insert into suspense (file_id, position, reference, kind, amount_fen, why, at)
    select "fileId", position, reference, kind, "amountFen", why, ${at}
    from jsonb_to_recordset(${JSON.stringify(written)}::text::jsonb) as x("fileId" uuid, position int, reference text, kind text, "amountFen" bigint, why text)
    on conflict do nothing`;
};

/** What the bank said of the last order of a disbursement that came back: its line and every reason told, by our codes. */
export const lastReturn = async (
  tx: Tx,
  disbursementId: string,
): Promise<{ readonly lineId: string; readonly codes: readonly string[] } | null> => {
  const [row] = await rawSql(tx)<{ lineId: string; codes: readonly (string | null)[] }[]>`
    select l.id as "lineId", array_agg(distinct e.code) as codes from line_event e join payment_line l on l.id = e.line_id
    where l.disbursement_id = ${disbursementId} and e.kind = 'returned' group by l.id, l.end_to_end_id
    order by length(l.end_to_end_id) desc, l.end_to_end_id desc limit 1`;
  return row === undefined ? null : { lineId: row.lineId, codes: row.codes.flatMap((code) => (code === null ? [] : [code])) };
};
