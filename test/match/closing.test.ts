// Closing runs on a real PostgreSQL: nobody is decided before the period has ended, a place is frozen for all at once, what others lack leaves open
// only those whom it could move, and evidence alone decides again.
import { beforeEach, describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { fromInt } from '../../src/base/rational.ts';
import { everything } from '../../src/base/scope.ts';
import { replay } from '../../src/match/replay.ts';
import { matchById } from '../../src/match/store.ts';
import { undeterminedSubjects } from '../../src/match/undetermined.ts';
import { whyNow } from '../../src/match/why.ts';
import type { Item } from '../../src/policy/item.ts';
import { type SecondClosing, secondClosing } from '../../src/policy/second-closing.ts';
import { testDatabase } from '../database.ts';
import { world } from '../snapshot/world.ts';
import { empty, type Facts, idOf, itemOf, lines, publish, sealAndRun, tell, versionOf } from './ground.ts';

const database = testDatabase();
beforeEach(() => empty(database));

const january = day('2026-02-05');
/** The two oldest of those who said 甲, ties sharing a place. */
const top2: Partial<Item> = {
  facts: {
    place: { text: '年龄名次', rank: { by: 'age', among: { fact: 'kind', operator: 'equal', value: '甲' } } },
  },
  conditions: { all: [{ fact: 'place', operator: 'lessThanInclusive', value: 2 }] },
};

const four = {
  ann: { age: '90', kind: '甲' },
  bob: { age: '85', kind: '甲' },
  cid: { age: '85', kind: '甲' },
  dan: { age: '99', kind: '乙' },
  eve: { age: '70', kind: '甲' },
};

describe('a rank', () => {
  it('is told to nobody before the period has ended, then to all at once', async () => {
    await tell(database, four);
    const item = itemOf('top', { ...top2, closing: { days: 5 } });
    expect((await sealAndRun(database, [item], { knownAt: day('2026-01-20') })).items.map((i) => i.periodKey)).toEqual(['2025-12']);
    // The month is over, the days its data take to come in are not.
    expect((await sealAndRun(database, [item], { knownAt: day('2026-02-04') })).items.map((i) => i.periodKey)).toEqual(['2025-12']);
    await empty(database);
    await tell(database, four);
    expect((await sealAndRun(database, [item], { knownAt: january })).items).toMatchObject([
      { periodKey: '2026-01', eligible: 3, undetermined: 0, ineligible: 2 },
    ]);
    expect(await lines(database)).toEqual([
      'ann top 2026-01 #1 first eligible 100.00',
      'bob top 2026-01 #1 first eligible 100.00',
      'cid top 2026-01 #1 first eligible 100.00',
    ]);
  });

  it('stays open only for those whom the missing value of another could move, and names it', async () => {
    await tell(database, { ...four, fay: { kind: '甲' } });
    const item = itemOf('top', top2);
    await publish(database, [item]);
    const report = await sealAndRun(database, [item], { knownAt: january });
    // Ann is first or second whatever Fay is; Bob and Cid are second or third; Eve is fourth or fifth.
    expect(report.items).toMatchObject([{ eligible: 1, undetermined: 3, ineligible: 2 }]);
    expect(await database.sql`select fact, dataset, reason, subjects from undetermined_count order by fact`).toEqual([
      { fact: 'age', dataset: 'base', reason: 'empty', subjects: 1 },
      { fact: 'others:age', dataset: 'base', reason: 'others', subjects: 2 },
    ]);
    const page = await undeterminedSubjects(database.db, {
      version: versionOf(item),
      catalogue: world,
      periodKey: '2026-01',
      scope: everything,
    });
    expect(page.rows.map((r) => [r.name, r.missing.map((m) => m.fact).join()])).toEqual([
      ['bob', 'others:age'],
      ['cid', 'others:age'],
      ['fay', 'age'],
    ]);
    const why = await whyNow(database.db, { version: versionOf(item), catalogue: world, subjectId: idOf('ann'), scope: everything });
    expect(why?.decisions.map((d) => d.decision.verdict)).toEqual(['eligible']);
    expect(await replay(database.db, 'all')).toEqual({ checked: 1, differing: 0, differences: [] });
  });

  it('is frozen once nothing is open: later data move nobody, and evidence carries the table and the row', async () => {
    await tell(database, four);
    const item = itemOf('top', top2);
    await publish(database, [item]);
    await sealAndRun(database, [item], { knownAt: january });
    await tell(database, { eve: { age: '95', kind: '甲' }, gil: { age: '97', kind: '甲' } });
    const later = await sealAndRun(database, [item], { knownAt: day('2026-02-06') });
    expect(later.items).toMatchObject([{ eligible: 3, ineligible: 3, written: {} }]);
    expect(await database.sql`select count(*)::int as n from closing`).toEqual([{ n: 1 }]);
    const [row] = await database.sql<{ id: string; hash: string }[]>`
      select id, (select hash from closing) as hash from match where subject_id = ${idOf('bob')}`;
    expect((await matchById(database.db, row?.id ?? '', everything))?.evidence.closing).toMatchObject([
      { fact: 'place', hash: row?.hash, row: { brings: ['85', '85'], gives: ['2', '2'], group: '', member: true, missing: [] } },
    ]);
    expect(await replay(database.db, 'all')).toEqual({ checked: 3, differing: 0, differences: [] });
    // The next month is counted anew.
    const march = await sealAndRun(database, [item], { knownAt: day('2026-03-05') });
    expect(march.items).toMatchObject([{ periodKey: '2026-02', eligible: 2 }]);
  });

  it('is counted again by the next run while something is open', async () => {
    await tell(database, { ...four, fay: { kind: '甲' } });
    const item = itemOf('top', top2);
    await sealAndRun(database, [item], { knownAt: january });
    await tell(database, { fay: { kind: '甲', age: '60' } });
    await sealAndRun(database, [item], { knownAt: day('2026-02-06') });
    expect((await lines(database)).map((l) => l.split(' ')[0])).toEqual(['ann', 'bob', 'cid']);
    expect(await database.sql`select exact from closing order by closed_at, exact`).toEqual([{ exact: false }, { exact: true }]);
  });
});

describe('a rank counted again after little has changed', () => {
  const people = (more: Record<string, Facts> = {}): Record<string, Facts> => ({
    ...Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`p${i}`, { age: `${20 + i}`, kind: i % 2 === 0 ? '甲' : '乙' }])),
    fay: { kind: '甲' },
    ...more,
  });
  const delta = { share: 0.7, leastRows: 0 };
  const counting = () => {
    const asked: string[] = [];
    const closingOpinion: SecondClosing = {
      ...secondClosing,
      entry: (item, name, source, period) => {
        asked.push(source.ownKey ?? '');
        return secondClosing.entry(item, name, source, period);
      },
    };
    return { asked, closingOpinion };
  };

  it('reads the records of those alone who changed, and says what a count of everybody says', async () => {
    const item = itemOf('top', top2);
    await tell(database, people());
    await sealAndRun(database, [item], { knownAt: january, delta });
    await tell(database, { p59: { age: '99', kind: '甲' }, p0: { age: '20', kind: '乙' }, p2: { age: '98', kind: '甲' } });
    const { asked, closingOpinion } = counting();
    await sealAndRun(database, [item], { knownAt: day('2026-02-06'), delta, closingOpinion });
    // Whoever no longer belongs was of the sample of those whom the columns rule out.
    expect(asked.toSorted()).toEqual(['p0', 'p2', 'p59']);
    const all = counting();
    await sealAndRun(database, [item], { knownAt: day('2026-02-07'), delta: null, afresh: true, closingOpinion: all.closingOpinion });
    expect(all.asked.length).toBeGreaterThanOrEqual(31);
    const tables = await database.sql<{ hash: string; exact: boolean }[]>`
      select hash, exact from closing c join run r on r.id = c.run_id order by r.sequence`;
    expect(tables.map((t) => t.exact)).toEqual([false, false, false]);
    expect(tables[1]?.hash).toBe(tables[2]?.hash);
    expect(tables[0]?.hash).not.toBe(tables[1]?.hash);
  });

  it('asks everybody where the rule is another one', async () => {
    await tell(database, people());
    await sealAndRun(database, [itemOf('top', top2)], { knownAt: january, delta });
    const { asked, closingOpinion } = counting();
    await sealAndRun(database, [itemOf('top', { ...top2, title: '又一版' })], {
      knownAt: day('2026-02-06'),
      versions: [2],
      delta,
      closingOpinion,
    });
    expect(asked.length).toBeGreaterThanOrEqual(31);
  });
});

