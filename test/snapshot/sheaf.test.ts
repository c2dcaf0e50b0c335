// Records resolved many at once are what each of them is resolved to alone, and become the same segments, byte by byte: random deliveries with everything that
// may make them differ: several sources, silence, refused rows, removals, cells at odds, empty ones, dated ones that overlap, sealed and open, longer limits.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Day, day } from '../../src/base/day.ts';
import type { Fact } from '../../src/catalogue/catalogue.ts';
import { attestedDataset } from '../../src/record/attested.ts';
import type { Bundle } from '../../src/record/bundle.ts';
import type { Cell, Coverage, Envelope, OwnCells, Provenance, SubjectRecord } from '../../src/record/record.ts';
import { askedOf, sheafResolver, type Told } from '../../src/record/resolve-sheaf.ts';
import { openCells, type StoredCells, sealCells, secretFacts } from '../../src/record/sealed.ts';
import type { Variant } from '../../src/record/variant.ts';
import { blockBuilder, finishBlock, pushRecord, pushTold } from '../../src/snapshot/block.ts';
import { columnsOf, resolving } from '../../src/snapshot/seal-block.ts';
import { newKeys, parseKeys } from '../../src/vault/keys.ts';
import { makeVault } from '../../src/vault/vault.ts';
import { county, person } from '../record/county.ts';

const knownAt = day('2026-02-20');
const vault = makeVault(parseKeys(newKeys(), 'test'));
const citizenFacts = county.facts.filter((f) => f.register === 'citizen');
const datasets = county.datasets.filter((d) => d.register === 'citizen').map((d) => d.id);

const someDay = fc.constantFrom<Day>(...(['2024-12-31', '2025-12-20', '2026-01-11', '2026-01-25', '2026-02-01', '2026-02-20'] as Day[]));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null, freq: 2 });
const someNumber = fc.constantFrom('0', '12.5', '3000');

const scalarOf = (fact: Fact): fc.Arbitrary<Cell['v']> => {
  switch (fact.type) {
    case 'boolean':
      return fc.boolean();
    case 'number':
      return someNumber;
    case 'date':
      return someDay;
    case 'code':
      return fc.constantFrom('530128', '530103');
    case 'category':
      return fc.constantFrom(...(fact.values ?? []));
    case 'set':
      return fc.uniqueArray(fc.constantFrom('特困', '低保', '孤儿'), { maxLength: 2 });
    case 'list':
      return fc.array(fc.record({ no: fc.constantFrom('1', '2'), birth: someDay }), { maxLength: 2 });
    case 'series':
      return fc.dictionary(fc.constantFrom('2024', '2025'), fc.constantFrom(null, '', '10', '7.5'), { maxKeys: 2 });
    default:
      return fc.constantFrom('甲"\\乙', '6222020200012345678', '');
  }
};

type Told1 = Omit<Cell, 'd'>;
const cellsOf = (fact: Fact): fc.Arbitrary<readonly Told1[]> => {
  if (fact.type === 'series') return scalarOf(fact).map((v) => [{ v }]);
  const value = fc.oneof({ weight: 1, arbitrary: fc.constant(null) }, { weight: 4, arbitrary: scalarOf(fact) });
  if (fact.timed !== true) return fc.array(value, { minLength: 0, maxLength: 2 }).map((vs) => vs.map((v) => ({ v })));
  const span = fc.record({ v: value, from: maybe(someDay), to: maybe(someDay), unknown: fc.constantFrom(false, false, false, true) });
  return fc
    .array(span, { minLength: 0, maxLength: 3 })
    .map((spans) => spans.map(({ v, from, to, unknown }) => (unknown ? { v: null, from, to, unknown: true as const } : { v, from, to })));
};

interface Part {
  readonly asOf: Day;
  readonly refused: Day | null;
  readonly cells: OwnCells;
  readonly sealed: boolean;
}

