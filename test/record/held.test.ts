// Deliveries that wait for a person: too much gone or changed at once, or rows that nobody can be named for; what lets them land and what never does.
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { type Day, day } from '../../src/base/day.ts';
import { everything } from '../../src/base/scope.ts';
import type { Catalogue, DeliveryKind } from '../../src/catalogue/catalogue.ts';
import { type Decision, decideDelivery, landAccepted, receive } from '../../src/record/decide.ts';
import { deliveryById } from '../../src/record/delivery-store.ts';
import { shareReasons } from '../../src/record/hold.ts';
import { bytesContent, type ImportReport, type ImportRequest } from '../../src/record/import.ts';
import { refusedAsCsv } from '../../src/record/report.ts';
import { resolveRecord } from '../../src/record/resolve.ts';
import * as store from '../../src/record/store.ts';
import { testDatabase } from '../database.ts';
import { county, person } from './county.ts';

const database = testDatabase();
const now = new Date('2026-02-20T01:00:00Z');
const town = '530128102';
const keys = Array.from({ length: 40 }, (_, i) => person(i));
const [a = '', b = '', c = ''] = keys;

const deliver = (
  dataset: string,
  text: string,
  asOf: string,
  more: Partial<Omit<ImportRequest, 'asOf'>> & { kind?: DeliveryKind } = {},
  catalogue: Catalogue = county,
): Promise<ImportReport> =>
  receive(
    database.db,
    catalogue,
    {
      dataset,
      division: null,
      fileName: `${dataset}.csv`,
      content: bytesContent(new TextEncoder().encode(text)),
      receivedBy: 'steward',
      role: 'steward',
      kind: 'full',
      ...more,
      asOf: day(asOf),
    },
    { now },
  );
const decide = (deliveryId: string, answer: Decision['answer'], more: Partial<Decision> = {}) =>
  decideDelivery(
    database.db,
    county,
    { deliveryId, answer, by: 'second', role: 'steward', reason: '问过原单位', scope: everything, ...more },
    { now },
  );
const residents = (of: readonly string[], place = town): string =>
  `身份证号,姓名,区划,性别,死亡日期\n${of.map((key, i) => `${key},张${i},${place},男,`).join('\n')}\n`;
const pensions = (of: readonly string[], value = '是'): string => `身份证号,领取养老金\n${of.map((key) => `${key},${value}`).join('\n')}\n`;
const deaths = (...rows: string[]): string => `身份证号,死亡日期\n${rows.join('\n')}\n`;
const held = async (key: string, fact: string, knownAt = '2026-02-20') => {
  const record = await store.recordByKey(database.db, 'citizen', key);
  if (record === null) throw new Error('no record');
  const found = resolveRecord(record, await store.coverages(database.db), county, knownAt as Day).facts[fact];
  return found?.cells == null ? (found?.missing?.reason ?? 'undelivered') : found.cells.map((x) => x.v)[0];
};
const facts = async () =>
  JSON.stringify(await database.sql`select register, subject_id, dataset, as_of, cells, refused from record_part order by 2, 3`) +
  JSON.stringify(await database.sql`select * from coverage order by 1, 2, 3`);

beforeEach(async () => {
  for (const table of ['delivery_problem', 'delivery', 'coverage', 'record_part', 'record'])
    await database.sql`delete from ${database.sql(table)}`;
});

