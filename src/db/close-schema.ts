// What is closed: months of payment with the statement they were closed on, and budget years. Insert-only.
import { sql } from 'drizzle-orm';
import { check, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** A month of payment (by pay day) that was found without a difference and closed; `statement` is what it stood at, `carried` the lines without an answer. */
export const monthClose = pgTable(
  'month_close',
  {
    month: text().primaryKey(),
    statement: jsonb().notNull(),
    hash: text().notNull(),
    carried: jsonb().notNull(),
    reason: text(),
    closedBy: text('closed_by').notNull(),
    closedAt: moment('closed_at').notNull(),
  },
  (t) => [check('month_close_month', sql`${t.month} ~ '^\\d{4}-(0[1-9]|1[0-2])$'`)],
);

/** A limited budget's year that is over: what was free was carried into the next year, or released. What comes back later stands in the old year. */
export const yearClose = pgTable(
  'year_close',
  {
    itemId: text('item_id').notNull(),
    year: integer().notNull(),
    /** carry: into the next year's budget; release: back to where it came from. */
    way: text().notNull(),
    reason: text().notNull(),
    closedBy: text('closed_by').notNull(),
    closedAt: moment('closed_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.itemId, t.year] }), check('year_close_way', sql`${t.way} in ('carry','release')`)],
);
