// Batches, their lines and signatures. Hand-written SQL: a batch of 100,000 lines is written and read as sets, accounts sealed on the way in and opened on
// the way out. Lines are insert-only; what became of them are events.
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { openAccount, sealAccount } from '../vault/account.ts';
import type { FundingPart } from './funding.ts';
import type { Manifest } from './manifest.ts';
import type { Band, Batch, BatchState, LineEventKind, Office, PaymentLine, Signature, SignatureRole } from './payment.ts';
import { lineHash } from './payment.ts';

export const batchColumns = (
  sql: Sql,
) => sql`id, item_id as "itemId", authority, source_id as "sourceId", period_key as "periodKey", pay_on as "payOn", format, number, lines,
  total_fen as "totalFen", hash, state, sealed_at as "sealedAt", released_at as "releasedAt", file_sha256 as "fileSha256", reason`;

export const batchById = async (reader: Db | Tx, id: string): Promise<Batch | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<Batch[]>`select ${batchColumns(sql)} from batch where id = ${id}`;
  return row ?? null;
};

/** Locked until the transaction ends. */
export const lockBatch = async (tx: Tx, id: string): Promise<Batch | null> => {
  const sql = rawSql(tx);
  const [row] = await sql<Batch[]>`select ${batchColumns(sql)} from batch where id = ${id} for update`;
  return row ?? null;
};

export const insertBatch = async (tx: Tx, batch: Omit<Batch, 'releasedAt' | 'fileSha256' | 'reason'>): Promise<void> => {
  const { id, itemId, authority, sourceId, periodKey, payOn, format, number, lines, totalFen, hash, state, sealedAt } = batch;
  await rawSql(tx)`
    insert into batch (id, item_id, authority, source_id, period_key, pay_on, format, number, lines, total_fen, hash, state, sealed_at)
    values (${id}, ${itemId}, ${authority}, ${sourceId}, ${periodKey}, ${payOn}, ${format}, ${number}, ${lines}, ${totalFen}, ${hash}, ${state}, ${sealedAt})`;
};

export const setBatch = async (
  tx: Tx,
  id: string,
  to: {
    readonly state: BatchState;
    readonly releasedAt?: Date;
    readonly fileSha256?: string;
    readonly reason?: string;
    /** The band that was met. */
    readonly band?: Band;
  },
): Promise<void> => {
  await rawSql(tx)`
    update batch set state = ${to.state}, released_at = coalesce(${to.releasedAt ?? null}, released_at),
      file_sha256 = coalesce(${to.fileSha256 ?? null}, file_sha256), reason = coalesce(${to.reason ?? null}, reason),
      checkers_needed = coalesce(${to.band?.checkers ?? null}, checkers_needed),
      offices_needed = coalesce(${to.band === undefined ? null : [...(to.band.roles ?? [])]}::text[], offices_needed)
    where id = ${id}`;
};

export const insertLines = async (tx: Tx, lines: readonly PaymentLine[]): Promise<void> => {
  const rows = lines.map((line) => {
    const { funding: _parts, ...rest } = line;
    const sealed = sealAccount(tx, 'payment_line', line.id, line.account);
    return { ...rest, amountFen: String(line.amountFen), ...sealed, hash: lineHash(line, sealed.accountIndex) };
  });
  await rawSql(tx)`
    insert into payment_line (id, batch_id, position, subject_id, disbursement_id, settlement_line_id, key, item_id, period_key, year, division, payee_subject_id,
      payee_name, account, account_index, bank, bank_code, amount_fen, statement_text, end_to_end_id, replaces, guards, hash)
    select id, "batchId", position, "subjectId", "disbursementId", "settlementLineId", key, "itemId", "periodKey", year, division, "payeeSubjectId",
      "payeeName", decode(account, 'base64'), "accountIndex", bank, "bankCode", "amountFen", "statementText", "endToEndId", replaces, guards, hash
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as x(id uuid, "batchId" uuid, position int, "subjectId" uuid, "disbursementId" uuid,
      "settlementLineId" uuid, key text, "itemId" text, "periodKey" text, year int, division text, "payeeSubjectId" uuid, "payeeName" text, account text,
      "accountIndex" text, bank text, "bankCode" text, "amountFen" bigint, "statementText" text, "endToEndId" text, replaces uuid, guards jsonb, hash text)`;
  const parts = lines.flatMap((line) => line.funding.map((part) => ({ ...part, line })));
  await rawSql(tx)`
    insert into line_funding (batch_id, line_id, source_id, amount_fen)
    select b, l, s, a from unnest(${parts.map((part) => part.line.batchId)}::uuid[], ${parts.map((part) => part.line.id)}::uuid[],
      ${parts.map((part) => part.sourceId)}::uuid[], ${parts.map((part) => String(part.amountFen))}::bigint[]) as x(b, l, s, a)`;
  await rawSql(tx)`
    insert into live_payment (subject_id, disbursement_id, batch_id, line_id)
    select s, d, b, l from unnest(${lines.map((l) => l.subjectId)}::uuid[], ${lines.map((l) => l.disbursementId)}::uuid[],
      ${lines.map((l) => l.batchId)}::uuid[], ${lines.map((l) => l.id)}::uuid[]) as x(s, d, b, l)`;
};

