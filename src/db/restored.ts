// After a restore the database stands where the backup stood, and the world has gone on: what was sent since is not known here. Until a person has
// reconciled it, nothing leaves: no release, no file, no notice, no reminder.
import { fail } from '../base/problem.ts';
import type { Db, Tx } from './handle.ts';
import { readSetting } from './setting-store.ts';

export interface RestoreMark {
  readonly restoredAt: string;
  /** When the backup was made: everything after it is lost. */
  readonly madeAt: string;
  /** null: still waiting for a person. */
  readonly reconciled: {
    readonly at: string;
    readonly by: string;
    /** Batches that the bank had already; their files never leave again. */
    readonly sentBatches: readonly string[];
  } | null;
}

export const restoreKey = 'restore';

/** null: never restored. */
export const restoreMark = (reader: Db | Tx): Promise<RestoreMark | null> => readSetting<RestoreMark>(reader, restoreKey);

/** True while a restore waits for its person. */
export const isRestoring = async (reader: Db | Tx): Promise<boolean> => {
  const mark = await restoreMark(reader);
  return mark !== null && mark.reconciled === null;
};

/** Throws `state.restored` while a restore waits for its person. */
export const mustBeReconciled = async (reader: Db | Tx): Promise<void> => {
  if (await isRestoring(reader))
    fail(
      'state.restored',
      '',
      '数据库是从备份恢复的，还没有核对备份之后已经发出去的内容，现在什么都不外发。',
      '先核对：npm run -s zhixiang -- restore reconcile --help',
    );
};

/** Throws `state.already-sent` for a batch the bank had before the restore. */
export const mustNotBeSentAlready = async (reader: Db | Tx, batchId: string): Promise<void> => {
  if ((await restoreMark(reader))?.reconciled?.sentBatches.includes(batchId) === true)
    fail('state.already-sent', batchId, '恢复之前银行已经收到过这一批，文件不能再交一次。', '照原样签发后，直接读入银行的回盘。');
};
