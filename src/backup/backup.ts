// Backup: every table as of one moment, while the product goes on working: one repeatable-read transaction, rows streamed by COPY, packed, sealed by the
// key ring. The keys are not in it: they are kept apart, and without them it is noise.
import { Readable } from 'node:stream';
import { createGunzip, createGzip } from 'node:zlib';
import { fail } from '../base/problem.ts';
import { type Db, rawSql, transaction } from '../db/handle.ts';
import type { Vault } from '../vault/vault.ts';
import { opened, sealed } from './box.ts';
import { type BackupHead, type Part, readFrames, writeFrames } from './frame.ts';
import { appliedMigrations, rowsOut, sequences, tablesInOrder } from './store.ts';

/** Errors of what feeds a stream come out where it is read. */
async function* through(source: AsyncIterable<Uint8Array>, stream: ReturnType<typeof createGzip>): AsyncGenerator<Uint8Array> {
  const fed = Readable.from(source, { objectMode: false });
  fed.on('error', (error) => stream.destroy(error));
  fed.pipe(stream);
  try {
    yield* stream as AsyncIterable<Uint8Array>;
  } finally {
    fed.destroy();
    stream.destroy();
  }
}

/** Hands the sealed bytes to `write` while the transaction is open; returns what is in them. `db` is the owner's: it reads every table. */
export const backup = <T>(
  db: Db,
  vault: Vault,
  at: Date,
  write: (bytes: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<{ readonly head: BackupHead; readonly written: T }> =>
  transaction(
    db,
    async (tx) => {
      // Nothing else of this transaction may end for being slow: a disk may be.
      await rawSql(tx)`set local statement_timeout = 0`;
      const tables = await tablesInOrder(tx);
      const head: BackupHead = { format: 1, madeAt: at.toISOString(), migrations: await appliedMigrations(tx), tables };
      async function* sources() {
        for (const table of tables) yield { name: table.name, rows: rowsOut(tx, table) };
      }
      const frames = writeFrames(head, sources(), () => sequences(tx));
      const written = await write(sealed(vault, through(frames, createGzip({ level: 1 }))));
      return { head, written };
    },
    { isolationLevel: 'repeatable read', accessMode: 'read only' },
  );

/** A backup's parts, verified as they come. Throws `input.backup`. */
export const readBackup = async function* (vault: Vault, content: AsyncIterable<Uint8Array>): AsyncGenerator<Part> {
  try {
    yield* readFrames(through(opened(vault, content), createGunzip() as never));
  } catch (error) {
    if (String((error as NodeJS.ErrnoException).code).startsWith('Z_'))
      fail('input.backup', '', '这不是完好的备份：解不开压缩。', '请用另一份备份；没有任何数据被改动。');
    throw error;
  }
};
