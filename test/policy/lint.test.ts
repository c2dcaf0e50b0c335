// Each warning is shown to fire, and to stay silent on the item beside it.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Catalogue } from '../../src/catalogue/catalogue.ts';
import { branchCoverage } from '../../src/policy/coverage.ts';
import { lintItem } from '../../src/policy/lint.ts';
import { lintCodes } from '../../src/policy/lint-look.ts';
import { catalogue, compiled, problemsOf } from './fixture.ts';

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
    .findings.filter((w) => !['rule.lint-untried', 'rule.lint-few-examples'].includes(w.code))
    .map((w) => `${w.code.slice(10)} ${w.at}`)
    // The item's age is read by the award that some of these replace.
    .filter((w) => w !== 'unused-fact /facts/age');

const alive = { fact: 'deathDate', operator: 'absent', value: true };
const flowOf = (...first: string[]) => ({ flow: { first: [...first, 'pay'], continuing: ['pay'] } });
const all = (...leaves: object[]) => ({ conditions: { all: [alive, ...leaves] } });
const any = (...leaves: object[]) => ({ conditions: { all: [alive, { any: leaves }] } });
const leaf = (fact: string, operator: string, value: unknown, more: object = {}) => ({ fact, operator, value, ...more });

describe('warnings', () => {
  it('are none on a good item', () => {
    expect(warnings(all(leaf('hukouRegion', 'within', '530128')))).toEqual([]);
  });
  it.each<[string, Record<string, unknown>, string]>([
    ['precompute', all(leaf('secret', 'lessThan', 5)), 'precompute /conditions/all/1'],
    [
      'life',
      {
        ...all(leaf('gender', 'equal', '女')),
        ...flowOf('ask'),
        ask: { days: 3, fields: [{ id: 'x', label: '授权书', kind: 'document', fact: 'nosuch' }] },
      },
      'life /ask/fields/0/fact',
    ],
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
    [
      'contradiction through a nested group',
      all(leaf('income', 'lessThan', 5), { any: [leaf('income', 'equal', 7), leaf('income', 'greaterThan', 9)] }),
      'contradiction /conditions/all/2',
    ],
    [
      'contradiction through all in all',
      all(leaf('income', 'lessThan', 5), { all: [leaf('income', 'greaterThan', 6)] }),
      'contradiction /conditions/all/2/all/0',
    ],
    [
      'contradiction of sets',
      all(leaf('groups', 'contains', '老人'), leaf('groups', 'disjoint', ['老人', '残疾'])),
      'contradiction /conditions/all/2',
    ],
    [
      'dead-branch',
      any(leaf('gender', 'equal', '女'), { all: [leaf('income', 'lessThan', 5), leaf('income', 'greaterThan', 6)] }),
      'dead-branch /conditions/all/1/any/1/all/1',
    ],
    [
      'unused-fact',
      {
        ...all(leaf('gender', 'equal', '女')),
        facts: { age: { text: '当月周岁', feel: 'period.end.year - birthDate.year' }, spare: { text: '多余', feel: 'income * 2' } },
      },
      'unused-fact /facts/spare',
    ],
    [
      'no-parameter by name',
      { ...all(leaf('gender', 'equal', '女')), award: { formula: 'parameter("noWage", hukouRegion, period.end)', cap: 5000 } },
      'no-parameter /award/formula',
    ],
    [
      'no-parameter by region',
      {
        ...all(leaf('gender', 'equal', '女')),
        region: '440000',
        authority: '民政局',
        award: { formula: 'parameter("minWage", hukouRegion, period.end)', cap: 5000 },
      },
      'no-parameter /award/formula',
    ],
    [
      'parameter-gap',
      {
        ...all(leaf('gender', 'equal', '女')),
        effective: { from: '2015-01-01', to: null },
        award: { formula: 'parameter("minWage", hukouRegion, period.end)', cap: 5000 },
      },
      'parameter-gap /award/formula',
    ],
    ['tax', all(leaf('taxPaid', 'greaterThan', 5)), 'tax /conditions/all/1'],
    ['region', { ...all(leaf('gender', 'equal', '女')), region: '530100' }, 'region /region'],
    ['region of the nation', { ...all(leaf('gender', 'equal', '女')), region: null }, 'region /region'],
    ['waive', { ...all(leaf('gender', 'equal', '女')), mode: 'confirm', ...flowOf('confirm'), confirm: { days: 7 } }, 'waive /confirm'],
    ['low-cap', { ...all(leaf('gender', 'equal', '女')), award: { fixed: { yuan: 60 }, cap: 50 } }, 'low-cap /award/cap'],
    [
      'low-cap of a limit',
      { ...all(leaf('gender', 'equal', '女')), award: { fixed: { yuan: 600 } }, limits: [{ cap: { yuan: 60, per: 'subject' } }] },
      'low-cap /limits/0/cap/yuan',
    ],
    [
      'tier-unreachable',
      {
        ...all(leaf('age', 'greaterThanInclusive', 80)),
        award: { tiers: { by: 'age', rows: [{ below: 70, yuan: 10 }, { below: 90, yuan: 60 }, { yuan: 500 }] } },
      },
      'tier-unreachable /award/tiers/rows/0',
    ],
    [
      'tier-uncovered',
      {
        ...all(leaf('age', 'greaterThanInclusive', 80)),
        award: {
          tiers: {
            by: 'age',
            rows: [
              { from: 85, below: 90, yuan: 60 },
              { from: 90, yuan: 500 },
            ],
          },
        },
      },
      'tier-uncovered /award',
    ],
    [
      'tier-uncovered of categories',
      { ...all(leaf('status', 'in', ['低保', '特困'])), award: { tiers: { by: 'status', rows: [{ is: '低保', yuan: 60 }] } } },
      'tier-uncovered /award',
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
        confirm: { days: 7, clause: '第五条' },
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
    [
      'four members of a set at once',
      all(...['老人', '残疾'].map((v) => leaf('groups', 'contains', v)), leaf('groups', 'doesNotContain', '孤儿')),
    ],
    [
      'a nested group that can hold',
      all(leaf('income', 'lessThan', 5), { any: [leaf('income', 'equal', 4), leaf('gender', 'equal', '女')] }),
    ],
    ['half a year between two bounds', all(leaf('income', 'greaterThan', 5), leaf('income', 'lessThan', '5.0000001'))],
    [
      'a parameter with a value for every day',
      { ...all(leaf('gender', 'equal', '女')), award: { formula: 'parameter("minWage", hukouRegion, period.end)', cap: 5000 } },
    ],
    [
      'an own fact read by another',
      {
        ...all(leaf('gender', 'equal', '女')),
        facts: { age: { text: '周岁', feel: 'period.end.year - birthDate.year' }, more: { text: '多', feel: 'age + 1' } },
        award: { perUnit: { yuan: 1, count: 'more', maxCount: 100 } },
      },
    ],
    ['an authority above', { ...all(leaf('gender', 'equal', '女')), authority: '云南省民政厅' }],
    ['an authority without a place', { ...all(leaf('gender', 'equal', '女')), authority: '民政部', region: null }],
    ['taxpayers by another name', all(leaf('income', 'lessThan', 5))],
    [
      'a confirmation of the firm',
      {
        conditions: leaf('revenue', 'lessThan', 5),
        audience: 'enterprise',
        facts: {},
        award: { fixed: { yuan: 5 } },
        mode: 'confirm',
        ...flowOf('confirm'),
        confirm: { days: 7 },
      },
    ],
    [
      'a cap above the smallest tier',
      { ...all(leaf('gender', 'equal', '女')), award: { tiers: { by: 'age', rows: [{ below: 90, yuan: 60 }, { yuan: 500 }] }, cap: 60 } },
    ],
    [
      'tiers that meet the conditions',
      {
        ...all(leaf('age', 'greaterThanInclusive', 80)),
        award: {
          tiers: {
            by: 'age',
            rows: [
              { from: 80, upTo: 89, yuan: 60 },
              { from: 90, yuan: 500 },
            ],
          },
        },
      },
    ],
    [
      'tiers the conditions say nothing of',
      { ...all(leaf('gender', 'equal', '女')), award: { tiers: { by: 'income', rows: [{ from: 85, below: 90, yuan: 60 }] } } },
    ],
  ])('stays silent on %s', (_, change) => {
    expect(warnings(change)).toEqual([]);
  });
  it('a fact that no dataset delivers', () => {
    expect(warnings(all(leaf('gender', 'equal', '女')), { ...supplied, datasets: [] })).toContain('unsupplied /conditions/all/1');
  });
});

/** What reading refuses: place and code per finding of the language, each with a neighbour that reads. */
const fine = leaf('gender', 'equal', '女');
const tiersOf = (...rows: object[]) => ({ conditions: fine, award: { tiers: { by: 'age', rows } } });
const instalments = (...shares: string[]) => ({
  conditions: fine,
  award: { fixed: { yuan: 100 } },
  instalments: { yearsSince: '0', parts: shares.map((share, year) => ({ year, share })) },
});

describe('refused when reading', () => {
  it.each<[string, Record<string, unknown>, string, Record<string, unknown>]>([
    ['unknown fact', { conditions: leaf('hukou', 'equal', '女') }, 'rule.unknown-fact /conditions/fact', { conditions: fine }],
    ['unknown operator', { conditions: leaf('gender', 'is', '女') }, 'rule.unknown-operator /conditions/operator', { conditions: fine }],
    [
      'unknown function',
      { conditions: fine, award: { formula: 'summe(income)' } },
      'feel.expression /award/formula#1:1',
      { conditions: fine, award: { formula: 'abs(income)' } },
    ],
    [
      'type clash',
      { conditions: leaf('gender', 'lessThan', 5) },
      'rule.type /conditions/operator',
      { conditions: leaf('income', 'lessThan', 5) },
    ],
    [
      'unit clash',
      { conditions: fine, award: { formula: 'savings' } },
      'rule.unit /award/formula',
      { conditions: fine, award: { formula: 'income' } },
    ],
    ['empty group', { conditions: { all: [] } }, 'rule.empty-group /conditions/all', { conditions: { all: [fine] } }],
    [
      'tier never reached',
      tiersOf({ yuan: 5 }, { below: 90, yuan: 6 }),
      'rule.tier /award/tiers/rows/1',
      tiersOf({ below: 90, yuan: 6 }, { yuan: 5 }),
    ],
    [
      'gap',
      tiersOf({ below: 80, yuan: 5 }, { from: 90, yuan: 6 }),
      'rule.tier /award/tiers/rows/1',
      tiersOf({ below: 90, yuan: 5 }, { from: 90, yuan: 6 }),
    ],
    [
      'overlap',
      tiersOf({ upTo: 90, yuan: 5 }, { from: 85, upTo: 95, yuan: 6 }),
      'rule.tier /award/tiers/rows/1',
      tiersOf({ upTo: 84, yuan: 5 }, { from: 85, upTo: 95, yuan: 6 }),
    ],
    [
      'cap below the smallest tier',
      {
        ...tiersOf({ below: 90, yuan: 60 }, { yuan: 500 }),
        award: { tiers: { by: 'age', rows: [{ below: 90, yuan: 60 }, { yuan: 500 }] }, cap: 50 },
      },
      'rule.cap /award/cap',
      { ...tiersOf({ below: 90, yuan: 60 }, { yuan: 500 }) },
    ],
    ['row cap below its amount', tiersOf({ yuan: 5, cap: 4 }), 'rule.cap /award/tiers/rows/0/cap', tiersOf({ yuan: 5, cap: 5 })],
    [
      'dates reversed',
      { conditions: fine, effective: { from: '2026-01-01', to: '2025-01-01' } },
      'rule.dates /effective',
      { conditions: fine },
    ],
    ['shares that are not one', instalments('0.5', '0.4'), 'rule.instalment /instalments/parts', instalments('0.5', '0.5')],
    [
      'a placeholder nobody fills',
      { conditions: fine, notice: { text: '{姓名}，您的{津贴}' } },
      'rule.notice-field /notice/text',
      { conditions: fine, notice: { text: '{姓名}，您的{金额}' } },
    ],
  ])('%s', (_, bad, expected, good) => {
    expect(problemsOf(bad)).toContain(expected);
    expect(problemsOf(good)).toEqual([]);
  });
});

describe('beside others', () => {
  const item = (change: object) => compiled({ ...all(leaf('hukouRegion', 'within', '530128')), ...change });
  const beside = (change: object, other: object) =>
    lintItem(item(change), supplied, [item(other).item])
      .findings.filter((f) => /split|matter/.test(f.code))
      .map((f) => `${f.code.slice(10)} ${f.at}`);
  it('two versions in one period', () => {
    const from = (day: string, more: object = {}) => ({ effective: { from: day, to: null }, ...more });
    expect(beside(from('2026-01-15'), from('2025-01-01'))).toEqual(['split-period /effective/from']);
    expect(beside(from('2026-02-01'), from('2025-01-01'))).toEqual([]);
    expect(beside(from('2026-01-15', { selectedBy: 'period-start' }), from('2025-01-01'))).toEqual([]);
    expect(beside(from('2026-01-15'), { effective: { from: '2025-01-01', to: '2025-12-31' } })).toEqual([]);
  });
  it('two items of one matter', () => {
    const group = { limits: [{ exclusive: { group: '高龄', per: 'period' } }] };
    expect(beside({}, { id: 'other', title: '高龄津贴（2025年）', region: '530100' })).toEqual(['same-matter /limits']);
    expect(beside(group, { id: 'other', title: '高龄津贴', ...group })).toEqual([]);
    expect(beside({}, { id: 'other', title: '高龄津贴', region: '440000' })).toEqual([]);
    expect(beside({}, { id: 'other', title: '护理补贴' })).toEqual([]);
    expect(beside({}, { id: 'other', title: '高龄津贴', effective: { from: null, to: '2024-12-31' } })).toEqual([]);
  });
});

describe('an offset of what a person lives on', () => {
  const overpaid = { tellWorkingDays: 5, dueMonths: 3, clause: '第十二条', offset: { share: 0.5, keepYuan: 50, clause: '第十三条' } };
  it('is only kept back where the item owns to it', () => {
    const same = { ...all(leaf('hukouRegion', 'within', '530128')), overpaid };
    expect(warnings(same)).toEqual(['livelihood /overpaid/offset']);
    expect(warnings({ ...same, livelihood: true })).toEqual([]);
    expect(warnings({ ...same, title: '购机补贴' })).toEqual([]);
    expect(warnings({ ...same, overpaid: { ...overpaid, offset: undefined } })).toEqual([]);
  });
});

describe('the table of codes', () => {
  it('holds every code, and every code is shown to fire', () => {
    // Rows of a mode, and what is too wide, are shown beside the rest of what is tried of them.
    const source = ['lint.test.ts', 'mode.test.ts', 'hostile.test.ts']
      .map((name) => readFileSync(new URL(name, import.meta.url), 'utf8'))
      .join('\n');
    const untried = Object.keys(lintCodes).filter(
      (code) => !source.includes(`'${code} /`) && !source.includes(`lint-${code}`) && !/^(untried|few-examples)$/.test(code),
    );
    expect(untried).toEqual([]);
    const folder = new URL('../../src/policy/', import.meta.url);
    const sources = readdirSync(folder)
      .filter((name) => /^lint.*\.ts$/.test(name))
      .map((name) => readFileSync(new URL(name, folder), 'utf8'));
    const written = sources.flatMap((text) => [...text.matchAll(/\b(?:finding|found)\(\s*'([a-z-]+)'/g)].map((m) => m[1]));
    expect([...new Set(written)].filter((code) => !(String(code) in lintCodes))).toEqual([]);
    expect(written.length).toBeGreaterThan(15);
  });
  it('says place, reason and way out of each', () => {
    for (const f of lintItem(compiled(all(leaf('income', 'lessThan', 5), leaf('income', 'greaterThan', 5))), catalogue).findings) {
      expect(f.at === '' || f.at.startsWith('/')).toBe(true);
      expect([f.message, f.hint].every((text) => /[\u4e00-\u9fff]/.test(text))).toBe(true);
      expect(['error', 'warning']).toContain(f.severity);
    }
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
    expect(lintItem(item, supplied).findings.map((w) => w.code)).toContain('rule.lint-few-examples');
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
    expect(lintItem(item, supplied).findings.filter((w) => /untried|few/.test(w.code))).toEqual([]);
  });
});
