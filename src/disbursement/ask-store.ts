// What was asked for and told, documents that go with a record, applications handed in. Hand-written SQL: chunks are read as sets.
import { audit } from '../audit/audit.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { Disbursement } from './disbursement.ts';
import { unitKey } from './prefill-store.ts';
import type { Actor } from './store.ts';

export interface Told {
  readonly field: string;
  /** What was chosen; null: a document. */
  readonly value: string | null;
  readonly document: string | null;
}

/** Insert-only; what is said last of a field counts. */
export const insertAnswers = async (tx: Tx, record: Disbursement, told: readonly Told[], actor: Actor, at: Date): Promise<void> => {
  const { subjectId, id, itemId, key } = record;
  for (const one of told)
    await rawSql(tx)`
      insert into answer (subject_id, disbursement_id, item_id, key, field, value, document, actor, role, at)
      values (${subjectId}, ${id}, ${itemId}, ${key}, ${one.field}, ${one.value}, ${one.document}, ${actor.id}, ${actor.role}, ${at})`;
};

/** Fields that were answered before for these units, in this period or an earlier one, by `unitKey`. */
export const answeredUnits = async (
  tx: Tx,
  of: readonly { readonly subjectId: string; readonly itemId: string; readonly key: string }[],
): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const rows = await rawSql(tx)<{ subjectId: string; itemId: string; key: string; field: string }[]>`
    select distinct subject_id as "subjectId", item_id as "itemId", key, field from answer
    where field <> 'account' and subject_id = any(${[...new Set(of.map((unit) => unit.subjectId))]}::uuid[])`;
  return new Map([...Map.groupBy(rows, unitKey)].map(([unit, own]) => [unit, new Set(own.map((row) => row.field))]));
};

/** The newest answer to each field of one record. */
export const answersOf = async (reader: Db | Tx, disbursementId: string): Promise<readonly (Told & { readonly at: Date })[]> =>
  await rawSql(reader)<(Told & { at: Date })[]>`
    select distinct on (field) field, value, document, at from answer where disbursement_id = ${disbursementId} order by field, id desc`;

/** Writes down a scan that has been kept; false when it was known. */
export const insertCaseDocument = async (
  tx: Tx,
  scan: { readonly sha256: string; readonly mediaType: string; readonly size: number },
  actor: Actor,
  at: Date,
): Promise<void> => {
  const rows = await rawSql(tx)`
    insert into case_document (sha256, media_type, actor, at) values (${scan.sha256}, ${scan.mediaType}, ${actor.id}, ${at})
    on conflict do nothing returning sha256`;
  if (rows.length === 0) return;
  await audit(tx, {
    actor: actor.id,
    role: actor.role,
    action: 'document.keep',
    objectKind: 'case_document',
    objectId: scan.sha256,
    after: { mediaType: scan.mediaType, size: scan.size },
    at,
  });
};

/** Of these documents those that were handed in. */
/** A kept scan by its hash; null: none. */
export const caseDocument = async (db: Db, sha256: string): Promise<{ readonly sha256: string; readonly mediaType: string } | null> => {
  const [row] = await rawSql(db)<{ sha256: string; mediaType: string }[]>`
    select sha256, media_type as "mediaType" from case_document where sha256 = ${sha256}`;
  return row ?? null;
};

export const knownDocuments = async (reader: Db | Tx, sha256s: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const rows = await rawSql(reader)<{ sha256: string; type: string }[]>`
    select sha256, media_type as type from case_document where sha256 = any(${[...sha256s]}::text[])`;
  return new Map(rows.map((row) => [row.sha256, row.type]));
};

export const insertApplication = async (
  tx: Tx,
  record: Disbursement,
  application: { readonly attachments: Readonly<Record<string, string>>; readonly reviewBy: string | null },
  actor: Actor,
  at: Date,
): Promise<void> => {
  await rawSql(tx)`
    insert into application (subject_id, disbursement_id, attachments, actor, role, review_by, at)
    values (${record.subjectId}, ${record.id}, ${JSON.stringify(application.attachments)}::text::jsonb, ${actor.id}, ${actor.role},
      ${application.reviewBy}, ${at})`;
};

/** A scan that goes with a record: an attachment of its application, an answer, or what an objection brought. `name`: attachment or field; of objections null. */
export interface RecordDocument {
  readonly kind: 'application' | 'answer' | 'objection';
  readonly name: string | null;
  readonly sha256: string;
  readonly mediaType: string;
  readonly at: Date;
}

/** In the order they came. Earlier applications and answers stay: somebody decided on them. */
export const documentsOf = async (reader: Db | Tx, disbursementId: string): Promise<readonly RecordDocument[]> =>
  await rawSql(reader)<RecordDocument[]>`
    select x.kind, x.name, x.sha256, c.media_type as "mediaType", x.at from (
      select 'application' as kind, a.key as name, a.value as sha256, p.at from application p, jsonb_each_text(p.attachments) a where p.disbursement_id = ${disbursementId}
      union all select 'answer', field, document, at from answer where disbursement_id = ${disbursementId} and document is not null
      union all select 'objection', null, document, filed_at from objection where disbursement_id = ${disbursementId} and document is not null
    ) x join case_document c on c.sha256 = x.sha256 order by x.at, x.kind, x.name`;
