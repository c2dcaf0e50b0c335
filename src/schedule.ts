// Drives src/jobs.ts on Node with node-cron: Asia/Shanghai, never two runs of one job at once in this process (other processes are the steps' own care).
import cron from 'node-cron';
import { safeError } from './db/error.ts';
import type { Runner } from './job-runner.ts';
import type { Job } from './jobs.ts';

export interface ScheduleOptions {
  readonly jobs: readonly Job[];
  readonly runner: Runner;
  readonly done: (job: Job, line: string) => void;
  /** Gets the safe form of the error (no values). The job runs again at its next time. */
  readonly failed: (job: Job, error: unknown) => void;
}

export interface Schedule {
  /** No further runs; waits for the one that is under way. */
  stop(): Promise<void>;
}

/** node-cron reports every overlap in its own format on stderr; an overlap is what noOverlap is for, and errors come through `failed`. */
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined, debug: () => undefined };

export const startSchedule = (options: ScheduleOptions): Schedule => {
  const running = new Set<Promise<void>>();
  const runOnce = async (job: Job): Promise<void> => {
    try {
      const line = await (await options.runner.start(job, null)).ended;
      if (line !== null) options.done(job, line);
    } catch (error) {
      options.failed(job, safeError(error));
    }
  };
  const tasks = options.jobs.map((job) =>
    cron.schedule(
      job.cron,
      async () => {
        const run = runOnce(job);
        running.add(run);
        await run;
        running.delete(run);
      },
      // A laptop that slept, or a step that took long, misses minutes: no harm, the next one does the work.
      { name: job.name, timezone: 'Asia/Shanghai', noOverlap: true, suppressMissedWarning: true, logger: quiet },
    ),
  );
  return {
    stop: async () => {
      for (const task of tasks) await task.destroy();
      await Promise.all(running);
    },
  };
};
