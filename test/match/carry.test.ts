// What a run decides again after little has changed: as much as a run that decides everybody finds, and no more than it has to.
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import type { Database } from '../../src/db/handle.ts';
import { secondOpinion } from '../../src/policy/second.ts';
import { factAt } from '../../src/snapshot/columns.ts';
import { openSnapshot } from '../../src/snapshot/open.ts';
import { createDatabase, testDatabase } from '../database.ts';
import { recordFailpoints, throwAt } from '../failpoint.ts';
import { openTestDatabase } from '../open.ts';
import { worldFacts } from '../snapshot/world.ts';
import { at, empty, itemOf, lines, matches, sealAndRun, tell } from './ground.ts';
import { firstStand, histories, take } from './histories.ts';

const carrying = testDatabase();
let afresh: Database & { readonly ownerUrl: string };
beforeAll(async () => {
  const ownerUrl = await createDatabase();
  afresh = { ...(await openTestDatabase({ ownerUrl })), ownerUrl };
});
afterAll(() => afresh.close());
beforeEach(() => empty(carrying));

/** Everything runs leave behind, apart from ids, moments and evidence. */
const left = async (database: Database) => {
  const { sql } = database;
  return {
    matches: await matches(database),
    runs: await sql`
      select r.known_at, ri.item_id, ri.version, ri.period_key, ri.state, ri.eligible, ri.undetermined, ri.ineligible, ri.amount_fen, ri.written, ri.stopped
      from run_item ri join run r on r.id = ri.run_id order by r.sequence, ri.item_id, ri.period_key`.then((rows) => [...rows]),
    missing: await sql`
      select r.known_at, u.item_id, u.period_key, u.fact, u.dataset, u.reason, u.subjects from undetermined_count u join run r on r.id = u.run_id
      order by r.sequence, u.item_id, u.period_key, u.fact, u.dataset, u.reason`.then((rows) => [...rows]),
    closings: await sql`
      select r.known_at, c.item_id, c.period_key, c.fact, c.hash, c.exact from closing c join run r on r.id = c.run_id
      order by r.sequence, c.item_id, c.period_key`.then((rows) => [...rows]),
    bits: await sql`
      select item_id, period_key, register, block, encode(eligible, 'hex') as e, encode(undetermined, 'hex') as u from block_result order by 1, 2, 3, 4`.then(
      (rows) => [...rows],
    ),
  };
};

interface Tally {
  readonly item_id: string;
  readonly eligible: number;
  readonly undetermined: number;
  readonly ineligible: number;
  readonly stopped: string | null;
}
const seen = new Map<string, Pick<Tally, 'eligible' | 'undetermined' | 'ineligible'>>();

const always = (v: string) => ({ spans: [{ v: v as never }] });
const one = (fact: string, value: number) => itemOf('linked', { conditions: { all: [{ fact, operator: 'greaterThan', value }] } });

/** Everything a snapshot says, column by column and record by record, whatever it is made of. */
const wholeOf = async ({ db }: Database, id: string) => {
  const open = await openSnapshot(db, id);
  if (open === null) throw new Error('no snapshot');
  const facts = [...worldFacts.keys()];
  const told: unknown[] = [];
  let deltas = 0;
  for (const number of open.blocks('citizen')) {
    const block = await open.load(db, 'citizen', number, facts, { cachedBytes: 0 });
    deltas += open.deltas('citizen', number).length;
    for (let row = 0; row < block.rows; row++) {
      const columns = Object.fromEntries(
        facts.map((fact) => {
          const column = block.column(fact);
          return [fact, column === null ? undefined : factAt(column, row)];
        }),
      );
      told.push([row, block.subjects.at(row), block.record(row), columns]);
    }
  }
  return { told, deltas };
};
const shapes = { over: 0, whole: 0 };

