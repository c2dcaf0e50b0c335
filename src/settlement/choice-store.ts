// What exclusion reads: what of a subject's matters is settled, and what the person chose. Hand-written SQL: a chunk's subjects at once.
import type { Day } from '../base/day.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import type { Item } from '../policy/item.ts';
import type { SettledItem } from './queue-store.ts';
import type { Settled } from './settlement.ts';

/** Promised lines, and those that lost to another or wait for a choice; of a line and its differences the last says what the whole is worth. */
export const loadSettled = async (
  tx: Tx,
  subjects: readonly string[],
  items: readonly string[],
  versions: ReadonlyMap<string, SettledItem>,
): Promise<Map<string, Settled[]>> => {
  const rows = await rawSql(tx)<(Omit<Settled, 'item'> & { itemId: string; version: number })[]>`
    select distinct on (s.subject_id, s.item_id, s.period_key, s.key) s.subject_id as "subjectId", s.item_id as "itemId", s.version,
      s.period_key as "periodKey", s.year, s.key, s.id as "lineId", s.entitled_fen as fen
    from unnest(${[...subjects]}::uuid[]) as x(subject) join settlement_line s on s.subject_id = x.subject
    where s.item_id = any(${[...items]}::text[]) and s.entitled_fen > 0 and (s.state in ('granted', 'reduced', 'parked')
      or (s.state = 'refused' and s.blocked_on like 'exclusive:%') or (s.state = 'waiting' and s.decide_on is not null))
    order by s.subject_id, s.item_id, s.period_key, s.key, s.part desc, s.created_at desc, s.id`;
  const settled = rows.flatMap(({ itemId, version, ...row }): Settled[] => {
    const item = versions.get(`${itemId}@${version}`)?.item;
    return item === undefined ? [] : [{ ...row, item }];
  });
  return Map.groupBy(settled, (row) => row.subjectId);
};

/** By `choiceKeyOf`: the item chosen last. */
export const loadChoices = async (tx: Tx, subjects: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const rows = await rawSql(tx)<{ key: string; item: string }[]>`
    select distinct on (choice_key) choice_key as key, item_id as item from exclusive_choice where subject_id = any(${[...subjects]}::uuid[])
    order by choice_key, id desc`;
  return new Map(rows.map((row) => [row.key, row.item]));
};

/** A line that waits for its person's choice, until `until`. */
export interface Choosing {
  readonly lineId: string;
  readonly subjectId: string;
  readonly itemId: string;
  readonly periodKey: string;
  readonly fen: bigint;
  readonly until: Day;
  readonly text: string;
}

const scoped = { authority: 's.authority', division: 's.division', item: 's.item_id' } as const;

/** Who may still choose, within the scope, the nearest end first; at most `limit`. */
export const listChoosing = async (
  reader: Db | Tx,
  ask: { readonly scope: Scope; readonly subjectId?: string; readonly limit: number },
): Promise<readonly Choosing[]> => {
  const sql = rawSql(reader);
  return await sql<Choosing[]>`
    select s.id as "lineId", s.subject_id as "subjectId", s.item_id as "itemId", s.period_key as "periodKey", s.wanted_fen as fen,
      s.decide_on::text as until, s.reasons -> -1 ->> 'text' as text
    from settlement_line s where s.state = 'waiting' and s.decide_on is not null ${inScope(sql, ask.scope, scoped)}
      ${ask.subjectId === undefined ? sql`` : sql`and s.subject_id = ${ask.subjectId}`}
    order by s.decide_on, s.subject_id, s.item_id limit ${ask.limit}`;
};

/** A line that stands in a choice: it waits for it, lost to what was chosen, was chosen, or was given back when the person chose anew. */
export interface OptionLine {
  readonly lineId: string;
  readonly subjectId: string;
  readonly itemId: string;
  readonly version: number;
  readonly matchId: string;
  readonly division: string | null;
  readonly periodKey: string;
  readonly year: number;
  readonly state: string;
  readonly blockedOn: string | null;
  /** What it is worth. */
  readonly fen: bigint;
  readonly until: Day | null;
  /** Nothing of it is in a sealed batch or paid. */
  readonly open: boolean;
  readonly item: Item;
}

