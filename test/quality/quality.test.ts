// Dirty data planted for each measure, and the report that must find it: with its place, how many, what to do, and nobody's number in it.
import { beforeEach, describe, expect, it } from 'vitest';
import { type Day, day } from '../../src/base/day.ts';
import { type Drift, driftOf } from '../../src/quality/drift.ts';
import type { Finding, Measure } from '../../src/quality/finding.ts';
import { citizenTwins, eighteenOf, firmTwins } from '../../src/quality/identity.ts';
import type { FactShape, Profile } from '../../src/quality/profile.ts';
import { birthIn, oddityOf } from '../../src/quality/range.ts';
import { type QualityReport, qualityReport } from '../../src/quality/report.ts';
import { testDatabase } from '../database.ts';
import { empty, type Facts, idOf, tell, versionOf } from '../match/ground.ts';
import { catalogueWith, night, oldAge, tellDeaths } from '../readiness/ground.ts';

const database = testDatabase();
beforeEach(async () => {
  await empty(database);
  await database.sql`delete from dataset_profile`;
});

const catalogue = catalogueWith({
  facts: catalogueWith().facts.map((f) => {
    if (f.key === 'born') return { ...f, key: 'birthDate' };
    return f.key === 'age' ? { ...f, unit: '岁' } : f;
  }),
});
const items = [versionOf(oldAge())];
const report = (today: Day = day('2026-02-19')): Promise<QualityReport> =>
  qualityReport(database.db, { catalogue, today, at: new Date(`${today}T01:00:00Z`), items });
const of = (found: QualityReport, measure: Measure): readonly Finding[] => found.findings.filter((one) => one.measure === measure);
const part = async (key: string, dataset: string, cells: object, asOf = '2026-02-10'): Promise<void> => {
  await database.sql`
    insert into record_part (register, subject_id, dataset, as_of, delivery_id, cells, revision)
    values ('citizen', ${idOf(key)}, ${dataset}, ${asOf}, gen_random_uuid(), ${JSON.stringify(cells)}::text::jsonb, 1)
    on conflict (register, subject_id, dataset) do update set as_of = excluded.as_of, cells = excluded.cells`;
};
const fresh = day('2026-02-10');

