// Tables of the life of a disbursement beside the record itself: answers, votes, applications, objections, stops, successors, certification, recovery, and
// what people are still to be told. Acts are insert-only; what has a fate of its own carries a state.
import { sql } from 'drizzle-orm';
import {
  bigint,
  bigserial,
  check,
  customType,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core';

const moment = (name: string) => timestamp(name, { withTimezone: true });
const day = (name: string) => date(name, { mode: 'string' });
const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });

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
    matchId: uuid('match_id').notNull(),
    disbursementId: uuid('disbursement_id'),
    objectionId: uuid('objection_id'),
    template: text().notNull(),
    /** What the text needs beside the record: reason, day, amount. */
    detail: jsonb().notNull(),
    at: moment('at').notNull(),
    noticeId: uuid('notice_id'),
  },
  (t) => [index('owed_notice_open').on(t.subjectId, t.id).where(sql`${t.noticeId} is null`), index('owed_notice_of').on(t.disbursementId)],
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

/**
 * An objection 异议, in somebody's real name: against a line in publicity (`public`), or by the person it was refused to (`own`). Name, number and contact
 * rest sealed. Upheld or rejected by a person, with reason; `moot`: the line was gone before.
 */
export const objection = pgTable(
  'objection',
  {
    id: uuid().primaryKey().defaultRandom(),
    subjectId: uuid('subject_id').notNull(),
    disbursementId: uuid('disbursement_id').notNull(),
    itemId: text('item_id').notNull(),
    authority: text().notNull(),
    division: text(),
    kind: text().notNull(),
    /** Sealed: name, identity number, phone, address. */
    objector: bytea('objector').notNull(),
    text: text().notNull(),
    document: text(),
    state: text().notNull(),
    filedBy: text('filed_by').notNull(),
    filedAt: moment('filed_at').notNull(),
    /** null: beyond the official calendar. */
    dueOn: day('due_on'),
    /** The publicity it interrupted. */
    publicFrom: day('public_from'),
    publicTo: day('public_to'),
    decidedBy: text('decided_by'),
    decidedAt: moment('decided_at'),
    reason: text(),
  },
  (t) => [
    index('objection_of').on(t.disbursementId),
    index('objection_subject').on(t.subjectId),
    index('objection_state').on(t.state, t.dueOn),
    check('objection_kind', sql`${t.kind} in ('public','own')`),
    check('objection_state_known', sql`${t.state} in ('open','upheld','rejected','moot')`),
    check('objection_decided', sql`(${t.state} = 'open') = (${t.decidedAt} is null)`),
    check('objection_person', sql`${t.state} not in ('upheld','rejected') or (${t.decidedBy} is not null and ${t.reason} is not null)`),
  ],
);
