// Cases 1, 2, 11, 14, 15 and 16 of the domain at the level of facts: what held on which day, and who could have known it when. Deliveries come on the
// days they come, every day is sealed as the product does at night, and the questions are asked of what was sealed.
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { citizenIdCheck, usccCheck } from '../../src/base/codes.ts';
import { addDays, type Day, day } from '../../src/base/day.ts';
import type { Catalogue, DeliveryKind } from '../../src/catalogue/catalogue.ts';
import { readCatalogue } from '../../src/catalogue/read.ts';
import { shippedCatalogue } from '../../src/command/place.ts';
import type { Database } from '../../src/db/handle.ts';
import { receive } from '../../src/record/decide.ts';
import { bytesContent } from '../../src/record/import.ts';
import { recordByKey } from '../../src/record/store.ts';
import { factHistory } from '../../src/snapshot/history.ts';
import { factsKnown, type KnownAt } from '../../src/snapshot/known.ts';
import { seal } from '../../src/snapshot/seal.ts';
import { createDatabase, dropDatabase } from '../database.ts';
import { openTestDatabase } from '../open.ts';

let database: Database;
let url = '';
let catalogue: Catalogue;
const luquan = '530128';
const panlong = '530103';
const digits = '53012819500101001';
const wang = digits + citizenIdCheck(digits);
const letters = '91530128MA6000001';
const firm = letters + usccCheck(letters);

/** Nine in the morning of that day in China. */
const morning = (on: string): Date => new Date(`${on}T01:00:00Z`);

/** What a department sent: arrives on `arrives`, speaks of `asOf` (default: the same day). */
const delivered = async (dataset: string, kind: DeliveryKind, arrives: string, rows: readonly string[], asOf = arrives): Promise<void> => {
  const header =
    catalogue.datasets
      .find((d) => d.id === dataset)
      ?.columns.map((c) => c.header)
      .join(',') ?? '';
  const report = await receive(
    database.db,
    catalogue,
    {
      dataset,
      kind,
      division: null,
      asOf: day(asOf),
      fileName: `${dataset}.csv`,
      content: bytesContent(new TextEncoder().encode(`${header}\n${rows.map((row) => `${row}\n`).join('')}`)),
      receivedBy: 'steward',
      role: 'steward',
    },
    { now: morning(arrives) },
  );
  expect(report.state).toBe('landed');
};
/** At the end of that day. */
const sealed = (on: string) =>
  seal(database.db, { catalogue, knownAt: day(on), at: new Date(`${on}T15:00:00Z`), actor: 'test' }).then((s) => s.snapshotId);

/** What held on a day, as known on a day: value (null: none; `unknown: reason`), who said so, of which day, and the day it arrived. */
const asked = async (key: string, fact: string, on: string | null, knownAt: string | KnownAt) => {
  const record = await recordByKey(database.db, key === firm ? 'enterprise' : 'citizen', key);
  if (record === null) throw new Error('no record');
  const { register, ordinal } = record;
  const at: KnownAt = typeof knownAt === 'string' ? { kind: 'day', day: day(knownAt) } : knownAt;
  const known = await factsKnown(database.db, catalogue, { register, key, ordinal, on: on === null ? null : day(on), knownAt: at });
  const found = known?.facts.find((one) => one.fact === fact);
  if (found === undefined) throw new Error('no fact');
  const said = found.state === 'unknown' ? `unknown: ${found.reason}` : found.value;
  return [said, found.dataset, found.asOf, found.arrived?.toISOString().slice(0, 10) ?? null];
};

beforeAll(async () => {
  const read = await readCatalogue(shippedCatalogue);
  if (!read.ok) throw new Error('catalogue');
  catalogue = read.catalogue;
});
beforeEach(async () => {
  // What is sealed cannot be taken back, so every case has a database of its own.
  url = await createDatabase();
  database = await openTestDatabase({ ownerUrl: url, maxConnections: 3 });
  await delivered('police-residents', 'full', '2026-01-05', [`${wang},王一,${luquan},女,1950-01-01,`]);
  await delivered('market-registration', 'full', '2026-01-05', [`${firm},甲公司,${luquan},企业,否,民营,2019-03-01,否,,是`]);
});

