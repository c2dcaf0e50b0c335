// One month later: renewals of the same bytes, a few changes written down, the late office caught up.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalogue } from '../../src/catalogue/catalogue.ts';
import { readCatalogue } from '../../src/catalogue/read.ts';
import { type City, type CityOptions, cityDefaults, generateCity } from '../../src/sample/city.ts';
import { generateNextDelivery, type NextDelivery } from '../../src/sample/next.ts';

const folder = mkdtempSync(join(tmpdir(), 'zhixiang-next-'));
let first: City;
let next: NextDelivery;

beforeAll(async () => {
  const result = await readCatalogue(join(import.meta.dirname, '../../rules/catalogue'));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  const catalogue: Catalogue = result.catalogue;
  const options = (out: string): CityOptions => ({
    firms: 60,
    residents: 400,
    seed: 7,
    asOf: cityDefaults.asOf,
    catalogue,
    out: join(folder, out),
  });
  first = generateCity(options('a'));
  next = generateNextDelivery(options('b'));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (from: { deliveries: City['deliveries'] }, dataset: string, division: string | null = null) =>
  from.deliveries.find((d) => d.dataset === dataset && d.scope.division === division);
const linesOf = (from: { deliveries: City['deliveries'] }, dataset: string, division: string | null = null): string[] =>
  readFileSync(fileOf(from, dataset, division)?.file ?? '', 'utf8').split(/\r?\n/);

describe('the next deliveries', () => {
  it('renew what did not change with the same bytes and a later day', () => {
    for (const dataset of ['civil-marriages', 'dpf-certificates', 'social-cards']) {
      const [a, b] = [fileOf(first, dataset), fileOf(next, dataset)];
      const own = readFileSync(b?.file ?? '').toString();
      const before = readFileSync(a?.file ?? '').toString();
      // The first round ends with rows an import refuses; they are not sent again.
      expect(before.startsWith(own)).toBe(true);
      expect((b?.asOf ?? '') > (a?.asOf ?? '')).toBe(true);
    }
  });

  it('send full files where freshness is short, changes where it is long', () => {
    expect(next.asOf).toBe('2026-05-15');
    expect(fileOf(next, 'police-residents')?.kind).toBe('full');
    const changes = next.deliveries.filter((d) => d.kind === 'changes');
    expect(changes.map((d) => d.dataset)).toContain('stats-units');
    for (const d of changes) expect(d.rows).toBeGreaterThan(0);
  });

  it('hold each change once, and the late office', () => {
    const [dead] = next.changes;
    expect(linesOf(next, 'health-deaths').filter((l) => l.startsWith(dead?.key ?? '?'))).toHaveLength(1);
    expect(linesOf(first, 'health-deaths').filter((l) => l.startsWith(dead?.key ?? '?'))).toHaveLength(0);
    expect((fileOf(next, 'police-hukou', '530128102')?.asOf ?? '') > '2026-05-01').toBe(true);
    expect(new Set(next.changes.map((c) => c.match))).toEqual(new Set(['first', 'changed', 'continuing', 'suspended', 'ended']));
  });
});
