// The effect of publishing an item, computed before anybody publishes it: the due period and every closed one it would decide again, each by the
// forecast, which decides as a run does.

import type { Catalogue } from '../catalogue/catalogue.ts';
import type { Db } from '../db/handle.ts';
import { transaction } from '../db/handle.ts';
import type { Forecast } from '../forecast/document.ts';
import { forecastItem } from '../forecast/forecast.ts';
import { ledgerCut } from '../ledger/store.ts';
import { closedPeriods, duePeriod, inForce } from '../match/period.ts';
import { decidedPeriods } from '../match/plan-store.ts';
import type { Item } from '../policy/item.ts';
import { withBefore } from '../policy/publish.ts';
import { versionsOf } from '../policy/store.ts';
import { latestSnapshot } from '../snapshot/store.ts';
import { type ClosedEffect, closedEffect, type Effect, exceeds, shareOf } from './review.ts';
import { gateLimit } from './store.ts';

/** null: nothing is sealed yet, or it was sealed by another catalogue, so nobody can say. */
export const effectOf = async (db: Db, item: Item, catalogue: Catalogue): Promise<Effect | null> => {
  const snapshot = await latestSnapshot(db);
  if (snapshot === null || snapshot.catalogueHash !== catalogue.hash) return null;
  const versions = await versionsOf(db, item.id);
  const { cut, decided } = await transaction(db, async (tx) => ({
    cut: await ledgerCut(tx),
    decided: await decidedPeriods(tx, [item.id]),
  }));
  const live = versions.filter((v) => v.retiredAt === null);
  const draft = withBefore(item, versions, snapshot.knownAt);
  const foresee = (periodKey: string | null): Promise<Forecast> =>
    forecastItem(db, {
      snapshotId: snapshot.id,
      catalogue,
      draft,
      published: live,
      ledgerCut: cut,
      ...(periodKey === null ? {} : { periodKey }),
    });
  const due = await foresee(null);
  const current = duePeriod(item, snapshot.knownAt);
  const reached =
    current === null ? [] : closedPeriods(item, current).filter((p) => inForce(item, p) && decided.has(`${item.id}\n${p.key}`));
  const closed: ClosedEffect[] = [];
  for (const { key } of reached) {
    const shift = (await foresee(key)).against.inForce;
    if (shift !== null) closed.push(closedEffect(key, shift));
  }
  const sum = (fen: (one: ClosedEffect) => string): string => String(closed.reduce((total, one) => total + BigInt(fen(one)), 0n));
  const against = due.against.inForce;
  const share = against === null ? null : shareOf(against, BigInt(due.counts.amountFen));
  const limit = await gateLimit(db);
  const touched = closed.some((c) => c.gained + c.lost + c.changed > 0);
  return {
    snapshot: { id: snapshot.id, knownAt: snapshot.knownAt },
    due,
    closed,
    topUpFen: sum((c) => c.topUpFen),
    overPaidFen: sum((c) => c.overPaidFen),
    recovery: item.recovery?.clause ?? null,
    beyond: beyondOf(item, current, decided),
    share,
    limit,
    // A changed past is never a matter of routine.
    exceeds: exceeds(share, limit, due.counts.eligible) || touched,
  };
};

/** The last decided period the version speaks for though its look-back does not reach it. */
const beyondOf = (item: Item, current: ReturnType<typeof duePeriod>, decided: ReadonlySet<string>): string | null => {
  if (current === null) return null;
  const most = 120;
  const all = closedPeriods({ ...item, lookback: most }, current);
  const out = all.slice(item.lookback ?? 0).find((p) => inForce(item, p) && decided.has(`${item.id}\n${p.key}`));
  return out?.key ?? null;
};
