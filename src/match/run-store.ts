// SQL of one chunk of a run: what stood before, and what it writes. Hand-written because every statement is set-based over a chunk;
// one lateral index scan per subject finds what stood before (measured: 5 µs each), whatever the history has grown to.
import { rawSql, type Sql, type Tx } from '../db/handle.ts';
import type { MatchKind } from '../policy/item.ts';
import type { DecisionLine, Verdict } from '../rule/facts.ts';
import type { Evidence, Standing, StoredLine } from './match.ts';
import { eventsKey } from './period.ts';
import { sealMatch } from './sealed.ts';

export interface ChunkKey {
  readonly runId: string;
  readonly itemId: string;
  readonly version: number;
  readonly periodKey: string;
  readonly register: string;
  readonly block: number;
}

/** False when the run has ended or the item was stopped: nothing may be written for it. Keeps the run open until the transaction ends. */
export const chunkIsOpen = async (tx: Tx, key: Pick<ChunkKey, 'runId' | 'itemId'>): Promise<boolean> => {
  const sql = rawSql(tx);
  const run = await sql`select from run where id = ${key.runId} and ended_at is null for share`;
  if (run.length === 0) return false;
  const items = await sql`select from run_item where run_id = ${key.runId} and item_id = ${key.itemId} and stopped is not null`;
  return items.length === 0;
};

export interface PreviousResult {
  readonly periodKey: string;
  readonly eligible: Uint8Array;
  readonly undetermined: Uint8Array;
  /** What carrying it on needs (`carry.ts`); null: it cannot be. */
  readonly state: Uint8Array | null;
  /** The run that wrote it was stopped for this item: its bitmaps and matches do not count. */
  readonly void: boolean;
}

/** This period and the earlier ones: calendar keys of one kind have one length and sort by time; `once` and events have no earlier period. */
const upTo = (sql: Sql, key: Pick<ChunkKey, 'periodKey'>, table: 'm' | 'b') =>
  /^\d/.test(key.periodKey)
    ? sql`length(${sql(table)}.period_key) = ${key.periodKey.length} and ${sql(table)}.period_key collate "C" <= ${key.periodKey}`
    : sql`${sql(table)}.period_key = ${key.periodKey}`;

/** The block's last result for this period, else for the nearest earlier one. */
export const readPrevious = async (tx: Tx, key: ChunkKey): Promise<PreviousResult | null> => {
  const [row] = await rawSql(tx)<PreviousResult[]>`
    select b.period_key as "periodKey", b.eligible, b.undetermined, b.state, exists (
      select from run_item ri where ri.run_id = b.run_id and ri.item_id = b.item_id and ri.stopped is not null) as void
    from block_result b
    where b.item_id = ${key.itemId} and b.register = ${key.register} and b.block = ${key.block}
      and ${upTo(rawSql(tx), key, 'b')}
    order by b.period_key collate "C" desc limit 1`;
  return row ?? null;
};

/** A stopped run's matches were never settled and do not count as standing. */
const counts = (sql: Sql) =>
  sql`not exists (select from run_item ri where ri.run_id = m.run_id and ri.item_id = m.item_id and ri.stopped is not null)`;

const standingColumns = (sql: Sql) => sql`m.subject_id as "subjectId", m.id, m.period_key as "periodKey", m.sequence, m.verdict,
  m.evidence ->> 'digest' as digest, m.evidence #>> '{period,end}' as "periodEnd"`;

type StandingRow = Standing & { readonly subjectId: string };

/** How each subject stands in the item: the last match of this period, else of the nearest earlier one. Subjects without are absent. */
export const readStandings = async (
  tx: Tx,
  key: Pick<ChunkKey, 'itemId' | 'periodKey'>,
  subjectIds: readonly string[],
): Promise<ReadonlyMap<string, Standing>> => {
  if (subjectIds.length === 0) return new Map();
  const sql = rawSql(tx);
  const rows = await sql<StandingRow[]>`
    select x.* from unnest(${[...subjectIds]}::uuid[]) as s(id) cross join lateral (
      select ${standingColumns(sql)} from match m
      where m.subject_id = s.id and m.item_id = ${key.itemId} and ${upTo(sql, key, 'm')} and ${counts(sql)}
      order by m.period_key collate "C" desc, m.sequence desc limit 1
    ) x`;
  return new Map(rows.map((row) => [row.subjectId, row]));
};

