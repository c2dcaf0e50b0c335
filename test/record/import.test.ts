// Deliveries into a real database: what lands, what is refused and how it is said, what later deliveries do, what is never done twice.
import { beforeEach, describe, expect, test } from 'vitest';
import { type Day, day } from '../../src/base/day.ts';
import type { DeliveryKind } from '../../src/catalogue/catalogue.ts';
import { bytesContent, type ImportReport, type ImportRequest, importDelivery } from '../../src/record/import.ts';
import { refusedAsCsv } from '../../src/record/report.ts';
import { resolveRecord } from '../../src/record/resolve.ts';
import * as store from '../../src/record/store.ts';
import { testDatabase } from '../database.ts';
import { county, firm, person } from './county.ts';

const database = testDatabase();
const now = new Date('2026-02-20T01:00:00Z');

const deliver = (
  dataset: string,
  text: string | Uint8Array,
  more: Partial<Omit<ImportRequest, 'kind' | 'asOf'>> & { kind?: DeliveryKind; asOf?: string } = {},
): Promise<ImportReport> =>
  importDelivery(
    database.db,
    county,
    {
      dataset,
      division: null,
      fileName: `${dataset}.csv`,
      content: bytesContent(typeof text === 'string' ? new TextEncoder().encode(text) : text),
      receivedBy: 'steward',
      role: 'steward',
      ...more,
      kind: more.kind ?? 'full',
      asOf: day(more.asOf ?? '2026-02-01'),
    },
    { now },
  );

const [a, b, c, d] = [person(1), person(2), person(3), person(4)];
const people = (...rows: string[]): string => `身份证号,姓名,区划,性别,死亡日期\n${rows.join('\n')}\n`;
const town = '530128102';
const three = people(`${a},张三,${town},男,`, `${b},李四,${town},女,2026-01-31`, `${c},王五,530103,女,`);

const recordOf = async (key: string) => {
  const record = await store.recordByKey(database.db, 'citizen', key);
  if (record === null) throw new Error('no record');
  return record;
};
const worth = async (key: string, fact: string, knownAt = '2026-02-20') =>
  resolveRecord(await recordOf(key), await store.coverages(database.db), county, knownAt as Day).facts[fact];
const held = async (key: string, fact: string, knownAt?: string) => {
  const found = await worth(key, fact, knownAt);
  return found?.cells == null ? (found?.missing?.reason ?? 'undelivered') : found.cells.map((x) => x.v)[0];
};
const collect = async <T>(from: AsyncIterable<T>): Promise<T[]> => {
  const all: T[] = [];
  for await (const one of from) all.push(one);
  return all;
};
const told = (report: ImportReport) => report.problems.map((p) => [p.line, p.column, p.code, p.masked]);

beforeEach(async () => {
  await database.sql`delete from delivery_problem`;
  await database.sql`delete from delivery`;
  await database.sql`delete from coverage`;
  await database.sql`delete from record_part`;
  await database.sql`delete from record`;
});

