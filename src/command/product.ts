// Opens the product's database for a command: DATABASE_URL, else the own server — the running one beside `npm start`, or one started for this command.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail } from '../base/problem.ts';
import { type Config, openVault } from '../config.ts';
import { type Embedded, openEmbedded } from '../db/embedded.ts';
import { type Database, openDatabase } from '../db/handle.ts';
import { runningServer } from '../db/join.ts';
import { migrate } from '../db/migrate.ts';
import { holdVault } from '../vault/hold.ts';
import { newKeys, parseKeys } from '../vault/keys.ts';
import { makeVault, type Vault } from '../vault/vault.ts';

export interface Product {
  readonly database: Database;
  /** For maintenance that the program's own role may not do (`openAsOwner`). */
  readonly ownerUrl: string;
  readonly vault: Vault;
  /** The own server, when this process started it. */
  readonly embedded: Embedded | null;
  close(): Promise<void>;
}

const opened = async (ownerUrl: string, appUrl: string | undefined, embedded: Embedded | null, vault: () => Vault): Promise<Product> => {
  try {
    const held = vault();
    await migrate({ ownerUrl, appUrl });
    const database = await openDatabase({ ownerUrl, appUrl, sealsWith: held.newest });
    holdVault(database.db, held);
    return {
      database,
      ownerUrl,
      vault: held,
      embedded,
      close: async () => {
        await database.close();
        await embedded?.stop();
      },
    };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
};

/** For `start`: the own server must be this process's alone, so a second start on the same data is refused with the way out. */
export const openForServing = async (config: Config, now: Date, say: (line: string) => void): Promise<Product> => {
  if (config.databaseUrl !== null) return opened(config.databaseUrl, config.databaseAppUrl ?? undefined, null, () => openVault(config));
  const embedded = await openEmbedded({ dataDir: config.dataDir, nowMs: now.getTime(), say });
  return opened(embedded.url, undefined, embedded, () => openVault(config));
};

/** For other commands: joins the server that `npm start` runs, else starts it for the time of the command. */
export const openForCommand = async (config: Config, now: Date, say: (line: string) => void): Promise<Product> => {
  const running = config.databaseUrl === null ? runningServer(config.dataDir) : null;
  return running === null ? openForServing(config, now, say) : opened(running, undefined, null, () => openVault(config));
};

export interface Owner {
  /** The password is in it: never printed. */
  readonly url: string;
  close(): Promise<void>;
}

/** The owner's address alone, nothing migrated: for backups, beside the running product or not. */
export const ownerFor = async (config: Config, now: Date, say: (line: string) => void): Promise<Owner> => {
  const running = config.databaseUrl ?? runningServer(config.dataDir);
  if (running !== null) return { url: running, close: async () => undefined };
  const embedded = await openEmbedded({ dataDir: config.dataDir, nowMs: now.getTime(), say });
  return { url: embedded.url, close: () => embedded.stop() };
};

/** For a restore: never into a server that a product is running on. */
export const ownerForRestore = (config: Config, now: Date, say: (line: string) => void): Promise<Owner> =>
  config.databaseUrl === null && runningServer(config.dataDir) !== null
    ? fail('state.running', config.dataDir, '直享正在这个数据目录上运行。', '先停止它，或用 ZHIXIANG_DATA 换一个新的目录。')
    : ownerFor(config, now, say);

/**
 * The index key is the same every time: who of two goes first is settled by a keyed hash, and the same demo must say the same. Nothing of it outlives the
 * demo, and nobody in it is real.
 */
const demoKeys = (): string => newKeys().replace(/^index .*$/m, `index ${Buffer.alloc(32, 1).toString('base64')}`);

/** For `demo`: a server of its own in a temporary directory, thrown away at the end. fsync stays on: it is the real job. */
export const openTemporary = async (now: Date): Promise<Product> => {
  const embedded = await openEmbedded({ dataDir: mkdtempSync(join(tmpdir(), 'zhixiang-')), nowMs: now.getTime(), temporary: true });
  return opened(embedded.url, undefined, embedded, () => makeVault(parseKeys(demoKeys(), 'demo')));
};
