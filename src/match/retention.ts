// The step that lets snapshots go: the data of those older than the house keeps them. Name, day and counts stay, and so does every decision: it carries what
// it read, and is decided again from that alone. What is in force, in use, audited or in dispute stays, and so does whatever it adds its rows to.
import { audit } from '../audit/audit.ts';
import { addDays, type Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { databaseError } from '../db/error.ts';
import { type Failpoint, nowhere } from '../db/failpoint.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { readSetting, writeSetting } from '../db/setting-store.ts';
import { lockPlanning } from './plan-store.ts';
import { endHold, type Gone, insertHold, ownedBy, removeData, runUnderWay, type Standing, standing } from './retention-store.ts';

/** A budget year, and the month after it in which it is closed. */
const usualDays = 400;
const [leastDays, mostDays] = [62, 36_500];
const settingKey = 'snapshot.retention';

/** How many days a snapshot's data are kept after the day it is of. */
export const retentionDays = async (reader: Db | Tx): Promise<number> =>
  (await readSetting<{ readonly days: number }>(reader, settingKey))?.days ?? usualDays;

export interface Who {
  readonly by: string;
  readonly role: string;
  readonly reason: string;
  readonly at: Date;
}

const reasonOf = (who: Who): string => {
  const reason = who.reason.trim();
  return reason.length < 2 ? fail('input.reason', '/reason', '没有写理由。', '写清为什么，例如哪份文件、哪次审计。') : reason;
};

/** Refuses with `input.days`, `input.reason`. */
export const setRetention = async (db: Db, days: number, who: Who): Promise<void> => {
  if (!Number.isInteger(days) || days < leastDays || days > mostDays)
    fail('input.days', '/days', `快照的保存天数要在 ${leastDays} 到 ${mostDays} 之间。`, '例如 400：一个预算年度加关账的一个月。');
  const { by: actor, role, at } = who;
  const reason = reasonOf(who);
  await transaction(db, async (tx) => {
    const before = { days: await retentionDays(tx) };
    await writeSetting(tx, settingKey, { days }, at);
    await audit(tx, {
      actor,
      role,
      action: 'snapshot.retention',
      objectKind: 'setting',
      objectId: settingKey,
      before,
      after: { days },
      reason,
      at,
    });
  });
};

/** Nothing sealed of these days goes until it is lifted. Refuses with `input.day`, `input.reason`. */
export const holdSnapshots = async (db: Db, days: { readonly first: Day; readonly last: Day }, who: Who): Promise<string> => {
  const { by: actor, role, at } = who;
  if (days.first > days.last) fail('input.day', '/last', '止日早于起日。', '先写起日，再写止日。');
  const reason = reasonOf(who);
  return await transaction(db, async (tx) => {
    const id = await insertHold(tx, { firstDay: days.first, lastDay: days.last, reason, heldBy: actor, heldAt: at });
    await audit(tx, { actor, role, action: 'snapshot.hold', objectKind: 'snapshot-hold', objectId: id, after: days, reason, at });
    return id;
  });
};

/** Refuses with `missing.hold`, `input.reason`. */
export const liftHold = async (db: Db, id: string, who: Who): Promise<void> => {
  const { by: actor, role, at } = who;
  const reason = reasonOf(who);
  await transaction(db, async (tx) => {
    if (!(await endHold(tx, id, actor, reason, at))) fail('missing.hold', id, '没有这条保留，或已经解除。', '见 snapshots 列出的保留。');
    await audit(tx, { actor, role, action: 'snapshot.lift', objectKind: 'snapshot-hold', objectId: id, reason, at });
  });
};

export interface RetentionPlan {
  readonly days: number;
  /** Snapshots of this day and later are within their term. */
  readonly keptFrom: Day;
  readonly kept: readonly Standing[];
  /** In the order in which they go: what lies over another goes before it. */
  readonly due: readonly Standing[];
  readonly frees: Gone;
}

/** What the next removal would do; reads only. */
export const planRemoval = async (reader: Db | Tx, today: Day): Promise<RetentionPlan> => {
  const days = await retentionDays(reader);
  const keptFrom = addDays(today, -days);
  const all = await standing(reader, keptFrom);
  const due = all.filter((one) => one.needs.length === 0);
  const frees = await ownedBy(
    reader,
    due.map((one) => one.id),
  );
  return { days, keptFrom, kept: all.filter((one) => one.needs.length > 0), due, frees };
};

export interface RemovalReport {
  readonly removed: number;
  readonly segments: number;
  readonly bytes: bigint;
  /** A run is under way, or a seal took up what was to go: the rest is the next time's. */
  readonly busy: boolean;
}

/**
 * One snapshot at a time, newest first, each whole or not at all; finds nothing the second time. Nobody plans a run meanwhile, and while one is under way
 * nothing goes: what it holds itself against may be old.
 */
export const removeSnapshots = async (
  db: Db,
  {
    today,
    at,
    actor,
    failpoint = nowhere,
  }: { readonly today: Day; readonly at: Date; readonly actor: string; readonly failpoint?: Failpoint },
): Promise<RemovalReport> => {
  const report = { removed: 0, segments: 0, bytes: 0n };
  for (;;) {
    const one = await removeOne(db, { today, at, actor, failpoint }).catch((error: unknown): 'busy' => {
      // A seal named one of its segments just now: that one stays, and so does this snapshot until the next time.
      const kind = databaseError(error)?.kind;
      if (kind === 'foreign-key' || kind === 'deadlock') return 'busy';
      throw error;
    });
    if (one === null || one === 'busy') return { ...report, busy: one === 'busy' };
    report.removed++;
    report.segments += one.segments;
    report.bytes += one.bytes;
  }
};

const removeOne = (
  db: Db,
  { today, at, actor, failpoint }: { readonly today: Day; readonly at: Date; readonly actor: string; readonly failpoint: Failpoint },
): Promise<Gone | 'busy' | null> =>
  transaction(db, async (tx) => {
    await lockPlanning(tx);
    if (await runUnderWay(tx)) return 'busy';
    const days = await retentionDays(tx);
    const [next] = (await standing(tx, addDays(today, -days))).filter((one) => one.needs.length === 0);
    if (next === undefined) return null;
    await failpoint('retention.before-remove');
    const gone = await removeData(tx, next.id, { days, on: today, at });
    await failpoint('retention.after-remove');
    const after = { knownAt: next.knownAt, days, segments: gone.segments, bytes: String(gone.bytes) };
    const reason = `数据到 ${next.knownAt}，已过 ${days} 天的保存期。`;
    await audit(tx, { actor, role: 'system', action: 'snapshot.remove', objectKind: 'snapshot', objectId: next.id, after, reason, at });
    await failpoint('retention.before-commit');
    return gone;
  });