describe('a first delivery', () => {
  test('brings subjects in the order of the file, with facts, names, totals, coverage and an audit entry', async () => {
    const report = await deliver('people', `\ufeff${three}`);
    expect(report).toMatchObject({
      state: 'landed',
      already: false,
      rows: { read: 3, good: 3, bad: 0 },
      changed: 3,
      introduced: 3,
      problems: [],
    });
    const records = await collect(store.streamRecords(database.db, 'citizen'));
    expect(records.map((r) => [r.ordinal, r.key, r.name, r.division])).toEqual([
      [0, a, '张三', town],
      [1, b, '李四', town],
      [2, c, '王五', '530103'],
    ]);
    expect(records[1]?.facts).toEqual({ gender: [{ v: '女', d: 'people' }], deathDate: [{ v: '2026-01-31', d: 'people' }] });
    expect(records[1]?.provenance).toEqual({ people: { asOf: '2026-02-01', delivery: report.deliveryId } });
    expect(await store.coverages(database.db)).toEqual([
      { dataset: 'people', register: 'citizen', division: null, asOf: '2026-02-01', delivery: report.deliveryId, periods: [] },
    ]);
    const [entry] = await database.sql`select actor, action, object_id from audit_entry order by id desc limit 1`;
    expect(entry).toEqual({ actor: 'steward', action: 'delivery.land', object_id: report.deliveryId });
    const cards = await deliver('cards', `身份证号,账号,余额\n${a},6217000010001235,0.10\n${b},123456789,1234.5\n`);
    expect(cards.sums).toEqual({ 余额: '1234.6' });
    expect(told(cards)).toEqual([[2, '账号', 'import.card', '************1235']]);
    expect(cards.rows).toEqual({ read: 2, good: 2, bad: 0 });
  });

  test('the same file of the same day is not imported again; a later day renews what it says', async () => {
    const first = await deliver('people', three);
    expect(await deliver('people', three)).toMatchObject({ deliveryId: first.deliveryId, already: true, changed: 0 });
    const before = await store.newestRevision(database.db);
    const renewed = await deliver('people', three, { asOf: '2026-03-01' });
    expect(renewed).toMatchObject({ already: false, changed: 0, dropped: 0, rows: { good: 3 } });
    expect(await store.newestRevision(database.db)).toBe(before);
    expect((await worth(a, 'gender', '2026-03-15'))?.cells).toEqual([{ v: '男', dataset: 'people', asOf: '2026-03-01' }]);
  });

  test('every shape', async () => {
    await deliver('people', three);
    await deliver(
      'hukou',
      `身份证号,户籍,户口性质,生效日期,失效日期\n${a},530128,农村,2010-01-01,2020-01-01\n${b},530103,,2015-01-01,\n${a},530103,城镇,2020-01-01,\n`,
    );
    await deliver('wages', `身份证号,年度,工资\n${a},2024,1000.50\n${a},2025,\n${b},2025,3000\n`);
    await deliver('births', `身份证号,编号,出生日期\n${a},2,2021-05-01\n${a},1,2019-05-01\n`, { kind: 'list' });
    await deliver('assistance', `身份证号,类别,生效日期,失效日期\n${a},低保,2025-01-01,\n${a},孤儿,2025-01-01,2025-07-01\n`);
    expect((await worth(a, 'region'))?.cells?.map((x) => [x.v, x.from, x.to])).toEqual([
      ['530128', '2010-01-01', '2020-01-01'],
      ['530103', '2020-01-01', null],
    ]);
    expect(await held(b, 'hukouType')).toBe('empty');
    expect([await held(a, 'income'), await held(b, 'income')]).toEqual([{ '2024': '1000.5' }, { '2024': null, '2025': '3000' }]);
    expect(await held(a, 'children')).toEqual([
      { no: '1', birth: '2019-05-01' },
      { no: '2', birth: '2021-05-01' },
    ]);
    expect(await held(b, 'children')).toEqual([]);
    expect((await worth(a, 'help'))?.cells?.map((x) => [x.v, x.from, x.to])).toEqual([
      [null, null, '2025-01-01'],
      [['低保', '孤儿'], '2025-01-01', '2025-07-01'],
      [['低保'], '2025-07-01', null],
    ]);
  });
});