describe('too much at once', () => {
  test('a full delivery that drops more than its share touches nothing, shows whom, and lands when a second person says so', async () => {
    await deliver('people', residents(keys), '2026-02-01');
    await deliver('pensions', pensions(keys), '2026-02-01');
    const before = await facts();
    const report = await deliver('pensions', pensions(keys.slice(0, 25)), '2026-02-10');
    expect(report).toMatchObject({
      state: 'held',
      changed: 0,
      held: {
        reasons: [{ kind: 'dropped', count: 15, of: 40, limitPercent: 10 }],
        diff: { before: 40, dropped: 15, changed: 0, added: 0, divisions: [{ division: town, before: 40, dropped: 15 }] },
        rowsLanded: false,
      },
    });
    expect(report.held?.diff?.samples.dropped).toHaveLength(15);
    expect(JSON.stringify(report)).not.toContain(keys[30]);
    expect(await facts()).toBe(before);
    expect(await deliver('pensions', pensions(keys.slice(0, 25)), '2026-02-10')).toMatchObject({ state: 'held', already: true });
    await expect(decide(report.deliveryId, 'accept', { by: 'steward' })).rejects.toThrow('scope.second-person');
    await expect(decide(report.deliveryId, 'accept', { reason: ' ' })).rejects.toThrow('input.reason');
    await expect(decide(report.deliveryId, 'accept', { scope: { ...everything, divisions: [town] } })).rejects.toThrow('missing.delivery');
    await expect(decide(report.deliveryId, 'accept', { seen: ['something else'] })).rejects.toThrow('state.delivery-changed');
    expect(await facts()).toBe(before);
    const landed = await decide(report.deliveryId, 'accept', { seen: report.held?.digests ?? [] });
    expect(landed).toMatchObject({ state: 'landed', dropped: 15, deliveryId: report.deliveryId });
    expect([await held(a, 'pension'), await held(keys[30] ?? '', 'pension')]).toEqual([true, null]);
    const audit = await database.sql<{ actor: string; action: string; reason: string | null }[]>`
      select actor, action, reason from audit_entry where object_id = ${report.deliveryId} order by id`;
    expect(audit).toEqual([
      { actor: 'steward', action: 'delivery.hold', reason: null },
      { actor: 'second', action: 'delivery.accept', reason: '问过原单位' },
      { actor: 'second', action: 'delivery.land', reason: null },
    ]);
    await expect(decide(report.deliveryId, 'reject')).rejects.toThrow('state.delivery');
  });

  test('rejected it never lands, not even brought again; the database itself refuses a decision by who brought it', async () => {
    await deliver('people', residents(keys), '2026-02-01');
    await deliver('pensions', pensions(keys), '2026-02-01');
    const before = await facts();
    const report = await deliver('pensions', pensions(keys, '否'), '2026-02-10');
    expect(report.held?.reasons).toEqual([{ kind: 'changed', count: 40, of: 40, limitPercent: 50 }]);
    await expect(
      database.sql`update delivery set state = 'accepted', decided_by = 'steward', decided_at = now(), decision = 'x' where id = ${report.deliveryId}`,
    ).rejects.toThrow('delivery_two_people');
    expect(await decide(report.deliveryId, 'reject')).toMatchObject({ state: 'rejected' });
    expect(await deliver('pensions', pensions(keys, '否'), '2026-02-10')).toMatchObject({ state: 'rejected', already: true });
    expect(await landAccepted(database.db, county, { now })).toBe(0);
    expect(await facts()).toBe(before);
  });

  test('accepted, but by now it would do something else: it is held again with the new difference', async () => {
    await deliver('people', residents(keys), '2026-02-01');
    await deliver('pensions', pensions(keys.slice(0, 30)), '2026-02-01');
    const report = await deliver('pensions', pensions(keys.slice(0, 15)), '2026-02-10');
    await deliver('pensions', pensions(keys.slice(30)), '2026-02-05', { kind: 'changes' });
    expect(await decide(report.deliveryId, 'accept')).toMatchObject({
      state: 'held',
      held: { reasons: [{ kind: 'dropped', count: 25, of: 40 }] },
    });
    expect(await held(keys[20] ?? '', 'pension')).toBe(true);
    expect(await deliveryById(database.db, report.deliveryId)).toMatchObject({ state: 'held', decidedBy: null });
    expect(await decide(report.deliveryId, 'accept')).toMatchObject({ state: 'landed', dropped: 25 });
  });

  test('a newer word about everybody takes its place', async () => {
    await deliver('people', residents(keys), '2026-02-01');
    await deliver('pensions', pensions(keys), '2026-02-01');
    const report = await deliver('pensions', pensions(keys.slice(0, 20)), '2026-02-10');
    await deliver('pensions', pensions(keys.slice(1)), '2026-02-12');
    expect(await deliveryById(database.db, report.deliveryId)).toMatchObject({ state: 'rejected', decidedBy: 'step:import' });
    expect([await held(a, 'pension'), await held(keys[39] ?? '', 'pension')]).toEqual([null, true]);
  });

  test('what is only added is no change: new periods of a series, later spells', async () => {
    await deliver('people', residents(keys), '2026-02-01');
    const wages = (year: number): string => `身份证号,年度,工资\n${keys.map((key) => `${key},${year},1000`).join('\n')}\n`;
    await deliver('wages', wages(2024), '2026-02-01');
    expect(await deliver('wages', wages(2025), '2026-02-10')).toMatchObject({ state: 'landed', changed: 40 });
    expect((await deliver('wages', wages(2025).replaceAll(',1000', ',2000'), '2026-02-12')).held?.reasons).toMatchObject([
      { kind: 'changed', count: 40 },
    ]);
  });

  test("a dataset's own limits count before the house's", async () => {
    const bent = {
      ...county,
      datasets: county.datasets.map((d) => (d.id === 'pensions' ? { ...d, hold: { droppedPercent: 0, atLeast: 1 } } : d)),
    };
    await deliver('people', residents(keys), '2026-02-01');
    await deliver('pensions', pensions(keys), '2026-02-01', {}, bent);
    expect((await deliver('pensions', pensions(keys.slice(1)), '2026-02-10', {}, bent)).held?.reasons).toMatchObject([
      { count: 1, limitPercent: 0 },
    ]);
    expect(await deliver('pensions', pensions(keys.slice(1)), '2026-02-10', {}, county)).toMatchObject({ state: 'held', already: true });
  });

  test('a share is above its limit exactly when it is', () => {
    const some = fc.record({ before: fc.nat(5000), dropped: fc.nat(5000), limit: fc.nat(100), least: fc.nat(50) });
    fc.assert(
      fc.property(some, ({ before, dropped, limit, least }) => {
        const limits = { droppedPercent: limit, changedPercent: 100, atLeast: least };
        const reasons = shareReasons({ before, dropped, changed: 0, added: 0 }, limits);
        expect(reasons.length > 0).toBe(dropped >= least && dropped / Math.max(before, Number.EPSILON) > limit / 100 && dropped > 0);
      }),
    );
  });
});

