// Every table, in flow order. One file on purpose (the only exception to the 300 lines): keys, checks and foreign keys are read together.
// Money is bigint 分, days are civil days, moments are timestamptz. Insert-only tables are listed in `roles.ts`.
// No foreign key crosses a distribution key (DESIGN 18): per-subject tables carry `subject_id` in every unique key.
import { sql } from 'drizzle-orm';
import {
  type AnyPgColumn,
  bigint,
  bigserial,
  boolean,
  check,
  customType,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });
const xid8 = customType<{ data: string; driverData: string }>({ dataType: () => 'xid8' });
const fen = (name: string) => bigint(name, { mode: 'bigint' });
const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const day = (name: string) => date(name, { mode: 'string' });

// ── house ────────────────────────────────────────────────────────────────────────────────────────────────
/** Small settings and once-only marks (`sample-city`, `admin-token`); one row per key. */
export const setting = pgTable('setting', { key: text().primaryKey(), value: jsonb().notNull(), at: moment('at').notNull() });

/** Leases with fencing tokens: who works on which shard of which step. */
export const work = pgTable(
  'work',
  {
    step: text().notNull(),
    shard: text().notNull(),
    token: bigint({ mode: 'bigint' }).notNull(),
    owner: text(),
    leaseUntil: moment('lease_until'),
    attempts: integer().notNull().default(0),
    cursor: jsonb(),
    doneAt: moment('done_at'),
  },
  (t) => [primaryKey({ columns: [t.step, t.shard] })],
);

/** Audit 审计留痕, insert-only; written in the transaction of the change it records. */
export const auditEntry = pgTable(
  'audit_entry',
  {
    id: bigserial({ mode: 'bigint' }).primaryKey(),
    at: moment('at').notNull(),
    txid: xid8('txid').notNull().default(sql`pg_current_xact_id()`),
    actor: text().notNull(),
    role: text().notNull(),
    scope: jsonb(),
    action: text().notNull(),
    objectKind: text('object_kind').notNull(),
    objectId: text('object_id').notNull(),
    detail: jsonb().notNull(),
    reason: text(),
    hash: text().notNull(),
  },
  (t) => [index('audit_entry_object').on(t.objectKind, t.objectId), index('audit_entry_txid').on(t.txid)],
);

/** The chain over audit entries in commit order, insert-only, made by one step. */
export const auditLink = pgTable('audit_link', {
  position: bigint({ mode: 'bigint' }).primaryKey(),
  entryId: bigint('entry_id', { mode: 'bigint' })
    .notNull()
    .unique()
    .references(() => auditEntry.id),
  previous: text().notNull(),
  hash: text().notNull(),
  at: moment('at').notNull(),
});

/** What staff may see: roles, authorities × divisions × items; `*` is everything. The account itself is better-auth's `user`. */
export const staffScope = pgTable(
  'staff_scope',
  {
    userId: text('user_id').primaryKey(),
    roles: text().array().notNull(),
    authorities: text().array().notNull(),
    divisions: text().array().notNull(),
    items: text().array().notNull(),
    leftAt: moment('left_at'),
  },
  (t) => [
    // 三权分立, as src/web/role.ts has it: administrators and auditors are nothing else, money needs different people.
    check('staff_scope_apart', sql`cardinality(${t.roles}) = 1 or not ${t.roles} && array['admin', 'auditor']`),
    check(
      'staff_scope_finance',
      sql`('finance-maker' = any(${t.roles}))::int + ('finance-checker' = any(${t.roles}))::int + ('finance-head' = any(${t.roles}))::int
        + ('finance-issuer' = any(${t.roles}))::int <= 1`,
    ),
    check(
      'staff_scope_review',
      sql`not ('reviewer' = any(${t.roles}) and ${t.roles} && array['finance-checker', 'finance-head', 'finance-issuer'])`,
    ),
  ],
);

/** A delivered file as it came, encrypted; after its retention the hash stays and its pieces go. `id` names the pieces. */
export const keptFile = pgTable('kept_file', {
  sha256: text().primaryKey(),
  id: uuid().notNull().unique(),
  bytes: bigint({ mode: 'bigint' }).notNull(),
  header: bytea('header').notNull(),
  keptAt: moment('kept_at').notNull(),
  removedAt: moment('removed_at'),
});

export const keptChunk = pgTable(
  'kept_chunk',
  { fileId: uuid('file_id').notNull(), position: integer().notNull(), bytes: bytea('bytes').notNull() },
  (t) => [primaryKey({ columns: [t.fileId, t.position] })],
);

