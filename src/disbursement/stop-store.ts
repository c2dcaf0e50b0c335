// Stop orders: reading them within a scope, writing them and their fate, and marking what settlement has to look at anew. Hand-written SQL: an order touches
// every line of a person under an item at once.
import { audit } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { type Page, pageOf, placeOf } from '../base/page.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import { type Db, rawSql, type Sql, type Tx } from '../db/handle.ts';
import { inScope } from '../db/scope.ts';
import { isStanding, stopCovers } from '../settlement/queue-store.ts';
import type { Actor } from './store.ts';

export const stopKinds = { death: '去世', moved: '迁出', 'not-entitled': '不再符合条件', other: '其他' } as const;
export type StopKind = keyof typeof stopKinds;

export const stopStates = { proposed: '待决定', asked: '待第二人', standing: '停发', refused: '不停发', lifted: '已恢复' } as const;
export type StopState = keyof typeof stopStates;

export interface StopOrder {
  readonly id: string;
  readonly subjectId: string;
  readonly itemId: string;
  readonly version: number;
  readonly matchId: string;
  readonly authority: string;
  readonly division: string | null;
  readonly kind: StopKind;
  readonly lastOn: Day;
  readonly reason: string;
  readonly document: string | null;
  readonly people: 1 | 2;
  readonly state: StopState;
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly confirmedBy: string | null;
  readonly confirmedAt: Date | null;
  readonly closedBy: string | null;
  readonly closedAt: Date | null;
  readonly closeReason: string | null;
}

const columns = (sql: Sql) => sql`
  o.id, o.subject_id as "subjectId", o.item_id as "itemId", o.version, o.match_id as "matchId", o.authority, o.division, o.kind, o.last_on as "lastOn",
  o.reason, o.document, o.people, o.state, o.asked_by as "askedBy", o.asked_at as "askedAt", o.confirmed_by as "confirmedBy",
  o.confirmed_at as "confirmedAt", o.closed_by as "closedBy", o.closed_at as "closedAt", o.close_reason as "closeReason"`;

const scoped = { authority: 'o.authority', division: 'o.division', item: 'o.item_id' } as const;

/** What an order can be about: the newest match of the person under the item, within the scope. `missing.match` where there is none. */
export const stoppable = async (
  tx: Tx,
  of: { readonly subjectId: string; readonly itemId: string },
  scope: Scope,
): Promise<Pick<StopOrder, 'version' | 'matchId' | 'authority' | 'division'>> => {
  const sql = rawSql(tx);
  const [row] = await sql<Pick<StopOrder, 'version' | 'matchId' | 'authority' | 'division'>[]>`
    select m.version, m.id as "matchId", v.content ->> 'authority' as authority, m.division
    from match m join item_version v on v.item_id = m.item_id and v.version = m.version
    cross join lateral (select v.content ->> 'authority' as authority) a
    where m.subject_id = ${of.subjectId} and m.item_id = ${of.itemId}
      ${inScope(sql, scope, { authority: 'a.authority', division: 'm.division', item: 'm.item_id' })}
    order by m.created_at desc, m.period_key desc, m.sequence desc limit 1`;
  return (
    row ?? fail('missing.match', of.itemId, '这个人没有这个事项的匹配结果，没有可停发的。', '核对编号和事项；不在您负责范围内的看不到。')
  );
};

/**
 * Locks the person's records of the item, in the one order (settlement/lock-store.ts): a batch that is being sealed has them, and whoever stops waits for it;
 * a seal that comes after finds the order.
 */
export const lockUnit = async (tx: Tx, of: { readonly subjectId: string; readonly itemId: string }): Promise<void> => {
  await rawSql(tx)`
    select from disbursement where subject_id = ${of.subjectId} and item_id = ${of.itemId} order by subject_id, id for update`;
};

