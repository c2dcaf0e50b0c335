// Sealed records come back exactly as they were resolved, in pages, with what subjects have alike written once.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ResolvedRecord } from '../../src/record/resolve.ts';
import { finishPages, pagesBuilder, pushLine } from '../../src/snapshot/fill-pages.ts';
import { openPages } from '../../src/snapshot/pages.ts';
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
      const pages = openPages(bytes, cachedBytes);
      for (const row of [299, 0, 128, 127, 255, 256, 1, 299]) expect(pages.facts(row)).toEqual(rows[row]);
    }
  });

  it('have one hash for one content', () => {
    const rows = fc.sample(someRecord, { seed: 2, numRuns: 20 }).map((r) => r.facts);
    expect(sealed(rows).hash).toBe(sealed(structuredClone(rows)).hash);
    expect(sealed(rows.slice(1)).hash).not.toBe(sealed(rows).hash);
  });
});
