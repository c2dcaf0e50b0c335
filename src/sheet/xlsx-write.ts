// XLSX out of rows, as a stream and with bounded memory, for reports and lists to work on. Text is always text: long numbers keep every digit, and
// nothing a department typed is ever run as a formula, neither here nor after somebody has edited the cell.
import { open } from 'node:fs/promises';
import type { Day } from '../base/day.ts';
import { letterOf } from './place.ts';
import { serialOfDay } from './serial.ts';
import { writeZip, type ZipPart } from './zip-write.ts';

/**
 * One cell. A string stays text whatever it looks like; `number` is exact decimal text (`1234.50`) that a spreadsheet may add up, written as text where
 * it has more than the 15 digits a spreadsheet keeps; `day` a date it may sort by; null an empty cell.
 */
export type SheetCell = string | { readonly number: string } | { readonly day: Day } | null;

export interface Sheet {
  /** 1 to 31 characters, none of `[]:*?/\`, unique in the file. */
  readonly name: string;
  readonly header: readonly string[];
  /** Column widths in characters; default by the header. */
  readonly widths?: readonly number[];
  readonly rows: AsyncIterable<readonly SheetCell[]> | Iterable<readonly SheetCell[]>;
}

/** Rows of one sheet including the header: the format's own limit. */
export const maxSheetRows = 1_048_576;

/** Characters of one cell: the format's own limit. */
export const maxSheetText = 32_767;

const pieceSize = 1 << 15;

/** The file's bytes, row by row as they come. Throws a RangeError for a bad sheet name, too many rows, or 4 GiB. */
export const writeXlsx = (sheets: readonly Sheet[]): AsyncGenerator<Uint8Array> => {
  checkNames(sheets.map((s) => s.name));
  const parts: ZipPart[] = [
    { name: '[Content_Types].xml', text: [contentTypes(sheets.length)] },
    { name: '_rels/.rels', text: [rootRels] },
    { name: 'xl/workbook.xml', text: [workbook(sheets)] },
    { name: 'xl/_rels/workbook.xml.rels', text: [workbookRels(sheets.length)] },
    { name: 'xl/styles.xml', text: [styles] },
    ...sheets.map((sheet, i) => ({ name: `xl/worksheets/sheet${i + 1}.xml`, text: sheetXml(sheet) })),
  ];
  return writeZip(parts);
};

/** Writes a new file for its owner's eyes only (lists hold personal data); throws EEXIST where one stands already. A broken file is not left behind whole: the caller removes it. */
export const writeXlsxFile = async (path: string, sheets: readonly Sheet[]): Promise<void> => {
  const pieces = writeXlsx(sheets);
  const handle = await open(path, 'wx', 0o600);
  try {
    for await (const piece of pieces) await handle.writeFile(piece);
  } finally {
    await handle.close();
  }
};

const checkNames = (names: readonly string[]): void => {
  if (names.length === 0) throw new RangeError('an XLSX file needs a sheet');
  const seen = new Set<string>();
  for (const name of names) {
    const wrong = name === '' || name.length > 31 || /[[\]:*?/\\\p{Cc}]/u.test(name) || /^'|'$/.test(name) || seen.has(name.toLowerCase());
    if (wrong) throw new RangeError(`no sheet may be called ${JSON.stringify(name)}`);
    seen.add(name.toLowerCase());
  }
};