/** 查阅留痕, insert-only: every view of one person's or firm's profile with its reason, its work order and the facts behind it. */
export const profileLook = pgTable(
  'profile_look',
  {
    id: bigserial({ mode: 'bigint' }).notNull(),
    subjectId: uuid('subject_id').notNull(),
    actor: text().notNull(),
    role: text().notNull(),
    reason: text().notNull(),
    orderNumber: text('order_number').notNull(),
    view: text().notNull(),
    itemId: text('item_id'),
    facts: text().array().notNull(),
    at: moment('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.subjectId, t.id] }), index('profile_look_actor').on(t.actor, t.at)],
);

// ── catalogue and policy ─────────────────────────────────────────────────────────────────────────────────
export const catalogueVersion = pgTable(
  'catalogue_version',
  {
    number: integer().primaryKey(),
    hash: text().notNull().unique(),
    content: jsonb().notNull(),
    publishedAt: moment('published_at').notNull(),
    preparedBy: text('prepared_by').notNull(),
    publishedBy: text('published_by').notNull(),
  },
  (t) => [check('catalogue_version_two_people', sql`${t.preparedBy} <> ${t.publishedBy}`)],
);

/** Published versions are the truth; immutable apart from `retired_at`. Maker and checker differ by constraint. */
export const itemVersion = pgTable(
  'item_version',
  {
    itemId: text('item_id').notNull(),
    version: integer().notNull(),
    hash: text().notNull(),
    content: jsonb().notNull(),
    maker: text().notNull(),
    checker: text().notNull(),
    /** Why money is blocked (an exclusion settlement cannot honour yet); null: free. */
    blocked: text(),
    publishedAt: moment('published_at').notNull(),
    effectiveFrom: day('effective_from'),
    effectiveTo: day('effective_to'),
    retiredAt: moment('retired_at'),
    /** The policy document among the kept files. */
    documentSha256: text('document_sha256'),
  },
  (t) => [
    primaryKey({ columns: [t.itemId, t.version] }),
    unique('item_version_hash').on(t.itemId, t.hash),
    check('item_version_two_people', sql`${t.maker} <> ${t.checker}`),
  ],
);

/**
 * A version on its way: states by the table in src/review/review.ts. Rows stay, whatever became of them. At most one of an item is open, and whoever wrote
 * it is not who decides.
 */
export const itemReview = pgTable(
  'item_review',
  {
    id: uuid().primaryKey().defaultRandom(),
    itemId: text('item_id').notNull(),
    title: text().notNull(),
    authority: text().notNull(),
    content: jsonb().notNull(),
    hash: text().notNull(),
    state: text().notNull(),
    maker: text().notNull(),
    createdAt: moment('created_at').notNull(),
    submittedAt: moment('submitted_at'),
    checker: text(),
    decidedAt: moment('decided_at'),
    reason: text(),
    version: integer(),
    warnings: jsonb().notNull(),
    effect: jsonb(),
    /** Who accepted by name an effect beyond the gate. */
    acceptedBy: text('accepted_by'),
    documentSha256: text('document_sha256'),
    documentName: text('document_name'),
  },
  (t) => [
    uniqueIndex('item_review_open').on(t.itemId).where(sql`${t.state} in ('draft', 'review')`),
    index('item_review_item').on(t.itemId, t.version),
    check('item_review_two_people', sql`${t.checker} is null or ${t.checker} <> ${t.maker}`),
  ],
);

// ── record ───────────────────────────────────────────────────────────────────────────────────────────────
/** A delivery of a dataset; the same bytes with the same asOf are one delivery, with a later asOf they renew freshness. */
export const delivery = pgTable(
  'delivery',
  {
    id: uuid().primaryKey().defaultRandom(),
    dataset: text().notNull(),
    kind: text().notNull(),
    scope: jsonb().notNull(),
    asOf: day('as_of').notNull(),
    sha256: text().notNull(),
    fileName: text('file_name').notNull(),
    state: text().notNull(),
    rowsRead: integer('rows_read').notNull().default(0),
    rowsGood: integer('rows_good').notNull().default(0),
    rowsBad: integer('rows_bad').notNull().default(0),
    totals: jsonb(),
    receivedAt: moment('received_at').notNull(),
    receivedBy: text('received_by').notNull(),
    /** When its rows came in; a held delivery may have landed its rows and only wait to say "none" of everybody else. */
    landedAt: moment('landed_at'),
    /** Why it was held, what it would change, and how to bring it again (src/record/hold.ts). */
    held: jsonb(),
    decidedBy: text('decided_by'),
    decidedAt: moment('decided_at'),
    /** Why it was accepted or rejected. */
    decision: text(),
  },
  (t) => [
    unique('delivery_once').on(t.dataset, t.sha256, t.asOf, t.kind, t.scope),
    check('delivery_kind', sql`${t.kind} in ('full','changes','list')`),
    check('delivery_state', sql`${t.state} in ('landing','landed','refused','held','accepted','rejected')`),
    check('delivery_decided', sql`${t.state} not in ('accepted','rejected') or (${t.decidedBy} is not null and ${t.decision} is not null)`),
    check('delivery_two_people', sql`${t.decidedBy} is null or ${t.decidedBy} <> ${t.receivedBy}`),
  ],
);

/** A file on its way in over HTTP, in chunks; `received` is where the next one begins. Whoever sends it names it by a key of his own. */
export const upload = pgTable(
  'upload',
  {
    id: uuid().primaryKey().defaultRandom(),
    owner: text().notNull(),
    key: text().notNull(),
    request: jsonb().notNull(),
    bytes: bigint({ mode: 'number' }).notNull(),
    received: bigint({ mode: 'number' }).notNull().default(0),
    state: text().notNull(),
    deliveryId: uuid('delivery_id'),
    openedAt: moment('opened_at').notNull(),
    touchedAt: moment('touched_at').notNull(),
  },
  (t) => [
    unique('upload_key').on(t.owner, t.key),
    check('upload_state', sql`${t.state} in ('open','complete','done','abandoned')`),
    check(
      'upload_received',
      sql`${t.received} between 0 and ${t.bytes} and (${t.state} not in ('complete','done') or ${t.received} = ${t.bytes})`,
    ),
    check('upload_done', sql`${t.state} <> 'done' or ${t.deliveryId} is not null`),
  ],
);

/** Sealed by the vault until the file is in. */
export const uploadChunk = pgTable(
  'upload_chunk',
  { uploadId: uuid('upload_id').notNull(), position: bigint({ mode: 'number' }).notNull(), bytes: bytea('bytes').notNull() },
  (t) => [primaryKey({ columns: [t.uploadId, t.position] })],
);

/** A view in a department's database that is asked again and again, and how far it has been read. The address stands in a setting, never here. */
export const departmentView = pgTable(
  'department_view',
  {
    name: text().primaryKey(),
    dataset: text().notNull(),
    division: text(),
    kind: text().notNull(),
    /** Name of the setting that holds the address. */
    address: text().notNull(),
    /** `schema.view`. */
    view: text().notNull(),
    /** changes: the column that grows with every change. */
    watermark: text(),
    /** Columns with their types when they were accepted; null: as they are found next time. */
    columns: jsonb(),
    /** The watermark everything up to which has been read; null: nothing yet. */
    position: text(),
    polledAt: moment('polled_at'),
    /** Why the last look brought nothing; null: it went well. */
    problem: jsonb(),
    deliveryId: uuid('delivery_id'),
    createdBy: text('created_by').notNull(),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [
    check('department_view_kind', sql`${t.kind} in ('full','changes','list')`),
    check('department_view_watermark', sql`(${t.kind} = 'changes') = (${t.watermark} is not null)`),
  ],
);

/** What a department's program shows instead of an account: one dataset, one division and what lies below it. Only the hash is kept. */
export const deliveryToken = pgTable('delivery_token', {
  id: uuid().primaryKey().defaultRandom(),
  hash: text().notNull().unique(),
  dataset: text().notNull(),
  /** null: the whole register. */
  division: text(),
  label: text().notNull(),
  createdBy: text('created_by').notNull(),
  createdAt: moment('created_at').notNull(),
  expiresAt: moment('expires_at').notNull(),
  revokedAt: moment('revoked_at'),
});

/** Each bad cell: line, column, masked value, reason, hint; the raw row is kept so that it can be corrected and imported again. */
export const deliveryProblem = pgTable(
  'delivery_problem',
  {
    deliveryId: uuid('delivery_id')
      .notNull()
      .references(() => delivery.id),
    line: integer().notNull(),
    column: text().notNull(),
    code: text().notNull(),
    masked: text().notNull(),
    message: text().notNull(),
    hint: text().notNull(),
    row: jsonb(),
  },
  (t) => [primaryKey({ columns: [t.deliveryId, t.line, t.column, t.code] })],
);

/** Which label of a department's files is which column of a dataset, as people settled it; a change is a new version. */
export const columnMapping = pgTable(
  'column_mapping',
  {
    dataset: text().notNull(),
    version: integer().notNull(),
    labels: jsonb().notNull(),
    madeAt: moment('made_at').notNull(),
    madeBy: text('made_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.dataset, t.version] })],
);

/** The envelope of a subject: who it is, and its place in snapshot blocks. `revision` grows when the envelope changes. */
export const record = pgTable(
  'record',
  {
    register: text().notNull(),
    subjectId: uuid('subject_id').notNull().defaultRandom(),
    key: text().notNull(),
    ordinal: integer().notNull(),
    name: text(),
    division: text(),
    /** Where it lived before, oldest first: `[[division or null, the day it left], …]`; null: nobody told us of a move. */
    moves: jsonb(),
    revision: bigint({ mode: 'bigint' }).notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.register, t.subjectId] }),
    unique('record_key').on(t.register, t.key),
    unique('record_ordinal').on(t.register, t.ordinal),
    index('record_revision').on(t.revision),
  ],
);

/**
 * What one dataset says of one subject: `cells` is fact → its cells without the dataset's name (src/record/record.ts); `revision` grows with every change.
 * A row per dataset and not one document per subject: merging 20 deliveries of 30,000 rows into one jsonb took 58 s, as rows of their own 6 s.
 */
export const recordPart = pgTable(
  'record_part',
  {
    register: text().notNull(),
    subjectId: uuid('subject_id').notNull(),
    dataset: text().notNull(),
    asOf: day('as_of').notNull(),
    deliveryId: uuid('delivery_id').notNull(),
    /** asOf of a later delivery whose rows about this subject were refused; `cells` are what stood before. */
    refused: day('refused'),
    cells: jsonb().notNull(),
    revision: bigint({ mode: 'bigint' }).notNull(),
  },
  (t) => [primaryKey({ columns: [t.register, t.subjectId, t.dataset] }), index('record_part_revision').on(t.revision)],
);

/** `division` is '' for the whole register. */
export const coverage = pgTable(
  'coverage',
  {
    dataset: text().notNull(),
    register: text().notNull(),
    division: text().notNull(),
    asOf: day('as_of').notNull(),
    deliveryId: uuid('delivery_id').notNull(),
    /** Series only: periods that occurred in such deliveries; who was not listed for one of them has none. */
    periods: text().array().notNull().default(sql`'{}'`),
  },
  (t) => [primaryKey({ columns: [t.dataset, t.register, t.division] })],
);

/** What a list is, of which the facts it tells carry the provenance; insert-only. */
export const nameList = pgTable('name_list', {
  deliveryId: uuid('delivery_id')
    .primaryKey()
    .references(() => delivery.id),
  title: text().notNull(),
  /** 文号. */
  number: text(),
  publishedOn: day('published_on'),
  validFrom: day('valid_from'),
  validTo: day('valid_to'),
});

/** A row of a list keyed by name: whom it was found to mean, and how; `open` rows are the worklist. */
export const namedRow = pgTable(
  'named_row',
  {
    deliveryId: uuid('delivery_id')
      .notNull()
      .references(() => delivery.id),
    line: integer().notNull(),
    dataset: text().notNull(),
    register: text().notNull(),
    /** Division the list speaks for; '' for the whole register. */
    division: text().notNull(),
    /** As delivered, and as compared (src/record/name.ts). */
    name: text().notNull(),
    norm: text().notNull(),
    state: text().notNull(),
    method: text(),
    subjectId: uuid('subject_id'),
    /** Whom it may mean: for these the list says nothing while the row is open. */
    candidates: uuid().array().notNull().default(sql`'{}'`),
    /** What the row says, sealed, for when it is settled. */
    row: text(),
    settledBy: text('settled_by'),
    settledAt: moment('settled_at'),
    reason: text(),
  },
  (t) => [
    primaryKey({ columns: [t.deliveryId, t.line] }),
    index('named_row_dataset').on(t.dataset, t.state),
    index('named_row_subject').on(t.subjectId, t.dataset),
    check('named_row_state', sql`${t.state} in ('matched','open','settled','outside','superseded')`),
    check('named_row_matched', sql`${t.state} not in ('matched','settled') or (${t.subjectId} is not null and ${t.method} is not null)`),
    check('named_row_settled', sql`${t.state} not in ('settled','outside') or ${t.method} = 'settled'`),
  ],
);

/** What a person once said a name of a dataset means; null: nobody in the register. The next list of that name asks no more. */
export const nameChoice = pgTable(
  'name_choice',
  {
    dataset: text().notNull(),
    division: text().notNull(),
    norm: text().notNull(),
    subjectId: uuid('subject_id'),
    by: text().notNull(),
    at: moment('at').notNull(),
    reason: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.dataset, t.division, t.norm] })],
);

