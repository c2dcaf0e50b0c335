// What is known of the accounts money would go to: who else is paid on them, in any item and at any time, and whether they were tried before the first payment.
import { sharedAccount } from '../account/account.ts';
import { noteUses, type Standing, standingsOf } from '../account/store.ts';
import { checkRequired, isVerified } from '../account/verify.ts';
import type { Tx } from '../db/handle.ts';
import { accountIndex } from '../vault/account.ts';
import { paidOn } from './account-store.ts';
import type { ReadyRecord } from './ready-store.ts';

type Payable = Pick<ReadyRecord, 'id' | 'subjectId' | 'payeeSubjectId' | 'account'>;

export interface AccountLook {
  /** For whoever checks the batch. */
  readonly flags: readonly string[];
  /** Why nothing may be paid on it yet. */
  readonly reasons: readonly string[];
}

const pageSize = 2_000;
const pair = (index: string, subjectId: string): string => `${index}\n${subjectId}`;

/** By record id; a record without an account is not in it. An account somebody told since is noted first, so that two who tell the same are seen together. */
export const lookAtAccounts = async (tx: Tx, records: readonly Payable[], now: Date): Promise<ReadonlyMap<string, AccountLook>> => {
  const required = await checkRequired(tx);
  const found = new Map<string, AccountLook>();
  const payable = records.flatMap(({ account, ...record }) => (account === null ? [] : [{ ...record, account }]));
  for (let from = 0; from < payable.length; from += pageSize) await note(tx, payable.slice(from, from + pageSize), now);
  for (let from = 0; from < payable.length; from += pageSize) {
    const page = payable.slice(from, from + pageSize).map((record) => ({ ...record, index: accountIndex(tx, record.account) }));
    const indexes = [...new Set(page.map((record) => record.index))];
    const standings = await standingsOf(tx, indexes);
    const uses = Map.groupBy(standings, (use) => use.accountIndex);
    const states = new Map(standings.map((use) => [pair(use.accountIndex, use.subjectId), use]));
    const paid = new Set((await paidOn(tx, indexes)).map((one) => pair(one.accountIndex, one.subjectId)));
    for (const { id, index, subjectId } of page) {
      const key = pair(index, subjectId);
      found.set(id, lookOf(uses.get(index) ?? [], states.get(key), paid.has(key), required));
    }
  }
  return found;
};

const note = (tx: Tx, page: readonly (Payable & { readonly account: string })[], now: Date): Promise<void> =>
  noteUses(
    tx,
    page.map(({ account, subjectId, payeeSubjectId }) => ({
      account,
      subjectId,
      holderSubjectId: payeeSubjectId ?? subjectId,
      source: 'told',
    })),
    now,
  );

/** Several who are paid on it, and neither its one holder nor his wards: flagged. Tried once and failed: told even where money has arrived there before. */
const lookOf = (uses: readonly Standing[], own: Standing | undefined, paidBefore: boolean, required: boolean): AccountLook => {
  const shared = sharedAccount(uses);
  const flags = shared === null || shared.allowed ? [] : [`另有 ${shared.beneficiaries - 1} 人用同一账户`];
  const failed = own?.state === 'failed';
  if (isVerified(own) || (paidBefore && !failed)) return { flags, reasons: [] };
  const what = failed ? '收款账户验证未通过' : '首次付款账户未验证';
  return required ? { flags, reasons: [`${what}，先验证再拨付。`] } : { flags: [...flags, what], reasons: [] };
};
