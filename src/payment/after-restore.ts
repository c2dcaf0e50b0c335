// After a restore: what the bank has already, by its own list, against what the restored database believes. A payment the bank knows and we do not was
// made after the backup: its record is held, so that it is not paid a second time. Then things may leave again.
import { audit } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { type Db, transaction } from '../db/handle.ts';
import { type RestoreMark, restoreKey, restoreMark } from '../db/restored.ts';
import { writeSetting } from '../db/setting-store.ts';
import { states } from '../disbursement/states.ts';
import { moveAll } from '../disbursement/store.ts';
import { lockByReference, openSince, sentReferences } from './after-restore-store.ts';

export interface RestoreStatus {
  readonly mark: RestoreMark;
  /** Batches that were on their way when the backup was made: they may have been released since. */
  readonly open: readonly { readonly id: string; readonly number: string; readonly state: string; readonly totalFen: bigint }[];
}

/** null: this database was never restored. */
export const restoreStatus = async (db: Db): Promise<RestoreStatus | null> => {
  const mark = await restoreMark(db);
  return mark && { mark, open: await openSince(db) };
};

export interface ReconcileAsk {
  /** Every reference (EndToEndId) the bank has had since the backup was made. */
  readonly references: readonly string[];
  readonly by: { readonly id: string; readonly role: string };
  readonly reason: string;
  readonly now: Date;
}

export interface RestoreReconciled {
  /** The bank's references that we know as sent. */
  readonly known: number;
  /** Sealed here, sent there: the batches are released again as they are, their files never leave again. */
  readonly sentBatches: readonly { readonly id: string; readonly number: string }[];
  /** Records whose payment is lost here: held now. */
  readonly held: readonly string[];
  /** Records whose payment is lost here and that cannot be held where they stand. */
  readonly open: readonly string[];
  /** References that nothing here explains: their records are lost as well. */
  readonly unexplained: readonly string[];
}

/** Throws `state.restored` when nothing waits for it, `input.reason`. All or nothing. */
export const reconcileRestore = (db: Db, ask: ReconcileAsk): Promise<RestoreReconciled> =>
  transaction(db, async (tx) => {
    const mark = await restoreMark(tx);
    if (mark === null || mark.reconciled !== null) return fail('state.restored', '', '没有等待核对的恢复。', '不需要办理。');
    if (ask.reason.trim() === '')
      fail('input.reason', '--reason', '请写明怎样核对的。', '例如：已与代理银行核对 4 月 1 日以来的全部报盘。');
    const references = [...new Set(ask.references)];
    const lines = await sentReferences(tx, references);
    const sentBatches = new Map<string, string>();
    for (const line of lines.values()) if (!line.sent) sentBatches.set(line.batchId, line.number);
    const lost = references.filter((reference) => !lines.has(reference));
    const records = await lockByReference(tx, lost);
    const found = new Map(lost.flatMap((reference) => (records.has(reference) ? [[records.get(reference)?.id ?? '', reference]] : [])));
    const all = [...new Map([...records.values()].map((record) => [record.id, record])).values()];
    const mayHold = all.filter((record) => states[record.state].next.held !== undefined);
    await moveAll(
      tx,
      mayHold.map((record) => ({
        record,
        place: {
          state: 'held' as const,
          step: record.step,
          windowFrom: record.windowFrom as Day | null,
          dueOn: record.dueOn as Day | null,
        },
        by: 'finance' as const,
        heldFrom: record.state,
        reason: `恢复之前银行已有这一笔（流水号 ${found.get(record.id) ?? ''}），核实之后再办。`,
      })),
      ask.by,
      ask.now,
    );
    const report: RestoreReconciled = {
      known: [...lines.values()].filter((line) => line.sent).length,
      sentBatches: [...sentBatches].map(([id, number]) => ({ id, number })),
      held: mayHold.map((record) => record.id),
      open: all.filter((record) => !mayHold.includes(record)).map((record) => record.id),
      unexplained: lost.filter((reference) => !records.has(reference)),
    };
    const unclear = { lost: all.map((record) => record.id), unexplained: report.unexplained.length };
    const reconciled = { at: ask.now.toISOString(), by: ask.by.id, sentBatches: [...sentBatches.keys()], ...unclear };
    await writeSetting(tx, restoreKey, { ...mark, reconciled } satisfies RestoreMark, ask.now);
    await audit(tx, {
      actor: ask.by.id,
      role: ask.by.role,
      action: 'backup.reconcile',
      objectKind: 'database',
      objectId: mark.madeAt,
      after: { references: references.length, ...report, unexplained: report.unexplained.map((one) => one.slice(0, 40)) },
      reason: ask.reason,
      at: ask.now,
    });
    return report;
  });

/**
 * Somebody has found out who got the payments that are lost here, and has held or closed their records: from now on the others are paid. Throws
 * `state.restored` when nothing waits for it, `input.reason`.
 */
export const explainRestore = (
  db: Db,
  ask: { readonly by: { readonly id: string; readonly role: string }; readonly reason: string; readonly now: Date },
): Promise<void> =>
  transaction(db, async (tx) => {
    const { by, now } = ask;
    const mark = await restoreMark(tx);
    const reconciled = mark?.reconciled ?? null;
    if (mark === null || reconciled === null || reconciled.explained !== undefined || unclearIn(reconciled) === 0)
      return fail('state.restored', '', '没有等着查明的付款。', '情况见 restore status。');
    const reason = ask.reason.trim();
    if (reason === '') fail('input.reason', '--reason', '请写明查到了什么、各条记录怎样处理。', '一两句话即可，会留痕。');
    const explained = { at: now.toISOString(), by: by.id };
    await writeSetting(tx, restoreKey, { ...mark, reconciled: { ...reconciled, explained } } satisfies RestoreMark, now);
    const about = {
      objectKind: 'database',
      objectId: mark.madeAt,
      after: { lost: reconciled.lost?.length, unexplained: reconciled.unexplained },
    };
    await audit(tx, { actor: by.id, role: by.role, action: 'backup.explain', ...about, reason, at: now });
  });

/** How many payments and records wait for `explainRestore`. */
export const unclearIn = (reconciled: NonNullable<RestoreMark['reconciled']>): number =>
  reconciled.explained === undefined ? (reconciled.lost?.length ?? 0) + (reconciled.unexplained ?? 0) : 0;
