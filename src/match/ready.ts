// How ready every item is now: what the next run would find of the newest snapshot, and of a period asked for. Writes nothing.
import { fail } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import type { Readiness } from '../readiness/readiness.ts';
import { openSnapshot } from '../snapshot/open.ts';
import { latestSnapshot } from '../snapshot/store.ts';
import type { ItemVersion } from './match.ts';
import { inForce, periodByKey } from './period.ts';
import { pastPeriods, wanted } from './plan.ts';
import { assessAll, compiler, groundOf } from './terms.ts';

export interface ReadyNow {
  readonly knownAt: string;
  readonly items: readonly Readiness[];
}

/** null: nothing was sealed yet. `periodKey`: that period of every item of its kind, instead of what is due. Throws `state.other-catalogue`. */
export const readyNow = async (
  db: Db,
  ask: { readonly catalogue: Catalogue; readonly versions: readonly ItemVersion[]; readonly periodKey?: string },
): Promise<ReadyNow | null> => {
  const { catalogue, versions, periodKey } = ask;
  const latest = await latestSnapshot(db);
  const snapshot = latest === null ? null : await openSnapshot(db, latest.id);
  if (snapshot === null) return null;
  const { knownAt, catalogueHash } = snapshot.snapshot;
  if (catalogueHash !== catalogue.hash)
    fail('state.other-catalogue', '', '最新的快照是按另一版指标目录封存的。', '先运行 npm run -s zhixiang -- seal。');
  return await transaction(db, async (tx) => {
    const ids = [...new Set(versions.map((v) => v.item.id))];
    const asked =
      periodKey === undefined
        ? wanted(versions, knownAt, await pastPeriods(tx, ids))
        : [...Map.groupBy(versions, (v) => v.item.id).values()].flatMap((own) => {
            const newest = [...own].sort((a, b) => b.version - a.version);
            const period = periodByKey(periodKey, knownAt);
            const version = period === null ? undefined : newest.find((v) => v.item.period === period.kind && inForce(v.item, period));
            return period === null || version === undefined ? [] : [{ version, period }];
          });
    return { knownAt, items: await assessAll(tx, await groundOf(tx, snapshot, catalogue), asked, compiler(catalogue)) };
  });
};