describe('two ways of counting that disagree', () => {
  const wrongBy = (fact: 'entry' | 'place') => ({
    ...secondClosing,
    ...(fact === 'place'
      ? {
          place: ((item, name, all, me) => {
            const place = secondClosing.place(item, name, all, me);
            return me.key === 'cid' && place?.low != null ? { ...place, low: fromInt(1) } : place;
          }) satisfies SecondClosing['place'],
        }
      : {
          entry: ((...asked) => {
            const brought = secondClosing.entry(...asked);
            return brought.value?.low?.num === 85n ? { ...brought, value: { low: fromInt(86), high: fromInt(86) } } : brought;
          }) satisfies SecondClosing['entry'],
        }),
  });

  it.each(['place', 'entry'] as const)('stop the item before anybody is decided, and say so: %s', async (what) => {
    await tell(database, four);
    const [closed, other] = [itemOf('top', top2), itemOf('plain')];
    const report = await sealAndRun(database, [closed, other], { knownAt: january, closingOpinion: wrongBy(what) });
    expect(report.items.map((i) => [i.itemId, i.stopped === null])).toEqual([
      ['plain', true],
      ['top', false],
    ]);
    expect((await lines(database)).map((l) => l.split(' ')[1])).toEqual(['plain', 'plain', 'plain', 'plain']);
    expect(await database.sql`select 1 from closing`).toEqual([]);
    const audits = await database.sql<
      { reason: string }[]
    >`select reason from audit_entry where action = 'run.stop-item' order by id desc limit 1`;
    expect(audits).toHaveLength(1);
    expect(audits[0]?.reason).toContain('两种算法排定的「place」不同');
    // Nothing stands in the way of the next run: nothing was frozen by the one that stopped.
    const again = await sealAndRun(database, [closed], { knownAt: day('2026-02-06') });
    expect(again.items).toMatchObject([{ eligible: 3 }]);
  });
});

