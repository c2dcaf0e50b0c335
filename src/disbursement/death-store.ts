// Who of those that something was asked of has died: by the registers, by an order to stop for a death that nobody has refused, by a visit that found it.
import type { Day } from '../base/day.ts';
import { rawSql, type Tx } from '../db/handle.ts';
import type { SubjectReader } from '../record/contact-store.ts';
import type { Movable } from './advance-store.ts';

export interface DeathFound {
  readonly diedOn: Day;
  /** over: a period that begins after the death · deceased: the month of death, or one before it. */
  readonly kind: 'over' | 'deceased';
}

/** By record id; who is not known to be dead is not in it, nor what somebody has given up by his own word. The earliest day that anybody has said counts. */
export const deathsAmong = async (tx: Tx, records: readonly Movable[], read: SubjectReader): Promise<ReadonlyMap<string, DeathFound>> => {
  const said = new Map<string, Day>();
  for (const [register, own] of Map.groupBy(records, (record) => record.register))
    for (const record of await read(tx, register, { ids: [...new Set(own.map((one) => one.subjectId))] }, ['deathDate'])) {
      const v = record.facts.deathDate?.cells?.at(-1)?.v ?? null;
      if (typeof v === 'string') said.set(record.subjectId, v as Day);
    }
  const rows = await rawSql(tx)<{ id: string; from: Day; reported: Day | null }[]>`
    select d.id, coalesce(m.evidence -> 'period' ->> 'start', m.evidence -> 'period' ->> 'end') as "from", r.died_on as reported
    from unnest(${records.map((one) => one.subjectId)}::uuid[], ${records.map((one) => one.id)}::uuid[]) as k(subject, id)
    join disbursement d on d.subject_id = k.subject and d.id = k.id join match m on m.subject_id = d.subject_id and m.id = d.match_id
    cross join lateral (select min(x.day) as died_on from (
      select o.last_on as day from stop_order o where o.subject_id = d.subject_id and o.kind = 'death' and o.state in ('proposed', 'asked', 'standing')
      union all
      select v.died_on from certification c join certification_visit v on v.subject_id = c.subject_id and v.certification_id = c.id
      where c.subject_id = d.subject_id and c.state = 'deceased' and v.result = 'deceased') x) r
    where d.state <> 'waived' or (select c.choice from choice c where c.subject_id = d.subject_id and c.disbursement_id = d.id order by c.id desc limit 1) = 'deemed-waived'`;
  const found = new Map<string, DeathFound>();
  const subjects = new Map(records.map((one) => [one.id, one.subjectId]));
  for (const { id, from, reported } of rows) {
    const days = [said.get(subjects.get(id) ?? ''), reported ?? undefined].filter((one) => one !== undefined).sort();
    const [diedOn] = days;
    if (diedOn !== undefined) found.set(id, { diedOn, kind: diedOn < from ? 'over' : 'deceased' });
  }
  return found;
};