// ── attested facts ───────────────────────────────────────────────────────────────────────────────────────
/** A document somebody has seen: which kept file (src/vault/kept.ts) is a scan, and of what kind; insert-only. */
export const attestedDocument = pgTable('attested_document', {
  sha256: text().primaryKey(),
  mediaType: text('media_type').notNull(),
  storedAt: moment('stored_at').notNull(),
  storedBy: text('stored_by').notNull(),
});

/**
 * 人工核定: one value for one fact of one subject, or (`fact` '') a subject no register has, entered from a seen document and confirmed by somebody else.
 * States by the table in src/attest/attest.ts. What was attested never changes; corrections are new rows.
 */
export const attestation = pgTable(
  'attestation',
  {
    id: uuid().primaryKey().defaultRandom(),
    register: text().notNull(),
    subjectId: uuid('subject_id').notNull(),
    division: text(),
    fact: text().notNull(),
    /** The value as a record keeps it; of a new subject `{key, name, division}`. */
    value: jsonb().notNull(),
    validFrom: day('valid_from'),
    validTo: day('valid_to'),
    documentHash: text('document_hash')
      .notNull()
      .references(() => attestedDocument.sha256),
    documentTitle: text('document_title').notNull(),
    reason: text().notNull(),
    asOf: day('as_of').notNull(),
    /** The last day it counts. */
    expiresOn: day('expires_on').notNull(),
    state: text().notNull(),
    enteredBy: text('entered_by').notNull(),
    enteredAt: moment('entered_at').notNull(),
    confirmedBy: text('confirmed_by'),
    confirmedAt: moment('confirmed_at'),
    /** What the sources said when it was confirmed, and as of which day: what it answers (src/record/attested.ts). */
    against: text(),
    againstAsOf: day('against_as_of'),
    /** The source has spoken since and disagrees: `repeated` what was answered, or `contradicted` with something new. */
    dispute: text(),
    disputeSince: day('dispute_since'),
    closedBy: text('closed_by'),
    closedAt: moment('closed_at'),
    closeReason: text('close_reason'),
  },
  (t) => [
    check('attestation_two_people', sql`${t.confirmedBy} is null or ${t.confirmedBy} <> ${t.enteredBy}`),
    check('attestation_state', sql`${t.state} in ('entered','standing','refused','withdrawn','agreed','overruled','expired')`),
    check('attestation_confirmed', sql`${t.state} not in ('standing','agreed','overruled') or ${t.confirmedBy} is not null`),
    check('attestation_dispute', sql`${t.dispute} is null or ${t.dispute} in ('repeated','contradicted')`),
    check('attestation_expiry', sql`${t.expiresOn} >= ${t.asOf}`),
    uniqueIndex('attestation_live')
      .on(t.subjectId, t.register, t.fact, sql`coalesce(valid_from, '-infinity'::date)`)
      .where(sql`${t.state} in ('entered','standing')`),
    index('attestation_subject').on(t.subjectId),
    index('attestation_officer').on(t.enteredBy, t.enteredAt),
  ],
);

/** Whom an officer may not attest for: `self` and `relative` name a subject, `home` the division the officer lives in. */
export const staffTie = pgTable(
  'staff_tie',
  {
    userId: text('user_id').notNull(),
    kind: text().notNull(),
    /** Subject id, or division code. */
    target: text().notNull(),
    at: moment('at').notNull(),
    by: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.userId, t.kind, t.target] }), check('staff_tie_kind', sql`${t.kind} in ('self','relative','home')`)],
);

/** 校核纠错: what a department is asked to check in its own data. States by the table in src/ticket/ticket.ts. */
export const ticket = pgTable(
  'ticket',
  {
    id: uuid().primaryKey().defaultRandom(),
    department: text().notNull(),
    dataset: text().notNull(),
    register: text().notNull(),
    subjectId: uuid('subject_id').notNull(),
    division: text(),
    fact: text().notNull(),
    /** The attestation that found the datum wrong; null: a person said so on the portal. */
    attestationId: uuid('attestation_id').unique(),
    /** Sealed: what the person says it should be, their note and phone. */
    told: bytea('told'),
    /** sha256 of a scan that came with it. */
    document: text(),
    /** Of a person's: the item it stands in the way of, by which the answer is told. */
    itemId: text('item_id'),
    version: integer(),
    dueOn: day('due_on'),
    question: text().notNull(),
    state: text().notNull(),
    openedAt: moment('opened_at').notNull(),
    openedBy: text('opened_by').notNull(),
    answer: text(),
    answeredAt: moment('answered_at'),
    answeredBy: text('answered_by'),
    outcome: text(),
    settledAt: moment('settled_at'),
    settledBy: text('settled_by'),
  },
  (t) => [
    check('ticket_state', sql`${t.state} in ('open','answered','settled')`),
    check(
      'ticket_answer',
      sql`(${t.answer} is null) = (${t.answeredBy} is null) and (${t.state} <> 'answered' or ${t.answer} is not null)`,
    ),
    check('ticket_outcome', sql`(${t.state} = 'settled') = (${t.outcome} is not null)`),
    check('ticket_outcome_kind', sql`${t.outcome} is null or ${t.outcome} in ('corrected','kept','dropped')`),
    check('ticket_asked', sql`(${t.attestationId} is null) = (${t.told} is not null) and (${t.told} is null or ${t.itemId} is not null)`),
    uniqueIndex('ticket_told_open')
      .on(t.subjectId, t.register, t.fact, t.dataset)
      .where(sql`${t.told} is not null and ${t.state} <> 'settled'`),
    index('ticket_subject').on(t.subjectId),
    index('ticket_department').on(t.department, t.state, t.openedAt),
  ],
);

/** Who is paid on which account: its blind index, whose account it is, and whether it was tried before the first payment (src/account/verify.ts). */
export const payeeAccount = pgTable(
  'payee_account',
  {
    accountIndex: text('account_index').notNull(),
    /** The beneficiary. */
    subjectId: uuid('subject_id').notNull(),
    /** The payee: the beneficiary, or a guardian. */
    holderSubjectId: uuid('holder_subject_id').notNull(),
    source: text().notNull(),
    state: text().notNull(),
    method: text(),
    evidence: jsonb(),
    firstSeenAt: moment('first_seen_at').notNull(),
    checkedAt: moment('checked_at'),
  },
  (t) => [
    primaryKey({ columns: [t.accountIndex, t.subjectId] }),
    check('payee_account_state', sql`${t.state} in ('unverified','pending','verified','failed')`),
    check('payee_account_evidence', sql`(${t.state} = 'unverified') = (${t.evidence} is null)`),
  ],
);

/**
 * A list of accounts to be tried before the first payment: frozen rows, the kept file that goes to the bank, who made it and who let it out. States by the
 * table in src/account/check.ts.
 */
export const accountCheck = pgTable(
  'account_check',
  {
    id: uuid().primaryKey(),
    method: text().notNull(),
    template: text().notNull(),
    state: text().notNull(),
    rows: integer().notNull(),
    totalFen: fen('total_fen').notNull(),
    /** The bytes that go out, and what the second person names when he lets them. */
    fileSha256: text('file_sha256').notNull(),
    madeBy: text('made_by').notNull(),
    madeAt: moment('made_at').notNull(),
    decidedBy: text('decided_by'),
    decidedAt: moment('decided_at'),
    reason: text(),
  },
  (t) => [
    check('account_check_method', sql`${t.method} in ('small-amount','bank-file')`),
    check('account_check_state', sql`${t.state} in ('made','released','cancelled')`),
    check('account_check_decided', sql`(${t.state} = 'made') = (${t.decidedBy} is null)`),
    check('account_check_two_people', sql`${t.state} <> 'released' or ${t.decidedBy} <> ${t.madeBy}`),
  ],
);

/** One account of one beneficiary on such a list; insert-only. The number itself stands in the kept file alone. */
export const accountCheckRow = pgTable(
  'account_check_row',
  {
    checkId: uuid('check_id')
      .notNull()
      .references(() => accountCheck.id),
    position: integer().notNull(),
    accountIndex: text('account_index').notNull(),
    subjectId: uuid('subject_id').notNull(),
    disbursementId: uuid('disbursement_id').notNull(),
    itemId: text('item_id').notNull(),
    authority: text().notNull(),
    division: text(),
    name: text().notNull(),
    /** Last four. */
    tail: text().notNull(),
    /** small-amount: what is sent. */
    amountFen: fen('amount_fen'),
  },
  (t) => [
    primaryKey({ columns: [t.checkId, t.position] }),
    unique('account_check_row_account').on(t.checkId, t.accountIndex, t.subjectId),
    index('account_check_row_subject').on(t.subjectId),
  ],
);

