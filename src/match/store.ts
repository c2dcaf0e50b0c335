// Reading matches, for pages and the API: lists by cursor, one match with its evidence, counts of the undetermined. Every read is limited by the
// reader's scope, and `inScope` is the one place that says how.
import type { Day } from '../base/day.ts';
import { divisionPrefix, type Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import type { Item, MatchKind } from '../policy/item.ts';
import type { Verdict } from '../rule/facts.ts';
import type { Evidence, StoredLine } from './match.ts';
import { type RunItemRow, runItemColumns } from './plan-store.ts';
import { openMatch, type StoredEvidence } from './sealed.ts';

export interface MatchSummary {
  readonly id: string;
  readonly itemId: string;
  readonly version: number;
  readonly register: string;
  readonly subjectId: string;
  readonly name: string | null;
  readonly division: string | null;
  readonly periodKey: string;
  readonly sequence: number;
  readonly kind: MatchKind;
  readonly verdict: Verdict;
  readonly amountFen: bigint | null;
  readonly runId: string;
  readonly createdAt: Date;
  /** False when a later match of the same subject, item and period has taken its place. */
  readonly current: boolean;
}

export interface MatchDetail extends MatchSummary {
  readonly lines: readonly StoredLine[];
  readonly evidence: Evidence;
  readonly previousId: string | null;
}

/** Items and authorities a reader may see; `t` has item_id and version. */
const itemsInScope = (sql: Sql, scope: Scope, t: 'm' | 'ri') => sql`(
  ${scope.items === null ? sql`true` : sql`${sql(t)}.item_id = any(${[...scope.items]}::text[])`}
  and ${
    scope.authorities === null
      ? sql`true`
      : sql`exists (select from item_version v where v.item_id = ${sql(t)}.item_id and v.version = ${sql(t)}.version
          and v.content ->> 'authority' = any(${[...scope.authorities]}::text[]))`
  })`;

/** Matches a reader may see: of those items, about people of their divisions. */
const inScope = (sql: Sql, scope: Scope) =>
  sql`(${itemsInScope(sql, scope, 'm')} and ${
    scope.divisions === null
      ? sql`true`
      : sql`m.division like any(${scope.divisions.map((code) => `${divisionPrefix(code).replace(/[%_\\]/g, '\\$&')}%`)}::text[])`
  })`;

const superseded = (sql: Sql) => sql`exists (
  select from match n where n.subject_id = m.subject_id and n.item_id = m.item_id and n.period_key = m.period_key and n.sequence > m.sequence)`;

const summary = (sql: Sql) => sql`m.id, m.item_id as "itemId", m.version, m.register, m.subject_id as "subjectId",
  (select r.name from record r where r.register = m.register and r.subject_id = m.subject_id) as name,
  m.division, m.period_key as "periodKey", m.sequence, m.kind, m.verdict, m.amount_fen as "amountFen", m.run_id as "runId", m.created_at as "createdAt",
  not ${superseded(sql)} as current`;

export interface MatchQuery {
  readonly scope: Scope;
  readonly itemId?: string;
  readonly periodKey?: string;
  readonly runId?: string;
  readonly subjectId?: string;
  readonly kind?: MatchKind;
  readonly verdict?: Verdict;
  /** Only the last match of each subject, item and period. */
  readonly current?: boolean;
  /** As returned with the page before; null or absent: from the newest. */
  readonly cursor?: string | null;
  readonly limit?: number;
}

export interface Page<T> {
  readonly rows: readonly T[];
  /** null: that was the last page. */
  readonly cursor: string | null;
}

const where = (sql: Sql, q: Omit<MatchQuery, 'cursor' | 'limit'>) => sql`${inScope(sql, q.scope)}
  ${q.itemId === undefined ? sql`` : sql`and m.item_id = ${q.itemId}`}
  ${q.periodKey === undefined ? sql`` : sql`and m.period_key = ${q.periodKey}`}
  ${q.runId === undefined ? sql`` : sql`and m.run_id = ${q.runId}`}
  ${q.subjectId === undefined ? sql`` : sql`and m.subject_id = ${q.subjectId}`}
  ${q.kind === undefined ? sql`` : sql`and m.kind = ${q.kind}`}
  ${q.verdict === undefined ? sql`` : sql`and m.verdict = ${q.verdict}`}
  ${q.current === true ? sql`and not ${superseded(sql)}` : sql``}`;

const cursorOf = (row: MatchSummary): string => Buffer.from(JSON.stringify([row.createdAt.toISOString(), row.id])).toString('base64url');

/** null for anything a page never gave out. */
const readCursor = (cursor: string): readonly [string, string] | null => {
  try {
    const parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
    if (!Array.isArray(parsed) || typeof parsed[0] !== 'string' || typeof parsed[1] !== 'string') return null;
    return Number.isNaN(Date.parse(parsed[0])) || !/^[0-9a-f-]{36}$/.test(parsed[1]) ? null : [parsed[0], parsed[1]];
  } catch {
    return null;
  }
};

/** Newest first; a cursor that is none starts from the newest. At most 200 rows. */
export const listMatches = async (reader: Db | Tx, query: MatchQuery): Promise<Page<MatchSummary>> => {
  const sql = rawSql(reader);
  const limit = Math.min(Math.max(query.limit ?? 50, 1), 200);
  const after = query.cursor == null ? null : readCursor(query.cursor);
  const rows = await sql<MatchSummary[]>`
    select ${summary(sql)} from match m
    where ${where(sql, query)} ${after === null ? sql`` : sql`and (m.created_at, m.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`}
    order by m.created_at desc, m.id desc limit ${limit + 1}`;
  const shown = rows.slice(0, limit);
  return { rows: shown, cursor: rows.length > limit ? cursorOf(shown.at(-1) as MatchSummary) : null };
};

export const countMatches = async (
  reader: Db | Tx,
  query: Omit<MatchQuery, 'cursor' | 'limit'>,
): Promise<{ readonly matches: number; readonly amountFen: bigint }> => {
  const sql = rawSql(reader);
  const [row] = await sql<{ matches: number; amountFen: bigint }[]>`
    select count(*)::int as matches, coalesce(sum(m.amount_fen), 0)::bigint as "amountFen" from match m where ${where(sql, query)}`;
  return row ?? { matches: 0, amountFen: 0n };
};

/** null: there is no such match, or the reader may not see it; which of them is not told. */
export const matchById = async (reader: Db | Tx, id: string, scope: Scope): Promise<MatchDetail | null> => {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)) return null;
  const sql = rawSql(reader);
  const [row] = await sql<(Omit<MatchDetail, 'evidence'> & { readonly evidence: StoredEvidence })[]>`
    select ${summary(sql)}, m.lines, m.evidence, m.previous_id as "previousId" from match m where m.id = ${id} and ${inScope(sql, scope)}`;
  return row === undefined ? null : { ...row, ...openMatch(reader, row, row) };
};

