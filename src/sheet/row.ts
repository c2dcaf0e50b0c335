// What every reader of this room gives: rows of cells as text, with the place they have in the file.
import { fail } from '../base/problem.ts';

export interface Row {
  /** CSV: the first physical line of the row. A sheet: the row's number. From 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** A row longer than this is a file without line ends or with a quote that never closes. */
export const maxRowLength = 1 << 20;

/** Wider tables are no deliveries; the widest dataset of a catalogue has some forty columns. */
export const maxColumns = 1000;

/** What a formula leaves whose value the file does not hold; refused like `#REF!` and the other error values of spreadsheets. */
export const uncalculated = '#UNCALCULATED!';

/** Refuses the file: from this line on nothing tells where a row ends. */
export const tooLong = (line: number): never =>
  fail(
    'import.too-long',
    `${line}`,
    `第 ${line} 行起超过 ${maxRowLength} 个字符仍没有结束，整份文件没有导入。`,
    '请检查该行的引号是否成对、文件是否真的是逗号分隔的文本（CSV）。',
  );
