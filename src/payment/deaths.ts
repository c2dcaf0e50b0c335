// What follows when the guards find somebody dead whose money is ready: the month of death, and months before it, wait for whoever is named to receive them;
// a later period is proposed to be stopped, because a person stands behind every stop. After sealing and release, in a transaction of its own: killed in
// between, the next guard finds them again.
import { type Day, dayText } from '../base/day.ts';
import { type Catalogue, calendarOf } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import { payHeirs, readyToHeirs } from '../disbursement/heir.ts';
import { proposeStop } from '../disbursement/stop.ts';
import type { Found } from './guard.ts';
import type { ReadyRecord } from './ready-store.ts';

export interface Death {
  readonly record: ReadyRecord;
  readonly kind: 'over' | 'deceased';
  readonly diedOn: Day;
}

export const deathsIn = (records: readonly ReadyRecord[], found: ReadonlyMap<string, Found>): readonly Death[] =>
  records.flatMap((record) => {
    const death = found.get(record.id)?.death ?? null;
    return death === null ? [] : [{ record, ...death }];
  });

/** Records that are still ready go on; others somebody has moved meanwhile. */
export const passOn = async (
  db: Db,
  deaths: readonly Death[],
  on: { readonly now: Date; readonly today: Day; readonly catalogue: Catalogue },
): Promise<void> => {
  const { now } = on;
  if (deaths.length === 0) return;
  await transaction(db, async (tx) => {
    const due = deaths.filter((death) => death.kind === 'deceased');
    const reasons = new Map(due.map(({ record, diedOn }) => [record.id, `${dayText(diedOn)}去世，这一期转由继承人或照料人领取。`]));
    await readyToHeirs(tx, reasons, on);
    await payHeirs(
      tx,
      due.map(({ record }) => record),
      { id: 'step:guard', role: 'system' },
      { ...on, calendar: calendarOf(on.catalogue) },
    );
    const over = new Map(
      deaths.filter((death) => death.kind === 'over').map((death) => [`${death.record.subjectId} ${death.record.itemId}`, death]),
    );
    for (const { record, diedOn } of over.values()) {
      const { subjectId, itemId, version, matchId, authority, division } = record;
      const reason = `${dayText(diedOn)}去世，之后的期别已不再发放。`;
      await proposeStop(tx, { subjectId, itemId, version, matchId, authority, division, kind: 'death', lastOn: diedOn, reason }, now);
    }
  });
};
