// SQL of carrying a whole block on: all its items' last results in one statement, and what they come to in a few.
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import type { ChunkCounts, ChunkKey, UndeterminedCount } from './run-store.ts';

export interface LastResult {
  readonly itemId: string;
  readonly periodKey: string;
  readonly eligible: Uint8Array;
  readonly undetermined: Uint8Array;
  readonly state: Uint8Array;
}

/** What the items' last results say of the block and of these very periods, where they count and can be carried on. */
export const readLastResults = async (
  db: Db,
  place: { readonly register: string; readonly block: number },
  asked: readonly { readonly itemId: string; readonly periodKey: string }[],
): Promise<readonly LastResult[]> =>
  await rawSql(db)<LastResult[]>`
    select b.item_id as "itemId", b.period_key as "periodKey", b.eligible, b.undetermined, b.state
    from unnest(${asked.map((a) => a.itemId)}::text[], ${asked.map((a) => a.periodKey)}::text[]) as a(item_id, period_key)
      join block_result b on b.item_id = a.item_id and b.period_key = a.period_key
    where b.register = ${place.register} and b.block = ${place.block} and b.state is not null
      and not exists (select from run_item ri where ri.run_id = b.run_id and ri.item_id = b.item_id and ri.stopped is not null)`;

/** How many blocks' results of these items and periods the next run may build on. */
export const countLastResults = async (
  db: Db,
  asked: readonly { readonly itemId: string; readonly periodKey: string }[],
): Promise<number> => {
  const [row] = await rawSql(db)<{ n: number }[]>`
    select count(*)::int as n from unnest(${asked.map((a) => a.itemId)}::text[], ${asked.map((a) => a.periodKey)}::text[]) as a(item_id, period_key)
      join block_result b on b.item_id = a.item_id and b.period_key = a.period_key where b.state is not null`;
  return row?.n ?? 0;
};

/** What one chunk of a block comes to. */
export interface Outcome {
  readonly key: ChunkKey;
  readonly eligible: Uint8Array;
  readonly undetermined: Uint8Array;
  readonly state: Uint8Array | null;
  readonly lacking: readonly UndeterminedCount[];
  readonly counts: ChunkCounts;
}

/** Items of the run that were stopped; null: the run has ended. Keeps the run open until the transaction ends. */
export const stoppedItems = async (tx: Tx, runId: string): Promise<ReadonlySet<string> | null> => {
  const sql = rawSql(tx);
  const run = await sql`select from run where id = ${runId} and ended_at is null for share`;
  if (run.length === 0) return null;
  const rows = await sql<{ id: string }[]>`select distinct item_id as id from run_item where run_id = ${runId} and stopped is not null`;
  return new Set(rows.map((row) => row.id));
};

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');

const writeResults = async (tx: Tx, runId: string, outcomes: readonly Outcome[]): Promise<void> => {
  const rows = outcomes.map(({ key, eligible, undetermined, state }) => ({
    item: key.itemId,
    period: key.periodKey,
    register: key.register,
    block: key.block,
    version: key.version,
    eligible: base64(eligible),
    undetermined: base64(undetermined),
    state: state === null ? null : base64(state),
  }));
  await rawSql(tx)`
    insert into block_result (item_id, period_key, register, block, run_id, version, eligible, undetermined, state)
    select x.item, x.period, x.register, x.block, ${runId}, x.version, decode(x.eligible, 'base64'), decode(x.undetermined, 'base64'), decode(x.state, 'base64')
    from json_to_recordset(${JSON.stringify(rows)}::text::json) as x(item text, period text, register text, block int, version int,
      eligible text, undetermined text, state text)
    on conflict (item_id, period_key, register, block) do update
      set run_id = excluded.run_id, version = excluded.version, eligible = excluded.eligible, undetermined = excluded.undetermined,
        state = excluded.state`;
};

/** In one order for everybody, so that two blocks of one run never wait for each other in a circle. */
const addLacking = async (tx: Tx, runId: string, outcomes: readonly Outcome[]): Promise<void> => {
  const rows = outcomes.flatMap(({ key, lacking }) => lacking.map((one) => ({ item: key.itemId, period: key.periodKey, ...one })));
  if (rows.length === 0) return;
  await rawSql(tx)`
    insert into undetermined_count (run_id, item_id, period_key, fact, dataset, reason, subjects)
    select ${runId}, x.item, x.period, x.fact, x.dataset, x.reason, x.subjects from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as x(item text, period text, fact text, dataset text, reason text, subjects int) order by x.item, x.period, x.fact, x.dataset, x.reason
    on conflict (run_id, item_id, period_key, fact, dataset, reason) do update set subjects = undetermined_count.subjects + excluded.subjects`;
};

/** False when one of the items was stopped meanwhile: everything must be rolled back. */
const addCounted = async (tx: Tx, runId: string, outcomes: readonly Outcome[]): Promise<boolean> => {
  const sql = rawSql(tx);
  const rows = outcomes.map(({ key, counts }) => ({
    item: key.itemId,
    version: key.version,
    period: key.periodKey,
    eligible: counts.eligible,
    undetermined: counts.undetermined,
    ineligible: counts.ineligible,
    fen: String(counts.amountFen),
    written: counts.written,
  }));
  await sql`
    select from run_item where run_id = ${runId} and item_id = any(${rows.map((r) => r.item)}::text[])
    order by item_id collate "C", version, period_key collate "C" for update`;
  const added = await sql`
    update run_item ri set eligible = ri.eligible + x.eligible, undetermined = ri.undetermined + x.undetermined,
      ineligible = ri.ineligible + x.ineligible, amount_fen = ri.amount_fen + x.fen, written = (
        select jsonb_object_agg(k, n) from (
          select k, sum(n)::int as n from (
            select key as k, value::int as n from jsonb_each_text(coalesce(ri.written, '{}'))
            union all select key, value::int from jsonb_each_text(x.written)
          ) parts group by k
        ) sums)
    from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb)
      as x(item text, version int, period text, eligible int, undetermined int, ineligible int, fen bigint, written jsonb)
    where ri.run_id = ${runId} and ri.item_id = x.item and ri.version = x.version and ri.period_key = x.period and ri.stopped is null
    returning ri.item_id`;
  return added.length === outcomes.length;
};

/** Everything a block's chunks come to but their matches. False when an item was stopped meanwhile: the transaction must be rolled back. */
export const writeOutcomes = async (tx: Tx, runId: string, outcomes: readonly Outcome[]): Promise<boolean> => {
  await writeResults(tx, runId, outcomes);
  await addLacking(tx, runId, outcomes);
  return await addCounted(tx, runId, outcomes);
};