describe('the report', () => {
  it('finds a value that is missing, and the division that lacks more than the others', async () => {
    const people = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [`p${i}`, i < 8 ? { kind: '甲' } : { age: '70', kind: '甲' }] as const),
    ) as Readonly<Record<string, Facts>>;
    await tell(database, people, fresh);
    await database.sql`update record set division = case when ordinal < 10 then '110101' else '120101' end`;
    const found = of(await report(), 'missing').filter((one) => one.fact === 'age');
    expect(found.map((one) => [one.dataset, one.division, one.count, one.of])).toEqual([
      ['base', null, 8, 40],
      ['base', '110101', 8, 10],
    ]);
    expect(found[0]?.message).toContain('缺 8 个（20.0%）');
    expect(found[0]?.examples).toHaveLength(3);
  });

  it('finds what is older than its limit, by division, and not what a full delivery confirmed since', async () => {
    await tell(database, { a: {}, b: {} }, fresh);
    await database.sql`update record set division = case key when 'a' then '110101' else '120101' end`;
    for (const key of ['a', 'b']) await part(key, 'deaths', { deathDate: [{ v: null }] }, '2025-12-01');
    await tellDeaths(database, day('2026-02-15'), {}, '12');
    expect(of(await report(), 'stale').map((one) => [one.dataset, one.division, one.count, one.of])).toEqual([['deaths', '110101', 1, 1]]);
  });

  it('finds sources that disagree', async () => {
    const two = {
      ...catalogue,
      facts: catalogue.facts.map((f) => (f.key === 'deathDate' ? { ...f, datasets: ['deaths', 'base'], combine: 'earliest' as const } : f)),
    };
    await tell(database, { a: {}, b: {} }, fresh);
    await part('a', 'deaths', { deathDate: [{ v: '2026-01-31' }] });
    await part('a', 'base', { deathDate: [{ v: '2026-02-03' }] });
    await part('b', 'deaths', { deathDate: [{ v: '2026-01-31' }] });
    await part('b', 'base', { deathDate: [{ v: '2026-01-31' }] });
    const found = await qualityReport(database.db, {
      catalogue: two,
      today: day('2026-02-19'),
      at: new Date('2026-02-19T01:00:00Z'),
      items,
    });
    expect(of(found, 'conflict')).toMatchObject([{ fact: 'deathDate', dataset: 'deaths', kind: 'base', count: 1, examples: [idOf('a')] }]);
  });

  it('finds what cannot be', async () => {
    await tell(database, { a: { age: '-3' }, b: { kind: '丁' }, c: { region: '99' }, d: {}, e: {} }, fresh);
    await part('d', 'base', { birthDate: [{ v: '2030-01-01' }] });
    await part('e', 'base', { birthDate: [{ v: '1950-01-01' }] });
    await part('e', 'deaths', { deathDate: [{ v: '1949-12-31' }] });
    const found = of(await report(), 'range').map((one) => `${one.dataset} ${one.fact} ${one.kind} ${one.count}`);
    expect(found.sort()).toEqual([
      'base age negative 1',
      'base birthDate future 1',
      'base kind not-listed 1',
      'base region not-in-tree 1',
      'deaths deathDate death-before-birth 1',
    ]);
  });

  it('finds two ids of one person and of one firm, and names them by our ids only', async () => {
    const old = '110105491231002';
    const upgraded = eighteenOf(old) ?? '';
    expect(upgraded).toBe('11010519491231002X');
    await tell(database, { [old]: {}, [upgraded]: {}, '110105195001010015': {}, '110105195001010023': {} }, fresh);
    await database.sql`update record set name = case when key like '%1950%' then '李某' else '张某' end`;
    const found = await report();
    expect(
      of(found, 'duplicate')
        .map((one) => `${one.kind} ${one.count}`)
        .sort(),
    ).toEqual(['fifteen-digits 1', 'near-number 1']);
    expect(
      of(found, 'duplicate')
        .find((one) => one.kind === 'fifteen-digits')
        ?.examples.toSorted(),
    ).toEqual([idOf(old), idOf(upgraded)].toSorted());
    expect(JSON.stringify(found, (_k, v: unknown) => (typeof v === 'bigint' ? String(v) : v))).not.toMatch(/110105(49|19)/);
  });

  it('compares with the delivery before', async () => {
    const crowd = (n: number, kind: string, age: string) =>
      Object.fromEntries(Array.from({ length: n }, (_, i) => [`p${i}`, { kind, age }]));
    await tell(database, crowd(60, '甲', '70'), day('2026-01-05'));
    await database.sql`insert into coverage (dataset, register, division, as_of, delivery_id) values ('base', 'citizen', '', '2026-01-05', gen_random_uuid())`;
    expect(of(await report(), 'drift')).toEqual([]);
    await tell(database, crowd(90, '乙', '35'), day('2026-02-05'));
    await database.sql`update coverage set as_of = '2026-02-05' where dataset = 'base'`;
    const found = of(await report(), 'drift');
    expect(found.map((one) => `${one.fact} ${one.kind}`).sort()).toEqual(['age median', 'kind spread', 'null rows']);
    expect(found.find((one) => one.kind === 'rows')?.message).toContain('由 60 变为 90');
    // The same delivery looked at again is compared with the one before it, not with itself.
    expect(of(await report(), 'drift')).toHaveLength(3);
  });

  it('says how many wait for what is late, and for how much', async () => {
    await tell(database, { a: { age: '85' }, b: { age: '90' }, c: { age: '40' } }, fresh);
    await tellDeaths(database, day('2026-01-10'));
    await night(database, [oldAge()], day('2026-02-19'), { catalogue });
    const [late] = (await report()).late;
    expect(late).toMatchObject({ dataset: 'deaths', overdueDays: 14, asOf: '2026-01-10', nextDue: '2026-03-05' });
    expect(late?.waiting).toMatchObject({
      subjects: 2,
      claims: 2,
      items: ['old-age'],
      knownFen: 20000n,
      toFen: 0n,
      lastFen: 0n,
      untold: 0,
      complete: true,
    });
    expect(late?.text).toBe('卫生健康委“死亡登记”迟 14 天：2 人（户）在等，200.00 元');
  });

  it('says which items wait as a whole, and what they came to the period before', async () => {
    await tell(database, { a: { age: '85' } }, fresh);
    await night(database, [oldAge()], day('2026-02-19'), { catalogue });
    const [late] = (await report()).late;
    expect(late).toMatchObject({ dataset: 'deaths', waiting: null, held: [{ itemId: 'old-age', periodKey: '2026-02', last: null }] });
    expect(late?.text).toContain('old-age 2026-02 整项在等');
  });

  it('finds nothing where there is nothing', async () => {
    const found = await report();
    expect(found).toMatchObject({ subjects: 0, findings: [] });
  });
});

