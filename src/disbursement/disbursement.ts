// A disbursement record 兑付记录: what it holds, where its money is asked to go, what stands on the bank statement. Its states are `states.ts`, the walk
// through the steps of its item `flow.ts`.
import type { FlowStep, MatchKind } from '../policy/item.ts';
import type { State } from './states.ts';

/** Where the money is asked to go, and what is still missing for it. Account and bank are plain text; pages show the last four. */
export interface Payee {
  readonly name: string | null;
  readonly subjectId: string | null;
  readonly account: string | null;
  readonly bank: string | null;
  readonly bankCode: string | null;
  /** 缺收款账户, 缺户名 …: what to ask for, in Chinese. Empty: complete. */
  readonly gaps: readonly string[];
}

/** The record, as the flow looks at it. */
export interface Disbursement extends Omit<Payee, 'name' | 'subjectId'> {
  readonly id: string;
  readonly subjectId: string;
  readonly lineId: string | null;
  readonly matchId: string;
  readonly key: string;
  /** Which of the item's payees, where the line is shared; 0 the first or only one. */
  readonly part: number;
  readonly itemId: string;
  readonly version: number;
  readonly authority: string;
  readonly periodKey: string;
  readonly division: string | null;
  readonly matchKind: MatchKind;
  readonly payeeName: string | null;
  readonly payeeSubjectId: string | null;
  readonly amountFen: bigint;
  readonly basis: Basis;
  readonly statementText: string;
  readonly flow: readonly FlowStep[];
  readonly step: number;
  readonly state: State;
  readonly windowFrom: string | null;
  readonly dueOn: string | null;
  readonly heldFrom: State | null;
  readonly holdReason: string | null;
  readonly createdAt: Date;
  readonly revision: number;
}

/** A reviewer's return stands among the gaps under this word, and only people take it away. */
export const returned = '审核退回：';

/** Whether a gap is about the account: in the words of the steps, or of a reviewer who sent the record back for it. */
export const aboutAccount = (gap: string): boolean =>
  /收款账户|户名/.test(gap) || (gap.startsWith(returned) && /账户|账号|卡号|银行卡|存折/.test(gap));

export interface Basis {
  readonly title: string;
  readonly document: string;
  readonly number: string | null;
  readonly clause: string | null;
  readonly url: string | null;
}

/** A bank statement has room for 20 characters (and bytes of a Chinese code page: 40). */
export const statementTextOf = (item: { readonly statement?: string; readonly title: string }, periodKey: string): string => {
  const own = (item.statement ?? item.title).replaceAll(/\s+/g, '');
  const period = /^\d{4}-\d{2}$/.test(periodKey) ? `${periodKey.slice(2, 4)}年${Number(periodKey.slice(5))}月` : '';
  return [...own].length + period.length <= 20 && item.statement === undefined ? own + period : [...own].slice(0, 20).join('');
};
