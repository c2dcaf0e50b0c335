// Tables of 资格认证: one certification per subject, item and turn, the visits that were made for it; and what subjects have been told of a choice they have.
import { sql } from 'drizzle-orm';
import {
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

/**
 * A turn of certification 资格认证 of one subject for one item; its states are `src/certification/certification.ts`. Opened where the last one is too old;
 * `suspended` leaves every match and line as it is and keeps the money back.
 */
export const certification = pgTable(
  'certification',
  {
    id: uuid().notNull().defaultRandom(),
    subjectId: uuid('subject_id').notNull(),
    itemId: text('item_id').notNull(),
    version: integer().notNull(),
    register: text().notNull(),
    authority: text().notNull(),
    division: text(),
    /** The match it was opened for; what notices speak of. */
    matchId: uuid('match_id').notNull(),
    /** Printed on the visit list, by which the answer is ticked back in. */
    code: text().notNull(),
    /** The last day the person was known to be there: the certification before, or the first match. */
    anchorOn: day('anchor_on').notNull(),
    openedOn: day('opened_on').notNull(),
    dueOn: day('due_on').notNull(),
    /** Since when it stands on the visit list. */
    visitFrom: day('visit_from'),
    suspendedOn: day('suspended_on'),
    /** Reminders sent. */
    reminded: integer().notNull().default(0),
    state: text().notNull(),
    /** The day the person was seen: what the next turn counts from. */
    certifiedOn: day('certified_on'),
    /** trace, home, counter, video; null while nobody was seen. */
    how: text(),
    /** Of a trace the fact and its dataset. */
    evidence: jsonb(),
    decidedBy: text('decided_by'),
    at: moment('at').notNull(),
    revision: integer().notNull().default(0),
  },
  (t) => [
    primaryKey({ columns: [t.subjectId, t.id] }),
    uniqueIndex('certification_live').on(t.subjectId, t.itemId).where(sql`${t.state} in ('open','visiting','suspended','deceased')`),
    // One turn per day it counts from, whoever opens it; a turn that fell through may be opened again.
    uniqueIndex('certification_turn').on(t.subjectId, t.itemId, t.anchorOn).where(sql`${t.state} <> 'void'`),
    index('certification_code').on(t.code),
    index('certification_item').on(t.itemId, t.state, t.dueOn),
    check('certification_state', sql`${t.state} in ('open','visiting','suspended','deceased','certified','void')`),
    check('certification_seen', sql`(${t.state} = 'certified') = (${t.certifiedOn} is not null and ${t.how} is not null)`),
    check('certification_person', sql`${t.state} <> 'deceased' or ${t.decidedBy} is not null`),
    check('certification_by', sql`${t.how} is null or (${t.how} = 'trace') = (${t.decidedBy} is null)`),
    check('certification_suspended', sql`${t.state} <> 'suspended' or ${t.suspendedOn} is not null`),
  ],
);

/** One visit, by a named person, with what was seen; insert-only. */
export const certificationVisit = pgTable(
  'certification_visit',
  {
    id: bigserial({ mode: 'bigint' }).primaryKey(),
    subjectId: uuid('subject_id').notNull(),
    certificationId: uuid('certification_id').notNull(),
    /** met 见到本人 · not-met 没有见到 · moved 迁走或失联 · deceased 已去世 */
    result: text().notNull(),
    /** home, counter, video */
    way: text().notNull(),
    visitedOn: day('visited_on').notNull(),
    visitor: text().notNull(),
    note: text(),
    document: text(),
    diedOn: day('died_on'),
    actor: text().notNull(),
    role: text().notNull(),
    at: moment('at').notNull(),
  },
  (t) => [
    uniqueIndex('certification_visit_once').on(t.subjectId, t.certificationId, t.visitedOn, t.result, t.visitor),
    check('certification_visit_result', sql`${t.result} in ('met','not-met','moved','deceased')`),
    check('certification_visit_way', sql`${t.way} in ('home','counter','video')`),
    check('certification_visit_evidence', sql`${t.note} is not null or ${t.document} is not null`),
    check('certification_visit_died', sql`(${t.result} = 'deceased') = (${t.diedOn} is not null)`),
  ],
);

/** What a subject was told of several matters of which only one is paid: the first word, the reminder; other alternatives are told anew. Insert-only. */
export const choiceTold = pgTable(
  'choice_told',
  {
    subjectId: uuid('subject_id').notNull(),
    choiceKey: text('choice_key').notNull(),
    /** Hash over the alternatives, their amounts and the day. */
    offer: text().notNull(),
    template: text().notNull(),
    at: moment('at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.subjectId, t.choiceKey, t.offer, t.template] })],
);
