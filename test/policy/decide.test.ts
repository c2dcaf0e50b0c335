// An item decided: verdicts, clocks, missing facts, lines of `each`, payment conditions, replay from evidence.
import { describe, expect, it } from 'vitest';
import type { Day } from '../../src/base/day.ts';
import { decide, decidePayment, eventPeriods } from '../../src/policy/decide.ts';
import { exampleSource } from '../../src/policy/example.ts';
import { replaySource } from '../../src/rule/evidence.ts';
import { catalogue, compiled, decideFacts } from './fixture.ts';

const old = { hukouRegion: '530128', birthDate: '1930-05-01', deathDate: null };

describe('three verdicts', () => {
  const item = compiled();
  it('says eligible with the amount of the tier', () => {
    const d = decideFacts(item, old);
    expect([d.verdict, d.amountFen]).toEqual(['eligible', 12000n]);
  });
  it('says ineligible as soon as one condition is surely false, and then misses nothing', () => {
    const d = decideFacts(item, { birthDate: '1990-01-01' });
    expect([d.verdict, d.missing, d.amountFen]).toEqual(['ineligible', [], null]);
  });
  it('says undetermined and names what would settle it', () => {
    const d = decideFacts(item, { hukouRegion: '530128' });
    expect(d.verdict).toBe('undetermined');
    expect(d.missing.map((m) => `${m.fact} ${m.dataset} ${m.reason}`)).toEqual(['birthDate birthDate-data undelivered']);
  });
  it('compares with bounds that are facts, as far as what is known of them decides', () => {
    const bounded = (value: object) =>
      compiled({ conditions: { fact: 'income', operator: 'between', value }, facts: {}, award: { fixed: { yuan: 1 } } });
    const facts = bounded({ from: { fact: 'taxPaid' }, below: { fact: 'capFact' } });
    const says = (own: Record<string, unknown>) => {
      const d = decideFacts(facts, own);
      return [d.verdict, ...d.missing.map((m) => m.fact)];
    };
    expect(says({ income: 5, taxPaid: 5, capFact: 6 })).toEqual(['eligible']);
    expect(says({ income: 6, taxPaid: 5, capFact: 6 })).toEqual(['ineligible']);
    // The other bound is not known: below this one it does not matter.
    expect(says({ income: 4, taxPaid: 5 })).toEqual(['ineligible']);
    expect(says({ income: 5, taxPaid: 5 })).toEqual(['undetermined', 'capFact']);
    expect(says({ taxPaid: 5, capFact: 6 })).toEqual(['undetermined', 'income']);
    // A bound that is checked and none is no bound left out.
    expect(says({ income: 5, taxPaid: 5, capFact: null })).toEqual(['ineligible']);
    expect(decideFacts(bounded({ upTo: { fact: 'capFact' } }), { income: 5, capFact: null }).verdict).toBe('ineligible');
    const d = decideFacts(facts, { income: 5, taxPaid: 5, capFact: 6 });
    expect(d.read.map((r) => r.fact)).toEqual(expect.arrayContaining(['income', 'taxPaid', 'capFact']));
  });
  it('names no fact of a branch that is settled without it', () => {
    const either = compiled({
      conditions: {
        all: [
          {
            any: [
              { fact: 'disabled', operator: 'equal', value: true },
              { fact: 'gender', operator: 'equal', value: '女' },
            ],
          },
          { fact: 'income', operator: 'lessThan', value: 1000 },
        ],
      },
    });
    const d = decideFacts(either, { gender: '女' });
    expect(d.missing.map((m) => m.fact)).toEqual(['income']);
  });
  it('a known none is not unknown: it fails comparisons and satisfies their negation', () => {
    const not = (operator: string, value: unknown) =>
      decideFacts(compiled({ conditions: { fact: 'status', operator, value } }), { status: null, birthDate: '1930-01-01' }).verdict;
    expect([
      not('equal', '低保'),
      not('notEqual', '低保'),
      not('in', ['低保']),
      not('notIn', ['低保']),
      not('absent', true),
      not('absent', false),
    ]).toEqual(['ineligible', 'eligible', 'ineligible', 'eligible', 'eligible', 'ineligible']);
  });
});

