// The sample city: the same seed gives the same bytes, keys are valid, gaps are as many as promised, every item has its planted subjects.
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isAccount, isCitizenId, isCnaps, isEmail, isPhone, isUscc, passesLuhn } from '../../src/base/codes.ts';
import { day } from '../../src/base/day.ts';
import type { Catalogue, Dataset } from '../../src/catalogue/catalogue.ts';
import { readCatalogue } from '../../src/catalogue/read.ts';
import { type City, cityDefaults, generateCity } from '../../src/sample/city.ts';
import { plantedTables } from '../../src/sample/planted/all.ts';
import { mayBeBlank } from '../../src/sample/rows.ts';

const rules = join(import.meta.dirname, '../../rules');
const folders: string[] = [];
let catalogue: Catalogue;
let city: City;

const small = { firms: 400, residents: 3000, asOf: cityDefaults.asOf };

const cityOf = (seed: number): City => {
  const out = mkdtempSync(join(tmpdir(), 'zhixiang-city-'));
  folders.push(out);
  return generateCity({ ...small, seed, catalogue, out });
};

const digest = (made: City): string => {
  const hash = createHash('sha256');
  for (const d of made.deliveries)
    hash.update(`${d.dataset} ${d.scope.division} ${d.kind} ${d.asOf} ${d.rows}\n`).update(readFileSync(d.file));
  hash.update(made.planted.map((p) => `${p.item} ${p.key} ${p.expect.verdict} ${p.expect.amountFen}`).join('\n'));
  return hash.digest('hex');
};

const rowsOf = (file: string): string[][] => parse(readFileSync(file), { bom: true, relax_column_count: false }).slice(1);
const datasetOf = (id: string): Dataset => catalogue.datasets.find((d) => d.id === id) as Dataset;

beforeAll(async () => {
  const result = await readCatalogue(join(rules, 'catalogue'));
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  catalogue = result.catalogue;
  city = cityOf(7);
});

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

