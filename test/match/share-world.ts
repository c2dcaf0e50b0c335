// What can go wrong with workers that share a run, each as one round on the kill tests' people: a thread that dies, a line that goes dead. The state after is
// given back, to be held against that of a run nothing happened to.
import { expect } from 'vitest';
import type { RunReport } from '../../src/match/run.ts';
import type { TestDatabase } from '../database.ts';
import { faultyLine } from '../fault/proxy.ts';
import { openTestDatabase } from '../open.ts';
import { broken } from '../settlement/ground.ts';
import type { Crash } from './crash-thread.ts';
import { empty, tell } from './ground.ts';
import { killItems, killPeople, runOnce, stateOf } from './kill-world.ts';

const entry = new URL('./crash-thread.ts', import.meta.url);

export const prepare = async (database: TestDatabase): Promise<void> => {
  await empty(database);
  await tell(database, killPeople());
};

export const wholeState = async (database: TestDatabase): Promise<unknown> => {
  await prepare(database);
  await runOnce(database, killItems);
  return await stateOf(database);
};

/** One per chunk; who died in one makes it two. */
export const claims = async ({ sql }: TestDatabase): Promise<number> => {
  const [row] = await sql<{ n: number }[]>`select sum(attempts)::int as n from work where step = 'match'`;
  return row?.n ?? 0;
};

export const runWithCrash = async (database: TestDatabase, crash: Crash): Promise<RunReport> => {
  // Little memory, so that whoever dies of it does so soon.
  const heap = crash.how === 'memory' ? { heapMb: 192 } : {};
  return await runOnce(database, killItems, { threads: { count: 2, entry, extra: crash, ...heap } });
};

/** The first two threads die where they get to a chunk; their successors live. */
export const outlives = async (database: TestDatabase, how: Crash['how'], name: string): Promise<unknown> => {
  await prepare(database);
  const report = await runWithCrash(database, { name, how, always: false });
  expect(report.busy).toBe(0);
  // At least one has died, and each has begun one chunk in vain at most.
  const inVain = (await claims(database)) - killItems.length;
  expect(inVain).toBeGreaterThanOrEqual(name === 'match.after-chunk' ? 0 : 1);
  expect(inVain).toBeLessThanOrEqual(2);
  expect(await broken(database)).toEqual([]);
  return await stateOf(database);
};

/** The answer to the nth COMMIT of a seal and a run never comes; the next start settles what was left. */
export const commitUnheard = async (database: TestDatabase, nth: number): Promise<unknown> => {
  await prepare(database);
  const line = await faultyLine(database.ownerUrl);
  const through = await openTestDatabase({ ownerUrl: line.url });
  line.cut('commit', nth);
  await runOnce(through, killItems).catch((error: unknown) =>
    expect(error).toMatchObject({ kind: expect.stringMatching(/^(commit-unknown|lost)$/) }),
  );
  expect(line.wasCut()).toBe(true);
  await through.close();
  await line.close();
  await runOnce(database, killItems, { starts: 1 });
  expect(await claims(database)).toBeLessThanOrEqual(killItems.length + 1);
  expect(await broken(database)).toEqual([]);
  return await stateOf(database);
};
