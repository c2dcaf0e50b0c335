// The SIMD module against plain loops: every width of lane, ranges at the edges of a code, blocks of every length, memory that is given back and taken again.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileSimd, simdFile } from '../../.config/simd.ts';
import { day } from '../../src/base/day.ts';
import type { Fact } from '../../src/catalogue/catalogue.ts';
import { type Bitmap, emptyBitmap, fullBitmap, rowsOf, setBit } from '../../src/snapshot/bitmap.ts';
import { type Bits, type Part, plainBits } from '../../src/snapshot/bits.ts';
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
  const ofCode = (code: number): Answer => answers[code % answers.length] as Answer;
  return { ofNull, ofUnknown, ofCode, ofCell: (cell) => ofCode(data[cell] as number) };
};

const rawPredicate = (column: Column, answers: readonly Answer[], ofNull: Answer, ofUnknown: Answer): Predicate => {
  const data = (column.values as { vector: { data: Int32Array } }).vector.data;
  const ofRaw = (raw: number): Answer => answers[Math.abs(raw) % answers.length] as Answer;
  return { ofNull, ofUnknown, ofRaw, ofCell: (cell) => ofRaw(data[cell] as number) };
};

const cellOf = (column: Column) => (row: number) => firstCell(column, row);
const filled = <H>(bits: Bits<H>, column: Column, predicate: Predicate) => {
  const { surely, possibly } = bits.bitmaps(bits.fill(column, null, cellOf(column), predicate));
  return { surely: rowsOf(surely), possibly: rowsOf(possibly) };
};
const simd = (rows: number, present: Bitmap): Bits<number> => {
  const bits = simdBits(rows, present);
  if (bits === null) throw new Error('no SIMD module here');
  return bits;
};

const someAnswer = fc.constantFrom<Answer[]>(0, 1, 3);
/** One value, few, and as many as one, two, three and four bytes can tell apart, to the last that 31 digits can and beyond. */
const someWidth = fc.constantFrom(0, 1, 5, 200, 255, 256, 40_000, 65_535, 2_000_000, 100_000_000, 0x7fffffff, 0x80000000);
const someRows = fc.oneof(fc.integer({ min: 1, max: 300 }), fc.constantFrom(127, 128, 129, 1000));

