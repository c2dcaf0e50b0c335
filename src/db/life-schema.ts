// Tables of the life of a disbursement beside the record itself: answers, votes, applications, recovery, and
// what people are still to be told. Acts are insert-only; what has a fate of its own carries a state.
import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  check,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

const moment = (name: string) => timestamp(name, { withTimezone: true });
const day = (name: string) => date(name, { mode: 'string' });
const fen = (name: string) => bigint(name, { mode: 'bigint' });

/**
 * A notice somebody is owed because of what a person or a step did; written with the act, told by the step that tells. `addressee`: the subject of the
 * record, or the person who objected (`objection`), whom no register need have.
 */
export const owedNotice = pgTable(
  'owed_notice',
  {
    id: uuid().primaryKey().defaultRandom(),
    subjectId: uuid('subject_id').notNull(),
    itemId: text('item_id').notNull(),
    version: integer().notNull(),
    /** null: about somebody who is in no match of the item (a person answered a question). */
    matchId: uuid('match_id'),
    disbursementId: uuid('disbursement_id'),
    objectionId: uuid('objection_id'),
    template: text().notNull(),
    /** What the text needs beside the record: reason, day, amount. */
    detail: jsonb().notNull(),
    at: moment('at').notNull(),
    noticeId: uuid('notice_id'),
  },
  (t) => [
    index('owed_notice_open').on(t.subjectId, t.id).where(sql`${t.noticeId} is null`),
    index('owed_notice_of').on(t.disbursementId),
    index('owed_notice_subject').on(t.subjectId, t.itemId),
  ],
);

/** What was asked for and told, by the beneficiary or by staff who saw it; insert-only, the last one counts, for this and later periods. */
export const answer = pgTable(
  'answer',
  {
    id: bigserial({ mode: 'bigint' }).primaryKey(),
    subjectId: uuid('subject_id').notNull(),
    disbursementId: uuid('disbursement_id').notNull(),
    itemId: text('item_id').notNull(),
    key: text().notNull(),
    /** The item's field; `account` for the account, which stands sealed in the record itself. */
    field: text().notNull(),
    /** What was chosen; null: a document. */
    value: text(),
    document: text(),
    actor: text().notNull(),
    role: text().notNull(),
    at: moment('at').notNull(),
  },
  (t) => [
    index('answer_unit').on(t.subjectId, t.itemId, t.key),
    index('answer_of').on(t.disbursementId),
    check('answer_something', sql`${t.field} = 'account' or (${t.value} is null) <> (${t.document} is null)`),
  ],
);

