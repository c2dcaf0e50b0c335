// Columns that a person settles once: what is certain is applied, what is not waits, what is settled is a version with its author; workbooks all the way
// into the records.
import { beforeEach, describe, expect, test } from 'vitest';
import { day } from '../../src/base/day.ts';
import { ProblemError } from '../../src/base/problem.ts';
import { binderOf, isCertain } from '../../src/record/binding.ts';
import { bytesContent, importDelivery } from '../../src/record/import.ts';
import { labelOf } from '../../src/record/label.ts';
import { proposeMapping, saveMapping } from '../../src/record/mapping.ts';
import { newestMapping } from '../../src/record/mapping-store.ts';
import { refusedAsCsv } from '../../src/record/report.ts';
import { countRecords } from '../../src/record/store.ts';
import { writeXlsx } from '../../src/sheet/xlsx-write.ts';
import { testDatabase } from '../database.ts';
import { collected } from '../sheet/made.ts';
import { county, person } from './county.ts';

const database = testDatabase();
const at = new Date('2026-02-20T01:00:00Z');
const [a, b, c] = [person(1), person(2), person(3)];
const datasetOf = (id: string) => {
  const found = county.datasets.find((d) => d.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};

const deliver = (dataset: string, file: string | Uint8Array, more: { asOf?: string; corrects?: string; sheet?: string } = {}) =>
  importDelivery(
    database.db,
    county,
    {
      dataset,
      kind: 'full',
      division: null,
      fileName: dataset,
      content: bytesContent(typeof file === 'string' ? Buffer.from(file) : file),
      receivedBy: 'steward',
      role: 'steward',
      ...more,
      asOf: day(more.asOf ?? '2026-02-01'),
    },
    { now: at },
  );
const settle = async (dataset: string, file: string, given: { label: string; to: string }[] = []) => {
  const proposal = await proposeMapping(database.db, county, {
    content: bytesContent(Buffer.from(file)),
    dataset: datasetOf(dataset),
    sheet: null,
    given,
  });
  return saveMapping(database.db, datasetOf(dataset), proposal, { actor: 'steward', role: 'steward', at });
};
const codeOf = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work;
    return '';
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return error.problems[0]?.code ?? '';
  }
};

beforeEach(async () => {
  for (const table of ['delivery_problem', 'delivery', 'coverage', 'record_part', 'record'])
    await database.sql`delete from ${database.sql(table)}`;
});

const people = `身份证号,姓名,区划,性别,死亡日期\n${a},张三,530128102,男,\n${b},李四,530128102,女,\n`;

describe('labels', () => {
  test.each([
    ['* 姓 名：', '姓名', null],
    ['身份证号（必填）', '身份证号', null],
    ['营业收入（万元）', '营业收入', { family: '元', power: 4 }],
    ['营业收入/万元', '营业收入', { family: '元', power: 4 }],
    ['电费(单位:元)', '电费', { family: '元', power: 0 }],
    ['收入（税前）', '收入(税前)', null],
    ['ＡＢＣ', 'abc', null],
    ['', '', null],
  ])('%s', (text, key, unit) => {
    expect(labelOf(text)).toEqual({ key, unit });
  });

  test('a label beside the very label is no doubt; two that resemble it are', () => {
    const binder = binderOf(datasetOf('pensions'), county, null);
    expect(binder.bind(['身份证号', '身份证 号', '领取养老金']).columns.get('身份证号')).toMatchObject({ index: 0, how: 'exact' });
    expect(binder.bind(['身份证 号', '身 份证号', '领取养老金']).doubled).toEqual(['身份证号']);
    expect(isCertain(binder.bind(['身份证号（必填）', '领取养老金']))).toBe(true);
    expect(isCertain(binder.bind(['公民身份号码', '领取养老金']))).toBe(false);
    expect(binder.bind(['身份证号', '领取养老金（亩）']).missing).toEqual([]);
  });
});

