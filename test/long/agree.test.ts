// 100,000 random cases: kernel in WebAssembly ≡ kernel in plain loops ≡ `decide` over columns ≡ `decide` over the record ≡ the second opinion, by every operator.
import { expect, it } from 'vitest';
import { operators } from '../../src/rule/operators.ts';
import { agreeOn } from '../match/agree.ts';

it('kernel, plain loops, decision and second opinion agree on 100,000 random cases', async () => {
  const seen = await agreeOn(4200, 24, 20260816);
  expect(seen.decided).toBeGreaterThan(100_000);
  for (const n of [seen.eligible, seen.undetermined, seen.ruledOut, seen.surely]) expect(n).toBeGreaterThan(5000);
  expect([...seen.operators].sort()).toEqual([...operators.keys()].sort());
}, 1_800_000);
