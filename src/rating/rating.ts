// 好差评: whoever was paid says how it went, once per payment, from 1 to 5; whoever was not content says why and is answered within the item's term.
import { audit } from '../audit/audit.ts';
import { addWorkingDays, type Day, type WorkingCalendar } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import type { Tx } from '../db/handle.ts';
import type { Disbursement } from '../disbursement/disbursement.ts';
import { owe } from '../outbox/store.ts';
import type { Item } from '../policy/item.ts';
import { ratingDays } from '../policy/life.ts';
import { insertRating, ratingById, writeAnswer } from './store.ts';

/** Best first, as people choose. */
export const starNames = { 5: '非常满意', 4: '满意', 3: '基本满意', 2: '不满意', 1: '非常不满意' } as const;
export type Stars = keyof typeof starNames;
const low: readonly Stars[] = [1, 2];
export const mustAnswer = (stars: number): boolean => low.includes(stars as Stars);
export const starName = (stars: number): string => starNames[stars as Stars] ?? '';

export interface RaterActor {
  readonly id: string;
  readonly role: string;
}

export interface Rate {
  /** The subject's own; the caller has made sure. */
  readonly record: Disbursement;
  readonly item: Pick<Item, 'rating'>;
  readonly stars: number;
  readonly reason: string;
  readonly actor: RaterActor;
  readonly now: Date;
  readonly today: Day;
  readonly calendar: WorkingCalendar;
}

/** Returns its id. Throws `state.edge` before the money has arrived, `input.*`, `state.repeated` for a second one. */
export const rate = async (tx: Tx, act: Rate): Promise<string> => {
  const { record, stars, actor } = act;
  if (record.state !== 'paid') fail('state.edge', record.id, '到账以后才能评价。', '到账会告知您。');
  if (!Number.isInteger(stars) || !(stars in starNames)) fail('input.stars', '/stars', '请选择满意程度。', '五档里选一档。');
  const reason = act.reason.trim().slice(0, 500);
  if (mustAnswer(stars) && reason.length < 2) fail('input.reason', '/reason', '请说说哪里不满意。', '写一两句，工作人员会答复您。');
  const dueOn = mustAnswer(stars) ? addWorkingDays(act.today, ratingDays(act.item), act.calendar) : null;
  const { subjectId, matchId, itemId, version, authority, division } = record;
  const one = { subjectId, disbursementId: record.id, matchId, itemId, version, authority, division, stars, dueOn };
  const id = await insertRating(tx, { ...one, reason: reason === '' ? null : reason, ratedBy: actor.id, ratedAt: act.now });
  if (id === null) return fail('state.repeated', '', '这一笔已经评价过。', '每笔只评价一次。');
  const after = { disbursement: record.id, stars, dueOn };
  await audit(tx, { actor: actor.id, role: actor.role, action: 'rating.make', objectKind: 'rating', objectId: id, after, at: act.now });
  return id;
};

/** The office's answer, told to the person. Once; `state.answered` for a second one. */
export const answerRating = async (
  tx: Tx,
  ask: { readonly id: string; readonly scope: Scope; readonly answer: string },
  actor: RaterActor,
  at: Date,
): Promise<void> => {
  const answer = ask.answer.trim();
  if (answer.length < 2 || answer.length > 500) fail('input.reason', '/answer', '请写明答复。', '2 到 500 个字，会告知本人。');
  const one = await ratingById(tx, ask.id, ask.scope);
  if (!(await writeAnswer(tx, one.id, answer, actor.id, at))) fail('state.answered', one.id, '这条评价已经答复。', '请刷新后查看。');
  await audit(tx, {
    actor: actor.id,
    role: actor.role,
    action: 'rating.answer',
    objectKind: 'rating',
    objectId: one.id,
    after: { answer },
    at,
  });
  const { subjectId, itemId, version, matchId, disbursementId } = one;
  await owe(tx, [{ subjectId, itemId, version, matchId, disbursementId, template: 'rating-answer', detail: { reason: answer } }], at);
};
