// The what-if against the forecast's own way: the same counts and 分 for every rule, from columns that stay in memory, within their bytes, never stale.
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { forecastItem } from '../../src/forecast/forecast.ts';
import { parseSweep } from '../../src/forecast/sweep.ts';
import { type WhatIf, type WhatIfPoint, whatIf } from '../../src/forecast/what-if.ts';
import { compileItem } from '../../src/policy/compile.ts';
import type { Item } from '../../src/policy/item.ts';
import { type Hot, openHot } from '../../src/snapshot/hot.ts';
import { seal } from '../../src/snapshot/seal.ts';
import { testDatabase } from '../database.ts';
import { at, empty, type Facts, itemOf, sealAndRun, tell, versionOf } from '../match/ground.ts';
import { someCondition, world } from '../snapshot/world.ts';

const database = testDatabase();
beforeEach(() => empty(database));

const knownAt = day('2026-01-20');
const sealed = async (): Promise<string> => (await seal(database.db, { catalogue: world, knownAt, at, actor: 'test' })).snapshotId;

type Ask = { readonly sweep?: string; readonly published?: Parameters<typeof whatIf>[2]['published']; readonly amounts?: boolean };
const asked = (snapshotId: string, draft: Item, { sweep, published = [] }: Ask) => ({
  snapshotId,
  catalogue: world,
  draft,
  published,
  ledgerCut: 0n,
  ...(sweep === undefined ? {} : { sweep: parseSweep(sweep) }),
});
const ask = (hot: Hot, snapshotId: string, draft: Item, how: Ask = {}): Promise<WhatIf> =>
  whatIf(database.db, hot, { ...asked(snapshotId, draft, how), amounts: how.amounts ?? true });

/** What the forecast says of the same question. */
const plainly = async (snapshotId: string, draft: Item, how: Ask = {}): Promise<readonly WhatIfPoint[]> => {
  const told = await forecastItem(database.db, { ...asked(snapshotId, draft, how), nearRows: 0 });
  const { subjects, eligible, undetermined, ineligible, amountFen } = told.counts;
  const open = told.amounts.bounded.count + told.amounts.unknown;
  return [
    { value: null, subjects, eligible, undetermined, ineligible, amountFen, open },
    ...(told.sweep?.points ?? []).map((p) => ({
      value: p.value,
      subjects,
      eligible: p.eligible,
      undetermined: p.undetermined,
      ineligible: subjects - p.eligible - p.undetermined,
      amountFen: p.amountFen,
      open: p.open,
    })),
  ];
};

const pick = <T>(values: readonly T[], i: number): T => values[i % values.length] as T;
/** Facts go through every combination of value, none and unknown with co-prime steps. */
const crowd = (count: number): Record<string, Facts> =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => {
      const facts: Record<string, Facts[string] | undefined> = {
        age: pick(['79', '80', '81', '90', '91', '100', undefined, null, '40'], i),
        income: pick(['0', '1000.10', '33.33', undefined, null, '999999.99', '12345.67'], i),
        open: pick([true, false, undefined, true, null], i),
        kind: pick(['甲', '乙', '丙', undefined], i),
        kindThen: pick<Facts[string] | undefined>(
          [
            {
              spans: [
                { v: '甲', to: '2026-01-01' },
                { v: '乙', from: '2026-01-01' },
              ],
            },
            { spans: [{ v: '甲' }] },
            undefined,
          ],
          i,
        ),
        children: pick<Facts[string] | undefined>(
          [
            [],
            undefined,
            [
              { id: 'x', months: '3' },
              { id: 'y', months: '2' },
            ],
            [{ id: 'z' }],
          ],
          i >> 1,
        ),
        deathDate: pick([null, null, null, '2025-12-05', undefined, null, null, null, '2026-01-10', null, null], i),
      };
      return [`p${i}`, Object.fromEntries(Object.entries(facts).filter(([, v]) => v !== undefined)) as Facts];
    }),
  );

