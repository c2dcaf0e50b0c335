// Lets go of what nobody holds any more, at once. Columns lie outside the heap, where the collector hardly sees them: a thread that has done with a block would
// carry it along until long after the next one is read.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collector = (how?: { readonly type: 'major'; readonly execution: 'sync'; readonly flavor: 'last-resort' }) => void;
let collector: Collector | null = null;

const opened = (): Collector => {
  if (collector === null) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as Collector;
  }
  return collector;
};

/** Some tens of milliseconds: between blocks, not between rows. */
export const collect = (): void => opened()();

/** The same, and the heap's own room goes back to the system: for whoever has nothing more to do while others go on. */
export const giveBack = (): void => opened()({ type: 'major', execution: 'sync', flavor: 'last-resort' });