/** Who of these was eligible when the item last spoke of an earlier period. */
export const readContinuing = async (
  tx: Tx,
  key: Pick<ChunkKey, 'itemId' | 'periodKey'>,
  subjectIds: readonly string[],
): Promise<ReadonlySet<string>> => {
  if (subjectIds.length === 0) return new Set();
  const sql = rawSql(tx);
  const rows = await sql<{ id: string }[]>`
    select s.id from unnest(${[...subjectIds]}::uuid[]) as s(id) cross join lateral (
      select m.verdict from match m
      where m.subject_id = s.id and m.item_id = ${key.itemId} and ${upTo(sql, key, 'm')} and m.period_key <> ${key.periodKey} and ${counts(sql)}
      order by m.period_key collate "C" desc, m.sequence desc limit 1
    ) x where x.verdict = 'eligible'`;
  return new Set(rows.map((row) => row.id));
};

/** Highest sequence per subject in this period, voided matches included: a number is never used twice. */
export const readSequences = async (
  tx: Tx,
  key: ChunkKey,
  wanted: readonly { readonly subjectId: string; readonly periodKey: string }[],
): Promise<ReadonlyMap<string, number>> => {
  if (wanted.length === 0) return new Map();
  // Each subject's own few matches, found by subject and item. As long as nobody has analyzed the table the planner thinks as well of reading all the item has
  // in the period, for every subject again; the collation keeps the period out of what it may look up by.
  const rows = await rawSql(tx)<{ subject_id: string; period_key: string; sequence: number }[]>`
    select w.subject_id, w.period_key, x.sequence
    from unnest(${wanted.map((w) => w.subjectId)}::uuid[], ${wanted.map((w) => w.periodKey)}::text[]) as w(subject_id, period_key)
    cross join lateral (
      select m.sequence from match m
      where m.subject_id = w.subject_id and m.item_id = ${key.itemId} and m.period_key collate "C" = w.period_key
      order by m.sequence desc limit 1
    ) x`;
  return new Map(rows.map((row) => [`${row.subject_id}\n${row.period_key}`, row.sequence]));
};

