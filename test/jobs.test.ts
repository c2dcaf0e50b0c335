// The schedule: which minute is whose in Chinese time, no overlap, a failing job disturbs nobody, and the audit chain really runs from it; what is kept of
// each run, whoever asked for it, and for how long.
import { describe, expect, test, vi } from 'vitest';
import { audit } from '../src/audit/audit.ts';
import { fail } from '../src/base/problem.ts';
import { readConfig } from '../src/config.ts';
import { cronText, nextDue } from '../src/cron.ts';
import { DatabaseError } from '../src/db/error.ts';
import { transaction } from '../src/db/handle.ts';
import { keepingOf, removeRuns, setKeeping } from '../src/job/keep.ts';
import { alone, standingOf } from '../src/job/run.ts';
import { askToStop, failingJobs, isRunning, lastRuns, listRuns } from '../src/job/store.ts';
import { makeRunner } from '../src/job-runner.ts';
import { jobTitles } from '../src/job-titles.ts';
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

describe('a time in words', () => {
  test.each([
    ['* * * * *', '每分钟', '2026-03-01T00:01:00Z'],
    ['*/10 * * * *', '每 10 分钟', '2026-03-01T00:10:00Z'],
    ['5 * * * *', '每小时第 5 分', '2026-03-01T00:05:00Z'],
    ['30 1 * * *', '每天 01:30', '2026-03-01T17:30:00Z'],
    ['0 8 * * 1-5', '每周一至五 08:00', '2026-03-02T00:00:00Z'],
    ['0 8 * * 0', '每周日 08:00', '2026-03-08T00:00:00Z'],
    ['0 9 1 * *', '每月1日 09:00', '2026-03-01T01:00:00Z'],
    ['20 9 2-31 1 *', '每年1月2至31日 09:20', '2027-01-02T01:20:00Z'],
    ['0 0 30 2 *', '每年2月30日 00:00', null],
    ['1-5 3 * * *', '1-5 3 * * *', '2026-03-01T19:01:00Z'],
  ])('%s: %s', (cron, words, next) => {
    expect([cronText(cron), nextDue(cron, new Date('2026-03-01T00:00:00Z'))]).toEqual([words, next === null ? null : new Date(next)]);
    if (next !== null) expect(dueJobs([job(cron)], new Date(next))).toHaveLength(1);
  });
});

