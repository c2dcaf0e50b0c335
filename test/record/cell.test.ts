// One cell at a time: what is taken, what is refused and how little of it is shown; the header; the meaning of later deliveries.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { day } from '../../src/base/day.ts';
import { type CellType, cellReader, readPeriod } from '../../src/record/cell.ts';
import { type Group, readRow } from '../../src/record/group.ts';
import { type Layout, layOut } from '../../src/record/layout.ts';
import { changeCells, replaceCells } from '../../src/record/merge.ts';
import { makeTotals } from '../../src/record/totals.ts';
import { county, firm, person } from './county.ts';

const read = (type: CellType, text: string): unknown => {
  const answer = cellReader(type)(text);
  return 'v' in answer ? answer.v : `${answer.fault.code} ${answer.fault.masked}`;
};

describe('cells', () => {
  test.each([
    [{ type: 'number' }, '60', '60'],
    [{ type: 'number' }, '060.10', '60.1'],
    [{ type: 'number' }, '-0.0', '0'],
    [{ type: 'number' }, '1,234,567.50', '1234567.5'],
    [{ type: 'number' }, '90071992547409931', '90071992547409931'],
    [{ type: 'number' }, '1.2万', 'import.number 1.2万'],
    [{ type: 'number' }, '1.1E+5', 'import.scientific 1.1E+5'],
    [{ type: 'boolean' }, '是', true],
    [{ type: 'boolean' }, '0', false],
    [{ type: 'boolean' }, '也许', 'import.boolean 也许'],
    [{ type: 'date' }, '2024-02-29', '2024-02-29'],
    [{ type: 'date' }, '2024/2/9', '2024-02-09'],
    [{ type: 'date' }, '2024年2月9日', '2024-02-09'],
    [{ type: 'date' }, '20240209', '2024-02-09'],
    [{ type: 'date' }, '2023-02-29', 'import.date 2023-02-29'],
    [{ type: 'date' }, '45000', 'import.date 45000'],
    [{ type: 'category', values: ['男', '女'] }, '未知', 'import.category 未知'],
    [{ type: 'set', values: ['低保', '特困'] }, '特困、低保、 特困', ['低保', '特困']],
    [{ type: 'set', values: ['低保', '特困'] }, '低保、富', 'import.category 低保、富'],
    [{ type: 'text', format: 'citizen-id' }, ' 11010519491231002x', '11010519491231002X'],
    [{ type: 'text', format: 'citizen-id' }, '110105194912310021', 'import.citizen-id **************0021'],
    [{ type: 'text', format: 'citizen-id' }, '1.10105E+17', 'import.scientific 1.10105E+17'],
    [{ type: 'text', format: 'uscc' }, '91350100M000100Y43', '91350100M000100Y43'],
    [{ type: 'text', format: 'account' }, '6.2170E+18', 'import.scientific 6.2170E+18'],
    [{ type: 'text', format: 'phone' }, '1380013800', 'import.phone ******3800'],
    [{ type: 'text' }, 'a\0b', 'import.control '],
    [{ type: 'text' }, 'a\ufffdb', 'import.encoding '],
    [{ type: 'series', every: 'month' }, '2025-01:3000、2025-02:3100.50', { '2025-01': '3000', '2025-02': '3100.5' }],
    [{ type: 'series', every: 'month' }, '2025:3000', 'import.series 2025:3000'],
  ] as const)('%j %s', (type, text, expected) => {
    expect(read(type as CellType, text.trim())).toEqual(expected);
  });

  test('huge cells are refused in no time and hardly shown', () => {
    expect(read({ type: 'text' }, `1${'2'.repeat(100_000)}`)).toBe(`import.huge ${'*'.repeat(40)}…`);
  });

  test('periods in the ways departments write them', () => {
    expect(
      ['2025', '2025年', '2025Q1', '2025年1季度', '2025年第1季度', '2025-01', '202501', '2025年1月'].map((t) => readPeriod(t, undefined)),
    ).toEqual(['2025', '2025', '2025Q1', '2025Q1', '2025Q1', '2025-01', '2025-01', '2025-01']);
    expect([
      readPeriod('2025', 'month'),
      readPeriod('2025Q5', undefined),
      readPeriod('2025-13', undefined),
      readPeriod('二〇二五', 'year'),
    ]).toEqual([null, null, null, null]);
  });

  test('no whole number of an identity ever gets into a fault', () => {
    const types: CellType[] = [
      { type: 'number' },
      { type: 'date' },
      { type: 'category', values: [] },
      { type: 'text', format: 'phone' },
      { type: 'boolean' },
    ];
    fc.assert(
      fc.property(fc.nat(800), fc.constantFrom(...types), fc.string({ maxLength: 5 }), (n, type, around) => {
        const answer = cellReader(type)(`${around}${person(n)}${around}`);
        return 'v' in answer || !JSON.stringify(answer.fault).includes(person(n));
      }),
    );
  });

  test('totals are exact', () => {
    const totals = makeTotals();
    for (let i = 0; i < 10; i++) totals.add('a', '0.1', 1n);
    totals.add('a', '-3', 1n);
    totals.add('a', '2.25', -1n);
    totals.add('b', '9007199254740993', 1n);
    expect(totals.sums()).toEqual({ a: '-4.25', b: '9007199254740993' });
  });
});