const items: readonly Item[] = [
  itemOf('tiers', { award: { tiers: { by: 'age', rows: [{ below: 90, yuan: 50 }, { below: 100, yuan: '120.55' }, { yuan: 500 }] } } }),
  itemOf('rated', {
    conditions: { any: [{ fact: 'open', operator: 'equal', value: true }, { not: { fact: 'kind', operator: 'in', value: ['甲', '乙'] } }] },
    award: { rate: { base: 'income', rate: '0.1' }, cap: 5000, rounding: { to: 'jiao', mode: 'down' } },
  }),
  itemOf('then', {
    conditions: {
      all: [
        { fact: 'kindThen', operator: 'equal', value: '甲' },
        { fact: 'age', operator: 'lessThan', value: 95 },
      ],
    },
  }),
  itemOf('kids', {
    conditions: { all: [{ fact: 'open', operator: 'equal', value: true }] },
    each: { list: 'children', as: 'kid', where: 'months >= 3', key: 'id' },
    award: { fixed: { yuan: '33.33' } },
  }),
  itemOf('counted', {
    facts: { grown: { text: '满三个月的子女数', feel: 'count(children[months >= 3])' } },
    conditions: {
      all: [
        { fact: 'open', operator: 'equal', value: true },
        { fact: 'grown', operator: 'greaterThanInclusive', value: 1 },
      ],
    },
  }),
];