const somePart = (dataset: string): fc.Arbitrary<Part> => {
  const own = citizenFacts.filter((f) => f.datasets.includes(dataset));
  const cells = fc.record(Object.fromEntries(own.map((f) => [f.key, cellsOf(f)])), { requiredKeys: [] }) as fc.Arbitrary<OwnCells>;
  return fc.record({ asOf: someDay, refused: maybe(someDay), cells, sealed: fc.boolean() });
};

const attestedPart: fc.Arbitrary<Part> = fc.record({
  asOf: someDay,
  refused: fc.constant(null),
  cells: fc.constant<OwnCells>({
    gender: [{ v: '女', attested: { id: 'a', document: 'b', asOf: knownAt, until: knownAt, against: 'unknown' } } as unknown as Told1],
  }),
  sealed: fc.constant(false),
});

const secret = secretFacts(county, 'citizen');
/** As the database has it. */
const storedOf = (key: string, dataset: string, { cells, sealed }: Part): StoredCells =>
  sealed ? sealCells(vault, { register: 'citizen', dataset, key }, secret, cells) : cells;

interface Person {
  readonly division: string | null;
  readonly moves: Envelope['moves'] | null;
  readonly gap: number;
  readonly parts: Readonly<Record<string, Part>>;
}

const somePerson: fc.Arbitrary<Person> = fc.record({
  division: fc.constantFrom('530128', '530103', null),
  moves: fc.constantFrom<Envelope['moves'] | null>(null, null, [['530103', day('2026-01-20')]]),
  gap: fc.constantFrom(0, 0, 0, 1, 3),
  parts: fc.record(
    { ...Object.fromEntries(datasets.map((d) => [d, somePart(d)])), [attestedDataset]: attestedPart },
    { requiredKeys: [] },
  ) as unknown as fc.Arbitrary<Person['parts']>,
});

const someCoverage: fc.Arbitrary<Coverage> = fc.record({
  dataset: fc.constantFrom(...datasets),
  register: fc.constant('citizen'),
  division: fc.constantFrom(null, '530128', '530100'),
  asOf: someDay,
  periods: fc.subarray(['2024', '2025']),
  delivery: fc.constant('d'),
});

const longer: Variant = {
  name: 'longer',
  days: new Map([
    ['people', 60],
    ['hukou', 400],
  ]),
};

const recordsOf = (people: readonly Person[]): readonly SubjectRecord[] => {
  let ordinal = 0;
  return people.map(({ division, moves, gap, parts }, i) => {
    ordinal += gap + 1;
    const facts: Record<string, Cell[]> = {};
    const provenance: Record<string, Provenance> = {};
    const key = person(i);
    for (const [dataset, part] of Object.entries(parts)) {
      const { asOf, refused } = part;
      provenance[dataset] = { asOf, delivery: 'd', ...(refused === null ? {} : { refused }) };
      const cells = openCells(() => vault, { register: 'citizen', dataset, key }, storedOf(key, dataset, part));
      for (const [fact, own] of Object.entries(cells)) facts[fact] = [...(facts[fact] ?? []), ...own.map((c) => ({ ...c, d: dataset }))];
    }
    const subjectId = `00000000-0000-4000-8000-${String(i).padStart(12, '0')}`;
    return {
      register: 'citizen',
      subjectId,
      key,
      ordinal,
      name: `人${i}`,
      division,
      ...(moves === null ? {} : { moves }),
      facts,
      provenance,
    };
  });
};

const bundlesOf = (people: readonly Person[], records: readonly SubjectRecord[]): readonly Bundle[] => {
  const all = people.flatMap(({ parts }, i) =>
    Object.entries(parts).map(([dataset, part]) => ({ dataset, part, who: records[i] as SubjectRecord })),
  );
  const grouped = Map.groupBy(all, ({ dataset, part }) => `${dataset} ${part.asOf} ${part.refused}`);
  return [...grouped.values()].map((own) => ({
    dataset: own[0]?.dataset ?? '',
    asOf: own[0]?.part.asOf as Day,
    refused: own[0]?.part.refused ?? null,
    ordinals: own.map(({ who }) => who.ordinal).toReversed(),
    cells: own.map(({ dataset, part, who }) => storedOf(who.key, dataset, part)).toReversed(),
  }));
};

