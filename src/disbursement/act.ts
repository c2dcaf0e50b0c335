// What people do to a disbursement record by themselves: hold and lift, confirm, give up and come back. Each in the caller's transaction, by the table of
// states, with event, audit row and reason; `scope` limits what an account may touch. Reviewing, answering and applying have files of their own.
import { addDays, type Day, type WorkingCalendar } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import type { Tx } from '../db/handle.ts';
import { confirmDays, waivedDays } from '../policy/life.ts';
import type { Disbursement } from './disbursement.ts';
import { enter, type Place, type Surroundings } from './flow.ts';
import { itemsOf } from './prefill-store.ts';
import type { Mover, State } from './states.ts';
import { type Actor, insertChoice, lockOne, moveAll } from './store.ts';

export interface Act {
  readonly id: string;
  readonly actor: Actor;
  readonly scope: Scope;
  readonly now: Date;
  readonly today: Day;
  readonly calendar: WorkingCalendar;
}

export const surroundings = async (tx: Tx, record: Disbursement, act: Pick<Act, 'today' | 'calendar'>): Promise<Surroundings> => {
  const item = (await itemsOf(tx, [record])).get(`${record.itemId}@${record.version}`);
  return { today: act.today, calendar: act.calendar, item: item ?? {} };
};

export const requireState = (record: Disbursement, wanted: readonly State[], doing: string): void => {
  if (!wanted.includes(record.state)) fail('state.edge', record.id, `这条兑付记录现在不能${doing}。`, '请刷新后查看它现在的状态。');
};

export const stay = (record: Disbursement, state: State): Place => ({
  state,
  step: record.step,
  windowFrom: record.windowFrom as Day | null,
  dueOn: record.dueOn as Day | null,
});

/** 暂缓: no run undoes it (invariant 10). */
export const hold = async (tx: Tx, act: Act & { readonly reason: string; readonly by?: 'reviewer' | 'finance' }): Promise<void> => {
  const record = await lockOne(tx, act.id, act.scope);
  // Held twice, it would forget where it was held.
  if (record.state === 'held') fail('state.edge', record.id, '这条兑付记录已经暂缓。', '请刷新后查看它现在的状态。');
  await moveAll(
    tx,
    [{ record, place: stay(record, 'held'), by: act.by ?? 'reviewer', reason: act.reason, heldFrom: record.state }],
    act.actor,
    act.now,
  );
};

/** States whose window is opened anew when a hold on them is lifted: the days it was held are nobody's fault. */
const windowed: readonly State[] = ['confirming', 'publicity', 'asking', 'applying', 'reviewing'];

/** Where a held record goes back to; a window it was held in opens anew. */
const placeAfterHold = (record: Disbursement, around: Surroundings): Place => {
  const back = record.heldFrom ?? 'prefilled';
  if (!windowed.includes(back)) return stay(record, back);
  return { ...enter({ ...record, dueOn: null }, record.step, around), state: back, step: record.step };
};

/** Lifts a hold: the record goes back to where it was. */
export const lift = async (tx: Tx, act: Act & { readonly reason: string; readonly by?: 'reviewer' | 'finance' }): Promise<void> => {
  const record = await lockOne(tx, act.id, act.scope);
  requireState(record, ['held'], '恢复');
  const place = placeAfterHold(record, await surroundings(tx, record, act));
  await moveAll(tx, [{ record, place, by: act.by ?? 'reviewer', reason: act.reason }], act.actor, act.now);
};

/** 确认领取, by the beneficiary or by a reviewer who writes down where it was said. */
export const confirm = async (tx: Tx, act: Act & { readonly by?: Mover; readonly reason?: string | undefined }): Promise<void> => {
  const record = await lockOne(tx, act.id, act.scope);
  requireState(record, ['confirming'], '确认');
  await insertChoice(tx, record, 'confirmed', act.actor.id, act.now);
  const place = enter(record, record.step + 1, await surroundings(tx, record, act));
  const reason = act.reason ?? null;
  await moveAll(tx, [{ record, place, by: act.by ?? 'beneficiary', reason, proof: { choice: 'confirmed' } }], act.actor, act.now);
};

/**
 * 暂不领取, from wherever the money is not sealed yet: it stays reserved for the item's `waived` days, so that the choice can be taken back. By the person, or by a
 * reviewer who writes down where it was said.
 */
export const decline = async (
  tx: Tx,
  act: Act & { readonly by?: 'beneficiary' | 'reviewer'; readonly reason?: string | undefined },
): Promise<void> => {
  const record = await lockOne(tx, act.id, act.scope);
  requireState(record, ['confirming', 'asking', 'named', 'applying', 'publicity', 'ready', 'paused'], '放弃');
  if (record.lineId === null) fail('state.edge', record.id, '停发和暂停没有可放弃的钱。', '请从对应的兑付记录办理。');
  await insertChoice(tx, record, 'declined', act.actor.id, act.now);
  const { item } = await surroundings(tx, record, act);
  const place: Place = { state: 'waived', step: record.step, windowFrom: act.today, dueOn: addDays(act.today, waivedDays(item)) };
  await moveAll(
    tx,
    [{ record, place, by: act.by ?? 'beneficiary', reason: act.reason ?? '本人放弃。', proof: { choice: 'declined' } }],
    act.actor,
    act.now,
  );
};

/** Takes a waiver back while it can be: the window it ran out in, or was given up in, opens anew; from later steps the person confirms once more. */
export const comeBack = async (tx: Tx, act: Act & { readonly by?: 'beneficiary' | 'reviewer' }): Promise<void> => {
  const record = await lockOne(tx, act.id, act.scope);
  requireState(record, ['waived'], '恢复');
  await insertChoice(tx, record, 'withdrawn', act.actor.id, act.now);
  const around = await surroundings(tx, record, act);
  const step = record.flow[record.step];
  const opened = enter({ ...record, dueOn: null }, record.step, around);
  const state = step === 'apply' ? 'applying' : record.gaps.length > 0 && step !== 'confirm' ? 'asking' : 'confirming';
  const place: Place = { ...opened, state, step: record.step };
  const window =
    place.dueOn === null && state === 'confirming' ? { windowFrom: act.today, dueOn: addDays(act.today, confirmDays(around.item)) } : {};
  await moveAll(
    tx,
    [{ record, place: { ...place, ...window }, by: act.by ?? 'beneficiary', reason: '撤回放弃。', proof: { choice: 'withdrawn' } }],
    act.actor,
    act.now,
  );
};
