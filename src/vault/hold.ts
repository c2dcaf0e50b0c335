// Which vault belongs to which database: bound once where the database is opened, found by whoever reads or writes through that handle or a transaction
// of it. Data and keys belong together, so no store can be handed the keys of another database.

import { fail } from '../base/problem.ts';
import { type Database, type DatabaseOptions, type Db, dialectOf, openDatabase, openingOf, type Tx } from '../db/handle.ts';
import { parseKeys } from './keys.ts';
import { makeVault, type Vault } from './vault.ts';

const vaults = new WeakMap<object, Vault>();

export const holdVault = (db: Db, vault: Vault): void => {
  vaults.set(dialectOf(db), vault);
};

export const vaultOf = (reader: Db | Tx): Vault =>
  vaults.get(dialectOf(reader)) ??
  fail('config.keys', 'ZHIXIANG_KEYS', '这个数据库连接没有带上密钥环。', '请经由 openProduct 打开数据库，或先设置 ZHIXIANG_KEYS。');

/** How another thread of this process comes to the same database and keys. It goes from thread to thread in memory and nowhere else: both are secret. */
export interface Share {
  readonly database: DatabaseOptions;
  readonly keys: string;
}

/** null: the database was not opened by `openDatabase`. */
export const shareOf = (db: Db): Share | null => {
  const database = openingOf(db);
  return database === null ? null : { database, keys: vaultOf(db).secret };
};

/** As `openDatabase`, with the vault of the share held. */
export const openShared = async (share: Share, maxConnections: number): Promise<Database> => {
  const database = await openDatabase({ ...share.database, maxConnections });
  holdVault(database.db, makeVault(parseKeys(share.keys, 'ZHIXIANG_KEYS')));
  return database;
};
