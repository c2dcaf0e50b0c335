// The SQL of attestations: documents, the rows themselves, what of them stands in records. Reads are limited by the caller's divisions.
import { fail } from '../base/problem.ts';
import { divisionPrefix, type Scope } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { type AttestedMark, attestedDataset } from '../record/attested.ts';
import { lockLanding } from '../record/landing-store.ts';
import type { CellValue, OwnCells } from '../record/record.ts';
import { sealCells, secretFacts } from '../record/sealed.ts';
import { vaultOf } from '../vault/hold.ts';
import type { Attestation, AttestState } from './attest.ts';
import { openText, type StoredValue, sealText } from './sealed.ts';

const columns = (sql: Sql) => sql`
  id, register, subject_id as "subjectId", division, fact, value, valid_from as "validFrom", valid_to as "validTo", document_hash as "documentHash",
  document_title as "documentTitle", reason, as_of as "asOf", expires_on as "expiresOn", state, entered_by as "enteredBy", entered_at as "enteredAt",
  confirmed_by as "confirmedBy", confirmed_at as "confirmedAt", against, against_as_of as "againstAsOf", dispute, dispute_since as "disputeSince",
  closed_by as "closedBy", closed_at as "closedAt", close_reason as "closeReason"`;

const within = (sql: Sql, scope: Scope) => {
  if (scope.items?.length === 0 || scope.authorities?.length === 0) return sql`and false`;
  if (scope.divisions === null) return sql``;
  return sql`and division like any(${scope.divisions.map((code) => `${divisionPrefix(code)}%`)}::text[])`;
};

// ── documents ────────────────────────────────────────────────────────────────────────────────────────────
/** The same bytes twice are one document: false the second time. */
export const insertDocument = async (
  tx: Tx,
  document: { readonly sha256: string; readonly mediaType: string },
  by: string,
  at: Date,
): Promise<boolean> => {
  const rows = await rawSql(tx)`
    insert into attested_document (sha256, media_type, stored_at, stored_by) values (${document.sha256}, ${document.mediaType}, ${at}, ${by})
    on conflict (sha256) do nothing returning sha256`;
  return rows.length > 0;
};

/** null: no such document. */
export const documentType = async (reader: Db | Tx, sha256: string): Promise<string | null> => {
  const [row] = await rawSql(reader)<{ type: string }[]>`select media_type as type from attested_document where sha256 = ${sha256}`;
  return row?.type ?? null;
};

/** Value and claim as stored: sealed where the fact rests encrypted in records too; the claim always is. */
type Row = Omit<Attestation, 'value'> & { readonly value: StoredValue };

const opened = (reader: Db | Tx, row: Row): Attestation => {
  const { value } = row;
  const sealed = typeof value === 'object' && value !== null && '$' in value ? (value.$ as string) : null;
  return {
    ...row,
    value: sealed === null ? (value as CellValue) : (JSON.parse(openText(reader, row, sealed)) as CellValue),
    against: row.against === null ? null : openText(reader, row, row.against),
  };
};

// ── attestations ─────────────────────────────────────────────────────────────────────────────────────────
export type NewAttestation = Pick<
  Attestation,
  | 'register'
  | 'subjectId'
  | 'division'
  | 'fact'
  | 'value'
  | 'validFrom'
  | 'validTo'
  | 'documentHash'
  | 'documentTitle'
  | 'reason'
  | 'asOf'
  | 'expiresOn'
>;

/** null: another one of this subject, fact and first day is open already. */
export const insertAttestation = async (tx: Tx, a: NewAttestation, secret: boolean, by: string, at: Date): Promise<Attestation | null> => {
  const sql = rawSql(tx);
  const stored = secret ? { $: sealText(tx, a, JSON.stringify(a.value)) } : a.value;
  const [row] = await sql<Row[]>`
    insert into attestation (register, subject_id, division, fact, value, valid_from, valid_to, document_hash, document_title, reason, as_of, expires_on,
      state, entered_by, entered_at)
    values (${a.register}, ${a.subjectId}, ${a.division}, ${a.fact}, ${JSON.stringify(stored)}::text::jsonb, ${a.validFrom}, ${a.validTo},
      ${a.documentHash}, ${a.documentTitle}, ${a.reason}, ${a.asOf}, ${a.expiresOn}, 'entered', ${by}, ${at})
    on conflict do nothing returning ${columns(sql)}`;
  return row === undefined ? null : opened(tx, row);
};

export const lockAttestation = async (tx: Tx, id: string, scope: Scope): Promise<Attestation> => {
  const sql = rawSql(tx);
  const [row] = await sql<Row[]>`select ${columns(sql)} from attestation where id = ${id} ${within(sql, scope)} for update`;
  return row !== undefined
    ? opened(tx, row)
    : fail('missing.attestation', id, '没有这条核定，或者不在您的范围内。', '请核对编号，或请系统管理员调整范围。');
};

/** Only its fate: what was attested stays as it was entered. */
export const writeFate = async (tx: Tx, a: Attestation): Promise<void> => {
  await rawSql(tx)`
    update attestation set state = ${a.state}, confirmed_by = ${a.confirmedBy}, confirmed_at = ${a.confirmedAt}, against = ${a.against === null ? null : sealText(tx, a, a.against)},
      against_as_of = ${a.againstAsOf}, dispute = ${a.dispute}, dispute_since = ${a.disputeSince}, closed_by = ${a.closedBy}, closed_at = ${a.closedAt},
      close_reason = ${a.closeReason}
    where id = ${a.id}`;
};

