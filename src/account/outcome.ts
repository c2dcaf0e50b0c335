// What payments say about accounts: money that arrived confirms one, money that came back because of it fails it. In whatever order the bank answers.
import type { Tx } from '../db/handle.ts';
import { type CheckAsk, type CheckBy, moveChecks } from './verify.ts';

export interface PaymentWord {
  readonly accountIndex: string;
  readonly subjectId: string;
  readonly outcome: 'arrived' | 'refused';
  /** When the order left. An older one says nothing about what was found out since. */
  readonly sentAt: Date | null;
  readonly lineId: string;
  readonly fileId: string;
  /** Our reason code of a refusal. */
  readonly code: string | null;
}

/** Money that was on its way before the account failed lifts nothing; sent afterwards, on an account put right, it does. */
const askOf = ({ accountIndex, subjectId, outcome, sentAt, lineId, fileId, code }: PaymentWord): CheckAsk => ({
  accountIndex,
  subjectId,
  method: 'payment',
  evidence: { line: lineId, file: fileId, outcome, ...(code === null ? {} : { code }) },
  to: ({ state, checkedAt }) => {
    if (outcome === 'refused') return state === 'failed' ? null : 'failed';
    if (state === 'verified') return null;
    const since = checkedAt === null || (sentAt !== null && sentAt > checkedAt);
    return state === 'failed' && !since ? null : 'verified';
  },
});

export const noteOutcomes = (tx: Tx, words: readonly PaymentWord[], by: CheckBy): Promise<number> => moveChecks(tx, words.map(askOf), by);
