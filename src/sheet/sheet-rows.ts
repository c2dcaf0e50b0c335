// The rows of one sheet out of its XML, as text. Cells without content are empty texts, rows without content are passed over.
import { fail } from '../base/problem.ts';
import { dayText, decimalOf } from './number.ts';
import { columnOf } from './place.ts';
import { maxColumns, type Row, uncalculated } from './row.ts';
import { plainText } from './shared-strings.ts';
import type { Workbook, WorkbookSheet } from './xlsx-read.ts';
import { readXml } from './xml.ts';

/** XML of one row, and of rows in a row without content: a sheet formatted to its millionth row is work without an end. */
const maxRowXml = 4 << 20;
const maxBlankXml = 64 << 20;

const damaged = (at: string): never =>
  fail('import.damaged', '', `文件不完整或已损坏：单元格 ${at} 读不出来，没有导入。`, '请重新导出或重新传送这份文件。');

interface Cell {
  readonly reference: string;
  readonly column: number;
  readonly type: string;
  readonly style: number;
  value: string | null;
  text: string;
  formula: boolean;
}

export interface RowsOptions {
  /** Columns (from 0) that hold days by the catalogue: a plain whole number in them is the serial number of a day whose format was lost. */
  readonly days?: ReadonlySet<number>;
}

interface Reading {
  rows: Row[];
  line: number;
  cells: string[];
  /** The last column that had a cell. */
  last: number;
  filled: boolean;
  cell: Cell | null;
  into: 'value' | 'text' | null;
  inData: boolean;
  inRow: boolean;
  inReading: boolean;
  /** Characters read, when the row began, and when a row last had content. */
  read: number;
  rowBegan: number;
  filledAt: number;
}

/**
 * Batches of rows. A numeric cell gives its exact decimal text, a day `2026-01-31`, a formula the value the file holds for it, or `uncalculated`.
 * Refuses (`import.damaged`, `import.too-wide`, `import.blank-rows`) what no spreadsheet writes.
 */
export async function* sheetRows(book: Workbook, sheet: WorkbookSheet, options: RowsOptions = {}): AsyncGenerator<readonly Row[]> {
  const state: Reading = {
    rows: [],
    line: 0,
    cells: [],
    last: -1,
    filled: false,
    cell: null,
    into: null,
    inData: false,
    inRow: false,
    inReading: false,
    read: 0,
    rowBegan: 0,
    filledAt: 0,
  };
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of sheet.open()) {
      state.read += piece.length;
      yield piece;
    }
  }
  const events = readXml(counted(), {
    open: (name, a) => openElement(state, name, a),
    close: (name) => closeElement(state, name, book, sheet, options),
    text: (text) => {
      if (state.into !== null && state.cell !== null) state.cell[state.into] = (state.cell[state.into] ?? '') + text;
    },
  });
  for await (const _ of events) {
    checkGrowth(state, sheet);
    if (state.rows.length === 0) continue;
    const rows = state.rows;
    state.rows = [];
    yield rows;
  }
}

const checkGrowth = (state: Reading, sheet: WorkbookSheet): void => {
  if (state.inRow && state.read - state.rowBegan > maxRowXml) damaged(`${sheet.name}!A${state.line}`);
  if (state.read - state.filledAt > maxBlankXml) {
    fail(
      'import.blank-rows',
      `${state.line}`,
      `工作表“${sheet.name}”有大片设了格式却没有内容的行，没有导入。`,
      '请选中数据下方的空行，整行删除后保存，再重新导入。',
    );
  }
};

