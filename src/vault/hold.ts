// Which vault belongs to which database: bound once where the database is opened, found by whoever reads or writes through that handle or a transaction
// of it. Data and keys belong together, so no store can be handed the keys of another database.

import { fail } from '../base/problem.ts';
import type { Db, Tx } from '../db/handle.ts';
import type { Vault } from './vault.ts';

const vaults = new WeakMap<object, Vault>();

/** A handle and all its transactions share one dialect object; there is no other thing they share. */
const sharedBy = (reader: Db | Tx): object => (reader as unknown as { readonly dialect: object }).dialect;

export const holdVault = (db: Db, vault: Vault): void => {
  vaults.set(sharedBy(db), vault);
};

export const vaultOf = (reader: Db | Tx): Vault =>
  vaults.get(sharedBy(reader)) ??
  fail('config.keys', 'ZHIXIANG_KEYS', '这个数据库连接没有带上密钥环。', '请经由 openProduct 打开数据库，或先设置 ZHIXIANG_KEYS。');
