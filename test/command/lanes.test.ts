// Which files come in side by side, and that the records do not tell.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readCatalogue } from '../../src/catalogue/read.ts';
import { bringIn } from '../../src/command/journey.ts';
import { inLanes, type Round, roundsOf } from '../../src/command/lanes.ts';
import { shippedCatalogue } from '../../src/command/place.ts';
import type { Database } from '../../src/db/handle.ts';
import { cityDefaults, generateCity } from '../../src/sample/city.ts';
import { createDatabase, dropDatabase } from '../database.ts';
import { openTestDatabase } from '../open.ts';
import { county } from '../record/county.ts';

const catalogue = {
  datasets: county.datasets.map((d) => (d.id === 'pensions' ? { ...d, keyedBy: 'name' as const } : d)),
};

describe('rounds', () => {
  test('every file once, in its order among those it depends on; new subjects first, names last', () => {
    const ids = catalogue.datasets.map((d) => d.id);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...ids), { maxLength: 40 }), (datasets) => {
        const files = datasets.map((dataset, n) => ({ dataset, n }));
        const rounds = roundsOf(catalogue, files);
        expect(
          rounds
            .flat(2)
            .map((f) => f.n)
            .toSorted((a, b) => a - b),
        ).toEqual(files.map((f) => f.n));
        for (const lane of rounds.flat()) expect(lane.map((f) => f.n)).toEqual(lane.map((f) => f.n).toSorted((a, b) => a - b));
        for (const id of ids) expect(rounds.flat().filter((lane) => lane.some((f) => f.dataset === id)).length).toBeLessThan(2);
        const isFirst = (id: string): boolean => catalogue.datasets.find((d) => d.id === id)?.introduces === true;
        expect(rounds[0]?.flat().every((f) => isFirst(f.dataset))).toBe(true);
        expect(rounds[1]?.flat().some((f) => isFirst(f.dataset) || f.dataset === 'pensions')).toBe(false);
        expect(rounds[2]?.flat().every((f) => f.dataset === 'pensions')).toBe(true);
      }),
    );
  });

  test('a round waits for the one before, no more lanes at once than asked, and nothing is begun after a failure', async () => {
    const rounds: readonly Round<string>[] = [[['a1', 'a2'], ['b1'], ['c1']], [['d1']]];
    const running = new Set<string>();
    const seen: string[] = [];
    let most = 0;
    const work = async (one: string): Promise<void> => {
      expect([...running].some((other) => other[0] === one[0])).toBe(false);
      if (one === 'd1') expect(running.size).toBe(0);
      running.add(one);
      most = Math.max(most, running.size);
      await new Promise((resolve) => setImmediate(resolve));
      seen.push(one);
      running.delete(one);
    };
    await inLanes(rounds, 2, work);
    expect([...seen].sort()).toEqual(['a1', 'a2', 'b1', 'c1', 'd1']);
    expect(most).toBe(2);

    const begun: string[] = [];
    const failing = inLanes(rounds, 2, async (one) => {
      begun.push(one);
      await new Promise((resolve) => setImmediate(resolve));
      if (one === 'a1') throw new Error('a1 is bad');
    });
    await expect(failing).rejects.toThrow('a1 is bad');
    expect(begun).not.toContain('a2');
    expect(begun).not.toContain('d1');
  });
});

/** Everything the records say, by key; ids and revisions are each database's own. */
const told = async ({ sql }: Database): Promise<string> => {
  const records = await sql`
    select r.register, r.key, r.ordinal, r.name, r.division, r.moves, (select jsonb_agg(jsonb_build_array(p.dataset, p.as_of, p.refused, p.cells) order by p.dataset)
      from record_part p where p.register = r.register and p.subject_id = r.subject_id) as parts
    from record r order by r.register, r.ordinal`;
  const covered = await sql`select dataset, register, division, as_of, periods from coverage order by 1, 2, 3`;
  const deliveries = await sql`
    select dataset, file_name, kind, scope, as_of, state, rows_read, rows_good, rows_bad from delivery order by dataset, file_name`;
  return JSON.stringify([records, covered, deliveries]);
};

test('the sample city is the same whether its files come in one after the other or side by side', async () => {
  const read = await readCatalogue(shippedCatalogue);
  if (!read.ok) throw new Error('the shipped catalogue has problems');
  const directory = mkdtempSync(path.join(tmpdir(), 'zhixiang-lanes-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const city = generateCity({ ...cityDefaults, firms: 20, residents: 150, catalogue: read.catalogue, out: directory });
  // New subjects and lists by name, and a third of what speaks of them: enough of every kind.
  const special = new Set(read.catalogue.datasets.flatMap((d) => (d.introduces === true || d.keyedBy === 'name' ? [d.id] : [])));
  const deliveries = city.deliveries.filter((d, n) => special.has(d.dataset) || n % 3 === 0);
  expect(deliveries.length).toBeGreaterThan(30);
  const results: string[] = [];
  for (const width of [1, 3]) {
    const ownerUrl = await createDatabase();
    const database = await openTestDatabase({ ownerUrl });
    try {
      await bringIn(database.db, read.catalogue, deliveries, new Date('2026-04-15T02:00:00Z'), width);
      results.push(await told(database));
    } finally {
      await database.close();
      await dropDatabase(ownerUrl);
    }
  }
  expect(results[0]?.length).toBeGreaterThan(100_000);
  expect(results[1]).toBe(results[0]);
});
