// The night's look at the product's promises, and the alarm it raises: raised by the machine, ended by a person who has found out why. While it stands no
// payment leaves and no book is closed (`mustKeepPromises`).
import { fail } from '../base/problem.ts';
import { type Db, transaction } from '../db/handle.ts';
import { alarmKey, type BrokenInvariant, brokenInvariants, standingAlarm, writeAlarm } from '../db/invariant-store.ts';
import { audit, auditAll } from './audit.ts';

/** Looks, and raises the alarm where something is broken; one that stands stays as it was first seen. An entry of the audit trail for each. */
export const lookAtPromises = async (db: Db, now: Date): Promise<{ readonly broken: readonly BrokenInvariant[] }> => {
  const broken = await brokenInvariants(db);
  if (broken.length === 0) return { broken };
  await transaction(db, async (tx) => {
    if ((await standingAlarm(tx)) === null) await writeAlarm(tx, { since: now.toISOString(), broken }, now);
    await auditAll(
      tx,
      broken.map(({ invariant, message, example }) => ({
        actor: 'invariants',
        role: 'system',
        action: 'invariant.broken',
        objectKind: 'invariant',
        objectId: String(invariant),
        after: { message, example },
        at: now,
      })),
    );
  });
  return { broken };
};

/** A person ends the alarm once nothing is broken any more: `state.promises` while something is, `missing.alarm`, `input.reason`. */
export const liftAlarm = (
  db: Db,
  ask: { readonly by: { readonly id: string; readonly role: string }; readonly reason: string; readonly now: Date },
): Promise<void> =>
  transaction(db, async (tx) => {
    const { by, now } = ask;
    const reason = ask.reason.trim();
    if (reason === '') fail('input.reason', '--reason', '请写明查到了什么、怎样改正的。', '一两句话即可，会留痕。');
    const alarm = (await standingAlarm(tx)) ?? fail('missing.alarm', '', '没有报警需要解除。', '现在的情况见 check。');
    const broken = await brokenInvariants(tx);
    if (broken.length > 0)
      fail(
        'state.promises',
        '',
        `还有 ${broken.length} 处承诺被打破：${broken[0]?.message}（${broken[0]?.example ?? ''}）。`,
        '改正之后再解除；全部见 check。',
      );
    await writeAlarm(tx, null, now);
    const about = { objectKind: 'setting', objectId: alarmKey, before: alarm };
    await audit(tx, { actor: by.id, role: by.role, action: 'invariant.lift', ...about, reason, at: now });
  });
