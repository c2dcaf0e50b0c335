// Sealed records come back exactly as they were resolved, in pages, with what subjects have alike written once.
import { deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedRecord } from '../../src/record/resolve.ts';
import { blockBuilder, finishBlock, pushRecord } from '../../src/snapshot/block.ts';
import { finishPages, pagesBuilder, pushLine } from '../../src/snapshot/fill-pages.ts';
import { openPages } from '../../src/snapshot/pages.ts';
import { openShelf } from '../../src/snapshot/shelf.ts';
import { bookStart, recordColumn } from '../../src/snapshot/snapshot.ts';
import { squeezed, unsqueezed } from '../../src/snapshot/squeeze.ts';
import { someRecord, worldFacts } from './world.ts';

const sealed = (rows: readonly (ResolvedRecord['facts'] | null)[]): { readonly hash: string; readonly bytes: Uint8Array } => {
  const names = [...worldFacts.keys()];
  const builder = pagesBuilder(names);
  for (const row of rows) pushLine(builder, row && names.map((name) => row[name]));
  return finishPages(builder);
};

describe('pages of records', () => {
  it('give back what was resolved', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof({ weight: 8, arbitrary: someRecord }, { weight: 1, arbitrary: fc.constant(null) }), { maxLength: 30 }),
        (records) => {
          const rows = records.map((r) => (r === null ? null : r.facts));
          const pages = openPages(sealed(rows).bytes);
          expect(rows.map((_, i) => pages.facts(i))).toEqual(rows);
          expect(pages.facts(rows.length)).toBeNull();
        },
      ),
      { seed: 5, numRuns: 100 },
    );
  });

  it('cross page borders in any order, cached or not', () => {
    const rows = fc.sample(someRecord, { seed: 2, numRuns: 300 }).map((r) => r.facts);
    const { bytes } = sealed(rows);
    for (const cachedBytes of [0, 20_000, 10_000_000]) {
      const pages = openPages(bytes, { left: cachedBytes });
      for (const row of [299, 0, 128, 127, 255, 256, 1, 299]) expect(pages.facts(row)).toEqual(rows[row]);
    }
  });

  it('have one hash for one content', () => {
    const rows = fc.sample(someRecord, { seed: 2, numRuns: 20 }).map((r) => r.facts);
    expect(sealed(rows).hash).toBe(sealed(structuredClone(rows)).hash);
    expect(sealed(rows.slice(1)).hash).not.toBe(sealed(rows).hash);
  });
});

describe('books of a block', () => {
  const names = [...worldFacts.values()];
  const [bookRows, gap] = [4, 6];
  const people = fc.sample(someRecord, { seed: 3, numRuns: 11 });
  const sealedBooks = (rows: number) => {
    const builder = blockBuilder('citizen', 0, names, rows);
    people.forEach((record, i) => {
      pushRecord(builder, { ...record, ordinal: i < gap ? i : i + 1 });
    });
    return [...finishBlock(builder)].flatMap(({ column, hash, bytes }) => (bookStart(column) === null ? [] : [{ column, hash, bytes }]));
  };
  const shelfOf = (books: ReturnType<typeof sealedBooks>, read: string[]) =>
    openShelf(
      books.map(({ column, hash }) => ({ column, hash })),
      100,
      async (some) => {
        read.push(...some.map((one) => one.column));
        return new Map(books.filter((book) => some.some((one) => one.hash === book.hash)).map(({ hash, bytes }) => [hash, bytes]));
      },
    );

  it('are read as far as they are asked for, and say what one book would', async () => {
    const read: string[] = [];
    const [few, one] = [shelfOf(sealedBooks(bookRows), read), shelfOf(sealedBooks(1_000), [])];
    await few.ready([5, 6]);
    expect(read).toEqual(['$record/00004']);
    expect(() => few.facts(1)).toThrow('records were not loaded');
    await few.ready([0, 5, 11]);
    expect(read).toEqual(['$record/00004', '$record/00000', '$record/00008']);
    await one.ready([3]);
    for (let row = 0; row < 14; row++) expect(few.facts(row)).toEqual(one.facts(row));
    expect(few.facts(gap)).toBeNull();
    expect(few.facts(gap + 1)).toEqual(people[gap]?.facts);
  });

  it('before there were several is read as the only one', async () => {
    const [whole] = sealedBooks(1_000);
    const shelf = shelfOf([{ ...(whole as NonNullable<typeof whole>), column: recordColumn }], []);
    await shelf.ready([11]);
    expect([0, 5, 11].map((row) => shelf.facts(row))).toEqual([people[0], people[5], people[10]].map((one) => one?.facts));
  });
});

describe('squeezed bytes', () => {
  const same = (given: Uint8Array, back: Uint8Array): void => expect(Buffer.compare(Buffer.from(given), Buffer.from(back))).toBe(0);
  const sizes = [0, 1, 255, 256, 257, 65_535, 65_791, 65_792, 65_793, 300_000];

  it('come back, also those that were deflated before, whatever was guessed of their size', () => {
    const text = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * i) >>> 7);
    for (const content of [...sizes.map(text), ...sizes.map((size) => new Uint8Array(size))]) {
      for (const usual of [64, 16_384, 1_000_000]) {
        same(content, unsqueezed(squeezed(content), usual));
        same(content, unsqueezed(deflateRawSync(content, { level: 1 }), usual));
        same(content, unsqueezed(deflateRawSync(content, { level: 0 }), usual));
      }
    }
  });

  it('that were cut or are foreign are refused', () => {
    const small = squeezed(Buffer.from('符合'.repeat(5_000)));
    for (const end of [0, 3, 7, small.length - 1]) expect(() => unsqueezed(small.subarray(0, end))).toThrow();
    expect(() => unsqueezed(Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xff, 0xff, 0xff, 0xff]))).toThrow();
  });
});
