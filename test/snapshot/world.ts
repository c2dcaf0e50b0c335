// A small world for property tests of snapshot and match: a catalogue with every fact type, random resolved records and random conditions over it.
import fc from 'fast-check';
import { addDays, type Day, day } from '../../src/base/day.ts';
import type { Catalogue, Dataset, Fact, Tree } from '../../src/catalogue/catalogue.ts';
import { factType } from '../../src/catalogue/env.ts';
import type { CellValue } from '../../src/record/record.ts';
import type { ResolvedCell, ResolvedFact, ResolvedRecord } from '../../src/record/resolve.ts';
import { gapsOf, overlay } from '../../src/record/timeline.ts';
import type { Condition } from '../../src/rule/condition.ts';
import type { DecisionPeriod } from '../../src/rule/facts.ts';
import type { FactShape, Vocabulary } from '../../src/rule/vocabulary.ts';

const house = { sensitivity: 'internal', purposes: ['*'], legalUse: 'decide' } as const;
/** Datasets by shape: whatever is timed comes from one, series and lists from one each, the rest from `base`. */
const datasetOf = (type: Fact['type'], timed: boolean): string => {
  if (timed) return 'then';
  return type === 'series' ? 'yearly' : type === 'list' ? 'children' : 'base';
};
const fact = (key: string, type: Fact['type'], more: Partial<Fact> = {}): Fact => ({
  key,
  label: key,
  register: 'citizen',
  type,
  ...house,
  ...more,
  datasets: [datasetOf(type, more.timed ?? false)],
});

export const categories = ['甲', '乙', '丙'];
const plainFacts: readonly Fact[] = [
  fact('age', 'number'),
  fact('income', 'number'),
  fact('open', 'boolean'),
  fact('kind', 'category', { values: categories }),
  fact('born', 'date'),
  fact('region', 'code', { tree: 'division' }),
  fact('note', 'text'),
  fact('tags', 'set', { values: categories }),
  fact('yearly', 'series', { every: 'year' }),
  fact('children', 'list', {
    elementKey: 'id',
    fields: [
      { key: 'id', label: 'id', type: 'text' },
      { key: 'months', label: 'months', type: 'number' },
      { key: 'born', label: 'born', type: 'date' },
      { key: 'kind', label: 'kind', type: 'category', values: categories },
    ],
  }),
];
const timedFacts = plainFacts
  .filter((f) => f.type !== 'series' && f.type !== 'list')
  .map((f): Fact => ({ ...f, key: `${f.key}Then`, timed: true, datasets: ['then'] }));
const facts: readonly Fact[] = [
  ...plainFacts,
  ...timedFacts,
  fact('deathDate', 'date'),
  fact('partner', 'link', { to: 'citizen', timed: true }),
];

const columnsFor = (dataset: string, fields: readonly string[]): Dataset['columns'] => [
  { header: 'key', to: '$key' },
  ...(dataset === 'base' ? [{ header: 'name', to: '$name' }] : []),
  ...(dataset === 'then' ? ['$from', '$to'].map((to) => ({ header: to, to })) : []),
  ...(dataset === 'yearly' ? [{ header: '$period', to: '$period' }] : []),
  ...fields.map((to) => ({ header: to, to })),
];
const dataset = (id: string, shape: Dataset['shape']): Dataset => {
  const own = facts.filter((f) => f.datasets.includes(id));
  const fields = shape === 'list' ? (own[0]?.fields ?? []).map((f) => f.key) : own.map((f) => f.key);
  return {
    id,
    title: id,
    department: id,
    register: 'citizen',
    shape,
    kinds: ['full', 'changes'],
    freshnessDays: 400,
    ...(shape === 'list' ? { fact: 'children' } : {}),
    ...(shape === 'record' ? { introduces: true } : {}),
    columns: columnsFor(id, fields),
  };
};
export const datasets: readonly Dataset[] = [
  dataset('base', 'record'),
  dataset('then', 'timed'),
  dataset('yearly', 'series'),
  dataset('children', 'list'),
];

const node = (code: string, parent: string | null, more: object = {}) => ({ code, name: code, parent, ...more });
const division: Tree = {
  id: 'division',
  label: 'division',
  nodes: [
    node('1', null),
    node('11', '1'),
    node('111', '11'),
    node('12', '1'),
    node('121', '12', { from: day('2025-06-01') }),
    node('2', null),
    node('21', '2', { to: day('2026-01-15') }),
  ],
};
export const codes = ['1', '11', '111', '12', '121', '2', '21'];
const unknownCode = '99';

