// SQL of the brake: a run's figures beside those of the run they are held against, and an item held or let go.
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import type { BrakeReason } from './brake.ts';
import { eventsKey } from './period.ts';

/** One item and period of a run, as counted over everybody. */
export interface Counted {
  readonly itemId: string;
  readonly periodKey: string;
  readonly eligible: number;
  readonly undetermined: number;
  readonly amountFen: bigint;
}

const counted = (sql: Sql, of: 'ri' | 'b') => sql`json_build_object('itemId', ${sql(of)}.item_id, 'periodKey', ${sql(of)}.period_key,
  'eligible', ${sql(of)}.eligible, 'undetermined', ${sql(of)}.undetermined, 'amountFen', ${sql(of)}.amount_fen::text)`;

type Row = Omit<Counted, 'amountFen'> & { readonly amountFen: string };
const open = (row: Row): Counted => ({ ...row, amountFen: BigInt(row.amountFen) });

/**
 * What the run found per item and period, with the last run of the same period that counts, else of the item's period just before; null where
 * there is none: a first run has nothing to be held against.
 */
export const countedOf = async (tx: Tx, runId: string): Promise<readonly { readonly now: Counted; readonly before: Counted | null }[]> => {
  const sql = rawSql(tx);
  const rows = await sql<{ now: Row; before: Row | null }[]>`
    select ${counted(sql, 'ri')} as now, before.counted as before
    from run_item ri join run r on r.id = ri.run_id
    left join lateral (
      select ${counted(sql, 'b')} as counted from run_item b join run br on br.id = b.run_id
      where b.item_id = ri.item_id and br.sequence < r.sequence and br.state = 'done' and b.state = 'done' and b.stopped is null
        and (b.period_key = ri.period_key or (ri.period_key <> ${eventsKey} and b.period_end < ri.period_end))
      order by (b.period_key = ri.period_key) desc, b.period_end desc, br.sequence desc limit 1) before on true
    where ri.run_id = ${runId} and ri.stopped is null and ri.state = 'running'
    order by ri.item_id collate "C", ri.period_key collate "C"`;
  return rows.map((row) => ({ now: open(row.now), before: row.before === null ? null : open(row.before) }));
};

/** The last run of an item and period that counts, and what events have written of it since: matches, and 分 they moved. null: no run counts. */
export const eventsSince = async (
  tx: Tx,
  key: { readonly itemId: string; readonly periodKey: string },
): Promise<{ readonly before: Counted; readonly matches: number; readonly movedFen: bigint } | null> => {
  const sql = rawSql(tx);
  const [row] = await sql<{ before: Row; matches: number; movedFen: string }[]>`
    select ${counted(sql, 'b')} as before, since.matches, since.fen::text as "movedFen"
    from run_item b join run br on br.id = b.run_id
    cross join lateral (
      select coalesce(sum((select sum(w.value::int) from jsonb_each_text(e.written) w)), 0)::int as matches, coalesce(sum(e.amount_fen), 0) as fen
      from run_item e join run er on er.id = e.run_id
      where er.state = 'event' and er.sequence > br.sequence and e.item_id = b.item_id and e.period_key = b.period_key) since
    where b.item_id = ${key.itemId} and b.period_key = ${key.periodKey} and br.state = 'done' and b.state = 'done' and b.stopped is null
    order by br.sequence desc limit 1`;
  return row === undefined ? null : { before: open(row.before), matches: row.matches, movedFen: BigInt(row.movedFen) };
};

/** What these matches stand with, in 分, by id. */
export const standingFen = async (
  tx: Tx,
  of: readonly { readonly subjectId: string; readonly id: string }[],
): Promise<ReadonlyMap<string, bigint>> => {
  if (of.length === 0) return new Map();
  const rows = await rawSql(tx)<{ id: string; fen: string }[]>`
    select m.id, coalesce(m.amount_fen, 0)::text as fen
    from unnest(${of.map((one) => one.subjectId)}::uuid[], ${of.map((one) => one.id)}::uuid[]) as k(subject, id)
    join match m on m.subject_id = k.subject and m.id = k.id`;
  return new Map(rows.map((row) => [row.id, BigInt(row.fen)]));
};

export const holdItem = async (
  tx: Tx,
  key: { readonly runId: string; readonly itemId: string; readonly reasons: readonly BrakeReason[] },
  why: string,
): Promise<void> => {
  await rawSql(tx)`
    update run_item set stopped = ${why}, state = 'held', brake = ${JSON.stringify(key.reasons)}::text::jsonb
    where run_id = ${key.runId} and item_id = ${key.itemId} and stopped is null and state = 'running'`;
};

export interface HeldItem {
  readonly reasons: readonly BrakeReason[];
  readonly authority: string;
  readonly region: string;
  /** A later run has decided one of the periods again. */
  readonly overtaken: boolean;
}

const overtaken = (sql: Sql) => sql`exists (
  select from run_item n join run nr on nr.id = n.run_id
  where n.item_id = ri.item_id and n.period_key = ri.period_key and nr.sequence > r.sequence and nr.state not in ('abandoned', 'opening', 'event')
    and n.state not in ('waiting', 'not-triggered'))`;

const heldRows = (sql: Sql) => sql`
  run_item ri join run r on r.id = ri.run_id and r.ended_at is not null
  join item_version v on v.item_id = ri.item_id and v.version = ri.version where ri.state = 'held'`;

/** null: not held. Locks the item in this run, so that it is let go once. */
export const lockHeld = async (tx: Tx, runId: string, itemId: string): Promise<HeldItem | null> => {
  const sql = rawSql(tx);
  const rows = await sql<HeldItem[]>`
    select ri.brake as reasons, v.content ->> 'authority' as authority, v.content ->> 'region' as region, ${overtaken(sql)} as overtaken
    from ${heldRows(sql)} and ri.run_id = ${runId} and ri.item_id = ${itemId} order by ri.period_key for update of ri`;
  const [first] = rows;
  return first === undefined ? null : { ...first, overtaken: rows.some((row) => row.overtaken) };
};

/** Its matches stand from the end of the transaction on. */
export const releaseItem = async (tx: Tx, key: { readonly runId: string; readonly itemId: string }): Promise<void> => {
  await rawSql(tx)`
    update run_item set stopped = null, state = 'done' where run_id = ${key.runId} and item_id = ${key.itemId} and state = 'held'`;
};

export interface HeldRow extends HeldItem {
  readonly runId: string;
  readonly itemId: string;
  readonly title: string;
  readonly startedAt: Date;
}

/** Everything held, newest run first; one row per item and run. */
export const heldItems = async (reader: Db | Tx): Promise<readonly HeldRow[]> => {
  const sql = rawSql(reader);
  return await sql<HeldRow[]>`
    select ri.run_id as "runId", ri.item_id as "itemId", min(v.content ->> 'title') as title, min(v.content ->> 'authority') as authority,
      min(v.content ->> 'region') as region, (array_agg(ri.brake))[1] as reasons, r.started_at as "startedAt", bool_or(${overtaken(sql)}) as overtaken
    from ${heldRows(sql)} group by ri.run_id, ri.item_id, r.started_at, r.sequence order by r.sequence desc, ri.item_id collate "C"`;
};
