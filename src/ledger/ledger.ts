// The ledger: double-entry postings over budgets, and past payments taken over from elsewhere. Shapes and pure functions;
// what is written and read is in `store.ts`. Who is owed what, and why, is settlement's business, not the ledger's.
import { fail } from '../base/problem.ts';

/**
 * appropriate 额度下达 · reserve 预留 · commit 封批占用 · pay 到账 · release 释放 · restore 退汇恢复 · import 历史发放 · recover 追回 · offset 抵扣.
 * Money that is promised stands on `reserved`, money in a sealed batch on `committed`.
 */
export type PostingKind = 'appropriate' | 'reserve' | 'commit' | 'pay' | 'release' | 'restore' | 'import' | 'recover' | 'offset';

export type BudgetAccount = 'appropriation' | 'available' | 'reserved' | 'committed' | 'paid';

export interface Entry {
  readonly account: string;
  readonly amountFen: bigint;
}

/** One transaction: its entries sum to zero. `key` is a natural key made by the caller; the same key twice is one transaction. */
export interface Transaction {
  readonly key: string;
  readonly kind: PostingKind;
  readonly itemId: string;
  readonly year: number;
  readonly subjectId?: string;
  readonly periodKey?: string;
  readonly lineId?: string;
  /** Which element (graduate, child) of the subject; '' or absent: the subject itself. */
  readonly objectKey?: string;
  readonly entries: readonly Entry[];
}

export const budgetIdOf = (itemId: string, year: number): string => `${itemId}:${year}`;
export const accountOf = (budgetId: string, account: BudgetAccount): string => `budget:${budgetId}:${account}`;

/** From where to where each kind moves money within a budget; `restore` brings a returned payment back to what is promised. */
const movement: Record<Exclude<PostingKind, 'import'>, readonly [BudgetAccount, BudgetAccount]> = {
  appropriate: ['appropriation', 'available'],
  reserve: ['available', 'reserved'],
  commit: ['reserved', 'committed'],
  pay: ['committed', 'paid'],
  release: ['reserved', 'available'],
  restore: ['paid', 'reserved'],
  recover: ['paid', 'available'],
  // Kept back from a promise for what is owed: as if it had been paid, and paid back.
  offset: ['reserved', 'paid'],
};

/** The two entries of a movement; `from` differs from the table where a sealed but unpaid line is taken back. */
export const move = (
  kind: Exclude<PostingKind, 'import'>,
  budgetId: string,
  amountFen: bigint,
  from: BudgetAccount = movement[kind][0],
): readonly Entry[] => [
  { account: accountOf(budgetId, from), amountFen: -amountFen },
  { account: accountOf(budgetId, movement[kind][1]), amountFen },
];

/** A claim to money paid too much: asked back, come back, given up; kept beside the budget it was paid from. */
export const recoveryMove = (
  budgetId: string,
  from: 'claimed' | 'owed',
  to: 'owed' | 'returned' | 'written-off',
  amountFen: bigint,
): readonly Entry[] => [
  { account: `recovery:${budgetId}:${from}`, amountFen: -amountFen },
  { account: `recovery:${budgetId}:${to}`, amountFen },
];

/** A payment made before, or elsewhere, as a source file tells it; `key` names the file and row. */
export interface PastPayment {
  readonly key: string;
  readonly itemId: string;
  readonly subjectId: string;
  readonly periodKey: string;
  readonly year: number;
  readonly amountFen: bigint;
  readonly objectKey?: string;
}

export const importTransaction = (paid: PastPayment): Transaction => ({
  key: `import:${paid.key}`,
  kind: 'import',
  itemId: paid.itemId,
  year: paid.year,
  subjectId: paid.subjectId,
  periodKey: paid.periodKey,
  objectKey: paid.objectKey ?? '',
  entries: [
    { account: `imported:${paid.itemId}:source`, amountFen: -paid.amountFen },
    { account: `imported:${paid.itemId}:paid`, amountFen: paid.amountFen },
  ],
});

/** Refuses what is not double entry: `state.unbalanced`. A programming error, never a user's; but money asks twice. */
export const requireBalanced = (transactions: readonly Transaction[]): void => {
  const seen = new Set<string>();
  for (const transaction of transactions) {
    const sum = transaction.entries.reduce((total, entry) => total + entry.amountFen, 0n);
    const accounts = new Set(transaction.entries.map((entry) => entry.account));
    if (sum !== 0n || transaction.entries.length < 2 || accounts.size !== transaction.entries.length || seen.has(transaction.key))
      fail('state.unbalanced', transaction.key, '这笔记账借贷不平，已拒绝入账。', '请联系系统管理员查看程序日志；账上没有任何变动。');
    seen.add(transaction.key);
  }
};

/** What a subject was promised or paid, per item, period and element; DESIGN 7's history. `paidFen` is the part that reached the account. */
export interface HistoryRow {
  readonly subjectId: string;
  readonly itemId: string;
  readonly periodKey: string;
  readonly year: number;
  readonly objectKey: string;
  readonly amountFen: bigint;
  readonly paidFen: bigint;
}

/** One promise as it stands now: `reservedFen` of `amountFen` may still be taken back, the rest is in a sealed batch or paid. */
export interface PromiseRow {
  readonly subjectId: string;
  readonly itemId: string;
  readonly periodKey: string;
  readonly year: number;
  readonly objectKey: string;
  readonly lineId: string | null;
  readonly amountFen: bigint;
  readonly reservedFen: bigint;
}

/** Something the books do not agree on; the list is empty while all is well. */
export interface Imbalance {
  readonly what: 'transaction' | 'balance' | 'floor';
  readonly at: string;
  readonly expectedFen: bigint;
  readonly actualFen: bigint;
}
