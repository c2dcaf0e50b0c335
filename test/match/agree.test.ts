// Run, decision and second opinion say the same of random rules and records (see `agree.ts`); thirty times as many in test/long.
import { expect, it } from 'vitest';
import { agreeOn } from './agree.ts';

it('run, decision and second opinion agree on 160 rules × 24 records and more', async () => {
  const seen = await agreeOn(160, 24, 20260815);
  // Were it all one answer, or all left to `decide`, the agreement would say little.
  for (const n of [seen.eligible, seen.undetermined, seen.ruledOut, seen.surely]) expect(n).toBeGreaterThan(160);
  expect(seen.alike).toBeGreaterThan(40);
}, 240_000);
