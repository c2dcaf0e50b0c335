// Killed at every named place and at thirty others, restarted: nothing lost, nothing double, everything audited. The state after is held against that of
// a run nobody killed; a control shows that the comparison would notice.
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { testDatabase } from '../database.ts';
import { recordFailpoints, throwAt } from '../failpoint.ts';
import { empty, tell } from './ground.ts';
import { killItems, killPeople, runOnce } from './kill-world.ts';

const database = testDatabase();
const child = path.join(import.meta.dirname, 'kill-child.ts');

/** All that a run leaves, in an order of its own; ids and moments differ from run to run and are left out. */
const state = async (): Promise<unknown> => {
  const { sql } = database;
  const [matches, blocks, items, counts, runs, snapshots, chunks, double] = await Promise.all([
    sql`select r.key, m.item_id, m.period_key, m.sequence, m.kind, m.verdict, m.amount_fen::text, m.evidence ->> 'digest' as digest
      from match m join record r on r.subject_id = m.subject_id order by 1, 2, 3, 4`,
    sql`select item_id, period_key, block, encode(eligible, 'hex') as e, encode(undetermined, 'hex') as u from block_result order by 1, 2, 3`,
    sql`select item_id, period_key, state, eligible, undetermined, ineligible, amount_fen::text, written, stopped is not null as stopped from run_item order by 1, 2`,
    sql`select item_id, period_key, fact, dataset, reason, subjects from undetermined_count order by 1, 2, 3, 4, 5`,
    sql`select state from run order by sequence`,
    sql`select id, counts from snapshot order by id`,
    sql`select detail #>> '{after,item}' as item, count(*)::int as n from audit_entry where action = 'run.chunk' and object_id in (select id::text from run) group by 1 order by 1`,
    sql`select subject_id from match group by subject_id, item_id, period_key, sequence having count(*) > 1`,
  ]);
  return { matches, blocks, items, counts, runs, snapshots, chunks, double };
};

const prepare = async (): Promise<void> => {
  await empty(database);
  await tell(database, killPeople());
};

/** A real process, killed by the system: no handler runs, nothing is flushed. */
const kill = (name: string, nth: number, mode = 'plain'): void => {
  const node = process.execPath;
  const cache = path.join(tmpdir(), 'zhixiang-test-compile-cache');
  const done = spawnSync(node, [child, database.ownerUrl, name, String(nth), mode], {
    env: { ...process.env, NODE_COMPILE_CACHE: cache },
    encoding: 'utf8',
  });
  expect({ signal: done.signal, stderr: done.signal === null ? done.stderr : '' }).toEqual({ signal: 'SIGKILL', stderr: '' });
};

let whole: unknown;
let stoppedWhole: unknown;
const places: string[] = [];
const arrivals = new Map<string, number>();

const learn = async (differ: boolean): Promise<unknown> => {
  await prepare();
  const { at, reached } = recordFailpoints();
  await runOnce(database, killItems, { failpoint: at, differ });
  for (const name of reached) {
    if (!arrivals.has(name)) places.push(name);
    arrivals.set(name, (arrivals.get(name) ?? 0) + 1);
  }
  return await state();
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
    for (const name of places) {
      const differ = name.endsWith('-stop');
      await prepare();
      kill(name, 1, differ ? 'differ' : 'plain');
      await runOnce(database, killItems, { restart: true, differ });
      expect(await state(), name).toEqual(differ ? stoppedWhole : whole);
    }
  }, 240_000);

  it('does so thirty times over, at any arrival anywhere, killed up to three times in a row', async () => {
    let seed = 7;
    const below = (n: number): number => {
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
      return seed % n;
    };
    const ordinary = places.filter((name) => !name.endsWith('-stop'));
    let kills = 0;
    while (kills < 30) {
      await prepare();
      for (let again = below(3) + 1; again > 0 && kills < 30; again--, kills++) {
        const name = ordinary[below(ordinary.length)] as string;
        await runOnce(database, killItems, { restart: true, failpoint: throwAt(name, 1 + below(arrivals.get(name) ?? 1)) }).catch(
          () => undefined,
        );
        // Dead processes hold no leases for longer than their time; here that time is over.
        await database.sql`update work set lease_until = null where done_at is null`;
      }
      await runOnce(database, killItems, { restart: true });
      expect(await state(), `after ${kills} kills`).toEqual(whole);
    }
  }, 240_000);

  it('would be caught if it marked a chunk done without its writes (control)', async () => {
    await prepare();
    kill('match.after-plan', 1);
    await database.sql`
      insert into work (step, shard, token, done_at)
      select 'match', id || '/citizen/000000/old/2026-01', 1, now() from run`;
    await runOnce(database, killItems, { restart: true });
    expect(await state()).not.toEqual(whole);
  });

  it('would be caught if it wrote a match twice (control)', async () => {
    await prepare();
    await runOnce(database, killItems);
    await database.sql`
      insert into match (item_id, version, register, subject_id, division, period_key, sequence, kind, verdict, amount_fen, lines, evidence, run_id, created_at)
      select item_id, version, register, subject_id, division, period_key, sequence + 1, kind, verdict, amount_fen, lines, evidence, run_id, created_at
      from match limit 1`;
    expect(await state()).not.toEqual(whole);
  });
});

describe('several processes', () => {
  it('share one run and write what one would have written', async () => {
    await prepare();
    const reports = await Promise.all([runOnce(database, killItems), runOnce(database, killItems), runOnce(database, killItems)]);
    expect(new Set(reports.map((r) => r.runId)).size).toBe(1);
    expect(await state()).toEqual(whole);
  });
});
