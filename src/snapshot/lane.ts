// A lane: one column on one day as one small whole number per row, so that a predicate becomes a few ranges of numbers. Whole numbers and days stand in
// their own order, flags as 0 and 1, texts by their place in the sorted dictionary: codes of one branch of a tree are then neighbours. What does not fit
// stays with the plain loops. How lanes lie in memory is `simd.ts`'s.
import { type Column, endCell, firstCell, rowState, rowStateAt } from './columns.ts';
import type { Answer, Predicate, Ranges } from './predicate.ts';
import { state, type Vector } from './vector.ts';

/** The rows of a column as they are told on one day. `states` has a `state` per row (null: all have a value); `data` is 0 or anything where there is none. */
export interface Lane {
  readonly data: Uint8Array | Uint16Array | Int32Array;
  readonly states: Uint8Array | null;
  /** For dictionaries and flags: how many codes there are, and by place in the lane's order the column's own code. */
  readonly order: Int32Array | null;
}

/** A cell of the row, -1 for none (the unknown). */
export type CellOf = (row: number) => number;

/** Sorting a longer dictionary costs more than asking cell by cell, and its answers would lie scattered. */
const mostCodes = 4096;

/** null: not a scalar of 32-bit whole numbers, days, flags or a dictionary of moderate length. `cellOf` null: every row's only cell. */
export const laneOf = (column: Column, rows: number, cellOf: CellOf | null): Lane | null => {
  const { values } = column;
  if (values.shape !== 'scalar') return null;
  const { vector } = values;
  if (vector.kind === 'long') return null;
  const order = orderOf(vector);
  if (order === 'too long') return null;
  const { data, states } = cellOf === null ? onlyCells(column, vector, rows) : cellsBy(column, vector, rows, cellOf);
  return { data: order === null ? data : ranked(data, order), states, order };
};

const orderOf = (vector: Vector): Int32Array | null | 'too long' => {
  if (vector.kind === 'bool') return Int32Array.of(0, 1);
  const { dictionary } = vector;
  if (dictionary === undefined) return null;
  if (dictionary.length > mostCodes) return 'too long';
  const text = (code: number): string => dictionary[code] as string;
  return Int32Array.from(dictionary.keys()).sort((a, b) => (text(a) < text(b) ? -1 : text(a) > text(b) ? 1 : 0));
};

type Told = Pick<Lane, 'data' | 'states'>;

/** Most columns have one cell per row: nothing is copied. */
const onlyCells = (column: Column, vector: Vector, rows: number): Told => {
  if (column.offsets === undefined && column.rowStates === undefined && column.rows >= rows)
    return { data: vector.data.subarray(0, rows) as Lane['data'], states: vector.states?.subarray(0, rows) ?? null };
  const { data, states } = vector;
  const told = { data: new Int32Array(rows), states: new Uint8Array(rows) };
  const end = Math.min(rows, column.rows);
  for (let row = 0; row < end; row++) {
    if (column.rowStates !== undefined && column.rowStates[row] !== rowState.told) continue;
    const cell = firstCell(column, row);
    if (cell >= endCell(column, row)) continue;
    told.data[row] = data[cell] as number;
    told.states[row] = states === undefined ? state.value : (states[cell] as number);
  }
  return told;
};

const cellsBy = (column: Column, { data, states }: Vector, rows: number, cellOf: CellOf): Told => {
  const told = { data: new Int32Array(rows), states: new Uint8Array(rows) };
  for (let row = 0; row < rows; row++) {
    const cell = rowStateAt(column, row) === rowState.told ? cellOf(row) : -1;
    if (cell < 0) continue;
    told.data[row] = data[cell] as number;
    told.states[row] = states === undefined ? state.value : (states[cell] as number);
  }
  return told;
};

const ranked = (data: Lane['data'], order: Int32Array): Lane['data'] => {
  if (order.every((code, place) => code === place)) return data;
  const places = new Uint16Array(order.length);
  for (let place = 0; place < order.length; place++) places[order[place] as number] = place;
  const out = new Uint16Array(data.length);
  for (let row = 0; row < data.length; row++) out[row] = places[data[row] as number] as number;
  return out;
};

/** Inclusive. */
export type CodeRange = readonly [low: number, high: number];

export interface CodeRanges {
  readonly surely: readonly CodeRange[];
  /** Neither true nor false. */
  readonly open: readonly CodeRange[];
}

/** What the codes of a lane stand for: raw value r of a column without an order is code `r - base`; `top` is the greatest code. */
export interface Codes {
  readonly base: number;
  readonly top: number;
  readonly order: Int32Array | null;
}

const nothing: readonly CodeRange[] = [];

/** Whole numbers that lie this close together are asked one by one, as codes of a dictionary are; there must be so many rows to each. */
const rowsPerCode = 8;

/** null: the predicate must be asked cell by cell. */
export const codeRanges = ({ base, top, order }: Codes, predicate: Predicate, rows: number): CodeRanges | null => {
  const { ofCode, ofRaw } = predicate;
  if (order !== null) return ofCode === undefined ? null : byCode(order.length, (place) => ofCode(order[place] as number));
  if (predicate.ranges === undefined)
    return ofRaw === undefined || top >= mostCodes || top * rowsPerCode > rows ? null : byCode(top + 1, (code) => ofRaw(base + code));
  const { spans, negated } = predicate.ranges as Ranges;
  const inside = spans
    .map(([low, high]): CodeRange => [Math.max(0, low - base), Math.min(top, high - base)])
    .filter(([low, high]) => low <= high);
  if (inside.length > 1) inside.sort((a, b) => a[0] - b[0]);
  return { surely: negated ? outside(inside, top) : joined(inside), open: nothing };
};

const byCode = (count: number, answerAt: (place: number) => Answer): CodeRanges => {
  const found = { surely: [] as [number, number][], open: [] as [number, number][] };
  let before: Answer = 0;
  for (let place = 0; place < count; place++) {
    const answer = answerAt(place);
    const list = answer === 3 ? found.surely : answer === 1 ? found.open : null;
    if (answer === before) {
      const last = list?.at(-1);
      if (last !== undefined) last[1] = place;
    } else list?.push([place, place]);
    before = answer;
  }
  return found;
};

const joined = (ranges: readonly CodeRange[]): readonly CodeRange[] => {
  const [first, ...rest] = ranges;
  if (first === undefined || rest.length === 0) return ranges;
  const out: [number, number][] = [[...first]];
  for (const [low, high] of rest) {
    const last = out.at(-1) as [number, number];
    if (low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else out.push([low, high]);
  }
  return out;
};

const outside = (inside: readonly CodeRange[], top: number): readonly CodeRange[] => {
  const gaps: CodeRange[] = [];
  let from = 0;
  for (const [low, high] of inside) {
    if (low > from) gaps.push([from, low - 1]);
    from = Math.max(from, high + 1);
  }
  if (from <= top) gaps.push([from, top]);
  return gaps;
};
