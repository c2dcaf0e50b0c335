// Killed at every named place, restarted: nothing lost, nothing double, everything audited. The state after is held against that of a run nobody killed;
// controls show that the comparison would notice. Killed at any other moment: kill-anywhere.test.ts.
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import { recordFailpoints } from '../failpoint.ts';
import { empty, tell } from './ground.ts';
import { killItems, killPeople, runOnce, stateOf } from './kill-world.ts';

const database = testDatabase();
const child = path.join(import.meta.dirname, 'kill-child.ts');

const prepare = async (): Promise<void> => {
  await empty(database);
  await tell(database, killPeople());
};

/** A real process, killed by the system: no handler runs, nothing is flushed. */
const kill = (name: string, nth: number, mode = 'plain'): void => {
  const node = process.execPath;
  const done = spawnSync(node, [child, database.ownerUrl, name, String(nth), mode], {
    encoding: 'utf8',
  });
  expect({ signal: done.signal, stderr: done.signal === null ? done.stderr : '' }).toEqual({ signal: 'SIGKILL', stderr: '' });
};

const long = process.env.ZHIXIANG_TEST_LONG === '1';

let whole: unknown;
let stoppedWhole: unknown;
const places: string[] = [];

const learn = async (differ: boolean): Promise<unknown> => {
  await prepare();
  const { at, reached } = recordFailpoints();
  await runOnce(database, killItems, { failpoint: at, differ });
  for (const name of reached) if (!places.includes(name)) places.push(name);
  return await stateOf(database);
};

beforeEach(async () => {
  if (whole !== undefined) return;
  whole = await learn(false);
  stoppedWhole = await learn(true);
});

describe('a run that is killed', () => {
  it('has a name for every write boundary', () => {
    expect([...places].sort()).toEqual([
      'match.after-chunk',
      'match.after-end',
      'match.after-matches',
      'match.after-plan',
      'match.after-results',
      'match.after-stop',
      'match.before-chunk',
      'match.before-commit',
      'match.before-end',
      'match.before-end-commit',
      'match.before-matches',
      'match.before-plan',
      'match.before-plan-commit',
      'match.before-stop',
      'seal.after-block',
      'seal.after-snapshot',
      'seal.before-commit',
      'seal.before-read',
      'seal.before-snapshot',
    ]);
  });

  it('loses nothing and doubles nothing, wherever it dies', async () => {
    // Every place in the long tests; here one inside each transaction, close to its end.
    const few = places.filter((one) => /^(match\.before-(plan-|end-)?commit|match\.after-(matches|stop)|seal\.before-commit)$/.test(one));
    expect(few).toHaveLength(6);
    for (const name of long ? places : few) {
      const differ = name.endsWith('-stop');
      await prepare();
      kill(name, 1, differ ? 'differ' : 'plain');
      await runOnce(database, killItems, { starts: 1, differ });
      expect(await stateOf(database), name).toEqual(differ ? stoppedWhole : whole);
    }
  });

  it('would be caught if it marked a chunk done without its writes (control)', async () => {
    await prepare();
    kill('match.after-plan', 1);
    await database.sql`
      insert into work (step, shard, token, done_at)
      select 'match', id || '/citizen/000000/old/2026-01', 1, now() from run`;
    await runOnce(database, killItems, { starts: 1 });
    expect(await stateOf(database)).not.toEqual(whole);
  });

  it('would be caught if it wrote a match twice (control)', async () => {
    await prepare();
    await runOnce(database, killItems);
    await database.sql`
      insert into match (item_id, version, register, subject_id, division, period_key, sequence, kind, verdict, amount_fen, lines, evidence, run_id, created_at)
      select item_id, version, register, subject_id, division, period_key, sequence + 1, kind, verdict, amount_fen, lines, evidence, run_id, created_at
      from match limit 1`;
    expect(await stateOf(database)).not.toEqual(whole);
  });
});

describe('several processes', () => {
  it('share one run and write what one would have written', async () => {
    await prepare();
    const reports = await Promise.all([runOnce(database, killItems), runOnce(database, killItems), runOnce(database, killItems)]);
    expect(new Set(reports.map((r) => r.runId)).size).toBe(1);
    expect(await stateOf(database)).toEqual(whole);
  });
});
