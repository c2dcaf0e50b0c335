// Runs jobs and keeps what became of each run, whoever asked for it: the schedule, a tick of Workers, a person at a page.
import type { Db } from './db/handle.ts';
import { endingOf, failureOf, Stopped, stoppedEnding, type Underway, beatMs as usualBeatMs } from './job/run.ts';
import { beatRun, beginRun, endRun } from './job/store.ts';
import type { Job, JobContext } from './jobs.ts';

export interface RunnerOptions {
  /** Called at every run: the context carries the moment. */
  readonly context: () => JobContext;
  /** The clock: runs take time. */
  readonly now: () => Date;
  /** Between two signs of life, in real milliseconds. */
  readonly beatMs?: number;
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
  /** The process is about to end: what can stop does. */
  halt(): void;
}

export const makeRunner = ({ context, now, beatMs = usualBeatMs }: RunnerOptions): Runner => {
  const running = new Set<Promise<unknown>>();
  const stops = new Set<AbortController>();
  let halted = false;
  const work = async (db: Db, id: string, job: Job, given: JobContext, asked: boolean): Promise<string | null> => {
    const stop = new AbortController();
    stops.add(stop);
    if (halted) stop.abort(new Stopped());
    let told: { readonly share: number | null; readonly doing: string | null } = { share: null, doing: null };
    const underway: Underway = {
      ...{ signal: stop.signal, asked },
      far: (share, doing) => {
        told = { share: Math.min(1, Math.max(0, share)), doing: doing ?? told.doing };
      },
    };
    const beat = openBeat(beatMs, async () => {
      if (await beatRun(db, id, { ...told, at: now() })) stop.abort(new Stopped());
    });
    try {
      const line = await job.run(given, underway);
      await beat.end();
      await endRun(db, id, endingOf(line), now());
      return line;
    } catch (error) {
      await beat.end();
      const stopped = error instanceof Stopped;
      // Where the database itself is gone this is lost with it, and the run is found without an end.
      await endRun(db, id, stopped ? stoppedEnding : failureOf(error), now()).catch(() => undefined);
      if (stopped) return stoppedEnding.line;
      throw error;
    } finally {
      stops.delete(stop);
    }
  };
  return {
    context,
    start: async (job, askedBy) => {
      const given = context();
      const id = await beginRun(given.db, job.name, askedBy, now());
      const ended = work(given.db, id, job, given, askedBy !== null);
      const quiet = ended.catch(() => undefined).finally(() => running.delete(quiet));
      running.add(quiet);
      return { id, ended };
    },
    settled: async () => {
      await Promise.all(running);
    },
    halt: () => {
      halted = true;
      for (const one of stops) one.abort(new Stopped());
    },
  };
};

/** One beat at a time, however slowly the database answers; a beat that fails is no end of the work. */
const openBeat = (everyMs: number, strike: () => Promise<void>): { end(): Promise<void> } => {
  let under: Promise<void> | null = null;
  const timer = setInterval(() => {
    under ??= strike()
      .catch(() => undefined)
      .finally(() => {
        under = null;
      });
  }, everyMs);
  return {
    end: async () => {
      clearInterval(timer);
      await under;
    },
  };
};
