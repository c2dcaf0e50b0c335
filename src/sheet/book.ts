// One delivered file, whatever its format, as the tables it may hold: the sheets of a workbook, or a text file under each separator that stands in it.
import type { Content } from './content.ts';
import { headOf } from './content.ts';
import { readCsv, type Separator } from './csv.ts';
import { type Encoding, encodingOf } from './encoding.ts';
import { kindOf } from './kind.ts';
import { letterOf } from './place.ts';
import type { Row } from './row.ts';
import { type RowsOptions, sheetRows } from './sheet-rows.ts';
import { openWorkbook } from './xlsx-read.ts';

/** How the rows were found in the file; stands in the report of the delivery. */
export type Format =
  | { readonly kind: 'xlsx'; readonly sheet: string }
  | { readonly kind: 'csv'; readonly encoding: Encoding; readonly separator: Separator };

export interface Table {
  readonly format: Format;
  readonly hidden: boolean;
  /** From the beginning; may be asked more than once, one after the other. */
  rows(options?: RowsOptions): AsyncGenerator<readonly Row[]>;
  /** `Sheet1!C7`; null in a text file, where line and column header say it. `column` from 0. */
  place(line: number, column: number): string | null;
}

const separators: readonly Separator[] = [',', '\t', ';'];

/** Opens the file by its content. Throws a ProblemError (`import.…`) for what is no table, broken, or in no one encoding. */
export const openBook = async (content: Content): Promise<readonly Table[]> => {
  const head = await headOf(content, 1 << 16);
  if (kindOf(head) === 'text') {
    const encoding = await encodingOf(content);
    return separators
      .filter((separator) => separator === ',' || head.includes(separator.charCodeAt(0)))
      .map((separator) => ({
        format: { kind: 'csv', encoding, separator },
        hidden: false,
        rows: () => readCsv(content.open(), encoding, separator),
        place: () => null,
      }));
  }
  const book = await openWorkbook(content);
  return book.sheets.map((sheet) => ({
    format: { kind: 'xlsx', sheet: sheet.name },
    hidden: sheet.hidden,
    rows: (options) => sheetRows(book, sheet, options),
    place: (line, column) => `${/^[\p{L}\p{N}_]+$/u.test(sheet.name) ? sheet.name : `'${sheet.name}'`}!${letterOf(column)}${line}`,
  }));
};