/** What was answered about a row, insert-only; the same answer again is no news. */
export const accountCheckAnswer = pgTable(
  'account_check_answer',
  {
    checkId: uuid('check_id').notNull(),
    position: integer().notNull(),
    answer: text().notNull(),
    /** The bank's own words, masked. */
    words: text(),
    amountFen: fen('amount_fen'),
    /** The kept file and its line; null: told by hand. */
    fileSha256: text('file_sha256'),
    line: integer(),
    by: text().notNull(),
    at: moment('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.checkId, t.position, t.answer] }),
    check('account_check_answer_kind', sql`${t.answer} in ('ok','name-differs','closed','amount-differs','unknown')`),
    foreignKey({ columns: [t.checkId, t.position], foreignColumns: [accountCheckRow.checkId, accountCheckRow.position] }),
  ],
);

// ── snapshot ─────────────────────────────────────────────────────────────────────────────────────────────
/** Id = Merkle root over the segments, the catalogue and knownAt: the same data sealed twice is the same snapshot. */
export const snapshot = pgTable('snapshot', {
  id: text().primaryKey(),
  knownAt: day('known_at').notNull(),
  catalogueHash: text('catalogue_hash').notNull(),
  counts: jsonb().notNull(),
  /** The snapshot whose segments it adds a few rows to; null: all its segments are its own. */
  parentId: text('parent_id').references((): AnyPgColumn => snapshot.id),
  /** Revision, coverage and longer limits it was sealed with (src/snapshot/renew.ts). */
  basis: jsonb(),
  sealedAt: moment('sealed_at').notNull(),
  sequence: bigserial({ mode: 'bigint' }).notNull(),
});

export const segment = pgTable('segment', { hash: text().primaryKey(), bytes: bytea('bytes').notNull() });

export const snapshotSegment = pgTable(
  'snapshot_segment',
  {
    snapshotId: text('snapshot_id')
      .notNull()
      .references(() => snapshot.id),
    register: text().notNull(),
    block: integer().notNull(),
    column: text().notNull(),
    hash: text()
      .notNull()
      .references(() => segment.hash),
  },
  // A segment goes when nobody names it any more (src/match/retention-store.ts): asked by its hash.
  (t) => [primaryKey({ columns: [t.snapshotId, t.register, t.block, t.column] }), index('snapshot_segment_hash').on(t.hash)],
);

/** A snapshot whose data went past its term, insert-only: what remains of it is its name, day and counts. */
export const snapshotRemoval = pgTable('snapshot_removal', {
  snapshotId: text('snapshot_id')
    .primaryKey()
    .references(() => snapshot.id),
  /** How long the house kept snapshots when it went. */
  days: integer().notNull(),
  removedOn: day('removed_on').notNull(),
  removedAt: moment('removed_at').notNull(),
  /** What it alone named, bytes as stored. */
  segments: integer().notNull(),
  bytes: bigint({ mode: 'bigint' }).notNull(),
});

/** Days whose snapshots somebody keeps for an audit; only its end moves on. */
export const snapshotHold = pgTable(
  'snapshot_hold',
  {
    id: uuid().primaryKey().defaultRandom(),
    firstDay: day('first_day').notNull(),
    lastDay: day('last_day').notNull(),
    reason: text().notNull(),
    heldBy: text('held_by').notNull(),
    heldAt: moment('held_at').notNull(),
    liftedBy: text('lifted_by'),
    liftedAt: moment('lifted_at'),
    liftReason: text('lift_reason'),
  },
  (t) => [
    check('snapshot_hold_days', sql`${t.firstDay} <= ${t.lastDay}`),
    check('snapshot_hold_reason', sql`length(${t.reason}) > 1`),
    check(
      'snapshot_hold_lifted',
      sql`(${t.liftedBy} is null) = (${t.liftedAt} is null) and (${t.liftedAt} is null) = (${t.liftReason} is null)`,
    ),
  ],
);

// ── match ────────────────────────────────────────────────────────────────────────────────────────────────
/** A run 匹配批次: versions × snapshot × ledger cut × period. */
export const run = pgTable('run', {
  id: uuid().primaryKey().defaultRandom(),
  snapshotId: text('snapshot_id')
    .notNull()
    .references(() => snapshot.id),
  knownAt: day('known_at').notNull(),
  ledgerCut: bigint('ledger_cut', { mode: 'bigint' }).notNull(),
  sequence: bigserial({ mode: 'bigint' }).notNull(),
  state: text().notNull(),
  startedAt: moment('started_at').notNull(),
  endedAt: moment('ended_at'),
});

export const runItem = pgTable(
  'run_item',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => run.id),
    itemId: text('item_id').notNull(),
    version: integer().notNull(),
    periodKey: text('period_key').notNull(),
    periodStart: day('period_start'),
    periodEnd: day('period_end').notNull(),
    state: text().notNull(),
    eligible: integer().notNull().default(0),
    undetermined: integer().notNull().default(0),
    ineligible: integer().notNull().default(0),
    amountFen: fen('amount_fen').notNull().default(sql`0`),
    written: jsonb(),
    /** Why the item stopped: a difference between the two opinions, or a hold. */
    stopped: text(),
    /** The figures for which the item was held against its last run (src/match/brake.ts); kept when a person has let it go. */
    brake: jsonb(),
    /** On what terms it was planned (src/match/readiness.ts): left out because it waits or is not triggered, or with a longer freshness limit. */
    terms: jsonb(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.itemId, t.version, t.periodKey] })],
);

/** Whether an item could be decided for a period, insert-only: a new row whenever that changes, the highest sequence speaks. */
export const readiness = pgTable(
  'readiness',
  {
    itemId: text('item_id').notNull(),
    periodKey: text('period_key').notNull(),
    sequence: integer().notNull(),
    version: integer().notNull(),
    periodStart: day('period_start'),
    periodEnd: day('period_end').notNull(),
    state: text().notNull(),
    /** What it waits for, or goes without: dataset, parameter or index, division, due when, from whom. */
    waits: jsonb().notNull(),
    /** Not triggered: the sentence of the rule, the value and its source. */
    record: jsonb(),
    knownAt: day('known_at').notNull(),
    at: moment('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.itemId, t.periodKey, t.sequence] }),
    check('readiness_state', sql`${t.state} in ('ready','waiting','not-triggered')`),
  ],
);

/** What a named person decided about a late guard dataset, for one item and period, insert-only: the last one counts. */
export const freshnessDecision = pgTable(
  'freshness_decision',
  {
    id: uuid().primaryKey(),
    itemId: text('item_id').notNull(),
    periodKey: text('period_key').notNull(),
    dataset: text().notNull(),
    choice: text().notNull(),
    /** extend: days added to the dataset's freshness limit. */
    days: integer(),
    /** The last day it counts. */
    until: day('until').notNull(),
    /** The day the dataset spoke of when it was decided. */
    asOf: day('as_of').notNull(),
    reason: text().notNull(),
    actor: text().notNull(),
    sequence: bigserial({ mode: 'bigint' }).notNull(),
    at: moment('at').notNull(),
  },
  (t) => [
    index('freshness_decision_of').on(t.itemId, t.periodKey, t.dataset),
    check(
      'freshness_decision_choice',
      sql`(${t.choice} = 'extend' and ${t.days} between 1 and 366) or (${t.choice} = 'wait' and ${t.days} is null)`,
    ),
    check('freshness_decision_reason', sql`length(${t.reason}) > 0`),
  ],
);

/** What a dataset's values looked like at one asOf, in counts and quartiles without any person: the next delivery is held against it. */
export const datasetProfile = pgTable(
  'dataset_profile',
  { dataset: text().notNull(), asOf: day('as_of').notNull(), profile: jsonb().notNull(), at: moment('at').notNull() },
  (t) => [primaryKey({ columns: [t.dataset, t.asOf] })],
);

/** A department reminded of a delivery it owes: once per due day and level, whoever asks how often. */
export const deliveryReminder = pgTable(
  'delivery_reminder',
  {
    dataset: text().notNull(),
    /** '' for the whole register. */
    division: text().notNull(),
    dueOn: day('due_on').notNull(),
    level: integer().notNull(),
    role: text().notNull(),
    /** null: nobody to mail to, or no mail server; the pages show it. */
    address: text(),
    subject: text().notNull(),
    body: text().notNull(),
    state: text().notNull(),
    attempts: integer().notNull().default(0),
    nextAt: moment('next_at').notNull(),
    messageId: text('message_id').notNull().unique(),
    lastError: text('last_error'),
    createdAt: moment('created_at').notNull(),
    sentAt: moment('sent_at'),
  },
  (t) => [
    primaryKey({ columns: [t.dataset, t.division, t.dueOn, t.level] }),
    check('delivery_reminder_state', sql`${t.state} in ('shown','pending','sending','sent','bounced','dead')`),
  ],
);

/** A rank or a pool as a closing run froze it: once per run, item, period and fact; later runs of the period read it again when nothing is open in it. */
export const closing = pgTable(
  'closing',
  {
    id: uuid().primaryKey().defaultRandom(),
    runId: uuid('run_id')
      .notNull()
      .references(() => run.id),
    itemId: text('item_id').notNull(),
    version: integer().notNull(),
    periodKey: text('period_key').notNull(),
    fact: text().notNull(),
    /** Over every row in the order of the subjects' keys, and the totals: what evidence names. */
    hash: text().notNull(),
    exact: boolean().notNull(),
    /** Members, the total of a pool, what somebody outside reads. */
    totals: jsonb().notNull(),
    closedAt: moment('closed_at').notNull(),
  },
  (t) => [unique('closing_run').on(t.itemId, t.periodKey, t.version, t.fact, t.runId)],
);

/** One subject's row of it: what it brought, its group, its place or share, what is still open. */
export const closingRow = pgTable(
  'closing_row',
  {
    subjectId: uuid('subject_id').notNull(),
    closingId: uuid('closing_id').notNull(),
    content: jsonb().notNull(),
  },
  (t) => [primaryKey({ columns: [t.subjectId, t.closingId] }), index('closing_row_of').on(t.closingId)],
);

/** The last verdicts per block of an item and period: what the next run writes its differences against. */
export const blockResult = pgTable(
  'block_result',
  {
    itemId: text('item_id').notNull(),
    periodKey: text('period_key').notNull(),
    register: text().notNull(),
    block: integer().notNull(),
    runId: uuid('run_id').notNull(),
    version: integer().notNull(),
    eligible: bytea('eligible').notNull(),
    undetermined: bytea('undetermined').notNull(),
    /** What the next run needs to decide only whom something has changed for (src/match/carry.ts); null: it decides everybody. */
    state: bytea('state'),
  },
  (t) => [primaryKey({ columns: [t.itemId, t.periodKey, t.register, t.block] })],
);

/** Undetermined per missing fact and dataset: counts, not rows. */
export const undeterminedCount = pgTable(
  'undetermined_count',
  {
    runId: uuid('run_id').notNull(),
    itemId: text('item_id').notNull(),
    periodKey: text('period_key').notNull(),
    fact: text().notNull(),
    dataset: text().notNull(),
    reason: text().notNull(),
    subjects: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.runId, t.itemId, t.periodKey, t.fact, t.dataset, t.reason] })],
);

