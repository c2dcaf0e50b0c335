// A lane: one column on one day as one small code per row, so that a predicate becomes a few ranges of codes. Codes 0 and 1 are the unknown and the
// known none; whole numbers and days follow in their own order, texts and flags by their dictionary. What does not fit stays with the plain loops.
import type { Column } from './columns.ts';
import type { Answer, Predicate, Ranges } from './predicate.ts';
import { state, type Vector } from './vector.ts';

export const unknownCode = 0;
const noneCode = 1;
const firstCode = 2;

export interface Lane {
  readonly codes: Uint8Array | Uint16Array | Int32Array;
  /** The code of raw value r is `r - base + 2`. */
  readonly base: number;
  readonly top: number;
  /** For dictionaries: a cell that has the code, by code; null where codes are the values themselves. */
  readonly cells: Int32Array | null;
}

/** A cell of the row, -1 for none (the unknown). */
export type CellOf = (row: number) => number;

const span = (vector: Vector, rows: number, cellOf: CellOf): readonly [number, number] | null => {
  const { data, states } = vector;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < rows; row++) {
    const cell = cellOf(row);
    if (cell < 0 || (states !== undefined && states[cell] !== state.value)) continue;
    const raw = data[cell] as number;
    if (raw < low) low = raw;
    if (raw > high) high = raw;
  }
  return low > high ? [0, 0] : [low, high];
};

/** null: not a scalar of whole numbers, days, flags or a dictionary, or too wide for 32 bits. `rows` may be fewer than the block's. */
export const laneOf = (column: Column, rows: number, cellOf: CellOf): Lane | null => {
  const { values } = column;
  if (values.shape !== 'scalar' || values.vector.kind === 'long') return null;
  const { vector } = values;
  const [base, high] = span(vector, rows, cellOf) as readonly [number, number];
  const top = high - base + firstCode;
  if (top > 0x7ffffff0) return null;
  const codes = top <= 0xff ? new Uint8Array(rows) : top <= 0xffff ? new Uint16Array(rows) : new Int32Array(rows);
  const named = vector.kind === 'text' || vector.kind === 'json' || vector.kind === 'bool';
  const cells = named ? new Int32Array(top + 1).fill(-1) : null;
  const { data, states } = vector;
  for (let row = 0; row < rows; row++) {
    const cell = cellOf(row);
    const kind = cell < 0 ? state.absent : states === undefined ? state.value : (states[cell] as number);
    if (kind !== state.value) {
      codes[row] = kind === state.null ? noneCode : unknownCode;
      continue;
    }
    const code = (data[cell] as number) - base + firstCode;
    codes[row] = code;
    if (cells !== null) cells[code] = cell;
  }
  return { codes, base, top, cells };
};

/** Inclusive. */
export type CodeRange = readonly [low: number, high: number];

export interface CodeRanges {
  readonly surely: readonly CodeRange[];
  /** Neither true nor false. */
  readonly open: readonly CodeRange[];
}

/** null: the predicate must be asked cell by cell. */
export const codeRanges = (lane: Omit<Lane, 'codes'>, predicate: Predicate): CodeRanges | null => {
  const { cells } = lane;
  if (cells === null && predicate.ranges === undefined) return null;
  const found = { surely: [] as [number, number][], open: [] as [number, number][] };
  let before = -1;
  const add = (low: number, high: number, answer: Answer): void => {
    const list = answer === 3 ? found.surely : answer === 1 ? found.open : null;
    const last = list?.at(-1);
    if (last !== undefined && last[1] === before) last[1] = high;
    else list?.push([low, high]);
    before = high;
  };
  add(unknownCode, unknownCode, predicate.ofUnknown);
  add(noneCode, noneCode, predicate.ofNull);
  if (cells !== null) {
    // A code nobody has may lie in any range: fewer ranges.
    for (let code = firstCode; code < cells.length; code++) {
      if ((cells[code] as number) >= 0) add(code, code, predicate.ofCell(cells[code] as number));
    }
    return found;
  }
  const { spans, negated } = predicate.ranges as Ranges;
  const inside = spans
    .map(([low, high]): CodeRange => [Math.max(firstCode, low - lane.base + firstCode), Math.min(lane.top, high - lane.base + firstCode)])
    .filter(([low, high]) => low <= high)
    .sort((a, b) => a[0] - b[0]);
  for (const [low, high] of negated ? outside(inside, lane.top) : inside) {
    before = low - 1;
    add(low, high, 3);
  }
  return found;
};

const outside = (inside: readonly CodeRange[], top: number): readonly CodeRange[] => {
  const gaps: CodeRange[] = [];
  let from = firstCode;
  for (const [low, high] of inside) {
    if (low > from) gaps.push([from, low - 1]);
    from = Math.max(from, high + 1);
  }
  if (from <= top) gaps.push([from, top]);
  return gaps;
};
