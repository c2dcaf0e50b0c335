// What finance must see coming: arrears with people, yuan and days; warnings three months ahead; many payments in one place, flagged and paid all the same.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { sealBatch } from '../../src/payment/seal.ts';
import { warningsOf } from '../../src/payment/watch.ts';
import { arrears, concentrations, outlooks, paceDays } from '../../src/payment/watch-store.ts';
import { testDatabase } from '../database.ts';
import { broken, empty, publish, runWith, settlePeople, today } from '../settlement/ground.ts';
import { actor, fund, payDay, paying, person, ready, steps, toReady } from './ground.ts';

const database = testDatabase();
beforeEach(() => empty(database));
afterEach(async () => expect(await broken(database)).toEqual([]));

const other = { ...everything, authorities: ['别的局'] };

describe('arrears', () => {
  it('are people, yuan and days since it was due, sealed or not, within the scope, until it has arrived', async () => {
    const source = await ready(database, { A: person('甲', 1), B: person('乙', 2), C: person('丙', 3) });
    await sealBatch(database.db, { ...steps(), sourceId: source, payOn: payDay, maker: actor('maker'), limit: 1 });
    expect(await arrears(database.db, everything, day('2026-11-25'))).toEqual([
      { itemId: 'a', year: 2026, people: 3, fen: 30_000n, since: '2026-11-10', days: 15 },
    ]);
    expect(await arrears(database.db, other, day('2026-11-25'))).toEqual([]);
  });
});

describe('warnings', () => {
  const one = { itemId: 'a', year: 2026, kind: 'limited' as const };
  it('name the day on which the money is gone at the present pace, three months ahead and no sooner', () => {
    const at = (leftFen: bigint, on: string) => warningsOf([{ ...one, leftFen, paceFen: 9_000n }], day(on), 90);
    // 100 分 a day: 5,000 分 last 50 days.
    expect(at(5_000n, '2026-06-01')).toMatchObject([{ goneOn: '2026-07-21', lackFen: 16_400n }]);
    expect(at(9_300n, '2026-06-01')).toEqual([]);
    // Enough until the year is over.
    expect(at(5_000n, '2026-12-01')).toEqual([]);
    expect(at(0n, '2026-06-01')).toMatchObject([{ goneOn: '2026-06-01', text: '额度已用完，之后的排队等候。' }]);
  });

  it('an entitlement is never cut: what it lacks is said, whether or not anything was given for it', async () => {
    await settlePeople(database, { A: person('甲', 1), B: person('乙', 2) });
    await publish(database, [paying('a'), paying('b')]);
    await runWith(database, [
      { item: 'a', subject: 'A', yuan: 100 },
      { item: 'b', subject: 'B', yuan: 100 },
    ]);
    await toReady(database);
    await fund(database, 'a', 'agent-csv', { amountFen: 15_000n });
    const now = await outlooks(database.db, everything, today);
    expect(now).toEqual([
      { itemId: 'a', year: 2026, kind: 'entitlement', leftFen: 5_000n, paceFen: 10_000n },
      { itemId: 'b', year: 2026, kind: 'entitlement', leftFen: -10_000n, paceFen: 10_000n },
    ]);
    expect(warningsOf(now, today, paceDays)).toMatchObject([
      { itemId: 'b', goneOn: today, text: '已核定的超过已下达的指标，差额待拨，请追加指标。' },
      { itemId: 'a', goneOn: '2026-12-25' },
    ]);
    expect(await outlooks(database.db, other, today)).toEqual([]);
  });
});

describe('many payments in one place', () => {
  it('on one account, in one household, new in one unit: told, and paid all the same', async () => {
    const household = '0b0e7a52-0000-4000-8000-000000000001';
    const people = Object.fromEntries(
      ['A', 'B', 'C', 'D'].map((name, i) => [
        name,
        person(name, i, { division: '530128101', household, ...(i < 3 ? { account: '6222020000007777' } : {}) }),
      ]),
    );
    const source = await ready(database, people);
    const found = await concentrations(database.db, everything, { account: 3, household: 4, unit: 4 });
    expect(found.map((one) => [one.kind, one.people, one.fen, one.subjects.length])).toEqual([
      ['household', 4, 40_000n, 4],
      ['unit', 4, 40_000n, 4],
      ['account', 3, 30_000n, 3],
    ]);
    expect(JSON.stringify(found.map((one) => one.place))).not.toContain('7777');
    expect(await concentrations(database.db, everything, { account: 4, household: 5, unit: 5 })).toEqual([]);
    expect(await concentrations(database.db, other, { account: 3, household: 4, unit: 4 })).toEqual([]);
    expect((await sealBatch(database.db, { ...steps(), sourceId: source, payOn: payDay, maker: actor('maker') })).batch?.lines).toBe(4);
  });
});
