// The brake: what changed too much goes no further than its run until a person lets it go; a corrected delivery mends it by itself.
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import { type BrakeLimits, brakeWords, releaseBrake, setLimits, tooFar } from '../../src/match/brake.ts';
import { heldItems } from '../../src/match/brake-store.ts';
import { decideChanges } from '../../src/match/event.ts';
import { settle } from '../../src/settlement/settle.ts';
import { testDatabase } from '../database.ts';
import { world } from '../snapshot/world.ts';
import { at, empty, itemOf, lines, publish, sealAndRun, tell, versionOf } from './ground.ts';

const database = testDatabase();
beforeEach(() => empty(database));

const few: BrakeLimits = { share: 0.3, people: 3, fen: 300_00n };
const old = itemOf('old');
const ask = { itemId: 'old', by: 'u-officer', role: 'officer', scope: everything, at };

const town = (ages: readonly string[]) => Object.fromEntries(ages.map((age, i) => [`p${i}`, { age }]));

const settledLines = async () => (await database.sql`select from settlement_line`).length;

/** A first month that stands: ten people, all over 80. */
const usual = async (): Promise<void> => {
  await setLimits(database.db, { itemId: null, limits: few, by: 'u-officer', role: 'officer', at });
  await publish(database, [old]);
  await tell(database, town(Array.from({ length: 10 }, () => '85')));
  await sealAndRun(database, [old]);
  await settle(database.db, { now: at });
};

describe('how much is too much', () => {
  const counted = (eligible: number, undetermined: number, fen: bigint) => ({
    itemId: 'x',
    periodKey: '2026-01',
    eligible,
    undetermined,
    amountFen: fen,
  });

  it('holds only beyond both the share and the size, in either direction', () => {
    const limits: BrakeLimits = { share: 0.3, people: 50, fen: 50_000_00n };
    expect(tooFar(counted(100, 0, 0n), counted(149, 0, 0n), limits)).toEqual([]);
    expect(tooFar(counted(100, 0, 0n), counted(150, 0, 0n), limits)).toMatchObject([{ measure: 'eligible', before: '100', now: '150' }]);
    expect(tooFar(counted(1000, 0, 0n), counted(1300, 0, 0n), limits)).toEqual([]);
    expect(tooFar(counted(1000, 0, 0n), counted(699, 0, 0n), limits)).toMatchObject([{ measure: 'eligible' }]);
    expect(tooFar(counted(100, 0, 0n), counted(100, 50, 0n), limits)).toMatchObject([{ measure: 'undetermined' }]);
    expect(tooFar(counted(100, 0, 100_000_00n), counted(100, 0, 151_000_00n), limits)).toMatchObject([{ measure: 'amount' }]);
  });

  it('never holds what did not change, and always what vanished or appeared beyond the sizes', () => {
    const figures = fc.record({ e: fc.nat(1e6), u: fc.nat(1e6), fen: fc.bigInt(0n, 10n ** 14n) });
    fc.assert(
      fc.property(figures, fc.double({ min: 0.001, max: 0.99, noNaN: true }), fc.nat(1000), ({ e, u, fen }, share, people) => {
        const limits = { share, people: people + 1, fen: 1n };
        const [now, none] = [counted(e, u, fen), counted(0, 0, 0n)];
        expect(tooFar(now, now, limits)).toEqual([]);
        const expected = [...(e > people ? ['eligible'] : []), ...(u > people ? ['undetermined'] : []), ...(fen > 0n ? ['amount'] : [])];
        expect(tooFar(now, none, limits).map((r) => r.measure)).toEqual(expected.filter((measure) => measure !== 'amount' || e > 0));
        expect(tooFar(none, now, limits).map((r) => r.measure)).toEqual(expected.filter((measure) => measure !== 'amount'));
      }),
    );
  });

  it('says so in words, without names', () => {
    const reasons = [
      { measure: 'eligible', periodKey: '2026-02', against: '2026-01', before: '812', now: '1203' },
      { measure: 'amount', periodKey: '2026-02', against: '2026-02', before: '0', now: '7000000' },
    ] as const;
    expect(brakeWords(reasons)).toBe(
      '与上次相比变化过大，先停在这里，没有结算、告知和拨付：2026-02 符合 812 人 → 1203 人（增加 48.1%，比 2026-01）；2026-02 金额 0.00 元 → 70,000.00 元（上次没有）。',
    );
  });
});

