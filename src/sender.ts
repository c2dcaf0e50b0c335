// Sends as soon as a notice is written: PostgreSQL says so when the writing transaction commits, and one round at a time goes out. What it does not hear (a line
// that broke, a retry that falls due) the job `notice.send` finds within the minute.
import { openChannels } from './channels.ts';
import type { Config } from './config.ts';
import type { Database, Sql } from './db/handle.ts';
import { send } from './notice/send.ts';

export interface SenderOptions {
  readonly sql: Sql;
  /** One round: everything that is due. */
  readonly run: () => Promise<void>;
  readonly failed: (error: unknown) => void;
}

export interface Sender {
  /** Hears nothing more; waits for the round that is under way. */
  stop(): Promise<void>;
}

export const startSender = async ({ sql, run, failed }: SenderOptions): Promise<Sender> => {
  let round: Promise<void> | null = null;
  let again = false;
  let stopped = false;
  const rounds = async (): Promise<void> => {
    do {
      again = false;
      try {
        await run();
      } catch (error) {
        failed(error);
      }
    } while (again && !stopped);
    round = null;
  };
  const wake = (): void => {
    if (stopped) return;
    if (round === null) round = rounds();
    // Written while a round was under way: it may have looked too early.
    else again = true;
  };
  const { unlisten } = await sql.listen('notice_due', wake, wake);
  return {
    stop: async () => {
      stopped = true;
      await unlisten();
      await round;
    },
  };
};

/** The sender over this installation's channels, whose lines stay open between rounds. */
export const startSending = async (
  { db, sql }: Database,
  config: Config,
  clock: () => Date,
  failed: (error: unknown) => void,
): Promise<Sender> => {
  const { lanes, close } = openChannels(config, clock);
  const run = async (): Promise<void> => {
    await send(db, { lanes, clock });
  };
  const sender = await startSender({ sql, run, failed });
  return {
    stop: async () => {
      await sender.stop();
      close();
    },
  };
};
