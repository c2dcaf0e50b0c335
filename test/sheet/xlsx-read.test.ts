// Workbooks read back: our own, another program's, and parts made by hand for what spreadsheets do to numbers, days and formulas.

import fc from 'fast-check';
import { writeXlsx as peerWrite } from 'hucre/xlsx';
import { describe, expect, test } from 'vitest';
import { day } from '../../src/base/day.ts';
import { openBook } from '../../src/sheet/book.ts';
import { bytesContent } from '../../src/sheet/content.ts';
import type { RowsOptions } from '../../src/sheet/sheet-rows.ts';
import { type SheetCell, writeXlsx } from '../../src/sheet/xlsx-write.ts';
import { collected, type Parts, workbookOf } from './made.ts';

const rowsOf = async (bytes: Uint8Array, options: RowsOptions = {}, at = 0) => {
  const tables = await openBook(bytesContent(bytes));
  const rows: (readonly string[])[] = [];
  for await (const batch of tables[at]?.rows(options) ?? []) for (const row of batch) rows.push([String(row.line), ...row.cells]);
  return rows;
};
/** One row of cells; `A` … by position. */
const row = (...cells: string[]) => `<row r="1">${cells.map((c, i) => c.replace('<c', `<c r="${'ABCDEFGH'[i]}1"`)).join('')}</row>`;
const cellsOf = async (cells: string[], more: Parts = {}, options: RowsOptions = {}) =>
  ((await rowsOf(await workbookOf({ sheets: { 表: row(...cells) }, ...more }), options))[0] ?? []).slice(1);

