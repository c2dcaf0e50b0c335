// Closing a month of payment: only without a difference and with an end for every line, or with a reason for those that have none. What it stood at is kept;
// batches whose every line has its end are closed with it.
import { createHash } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import { canonicalJson, plainJson } from '../base/canonical.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { type Db, transaction } from '../db/handle.ts';
import { mustBeUnbroken, mustKeepPromises } from '../db/invariant-store.ts';
import { closeBatches, insertMonthClose, monthClose, takeMonth } from './close-store.ts';
import { reconcile } from './reconcile.ts';
import { openLines } from './store.ts';

export interface CloseAsk {
  /** `2026-11`. */
  readonly month: string;
  readonly by: { readonly id: string; readonly role: string };
  readonly now: Date;
  /** Why lines without an answer may be carried over; without it they keep the month open. */
  readonly carry?: string | undefined;
}

export interface Closed {
  readonly month: string;
  readonly hash: string;
  readonly batches: number;
  readonly carried: readonly string[];
}

/** Throws `state.differences`, `state.open-lines`, `state.month` (not over yet), `conflict.closed`. */
export const closeMonth = async (db: Db, ask: CloseAsk): Promise<Closed> => {
  const { month, by, now } = ask;
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) fail('input.month', 'month', '月份要写成 2026-11。', '例如 2026-11。');
  // Eight hours ahead of UTC: the month must be over where the payments were made.
  if (month >= new Date(now.getTime() + 8 * 3_600_000).toISOString().slice(0, 7))
    fail('state.month', month, '这个月还没有过完，不能关账。', '下个月再办。');
  if ((await monthClose(db, month)) !== null) fail('conflict.closed', month, '这个月已经关账。', '关账之后的变化见对账。');
  await mustKeepPromises(db);
  const found = await reconcile(db, 'batch', { scope: everything, month });
  const { differences } = found;
  if (differences.length > 0)
    fail(
      'state.differences',
      month,
      `有 ${differences.length}${found.more ? ' 多' : ''} 处差异，不能关账：${differences[0]?.message}（${differences[0]?.place} ${differences[0]?.at}）。`,
      '逐处查清；全部差异见 reconcile。',
    );
  await mustBeUnbroken(db, month);
  const open = await openLines(db, { scope: everything, month });
  const carry = ask.carry?.trim() ?? '';
  if (open.length > 0 && carry === '')
    fail('state.open-lines', month, `还有 ${open.length} 笔没有结果，不能关账。`, '等银行的回盘；确需结转的，写明理由（--carry）。');
  const carried = open.map((line) => line.reference);
  const statement = plainJson({ payments: found.payments, promises: found.promises });
  const hash = createHash('sha256').update(canonicalJson({ month, statement, carried })).digest('hex');
  return await transaction(db, async (tx) => {
    await takeMonth(tx, month);
    if ((await monthClose(tx, month)) !== null) fail('conflict.closed', month, '这个月已经关账。', '关账之后的变化见对账。');
    await insertMonthClose(tx, { month, statement, hash, carried, reason: carry || null, closedBy: by.id, closedAt: now });
    const closed = await closeBatches(tx, month);
    const after = { hash, batches: closed.length, carried: carried.length };
    await audit(tx, {
      actor: by.id,
      role: by.role,
      action: 'month.close',
      objectKind: 'month',
      objectId: month,
      after,
      reason: carry || null,
      at: now,
    });
    for (const id of closed)
      await audit(tx, { actor: by.id, role: by.role, action: 'batch.close', objectKind: 'batch', objectId: id, after: { month }, at: now });
    return { month, hash, batches: closed.length, carried };
  });
};
