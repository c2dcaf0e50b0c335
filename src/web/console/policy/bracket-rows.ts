// Progressive brackets as a table of text: up to where, at which rate. A bracket begins where the one before ends, so what a spreadsheet says of beginnings is
// compared with that and told, never dropped in silence. Pure.
import { isJson, type Json } from './document.ts';
import { figureOf } from './tier-rows.ts';

export interface BracketCells {
  /** '' : no end. */
  readonly upTo: string;
  readonly rate: string;
}
export const bracketColumns = ['upTo', 'rate'] as const;

const text = (value: unknown): string => (value === undefined || value === null ? '' : String(value));
export const bracketCells = (row: unknown): BracketCells =>
  isJson(row) ? { upTo: text(row.upTo), rate: text(row.rate) } : { upTo: '', rate: '' };

export const bracketOf = (before: unknown, cells: BracketCells): Json => {
  const { upTo: _u, rate: _r, ...rest } = isJson(before) ? before : {};
  return {
    ...(cells.upTo.trim() === '' ? {} : { upTo: figureOf(cells.upTo) }),
    ...(cells.rate.trim() === '' ? {} : { rate: figureOf(cells.rate) }),
    ...rest,
  };
};

const numberIn = (cell: string): number | null => {
  const n = cell.trim() === '' ? Number.NaN : Number(figureOf(cell));
  return Number.isFinite(n) ? n : null;
};

/** What is wrong between this bracket and those beside it; null: nothing. */
export const bracketSeam = (rows: readonly unknown[], i: number): string | null => {
  const end = numberIn(bracketCells(rows[i]).upTo);
  const before = i === 0 ? 0 : numberIn(bracketCells(rows[i - 1]).upTo);
  if (before === null) return '上一段没有到哪里为止，这一段永远用不到';
  if (end === null) return null;
  if (end <= before) return i === 0 ? '要高于 0' : `不高于上一段的 ${before}，与上一段重叠`;
  return i === rows.length - 1 ? `高于 ${end} 的部分空着，没有比例` : null;
};

/** Rows of a spreadsheet with a beginning, an end and a rate, or without the beginnings; its head is left out. */
const endless = /^(?:不限|以上|及以上|无|无上限|[-—–∞]+)$/;
const lineOf = (cells: readonly string[], whole: boolean) => {
  const [low, ...rest] = whole ? cells : ['', ...cells];
  return { low: numberIn(low ?? ''), cells: rest.map((cell) => (endless.test(cell) ? '' : cell)) };
};

export interface Pasted {
  readonly rows: readonly unknown[];
  /** Where its beginnings are not the ends before them: what would not be paid as the spreadsheet says. */
  readonly seams: readonly string[];
}

/** Pasted from this cell on: rows that are missing are made, cells beyond the last column left out. */
export const withBrackets = (
  rows: readonly unknown[],
  from: { readonly row: number; readonly column: number },
  table: readonly (readonly string[])[],
): Pasted => {
  const body = table.filter((cells, i) => i > 0 || cells.some((cell) => /\d/.test(cell)));
  const whole = from.column === 0 && body.some((cells) => cells.length > bracketColumns.length);
  const out = [...rows];
  const seams: string[] = [];
  for (const [i, given] of body.entries()) {
    const at = from.row + i;
    const { low, cells } = lineOf(given, whole);
    let made = bracketCells(out[at]);
    for (const [j, cell] of cells.entries()) {
      const column = bracketColumns[from.column + j];
      if (column !== undefined) made = { ...made, [column]: cell };
    }
    const before = at === 0 ? 0 : numberIn(bracketCells(out[at - 1]).upTo);
    if (low !== null && before !== null && low > before) seams.push(`第 ${at + 1} 段从 ${low} 起，与前面之间空着 ${before} 到 ${low}`);
    if (low !== null && before !== null && low < before) seams.push(`第 ${at + 1} 段从 ${low} 起，与前面重叠 ${low} 到 ${before}`);
    out[at] = bracketOf(out[at], made);
  }
  return { rows: out, seams };
};
