// What is known of one payment beyond its match: orders, approvals, files, the bank's words, bookings, and where each change stands in the audit chain.
import { type Db, rawSql, type Tx } from '../db/handle.ts';

export interface PaperLine {
  readonly id: string;
  readonly reference: string;
  readonly position: number;
  readonly amountFen: bigint;
  readonly hash: string;
  readonly replaces: string | null;
  readonly flags: readonly string[];
  readonly batchId: string;
  readonly batchNumber: string;
  readonly batchHash: string;
  readonly batchState: string;
  readonly payOn: string;
  readonly sealedAt: Date;
  readonly fileSha256: string | null;
  readonly fileName: string | null;
  readonly sources: readonly {
    readonly document: string;
    readonly projectCode: string;
    readonly subjectCode: string;
    readonly amountFen: string;
  }[];
  readonly signatures: readonly { readonly person: string; readonly role: string; readonly at: string }[];
  readonly words: readonly {
    readonly kind: string;
    readonly code: string | null;
    readonly text: string | null;
    readonly at: string;
    readonly file: string | null;
  }[];
}

export const paperLines = async (reader: Db | Tx, disbursementId: string): Promise<readonly PaperLine[]> =>
  await rawSql(reader)<PaperLine[]>`
    select l.id, l.end_to_end_id as reference, l.position, l.amount_fen as "amountFen", l.hash, l.replaces, l.guards -> 'flags' as flags,
      b.id as "batchId", b.number as "batchNumber", b.hash as "batchHash", b.state as "batchState", b.pay_on as "payOn", b.sealed_at as "sealedAt", b.file_sha256 as "fileSha256",
      (select f.name from payment_file f where f.batch_id = b.id and f.direction = 'out' and f.sha256 = b.file_sha256 limit 1) as "fileName",
      (select coalesce(jsonb_agg(jsonb_build_object('document', s.document, 'projectCode', s.project_code, 'subjectCode', s.subject_code, 'amountFen', f.amount_fen::text)
        order by s.rank, s.id), '[]') from line_funding f join funding_source s on s.id = f.source_id where f.line_id = l.id) as sources,
      (select coalesce(jsonb_agg(jsonb_build_object('person', g.person, 'role', g.role, 'at', g.at) order by g.at, g.role), '[]')
        from batch_signature g where g.batch_id = b.id) as signatures,
      (select coalesce(jsonb_agg(jsonb_build_object('kind', e.kind, 'code', e.code, 'text', e.text, 'at', e.at, 'file', f.name) order by e.id), '[]')
        from line_event e left join payment_file f on f.id = e.file_id where e.line_id = l.id) as words
    from payment_line l join batch b on b.id = l.batch_id where l.disbursement_id = ${disbursementId} order by b.sealed_at, l.id`;

export interface PaperPosting {
  readonly id: bigint;
  readonly transaction: string;
  readonly kind: string;
  readonly account: string;
  readonly amountFen: bigint;
  readonly at: Date;
}

/** The budget's side of what is booked for the settled line. */
export const paperPostings = async (reader: Db | Tx, lineId: string): Promise<readonly PaperPosting[]> =>
  await rawSql(reader)<PaperPosting[]>`
    select id, transaction, kind, account, amount_fen as "amountFen", at from posting where line_id = ${lineId} and account like 'budget:%' order by id`;

export interface PaperEntry {
  readonly id: bigint;
  readonly at: Date;
  readonly actor: string;
  readonly action: string;
  readonly hash: string;
  /** null: waits for the chain. */
  readonly position: bigint | null;
  readonly link: string | null;
}

export const paperEntries = async (reader: Db | Tx, objects: readonly (readonly [string, string])[]): Promise<readonly PaperEntry[]> =>
  await rawSql(reader)<PaperEntry[]>`
    select e.id, e.at, e.actor, e.action, e.hash, l.position, l.hash as link
    from unnest(${objects.map(([kind]) => kind)}::text[], ${objects.map(([, id]) => id)}::text[]) as x(kind, id)
    join audit_entry e on e.object_kind = x.kind and e.object_id = x.id left join audit_link l on l.entry_id = e.id order by e.id`;

/** A disbursement by its own id, a payment line's, or the bank's reference; null: none of them. */
export const disbursementNamed = async (reader: Db | Tx, name: string): Promise<string | null> => {
  const [row] = await rawSql(reader)<{ id: string }[]>`
    select id from disbursement where id::text = ${name}
    union all select disbursement_id from payment_line where id::text = ${name} or end_to_end_id = ${name} limit 1`;
  return row?.id ?? null;
};

/** A record that was paid by an order that replaces a returned one; null: there is none. */
export const reissuedRecord = async (reader: Db | Tx): Promise<string | null> => {
  const [row] = await rawSql(reader)<{ id: string }[]>`
    select l.disbursement_id as id from payment_line l join line_event e on e.line_id = l.id and e.kind = 'paid' where l.replaces is not null order by l.id limit 1`;
  return row?.id ?? null;
};
