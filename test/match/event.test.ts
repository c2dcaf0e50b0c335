// An event: one changed record, decided at once for every item in force, the same as the next run would; nothing twice, whatever is killed.
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import type { Database } from '../../src/db/handle.ts';
import { setLimits } from '../../src/match/brake.ts';
import { decideChanges, type EventOptions } from '../../src/match/event.ts';
import { replay } from '../../src/match/replay.ts';
import { latestSnapshot } from '../../src/snapshot/store.ts';
import { createDatabase, testDatabase } from '../database.ts';
import { throwAt } from '../failpoint.ts';
import { openTestDatabase } from '../open.ts';
import { world } from '../snapshot/world.ts';
import { at, empty, itemOf, lines, matches, publish, sealAndRun, tell, versionOf } from './ground.ts';
import { firstStand, histories, type Stand, someItems, take } from './histories.ts';

const database = testDatabase();
let nightly: Database & { readonly ownerUrl: string };
beforeAll(async () => {
  const ownerUrl = await createDatabase();
  nightly = { ...(await openTestDatabase({ ownerUrl })), ownerUrl };
  // Ten people change by halves every night: the brake is for larger places.
  const limits = { share: 100, people: 1_000_000, fen: 10n ** 15n };
  for (const { db } of [database, nightly]) await setLimits(db, { itemId: null, limits, by: 'test', role: 'officer', at });
});
afterAll(() => nightly.close());
beforeEach(() => empty(database));

const over = { delta: { share: 0.9, leastRows: 0 } };
const decide = (items = [itemOf('old')], more: Partial<EventOptions> = {}) =>
  decideChanges(database.db, {
    catalogue: world,
    items: items.map((item) => versionOf(item)),
    today: day('2026-01-20'),
    at,
    actor: 'test',
    ...more,
  });