describe('two clocks', () => {
  const region = (on?: string, checkAt?: string) =>
    compiled({
      conditions: {
        fact: 'hukouRegion',
        operator: 'within',
        value: '530128',
        ...(on === undefined ? {} : { on }),
        ...(checkAt === undefined ? {} : { checkAt }),
      },
    });
  const moved = {
    hukouRegion: [
      { value: '530128', from: '2000-01-01', to: '2026-01-15' },
      { value: '440000', from: '2026-01-15' },
    ],
    birthDate: '1930-01-01',
  };
  it('reads on the end, the start, any day or every day', () => {
    expect(['end', 'start', 'any', 'every'].map((on) => decideFacts(region(on), moved).verdict)).toEqual([
      'ineligible',
      'eligible',
      'eligible',
      'ineligible',
    ]);
  });
  it('reads the end no later than knownAt', () => {
    expect(decideFacts(region(), moved, { knownAt: '2026-01-10' }).verdict).toBe('eligible');
  });
  it('reads the end no later than the day before death', () => {
    expect(decideFacts(region(), { ...moved, deathDate: '2026-01-15' }).verdict).toBe('eligible');
    expect(decideFacts(region(), { ...moved, deathDate: '2026-01-16' }).verdict).toBe('ineligible');
  });
  it('reads match conditions on the day of knownAt', () => {
    expect(decideFacts(region(undefined, 'match'), moved, { period: '2025-12', knownAt: '2026-02-01' }).verdict).toBe('ineligible');
    expect(decideFacts(region(), moved, { period: '2025-12', knownAt: '2026-02-01' }).verdict).toBe('eligible');
  });
  it('a gap in what was told is unknown for every, and for any unless another day decides', () => {
    const gap = { birthDate: '1930-01-01', hukouRegion: [{ value: '530128', from: '2026-01-10', to: null }] };
    expect(['any', 'every', 'start'].map((on) => decideFacts(region(on), gap).verdict)).toEqual([
      'eligible',
      'undetermined',
      'undetermined',
    ]);
  });
  it('leaves payment conditions out of the match and decides them on their own', () => {
    const item = compiled({
      conditions: {
        all: [
          { fact: 'gender', operator: 'equal', value: '女' },
          { fact: 'status', operator: 'notEqual', value: '特困', checkAt: 'payment' },
        ],
      },
    });
    const facts = {
      gender: '女',
      birthDate: '1930-01-01',
      status: [
        { value: '普通', from: '2020-01-01', to: '2026-02-01' },
        { value: '特困', from: '2026-02-01' },
      ],
    };
    expect(decideFacts(item, facts).verdict).toBe('eligible');
    const paying = (knownAt: string) =>
      decidePayment(item, exampleSource(catalogue, 'citizen', { facts }, knownAt as Day), {
        kind: 'monthly',
        key: '2026-01',
        start: '2026-01-01' as Day,
        end: '2026-01-31' as Day,
        knownAt: knownAt as Day,
      }).truth;
    expect([paying('2026-01-31'), paying('2026-02-20')]).toEqual([true, false]);
  });
});

describe('durations, at month ends and on 29 February', () => {
  const verdict = (operator: string, value: unknown, birthDate: string, knownPeriod: string) =>
    decideFacts(
      compiled({ conditions: { fact: 'birthDate', operator, value }, award: { fixed: { yuan: 1 } } }),
      { birthDate },
      { period: knownPeriod },
    ).verdict;
  it.each([
    ['withinLast', 'P2Y', '2024-01-31', '2026-01', 'eligible'],
    ['withinLast', 'P2Y', '2024-01-30', '2026-01', 'ineligible'],
    ['olderThan', 'P2Y', '2024-01-31', '2026-01', 'eligible'],
    ['olderThan', 'P2Y', '2024-02-01', '2026-01', 'ineligible'],
    ['olderThan', 'P1Y', '2024-02-29', '2025-02', 'ineligible'],
    ['withinLast', 'P1Y', '2024-02-28', '2025-02', 'eligible'],
    ['withinLast', 'P30D', '2026-01-01', '2026-01', 'eligible'],
    ['withinLast', 'P30D', '2025-12-31', '2026-01', 'ineligible'],
    ['withinLast', 'P1Y', '2026-02-01', '2026-01', 'ineligible'],
  ])('%s %s of %s at the end of %s is %s', (operator, value, birth, period, expected) => {
    expect(verdict(operator, value, birth, period)).toBe(expected);
  });
  it('counts from the start of the period when told', () => {
    const d = { duration: 'P1M', of: 'period.start' };
    expect(verdict('withinLast', d, '2025-12-01', '2026-01')).toBe('eligible');
    expect(verdict('withinLast', d, '2026-01-02', '2026-01')).toBe('ineligible');
  });
});

