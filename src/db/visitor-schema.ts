// Tables of the portal's visitors: who came, whom they act for, and the one-time links that lead in. Tokens are kept as their hash only.
import { sql } from 'drizzle-orm';
import { check, date, index, pgTable, smallint, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';

const moment = (name: string) => timestamp(name, { withTimezone: true });
const day = (name: string) => date(name, { mode: 'string' });

/** One visit, from coming in to going out or twenty idle minutes. Insert and move only: who was here stays on record. */
export const visit = pgTable(
  'visit',
  {
    id: uuid().primaryKey().defaultRandom(),
    tokenHash: text('token_hash').notNull(),
    /** oidc: the unified identity; link: a one-time link and the last four; demo: the sample city. */
    way: text().notNull(),
    /** The person's own record, where a register has one; null behind a link, which says whom it is about, not who holds it. */
    personId: uuid('person_id'),
    personName: text('person_name'),
    /** Whom the visit is for now: a person or a firm; null: nobody in the registers. */
    register: text(),
    subjectId: uuid('subject_id'),
    /** own, legal, handler, delegate, guardian or link. */
    as: text(),
    powers: text().array().notNull(),
    startedAt: moment('started_at').notNull(),
    seenAt: moment('seen_at').notNull(),
    endedAt: moment('ended_at'),
  },
  (t) => [
    uniqueIndex('visit_token').on(t.tokenHash),
    index('visit_of').on(t.subjectId, t.startedAt),
    check('visit_way', sql`${t.way} in ('oidc', 'link', 'demo')`),
    check('visit_for', sql`(${t.subjectId} is null) = (${t.as} is null) and (${t.subjectId} is null) = (${t.register} is null)`),
  ],
);

/** A link in a mail: its token is drawn when the mail is sent and stands there alone; here stands its hash. A mail that is sent again carries another. */
export const entryLink = pgTable(
  'entry_link',
  {
    id: uuid().primaryKey().defaultRandom(),
    tokenHash: text('token_hash').notNull(),
    noticeId: uuid('notice_id').notNull(),
    register: text().notNull(),
    subjectId: uuid('subject_id').notNull(),
    madeAt: moment('made_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    /** One of the notice's links was used, or too many wrong guesses were made at them. */
    usedAt: moment('used_at'),
    failures: smallint().notNull().default(0),
  },
  (t) => [uniqueIndex('entry_link_token').on(t.tokenHash), index('entry_link_notice').on(t.noticeId)],
);

/** Who may act for a firm or another person, with which powers and until when: given by the subject itself, or entered by staff from a seen paper. */
export const mandate = pgTable(
  'mandate',
  {
    id: uuid().primaryKey().defaultRandom(),
    register: text().notNull(),
    subjectId: uuid('subject_id').notNull(),
    /** The agent's own record. */
    agentId: uuid('agent_id').notNull(),
    /** handler: 经办人 of a firm; delegate: 代办 for a person. */
    kind: text().notNull(),
    powers: text().array().notNull(),
    from: day('from_day').notNull(),
    to: day('to_day').notNull(),
    /** sha256 of the scan, where staff entered it. */
    document: text(),
    madeBy: text('made_by').notNull(),
    madeAt: moment('made_at').notNull(),
    endedBy: text('ended_by'),
    endedAt: moment('ended_at'),
  },
  (t) => [
    uniqueIndex('mandate_live').on(t.register, t.subjectId, t.agentId).where(sql`${t.endedAt} is null`),
    index('mandate_agent').on(t.agentId),
    check('mandate_kind', sql`${t.kind} in ('handler', 'delegate')`),
    check('mandate_days', sql`${t.from} <= ${t.to}`),
    check('mandate_other', sql`${t.agentId} <> ${t.subjectId}`),
  ],
);
