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
    /** Records the bank had a payment for that is lost here: not paid before somebody has found out. Held ones among them say so by themselves. */
    readonly lost?: readonly string[];
    /** How many of the bank's references fit no record here: whoever they paid may have a record made anew since. */
    readonly unexplained?: number;
    /** Who found out about both. */
    readonly explained?: { readonly at: string; readonly by: string };
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

/**
 * Why these records may not be paid yet although the restore was reconciled, by record id: the bank had another payment of theirs, or had payments nobody
 * here knows, which somebody whose record was made since may have got. Until `restore explain`.
 */
export const unexplainedReasons = async (
  reader: Db | Tx,
  records: readonly { readonly id: string; readonly createdAt: Date }[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const mark = await restoreMark(reader);
  if (!mark?.reconciled || mark.reconciled.explained !== undefined) return new Map();
  const lost = new Set(mark.reconciled.lost ?? []);
  const unknown = mark.reconciled.unexplained ?? 0;
  const restoredAt = new Date(mark.restoredAt);
  return new Map(
    records.flatMap(({ id, createdAt }): [string, readonly string[]][] => {
      if (lost.has(id)) return [[id, ['恢复之前银行已有这一笔的付款，库里没有；查明之前不再付。']]];
      return unknown > 0 && createdAt >= restoredAt
        ? [[id, [`恢复之前银行有 ${unknown} 笔付款对不上记录，可能就是这一笔；查明之前不付。`]]]
        : [];
    }),
  );
};

/** Whether the bank had this batch before the restore. */
export const wasSentBefore = async (reader: Db | Tx, batchId: string): Promise<boolean> =>
  (await restoreMark(reader))?.reconciled?.sentBatches.includes(batchId) === true;

/** Throws `state.already-sent` for a batch the bank had before the restore. */
export const mustNotBeSentAlready = async (reader: Db | Tx, batchId: string): Promise<void> => {
  if (await wasSentBefore(reader, batchId))
    fail('state.already-sent', batchId, '恢复之前银行已经收到过这一批，文件不能再交一次。', '照原样签发后，直接读入银行的回盘。');
};