/** The last match of each event of these subjects. */
export const readEventStandings = async (
  tx: Tx,
  key: ChunkKey,
  subjectIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Standing[]>> => {
  if (subjectIds.length === 0) return new Map();
  const sql = rawSql(tx);
  const rows = await sql<StandingRow[]>`
    select x.* from unnest(${[...subjectIds]}::uuid[]) as s(id) cross join lateral (
      select distinct on (m.period_key) ${standingColumns(sql)} from match m
      where m.subject_id = s.id and m.item_id = ${key.itemId} and ${counts(sql)}
      order by m.period_key, m.sequence desc
    ) x`;
  return Map.groupBy(rows, (row) => row.subjectId);
};

/**
 * Every subject of the register that stands as eligible or suspended; for blocks whose bitmaps cannot be trusted. Events each stand by themselves:
 * their matches carry the event's own key, and one standing event is enough.
 */
export const scanStanding = async (tx: Tx, key: ChunkKey): Promise<readonly string[]> => {
  const sql = rawSql(tx);
  const events = key.periodKey === eventsKey;
  const rows = await sql<{ subject_id: string }[]>`
    select distinct subject_id from (
      select distinct on (m.subject_id ${events ? sql`, m.period_key collate "C"` : sql``}) m.subject_id, m.verdict from match m
      where m.item_id = ${key.itemId} and m.register = ${key.register} and ${events ? sql`true` : upTo(sql, key, 'm')} and ${counts(sql)}
      order by m.subject_id, m.period_key collate "C" desc, m.sequence desc
    ) x where verdict <> 'ineligible'`;
  return rows.map((row) => row.subject_id);
};

export interface MatchDraft {
  readonly subjectId: string;
  readonly division: string | null;
  readonly periodKey: string;
  readonly sequence: number;
  readonly kind: MatchKind;
  readonly verdict: Verdict;
  readonly amountFen: bigint | null;
  /** JSON text. */
  readonly lines: readonly (DecisionLine | StoredLine)[];
  readonly evidence: Evidence;
  readonly previousId: string | null;
}

export const insertMatches = async (tx: Tx, key: ChunkKey, drafts: readonly MatchDraft[], at: Date): Promise<void> => {
  if (drafts.length === 0) return;
  // The JSON texts are spliced in as they are: parsing and writing them again would cost as much as deciding.
  const rows = drafts.map((d) => {
    const { lines, evidence, ...rest } = d;
    const flat = JSON.stringify({ ...rest, amountFen: rest.amountFen === null ? null : String(rest.amountFen) });
    const stored = sealMatch(tx, { ...rest, itemId: key.itemId }, evidence, lines);
    return `${flat.slice(0, -1)},"lines":${stored.lines},"evidence":${stored.evidence}}`;
  });
  await rawSql(tx)`
    insert into match (item_id, version, register, run_id, created_at, subject_id, division, period_key, sequence, kind, verdict, amount_fen, lines,
      evidence, previous_id)
    select ${key.itemId}, ${key.version}, ${key.register}, ${key.runId}, ${at}, x."subjectId", x.division, x."periodKey", x.sequence, x.kind, x.verdict,
      x."amountFen", x.lines, x.evidence, x."previousId"
    from json_to_recordset(${`[${rows.join(',')}]`}::text::json) as x("subjectId" uuid, division text, "periodKey" text, sequence int, kind text,
      verdict text, "amountFen" bigint, lines jsonb, evidence jsonb, "previousId" uuid)`;
};

export const writeBlockResult = async (
  tx: Tx,
  key: ChunkKey,
  result: Pick<PreviousResult, 'eligible' | 'undetermined' | 'state'>,
): Promise<void> => {
  const { eligible, undetermined, state } = result;
  await rawSql(tx)`
    insert into block_result (item_id, period_key, register, block, run_id, version, eligible, undetermined, state)
    values (${key.itemId}, ${key.periodKey}, ${key.register}, ${key.block}, ${key.runId}, ${key.version}, ${eligible}, ${undetermined}, ${state})
    on conflict (item_id, period_key, register, block) do update
      set run_id = excluded.run_id, version = excluded.version, eligible = excluded.eligible, undetermined = excluded.undetermined,
        state = excluded.state`;
};

export interface UndeterminedCount {
  readonly fact: string;
  readonly dataset: string;
  readonly reason: string;
  readonly subjects: number;
}

export const addUndetermined = async (tx: Tx, key: ChunkKey, counted: readonly UndeterminedCount[]): Promise<void> => {
  if (counted.length === 0) return;
  await rawSql(tx)`
    insert into undetermined_count (run_id, item_id, period_key, fact, dataset, reason, subjects)
    select ${key.runId}, ${key.itemId}, ${key.periodKey}, x.* from jsonb_to_recordset(${JSON.stringify(counted)}::text::jsonb)
      as x(fact text, dataset text, reason text, subjects int) order by 4, 5, 6
    on conflict (run_id, item_id, period_key, fact, dataset, reason) do update set subjects = undetermined_count.subjects + excluded.subjects`;
};

export interface ChunkCounts {
  readonly eligible: number;
  readonly undetermined: number;
  readonly ineligible: number;
  readonly amountFen: bigint;
  readonly written: Readonly<Partial<Record<MatchKind, number>>>;
}

/** False when the item was stopped meanwhile: the whole chunk must be rolled back. */
export const addCounts = async (tx: Tx, key: ChunkKey, c: ChunkCounts): Promise<boolean> => {
  const rows = await rawSql(tx)`
    update run_item ri set eligible = eligible + ${c.eligible}, undetermined = undetermined + ${c.undetermined}, ineligible = ineligible + ${c.ineligible},
      amount_fen = amount_fen + ${c.amountFen}, written = (
        select jsonb_object_agg(k, n) from (
          select k, sum(n)::int as n from (
            select key as k, value::int as n from jsonb_each_text(coalesce(ri.written, '{}'))
            union all select key, value::int from jsonb_each_text(${JSON.stringify(c.written)}::text::jsonb)
          ) parts group by k
        ) sums)
    where run_id = ${key.runId} and item_id = ${key.itemId} and version = ${key.version} and period_key = ${key.periodKey} and stopped is null
    returning run_id`;
  return rows.length > 0;
};