export interface RunSummary {
  readonly id: string;
  readonly snapshotId: string;
  readonly knownAt: Day;
  readonly ledgerCut: bigint;
  readonly state: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly sequence: bigint;
}

const runColumns = (sql: Sql) => sql`id, snapshot_id as "snapshotId", known_at as "knownAt", ledger_cut as "ledgerCut", state,
  started_at as "startedAt", ended_at as "endedAt", sequence`;

/** Newest first, without those that decided a single event; `before` is the sequence of the last row of the page before. */
export const listRuns = async (reader: Db | Tx, before: bigint | null = null, limit = 50): Promise<readonly RunSummary[]> => {
  const sql = rawSql(reader);
  return await sql<RunSummary[]>`
    select ${runColumns(sql)} from run where state <> 'event' ${before === null ? sql`` : sql`and sequence < ${before}`} order by sequence desc limit ${limit}`;
};

/** The last run that ended; null before the first. */
export const lastRun = async (reader: Db | Tx): Promise<RunSummary | null> =>
  (await listRuns(reader, null, 20)).find((run) => run.endedAt !== null) ?? null;

/** The last run that decided an item for a period, and how; an event's key is found under the run's one key for events. */
export const lastRunFor = async (
  reader: Db | Tx,
  itemId: string,
  periodKey: string,
): Promise<
  | (Pick<RunSummary, 'snapshotId' | 'knownAt' | 'ledgerCut'> & {
      readonly version: number;
      readonly periodKey: string;
      readonly periodStart: Day | null;
      readonly periodEnd: Day;
    })
  | null
> => {
  const [row] = await rawSql(reader)<
    {
      snapshotId: string;
      knownAt: Day;
      ledgerCut: bigint;
      version: number;
      periodKey: string;
      periodStart: Day | null;
      periodEnd: Day;
    }[]
  >`
    select r.snapshot_id as "snapshotId", r.known_at as "knownAt", r.ledger_cut as "ledgerCut", ri.version, ri.period_key as "periodKey",
      ri.period_start as "periodStart", ri.period_end as "periodEnd"
    from run_item ri join run r on r.id = ri.run_id
    where ri.item_id = ${itemId} and ri.period_key in (${periodKey}, 'events') and ri.stopped is null and r.state not in ('abandoned', 'event')
    order by r.sequence desc limit 1`;
  return row ?? null;
};

export interface MissingCount {
  readonly itemId: string;
  readonly periodKey: string;
  /** Fact or link path, and who should deliver it ('' when nobody is known). */
  readonly fact: string;
  readonly dataset: string;
  readonly reason: string;
  readonly subjects: number;
}

