// Runs jobs and keeps what became of each run, whoever asked for it: the schedule, a tick of Workers, a person at a page.
import type { Db } from './db/handle.ts';
import { beatMs, endingOf, failureOf } from './job/run.ts';
import { beatRun, beginRun, endRun } from './job/store.ts';
import type { Job, JobContext } from './jobs.ts';

export interface RunnerOptions {
  /** Called at every run: the context carries the moment. */
  readonly context: () => JobContext;
  /** The clock: runs take time. */
  readonly now: () => Date;
}

export interface Runner {
  /** The moment, the settings, the database a job would be given now. */
  readonly context: () => JobContext;
  /**
   * Begins; `ended` is its line, or fails as the job failed. Throws only where the run could not even be written down. `askedBy`: an account; null: the schedule.
   */
  start(job: Job, askedBy: string | null): Promise<{ readonly id: string; readonly ended: Promise<string | null> }>;
  /** Waits for what is under way. */
  settled(): Promise<void>;
}

export const makeRunner = ({ context, now }: RunnerOptions): Runner => {
  const running = new Set<Promise<unknown>>();
  const work = async (db: Db, id: string, job: Job, given: JobContext): Promise<string | null> => {
    const beat = setInterval(() => void beatRun(db, id, now()).catch(() => undefined), beatMs);
    try {
      const line = await job.run(given);
      await endRun(db, id, endingOf(line), now());
      return line;
    } catch (error) {
      // Where the database itself is gone this is lost with it, and the run is found without an end.
      await endRun(db, id, failureOf(error), now()).catch(() => undefined);
      throw error;
    } finally {
      clearInterval(beat);
    }
  };
  return {
    context,
    start: async (job, askedBy) => {
      const given = context();
      const id = await beginRun(given.db, job.name, askedBy, now());
      const ended = work(given.db, id, job, given);
      const quiet = ended.catch(() => undefined).finally(() => running.delete(quiet));
      running.add(quiet);
      return { id, ended };
    },
    settled: async () => {
      await Promise.all(running);
    },
  };
};
