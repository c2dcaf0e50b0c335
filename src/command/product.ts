// Opens the product's database for a command: DATABASE_URL, else the own server — the running one beside `npm start`, or one started for this command.
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

/** For `demo`: a server of its own in a temporary directory, thrown away at the end. fsync stays on: it is the real job. */
export const openTemporary = async (now: Date): Promise<Product> => {
  const embedded = await openEmbedded({ dataDir: mkdtempSync(join(tmpdir(), 'zhixiang-')), nowMs: now.getTime(), temporary: true });
  return opened(embedded.url, undefined, embedded, () => makeVault(parseKeys(newKeys(), 'demo')));
};
