// What the house itself does and when it must not: runs of its jobs, the reports they leave, and freezes.
import { sql } from 'drizzle-orm';
import { bigserial, check, date, index, integer, pgTable, primaryKey, real, text, timestamp, uuid } from 'drizzle-orm/pg-core';

const moment = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** One run of a job, by the schedule or asked for by a person. `running` is written at its start, so that one that was killed is seen; `seen_at` moves on while it runs. */
export const jobRun = pgTable(
  'job_run',
  {
    id: bigserial({ mode: 'bigint' }).primaryKey(),
    name: text().notNull(),
    /** null: the schedule. */
    askedBy: text('asked_by'),
    startedAt: moment('started_at').notNull(),
    seenAt: moment('seen_at').notNull(),
    endedAt: moment('ended_at'),
    /** idle: there was nothing to do; lost: it never said how it ended. */
    outcome: text().notNull(),
    /** What came of it, in Chinese; null: nothing. */
    line: text(),
    code: text(),
    message: text(),
    hint: text(),
    /** How much of it is done, 0 to 1, and what is being done; null: nobody said. */
    share: real(),
    doing: text(),
    /** Who asked for it to stop; it does at the next place where nothing is left half done. */
    stopAskedBy: text('stop_asked_by'),
  },
  (t) => [
    index('job_run_name').on(t.name, t.id),
    index('job_run_outcome').on(t.outcome, t.startedAt),
    check('job_run_known', sql`${t.outcome} in ('running','done','idle','failed','lost','stopped')`),
    check('job_run_over', sql`(${t.outcome} = 'running') = (${t.endedAt} is null)`),
    check('job_run_share', sql`${t.share} between 0 and 1`),
    check('job_run_why', sql`(${t.outcome} = 'failed') = (${t.code} is not null)`),
  ],
);

/** The last report of its kind that a job made, for one scope: what is too long to be worked out while somebody looks. Made again it is replaced. */
export const keptReport = pgTable(
  'kept_report',
  {
    kind: text().notNull(),
    /** Whom it is for, as canonical JSON. */
    scope: text().notNull(),
    madeAt: moment('made_at').notNull(),
    tookMs: integer('took_ms').notNull(),
    knownAt: date('known_at', { mode: 'string' }).notNull(),
    /** State of everything it was made from: another mark, another report. */
    mark: text().notNull(),
    /** JSON as text: it is read whole, and never searched. */
    report: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.kind, t.scope] })],
);

/** Between two instants something is not done: sealing, releasing, publishing rules. In force once a second person has confirmed it. */
export const freezePeriod = pgTable(
  'freeze_period',
  {
    id: uuid().primaryKey().defaultRandom(),
    acts: text().array().notNull(),
    fromAt: moment('from_at').notNull(),
    toAt: moment('to_at').notNull(),
    reason: text().notNull(),
    proposedBy: text('proposed_by').notNull(),
    proposedAt: moment('proposed_at').notNull(),
    confirmedBy: text('confirmed_by'),
    confirmedAt: moment('confirmed_at'),
    /** Taken back before it was confirmed, or lifted before its end. */
    endedBy: text('ended_by'),
    endedAt: moment('ended_at'),
    endReason: text('end_reason'),
  },
  (t) => [
    index('freeze_period_to').on(t.toAt),
    check('freeze_period_order', sql`${t.fromAt} < ${t.toAt}`),
    check('freeze_period_acts', sql`cardinality(${t.acts}) > 0 and ${t.acts} <@ array['seal', 'release', 'publish']`),
    check('freeze_period_two', sql`${t.confirmedBy} <> ${t.proposedBy} and (${t.confirmedBy} is null) = (${t.confirmedAt} is null)`),
    // What two have agreed on the one who asked for it does not lift alone.
    check('freeze_period_lift', sql`${t.endedBy} is null or ${t.confirmedBy} is null or ${t.endedBy} <> ${t.proposedBy}`),
  ],
);