describe('a run that differs too much', () => {
  it('holds the item before settlement; released, it goes on', async () => {
    await usual();
    const before = await settledLines();
    expect(before).toBe(10);
    await tell(database, town([...Array.from({ length: 10 }, () => '85'), '90', '91', '92', '93']));
    const report = await sealAndRun(database, [old]);
    expect(report.items).toMatchObject([{ held: true, stopped: expect.stringContaining('符合 10 人 → 14 人（增加 40.0%）') }]);
    await settle(database.db, { now: at });
    expect(await settledLines()).toBe(before);
    expect(await heldItems(database.db)).toMatchObject([{ itemId: 'old', overtaken: false }]);
    await releaseBrake(database.db, { ...ask, runId: report.runId, reason: '与派出所核对，新迁入属实' });
    await settle(database.db, { now: at });
    expect(await settledLines()).toBe(14);
    expect(await heldItems(database.db)).toEqual([]);
    const [entry] = await database.sql`select actor, reason from audit_entry where action = 'run.release-item'`;
    expect(entry).toMatchObject({ actor: 'u-officer', reason: '与派出所核对，新迁入属实' });
    await expect(releaseBrake(database.db, { ...ask, runId: report.runId, reason: '再放一次' })).rejects.toMatchObject({
      problems: [{ code: 'missing.held' }],
    });
  });

  it('is mended by a corrected delivery: nobody ended, nobody is told twice, and the held run can no longer be released', async () => {
    await usual();
    await tell(database, town(Array.from({ length: 10 }, () => '8')));
    const bad = await sealAndRun(database, [old]);
    expect(bad.items).toMatchObject([{ held: true, eligible: 0 }]);
    await tell(database, town(['86', ...Array.from({ length: 9 }, () => '85')]));
    const good = await sealAndRun(database, [old]);
    expect(good.items).toMatchObject([{ held: false, stopped: null, eligible: 10 }]);
    expect(good.items[0]?.written).toEqual({});
    await settle(database.db, { now: at });
    expect(await database.sql`select state from settlement_line where state <> 'granted'`).toEqual([]);
    await expect(releaseBrake(database.db, { ...ask, runId: bad.runId, reason: '看过了' })).rejects.toMatchObject({
      problems: [{ code: 'state.later-run' }],
    });
    expect((await lines(database)).filter((line) => line.includes('ended')).length).toBe(10);
  });

  it('has nothing to be held against the first time, an item that is new beside it neither; from nobody to many is held', async () => {
    await setLimits(database.db, { itemId: null, limits: few, by: 'u-officer', role: 'officer', at });
    const newer = itemOf('newer', { conditions: { all: [{ fact: 'age', operator: 'greaterThanInclusive', value: 60 }] } });
    await publish(database, [old, newer]);
    await tell(database, town(Array.from({ length: 10 }, () => '70')));
    expect((await sealAndRun(database, [old])).items).toMatchObject([{ held: false, eligible: 0 }]);
    expect((await sealAndRun(database, [newer, old])).items).toMatchObject([
      { itemId: 'newer', held: false, eligible: 10 },
      { itemId: 'old', held: false, eligible: 0 },
    ]);
    await tell(database, town(Array.from({ length: 10 }, () => '90')));
    const after = await sealAndRun(database, [newer, old]);
    expect(after.items).toMatchObject([
      { itemId: 'newer', held: false, eligible: 10 },
      { itemId: 'old', held: true, stopped: expect.stringContaining('符合 0 人 → 10 人（上次没有）') },
    ]);
    // What is held is settled for nobody, so nobody is told or paid; what is not goes on.
    await settle(database.db, { now: at });
    expect(await database.sql`select distinct item_id from settlement_line`).toEqual([{ item_id: 'newer' }]);
  });

  it('is held for those who wait, and for the money alone', async () => {
    await usual();
    await tell(database, town(Array.from({ length: 6 }, () => '85')));
    await database.sql`delete from record_part where subject_id in (select subject_id from record where key in ('p6', 'p7', 'p8', 'p9'))`;
    const open = await sealAndRun(database, [old]);
    expect(open.items).toMatchObject([{ held: true, undetermined: 4, stopped: expect.stringContaining('待核 0 人 → 4 人') }]);
    await empty(database);
    await setLimits(database.db, { itemId: null, limits: few, by: 'u-officer', role: 'officer', at });
    const tiers = itemOf('tiers', { award: { tiers: { by: 'age', rows: [{ below: 90, yuan: 50 }, { yuan: 500 }] } } });
    await publish(database, [tiers]);
    await tell(database, town(Array.from({ length: 10 }, () => '85')));
    await sealAndRun(database, [tiers]);
    await tell(database, town(['95', ...Array.from({ length: 9 }, () => '85')]));
    const dear = await sealAndRun(database, [tiers]);
    expect(dear.items).toMatchObject([{ held: true, eligible: 10, stopped: expect.stringContaining('金额 500.00 元') }]);
  });

  it('does not serve as the measure for the next', async () => {
    await usual();
    await tell(database, town(Array.from({ length: 10 }, () => '8')));
    await sealAndRun(database, [old]);
    await tell(database, town(Array.from({ length: 10 }, () => '9')));
    const again = await sealAndRun(database, [old]);
    expect(again.items).toMatchObject([{ held: true, stopped: expect.stringContaining('符合 10 人 → 0 人') }]);
  });

  it('is let go only by whom it concerns, with a reason', async () => {
    await usual();
    await tell(database, town(Array.from({ length: 10 }, () => '8')));
    const { runId } = await sealAndRun(database, [old]);
    await expect(releaseBrake(database.db, { ...ask, runId, reason: ' ' })).rejects.toMatchObject({ problems: [{ code: 'input.reason' }] });
    for (const scope of [
      { ...everything, items: ['other'] },
      { ...everything, divisions: ['12'] },
      { ...everything, authorities: ['别的局'] },
    ])
      await expect(releaseBrake(database.db, { ...ask, scope, runId, reason: '看过了' })).rejects.toMatchObject({
        problems: [{ code: 'missing.held' }],
      });
    expect(await heldItems(database.db)).toHaveLength(1);
  });

  it('asks of many who would let it go at once: one does', async () => {
    await usual();
    await tell(database, town(Array.from({ length: 10 }, () => '8')));
    const { runId } = await sealAndRun(database, [old]);
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => releaseBrake(database.db, { ...ask, runId, reason: '核对无误' })),
    );
    expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    expect(await database.sql`select from audit_entry where action = 'run.release-item' and object_id = ${runId}`).toHaveLength(1);
  });
});