describe('bad rows', () => {
  test('each bad cell is named, good rows land, and the corrected rows come back', async () => {
    const ugly = people(
      `${a},张三,${town},男,`,
      `110105194912310021,赵六,${town},男,`,
      `1.10105E+17,钱七,${town},男,`,
      `${b},李四,${town},未知,2026-02-30`,
      `${c},王五,530103,女`,
      `${d},"孙\n八",${town},女,`,
      ',,,,',
      `${d},孙八,999999,女,`,
    );
    const report = await deliver('people', ugly);
    expect(told(report)).toEqual([
      [3, '身份证号', 'import.citizen-id', '**************0021'],
      [4, '身份证号', 'import.scientific', '1.10105E+17'],
      [5, '性别', 'import.category', '未知'],
      [5, '死亡日期', 'import.date', '（保密）'],
      [6, '', 'import.columns', ''],
      [7, '姓名', 'import.control', ''],
      [7, '身份证号', 'import.duplicate', `**************${d.slice(-4)}`],
      [10, '区划', 'import.code', '999999'],
      [10, '身份证号', 'import.duplicate', `**************${d.slice(-4)}`],
    ]);
    expect(report).toMatchObject({ state: 'landed', rows: { read: 7, good: 1, bad: 6 }, introduced: 1 });
    expect(report.problems[2]?.message).toBe('第 5 行“性别”：不在目录允许的取值之内。');
    expect(JSON.stringify(report)).not.toContain(d);
    const file = (await collect(refusedAsCsv(database.db, report.deliveryId))).join('');
    expect(file.split('\n')[0]).toBe('\ufeff问题,身份证号,姓名,区划,性别,死亡日期');
    const corrected = file
      .replace('未知,2026-02-30', '女,2026-01-30')
      .replace('530103,女\n', '530103,女,\n')
      .replace(/^.*999999.*\n/m, '')
      .replace('孙\n八', '孙八');
    const again = await deliver('people', corrected, { corrects: report.deliveryId });
    expect(again).toMatchObject({ state: 'landed', rows: { read: 5, good: 3, bad: 2 }, introduced: 3, dropped: 0 });
    expect((await collect(store.streamRecords(database.db, 'citizen'))).map((r) => [r.ordinal, r.name])).toEqual([
      [0, '张三'],
      [1, '李四'],
      [2, '王五'],
      [3, '孙八'],
    ]);
    expect(await held(b, 'deathDate')).toBe('2026-01-30');
  });

  test('both rows of a duplicate stay out, and what stood before stays as old as it was', async () => {
    await deliver('people', three);
    await deliver('pensions', `身份证号,领取养老金\n${a},是\n`, { asOf: '2026-01-10' });
    const report = await deliver('pensions', `身份证号,领取养老金\n${a},是\n${b},是\n${a},否\n${d},是\n`, { asOf: '2026-02-10' });
    expect(report.problems.map((p) => p.message)).toEqual([
      '第 2 行“身份证号”：与第 4 行重复，两行都没有导入。',
      '第 4 行“身份证号”：与第 2 行重复，两行都没有导入。',
      '第 5 行“身份证号”：登记库里没有这个对象。',
    ]);
    expect(await held(a, 'pension', '2026-02-10')).toBe(true);
    expect(await held(a, 'pension', '2026-02-20')).toBe('stale');
    expect(await held(b, 'pension')).toBe(true);
    expect(await held(c, 'pension')).toBeNull();
  });

  test('a subject whose row was refused is unknown, not "none"', async () => {
    await deliver('people', three);
    await deliver('health-deaths', `身份证号,死亡日期\n${a},2026-13-01\n${b},2026-01-31\n`, { kind: 'list' });
    expect([await held(a, 'deathDate'), await held(b, 'deathDate')]).toEqual(['empty', '2026-01-31']);
  });

  test('a list lands whole or not at all, wherever its rows stand in the file', async () => {
    await deliver('people', three);
    const report = await deliver('births', `身份证号,编号,出生日期\n${a},1,2019-05-01\n${b},1,2018-05-01\n${a},2,2021-02-29\n`, {
      kind: 'list',
    });
    expect(told(report)).toEqual([
      [2, '', 'import.companion', ''],
      [4, '出生日期', 'import.date', '（保密）'],
    ]);
    expect([await held(a, 'children'), await held(b, 'children')]).toEqual(['empty', [{ no: '1', birth: '2018-05-01' }]]);
    const file = (await collect(refusedAsCsv(database.db, report.deliveryId))).join('');
    await deliver('births', file.replace('2021-02-29', '2021-02-28'), { corrects: report.deliveryId });
    expect(await held(a, 'children')).toHaveLength(2);
  });

  test('sums leave out what was refused after all', async () => {
    await deliver('people', three);
    const report = await deliver('cards', `身份证号,账号,余额\n${a},111111,1.5\n${b},222222,2\n${a},333333,3\n${d},444444,4\n`);
    expect(report).toMatchObject({ rows: { read: 4, good: 1, bad: 3 }, sums: { 余额: '2' } });
  });
});

