// Budgets that end, on a real PostgreSQL: first come, everybody the same share, by rank, carried into the next year; and a choice between matters that
// exclude each other. Laws of the sharing and of 就高 by themselves, against plain search.
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { transaction } from '../../src/db/handle.ts';
import { budgetBalances } from '../../src/ledger/store.ts';
import type { Item, Limit, LimitedBudget } from '../../src/policy/item.ts';
import { chooseItem } from '../../src/settlement/choice.ts';
import { listChoosing } from '../../src/settlement/choice-store.ts';
import { componentOf, exclude, heaviest, type Vertex, vertexKey } from '../../src/settlement/exclude.ts';
import { shareOut } from '../../src/settlement/offer.ts';
import { settle } from '../../src/settlement/settle.ts';
import { testDatabase } from '../database.ts';
import { at, broken, empty, idOf, itemOf, linesOf, publish, runWith, settlePeople } from './ground.ts';

const database = testDatabase();
const people = ['P1', 'P2', 'P3', 'P4', 'P5'];
const go = (on = '2026-11-10') => settle(database.db, { now: at, today: day(on) });
const brief = async () =>
  (await linesOf(database, people)).map((l) => `${l.who} ${l.item} ${l.period} ${l.state} ${l.granted}${l.why ? ` (${l.why})` : ''}`);

beforeEach(async () => {
  await empty(database);
  await settlePeople(database, Object.fromEntries(people.map((p) => [p, {}])));
});
afterEach(async () => expect(await broken(database)).toEqual([]));

const limited = (over: Partial<LimitedBudget>): Partial<Item> => ({
  period: 'yearly',
  budget: { kind: 'limited', yuan: 100, order: 'day', ...over },
});

