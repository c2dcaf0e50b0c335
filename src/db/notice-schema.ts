// Tables around a notice: how each try ended, the texts an authority published over the shipped ones, how an authority is reached, what a person wants of
// messages, and whom to tell after a death. What was said or tried is insert-only; the last row of a kind counts.
import { sql } from 'drizzle-orm';
import { bigserial, boolean, check, index, integer, jsonb, pgTable, primaryKey, text, timestamp, unique, uuid } from 'drizzle-orm/pg-core';

const moment = (name: string) => timestamp(name, { withTimezone: true });

/** One try over one way, or what was heard of it later (receipt, returned mail, opened on the portal); insert-only. Rate limits count these rows. */
export const noticeTry = pgTable(
  'notice_try',
  {
    id: bigserial({ mode: 'bigint' }).primaryKey(),
    noticeId: uuid('notice_id').notNull(),
    attempt: integer().notNull(),
    channel: text().notNull(),
    outcome: text().notNull(),
    /** Without addresses and long numbers. */
    why: text(),
    at: moment('at').notNull(),
  },
  (t) => [
    index('notice_try_of').on(t.noticeId),
    index('notice_try_rate').on(t.channel, t.at).where(sql`${t.outcome} = 'claimed'`),
    check(
      'notice_try_outcome',
      sql`${t.outcome} in ('claimed','sent','retry','refused','trial','delivered','bounced','opened','unopened','ticked','stranded','again')`,
    ),
  ],
);

/** A text an authority puts over the shipped one, for all its items or one; written by one, published by another. Its content never changes. */
export const noticeWording = pgTable(
  'notice_wording',
  {
    id: uuid().primaryKey().defaultRandom(),
    template: text().notNull(),
    authority: text().notNull(),
    /** Empty: all items of the authority. */
    itemId: text('item_id').notNull().default(''),
    version: integer().notNull(),
    content: jsonb().notNull(),
    maker: text().notNull(),
    madeAt: moment('made_at').notNull(),
    checker: text(),
    publishedAt: moment('published_at'),
  },
  (t) => [
    unique('notice_wording_version').on(t.authority, t.itemId, t.template, t.version),
    check('notice_wording_two_people', sql`${t.checker} is null or ${t.checker} <> ${t.maker}`),
    check('notice_wording_published', sql`(${t.checker} is null) = (${t.publishedAt} is null)`),
  ],
);

/** How an authority is reached without a link; insert-only, the last counts. */
export const office = pgTable(
  'office',
  {
    id: bigserial({ mode: 'bigint' }).primaryKey(),
    authority: text().notNull(),
    /** As it stands on the door. */
    name: text().notNull(),
    phone: text().notNull(),
    address: text().notNull(),
    hours: text().notNull(),
    actor: text().notNull(),
    at: moment('at').notNull(),
  },
  (t) => [index('office_of').on(t.authority, t.id)],
);

/** What a person wants of messages; insert-only, the last counts. Notices that must be told are told whatever it says. */
export const messageChoice = pgTable(
  'message_choice',
  {
    id: bigserial({ mode: 'bigint' }).primaryKey(),
    subjectId: uuid('subject_id').notNull(),
    stopPush: boolean('stop_push').notNull(),
    /** The way tried first; null: the usual one. */
    prefer: text(),
    actor: text().notNull(),
    role: text().notNull(),
    at: moment('at').notNull(),
  },
  (t) => [
    index('message_choice_of').on(t.subjectId, t.id),
    check('message_choice_prefer', sql`${t.prefer} is null or ${t.prefer} in ('mail','sms','letter')`),
  ],
);

/** Whom to tell after a death, named by the person or the family; insert-only, the last counts. Name and ways to reach them rest sealed. */
export const namedRelative = pgTable(
  'named_relative',
  {
    id: uuid().primaryKey(),
    position: bigserial({ mode: 'bigint' }).notNull(),
    subjectId: uuid('subject_id').notNull(),
    /** Sealed: name, relation, phone, mail. null: nobody any more. */
    relative: text(),
    actor: text().notNull(),
    role: text().notNull(),
    at: moment('at').notNull(),
  },
  (t) => [index('named_relative_of').on(t.subjectId, t.position)],
);

/** Who has been told by which authority what it paid them in a year; insert-only: once. */
export const yearlyTold = pgTable(
  'yearly_told',
  {
    subjectId: uuid('subject_id').notNull(),
    authority: text().notNull(),
    year: integer().notNull(),
    at: moment('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.subjectId, t.authority, t.year] })],
);
