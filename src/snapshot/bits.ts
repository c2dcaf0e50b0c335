// Sets of rows as the kernel handles them: plain bitmaps here, memory of the SIMD module in `simd.ts`. Two implementations of one small interface, held
// against each other in tests; whatever a lane cannot say, both answer by the same plain loop.
import { andInto, andNotInto, type Bitmap, countBits, emptyBitmap, orInto, rowsOf } from './bitmap.ts';
import { type Column, rowState, rowStateAt } from './columns.ts';
import type { CellOf } from './lane.ts';
import { isValue, type Predicate } from './predicate.ts';
import { state } from './vector.ts';

/** Rows of which the condition is surely true, and of which it may be; the difference is unknown. */
export interface Pair<H> {
  readonly surely: H;
  readonly possibly: H;
}

/** `H` is a set of the block's rows. Sets live until `close`. */
export interface Bits<H> {
  readonly none: H;
  /** Rows that hold a subject. */
  readonly present: H;
  copy(a: H): H;
  /** a := a ∧ b; false when nothing is left, true when something may be. */
  and(a: H, b: H): boolean;
  or(a: H, b: H): void;
  /** The present rows that are not in `a`, as a set of its own. */
  without(a: H): H;
  from(bitmap: Bitmap): H;
  /** A set nobody asks for any more; never `none` or `present`. */
  free(a: H): void;
  /** A copy the caller may keep. */
  bitmap(a: H): Bitmap;
  count(a: H): number;
  /** Numbers of the rows, ascending, `base` added to each. */
  rows(a: H, base: number): Int32Array;
  /** What the predicate says of the column's cells; `day` null: each row's only cell. Rows without a subject are in neither set. */
  fill(column: Column, day: number | null, cellOf: CellOf, predicate: Predicate): Pair<H>;
  close(): void;
}

export const plainBits = (rows: number, present: Bitmap): Bits<Bitmap> => ({
  none: emptyBitmap(rows),
  present,
  copy: (a) => a.slice(),
  and: (a, b) => {
    andInto(a, b);
    return a.some((word) => word !== 0);
  },
  or: orInto,
  without: (a) => {
    const out = present.slice();
    andNotInto(out, a);
    return out;
  },
  from: (bitmap) => bitmap,
  free: () => {},
  bitmap: (a) => a.slice(),
  count: countBits,
  rows: (a, base) => Int32Array.from(rowsOf(a), (row) => row + base),
  fill: (column, _day, cellOf, predicate) => fillPlainly(rows, present, column, predicate, cellOf),
  close: () => {},
});

export const fillPlainly = (rows: number, present: Bitmap, column: Column, predicate: Predicate, cellOf: CellOf): Pair<Bitmap> => {
  const pair: Pair<Bitmap> = { surely: emptyBitmap(rows), possibly: emptyBitmap(rows) };
  const { surely, possibly } = pair;
  const { ofNull, ofUnknown } = predicate;
  const { values } = column;
  for (let word = 0, row = 0; word < surely.length; word++) {
    let sure = 0;
    let maybe = 0;
    const end = Math.min(rows, row + 32);
    for (let bit = 0; row < end; row++, bit++) {
      const cell = rowStateAt(column, row) === rowState.told ? cellOf(row) : -1;
      const kind = cell < 0 ? state.absent : isValue(values, cell);
      const answer = kind === state.value ? predicate.ofCell(cell) : kind === state.null ? ofNull : ofUnknown;
      sure |= (answer >> 1) << bit;
      maybe |= (answer & 1) << bit;
    }
    surely[word] = sure & (present[word] as number);
    possibly[word] = maybe & (present[word] as number);
  }
  return pair;
};