describe('the list', () => {
  test('has a title for every job, for no other, and somebody who may run it', () => {
    expect(Object.keys(jobTitles).toSorted()).toEqual(jobs.map((one) => one.name).toSorted());
    for (const { title, roles } of Object.values(jobTitles))
      expect([title, /^[一-龥]+$/.test(title), roles.length > 0]).toEqual([title, true, true]);
  });

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

describe('a run', () => {
  const minute = 60_000;
  const clockOf = (start = at) => {
    let ms = start.getTime();
    const pass = (by: number): void => {
      ms += by;
    };
    return { now: () => new Date(ms), pass };
  };
  const runsOf = (name: string) =>
    listRuns(database.db, { name, outcomes: ['running', 'done', 'idle', 'failed', 'lost', 'stopped'], before: null, limit: 50 });
  const named = (name: string, run: Job['run']): Job => ({ ...job('* * * * *', run), name });

  test('is kept with its line, its reason and who asked; nothing of what an error quotes', async () => {
    const { now, pass } = clockOf();
    const runner = makeRunner({ context, now });
    const run = async (own: Job['run'], by: string | null = null) => {
      pass(minute);
      return await (await runner.start(named('test.kept', own), by)).ended.catch(() => '✕');
    };
    expect(await run(async () => '封存 3 份')).toBe('封存 3 份');
    expect(await run(async () => null, 'somebody')).toBe(null);
    await run(async () => fail('state.snapshot', '', '身份证 110105194912310021 的档案读不懂。', '请补报。'));
    await run(async () => {
      await database.sql`select '110105194912310021'::int`;
      return null;
    });
    await run(async () => {
      throw new TypeError('110105194912310021');
    });
    const kept = await runsOf('test.kept');
    expect(kept.map((one) => [one.outcome, one.line, one.code, one.askedBy])).toEqual([
      ['failed', null, 'internal.unexpected', null],
      ['failed', null, 'internal.database', null],
      ['failed', null, 'state.snapshot', null],
      ['idle', null, null, 'somebody'],
      ['done', '封存 3 份', null, null],
    ]);
    expect(JSON.stringify(kept)).not.toContain('1101051949');
    expect(kept.every((one) => /[一-龥]/.test(`${one.message ?? one.line ?? '好'}`))).toBe(true);
    const told = (await lastRuns(database.db, ['test.kept', 'test.none'])).get('test.kept');
    expect([told?.last.outcome, told?.telling?.outcome]).toEqual(['failed', 'failed']);
    expect((await failingJobs(database.db, ['test.kept', 'test.none'])).map((one) => one.code)).toEqual(['internal.unexpected']);
    await run(async () => null);
    expect(await failingJobs(database.db, ['test.kept'])).toEqual([]);
  });

  test('that never says how it ended is given up, and taken back when it does', async () => {
    const { now, pass } = clockOf();
    // No beat comes in between: as of a process that was killed.
    const runner = makeRunner({ context, now, beatMs: 3_600_000 });
    const gate = Promise.withResolvers<string>();
    const first = await runner.start(
      named('test.slow', () => gate.promise),
      null,
    );
    expect([await isRunning(database.db, 'test.slow', now()), (await runsOf('test.slow'))[0]?.outcome]).toEqual([true, 'running']);
    pass(6 * minute);
    expect(await isRunning(database.db, 'test.slow', now())).toBe(false);
    await (
      await runner.start(
        named('test.slow', async () => null),
        null,
      )
    ).ended;
    expect((await runsOf('test.slow')).map((one) => one.outcome)).toEqual(['idle', 'lost']);
    gate.resolve('迟到的');
    await first.ended;
    expect((await runsOf('test.slow')).map((one) => [one.outcome, one.line])).toEqual([
      ['idle', null],
      ['done', '迟到的'],
    ]);
    await runner.settled();
  });

  test('says how far it is, and stops where it can when somebody asks, or as the process ends', async () => {
    const { now } = clockOf();
    const runner = makeRunner({ context, now, beatMs: 5 });
    const begin = async () => {
      const { ended } = await runner.start(
        named('test.long', async (_, { signal, far } = alone) => {
          far(0.25, '第一段');
          if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
          signal.throwIfAborted();
          return '没有停';
        }),
        'somebody',
      );
      return ended;
    };
    const first = begin();
    await vi.waitFor(async () => expect((await runsOf('test.long'))[0]).toMatchObject({ share: 0.25, doing: '第一段' }), 20_000);
    const stop = () => transaction(database.db, (tx) => askToStop(tx, 'test.long', 'li', now()));
    expect(await stop()).not.toBeNull();
    await first;
    expect((await runsOf('test.long'))[0]).toMatchObject({ outcome: 'stopped', stopAskedBy: 'li', doing: null, code: null });
    expect(await stop()).toBeNull();
    const second = begin();
    await vi.waitFor(async () => expect((await runsOf('test.long'))[0]).toMatchObject({ outcome: 'running', share: 0.25 }), 20_000);
    runner.halt();
    await second;
    expect((await runsOf('test.long')).map((one) => [one.outcome, one.stopAskedBy])).toEqual([
      ['stopped', null],
      ['stopped', 'li'],
    ]);
    // Killed without a word: it is said so as soon as it has been silent for too long, and nobody is kept from beginning again.
    const silent = { outcome: 'running' as const, seenAt: at };
    expect([standingOf(silent, at), standingOf(silent, new Date(at.getTime() + 3 * minute))]).toEqual(['running', 'lost']);
  }, 60_000);

  test('is let go after its time: what had nothing to do first, the rest later; by setting, with its reason', async () => {
    const { now } = clockOf();
    await database.sql`delete from job_run`;
    const day = 86_400_000;
    for (const [outcome, age] of [
      ['idle', 2],
      ['idle', 4],
      ['done', 4],
      ['failed', 100],
      ['done', 200],
    ] as const) {
      const began = new Date(at.getTime() - age * day);
      await database.sql`insert into job_run (name, started_at, seen_at, ended_at, outcome, code) values
        ('test.old', ${began}, ${began}, ${began}, ${outcome}, ${outcome === 'failed' ? 'x.y' : null})`;
    }
    const by = { actor: 'a', role: 'admin', reason: '', at };
    await expect(setKeeping(database.db, { days: 90, idleDays: 1 }, by)).rejects.toThrow('input.reason');
    await expect(setKeeping(database.db, { days: 3, idleDays: 1 }, { ...by, reason: '省空间' })).rejects.toThrow('input.days');
    expect([await keepingOf(database.db), await removeRuns(database.db, now())]).toEqual([{ days: 180, idleDays: 3 }, 2]);
    await setKeeping(database.db, { days: 90, idleDays: 1 }, { ...by, reason: '省空间' });
    expect([await removeRuns(database.db, now()), await removeRuns(database.db, now())]).toEqual([2, 0]);
    expect((await runsOf('test.old')).map((one) => one.outcome)).toEqual(['done']);
    const entries = await database.sql<{ n: number }[]>`
      select count(*)::int as n from audit_entry where action in ('job.retention', 'job-run.remove')`;
    expect(entries[0]?.n).toBe(3);
  });
});
