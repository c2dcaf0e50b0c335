// Money that came back: the account is put right, or the reason is gone, and the record is ready again; the next batch pays it by a new order that names
// the old one. What is unknown never comes here.
import { isAccount } from '../base/codes.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import type { Tx } from '../db/handle.ts';
import { lockOne, moveAll } from '../disbursement/store.ts';
import { returnReasons } from './reason.ts';
import { lastReturn } from './result-store.ts';

export interface Correction {
  readonly disbursementId: string;
  /** Absent: the same account again, where the reason allows it (a card that is activated by now). */
  readonly account?: string;
  readonly payeeName?: string;
  readonly bank?: string;
  readonly bankCode?: string;
  readonly reason: string;
  readonly actor: { readonly id: string; readonly role: string };
  readonly by: 'finance' | 'beneficiary';
  readonly scope: Scope;
  readonly now: Date;
}

/** Throws `state.not-returned`, `input.account`, `input.same-account`, `input.reason`. */
export const correctReturned = async (tx: Tx, ask: Correction): Promise<void> => {
  const record = await lockOne(tx, ask.disbursementId, ask.scope);
  if (record.state !== 'returned') fail('state.not-returned', record.id, '这一笔不是退汇，不能更正重发。', '请刷新后查看它现在的状态。');
  const returned = (await lastReturn(tx, record.id)) ?? fail('state.not-returned', record.id, '查不到银行的退汇。', '请先导入回盘。');
  const account = ask.account?.replaceAll(/\s/g, '') ?? record.account;
  if (account === null || !isAccount(account)) fail('input.account', '/account', '收款账户格式不对。', '请核对账号，只填数字。');
  // Of several reasons the strictest counts.
  const known = returnReasons.find((one) => returned.codes.includes(one.code) && !one.sameAccount);
  const unchanged =
    account === record.account &&
    (ask.payeeName ?? record.payeeName) === record.payeeName &&
    (ask.bankCode ?? record.bankCode) === record.bankCode;
  if (unchanged && known !== undefined) fail('input.same-account', '/account', `退汇原因是“${known.text}”，原账户不能再用。`, known.fix);
  const payee = {
    name: ask.payeeName ?? record.payeeName,
    subjectId: record.payeeSubjectId,
    account,
    bank: ask.bank ?? record.bank,
    bankCode: ask.bankCode ?? record.bankCode,
    gaps: [],
  };
  const place = { state: 'ready' as const, step: record.step, windowFrom: null, dueOn: null };
  await moveAll(tx, [{ record, place, by: ask.by, reason: ask.reason, payee, proof: { replaces: returned.lineId } }], ask.actor, ask.now);
};
