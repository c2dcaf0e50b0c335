// The SIMD module against plain loops: every width of lane, ranges at the edges of a code, blocks of every length, memory that is given back and taken again.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSimd, simdFile } from '../../.config/simd.ts';
import { day } from '../../src/base/day.ts';
import type { Fact } from '../../src/catalogue/catalogue.ts';
import { type Bitmap, countBits, emptyBitmap, fullBitmap, rowsOf, setBit } from '../../src/snapshot/bitmap.ts';
import { type Bits, plainBits } from '../../src/snapshot/bits.ts';
import { type Column, columnBuilder, finishColumn, firstCell, pushRow } from '../../src/snapshot/columns.ts';
import { laneOf } from '../../src/snapshot/lane.ts';
import type { Answer, Predicate, Ranges } from '../../src/snapshot/predicate.ts';
import { simdBits } from '../../src/snapshot/simd.ts';

const fact = (type: 'number' | 'category'): Fact => ({ key: 'f', type }) as unknown as Fact;
type Said = string | null | undefined;

/** `undefined` unknown, null a known none. */
const columnOf = (values: readonly Said[], type: 'number' | 'category'): Column => {
  const builder = columnBuilder(fact(type));
  for (const v of values) pushRow(builder, v === undefined ? { cells: null } : { cells: [{ v, dataset: 'd', asOf: day('2026-01-01') }] });
  return finishColumn(builder);
};

/** As `predicateOn` makes them: by ranges of values, or by dictionary code. */
const rangePredicate = (column: Column, ranges: Ranges, ofNull: Answer, ofUnknown: Answer): Predicate => {
  const data = (column.values as { vector: { data: Int32Array } }).vector.data;
  const inside = (cell: number): boolean =>
    ranges.spans.some(([low, high]) => (data[cell] as number) >= low && (data[cell] as number) <= high);
  return { ofNull, ofUnknown, ranges, ofCell: (cell) => (inside(cell) !== ranges.negated ? 3 : 0) };
};
const codePredicate = (column: Column, answers: readonly Answer[], ofNull: Answer, ofUnknown: Answer): Predicate => {
  const data = (column.values as { vector: { data: Uint8Array | Uint16Array } }).vector.data;
  return { ofNull, ofUnknown, ofCell: (cell) => answers[(data[cell] as number) % answers.length] as Answer };
};

const cellOf = (column: Column) => (row: number) => firstCell(column, row);
const filled = <H>(bits: Bits<H>, column: Column, predicate: Predicate) => {
  const pair = bits.fill(column, null, cellOf(column), predicate);
  return { surely: rowsOf(bits.bitmap(pair.surely)), possibly: rowsOf(bits.bitmap(pair.possibly)) };
};
const simd = (rows: number, present: Bitmap): Bits<number> => {
  const bits = simdBits(rows, present);
  if (bits === null) throw new Error('no SIMD module here');
  return bits;
};

const someAnswer = fc.constantFrom<Answer[]>(0, 1, 3);
/** Few values, more than 253 of them, more than 65,533 of them. */
const someWidth = fc.constantFrom(200, 40_000, 2_000_000);
const someRows = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(127, 128, 129, 1000));

