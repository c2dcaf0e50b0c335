// Objections 异议: in a real name, against a line in publicity, which stops that line and no other; or by the person something was refused to. Re-checked by
// somebody else than whoever filed it, within the item's term; upheld or rejected with a reason, and whoever objected is answered.
import { randomUUID } from 'node:crypto';
import { addWorkingDays, type Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Tx } from '../db/handle.ts';
import { type Owed, owe } from '../outbox/store.ts';
import { objectionDays } from '../policy/life.ts';
import { restoreLines } from '../settlement/restore-store.ts';
import { withdrawLines } from '../settlement/withdraw-store.ts';
import { type Act, requireState, surroundings } from './act.ts';
import { knownDocuments } from './ask-store.ts';
import type { Disbursement } from './disbursement.ts';
import { enter, type Place, type Surroundings } from './flow.ts';
import { decideHuman } from './human.ts';
import {
  countOpen,
  endObjections,
  insertObjection,
  lockFiling,
  type Objection,
  objectionById,
  openObjections,
  refusedLines,
} from './objection-store.ts';
import { realName, words } from './objector.ts';
import { owedTo } from './review.ts';
import { lockOne, moveAll } from './store.ts';

export interface Filing extends Act {
  /** public: anybody, against a line in publicity. own: the person, against what was refused or stopped. */
  readonly kind: 'public' | 'own';
  readonly name: string;
  readonly number: string;
  readonly phone?: string;
  readonly email?: string;
  readonly text: string;
  readonly document?: string;
  /** Handed in at the portal: no more than so many of this person's open at once, and none against a line they have one open against. */
  readonly most?: number;
}

/**
 * Taken in by a reviewer, who saw who it was, or at the portal from whoever the unified identity vouches for. Returns its id. Throws typed problems.
 * That the line stops is the office's move whoever handed it in.
 */
export const fileObjection = async (tx: Tx, act: Filing): Promise<string> => {
  const record = await lockOne(tx, act.id, act.scope);
  const objector = realName(act);
  const text = words(act.text, '/text', '异议的内容');
  if (act.document !== undefined && !(await knownDocuments(tx, [act.document])).has(act.document))
    fail('input.document', '/document', '没有这份扫描件。', '先上传扫描件，再填它的哈希。');
  if (act.kind === 'public') requireState(record, ['publicity', 'objected'], '提异议');
  else requireState(record, ['closed'], '提异议');
  const around = await surroundings(tx, record, act);
  const others = await openObjections(tx, record.id);
  if (act.most !== undefined) await withinLimits(tx, act, act.most, others);
  const dueOn = addWorkingDays(act.today, objectionDays(around.item), act.calendar);
  const id = randomUUID();
  const first = record.state === 'publicity';
  const window = first
    ? { publicFrom: record.windowFrom as Day | null, publicTo: record.dueOn as Day | null }
    : { publicFrom: others[0]?.publicFrom ?? null, publicTo: others[0]?.publicTo ?? null };
  const document = act.document ?? null;
  await insertObjection(tx, record, { id, kind: act.kind, objector, text, document, dueOn, ...window }, act.actor, act.now);
  if (first) {
    const place: Place = { state: 'objected', step: record.step, windowFrom: act.today, dueOn };
    await moveAll(
      tx,
      [{ record, place, by: 'reviewer', reason: '公示期内有人实名提出异议，复核期间不拨付。', proof: { objection: id } }],
      act.actor,
      act.now,
    );
    await owe(tx, [owedTo(record, 'objected', { dueOn })], act.now);
  }
  return id;
};

const withinLimits = async (tx: Tx, act: Filing, most: number, others: readonly Objection[]): Promise<void> => {
  await lockFiling(tx, act.actor.id);
  if (others.some((other) => other.filedBy === act.actor.id))
    fail('state.repeated', '', '您对这一条提过异议，正在复核。', '有新的情况，请打主管部门电话补充。');
  if ((await countOpen(tx, act.kind, { filedBy: act.actor.id })) >= most)
    fail('limit.objections', '', `您已有 ${most} 件异议在复核。`, '等其中一件办结再提；急的请打主管部门电话。');
};

