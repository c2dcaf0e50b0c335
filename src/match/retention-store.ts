// SQL of letting snapshots go: which stand in the way of it and why, what goes with one, and days somebody keeps for an audit. It reads tables of later rooms:
// whatever still needs what was sealed has a say.
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';

/** Why a snapshot stays: it is the newest, within its term, the last run's, a run's under way or one held back; somebody audits it, or a case rests on it; or
 * what stays adds its rows to it. */
export type Need = 'newest' | 'term' | 'last-run' | 'running' | 'held-run' | 'audit' | 'case' | 'under';

export interface Standing {
  readonly id: string;
  readonly knownAt: Day;
  readonly parent: string | null;
  /** Empty: nothing keeps it. */
  readonly needs: readonly Need[];
}

/** Of open cases and of what they are about: the decisions of the subject and item, and what was in force when it was brought. */
const cases = (sql: Sql) => sql`
  select m.evidence ->> 'snapshot' as id, 'case' as need from match m join (
    select subject_id, item_id from objection where state = 'open'
    union select subject_id, item_id from recovery where state in ('proposed', 'open')) c on c.subject_id = m.subject_id and c.item_id = m.item_id
  union all
  select f.id, 'case' from objection o cross join lateral (
    select s.id from snapshot s where s.sealed_at <= o.filed_at order by s.sequence desc limit 1) f where o.state = 'open'`;

/** Every snapshot whose data are kept, newest first. `keptFrom`: those of this day and later are within their term. */
export const standing = async (reader: Db | Tx, keptFrom: Day): Promise<readonly Standing[]> => {
  const sql = rawSql(reader);
  return await sql<Standing[]>`
    with recursive needed (id, need) as (
      (select id, 'newest' as need from snapshot order by sequence desc limit 1)
      union all select id, 'term' from snapshot where known_at >= ${keptFrom}
      union all (select snapshot_id, 'last-run' from run where state = 'done' order by sequence desc limit 1)
      union all select snapshot_id, 'running' from run where ended_at is null
      union all select r.snapshot_id, 'held-run' from run r join run_item ri on ri.run_id = r.id and ri.state = 'held' where not exists (
        select from run_item l join run lr on lr.id = l.run_id
        where l.item_id = ri.item_id and l.period_key = ri.period_key and lr.sequence > r.sequence and l.state = 'done')
      union all select s.id, 'audit' from snapshot s join snapshot_hold h on h.lifted_at is null and s.known_at between h.first_day and h.last_day
      union all ${cases(sql)}
    ), closed (id, need) as (
      select id, need from needed
      union select s.parent_id, 'under' from closed c join snapshot s on s.id = c.id where s.parent_id is not null)
    select s.id, s.known_at as "knownAt", s.parent_id as parent,
      coalesce(array_agg(distinct c.need) filter (where c.need is not null), '{}') as needs
    from snapshot s left join closed c on c.id = s.id
    where not exists (select from snapshot_removal g where g.snapshot_id = s.id)
    group by s.id order by s.sequence desc`;
};

export const runUnderWay = async (tx: Tx): Promise<boolean> =>
  (await rawSql(tx)`select from run where ended_at is null limit 1`).length > 0;

export interface Gone {
  readonly segments: number;
  readonly bytes: bigint;
}

/** What only these snapshots name, in bytes as stored. */
export const ownedBy = async (reader: Db | Tx, ids: readonly string[]): Promise<Gone> => {
  const [row] = await rawSql(reader)<{ segments: number; bytes: string }[]>`
    select count(*)::int as segments, coalesce(sum(octet_length(g.bytes)), 0)::text as bytes from segment g
    where g.hash in (select hash from snapshot_segment where snapshot_id = any(${[...ids]}::text[]))
      and not exists (select from snapshot_segment o where o.hash = g.hash and o.snapshot_id <> all(${[...ids]}::text[]))`;
  return { segments: row?.segments ?? 0, bytes: BigInt(row?.bytes ?? 0) };
};

/** Whole, by the database's own function (drizzle/always/6_snapshots.sql), which refuses what is in use. */
export const removeData = async (
  tx: Tx,
  id: string,
  how: { readonly days: number; readonly on: Day; readonly at: Date },
): Promise<Gone> => {
  const sql = rawSql(tx);
  const gone = await ownedBy(tx, [id]);
  await sql`
    insert into snapshot_removal (snapshot_id, days, removed_on, removed_at, segments, bytes)
    values (${id}, ${how.days}, ${how.on}, ${how.at}, ${gone.segments}, ${gone.bytes})`;
  await sql`select remove_snapshot(${id})`;
  return gone;
};

export interface Hold {
  readonly id: string;
  readonly firstDay: Day;
  readonly lastDay: Day;
  readonly reason: string;
  readonly heldBy: string;
  readonly heldAt: Date;
  readonly liftedBy: string | null;
  readonly liftedAt: Date | null;
}

/** Newest first. */
export const holds = async (reader: Db | Tx): Promise<readonly Hold[]> =>
  await rawSql(reader)<Hold[]>`
    select id, first_day as "firstDay", last_day as "lastDay", reason, held_by as "heldBy", held_at as "heldAt", lifted_by as "liftedBy",
      lifted_at as "liftedAt" from snapshot_hold order by held_at desc, id`;

export const insertHold = async (tx: Tx, hold: Pick<Hold, 'firstDay' | 'lastDay' | 'reason' | 'heldBy' | 'heldAt'>): Promise<string> => {
  const [row] = await rawSql(tx)<{ id: string }[]>`
    insert into snapshot_hold (first_day, last_day, reason, held_by, held_at)
    values (${hold.firstDay}, ${hold.lastDay}, ${hold.reason}, ${hold.heldBy}, ${hold.heldAt}) returning id`;
  return (row as { id: string }).id;
};

/** False: there is none such, or it was lifted before. */
export const endHold = async (tx: Tx, id: string, by: string, reason: string, at: Date): Promise<boolean> =>
  (
    await rawSql(tx)`
      update snapshot_hold set lifted_by = ${by}, lifted_at = ${at}, lift_reason = ${reason} where id = ${id} and lifted_at is null returning id`
  ).length > 0;