describe('the SIMD module', () => {
  it('is what its source compiles to', async () => {
    expect(readFileSync(simdFile, 'utf8')).toBe(await compileSimd());
  });

  it('answers ranges of whole numbers as plain loops do', () => {
    const widths = new Set<string>();
    fc.assert(
      fc.property(someWidth, someRows, fc.integer({ min: -3_000_000, max: 3_000_000 }), fc.nat(), (width, rows, base, seed) => {
        const next = lcg(seed);
        // The ends of the range stand in it, so that codes at both edges are asked for.
        const pick = (): number => base + (next() % 7 === 0 ? (next() % 2) * width : next() % (width + 1));
        const values = Array.from(
          { length: rows },
          (): Said => (next() % 9 === 0 ? (next() % 2 === 0 ? null : undefined) : String(pick())),
        );
        const present = emptyBitmap(rows);
        for (let row = 0; row < rows; row++) if (next() % 11 !== 0) setBit(present, row);
        const column = columnOf(values, 'number');
        widths.add(laneOf(column, rows, cellOf(column))?.codes.constructor.name ?? 'none');
        const [plain, fast] = [plainBits(rows, present), simd(rows, present)];
        for (const count of [0, 1, 2, 20]) {
          const spans = Array.from({ length: count }, () => [pick(), pick()].sort((a, b) => a - b) as [number, number]);
          const open: readonly (readonly [number, number])[] = [...spans, [-Infinity, pick()]];
          for (const negated of [false, true]) {
            const answers = [next() % 2 === 0 ? 0 : 3, next() % 2 === 0 ? 1 : 3] as [Answer, Answer];
            const predicate = rangePredicate(column, { spans: next() % 3 === 0 ? open : spans, negated }, ...answers);
            expect(filled(fast, column, predicate)).toEqual(filled(plain, column, predicate));
          }
        }
        fast.close();
      }),
      { seed: 21, numRuns: 150 },
    );
    expect([...widths].sort()).toEqual(['Int32Array', 'Uint16Array', 'Uint8Array']);
  });

  it('answers dictionaries as plain loops do, in few ranges or scattered', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(3, 60, 600),
        someRows,
        fc.array(someAnswer, { minLength: 1, maxLength: 5 }),
        someAnswer,
        someAnswer,
        fc.nat(),
        (words, rows, answers, ofNull, ofUnknown, seed) => {
          const next = lcg(seed);
          const values = Array.from(
            { length: rows },
            (): Said => (next() % 9 === 0 ? (next() % 2 === 0 ? null : undefined) : `w${next() % words}`),
          );
          const column = columnOf(values, 'category');
          const present = fullBitmap(rows);
          const [plain, fast] = [plainBits(rows, present), simd(rows, present)];
          const predicate = codePredicate(column, answers, ofNull, ofUnknown);
          expect(filled(fast, column, predicate)).toEqual(filled(plain, column, predicate));
          fast.close();
        },
      ),
      { seed: 22, numRuns: 200 },
    );
  });

  it('combines sets as plain bitmaps do, over memory that was somebody else’s before', () => {
    const next = lcg(5);
    for (let round = 0; round < 60; round++) {
      const rows = 1 + (next() % 700);
      const random = (): Bitmap => {
        const bits = emptyBitmap(rows);
        for (let row = 0; row < rows; row++) if (next() % 3 === 0) setBit(bits, row);
        return bits;
      };
      const present = random();
      const [plain, fast] = [plainBits(rows, present), simd(rows, present)];
      const kept = new Map<Bitmap, number>([[plain.present, fast.present]]);
      for (let step = 0; step < 40; step++) {
        const all = [...kept.keys()];
        const [a, b] = [all[next() % all.length] as Bitmap, all[next() % all.length] as Bitmap];
        const [fa, fb] = [fast.copy(kept.get(a) as number), kept.get(b) as number];
        const pa = plain.copy(a);
        const what = next() % 4;
        if (what === 0) expect(fast.and(fa, fb)).toBe(plain.and(pa, b));
        else if (what === 1) {
          fast.or(fa, fb);
          plain.or(pa, b);
        }
        const [pc, fcopy] = what === 2 ? [plain.without(pa), fast.without(fa)] : what === 3 ? [random(), null] : [pa, fa];
        const handle = fcopy ?? fast.from(pc);
        expect(rowsOf(fast.bitmap(handle))).toEqual(rowsOf(pc));
        expect(fast.count(handle)).toBe(countBits(pc));
        expect(fast.rows(handle, 65_536)).toEqual(plain.rows(pc, 65_536));
        if (next() % 3 === 0) fast.free(handle);
        else kept.set(pc, handle);
      }
      fast.close();
    }
  });
});

/** A small generator of whole numbers: fast-check's own would shrink thousands of rows one by one. */
function lcg(seed: number): () => number {
  let state = (seed * 2654435761 + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 8;
  };
}
