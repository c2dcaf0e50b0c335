// Tables of stopping and of what comes after a death: stop orders, heirs and carers, and which funding sources a recovery gave back to or took from.
import { sql } from 'drizzle-orm';
import {
  bigint,
  check,
  customType,
  date,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
  uuid,
} from 'drizzle-orm/pg-core';

const moment = (name: string) => timestamp(name, { withTimezone: true });
const day = (name: string) => date(name, { mode: 'string' });
const bytea = customType<{ data: Uint8Array; driverData: Uint8Array }>({ dataType: () => 'bytea' });

/**
 * 停发决定: from which day on a person is not entitled to an item any more, by somebody's name, with evidence and reason. What it says is written once; only
 * its fate moves on. `proposed` by the machine; `asked` waits for the second person an item may want; `lifted` by somebody else than whoever ordered it.
 */
export const stopOrder = pgTable(
  'stop_order',
  {
    id: uuid().primaryKey(),
    subjectId: uuid('subject_id').notNull(),
    itemId: text('item_id').notNull(),
    version: integer().notNull(),
    /** The newest match of the person: what notices speak of. */
    matchId: uuid('match_id').notNull(),
    authority: text().notNull(),
    division: text(),
    kind: text().notNull(),
    /** The last day of entitlement: periods that begin later are not due, the one it lies in is. */
    lastOn: day('last_on').notNull(),
    reason: text().notNull(),
    /** sha256 of the scan that shows it; a proposal has none yet. */
    document: text(),
    /** How many people it takes, as the item says. */
    people: integer().notNull(),
    state: text().notNull(),
    askedBy: text('asked_by').notNull(),
    askedAt: moment('asked_at').notNull(),
    confirmedBy: text('confirmed_by'),
    confirmedAt: moment('confirmed_at'),
    closedBy: text('closed_by'),
    closedAt: moment('closed_at'),
    closeReason: text('close_reason'),
    closeDocument: text('close_document'),
  },
  (t) => [
    // One order at a time for a person and an item, whoever races.
    uniqueIndex('stop_order_live').on(t.subjectId, t.itemId).where(sql`${t.state} in ('proposed','asked','standing')`),
    index('stop_order_state').on(t.state, t.askedAt),
    check('stop_order_kind', sql`${t.kind} in ('death','moved','not-entitled','other')`),
    check('stop_order_state_known', sql`${t.state} in ('proposed','asked','standing','refused','lifted')`),
    check('stop_order_people', sql`${t.people} in (1,2)`),
    check('stop_order_two', sql`${t.confirmedBy} is null or ${t.confirmedBy} <> ${t.askedBy}`),
    check('stop_order_ordered', sql`${t.state} not in ('standing','lifted') or ${t.document} is not null`),
    check('stop_order_second', sql`${t.state} not in ('standing','lifted') or ${t.people} = 1 or ${t.confirmedBy} is not null`),
    check('stop_order_closed', sql`(${t.state} in ('refused','lifted')) = (${t.closedAt} is not null)`),
    check('stop_order_lifted', sql`${t.state} <> 'lifted' or (${t.closedBy} <> ${t.askedBy} and ${t.closeReason} is not null)`),
  ],
);

/**
 * 继承人或照料人: who receives what was due to somebody who has died, for one item. Named by one person from a document, confirmed by another. Name, number,
 * contact and account rest sealed; the account's blind index says which records are paid to the heir.
 */
export const heir = pgTable(
  'heir',
  {
    id: uuid().primaryKey(),
    subjectId: uuid('subject_id').notNull(),
    itemId: text('item_id').notNull(),
    authority: text().notNull(),
    division: text(),
    relation: text().notNull(),
    /** Sealed: name, number, phone, mail, account. */
    person: bytea('person').notNull(),
    accountIndex: text('account_index').notNull(),
    bank: text(),
    bankCode: text('bank_code'),
    /** Whoever he is in the register of residents; null: in none. */
    heirSubjectId: uuid('heir_subject_id'),
    document: text().notNull(),
    reason: text().notNull(),
    state: text().notNull(),
    namedBy: text('named_by').notNull(),
    namedAt: moment('named_at').notNull(),
    decidedBy: text('decided_by'),
    decidedAt: moment('decided_at'),
    closedBy: text('closed_by'),
    closedAt: moment('closed_at'),
    closeReason: text('close_reason'),
  },
  (t) => [
    uniqueIndex('heir_live').on(t.subjectId, t.itemId).where(sql`${t.state} in ('named','confirmed')`),
    index('heir_state').on(t.state, t.namedAt),
    check('heir_relation', sql`${t.relation} in ('spouse','child','parent','sibling','other-heir','carer')`),
    check('heir_state_known', sql`${t.state} in ('named','confirmed','refused','withdrawn')`),
    check('heir_two_people', sql`${t.decidedBy} is null or ${t.decidedBy} <> ${t.namedBy}`),
    check('heir_confirmed', sql`${t.state} <> 'confirmed' or ${t.decidedBy} is not null`),
    check('heir_not_dead', sql`${t.heirSubjectId} is null or ${t.heirSubjectId} <> ${t.subjectId}`),
  ],
);

/**
 * What a recovery does to funding sources, insert-only: money that came back stands in the source (and year) it was paid from, an amount kept back from a
 * later payment is paid by that payment's sources.
 */
export const recoveryFunding = pgTable(
  'recovery_funding',
  {
    dedupe: text().notNull(),
    sourceId: uuid('source_id').notNull(),
    /** The settled line the money was, or is, paid for. */
    lineId: uuid('line_id').notNull(),
    way: text().notNull(),
    amountFen: bigint('amount_fen', { mode: 'bigint' }).notNull(),
    at: moment('at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.dedupe, t.sourceId, t.lineId, t.way] }),
    index('recovery_funding_line').on(t.lineId),
    index('recovery_funding_source').on(t.sourceId),
    check('recovery_funding_way', sql`${t.way} in ('back','taken')`),
    check('recovery_funding_money', sql`${t.amountFen} > 0`),
  ],
);