describe('an event', () => {
  it('decides one changed record at once, on a snapshot of one row', async () => {
    await publish(database, [itemOf('old')]);
    await tell(database, { ann: { age: '81' }, bob: { age: '70' }, cid: { age: '90' } });
    await sealAndRun(database, [itemOf('old')], over);
    await tell(database, { bob: { age: '80' } });
    expect(await decide()).toMatchObject({ state: 'decided', subjects: 1, items: 1, written: 1 });
    expect(await lines(database)).toContain('bob old 2026-01 #1 first eligible 100.00');
    const newest = await latestSnapshot(database.db);
    expect(newest?.parent).not.toBeNull();
    expect(await database.sql`select from snapshot_segment where snapshot_id = ${newest?.id ?? ''}`).toHaveLength(1);
    expect(await decide()).toMatchObject({ state: 'none', written: 0 });
    expect(await replay(database.db, 'all')).toEqual({ checked: 3, differing: 0, differences: [] });
    // The next run finds everything decided.
    const report = await sealAndRun(database, [itemOf('old')], { ...over, knownAt: day('2026-01-21') });
    expect(report.items).toMatchObject([{ eligible: 3, ineligible: 0, amountFen: 30_000n, written: {} }]);
  });

  it('that is taken back before the night leaves nothing standing that no longer holds', async () => {
    await tell(database, { ann: { age: '81' }, bob: { age: '70' } });
    await sealAndRun(database, [itemOf('old')], over);
    await tell(database, { bob: { age: '80' } });
    await decide();
    await tell(database, { bob: { age: '70' } });
    const report = await sealAndRun(database, [itemOf('old')], { ...over, knownAt: day('2026-01-21') });
    expect(report.items).toMatchObject([{ eligible: 1, ineligible: 1, written: { ended: 1 } }]);
  });

  it('writes nothing when it is killed before the end, and everything the next time', async () => {
    await tell(database, { ann: { age: '81' }, bob: { age: '70' } });
    await sealAndRun(database, [itemOf('old')], over);
    await tell(database, { bob: { age: '80' } });
    for (const where of ['event.after-snapshot', 'match.before-matches', 'match.after-matches', 'event.before-commit'])
      await expect(decide(undefined, { failpoint: throwAt(where) })).rejects.toThrow();
    expect(await lines(database)).toEqual(['ann old 2026-01 #1 first eligible 100.00']);
    const both = await Promise.all([decide(), decide(), decide()]);
    expect(both.map((r) => r.state).sort()).toEqual(['decided', 'none', 'none']);
    expect(await lines(database)).toEqual(['ann old 2026-01 #1 first eligible 100.00', 'bob old 2026-01 #1 first eligible 100.00']);
  });

  it('leaves to the night what a few rows cannot tell: another day, everybody at once, too many', async () => {
    await tell(database, { ann: { age: '81' }, bob: { age: '70' } });
    await sealAndRun(database, [itemOf('old')], over);
    await tell(database, { bob: { age: '80' }, ann: { age: '1' } });
    expect(await decide(undefined, { today: day('2026-01-21') })).toMatchObject({ state: 'night' });
    expect(await decide(undefined, { atMost: 1 })).toMatchObject({ state: 'night' });
    await database.sql`
      insert into coverage (dataset, register, division, as_of, delivery_id) values ('base', 'citizen', '', '2026-01-20', gen_random_uuid())`;
    expect(await decide()).toMatchObject({ state: 'night' });
    expect(await lines(database)).toEqual(['ann old 2026-01 #1 first eligible 100.00']);
  });

  describe('of whom others depend over a link', () => {
    const items = [
      itemOf('open', { conditions: { all: [{ fact: 'partner.open', operator: 'equal', value: true }] } }),
      itemOf('widowed', {
        conditions: {
          all: [
            { fact: 'partner.deathDate', operator: 'absent', value: false },
            { fact: 'age', operator: 'greaterThanInclusive', value: 50 },
          ],
        },
      }),
      itemOf('old'),
    ];
    const to = (key: string, from = '2020-01-01', until?: string) => ({
      spans: [
        { v: null, to: from },
        { v: key, from, ...(until === undefined ? {} : { to: until }) },
        ...(until === undefined ? [] : [{ v: null, from: until }]),
      ],
    });
    const usual = { age: '60', open: false, deathDate: null };
    const ground = async (people: Parameters<typeof tell>[1]) => {
      await publish(database, items);
      await tell(database, people);
      await sealAndRun(database, items, over);
    };
    /** What a run that decides everybody over the same data leaves. */
    const afresh = async () => {
      await sealAndRun(database, items, { delta: null, afresh: true });
      return await lines(database);
    };

    it('are decided with it, one step far, in a circle too, and whoever names nobody stays out of it', async () => {
      await ground({
        ann: { ...usual, partner: to('bob') },
        bob: { ...usual, partner: to('ann') },
        cid: { ...usual, partner: to('ann', '2019-01-01', '2024-01-01') },
        dan: { ...usual, partner: to('bob') },
        eve: usual,
      });
      await tell(database, { ann: { ...usual, open: true, partner: to('bob') } });
      // Bob and Cid name Ann, Cid for days long past; Dan names Bob, of whom nothing has changed.
      expect(await decide(items)).toMatchObject({ state: 'decided', subjects: 1, dependents: 2, left: 0, written: 1 });
      expect(await lines(database)).toEqual(['bob open 2026-01 #1 first eligible 100.00']);
      // Both at once: each is decided once, as changed and as dependent.
      await tell(database, {
        ann: { ...usual, age: '81', open: true, partner: to('bob') },
        bob: { ...usual, age: '82', open: true, partner: to('ann') },
      });
      expect(await decide(items)).toMatchObject({ subjects: 2, dependents: 2, written: 4 });
      const now = await lines(database);
      expect(now).toEqual([
        'ann old 2026-01 #1 first eligible 100.00',
        'ann open 2026-01 #1 first eligible 100.00',
        'bob old 2026-01 #1 first eligible 100.00',
        'bob open 2026-01 #1 first eligible 100.00',
        'dan open 2026-01 #1 first eligible 100.00',
      ]);
      expect(await afresh()).toEqual(now);
      expect(await replay(database.db, 'all')).toMatchObject({ differences: [] });
    });

    it('are decided when somebody dies, and again when the report was wrong', async () => {
      await ground({ ann: usual, bob: { ...usual, partner: to('ann') }, cid: { ...usual, deathDate: '2025-11-02', partner: to('ann') } });
      await tell(database, { ann: { ...usual, deathDate: '2026-01-03' } });
      expect(await decide(items)).toMatchObject({ subjects: 1, dependents: 2 });
      const now = await lines(database);
      expect(now).toContain('bob widowed 2026-01 #1 first eligible 100.00');
      expect(await afresh()).toEqual(now);
      // Taken back: the report was wrong.
      await tell(database, { ann: usual });
      expect(await decide(items)).toMatchObject({ state: 'decided', dependents: 2 });
      expect(await lines(database)).toContain('bob widowed 2026-01 #2 ended ineligible');
      const after = await lines(database);
      expect(await afresh()).toEqual(after);
    });

    it('wait beyond the bound, and the next run loses none of them', async () => {
      const crowd = Array.from({ length: 9 }, (_, i) => `p${i}`);
      await ground({ ann: usual, ...Object.fromEntries(crowd.map((key) => [key, { ...usual, partner: to('ann') }])) });
      await tell(database, { ann: { ...usual, open: true } });
      expect(await decide(items, { dependentsAtMost: 4 })).toMatchObject({ dependents: 4, left: 5, written: 4 });
      const [entry] = await database.sql<{ left: number }[]>`
        select (detail #>> '{after,left}')::int as left from audit_entry where action = 'run.event' order by id desc limit 1`;
      expect(entry?.left).toBe(5);
      expect(await lines(database)).toHaveLength(4);
      const report = await sealAndRun(database, items, { ...over, knownAt: day('2026-01-21') });
      expect(report.items.map((i) => i.written)).toEqual([{}, { first: 5 }, {}]);
      expect((await lines(database)).filter((line) => line.includes(' open '))).toHaveLength(9);
      // A newcomer whom somebody has named all along.
      await tell(database, { q: { ...usual, partner: to('new') } });
      await sealAndRun(database, items, { ...over, knownAt: day('2026-01-22') });
      await tell(database, { new: { ...usual, open: true } });
      expect(await decide(items, { today: day('2026-01-22') })).toMatchObject({ subjects: 1, dependents: 1, written: 1 });
    });

    it('are left alone by ranks and pools: those are closing runs’', async () => {
      const ranked = itemOf('top', {
        facts: { place: { text: '名次', rank: { by: 'age', among: { fact: 'partner.open', operator: 'equal', value: true } } } },
        conditions: { all: [{ fact: 'place', operator: 'lessThanInclusive', value: 1 }] },
      });
      await publish(database, [ranked]);
      await tell(database, {
        ann: { ...usual, open: true },
        bob: { ...usual, partner: to('ann') },
        cid: { ...usual, age: '40', partner: to('ann') },
      });
      await sealAndRun(database, [ranked], { ...over, knownAt: day('2026-02-05') });
      const frozen = await lines(database);
      expect(frozen).toEqual(['bob top 2026-01 #1 first eligible 100.00']);
      await tell(database, { ann: usual, cid: { ...usual, age: '99', partner: to('ann') } });
      expect(await decide([ranked], { today: day('2026-02-05') })).toMatchObject({ state: 'decided', dependents: 0, written: 0 });
      expect(await lines(database)).toEqual(frozen);
    });
  });

  it('says what a run over the same data says, whatever came in before, and leaves the next run nothing to mend', async () => {
    let [decided, followed, bounded, turn] = [0, 0, 0, 0];
    await fc.assert(
      fc.asyncProperty(histories, async ({ first, steps }) => {
        await empty(database);
        await empty(nightly);
        let stand: Stand = firstStand;
        let waiting = false;
        for (const one of [database, nightly]) await tell(one, first);
        await sealAndRun(database, someItems, { ...over, knownAt: stand.knownAt });
        await sealAndRun(nightly, someItems, { delta: null, afresh: true, knownAt: stand.knownAt });
        for (const step of steps.flat()) {
          if (step.kind === 'publish') continue;
          const [after] = [await take(database, stand, step), await take(nightly, stand, step)];
          stand = after;
          const run = { knownAt: stand.knownAt };
          // Every third time next to nobody who depends is decided at once.
          const event = await decide([...someItems], { today: stand.knownAt, dependentsAtMost: turn++ % 3 === 2 ? 1 : 128 });
          waiting = event.state !== 'night' && (waiting || event.left !== 0);
          if (waiting) bounded++;
          decided += event.written;
          followed += event.dependents;
          const report = await sealAndRun(nightly, someItems, { ...run, delta: null, afresh: true });
          expect(report.items.map((i) => i.stopped)).toEqual(report.items.map(() => null));
          if (event.state === 'night') await sealAndRun(database, someItems, { ...over, ...run });
          // Whoever was left depends on others over a link, and is the next run's.
          const own = (rows: Awaited<ReturnType<typeof matches>>) =>
            waiting ? rows.filter((m) => m.item !== 'partner' && m.item !== 'told') : rows;
          expect(own(await matches(database))).toEqual(own(await matches(nightly)));
        }
        const end = { knownAt: stand.knownAt, ledgerCut: 99n };
        const [little, all] = [
          await sealAndRun(database, someItems, { ...over, ...end }),
          await sealAndRun(nightly, someItems, { ...end, delta: null, afresh: true }),
        ];
        const counted = ({ items }: typeof all) =>
          items.map(({ itemId, periodKey, eligible, undetermined, ineligible, amountFen }) => [
            itemId,
            periodKey,
            eligible,
            undetermined,
            ineligible,
            amountFen,
          ]);
        expect(counted(little)).toEqual(counted(all));
      }),
      { numRuns: Number(process.env.RUNS ?? 3), seed: Number(process.env.SEED ?? 20261121), endOnFailure: true },
    );
    expect(decided).toBeGreaterThan(3);
    expect(followed).toBeGreaterThan(3);
    expect(bounded).toBeGreaterThan(0);
  }, 600_000);
});
