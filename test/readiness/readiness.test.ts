// Ready, waiting, not triggered: what a run leaves out, what it says about it, and that it decides when what it waited for is there.
import { beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import type { ReadinessRow } from '../../src/readiness/store.ts';
import { readReadiness } from '../../src/readiness/store.ts';
import { waitText } from '../../src/readiness/words.ts';
import type { Condition } from '../../src/rule/condition.ts';
import { testDatabase } from '../database.ts';
import { empty, itemOf, lines, tell } from '../match/ground.ts';
import { catalogueWith, night, oldAge, tellDeaths, told } from './ground.ts';

const database = testDatabase();
beforeEach(() => empty(database));

const people = { a: { age: '85' }, b: { age: '90' }, c: { age: '40' }, d: { age: null } };
const now = async (itemId: string, periodKey: string): Promise<ReadinessRow | undefined> =>
  (await readReadiness(database.db, { itemId, periodKey }))[0];
const openCounts = async (): Promise<number> =>
  (await database.sql<{ n: number }[]>`select count(*)::int as n from undetermined_count`)[0]?.n ?? 0;

describe('a dataset that was never delivered', () => {
  it('makes the item wait as one entry, and nobody 待核; it runs when the dataset is there', async () => {
    await tell(database, people);
    const first = await night(database, [oldAge()], day('2026-01-20'));
    expect(told(first)).toEqual(['old-age 2026-01 waiting']);
    expect(await openCounts()).toBe(0);
    expect(await lines(database)).toEqual([]);
    const row = await now('old-age', '2026-01');
    expect(row).toMatchObject({ state: 'waiting', sequence: 1 });
    expect(row?.waits).toHaveLength(1);
    expect(row?.waits[0]).toMatchObject({
      kind: 'dataset',
      name: 'deaths',
      reason: 'never',
      holds: true,
      dueOn: '2025-12-05',
      department: '卫生健康委',
    });
    expect(row?.waits.map((wait) => waitText(wait, { trees: [] }))).toEqual([
      '数据“死亡登记”从未报送，应于2025年12月5日报送，责任单位 卫生健康委信息科',
    ]);
    // The same night again: nothing new is written anywhere.
    expect((await night(database, [oldAge()], day('2026-01-20'))).already).toBe(true);

    await tellDeaths(database, day('2026-01-21'));
    expect(told(await night(database, [oldAge()], day('2026-01-22')))).toEqual(['old-age 2026-01 2/0/2']);
    expect(await lines(database)).toEqual(['a old-age 2026-01 #1 first eligible 100.00', 'b old-age 2026-01 #1 first eligible 100.00']);
    expect((await readReadiness(database.db, { itemId: 'old-age', history: true })).map((r) => `${r.sequence} ${r.state}`)).toEqual([
      '2 ready',
      '1 waiting',
    ]);
  });

  it('owes the period it waited for, though that has closed and there is no look-back', async () => {
    await tell(database, people);
    await night(database, [oldAge()], day('2026-01-20'));
    expect(told(await night(database, [oldAge()], day('2026-02-20')))).toEqual(['old-age 2026-01 waiting', 'old-age 2026-02 waiting']);
    await tellDeaths(database, day('2026-02-21'), { b: day('2026-02-03') });
    expect(told(await night(database, [oldAge()], day('2026-02-22')))).toEqual(['old-age 2026-01 1/0/3', 'old-age 2026-02 1/0/3']);
    expect(await lines(database)).toEqual([
      'a old-age 2026-01 #1 first eligible 100.00',
      'a old-age 2026-02 #1 continuing eligible 100.00',
    ]);
  });

  it('is not waited for by a rule that some can pass without it', async () => {
    await tell(database, people);
    const conditions: Condition = {
      all: [
        { fact: 'age', operator: 'greaterThanInclusive', value: 80 },
        {
          any: [
            { fact: 'deathDate', operator: 'absent', value: true },
            { fact: 'age', operator: 'lessThan', value: 88 },
          ],
        },
      ],
    };
    expect(told(await night(database, [oldAge('either', { conditions })], day('2026-01-20')))).toEqual(['either 2026-01 1/1/2']);
  });

  it('leaves whoever was paid before as they stood: the period is not decided yet', async () => {
    await tell(database, people);
    await tellDeaths(database, day('2026-01-10'));
    await night(database, [oldAge()], day('2026-01-20'));
    const before = await lines(database);
    // The next version also asks for something nobody has delivered.
    const stricter = oldAge('old-age', {
      effective: { from: day('2025-01-01'), to: null },
      conditions: {
        all: [
          { fact: 'age', operator: 'greaterThanInclusive', value: 80 },
          { fact: 'later', operator: 'equal', value: true },
        ],
      },
    });
    const later = { ...(catalogueWith().facts.find((f) => f.key === 'open') as object), key: 'later', datasets: ['late-set'] };
    const base = catalogueWith();
    const set = { ...(base.datasets[0] as object), id: 'late-set', title: '新数据', introduces: false, columns: [] };
    const catalogue = catalogueWith({ facts: [...base.facts, later as never], datasets: [...base.datasets, set as never] });
    const report = await night(database, [stricter], day('2026-02-05'), { catalogue, versions: [2] });
    expect(told(report)).toEqual(['old-age 2026-02 waiting']);
    expect(await lines(database)).toEqual(before);
  });
});

describe('a parameter or an index', () => {
  const topUp = itemOf('top-up', {
    facts: { shortfall: { text: '差额', feel: 'max(0, parameter("standard") - income)', unit: '元' } },
    conditions: { all: [{ fact: 'age', operator: 'greaterThanInclusive', value: 80 }] },
    award: { formula: 'shortfall' },
  });
  const dear = itemOf('dear', {
    facts: { index: { text: '当月居民消费价格指数', feel: 'external("cpi", period.key)' } },
    conditions: {
      all: [
        { fact: 'age', operator: 'greaterThanInclusive', value: 80 },
        { fact: 'index', operator: 'greaterThanInclusive', value: 103.5, clause: '第二条' },
      ],
    },
  });

  it('that nobody has published holds the item up, also where only the amount needs it', async () => {
    await tell(database, { a: { age: '85', income: '300' } });
    expect(told(await night(database, [topUp], day('2026-02-20')))).toEqual(['top-up 2026-02 1/0/0']);
    expect(told(await night(database, [topUp], day('2026-03-20')))).toEqual(['top-up 2026-03 waiting']);
    expect((await now('top-up', '2026-03'))?.waits[0]).toMatchObject({
      kind: 'parameter',
      name: 'standard',
      label: '低保标准',
      reason: 'unpublished',
      holds: true,
    });
    const published = catalogueWith({
      parameters: [
        { key: 'standard', label: '低保标准', unit: '元', values: [{ region: null, from: day('2025-01-01'), to: null, value: '900' }] },
      ],
    });
    expect(told(await night(database, [topUp], day('2026-03-21'), { catalogue: published }))).toEqual(['top-up 2026-03 1/0/0']);
    expect(await lines(database)).toEqual(['a top-up 2026-02 #1 first eligible 500.00', 'a top-up 2026-03 #1 changed eligible 600.00']);
  });

  it('above the line triggers, below it is one dated record, not known is waited for', async () => {
    await tell(database, people);
    expect(told(await night(database, [dear], day('2026-01-20')))).toEqual(['dear 2026-01 2/0/2']);
    expect(told(await night(database, [dear], day('2026-02-20')))).toEqual(['dear 2026-02 not-triggered']);
    const row = await now('dear', '2026-02');
    expect(row?.record).toEqual({
      reasons: [{ at: '/conditions/all/1', rule: '当月居民消费价格指数达到 103.5', found: '102.1' }],
      values: [{ name: 'external:cpi:2026-02:11', value: '102.1', asOf: '2026-02-10' }],
    });
    // Whoever was paid in January stands as in January: not ended, not suspended.
    expect((await lines(database)).every((line) => line.includes('2026-01 #1 first'))).toBe(true);
    expect(told(await night(database, [dear], day('2026-03-20')))).toEqual(['dear 2026-03 waiting']);
    expect((await now('dear', '2026-03'))?.waits[0]).toMatchObject({ kind: 'external', name: 'cpi' });
  });

  it('that is corrected after the period was paid is decided again: nobody keeps money by a record', async () => {
    await tell(database, people);
    await night(database, [dear], day('2026-01-20'));
    const base = catalogueWith();
    const corrected = catalogueWith({
      external: base.external.map((s) => ({
        ...s,
        values: [...s.values, { region: null, period: '2026-01', value: '103.4', asOf: day('2026-01-25') }],
      })),
    });
    expect(told(await night(database, [dear], day('2026-01-26'), { catalogue: corrected }))).toEqual(['dear 2026-01 0/0/4']);
    expect(await lines(database)).toContain('a dear 2026-01 #2 ended ineligible');
  });
});

describe('one of several divisions', () => {
  it('leaves the item ready and names the others, each once', async () => {
    await tell(database, { a: { age: '85' }, b: { age: '90' } });
    await database.sql`update record set division = case key when 'a' then '111' else '12' end`;
    await tellDeaths(database, day('2026-01-19'), {}, '11');
    const item = oldAge('whole', { region: '1' });
    expect(told(await night(database, [item], day('2026-01-20')))).toEqual(['whole 2026-01 1/1/0']);
    expect((await now('whole', '2026-01'))?.waits.map((w) => [w.name, w.division, w.reason, w.holds])).toEqual([
      ['deaths', '12', 'silent', false],
    ]);
  });

  it('that the item is not for is no delivery for it', async () => {
    await tell(database, { a: { age: '85' } });
    await tellDeaths(database, day('2026-01-19'), {}, '2');
    expect(told(await night(database, [oldAge('here', { region: '11' })], day('2026-01-20')))).toEqual(['here 2026-01 waiting']);
  });
});

describe('what is late without a decision', () => {
  it('is 待核 as ever, and suspends: 40 days old, limit 31', async () => {
    await tell(database, people, day('2026-02-15'));
    await tellDeaths(database, day('2026-01-10'));
    expect(told(await night(database, [oldAge()], day('2026-01-20')))).toEqual(['old-age 2026-01 2/0/2']);
    expect(told(await night(database, [oldAge()], day('2026-02-19')))).toEqual(['old-age 2026-02 0/2/2']);
    expect(await lines(database)).toEqual([
      'a old-age 2026-01 #1 first eligible 100.00',
      'a old-age 2026-02 #1 suspended undetermined',
      'b old-age 2026-01 #1 first eligible 100.00',
      'b old-age 2026-02 #1 suspended undetermined',
    ]);
    expect((await now('old-age', '2026-02'))?.waits[0]).toMatchObject({
      name: 'deaths',
      reason: 'stale',
      holds: false,
      guard: true,
      asOf: '2026-01-10',
      decision: null,
    });
  });
});
