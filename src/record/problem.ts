// What an import says about rows it cannot take: one sentence with line and column, a masked value, a way out.
import type { Problem } from '../base/problem.ts';
import type { Fault } from './cell.ts';
import type { RowProblem } from './group.ts';
import { columnIndex, type Layout } from './layout.ts';

/** A row problem of one delivery; `at` is `line:column`. */
export interface ImportProblem extends Problem {
  readonly line: number;
  readonly column: string;
  readonly masked: string;
  /** The row came in all the same. */
  readonly warning: boolean;
}

/** As it will stand in `delivery_problem`. */
export interface ProblemRow {
  readonly line: number;
  readonly column: string;
  readonly code: string;
  readonly masked: string;
  readonly message: string;
  readonly hint: string;
  readonly row: readonly string[] | null;
}

/** As the database has it: the delivered row sealed. */
export type StoredProblem = Omit<ProblemRow, 'row'> & { readonly row: string | null };

export const warningCodes: ReadonlySet<string> = new Set(['import.card', 'import.stated-total']);

/** `第 7 行“身份证号”（Sheet1!C7）：…` */
export const toRow = (layout: Layout, { line, column, fault, row }: RowProblem): ProblemRow => ({
  line,
  column,
  code: fault.code,
  masked: storable(fault.masked),
  message: `第 ${line} 行${column === '' ? '' : `“${column}”`}${cellName(layout, line, column)}：${fault.message}。`,
  hint: fault.hint,
  row: row === null ? null : row.map(storable),
});

const cellName = (layout: Layout, line: number, column: string): string => {
  const index = column === '' ? null : columnIndex(layout, column);
  const place = index === null ? null : layout.place(line, index);
  return place === null ? '' : `（${place}）`;
};

/** jsonb holds neither U+0000 nor half a character (a mask may have cut one). */
const storable = (text: string): string => text.replaceAll('\0', '\ufffd').toWellFormed();

export const toProblem = (row: Omit<ProblemRow, 'row'>): ImportProblem => {
  const { line, column, code, masked, message, hint } = row;
  return { code, at: `${line}:${column}`, message, hint, line, column, masked, warning: warningCodes.has(code) };
};

const fault = (code: string, message: string, hint: string): Fault => ({ code: `import.${code}`, message, hint, masked: '' });

/** Reasons that only show when the whole file, or what stands already, is looked at. */
export const rowFaults = {
  duplicate: (line: number): Fault =>
    fault('duplicate', `与第 ${line} 行重复，两行都没有导入`, '同一对象（同一项、同一期间）只能有一行，请保留正确的一行。'),
  companion: fault('companion', '同一对象的其他行有问题，本行一并暂缓', '改正那一行后，与本行一起重新导入。'),
  unknownSubject: fault('unknown-subject', '登记库里没有这个对象', '请核对号码；确为新增的，先由登记库的基础数据导入。'),
  outOfScope: fault('out-of-scope', '这个对象不在本次交付的区划范围内', '请核对交付范围，或把这一行交给它所在的区划。'),
  late: fault('late', '已有更新的数据，本行没有覆盖它', '如果这一行才是对的，请用更新的数据日期重新交付。'),
} as const;
