// What exclusion reads: what of a subject's matters is settled, and what the person chose. Hand-written SQL: a chunk's subjects at once.
import { audit } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
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

/**
 * The person, or staff who heard it and say so, says which of several that exclude each other it shall be, while the line waits for that. `missing.choice` when nothing waits for a choice
 * there. The next settlement acts on it.
 */
export const chooseItem = async (
  tx: Tx,
  ask: {
    readonly lineId: string;
    readonly scope: Scope;
    readonly at: Date;
    readonly actor: string;
    readonly role: string;
    /** Where and how it was said. */
    readonly reason: string;
  },
): Promise<void> => {
  const sql = rawSql(tx);
  if (ask.reason.trim() === '') fail('input.reason', '/reason', '请写明本人在哪里、怎样作的选择。', '一两句话即可，会留痕。');
  const [line] = await sql<{ subjectId: string; itemId: string; choiceKey: string }[]>`
    select s.subject_id as "subjectId", s.item_id as "itemId", s.blocked_on as "choiceKey" from settlement_line s
    where s.id = ${ask.lineId} and s.state = 'waiting' and s.decide_on is not null ${inScope(sql, ask.scope, scoped)} for update`;
  if (line === undefined)
    return fail('missing.choice', ask.lineId, '这一项现在不需要选择。', '可能已过选择期限，或已经选定；请刷新后查看。');
  const { at, actor, role, reason } = ask;
  const { subjectId } = line;
  await sql`
    insert into exclusive_choice (subject_id, choice_key, item_id, actor, at) values (${subjectId}, ${line.choiceKey}, ${line.itemId}, ${actor}, ${at})`;
  await sql`
    update settlement_line set reconsider = true where subject_id = ${subjectId} and state = 'waiting' and blocked_on = ${line.choiceKey}`;
  await audit(tx, {
    at,
    actor,
    role,
    action: 'settlement.choose',
    objectKind: 'settlement_line',
    objectId: ask.lineId,
    after: { itemId: line.itemId },
    reason,
  });
};
