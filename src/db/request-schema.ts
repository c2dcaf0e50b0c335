// Tables of what people ask of the office by themselves: objections and requests that a person decides.
import { sql } from 'drizzle-orm';
import { check, customType, date, index, integer, pgTable, text, timestamp, uniqueIndex, uuid } from 'drizzle-orm/pg-core';

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
