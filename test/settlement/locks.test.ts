// Everything that touches a lane at once, many times over: settling, withdrawing, pre-filling, sealing, retelling. Nobody waits for each other, and the
// books agree afterwards.
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everything } from '../../src/base/scope.ts';
import { transaction } from '../../src/db/handle.ts';
import { prefill } from '../../src/disbursement/prefill.ts';
import { review } from '../../src/disbursement/review.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { settle } from '../../src/settlement/settle.ts';
import { withdrawLines } from '../../src/settlement/withdraw-store.ts';
import { testDatabase } from '../database.ts';
import { actor, fund, payDay, paying, person, steps, toReady } from '../payment/ground.ts';
import { at, broken, calendar, empty, idOf, linesOf, type Match, publish, runWith, settlePeople, stepsOn, today } from './ground.ts';

const database = testDatabase();
beforeEach(() => empty(database));
afterEach(async () => expect(await broken(database)).toEqual([]));

const people = Array.from({ length: 8 }, (_, i) => `P${String(i).padStart(2, '0')}`);
const hire = { claim: { kind: 'graduate', object: 'email', group: 'h', per: 'ever' as const } };
const review1 = { first: ['guard', 'review', 'pay'] as const, continuing: ['guard', 'pay'] as const };

/** Two items that share graduates and an exclusion group; one is paid at once, one is reviewed by people. */
const matchesOf = (round: number): Match[] =>
  people.flatMap((subject, i): Match[] => [
    {
      item: i % 2 === 0 ? 'fast' : 'slow',
      subject,
      lines: [
        {
          key: 'g',
          yuan: 100 + ((i + round) % 3),
          claims: [{ kind: 'graduate', object: `G${(i + round) % 5}`, group: 'h', per: 'ever', orderDay: `2026-0${1 + ((i * 5) % 9)}-15` }],
        },
      ],
      kind: round === 0 ? 'first' : 'changed',
    },
  ]);

const town = async (): Promise<string> => {
  await settlePeople(database, Object.fromEntries(people.map((p, i) => [p, person(p, i)])));
  const limits = [hire, { exclusive: { group: 'g', per: 'year' as const } }];
  await publish(database, [
    paying('fast', { limits, budget: { kind: 'limited', yuan: 700, order: 'deathDate' } }),
    paying('slow', { limits, flow: review1 }),
  ]);
  return await fund(database, 'fast');
};

/** Passes on what is a plain refusal of the moment; everything else, a deadlock above all, fails the test. */
const orRefused = async (work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    const text = String(error);
    if (!/state\.|conflict\./.test(text)) throw error;
  }
};

const reviewing = async (): Promise<string[]> =>
  (await database.sql<{ id: string }[]>`select id from disbursement where state = 'reviewing' order by id`).map((row) => row.id);
const promised = async () =>
  await database.sql<{ id: string; subject_id: string; item_id: string }[]>`
    select id, subject_id, item_id from settlement_line where state in ('granted', 'reduced') order by id desc`;

describe('one order of locks', () => {
  it('settles, withdraws, reviews, pre-fills and seals at once, ten times over, without a deadlock', async () => {
    const source = await town();
    const acting = (id: string) => ({ id, actor: { id: 'r', role: 'reviewer' }, scope: everything, now: at, today, calendar });
    for (let round = 0; round < 10; round++) {
      await runWith(database, matchesOf(round));
      await toReady(database);
      await runWith(database, matchesOf(round + 1));
      const waiting = await reviewing();
      const lines = await promised();
      const by = { at, actor: 'r', role: 'reviewer' };
      await Promise.all([
        ...[1, 2, 3].map((chunk) => settle(database.db, { now: at, chunk })),
        ...waiting
          .slice(0, 3)
          .map((id) =>
            orRefused(() =>
              transaction(database.db, (tx) => review(tx, { ...acting(id), roster: [], decision: 'refuse', reason: '不符' })),
            ),
          ),
        // Two people withdraw the same lines of both items, in opposite orders.
        ...[lines.slice(0, 2), lines.slice(0, 2).toReversed()].map((few) =>
          orRefused(() =>
            transaction(database.db, (tx) =>
              withdrawLines(
                tx,
                few.map((line) => ({ subjectId: line.subject_id, id: line.id, itemId: line.item_id, reason: '放弃' })),
                by,
              ),
            ),
          ),
        ),
        prefill(database.db, stepsOn().prefill),
        orRefused(() => sealBatch(database.db, { ...steps(), sourceId: source, payOn: payDay, maker: actor('maker'), limit: 2 })),
      ]);
      await settle(database.db, { now: at });
      expect(await broken(database), `round ${round}`).toEqual([]);
    }
    expect((await database.sql`select from posting where kind = 'commit'`).length).toBeGreaterThan(0);
    expect((await database.sql`select from audit_entry where action = 'settlement.withdraw'`).length).toBeGreaterThan(0);
  });

  /** Until `work` is done, or somebody in this database waits for a lock of somebody else's. */
  const doneOrWaits = async (work: Promise<unknown>): Promise<void> => {
    let done = false;
    const over = () => {
      done = true;
    };
    work.then(over, over);
    while (!done) {
      const [row] = await database.sql<{ n: number }[]>`
        select count(*)::int as n from pg_locks l join pg_stat_activity a on a.pid = l.pid
        where a.datname = current_database() and not l.granted`;
      if ((row?.n ?? 0) > 0) return;
      await setTimeout(5);
    }
  };
  const booked = async () => {
    const [sum] = await database.sql<{ fen: bigint }[]>`
      select sum(amount_fen)::bigint as fen from posting where subject_id = ${idOf('P00')} and account ~ ':(reserved|committed|paid)$'`;
    return sum?.fen;
  };
  const one = async (): Promise<string> => {
    await settlePeople(database, { P00: person('甲', 1) });
    await publish(database, [paying('a')]);
    await runWith(database, [{ item: 'a', subject: 'P00', yuan: 100 }]);
    await toReady(database);
    await runWith(database, [{ item: 'a', subject: 'P00', yuan: 120, kind: 'changed' }]);
    return await fund(database, 'a');
  };
  const seal = (sourceId: string, hook?: (name: string) => Promise<void>) =>
    sealBatch(database.db, { ...steps(), sourceId, payOn: payDay, maker: actor('maker'), ...(hook === undefined ? {} : { at: hook }) });

  it('a line that is just being sealed is not taken back: the settlement waits and pays the difference', async () => {
    const source = await one();
    let settling: Promise<unknown> = Promise.resolve();
    await seal(source, async (name) => {
      if (name !== 'seal.before-commit') return;
      settling = settle(database.db, { now: at });
      await doneOrWaits(settling);
    });
    await settling;
    expect(await broken(database)).toEqual([]);
    expect(await booked()).toBe(12_000n);
    expect((await linesOf(database, ['P00'])).map((l) => `${l.state} ${l.granted}`)).toEqual(['granted 100.00', 'reduced 20.00']);
  });

  it('a line that is just being taken back is not sealed', async () => {
    const source = await one();
    let sealing: Promise<Awaited<ReturnType<typeof seal>>> | undefined;
    await settle(database.db, {
      now: at,
      at: async (name) => {
        if (name !== 'settle.before-commit' || sealing !== undefined) return;
        sealing = seal(source);
        await doneOrWaits(sealing);
      },
    });
    expect(await sealing).toMatchObject({ batch: null, excluded: [{ reasons: ['核定结果已更新，这一笔不再发放。'] }] });
    expect(await broken(database)).toEqual([]);
    expect(await booked()).toBe(12_000n);
  });
});