describe('links', () => {
  const item = compiled({
    conditions: { any: [{ fact: 'spouse.hukouRegion', operator: 'within', value: '530128' }] },
    award: { fixed: { yuan: 1 } },
  });
  it('reads the other subject, knows that there is none, and says which link is missing', () => {
    expect(decideFacts(item, { spouse: { hukouRegion: '530128' } }).verdict).toBe('eligible');
    expect(decideFacts(item, { spouse: null }).verdict).toBe('ineligible');
    const open = decideFacts(item, {});
    expect([open.verdict, open.missing.map((m) => m.fact)]).toEqual(['undetermined', ['spouse']]);
    expect(decideFacts(item, { spouse: {} }).missing.map((m) => m.fact)).toEqual(['spouse.hukouRegion']);
  });
  it('lets expressions walk the link', () => {
    const same = compiled({
      facts: {
        both: { text: '夫妻同为老人', feel: 'period.end.year - birthDate.year >= 60 and period.end.year - spouse.birthDate.year >= 60' },
      },
      conditions: { fact: 'both', operator: 'equal', value: true },
      award: { fixed: { yuan: 1 } },
    });
    expect(decideFacts(same, { birthDate: '1950-01-01', spouse: { birthDate: '1950-01-01' } }).verdict).toBe('eligible');
    expect(decideFacts(same, { birthDate: '1950-01-01', spouse: {} }).missing.map((m) => m.fact)).toEqual(['spouse.birthDate']);
    expect(decideFacts(same, { birthDate: '1990-01-01' }).verdict).toBe('ineligible');
  });
});

describe('a line per element', () => {
  const item = compiled({
    conditions: { fact: 'hukouRegion', operator: 'within', value: '530128' },
    each: { list: 'children', as: 'child', where: 'school = "小学"', key: 'childId' },
    award: { perUnit: { yuan: 100, count: 'child.order' } },
    limits: [{ claim: { kind: 'child', object: 'child.childId', group: 'school-meal', per: 'period', orderBy: 'child.childBirth' } }],
    facts: {},
  });
  const child = (childId: string | null, school: string | null | undefined, order?: number) => ({
    childId,
    childBirth: '2018-03-01',
    ...(school === undefined ? {} : { school }),
    ...(order === undefined ? {} : { order }),
  });
  it('gives own verdicts, claims and amounts', () => {
    const d = decideFacts(item, {
      hukouRegion: '530128',
      deathDate: null,
      children: [child('a', '小学', 1), child('b', '初中', 2), child('c', undefined, 3), child('d', '小学', 2)],
    });
    expect(d.verdict).toBe('eligible');
    expect(d.lines.map((l) => [l.key, l.verdict, l.award?.state === 'known' ? l.award.amountFen : null])).toEqual([
      ['a', 'eligible', 10000n],
      ['c', 'undetermined', null],
      ['d', 'eligible', 20000n],
    ]);
    expect(d.lines[0]?.claims).toEqual([{ kind: 'child', object: 'a', group: 'school-meal', per: 'period', orderDay: '2018-03-01' }]);
    expect(d.amountFen).toBe(30000n);
    expect(d.missing.map((m) => m.fact)).toEqual(['children.school']);
  });
  it('leaves the sum open while one eligible line has no known amount', () => {
    const d = decideFacts(item, { hukouRegion: '530128', children: [child('a', '小学'), child('b', '小学', 1)] });
    expect([d.verdict, d.amountFen, d.missing.map((m) => m.fact)]).toEqual(['eligible', null, ['children.order']]);
  });
  it('knows no lines, unknown lines and double keys apart', () => {
    expect(decideFacts(item, { hukouRegion: '530128', children: [] }).verdict).toBe('ineligible');
    expect(decideFacts(item, { hukouRegion: '530128', children: null }).verdict).toBe('ineligible');
    const open = decideFacts(item, { hukouRegion: '530128' });
    expect([open.verdict, open.lines, open.missing.map((m) => m.fact)]).toEqual(['undetermined', [], ['children']]);
    const twice = decideFacts(item, { hukouRegion: '530128', children: [child('a', '小学', 1), child('a', '小学', 1)] });
    expect(twice.lines.map((l) => l.verdict)).toEqual(['eligible', 'undetermined']);
    expect(twice.amountFen).toBe(10000n);
  });
  it('a field of the element hides the fact of the same name only inside each and award', () => {
    const both = compiled({
      conditions: {
        all: [
          { fact: 'status', operator: 'equal', value: '低保', on: 'start' },
          { fact: 'status', operator: 'equal', value: '普通', on: 'end' },
        ],
      },
      each: { list: 'children', as: 'child', where: 'status = "特困"', key: 'childId' },
      award: { tiers: { by: 'status', rows: [{ is: '特困', yuan: 7 }, { yuan: 1 }] } },
      facts: {},
    });
    const d = decideFacts(both, {
      status: [
        { value: '低保', from: '2020-01-01', to: '2026-01-20' },
        { value: '普通', from: '2026-01-20' },
      ],
      children: [
        { childId: 'a', status: '特困' },
        { childId: 'b', status: '普通' },
      ],
    });
    expect([d.verdict, d.lines.map((l) => l.key), d.amountFen]).toEqual(['eligible', ['a'], 700n]);
  });
  it('says undetermined for every line when the subject is', () => {
    const d = decideFacts(item, { children: [child('a', '小学', 1)] });
    expect([d.verdict, d.lines.map((l) => l.verdict), d.missing.map((m) => m.fact)]).toEqual([
      'undetermined',
      ['undetermined'],
      ['hukouRegion'],
    ]);
  });
});