/** Items of a run a reader may see. Numbers are of all divisions, so only readers of all divisions get them; others count with `undetermined.ts`. */
export const runItems = async (reader: Db | Tx, runId: string, scope: Scope): Promise<readonly RunItemRow[]> => {
  if (scope.divisions !== null) return [];
  const sql = rawSql(reader);
  return await sql<RunItemRow[]>`
    select ${runItemColumns(sql)} from run_item ri where ri.run_id = ${runId} and ${itemsInScope(sql, scope, 'ri')}
    order by ri.item_id collate "C", ri.period_key collate "C"`;
};

/** Undetermined of a run by missing fact and dataset, most first; as `runItems`, only for readers of all divisions. */
export const undeterminedByMissing = async (reader: Db | Tx, runId: string, scope: Scope): Promise<readonly MissingCount[]> => {
  if (scope.divisions !== null) return [];
  const sql = rawSql(reader);
  return await sql<MissingCount[]>`
    select u.item_id as "itemId", u.period_key as "periodKey", u.fact, u.dataset, u.reason, u.subjects
    from undetermined_count u join run_item ri on ri.run_id = u.run_id and ri.item_id = u.item_id and ri.period_key = u.period_key
    where u.run_id = ${runId} and ${itemsInScope(sql, scope, 'ri')}
    order by u.subjects desc, u.item_id, u.fact, u.dataset, u.reason`;
};

/** Bitmaps of an item's last result per block; blocks without undetermined are left out. */
export const undeterminedBlocks = async (
  reader: Db | Tx,
  itemId: string,
  periodKey: string,
): Promise<readonly { readonly block: number; readonly register: string; readonly runId: string; readonly undetermined: Uint8Array }[]> => {
  const sql = rawSql(reader);
  return await sql`
    select block, register, run_id as "runId", undetermined from block_result
    where item_id = ${itemId} and period_key = ${periodKey} and undetermined <> '' order by register, block`;
};

export const runById = async (reader: Db | Tx, runId: string): Promise<RunSummary | null> => {
  const sql = rawSql(reader);
  const [row] = await sql<RunSummary[]>`select ${runColumns(sql)} from run where id = ${runId}`;
  return row ?? null;
};

/** Where a subject stands in its register; null when nobody of that id is there. */
export const ordinalOf = async (reader: Db | Tx, register: string, subjectId: string): Promise<number | null> => {
  const [row] = await rawSql(reader)<
    { ordinal: number }[]
  >`select ordinal from record where register = ${register} and subject_id = ${subjectId}`;
  return row?.ordinal ?? null;
};

export const ordinalsOfKeys = async (reader: Db | Tx, register: string, keys: readonly string[]): Promise<ReadonlyMap<string, number>> => {
  const rows = await rawSql(reader)<{ key: string; ordinal: number }[]>`
    select key, ordinal from record where register = ${register} and key = any(${[...keys]}::text[])`;
  return new Map(rows.map((row) => [row.key, row.ordinal]));
};

/** A published version by name; null when there is none. */
export const versionContent = async (
  reader: Db | Tx,
  itemId: string,
  version: number,
): Promise<{ readonly item: Item; readonly hash: string } | null> => {
  const [row] = await rawSql(reader)<{ item: Item; hash: string }[]>`
    select content as item, hash from item_version where item_id = ${itemId} and version = ${version}`;
  return row ?? null;
};

/** Some matches of every item, kind and verdict, the first by the subjects' own keys. */
export const corpusIds = async (reader: Db | Tx, each: number): Promise<readonly string[]> => {
  const sql = rawSql(reader);
  const rows = await sql<{ id: string }[]>`
    select id from (
      select m.id, m.item_id, m.kind, m.verdict, row_number() over (
        partition by m.item_id, m.kind, m.verdict order by r.key collate "C", m.period_key collate "C", m.sequence) as n
      from match m join record r on r.register = m.register and r.subject_id = m.subject_id) x
    where n <= ${each} order by item_id collate "C", kind, verdict, n`;
  return rows.map((row) => row.id);
};

/** Ids of matches to replay, in pages of ids; stable while new ones are written. */
export const matchIds = async (reader: Db | Tx, after: string | null, limit: number): Promise<readonly string[]> => {
  const sql = rawSql(reader);
  const rows = await sql<
    { id: string }[]
  >`select id from match ${after === null ? sql`` : sql`where id > ${after}`} order by id limit ${limit}`;
  return rows.map((row) => row.id);
};

/** How many there are to replay. */
export const countToReplay = async (reader: Db | Tx): Promise<number> => {
  const [row] = await rawSql(reader)<{ count: number }[]>`select count(*)::int as count from match`;
  return row?.count ?? 0;
};