export const world: Catalogue = {
  registers: [{ id: 'citizen', label: 'citizen', key: 'text' }],
  facts,
  datasets,
  trees: [division],
  parameters: [
    {
      key: 'floor',
      label: 'floor',
      unit: '元',
      values: [
        { region: null, from: day('2020-01-01'), to: null, value: '10' },
        { region: '1', from: day('2025-07-01'), to: null, value: '20.5' },
      ],
    },
  ],
  external: [],
  calendar: { knownFrom: day('2025-01-01'), knownTo: day('2026-12-31'), holidays: [], workdays: [] },
  hash: 'world',
};

export const worldFacts: ReadonlyMap<string, Fact> = new Map(facts.map((f) => [f.key, f]));

export const vocabulary: Vocabulary = {
  find: (name): FactShape | undefined => {
    const found = worldFacts.get(name);
    if (name === 'period.start' || name === 'period.end')
      return { name, label: name, type: { kind: 'date' }, timed: false, kind: 'period' };
    return found && { name, label: name, type: factType(world, found), timed: found.timed ?? false, kind: 'fact' };
  },
  names: [...worldFacts.keys()],
  hasCode: (_tree, code) => codes.includes(code),
  codeName: (_tree, code) => code,
};

// ── records ──────────────────────────────────────────────────────────────────────────────────────────────
const base = day('2025-06-15');
/** Few days, close together, so that boundaries are hit. */
export const someDay: fc.Arbitrary<Day> = fc.oneof(
  fc.constantFrom(day('2024-02-29'), day('2025-02-28'), day('2025-12-31'), day('2026-01-01'), day('2026-01-15'), day('2026-01-31')),
  fc.integer({ min: -200, max: 300 }).map((n) => addDays(base, n)),
);
const someNumber = fc.constantFrom('0', '1', '2', '3', '2.5', '10', '20.50', '-1', '80');

const drawn = (f: Fact): fc.Arbitrary<CellValue> => {
  switch (f.type) {
    case 'number':
      return f.key === 'income' ? fc.constantFrom('0.333', '2.5', '-1', '9007199254740993', '123456789012345678901234567890') : someNumber;
    case 'boolean':
      return fc.boolean();
    case 'category':
      return fc.constantFrom(...categories);
    case 'date':
      return someDay;
    case 'code':
      return fc.constantFrom(...codes, unknownCode);
    case 'text':
      return fc.constantFrom('a1', 'b2', '');
    case 'set':
      return fc.uniqueArray(fc.constantFrom(...categories), { maxLength: 2 });
    case 'series':
      return fc.dictionary(fc.constantFrom('2024', '2025', '2026'), someNumber, { maxKeys: 3 });
    case 'link':
      return fc.constantFrom('k0', 'k1', 'k2', 'nobody');
    case 'list':
      return fc.array(
        fc.record(
          {
            id: fc.constantFrom('x', 'y', 'z'),
            months: fc.option(someNumber),
            born: fc.option(someDay),
            kind: fc.option(fc.constantFrom(...categories)),
          },
          { requiredKeys: ['id'] },
        ),
        { maxLength: 3 },
      );
  }
};

const provenance = { dataset: 'base', asOf: day('2026-01-10') };
const none = (f: Fact): CellValue => (f.type === 'list' ? [] : null);

const timedCells = (f: Fact): fc.Arbitrary<readonly ResolvedCell[]> =>
  fc.array(fc.tuple(drawn(f), fc.option(someDay), fc.option(someDay)), { minLength: 1, maxLength: 3 }).map((spans) => {
    const explicit = overlay(spans.map(([v, from, to]) => ({ v, from, to, ...provenance })));
    const gaps = gapsOf(explicit).map((gap) => ({ v: none(f), ...gap, ...provenance }));
    return overlay([...gaps, ...explicit]);
  });

const someFact = (f: Fact): fc.Arbitrary<ResolvedFact | undefined> =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant(undefined) },
    {
      weight: 1,
      arbitrary: fc.constant<ResolvedFact>({ cells: null, missing: { reason: 'stale', dataset: 'base', asOf: day('2025-01-01') } }),
    },
    {
      weight: 2,
      arbitrary: fc.constant<ResolvedFact>({ cells: [{ v: none(f), ...provenance, ...(f.timed ? { from: null, to: null } : {}) }] }),
    },
    {
      weight: 9,
      arbitrary: f.timed ? timedCells(f).map((cells) => ({ cells })) : drawn(f).map((v) => ({ cells: [{ v, ...provenance }] })),
    },
  );

/** Most people live: every other fact is told for them more often than the day of death. */
const someDeath: fc.Arbitrary<ResolvedFact | undefined> = fc.oneof(
  { weight: 2, arbitrary: fc.constant<ResolvedFact>({ cells: [{ v: null, ...provenance }] }) },
  { weight: 1, arbitrary: someFact(worldFacts.get('deathDate') as Fact) },
);