describe('events', () => {
  const item = compiled({
    period: 'per-event',
    event: { list: 'children', day: 'childBirth', key: 'childId' },
    facts: { third: { text: '三孩', feel: 'event.order >= 3' } },
    conditions: {
      all: [
        { fact: 'hukouRegion', operator: 'within', value: '530128' },
        { fact: 'third', operator: 'equal', value: true },
      ],
    },
    award: { fixed: { yuan: 5000 } },
    limits: [{ once: 'ever' }],
  });
  const facts = {
    hukouRegion: '530128',
    children: [
      { childId: 'x', childBirth: '2026-01-05', order: 3, school: null },
      { childId: 'y', childBirth: '2020-01-05', order: 2, school: null },
    ],
  };
  it('makes a period of every event, with its own answer', () => {
    const source = exampleSource(catalogue, 'citizen', { facts }, '2026-02-01' as Day);
    const { periods } = eventPeriods(item, source, '2026-02-01' as Day);
    expect(periods.map((p) => [p.key, p.end, decide(item, source, p).verdict])).toEqual([
      ['y', '2020-01-05', 'ineligible'],
      ['x', '2026-01-05', 'eligible'],
    ]);
  });
});

describe('evidence', () => {
  it('decides the same again from what was read, and from nothing else', () => {
    const item = compiled({
      conditions: {
        all: [
          { fact: 'hukouRegion', operator: 'within', value: '530128', on: 'every' },
          { fact: 'age', operator: 'greaterThanInclusive', value: 80 },
          { fact: 'children', operator: 'absent', value: false },
        ],
      },
    });
    const facts = {
      ...old,
      hukouRegion: [
        { value: '530128', from: '2000-01-01', to: '2026-01-10' },
        { value: '530129', from: '2026-01-10', to: '2026-01-12' },
        { value: '530128', from: '2026-01-12' },
      ],
      children: [{ childId: 'a' }],
    };
    const first = decideFacts(item, facts);
    const stored = JSON.parse(JSON.stringify(first.read)) as typeof first.read;
    const period = {
      kind: 'monthly',
      key: '2026-01',
      start: '2026-01-01' as Day,
      end: '2026-01-31' as Day,
      knownAt: '2026-01-31' as Day,
    } as const;
    const again = decide(
      item,
      replaySource(stored, (name) => item.plan.find(name)?.type),
      period,
    );
    expect(first.verdict).toBe('ineligible');
    expect({ ...again, trace: null, read: null }).toEqual({ ...first, trace: null, read: null });
    expect(again.trace.truth).toBe(first.trace.truth);
  });
});
