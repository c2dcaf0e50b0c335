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
    expect(await replay(database.db, 'all')).toEqual({ checked: 3, differences: [] });
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

  it('says what a run over the same data says, whatever came in before, and leaves the next run nothing to mend', async () => {
    let decided = 0;
    await fc.assert(
      fc.asyncProperty(histories, async ({ first, steps }) => {
        await empty(database);
        await empty(nightly);
        let stand: Stand = firstStand;
        for (const one of [database, nightly]) await tell(one, first);
        await sealAndRun(database, someItems, { ...over, knownAt: stand.knownAt });
        await sealAndRun(nightly, someItems, { delta: null, afresh: true, knownAt: stand.knownAt });
        for (const step of steps.flat()) {
          if (step.kind === 'publish') continue;
          const [after] = [await take(database, stand, step), await take(nightly, stand, step)];
          stand = after;
          const run = { knownAt: stand.knownAt };
          const event = await decide([...someItems], { today: stand.knownAt });
          decided += event.written;
          const report = await sealAndRun(nightly, someItems, { ...run, delta: null, afresh: true });
          expect(report.items.map((i) => i.stopped)).toEqual(report.items.map(() => null));
          if (event.state === 'night') await sealAndRun(database, someItems, { ...over, ...run });
          // Whoever depends on others over a link is the next run's.
          const own = (rows: Awaited<ReturnType<typeof matches>>) => rows.filter((m) => m.item !== 'partner' && m.item !== 'told');
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
  }, 600_000);
});
