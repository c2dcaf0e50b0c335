// What a record is worth: sources, absence, freshness, days. Cases 1, 2 and 15 of the domain at the level of facts.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays, type Day, day } from '../../src/base/day.ts';
import type { Cell, Coverage } from '../../src/record/record.ts';
import { type ResolvedFact, resolveRecord } from '../../src/record/resolve.ts';
import { gapsOf, holdsOn, overlay, uniteSets } from '../../src/record/timeline.ts';
import { county, recordWith } from './county.ts';

const known = day('2026-02-20');
const covered = (dataset: string, asOf: string, division: string | null = null): Coverage => ({
  dataset,
  register: 'citizen',
  division,
  asOf: day(asOf),
  delivery: 'd',
});
const worth = (
  record: ReturnType<typeof recordWith>,
  fact: string,
  coverages: readonly Coverage[] = [],
  knownAt: Day = known,
): ResolvedFact | undefined => resolveRecord(record, coverages, county, knownAt).facts[fact];
const cell = (d: string, v: Cell['v'], from?: string | null, to?: string | null): Cell => ({
  v,
  d,
  ...(from === undefined ? {} : { from: from as Day | null }),
  ...(to === undefined ? {} : { to: to as Day | null }),
});

describe('one source', () => {
  test('a value, a known none, an empty cell, nothing at all', () => {
    const record = recordWith(
      { gender: [cell('people', '女')], deathDate: [cell('people', null)] },
      { people: '2026-02-01', pensions: '2026-02-01' },
    );
    expect(worth(record, 'gender')).toEqual({ cells: [{ v: '女', dataset: 'people', asOf: '2026-02-01' }] });
    expect(worth(record, 'pension')).toEqual({ cells: null, missing: { reason: 'empty', dataset: 'pensions', asOf: '2026-02-01' } });
    expect(worth(record, 'income')).toBeUndefined();
  });

  test('40 days old with a limit of 31 is unknown, not wrong; a later full delivery that says the same renews it', () => {
    const record = recordWith({ gender: [cell('people', '女')] }, { people: '2026-01-11' });
    expect(worth(record, 'gender')).toEqual({ cells: null, missing: { reason: 'stale', dataset: 'people', asOf: '2026-01-11' } });
    expect(worth(record, 'gender', [], day('2026-02-11'))?.cells).toHaveLength(1);
    expect(worth(record, 'gender', [covered('people', '2026-02-11')])?.cells).toEqual([{ v: '女', dataset: 'people', asOf: '2026-02-11' }]);
  });

  test('a refused row is neither a renewal nor a none', () => {
    const before = recordWith(
      { gender: [cell('people', '女')] },
      { people: { asOf: day('2026-01-11'), delivery: 'd', refused: day('2026-02-11') } },
    );
    expect(worth(before, 'gender', [covered('people', '2026-02-11')])?.missing?.reason).toBe('stale');
    const nothing = recordWith({}, { pensions: { asOf: day('2026-02-11'), delivery: 'd', refused: day('2026-02-11') } });
    expect(worth(nothing, 'pension', [covered('pensions', '2026-02-11')])?.missing?.reason).toBe('empty');
  });
});

describe('absence', () => {
  test('is known only within the scope of a full delivery or list, and only while it is fresh', () => {
    const record = recordWith({}, {});
    const none = { cells: [{ v: null, dataset: 'pensions', asOf: '2026-02-11' }] };
    expect(worth(record, 'pension', [covered('pensions', '2026-02-11')])).toEqual(none);
    expect(worth(record, 'pension', [covered('pensions', '2026-02-11', '530128')])).toEqual(none);
    expect(worth(record, 'pension', [covered('pensions', '2026-02-11', '530100')])).toEqual(none);
    expect(worth(record, 'pension', [covered('pensions', '2026-02-11', '530103')])).toBeUndefined();
    expect(worth(record, 'pension', [covered('pensions', '2026-01-11')])?.missing?.reason).toBe('stale');
    expect(worth({ ...record, division: '999001' }, 'pension', [covered('pensions', '2026-02-11', '530103')])).toEqual(none);
    expect(worth({ ...record, division: null }, 'pension', [covered('pensions', '2026-02-11', '530103')])).toBeUndefined();
  });

  test('is an empty list for lists and open on both sides for dated facts', () => {
    const coverages = [covered('births', '2026-02-11'), covered('hukou', '2026-02-11')];
    expect(worth(recordWith({}, {}), 'children', coverages)?.cells?.[0]?.v).toEqual([]);
    expect(worth(recordWith({}, {}), 'region', coverages)?.cells).toEqual([
      { v: null, from: null, to: null, dataset: 'hukou', asOf: '2026-02-11' },
    ]);
  });
});