const laid = (dataset: string, header?: readonly string[]): Layout => {
  const found = county.datasets.find((d) => d.id === dataset);
  if (found === undefined) throw new Error(dataset);
  const layout = layOut(found, county, header ?? [...new Set(found.columns.map((c) => c.header))]);
  if (!('dataset' in layout)) throw new Error(layout.message);
  return layout;
};

describe('headers', () => {
  test('any order and extra columns will do; what is missing or doubled is named with what was found', () => {
    const firms = county.datasets.find((d) => d.id === 'firms');
    if (firms === undefined) throw new Error('firms');
    expect('dataset' in layOut(firms, county, ['规模', ' 名称 ', '备注', '信用代码'])).toBe(true);
    expect(layOut(firms, county, ['企业', '规模', '规模'])).toEqual({
      code: 'import.header',
      at: '1',
      message: '表头与数据集“firms”不符：缺少列“信用代码”、“名称”；列“规模”出现了不止一次。文件里的表头是：“企业”、“规模”、“规模”。',
      hint: '请核对是不是选错了数据集，或者按模板改正表头后重新导入。',
    });
    expect(layOut(firms, county, ['\ufffd\ufffd', '规模'])).toMatchObject({ code: 'import.encoding' });
  });

  test('a key is checked by its register even where the column does not say so', () => {
    const layout = laid('firms');
    expect(readRow(layout, { line: 2, cells: [firm(1), '甲公司', '小型'] })).toMatchObject({ key: firm(1), bad: false });
    expect(readRow(layout, { line: 2, cells: [person(1), '甲公司', '小型'] })).toMatchObject({ key: null, bad: true });
    expect(readRow(layout, { line: 2, cells: [`'${firm(1)}`, "'=甲", '小型'] })).toMatchObject({ key: firm(1), name: '=甲' });
  });
});

const group = (cells: Group['cells'], places: readonly string[] = [], withdrawn: readonly string[] | null = null) => ({
  cells,
  withdrawn,
  rows: places.map((p, i) => [i + 2, p] as const),
});
const spell = (v: string, from: string | null, to: string | null) => ({
  v,
  from: from === null ? null : day(from),
  to: to === null ? null : day(to),
});