export interface AttestQuery {
  readonly scope: Scope;
  readonly state?: AttestState | undefined;
  readonly subjectId?: string | undefined;
  /** Only those a source disagrees with since. */
  readonly disputed?: boolean | undefined;
  readonly after?: string | null;
  readonly limit: number;
}

/** Newest first. */
export const listAttestations = async (reader: Db | Tx, ask: AttestQuery): Promise<readonly Attestation[]> => {
  const sql = rawSql(reader);
  const after = ask.after ?? null;
  const rows = await sql<Row[]>`
    select ${columns(sql)} from attestation where true ${within(sql, ask.scope)}
      ${ask.state === undefined ? sql`` : sql`and state = ${ask.state}`}
      ${ask.subjectId === undefined ? sql`` : sql`and subject_id = ${ask.subjectId}`}
      ${ask.disputed === true ? sql`and state = 'standing' and dispute is not null` : sql``}
      ${after === null ? sql`` : sql`and (entered_at, id) < (select entered_at, id from attestation where id = ${after})`}
    order by entered_at desc, id desc limit ${ask.limit}`;
  return rows.map((row) => opened(reader, row));
};

export const attestationById = async (reader: Db | Tx, id: string, scope: Scope): Promise<Attestation | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<Row[]>`select ${columns(sql)} from attestation where id = ${id} ${within(sql, scope)}`;
  return row === undefined ? null : opened(reader, row);
};

/** Ids of those a step must look at, in order, after one. */
export const openIds = async (reader: Db | Tx, after: string | null, limit: number): Promise<readonly string[]> => {
  const rows = await rawSql(reader)<{ id: string }[]>`
    select id from attestation where state in ('entered', 'standing') and (${after}::uuid is null or id > ${after}::uuid) order by id limit ${limit}`;
  return rows.map((row) => row.id);
};

// ── what stands in records ───────────────────────────────────────────────────────────────────────────────
const cellsOf = (standing: readonly Attestation[]): OwnCells => {
  const cells: Record<string, OwnCells[string][number][]> = {};
  for (const a of standing) {
    const attested: AttestedMark = {
      id: a.id,
      document: a.documentHash,
      asOf: a.asOf,
      until: a.expiresOn,
      against: a.against ?? '',
      ...(a.dispute === 'contradicted' ? { contradicted: true as const } : {}),
    };
    const dates = a.validFrom === null && a.validTo === null ? {} : { from: a.validFrom, to: a.validTo };
    cells[a.fact] = [...(cells[a.fact] ?? []), { v: a.value, ...dates, attested }];
  }
  return cells;
};

/** Puts into the subject's record exactly what stands of attestations about it. */
export const writeStanding = async (
  tx: Tx,
  catalogue: Pick<Catalogue, 'registers' | 'facts' | 'datasets'>,
  { register, subjectId }: { readonly register: string; readonly subjectId: string },
): Promise<void> => {
  const sql = rawSql(tx);
  const revision = await lockLanding(sql);
  const rows = await sql<(Row & { readonly key: string })[]>`
    select a.*, r.key from (select ${columns(sql)} from attestation
      where register = ${register} and subject_id = ${subjectId} and state = 'standing' and fact <> '') a
    join record r on r.register = a.register and r.subject_id = a."subjectId" order by a."confirmedAt", a.id`;
  const standing = rows.map((row) => opened(tx, row));
  const newest = standing.at(-1);
  if (newest === undefined) {
    await sql`
      with gone as (
        delete from record_part where register = ${register} and subject_id = ${subjectId} and dataset = ${attestedDataset} returning subject_id)
      update record set revision = ${revision} where register = ${register} and subject_id in (select subject_id from gone)`;
    return;
  }
  const at = { register, dataset: attestedDataset, key: rows[0]?.key ?? '' };
  const cells = sealCells(vaultOf(tx), at, secretFacts(catalogue, register), cellsOf(standing));
  await sql`
    insert into record_part (register, subject_id, dataset, as_of, delivery_id, cells, revision)
    values (${register}, ${subjectId}, ${attestedDataset}, ${newest.asOf}, ${newest.id}, ${JSON.stringify(cells)}::text::jsonb, ${revision})
    on conflict (register, subject_id, dataset) do update
      set as_of = excluded.as_of, delivery_id = excluded.delivery_id, cells = excluded.cells, revision = excluded.revision`;
};

/** False when the register has somebody of that key already. */
export const insertSubject = async (
  tx: Tx,
  subject: {
    readonly register: string;
    readonly subjectId: string;
    readonly key: string;
    readonly name: string;
    readonly division: string;
  },
): Promise<boolean> => {
  const sql = rawSql(tx);
  const revision = await lockLanding(sql);
  const rows = await sql`
    insert into record (register, subject_id, key, ordinal, name, division, revision)
    values (${subject.register}, ${subject.subjectId}, ${subject.key},
      (select coalesce(max(ordinal), -1) + 1 from record where register = ${subject.register}), ${subject.name}, ${subject.division}, ${revision})
    on conflict do nothing returning subject_id`;
  return rows.length > 0;
};

export const hasKey = async (tx: Tx, register: string, key: string): Promise<boolean> => {
  const rows = await rawSql(tx)`
    select 1 from record where register = ${register} and key = ${key}
    union all select 1 from attestation where register = ${register} and fact = '' and state = 'entered' and value ->> 'key' = ${key}`;
  return rows.length > 0;
};