describe('several sources', () => {
  const alive = [covered('people', '2026-02-01'), covered('health-deaths', '2026-02-01'), covered('cremations', '2026-02-01')];

  test('case 1: death on 31 January is known as soon as the first of three says so, and the earliest day counts', () => {
    const record = recordWith({ deathDate: [cell('people', null)] }, { people: '2026-02-01' });
    expect(worth(record, 'deathDate', alive)?.cells?.[0]?.v).toBeNull();
    const told = recordWith(
      {
        deathDate: [cell('people', '2026-02-10'), cell('health-deaths', '2026-01-31'), cell('cremations', '2026-02-03')],
      },
      { people: '2026-02-10', 'health-deaths': '2026-02-02', cremations: '2026-02-03' },
    );
    expect(worth(told, 'deathDate', alive)?.cells).toEqual([{ v: '2026-01-31', dataset: 'health-deaths', asOf: '2026-02-02' }]);
    const health = recordWith(
      { deathDate: [cell('people', null), cell('health-deaths', '2026-01-31')] },
      { people: '2026-02-01', 'health-deaths': '2026-02-02' },
    );
    expect(worth(health, 'deathDate', alive)?.cells?.[0]?.v).toBe('2026-01-31');
  });

  test('case 2: before any of them says so nobody knows of the death', () => {
    expect(worth(recordWith({}, {}), 'deathDate', alive)?.cells?.[0]?.v).toBeNull();
  });

  test('"nobody says so" needs everybody to have been heard; one day of death does not', () => {
    const twoHeard = alive.slice(0, 2);
    expect(worth(recordWith({}, {}), 'deathDate', twoHeard)).toEqual({
      cells: null,
      missing: { reason: 'undelivered', dataset: 'cremations', asOf: null },
    });
    const dead = recordWith({ deathDate: [cell('health-deaths', '2026-01-31')] }, { 'health-deaths': '2026-02-02' });
    expect(worth(dead, 'deathDate', twoHeard)?.cells?.[0]?.v).toBe('2026-01-31');
  });

  test('the first that knows has precedence; an explicit value beats an absence; silence of the first alone is a none', () => {
    const both = recordWith(
      { account: [cell('other-cards', '222222'), cell('cards', '111111')] },
      { cards: '2026-02-01', 'other-cards': '2026-02-01' },
    );
    expect(worth(both, 'account')?.cells?.[0]).toEqual({ v: '111111', dataset: 'cards', asOf: '2026-02-01' });
    const second = recordWith({ account: [cell('other-cards', '222222')] }, { 'other-cards': '2026-02-01' });
    expect(worth(second, 'account', [covered('cards', '2026-02-01')])?.cells?.[0]?.v).toBe('222222');
    expect(worth(recordWith({}, {}), 'account', [covered('cards', '2026-02-01')])?.cells?.[0]?.v).toBeNull();
    expect(worth(recordWith({}, {}), 'account', [covered('other-cards', '2026-02-01')])?.missing?.reason).toBe('undelivered');
  });
});

