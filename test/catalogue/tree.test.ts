// Membership and "most specific region", on the shipped trees and on random ones against walking up by hand.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { day } from '../../src/base/day.ts';
import { toDecimalString } from '../../src/base/rational.ts';
import type { Catalogue, Tree } from '../../src/catalogue/catalogue.ts';
import { externalAt, parameterAt } from '../../src/catalogue/parameter.ts';
import { parseCatalogue, readCatalogue } from '../../src/catalogue/read.ts';
import { indexTree } from '../../src/catalogue/tree.ts';
import { city } from './city.ts';

const small = (): Catalogue => {
  const r = parseCatalogue(city());
  if (!r.ok) throw new Error('city');
  return r.catalogue;
};
const divisions = () => indexTree(small().trees[0] as Tree);

describe('a tree', () => {
  it.each([
    ['530128', '530000', true],
    ['530128', '530128', true],
    ['530000', '530128', false],
    ['530128', '310000', false],
    ['530128', '999999', null],
    ['999999', '530000', null],
  ])('%s within %s: %s', (code, ancestor, expected) => {
    expect(divisions().within(code, ancestor)).toBe(expected);
  });

  it('knows a dissolved county only while it lasted', () => {
    expect(divisions().within('530199', '530100', day('2019-12-31'))).toBe(true);
    expect(divisions().within('530199', '530100', day('2020-01-01'))).toBe(null);
  });

  it('walks up from the code itself', () => {
    expect(divisions().ancestors('530128')).toEqual(['530128', '530100', '530000']);
    expect(divisions().ancestors('999999')).toEqual([]);
    expect(divisions().children('530100')).toEqual(['530128', '530199']);
    expect(divisions().children(null)).toEqual(['530000', '310000']);
  });

  it('answers like walking up by hand on any tree', () => {
    const trees = fc.array(fc.nat(), { minLength: 1, maxLength: 40 }).map(
      (picks): Tree => ({
        id: 't',
        label: 't',
        nodes: picks.map((p, i) => ({ code: `N${i}`, name: '', parent: i === 0 || p % 5 === 0 ? null : `N${p % i}` })),
      }),
    );
    fc.assert(
      fc.property(trees, fc.nat(), fc.nat(), (tree, x, y) => {
        const [a, b] = [`N${x % tree.nodes.length}`, `N${y % tree.nodes.length}`];
        const parents = new Map(tree.nodes.map((n) => [n.code, n.parent]));
        let found = false;
        for (let at: string | null | undefined = a; at != null; at = parents.get(at)) if (at === b) found = true;
        expect(indexTree(tree).within(a, b)).toBe(found);
      }),
      { seed: 7, numRuns: 300 },
    );
  });

  it('gives functional zones nodes of their own', async () => {
    const r = await readCatalogue(new URL('../../rules/catalogue', import.meta.url).pathname);
    if (!r.ok) throw new Error('unreadable');
    const shipped = indexTree(r.catalogue.trees.find((t) => t.id === 'division') as Tree);
    expect(shipped.node('350571')?.kind).toBe('zone');
    expect(shipped.within('350571', '350500')).toBe(true);
    expect(shipped.within('350502', '350571')).toBe(false);
    expect(shipped.within('442000003', '442071')).toBe(true);
  });
});

describe('a parameter', () => {
  const at = (region: string | null, on: string): string | null => {
    const found = parameterAt(small().parameters[0] as Catalogue['parameters'][number], region, day(on), divisions());
    return found === null ? null : toDecimalString(found.value);
  };
  it.each([
    ['530128', '2024-12-31', '1500'],
    ['530128', '2025-01-01', '1700'],
    ['530128', '2025-06-01', '1650.5'],
    ['530100', '2025-06-01', '1700'],
    ['310000', '2025-06-01', '1000'],
    ['999999', '2025-06-01', '1000'],
    [null, '2025-06-01', '1000'],
    ['530128', '2019-06-01', null],
  ])('%s on %s is %s', (region, on, expected) => {
    expect(at(region, on)).toBe(expected);
  });

  it('takes the newest word about an external index, and none for an unknown period', () => {
    const series = small().external[0] as Catalogue['external'][number];
    expect(toDecimalString(externalAt(series, '530128', '2025-01', divisions())?.value ?? ({} as never))).toBe('3.5');
    expect(externalAt(series, '530128', '2025-02', divisions())).toBe(null);
    expect(externalAt(series, '310000', '2025-01', divisions())).toBe(null);
  });
});
