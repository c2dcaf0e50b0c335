// Whether an account was tried before the first payment: by a small amount sent, or by the bank comparing a file of names and numbers. One table of states;
// the payment stage asks `isVerified` and moves the rest.
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { readSetting, writeSetting } from '../db/setting-store.ts';
import * as store from './store.ts';

export const checkStates = ['unverified', 'pending', 'verified', 'failed'] as const;
export type CheckState = (typeof checkStates)[number];
export const checkStateNames: Readonly<Record<CheckState, string>> = {
  unverified: '未验证',
  pending: '验证中',
  verified: '已验证',
  failed: '验证未通过',
};

/** A failed account may be tried again once it was put right; a verified one loses that when a payment on it comes back. */
export const checkEdges: Readonly<Record<CheckState, readonly CheckState[]>> = {
  unverified: ['pending'],
  pending: ['verified', 'failed'],
  verified: ['failed'],
  failed: ['pending'],
};

export type CheckMethod = 'small-amount' | 'bank-file';

export interface CheckMove {
  readonly accountIndex: string;
  readonly subjectId: string;
  readonly to: CheckState;
  readonly method: CheckMethod;
  /** What shows it: file hash and line, the bank's answer, amount in 分 as text. Never the account. */
  readonly evidence: Readonly<Record<string, string>>;
  readonly actor: string;
  readonly role: string;
  readonly at: Date;
}

/** Refuses with `missing.account-use` or `state.edge`. */
export const moveCheck = async (tx: Tx, move: CheckMove): Promise<void> => {
  const { accountIndex, subjectId, to, method, evidence, at } = move;
  if (Object.keys(evidence).length === 0) fail('input.evidence', '/evidence', '没有写验证的依据。', '例如银行回盘文件的哈希和行号。');
  const use = await store.lockUse(tx, accountIndex, subjectId);
  if (use === null) return fail('missing.account-use', '', '没有这个对象在这个账户上的记录。', '预填兑付记录时会登记账户。');
  if (!checkEdges[use.state].includes(to))
    fail('state.edge', subjectId, `这个账户${checkStateNames[use.state]}，不能改为${checkStateNames[to]}。`, '请刷新后查看它现在的状态。');
  await store.writeCheck(tx, { accountIndex, subjectId, state: to, method, evidence, at });
  await audit(tx, {
    actor: move.actor,
    role: move.role,
    action: 'account.check',
    objectKind: 'payee_account',
    objectId: subjectId,
    before: { state: use.state },
    after: { state: to, method, evidence },
    at,
  });
};

/** May the first payment go there? Anybody's successful check of the account for this beneficiary; null: nobody is noted on it. */
export const isVerified = (use: { readonly state: CheckState } | null | undefined): boolean => use?.state === 'verified';

const requiredKey = 'payment.verify-first';

/** Whether an account must have been tried before the first payment on it; else that it was not stands on the line. Not unless somebody set it. */
export const checkRequired = async (reader: Db | Tx): Promise<boolean> => (await readSetting<boolean>(reader, requiredKey)) === true;

export const requireCheck = (
  db: Db,
  required: boolean,
  by: { readonly actor: string; readonly role: string; readonly at: Date },
): Promise<void> =>
  transaction(db, async (tx) => {
    const before = await checkRequired(tx);
    await writeSetting(tx, requiredKey, required, by.at);
    await audit(tx, {
      ...by,
      action: 'account.require-check',
      objectKind: 'setting',
      objectId: requiredKey,
      before: { required: before },
      after: { required },
    });
  });
