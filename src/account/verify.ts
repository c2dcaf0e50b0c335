// Whether an account was tried before the first payment: by a small amount sent, or by the bank comparing a file of names and numbers. One table of states;
// the payment stage asks `isVerified` and moves the rest.
import { type AuditChange, audit, auditAll } from '../audit/audit.ts';
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

/** Money itself tries an account without a list: what arrived confirms it, what came back because of it fails it. */
export const paymentEdges: Readonly<Record<CheckState, readonly CheckState[]>> = {
  unverified: ['verified', 'failed'],
  pending: ['verified', 'failed'],
  verified: ['failed'],
  failed: ['verified'],
};

export type CheckMethod = 'small-amount' | 'bank-file' | 'payment';

const edgesOf = (method: CheckMethod, state: CheckState): readonly CheckState[] =>
  (method === 'payment' ? paymentEdges : checkEdges)[state];

export interface CheckBy {
  readonly actor: string;
  readonly role: string;
  readonly at: Date;
}

export interface CheckAsk {
  readonly accountIndex: string;
  readonly subjectId: string;
  readonly method: CheckMethod;
  /** What shows it: file hash and line, the bank's answer, amount in 分 as text. Never the account. */
  readonly evidence: Readonly<Record<string, string>>;
  /** Where it goes from how it stands, judged under the row's lock; null: stays. */
  to(use: store.UseState): CheckState | null;
}

const keyOf = (one: Pick<CheckAsk, 'accountIndex' | 'subjectId'>): string => `${one.accountIndex}\n${one.subjectId}`;

/**
 * Moves many, each judged on its row as it stands under lock; locks are taken in one statement and one order, so that a result file and an answer about the
 * same accounts take turns. Accounts nobody is noted on are passed over. How many moved.
 */
export const moveChecks = async (tx: Tx, asks: readonly CheckAsk[], by: CheckBy): Promise<number> => {
  if (asks.length === 0) return 0;
  const uses = new Map(
    (await store.lockUses(tx, asks)).map(({ accountIndex, subjectId, ...use }) => [keyOf({ accountIndex, subjectId }), use]),
  );
  const moved = new Map<string, store.NewCheck>();
  const entries: AuditChange[] = [];
  for (const ask of asks) {
    const { accountIndex, subjectId, method, evidence } = ask;
    const use = uses.get(keyOf(ask));
    const state = use === undefined ? null : ask.to(use);
    if (use === undefined || state === null || !edgesOf(method, use.state).includes(state)) continue;
    moved.set(keyOf(ask), { accountIndex, subjectId, state, method, evidence });
    uses.set(keyOf(ask), { state, method, evidence, checkedAt: by.at });
    entries.push({
      actor: by.actor,
      role: by.role,
      action: 'account.check',
      objectKind: 'payee_account',
      objectId: subjectId,
      before: { state: use.state },
      after: { state, method, evidence },
      at: by.at,
    });
  }
  await store.writeChecks(tx, [...moved.values()], by.at);
  await auditAll(tx, entries);
  return moved.size;
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
