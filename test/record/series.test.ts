// Series in a real database: what a full delivery says about periods and subjects it does not list, and what it must not be taken to say.
import { beforeEach, describe, expect, test } from 'vitest';
import { type Day, day } from '../../src/base/day.ts';
import type { DeliveryKind } from '../../src/catalogue/catalogue.ts';
import { bytesContent, importDelivery } from '../../src/record/import.ts';
import { resolveRecord } from '../../src/record/resolve.ts';
import * as store from '../../src/record/store.ts';
import { testDatabase } from '../database.ts';
import { county, person } from './county.ts';

const database = testDatabase();
const [a, b, c] = [person(1), person(2), person(3)];

const deliver = (dataset: string, text: string, asOf: string, kind: DeliveryKind = 'full', division: string | null = null) =>
  importDelivery(
    database.db,
    county,
    {
      dataset,
      division,
      kind,
      asOf: day(asOf),
      fileName: `${dataset}.csv`,
      content: bytesContent(new TextEncoder().encode(text)),
      receivedBy: 'steward',
      role: 'steward',
    },
    { now: new Date('2026-02-20T01:00:00Z') },
  );
const wages = (asOf: string, rows: readonly string[], kind: DeliveryKind = 'full', division: string | null = null) =>
  deliver('wages', `身份证号,年度,工资\n${rows.map((r) => `${r}\n`).join('')}`, asOf, kind, division);

/** A period left out is unknown; a text says why all of it is. */
const income = async (key: string): Promise<unknown> => {
  const record = await store.recordByKey(database.db, 'citizen', key);
  if (record === null) throw new Error('no record');
  const fact = resolveRecord(record, await store.coverages(database.db), county, '2026-02-20' as Day).facts.income;
  return fact?.cells == null ? (fact?.missing?.reason ?? 'undelivered') : fact.cells[0]?.v;
};

beforeEach(async () => {
  await database.sql`delete from delivery_problem`;
  await database.sql`delete from delivery`;
  await database.sql`delete from coverage`;
  await database.sql`delete from record_part`;
  await database.sql`delete from record`;
  const people = [`${a},张三,530128102,男,`, `${b},李四,530128102,女,`, `${c},王五,530103,女,`];
  await deliver('people', `身份证号,姓名,区划,性别,死亡日期\n${people.join('\n')}\n`, '2026-01-01');
});

describe('a full delivery of a series', () => {
  test('says none of the periods in its rows, and nothing of others', async () => {
    expect(await income(a)).toBe('undelivered');
    await wages('2026-01-10', [`${a},2024,1`, `${b},2025,`]);
    expect([await income(a), await income(b), await income(c)]).toEqual([
      { '2024': '1', '2025': null },
      { '2024': null },
      { '2024': null, '2025': null },
    ]);
  });

  test('of one year takes nothing from the years before, even of whom it does not list', async () => {
    await wages('2026-01-10', [`${a},2024,1`, `${b},2024,2`]);
    const report = await wages('2026-01-20', [`${b},2025,3`]);
    expect([await income(a), await income(b)]).toEqual([
      { '2024': '1', '2025': null },
      { '2024': '2', '2025': '3' },
    ]);
    expect(report.dropped).toBe(0);
    // Of a year delivered again, whoever is gone is gone, and so is a year no longer listed.
    await wages('2026-01-25', [`${b},2024,4`, `${c},2025,5`]);
    expect([await income(a), await income(b)]).toEqual([
      { '2024': null, '2025': null },
      { '2024': '4', '2025': null },
    ]);
  });

  test('speaks for its division only', async () => {
    await wages('2026-01-10', [`${a},2025,1`], 'full', '530128');
    expect([await income(b), await income(c)]).toEqual([{ '2025': null }, 'undelivered']);
  });

  test('a row refused, or of nobody knows whom, makes none of what it may have said', async () => {
    await wages('2026-01-10', [`${a},2024,多`, `${b},2024,1`]);
    expect(await income(a)).toBe('empty');
    await wages('2026-01-20', [`${a},2025,7`, `${b},2025,1`]);
    expect(await income(a)).toEqual({ '2025': '7' });
    await wages('2026-01-30', [`110105194912310021,2026,1`, `${b},2026,1`]);
    expect(await income(c)).toEqual({ '2024': null, '2025': null });
  });

  test('that comes late and is overtaken says nothing of its other periods', async () => {
    await wages('2026-01-20', [`${a},2025,7`], 'changes');
    await wages('2026-01-10', [`${a},2024,1`, `${a},2025,2`, `${b},2024,1`]);
    expect([await income(a), await income(c)]).toEqual([{ '2025': '7' }, 'undelivered']);
  });

  test('with an empty figure takes the place of a figure', async () => {
    await wages('2026-01-10', [`${a},2025,7`]);
    await wages('2026-01-20', [`${a},2025,`], 'changes');
    expect(await income(a)).toBe('empty');
    await wages('2026-01-25', [`${a},2025,8`], 'changes');
    expect(await income(a)).toEqual({ '2025': '8' });
  });
});
