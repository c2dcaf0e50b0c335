// An account number at rest: sealed and bound to the row it stands in, beside a blind index by which rows of one account are found without opening any.
import type { Db, Tx } from '../db/handle.ts';
import type { SealedColumn } from './column.ts';
import { vaultOf } from './hold.ts';

type Table = 'disbursement' | 'payment_line';

const placeOf = (table: Table, id: string): readonly string[] => [table, 'account', id];

/** What stands for an account where rows are compared, and in what is hashed. */
export const accountIndex = (reader: Db | Tx, account: string): string => vaultOf(reader).index('account', account);

/** `account` in base64, as a JSON row carries it to the database. */
export const sealAccount = (
  tx: Tx,
  table: Table,
  id: string,
  account: string,
): { readonly account: string; readonly accountIndex: string } => {
  return {
    account: Buffer.from(vaultOf(tx).seal(Buffer.from(account), placeOf(table, id))).toString('base64'),
    accountIndex: accountIndex(tx, account),
  };
};

export const openAccount = (reader: Db | Tx, table: Table, id: string, sealed: Uint8Array): string =>
  Buffer.from(vaultOf(reader).open(sealed, placeOf(table, id))).toString();

export const sealedAccounts: readonly SealedColumn[] = (['disbursement', 'payment_line'] as const).map((table) => ({
  table,
  column: 'account',
  title: table === 'disbursement' ? '兑付记录的账号' : '发放明细的账号',
  bytes: true,
  place: ({ id = '' }) => placeOf(table, id),
}));

/** A row as it is read: its account still sealed. */
export type SealedAccount<T> = Omit<T, 'account'> & { readonly account: Uint8Array | null };