export const someRecord: fc.Arbitrary<ResolvedRecord> = fc
  .record(Object.fromEntries(facts.map((f) => [f.key, f.key === 'deathDate' ? someDeath : someFact(f)])))
  .map((told) => ({
    register: 'citizen',
    subjectId: '00000000-0000-4000-8000-000000000000',
    key: 'k0',
    ordinal: 0,
    name: null,
    division: '11',
    facts: Object.fromEntries(Object.entries(told).filter(([, f]) => f !== undefined)) as ResolvedRecord['facts'],
  }));

/** Rows of one block, keys `k0`, `k1` … */
export const placed = (records: readonly ResolvedRecord[]): readonly ResolvedRecord[] =>
  records.map((r, i) => ({ ...r, key: `k${i}`, ordinal: i, subjectId: `00000000-0000-4000-8000-${String(i).padStart(12, '0')}` }));

// ── conditions ───────────────────────────────────────────────────────────────────────────────────────────
const asLiteral = (f: Fact): fc.Arbitrary<unknown> =>
  f.type === 'code' ? fc.constantFrom(...codes) : f.type === 'set' ? fc.constantFrom(...categories) : drawn(f);
const many = (f: Fact): fc.Arbitrary<unknown> => fc.array(asLiteral(f), { minLength: 1, maxLength: 3 });
const operand = (f: Fact, operator: string): fc.Arbitrary<unknown> => {
  switch (operator) {
    case 'in':
    case 'notIn':
    case 'intersects':
    case 'disjoint':
      return many(f);
    case 'within':
    case 'notWithin':
      return fc.oneof(asLiteral(f), many(f));
    case 'absent':
      return fc.boolean();
    case 'between':
      return fc
        .tuple(asLiteral(f), asLiteral(f), fc.constantFrom('from', 'above'), fc.constantFrom('to', 'upTo', 'below'))
        .map(([a, b, low, high]) => ({ [low]: a, [high]: b }));
    case 'withinLast':
    case 'olderThan':
      return fc.constantFrom('P1Y', 'P6M', 'P30D', { duration: 'P3M', of: 'period.start' });
    case 'matches':
      return fc.constantFrom('^a', '[0-9]', 'zz');
    default:
      return f.type === 'date' ? fc.oneof(asLiteral(f), fc.constant({ fact: 'period.end' }), fc.constant({ fact: 'born' })) : asLiteral(f);
  }
};

const comparisons = ['equal', 'notEqual', 'in', 'notIn'];
const operatorsOf = (f: Fact): readonly string[] => {
  switch (f.type) {
    case 'number':
      return [...comparisons, 'lessThan', 'lessThanInclusive', 'greaterThan', 'greaterThanInclusive', 'between', 'absent'];
    case 'date':
      return [...comparisons, 'before', 'after', 'onOrBefore', 'onOrAfter', 'withinLast', 'olderThan', 'between', 'absent'];
    case 'code':
      return [...comparisons, 'within', 'notWithin', 'matches', 'absent'];
    case 'set':
      return ['contains', 'doesNotContain', 'intersects', 'disjoint', 'absent'];
    case 'text':
      return [...comparisons, 'matches', 'absent'];
    case 'boolean':
    case 'category':
      return [...comparisons, 'absent'];
    default:
      return ['absent'];
  }
};

const times = (f: Fact): fc.Arbitrary<object> =>
  f.timed
    ? fc.constantFrom({}, {}, { on: 'end' }, { on: 'start' }, { on: 'any' }, { on: 'every' }, { checkAt: 'match' })
    : fc.constantFrom({}, {}, { checkAt: 'match' });

const leaf: fc.Arbitrary<Condition> = fc
  .constantFrom(...facts.filter((f) => f.type !== 'link'))
  .chain((f) =>
    fc
      .constantFrom(...operatorsOf(f))
      .chain((operator) =>
        fc
          .record({ value: operand(f, operator), when: times(f) })
          .map(({ value, when }) => ({ fact: f.key, operator, value, ...when }) as Condition),
      ),
  );

export const someCondition: fc.Arbitrary<Condition> = fc.letrec<{ node: Condition }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    { weight: 4, arbitrary: leaf },
    { weight: 2, arbitrary: fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })) },
    { weight: 2, arbitrary: fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })) },
    { weight: 1, arbitrary: tie('node').map((not) => ({ not })) },
  ),
})).node;

export const somePeriod: fc.Arbitrary<DecisionPeriod> = fc.constantFrom<DecisionPeriod>(
  { kind: 'monthly', key: '2026-01', start: day('2026-01-01'), end: day('2026-01-31'), knownAt: day('2026-01-20') },
  { kind: 'yearly', key: '2025', start: day('2025-01-01'), end: day('2025-12-31'), knownAt: day('2026-02-01') },
  { kind: 'once', key: 'once', start: null, end: day('2026-01-15'), knownAt: day('2026-01-15') },
);
