// SQL of deciding an event: what the last run planned, how a few rows stood, and how they stand from now on.
import type { Day } from '../base/day.ts';
import { rawSql, type Tx } from '../db/handle.ts';
import type { DecisionPeriod } from '../rule/facts.ts';
import { bitmapFromBytes, bitmapToBytes, blockRows, clearBit, setBit } from '../snapshot/bitmap.ts';
import { forgetRows } from './carry.ts';
import { insertRunItems } from './plan-store.ts';
import type { ChunkKey } from './run-store.ts';

export interface PlannedRow {
  readonly itemId: string;
  readonly version: number;
  readonly periodKey: string;
  readonly start: Day | null;
  readonly end: Day;
}

/** What the last run of the day decided, as far as it stands and on ordinary terms; null: no run of that day has ended. `busy`: one is under way. */
export const plannedNow = async (
  tx: Tx,
  today: Day,
): Promise<{ readonly busy: boolean; readonly ledgerCut: bigint; readonly items: readonly PlannedRow[] } | null> => {
  const sql = rawSql(tx);
  // Asked one behind the other without waiting between them: an event's time is to a good part the way to the database and back.
  const [open, [last], items] = await Promise.all([
    sql`select from run where ended_at is null limit 1`,
    sql<{ ledgerCut: bigint; knownAt: Day }[]>`
      select ledger_cut as "ledgerCut", known_at as "knownAt" from run where state = 'done' order by sequence desc limit 1`,
    sql<PlannedRow[]>`
      select item_id as "itemId", version, period_key as "periodKey", period_start as start, period_end as "end" from run_item
      where run_id = (select id from run where state = 'done' order by sequence desc limit 1)
        and state = 'done' and stopped is null and terms is null order by item_id collate "C", period_key collate "C"`,
  ]);
  if (open.length > 0) return { busy: true, ledgerCut: 0n, items: [] };
  if (last === undefined || last.knownAt !== today) return null;
  return { busy: false, ledgerCut: last.ledgerCut, items };
};

export interface Stood {
  readonly eligible: boolean;
  readonly undetermined: boolean;
}

/** How the rows stood in the items' last results, by `item\\nperiod`; undefined where a row's block has no result that counts. */
export const standingRows = async (
  tx: Tx,
  register: string,
  asked: readonly PlannedRow[],
  ordinals: readonly number[],
): Promise<ReadonlyMap<string, readonly (Stood | undefined)[]>> => {
  const rows = await rawSql(tx)<{ itemId: string; periodKey: string; at: number; eligible: boolean; undetermined: boolean }[]>`
    select b.item_id as "itemId", b.period_key as "periodKey", (o.n - 1)::int as at,
      length(b.eligible) * 8 > o.row and get_bit(b.eligible || '\\x00', o.row) = 1 as eligible,
      length(b.undetermined) * 8 > o.row and get_bit(b.undetermined || '\\x00', o.row) = 1 as undetermined
    from unnest(${asked.map((a) => a.itemId)}::text[], ${asked.map((a) => a.periodKey)}::text[], ${asked.map((a) => a.version)}::int[])
        as a(item_id, period_key, version)
      cross join (select n, x / ${blockRows} as block, x % ${blockRows} as row from unnest(${[...ordinals]}::int[]) with ordinality as u(x, n)) o
      join block_result b on b.item_id = a.item_id and b.period_key = a.period_key and b.register = ${register} and b.block = o.block
        and b.version = a.version
    where not exists (select from run_item ri where ri.run_id = b.run_id and ri.item_id = b.item_id and ri.stopped is not null)
    order by 1, 2, 3`;
  const out = new Map<string, (Stood | undefined)[]>();
  for (const [name, own] of Map.groupBy(rows, (r) => `${r.itemId}\n${r.periodKey}`)) {
    const stood: (Stood | undefined)[] = ordinals.map(() => undefined);
    for (const one of own) stood[one.at] = one;
    out.set(name, stood);
  }
  return out;
};

/** The run an event's matches belong to; it has ended as soon as it is seen. */
export const writeEventRun = async (
  tx: Tx,
  run: { readonly snapshotId: string; readonly knownAt: Day; readonly ledgerCut: bigint },
  at: Date,
): Promise<string> => {
  const [row] = await rawSql(tx)<{ id: string }[]>`
    insert into run (snapshot_id, known_at, ledger_cut, state, started_at, ended_at)
    values (${run.snapshotId}, ${run.knownAt}, ${run.ledgerCut}, 'event', ${at}, ${at}) returning id`;
  return (row as { id: string }).id;
};

/** How some rows stand from now on; an event's amount is what its matches moved, up and down alike. The next run decides them again whatever it finds changed: what it carries on from did not know them. */
export const writeRows = async (
  tx: Tx,
  key: ChunkKey,
  period: DecisionPeriod,
  changes: readonly { readonly block: number; readonly row: number; readonly eligible: boolean; readonly undetermined: boolean }[],
  of: { readonly written: object; readonly movedFen: bigint },
): Promise<void> => {
  if (changes.length === 0) return;
  const sql = rawSql(tx);
  const { runId, itemId, version, periodKey, register } = key;
  await insertRunItems(tx, runId, [{ itemId, version, period }]);
  await sql`
    update run_item set state = 'done', written = ${JSON.stringify(of.written)}::text::jsonb, amount_fen = ${of.movedFen}
    where run_id = ${runId} and item_id = ${itemId} and period_key = ${periodKey}`;
  for (const [block, rows] of Map.groupBy(changes, (c) => c.block)) {
    const [before] = await sql<{ eligible: Uint8Array; undetermined: Uint8Array; state: Uint8Array | null }[]>`
      select eligible, undetermined, state from block_result
      where item_id = ${itemId} and period_key = ${periodKey} and register = ${register} and block = ${block} for update`;
    if (before === undefined) continue;
    const [eligible, undetermined] = [bitmapFromBytes(before.eligible, blockRows), bitmapFromBytes(before.undetermined, blockRows)];
    for (const one of rows) {
      mark(eligible, one.row, one.eligible);
      mark(undetermined, one.row, one.undetermined);
    }
    const state =
      before.state === null
        ? null
        : forgetRows(
            before.state,
            rows.map((r) => r.row),
          );
    await sql`
      update block_result set eligible = ${bitmapToBytes(eligible)}, undetermined = ${bitmapToBytes(undetermined)}, state = ${state}
      where item_id = ${itemId} and period_key = ${periodKey} and register = ${register} and block = ${block}`;
  }
};

const mark = (bits: Uint32Array, row: number, on: boolean): void => {
  if (on) setBit(bits, row);
  else clearBit(bits, row);
};
