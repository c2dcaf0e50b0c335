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

/** What a condition or a group of them says: rows of which it is surely true, and rows of which it may be beside those (the two may share rows). */
export interface Part<H> {
  readonly surely: H;
  readonly open: H;
  /** Nobody is in either, as far as that was seen; false says nothing. */
  readonly nobody: boolean;
}

/** `H` is a set of the block's rows. Sets live until `close`; parts are never written into. */
export interface Bits<H> {
  readonly none: H;
  /** Rows that hold a subject. */
  readonly present: H;
  /** Rows surely and possibly in all of the parts, as sets of their own. */
  all(parts: readonly Part<H>[]): Part<H>;
  /** Rows surely and possibly in any of the parts, as sets of their own. */
  any(parts: readonly Part<H>[]): Part<H>;
  /** Present rows surely not, and possibly not, as sets of their own. */
  not(part: Part<H>): Part<H>;
  /** Rows of `part` with those of `unsure` possible and none of them sure, as sets of their own. */
  unless(part: Part<H>, unsure: H): Part<H>;
  from(bitmap: Bitmap): H;
  /** Gives back sets nobody asks for any more; never `none` or `present`. */
  free(part: Part<H>): void;
  /** Copies the caller may keep. */
  bitmaps(part: Part<H>): Pair<Bitmap>;
  counts(part: Part<H>): Pair<number>;
  /** Numbers of the rows surely in all of the parts, ascending, `base` added to each; good until the next question, the caller copies what it keeps. */
  rowsInAll(parts: readonly Part<H>[], base: number): Int32Array;
  /** What the predicate says of the column's cells; `day` null: each row's only cell. Rows without a subject are in neither set. */
  fill(column: Column, day: number | null, cellOf: CellOf, predicate: Predicate): Part<H>;
  close(): void;
}

const partOf = ({ surely, possibly }: Pair<Bitmap>): Part<Bitmap> => ({
  surely,
  open: possibly,
  nobody: possibly.every((word) => word === 0),
});

export const plainBits = (rows: number, present: Bitmap): Bits<Bitmap> => {
  const possibly = ({ surely, open }: Part<Bitmap>): Bitmap => {
    const out = surely.slice();
    orInto(out, open);
    return out;
  };
  const without = (a: Bitmap): Bitmap => {
    const out = present.slice();
    andNotInto(out, a);
    return out;
  };
  const combined = (parts: readonly Part<Bitmap>[], into: (a: Bitmap, b: Bitmap) => void, start: () => Bitmap): Part<Bitmap> => {
    const pair = { surely: start(), possibly: start() };
    for (const part of parts) {
      into(pair.surely, part.surely);
      into(pair.possibly, possibly(part));
    }
    return partOf(pair);
  };
  return {
    none: emptyBitmap(rows),
    present,
    all: (parts) => combined(parts, andInto, () => present.slice()),
    any: (parts) => combined(parts, orInto, () => emptyBitmap(rows)),
    not: (part) => partOf({ surely: without(possibly(part)), possibly: without(part.surely) }),
    unless: (part, unsure) => {
      const pair = { surely: part.surely.slice(), possibly: possibly(part) };
      andNotInto(pair.surely, unsure);
      orInto(pair.possibly, unsure);
      andInto(pair.possibly, present);
      return partOf(pair);
    },
    from: (bitmap) => bitmap,
    free: () => {},
    bitmaps: (part) => ({ surely: part.surely.slice(), possibly: possibly(part) }),
    counts: (part) => ({ surely: countBits(part.surely), possibly: countBits(possibly(part)) }),
    rowsInAll: (parts, base) => {
      const rows = present.slice();
      for (const part of parts) andInto(rows, part.surely);
      return Int32Array.from(rowsOf(rows), (row) => row + base);
    },
    fill: (column, _day, cellOf, predicate) => partOf(fillPlainly(rows, present, column, predicate, cellOf)),
    close: () => {},
  };
};

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