describe('a run after little has changed', () => {
  it('leaves behind what a run that decides everybody leaves behind', async () => {
    await fc.assert(
      fc.asyncProperty(histories, async ({ first, steps }) => {
        await empty(carrying);
        await empty(afresh);
        let stand = firstStand;
        for (const database of [carrying, afresh]) await tell(database, first);
        for (const night of [[], ...steps]) {
          for (const step of night) {
            const [after] = [await take(carrying, stand, step), await take(afresh, stand, step)];
            stand = after;
          }
          const { items, ...over } = stand;
          const [little, all] = [
            await sealAndRun(carrying, items, { ...over, delta: { share: 0.7, leastRows: 0 } }),
            await sealAndRun(afresh, items, { ...over, delta: null, afresh: true }),
          ];
          const sealed = await wholeOf(carrying, little.snapshotId);
          expect(sealed.told).toEqual((await wholeOf(afresh, all.snapshotId)).told);
          shapes[sealed.deltas > 0 ? 'over' : 'whole']++;
          const found = await left(carrying);
          expect(found).toEqual(await left(afresh));
          for (const { item_id, eligible, undetermined, ineligible, stopped } of found.runs as unknown as readonly Tally[]) {
            expect(stopped ?? '变化过大').toContain('变化过大');
            const sum = seen.get(item_id) ?? { eligible: 0, undetermined: 0, ineligible: 0 };
            seen.set(item_id, {
              eligible: sum.eligible + eligible,
              undetermined: sum.undetermined + undetermined,
              ineligible: sum.ineligible + ineligible,
            });
          }
        }
      }),
      { numRuns: Number(process.env.RUNS ?? 3), endOnFailure: true, seed: Number(process.env.SEED ?? 20261120) },
    );
    expect(shapes.over).toBeGreaterThan(2);
    // A law over items that say the same of everybody would be a law about nothing.
    for (const { id } of firstStand.items) {
      const { eligible = 0, undetermined = 0, ineligible = 0 } = seen.get(id) ?? {};
      expect([id, eligible > 0, undetermined > 0, ineligible > 0]).toEqual([id, true, true, true]);
    }
  }, 600_000);

  it('asks nobody whom nothing has changed for, and everybody again where it is told to', async () => {
    const old = itemOf('old');
    await tell(carrying, Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}`, { age: `${70 + i}` }])));
    const asked: string[] = [];
    const opinion: typeof secondOpinion = async (compiled, source, period) => {
      asked.push(source.ownKey ?? '');
      return await secondOpinion(compiled, source, period);
    };
    await sealAndRun(carrying, [old], { opinion });
    expect(asked.length).toBeGreaterThanOrEqual(30);
    asked.length = 0;
    await tell(carrying, { p39: { age: '60' } });
    const report = await sealAndRun(carrying, [old], { opinion, knownAt: day('2026-01-21') });
    expect(asked).toEqual(['p39']);
    expect(report.items).toMatchObject([{ eligible: 29, amountFen: 290_000n, written: { ended: 1 } }]);
    expect((await lines(carrying)).filter((l) => l.includes('#2'))).toEqual(['p39 old 2026-01 #2 ended ineligible']);
  });

  it('evaluates a new version of an item and none of the others, on the same day and on the next', async () => {
    const at70 = (id: string, from: number, yuan = 100) =>
      itemOf(id, { conditions: { all: [{ fact: 'age', operator: 'greaterThanInclusive', value: from }] }, award: { fixed: { yuan } } });
    const before = [at70('a', 70), at70('b', 80), at70('c', 90)];
    await empty(carrying);
    await tell(carrying, Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}`, { age: `${65 + i}` }])));
    const asked = new Map<string, number>();
    const opinion: typeof secondOpinion = async (compiled, source, period) => {
      asked.set(compiled.item.id, (asked.get(compiled.item.id) ?? 0) + 1);
      return await secondOpinion(compiled, source, period);
    };
    const whole = (await sealAndRun(carrying, before, { opinion })).items.map((i) => i.eligible);
    expect(whole).toEqual([35, 25, 15]);
    // All of them, and a few whom the columns rule out.
    expect([...asked].every(([, n]) => n >= 15)).toBe(true);
    asked.clear();
    const next = [at70('a', 70), at70('b', 80, 200), at70('c', 90)];
    const report = await sealAndRun(carrying, next, { opinion, versions: [1, 2, 1] });
    expect([...asked.keys()]).toEqual(['b']);
    expect(asked.get('b')).toBeGreaterThanOrEqual(25);
    expect(report.items.map((i) => [i.itemId, i.eligible, i.amountFen, i.written])).toEqual([
      ['a', 35, 350_000n, {}],
      ['b', 25, 500_000n, { changed: 25 }],
      ['c', 15, 150_000n, {}],
    ]);
    asked.clear();
    // And an item more.
    const more = [...next, at70('d', 100)];
    await sealAndRun(carrying, more, { opinion, versions: [1, 2, 1, 1], knownAt: day('2026-01-21') });
    expect([...asked.keys()]).toEqual(['d']);
    asked.clear();
    await sealAndRun(carrying, more, { opinion, versions: [1, 2, 1, 1], knownAt: day('2026-01-22') });
    expect([...asked.keys()]).toEqual([]);
  });

  describe('all items of a block at once', () => {
    const items = ['old', 'older', 'oldest'].map((id, i) =>
      itemOf(id, { conditions: { all: [{ fact: 'age', operator: 'greaterThanInclusive', value: 70 + i * 5 }] } }),
    );
    const delta = { share: 0.7, leastRows: 0 };
    const next = { delta, knownAt: day('2026-01-21') };
    const ground = async (database: typeof carrying) => {
      await empty(database);
      await tell(database, Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}`, { age: `${60 + i}` }])));
      await sealAndRun(database, items, { delta });
      await tell(database, { p12: { age: '60' }, p0: { age: '90' } });
    };

    it('are carried on in one transaction, on the same day and on the next', async () => {
      await ground(carrying);
      const { at: seen, reached } = recordFailpoints();
      const today = await sealAndRun(carrying, items, { delta, failpoint: seen });
      expect(today.items.map((i) => i.written)).toEqual([{ first: 1, ended: 1 }, { first: 1 }, { first: 1 }]);
      await tell(carrying, { p39: { age: '61' } });
      const tomorrow = await sealAndRun(carrying, items, { ...next, failpoint: seen });
      expect(tomorrow.items.map((i) => i.written)).toEqual([{ ended: 1 }, { ended: 1 }, { ended: 1 }]);
      // One per run for three items; chunk by chunk it would be three.
      expect(reached.filter((name) => name === 'match.before-commit')).toHaveLength(2);
    });

    it('are shared by threads, and this one takes part', async () => {
      await ground(carrying);
      await ground(afresh);
      const report = await sealAndRun(carrying, items, { ...next, threads: { count: 2 } });
      expect(report.items.map((i) => i.written)).toEqual([{ first: 1, ended: 1 }, { first: 1 }, { first: 1 }]);
      await sealAndRun(afresh, items, { ...next, delta: null, afresh: true });
      expect(await left(carrying)).toEqual(await left(afresh));
    });

    it('read over links what was sealed, whoever has come or changed since', async () => {
      const older = one('partner.ageThen', 3);
      const about = (partner: string, ageThen: string) => ({ partner: always(partner), ageThen: always(ageThen) });
      const nights = [
        Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}`, about(i === 8 ? 'new' : `p${(i + 1) % 40}`, '5')])),
        { p8: about('new', '6'), p20: about('p21', '1') },
        { new: about('p8', '5'), p21: about('p22', '1') },
      ];
      for (const database of [carrying, afresh]) await empty(database);
      for (const [night, told] of nights.entries()) {
        const next = nights[night + 1] ?? {};
        if (night === 0) await tell(carrying, told);
        await tell(afresh, told);
        // After the seal, before anybody is decided.
        const failpoint = async (name: string) => (name === 'match.after-plan' ? await tell(carrying, next) : undefined);
        await sealAndRun(carrying, [older], { delta, failpoint });
        await sealAndRun(afresh, [older], { delta: null, afresh: true });
        expect(await left(carrying)).toEqual(await left(afresh));
      }
      expect((await lines(carrying)).filter((line) => !/#1 first/.test(line))).toEqual([
        'p19 linked 2026-01 #2 ended ineligible',
        'p20 linked 2026-01 #2 ended ineligible',
      ]);
      expect((await lines(carrying)).filter((line) => line.startsWith('p8 ') || line.startsWith('new '))).toHaveLength(2);
    });

    it('are repeated whole where a process dies with them, and nothing is doubled', async () => {
      for (const where of [
        'match.before-chunk',
        'match.before-matches',
        'match.after-matches',
        'match.after-results',
        'match.before-commit',
        'match.after-chunk',
      ]) {
        await ground(carrying);
        await ground(afresh);
        await expect(sealAndRun(carrying, items, { ...next, failpoint: throwAt(where) })).rejects.toThrow();
        // Later than the dead one's lease.
        await sealAndRun(carrying, items, { ...next, at: new Date(at.getTime() + 3_600_000) });
        await sealAndRun(afresh, items, { ...next, delta: null, afresh: true });
        expect(await left(carrying), where).toEqual(await left(afresh));
      }
    });

    it('are decided chunk by chunk where one of them cannot be told: that one is stopped, the others go on', async () => {
      await ground(carrying);
      const opinion: typeof secondOpinion = async (compiled, source, period) => {
        const said = await secondOpinion(compiled, source, period);
        return compiled.item.id === 'older' ? { verdict: 'undetermined', lines: [] } : said;
      };
      const report = await sealAndRun(carrying, items, { ...next, opinion });
      expect(report.items.map((i) => [i.itemId, i.stopped === null, i.written])).toEqual([
        ['old', true, { first: 1, ended: 1 }],
        ['older', false, {}],
        ['oldest', true, { first: 1 }],
      ]);
      // What was stopped stands for nothing: the next run makes good.
      const after = await sealAndRun(carrying, items, { delta, knownAt: day('2026-01-22') });
      expect(after.items.map((i) => i.written)).toEqual([{}, { first: 1 }, {}]);
    });
  });
});
