// What is to be settled, read from live matches and from lines that may be looked at again. Hand-written SQL: one statement finds and orders
// a lane's whole queue (order keys are hashed in the database, so that 100,000 units cost one sort and no evidence leaves the server).
import type { Day } from '../base/day.ts';
import { rawSql, type Sql, type Tx } from '../db/handle.ts';
import type { Item, MatchKind } from '../policy/item.ts';
import { paysMoney } from '../policy/pays-store.ts';
import type { Unit } from './settlement.ts';

/** A published version as settlement needs it. */
export interface SettledItem {
  readonly item: Item;
  readonly version: number;
  readonly blocked: string | null;
}

/** Every published version that may pay; items that only tell or reduce a fee never do. */
export const payingVersions = async (tx: Tx): Promise<readonly SettledItem[]> => {
  const sql = rawSql(tx);
  const rows = await sql<{ content: Item; version: number; blocked: string | null }[]>`
    select content, version, blocked from item_version where ${paysMoney(sql)} order by item_id, version`;
  return rows.map((row) => ({ item: row.content, version: row.version, blocked: row.blocked }));
};

export interface RunPair {
  readonly runId: string;
  readonly itemId: string;
}

/** Ended runs' items that nobody has finished settling; an item stopped by its run (two opinions differ) is left alone. */
export const openRuns = async (tx: Tx): Promise<readonly RunPair[]> =>
  await rawSql(tx)<RunPair[]>`
    select distinct ri.run_id as "runId", ri.item_id as "itemId"
    from run_item ri join run r on r.id = ri.run_id
    where r.ended_at is not null and ri.stopped is null
      and not exists (select from settled_run s where s.run_id = ri.run_id and s.item_id = ri.item_id)
    order by 1, 2`;

/** What says which empty lines may be looked at again. `closed`: budgets that promise nothing before their cut-off, or only in shares. */
export interface Looking {
  readonly today: Day;
  readonly closed: readonly string[];
}

/** Items with a line that may be looked at again: marked, first in the queue of a budget that has room for it, with a share, or past its time to choose. */
export const itemsToReconsider = async (tx: Tx, looking: Looking): Promise<readonly string[]> => {
  const sql = rawSql(tx);
  const rows = await sql<{ item_id: string }[]>`
    with ${roomy(sql, looking)} select distinct s.item_id from settlement_line s where s.reconsider
    union select distinct s.item_id from settlement_line s where s.state = 'waiting' and s.quota_fen is not null
    union select distinct s.item_id from settlement_line s where s.state = 'waiting' and s.decide_on < ${looking.today}
    union select g.item_id from budget g where 'budget:' || g.id in (select blocked_on from roomy)`;
  return rows.map((row) => row.item_id);
};

/** Limited budgets with room for whoever waits first; asked once per statement, or 10,000 waiting lines would each look for the first. */
const roomy = (sql: Sql, { closed }: Looking) => sql`
  roomy as materialized (
    select h.blocked_on from budget g
    cross join lateral (
      select s.blocked_on, s.wanted_fen from settlement_line s
      where s.state = 'waiting' and s.blocked_on = 'budget:' || g.id order by s.blocked_on, s.order_key limit 1) h
    join balance b on b.account = h.blocked_on || ':available' and b.amount_fen >= h.wanted_fen
    where g.kind = 'limited' and g.id <> all(${[...closed]}::text[]))`;

const mayImprove = (sql: Sql, { today }: Looking) => sql`(s.reconsider or (s.state = 'waiting'
  and (s.blocked_on in (select blocked_on from roomy) or s.quota_fen is not null or s.decide_on < ${today})))`;

/** Where a query looks: a lane's open runs and marked lines, known entries of its queue, or some subjects' matches in open runs. */
export type Span = { readonly items: readonly string[]; readonly runs: readonly RunPair[]; readonly looking: Looking } & (
  | { readonly of: 'lane' }
  | { readonly of: 'entries'; readonly entries: readonly QueueEntry[] }
  | { readonly of: 'subjects'; readonly subjects: readonly string[] }
);

const openPair = (sql: Sql, span: Span) => sql`(m.run_id, m.item_id) in (
  select * from unnest(${span.runs.map((r) => r.runId)}::uuid[], ${span.runs.map((r) => r.itemId)}::text[]))`;