type LineRow = Omit<PaymentLine, 'account' | 'funding'> & {
  readonly account: Uint8Array;
  readonly funding: readonly StoredPart[];
  readonly hash: string;
};

/** A part as JSON carries it: amounts are text. */
export interface StoredPart {
  readonly sourceId: string;
  readonly amountFen: string;
}
export const partsOf = (stored: readonly StoredPart[]): readonly FundingPart[] =>
  stored.map((part) => ({ sourceId: part.sourceId, amountFen: BigInt(part.amountFen) }));
/** The parts of line `l`, in the order of sources. */
export const fundingColumn = (sql: Sql) => sql`
  (select coalesce(jsonb_agg(jsonb_build_object('sourceId', f.source_id, 'amountFen', f.amount_fen::text) order by f.source_id), '[]')
    from line_funding f where f.batch_id = l.batch_id and f.line_id = l.id) as funding`;

const pageSize = 2_000;

/** In the order of positions, accounts open; `hash` is what was stored, to be held against what the line says now. */
export async function* linesOf(
  reader: Db | Tx,
  batchId: string,
): AsyncGenerator<{ readonly line: PaymentLine; readonly storedHash: string }> {
  const sql = rawSql(reader);
  for (let after = 0; ; ) {
    const rows = await sql<LineRow[]>`
      select id, batch_id as "batchId", position, subject_id as "subjectId", disbursement_id as "disbursementId", settlement_line_id as "settlementLineId", key,
        item_id as "itemId", period_key as "periodKey", year, division, payee_subject_id as "payeeSubjectId", payee_name as "payeeName", account, bank,
        bank_code as "bankCode", amount_fen as "amountFen", statement_text as "statementText", end_to_end_id as "endToEndId", replaces, guards, hash,
        ${fundingColumn(sql)}
      from payment_line l where batch_id = ${batchId} and position > ${after} order by position limit ${pageSize}`;
    for (const { hash, account, funding, ...rest } of rows) {
      const line = { ...rest, account: openAccount(reader, 'payment_line', rest.id, account), funding: partsOf(funding) };
      yield { line, storedHash: hash };
    }
    if (rows.length < pageSize) return;
    after = rows.at(-1)?.position ?? 0;
  }
}

/** Lines of a batch that have not been withheld or cancelled. */
export const outLines = async (reader: Db | Tx, batchId: string): Promise<ReadonlySet<string>> => {
  const rows = await rawSql(reader)<{ id: string }[]>`
    select l.id from payment_line l where l.batch_id = ${batchId}
      and not exists (select from line_event e where e.line_id = l.id and e.kind in ('withheld', 'cancelled'))`;
  return new Set(rows.map((row) => row.id));
};

export interface NewEvent {
  readonly batchId: string;
  readonly lineId: string;
  readonly kind: LineEventKind;
  readonly code: string | null;
  readonly text: string | null;
  readonly fileId: string | null;
  /** What makes it the same event again. */
  readonly dedupe: string;
}