describe('later deliveries', () => {
  test('a full history replaces from its first day on; what was told of earlier days stays', () => {
    const old = { region: [spell('A', '2010-01-01', null)] };
    expect(replaceCells(laid('hukou'), old, { region: [spell('B', '2026-03-15', null)] })).toEqual({
      region: [spell('A', '2010-01-01', '2026-03-15'), spell('B', '2026-03-15', null)],
    });
    expect(replaceCells(laid('hukou'), old, { region: [spell('B', null, null)] })).toEqual({ region: [spell('B', null, null)] });
    expect(replaceCells(laid('hukou'), old, { region: [spell('C', '2010-01-01', '2012-01-01')] })).toEqual({
      region: [spell('C', '2010-01-01', '2012-01-01')],
    });
  });

  test('a series keeps the years a delivery does not mention', () => {
    expect(replaceCells(laid('wages'), { income: [{ v: { '2024': '1', '2025': '2' } }] }, { income: [{ v: { '2025': '3' } }] })).toEqual({
      income: [{ v: { '2024': '1', '2025': '3' } }],
    });
  });

  test('changes close a spell by its start, cut what they overlap, and fill only gaps when late', () => {
    const old = { region: [spell('A', '2010-01-01', null)] };
    const closed = group({ region: [spell('A', '2010-01-01', '2026-03-15')] }, ['2010-01-01']);
    expect(changeCells(laid('hukou'), old, closed, false)).toEqual({ region: [spell('A', '2010-01-01', '2026-03-15')] });
    const moved = group({ region: [spell('B', '2026-03-15', null)] }, ['2026-03-15']);
    expect(changeCells(laid('hukou'), old, moved, false)).toEqual({
      region: [spell('A', '2010-01-01', '2026-03-15'), spell('B', '2026-03-15', null)],
    });
    const late = group({ region: [spell('C', '2005-01-01', '2012-01-01')] }, ['2005-01-01']);
    expect(changeCells(laid('hukou'), old, late, true)).toEqual({
      region: [spell('C', '2005-01-01', '2010-01-01'), spell('A', '2010-01-01', null)],
    });
  });

  test('withdrawals', () => {
    const births = { children: [{ v: [{ no: '1' }, { no: '2' }] }] };
    expect(changeCells(laid('births'), births, group({}, ['1'], ['1']), false)).toEqual({ children: [{ v: [{ no: '2' }] }] });
    expect(changeCells(laid('births'), births, group({}, ['1', '2'], ['1', '2']), false)).toEqual({ children: [{ v: [] }] });
    expect(changeCells(laid('pensions'), { pension: [{ v: true }] }, group({}, [''], ['*']), false)).toBeNull();
    expect(changeCells(laid('wages'), { income: [{ v: { '2024': '1' } }] }, group({}, ['2024'], ['2024']), false)).toBeNull();
    expect(
      changeCells(
        laid('wages'),
        { income: [{ v: { '2024': '1', '2025': '2' } }] },
        group({ income: [{ v: { '2025': '3' } }] }, ['2025']),
        true,
      ),
    ).toEqual({
      income: [{ v: { '2024': '1', '2025': '2' } }],
    });
    expect(
      changeCells(laid('births'), births, group({ children: [{ v: [{ no: '2', birth: '2020-01-01' }, { no: '3' }] }] }, ['2', '3']), false),
    ).toEqual({
      children: [{ v: [{ no: '1' }, { no: '2', birth: '2020-01-01' }, { no: '3' }] }],
    });
  });

  test('a late row fills an empty cell of a series', () => {
    const late = group({ income: [{ v: { '2024': '1', '2025': '9' } }] }, ['2024', '2025']);
    expect(changeCells(laid('wages'), { income: [{ v: { '2024': '', '2025': '2' } }] }, late, true)).toEqual({
      income: [{ v: { '2024': '1', '2025': '2' } }],
    });
  });

  test('sets that add up keep several rows with one start', () => {
    const old = { help: [{ v: ['低保'], from: day('2024-01-01'), to: null }] };
    const more = group({ help: [{ v: ['孤儿'], from: day('2024-01-01'), to: null }] }, ['2024-01-01']);
    expect(changeCells(laid('assistance'), old, more, false)?.help).toHaveLength(2);
    const closed = group({ help: [{ v: ['低保'], from: day('2024-01-01'), to: day('2026-01-01') }] }, ['2024-01-01']);
    expect(changeCells(laid('assistance'), old, closed, false)?.help).toEqual([{ v: ['低保'], from: '2024-01-01', to: '2026-01-01' }]);
  });
});