describe('events, one row at a time', () => {
  const born = (count: number) => town(Array.from({ length: 16 }, (_, i) => (i < 10 + count ? '85' : '70')));
  const decide = () =>
    decideChanges(database.db, { catalogue: world, items: [versionOf(old)], today: day('2026-01-20'), at, actor: 'test' });
  const over = { delta: { share: 0.9, leastRows: 0 } };
  const matched = async () => (await lines(database)).length;

  it('do not carry past the brake what a run could not: the item is left to the next run, which is held until a person lets it go', async () => {
    await setLimits(database.db, { itemId: null, limits: few, by: 'u-officer', role: 'officer', at });
    await publish(database, [old]);
    await tell(database, born(0));
    await sealAndRun(database, [old], over);
    for (const n of [1, 2, 3]) {
      await tell(database, born(n));
      expect(await decide()).toMatchObject({ state: 'decided', written: 1, braked: [] });
    }
    for (const n of [4, 5, 6]) {
      await tell(database, born(n));
      expect(await decide()).toMatchObject({ state: 'decided', written: 0, braked: ['old'] });
      expect(await matched()).toBe(13);
    }
    expect(await database.sql`select from audit_entry where action = 'run.brake-event'`).toHaveLength(3);
    // The run sees them all, those of the events too, and is held against the last run.
    const report = await sealAndRun(database, [old], { ...over, knownAt: day('2026-01-21') });
    expect(report.items).toMatchObject([{ held: true, eligible: 16, stopped: expect.stringContaining('符合 10 人 → 16 人') }]);
    await settle(database.db, { now: at });
    expect(await settledLines()).toBe(13);
    await releaseBrake(database.db, { ...ask, runId: report.runId, reason: '与派出所核对，属实' });
    await settle(database.db, { now: at });
    expect(await settledLines()).toBe(16);
  });

  it('count up and down alike, and anew after a run that counts', async () => {
    await setLimits(database.db, { itemId: null, limits: few, by: 'u-officer', role: 'officer', at });
    await publish(database, [old]);
    await tell(database, born(0));
    await sealAndRun(database, [old], over);
    const braked: number[] = [];
    for (const n of [1, 0, 1, 0, 1]) {
      await tell(database, born(n));
      braked.push((await decide()).braked.length);
    }
    expect(braked).toEqual([0, 0, 0, 1, 0]);
    await sealAndRun(database, [old], { ...over, knownAt: day('2026-01-20') });
    expect(await matched()).toBe(13);
    await tell(database, born(2));
    expect(await decide()).toMatchObject({ written: 1, braked: [] });
  });
});