/** Returns the dedupe keys that are new. */
export const insertEvents = async (tx: Tx, events: readonly NewEvent[], actor: string, at: Date): Promise<ReadonlySet<string>> => {
  if (events.length === 0) return new Set();
  const rows = await rawSql(tx)<{ dedupe: string }[]>`
    insert into line_event (batch_id, line_id, kind, code, text, file_id, dedupe, actor, at)
    select "batchId", "lineId", kind, code, text, "fileId", dedupe, ${actor}, ${at}
    from jsonb_to_recordset(${JSON.stringify(events)}::text::jsonb) as x("batchId" uuid, "lineId" uuid, kind text, code text, text text, "fileId" uuid, dedupe text)
    on conflict (dedupe) do nothing returning dedupe`;
  return new Set(rows.map((row) => row.dedupe));
};

/** The disbursements may be paid by another line again. */
export const endLive = async (tx: Tx, lineIds: readonly string[]): Promise<void> => {
  await rawSql(tx)`delete from live_payment where line_id = any(${[...lineIds]}::uuid[])`;
};

/** False when the person has signed this batch already, or its role is taken. */
export const insertSignature = async (
  tx: Tx,
  sign: {
    readonly batchId: string;
    readonly person: string;
    readonly role: SignatureRole;
    readonly office: Office;
    readonly hash: string;
    readonly fileSha256?: string;
    readonly at: Date;
  },
): Promise<boolean> => {
  const rows = await rawSql(tx)`
    insert into batch_signature (batch_id, person, role, office, hash, file_sha256, at)
    values (${sign.batchId}, ${sign.person}, ${sign.role}, ${sign.office}, ${sign.hash}, ${sign.fileSha256 ?? null}, ${sign.at})
    on conflict do nothing returning person`;
  return rows.length > 0;
};

export const signatures = async (reader: Db | Tx, batchId: string): Promise<readonly Signature[]> =>
  await rawSql(reader)<Signature[]>`select person, role, office, at from batch_signature where batch_id = ${batchId}
    order by at, case role when 'maker' then 1 when 'checker' then 2 else 3 end, person`;

export const insertExclusions = async (
  tx: Tx,
  batchId: string,
  rows: readonly { readonly disbursementId: string; readonly subjectId: string; readonly reasons: readonly string[] }[],
): Promise<void> => {
  if (rows.length === 0) return;
  await rawSql(tx)`
    insert into batch_exclusion (batch_id, disbursement_id, subject_id, reasons)
    select ${batchId}, "disbursementId", "subjectId", reasons
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as x("disbursementId" uuid, "subjectId" uuid, reasons jsonb)`;
};

export const insertFile = async (
  tx: Tx,
  file: {
    readonly batchId: string | null;
    readonly direction: 'out' | 'in';
    readonly format: string;
    readonly name: string;
    readonly sha256: string;
    readonly manifest: unknown;
  },
  by: string,
  at: Date,
): Promise<string | null> => {
  const [row] = await rawSql(tx)<{ id: string }[]>`
    insert into payment_file (batch_id, direction, format, name, sha256, manifest, at, by)
    values (${file.batchId}, ${file.direction}, ${file.format}, ${file.name}, ${file.sha256}, ${JSON.stringify(file.manifest)}::text::jsonb, ${at}, ${by})
    on conflict (direction, sha256) do nothing returning id`;
  return row?.id ?? null;
};

/** The file that was released, with whose bytes the issuer signed; null before. */
export const releasedFileOf = async (
  reader: Db | Tx,
  batchId: string,
): Promise<{
  readonly name: string;
  readonly sha256: string;
  readonly manifest: Manifest;
  readonly issuedSha256: string | null;
} | null> => {
  const [row] = await rawSql(reader)<{ name: string; sha256: string; manifest: Manifest; issuedSha256: string | null }[]>`
    select f.name, f.sha256, f.manifest, s.file_sha256 as "issuedSha256"
    from payment_file f left join batch_signature s on s.batch_id = f.batch_id and s.role = 'issuer'
    where f.batch_id = ${batchId} and f.direction = 'out'`;
  return row ?? null;
};
