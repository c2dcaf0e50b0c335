// Written spreadsheets as another program's reader sees them, and the bytes themselves: text stays text, numbers and days are what they were.
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { readXlsx } from 'hucre/xlsx';
import { describe, expect, test } from 'vitest';
import { day } from '../../src/base/day.ts';
import { maxSheetText, type Sheet, type SheetCell, writeXlsx, writeXlsxFile } from '../../src/sheet/xlsx-write.ts';

const written = async (sheets: readonly Sheet[]): Promise<Buffer> => {
  const pieces: Uint8Array[] = [];
  for await (const piece of writeXlsx(sheets)) pieces.push(piece);
  return Buffer.concat(pieces);
};
const sheet = (rows: Sheet['rows'], header: readonly string[] = ['甲', '乙']): Sheet => ({
  name: '名单',
  header,
  rows,
});
const cellsOf = async (bytes: Uint8Array) => {
  const book = await readXlsx(bytes);
  return book.sheets.map((s) => s.rows);
};

describe('writing XLSX', () => {
  test('text, numbers, days and empty cells, in several sheets', async () => {
    async function* later(): AsyncGenerator<readonly SheetCell[]> {
      yield ['后来', null, '3'];
    }
    const bytes = await written([
      sheet([
        ['530128194001010011', { number: '1234.50' }],
        ['=1+1', { day: day('2026-01-31') }],
        [null, { number: '1234567890123456' }],
      ]),
      { name: '第二张', header: ['a', 'b', 'c'], rows: later() },
    ]);
    expect(await cellsOf(bytes)).toEqual([
      [
        ['甲', '乙'],
        ['530128194001010011', 1234.5],
        ['=1+1', new Date('2026-01-31T00:00:00Z')],
        [null, '1234567890123456'],
      ],
      [
        ['a', 'b', 'c'],
        ['后来', null, '3'],
      ],
    ]);
  });

  test('any text comes back as it was, but for what no spreadsheet can hold', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.constantFrom('=cmd|/c calc', '+86', '-5', '@x', '_x0041_', 'a&<>"\'b', '两行\n文字', ' 前后 '),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(text, text), { minLength: 1, maxLength: 5 }), async (rows) => {
        const [found] = await cellsOf(await written([sheet(rows)]));
        const clean = (t: string) => (t === '' ? null : t.replace(/(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu, '\ufffd'));
        // Readers leave out empty cells and rows at the end.
        const filled = (all: readonly (readonly unknown[])[]) =>
          all.flatMap((row, r) => row.flatMap((value, c) => (value === null ? [] : [[r, c, value]])));
        expect(filled((found ?? []).slice(1))).toEqual(filled(rows.map((r) => r.map(clean))));
      }),
      { numRuns: 60 },
    );
  });

  test('the same rows give the same bytes', async () => {
    const one = await written([sheet([['=1+1', 'x']])]);
    expect(one.equals(await written([sheet([['=1+1', 'x']])]))).toBe(true);
  });

  test('what cannot be written is an error, not a broken file', async () => {
    expect(() => writeXlsx([])).toThrow(RangeError);
    expect(() => writeXlsx([sheet([]), { ...sheet([]), name: '名单' }])).toThrow(RangeError);
    expect(() => writeXlsx([{ ...sheet([]), name: 'a/b' }])).toThrow(RangeError);
    await expect(written([sheet([[{ number: '1e5' }]])])).rejects.toThrow(RangeError);
    await expect(
      written([
        sheet(
          (function* () {
            yield ['a'];
            throw new Error('the query broke');
          })(),
        ),
      ]),
    ).rejects.toThrow('the query broke');
    const [rows] = await cellsOf(await written([sheet([['长'.repeat(maxSheetText + 5), 'x']])]));
    expect(String(rows?.[1]?.[0]).length).toBe(maxSheetText);
  });

  test('to a file that only its owner may read, never over another', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'xlsx-'));
    try {
      const path = join(folder, 'a.xlsx');
      await writeXlsxFile(path, [sheet([['a', 'b']])]);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      expect((await cellsOf(await readFile(path)))[0]?.[1]).toEqual(['a', 'b']);
      await expect(writeXlsxFile(path, [sheet([])])).rejects.toMatchObject({ code: 'EEXIST' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
