// Funding sources in the books: what each holds, beside the budgets. Shapes and pure functions; which source pays what is decided by whoever pays.
import type { Entry } from './ledger.ts';

/** quota: what the document gave · open: what is left · sealed: in a batch · spent: arrived. No name is one of a budget's: sums by those leave them out. */
type FundAccount = 'quota' | 'open' | 'sealed' | 'spent';

/** What is taken from, or given back to, one source, 分. */
export interface FundShare {
  readonly sourceId: string;
  readonly amountFen: bigint;
}

export const fundAccount = (sourceId: string, account: FundAccount): string => `fund:${sourceId}:${account}`;

export const fundMove = (parts: readonly FundShare[], from: FundAccount, to: FundAccount): readonly Entry[] =>
  parts.flatMap(({ sourceId, amountFen }) => [
    { account: fundAccount(sourceId, from), amountFen: -amountFen },
    { account: fundAccount(sourceId, to), amountFen },
  ]);

/** So much of what the parts hold, from each in its proportion, to the last 分: rounded down, the rest to the largest remainders, first come first. */
export const shareOf = (parts: readonly FundShare[], fen: bigint): readonly FundShare[] => {
  const total = parts.reduce((sum, part) => sum + part.amountFen, 0n);
  if (total === 0n || fen <= 0n) return [];
  const wanted = fen < total ? fen : total;
  const exact = parts.map((part, place) => ({
    sourceId: part.sourceId,
    place,
    amountFen: (part.amountFen * wanted) / total,
    left: (part.amountFen * wanted) % total,
  }));
  const missing = Number(wanted - exact.reduce((sum, part) => sum + part.amountFen, 0n));
  const raised = new Set(
    [...exact]
      .sort((a, b) => (a.left === b.left ? a.place - b.place : a.left > b.left ? -1 : 1))
      .slice(0, missing)
      .map((part) => part.place),
  );
  return exact
    .map(({ sourceId, place, amountFen }) => ({ sourceId, amountFen: raised.has(place) ? amountFen + 1n : amountFen }))
    .filter((part) => part.amountFen > 0n);
};
