// The plain reader: exact values, reasons for what is missing, links, parameters, spans of days.
import { describe, expect, test } from 'vitest';
import { day } from '../../src/base/day.ts';
import { isContext, isUnknown, kindOf, unknown, type Value } from '../../src/feel/value.ts';
import type { ResolvedRecord } from '../../src/record/resolve.ts';
import { recordSource } from '../../src/record/source.ts';
import { county, person } from './county.ts';

const asOf = day('2026-02-01');
const record: ResolvedRecord = {
  register: 'citizen',
  subjectId: 'a',
  key: person(1),
  ordinal: 0,
  name: null,
  division: '530128102',
  facts: {
    balance: { cells: [{ v: '0.1', dataset: 'cards', asOf }] },
    deathDate: { cells: [{ v: '2026-01-31', dataset: 'people', asOf }] },
    pension: { cells: null, missing: { reason: 'stale', dataset: 'pensions', asOf } },
    children: { cells: [{ v: [{ no: '1', birth: '2020-02-29' }, { no: '2' }], dataset: 'births', asOf }] },
    income: { cells: [{ v: { '2025': '12000.50', '2024': '', '2023': null }, dataset: 'wages', asOf }] },
    region: {
      cells: [
        { v: '530103', from: day('2010-01-01'), to: day('2026-01-15'), dataset: 'hukou', asOf },
        { v: '530128', from: day('2026-01-15'), to: null, dataset: 'hukou', asOf },
      ],
    },
    spouse: { cells: [{ v: person(2), from: day('2015-01-01'), to: null, dataset: 'marriages', asOf }] },
  },
};
const spouse: ResolvedRecord = { ...record, subjectId: 'b', key: person(2), facts: { region: record.facts.region as never } };
const purpose = { id: 'someone', mode: 'auto' } as const;
const source = recordSource(record, {
  catalogue: county,
  link: (register, key) => (register === 'citizen' && key === spouse.key ? spouse : undefined),
  paid: [
    { item: 'a', period: '2026-01', amountFen: 5n },
    { item: 'a', period: 'once', year: '2025', amountFen: 7n },
    { item: 'b', period: '2025', amountFen: 9n, isFor: (key) => key === 'k' },
  ],
  purpose,
});
const today = day('2026-01-20');
const plain = (v: Value): unknown => (v !== null && typeof v === 'object' && 'num' in v ? `${v.num}/${v.den}` : v);

const entry = (v: Value, key: string): Value => (isContext(v) ? (v.entries.get(key) ?? null) : null);

describe('reading one fact', () => {
  test('numbers stay exact, dates become days, lists keep what is unknown in them', () => {
    expect(plain(source.read('balance', today).value)).toBe('1/10');
    expect(source.read('deathDate', today)).toEqual({ value: { kind: 'date', epochDay: 20484 }, source: { dataset: 'people', asOf } });
    const children = source.read('children', today).value as readonly Value[];
    expect(entry(children[1] ?? null, 'birth')).toEqual(unknown('children.birth'));
    const income = source.read('income', today).value;
    expect([plain(entry(income, '2025')), entry(income, '2024'), entry(income, '2023')]).toEqual(['24001/2', unknown('income'), null]);
  });

  test('missing facts say why', () => {
    expect(source.read('pension', today)).toEqual({
      value: unknown('pension'),
      source: null,
      missing: { fact: 'pension', dataset: 'pensions', reason: 'stale', asOf },
    });
    expect(source.read('gender', today).missing).toEqual({ fact: 'gender', dataset: 'people', reason: 'undelivered' });
    expect(source.read('region', day('2009-01-01')).missing).toEqual({ fact: 'region', dataset: 'hukou', reason: 'empty', asOf });
    expect(source.read('nonsense', today).missing?.dataset).toBeNull();
  });

  test('dated facts by the day, and every value of a span', () => {
    expect(source.read('region', day('2026-01-14')).value).toBe('530103');
    expect(source.read('region', day('2026-01-15'))).toEqual({
      value: '530128',
      source: { dataset: 'hukou', asOf, from: '2026-01-15', to: null },
    });
    expect(source.readAll('region', day('2026-01-01'), day('2026-01-31')).map((r) => r.value)).toEqual(['530103', '530128']);
    expect(source.readAll('region', day('2009-06-01'), day('2010-06-01')).map((r) => kindOf(r.value))).toEqual(['unknown', 'string']);
    expect(source.readAll('balance', day('2009-06-01'), day('2010-06-01'))).toHaveLength(1);
  });
});

describe('links, parameters, payments, trees', () => {
  test('a link is followed once', () => {
    expect(source.read('spouse.region', today).value).toBe('530128');
    expect(source.read('spouse.region', day('2014-01-01')).missing).toEqual({
      fact: 'spouse',
      dataset: 'marriages',
      reason: 'empty',
      asOf,
    });
    expect(source.read('spouse.pension', today).missing?.fact).toBe('spouse.pension');
    expect(isUnknown(source.read('spouse.spouse.region', today).value)).toBe(true);
    const alone = recordSource(
      { ...record, facts: { spouse: { cells: [{ v: null, from: null, to: null, dataset: 'marriages', asOf }] } } },
      { catalogue: county, purpose },
    );
    expect(alone.read('spouse.region', today).value).toBeNull();
    const stranger = recordSource(record, { catalogue: county, purpose });
    expect(stranger.read('spouse.region', today).missing).toEqual({ fact: 'spouse.region', dataset: 'marriages', reason: 'no-link', asOf });
  });

  test('the most specific region with a value wins', () => {
    expect(plain(source.parameter('minWage', '530128102', day('2025-06-01')).value)).toBe('1990/1');
    expect(plain(source.parameter('minWage', '530128102', day('2026-06-01')).value)).toBe('1800/1');
    expect(source.parameter('minWage', '110000', day('2026-06-01')).missing?.reason).toBe('no-parameter');
    expect(plain(source.external('cpi', '530128', '2026-01').value)).toBe('7/2');
    expect(source.external('cpi', '530128', '2026-02').missing?.fact).toBe('external:cpi');
  });

  test('what was paid, by item, period, year and key', () => {
    expect(source.paid(['a'], {}).map((p) => p.amountFen)).toEqual([5n, 7n]);
    expect(source.paid(['a', 'b'], { year: '2025' }).map((p) => p.amountFen)).toEqual([7n, 9n]);
    expect(source.paid(['a'], { period: '2026-01' })).toEqual([{ item: 'a', period: '2026-01', amountFen: 5n }]);
    expect(source.paid(['b'], { key: 'other' })).toEqual([]);
  });

  test('membership in a tree', () => {
    expect(source.within('division', '530128102', '530100', today)).toBe(true);
    expect(source.within('division', '999001', '530128', today)).toBe(false);
    expect(source.within('division', '111111', '530128', today)).toBeNull();
  });
});
