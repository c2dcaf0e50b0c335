// The SQL of accounts in use: which beneficiary is paid on which account (by its blind index, never its number), whose it is, whether it was tried.
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { accountIndex } from '../vault/account.ts';
import type { AccountUse } from './account.ts';
import type { CheckMethod, CheckState } from './verify.ts';

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
  readonly evidence: Readonly<Record<string, string>> | null;
  readonly checkedAt: Date | null;
}

export interface UseKey {
  readonly accountIndex: string;
  readonly subjectId: string;
}

/** How one stands, unlocked; null: nobody noted it. */
export const useOf = async (reader: Db | Tx, index: string, subjectId: string): Promise<UseState | null> => {
  const [row] = await rawSql(reader)<UseState[]>`
    select state, method, evidence, checked_at as "checkedAt" from payee_account where account_index = ${index} and subject_id = ${subjectId}`;
  return row ?? null;
};

/** Locked in one order, whatever order they are asked in. */
export const lockUses = async (tx: Tx, keys: readonly UseKey[]): Promise<readonly (UseKey & UseState)[]> =>
  rawSql(tx)<(UseKey & UseState)[]>`
    select p.account_index as "accountIndex", p.subject_id as "subjectId", p.state, p.method, p.evidence, p.checked_at as "checkedAt"
    from payee_account p
    where (p.account_index, p.subject_id) in (
      select i, s from unnest(${keys.map((k) => k.accountIndex)}::text[], ${keys.map((k) => k.subjectId)}::uuid[]) as x(i, s))
    order by p.account_index, p.subject_id for update of p`;

export interface NewCheck extends UseKey {
  readonly state: CheckState;
  readonly method: CheckMethod;
  readonly evidence: Readonly<Record<string, string>>;
}

export const writeChecks = async (tx: Tx, checks: readonly NewCheck[], at: Date): Promise<void> => {
  if (checks.length === 0) return;
  await rawSql(tx)`
    update payee_account p set state = x.state, method = x.method, evidence = x.evidence, checked_at = ${at}
    from jsonb_to_recordset(${JSON.stringify(checks)}::text::jsonb) as x("accountIndex" text, "subjectId" uuid, state text, method text, evidence jsonb)
    where p.account_index = x."accountIndex" and p.subject_id = x."subjectId"`;
};