afterEach(async () => {
  await database.close();
  await dropDatabase(url);
});

describe('death', () => {
  beforeEach(async () => {
    for (const dataset of ['health-deaths', 'civil-cremations']) await delivered(dataset, 'list', '2026-01-31', []);
    await delivered('police-residents', 'full', '2026-01-31', [`${wang},王一,${luquan},女,1950-01-01,`]);
    await sealed('2026-01-31');
  });

  test('1: dies 31 January; health on 2, cremation on 3, police on 10 February: before the payment of the 20th everybody can know, and the earliest day counts', async () => {
    await sealed('2026-02-01');
    await delivered('health-deaths', 'list', '2026-02-02', [`${wang},2026-01-31`]);
    await sealed('2026-02-02');
    await delivered('civil-cremations', 'list', '2026-02-03', [`${wang},2026-02-01`]);
    await sealed('2026-02-03');
    await delivered('police-residents', 'changes', '2026-02-10', [`${wang},王一,${luquan},女,1950-01-01,2026-02-02`]);
    await sealed('2026-02-20');
    expect((await asked(wang, 'deathDate', null, '2026-02-01'))[0]).toBeNull();
    const told = ['2026-01-31', 'health-deaths', '2026-02-02', '2026-02-02'];
    expect(await asked(wang, 'deathDate', null, '2026-02-02')).toEqual(told);
    expect(await asked(wang, 'deathDate', null, '2026-02-03')).toEqual(told);
    // Nothing new was sealed on the 15th: what was known then is what was sealed last.
    expect(await asked(wang, 'deathDate', null, '2026-02-15')).toEqual(told);
    expect(await asked(wang, 'deathDate', null, '2026-02-20')).toEqual(told);
  });

  test('2: the record arrives on 25 February, after the payment: what was known on the 20th stays what was known on the 20th', async () => {
    await sealed('2026-02-20');
    await delivered('health-deaths', 'list', '2026-02-25', [`${wang},2026-01-31`]);
    await sealed('2026-02-25');
    expect((await asked(wang, 'deathDate', null, '2026-02-20'))[0]).toBeNull();
    expect(await asked(wang, 'deathDate', null, '2026-02-25')).toEqual(['2026-01-31', 'health-deaths', '2026-02-25', '2026-02-25']);
  });
});

test('11: blacklisted when matched, repaired when paid: each day has its answer, and the past one does not change', async () => {
  await delivered('credit-blacklists', 'list', '2026-02-25', [`${firm},严重失信主体名单,2026-01-10,`]);
  await sealed('2026-03-01');
  await delivered('credit-blacklists', 'list', '2026-03-18', [`${firm},严重失信主体名单,2026-01-10,2026-03-15`], '2026-03-17');
  await sealed('2026-03-20');
  expect((await asked(firm, 'blacklists', '2026-03-01', '2026-03-01'))[0]).toEqual(['严重失信主体名单']);
  expect(await asked(firm, 'blacklists', '2026-03-20', '2026-03-20')).toEqual([null, 'credit-blacklists', '2026-03-17', '2026-03-18']);
  expect((await asked(firm, 'blacklists', '2026-03-01', '2026-03-20'))[0]).toEqual(['严重失信主体名单']);
  expect((await asked(firm, 'blacklists', '2026-03-14', '2026-03-20'))[0]).toEqual(['严重失信主体名单']);
  expect((await asked(firm, 'blacklists', '2026-03-15', '2026-03-20'))[0]).toBeNull();
  expect((await asked(firm, 'blacklists', '2026-01-09', '2026-03-20'))[0]).toBeNull();
});

