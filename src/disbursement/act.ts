// What people do to a disbursement record: review, hold and lift, confirm, decline and come back, complete what was missing. Each in the caller's
// transaction, by the table of states, with event, audit row and reason; `scope` limits what an account may touch.
import { isAccount } from '../base/codes.ts';
import { addDays, type Day, type WorkingCalendar } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import type { Tx } from '../db/handle.ts';
import { withdrawLines } from '../settlement/withdraw-store.ts';
import { type Disbursement, type Mover, type Payee, requireEdge, returned } from './disbursement.ts';
import { enter, type Place, type Surroundings } from './flow.ts';
import { itemsOf } from './prefill-store.ts';
import { type Actor, insertChoice, lockOne, moveAll } from './store.ts';

export interface Act {
  readonly id: string;
  readonly actor: Actor;
  readonly scope: Scope;
  readonly now: Date;
  readonly today: Day;
  readonly calendar: WorkingCalendar;
}

const surroundings = async (tx: Tx, record: Disbursement, act: Act): Promise<Surroundings> => {
  const item = (await itemsOf(tx, [record])).get(`${record.itemId}@${record.version}`);
  return { today: act.today, calendar: act.calendar, item: item ?? {} };
};

const requireState = (record: Disbursement, state: Disbursement['state'], doing: string): void => {
  if (record.state !== state) fail('state.edge', record.id, `这条兑付记录现在不能${doing}。`, '请刷新后查看它现在的状态。');
};

const stay = (record: Disbursement, state: Disbursement['state']): Place => ({
  state,
  step: record.step,
  windowFrom: record.windowFrom as Day | null,
  dueOn: record.dueOn as Day | null,
});

/** pass: on to the next step. return: back to be completed, `reason` says what. refuse: closed, the money goes back; a refusal needs its reason. */
export const review = async (
  tx: Tx,
  act: Act & { readonly decision: 'pass' | 'return' | 'refuse'; readonly reason?: string | undefined },
): Promise<Disbursement> => {
  const record = await lockOne(tx, act.id, act.scope);
  requireState(record, 'reviewing', '审核');
  const reason = act.reason?.trim() ?? '';
  if (act.decision !== 'pass' && reason === '') fail('input.reason', '/reason', '请写明理由。', '理由会告知当事人并留痕，一两句话即可。');
  if (act.decision === 'refuse' && record.lineId !== null)
    await withdrawLines(tx, [{ subjectId: record.subjectId, id: record.lineId, itemId: record.itemId, reason }], {
      at: act.now,
      actor: act.actor.id,
      role: act.actor.role,
    });
  const around = await surroundings(tx, record, act);
  const place: Place =
    act.decision === 'pass'
      ? enter(record, record.step + 1, around)
      : { state: act.decision === 'return' ? 'asking' : 'closed', step: record.step, windowFrom: null, dueOn: null };
  const payee = act.decision === 'return' ? { ...payeeOf(record), gaps: [...record.gaps, `${returned}${reason}`] } : undefined;
  const proof = { decision: act.decision };
  await moveAll(
    tx,
    [{ record, place, by: 'reviewer', reason: reason || null, proof, ...(payee === undefined ? {} : { payee }) }],
    act.actor,
    act.now,
  );
  return record;
};

const payeeOf = (record: Disbursement): Payee => ({
  name: record.payeeName,
  subjectId: record.payeeSubjectId,
  account: record.account,
  bank: record.bank,
  bankCode: record.bankCode,
  gaps: record.gaps,
});

/** 暂缓: no run undoes it (invariant 10). */
export const hold = async (tx: Tx, act: Act & { readonly reason: string; readonly by?: 'reviewer' | 'finance' }): Promise<void> => {
  const record = await lockOne(tx, act.id, act.scope);
  await moveAll(
    tx,
    [{ record, place: stay(record, 'held'), by: act.by ?? 'reviewer', reason: act.reason, heldFrom: record.state }],
    act.actor,
    act.now,
  );
};

