// Tables of what people say to the office by themselves: objections, requests that a person decides, how a payment went.
import { sql } from 'drizzle-orm';
import { check, customType, date, index, integer, pgTable, primaryKey, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';

const moment = (name: string) => timestamp(name, { withTimezone: true });
const day = (name: string) => date(name, { mode: 'string' });
const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });

/**
 * An objection 异议, in somebody's real name: against a line in publicity (`public`), by the person it was refused to (`own`), or a request that a person
 * looks at what the machine decided (`human`), which needs no record: who does not qualify has none. Name, number and contact rest sealed. Upheld or
 * rejected by a person, with reason; `moot`: the line was gone before.
 */
export const objection = pgTable(
  'objection',
  {
    id: uuid().primaryKey().defaultRandom(),
    subjectId: uuid('subject_id').notNull(),
    disbursementId: uuid('disbursement_id'),
    itemId: text('item_id').notNull(),
    /** Of `human`: what was decided, for which period, by which version. */
    version: integer(),
    periodKey: text('period_key'),
    about: text(),
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
    uniqueIndex('objection_human_open').on(t.subjectId, t.itemId, t.periodKey).where(sql`${t.kind} = 'human' and ${t.state} = 'open'`),
    index('objection_filed_by').on(t.filedBy, t.filedAt),
    check('objection_kind', sql`${t.kind} in ('public','own','human')`),
    check(
      'objection_about',
      sql`(${t.kind} = 'human') = (${t.about} is not null) and (${t.kind} = 'human' or ${t.disbursementId} is not null) and (${t.kind} <> 'human' or (${t.version} is not null and ${t.periodKey} is not null and ${t.about} in ('ineligible','undetermined','amount')))`,
    ),
    check('objection_state_known', sql`${t.state} in ('open','upheld','rejected','moot')`),
    check('objection_decided', sql`(${t.state} = 'open') = (${t.decidedAt} is null)`),
    check('objection_person', sql`${t.state} not in ('upheld','rejected') or (${t.decidedBy} is not null and ${t.reason} is not null)`),
  ],
);

/** 好差评: how a payment went, one per record that was paid; insert-only but for the office's answer. Whoever was not content must be answered. */
export const rating = pgTable(
  'rating',
  {
    id: uuid().primaryKey().defaultRandom(),
    subjectId: uuid('subject_id').notNull(),
    disbursementId: uuid('disbursement_id').notNull(),
    matchId: uuid('match_id').notNull(),
    itemId: text('item_id').notNull(),
    version: integer().notNull(),
    authority: text().notNull(),
    division: text(),
    /** 1 the worst, 5 the best. */
    stars: integer().notNull(),
    reason: text(),
    ratedBy: text('rated_by').notNull(),
    ratedAt: moment('rated_at').notNull(),
    /** Of those that must be answered; null: beyond the official calendar, or no answer is owed. */
    dueOn: day('due_on'),
    answer: text(),
    answeredBy: text('answered_by'),
    answeredAt: moment('answered_at'),
  },
  (t) => [
    uniqueIndex('rating_once').on(t.subjectId, t.disbursementId),
    index('rating_item').on(t.itemId, t.ratedAt),
    index('rating_open').on(t.dueOn).where(sql`${t.stars} <= 2 and ${t.answer} is null`),
    check('rating_stars', sql`${t.stars} between 1 and 5`),
    check('rating_low', sql`${t.stars} > 2 or ${t.reason} is not null`),
    check(
      'rating_answered',
      sql`(${t.answer} is null) = (${t.answeredBy} is null) and (${t.answer} is null) = (${t.answeredAt} is null) and (${t.answeredBy} is null or ${t.answeredBy} <> ${t.ratedBy})`,
    ),
  ],
);

/**
 * What somebody who called or came (12345, window, telephone) was told about one person or firm, insert-only: under their work order, within its term, in
 * the words that were read out, which rest sealed. A second answer to the same order is the next ordinal, so two people never answer it side by side.
 */
export const callReply = pgTable(
  'call_reply',
  {
    subjectId: uuid('subject_id').notNull(),
    orderNumber: text('order_number').notNull(),
    ordinal: integer().notNull(),
    /** null: about everything. */
    itemId: text('item_id'),
    reply: bytea('reply').notNull(),
    receivedOn: day('received_on').notNull(),
    /** null: beyond the official calendar. */
    dueOn: day('due_on'),
    repliedBy: text('replied_by').notNull(),
    role: text().notNull(),
    at: moment('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.subjectId, t.orderNumber, t.ordinal] }),
    check('call_reply_ordinal', sql`${t.ordinal} >= 1`),
    check('call_reply_days', sql`${t.dueOn} is null or ${t.dueOn} >= ${t.receivedOn}`),
  ],
);
