// The schedule: which minute is whose in Chinese time, no overlap, a failing job disturbs nobody, and the audit chain really runs from it.
import { describe, expect, test } from 'vitest';
import { audit } from '../src/audit/audit.ts';
import { readConfig } from '../src/config.ts';
import { DatabaseError } from '../src/db/error.ts';
import { transaction } from '../src/db/handle.ts';
import { makeRunner } from '../src/job-runner.ts';
import { dueJobs, type Job, type JobContext, jobs } from '../src/jobs.ts';
import { startSchedule } from '../src/schedule.ts';
import { surelyCommitted } from './committed.ts';
import { testDatabase } from './database.ts';

const database = testDatabase();
const at = new Date('2026-03-01T00:00:00Z');
const context = (): JobContext => ({ db: database.db, config: readConfig({}), now: at, anchor: null });
const job = (cron: string, run: Job['run'] = async () => null): Job => ({ name: 'test.job', cron, what: '测试', run });

describe('due', () => {
  // 2026-03-01 is a Sunday; 00:00 UTC is 08:00 in Shanghai.
  test.each([
    ['* * * * *', '2026-03-01T00:00:00Z', true],
    ['0 8 * * *', '2026-03-01T00:00:30Z', true],
    ['0 0 * * *', '2026-03-01T00:00:00Z', false],
    ['0 0 2 * *', '2026-03-01T16:00:00Z', true],
    ['*/15 * * * *', '2026-03-01T00:45:00Z', true],
    ['*/15 * * * *', '2026-03-01T00:46:00Z', false],
    ['5-10/5 8-9 * * *', '2026-03-01T01:10:00Z', true],
    ['0 8 * * 0', '2026-03-01T00:00:00Z', true],
    ['0 8 * * 7', '2026-03-01T00:00:00Z', true],
    ['0 8 * * 1-5', '2026-03-01T00:00:00Z', false],
    ['0 8 15 * 0', '2026-03-01T00:00:00Z', true],
    ['0 8 1,15 3 *', '2026-03-01T00:00:00Z', true],
    ['0 8 1 4 *', '2026-03-01T00:00:00Z', false],
  ])('%s at %s: %s', (cron, moment, due) => {
    expect(dueJobs([job(cron)], new Date(moment))).toHaveLength(due ? 1 : 0);
  });
});

describe('the list', () => {
  test('has plain names, five fields and a Chinese word for everything, no name twice', () => {
    expect(new Set(jobs.map((one) => one.name)).size).toBe(jobs.length);
    for (const one of jobs) {
      expect(one.name).toMatch(/^[a-z-]+\.[a-z-]+$/);
      expect(one.cron.split(' ')).toHaveLength(5);
      expect(one.what).toMatch(/[一-龥]/);
    }
  });

  test('chains the audit trail', async () => {
    await transaction(database.db, (tx) => audit(tx, { actor: 'a', role: 'r', action: 'x.y', objectKind: 'k', objectId: '1', at }));
    const chain = jobs.find((one) => one.name === 'audit.chain');
    await surelyCommitted(database.sql);
    expect(await chain?.run(context())).toBe('接链 1 条留痕');
    expect(await chain?.run(context())).toBeNull();
  });
});

describe('the clockwork', () => {
  test('runs, never overlaps, survives a failure and waits at stop', async () => {
    let inside = 0;
    let most = 0;
    let finished = 0;
    const lines: string[] = [];
    const failures: unknown[] = [];
    // Six fields: node-cron also takes seconds, which keeps this test short.
    const slow = job('* * * * * *', async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 1500));
      inside--;
      finished++;
      return '好';
    });
    const broken = job('* * * * * *', async () => {
      await database.sql`select '110105194912310021'::int`;
      return null;
    });
    const schedule = startSchedule({
      jobs: [slow, { ...broken, name: 'test.broken' }],
      runner: makeRunner({ context, now: () => new Date() }),
      done: (_, line) => lines.push(line),
      failed: (_, error) => failures.push(error),
    });
    // Two ticks while the first still runs, and one failure: however slow the machine is.
    const began = Date.now();
    while ((Date.now() - began < 3200 || finished === 0 || failures.length === 0) && Date.now() - began < 50_000)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const before = finished + inside;
    await schedule.stop();
    expect(most).toBe(1);
    expect(inside).toBe(0);
    expect(finished).toBe(before);
    expect(lines.length).toBe(finished);
    expect(failures[0]).toBeInstanceOf(DatabaseError);
    expect(String(failures[0])).not.toContain('1101051949');
  });
});