const columns = columnsOf(county, 'citizen', [longer]);

/** As the sealing does it: whoever has something attested is resolved alone. */
const mended = (told: Told, records: readonly SubjectRecord[], alone: ReturnType<typeof resolving>): Told => {
  const facts = told.facts.map((column) => [...column]);
  for (const record of records.filter((r) => told.attested.includes(r.ordinal - told.first)))
    columns.forEach((fact, i) => {
      (facts[i] as unknown[])[record.ordinal - told.first] = alone(record).facts[fact.key];
    });
  return { ...told, facts };
};

describe('many records at once', () => {
  it('are worth what each is alone, and become the same segments', () => {
    fc.assert(
      fc.property(
        fc.array(somePerson, { minLength: 1, maxLength: 12 }),
        fc.array(someCoverage, { maxLength: 14 }),
        fc.nat({ max: 12 }),
        (people, coverages, cut) => {
          const records = recordsOf(people);
          const alone = resolving(county, knownAt, coverages, [longer]);
          const together = sheafResolver(() => vault, coverages, county, askedOf(county, 'citizen', knownAt, [longer]));
          const plain = blockBuilder('citizen', 0, columns);
          for (const record of records) pushRecord(plain, alone(record));
          const quick = blockBuilder('citizen', 0, columns);
          for (const [from, end] of [
            [0, cut],
            [cut, records.length],
          ] as const) {
            const own = records.slice(from, end);
            const told = together({ subjects: own, bundles: bundlesOf(people.slice(from, end), own) });
            if (told === null) continue;
            const listed = people.flatMap(({ parts }, i) => (attestedDataset in parts ? [records[i]?.ordinal] : []));
            for (const row of told.attested) expect(listed).toContain(row + told.first);
            const whole = mended(told, own, alone);
            for (const record of own) {
              const { facts } = alone(record);
              expect(columns.map((_, i) => whole.facts[i]?.[record.ordinal - told.first])).toEqual(columns.map((fact) => facts[fact.key]));
            }
            pushTold(quick, whole);
          }
          const hashes = (builder: typeof plain) => [...finishBlock(builder)].map(({ column, hash }) => [column, hash]);
          expect([quick.rows, quick.subjects]).toEqual([plain.rows, plain.subjects]);
          expect(hashes(quick)).toEqual(hashes(plain));
        },
      ),
      { numRuns: 150 },
    );
  });

  it('refuses a sealed part that was moved to somebody else', () => {
    const [one, other] = recordsOf([0, 1].map(() => ({ division: null, moves: null, gap: 0, parts: {} }))) as [
      SubjectRecord,
      SubjectRecord,
    ];
    const cells = sealCells(vault, { register: 'citizen', dataset: 'cards', key: one.key }, new Set(['account']), {
      account: [{ v: '6222020200012345678' }],
    });
    const bundle = (ordinal: number): Bundle => ({ dataset: 'cards', asOf: knownAt, refused: null, ordinals: [ordinal], cells: [cells] });
    const together = sheafResolver(() => vault, [], county, askedOf(county, 'citizen', knownAt, []));
    const account = county.facts.filter((f) => f.register === 'citizen').findIndex((f) => f.key === 'account');
    expect(together({ subjects: [one, other], bundles: [bundle(one.ordinal)] })?.facts[account]?.[0]?.cells?.[0]?.v).toBe(
      '6222020200012345678',
    );
    expect(() => together({ subjects: [one, other], bundles: [bundle(other.ordinal)] })).toThrow('加密的数据被改动过');
  });
});