/** A match 匹配结果, immutable; a later difference is a new row with the next `sequence`. `event_key` is '' unless the item is per-event. */
export const match = pgTable(
  'match',
  {
    id: uuid().notNull().defaultRandom(),
    itemId: text('item_id').notNull(),
    version: integer().notNull(),
    register: text().notNull(),
    subjectId: uuid('subject_id').notNull(),
    division: text(),
    periodKey: text('period_key').notNull(),
    sequence: integer().notNull(),
    kind: text().notNull(),
    verdict: text().notNull(),
    amountFen: fen('amount_fen'),
    /** Decision lines with their claim keys and award steps. */
    lines: jsonb().notNull(),
    /** Every value read with dataset and asOf, trace, period, versions, snapshot, evaluator version. */
    /** What SQL asks for stands in clear; every value read and the trace are sealed by the vault, under `$`. */
    evidence: jsonb().notNull(),
    runId: uuid('run_id').notNull(),
    previousId: uuid('previous_id'),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.subjectId, t.id] }),
    unique('match_sequence').on(t.subjectId, t.itemId, t.periodKey, t.sequence),
    index('match_item_period').on(t.itemId, t.periodKey, t.verdict),
    index('match_run').on(t.runId),
    /** Pages know a match by its id alone; lists go by newest. */
    index('match_id').on(t.id),
    index('match_newest').on(t.createdAt, t.id),
    index('match_stop').on(t.createdAt).where(sql`${t.kind} in ('suspended','ended')`),
    check('match_kind', sql`${t.kind} in ('first','changed','continuing','suspended','resumed','ended')`),
    check('match_verdict', sql`${t.verdict} in ('eligible','ineligible','undetermined')`),
    check('match_money', sql`${t.verdict} = 'eligible' or ${t.amountFen} is null`),
  ],
);