/** Marks the lines of standing matches that the day concerns; the next settling ends them, or grants them again. Lines a person has refused stay refused. */
export const lookAnew = async (tx: Tx, order: Pick<StopOrder, 'subjectId' | 'itemId' | 'lastOn'>): Promise<number> => {
  const sql = rawSql(tx);
  const rows = await sql`
    update settlement_line s set reconsider = true from match m, (select ${order.lastOn}::date as last_on) st
    where s.subject_id = ${order.subjectId} and s.item_id = ${order.itemId} and s.state not in ('superseded', 'withdrawn')
      and m.subject_id = s.subject_id and m.id = s.match_id and ${stopCovers(sql)} and ${isStanding(sql)} returning s.id`;
  return rows.length;
};

/** Locks the person's live lines of the item; call under the lane's lock. */
export const lockUnitLines = async (tx: Tx, of: { readonly subjectId: string; readonly itemId: string }): Promise<void> => {
  await rawSql(tx)`
    select from settlement_line where subject_id = ${of.subjectId} and item_id = ${of.itemId} and state <> 'superseded' order by subject_id, id for update`;
};

/** `conflict.stop` where one is there already: one order at a time for a person and an item. */
export const insertStop = async (
  tx: Tx,
  order: Omit<StopOrder, 'confirmedBy' | 'confirmedAt' | 'closedBy' | 'closedAt' | 'closeReason'>,
  role: string,
): Promise<void> => {
  if (!(await tryInsertStop(tx, order, role)))
    fail('conflict.stop', order.itemId, '这个人这个事项已经有一件停发。', '先办完那一件；要改日期的，恢复以后重新决定。');
};

/** False where one is there already. */
export const tryInsertStop = async (
  tx: Tx,
  order: Omit<StopOrder, 'confirmedBy' | 'confirmedAt' | 'closedBy' | 'closedAt' | 'closeReason'>,
  role: string,
): Promise<boolean> => {
  const { id, subjectId, itemId, version, matchId, authority, division, kind, lastOn, reason, document, people, state, askedBy, askedAt } =
    order;
  const rows = await rawSql(tx)`
    insert into stop_order (id, subject_id, item_id, version, match_id, authority, division, kind, last_on, reason, document, people, state, asked_by, asked_at)
    select ${id}::uuid, ${subjectId}::uuid, ${itemId}, ${version}::int, ${matchId}::uuid, ${authority}, ${division}, ${kind}, ${lastOn}::date, ${reason}, ${document},
      ${people}::int, ${state}::text, ${askedBy}, ${askedAt}::timestamptz
    where ${state}::text <> 'proposed' or not exists (
      select from stop_order o where o.subject_id = ${subjectId}::uuid and o.item_id = ${itemId} and o.state in ('refused', 'lifted') and o.last_on = ${lastOn}::date)
    on conflict do nothing returning id`;
  if (rows.length === 0) return false;
  await auditStop(tx, order, `stop.${state}`, { id: askedBy, role }, askedAt, null, reason);
  return true;
};

const auditStop = (
  tx: Tx,
  order: Pick<StopOrder, 'id' | 'subjectId' | 'itemId' | 'kind' | 'lastOn' | 'state' | 'document'>,
  action: string,
  actor: Actor,
  at: Date,
  before: StopState | null,
  reason: string | null,
): Promise<void> =>
  audit(tx, {
    at,
    actor: actor.id,
    role: actor.role,
    action,
    objectKind: 'stop_order',
    objectId: order.id,
    before: before === null ? null : { state: before },
    after: {
      state: order.state,
      subjectId: order.subjectId,
      itemId: order.itemId,
      kind: order.kind,
      lastOn: order.lastOn,
      document: order.document,
    },
    reason,
  });

/** Locked; `missing.stop` where there is none within the scope. */
export const lockStop = async (tx: Tx, id: string, scope: Scope): Promise<StopOrder> => {
  const sql = rawSql(tx);
  const [row] = await sql<
    StopOrder[]
  >`select ${columns(sql)} from stop_order o where o.id = ${id} ${inScope(sql, scope, scoped)} for update`;
  return row ?? fail('missing.stop', id, '没有这件停发，或者不在您的范围内。', '从列表进入。');
};

