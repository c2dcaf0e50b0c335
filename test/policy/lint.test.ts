// Each warning is shown to fire, and to stay silent on the item beside it.
import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../src/catalogue/catalogue.ts';
import { branchCoverage } from '../../src/policy/coverage.ts';
import { lintItem } from '../../src/policy/lint.ts';
import { catalogue, compiled } from './fixture.ts';

/** With every dataset registered, so that only the warning under test may fire. */
const supplied = {
  ...catalogue,
  datasets: catalogue.facts.map((f) => ({
    id: f.datasets[0] ?? '',
    title: f.label,
    department: '',
    register: f.register,
    shape: 'record',
    kinds: ['full'],
    freshnessDays: 30,
    columns: [],
  })),
} as unknown as Catalogue;

const warnings = (change: Record<string, unknown>, cat: Catalogue = supplied): readonly string[] =>
  lintItem(compiled(change), cat)
    .warnings.filter((w) => !['rule.lint-untried', 'rule.lint-few-examples'].includes(w.code))
    .map((w) => `${w.code.slice(10)} ${w.at}`);

const alive = { fact: 'deathDate', operator: 'absent', value: true };
const all = (...leaves: object[]) => ({ conditions: { all: [alive, ...leaves] } });
const any = (...leaves: object[]) => ({ conditions: { all: [alive, { any: leaves }] } });
const leaf = (fact: string, operator: string, value: unknown, more: object = {}) => ({ fact, operator, value, ...more });

describe('warnings', () => {
  it('are none on a good item', () => {
    expect(warnings(all(leaf('hukouRegion', 'within', '530128')))).toEqual([]);
  });
  it.each<[string, Record<string, unknown>, string]>([
    ['precompute', all(leaf('secret', 'lessThan', 5)), 'precompute /conditions/all/1'],
    ['purpose', all(leaf('others', 'lessThan', 5)), 'purpose /conditions/all/1'],
    ['death', { conditions: leaf('gender', 'equal', '女') }, 'death /conditions'],
    ['unbounded', { ...all(leaf('gender', 'equal', '女')), award: { rate: { base: 'expense', rate: 1 } } }, 'unbounded /award'],
    [
      'publicity',
      { ...all(leaf('groups', 'contains', '孤儿')), flow: { first: ['publicity', 'pay'], continuing: ['pay'] }, publicity: { days: 7 } },
      'publicity /publicity',
    ],
    ['contradiction of numbers', all(leaf('income', 'lessThan', 5), leaf('income', 'greaterThan', 5)), 'contradiction /conditions/all/2'],
    [
      'contradiction at one point',
      all(leaf('income', 'lessThanInclusive', 5), leaf('income', 'greaterThan', 5)),
      'contradiction /conditions/all/2',
    ],
    [
      'contradiction of categories',
      all(leaf('status', 'equal', '低保'), leaf('status', 'in', ['特困', '普通'])),
      'contradiction /conditions/all/2',
    ],
    ['contradiction with none', all(leaf('status', 'equal', '低保'), leaf('status', 'absent', true)), 'contradiction /conditions/all/2'],
    [
      'contradiction of codes',
      all(leaf('hukouRegion', 'within', '530128'), leaf('hukouRegion', 'notWithin', '530000')),
      'contradiction /conditions/all/2',
    ],
    [
      'contradiction of dates',
      all(leaf('birthDate', 'before', '2000-01-01'), leaf('birthDate', 'onOrAfter', '2000-01-01')),
      'contradiction /conditions/all/2',
    ],
    ['tautology', any(leaf('status', 'equal', '低保'), leaf('status', 'notEqual', '低保')), 'tautology /conditions/all/1/any/1'],
    ['tautology of presence', any(leaf('status', 'absent', true), leaf('status', 'absent', false)), 'tautology /conditions/all/1/any/1'],
    ['duplicate', all(leaf('income', 'lessThan', 5), leaf('income', 'lessThan', '5.0')), 'duplicate /conditions/all/2'],
    ['subsumed in all', all(leaf('income', 'lessThan', 5), leaf('income', 'lessThan', 9)), 'subsumed /conditions/all/2'],
    [
      'subsumed in any',
      any(leaf('hukouRegion', 'within', '530128'), leaf('hukouRegion', 'within', '530100')),
      'subsumed /conditions/all/1/any/0',
    ],
    [
      'subsumed sets',
      all(leaf('groups', 'contains', '老人'), leaf('groups', 'intersects', ['老人', '残疾'])),
      'subsumed /conditions/all/2',
    ],
  ])('%s fires', (_, change, expected) => {
    expect(warnings(change)).toContain(expected);
  });
  it.each<[string, Record<string, unknown>]>([
    [
      'precompute with confirmation',
      {
        ...all(leaf('secret', 'lessThan', 5)),
        mode: 'confirm',
        flow: { first: ['confirm', 'pay'], continuing: ['pay'] },
        confirm: { days: 7 },
      },
    ],
    [
      'a push item for the living and the dead',
      { conditions: leaf('gender', 'equal', '女'), mode: 'push', flow: { first: ['notice'], continuing: [] } },
    ],
    ['a capped rate', { ...all(leaf('gender', 'equal', '女')), award: { rate: { base: 'expense', rate: 1 }, cap: 5 } }],
    [
      'a rate capped by a limit',
      {
        ...all(leaf('gender', 'equal', '女')),
        award: { rate: { base: 'expense', rate: 1 } },
        limits: [{ cap: { yuan: 5, per: 'payment' } }],
      },
    ],
    [
      'publicity of old people',
      { ...all(leaf('groups', 'contains', '老人')), flow: { first: ['publicity', 'pay'], continuing: ['pay'] }, publicity: { days: 7 } },
    ],
    ['neighbouring bounds', all(leaf('income', 'lessThanInclusive', 5), leaf('income', 'greaterThanInclusive', 5))],
    ['a range', all(leaf('income', 'greaterThan', 1), leaf('income', 'lessThan', 9))],
    ['two elements of a set', all(leaf('groups', 'contains', '老人'), leaf('groups', 'contains', '残疾'))],
    ['siblings of a tree', any(leaf('hukouRegion', 'within', '530128'), leaf('hukouRegion', 'within', '530129'))],
    ['two days of one fact', all(leaf('status', 'equal', '低保', { on: 'start' }), leaf('status', 'equal', '特困', { on: 'end' }))],
    ['any day of each', all(leaf('status', 'equal', '低保', { on: 'any' }), leaf('status', 'equal', '特困', { on: 'any' }))],
    ['a choice of two', any(leaf('status', 'equal', '低保'), leaf('status', 'equal', '特困'))],
  ])('stays silent on %s', (_, change) => {
    expect(warnings(change)).toEqual([]);
  });
  it('a fact that no dataset delivers', () => {
    expect(warnings(all(leaf('gender', 'equal', '女')), { ...supplied, datasets: [] })).toContain('unsupplied /conditions/all/1');
  });
});

