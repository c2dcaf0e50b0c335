// A forecast against a real database: the same counts and 分 as the run that follows, what is gained, lost and changed with the reason, nothing written.
import { beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { ProblemError } from '../../src/base/problem.ts';
import { transaction } from '../../src/db/handle.ts';
import type { Forecast } from '../../src/forecast/document.ts';
import { type ForecastOptions, forecastItem } from '../../src/forecast/forecast.ts';
import { parseSweep } from '../../src/forecast/sweep.ts';
import { ledgerCut } from '../../src/ledger/store.ts';
import { setLimits } from '../../src/match/brake.ts';
import type { RunReport } from '../../src/match/run.ts';
import type { Item } from '../../src/policy/item.ts';
import { seal } from '../../src/snapshot/seal.ts';
import { testDatabase } from '../database.ts';
import { at, empty, type Facts, itemOf, sealAndRun, tell, versionOf } from '../match/ground.ts';
import { world } from '../snapshot/world.ts';

const database = testDatabase();
beforeEach(() => empty(database));

const knownAt = day('2026-01-20');

const forecast = async (draft: Item, over: Partial<ForecastOptions> = {}): Promise<Forecast> => {
  const { db } = database;
  const { snapshotId } = await seal(db, { catalogue: world, knownAt, at, actor: 'test' });
  return await forecastItem(db, {
    snapshotId,
    catalogue: world,
    draft,
    published: [],
    ledgerCut: await transaction(db, ledgerCut),
    ...over,
  });
};

/** Four hundred people whose facts go through every combination of value, none and unknown with co-prime steps. */
const crowd = (): Record<string, Facts> => {
  const pick = <T>(values: readonly T[], i: number): T => values[i % values.length] as T;
  return Object.fromEntries(
    Array.from({ length: 400 }, (_, i) => {
      const facts: Record<string, Facts[string] | undefined> = {
        age: pick(['79', '80', '81', '90', '91', '100', undefined, null, '40'], i),
        income: pick(['0', '1000.10', '33.33', undefined, null, '999999.99', '12345.67'], i),
        open: pick([true, false, undefined, true, null], i),
        kind: pick(['甲', '乙', '丙', undefined], i),
        children: pick<Facts[string] | undefined>(
          [
            [],
            undefined,
            [
              { id: 'x', months: '3', born: '2025-11-03', kind: '甲' },
              { id: 'y', months: '2', born: '2025-06-03', kind: '乙' },
            ],
            [{ id: 'z', born: '2025-09-30', kind: '甲' }],
          ],
          i >> 1,
        ),
        deathDate: pick([null, null, null, '2026-01-05', undefined, null, null, null, null, null, null], i),
      };
      return [`p${i}`, Object.fromEntries(Object.entries(facts).filter(([, v]) => v !== undefined)) as Facts];
    }),
  );
};

const items: readonly Item[] = [
  itemOf('tiers', { award: { tiers: { by: 'age', rows: [{ below: 90, yuan: 50 }, { below: 100, yuan: '120.55' }, { yuan: 500 }] } } }),
  itemOf('rated', {
    conditions: { any: [{ fact: 'open', operator: 'equal', value: true }, { not: { fact: 'kind', operator: 'in', value: ['甲', '乙'] } }] },
    award: { rate: { base: 'income', rate: '0.1' }, cap: 5000, rounding: { to: 'jiao', mode: 'down' } },
  }),
  itemOf('kids', {
    conditions: { all: [{ fact: 'open', operator: 'equal', value: true }] },
    each: { list: 'children', as: 'kid', where: 'months >= 3', key: 'id' },
    award: { fixed: { yuan: '33.33' } },
  }),
  itemOf('births', {
    period: 'per-event',
    event: { list: 'children', day: 'born', key: 'id' },
    conditions: {
      all: [
        { fact: 'event.kind', operator: 'equal', value: '甲' },
        { fact: 'open', operator: 'equal', value: true },
      ],
    },
    award: { fixed: { yuan: 800 } },
  }),
  itemOf('single', { period: 'once', conditions: { all: [{ fact: 'income', operator: 'lessThan', value: 20_000 }] } }),
];

const sameAsRun = (told: Forecast, run: RunReport): void => {
  const [row] = run.items.filter((i) => i.itemId === told.item.id);
  // Held or not: a changed rule may well go beyond the brake.
  expect(row?.held === true ? null : row?.stopped).toBe(null);
  const { eligible, undetermined, ineligible, amountFen } = told.counts;
  expect({ period: told.period.key, eligible, undetermined, ineligible, amountFen }).toEqual({
    period: row?.periodKey,
    eligible: row?.eligible,
    undetermined: row?.undetermined,
    ineligible: row?.ineligible,
    amountFen: String(row?.amountFen),
  });
  const { gained, lost, changed } = told.against.lastRun ?? { gained: null, lost: null, changed: null };
  const w = row?.written ?? {};
  if (gained !== null)
    expect({ gained: gained.subjects, lost: lost?.subjects, changed: (changed?.subjects ?? 0) + (changed?.open ?? 0) }).toEqual({
      gained: (w.first ?? 0) + (w.resumed ?? 0),
      lost: (w.ended ?? 0) + (w.suspended ?? 0),
      changed: w.changed ?? 0,
    });
};

describe('a forecast', () => {
  it('says what the run then writes: the same verdicts and the same 分, of a new item and of a changed one', async () => {
    await tell(database, crowd());
    for (const item of items) {
      const told = await forecast(item, { nearRows: 0 });
      expect(told.against).toEqual({ inForce: null, lastRun: null });
      sameAsRun(told, await sealAndRun(database, [item]));
    }
    // Versions as far apart as these would wait for a person: here they may run.
    const far = { share: 100, people: 100_000, fen: 10n ** 12n };
    await setLimits(database.db, { itemId: null, limits: far, by: 'test', role: 'officer', at });
    // The same once more with another version: somebody stands already, some are lost, some gained, some paid otherwise.
    const changed: readonly Item[] = [
      { ...(items[0] as Item), conditions: { all: [{ fact: 'age', operator: 'greaterThanInclusive', value: 90 }] } },
      { ...(items[1] as Item), award: { rate: { base: 'income', rate: '0.2' }, cap: 100 } },
      { ...(items[2] as Item), conditions: { all: [{ fact: 'kind', operator: 'equal', value: '甲' }] } },
      { ...(items[3] as Item), award: { fixed: { yuan: 900 } } },
      { ...(items[4] as Item), conditions: { all: [{ fact: 'income', operator: 'lessThan', value: 500 }] } },
    ];
    let moved = 0;
    for (const item of changed) {
      const published = items.filter((i) => i.id === item.id).map((i) => versionOf(i));
      const told = await forecast(item, { published, nearRows: 0 });
      const { inForce, lastRun } = told.against;
      expect(lastRun).not.toBe(null);
      moved += (lastRun?.gained.subjects ?? 0) + (lastRun?.lost.subjects ?? 0) + (lastRun?.changed.subjects ?? 0);
      // The version in force ran over these very data: both comparisons see the same money move.
      expect(inForce?.deltaFen).toBe(lastRun?.deltaFen);
      sameAsRun(told, await sealAndRun(database, [item], { versions: [2] }));
    }
    expect(moved).toBeGreaterThan(200);
  });

  it('names who is gained and lost by the condition that did it, and amounts that move', async () => {
    const before = itemOf('old', { award: { tiers: { by: 'age', rows: [{ below: 90, yuan: 50 }, { yuan: 500 }] } } });
    const draft = {
      ...before,
      conditions: {
        all: [
          { fact: 'age', operator: 'greaterThanInclusive', value: 75 },
          { fact: 'open', operator: 'equal', value: true },
        ],
      },
      award: { tiers: { by: 'age', rows: [{ below: 90, yuan: 60 }, { yuan: 500 }] } },
    } as Item;
    await tell(database, {
      ann: { age: '77', open: true },
      bob: { age: '81', open: true },
      cid: { age: '95', open: true },
      dan: { age: '85', open: false },
      eve: { age: '85' },
      fay: { open: true },
    });
    const told = await forecast(draft, { published: [versionOf(before)] });
    expect(told.counts).toEqual({ subjects: 6, eligible: 3, undetermined: 2, ineligible: 1, amountFen: '62000' });
    expect(told.undetermined.map((m) => [m.fact, m.title, m.department, m.subjects])).toEqual([
      ['age', 'base', 'base', 1],
      ['open', 'base', 'base', 1],
    ]);
    expect(told.against.inForce).toMatchObject({
      version: 1,
      gained: {
        subjects: 1,
        fen: '6000',
        ineligible: 1,
        undetermined: 0,
        reasons: [{ at: '/conditions/all/0', text: 'age达到 80', subjects: 1 }],
      },
      lost: {
        subjects: 2,
        fen: '10000',
        ineligible: 1,
        undetermined: 1,
        reasons: [{ at: '/conditions/all/1', text: 'open：是', subjects: 2 }],
      },
      changed: { subjects: 1, up: { subjects: 1, fen: '1000' }, moves: [{ fromFen: '5000', toFen: '6000', subjects: 1 }] },
      same: 1,
      deltaFen: '-3000',
    });
    expect(told.amounts).toMatchObject({ count: 3, totalFen: '62000', minFen: '6000', medianFen: '6000', maxFen: '50000' });
    expect(told.byDivision).toEqual([{ key: '11', label: '11', subjects: 3, totalFen: '62000', open: 0 }]);
  });

  it('keeps amounts that are not known apart, with what they wait for', async () => {
    const draft = itemOf('rated', { award: { rate: { base: 'income', rate: '0.1' }, cap: 500 } });
    await tell(database, { ann: { age: '81', income: '100' }, bob: { age: '82' } });
    const told = await forecast(draft);
    expect(told.counts).toMatchObject({ eligible: 2, amountFen: '1000' });
    expect(told.amounts).toMatchObject({ count: 1, totalFen: '1000', bounded: { count: 1, fromFen: '0', toFen: '50000' }, unknown: 0 });
    expect(told.amountsMissing).toMatchObject([{ fact: 'income', subjects: 1 }]);
  });

  it('moves one figure exactly over a range', async () => {
    await tell(database, { ann: { age: '79' }, bob: { age: '80' }, cid: { age: '85' }, dan: { age: '90' } });
    const told = await forecast(itemOf('old'), { sweep: parseSweep('/conditions/all/0/value=75..90:5') });
    expect(told.sweep?.points.map((p) => [p.value, p.eligible, p.amountFen, p.gained, p.lost, p.deltaFen])).toEqual([
      ['75', 4, '40000', 1, 0, '10000'],
      ['80', 3, '30000', 0, 0, '0'],
      ['85', 2, '20000', 0, 1, '-10000'],
      ['90', 1, '10000', 0, 2, '-20000'],
    ]);
    const money = await forecast(itemOf('old'), { sweep: parseSweep('/award/fixed/yuan=0.01,33.33') });
    expect(money.sweep?.points.map((p) => p.amountFen)).toEqual(['3', '9999']);
  });

  it('sees the next month: who comes in by age alone, who leaves, what it costs, and the day a budget ends', async () => {
    const draft = itemOf('aged', {
      facts: { years: { text: '当月周岁', feel: 'age at(born, period.end)' } },
      conditions: {
        all: [{ fact: 'years', operator: 'between', value: { from: 80, below: 100 } }],
      },
      award: { tiers: { by: 'years', rows: [{ below: 90, yuan: 50 }, { yuan: 200 }] } },
      flow: { first: ['guard', 'review', 'pay'], continuing: ['guard', 'pay'] },
      budget: { kind: 'limited', yuan: 700, order: 'born' },
    });
    await tell(database, {
      joins: { born: '1946-02-10' },
      stays: { born: '1940-05-05' },
      rises: { born: '1936-02-28' },
      leaves: { born: '1926-02-01' },
    });
    const told = await forecast(draft);
    expect(told.counts).toMatchObject({ eligible: 3, amountFen: '30000' });
    expect(told.next).toMatchObject({
      periodKey: '2026-02',
      eligible: 3,
      amountFen: '30000',
      gained: { subjects: 1, reasons: [{ at: '/conditions/all/0', subjects: 1 }] },
      lost: { subjects: 1 },
      changed: { up: { subjects: 1, fen: '15000' } },
    });
    expect(told.cash.days.map((c) => [c.day, c.periodKey, c.kind, c.awards, c.fen])).toEqual([
      ['2026-01-27', '2026-01', 'first', 3, '30000'],
      ['2026-02-20', '2026-02', 'continuing', 1, '5000'],
      ['2026-02-27', '2026-02', 'changed', 1, '20000'],
      ['2026-02-27', '2026-02', 'first', 1, '5000'],
    ]);
    expect(told.budget).toMatchObject({ from: 'item', budgetFen: '70000', promisedFen: '0', exhausted: { periodKey: '2026-03' } });
    expect((await forecast(draft, { budgetFen: 45_000n })).budget).toMatchObject({ from: 'asked', exhausted: { periodKey: '2026-02' } });
  });

  it('counts who is near: one change away, two, or by waiting', async () => {
    const draft = itemOf('near', {
      facts: { years: { text: '当月周岁', feel: 'age at(born, period.end)' } },
      conditions: {
        all: [
          { fact: 'region', operator: 'within', value: '11' },
          { fact: 'years', operator: 'greaterThanInclusive', value: 80 },
          { fact: 'income', operator: 'lessThan', value: 1000 },
          { fact: 'open', operator: 'equal', value: true },
        ],
      },
    });
    const here = { region: '111', born: '1940-05-05', income: '900', open: true, deathDate: null };
    await tell(database, {
      in: here,
      rich: { ...here, income: '1000' },
      richer: { ...here, income: '1500' },
      shut: { ...here, open: false },
      both: { ...here, income: '1200', open: false },
      soon: { ...here, born: '1946-03-12' },
      young: { ...here, born: '1990-01-01' },
      away: { ...here, region: '21', open: false },
      open: { ...here, open: null, region: '12' },
      unknown: { region: '111', born: '1940-05-05', income: '2000', deathDate: null },
    });
    const told = await forecast(draft);
    expect(told.nearMiss).toMatchObject({ one: 3, two: 1, waiting: 1 });
    expect(told.nearMiss?.examined).toBe(told.nearMiss?.candidates);
    expect(told.nearMiss?.changes.map((c) => [c.text, c.subjects, c.least, c.median, c.most])).toEqual([
      ['income降低', 3, '1', '201', '501'],
      ['open为“是”', 2, null, null, null],
      ['到 2026年3月', 1, null, null, null],
    ]);
    expect((await forecast(draft, { nearRows: 0 })).nearMiss).toBe(null);
    expect((await forecast(draft, { nearRows: 2 })).nearMiss?.examined).toBeLessThan(told.nearMiss?.candidates ?? 0);
  });

  it('decides a draft of the future as if it were in force, and says so', async () => {
    await tell(database, { ann: { age: '81' } });
    const told = await forecast(itemOf('old', { effective: { from: day('2027-01-01'), to: null } }));
    expect(told).toMatchObject({ asIf: true, period: { key: '2026-01' }, counts: { eligible: 1 } });
  });

  it('writes nothing, names nobody, and answers the same question with the same document', async () => {
    await tell(database, crowd());
    await sealAndRun(database, [items[0] as Item]);
    const size = async () =>
      (
        await database.sql`select (select count(*) from match) as m, (select count(*) from run) as r, (select count(*) from block_result) as b,
        (select count(*) from audit_entry where action <> 'snapshot.seal') as a, (select count(*) from work) as w`
      )[0];
    const before = await size();
    const told = await forecast(items[0] as Item, { published: [versionOf(items[0] as Item)] });
    expect(await forecast(items[0] as Item, { published: [versionOf(items[0] as Item)] })).toEqual(told);
    expect(await size()).toEqual(before);
    expect(told.against.inForce).toMatchObject({ gained: { subjects: 0 }, lost: { subjects: 0 }, changed: { subjects: 0 }, deltaFen: '0' });
    const text = JSON.stringify(told);
    expect(text).not.toMatch(/"p\d+"/);
    const people = await database.sql<{ id: string }[]>`select subject_id::text as id from record`;
    expect(people.filter((p) => text.includes(p.id))).toEqual([]);
  });

  it('refuses a sweep of what is no figure, of nothing, and of too much', async () => {
    await tell(database, { ann: { age: '81' } });
    for (const text of ['nonsense', '/award=1', '/conditions/all/9/value=1', '/title=1', '/conditions/all/length=1']) {
      const refused = await Promise.resolve()
        .then(() => forecast(itemOf('old'), { sweep: parseSweep(text) }))
        .catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(ProblemError);
      expect((refused as ProblemError).problems[0]?.code).toBe('input.sweep');
    }
    expect(() => parseSweep('/award/fixed/yuan=1..1000')).toThrow('50');
  });
});
