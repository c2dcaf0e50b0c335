// How long runs of jobs are kept: by setting, those with nothing to do for a short while, the others longer. The nightly step lets go of older ones.
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { readSetting, writeSetting } from '../db/setting-store.ts';
import { deleteRuns } from './store.ts';

export interface Keeping {
  /** Runs that did something or failed. */
  readonly days: number;
  /** Runs with nothing to do: some twenty thousand a day. */
  readonly idleDays: number;
}

const usual: Keeping = { days: 180, idleDays: 3 };
const key = 'job.retention';
const chunk = 5_000;

export const keepingOf = async (reader: Db | Tx): Promise<Keeping> => (await readSetting<Keeping>(reader, key)) ?? usual;

/** Refuses with `input.days`, `input.reason`. */
export const setKeeping = async (
  db: Db,
  wanted: Keeping,
  by: { readonly actor: string; readonly role: string; readonly reason: string; readonly at: Date },
): Promise<void> => {
  const { actor, role, at } = by;
  const reason = by.reason.trim();
  if (!Number.isInteger(wanted.days) || wanted.days < 30 || wanted.days > 3_650)
    fail('input.days', '/days', '办成和没办成的记录保存 30 到 3650 天。', '例如 180。');
  if (!Number.isInteger(wanted.idleDays) || wanted.idleDays < 1 || wanted.idleDays > wanted.days)
    fail('input.days', '/idleDays', '没有要办的记录至少保存 1 天，不长于其他记录。', '例如 3。');
  if (reason.length < 2) fail('input.reason', '/reason', '没有写理由。', '一两句话即可，会留痕。');
  return await transaction(db, async (tx) => {
    const before = await keepingOf(tx);
    await writeSetting(tx, key, wanted, at);
    await audit(tx, { actor, role, action: 'job.retention', objectKind: 'setting', objectId: key, before, after: wanted, reason, at });
  });
};

/** In bounded chunks, each with its entry in the trail; finds nothing the second time. */
export const removeRuns = async (db: Db, now: Date): Promise<number> => {
  const { days, idleDays } = await keepingOf(db);
  const back = (n: number): Date => new Date(now.getTime() - n * 86_400_000);
  let removed = 0;
  for (let more = true; more; ) {
    const gone = await transaction(db, async (tx) => {
      const n = await deleteRuns(tx, { idle: back(idleDays), other: back(days) }, chunk);
      if (n > 0)
        await audit(tx, {
          ...{ actor: 'step:retention', role: 'system', action: 'job-run.remove', objectKind: 'job-run', objectId: now.toISOString() },
          ...{ after: { runs: n, days, idleDays }, reason: '已过保存期。', at: now },
        });
      return n;
    });
    removed += gone;
    more = gone >= chunk;
  }
  return removed;
};
