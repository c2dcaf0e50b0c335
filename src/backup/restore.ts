// Restore: the whole backup is read and verified first; then every row goes into an empty database in one transaction, or none does. Afterwards the
// database waits for a person (src/db/restored.ts): what was sent since the backup is not in it.
import type { Writable } from 'node:stream';
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { type Db, rawSql, type Tx, transaction } from '../db/handle.ts';
import { type RestoreMark, restoreKey } from '../db/restored.ts';
import { writeSetting } from '../db/setting-store.ts';
import type { Vault } from '../vault/vault.ts';
import { readBackup } from './backup.ts';
import type { BackupHead } from './frame.ts';
import { analyzeAll, appliedMigrations, countRows, firstFilled, rowsIn, setSequences, type Table, tablesInOrder } from './store.ts';

export interface Content {
  open(): AsyncIterable<Uint8Array>;
}

/** Reads all of it, writes nothing. Throws `input.backup`. */
export const verifyBackup = async (vault: Vault, content: Content): Promise<{ readonly head: BackupHead; readonly rows: number }> => {
  let head: BackupHead | null = null;
  let rows = 0;
  for await (const part of readBackup(vault, content.open())) {
    if (part.kind === 'head') head = part.head;
    if (part.kind === 'end') rows = part.end.rows;
  }
  return { head: head as unknown as BackupHead, rows };
};

/** Throws `state.not-empty`: a restore never mixes with what is there. */
export const mustBeEmpty = async (reader: Db | Tx): Promise<void> => {
  const filled = await firstFilled(reader);
  if (filled !== null)
    fail(
      'state.not-empty',
      filled,
      '这个数据库里已经有数据，不能往里恢复。',
      '恢复到一个新的数据目录（ZHIXIANG_DATA）或新建的空库（DATABASE_URL）。',
    );
};

/** The tables must be those of this program: a backup of another version is restored by that version and migrated after. */
const mustFit = async (tx: Tx, head: BackupHead): Promise<void> => {
  const ours = await appliedMigrations(tx);
  const tables = await tablesInOrder(tx);
  const shape = (list: readonly Table[]): string =>
    JSON.stringify(
      list.map(({ name, columns }) => [name, ...columns.toSorted()]).toSorted((a, b) => ((a[0] as string) < (b[0] as string) ? -1 : 1)),
    );
  if (JSON.stringify(ours) !== JSON.stringify(head.migrations) || shape(tables) !== shape(head.tables))
    fail('input.backup-version', '', '备份是由另一个版本的程序做的，表的结构不同。', '用做备份的那个版本恢复，再升级程序。');
};

class Filling {
  #to: Writable | null = null;
  readonly #tx: Tx;
  #table: Table | null = null;

  constructor(tx: Tx) {
    this.#tx = tx;
  }

  async open(table: Table): Promise<void> {
    this.#table = table;
    this.#to = await rowsIn(this.#tx, table);
    // What goes wrong is told to whoever writes or ends.
    this.#to.on('error', () => undefined);
  }

  write(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      (this.#to as Writable).write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  }

  async end(rows: number): Promise<void> {
    const to = this.#to as Writable;
    const table = this.#table as Table;
    await new Promise<void>((resolve, reject) => {
      to.once('error', reject);
      to.end(resolve);
    });
    if ((await countRows(this.#tx, table.name)) !== rows)
      fail('internal.restore', table.name, `表 ${table.name} 恢复后的行数不对，已全部撤销。`, '请联系系统管理员。');
  }
}

export interface RestoreReport {
  readonly tables: number;
  readonly rows: number;
  readonly madeAt: string;
}

/** Everything or nothing. `db` is the owner's, on a migrated and empty database. The caller has run `verifyBackup` on the same bytes. */
export const restore = async (db: Db, vault: Vault, content: Content, now: Date): Promise<RestoreReport> => {
  const report = await transaction(db, async (tx) => {
    await rawSql(tx)`set local statement_timeout = 0`;
    await mustBeEmpty(tx);
    const filling = new Filling(tx);
    let head: BackupHead | null = null;
    let rows = 0;
    for await (const part of readBackup(vault, content.open())) {
      if (part.kind === 'head') {
        head = part.head;
        await mustFit(tx, head);
      } else if (part.kind === 'table') await filling.open(head?.tables.find((table) => table.name === part.name) as Table);
      else if (part.kind === 'rows') await filling.write(part.bytes);
      else if (part.kind === 'table-end') await filling.end(part.rows);
      else {
        rows = part.end.rows;
        await setSequences(tx, part.end.sequences);
      }
    }
    const { madeAt, tables } = head as unknown as BackupHead;
    const mark: RestoreMark = { restoredAt: now.toISOString(), madeAt, reconciled: null };
    await writeSetting(tx, restoreKey, mark, now);
    const after = { madeAt, tables: tables.length, rows };
    await audit(tx, {
      actor: 'restore',
      role: 'system',
      action: 'backup.restore',
      objectKind: 'database',
      objectId: madeAt,
      after,
      at: now,
    });
    return { tables: tables.length, rows, madeAt };
  });
  await analyzeAll(db);
  return report;
};
