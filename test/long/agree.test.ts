// 100,000 random cases: kernel in WebAssembly ≡ kernel in plain loops ≡ `decide` over columns ≡ `decide` over the record ≡ the second opinion, by every operator.
import { expect, it } from 'vitest';
import { operators } from '../../src/rule/operators.ts';
import { agreeOn, kindsMet } from '../match/agree.ts';

it('kernel, plain loops, decision and second opinion agree on 100,000 random cases', async () => {
  const seen = await agreeOn(4200, 24, 20260816);
  expect(seen.decided).toBeGreaterThan(100_000);
  for (const n of [seen.eligible, seen.undetermined, seen.ruledOut, seen.surely]) expect(n).toBeGreaterThan(5000);
  const table = (counts: ReadonlyMap<string, number>): string =>
    [...counts]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, n]) => `${name} ${n}`)
      .join(', ');
  console.log(`${seen.decided} cases: ${seen.eligible} eligible, ${seen.ineligible} ineligible, ${seen.undetermined} undetermined`);
  console.log(`conditions asked by operator: ${table(seen.operators)}`);
  console.log(`readings by kind: ${table(seen.kinds)}`);
  const few = (names: Iterable<string>, counts: ReadonlyMap<string, number>) => [...names].filter((name) => (counts.get(name) ?? 0) < 500);
  expect(few(operators.keys(), seen.operators)).toEqual([]);
  expect(few(kindsMet, seen.kinds)).toEqual([]);
}, 1_800_000);
