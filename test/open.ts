// A database opened as the product opens it, with the key ring of the tests; for children and for tests that open several.
import { openVault, readConfig } from '../src/config.ts';
import { type Database, type DatabaseOptions, openDatabase } from '../src/db/handle.ts';
import { holdVault } from '../src/vault/hold.ts';
import { testKeys } from './keys.ts';

export const openTestDatabase = async (options: DatabaseOptions): Promise<Database> => {
  const database = await openDatabase(options);
  holdVault(database.db, openVault(readConfig({ ZHIXIANG_KEYS: testKeys })));
  return database;
};
