// SQL of a run as a whole: planning it, what it is made of, stopping an item, ending it.
import type { Day } from '../base/day.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import type { MatchKind } from '../policy/item.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import { eventsKey } from './period.ts';
import type { Terms } from './terms.ts';

/** Held while a run is planned, so that two processes plan one run between them. */
const planLock = 72_004;

export const lockPlanning = async (tx: Tx): Promise<void> => {
  await rawSql(tx)`select pg_advisory_xact_lock(${planLock})`;
};

export interface RunRow {
  readonly id: string;
  readonly snapshotId: string;
  readonly knownAt: Day;
  readonly ledgerCut: bigint;
  readonly ended: boolean;
}

const runColumns = (sql: Sql) =>
  sql`id, snapshot_id as "snapshotId", known_at as "knownAt", ledger_cut as "ledgerCut", ended_at is not null as ended`;

/** Runs nobody has finished, and the one that ended last. */
export const recentRuns = async (tx: Tx): Promise<{ readonly open: readonly RunRow[]; readonly last: RunRow | null }> => {
  const sql = rawSql(tx);
  const open = await sql<RunRow[]>`select ${runColumns(sql)} from run where ended_at is null order by sequence`;
  const [last] = await sql<RunRow[]>`select ${runColumns(sql)} from run where state = 'done' order by sequence desc limit 1`;
  return { open, last: last ?? null };
};

/** The latest day any run has known: an older snapshot may not overtake it. */
export const latestKnownAt = async (tx: Tx): Promise<Day | null> => {
  const [row] = await rawSql(tx)<{ day: Day | null }[]>`select max(known_at) as day from run where ended_at is not null`;
  return row?.day ?? null;
};

export const insertRun = async (
  tx: Tx,
  run: { readonly snapshotId: string; readonly knownAt: Day; readonly ledgerCut: bigint },
  at: Date,
): Promise<string> => {
  const [row] = await rawSql(tx)<{ id: string }[]>`
    insert into run (snapshot_id, known_at, ledger_cut, state, started_at)
    values (${run.snapshotId}, ${run.knownAt}, ${run.ledgerCut}, 'running', ${at}) returning id`;
  return (row as { id: string }).id;
};

/** False when it has ended. Whoever else would end it waits. */
export const lockOpenRun = async (tx: Tx, runId: string): Promise<boolean> =>
  (await rawSql(tx)`select from run where id = ${runId} and ended_at is null for update`).length > 0;

/** True for the one process that ends it; its chunks are settled from now on. */
export const endRun = async (tx: Tx, runId: string, state: 'done' | 'abandoned' | 'opening' | 'event', at: Date): Promise<boolean> => {
  const rows = await rawSql(tx)`
    update run set state = ${state}, ended_at = ${at} where id = ${runId} and ended_at is null returning id`;
  if (rows.length > 0) {
    await rawSql(tx)`
      update run_item set state = ${state}
      where run_id = ${runId} and stopped is null and (state = 'running' or ${state === 'abandoned'})`;
  }
  return rows.length > 0;
};

export interface RunItemKey {
  readonly itemId: string;
  readonly version: number;
  readonly period: DecisionPeriod;
  /** null: decided as ever. */
  readonly terms?: Terms | null;
}

export const insertRunItems = async (tx: Tx, runId: string, items: readonly RunItemKey[]): Promise<void> => {
  const rows = items.map(({ itemId, version, period, terms }) => ({
    item_id: itemId,
    version,
    period_key: period.key,
    period_start: period.start,
    period_end: period.end,
    state: terms?.skipped?.state ?? 'running',
    terms: terms ?? null,
  }));
  await rawSql(tx)`
    insert into run_item (run_id, item_id, version, period_key, period_start, period_end, state, terms)
    select ${runId}, x.* from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as x(item_id text, version int, period_key text, period_start date, period_end date, state text, terms jsonb)`;
};

export interface RunItemRow {
  readonly itemId: string;
  readonly version: number;
  readonly periodKey: string;
  readonly periodStart: Day | null;
  readonly periodEnd: Day;
  readonly eligible: number;
  readonly undetermined: number;
  readonly ineligible: number;
  readonly amountFen: bigint;
  readonly written: Readonly<Partial<Record<MatchKind, number>>>;
  readonly stopped: string | null;
  /** Stopped by the brake: a person may let it go. */
  readonly held: boolean;
  /** On what terms it was planned; null: decided as ever. Left out of the run where `skipped` says why. */
  readonly terms: Terms | null;
}

