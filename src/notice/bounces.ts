// Returned mail out of a folder: the mail server delivers what comes back to the sender's address into it, as `.eml` files or as a Maildir (`new/`). What is a
// report moves the notice it speaks of; read files lie in `done/`, what is no report of ours in `other/`. Killed anywhere, the file is read again, and
// hearing twice changes nothing.
import { lstat, mkdir, readdir, readFile, rename } from 'node:fs/promises';
import path from 'node:path';
import { type Db, transaction } from '../db/handle.ts';
import { readDsn, statusText } from './dsn.ts';
import { hear } from './hear-store.ts';

export interface BounceReport {
  readonly heard: number;
  /** Reports on a way that was left, or on mail that is none of ours; and whatever is no report. */
  readonly other: number;
}

/** Still being written, it may be half of itself. */
const settleMs = 2_000;
const largest = 5_000_000;
const atOnce = 500;

export const takeBounces = async (db: Db, options: { readonly folder: string; readonly now: Date }): Promise<BounceReport> => {
  const report = { heard: 0, other: 0 };
  for (const folder of [options.folder, path.join(options.folder, 'new')]) {
    for (const name of (await namesIn(folder)).slice(0, atOnce)) {
      const file = path.join(folder, name);
      const stat = await lstat(file).catch(() => null);
      // No links: whoever can write here must not have us read what they cannot.
      if (stat === null || !stat.isFile() || options.now.getTime() - stat.mtimeMs < settleMs) continue;
      const dsn = stat.size > largest ? null : readDsn(await readFile(file));
      const done = dsn !== null && (await told(db, dsn, options.now));
      report[done ? 'heard' : 'other'] += 1;
      await putAway(options.folder, file, name, done ? 'done' : 'other');
    }
  }
  return report;
};

const told = async (db: Db, dsn: NonNullable<ReturnType<typeof readDsn>>, at: Date): Promise<boolean> => {
  if (dsn.kind === 'waiting') return false;
  const kind = dsn.kind === 'failed' ? 'bounced' : 'delivered';
  const heard = { messageId: dsn.messageId, kind, why: statusText(dsn.status), channel: 'mail' } as const;
  return (await transaction(db, (tx) => hear(tx, heard, at))) === 'done';
};

const namesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder).catch(() => [])).filter((name) => !name.startsWith('.') && !/\.(?:tmp|part)$/i.test(name)).sort();

/** Another process may have put it away already. */
const putAway = async (folder: string, file: string, name: string, place: 'done' | 'other'): Promise<void> => {
  const to = path.join(folder, place);
  await mkdir(to, { recursive: true, mode: 0o700 });
  await rename(file, path.join(to, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
};
