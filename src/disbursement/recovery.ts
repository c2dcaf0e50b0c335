// 追回: what was paid too much comes back. The machine only proposes; a person opens a case with a reason and the clause, the person is told, and pays at once,
// or in instalments. Giving up what is left is asked for by one and decided by two others.
import { randomUUID } from 'node:crypto';
import { formatYuan } from '../base/amount.ts';
import { addMonths, addWorkingDays, type Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { fundMove, shareOf } from '../ledger/fund.ts';
import { budgetIdOf, move, recoveryMove, type Transaction } from '../ledger/ledger.ts';
import { post } from '../ledger/store.ts';
import { type Owed, type OwedDetail, type OwedTemplate, owe } from '../outbox/store.ts';
import type { Item } from '../policy/item.ts';
import type { Act } from './act.ts';
import { insertFunding, spentOn } from './offset-store.ts';
import { itemsOf } from './prefill-store.ts';
import {
  approveWriteOff,
  dropGone,
  insertEntry,
  insertProposals,
  insertWriteOff,
  lockRecovery,
  lookOverpaid,
  openWriteOff,
  type Part,
  paidLines,
  type Recovery,
  setPlan,
  updateRecovery,
  type WriteOff,
} from './recovery-store.ts';

const words = (text: string): string => {
  const own = text.trim();
  if (own.length < 2 || own.length > 600) fail('input.reason', '/reason', '请写明理由。', '理由会告知当事人并留痕，一两句话即可。');
  return own;
};

const owedTo = (one: Recovery, template: OwedTemplate, detail: OwedDetail): Owed => ({
  subjectId: one.subjectId,
  itemId: one.itemId,
  version: one.version,
  matchId: one.matchId,
  disbursementId: null,
  template,
  detail,
});

/** What settlement found over-paid and nobody has a case for yet becomes a proposal; what it found since changes an unopened one. Nothing is asked of anybody by it. */
export const proposeRecoveries = async (db: Db, options: Pick<Act, 'now' | 'today' | 'calendar'>): Promise<number> =>
  transaction(db, async (tx) => {
    await dropGone(tx, options.now);
    const found = await lookOverpaid(tx, 1_000);
    const items = await itemsOf(tx, found);
    return await insertProposals(
      tx,
      found.map((one) => {
        const term = items.get(`${one.itemId}@${one.version}`)?.overpaid?.tellWorkingDays;
        return { ...one, id: randomUUID(), tellBy: term === undefined ? null : addWorkingDays(options.today, term, options.calendar) };
      }),
      options.now,
    );
  });

const itemFor = async (tx: Tx, one: Recovery): Promise<Partial<Item>> =>
  (await itemsOf(tx, [one])).get(`${one.itemId}@${one.version}`) ?? {};

const locked = async (tx: Tx, act: Act, wanted: readonly Recovery['state'][], doing: string): Promise<Recovery> => {
  const one = await lockRecovery(tx, act.id, act.scope);
  if (!wanted.includes(one.state)) fail('state.recovery', one.id, `这件追回现在不能${doing}。`, '请刷新后查看它现在的状态。');
  return one;
};

/** A person opens the case: from now on it is owed. `state.no-clause` where the document says nothing of taking back. */
export const openRecovery = async (tx: Tx, act: Act & { readonly reason: string }): Promise<void> => {
  const one = await locked(tx, act, ['proposed'], '立案');
  const reason = words(act.reason);
  const item = await itemFor(tx, one);
  const terms = item.overpaid;
  const clause = terms?.clause ?? item.recovery?.clause;
  if (clause === undefined)
    return fail('state.no-clause', one.id, '这个事项没有写追回的依据，不能立案。', '文件有规定的，在规则 overpaid 里写明条款和期限。');
  const dueOn = terms === undefined ? null : addMonths(act.today, terms.dueMonths);
  await updateRecovery(
    tx,
    one,
    { state: 'open', reason, clause, dueOn, openedBy: act.actor.id, openedAt: act.now },
    'recovery.open',
    act.actor,
    act.now,
  );
  await post(tx, [owing(one, one.amountFen, `owe:${one.id}`)], act.now);
  await owe(tx, [owedTo(one, 'recovery', { amountFen: String(one.amountFen), dueOn, reason, clause })], act.now);
};

/**
 * Not to be taken back: a wrong finding, or nothing the person has to answer for. With a reason, by a person. Of a case that was open only what is left is
 * dropped; what came back already is paid out again by settlement where it was due after all.
 */
export const dropRecovery = async (tx: Tx, act: Act & { readonly reason: string }): Promise<void> => {
  const one = await locked(tx, act, ['proposed', 'open'], '撤销');
  const left = one.amountFen - one.settledFen;
  await updateRecovery(tx, one, { state: 'dropped', reason: words(act.reason), closedAt: act.now }, 'recovery.drop', act.actor, act.now);
  if (one.state !== 'open') return;
  await post(tx, [owing(one, -left, `drop:${one.id}`)], act.now);
  await owe(tx, [owedTo(one, 'recovery-closed', { amountFen: String(left), reason: act.reason })], act.now);
};

export interface Instalment {
  readonly dueOn: Day;
  readonly amountFen: bigint;
}

/** An agreed plan; adds up to what is left, days rising. A new one takes the place of the old. */
export const planRecovery = async (
  tx: Tx,
  act: Act & { readonly instalments: readonly Instalment[]; readonly reason: string },
): Promise<void> => {
  const one = await locked(tx, act, ['open'], '分期');
  const reason = words(act.reason);
  const { instalments } = act;
  const left = one.amountFen - one.settledFen;
  const sum = instalments.reduce((total, part) => total + part.amountFen, 0n);
  if (instalments.length < 1 || instalments.length > 60 || instalments.some((part) => part.amountFen <= 0n) || sum !== left)
    fail('input.value', '/instalments', '分期的金额加起来不等于还欠的金额。', '每期大于 0，合计等于还欠的金额，最多 60 期。');
  if (instalments.some((part, i) => part.dueOn <= (instalments[i - 1]?.dueOn ?? act.today)))
    fail('input.value', '/instalments', '分期的日期不对。', '从明天起，一期比一期晚。');
  await setPlan(tx, one, instalments);
  const dueOn = instalments.at(-1)?.dueOn ?? null;
  await updateRecovery(tx, one, { dueOn }, 'recovery.plan', act.actor, act.now, reason);
  await owe(tx, [owedTo(one, 'recovery-changed', { amountFen: String(left), dueOn, reason, count: instalments.length })], act.now);
};

/** Money that came in, by receipt; the same receipt twice is one entry. More than is owed is refused. Returns what is still owed, 分. */
export const receiveRecovery = async (tx: Tx, act: Act & { readonly amountFen: bigint; readonly reference: string }): Promise<bigint> => {
  const one = await lockRecovery(tx, act.id, act.scope);
  const reference = words(act.reference);
  return await settlePart(tx, one, { kind: 'paid', amountFen: act.amountFen, reference, dedupe: `paid:${one.id}:${reference}` }, act);
};

/** Books a part and closes the case when nothing is left. Returns what is still owed, 分. */
const settlePart = async (tx: Tx, one: Recovery, part: Part, act: Pick<Act, 'actor' | 'now'>): Promise<bigint> => {
  const left = one.amountFen - one.settledFen;
  const booked = await takePart(tx, one, part, act);
  if (booked === null) return left;
  await post(tx, booked, act.now);
  return left - part.amountFen;
};

/** Writes a part of what is owed and says what is to be booked for it; null where the same receipt is written already. The caller holds the lock. */
export const takePart = async (
  tx: Tx,
  one: Recovery,
  part: Part,
  act: Pick<Act, 'actor' | 'now'>,
): Promise<readonly Transaction[] | null> => {
  const left = one.amountFen - one.settledFen;
  if (!(await insertEntry(tx, one, part, act.actor, act.now))) return null;
  if (one.state !== 'open') fail('state.recovery', one.id, '这件追回没有在办。', '请刷新后查看它现在的状态。');
  if (part.amountFen <= 0n || part.amountFen > left) fail('input.value', '/amount', '金额不对。', `还欠 ${formatYuan(left)}，不能更多。`);
  const settledFen = one.settledFen + part.amountFen;
  const over = settledFen === one.amountFen;
  const change = { settledFen, ...(over ? { state: 'closed' as const, closedAt: act.now } : {}) };
  await updateRecovery(tx, one, change, `recovery.${part.kind}`, act.actor, act.now);
  if (over) await owe(tx, [owedTo(one, 'recovery-closed', { amountFen: String(one.amountFen) })], act.now);
  return await bookings(tx, one, part, act.now);
};

const about = (one: Recovery) => ({
  itemId: one.itemId,
  year: one.year,
  subjectId: one.subjectId,
  periodKey: one.periodKey,
  objectKey: one.key,
});

/** What is asked back, as a claim of the item's year; negative where it is dropped. */
const owing = (one: Recovery, amountFen: bigint, key: string): Transaction => ({
  key: `recovery:${key}`,
  kind: 'recover',
  ...about(one),
  entries: recoveryMove(budgetIdOf(one.itemId, one.year), 'claimed', 'owed', amountFen),
});

/** The claim goes down; money that came back is taken off what the lines have paid and is free in the budget again, so that it can be owed anew. */
const bookings = async (tx: Tx, one: Recovery, part: Part, at: Date): Promise<readonly Transaction[]> => {
  const settled: Transaction = {
    key: `recovery:${part.dedupe}`,
    kind: 'recover',
    ...about(one),
    entries: recoveryMove(
      budgetIdOf(one.itemId, one.year),
      'owed',
      part.kind === 'written-off' ? 'written-off' : 'returned',
      part.amountFen,
    ),
  };
  if (part.kind === 'written-off') return [settled];
  const booked: Transaction[] = [settled];
  let left = part.amountFen;
  for (const { lineId, paidFen, year } of await paidLines(tx, one)) {
    const fen = paidFen < left ? paidFen : left;
    if (fen === 0n) break;
    left -= fen;
    // Where the money came from it goes back to, source and year: what nobody registered a source for has none to go back to.
    const parts = shareOf(await spentOn(tx, one.subjectId, lineId), fen);
    await insertFunding(
      tx,
      parts.map((each) => ({ ...each, dedupe: part.dedupe, lineId, way: 'back' as const })),
      at,
    );
    const entries = [...move('recover', budgetIdOf(one.itemId, year), fen), ...fundMove(parts, 'spent', 'open')];
    booked.push({ key: `recovery:${part.dedupe}:${lineId}`, kind: 'recover', ...about(one), year, lineId, entries });
  }
  if (left > 0n) fail('state.recovery', one.id, '账上已付的金额比要退回的少。', '请核对是否已经退汇。');
  return booked;
};

/** Asks for what is left to be given up; two others decide. */
export const askWriteOff = async (tx: Tx, act: Act & { readonly reason: string }): Promise<string> => {
  const one = await locked(tx, act, ['open'], '核销');
  return await insertWriteOff(tx, one, words(act.reason), act.actor, act.now);
};

/** `approve` by two people who are neither each other nor whoever asked (a constraint keeps it so); `refuse` by one. */
export const decideWriteOff = async (tx: Tx, act: Act & { readonly decision: 'approve' | 'refuse' }): Promise<WriteOff['state']> => {
  const one = await locked(tx, act, ['open'], '核销');
  const asked = await openWriteOff(tx, one.id);
  if (asked === null) return fail('state.write-off', one.id, '没有待审批的核销。', '先由经办提出核销。');
  if (act.actor.id === asked.askedBy || act.actor.id === asked.firstBy)
    fail('state.same-person', one.id, '提出核销、第一人和第二人审批要是三个人。', '请由另一人审批。');
  const state = await approveWriteOff(tx, asked, act.decision, act.actor, act.now);
  if (state === 'approved') {
    const amountFen = one.amountFen - one.settledFen;
    await settlePart(tx, one, { kind: 'written-off', amountFen, reference: asked.id, dedupe: `written-off:${asked.id}` }, act);
  }
  return state;
};
