// A process of its own that runs the rules and decides events for `bench --only real`, as the house does night by night: what it takes of memory is what runs
// take, and nothing that filling the city and sealing it left behind. `bench-run.ts` is its program.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Share } from '../vault/hold.ts';
import type { Cost } from './bench-cost.ts';
import type { EventTimes } from './bench-little.ts';

export interface RunnerGround {
  readonly share: Share;
  readonly catalogue: Catalogue;
}

/** `at`: the moment written into rows. */
export type RunnerAsk = { readonly at: Date } & ({ readonly run: string } | { readonly events: number });

/** Items and periods decided, and matches written. */
export type Ran = Cost & { readonly items: number; readonly written: number };
export type DecidedEvents = Cost & { readonly times: EventTimes };

export type RunnerAnswer = { readonly ran: Ran } | { readonly decided: DecidedEvents } | { readonly failed: string };

export interface Runner {
  run(snapshotId: string, at: Date): Promise<Ran>;
  events(count: number, at: Date): Promise<DecidedEvents>;
  close(): Promise<void>;
}

const answerOf = async (child: ChildProcess, ask: RunnerAsk): Promise<RunnerAnswer> => {
  child.send(ask);
  const gone = once(child, 'exit').then(([code]): RunnerAnswer => ({ failed: `the process that runs ended with ${code}` }));
  return await Promise.race([gone, once(child, 'message').then(([answer]) => answer as RunnerAnswer)]);
};

export const startRunner = (ground: RunnerGround): Runner => {
  const child = fork(new URL('./bench-run.ts', import.meta.url), { serialization: 'advanced' });
  child.send(ground);
  return {
    run: async (run, at) => {
      const answer = await answerOf(child, { run, at });
      if ('ran' in answer) return answer.ran;
      throw new Error('failed' in answer ? answer.failed : 'not what was asked');
    },
    events: async (events, at) => {
      const answer = await answerOf(child, { events, at });
      if ('decided' in answer) return answer.decided;
      throw new Error('failed' in answer ? answer.failed : 'not what was asked');
    },
    close: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
};