describe('reading XLSX', () => {
  test('what our own writer wrote comes back: text, numbers, days', async () => {
    const cell: fc.Arbitrary<SheetCell> = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 8 }).map((t) => t.replace(/(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu, '')),
      fc.tuple(fc.integer({ min: -9999999, max: 9999999 }), fc.integer({ min: 1, max: 99 })).map(([a, b]) => ({ number: `${a}.${b}` })),
      fc
        .integer({ min: 61, max: 80_000 })
        .map((n) => ({ day: day(new Date(Date.UTC(1899, 11, 30) + n * 86_400_000).toISOString().slice(0, 10)) })),
      fc.constant(null),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 6 }), async (rows) => {
        const found = await rowsOf(await collected(writeXlsx([{ name: '一', header: ['甲', '乙'], rows }])));
        const text = (c: SheetCell) =>
          c === null
            ? ''
            : typeof c === 'string'
              ? c
              : 'day' in c
                ? c.day
                : c.number
                    .replace(/^-(0(?:\.0+)?)$/, '$1')
                    .replace(/(\..*?)0+$/, '$1')
                    .replace(/\.$/, '');
        const expected = rows.map((r, i) => [String(i + 2), ...r.map(text)]).filter((r) => r.slice(1).some((t) => t.trim() !== ''));
        for (const r of expected) while (r.at(-1) === '') r.pop();
        expect(found.slice(1)).toEqual(expected);
      }),
      { numRuns: 60 },
    );
  });

  test('agrees with another program on what that program wrote', async () => {
    const bytes = await peerWrite({
      sheets: [
        {
          name: '名单',
          rows: [
            ['身份证号', '金额', '日期'],
            ['530128194001010011', 1234.5, new Date('2026-01-31T00:00:00Z')],
            ['530128194001010012', 0.1, null],
          ],
        },
      ],
    });
    expect(await rowsOf(bytes)).toEqual([
      ['1', '身份证号', '金额', '日期'],
      ['2', '530128194001010011', '1234.5', '2026-01-31'],
      ['3', '530128194001010012', '0.1'],
    ]);
  });

  test('numbers are the fifteen digits a spreadsheet keeps, exactly; longer whole numbers are shown to be broken', async () => {
    const numbers = [
      '1.1000000000000001',
      '0.30000000000000004',
      '1E2',
      '-2.5e-3',
      '123456789012345',
      '110105199001011234',
      '1.10105E+17',
      '0.1',
      '9999999999999995',
      '-0',
      '1.0',
    ];
    expect(await cellsOf(numbers.slice(0, 8).map((n) => `<c><v>${n}</v></c>`))).toEqual([
      '1.1',
      '0.3',
      '100',
      '-0.0025',
      '123456789012345',
      '1.10105199001011E+17',
      '1.10105E+17',
      '0.1',
    ]);
    expect(await cellsOf(numbers.slice(8).map((n) => `<c><v>${n}</v></c>`))).toEqual(['1E+16', '-0', '1']);
  });

  test('days by the number format, in both date systems; a lost format by the column', async () => {
    const formats = [0, 14, 'yyyy"年"m"月"d"日"', 'yyyy"年"m"月"', 17, 22, '#,##0.00_);[Red](#,##0.00)', 'h:mm'];
    const cells = [
      '<c s="0"><v>46053</v></c>',
      '<c s="1"><v>46053</v></c>',
      '<c s="2"><v>46053</v></c>',
      '<c s="3"><v>46023</v></c>',
      '<c s="4"><v>46023</v></c>',
      '<c s="5"><v>46053.5</v></c>',
      '<c s="6"><v>46053</v></c>',
      '<c s="7"><v>0.5</v></c>',
    ];
    expect(await cellsOf(cells, { formats })).toEqual([
      '46053',
      '2026-01-31',
      '2026-01-31',
      '2026-01',
      '2026-01',
      '2026-01-31 12:00:00',
      '46053',
      '0.5',
    ]);
    expect((await cellsOf(cells, { formats, date1904: true }))[1]).toBe('2030-02-01');
    expect((await cellsOf(cells, { formats }, { days: new Set([0]) }))[0]).toBe('2026-01-31');
    // 2026 in a column of days is a year, not the 2026th day; 20260131 is a way to write a day.
    expect(await cellsOf(['<c><v>2026</v></c>', '<c><v>20260131</v></c>'], {}, { days: new Set([0, 1]) })).toEqual(['2026', '20260131']);
    expect(await cellsOf(['<c s="1"><v>60</v></c>', '<c s="1"><v>59</v></c>', '<c s="1"><v>61</v></c>'], { formats })).toEqual([
      '60',
      '1900-02-28',
      '1900-03-01',
    ]);
  });

  test('texts of every kind, formulas by the value the file holds', async () => {
    const shared =
      '<si><t>张三</t></si><si><r><t>李</t></r><rPh><t>lǐ</t></rPh><r><t xml:space="preserve"> 四</t></r></si><si><t>_x0041_&amp;_x000D_</t></si>';
    const cells = [
      '<c t="s"><v>0</v></c>',
      '<c t="s"><v>1</v></c>',
      '<c t="s"><v>2</v></c>',
      '<c t="inlineStr"><is><r><t>内</t></r><r><t>联</t></r></is></c>',
      '<c t="str"><f>A1</f><v>甲</v></c>',
      '<c><f>1+1</f><v>2</v></c>',
      '<c><f>1+1</f></c>',
      '<c t="e"><f>1/0</f><v>#DIV/0!</v></c>',
    ];
    expect(await cellsOf(cells, { shared })).toEqual(['张三', '李 四', 'A&\r', '内联', '甲', '2', '#UNCALCULATED!', '#DIV/0!']);
    expect(await cellsOf(['<c t="s"><v>0</v></c>', '<c t="s"><v>1</v></c>'], { shared: '<si><t/></si><si><t>二</t></si>' })).toEqual([
      '',
      '二',
    ]);
    expect(await cellsOf(['<c t="b"><v>1</v></c>', '<c t="b"><v>0</v></c>', '<c t="d"><v>2026-01-31T00:00:00</v></c>'])).toEqual([
      'TRUE',
      'FALSE',
      '2026-01-31',
    ]);
  });

  test('prefixed names, missing places, gaps and blank rows', async () => {
    const sheet =
      '<x:worksheet xmlns:x="m"><x:sheetData><x:row><x:c><x:v>1</x:v></x:c><x:c t="inlineStr"><x:is><x:t>b</x:t></x:is></x:c></x:row><x:row r="5"><x:c r="C5"><x:v>3</x:v></x:c></x:row><x:row r="9"><x:c r="A9" s="1"/></x:row></x:sheetData></x:worksheet>';
    expect(await rowsOf(await workbookOf({ parts: { 'xl/worksheets/sheet1.xml': sheet } }))).toEqual([
      ['1', '1', 'b'],
      ['5', '', '', '3'],
    ]);
  });

  test('sheets by name, hidden ones marked, places as spreadsheets write them', async () => {
    const tables = await openBook(
      bytesContent(await workbookOf({ sheets: { 一: row('<c><v>1</v></c>'), '2 月': '', Sheet3: '' }, hidden: ['Sheet3'] })),
    );
    expect(tables.map((t) => [t.format, t.hidden, t.place(7, 2)])).toEqual([
      [{ kind: 'xlsx', sheet: '一' }, false, '一!C7'],
      [{ kind: 'xlsx', sheet: '2 月' }, false, "'2 月'!C7"],
      [{ kind: 'xlsx', sheet: 'Sheet3' }, true, 'Sheet3!C7'],
    ]);
  });
});
