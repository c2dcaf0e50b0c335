// `bench` on a small population: what it prints, and that it fails when two implementations count differently. How fast is for the bench itself.
import { expect, it } from 'vitest';
import { benchKernel, type Row } from '../../src/bench/measure.ts';

it('tells every measure, with hits that agree', async () => {
  const rows: Row[] = [];
  await benchKernel({ rows: 70_000, items: 12, peers: null }, (row) => rows.push(row));
  expect(rows.map((row) => row.measure)).toEqual([
    'kernel, lanes made',
    'kernel, one thread',
    'kernel, plain loops',
    '1,000 items against these',
    'two threads against one',
    'two threads against one, processor time',
  ]);
  const [made, one, plain, , two] = rows;
  expect(one?.hits).toBeGreaterThan(100);
  expect([made?.hits, plain?.hits, two?.hits]).toEqual([one?.hits, one?.hits, one?.hits]);
});

it('fails when a peer counts other people', async () => {
  const lying = async (rules: readonly unknown[]) => ({ ms: 1, hits: rules.map(() => 1) });
  await expect(
    benchKernel({ rows: 3000, items: 4, peers: { duckdb: lying, jsonRulesEngine: lying, zen: lying } }, () => {}),
  ).rejects.toThrow(/duckdb: item \d+ has 1 hits/);
});