describe('files that say nothing', () => {
  test.each([
    ['', 'import.empty'],
    ['身份证号,姓名\n', 'import.header'],
    [people().trimEnd(), 'import.no-rows'],
    [`身份证号,姓名,区划,性别,死亡日期\n${a},"张三,${town},男,\n`, 'import.quotes'],
    [`身份证号,姓名,区划,性别,死亡日期\n${a},${'张'.repeat(2_000_000)}`, 'import.too-long'],
    [new Uint8Array([0xff, 0xfe, 0x2e, 0x8b, 0x2c, 0x00, 0x31, 0x00]), 'import.encoding'],
    [new Uint8Array([0x50, 0x4b, 3, 4, 0, 0, 0, 0, 0, 0]), 'import.damaged'],
  ])('%#', async (file, code) => {
    const report = await deliver('people', file);
    expect(report).toMatchObject({ state: 'refused', rows: { read: 0 }, problemCount: 1 });
    expect(report.problems[0]?.code).toBe(code);
    expect(await store.countRecords(database.db, 'citizen')).toBe(0);
    expect((await deliver('people', file)).deliveryId).toBe(report.deliveryId);
  });

  test('not one good row: nothing is concluded; corrected later, the same bytes may come again', async () => {
    await deliver('people', three);
    await deliver('pensions', `身份证号,领取养老金\n${a},是\n`);
    const strangers = `身份证号,领取养老金\n${d},是\n`;
    const report = await deliver('pensions', strangers, { asOf: '2026-02-10' });
    expect(report).toMatchObject({ state: 'refused', rows: { read: 1, good: 0, bad: 1 } });
    expect(await held(a, 'pension')).toBe(true);
    await deliver('people', people(`${d},孙八,${town},女,`), { kind: 'changes' });
    expect(await deliver('pensions', strangers, { asOf: '2026-02-10' })).toMatchObject({
      deliveryId: report.deliveryId,
      state: 'landed',
      already: false,
    });
    expect([await held(d, 'pension'), await held(a, 'pension')]).toEqual([true, null]);
  });

  test('requests that make no sense are told at once', async () => {
    await expect(deliver('nothing', three)).rejects.toThrow('import.dataset');
    await expect(deliver('people', three, { corrects: '00000000-0000-0000-0000-000000000000' })).rejects.toThrow('import.corrects');
  });
});

