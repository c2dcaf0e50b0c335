// Stopping 停发 by a person's order: from a day on nothing of an item is due to somebody, whatever the data say. The month the day lies in stays due; what is
// promised for later periods goes back and what waits is closed, what was paid already is over-paid. A second decision by somebody else takes it back, and
// what was due meanwhile is paid once. Machines only propose.
import { randomUUID } from 'node:crypto';
import { addDays, type Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Tx } from '../db/handle.ts';
import { type OwedDetail, type OwedTemplate, owe } from '../outbox/store.ts';
import type { Item } from '../policy/item.ts';
import { objectWithin } from '../policy/life.ts';
import { lanesOf } from '../settlement/lane.ts';
import { waitForLanes } from '../settlement/lock-store.ts';
import { payingVersions } from '../settlement/queue-store.ts';
import type { Act } from './act.ts';
import { knownDocuments } from './ask-store.ts';
import { itemsOf } from './prefill-store.ts';
import {
  insertStop,
  lockProposal,
  lockStop,
  lockUnit,
  lockUnitLines,
  lookAnew,
  type StopChange,
  type StopKind,
  type StopOrder,
  type StopState,
  stopById,
  stoppable,
  tryInsertStop,
  updateStop,
} from './stop-store.ts';

const words = (text: string): string => {
  const own = text.trim();
  if (own.length < 2 || own.length > 600) fail('input.reason', '/reason', '请写明理由。', '理由会告知当事人并留痕，一两句话即可。');
  return own;
};

const seen = async (tx: Tx, document: string): Promise<string> => {
  if (!(await knownDocuments(tx, [document])).has(document))
    fail('input.document', '/document', '没有这份扫描件。', '先上传证明材料的扫描件，再填它的哈希。');
  return document;
};

const tell = (tx: Tx, order: StopOrder, template: OwedTemplate, detail: OwedDetail, at: Date): Promise<void> =>
  owe(
    tx,
    [
      {
        subjectId: order.subjectId,
        itemId: order.itemId,
        version: order.version,
        matchId: order.matchId,
        disbursementId: null,
        template,
        detail,
      },
    ],
    at,
  );

/** In the one order of locks: records, lanes, lines. Whoever is sealing or settling them is waited for, and finds what is decided here next time. */
const lockAll = async (tx: Tx, of: { readonly subjectId: string; readonly itemId: string }): Promise<void> => {
  await lockUnit(tx, of);
  const lanes = lanesOf(await payingVersions(tx)).filter((lane) => lane.items.includes(of.itemId));
  await waitForLanes(tx, lanes);
  await lockUnitLines(tx, of);
};

/** The order takes effect: settlement ends later periods, advance closes what waits, guards leave out what is ready; the person is told. */
const enforce = async (tx: Tx, order: StopOrder, act: Pick<Act, 'today' | 'now'>, item: Partial<Item>): Promise<void> => {
  await lookAnew(tx, order);
  const detail = {
    reason: order.reason,
    onDay: addDays(order.lastOn, 1),
    dueOn: addDays(act.today, objectWithin(item)),
    clause: item.stop?.clause ?? null,
  };
  await tell(tx, order, 'stopped', detail, act.now);
};

export interface StopAsk extends Omit<Act, 'id'> {
  readonly subjectId: string;
  readonly itemId: string;
  readonly kind: StopKind;
  /** The last day of entitlement: a death's day, the day somebody moved away. */
  readonly lastOn: Day;
  readonly reason: string;
  /** sha256 of the scan that shows it. */
  readonly document: string;
}

/**
 * Somebody orders a stop, from a machine's proposal or of his own knowledge. It stands at once, or waits for a second person where the item says so.
 * Throws `missing.match`, `input.*`, `conflict.stop`.
 */