test('14: moves out on the 15th: every day of the month has exactly one home, whichever of the two police stations tells first', async () => {
  const first = `${wang},${luquan},农村,2010-01-01,`;
  await delivered('police-hukou', 'full', '2026-04-01', [first]);
  await sealed('2026-04-10');
  await delivered('police-hukou', 'changes', '2026-04-20', [`${wang},${panlong},农村,2026-04-15,`]);
  await sealed('2026-04-20');
  const before = (await asked(wang, 'hukouRegion', '2026-04-20', '2026-04-10'))[0];
  expect(before).toBe(luquan);
  for (let on: Day = day('2026-04-01'); on < '2026-05-01'; on = addDays(on, 1)) {
    expect([on, (await asked(wang, 'hukouRegion', on, '2026-04-20'))[0]]).toEqual([on, on < '2026-04-15' ? luquan : panlong]);
  }
});

test('15: a source of 40 days ago with a limit of 31: unknown, with the day it last spoke of; not "none"', async () => {
  await delivered('civil-assistance', 'list', '2026-02-01', []);
  await sealed('2026-03-04');
  await sealed('2026-03-13');
  expect(await asked(wang, 'householdAssistance', null, '2026-03-04')).toEqual([null, 'civil-assistance', '2026-02-01', '2026-02-01']);
  expect(await asked(wang, 'householdAssistance', null, '2026-03-13')).toEqual([
    'unknown: stale',
    'civil-assistance',
    '2026-02-01',
    '2026-02-01',
  ]);
});

test('16: refused in January, proved right in March: the past months are known otherwise now, and what was known in January can still be shown', async () => {
  const categories = catalogue.facts.find((f) => f.key === 'householdAssistance')?.values ?? [];
  const [kind = ''] = categories;
  await delivered('civil-assistance', 'list', '2026-01-10', []);
  const january = await sealed('2026-01-20');
  await delivered('civil-assistance', 'list', '2026-03-09', [], '2026-03-08');
  await delivered('civil-assistance', 'changes', '2026-03-10', [`${wang},${kind},2025-11-01,`]);
  await sealed('2026-03-10');
  const held = async (on: string, knownAt: string | KnownAt) => (await asked(wang, 'householdAssistance', on, knownAt))[0];
  expect(await held('2025-12-15', '2026-01-20')).toBeNull();
  expect(await held('2025-12-15', { kind: 'snapshot', id: january })).toBeNull();
  const value = await held('2025-12-15', '2026-03-10');
  expect([value].flat()).toEqual([kind]);
  expect([await held('2026-01-20', '2026-03-10')].flat()).toEqual([kind]);
  expect(await held('2025-10-31', '2026-03-10')).toBeNull();
  expect(await asked(wang, 'householdAssistance', '2025-12-15', { kind: 'now', day: day('2026-03-10') })).toEqual(
    await asked(wang, 'householdAssistance', '2025-12-15', '2026-03-10'),
  );
  expect(
    await factsKnown(database.db, catalogue, {
      register: 'citizen',
      key: wang,
      ordinal: 0,
      on: null,
      knownAt: { kind: 'day', day: day('2026-01-04') },
    }),
  ).toBeNull();
});