describe('a mapping', () => {
  test('is asked for, saved with its author, used from then on, and never for another unit', async () => {
    await deliver('people', people);
    const inWan = `公民身份号码,年度,工资（万元）\n${a},2025,3.6\n${b},2025,4.10505\n`;
    expect(await deliver('wages', inWan)).toMatchObject({ state: 'refused', problems: [{ code: 'import.mapping', line: 1 }] });
    expect(await settle('wages', inWan)).toBe(1);
    expect(await settle('wages', inWan)).toBe(1);
    expect(await newestMapping(database.db, 'wages')).toMatchObject({
      version: 1,
      madeBy: 'steward',
      labels: { 公民身份号码: { to: '身份证号', scale: 0 }, '工资|元|4': { to: '工资', scale: 4 } },
    });
    const report = await deliver('wages', inWan);
    expect(report).toMatchObject({ state: 'landed', sums: { 工资: '77050.5' }, source: { mapping: 1 } });
    expect(await deliver('wages', inWan.replace('万元', '千元'), { asOf: '2026-02-02' })).toMatchObject({ state: 'refused' });
    expect(await deliver('wages', inWan.replace('（万元）', ''), { asOf: '2026-02-03' })).toMatchObject({ sums: { 工资: '7.70505' } });
    const audited = await database.sql`select action, object_id from audit_entry where action = 'mapping.save'`;
    expect(audited).toMatchObject([{ action: 'mapping.save', object_id: 'wages' }]);
  });

  test('a corrected row of a file in another unit is still in that unit', async () => {
    await deliver('people', people);
    await settle('wages', `公民身份号码,年度,工资（万元）\n${a},2025,3.6\n`);
    const first = await deliver('wages', `公民身份号码,年度,工资（万元）\n${a},2025,3.6\n${b},2025,四万\n`);
    expect(first).toMatchObject({ rows: { good: 1, bad: 1 } });
    let csv = '';
    for await (const piece of refusedAsCsv(database.db, first.deliveryId)) csv += piece;
    const again = await deliver('wages', csv.replace('四万', '4'), { corrects: first.deliveryId });
    expect(again).toMatchObject({ state: 'landed', sums: { 工资: '40000' } });
  });

  test('by hand for a label nobody could know; refused for a column that is none', async () => {
    const odd = `证件,享受\n${a},是\n`;
    expect(await deliver('pensions', odd)).toMatchObject({ state: 'refused', problems: [{ code: 'import.header' }] });
    expect(await codeOf(settle('pensions', odd))).toBe('import.mapping');
    expect(await codeOf(settle('pensions', odd, [{ label: '证件', to: '没有' }]))).toBe('import.mapping');
    const given = [
      { label: '证件', to: '身份证号' },
      { label: '享受', to: '领取养老金' },
    ];
    expect(await settle('pensions', odd, given)).toBe(1);
    await deliver('people', people);
    expect(await deliver('pensions', odd)).toMatchObject({ state: 'landed', rows: { good: 1 } });
    expect(await deliver('pensions', `身份证号,领取养老金,享受\n${a},是,否\n`, { asOf: '2026-02-03' })).toMatchObject({
      state: 'landed',
      source: { mapping: null },
    });
  });
});

