// A run on threads of one process: it writes what one thread would have written, and a thread that dies with a chunk in its hands loses nothing and doubles
// nothing. Every boundary and every way of dying: test/long/run-share.test.ts.
import { beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import { broken } from '../settlement/ground.ts';
import { killItems, runOnce, stateOf } from './kill-world.ts';
import { claims, outlives, prepare, runWithCrash, wholeState } from './share-world.ts';

const database = testDatabase();
let whole: unknown;

beforeAll(async () => {
  whole = await wholeState(database);
}, 60_000);

describe('a run on two threads', () => {
  it('writes what one would have written', async () => {
    await prepare(database);
    const report = await runOnce(database, killItems, { threads: { count: 2 } });
    expect(report.busy).toBe(0);
    expect(await stateOf(database)).toEqual(whole);
    expect(await claims(database)).toBe(killItems.length);
    expect(await broken(database)).toEqual([]);
  }, 120_000);

  it('outlives a thread that ends in the middle of a chunk', async () => {
    expect(await outlives(database, 'exit', 'match.after-matches')).toEqual(whole);
  }, 120_000);

  it.runIf(process.env.ZHIXIANG_TEST_LONG === '1')(
    'outlives a thread that runs out of memory',
    async () => {
      expect(await outlives(database, 'memory', 'match.after-results')).toEqual(whole);
    },
    120_000,
  );

  it('gives up where every thread dies, says so, and leaves a run that another takes up', async () => {
    await prepare(database);
    const run = runWithCrash(database, { name: 'match.after-matches', how: 'exit', always: true });
    await expect(run).rejects.toMatchObject({ problems: [{ code: 'internal.thread' }] });
    expect(await database.sql`select from run where ended_at is null`).toHaveLength(1);
    await runOnce(database, killItems, { starts: 1 });
    expect(await stateOf(database)).toEqual(whole);
    expect(await broken(database)).toEqual([]);
  }, 120_000);
});
