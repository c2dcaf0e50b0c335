// Two processes at one run, one of them stopped beyond its lease with a chunk in its hands, and a line that goes dead between COMMIT and its reply: at most
// one chunk is begun again, nothing is doubled. Killed processes: kill.test.ts; threads that die: threads.test.ts; at length: test/long/run-share.test.ts.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import { broken } from '../settlement/ground.ts';
import { killItems, runOnce, stateOf } from './kill-world.ts';
import { claims, commitUnheard, prepare, wholeState } from './share-world.ts';

const database = testDatabase();
const file = path.join(import.meta.dirname, 'stopped-child.ts');

const isStopped = (pid: number): boolean => /\) T /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));

let whole: unknown;

beforeAll(async () => {
  whole = await wholeState(database);
}, 60_000);

describe.runIf(process.platform === 'linux')('a process stopped beyond its lease', () => {
  // Before its transaction the other takes the chunk from it; within it the other cannot, and waits no longer than it is told to.
  it.each(['match.before-chunk', 'match.after-results'])(
    'at %s',
    async (name) => {
      await prepare(database);
      const child = spawn(process.execPath, [file, database.ownerUrl, name], { stdio: ['ignore', 'ignore', 'pipe'] });
      let said = '';
      child.stderr.on('data', (bytes) => {
        said += String(bytes);
      });
      const ended = once(child, 'exit');
      try {
        await expect.poll(() => isStopped(child.pid as number), { timeout: 60_000, interval: 20 }).toBe(true);
        // An hour later by its own clock: the lease has run out.
        const other = await runOnce(database, killItems, { starts: 1, patienceMs: 0 });
        expect(other.busy).toBe(name === 'match.before-chunk' ? 0 : 1);
      } finally {
        child.kill('SIGCONT');
      }
      expect({ end: await ended, said }).toEqual({ end: [0, null], said: '' });
      expect(await stateOf(database)).toEqual(whole);
      expect(await claims(database)).toBeLessThanOrEqual(killItems.length + 1);
      expect(await broken(database)).toEqual([]);
    },
    120_000,
  );
});

it('a line that goes dead between the COMMIT of a chunk and its reply', async () => {
  expect(await commitUnheard(database, 5)).toEqual(whole);
}, 120_000);