describe('a workbook', () => {
  const sheet = (rows: readonly (readonly string[])[]) => ({
    name: '名单',
    header: ['身份证号', '姓名', '区划', '性别', '死亡日期'],
    rows,
  });

  test('lands like text, with what was passed over, and names the cells it refuses', async () => {
    const bytes = await collected(
      writeXlsx([
        sheet([
          [a, '张三', '530128102', '男', ''],
          [b, '李四', '530128102', '女', '2026-01-31'],
          ['1.10105E+17', '王五', '530128102', '女', ''],
          ['合计', '3'],
        ]),
      ]),
    );
    const report = await deliver('people', bytes);
    expect(report).toMatchObject({
      state: 'landed',
      rows: { read: 3, good: 2, bad: 1 },
      source: { format: { kind: 'xlsx', sheet: '名单' }, headerLine: 1 },
      skipped: { count: 1, list: [{ line: 5, why: 'total', text: '合计' }] },
    });
    expect(report.problems[0]).toMatchObject({ code: 'import.scientific', line: 4 });
    expect(report.problems[0]?.message).toContain('名单!A4');
    expect(await countRecords(database.db, 'citizen')).toBe(2);
  });

  test('holds the totals it states against what was read, and warns where they differ', async () => {
    const people = [a, b].map((key) => `${key},张三,530128102,男,`).join('\n');
    await deliver('people', `身份证号,姓名,区划,性别,死亡日期\n${people}\n`);
    const [one, two] = [
      [a, '6222020000000001', '1000.50'],
      [b, '6222020000000002', '2000'],
    ];
    let on = 1;
    const told = async (...rows: readonly (readonly string[])[]) => {
      const file = await collected(writeXlsx([{ name: '账户', header: ['身份证号', '账号', '余额'], rows }]));
      const { state, rows: counts, problems } = await deliver('cards', file, { asOf: `2026-02-${String(++on).padStart(2, '0')}` });
      return [
        state,
        counts.good,
        ...problems.filter((p) => p.code !== 'import.card').map(({ warning, line, message }) => `${warning} ${line} ${message}`),
      ];
    };
    expect(await told(one, two, ['合计 2 条', '', '3,000.50'])).toEqual(['landed', 2]);
    expect(await told(['总计', '', '3000.5'], one, two)).toEqual(['landed', 2]);
    expect(await told(one, two, ['合计：3 条', '', '3000'])).toEqual([
      'landed',
      2,
      'true 4 第 4 行：表里的合计写的是 3 行，读到的是 2 行。',
      'true 4 第 4 行“余额”（账户!C4）：表里的合计写的是 3000，读到的是 3000.5。',
    ]);
    // Of a page or a village: it says nothing of the table.
    expect(await told(one, ['小计', '', '1'], two)).toEqual(['landed', 2]);
    expect(await told(one, ['合计', '', '1'], two, ['合计', '', '2'])).toEqual(['landed', 2]);
    expect(await told(one, ['合计', '', '1000.5'], two, ['总计', '', '3000'])).toMatchObject([
      'landed',
      2,
      expect.stringContaining('3000.5'),
    ]);
  });

  test('cut off in the middle: nothing of it lands, and the whole one may come after', async () => {
    const rows = Array.from({ length: 3000 }, (_, i) => [person(i), '张三', '530128102', '男', '']);
    const whole = await collected(writeXlsx([sheet(rows)]));
    expect(await deliver('people', whole.subarray(0, whole.length - 400))).toMatchObject({
      state: 'refused',
      problems: [{ code: 'import.damaged' }],
    });
    const flipped = Buffer.from(whole);
    // Somewhere in the packed rows: many rows have been staged before the wrong one is met.
    const middle = Math.floor(whole.length * 0.7);
    flipped[middle] = (flipped[middle] ?? 0) ^ 0xff;
    expect(await deliver('people', flipped)).toMatchObject({ state: 'refused', problems: [{ code: 'import.damaged' }] });
    expect(await countRecords(database.db, 'citizen')).toBe(0);
    expect(await deliver('people', whole)).toMatchObject({ state: 'landed' });
  });

  test('of two fitting sheets none is taken until one is named', async () => {
    const bytes = await collected(
      writeXlsx([sheet([[a, '张三', '530128102', '男', '']]), { ...sheet([[c, '王五', '530103', '女', '']]), name: '二' }]),
    );
    expect(await deliver('people', bytes)).toMatchObject({ state: 'refused', problems: [{ code: 'import.ambiguous' }] });
    expect(await deliver('people', bytes, { sheet: '三' })).toMatchObject({ state: 'refused', problems: [{ code: 'import.sheet' }] });
    expect(await deliver('people', bytes, { sheet: '二' })).toMatchObject({ state: 'landed', introduced: 1 });
  });
});