describe('later deliveries', () => {
  test('a full delivery ends whom it no longer lists, within its scope only', async () => {
    await deliver('people', three);
    const all = `身份证号,领取养老金\n${a},是\n${b},是\n${c},是\n`;
    await deliver('pensions', all, { asOf: '2026-02-01' });
    const before = await store.newestRevision(database.db);
    const report = await deliver('pensions', `身份证号,领取养老金\n${a},是\n${c},否\n`, { division: '530128', asOf: '2026-02-10' });
    expect(told(report)).toEqual([[3, '身份证号', 'import.out-of-scope', `**************${c.slice(-4)}`]]);
    expect(report).toMatchObject({ dropped: 1, changed: 1 });
    expect([await held(a, 'pension'), await held(b, 'pension'), await held(c, 'pension')]).toEqual([true, null, true]);
    expect((await worth(a, 'pension'))?.cells?.[0]?.asOf).toBe('2026-02-10');
    expect((await worth(c, 'pension'))?.cells?.[0]?.asOf).toBe('2026-02-01');
    expect(await store.changedSince(database.db, 'citizen', before)).toEqual([1]);
  });

  test('nobody is dropped when the file has rows of nobody', async () => {
    await deliver('people', three);
    await deliver('pensions', `身份证号,领取养老金\n${a},是\n${b},是\n`);
    const report = await deliver('pensions', `身份证号,领取养老金\n${a},是\n1.10105E+17,是\n`, { asOf: '2026-02-10' });
    expect(report).toMatchObject({ dropped: 0, kept: 1 });
    expect(await held(b, 'pension')).toBe(true);
  });

  test('changes touch only whom they list, and can withdraw', async () => {
    await deliver('people', three);
    await deliver('pensions', `身份证号,领取养老金\n${a},是\n${b},是\n`);
    const report = await deliver('pensions', `身份证号,领取养老金,操作\n${a},否,\n${b},,撤回\n${c},,撤回\n`, {
      kind: 'changes',
      asOf: '2026-02-10',
    });
    expect(report).toMatchObject({ rows: { good: 3 }, changed: 2 });
    expect([await held(a, 'pension'), await held(b, 'pension'), await held(c, 'pension')]).toEqual([false, null, null]);
  });

  test('an older day never overwrites a newer one', async () => {
    await deliver('people', three);
    await deliver('pensions', `身份证号,领取养老金\n${a},是\n`, { asOf: '2026-02-10' });
    const full = await deliver('pensions', `身份证号,领取养老金\n${a},否\n`, { asOf: '2026-02-01' });
    expect([full.state, full.problems[0]?.code]).toEqual(['refused', 'import.late']);
    const changes = await deliver('pensions', `身份证号,领取养老金\n${a},否\n${b},否\n`, { kind: 'changes', asOf: '2026-02-01' });
    expect(told(changes).map((t) => t[2])).toEqual(['import.late', 'import.late']);
    expect(await held(a, 'pension')).toBe(true);
    await deliver('wages', `身份证号,年度,工资\n${a},2025,3000\n`, { kind: 'changes', asOf: '2026-02-10' });
    await deliver('wages', `身份证号,年度,工资\n${a},2024,2000\n${a},2025,1\n`, { kind: 'changes', asOf: '2026-01-10' });
    expect(await held(a, 'income')).toEqual({ '2024': '2000', '2025': '3000' });
  });

  test('case 14: who moves out on the 15th lived there until the 15th', async () => {
    await deliver('people', three);
    const head = '身份证号,户籍,户口性质,生效日期,失效日期\n';
    await deliver('hukou', `${head}${a},530128,农村,2010-01-01,\n`);
    await deliver('hukou', `${head}${a},530103,农村,2026-02-15,\n`, { kind: 'changes', asOf: '2026-02-20' });
    expect((await worth(a, 'region'))?.cells?.map((x) => [x.v, x.from, x.to])).toEqual([
      ['530128', '2010-01-01', '2026-02-15'],
      ['530103', '2026-02-15', null],
    ]);
  });

  test('names and divisions follow the base register', async () => {
    await deliver('people', three);
    await deliver('people', people(`${a},张三丰,530103,男,`, `${b},,,女,2026-01-31`), { kind: 'changes', asOf: '2026-02-10' });
    expect([(await recordOf(a)).name, (await recordOf(a)).division]).toEqual(['张三丰', '530103']);
    expect([(await recordOf(b)).name, (await recordOf(b)).division]).toEqual(['李四', town]);
    await deliver('firms', `信用代码,名称,规模\n${firm(1)},甲公司,小型\n`);
    expect((await store.recordByKey(database.db, 'enterprise', firm(1)))?.ordinal).toBe(0);
  });

  test('whoever moves takes along how fresh the facts are', async () => {
    await deliver('people', three, { asOf: '2026-01-01' });
    const rows = `身份证号,领取养老金\n${a},是\n${b},是\n`;
    await deliver('pensions', rows, { asOf: '2026-01-01', division: '530128' });
    await deliver('pensions', rows, { asOf: '2026-02-10', division: '530128' });
    await deliver('people', people(`${a},张三,530103,男,`), { kind: 'changes', asOf: '2026-02-15' });
    expect([(await worth(a, 'pension'))?.cells?.[0]?.asOf, (await worth(b, 'pension'))?.cells?.[0]?.asOf]).toEqual([
      '2026-02-10',
      '2026-02-10',
    ]);
  });

  test('the quality summary counts what every dataset says of whom', async () => {
    await deliver('people', three);
    await deliver('health-deaths', `身份证号,死亡日期\n${a},2026-13-01\n${b},2026-01-31\n`, { kind: 'list' });
    expect(await store.datasetQuality(database.db)).toEqual([
      {
        dataset: 'health-deaths',
        register: 'citizen',
        asOf: '2026-02-01',
        deliveries: 1,
        rowsGood: 1,
        rowsBad: 1,
        subjects: 1,
        refused: 1,
        registered: 3,
      },
      {
        dataset: 'people',
        register: 'citizen',
        asOf: '2026-02-01',
        deliveries: 1,
        rowsGood: 3,
        rowsBad: 0,
        subjects: 3,
        refused: 0,
        registered: 3,
      },
    ]);
  });
});