/** XML 1.0 has no control characters, and half a character is none; `_x0041_` is how the format writes characters, so such a text is written so itself. */
const escaped = (text: string): string => {
  if (/^[\w\u4e00-\u9fff .:-]*$/.test(text) && !text.includes('_x')) return text;
  return text
    .toWellFormed()
    .replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_')
    .replace(/(?![\t\n\r])[\p{Cc}\ufffe\uffff]/gu, '\ufffd')
    .replace(/[&<>"\r\n\t]/g, (c) => entities[c] as string);
};

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '_x000D_',
  '\n': '&#10;',
  '\t': '&#9;',
};

/** Places in `cellXfs` below. */
const look = { text: 1, guarded: 2, day: 3, header: 4 } as const;

const cut = (text: string): string => (text.length > maxSheetText ? `${text.slice(0, maxSheetText - 1)}…` : text);

const textCell = (place: string, text: string, style: number): string =>
  `<c r="${place}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${escaped(cut(text))}</t></is></c>`;

/** What a spreadsheet would take for a formula once somebody presses Enter in the cell, or saves the sheet as CSV and opens it again. */
const couldRun = (text: string): boolean => /^\s*[=+\-@＝＋－＠]|^[\t\r]/.test(text);

const digitsOf = (number: string): number => number.replace(/^-?0*\.?0*|\./g, '').length;

const cellXml = (place: string, cell: SheetCell): string => {
  if (cell === null || cell === '') return '';
  if (typeof cell === 'string') return textCell(place, cell, couldRun(cell) ? look.guarded : look.text);
  if ('day' in cell) {
    const serial = serialOfDay(cell.day);
    return serial === null ? textCell(place, cell.day, look.text) : `<c r="${place}" s="${look.day}"><v>${serial}</v></c>`;
  }
  if (!/^-?\d+(?:\.\d+)?$/.test(cell.number)) throw new RangeError('a number cell takes plain decimal text');
  return digitsOf(cell.number) > 15 ? textCell(place, cell.number, look.text) : `<c r="${place}"><v>${cell.number}</v></c>`;
};

const rowXml = (number: number, cells: readonly SheetCell[], letters: (index: number) => string): string => {
  let text = `<row r="${number}">`;
  for (let i = 0; i < cells.length; i++) text += cellXml(`${letters(i)}${number}`, cells[i] ?? null);
  return `${text}</row>`;
};

/** Chinese characters take two places. */
const widthOf = (text: string): number => Math.min(60, 4 + [...text].reduce((n, c) => n + ((c.codePointAt(0) ?? 0) > 0xff ? 2 : 1), 0));

async function* sheetXml(sheet: Sheet): AsyncGenerator<string> {
  const letters: string[] = [];
  const letter = (index: number): string => {
    letters[index] ??= letterOf(index);
    return letters[index];
  };
  const cols = sheet.header.map((label, i) => {
    const width = sheet.widths?.[i] ?? Math.max(12, widthOf(label));
    return `<col min="${i + 1}" max="${i + 1}" width="${width}" customWidth="1"/>`;
  });
  const header = sheet.header.map((label, i) => textCell(`${letter(i)}1`, label, look.header)).join('');
  let text =
    `${declaration}<worksheet xmlns="${main}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>` +
    `${cols.length === 0 ? '' : `<cols>${cols.join('')}</cols>`}<sheetData><row r="1">${header}</row>`;
  let number = 1;
  for await (const cells of sheet.rows) {
    number++;
    if (number > maxSheetRows) throw new RangeError(`a sheet holds ${maxSheetRows} rows`);
    text += rowXml(number, cells, letter);
    if (text.length > pieceSize) {
      yield text;
      text = '';
    }
  }
  yield `${text}</sheetData></worksheet>`;
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const packaged = 'http://schemas.openxmlformats.org/package/2006';
const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml';

const numbered = (count: number, line: (n: number) => string): string => Array.from({ length: count }, (_, i) => line(i + 1)).join('');

const contentTypes = (count: number): string =>
  `${declaration}<Types xmlns="${packaged}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
  `<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${spreadsheet}.sheet.main+xml"/>` +
  `<Override PartName="/xl/styles.xml" ContentType="${spreadsheet}.styles+xml"/>` +
  `${numbered(count, (n) => `<Override PartName="/xl/worksheets/sheet${n}.xml" ContentType="${spreadsheet}.worksheet+xml"/>`)}</Types>`;

const rootRels = `${declaration}<Relationships xmlns="${packaged}/relationships"><Relationship Id="rId1" Type="${office}/officeDocument" Target="xl/workbook.xml"/></Relationships>`;

const workbook = (sheets: readonly Sheet[]): string =>
  `${declaration}<workbook xmlns="${main}" xmlns:r="${office}"><sheets>` +
  `${sheets.map((s, i) => `<sheet name="${escaped(s.name)}" sheetId="${i + 1}" r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`;

const workbookRels = (count: number): string =>
  `${declaration}<Relationships xmlns="${packaged}/relationships">` +
  `${numbered(count, (n) => `<Relationship Id="rId${n}" Type="${office}/worksheet" Target="worksheets/sheet${n}.xml"/>`)}` +
  `<Relationship Id="rId${count + 1}" Type="${office}/styles" Target="styles.xml"/></Relationships>`;

/** 49 is the built-in text format: an edited identity number stays text. `quotePrefix` does for `=1+1` what a typed apostrophe does. */
const styles =
  `${declaration}<styleSheet xmlns="${main}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>` +
  '<fonts count="2"><font><sz val="11"/><name val="等线"/></font><font><b/><sz val="11"/><name val="等线"/></font></fonts>' +
  '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>' +
  '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>' +
  '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5">' +
  '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>' +
  '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' +
  '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/>' +
  '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>' +
  '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs>' +
  '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';
