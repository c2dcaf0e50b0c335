// One thread of a seal: takes block after block, and says which segments each became.
import { parentPort, workerData } from 'node:worker_threads';
import { ProblemError } from '../base/problem.ts';
import { nowhere } from '../db/failpoint.ts';
import { transaction } from '../db/handle.ts';
import { coverages } from '../record/store.ts';
import { openShared } from '../vault/hold.ts';
import { blockRows } from './bitmap.ts';
import { resolving, type Sealing, sealWhole } from './seal-block.ts';
import type { SealWord, ThreadSeal } from './seal-threads.ts';
import { readMoment } from './store.ts';

const { share, moment, catalogue, knownAt, variants, blocks, next } = workerData as ThreadSeal;
const say = (word: SealWord): void => parentPort?.postMessage(word);

const database = await openShared(share, 2);
try {
  const { db } = database;
  await transaction(
    db,
    async (tx) => {
      await readMoment(tx, moment);
      const covered = await coverages(tx);
      const resolve = resolving(catalogue, knownAt, covered, variants);
      for (;;) {
        const taken = blocks[Atomics.add(next, 0, 1)];
        if (taken === undefined) return;
        const sealing: Sealing = {
          tx,
          db,
          options: { catalogue, knownAt, variants },
          failpoint: nowhere,
          covered,
          resolve,
          leaves: [],
          counts: {},
          sealed: 0,
          looked: 0,
          look: () => undefined,
        };
        await sealWhole(sealing, taken.register, { fromOrdinal: taken.block * blockRows, limit: blockRows });
        say({ register: taken.register, subjects: sealing.sealed, leaves: sealing.leaves });
      }
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );
} catch (error) {
  say(error instanceof ProblemError ? { problems: error.problems } : { error: error instanceof Error ? error.message : 'thread failed' });
} finally {
  await database.close();
}