describe('what if', () => {
  it('says the counts and 分 of the forecast, of rules by columns and of rules by lists, as written and swept', async () => {
    await tell(database, crowd(400));
    const id = await sealed();
    const hot = openHot(50_000_000);
    for (const item of items) {
      const told = await ask(hot, id, item);
      expect({ item: item.id, way: told.way }).toEqual({ item: item.id, way: 'columns' });
      expect(told.points).toEqual(await plainly(id, item));
      const [counted] = (await ask(hot, id, item, { amounts: false })).points;
      expect(counted).toEqual({ ...told.points[0], amountFen: null, open: null });
    }
    for (const [item, sweep] of [
      [items[0], '/conditions/all/0/value=40,80,85,95'],
      [items[0], '/award/tiers/rows/0/yuan=10,60.50'],
      [items[2], '/conditions/all/1/value=80,81,200'],
      [items[4], '/conditions/all/1/value=0..3:1'],
    ] as const) {
      const told = await ask(hot, id, item as Item, { sweep });
      expect(told.points.length).toBeGreaterThan(2);
      expect(told.points).toEqual(await plainly(id, item as Item, { sweep }));
    }
  });

  it('says so again and again of two computed facts that are compared, whichever figure, formula or comparison is another one', async () => {
    await tell(database, crowd(400));
    const id = await sealed();
    const hot = openHot(50_000_000);
    const rule = (least: number, limit: string, operator = 'lessThanInclusive'): Item =>
      itemOf('compared', {
        facts: {
          grown: { text: '满三个月的子女数', feel: 'count(children[months >= 3])' },
          most: { text: '最多几个', feel: limit },
        },
        conditions: {
          all: [
            { fact: 'age', operator: 'greaterThanInclusive', value: least },
            { fact: 'grown', operator, value: { fact: 'most' } },
          ],
        },
      });
    const eligible = new Set<number>();
    for (const item of [
      rule(40, 'if income > 1000 then 1 else 0'),
      rule(81, 'if income > 1000 then 1 else 0'),
      rule(81, 'if income > 1000 then 0 else 1'),
      rule(81, 'if income > 1000 then 0 else 1', 'greaterThan'),
      rule(40, 'if income > 1000 then 1 else 0'),
    ]) {
      const { points } = await ask(hot, id, item);
      expect(points).toEqual(await plainly(id, item));
      eligible.add(points[0]?.eligible ?? 0);
    }
    expect(eligible.size).toBe(4);
  });

  it('says so of random conditions over every kind of fact', async () => {
    await tell(database, crowd(150));
    const id = await sealed();
    const hot = openHot(50_000_000);
    let compared = 0;
    for (const conditions of fc.sample(someCondition, { seed: 41, numRuns: 120 })) {
      const item = itemOf('random', { conditions });
      try {
        compileItem(item, world);
      } catch {
        continue;
      }
      expect((await ask(hot, id, item)).points).toEqual(await plainly(id, item));
      if (++compared === 40) break;
    }
    expect(compared).toBe(40);
  }, 60_000);

  it('goes the forecast’s way where columns cannot say it, and says so', async () => {
    await tell(database, crowd(60));
    const single = itemOf('single', { period: 'once', conditions: { all: [{ fact: 'income', operator: 'lessThan', value: 20_000 }] } });
    await sealAndRun(database, [single]);
    const id = await sealed();
    const hot = openHot(50_000_000);
    const published = [versionOf(single)];
    const births = itemOf('births', {
      period: 'per-event',
      event: { list: 'children', day: 'born', key: 'id' },
      conditions: { all: [{ fact: 'open', operator: 'equal', value: true }] },
    });
    for (const [item, how] of [
      [single, { published }],
      [births, {}],
    ] as const) {
      const told = await ask(hot, id, item, how);
      expect(told.way).toBe('full');
      expect(told.points).toEqual(await plainly(id, item, how));
    }
  });

  it('says where people fail, who lacks one condition only, by division, and whom the version in force reaches otherwise', async () => {
    await tell(database, crowd(400));
    const id = await sealed();
    const hot = openHot(50_000_000);
    for (const [draft, before] of [
      [items[0], itemOf('tiers', { ...items[0], conditions: { all: [{ fact: 'age', operator: 'greaterThanInclusive', value: 90 }] } })],
      [items[4], itemOf('counted', { ...items[4], conditions: { all: [{ fact: 'grown', operator: 'greaterThanInclusive', value: 1 }] } })],
      [items[3], itemOf('kids', { ...items[3], conditions: { all: [{ fact: 'kind', operator: 'notEqual', value: '甲' }] } })],
    ] as const) {
      const item = draft as Item;
      const published = [versionOf(before)];
      const plain = await forecastItem(database.db, { ...asked(id, item, { published }), nearRows: 0 });
      // Twice: the second time everything worked out by row is found again.
      for (let round = 0; round < 2; round++) {
        const told = await whatIf(database.db, hot, { ...asked(id, item, { published }), amounts: true, details: true });
        const [{ ineligible = 0 } = {}] = told.points;
        expect(told.draft?.failing.reduce((sum, one) => sum + one.subjects, 0)).toBe(ineligible);
        expect(told.draft?.byDivision).toEqual(plain.byDivision);
        expect(told.draft?.amounts?.totalFen).toBe(plain.counts.amountFen);
        expect(told.draft?.bands?.reduce((sum, band) => sum + BigInt(band.totalFen), 0n)).toBe(BigInt(plain.counts.amountFen));
        const { inForce } = plain.against;
        expect(told.against?.gained).toMatchObject({ subjects: inForce?.gained.subjects, undetermined: inForce?.gained.undetermined });
        expect(told.against?.lost).toMatchObject({ subjects: inForce?.lost.subjects, undetermined: inForce?.lost.undetermined });
        expect(told.against?.deltaFen).toBe(inForce?.deltaFen);
        for (const side of [told.against?.gained, told.against?.lost])
          expect(side?.reasons.reduce((sum, one) => sum + one.subjects, 0)).toBe((side?.subjects ?? 0) - (side?.undetermined ?? 0));
        expect((told.against?.gained.subjects ?? 0) + (told.against?.lost.subjects ?? 0)).toBeGreaterThan(0);
      }
    }
  });

  it('counts whoever lacks exactly one condition', async () => {
    await tell(database, {
      both: { age: '85', open: true, deathDate: null },
      young: { age: '60', open: true, deathDate: null },
      shut: { age: '85', open: false, deathDate: null },
      neither: { age: '60', open: false, deathDate: null },
      unheard: { age: '60', deathDate: null },
    });
    const all = [
      { fact: 'age', operator: 'greaterThanInclusive', value: 80 },
      { fact: 'open', operator: 'equal', value: true },
    ];
    const told = await whatIf(database.db, openHot(1e6), {
      ...asked(await sealed(), itemOf('two', { conditions: { all } as Item['conditions'] }), {}),
      amounts: false,
      details: true,
    });
    expect(told.points[0]).toMatchObject({ eligible: 1, undetermined: 0, ineligible: 4 });
    expect(told.draft?.nearMiss).toMatchObject({ subjects: 2, exact: true });
    expect(told.draft?.nearMiss.conditions.map(({ at, subjects }) => [at, subjects])).toEqual([
      ['/conditions/all/0', 1],
      ['/conditions/all/1', 1],
    ]);
    expect(told.draft?.failing.map(({ at, subjects }) => [at, subjects])).toEqual([
      ['/conditions/all/0', 3],
      ['/conditions/all/1', 1],
    ]);
    expect(told.draft?.amounts).toBeNull();
  });

  it('stops for whoever no longer waits, and does not decide one by one where columns alone were asked', async () => {
    await tell(database, crowd(20));
    const id = await sealed();
    const gone = whatIf(database.db, openHot(1e6), { ...asked(id, items[0] as Item, {}), amounts: true, signal: AbortSignal.abort() });
    await expect(gone).rejects.toMatchObject({ problems: [{ code: 'state.superseded' }] });
    const births = itemOf('births', { period: 'per-event', event: { list: 'children', day: 'born', key: 'id' } });
    const slow = whatIf(database.db, openHot(1e6), { ...asked(id, births, {}), amounts: true, columnsOnly: true });
    await expect(slow).rejects.toMatchObject({ problems: [{ code: 'state.needs-forecast' }] });
  });

  it('reads the newest seal, keeps what did not change, and stays within its bytes', async () => {
    const [item, other] = [items[0], items[2]] as [Item, Item];
    await tell(database, crowd(300));
    const first = await sealed();
    const hot = openHot(50_000_000);
    const before = await ask(hot, first, item);
    const { loads } = hot;
    expect(loads).toBeGreaterThan(0);
    expect(await ask(hot, first, item)).toEqual(before);
    expect(hot.loads).toBe(loads);
    // One more person of 90: the population and every column grow; nothing of the old block may be counted.
    await tell(database, { late: { age: '90', deathDate: null } });
    const second = await sealed();
    const after = await ask(hot, second, item);
    expect(after.points[0]?.eligible).toBe((before.points[0]?.eligible ?? 0) + 1);
    expect(after.points).toEqual(await plainly(second, item));
    expect(await ask(hot, first, item)).toEqual(before);
    // A cache that holds nothing gives the same answers.
    const small = openHot(1000);
    for (const one of [item, other, item]) {
      expect((await ask(small, second, one)).points).toEqual(await plainly(second, one));
      expect(small.bytes).toBeLessThanOrEqual(1000);
    }
  });

  it('answers several at once, each its own question', async () => {
    await tell(database, crowd(400));
    const id = await sealed();
    const hot = openHot(50_000_000);
    const alone = await Promise.all(items.map((item) => plainly(id, item)));
    for (let round = 0; round < 5; round++) {
      const told = await Promise.all([...items, ...items].map((item) => ask(round % 2 === 0 ? hot : openHot(2000), id, item)));
      expect(told.map((one) => one.points)).toEqual([...alone, ...alone]);
    }
  });

  it('refuses another catalogue and a snapshot that is not there', async () => {
    await tell(database, crowd(5));
    const id = await sealed();
    const hot = openHot(1000);
    await expect(ask(hot, 'f'.repeat(64), items[0] as Item)).rejects.toMatchObject({ problems: [{ code: 'missing.snapshot' }] });
    const catalogue = { ...world, hash: 'another' };
    await expect(whatIf(database.db, hot, { ...asked(id, items[0] as Item, {}), catalogue, amounts: false })).rejects.toMatchObject({
      problems: [{ code: 'state.other-catalogue' }],
    });
  });
});
