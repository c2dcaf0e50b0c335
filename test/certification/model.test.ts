// Random years of certification on a real database: days pass, traces arrive, letters are handed over or not, people visit, hold and lift, stops are ordered.
// Nothing leaves for whoever is kept back, every move is a way of its table, no machine ends anything, and in the end every month is paid once or still there.
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { addDays, type Day, day } from '../../src/base/day.ts';
import { ProblemError } from '../../src/base/problem.ts';
import { type CertificationState, certificationStates } from '../../src/certification/certification.ts';
import { hold, lift } from '../../src/disbursement/act.ts';
import { testDatabase } from '../database.ts';
import { act, lifeOf } from '../disbursement/ground.ts';
import { toReady } from '../payment/ground.ts';
import { broken, empty } from '../settlement/ground.ts';
import { old, yearOf } from './ground.ts';

const database = testDatabase();
const year = yearOf(database);
const { doing, all } = lifeOf(database);
beforeEach(() => empty(database));

const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('days'), n: fc.integer({ min: 5, max: 30 }) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('met', 'not-met', 'deceased', 'moved', 'trace', 'hand', 'hold', 'lift', 'pay', 'step'),
      n: fc.nat(1),
    }),
  },
);

/** Moves that were written, from → to, by whom. */
const moves = async () =>
  await database.sql<{ from: CertificationState; to: CertificationState; role: string }[]>`
    select a.detail -> 'before' ->> 'state' as "from", a.detail -> 'after' ->> 'state' as "to", a.role from audit_entry a
    where a.object_kind = 'certification' and a.detail -> 'before' ->> 'state' <> a.detail -> 'after' ->> 'state'`;

/** Lines sealed on a day on which the certification of their subject kept them back. */
const keptBackNow = async (): Promise<ReadonlySet<string>> =>
  new Set(
    (await database.sql<{ id: string }[]>`select subject_id as id from certification where state in ('suspended', 'deceased')`).map(
      (row) => row.id,
    ),
  );

describe('a year of certification, at random', () => {
  it('pays nobody who is kept back, ends nobody by silence, and loses no month', { timeout: 600_000 }, async () => {
    const seen = new Set<string>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 18 }), async (steps) => {
        await empty(database);
        const who = ['A', 'B'] as const;
        await year.begin({ A: old('甲', 1), B: old('乙', 2, { email: null }) });
        for (const period of ['2026-01', '2026-02', '2026-03', '2026-04']) await year.month(period, who);
        let today: Day = day('2026-04-05');
        let months = 4;
        await year.step(today);
        await year.tellAll(today);
        await year.handOver(addDays(today, 2));
        const pay = async (): Promise<void> => {
          const before = await keptBackNow();
          const { batch } = await year.pay(today);
          if (batch === null) return;
          const paid = await database.sql<{ id: string }[]>`select subject_id as id from payment_line where batch_id = ${batch.id}`;
          for (const { id } of paid) expect(before.has(id)).toBe(false);
        };
        for (const { kind, n } of steps) {
          const turns = await year.turns();
          const turn = turns.filter((one) => one.name === (n === 0 ? '甲' : '乙')).at(-1);
          const records = (await all())
            .filter((one) => one.payeeName === (n === 0 ? '甲' : '乙'))
            .sort((a, b) => (a.periodKey < b.periodKey ? -1 : 1));
          try {
            switch (kind) {
              case 'days':
                for (let to = addDays(today, n); today < to; today = addDays(today, 1)) {
                  if (!today.endsWith('-05') || today === '2026-04-05' || months >= 11) continue;
                  months += 1;
                  await year.month(today.slice(0, 7), who);
                }
                await year.fresh(today);
                await year.step(today);
                await year.tellAll(today);
                break;
              case 'step':
                await year.fresh(today);
                await Promise.all([year.step(today), year.step(today)]);
                break;
              case 'trace':
                await year.trace(n === 0 ? 'A' : 'B', { checkupOn: addDays(today, -2) });
                break;
              case 'hand':
                await year.handOver(today);
                break;
              case 'pay':
                await pay();
                break;
              case 'hold':
              case 'lift': {
                const one = records.find((record) => (kind === 'lift') === (record.state === 'held'));
                const ask = { ...act(one?.id ?? '', { on: today }), reason: '核实' };
                if (one !== undefined) await doing((tx) => (kind === 'hold' ? hold : lift)(tx, ask));
                break;
              }
              default:
                if (turn !== undefined)
                  await year.visit(turn.code, today, {
                    result: kind as 'met',
                    ...(kind === 'deceased' ? { diedOn: addDays(today, -1) } : {}),
                  });
            }
          } catch (error) {
            if (!(error instanceof ProblemError)) throw error;
            seen.add(error.problems[0]?.code ?? '');
          }
          expect(await broken(database)).toEqual([]);
        }
        for (const { from, to, role } of await moves()) {
          seen.add(`${from} ${to}`);
          expect(certificationStates[from].next[to], `${from} → ${to}`).toContain(role === 'system' ? 'machine' : 'reviewer');
        }
        // Everybody is met, nobody holds anything any more: every month of both is paid, each once.
        for (const one of (await all()).filter((record) => record.state === 'held'))
          await doing((tx) => lift(tx, { ...act(one.id, { on: today }), reason: '核实无误' }));
        for (const one of await year.turns(['open', 'visiting', 'suspended', 'deceased'])) {
          if (one.anchorOn >= today) today = addDays(one.anchorOn, 1);
          await year.visit(one.code, today, { note: '年底见到本人' });
        }
        await year.fresh(today);
        await year.step(today);
        // What was held from the first on goes its way now.
        await toReady(database, today);
        await pay();
        const lines = await database.sql<{ n: number; periods: number }[]>`
          select count(*)::int as n, count(distinct (subject_id, period_key))::int as periods from payment_line`;
        expect(lines).toMatchObject([{ n: months * 2, periods: months * 2 }]);
        expect(await broken(database)).toEqual([]);
      }),
      { seed: 11, numRuns: process.env.ZHIXIANG_TEST_LONG === '1' ? 120 : 3, endOnFailure: true },
    );
    expect([...seen].sort()).toEqual(expect.arrayContaining(['visiting suspended', 'suspended certified']));
  });
});