describe('a pool', () => {
  const shared: Partial<Item> = {
    facts: { part: { text: '应分', pool: { yuan: 100, quantity: 'income', give: 'share' } } },
    conditions: { all: [{ fact: 'kind', operator: 'equal', value: '甲' }] },
    award: { formula: 'part' },
  };

  it('is divided among those the conditions hold for, to the last 分', async () => {
    await tell(database, {
      ann: { kind: '甲', income: '1' },
      bob: { kind: '甲', income: '1' },
      cid: { kind: '甲', income: '1' },
      dan: { kind: '乙', income: '5' },
    });
    const item = itemOf('pool', shared);
    await publish(database, [item]);
    await sealAndRun(database, [item], { knownAt: january });
    expect(await lines(database)).toEqual([
      'ann pool 2026-01 #1 first eligible 33.34',
      'bob pool 2026-01 #1 first eligible 33.33',
      'cid pool 2026-01 #1 first eligible 33.33',
    ]);
    expect(await replay(database.db, 'all')).toEqual({ checked: 3, differing: 0, differences: [] });
  });

  it('is nobody’s money while it is unknown who shares it', async () => {
    await tell(database, { ann: { kind: '甲', income: '1' }, bob: { income: '1' } });
    await sealAndRun(database, [itemOf('pool', shared)], { knownAt: january });
    const [row] = await database.sql<{ amount: string | null; award: unknown }[]>`
      select amount_fen::text as amount, lines -> 0 -> 'award' as award from match`;
    expect(row?.amount).toBeNull();
    expect(row?.award).toMatchObject({ state: 'bounded', fromFen: '5000', toFen: '10000' });
  });

  it('gives one price for all, cut down so that the pool suffices', async () => {
    const item = itemOf('price', {
      facts: { price: { text: '单价', pool: { yuan: '100.00', quantity: 'income', give: 'price', decimals: 4 } } },
      conditions: { all: [{ fact: 'kind', operator: 'equal', value: '甲' }] },
      award: { perUnit: { yuan: { fact: 'price' }, count: 'income' }, rounding: { to: 'fen', mode: 'down' } },
    });
    await tell(database, { ann: { kind: '甲', income: '1' }, bob: { kind: '甲', income: '2' }, cid: { kind: '乙', income: '2' } });
    await sealAndRun(database, [item], { knownAt: january });
    expect(await lines(database)).toEqual(['ann price 2026-01 #1 first eligible 33.33', 'bob price 2026-01 #1 first eligible 66.66']);
  });

  it('may be shared by those a rank has chosen', async () => {
    const item = itemOf('both', {
      facts: {
        place: { text: '名次', rank: { by: 'age', among: { fact: 'kind', operator: 'equal', value: '甲' } } },
        part: { text: '应分', pool: { yuan: 90, quantity: 'income', give: 'share' } },
      },
      conditions: { all: [{ fact: 'place', operator: 'lessThanInclusive', value: 2 }] },
      award: { formula: 'part' },
    });
    await tell(database, {
      ann: { kind: '甲', income: '1', age: '90' },
      bob: { kind: '甲', income: '2', age: '80' },
      cid: { kind: '甲', income: '7', age: '70' },
    });
    await sealAndRun(database, [item], { knownAt: january });
    expect(await lines(database)).toEqual(['ann both 2026-01 #1 first eligible 30.00', 'bob both 2026-01 #1 first eligible 60.00']);
  });
});