describe('the SIMD module', () => {
  it('is what its source compiles to', async () => {
    expect(readFileSync(simdFile, 'utf8')).toBe(await compileSimd());
  });

  it('answers ranges of whole numbers as plain loops do', () => {
    const widths = new Set<number>();
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
        const told = values.flatMap((v) => (typeof v === 'string' ? [Number(v)] : []));
        widths.add(laneOf(column, rows, null) === null ? -1 : Math.ceil(Math.log2(Math.max(...told, 0) - Math.min(...told, 0) + 1) / 8));
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
      { seed: 21, numRuns: 250 },
    );
    // Lanes of one to four bytes, and numbers that no lane holds.
    expect([...widths].filter((width) => width !== 0).sort()).toEqual([-1, 1, 2, 3, 4]);
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

  it('answers whole numbers that lie close together value by value, and others cell by cell, as plain loops do', () => {
    const ways = { close: 0, far: 0 };
    fc.assert(
      fc.property(
        fc.constantFrom(0, 1, 7, 40, 900),
        fc.integer({ min: -5000, max: 5000 }),
        someRows,
        fc.array(someAnswer, { minLength: 1, maxLength: 5 }),
        someAnswer,
        someAnswer,
        fc.nat(),
        (width, base, rows, answers, ofNull, ofUnknown, seed) => {
          const next = lcg(seed);
          const values = Array.from(
            { length: rows },
            (): Said => (next() % 9 === 0 ? (next() % 2 === 0 ? null : undefined) : String(base + (next() % (width + 1)))),
          );
          const column = columnOf(values, 'number');
          const present = fullBitmap(rows);
          const [plain, fast] = [plainBits(rows, present), simd(rows, present)];
          const predicate = rawPredicate(column, answers, ofNull, ofUnknown);
          let asked = 0;
          const ofCell = (cell: number): Answer => {
            asked++;
            return predicate.ofCell(cell);
          };
          expect(filled(fast, column, { ...predicate, ofCell })).toEqual(filled(plain, column, predicate));
          ways[asked === 0 ? 'close' : 'far']++;
          fast.close();
        },
      ),
      { seed: 23, numRuns: 200 },
    );
    expect(Math.min(ways.close, ways.far)).toBeGreaterThan(20);
  });

  it('combines parts as plain bitmaps do, over memory that was somebody else’s before', () => {
    const next = lcg(5);
    for (let round = 0; round < 60; round++) {
      const rows = 1 + (next() % 1400);
      const random = (one: number): Bitmap => {
        const bits = emptyBitmap(rows);
        for (let row = 0; row < rows; row++) if (next() % 8 < one) setBit(bits, row);
        return bits;
      };
      const present = random(6);
      const [plain, fast] = [plainBits(rows, present), simd(rows, present)];
      const within = (bits: Bitmap): Bitmap => bits.map((word, i) => word & (present[i] as number));
      const fresh = (): readonly [Part<Bitmap>, Part<number>] => {
        const [surely, open] = [within(random(next() % 9)), within(random(next() % 9))];
        return [
          { surely, open, nobody: false },
          { surely: fast.from(surely), open: fast.from(open), nobody: false },
        ];
      };
      const parts = [fresh(), fresh()];
      for (let step = 0; step < 40; step++) {
        const some = Array.from({ length: 1 + (next() % 5) }, () => parts[next() % parts.length] as (typeof parts)[number]);
        const [ours, theirs] = [some.map(([p]) => p), some.map(([, f]) => f)];
        const [[one], [other]] = [ours, theirs] as [[Part<Bitmap>], [Part<number>]];
        const unsure = within(random(next() % 3));
        const made = (
          [
            () => [plain.all(ours), fast.all(theirs)],
            () => [plain.any(ours), fast.any(theirs)],
            () => [plain.not(one), fast.not(other)],
            () => [plain.unless(one, unsure), fast.unless(other, fast.from(unsure))],
            fresh,
          ] as const
        )[next() % 5]?.() as [Part<Bitmap>, Part<number>];
        const [p, f] = made;
        expect(fast.bitmaps(f)).toEqual(plain.bitmaps(p));
        expect(fast.counts(f)).toEqual(plain.counts(p));
        expect([...fast.rowsInAll([f], 65_536)]).toEqual([...plain.rowsInAll([p], 65_536)]);
        expect([...fast.rowsInAll(theirs, 0)]).toEqual([...plain.rowsInAll(ours, 0)]);
        // Whoever says that nobody is left must be right.
        if (f.nobody || p.nobody) expect(plain.counts(p).possibly).toBe(0);
        if (next() % 3 === 0) fast.free(f);
        else parts.push(made);
      }
      fast.close();
    }
  });

  it('joins more parts than one pass takes', () => {
    const rows = 700;
    const [plain, fast] = [plainBits(rows, fullBitmap(rows)), simd(rows, fullBitmap(rows))];
    const odd = (n: number): Bitmap => {
      const bits = emptyBitmap(rows);
      for (let row = 0; row < rows; row++) if (row % 701 !== n % 701) setBit(bits, row);
      return bits;
    };
    const sets = Array.from({ length: 40 }, (_, n) => odd(n * 7));
    const ours = Array.from(
      { length: 9000 },
      (_, i): Part<Bitmap> => ({ surely: sets[i % 40] as Bitmap, open: emptyBitmap(rows), nobody: false }),
    );
    const placed = sets.map((set) => fast.from(set));
    const theirs = ours.map((_, i): Part<number> => ({ surely: placed[i % 40] as number, open: fast.none, nobody: false }));
    expect(fast.bitmaps(fast.all(theirs))).toEqual(plain.bitmaps(plain.all(ours)));
    expect(fast.bitmaps(fast.any(theirs))).toEqual(plain.bitmaps(plain.any(ours)));
    expect([...fast.rowsInAll(theirs, 7)]).toEqual([...plain.rowsInAll(ours, 7)]);
    fast.close();
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
