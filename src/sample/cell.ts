// How a department writes a value into a cell: 是 / 否, sets joined, everything text. Asks loudly when the dataset cannot say what is meant.
import type { Column } from '../catalogue/catalogue.ts';
import { isUnknown, type Scalar, type Unknown } from './subject.ts';

export type CellInput = Scalar | readonly string[] | null | Unknown | undefined;

export const scalarText = (value: Scalar): string => (typeof value === 'boolean' ? (value ? '是' : '否') : String(value));

/** The cell's text; a known "none" needs a column whose empty cell says so, and an unknown one whose empty cell does not. */
export const cellText = (value: CellInput, column: Column, where: () => string): string => {
  if (value === undefined) return '';
  if (value === null) {
    if (column.empty === 'null') return '';
    throw new Error(`${where()}: column ${column.header} cannot say "none"`);
  }
  if (isUnknown(value)) {
    if (column.empty !== 'null') return '';
    throw new Error(`${where()}: column ${column.header} cannot say "unknown"`);
  }
  if (typeof value === 'object') return (value as readonly string[]).join(column.separator ?? '、');
  return scalarText(value);
};

/** RFC 4180: quoted only where a reader would otherwise stumble. */
export const csvLine = (cells: readonly string[], newline: string): string => {
  let line = '';
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i] as string;
    if (i > 0) line += ',';
    line += /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
  }
  return line + newline;
};