describe('rows of nobody', () => {
  test('the dead man behind 1.10105E+17 does not count as alive: the readable rows come in, "none" of everybody else waits', async () => {
    await deliver('people', residents(keys.slice(0, 3)), '2026-02-01');
    await deliver('cremations', deaths(), '2026-02-01', { kind: 'list' });
    const report = await deliver('health-deaths', deaths(`${a},2026-01-31`, '1.10105E+17,2026-02-01'), '2026-02-10', { kind: 'list' });
    expect(report).toMatchObject({
      state: 'held',
      rows: { read: 2, good: 1, bad: 1 },
      changed: 1,
      held: { reasons: [{ kind: 'nameless', count: 1, unlisted: 2, rows: [{ line: 3, sameName: null }] }], rowsLanded: true },
    });
    expect([await held(a, 'deathDate'), await held(b, 'deathDate')]).toEqual(['2026-01-31', 'undelivered']);
    expect(await decide(report.deliveryId, 'accept')).toMatchObject({ state: 'landed' });
    expect([await held(a, 'deathDate'), await held(b, 'deathDate')]).toEqual(['2026-01-31', null]);
  });

  test('what the list before said stands meanwhile, until it is too old', async () => {
    await deliver('people', residents(keys.slice(0, 3)), '2026-02-01');
    for (const asOf of ['2026-01-25', '2026-02-10']) {
      for (const dataset of ['health-deaths', 'cremations']) {
        const bad = asOf === '2026-02-10' && dataset === 'health-deaths' ? ['1.10105E+17,2026-02-01'] : [];
        await deliver(dataset, deaths(...bad, `${c},2026-01-2${bad.length}`), asOf, { kind: 'list' });
      }
    }
    expect([await held(b, 'deathDate', '2026-02-20'), await held(b, 'deathDate', '2026-02-28')]).toEqual([null, 'stale']);
    expect(await held(c, 'deathDate', '2026-02-28')).toBe('2026-01-20');
  });

  test('corrected rows settle it, and what they say stands when the list then closes', async () => {
    await deliver('people', residents(keys.slice(0, 4)), '2026-02-01');
    const report = await deliver('health-deaths', deaths(`${a},2026-01-31`, '1.10105E+17,2026-02-01', `${c},2026-02-30`), '2026-02-10', {
      kind: 'list',
    });
    let file = '';
    for await (const piece of refusedAsCsv(database.db, report.deliveryId)) file += piece;
    const half = file.replace('1.10105E+17', b).replace(/^.*2026-02-30.*\n/m, '');
    await deliver('health-deaths', half, '2026-02-11', { corrects: report.deliveryId });
    expect(await held(b, 'deathDate')).toBe('2026-02-01');
    expect((await deliveryById(database.db, report.deliveryId))?.state).toBe('held');
    await deliver('health-deaths', file.replace('1.10105E+17', b).replace('2026-02-30', '2026-02-03'), '2026-02-11', {
      corrects: report.deliveryId,
    });
    expect(await deliveryById(database.db, report.deliveryId)).toMatchObject({ state: 'landed', decidedBy: 'step:import' });
    await deliver('cremations', deaths(), '2026-02-10', { kind: 'list' });
    expect(await Promise.all(keys.slice(0, 4).map((key) => held(key, 'deathDate')))).toEqual([
      '2026-01-31',
      '2026-02-01',
      '2026-02-03',
      null,
    ]);
  });

  test('where nobody else is in the scope nothing waits; a name in the row says who may be meant', async () => {
    const first = await deliver('people', `${residents(keys.slice(0, 3))}1.10105E+17,赵六,${town},男,\n`, '2026-02-01');
    expect(first).toMatchObject({ state: 'landed', rows: { bad: 1 } });
    const second = await deliver('people', `${residents(keys.slice(0, 2))}1.10105E+17,张2,${town},男,\n`, '2026-02-10');
    expect(second.held?.reasons).toEqual([{ kind: 'nameless', count: 1, unlisted: 1, rows: [{ line: 4, division: town, sameName: 1 }] }]);
    expect(await held(c, 'gender')).toBe('男');
  });

  test('in a list of several rows per subject any list may lack one: the whole file waits', async () => {
    await deliver('people', residents(keys.slice(0, 3)), '2026-02-01');
    const report = await deliver('births', `身份证号,编号,出生日期\n${a},1,2019-05-01\n1.10105E+17,2,2021-05-01\n`, '2026-02-10', {
      kind: 'list',
    });
    expect(report).toMatchObject({ state: 'held', changed: 0, held: { rowsLanded: false } });
    expect(await held(a, 'children')).toBe('undelivered');
    expect(await decide(report.deliveryId, 'accept')).toMatchObject({ state: 'landed' });
    expect([await held(a, 'children'), await held(b, 'children')]).toEqual([[{ no: '1', birth: '2019-05-01' }], []]);
  });
});