/** The machine's proposal for a person and an item, locked; null: none. */
export const lockProposal = async (tx: Tx, of: { readonly subjectId: string; readonly itemId: string }): Promise<StopOrder | null> => {
  const sql = rawSql(tx);
  const [row] = await sql<StopOrder[]>`
    select ${columns(sql)} from stop_order o where o.subject_id = ${of.subjectId} and o.item_id = ${of.itemId} and o.state = 'proposed' for update`;
  return row ?? null;
};

/** Read without a lock, to learn whom it is about. */
export const stopById = async (reader: Db | Tx, id: string, scope: Scope): Promise<StopOrder> => {
  const sql = rawSql(reader);
  const [row] = await sql<StopOrder[]>`select ${columns(sql)} from stop_order o where o.id = ${id} ${inScope(sql, scope, scoped)}`;
  return row ?? fail('missing.stop', id, '没有这件停发，或者不在您的范围内。', '从列表进入。');
};

export type StopChange = Partial<
  Pick<StopOrder, 'state' | 'kind' | 'lastOn' | 'reason' | 'document' | 'people' | 'askedBy' | 'askedAt' | 'confirmedBy' | 'confirmedAt'> &
    Pick<StopOrder, 'closedBy' | 'closedAt' | 'closeReason'>
> & { readonly closeDocument?: string | null };

/** The caller holds the lock. */
export const updateStop = async (
  tx: Tx,
  order: StopOrder,
  change: StopChange,
  actor: Actor,
  at: Date,
  reason: string | null,
): Promise<StopOrder> => {
  const to = { ...order, ...change };
  await rawSql(tx)`
    update stop_order set state = ${to.state}, kind = ${to.kind}, last_on = ${to.lastOn}, reason = ${to.reason}, document = ${to.document}, people = ${to.people},
      asked_by = ${to.askedBy}, asked_at = ${to.askedAt}, confirmed_by = ${to.confirmedBy}, confirmed_at = ${to.confirmedAt}, closed_by = ${to.closedBy},
      closed_at = ${to.closedAt}, close_reason = ${to.closeReason}, close_document = ${change.closeDocument ?? null} where id = ${order.id}`;
  await auditStop(tx, to, `stop.${to.state}`, actor, at, order.state, reason);
  return to;
};

/** The last day of entitlement by standing orders, of these people: by person and item. */
export const standingStops = async (reader: Db | Tx, subjectIds: readonly string[]): Promise<ReadonlyMap<string, Day>> => {
  const rows = await rawSql(reader)<{ subjectId: string; itemId: string; lastOn: Day }[]>`
    select subject_id as "subjectId", item_id as "itemId", last_on as "lastOn" from stop_order
    where state = 'standing' and subject_id = any(${[...subjectIds]}::uuid[])`;
  return new Map(rows.map((row) => [stopKey(row), row.lastOn]));
};

export const stopKey = (of: { readonly subjectId: string; readonly itemId: string }): string => `${of.subjectId}\n${of.itemId}`;

/** Newest first, within the scope. */
export const listStops = async (
  reader: Db | Tx,
  ask: { readonly scope: Scope; readonly state?: StopState; readonly after?: string | null; readonly limit: number },
): Promise<Page<StopOrder>> => {
  const sql = rawSql(reader);
  const place = placeOf(ask.after);
  const rows = await sql<StopOrder[]>`
    select ${columns(sql)} from stop_order o where true ${inScope(sql, ask.scope, scoped)}
      ${ask.state === undefined ? sql`` : sql`and o.state = ${ask.state}`}
      ${place === null ? sql`` : sql`and (o.asked_at, o.id) < (${place.at}, ${place.id}::uuid)`}
    order by o.asked_at desc, o.id desc limit ${ask.limit + 1}`;
  return pageOf(rows, ask.limit, (row) => ({ at: row.askedAt, id: row.id }));
};
