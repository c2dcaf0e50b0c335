// A run killed by SIGKILL at moments that no name was given to (thirty in the long tests), each taken up by the next process while the server may still be at what the dead one
// had sent: nothing lost, nothing double. That the comparison would notice is shown by the controls in kill.test.ts.
import { type ChildProcess, fork } from 'node:child_process';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/db/handle.ts';
import { createDatabase, dropDatabase } from '../database.ts';
import { openTestDatabase } from '../open.ts';
import { broken } from '../settlement/ground.ts';
import type { Go } from './anywhere-child.ts';
import { tell } from './ground.ts';
import { killPeople, stateOf } from './kill-world.ts';

const lanes = 2;
const long = process.env.ZHIXIANG_TEST_LONG === '1';
const killsPerLane = long ? 15 : 1;
const file = path.join(import.meta.dirname, 'anywhere-child.ts');

const alive = new Set<ChildProcess>();

/** The next process starts while the last one runs: starting costs more than running. */
const starter = () => {
  const start = () => {
    // Without execArgv: vitest's own would come along.
    const child = fork(file, { execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    alive.add(child);
    child.once('exit', () => alive.delete(child));
    const ready = said(child, 'ready');
    // The last one started is never asked for; it ends with the test.
    ready.catch(() => undefined);
    return { child, ready };
  };
  let next = start();
  return async (): Promise<ChildProcess> => {
    const { child, ready } = next;
    await ready;
    next = start();
    return child;
  };
};

const said = (child: ChildProcess, word: string): Promise<void> =>
  new Promise((resolve, reject) => {
    child.on('message', (message) => message === word && resolve());
    child.once('exit', (code, signal) => reject(new Error(`ended before ${word}: ${code} ${signal}`)));
  });

interface End {
  /** From its first connection on. */
  readonly ms: number;
  /** False when it had done all there was to do before its moment came. */
  readonly killed: boolean;
}

const turn = async (child: ChildProcess, go: Go, afterMs?: number): Promise<End> => {
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.once('exit', (code, signal) => resolve({ code, signal })),
  );
  let timer: NodeJS.Timeout | undefined;
  let began = 0;
  let ms = 0;
  child.on('message', (message) => {
    if (message === 'open') {
      began = performance.now();
      if (afterMs !== undefined) timer = setTimeout(() => child.kill('SIGKILL'), afterMs);
    } else if (message === 'done') {
      ms = performance.now() - began;
      clearTimeout(timer);
    }
  });
  child.send(go);
  const { code, signal } = await ended;
  const killed = signal === 'SIGKILL' && ms === 0;
  if (!killed) expect({ code, signal }).toEqual({ code: 0, signal: null });
  return { ms, killed };
};

/** The server ends the transaction of a dead client when it notices: what it still writes shall be seen. */
const settled = async ({ sql }: Database): Promise<void> => {
  await expect
    .poll(
      async () =>
        (
          await sql`select from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`
        ).length,
      { timeout: 120_000, interval: 5 },
    )
    .toBe(0);
};

/** Where the dead process had got to. */
const reachedBy = async ({ sql }: Database): Promise<string> => {
  const [row] = await sql<{ runs: number; ended: number; begun: number; open: number; sealed: number }[]>`
    select (select count(*)::int from snapshot) as sealed, (select count(*)::int from run) as runs,
      (select count(*)::int from run where ended_at is not null) as ended,
      (select count(*)::int from work where step = 'match' and done_at is not null) as begun,
      (select count(*)::int from work where step = 'match' and done_at is null) as open`;
  if (row === undefined || row.sealed === 0) return 'sealing';
  if (row.runs === 0) return 'planning';
  if (row.ended > 0) return 'ended';
  return row.begun === 0 ? 'first chunk' : row.open === 0 ? 'ending' : 'between chunks';
};

/** Fixed seed per lane: which fractions are drawn never changes, only how far a process gets in that time. */
const random = (seed: number) => {
  let state = seed;
  return (): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return state / 0x80000000;
  };
};

let ground = '';
let whole: unknown;
let usualMs = 0;
const starters: ReturnType<typeof starter>[] = [];

const onCopy = async <T>(work: (database: Database, ownerUrl: string) => Promise<T>): Promise<T> => {
  const ownerUrl = await createDatabase(new URL(ground));
  const database = await openTestDatabase({ ownerUrl, maxConnections: 1 });
  try {
    return await work(database, ownerUrl);
  } finally {
    await database.close();
    await dropDatabase(ownerUrl);
  }
};

beforeAll(async () => {
  for (let i = 0; i < lanes; i++) starters.push(starter());
  ground = await createDatabase();
  const database = await openTestDatabase({ ownerUrl: ground, maxConnections: 1 });
  await tell(Object.assign(database, { ownerUrl: ground }), killPeople());
  await database.close();
  // As many at once as later: a moment is a share of what the run takes beside another one.
  const undisturbed = await Promise.all(
    starters.map((take) =>
      onCopy(async (copy, ownerUrl) => {
        const { ms } = await turn(await take(), { ownerUrl, starts: 0 });
        return { ms, state: await stateOf(copy) };
      }),
    ),
  );
  whole = undisturbed[0]?.state;
  for (const { ms, state } of undisturbed) {
    expect(state).toEqual(whole);
    usualMs += ms / lanes;
  }
});

afterAll(async () => {
  for (const child of alive) child.kill('SIGKILL');
  await dropDatabase(ground);
});

describe('a run killed at any moment', () => {
  it('loses nothing and doubles nothing', async () => {
    const reached: string[] = [];
    const lane = async (take: () => Promise<ChildProcess>, draw: () => number): Promise<void> => {
      let kills = 0;
      while (kills < killsPerLane) {
        await onCopy(async (copy, ownerUrl) => {
          // One after the other, each with less left to do, until one is done before its moment comes.
          for (let starts = 0; ; starts++) {
            const { killed } = await turn(await take(), { ownerUrl, starts }, kills < killsPerLane ? draw() * usualMs : undefined);
            if (!killed) break;
            kills++;
            reached.push(await reachedBy(copy));
          }
          await settled(copy);
          expect(await stateOf(copy), `after ${kills} kills`).toEqual(whole);
          expect(await broken(copy)).toEqual([]);
        });
      }
    };
    await Promise.all(starters.map((take, i) => lane(take, random(7 + i))));
    expect(reached.length).toBe(lanes * killsPerLane);
    // Not all of them before anything was written or after everything was.
    if (long) expect(reached.filter((where) => where === 'between chunks').length).toBeGreaterThanOrEqual(5);
  });
});