describe('a past day nobody sealed', () => {
  const known = async (on: string) => {
    const record = await recordByKey(database.db, 'citizen', wang);
    if (record === null) throw new Error('no record');
    const found = await factsKnown(database.db, catalogue, {
      ...{ register: 'citizen', key: wang, ordinal: record.ordinal, on: null },
      knownAt: { kind: 'day', day: day(on) },
    });
    if (found === null) throw new Error('nothing known');
    return { ...found, of: (fact: string) => found.facts.find((one) => one.fact === fact) };
  };
  beforeEach(async () => {
    for (const dataset of ['health-deaths', 'civil-cremations']) await delivered(dataset, 'list', '2026-01-31', []);
    await delivered('police-residents', 'full', '2026-01-31', [`${wang},王一,${luquan},女,1950-01-01,`]);
    await delivered('civil-assistance', 'list', '2026-01-10', []);
    await sealed('2026-02-01');
    await delivered('health-deaths', 'list', '2026-02-11', [`${wang},2026-02-09`], '2026-02-10');
    await sealed('2026-02-20');
  });

  test('is answered by the seal before it, which says what came in between and which facts that may concern', async () => {
    const early = await known('2026-02-10');
    expect(early.between).toMatchObject({ asked: '2026-02-10', sure: true, next: { knownAt: '2026-02-20' } });
    expect([early.knownAt, early.of('deathDate')?.state, early.of('deathDate')?.doubts]).toEqual(['2026-02-01', 'none', []]);
    // It came on the 11th in the morning: on that day somebody could have known.
    const late = await known('2026-02-11');
    expect(late.between?.sure).toBe(false);
    expect(late.of('deathDate')).toMatchObject({
      state: 'none',
      doubts: [{ kind: 'delivery', dataset: 'health-deaths', asOf: '2026-02-10', at: morning('2026-02-11') }],
    });
    expect(late.facts.filter((one) => one.doubts.length > 0).map((one) => one.fact)).toEqual(['deathDate']);
    const now = await known('2026-02-20');
    expect([now.between?.sure, now.between?.next, now.of('deathDate')?.value]).toEqual([true, null, '2026-02-09']);
    expect(now.of('deathDate')?.delivery).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('counts the days: what was fresh when sealed and too old by then is unknown, not "none"', async () => {
    expect((await known('2026-02-10')).of('householdAssistance')?.state).toBe('none');
    expect((await known('2026-02-12')).of('householdAssistance')).toMatchObject({ state: 'unknown', reason: 'stale', asOf: '2026-01-10' });
    // Death has three sources: another may speak where one has aged, so nothing is said for sure.
    expect((await known('2026-04-01')).of('deathDate')?.doubts.map((one) => one.kind)).toEqual(['aged']);
  });

  test('every value of one fact, from when to when it was the knowledge, with validity, source and delivery', async () => {
    await delivered('police-hukou', 'full', '2026-02-21', [`${wang},${luquan},农村,2010-01-01,`]);
    await sealed('2026-02-22');
    await sealed('2026-02-23');
    await delivered('police-hukou', 'changes', '2026-03-01', [`${wang},${panlong},农村,2026-02-15,`]);
    await sealed('2026-03-02');
    const record = await recordByKey(database.db, 'citizen', wang);
    if (record === null) throw new Error('no record');
    const of = async (key: string) => {
      const fact = catalogue.facts.find((one) => one.register === 'citizen' && one.key === key);
      if (fact === undefined) throw new Error('no fact');
      const { register, ordinal, division } = record;
      return factHistory(database.db, catalogue, { register, ordinal, division, fact });
    };
    const home = await of('hukouRegion');
    expect([home.snapshots, home.complete]).toEqual([5, true]);
    expect(
      home.states.map((one) => [
        one.knownFrom,
        one.replacedOn,
        one.missing?.reason ?? one.values.map((v) => `${v.value} ${v.from} ${v.to}`),
      ]),
    ).toEqual([
      ['2026-03-02', null, [`${luquan} 2010-01-01 2026-02-15`, `${panlong} 2026-02-15 null`]],
      ['2026-02-22', '2026-03-02', [`${luquan} 2010-01-01 null`]],
      ['2026-02-01', '2026-02-22', 'undelivered'],
    ]);
    const [newest, before] = home.states;
    expect(new Set([newest?.values[1]?.delivery, before?.values[0]?.delivery]).size).toBe(2);
    expect(newest?.values[1]?.arrived).toEqual(morning('2026-03-01'));
    const death = await of('deathDate');
    expect(death.states.map((one) => [one.knownFrom, one.replacedOn, one.values[0]?.value])).toEqual([
      ['2026-02-20', null, '2026-02-09'],
      ['2026-02-01', '2026-02-20', null],
    ]);
  });
});