describe('the files', () => {
  it('are the same bytes for the same seed, and others for another', () => {
    expect(digest(cityOf(7))).toBe(digest(city));
    expect(digest(cityOf(8))).not.toBe(digest(city));
  });

  it('name the same columns as the catalogue, with as many rows as they say', () => {
    for (const delivery of city.deliveries) {
      const dataset = datasetOf(delivery.dataset);
      const all: string[][] = parse(readFileSync(delivery.file), { bom: true });
      expect(all[0]).toEqual(dataset.columns.map((c) => c.header));
      expect(all.length - 1).toBe(delivery.rows);
      expect(dataset.kinds).toContain(delivery.kind);
      expect(delivery.asOf <= small.asOf).toBe(true);
    }
  });

  it('come with and without a byte order mark', () => {
    const marked = city.deliveries.filter((d) =>
      readFileSync(d.file)
        .subarray(0, 3)
        .equals(Buffer.from([0xef, 0xbb, 0xbf])),
    );
    expect(marked.length).toBeGreaterThan(5);
    expect(marked.length).toBeLessThan(city.deliveries.length - 5);
  });

  it('leave 2 to 5 in 100 cells of every fact empty', () => {
    const planted = new Set(city.planted.map((p) => p.key));
    for (const dataset of catalogue.datasets) {
      const all = city.deliveries.filter((d) => d.dataset === dataset.id).flatMap((d) => rowsOf(d.file));
      // Planted subjects are said in full, gaps included; the share is about everybody else.
      const rows = all.filter((r) => !planted.has(r[0] ?? ''));
      if (rows.length < 2000) continue;
      dataset.columns.forEach((column, i) => {
        if (!mayBeBlank(column)) return;
        const share = rows.filter((r) => r[i] === '').length / rows.length;
        expect(share, `${dataset.id} ${column.header}`).toBeGreaterThan(0.02);
        expect(share, `${dataset.id} ${column.header}`).toBeLessThan(0.05);
      });
    }
  });

  it('hold only valid keys and accounts, but for the rows that are bad on purpose', () => {
    const checks = { 'citizen-id': isCitizenId, uscc: isUscc, account: isAccount, phone: isPhone, email: isEmail } as const;
    const wrong: string[] = [];
    for (const delivery of city.deliveries) {
      const columns = datasetOf(delivery.dataset).columns;
      for (const row of rowsOf(delivery.file)) {
        columns.forEach((column, i) => {
          const cell = row[i] ?? '';
          if (cell === '') return;
          if (column.format !== undefined && !checks[column.format](cell)) wrong.push(`${delivery.dataset} ${column.header}`);
          if (column.to === 'bankCode') expect(isCnaps(cell)).toBe(true);
          if (delivery.dataset === 'social-cards' && column.to === 'account' && !cell.includes('E')) expect(passesLuhn(cell)).toBe(true);
        });
      }
    }
    // Two keys with a wrong check digit and one in exponent form among residents and firms, one in the yearbook, one account.
    expect(wrong.sort()).toEqual([
      'market-registration 统一社会信用代码',
      'police-residents 公民身份号码',
      'police-residents 公民身份号码',
      'social-cards 社会保障卡银行账号',
      'stats-yearly 统一社会信用代码',
    ]);
  });

  it('hold one late office and one that never delivers', () => {
    const limits = new Map(catalogue.datasets.map((d) => [d.id, d.freshnessDays]));
    const age = (from: string): number => (Date.parse(small.asOf) - Date.parse(from)) / 86_400_000;
    const late = city.deliveries.filter((d) => age(d.asOf) > (limits.get(d.dataset) ?? 0));
    expect(late.map((d) => [d.dataset, d.scope.division])).toEqual([
      ['police-hukou', '530128102'],
      ['hrss-hires', '420205'],
    ]);
    expect(city.deliveries.some((d) => d.dataset === 'health-children' && d.scope.division === '310151')).toBe(false);
  });

  it('hold the rows an import must refuse', () => {
    expect(city.expectedBadRows.length).toBeGreaterThan(10);
    const residents = rowsOf(city.deliveries.find((d) => d.dataset === 'police-residents')?.file as string);
    expect(residents.some((r) => r[0] === '1.10105E+17')).toBe(true);
  });
});

describe('planted subjects', () => {
  const ruleFiles = readdirSync(rules, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'catalogue')
    .flatMap((entry) => readdirSync(join(rules, entry.name)))
    .filter((file) => file.endsWith('.json'))
    .map((file) => basename(file, '.json'));

  it.each(ruleFiles)('%s has some', (item) => {
    expect(plantedTables.some((t) => t.item === item)).toBe(true);
  });

  it.each(plantedTables.map((t) => [t.item, t] as const))('%s: twenty and more, every verdict, a boundary', (item, table) => {
    expect(table.cases.length).toBeGreaterThanOrEqual(20);
    expect(new Set(table.cases.map((c) => c.verdict))).toEqual(new Set(['eligible', 'ineligible', 'undetermined']));
    expect(table.cases.filter((c) => c.edge === true).length).toBeGreaterThanOrEqual(2);
    expect(new Set(table.cases.map((c) => c.name)).size).toBe(table.cases.length);
    expect(existsSync(join(import.meta.dirname, `../../src/sample/planted/${item}.ts`))).toBe(true);
    expect(city.planted.filter((p) => p.item === item).length).toBe(table.cases.length);
  });

  it('are the same in every city', () => {
    const keys = (made: City): string[] => made.planted.map((p) => p.key);
    expect(keys(cityOf(99))).toEqual(keys(city));
    expect(new Set(keys(city)).size).toBe(city.planted.length);
  });

  it('stand in the delivered files', () => {
    const base = city.deliveries.filter((d) => datasetOf(d.dataset).introduces === true).flatMap((d) => rowsOf(d.file));
    const known = new Set(base.map((r) => r[0]));
    expect(city.planted.filter((p) => !known.has(p.key))).toEqual([]);
    expect(known.size).toBe(base.length);
    expect(day(small.asOf)).toBe(small.asOf);
  });
});
