// The equations of the money's way are equations: take one 分 from any of their figures and one is named.
import { expect, it } from 'vitest';
import { wrongSums } from '../../src/command/money.ts';
import type { MoneySums } from '../../src/command/money-store.ts';

const sums: MoneySums = {
  eligibleFen: 1_000n,
  unsettledFen: 100n,
  settledFen: 900n,
  reservedFen: 200n,
  committedFen: 150n,
  bookedPaidFen: 510n,
  recoveredFen: 40n,
  offsetFen: 20n,
  sourcesSealedFen: 150n,
  sourcesSpentFen: 510n,
  sealedFen: 1_080n,
  cancelledFen: 50n,
  withheldFen: 60n,
  paidFen: 530n,
  returnedFen: 290n,
  unknownFen: 100n,
  pendingFen: 50n,
  reissuedFen: 250n,
  notReissuedFen: 40n,
  filesFen: 970n,
  suspenseFen: 7n,
  suspense: 1,
};

it('holds, and breaks with any figure that is off by one', () => {
  expect(wrongSums(sums)).toEqual([]);
  const figures = (Object.keys(sums) as (keyof MoneySums)[]).filter((name) => name !== 'suspense' && name !== 'suspenseFen');
  for (const name of figures) expect([name, wrongSums({ ...sums, [name]: (sums[name] as bigint) - 1n }).length > 0]).toEqual([name, true]);
});