describe('a budget with a cut-off', () => {
  it('promises nobody anything before it, then serves in the order of events, whatever came first', async () => {
    await publish(database, [itemOf('a', limited({ cutoff: '11-30' }))]);
    for (const [subject, orderDay] of [
      ['P2', '2026-03-01'],
      ['P3', '2026-05-01'],
      ['P1', '2026-02-01'],
    ] as const) {
      await runWith(database, [{ item: 'a', subject, period: '2026', yuan: 50, orderDay }]);
      await go();
    }
    expect(await brief()).toEqual(['P1', 'P2', 'P3'].map((who) => `${who} a 2026 waiting 0.00 (budget)`));
    const [row] = await database.sql<{ reasons: { text: string }[] }[]>`select reasons from settlement_line limit 1`;
    expect(row?.reasons[0]?.text).toBe('2026-11-30 截止汇总后统一核定，核定前不承诺金额。');
    await go('2026-11-30');
    expect((await brief()).every((line) => line.includes('waiting'))).toBe(true);
    await go('2026-12-01');
    expect(await brief()).toEqual(['P1 a 2026 granted 50.00', 'P2 a 2026 granted 50.00', 'P3 a 2026 waiting 0.00 (budget)']);
  });

  it('gives everybody the same share, to the 分, once; who comes later is not among them', async () => {
    await publish(database, [itemOf('a', limited({ give: 'prorata', cutoff: '11-30' }))]);
    await runWith(
      database,
      ['P1', 'P2', 'P3'].map((subject, i) => ({ item: 'a', subject, period: '2026', yuan: [40, 50, 60][i] ?? 0 })),
    );
    await go();
    expect(await brief()).toEqual(['P1', 'P2', 'P3'].map((who) => `${who} a 2026 waiting 0.00 (budget)`));
    await go('2026-12-01');
    // 100 of 150: 26.666…, 33.333…, 40.
    expect(await brief()).toEqual([
      'P1 a 2026 reduced 26.67 (budget)',
      'P2 a 2026 reduced 33.33 (budget)',
      'P3 a 2026 reduced 40.00 (budget)',
    ]);
    expect(await transaction(database.db, (tx) => budgetBalances(tx, 'a:2026'))).toMatchObject({ available: 0n, reserved: 10_000n });
    await runWith(database, [{ item: 'a', subject: 'P4', period: '2026', yuan: 10 }]);
    await go('2026-12-02');
    expect((await brief())[3]).toBe('P4 a 2026 refused 0.00 (budget)');
    expect(await database.sql`select count(*)::int as n from audit_entry where action = 'budget.share'`).toEqual([{ n: 1 }]);
  });

  it('keeps a share for who waits for data, and gives all where there is enough for all', async () => {
    await publish(database, [
      itemOf('a', limited({ give: 'prorata', cutoff: '11-30' })),
      itemOf('b', limited({ yuan: 500, give: 'prorata', cutoff: '11-30' })),
    ]);
    const of = (subject: string) => ['a', 'b'].map((item) => ({ item, subject, period: '2026', yuan: 100 }));
    await runWith(database, [...of('P1'), ...of('P2')]);
    await go();
    await runWith(database, [{ item: 'a', subject: 'P2', period: '2026', verdict: 'undetermined', kind: 'suspended' }]);
    await go();
    await go('2026-12-01');
    expect(await brief()).toEqual([
      'P1 a 2026 reduced 50.00 (budget)',
      'P1 b 2026 granted 100.00',
      'P2 a 2026 parked 0.00 (budget)',
      'P2 a 2026 suspended 0.00 (stop)',
      'P2 b 2026 granted 100.00',
    ]);
    await runWith(database, [{ item: 'a', subject: 'P2', period: '2026', yuan: 100, kind: 'resumed' }]);
    await go('2026-12-05');
    expect((await brief())[2]).toBe('P2 a 2026 reduced 50.00 (budget)');
  });

  it('serves by rank: the highest number first', async () => {
    await publish(database, [itemOf('a', limited({ give: 'ranked', order: 'score', cutoff: '11-30' }))]);
    const ids = await runWith(
      database,
      ['P1', 'P2', 'P3', 'P4'].map((subject) => ({ item: 'a', subject, period: '2026', yuan: 50 })),
    );
    const owner = (await import('postgres')).default(database.ownerUrl, { max: 1, onnotice: () => undefined });
    const scores = ['9.5', '88', '87.25'];
    for (const [i, score] of scores.entries())
      await owner`update match set evidence = evidence || ${owner.json({ orderValue: score })} where id = ${ids[i] ?? ''}`;
    await owner.end();
    await go('2026-12-01');
    expect(await brief()).toEqual([
      'P1 a 2026 waiting 0.00 (budget)',
      'P2 a 2026 granted 50.00',
      'P3 a 2026 granted 50.00',
      'P4 a 2026 waiting 0.00 (budget)',
    ]);
  });
});

describe('the next year', () => {
  it('who waits when the year is over goes first in the next year’s budget, where the item carries over', async () => {
    await publish(database, [itemOf('a', limited({ carry: true })), itemOf('b', limited({}))]);
    const both = (subject: string, period: string, orderDay: string) =>
      ['a', 'b'].map((item) => ({ item, subject, period, yuan: 60, orderDay, end: `${period}-12-31` }));
    await runWith(database, [...both('P1', '2026', '2026-01-01'), ...both('P2', '2026', '2026-02-01')]);
    await go();
    await runWith(database, both('P3', '2027', '2027-01-02'));
    await go('2027-01-05');
    await go('2027-01-06');
    expect(await brief()).toEqual([
      'P1 a 2026 granted 60.00',
      'P1 b 2026 granted 60.00',
      'P2 a 2026 granted 60.00',
      'P2 b 2026 waiting 0.00 (budget)',
      'P3 a 2027 waiting 0.00 (budget)',
      'P3 b 2027 granted 60.00',
    ]);
    expect(await transaction(database.db, (tx) => budgetBalances(tx, 'a:2027'))).toMatchObject({ available: 4_000n, reserved: 6_000n });
    const [carried] = await database.sql`select year, budget_year from settlement_line where item_id = 'a' and subject_id = ${idOf('P2')}`;
    expect(carried).toEqual({ year: 2026, budget_year: 2027 });
  });
});