// ── ledger and settlement ────────────────────────────────────────────────────────────────────────────────
/** A budget 预算额度 of one item and year, id `<item>:<year>`. `limited` reserves before any promise; `entitlement` never cuts. */
export const budget = pgTable(
  'budget',
  {
    id: text().primaryKey(),
    itemId: text('item_id').notNull(),
    year: integer().notNull(),
    kind: text().notNull(),
    /** When the shares of a budget that everybody shares were made; whoever comes later is not among them. */
    sharedAt: moment('shared_at'),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [unique('budget_item_year').on(t.itemId, t.year), check('budget_kind', sql`${t.kind} in ('limited','entitlement')`)],
);

/**
 * Double entry, insert-only; the rows of one `transaction` (a natural key made by the caller, `reserve:<line>`) sum to zero.
 * Accounts: `budget:<id>:{appropriation,available,reserved,committed,paid}`, `imported:<item>:{source,paid}`.
 */
export const posting = pgTable(
  'posting',
  {
    id: bigserial({ mode: 'bigint' }).primaryKey(),
    transaction: text().notNull(),
    account: text().notNull(),
    amountFen: fen('amount_fen').notNull(),
    kind: text().notNull(),
    itemId: text('item_id').notNull(),
    year: integer().notNull(),
    subjectId: uuid('subject_id'),
    periodKey: text('period_key'),
    lineId: uuid('line_id'),
    /** The settlement line's key: which element (graduate, child) of the subject. */
    objectKey: text('object_key'),
    at: moment('at').notNull(),
  },
  (t) => [
    unique('posting_once').on(t.transaction, t.account),
    index('posting_account').on(t.account),
    index('posting_subject').on(t.subjectId, t.itemId),
    index('posting_line').on(t.lineId),
    check('posting_kind', sql`${t.kind} in ('appropriate','reserve','commit','pay','release','restore','import','recover','offset')`),
  ],
);

/** Running sum per account, kept in the transaction of the postings and checked against them; the floor is how a limited budget refuses to go below zero. */
export const balance = pgTable(
  'balance',
  { account: text().primaryKey(), amountFen: fen('amount_fen').notNull(), floorFen: fen('floor_fen') },
  (t) => [check('balance_floor', sql`${t.floorFen} is null or ${t.amountFen} >= ${t.floorFen}`)],
);

/** A run's item whose matches are all settled: the step need not look there again. */
export const settledRun = pgTable(
  'settled_run',
  { runId: uuid('run_id').notNull(), itemId: text('item_id').notNull(), at: moment('at').notNull() },
  (t) => [primaryKey({ columns: [t.runId, t.itemId] })],
);

/** 一物一次: the row stays, `line_id` null is released; each take and release is audited. Distributed by object. */
export const claim = pgTable(
  'claim',
  {
    objectKind: text('object_kind').notNull(),
    objectId: text('object_id').notNull(),
    claimGroup: text('claim_group').notNull(),
    periodKey: text('period_key').notNull(),
    lineId: uuid('line_id'),
    /** Whose line it is; with `line_id` the key of the line. */
    subjectId: uuid('subject_id'),
    itemId: text('item_id'),
    takenAt: moment('taken_at'),
  },
  (t) => [primaryKey({ columns: [t.objectKind, t.objectId, t.claimGroup, t.periodKey] }), index('claim_line').on(t.lineId)],
);

/** Which of several that exclude each other a person wants, in one group and span (`choiceKeyOf`); insert-only, the last one counts. */
export const exclusiveChoice = pgTable(
  'exclusive_choice',
  {
    id: bigserial({ mode: 'bigint' }).primaryKey(),
    subjectId: uuid('subject_id').notNull(),
    choiceKey: text('choice_key').notNull(),
    itemId: text('item_id').notNull(),
    actor: text().notNull(),
    at: moment('at').notNull(),
  },
  (t) => [index('exclusive_choice_subject').on(t.subjectId, t.choiceKey)],
);

/**
 * One settled line: what a match is worth after claims, exclusion, caps and budget. `key` '' unless the item has a line per element.
 * `granted`, `reduced` and `parked` lines hold postings that sum to `granted_fen`; every other state holds none.
 */
export const settlementLine = pgTable(
  'settlement_line',
  {
    id: uuid().notNull().defaultRandom(),
    subjectId: uuid('subject_id').notNull(),
    matchId: uuid('match_id').notNull(),
    matchKind: text('match_kind').notNull(),
    itemId: text('item_id').notNull(),
    version: integer().notNull(),
    division: text(),
    authority: text().notNull(),
    periodKey: text('period_key').notNull(),
    /** The year of the period's end: what limits by the year count in. */
    year: integer().notNull(),
    /** The year whose budget pays: `year`, unless it was carried over. */
    budgetYear: integer('budget_year').notNull(),
    key: text().notNull(),
    /** 1, or 2… for a difference 补差 beside a line whose money is already on its way. */
    part: integer().notNull().default(1),
    /** What the match says. */
    grossFen: fen('gross_fen').notNull(),
    /** What settlement grants, after everything before. */
    grantedFen: fen('granted_fen').notNull(),
    /** What it is worth after everything but exclusion and budget: what 就高 compares. */
    entitledFen: fen('entitled_fen').notNull().default(sql`0`),
    /** What it would be if the budget had room: what `waiting` waits for. */
    wantedFen: fen('wanted_fen').notNull().default(sql`0`),
    /** Its share of a budget that everybody shares. */
    quotaFen: fen('quota_fen'),
    /** Until when the person may choose among what excludes each other. */
    decideOn: date('decide_on'),
    /** Over-paid: money on its way or paid beyond what the subject is entitled to now. */
    recoverFen: fen('recover_fen').notNull().default(sql`0`),
    state: text().notNull(),
    /** Why less than gross: rule by name, never another person's identity. */
    reasons: jsonb().notNull(),
    /** Item-declared order: event day, then keyed hash. Sorts as text. */
    orderKey: text('order_key').notNull(),
    /** What a refused or waiting line would need (`claim:…`, `exclusive:…`, `budget:…`); `reconsider` is set when that becomes free. */
    blockedOn: text('blocked_on'),
    reconsider: boolean().notNull().default(false),
    /** True once the disbursement record is made. */
    handedOn: boolean('handed_on').notNull().default(false),
    /** The stop order it was settled under; null: none. */
    stopId: uuid('stop_id'),
    createdAt: moment('created_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.subjectId, t.id] }),
    uniqueIndex('settlement_line_once').on(t.subjectId, t.matchId, t.key, t.part).where(sql`${t.state} <> 'superseded'`),
    index('settlement_line_match').on(t.subjectId, t.matchId, t.key),
    uniqueIndex('settlement_line_live')
      .on(t.subjectId, t.itemId, t.periodKey, t.key, t.part)
      .where(sql`${t.state} in ('granted','reduced','parked')`),
    // With the subject, so that whichever index a plan without statistics takes, it takes few rows.
    index('settlement_line_item').on(t.itemId, t.periodKey, t.subjectId),
    index('settlement_line_state').on(t.state, t.itemId),
    index('settlement_line_blocked').on(t.blockedOn).where(sql`${t.blockedOn} is not null`),
    index('settlement_line_recover').on(t.subjectId).where(sql`${t.recoverFen} > 0`),
    index('settlement_line_unfilled').on(t.subjectId, t.id).where(sql`not ${t.handedOn} and ${t.grantedFen} > 0`),
    index('settlement_line_waiting').on(t.blockedOn, t.orderKey).where(sql`${t.state} in ('waiting','parked')`),
    index('settlement_line_again').on(t.itemId).where(sql`${t.reconsider}`),
    index('settlement_line_quota').on(t.itemId).where(sql`${t.quotaFen} is not null and ${t.state} = 'waiting'`),
    index('settlement_line_decide').on(t.decideOn).where(sql`${t.state} = 'waiting' and ${t.decideOn} is not null`),
    check(
      'settlement_line_state',
      sql`${t.state} in ('granted','reduced','parked','refused','waiting','blocked','superseded','suspended','ended','withdrawn')`,
    ),
    check('settlement_line_money', sql`${t.grantedFen} >= 0 and ${t.grantedFen} <= ${t.grossFen} and ${t.recoverFen} >= 0`),
    check('settlement_line_promise', sql`${t.state} in ('granted','reduced','parked','superseded','withdrawn') or ${t.grantedFen} = 0`),
  ],
);

// ── opening ──────────────────────────────────────────────────────────────────────────────────────────────
/**
 * How an item comes into use beside an older list: `shadow` is compared and pays nothing; `live` is decided from a day on, with the accepted list as
 * what stood before. Items without a row are decided from their validity on.
 */
export const itemOpening = pgTable(
  'item_opening',
  {
    itemId: text('item_id').primaryKey(),
    state: text().notNull(),
    /** First day of the first period that is decided; null in the shadow. */
    fromDay: day('from_day'),
    comparisonId: uuid('comparison_id'),
    maker: text().notNull(),
    checker: text(),
    at: moment('at').notNull(),
  },
  (t) => [
    check('item_opening_state', sql`${t.state} in ('shadow','live')`),
    check('item_opening_live', sql`${t.state} = 'shadow' or (${t.fromDay} is not null and ${t.checker} is not null)`),
    check('item_opening_two_people', sql`${t.checker} is null or ${t.maker} <> ${t.checker}`),
  ],
);

/** A payee list held against what the item would decide (a shadow run): nothing of it is paid or told. Accepted by a second person before going live. */
export const comparison = pgTable(
  'comparison',
  {
    id: uuid().primaryKey().defaultRandom(),
    itemId: text('item_id').notNull(),
    version: integer().notNull(),
    itemHash: text('item_hash').notNull(),
    periodKey: text('period_key').notNull(),
    periodStart: day('period_start'),
    periodEnd: day('period_end').notNull(),
    register: text().notNull(),
    snapshotId: text('snapshot_id').notNull(),
    ledgerCut: bigint('ledger_cut', { mode: 'bigint' }).notNull(),
    fileName: text('file_name').notNull(),
    sha256: text().notNull(),
    counts: jsonb().notNull(),
    madeBy: text('made_by').notNull(),
    madeAt: moment('made_at').notNull(),
    acceptedBy: text('accepted_by'),
    acceptedAt: moment('accepted_at'),
    reason: text(),
  },
  (t) => [
    index('comparison_item').on(t.itemId, t.madeAt),
    check('comparison_two_people', sql`${t.acceptedBy} is null or ${t.acceptedBy} <> ${t.madeBy}`),
  ],
);

/** One payee of the list, or somebody entitled who is not on it (`line` 0); insert-only. Names and numbers stay in the register and in the kept file. */
export const comparisonRow = pgTable(
  'comparison_row',
  {
    comparisonId: uuid('comparison_id')
      .notNull()
      .references(() => comparison.id),
    /** Line in the list; 0 and counting down for those who are not on it. */
    line: integer().notNull(),
    subjectId: uuid('subject_id'),
    ordinal: integer(),
    division: text(),
    village: text(),
    standing: text().notNull(),
    verdict: text(),
    listedFen: fen('listed_fen'),
    ourFen: fen('our_fen'),
    flags: text().array().notNull(),
    reasons: jsonb().notNull(),
    /** What the shadow run decided: digest and lines, so that the opening is what the first run will find. */
    digest: text(),
    lines: jsonb(),
  },
  (t) => [
    primaryKey({ columns: [t.comparisonId, t.line] }),
    check('comparison_row_standing', sql`${t.standing} in ('both','differs','listed','entitled','stranger')`),
  ],
);

// ── notice ───────────────────────────────────────────────────────────────────────────────────────────────
/**
 * Pending → sending → sent → delivered | bounced | dead; `dedupe` keeps one notice per match and template. `message_id` is stable over retries. A notice has
 * ways in order (`ways`); refused on one it goes on to the next, and `channel` and `address` are those of the way it stands at.
 */
export const notice = pgTable(
  'notice',
  {
    id: uuid().primaryKey().defaultRandom(),
    dedupe: text().notNull().unique(),
    subjectId: uuid('subject_id').notNull(),
    itemId: text('item_id').notNull(),
    authority: text().notNull(),
    division: text(),
    /** null: an answer about something that gave no match. */
    matchId: uuid('match_id'),
    template: text().notNull(),
    /** mail · sms · inbox · letter (printed) · outbox (no mail server configured: the pages show it). */
    channel: text().notNull(),
    address: text(),
    /** Sealed: all its ways with their addresses; `way`: the one it stands at, `tried`: how often over that one. */
    ways: text().notNull(),
    way: integer().notNull().default(0),
    tried: integer().notNull().default(0),
    /** required · courtesy · push */
    duty: text().notNull(),
    /** Whether its mail may carry a link: only where whoever reads it is the person it is about. */
    entry: boolean().notNull().default(false),
    /** Which text it was written by: `shipped`, or the id of a `notice_wording`. */
    wording: text().notNull().default('shipped'),
    subject: text().notNull(),
    body: text().notNull(),
    /** Sealed: the same as one short message. */
    short: text().notNull(),
    /** Blind index of the code anybody may check it by; the code stands in the text alone. */
    checkIndex: text('check_index').notNull().unique(),
    amountFen: fen('amount_fen'),
    state: text().notNull(),
    attempts: integer().notNull().default(0),
    /** pending: when to try; sending: when the claim lapses and the sweeper may put it back. */
    nextAt: moment('next_at').notNull(),
    firstTriedAt: moment('first_tried_at'),
    messageId: text('message_id').notNull().unique(),
    lastError: text('last_error'),
    createdAt: moment('created_at').notNull(),
    sentAt: moment('sent_at'),
    /** Receipt, opened on the portal, or handed over in person. */
    deliveredAt: moment('delivered_at'),
    /** Sent to staff only, in the trial; the person has not been told by it. */
    trialedAt: moment('trialed_at'),
  },
  (t) => [
    index('notice_due').on(t.state, t.nextAt),
    index('notice_subject').on(t.subjectId),
    index('notice_match').on(t.matchId),
    check('notice_state', sql`${t.state} in ('pending','sending','sent','delivered','bounced','dead')`),
    check('notice_channel', sql`${t.channel} in ('mail','sms','inbox','letter','outbox')`),
    check('notice_duty', sql`${t.duty} in ('required','courtesy','push')`),
    check(
      'notice_moments',
      sql`(${t.state} <> 'delivered' or ${t.deliveredAt} is not null) and (${t.state} <> 'sent' or ${t.sentAt} is not null)`,
    ),
  ],
);

/** Which disbursements a notice speaks of, insert-only: a disbursement is told once per template and window. */
export const noticeLine = pgTable(
  'notice_line',
  {
    subjectId: uuid('subject_id').notNull(),
    disbursementId: uuid('disbursement_id').notNull(),
    template: text().notNull(),
    noticeId: uuid('notice_id').notNull(),
    /** The day the window opened which the notice belongs to: reminders of a window that was opened anew are told again. */
    since: day('since').notNull().default('0001-01-01'),
  },
  (t) => [primaryKey({ columns: [t.subjectId, t.disbursementId, t.template, t.since] })],
);

// ── disbursement ─────────────────────────────────────────────────────────────────────────────────────────
/**
 * A disbursement record 兑付记录, pre-filled from a settled line; `state` moves by the table in src/disbursement/disbursement.ts.
 * A stop (match suspended or ended) is a record too, without line and with amount 0: a person stands behind every stop.
 */
export const disbursement = pgTable(
  'disbursement',
  {
    id: uuid().notNull().defaultRandom(),
    subjectId: uuid('subject_id').notNull(),
    lineId: uuid('line_id'),
    matchId: uuid('match_id').notNull(),
    key: text().notNull().default(''),
    /** Which of the item's payees, where the line is shared; 0 the first or only one. */
    part: integer().notNull().default(0),
    itemId: text('item_id').notNull(),
    version: integer().notNull(),
    authority: text().notNull(),
    periodKey: text('period_key').notNull(),
    division: text(),
    matchKind: text('match_kind').notNull(),
    payeeName: text('payee_name'),
    payeeSubjectId: uuid('payee_subject_id'),
    /** Sealed by the vault. */
    account: bytea('account'),
    /** Blind index: who is paid on an account is found without opening one. */
    accountIndex: text('account_index'),
    bank: text(),
    bankCode: text('bank_code'),
    amountFen: fen('amount_fen').notNull(),
    basis: jsonb().notNull(),
    statementText: text('statement_text').notNull(),
    gaps: text().array().notNull(),
    /** The item's order of steps for this kind of match, frozen here, and the step the record stands at. */
    flow: text().array().notNull(),
    step: integer().notNull().default(0),
    state: text().notNull(),
    /** End of the open window (answer, confirm, publicity); null: none, or the official calendar does not reach that far yet. */
    dueOn: day('due_on'),
    windowFrom: day('window_from'),
    /** Where a held record goes back to; a hold is set and lifted by people only. */
    heldFrom: text('held_from'),
    holdReason: text('hold_reason'),
    createdAt: moment('created_at').notNull(),
    /** Grows with every change: the token of optimistic locks. */
    revision: integer().notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.subjectId, t.id] }),
    unique('disbursement_line').on(t.subjectId, t.lineId, t.part),
    // Of a match's stops each once; of its lines each once (above): one match may have two, a difference beside what is paid, or a line made anew.
    uniqueIndex('disbursement_match_key').on(t.subjectId, t.matchId, t.key, t.part).where(sql`${t.lineId} is null`),
    // Lists are leafed through from the newest.
    index('disbursement_newest').on(t.createdAt, t.id),
    index('disbursement_item').on(t.itemId, t.periodKey, t.state),
    index('disbursement_state').on(t.state, t.dueOn),
    index('disbursement_open')
      .on(t.subjectId, t.id)
      .where(
        sql`${t.state} in ('prefilled','applying','asking','named','reviewing','notified','confirming','publicity','objected','ready','paused','waived')`,
      ),
    index('disbursement_account').on(t.accountIndex),
    check('disbursement_account_sealed', sql`(${t.account} is null) = (${t.accountIndex} is null)`),
    check('disbursement_money', sql`case when ${t.lineId} is null then ${t.amountFen} = 0 else ${t.amountFen} > 0 end`),
    check('disbursement_held', sql`(${t.state} = 'held') = (${t.heldFrom} is not null)`),
  ],
);

