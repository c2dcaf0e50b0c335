// For kill tests: hooks to pass as `at` to a step. In a child process `killAt` ends it as a power cut would; inside a test `throwAt` is quicker
// where only rolled-back transactions matter.
import type { Failpoint } from '../src/db/failpoint.ts';

/** Collects every name reached, in order; run the step once with it to learn the places a kill test must visit. */
export const recordFailpoints = (): { readonly at: Failpoint; readonly reached: string[] } => {
  const reached: string[] = [];
  return { at: (name) => void reached.push(name), reached };
};

/** SIGKILL at the nth arrival at `name`: no handler, no finally, no flush. */
export const killAt = (name: string, nth = 1): Failpoint => {
  let left = nth;
  return (here) => {
    if (here === name && --left === 0) process.kill(process.pid, 'SIGKILL');
    // The signal is delivered by the system; nothing may be written in the meantime.
    return left === 0 && here === name ? new Promise<void>(() => undefined) : undefined;
  };
};

export class Killed extends Error {
  constructor(name: string) {
    super(`killed at ${name}`);
    this.name = 'Killed';
  }
}

export const throwAt = (name: string, nth = 1): Failpoint => {
  let left = nth;
  return (here) => {
    if (here === name && --left === 0) throw new Killed(name);
  };
};
