// Lets go of what nobody holds any more, at once. Columns lie outside the heap, where the collector hardly sees them: a thread that has done with a block would
// carry it along until long after the next one is read.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

let collector: (() => void) | null = null;

/** Some tens of milliseconds: between blocks, not between rows. */
export const collect = (): void => {
  if (collector === null) {
    setFlagsFromString('--expose-gc');
    collector = runInNewContext('gc') as () => void;
  }
  collector();
};
