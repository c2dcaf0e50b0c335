// Ground for tests of rotation: the owner's connection with a ring of its choosing, and rings whose keys come one after the other.
import { type Database, openAsOwner, openDatabase } from '../../src/db/handle.ts';
import { holdVault } from '../../src/vault/hold.ts';
import { parseKeys } from '../../src/vault/keys.ts';
import { makeVault } from '../../src/vault/vault.ts';
import { testKeys } from '../keys.ts';

const [index = '', first = ''] = testKeys.split(';');
const secret = (byte: number): string => Buffer.alloc(32, byte).toString('base64');
const second = `k2 sm4-ctr-sm3 ${secret(7)}`;
const third = `k3 aes-256-gcm ${secret(9)}`;

/** The tests' own ring; with a second key, of the other algorithm; with a third but without the first; the third alone. */
export const rings = {
  first: [index, first].join(';'),
  both: [index, first, second].join(';'),
  later: [index, second, third].join(';'),
  last: [index, third].join(';'),
} as const;

const held = async <T>(database: Database, keys: string, work: (database: Database) => Promise<T>): Promise<T> => {
  holdVault(database.db, makeVault(parseKeys(keys, 'test')));
  try {
    return await work(database);
  } finally {
    await database.close();
  }
};

/** As the program runs, under a ring. */
export const withKeys = async <T>(ownerUrl: string, keys: string, work: (database: Database) => Promise<T>): Promise<T> =>
  held(await openDatabase({ ownerUrl, maxConnections: 2 }), keys, work);

/** As the owner of the tables, under a ring. */
export const asOwner = <T>(ownerUrl: string, keys: string, work: (database: Database) => Promise<T>): Promise<T> =>
  held(openAsOwner(ownerUrl), keys, work);
