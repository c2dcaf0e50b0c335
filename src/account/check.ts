// Lists of accounts to be tried before the first payment: shapes, states as one table, what an answer does to an account. Pure; making a list is `check-make.ts`,
// the files `check-file.ts` and `check-answer.ts`, SQL `check-store.ts`.
import type { CheckMethod, CheckState } from './verify.ts';

export type ListMethod = Exclude<CheckMethod, 'payment'>;
export const listMethods: Readonly<Record<ListMethod, string>> = { 'bank-file': '银行核对户名', 'small-amount': '小额打款' };

/** made: frozen, waits for a second person · released: it may leave, its accounts are being tried · cancelled: sent back. */
export const listStates = { made: '待放行', released: '已放行', cancelled: '已作废' } as const;
export type ListState = keyof typeof listStates;

export const answers = {
  ok: '一致',
  'name-differs': '户名不符',
  closed: '账户不能用',
  'amount-differs': '到账金额不符',
  unknown: '没有结果',
} as const;
export type Answer = keyof typeof answers;

export interface CheckList {
  readonly id: string;
  readonly method: ListMethod;
  readonly template: string;
  readonly state: ListState;
  readonly rows: number;
  /** Small amounts together; 0 for the others. */
  readonly totalFen: bigint;
  readonly fileSha256: string;
  readonly madeBy: string;
  readonly madeAt: Date;
  readonly decidedBy: string | null;
  readonly decidedAt: Date | null;
  readonly reason: string | null;
}

/** One account of one beneficiary. */
export interface CheckRow {
  readonly position: number;
  readonly accountIndex: string;
  readonly subjectId: string;
  readonly disbursementId: string;
  readonly itemId: string;
  readonly authority: string;
  readonly division: string | null;
  readonly name: string;
  /** Last four of the number. */
  readonly tail: string;
  /** small-amount: what is sent. */
  readonly amountFen: bigint | null;
}

export interface RowAnswer {
  readonly position: number;
  readonly answer: Answer;
  /** The bank's own words, masked. */
  readonly words: string | null;
  readonly amountFen: bigint | null;
  readonly line: number | null;
}

/** `YZ`, ten characters of the list, five digits of the row: what the bank gives back, letters and digits only. */
export const referenceOf = (checkId: string, position: number): string => `YZ${listPart(checkId)}${String(position).padStart(5, '0')}`;
const listPart = (checkId: string): string => checkId.replaceAll('-', '').slice(0, 10).toUpperCase();

/** Rows of one list; what five digits count. */
export const mostRows = 20_000;

/** null: no reference of ours. */
export const readReference = (text: string): { readonly list: string; readonly position: number } | null => {
  const [, list, position] = /^YZ([0-9A-F]{10})(\d{5})$/.exec(text.trim().toUpperCase()) ?? [];
  return list === undefined || position === undefined ? null : { list: list.toLowerCase(), position: Number(position) };
};

export const isOfList = (checkId: string, reference: string): boolean => readReference(reference)?.list === listPart(checkId).toLowerCase();

/** Of everything ever answered about a row the worst counts, so that the order of files does not matter; `unknown` answers nothing. */
const weight: readonly Answer[] = ['closed', 'name-differs', 'amount-differs', 'ok', 'unknown'];
export const endOf = (said: Iterable<Answer>): Answer | null => {
  const all = new Set(said);
  return weight.find((one) => all.has(one)) ?? null;
};

/**
 * Where an answer moves the account. Only the list that tries it now may verify it: an old list's late yes says nothing of what was put right since, and
 * never lifts what failed. A no always counts.
 */
export const movedBy = (
  end: Answer | null,
  use: { readonly state: CheckState; readonly evidence: Readonly<Record<string, string>> | null },
  checkId: string,
): CheckState | null => {
  if (end === null || end === 'unknown') return null;
  if (end === 'ok') return use.state === 'pending' && use.evidence?.list === checkId ? 'verified' : null;
  return use.state === 'pending' || use.state === 'verified' ? 'failed' : null;
};