export const runItemColumns = (
  sql: Sql,
) => sql`ri.item_id as "itemId", ri.version, ri.period_key as "periodKey", ri.period_start as "periodStart",
  ri.period_end as "periodEnd", ri.eligible, ri.undetermined, ri.ineligible, ri.amount_fen as "amountFen", coalesce(ri.written, '{}') as written, ri.stopped,
  ri.state = 'held' as held, ri.terms`;

export const readRunItems = async (reader: Db | Tx, runId: string): Promise<readonly RunItemRow[]> =>
  await rawSql(reader)<RunItemRow[]>`
    select ${runItemColumns(rawSql(reader))} from run_item ri where run_id = ${runId} order by item_id collate "C", period_key collate "C"`;

/** Periods of an item that some block has been decided for. */
export const decidedPeriods = async (tx: Tx, itemIds: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await rawSql(tx)<{ item_id: string; period_key: string }[]>`
    select distinct item_id, period_key from block_result where item_id = any(${[...itemIds]}::text[])`;
  return new Set(rows.map((row) => `${row.item_id}\n${row.period_key}`));
};

/** Periods of these items for which a match stands written: `item\nperiod`. */
export const decidedWithMatches = async (tx: Tx, itemIds: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await rawSql(tx)<{ item_id: string; period_key: string }[]>`
    select b.item_id, b.period_key from (select distinct item_id, period_key from block_result where item_id = any(${[...itemIds]}::text[])) b
    where b.period_key = ${eventsKey} or exists (select from match m where m.item_id = b.item_id and m.period_key = b.period_key)`;
  return new Set(rows.map((row) => `${row.item_id}\n${row.period_key}`));
};

/** Periods that are owed a decision though they may be closed: those that wait, and those a longer limit carried whose dataset is to be seen again. */
export const owedPeriods = async (tx: Tx, itemIds: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await rawSql(tx)<{ item_id: string; period_key: string }[]>`
    select r.item_id, r.period_key from readiness r
    where r.item_id = any(${[...itemIds]}::text[]) and r.state = 'waiting'
      and not exists (select from readiness n where n.item_id = r.item_id and n.period_key = r.period_key and n.sequence > r.sequence)
    union
    select d.item_id, d.period_key from freshness_decision d
    where d.item_id = any(${[...itemIds]}::text[]) and d.choice = 'extend' and not exists (
      select from run_item ri where ri.item_id = d.item_id and ri.period_key = d.period_key and ri.state = 'done'
        and ri.terms -> 'settles' ? d.id::text)`;
  return new Set(rows.map((row) => `${row.item_id}\n${row.period_key}`));
};

/** Periods whose last word is that they are not triggered: looked at again within the look-back, an index may be corrected. */
export const untriggeredPeriods = async (tx: Tx, itemIds: readonly string[]): Promise<ReadonlySet<string>> => {
  const rows = await rawSql(tx)<{ item_id: string; period_key: string }[]>`
    select r.item_id, r.period_key from readiness r
    where r.item_id = any(${[...itemIds]}::text[]) and r.state = 'not-triggered'
      and not exists (select from readiness n where n.item_id = r.item_id and n.period_key = r.period_key and n.sequence > r.sequence)`;
  return new Set(rows.map((row) => `${row.item_id}\n${row.period_key}`));
};

/** Stops the item in this run, whatever its version and period; false when it was stopped already. */
export const stopItem = async (tx: Tx, key: { readonly runId: string; readonly itemId: string }, why: string): Promise<boolean> => {
  const sql = rawSql(tx);
  // Locked in the order everybody locks them: two threads stopping the same item would else each hold what the other waits for.
  await sql`select from run_item where run_id = ${key.runId} and item_id = ${key.itemId} order by version, period_key collate "C" for update`;
  const rows = await sql`
    update run_item set stopped = ${why}, state = 'stopped' where run_id = ${key.runId} and item_id = ${key.itemId} and stopped is null returning run_id`;
  return rows.length > 0;
};

/** Shards of the run that are not done; 0 when it may end. */
export const openShards = async (reader: Db | Tx, step: string, shards: readonly string[]): Promise<number> => {
  const [row] = await rawSql(reader)<{ n: number }[]>`
    select count(*)::int as n from unnest(${[...shards]}::text[]) as s(shard)
    where not exists (select from work w where w.step = ${step} and w.shard = s.shard and w.done_at is not null)`;
  return row?.n ?? 0;
};