describe('who moves', () => {
  test("is not checked by the new division's older list, and stays checked by the old one's", async () => {
    await deliver('people', `${residents([a, b, c])}`, '2026-02-01');
    for (const division of ['530128', '530103'])
      await deliver('pensions', pensions(division === '530128' ? [b] : []), '2026-02-10', { division, kind: 'list' });
    expect(await held(a, 'pension')).toBeNull();
    await deliver('pensions', pensions([b]), '2026-02-12', { division: '530128', kind: 'list' });
    await deliver('people', residents([a, b], '530103'), '2026-02-11', { kind: 'changes' });
    expect([await held(a, 'pension'), await held(b, 'pension')]).toEqual(['undelivered', true]);
    await deliver('pensions', pensions([b]), '2026-02-13', { division: '530103', kind: 'list' });
    expect([await held(a, 'pension'), await held(b, 'pension'), await held(c, 'pension')]).toEqual([null, true, null]);
  });

  test('of whoever appears in a division listed before, older lists of it say nothing', async () => {
    await deliver('people', residents([a, b]), '2026-02-01');
    await deliver('pensions', pensions([a]), '2026-02-10', { division: '530128', kind: 'list' });
    await deliver('people', residents([a, b, c]), '2026-02-15');
    expect([await held(b, 'pension'), await held(c, 'pension')]).toEqual([null, 'undelivered']);
  });

  test('a late list still speaks of who lived there then, and not of who came since', async () => {
    await deliver('people', residents([a, b]), '2026-02-01');
    await deliver('people', residents([c], '530103'), '2026-02-01', { kind: 'changes' });
    await deliver('pensions', pensions([a, c]), '2026-02-02');
    await deliver('people', residents([a], '530103'), '2026-02-15', { kind: 'changes' });
    await deliver('people', residents([c]), '2026-02-15', { kind: 'changes' });
    const report = await deliver('pensions', pensions([a, b]), '2026-02-10', { division: '530128' });
    expect(report).toMatchObject({ rows: { good: 2, bad: 0 }, dropped: 0 });
    expect([await held(a, 'pension'), await held(b, 'pension'), await held(c, 'pension')]).toEqual([true, true, true]);
  });
});