const optionLines = (sql: Sql) => sql`
  select s.id as "lineId", s.subject_id as "subjectId", s.item_id as "itemId", s.version, s.match_id as "matchId", s.division, s.period_key as "periodKey", s.year, s.state,
    s.blocked_on as "blockedOn", s.entitled_fen as fen, s.decide_on::text as until, v.content as item,
    not exists (select from live_payment p join disbursement d on d.id = p.disbursement_id where d.subject_id = s.subject_id and d.line_id = s.id) as open
  from settlement_line s join item_version v on v.item_id = s.item_id and v.version = s.version
  where s.entitled_fen > 0 and v.content @? '$.limits[*].exclusive' and ((s.state = 'waiting' and s.decide_on is not null) or s.state in ('granted', 'reduced')
    or (s.state = 'refused' and s.blocked_on like 'exclusive:%') or (s.state = 'withdrawn' and s.blocked_on like 'choice:%'))`;

/** Everything of these subjects that stands in a choice, in one order. */
export const optionsOf = async (reader: Db | Tx, subjects: readonly string[]): Promise<readonly OptionLine[]> => {
  const sql = rawSql(reader);
  return await sql<
    OptionLine[]
  >`${optionLines(sql)} and s.subject_id = any(${[...subjects]}::uuid[]) order by s.subject_id, s.item_id, s.period_key, s.key, s.id`;
};

/** Subjects that have to choose, in key order. */
export const lookChoosers = async (tx: Tx, today: Day, after: string | null, limit: number): Promise<readonly string[]> => {
  const sql = rawSql(tx);
  const rows = await sql<{ id: string }[]>`
    select distinct s.subject_id as id from settlement_line s where s.state = 'waiting' and s.decide_on >= ${today}
      ${after === null ? sql`` : sql`and s.subject_id > ${after}::uuid`} order by 1 limit ${limit}`;
  return rows.map((row) => row.id);
};

/** Notes that this was told; false where it was before: whoever tells side by side tells once. */
export const noteTold = async (
  tx: Tx,
  told: { readonly subjectId: string; readonly key: string; readonly offer: string; readonly template: string },
  at: Date,
): Promise<boolean> => {
  const rows = await rawSql(tx)`
    insert into choice_told (subject_id, choice_key, offer, template, at) values (${told.subjectId}, ${told.key}, ${told.offer}, ${told.template}, ${at})
    on conflict do nothing returning subject_id`;
  return rows.length > 0;
};

/** Whose line it is, within the scope; null: nobody's. */
export const chooserOf = async (tx: Tx, lineId: string, scope: Scope): Promise<string | null> => {
  const sql = rawSql(tx);
  const [row] = await sql<
    { id: string }[]
  >`select s.subject_id as id from settlement_line s where s.id = ${lineId} ${inScope(sql, scope, scoped)}`;
  return row?.id ?? null;
};

/** The choice is written down, and what it decides is looked at again by the next settling. */
export const insertExclusiveChoice = async (
  tx: Tx,
  choice: { readonly subjectId: string; readonly key: string; readonly itemId: string; readonly lineIds: readonly string[] },
  actor: string,
  at: Date,
): Promise<void> => {
  const sql = rawSql(tx);
  await sql`
    insert into exclusive_choice (subject_id, choice_key, item_id, actor, at) values (${choice.subjectId}, ${choice.key}, ${choice.itemId}, ${actor}, ${at})`;
  await sql`
    update settlement_line set reconsider = true where subject_id = ${choice.subjectId} and id = any(${[...choice.lineIds]}::uuid[])
      and state in ('waiting', 'refused', 'reduced')`;
};

/** Given back because the person chose anew: only such lines may be chosen again. */
export const markGivenBack = async (tx: Tx, subjectId: string, lineIds: readonly string[], key: string): Promise<void> => {
  await rawSql(tx)`
    update settlement_line set blocked_on = ${key} where subject_id = ${subjectId} and id = any(${[...lineIds]}::uuid[]) and state = 'withdrawn'`;
};