/** Matches to look at, `again` where a line of theirs may improve. Each way in starts from what is few. */
const chosen = (sql: Sql, span: Span) => {
  switch (span.of) {
    case 'lane':
      return sql`
        select m.subject_id, m.id, false as again from match m where m.item_id = any(${[...span.items]}::text[]) and ${openPair(sql, span)}
        union
        select s.subject_id, s.match_id, true from settlement_line s where s.item_id = any(${[...span.items]}::text[]) and ${mayImprove(sql, span.looking)}`;
    case 'entries':
      return sql`
        select distinct x.s as subject_id, x.m as id, x.again from unnest(${span.entries.map((e) => e.subjectId)}::uuid[],
          ${span.entries.map((e) => e.matchId)}::uuid[], ${span.entries.map((e) => String(e.again))}::text[]::boolean[]) as x(s, m, again)`;
    case 'subjects':
      return sql`
        select m.subject_id, m.id, false as again from unnest(${[...span.subjects]}::uuid[]) as x(s)
        join match m on m.subject_id = x.s and m.item_id = any(${[...span.items]}::text[]) where ${openPair(sql, span)}`;
  }
};

/**
 * A match `m` stands when its run has ended without being stopped for the item (two opinions differed), and no later match that stands too
 * replaces it. A run still under way replaces nothing yet. Ordered and limited, so that one step into the unique index answers even
 * while the table has no statistics (an anti-join took the item's index instead: 3,000 rows in 5 s, 60,000 never).
 */
export const isStanding = (sql: Sql) => {
  const counts = (name: 'm' | 'n') => sql`(
    exists (select from run er where er.id = ${sql(name)}.run_id and er.ended_at is not null)
    and not exists (select from run_item si where si.run_id = ${sql(name)}.run_id and si.item_id = ${sql(name)}.item_id and si.stopped is not null))`;
  return sql`${counts('m')} and (
    select n.sequence from match n
    where n.subject_id = m.subject_id and n.item_id = m.item_id and n.period_key = m.period_key and n.sequence > m.sequence and ${counts('n')}
    order by n.subject_id desc, n.item_id desc, n.period_key desc, n.sequence desc limit 1) is null`;
};

/** A stop order `st` covers the period of match `m` where the period begins after the last day of entitlement: the month somebody died in is due. */
export const stopCovers = (sql: Sql) => sql`st.last_on < coalesce(m.evidence #>> '{period,start}', m.evidence #>> '{period,end}')::date`;

/**
 * The units of the chosen matches: `fresh` have no line yet, `again` have one that may improve. Only standing matches count. A line that the
 * match no longer carries asks to be withdrawn.
 */
const unitsOf = (sql: Sql, span: Span) => sql`
  ${roomy(sql, span.looking)}, ordered as materialized (
    select item_id, version, content #>> '{budget,give}' = 'ranked' as ranked from item_version where content #>> '{budget,kind}' = 'limited'
  ), chosen as (${chosen(sql, span)}), units as (
    select m.subject_id, m.id as match_id, m.register, m.item_id, m.version, m.division, m.period_key, m.kind, m.run_id, m.evidence, c.again, st.id as stop_id,
      a.anew, u.*
    from chosen c join match m on m.subject_id = c.subject_id and m.id = c.id
    left join stop_order st on st.subject_id = m.subject_id and st.item_id = m.item_id and st.state = 'standing' and ${stopCovers(sql)}
    cross join lateral (
      select c.again and exists (
        select from settlement_line s where s.subject_id = m.subject_id and s.match_id = m.id and s.reconsider and s.state <> 'superseded'
          and s.stop_id is distinct from st.id) as anew
    ) a
    cross join lateral (
      select coalesce(e.line ->> 'key', '') as key, case when st.id is null then 'due' else 'ended' end as asks, (e.line #>> '{award,amountFen}')::bigint as gross,
        coalesce(e.line -> 'claims', '[]') as claims
      from jsonb_array_elements(m.lines) as e(line)
      where m.verdict = 'eligible' and e.line ->> 'verdict' = 'eligible' and e.line #>> '{award,state}' = 'known'
      union all
      select g.key, case when st.id is null and (m.verdict = 'undetermined' or exists (
          select from jsonb_array_elements(m.lines) as e(line)
          where coalesce(e.line ->> 'key', '') = g.key and e.line ->> 'verdict' <> 'ineligible'
        )) then 'suspended' else 'ended' end, 0, '[]'
      from (
        select distinct s.key from settlement_line s
        where s.subject_id = m.subject_id and s.item_id = m.item_id and s.period_key = m.period_key and s.match_id <> m.id and s.state <> 'superseded'
      ) g
      where (a.anew or not c.again) and not exists (
        select from jsonb_array_elements(m.lines) as e(line)
        where coalesce(e.line ->> 'key', '') = g.key and m.verdict = 'eligible' and e.line ->> 'verdict' = 'eligible' and e.line #>> '{award,state}' = 'known')
    ) u
    where ${isStanding(sql)} and case when a.anew
      then exists (
        select from settlement_line s where s.subject_id = m.subject_id and s.match_id = m.id and s.key = u.key and s.reconsider and s.state <> 'superseded'
          and s.stop_id is distinct from st.id)
      when c.again
      then exists (select from settlement_line s where s.subject_id = m.subject_id and s.match_id = m.id and s.key = u.key and ${mayImprove(sql, span.looking)})
      else not exists (select from settlement_line s where s.subject_id = m.subject_id and s.match_id = m.id and s.key = u.key) end
  )`;

