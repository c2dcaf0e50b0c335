// How items stand, as members of staff may see it. Counts kept with a run speak of everybody, so whoever sees some divisions only gets counts of
// matches and bitmaps of their own (invariant 13 holds for numbers too).
import type { Day } from '../base/day.ts';
import { divisionPrefix, type Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import type { MatchKind } from '../policy/item.ts';
import { bitmapFromBytes, blockRows, hasBit } from '../snapshot/bitmap.ts';
import { eventsKey } from './period.ts';

export interface ItemStanding {
  readonly itemId: string;
  readonly version: number;
  readonly periodKey: string;
  readonly periodEnd: Day;
  readonly runId: string;
  readonly eligible: number;
  /** null for readers of some divisions: `undeterminedBlocks` and the records tell theirs. */
  readonly undetermined: number | null;
  readonly amountFen: bigint;
  readonly stopped: string | null;
  readonly knownAt: Day;
}

/** Items a run decided, at their newest period, by the newest run that ended or is under way. */
const newest = (sql: Sql, items: readonly string[]) => sql`
  select distinct on (ri.item_id) ri.*, r.known_at from run_item ri join run r on r.id = ri.run_id
  where r.state not in ('abandoned', 'opening', 'event') and ri.state not in ('waiting', 'not-triggered') and ri.item_id = any(${[...items]}::text[])
  order by ri.item_id, ri.period_end desc, r.sequence desc`;

/** The whole sentence names the subject on whom two computations differ, who may live elsewhere. */
export const stoppedForSome = '两种算法的结论不同，这个事项在本批次中已停止。';
/** The same of an item that was held: its figures are everybody's. */
export const heldForSome = '与上次相比变化过大，先停在这里，等人核对后放行。';

const divisionsOf = (sql: Sql, scope: Scope) =>
  scope.divisions === null ? sql`true` : sql`m.division like any(${scope.divisions.map((code) => `${divisionPrefix(code)}%`)}::text[])`;

/** `items`: those the caller may see. */
export const itemStandings = async (reader: Db | Tx, scope: Scope, items: readonly string[]): Promise<readonly ItemStanding[]> => {
  const sql = rawSql(reader);
  const all = scope.divisions === null;
  // A run decides all events of a per-event item under one key; each match carries its own event's.
  const own = sql`
    left join lateral (
      select count(distinct m.subject_id)::int as eligible, coalesce(sum(m.amount_fen), 0)::bigint as amount from match m
      where m.item_id = x.item_id and (x.period_key = ${eventsKey} or m.period_key = x.period_key) and m.verdict = 'eligible'
        and ${divisionsOf(sql, scope)}
        and not exists (select from match n where n.subject_id = m.subject_id and n.item_id = m.item_id and n.period_key = m.period_key
          and n.sequence > m.sequence)
    ) o on true`;
  return await sql<ItemStanding[]>`
    with newest as (${newest(sql, items)})
    select x.item_id as "itemId", x.version, x.period_key as "periodKey", x.period_end as "periodEnd", x.run_id as "runId",
      ${all ? sql`x.stopped` : sql`case when x.state = 'held' then ${heldForSome} when x.stopped is not null then ${stoppedForSome} end`} as stopped,
      x.known_at as "knownAt",
      ${all ? sql`x.eligible, x.undetermined, x.amount_fen as "amountFen"` : sql`o.eligible, null::int as undetermined, o.amount as "amountFen"`}
    from newest x ${all ? sql`` : own} order by x.item_id collate "C"`;
};

export interface RunWritten {
  readonly itemId: string;
  readonly periodKey: string;
  readonly kind: MatchKind;
  readonly count: number;
  readonly amountFen: bigint;
}

/** What a run wrote within the scope's divisions, by item, period and kind. */
export const writtenBy = async (reader: Db | Tx, runId: string, scope: Scope, items: readonly string[]): Promise<readonly RunWritten[]> => {
  const sql = rawSql(reader);
  return await sql<RunWritten[]>`
    select m.item_id as "itemId", m.period_key as "periodKey", m.kind, count(*)::int as count, coalesce(sum(m.amount_fen), 0)::bigint as "amountFen"
    from match m where m.run_id = ${runId} and m.item_id = any(${[...items]}::text[]) and ${divisionsOf(sql, scope)}
    group by 1, 2, 3 order by 1, 2, 3`;
};

/** Periods of an item that were decided, newest first. */
export const periodsDecided = async (
  reader: Db | Tx,
  itemId: string,
): Promise<readonly { readonly periodKey: string; readonly periodEnd: Day }[]> =>
  await rawSql(reader)<{ periodKey: string; periodEnd: Day }[]>`
    select period_key as "periodKey", max(period_end) as "periodEnd" from run_item where item_id = ${itemId} group by 1 order by 2 desc, 1 desc limit 60`;

export interface StandingAnswer {
  readonly periodKey: string;
  readonly verdict: 'eligible' | 'undetermined' | 'ineligible';
  readonly amountFen: bigint | null;
  /** The match it rests on, or null: no match is written for who never qualified. */
  readonly matchId: string | null;
  readonly kind: MatchKind | null;
}

/** How one subject stands in each item's newest decided period: the last match, else what the bitmaps say. Items never decided are absent. */
export const answersOf = async (
  reader: Db | Tx,
  subject: { readonly register: string; readonly subjectId: string; readonly ordinal: number },
  items: readonly string[],
): Promise<ReadonlyMap<string, StandingAnswer>> => {
  const sql = rawSql(reader);
  const block = Math.floor(subject.ordinal / blockRows);
  const rows = await sql<
    (Omit<StandingAnswer, 'verdict'> & {
      itemId: string;
      verdict: StandingAnswer['verdict'] | null;
      eligible: Uint8Array | null;
      open: Uint8Array | null;
    })[]
  >`
    with newest as (${newest(sql, items)})
    select x.item_id as "itemId", coalesce(m.period_key, x.period_key) as "periodKey", m.verdict, m.amount_fen as "amountFen", m.id as "matchId", m.kind,
      b.undetermined as open
    from newest x
      left join block_result b on b.item_id = x.item_id and b.period_key = x.period_key and b.register = ${subject.register} and b.block = ${block}
      left join lateral (
        select * from match m where m.subject_id = ${subject.subjectId} and m.item_id = x.item_id
          and (x.period_key = ${eventsKey} or m.period_key = x.period_key)
        order by m.created_at desc, m.sequence desc limit 1) m on true`;
  const row = subject.ordinal % blockRows;
  const has = (bytes: Uint8Array | null): boolean => bytes !== null && hasBit(bitmapFromBytes(bytes, blockRows), row);
  return new Map(
    rows
      .filter((one) => one.verdict !== null || one.open !== null)
      .map(({ itemId, open, verdict, ...rest }) => [itemId, { ...rest, verdict: verdict ?? (has(open) ? 'undetermined' : 'ineligible') }]),
  );
};

export interface RunPoint {
  readonly runId: string;
  readonly startedAt: Date;
  readonly knownAt: Day;
  readonly itemId: string;
  readonly periodKey: string;
  readonly eligible: number;
  readonly undetermined: number;
  readonly ineligible: number;
  readonly amountFen: bigint;
  readonly state: string;
}

/** What the last runs found of one item, newest first: its drift. Events are no runs of everybody and are left out. Counts are of everybody. */
export const driftOf = async (reader: Db | Tx, itemId: string, limit: number): Promise<readonly RunPoint[]> =>
  await rawSql(reader)<RunPoint[]>`
    select ri.run_id as "runId", r.started_at as "startedAt", r.known_at as "knownAt", ri.item_id as "itemId", ri.period_key as "periodKey", ri.eligible,
      ri.undetermined, ri.ineligible, ri.amount_fen as "amountFen", case when ri.stopped is not null then ri.state else r.state end as state
    from run_item ri join run r on r.id = ri.run_id
    where ri.item_id = ${itemId} and r.state <> 'event' and ri.terms ->> 'skipped' is null
    order by r.sequence desc, ri.period_end desc limit ${limit}`;