describe('就高不重复', () => {
  const group = (name: string, more: object = {}): Limit => ({ exclusive: { group: name, per: 'year', ...more } });

  it('is solved over the whole component: whoever shares no group with the winner is not refused because of it', async () => {
    await publish(database, [
      itemOf('low', { limits: [group('g1')] }),
      itemOf('mid', { limits: [group('g1'), group('g2')] }),
      itemOf('high', { limits: [group('g2')] }),
    ]);
    await runWith(database, [
      { item: 'low', subject: 'P1', yuan: 50 },
      { item: 'mid', subject: 'P1', yuan: 60 },
      { item: 'high', subject: 'P1', yuan: 80 },
    ]);
    await go();
    expect(await brief()).toEqual([
      'P1 high 2026-10 granted 80.00',
      'P1 low 2026-10 granted 50.00',
      'P1 mid 2026-10 refused 0.00 (exclusive)',
    ]);
  });

  it('compares what a matter is worth as a whole: five graduates against one sum, months against a year', async () => {
    await publish(database, [itemOf('each', { limits: [group('g')] }), itemOf('sum', { limits: [group('g')] })]);
    const graduates = ['a', 'b', 'c', 'd', 'e'].map((key) => ({ key, yuan: 10 }));
    await runWith(database, [
      { item: 'each', subject: 'P1', lines: graduates },
      { item: 'sum', subject: 'P1', yuan: 30 },
      { item: 'sum', subject: 'P2', period: '2026', yuan: 30 },
    ]);
    await go();
    expect((await brief()).filter((line) => line.startsWith('P1'))).toEqual([
      ...graduates.map(() => 'P1 each 2026-10 granted 10.00'),
      'P1 sum 2026-10 refused 0.00 (exclusive)',
    ]);
    const months = ['2026-01', '2026-02', '2026-03', '2026-04', '2026-05'];
    for (const period of months) {
      await runWith(database, [{ item: 'each', subject: 'P2', period, yuan: 10 }]);
      await go();
    }
    // The year was paid 30; from the fourth month on the months are worth more, and the difference is paid.
    expect((await brief()).filter((line) => line.startsWith('P2'))).toEqual([
      'P2 each 2026-01 refused 0.00 (exclusive)',
      'P2 each 2026-02 refused 0.00 (exclusive)',
      'P2 each 2026-03 refused 0.00 (exclusive)',
      'P2 each 2026-04 granted 10.00',
      'P2 each 2026-05 granted 10.00',
      'P2 sum 2026 granted 30.00',
    ]);
  });

  it('lets the person choose within the days, and takes the highest when they are over', async () => {
    const limits = [group('g', { choose: { days: 10 } })];
    await publish(database, [itemOf('low', { limits }), itemOf('high', { limits })]);
    const both = (subject: string) => [
      { item: 'low', subject, yuan: 50 },
      { item: 'high', subject, yuan: 80 },
    ];
    await runWith(database, [...both('P1'), ...both('P2'), { item: 'low', subject: 'P3', yuan: 50 }]);
    await go();
    const waits = (who: string) => [`${who} high 2026-10 waiting 0.00 (exclusive)`, `${who} low 2026-10 waiting 0.00 (exclusive)`];
    expect(await brief()).toEqual([...waits('P1'), ...waits('P2'), 'P3 low 2026-10 granted 50.00']);
    const [line] = await database.sql<{ id: string; text: string }[]>`
      select id, reasons -> 0 ->> 'text' as text from settlement_line where subject_id = ${idOf('P1')} and item_id = 'low'`;
    expect(line?.text).toBe('同类政策只能享受一项（事项low、事项high），请在 10 天内选择；逾期按金额最高的发放。');
    const choose = () =>
      transaction(database.db, (tx) =>
        chooseItem(tx, { lineId: line?.id ?? '', scope: everything, at, actor: 'clerk', role: 'reviewer', reason: '本人到窗口选的' }),
      );
    expect(await listChoosing(database.db, { scope: everything, subjectId: idOf('P1'), limit: 10 })).toMatchObject([
      { itemId: 'high', until: '2026-11-20', fen: 8_000n },
      { itemId: 'low', until: '2026-11-20', fen: 5_000n },
    ]);
    await choose();
    await go('2026-11-12');
    expect(await brief()).toEqual([
      'P1 high 2026-10 refused 0.00 (exclusive)',
      'P1 low 2026-10 granted 50.00',
      ...waits('P2'),
      'P3 low 2026-10 granted 50.00',
    ]);
    await expect(choose()).rejects.toThrow('missing.choice');
    await go('2026-11-20');
    expect((await brief()).slice(2, 4)).toEqual(waits('P2'));
    await go('2026-11-21');
    expect((await brief()).slice(2, 4)).toEqual(['P2 high 2026-10 granted 80.00', 'P2 low 2026-10 refused 0.00 (exclusive)']);
  });
});