export const orderStop = async (tx: Tx, ask: StopAsk): Promise<Pick<StopOrder, 'id' | 'state'>> => {
  const reason = words(ask.reason);
  const document = await seen(tx, ask.document);
  if (ask.lastOn > addDays(ask.today, 366) || ask.lastOn < '1900-01-01')
    fail('input.value', '/lastOn', '最后一天不对。', '写仍可享受的最后一天，例如去世或迁出的那一天，最晚一年以内。');
  await lockAll(tx, ask);
  const about = await stoppable(tx, ask, ask.scope);
  const item = (await itemsOf(tx, [{ itemId: ask.itemId, version: about.version }])).get(`${ask.itemId}@${about.version}`);
  const term = item?.stop;
  const people = term?.people ?? 1;
  const state: StopState = people === 1 ? 'standing' : 'asked';
  const said = { kind: ask.kind, lastOn: ask.lastOn, reason, document, people, state, askedBy: ask.actor.id, askedAt: ask.now } as const;
  const proposal = await lockProposal(tx, ask);
  const order: StopOrder =
    proposal === null
      ? {
          ...{ id: randomUUID(), subjectId: ask.subjectId, itemId: ask.itemId, ...about, ...said },
          ...{ confirmedBy: null, confirmedAt: null, closedBy: null, closedAt: null, closeReason: null },
        }
      : await updateStop(tx, proposal, said, ask.actor, ask.now, reason);
  if (proposal === null) await insertStop(tx, order, ask.actor.role);
  if (state === 'standing') await enforce(tx, order, ask, item ?? {});
  return { id: order.id, state };
};

/** What a guard found, for a person to decide: nothing changes by it. Nobody is asked twice about what was refused. */
export const proposeStop = async (
  tx: Tx,
  found: Pick<StopOrder, 'subjectId' | 'itemId' | 'version' | 'matchId' | 'authority' | 'division' | 'kind' | 'lastOn' | 'reason'>,
  now: Date,
): Promise<boolean> =>
  tryInsertStop(
    tx,
    { ...found, id: randomUUID(), document: null, people: 1, state: 'proposed', askedBy: 'step:guard', askedAt: now },
    'system',
  );

/** Locked with everything it touches; read first to learn whom it is about. */
const locked = async (tx: Tx, act: Act, wanted: readonly StopState[], doing: string): Promise<StopOrder> => {
  await lockAll(tx, await stopById(tx, act.id, act.scope));
  const order = await lockStop(tx, act.id, act.scope);
  if (!wanted.includes(order.state)) fail('state.stop', order.id, `这件停发现在不能${doing}。`, '请刷新后查看它现在的状态。');
  return order;
};

/** The second person, where the item wants two. */
export const confirmStop = async (tx: Tx, act: Act): Promise<void> => {
  const order = await locked(tx, act, ['asked'], '确认');
  if (order.askedBy === act.actor.id) fail('state.same-person', order.id, '提出停发的人不能自己确认。', '请由另一人看过材料后确认。');
  const change = { state: 'standing', confirmedBy: act.actor.id, confirmedAt: act.now } as const;
  const standing = await updateStop(tx, order, change, act.actor, act.now, null);
  const item = (await itemsOf(tx, [order])).get(`${order.itemId}@${order.version}`);
  await enforce(tx, standing, act, item ?? {});
};

const closing = (act: Act, state: 'refused' | 'lifted', reason: string): StopChange => ({
  state,
  closedBy: act.actor.id,
  closedAt: act.now,
  closeReason: reason,
});

/** Not to be stopped: a proposal, or an order that waits for its second person. Nothing has happened by it, nobody is told. */
export const refuseStop = async (tx: Tx, act: Act & { readonly reason: string }): Promise<void> => {
  const reason = words(act.reason);
  const order = await locked(tx, act, ['proposed', 'asked'], '退回');
  await updateStop(tx, order, closing(act, 'refused', reason), act.actor, act.now, reason);
};

/** Taken back by a second decision, from a document: what was due meanwhile is settled again and paid once, whatever was paid before counts. */
export const liftStop = async (tx: Tx, act: Act & { readonly reason: string; readonly document: string }): Promise<void> => {
  const reason = words(act.reason);
  const document = await seen(tx, act.document);
  const order = await locked(tx, act, ['standing'], '恢复');
  if (order.askedBy === act.actor.id) fail('state.same-person', order.id, '决定停发的人不能自己恢复。', '请由另一人看过材料后恢复。');
  const change = { ...closing(act, 'lifted', reason), closeDocument: document };
  const lifted = await updateStop(tx, order, change, act.actor, act.now, reason);
  await lookAnew(tx, lifted);
  await tell(tx, lifted, 'stop-lifted', { reason, onDay: addDays(order.lastOn, 1) }, act.now);
};
