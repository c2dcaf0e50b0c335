// Imports killed at every write boundary and at thirty other moments: a delivery is in as a whole or not at all, and bringing the week again
// ends exactly where an undisturbed week ends. The negative control writes half a delivery and must be caught.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../src/db/handle.ts';
import { createDatabase, dropDatabase } from '../database.ts';
import { recordFailpoints } from '../failpoint.ts';
import { openTestDatabase } from '../open.ts';
import { bringWeek, stateOf, week } from './week.ts';

const long = process.env.ZHIXIANG_TEST_LONG === '1';
const child = path.join(import.meta.dirname, 'week-child.ts');

/** States an undisturbed week passes through: before the first delivery, and after each. */
const states: string[] = [];
const reached: string[] = [];

const withDatabase = async <T>(work: (database: Database, ownerUrl: string) => Promise<T>): Promise<T> => {
  const ownerUrl = await createDatabase();
  const database = await openTestDatabase({ ownerUrl, maxConnections: 2 });
  try {
    return await work(database, ownerUrl);
  } finally {
    await database.close();
    await dropDatabase(ownerUrl);
  }
};

/** Resolves with the signal that ended it; `afterMs` counts from the moment its connection is open. */
const runChild = (ownerUrl: string, args: readonly string[], afterMs?: number): Promise<string | null> =>
  new Promise((resolve, reject) => {
    const started = spawn(process.execPath, [child, ownerUrl, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    started.on('error', reject);
    started.on('exit', (_, signal) => resolve(signal));
    if (afterMs !== undefined) started.stdout.once('data', () => setTimeout(() => started.kill('SIGKILL'), afterMs));
  });

/** The server ends the transaction of a dead client when it notices; until then its locks stand. */
const settled = async (database: Database): Promise<void> => {
  for (let i = 0; i < 6000; i++) {
    const [row] = await database.sql<{ n: number }[]>`
      select count(*)::int as n from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`;
    if (row?.n === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};

interface Survival {
  /** After every kill the state was one that an undisturbed week passes through. */
  readonly whole: boolean;
  /** Brought once more, it ended as an undisturbed week does. */
  readonly same: boolean;
  readonly signals: readonly (string | null)[];
}

/** Starts the week as often as there are runs, each killed in its way, on one database. */
const survive = (runs: readonly { readonly args: readonly string[]; readonly afterMs?: number }[]): Promise<Survival> =>
  withDatabase(async (database, ownerUrl) => {
    const signals: (string | null)[] = [];
    let whole = true;
    for (const { args, afterMs } of runs) {
      signals.push(await runChild(ownerUrl, args, afterMs));
      await settled(database);
      whole &&= states.includes(await stateOf(database));
    }
    await bringWeek(database);
    return { whole, same: (await stateOf(database)) === states.at(-1), signals };
  });

beforeAll(async () => {
  await withDatabase(async (database) => {
    const places = recordFailpoints();
    states.push(await stateOf(database));
    const at = async (name: string): Promise<void> => {
      await places.at(name);
      if (name === 'import.afterLand' || name === 'decide.decided') states.push(await stateOf(database));
    };
    await bringWeek(database, at);
    reached.push(...places.reached);
  });
});

afterAll(() => {
  states.length = 0;
});

describe('an import that is killed', () => {
  test('passes every place, and every delivery leaves a state of its own', () => {
    expect([...new Set(reached)].sort()).toEqual([
      'decide.decided',
      'import.afterLand',
      'import.beforeCommit',
      'import.beforeLand',
      'import.opened',
      'import.staged',
      'import.written',
    ]);
    // Two of them are held, decided and landed: two states more each.
    expect(new Set(states).size).toBe(week.length + 1 + 2 * 2);
  });

  test.each([
    ...(long ? ['import.opened', 'import.staged', 'import.beforeLand', 'import.afterLand'] : []),
    ...['import.written', 'import.beforeCommit'],
  ])('at %s: nothing lost, nothing double', async (place) => {
    // Arrivals are counted per start, and what has landed is not landed again: the first, then one further on.
    const later = place === 'import.opened' || place === 'import.staged' ? '4' : '3';
    expect(await survive([{ args: [place, '1'] }, { args: [place, later] }])).toEqual({
      whole: true,
      same: true,
      signals: ['SIGKILL', 'SIGKILL'],
    });
  });

  test('held, accepted, and killed before it lands: it stays accepted and lands when somebody comes by', async () => {
    expect(await survive([{ args: ['decide.decided', '1'] }])).toEqual({ whole: true, same: true, signals: ['SIGKILL'] });
  });

  test('at other moments, thirty in the long tests', async () => {
    let killed = 0;
    for (let i = 0; i < (long ? 10 : 1); i++) {
      // A fixed walk over the moments of a week, which takes some 300 ms from the first connection on.
      const runs = [0, 1, 2].map((j) => ({ args: ['none'], afterMs: 5 + (((i * 3 + j) * 37) % 30) * 8 }));
      const result = await survive(runs);
      expect(result).toMatchObject({ whole: true, same: true });
      killed += result.signals.filter((s) => s === 'SIGKILL').length;
    }
    if (long) expect(killed).toBeGreaterThan(15);
  });

  test('negative control: half a delivery is seen', async () => {
    expect(await survive([{ args: ['naive', '1'] }])).toMatchObject({ whole: false, signals: ['SIGKILL'] });
  });
});