/** What happened to a disbursement, insert-only. */
export const disbursementEvent = pgTable(
  'disbursement_event',
  {
    id: bigserial({ mode: 'bigint' }).primaryKey(),
    subjectId: uuid('subject_id').notNull(),
    disbursementId: uuid('disbursement_id').notNull(),
    from: text('from_state'),
    to: text('to_state').notNull(),
    actor: text().notNull(),
    reason: text(),
    evidence: jsonb(),
    at: moment('at').notNull(),
  },
  (t) => [index('disbursement_event_of').on(t.disbursementId)],
);

/** 意愿: confirmed, declined, deemed-waived; insert-only, the last one counts. */
export const choice = pgTable(
  'choice',
  {
    id: bigserial({ mode: 'bigint' }).primaryKey(),
    subjectId: uuid('subject_id').notNull(),
    disbursementId: uuid('disbursement_id').notNull(),
    choice: text().notNull(),
    actor: text().notNull(),
    at: moment('at').notNull(),
  },
  (t) => [
    index('choice_of').on(t.disbursementId),
    check('choice_kind', sql`${t.choice} in ('confirmed','declined','deemed-waived','withdrawn')`),
  ],
);

// ── payment ──────────────────────────────────────────────────────────────────────────────────────────────
/** Where an item's money of one year comes from and by which bank it leaves. `format` names the file the bank takes. */
export const fundingSource = pgTable(
  'funding_source',
  {
    id: uuid().primaryKey().defaultRandom(),
    itemId: text('item_id').notNull(),
    year: integer().notNull(),
    /** 指标文号; 项目编码 and 预算科目 as the treasury knows them. */
    document: text().notNull(),
    projectCode: text('project_code').notNull(),
    subjectCode: text('subject_code').notNull(),
    nature: text().notNull(),
    payerName: text('payer_name').notNull(),
    payerAccount: text('payer_account').notNull(),
    payerBank: text('payer_bank').notNull(),
    payerBankCode: text('payer_bank_code').notNull(),
    format: text().notNull(),
    /** What the document gives; booked once on `fund:<id>:open`, below nothing of which no batch can go. */
    amountFen: fen('amount_fen').notNull(),
    level: text().notNull(),
    /** Of ten thousand, where the item's sources share every line; null: the first with money left, by `rank`. */
    shareBp: integer('share_bp'),
    rank: integer().notNull().default(0),
    createdAt: moment('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    endedAt: moment('ended_at'),
    endedBy: text('ended_by'),
  },
  (t) => [
    uniqueIndex('funding_source_live').on(t.itemId, t.year, t.document).where(sql`${t.endedAt} is null`),
    check('funding_source_nature', sql`${t.nature} in ('budget','transfer','insurance')`),
    check('funding_source_level', sql`${t.level} in ('central','province','city','county')`),
    check('funding_source_money', sql`${t.amountFen} > 0 and ${t.shareBp} between 1 and 10000`),
  ],
);

/** When money goes out and when nothing may: pay days of an item (or of all) and period, and spans in which nothing is sealed or released. */
export const paymentCalendar = pgTable(
  'payment_calendar',
  {
    id: uuid().primaryKey().defaultRandom(),
    kind: text().notNull(),
    /** null: every item; of a freeze always. */
    itemId: text('item_id'),
    periodKey: text('period_key'),
    fromDay: day('from_day').notNull(),
    toDay: day('to_day').notNull(),
    reason: text(),
    createdAt: moment('created_at').notNull(),
    createdBy: text('created_by').notNull(),
    endedAt: moment('ended_at'),
    endedBy: text('ended_by'),
  },
  (t) => [
    index('payment_calendar_days').on(t.kind, t.fromDay),
    check('payment_calendar_kind', sql`${t.kind} in ('pay','freeze')`),
    check('payment_calendar_days_order', sql`${t.fromDay} <= ${t.toDay} and (${t.kind} = 'freeze' or ${t.fromDay} = ${t.toDay})`),
    check('payment_calendar_freeze_all', sql`${t.kind} = 'pay' or (${t.itemId} is null and ${t.periodKey} is null)`),
  ],
);

/** A batch 拨付批次: sealed lines of one item, source and pay date. Lines, totals and `hash` never change; `state` moves by src/payment/payment.ts. */
export const batch = pgTable(
  'batch',
  {
    id: uuid().primaryKey().defaultRandom(),
    itemId: text('item_id').notNull(),
    authority: text().notNull(),
    sourceId: uuid('source_id')
      .notNull()
      .references(() => fundingSource.id),
    /** null: whatever of the item's year was ready, back-pay and re-issues of several periods included. */
    periodKey: text('period_key'),
    payOn: day('pay_on').notNull(),
    format: text().notNull(),
    /** Short, for file names and the bank's reference; unique. */
    number: text().notNull().unique(),
    lines: integer().notNull(),
    totalFen: fen('total_fen').notNull(),
    hash: text().notNull(),
    state: text().notNull(),
    sealedAt: moment('sealed_at').notNull(),
    releasedAt: moment('released_at'),
    /** sha256 of the bytes that were released. */
    fileSha256: text('file_sha256'),
    reason: text(),
    /** The band its checkers met, by its amount: how many, and which offices among them. */
    checkersNeeded: integer('checkers_needed'),
    officesNeeded: text('offices_needed').array(),
  },
  (t) => [
    check(
      'batch_quorum',
      sql`${t.state} not in ('approved','released','closed') or (${t.checkersNeeded} >= 1 and ${t.officesNeeded} is not null)`,
    ),
    unique('batch_content').on(t.id, t.hash),
    index('batch_item').on(t.itemId, t.payOn),
    index('batch_state').on(t.state),
    check('batch_state_known', sql`${t.state} in ('sealed','approved','released','cancelled','closed')`),
    check('batch_released', sql`(${t.state} in ('released','closed')) = (${t.fileSha256} is not null)`),
  ],
);

/** Who put their name to exactly this content: one maker, checkers, one issuer; the key lets nobody act twice on one batch. Insert-only. */
export const batchSignature = pgTable(
  'batch_signature',
  {
    batchId: uuid('batch_id').notNull(),
    person: text().notNull(),
    role: text().notNull(),
    /** As which member of staff. */
    office: text().notNull(),
    hash: text().notNull(),
    /** The issuer's also names the bytes. */
    fileSha256: text('file_sha256'),
    at: moment('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.batchId, t.person] }),
    foreignKey({ name: 'batch_signature_content', columns: [t.batchId, t.hash], foreignColumns: [batch.id, batch.hash] }),
    uniqueIndex('batch_signature_one').on(t.batchId, t.role).where(sql`${t.role} <> 'checker'`),
    check('batch_signature_role', sql`${t.role} in ('maker','checker','issuer')`),
    check('batch_signature_office', sql`${t.office} = 'finance-' || ${t.role} or (${t.role} = 'checker' and ${t.office} = 'finance-head')`),
    check('batch_signature_file', sql`(${t.role} = 'issuer') = (${t.fileSha256} is not null)`),
  ],
);

/** One payment order, frozen at seal, insert-only: outcomes are `line_event` rows, a re-issue is a new line with `replaces`. */
export const paymentLine = pgTable(
  'payment_line',
  {
    id: uuid().notNull().defaultRandom(),
    batchId: uuid('batch_id')
      .notNull()
      .references(() => batch.id),
    position: integer().notNull(),
    subjectId: uuid('subject_id').notNull(),
    disbursementId: uuid('disbursement_id').notNull(),
    settlementLineId: uuid('settlement_line_id').notNull(),
    /** The settled line's element; '' the subject itself. */
    key: text().notNull(),
    itemId: text('item_id').notNull(),
    periodKey: text('period_key').notNull(),
    year: integer().notNull(),
    division: text(),
    payeeSubjectId: uuid('payee_subject_id'),
    payeeName: text('payee_name').notNull(),
    /** Sealed by the vault. */
    account: bytea('account').notNull(),
    /** Blind index: shared accounts are seen without opening one. */
    accountIndex: text('account_index').notNull(),
    bank: text().notNull(),
    bankCode: text('bank_code').notNull(),
    amountFen: fen('amount_fen').notNull(),
    statementText: text('statement_text').notNull(),
    /** The bank's reference for this line, 1–35 characters, from the line's key alone. */
    endToEndId: text('end_to_end_id').notNull().unique(),
    /** The returned line this one pays anew. */
    replaces: uuid(),
    /** What the second look at the newest data found: nothing but what may be shown later. */
    guards: jsonb().notNull(),
    hash: text().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.batchId, t.id] }),
    unique('payment_line_position').on(t.batchId, t.position),
    uniqueIndex('payment_line_replaces').on(t.replaces).where(sql`${t.replaces} is not null`),
    index('payment_line_disbursement').on(t.disbursementId),
    index('payment_line_subject').on(t.subjectId),
    index('payment_line_account').on(t.accountIndex),
    check('payment_line_money', sql`${t.amountFen} > 0`),
  ],
);

