// The database server itself is killed: a real PostgreSQL of the test's own, fsync on, its postmaster ended by SIGKILL in the middle of a money step, alone
// or with every process of its. It is started again on the same files, the step is done again, and in the end every sum is what an undisturbed way makes.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { type Embedded, openEmbedded } from '../../src/db/embedded.ts';
import type { Failpoint } from '../../src/db/failpoint.ts';
import type { Database } from '../../src/db/handle.ts';
import { migrate } from '../../src/db/migrate.ts';
import { testDatabase } from '../database.ts';
import { recordFailpoints } from '../failpoint.ts';
import { openTestDatabase } from '../open.ts';
import { broken } from '../settlement/ground.ts';
import { outcome, town, walkWhole, wholeWay } from './way.ts';

const calm = testDatabase();

/** Its processes: the ones it has started, by the table of processes; where there is /proc, no other program is needed. */
const childrenOf = (pid: number): readonly number[] => (existsSync('/proc/self/stat') ? fromProc(pid) : fromPs(pid));

const fromProc = (pid: number): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        // After the name in brackets, which may hold anything: state and parent.
        const parent = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[1];
        return Number(parent) === pid ? [Number(name)] : [];
      } catch {
        // It ended while we looked.
        return [];
      }
    });

const fromPs = (pid: number): readonly number[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([own = 0, parent]) => (parent === pid ? [own] : []));

const kill = (pid: number): void => {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    // Gone already: a child that ended by itself between being listed and being killed.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
};

interface Kill {
  readonly place: string;
  /** Every process of the server, as when the machine dies; else the postmaster alone, and its processes end when they notice. */
  readonly all: boolean;
}

/** One server; killed at these places in turn, at the first arrival since the last start. */
const walkKilled = async (kills: readonly Kill[]): Promise<unknown> => {
  const directory = mkdtempSync(path.join(tmpdir(), 'zhixiang-killed-'));
  // mkdtemp makes 0700, where user postgres could not go.
  chmodSync(directory, 0o755);
  const dataDir = path.join(directory, 'data');
  const start = () => openEmbedded({ dataDir, nowMs: Date.now() });
  let server: Embedded = await start();
  let database: Database | undefined;
  try {
    await migrate({ ownerUrl: server.url });
    const left = [...kills];
    const at: Failpoint = async (here) => {
      const next = left[0];
      if (next?.place !== here) return;
      left.shift();
      const pid = Number(readFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
      const processes = next.all ? childrenOf(pid) : [];
      for (const one of [pid, ...processes]) kill(one);
      await server.gone;
    };
    database = await openTestDatabase({ ownerUrl: server.url, maxConnections: 2 });
    await town({ ...database, ownerUrl: server.url });
    for (const { name, run } of wholeWay)
      for (;;) {
        const waiting = left.length;
        const error = await run(database, at).then(
          () => null,
          (thrown: unknown) => thrown,
        );
        if (left.length === waiting) {
          expect(error, name).toBe(null);
          break;
        }
        await database.sql.end({ timeout: 0 });
        await server.stop();
        server = await start();
        expect(server.startedFresh).toBe(false);
        database = await openTestDatabase({ ownerUrl: server.url, maxConnections: 2 });
        expect(await broken(database), `${name}, killed`).toEqual([]);
      }
    expect(left).toEqual([]);
    expect(await broken(database)).toEqual([]);
    return await outcome(database);
  } finally {
    await database?.sql.end({ timeout: 0 });
    await server.stop();
    rmSync(directory, { recursive: true, force: true });
  }
};

it('killed at several places, started again, and all sums are the same', { timeout: 600_000 }, async () => {
  await town(calm);
  const { at, reached } = recordFailpoints();
  await walkWhole(calm, at);
  const undisturbed = await outcome(calm);
  const places = reached.filter((place, i) => reached.indexOf(place) === i);
  const few = ['settle.before-commit', 'release.before-sent'];
  expect(places).toEqual(expect.arrayContaining(few));
  // Every place in the long run, each once with all processes and once the postmaster alone.
  const kills =
    process.env.ZHIXIANG_TEST_LONG === '1'
      ? places.flatMap((place) => [
          { place, all: true },
          { place, all: false },
        ])
      : few.map((place, i) => ({ place, all: i === 0 }));
  expect(await walkKilled(kills)).toEqual(undisturbed);
});