export interface QueueEntry {
  readonly subjectId: string;
  readonly matchId: string;
  readonly key: string;
  readonly again: boolean;
}

/**
 * The first `limit` units of a lane in the order the items declare: the earliest event day of the claims, the event's own, or the day the budget's
 * `order` names; then a
 * hash keyed by `salt` over register, natural key, item, period and line, whose key is a blind index. Never arrival, never a surrogate id: the same people
 * under the same index key stand in the same order on any machine.
 */
export const queue = async (tx: Tx, span: Span, salt: string, limit: number): Promise<readonly QueueEntry[]> => {
  const sql = rawSql(tx);
  return await sql<QueueEntry[]>`
    with ${unitsOf(sql, span)}
    select u.subject_id as "subjectId", u.match_id as "matchId", u.key, u.again from units u
    order by ${orderKey(sql, salt)} collate "C", u.key collate "C" limit ${limit}`;
};

/** Only limited budgets and claims ask who goes first; a budget may name the fact whose day or number says so: the match carries that day, or a key that sorts. */
const orderKey = (sql: Sql, salt: string) => sql`(
  coalesce((
    select to_char(1000000000000 - (u.evidence ->> 'orderValue')::numeric, 'FM0000000000000.000000')
    from ordered o where o.item_id = u.item_id and o.version = u.version and o.ranked
  ), (select min(c ->> 'orderDay') from jsonb_array_elements(u.claims) as c), (
    select coalesce(u.evidence ->> 'orderKey', u.evidence ->> 'orderDay')
    from ordered o where o.item_id = u.item_id and o.version = u.version
  ), '9999-12-31') || ':' ||
  encode(sha256(convert_to(${salt} || '|' || u.register || '|' || (
    select r.key from record r where r.register = u.register and r.subject_id = u.subject_id
  ) || '|' || u.item_id || '|' || u.period_key || '|' || u.key, 'UTF8')), 'hex'))`;

export interface UnitRow {
  subject_id: string;
  match_id: string;
  kind: MatchKind;
  item_id: string;
  version: number;
  division: string | null;
  period_key: string;
  period_end: string;
  key: string;
  asks: Unit['asks'];
  again: boolean;
  anew: boolean;
  stop_id: string | null;
  gross: bigint;
  claims: { kind: string; object: string; group: string; per: 'period' | 'year' | 'ever' }[];
  caps: Record<string, string | number | null> | null;
  order_key: string;
}

/** The units of a span in full, with the caps their evidence carries; without their earlier lines. */
export const unitRows = async (tx: Tx, span: Span, salt: string): Promise<readonly UnitRow[]> => {
  const sql = rawSql(tx);
  return await sql<UnitRow[]>`
    with ${unitsOf(sql, span)}
    select u.subject_id, u.match_id, u.kind, u.item_id, u.version, u.division, u.period_key, u.key, u.asks, u.again, u.anew, u.stop_id, u.gross, u.claims,
      u.evidence -> 'capsFen' as caps,
      coalesce(u.evidence #>> '{period,end}', (
        select max(ri.period_end)::text from run_item ri where ri.run_id = u.run_id and ri.item_id = u.item_id and ri.period_key = u.period_key
      ), (select r.known_at::text from run r where r.id = u.run_id)) as period_end,
      ${orderKey(sql, salt)} as order_key
    from units u`;
};
