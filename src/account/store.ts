// The SQL of accounts in use: which beneficiary is paid on which account (by its blind index, never its number), whose it is, whether it was tried.
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { vaultOf } from '../vault/hold.ts';
import type { AccountUse } from './account.ts';
import type { CheckMethod, CheckState } from './verify.ts';

export const accountIndex = (reader: Db | Tx, account: string): string => vaultOf(reader).index('account', account);

export interface NewUse extends AccountUse {
  readonly account: string;
  readonly source: string;
}

/** Notes who is paid on which account; what is known of one already stays. */
export const noteUses = async (tx: Tx, uses: readonly NewUse[], at: Date): Promise<void> => {
  if (uses.length === 0) return;
  const rows = uses.map(({ account, ...use }) => ({ ...use, index: accountIndex(tx, account) }));
  await rawSql(tx)`
    insert into payee_account (account_index, subject_id, holder_subject_id, source, state, first_seen_at)
    select distinct on (x.index, x."subjectId") x.index, x."subjectId", x."holderSubjectId", x.source, 'unverified', ${at}::timestamptz
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) as x(index text, "subjectId" uuid, "holderSubjectId" uuid, source text)
    on conflict do nothing`;
};

/** Everybody paid on the account. */
export const usesOf = async (reader: Db | Tx, index: string): Promise<readonly AccountUse[]> =>
  rawSql(reader)<AccountUse[]>`
    select subject_id as "subjectId", holder_subject_id as "holderSubjectId" from payee_account where account_index = ${index} order by subject_id`;

/** One beneficiary on an account, and whether the account was tried for him. */
export interface Standing extends AccountUse {
  readonly accountIndex: string;
  readonly state: CheckState;
}

/** Everybody on any of these accounts. */
export const standingsOf = async (reader: Db | Tx, indexes: readonly string[]): Promise<readonly Standing[]> =>
  rawSql(reader)<Standing[]>`
    select account_index as "accountIndex", subject_id as "subjectId", holder_subject_id as "holderSubjectId", state
    from payee_account where account_index = any(${[...indexes]}::text[]) order by account_index, subject_id`;

export interface UseState {
  readonly state: CheckState;
  readonly method: CheckMethod | null;
  readonly checkedAt: Date | null;
}

export const lockUse = async (tx: Tx, index: string, subjectId: string): Promise<UseState | null> => {
  const [row] = await rawSql(tx)<UseState[]>`
    select state, method, checked_at as "checkedAt" from payee_account where account_index = ${index} and subject_id = ${subjectId} for update`;
  return row ?? null;
};

export const writeCheck = async (
  tx: Tx,
  check: {
    readonly accountIndex: string;
    readonly subjectId: string;
    readonly state: CheckState;
    readonly method: CheckMethod;
    readonly evidence: Readonly<Record<string, string>>;
    readonly at: Date;
  },
): Promise<void> => {
  await rawSql(tx)`
    update payee_account set state = ${check.state}, method = ${check.method}, evidence = ${JSON.stringify(check.evidence)}::text::jsonb,
      checked_at = ${check.at}
    where account_index = ${check.accountIndex} and subject_id = ${check.subjectId}`;
};