/** From which sources a line is paid, frozen with it, insert-only; the parts are the line's amount. One payment, however many parts. */
export const lineFunding = pgTable(
  'line_funding',
  {
    batchId: uuid('batch_id').notNull(),
    lineId: uuid('line_id').notNull(),
    sourceId: uuid('source_id')
      .notNull()
      .references(() => fundingSource.id),
    amountFen: fen('amount_fen').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.batchId, t.lineId, t.sourceId] }),
    index('line_funding_line').on(t.lineId),
    foreignKey({ name: 'line_funding_line', columns: [t.batchId, t.lineId], foreignColumns: [paymentLine.batchId, paymentLine.id] }),
    check('line_funding_money', sql`${t.amountFen} > 0`),
  ],
);

/** The one live line of a disbursement (invariant 6); taken away when the line is withheld, cancelled or returned. */
export const livePayment = pgTable(
  'live_payment',
  {
    subjectId: uuid('subject_id').notNull(),
    disbursementId: uuid('disbursement_id').notNull(),
    batchId: uuid('batch_id').notNull(),
    lineId: uuid('line_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.subjectId, t.disbursementId] }), index('live_payment_batch').on(t.batchId)],
);

/** What became of a line, insert-only: withheld at release, sent, and what the bank said. */
export const lineEvent = pgTable(
  'line_event',
  {
    id: bigserial({ mode: 'bigint' }).primaryKey(),
    batchId: uuid('batch_id').notNull(),
    lineId: uuid('line_id').notNull(),
    kind: text().notNull(),
    /** The bank's reason, by our table; null: none. */
    code: text(),
    text: text(),
    fileId: uuid('file_id'),
    /** The same word of the same file is one event. */
    dedupe: text().notNull().unique(),
    actor: text().notNull(),
    at: moment('at').notNull(),
  },
  (t) => [
    index('line_event_line').on(t.lineId),
    index('line_event_batch').on(t.batchId, t.kind),
    check('line_event_kind', sql`${t.kind} in ('withheld','cancelled','sent','accepted','paid','returned','unknown')`),
  ],
);

/** Why a record that was ready did not come into a batch; insert-only, the record itself goes on in the next. */
export const batchExclusion = pgTable(
  'batch_exclusion',
  {
    batchId: uuid('batch_id')
      .notNull()
      .references(() => batch.id),
    disbursementId: uuid('disbursement_id').notNull(),
    subjectId: uuid('subject_id').notNull(),
    reasons: jsonb().notNull(),
  },
  (t) => [primaryKey({ columns: [t.batchId, t.disbursementId] })],
);

/** A file to or from a bank, insert-only; its bytes are kept by the vault under their hash. `manifest` is what the issuer signed. */
export const paymentFile = pgTable(
  'payment_file',
  {
    id: uuid().primaryKey().defaultRandom(),
    /** null: a result file that speaks of several. */
    batchId: uuid('batch_id'),
    direction: text().notNull(),
    format: text().notNull(),
    name: text().notNull(),
    sha256: text().notNull(),
    manifest: jsonb().notNull(),
    at: moment('at').notNull(),
    by: text().notNull(),
  },
  (t) => [
    unique('payment_file_once').on(t.direction, t.sha256),
    index('payment_file_batch').on(t.batchId),
    check('payment_file_direction', sql`${t.direction} in ('out','in')`),
  ],
);

/** A bank's word that fits no line of ours, insert-only: an amount that differs, an id nobody knows. A person settles it; nothing is dropped. */
export const suspense = pgTable(
  'suspense',
  {
    id: uuid().primaryKey().defaultRandom(),
    fileId: uuid('file_id').notNull(),
    position: integer().notNull(),
    reference: text().notNull(),
    kind: text().notNull(),
    amountFen: fen('amount_fen'),
    why: text().notNull(),
    at: moment('at').notNull(),
    settledAt: moment('settled_at'),
    settledBy: text('settled_by'),
    reason: text(),
  },
  (t) => [unique('suspense_once').on(t.fileId, t.position)],
);

// Staff accounts and closings live in files beside this one.
export * from './auth-schema.ts';
export * from './certify-schema.ts';
export * from './close-schema.ts';
export * from './house-schema.ts';
export * from './life-schema.ts';
export * from './notice-schema.ts';
export * from './request-schema.ts';
export * from './stop-schema.ts';
export * from './visitor-schema.ts';
