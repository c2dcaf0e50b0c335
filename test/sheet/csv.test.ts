// The CSV reader against csv-parse as a peer, on any cut of the bytes, and on files whose rows cannot be told apart.
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProblemError } from '../../src/base/problem.ts';
import { readCsv } from '../../src/sheet/csv.ts';
import { maxRowLength, type Row } from '../../src/sheet/row.ts';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const read = async (text: string | Uint8Array, size = 7): Promise<readonly Row[]> => {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text;
  const rows: Row[] = [];
  for await (const batch of readCsv(inPieces(bytes, size))) rows.push(...batch);
  return rows;
};

const refusal = async (text: string): Promise<string> => {
  try {
    await read(text, 4096);
    return '';
  } catch (error) {
    return error instanceof ProblemError ? (error.problems[0]?.code ?? '') : String(error);
  }
};

describe('reading CSV', () => {
  test('lines, quotes, blank lines, BOM, CRLF, no last newline', async () => {
    expect(await read('\ufeffa,b\r\n"x, ""y""\nz",2\r\n\r\n,\n3,"4"')).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['x, "y"\nz', '2'] },
      { line: 5, cells: ['', ''] },
      { line: 6, cells: ['3', '4'] },
    ]);
    expect(await read('a,5" pipe\n')).toEqual([{ line: 1, cells: ['a', '5" pipe'] }]);
    expect(await read('')).toEqual([]);
    expect(await read('"a"\r\n""\r\n')).toEqual([
      { line: 1, cells: ['a'] },
      { line: 2, cells: [''] },
    ]);
  });

  test('a byte that is no UTF-8 stays visible', async () => {
    expect(await read(new Uint8Array([0x61, 0xd5, 0xc5, 0x0a]))).toEqual([{ line: 1, cells: ['a\ufffd\ufffd'] }]);
  });

  test('agrees with csv-parse on whatever csv-stringify writes, cut anywhere', async () => {
    const cell = fc.oneof(fc.constantFrom('', '"', ',', '\n', '\r\n', '张三', 'a"b', ' '), fc.string({ maxLength: 8 }));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 }),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        async (rows, windows, size) => {
          const text = stringify(rows, { record_delimiter: windows ? 'windows' : 'unix', quoted: true });
          const ours = (await read(text, size)).map((r) => r.cells);
          expect(ours).toEqual(parse(text, { relax_column_count: true, record_delimiter: windows ? '\r\n' : '\n' }));
        },
      ),
      { numRuns: 300 },
    );
  });

  test('refuses files whose rows cannot be told apart', async () => {
    expect(await refusal('a,b\n"x,1\n2,3\n')).toBe('import.quotes');
    expect(await refusal('a,b\n"x"y,1\n')).toBe('import.quotes');
    expect(await refusal('x'.repeat(maxRowLength + 5000))).toBe('import.too-long');
    expect(await refusal(`a\n"${'x\n'.repeat(maxRowLength)}`)).toBe('import.too-long');
  });

  test('never throws anything but a problem, whatever the bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), fc.integer({ min: 1, max: 50 }), async (bytes, size) => {
        try {
          await read(bytes, size);
        } catch (error) {
          expect(error).toBeInstanceOf(ProblemError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