describe('coverage of examples', () => {
  const example = (name: string, facts: object, verdict: string) => ({ name, period: '2026-01', facts, expect: { verdict } });
  const old = { hukouRegion: '530128', birthDate: '1930-01-01' };
  it('names every outcome no example has tried', () => {
    const item = compiled({ examples: [example('符合', old, 'eligible'), example('缺', {}, 'undetermined')] });
    expect(branchCoverage(item, catalogue)).toEqual({
      tried: 5,
      total: 9,
      open: ['/conditions/all/0 false', '/conditions/all/1 false', '/award/tiers/rows/0', '/award/tiers/rows/2'],
    });
    expect(lintItem(item, supplied).warnings.map((w) => w.code)).toContain('rule.lint-few-examples');
  });
  it('is whole when all are tried', () => {
    const more = [
      example('符合', old, 'eligible'),
      example('80', { ...old, birthDate: '1945-01-01' }, 'eligible'),
      example('100', { ...old, birthDate: '1920-01-01' }, 'eligible'),
      example('外地', { ...old, hukouRegion: '440000' }, 'ineligible'),
      example('年轻', { ...old, birthDate: '1990-01-01' }, 'ineligible'),
      example('缺', {}, 'undetermined'),
    ];
    const item = compiled({ examples: more });
    expect(branchCoverage(item, catalogue).open).toEqual([]);
    expect(lintItem(item, supplied).warnings.filter((w) => /untried|few/.test(w.code))).toEqual([]);
  });
});