const openElement = (state: Reading, name: string, a: Readonly<Record<string, string>>): void => {
  switch (name) {
    case 'sheetData':
      state.inData = true;
      return;
    case 'row': {
      if (!state.inData) return;
      const line = a.r === undefined ? state.line + 1 : Number(a.r);
      if (!Number.isInteger(line) || line <= state.line || line > 1_048_576) damaged(`第 ${state.line + 1} 行`);
      Object.assign(state, { line, cells: [], last: -1, filled: false, rowBegan: state.read, inRow: true });
      return;
    }
    case 'c':
      if (state.inData) openCell(state, a);
      return;
    case 'v':
      if (state.cell !== null) {
        state.into = 'value';
        state.cell.value ??= '';
      }
      return;
    case 'f':
      if (state.cell !== null) state.cell.formula = true;
      return;
    case 't':
      if (state.cell !== null && !state.inReading) state.into = 'text';
      return;
    case 'rPh':
      state.inReading = true;
  }
};

const openCell = (state: Reading, a: Readonly<Record<string, string>>): void => {
  const column = a.r === undefined ? state.last + 1 : columnOf(a.r);
  if (column <= state.last || (a.r !== undefined && !a.r.endsWith(String(state.line))))
    damaged(`${a.r?.slice(0, 12) ?? ''}（第 ${state.line} 行）`);
  state.last = column;
  state.cell = { reference: a.r ?? '', column, type: a.t ?? 'n', style: Number(a.s ?? 0), value: null, text: '', formula: false };
};

const closeElement = (state: Reading, name: string, book: Workbook, sheet: WorkbookSheet, options: RowsOptions): void => {
  switch (name) {
    case 'sheetData':
      state.inData = false;
      return;
    case 'row':
      if (!state.inData) return;
      if (state.filled) {
        state.rows.push({ line: state.line, cells: state.cells });
        state.filledAt = state.read;
      }
      Object.assign(state, { cells: [], last: -1, inRow: false });
      return;
    case 'c': {
      const { cell } = state;
      state.cell = null;
      if (cell === null) return;
      const text = textOf(cell, book, options, () => damaged(`${sheet.name}!${cell.reference}`));
      if (text === '') return;
      if (cell.column >= maxColumns) tooWide(sheet, cell);
      while (state.cells.length < cell.column) state.cells.push('');
      state.cells.push(text);
      state.filled ||= text.trim() !== '';
      return;
    }
    case 'v':
    case 't':
      state.into = null;
      return;
    case 'rPh':
      state.inReading = false;
  }
};

const tooWide = (sheet: WorkbookSheet, cell: Cell): never =>
  fail(
    'import.too-wide',
    '',
    `单元格 ${sheet.name}!${cell.reference} 超出了最多 ${maxColumns} 列，没有导入。`,
    '请删去表格右侧多余的内容。',
  );

const textOf = (cell: Cell, book: Workbook, options: RowsOptions, broken: () => never): string => {
  const { type, value } = cell;
  if (type === 'inlineStr') return plainText(cell.text);
  if (value === null || (value === '' && type !== 'str')) return cell.formula ? uncalculated : '';
  switch (type) {
    case 's':
      return (/^\d{1,10}$/.test(value) ? book.strings.at(Number(value)) : undefined) ?? broken();
    case 'str':
      return plainText(value);
    case 'b':
      return value === '1' || value === 'true' ? 'TRUE' : 'FALSE';
    case 'e':
      return value.startsWith('#') ? value : broken();
    case 'd':
      return value.replace(/T00:00:00(?:\.0+)?Z?$/, '').replace('T', ' ');
    case 'n':
      return numberText(cell, value, book, options, broken);
    default:
      return broken();
  }
};

/** Five digits are the days from 1927 to 2173, and nothing else that anyone would write for a day. */
const looksSerial = /^\d{5}$/;

const numberText = (cell: Cell, value: string, book: Workbook, { days }: RowsOptions, broken: () => never): string => {
  const shown = book.shown[cell.style] ?? 'none';
  if (shown !== 'none') {
    const text = dayText(value, book.dates, shown);
    if (text !== null) return text;
  } else if (days?.has(cell.column) === true && looksSerial.test(value)) {
    return dayText(value, book.dates, 'day') ?? broken();
  }
  return decimalOf(value) ?? broken();
};
