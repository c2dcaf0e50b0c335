// Readiness in the database: what has been heard, what was decided about late datasets, and the answers with their history. The only SQL of this room.
import { audit, auditAll } from '../audit/audit.ts';
import { canonicalJson, plainJson } from '../base/canonical.ts';
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { Heard } from './heard.ts';
import type { LateDecision } from './late.ts';
import type { Readiness, ReadyState, Wait } from './readiness.ts';
import type { Untriggered } from './trigger.ts';

/** Everything that has landed, the latest word per dataset, scope and manner. */
export const readHeard = async (reader: Db | Tx): Promise<readonly Heard[]> =>
  await rawSql(reader)<Heard[]>`
    select dataset, nullif(division, '') as division, as_of as "asOf", true as covering from coverage
    union all
    select dataset, scope ->> 'division', max(as_of), false from delivery where landed_at is not null and state <> 'rejected' group by 1, 2
    order by 1, 2, 3`;

/** Register → divisions that hold subjects. */
export const peopledDivisions = async (reader: Db | Tx): Promise<ReadonlyMap<string, readonly string[]>> => {
  const rows = await rawSql(reader)<{ register: string; division: string }[]>`
    select distinct register, division from record where division is not null order by 1, 2`;
  return new Map([...Map.groupBy(rows, (row) => row.register)].map(([register, own]) => [register, own.map((row) => row.division)]));
};

export const readDecisions = async (
  reader: Db | Tx,
  ask: { readonly itemId?: string; readonly periodKey?: string } = {},
): Promise<readonly LateDecision[]> => {
  const sql = rawSql(reader);
  return await sql<LateDecision[]>`
    select id, item_id as "itemId", period_key as "periodKey", dataset, choice, days, until, as_of as "asOf", reason, actor, sequence, at
    from freshness_decision
    where ${ask.itemId === undefined ? sql`true` : sql`item_id = ${ask.itemId}`}
      and ${ask.periodKey === undefined ? sql`true` : sql`period_key = ${ask.periodKey}`}
    order by sequence`;
};

/** Returns its number: the highest counts. */
export const insertDecision = async (tx: Tx, decision: Omit<LateDecision, 'sequence'>): Promise<bigint> => {
  const { id, itemId, periodKey, dataset, choice, days, until, asOf, reason, actor, at } = decision;
  const [row] = await rawSql(tx)<{ sequence: bigint }[]>`
    insert into freshness_decision (id, item_id, period_key, dataset, choice, days, until, as_of, reason, actor, at)
    values (${id}, ${itemId}, ${periodKey}, ${dataset}, ${choice}, ${days}, ${until}, ${asOf}, ${reason}, ${actor}, ${at}) returning sequence`;
  await audit(tx, {
    actor,
    role: 'reviewer',
    action: `freshness.${choice}`,
    objectKind: 'freshness_decision',
    objectId: id,
    scope: { item: itemId, period: periodKey },
    after: { itemId, periodKey, dataset, choice, days, until, asOf },
    reason,
    at,
  });
  return row?.sequence ?? 0n;
};

export interface ReadinessRow {
  readonly itemId: string;
  readonly periodKey: string;
  readonly sequence: number;
  readonly version: number;
  readonly periodStart: Day | null;
  readonly periodEnd: Day;
  readonly state: ReadyState;
  readonly waits: readonly Wait[];
  readonly record: Untriggered | null;
  readonly knownAt: Day;
  readonly at: Date;
}

export interface ReadinessAsk {
  readonly items?: readonly string[];
  readonly itemId?: string;
  readonly periodKey?: string;
  /** Every row ever written, newest first, instead of what holds now. */
  readonly history?: boolean;
}

/** What holds now per item and period, newest period first. */
export const readReadiness = async (reader: Db | Tx, ask: ReadinessAsk = {}): Promise<readonly ReadinessRow[]> => {
  const sql = rawSql(reader);
  const wanted = sql`
    ${ask.items === undefined ? sql`true` : sql`item_id = any(${[...ask.items]}::text[])`}
    and ${ask.itemId === undefined ? sql`true` : sql`item_id = ${ask.itemId}`}
    and ${ask.periodKey === undefined ? sql`true` : sql`period_key = ${ask.periodKey}`}`;
  return await sql<ReadinessRow[]>`
    select item_id as "itemId", period_key as "periodKey", sequence, version, period_start as "periodStart", period_end as "periodEnd", state, waits,
      record, known_at as "knownAt", at
    from readiness r where ${wanted}
      ${ask.history === true ? sql`` : sql`and not exists (select from readiness n where n.item_id = r.item_id and n.period_key = r.period_key and n.sequence > r.sequence)`}
    order by item_id collate "C", period_end desc, period_key collate "C" desc, sequence desc`;
};

const sameAnswer = (row: ReadinessRow | undefined, now: Readiness): boolean =>
  row !== undefined &&
  row.version === now.version &&
  canonicalJson([row.state, row.waits, row.record]) === canonicalJson([now.state, now.waits, now.record]);

/** Writes what differs from what stands; the caller holds the planning lock, so that numbers are given once. Returns how many were written. */
export const recordReadiness = async (
  tx: Tx,
  found: readonly Readiness[],
  more: { readonly knownAt: Day; readonly at: Date; readonly actor: string },
): Promise<number> => {
  const { knownAt, at, actor } = more;
  const before = await readReadiness(tx, { items: [...new Set(found.map((one) => one.itemId))] });
  const known = new Map(before.map((row) => [`${row.itemId}\n${row.periodKey}`, row]));
  const changed = found.filter((one) => !sameAnswer(known.get(`${one.itemId}\n${one.period.key}`), one));
  if (changed.length === 0) return 0;
  const rows = changed.map(({ itemId, version, period, state, waits, record }) => ({
    itemId,
    version,
    state,
    waits,
    record,
    periodKey: period.key,
    start: period.start,
    end: period.end,
    sequence: (known.get(`${itemId}\n${period.key}`)?.sequence ?? 0) + 1,
  }));
  await rawSql(tx)`
    insert into readiness (item_id, period_key, sequence, version, period_start, period_end, state, waits, record, known_at, at)
    select x."itemId", x."periodKey", x.sequence, x.version, x.start, x."end", x.state, x.waits, x.record, ${knownAt}, ${at}
    from jsonb_to_recordset(${JSON.stringify(plainJson(rows))}::text::jsonb) as x("itemId" text, "periodKey" text, sequence int, version int,
      start date, "end" date, state text, waits jsonb, record jsonb)`;
  await auditAll(
    tx,
    changed.map(({ itemId, period, state, waits }) => ({
      actor,
      role: 'system',
      action: `readiness.${state}`,
      objectKind: 'readiness',
      objectId: `${itemId}/${period.key}`,
      before: { state: known.get(`${itemId}\n${period.key}`)?.state ?? null },
      after: { state, waits: waits.length },
      at,
    })),
  );
  return changed.length;
};