/** Lifts a hold: the record goes back to where it was, and a window it was held in opens anew. */
export const lift = async (tx: Tx, act: Act & { readonly reason: string; readonly by?: 'reviewer' | 'finance' }): Promise<void> => {
  const record = await lockOne(tx, act.id, act.scope);
  requireState(record, 'held', '恢复');
  const back = record.heldFrom ?? 'prefilled';
  const around = await surroundings(tx, record, act);
  const place =
    back === 'confirming' || back === 'publicity'
      ? { ...enter({ ...record, dueOn: null }, record.step, around), state: back }
      : stay(record, back);
  await moveAll(tx, [{ record, place, by: act.by ?? 'reviewer', reason: act.reason }], act.actor, act.now);
};

/** 确认领取, by the beneficiary or by a reviewer who writes down where it was said. */
export const confirm = async (tx: Tx, act: Act & { readonly by?: Mover }): Promise<void> => {
  const record = await lockOne(tx, act.id, act.scope);
  requireState(record, 'confirming', '确认');
  await insertChoice(tx, record, 'confirmed', act.actor.id, act.now);
  const place = enter(record, record.step + 1, await surroundings(tx, record, act));
  await moveAll(tx, [{ record, place, by: act.by ?? 'beneficiary', proof: { choice: 'confirmed' } }], act.actor, act.now);
};

/** 暂不领取: the money stays reserved for `graceDays`, so that the choice can be taken back. */
export const decline = async (tx: Tx, act: Act & { readonly graceDays?: number; readonly reason?: string | undefined }): Promise<void> => {
  const record = await lockOne(tx, act.id, act.scope);
  requireState(record, 'confirming', '放弃');
  await insertChoice(tx, record, 'declined', act.actor.id, act.now);
  const place: Place = { state: 'waived', step: record.step, windowFrom: act.today, dueOn: addDays(act.today, act.graceDays ?? 30) };
  await moveAll(
    tx,
    [{ record, place, by: 'beneficiary', reason: act.reason ?? '本人放弃。', proof: { choice: 'declined' } }],
    act.actor,
    act.now,
  );
};

/** Takes a waiver back while it can be; the window opens anew. */
export const comeBack = async (tx: Tx, act: Act & { readonly by?: 'beneficiary' | 'reviewer' }): Promise<void> => {
  const record = await lockOne(tx, act.id, act.scope);
  requireState(record, 'waived', '恢复');
  await insertChoice(tx, record, 'withdrawn', act.actor.id, act.now);
  const place = { ...enter({ ...record, dueOn: null }, record.step, await surroundings(tx, record, act)), state: 'confirming' as const };
  await moveAll(
    tx,
    [{ record, place, by: act.by ?? 'beneficiary', reason: '撤回放弃。', proof: { choice: 'withdrawn' } }],
    act.actor,
    act.now,
  );
};

/** Completes what was missing: an account told by the beneficiary or seen by staff on a document. The next machine step takes it on. */
export const answer = async (
  tx: Tx,
  act: Act & {
    readonly account?: string;
    readonly bank?: string;
    readonly bankCode?: string;
    readonly settled?: readonly string[];
    readonly reason: string;
  },
): Promise<void> => {
  const record = await lockOne(tx, act.id, act.scope);
  requireState(record, 'asking', '补充信息');
  const account = act.account?.replaceAll(/\s/g, '') ?? record.account;
  if (act.account !== undefined && !isAccount(account ?? ''))
    fail('input.account', '/account', '收款账户格式不对。', '请核对账号，只填数字。');
  const bank = act.bank ?? record.bank;
  const solved = (gap: string): boolean =>
    (act.settled?.includes(gap) ?? false) ||
    (act.account !== undefined && gap.includes('账户')) ||
    (bank !== null && gap.includes('开户银行'));
  const payee: Payee = {
    ...payeeOf(record),
    account,
    bank,
    bankCode: act.bankCode ?? record.bankCode,
    gaps: record.gaps.filter((gap) => !solved(gap)),
  };
  const around = await surroundings(tx, record, act);
  const place: Place = payee.gaps.length === 0 ? enter({ ...record, gaps: [] }, record.step, around) : stay(record, 'asking');
  if (place.state !== 'asking') requireEdge(record.state, place.state, 'machine', {});
  await moveAll(tx, [{ record, place, by: 'machine', reason: act.reason, payee }], act.actor, act.now);
};