describe('dated values', () => {
  const on = (fact: ResolvedFact | undefined, d: string) => {
    const found = fact?.cells?.filter((c) => holdsOn(c, day(d))) ?? [];
    expect(found.length).toBeLessThan(2);
    return found[0] === undefined ? 'unknown' : found[0].v;
  };

  test('before the first unknown, gaps none, after the last none, overlaps to the later', () => {
    const record = recordWith(
      {
        region: [
          cell('hukou', '530128', '2010-01-01', '2020-01-01'),
          cell('hukou', '530103', '2019-07-01', '2021-01-01'),
          cell('hukou', '530128', '2023-01-01', '2025-01-01'),
        ],
      },
      { hukou: '2026-02-01' },
    );
    const fact = worth(record, 'region');
    expect(
      ['2009-12-31', '2010-01-01', '2019-06-30', '2019-07-01', '2021-01-01', '2023-01-01', '2025-01-01', '2026-02-20'].map((d) =>
        on(fact, d),
      ),
    ).toEqual(['unknown', '530128', '530128', '530103', null, '530128', null, null]);
  });

  test('a value left empty in a row is unknown for the days of that row', () => {
    const record = recordWith(
      {
        hukouType: [
          cell('hukou', '农村', '2010-01-01', '2015-01-01'),
          { v: null, unknown: true, d: 'hukou', from: day('2015-01-01'), to: day('2020-01-01') },
        ],
      },
      { hukou: '2026-02-01' },
    );
    const fact = worth(record, 'hukouType');
    expect(['2012-01-01', '2017-01-01', '2021-01-01'].map((d) => on(fact, d))).toEqual(['农村', 'unknown', null]);
    const onlyUnknown = recordWith(
      { hukouType: [{ v: null, unknown: true, d: 'hukou', from: day('2015-01-01'), to: null }] },
      { hukou: '2026-02-01' },
    );
    expect(worth(onlyUnknown, 'hukouType')).toEqual({ cells: null, missing: { reason: 'empty', dataset: 'hukou', asOf: '2026-02-01' } });
  });

  test('sets add up where they overlap', () => {
    const record = recordWith(
      { help: [cell('assistance', ['低保'], '2024-01-01', null), cell('assistance', ['孤儿'], '2025-01-01', '2026-01-01')] },
      { assistance: '2026-02-01' },
    );
    const fact = worth(record, 'help');
    expect(['2024-06-01', '2025-06-01', '2026-01-01'].map((d) => on(fact, d))).toEqual([['低保'], ['低保', '孤儿'], ['低保']]);
  });

  const start = day('2020-01-01');
  const spans = fc.array(
    fc
      .record({ v: fc.constantFrom('a', 'b', 'c'), from: fc.option(fc.nat(60)), length: fc.option(fc.integer({ min: 1, max: 30 })) })
      .map((s) => ({
        v: s.v,
        from: s.from === null ? null : addDays(start, s.from),
        to: s.length === null ? null : addDays(start, (s.from ?? 0) + s.length),
      })),
    { maxLength: 6 },
  );

  test('on any day the last span that holds it wins, and nothing else changes', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: -5, max: 100 }), (given, offset) => {
        const d = addDays(start, offset);
        const line = overlay(given);
        const held = line.filter((s) => holdsOn(s, d));
        expect(held.length).toBeLessThan(2);
        expect(held[0]?.v).toBe(given.findLast((s) => holdsOn(s, d))?.v);
        const inGap = gapsOf(line).some((g) => holdsOn(g, d));
        const first = given
          .filter((s) => (s.from ?? '') < (s.to ?? '~'))
          .map((s) => s.from ?? '')
          .sort()[0];
        expect(inGap).toBe(first !== undefined && first <= d && held.length === 0);
      }),
      { numRuns: 2000 },
    );
  });

  test('sets on any day are the union of all spans that hold it', () => {
    fc.assert(
      fc.property(spans, fc.integer({ min: -5, max: 100 }), (given, offset) => {
        const d = addDays(start, offset);
        const held = uniteSets(given.map((s) => ({ ...s, v: [s.v] }))).filter((s) => holdsOn(s, d));
        expect(held.length).toBeLessThan(2);
        expect(held[0]?.v ?? []).toEqual([...new Set(given.filter((s) => holdsOn(s, d)).map((s) => s.v))].sort());
      }),
      { numRuns: 1000 },
    );
  });
});