describe('laws', () => {
  it('shares add up to the 分, nobody gets more than wanted, nobody is off the exact share by a 分', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: 10_000n }),
        fc.array(fc.bigInt({ min: 1n, max: 5_000n }), { minLength: 1, maxLength: 40 }),
        (available, wanted) => {
          const wants = wanted.map((wantedFen, i) => ({ id: `${i}`, wantedFen, orderKey: String((i * 7919) % 1000).padStart(4, '0') }));
          const shares = shareOut(available, wants);
          const total = wanted.reduce((a, b) => a + b, 0n);
          expect([...shares.values()].reduce((a, b) => a + b, 0n)).toBe(total < available ? total : available);
          for (const { id, wantedFen } of wants) {
            const fen = shares.get(id) ?? -1n;
            expect(fen >= 0n && fen <= wantedFen).toBe(true);
            if (total > available) {
              const off = fen * total - available * wantedFen;
              expect(off < total && -off < total).toBe(true);
            }
          }
          expect(shareOut(available, [...wants].reverse())).toEqual(new Map([...shares].reverse()));
        },
      ),
      { seed: 7, numRuns: 1000 },
    );
  });

  const vertexArb = fc.record({
    item: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    month: fc.integer({ min: 1, max: 3 }),
    fen: fc.integer({ min: 0, max: 9 }),
  });
  const groupsArb = fc.dictionary(
    fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
    fc.uniqueArray(fc.constantFrom('x', 'y', 'z'), { maxLength: 2 }),
  );
  const perArb = fc.record({
    x: fc.constantFrom('period' as const, 'year' as const),
    y: fc.constantFrom('period' as const, 'year' as const),
    z: fc.constant('ever' as const),
  });

  it('finds the best set that plain search finds, in whatever order the matters are given', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(vertexArb, { selector: (v) => `${v.item}${v.month}`, maxLength: 9 }),
        groupsArb,
        perArb,
        (plain, groups, per) => {
          const vertices = plain.map(
            ({ item, month, fen }): Vertex => ({
              item: itemOf(item, {
                limits: (groups[item] ?? []).map((name): Limit => ({ exclusive: { group: name, per: per[name as 'x'] } })),
              }),
              periodKey: `2026-0${month}`,
              year: 2026,
              fen: BigInt(fen),
            }),
          );
          const [first] = vertices;
          if (first === undefined) return;
          const component = componentOf(first, vertices);
          const winners = heaviest(component);
          const chosen = component.filter((v) => winners.has(vertexKey(v)));
          for (const a of chosen) for (const b of chosen) expect(exclude(a, b)).toBe(false);
          let best = 0n;
          for (let mask = 0; mask < 1 << component.length; mask++) {
            const set = component.filter((_, i) => (mask & (1 << i)) !== 0);
            if (set.every((a) => set.every((b) => !exclude(a, b)))) {
              const fen = set.reduce((sum, v) => sum + v.fen, 0n);
              if (fen > best) best = fen;
            }
          }
          expect(chosen.reduce((sum, v) => sum + v.fen, 0n)).toBe(best);
          expect(new Set(heaviest([...component].reverse()))).toEqual(new Set(winners));
        },
      ),
      { seed: 7, numRuns: 500 },
    );
  });
});