/** One reviewer's word on a record, insert-only. `round` is the event by which the record came under review: nobody speaks twice in one round. */
export const reviewVote = pgTable(
  'review_vote',
  {
    subjectId: uuid('subject_id').notNull(),
    disbursementId: uuid('disbursement_id').notNull(),
    round: bigint({ mode: 'bigint' }).notNull(),
    level: integer().notNull(),
    person: text().notNull(),
    decision: text().notNull(),
    reason: text(),
    at: moment('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.subjectId, t.disbursementId, t.round, t.person] }),
    check('review_vote_decision', sql`${t.decision} in ('pass','return','refuse')`),
    check('review_vote_reason', sql`${t.decision} = 'pass' or ${t.reason} is not null`),
  ],
);

/** A scan that goes with a record: named attachments of an application, answers, evidence. Insert-only; its bytes are kept sealed under their hash. */
export const caseDocument = pgTable('case_document', {
  sha256: text().primaryKey(),
  mediaType: text('media_type').notNull(),
  actor: text().notNull(),
  at: moment('at').notNull(),
});

/** An application handed in, insert-only: which documents stand for which attachment, and by when the review is promised. */
export const application = pgTable(
  'application',
  {
    id: bigserial({ mode: 'bigint' }).primaryKey(),
    subjectId: uuid('subject_id').notNull(),
    disbursementId: uuid('disbursement_id').notNull(),
    /** attachment id → sha256 */
    attachments: jsonb().notNull(),
    actor: text().notNull(),
    role: text().notNull(),
    reviewBy: day('review_by'),
    at: moment('at').notNull(),
  },
  (t) => [index('application_of').on(t.disbursementId)],
);

/** 追回 of what was paid too much for one subject, item, period and element. Proposed by the machine, opened by a person. */
export const recovery = pgTable(
  'recovery',
  {
    id: uuid().primaryKey().defaultRandom(),
    subjectId: uuid('subject_id').notNull(),
    itemId: text('item_id').notNull(),
    version: integer().notNull(),
    matchId: uuid('match_id').notNull(),
    authority: text().notNull(),
    division: text(),
    periodKey: text('period_key').notNull(),
    key: text().notNull(),
    year: integer().notNull(),
    /** What is asked back, 分, as settlement found it. */
    amountFen: fen('amount_fen').notNull(),
    /** Paid back or written off so far. */
    settledFen: fen('settled_fen').notNull().default(sql`0`),
    reason: text(),
    clause: text(),
    state: text().notNull(),
    foundAt: moment('found_at').notNull(),
    tellBy: day('tell_by'),
    openedBy: text('opened_by'),
    openedAt: moment('opened_at'),
    dueOn: day('due_on'),
    closedAt: moment('closed_at'),
    revision: integer().notNull().default(0),
  },
  (t) => [
    uniqueIndex('recovery_live').on(t.subjectId, t.itemId, t.periodKey, t.key).where(sql`${t.state} in ('proposed','open')`),
    index('recovery_state').on(t.state, t.dueOn),
    check('recovery_state_known', sql`${t.state} in ('proposed','open','closed','dropped')`),
    check('recovery_money', sql`${t.amountFen} > 0 and ${t.settledFen} >= 0 and ${t.settledFen} <= ${t.amountFen}`),
    check('recovery_person', sql`${t.state} in ('proposed','dropped') or (${t.openedBy} is not null and ${t.reason} is not null)`),
    check('recovery_closed', sql`${t.state} <> 'closed' or ${t.settledFen} = ${t.amountFen}`),
  ],
);

/** What came back, insert-only: paid in or written off. `dedupe` makes the same receipt one entry. */
export const recoveryEntry = pgTable(
  'recovery_entry',
  {
    id: bigserial({ mode: 'bigint' }).primaryKey(),
    recoveryId: uuid('recovery_id')
      .notNull()
      .references(() => recovery.id),
    kind: text().notNull(),
    amountFen: fen('amount_fen').notNull(),
    /** Receipt, or the write-off. */
    reference: text().notNull(),
    dedupe: text().notNull().unique(),
    actor: text().notNull(),
    at: moment('at').notNull(),
  },
  (t) => [
    index('recovery_entry_of').on(t.recoveryId),
    // What was kept back of a record, by the record's id.
    index('recovery_entry_offset').on(t.reference).where(sql`${t.kind} = 'offset'`),
    check('recovery_entry_kind', sql`${t.kind} in ('paid','written-off','offset')`),
    check('recovery_entry_money', sql`${t.amountFen} > 0`),
  ],
);

/** Instalments agreed for a recovery; a new plan takes the place of the old. */
export const recoveryPlan = pgTable(
  'recovery_plan',
  {
    recoveryId: uuid('recovery_id')
      .notNull()
      .references(() => recovery.id),
    position: integer().notNull(),
    dueOn: day('due_on').notNull(),
    amountFen: fen('amount_fen').notNull(),
  },
  (t) => [primaryKey({ columns: [t.recoveryId, t.position] }), check('recovery_plan_money', sql`${t.amountFen} > 0`)],
);

/** Giving up a recovery is asked for by one and decided by two others, never by machine. */
export const writeOff = pgTable(
  'write_off',
  {
    id: uuid().primaryKey().defaultRandom(),
    recoveryId: uuid('recovery_id')
      .notNull()
      .references(() => recovery.id),
    amountFen: fen('amount_fen').notNull(),
    reason: text().notNull(),
    state: text().notNull(),
    askedBy: text('asked_by').notNull(),
    askedAt: moment('asked_at').notNull(),
    firstBy: text('first_by'),
    secondBy: text('second_by'),
    decidedAt: moment('decided_at'),
  },
  (t) => [
    uniqueIndex('write_off_open').on(t.recoveryId).where(sql`${t.state} = 'asked'`),
    check('write_off_state', sql`${t.state} in ('asked','approved','refused')`),
    check('write_off_money', sql`${t.amountFen} > 0`),
    check(
      'write_off_people',
      sql`(${t.firstBy} is null or ${t.firstBy} <> ${t.askedBy}) and (${t.secondBy} is null or (${t.firstBy} is not null and ${t.secondBy} <> ${t.firstBy} and ${t.secondBy} <> ${t.askedBy}))`,
    ),
    check('write_off_approved', sql`${t.state} <> 'approved' or (${t.firstBy} is not null and ${t.secondBy} is not null)`),
  ],
);

/**
 * Who has taken a piece of work out of a queue, one row per piece, kept when it is given back (`takenBy` null). `version` grows with every change, so that
 * whoever acts on an older one is refused. `dueOn`: by when they mean to have done it.
 */
export const deskAssignment = pgTable(
  'desk_assignment',
  {
    queue: text().notNull(),
    objectId: uuid('object_id').notNull(),
    subjectId: uuid('subject_id').notNull(),
    takenBy: text('taken_by'),
    takenAt: moment('taken_at').notNull(),
    dueOn: day('due_on'),
    version: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.subjectId, t.queue, t.objectId] }),
    index('desk_assignment_object').on(t.objectId),
    index('desk_assignment_of').on(t.takenBy).where(sql`${t.takenBy} is not null`),
    check('desk_assignment_version', sql`${t.version} >= 1`),
    check('desk_assignment_due', sql`${t.takenBy} is not null or ${t.dueOn} is null`),
  ],
);

/**
 * A decision that came back in a table, insert-only: one per row as it stood when it left. `revision`: of a record, by which those left as they are do not
 * leave again; null for what is no record.
 */
export const deskDecision = pgTable(
  'desk_decision',
  {
    subjectId: uuid('subject_id').notNull(),
    queue: text().notNull(),
    objectId: uuid('object_id').notNull(),
    version: text().notNull(),
    revision: integer(),
    decision: text().notNull(),
    reason: text().notNull(),
    /** sha256 of the file. */
    file: text().notNull(),
    actor: text().notNull(),
    role: text().notNull(),
    at: moment('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.subjectId, t.queue, t.objectId, t.version] }),
    index('desk_decision_object').on(t.objectId),
    check('desk_decision_reason', sql`length(${t.reason}) >= 2`),
  ],
);