const shape = (over: Partial<FactShape> = {}): FactShape => ({ listed: 100, told: 100, none: 0, values: {}, quartiles: null, ...over });
const profile = (fact: FactShape, subjects = fact.listed): Profile => ({ subjects, facts: { f: fact } });
const kinds = (a: Profile, b: Profile): readonly Drift['kind'][] => driftOf(a, b).map((d) => d.kind);

describe('drift', () => {
  it('is nothing for the same, for little, for what chance does to few', () => {
    const now = profile(shape({ values: { 甲: 60, 乙: 40 }, quartiles: [1, 5, 9] }));
    expect(kinds(now, now)).toEqual([]);
    expect(kinds(now, profile(shape({ values: { 甲: 55, 乙: 45 }, quartiles: [1, 6, 9] })))).toEqual([]);
    expect(kinds(profile(shape({ listed: 10, told: 10 })), profile(shape({ listed: 10, told: 2 })))).toEqual([]);
    expect(kinds(profile(shape({ listed: 30, told: 29 })), profile(shape({ listed: 30, told: 27 })))).toEqual([]);
  });
  it('is each of rows, none, missing, spread and median by itself', () => {
    expect(kinds(profile(shape()), profile(shape({ listed: 70, told: 70 })))).toEqual(['rows']);
    expect(kinds(profile(shape()), profile(shape({ told: 70, none: 30 })))).toEqual(['none']);
    expect(kinds(profile(shape()), profile(shape({ told: 70 })))).toEqual(['missing']);
    expect(driftOf(profile(shape({ values: { 甲: 90, 乙: 10 } })), profile(shape({ values: { 甲: 40, 乙: 60 } })))).toMatchObject([
      { kind: 'spread', value: expect.stringMatching(/甲|乙/) },
    ]);
    expect(kinds(profile(shape({ quartiles: [10, 20, 30] })), profile(shape({ quartiles: [10, 35, 50] })))).toEqual(['median']);
  });
});

describe('one value', () => {
  const has = () => false;
  const number = {
    key: 'n',
    label: 'n',
    register: 'citizen',
    type: 'number',
    datasets: ['d'],
    sensitivity: 'internal',
    purposes: ['*'],
    legalUse: 'decide',
  } as const;
  it('of money may be a loss, of people not', () => {
    expect(oddityOf({ ...number, unit: '元' }, '-5', fresh, has)).toBe(null);
    expect(oddityOf({ ...number, unit: '人' }, '-5', fresh, has)).toBe('negative');
    expect(oddityOf({ ...number, unit: '比例' }, '1.5', fresh, has)).toBe('over-whole');
    expect(oddityOf({ ...number, unit: '人' }, null, fresh, has)).toBe(null);
  });
  it('tells the birth in both lengths of number', () => {
    expect(birthIn('11010519491231002X')).toBe('1949-12-31');
    expect(birthIn('110105491231002')).toBe('1949-12-31');
    expect(birthIn('110105199902300015')).toBe(null);
    expect(birthIn('91350100M000100Y43')).toBe(null);
  });
});

describe('twins', () => {
  const who = (key: string, division = '1') => ({ subjectId: key, key, name: '甲', division });
  it('are as sure as what they share', () => {
    const kindsOf = (a: string, b: string, place = '1') => citizenTwins([who(a), who(b, place)]).map((t) => `${t.kind} ${t.sure}`);
    expect(kindsOf('110105491231002', '11010519491231002X')).toEqual(['fifteen-digits certain']);
    expect(kindsOf('110105195001010015', '530128195001013338')).toEqual(['same-name-birth likely']);
    expect(kindsOf('110105195001010015', '530128195001013338', '2')).toEqual(['same-name-birth possible']);
    expect(firmTwins([who('91350100M000100Y43'), who('92350100M000100Y4X')]).map((t) => t.kind)).toEqual(['same-organisation']);
  });
});
