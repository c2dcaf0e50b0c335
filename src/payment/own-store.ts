// Payments as whoever they are for sees them: each order with what became of it last. Read by subject; nothing of anybody else's is in reach.
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Sql } from '../db/handle.ts';
import { openAccount, type SealedAccount } from '../vault/account.ts';
import type { LineEventKind } from './payment.ts';

export interface OwnPayment {
  readonly id: string;
  readonly disbursementId: string;
  readonly register: string;
  readonly itemId: string;
  readonly title: string;
  readonly document: string;
  readonly documentNumber: string | null;
  readonly clause: string | null;
  readonly authority: string;
  readonly periodKey: string;
  readonly amountFen: bigint;
  readonly payeeName: string;
  readonly account: string;
  readonly bank: string;
  readonly statementText: string;
  /** Of its batch, and the place in it. */
  readonly batchNumber: string;
  readonly position: number;
  readonly payOn: Day;
  /** The last word on it; null: sealed, not sent yet. */
  readonly kind: LineEventKind | null;
  readonly code: string | null;
  readonly at: Date | null;
  /** A later order pays it anew. */
  readonly replaced: boolean;
  /** Who pays, and the number of the quota it is paid from; several where sources share it. */
  readonly payers: readonly { readonly name: string; readonly document: string }[];
}

const columns = (sql: Sql) => sql`
  l.id, l.disbursement_id as "disbursementId", m.register, l.item_id as "itemId", d.basis ->> 'title' as title, d.basis ->> 'document' as document,
  d.basis ->> 'number' as "documentNumber", d.basis ->> 'clause' as clause, d.authority, l.period_key as "periodKey", l.amount_fen as "amountFen",
  l.payee_name as "payeeName", l.account, l.bank, l.statement_text as "statementText", b.number as "batchNumber", l.position, b.pay_on as "payOn", e.kind, e.code, e.at,
  exists (select from payment_line n where n.replaces = l.id) as replaced,
  (select coalesce(jsonb_agg(distinct jsonb_build_object('name', s.payer_name, 'document', s.document)), '[]')
    from line_funding f join funding_source s on s.id = f.source_id where f.batch_id = l.batch_id and f.line_id = l.id) as payers`;

const from = (sql: Sql) => sql`
  payment_line l join batch b on b.id = l.batch_id join disbursement d on d.subject_id = l.subject_id and d.id = l.disbursement_id
  join match m on m.subject_id = d.subject_id and m.id = d.match_id
  left join lateral (select kind, code, at from line_event e where e.line_id = l.id order by e.id desc limit 1) e on true`;

const opened = (db: Db, rows: readonly SealedAccount<OwnPayment>[]): readonly OwnPayment[] =>
  rows.map((row) => {
    const one = row as unknown as OwnPayment;
    return { ...one, account: openAccount(db, 'payment_line', one.id, row.account as Uint8Array) };
  });

/** Newest first; what was taken out of a batch again is none. */
export const paymentsOf = async (db: Db, subjectId: string, limit: number): Promise<readonly OwnPayment[]> => {
  const sql = rawSql(db);
  const rows = await sql<SealedAccount<OwnPayment>[]>`
    select ${columns(sql)} from ${from(sql)}
    where l.subject_id = ${subjectId} and b.state <> 'cancelled' and (e.kind is null or e.kind not in ('withheld', 'cancelled'))
    order by b.pay_on desc, l.id limit ${limit}`;
  return opened(db, rows);
};

/** One that arrived, by its id or by the number on its slip; null for any other. */
export const paidOrder = async (
  db: Db,
  by: { readonly id: string; readonly subjectId: string } | { readonly batchNumber: string; readonly position: number },
): Promise<OwnPayment | null> => {
  const sql = rawSql(db);
  const which =
    'id' in by
      ? sql`l.id = ${by.id} and l.subject_id = ${by.subjectId}`
      : sql`b.number = ${by.batchNumber} and l.position = ${by.position}`;
  const rows = await sql<SealedAccount<OwnPayment>[]>`select ${columns(sql)} from ${from(sql)} where ${which} and e.kind = 'paid'`;
  return opened(db, rows)[0] ?? null;
};