export interface Ruling extends Act {
  /** The objection; `id` is its own. */
  readonly decision: 'upheld' | 'rejected';
  readonly reason: string;
}

/** Decided by somebody else than whoever took it in. Throws `state.same-person`, `state.objection`, `input.reason`. */
export const decideObjection = async (tx: Tx, act: Ruling): Promise<void> => {
  const seen = await objectionById(tx, act.id, act.scope);
  if (seen.kind === 'human' || seen.disbursementId === null) return await decideHuman(tx, act);
  const record = await lockOne(tx, seen.disbursementId, act.scope);
  // The record's lock is taken: what is read of its objections now stays so.
  const one = await objectionById(tx, act.id, act.scope);
  if (one.state !== 'open') fail('state.objection', one.id, '这件异议已经办结。', '请刷新后查看。');
  if (one.filedBy === act.actor.id) fail('state.same-person', one.id, '登记异议的人不能自己复核。', '请由另一人复核。');
  const reason = words(act.reason, '/reason', '复核的结论和理由');
  const others = (await openObjections(tx, record.id)).filter((other) => other.id !== one.id);
  const around = await surroundings(tx, record, act);
  if (one.kind === 'own') await decideOwn(tx, act, record, one, reason);
  else await decidePublic(tx, act, record, one, others, reason, around);
};

const answered = (record: Disbursement, one: Pick<Objection, 'id'>, upheld: boolean, reason: string): Owed => ({
  ...owedTo(record, 'objection-answer', { reason, count: upheld ? 1 : 0 }),
  objectionId: one.id,
});

const decidePublic = async (
  tx: Tx,
  act: Ruling,
  record: Disbursement,
  one: Objection,
  others: readonly Objection[],
  reason: string,
  around: Surroundings,
): Promise<void> => {
  const { actor, now, today } = act;
  const proof = { objection: one.id };
  if (act.decision === 'upheld') {
    const by = { at: now, actor: actor.id, role: actor.role };
    const line = record.lineId;
    if (line !== null && record.state === 'objected')
      await withdrawLines(tx, [{ subjectId: record.subjectId, id: line, itemId: record.itemId, reason }], by);
    await endObjections(tx, [one.id, ...others.map((other) => other.id)], 'upheld', reason, actor, now);
    if (record.state === 'objected')
      await moveAll(
        tx,
        [
          {
            record,
            place: { state: 'closed', step: record.step, windowFrom: null, dueOn: null },
            by: 'reviewer',
            reason,
            proof: { ...proof, decision: 'refuse' },
          },
        ],
        actor,
        now,
      );
    await owe(
      tx,
      [owedTo(record, 'objection-upheld', { reason }), ...[one, ...others].map((each) => answered(record, each, true, reason))],
      now,
    );
    return;
  }
  await endObjections(tx, [one.id], 'rejected', reason, actor, now);
  await owe(tx, [answered(record, one, false, reason)], now);
  // Another objection is still looked at: the line waits for that too.
  if (others.length > 0 || record.state !== 'objected') return;
  const open = one.publicTo === null || one.publicTo >= today;
  const place: Place = open
    ? { state: 'publicity', step: record.step, windowFrom: one.publicFrom, dueOn: one.publicTo }
    : enter(record, record.step + 1, around);
  await moveAll(tx, [{ record, place, by: 'reviewer', reason, proof }], actor, now);
  await owe(tx, [owedTo(record, 'objection-rejected', { reason })], now);
};

/** What was refused comes back with what was refused for the same reason since: the lines are weighed again and paid as back-pay. */
const decideOwn = async (tx: Tx, act: Ruling, record: Disbursement, one: Objection, reason: string): Promise<void> => {
  const { actor, now } = act;
  const upheld = act.decision === 'upheld';
  if (upheld) {
    const lines = (await refusedLines(tx, record)).map((line) => ({ ...line, reason }));
    await restoreLines(tx, lines, { at: now, actor: actor.id, role: actor.role });
  }
  await endObjections(tx, [one.id], act.decision, reason, actor, now);
  await owe(tx, [answered(record, one, upheld, reason)], now);
};
