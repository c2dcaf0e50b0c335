// The steps that run by themselves, as data: name, when (cron, Asia/Shanghai), what, how. Nothing here knows its runtime: schedule.ts drives the list
// with node-cron, worker.ts with the cron trigger of Workers. Every step may run twice, be killed anywhere and run in several processes at once.
import type { Anchor } from './audit/anchor.ts';
import { chainAudit } from './audit/chain.ts';
import type { Config } from './config.ts';
import type { Db } from './db/handle.ts';

export interface JobContext {
  readonly db: Db;
  readonly config: Config;
  readonly now: Date;
  /** null where there is no disk (Workers). */
  readonly anchor: Anchor | null;
}

export interface Job {
  /** `<noun>.<verb>`. */
  readonly name: string;
  /** Five fields: minute, hour, day of month, month, day of week; `*`, numbers, lists, ranges and steps. */
  readonly cron: string;
  /** Chinese, for the schedule page. */
  readonly what: string;
  /** One Chinese line when something was done, null when there was nothing to do. */
  readonly run: (context: JobContext) => Promise<string | null>;
}

export const jobs: readonly Job[] = [
  {
    name: 'audit.chain',
    cron: '* * * * *',
    what: '把新的审计留痕接成链，并把链头记到数据库之外',
    run: async ({ db, now, anchor }) => {
      const { chained } = await chainAudit(db, now, anchor);
      return chained === 0 ? null : `接链 ${chained} 条留痕`;
    },
  },
];

/** The jobs whose minute is `at`. Workers tick every minute in UTC and ask here, so that the schedule is written down once, in Chinese time. */
export const dueJobs = (list: readonly Job[], at: Date): readonly Job[] => list.filter((job) => isDue(job.cron, at));

/** Asia/Shanghai has had no daylight saving time since 1991: eight hours ahead of UTC. */
const isDue = (cron: string, at: Date): boolean => {
  const local = new Date(at.getTime() + 8 * 3_600_000);
  const [minute = '*', hour = '*', day = '*', month = '*', weekday = '*'] = cron.trim().split(/\s+/);
  const dayMatches = fieldMatches(day, local.getUTCDate());
  const weekdayMatches = fieldMatches(weekday, local.getUTCDay()) || (local.getUTCDay() === 0 && fieldMatches(weekday, 7));
  // Cron's own rule: when both day fields are restricted, either is enough.
  const days = day !== '*' && weekday !== '*' ? dayMatches || weekdayMatches : dayMatches && weekdayMatches;
  return (
    fieldMatches(minute, local.getUTCMinutes()) &&
    fieldMatches(hour, local.getUTCHours()) &&
    fieldMatches(month, local.getUTCMonth() + 1) &&
    days
  );
};

const fieldMatches = (field: string, value: number): boolean =>
  field.split(',').some((part) => {
    const [range = '*', step] = part.split('/');
    const [low, high] = range === '*' ? [0, 59] : range.split('-').map(Number);
    if (low === undefined || value < low || value > (high ?? (step ? 59 : low))) return false;
    return step === undefined || (value - low) % Number(step) === 0;
  });
