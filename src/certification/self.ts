// The person confirms at the portal that they are there and nothing has changed, where the item says that this counts. Somebody who was found to have died is
// certified by nobody but a member of staff who has met them.
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import type { Tx } from '../db/handle.ts';
import { itemsOf } from '../disbursement/prefill-store.ts';
import { certificationStates } from './certification.ts';
import { resume } from './keep-back.ts';
import { lockTurn, moveTurn } from './store.ts';

export interface SelfAsk {
  /** The turn's. */
  readonly id: string;
  /** Whoever signed in as themselves. */
  readonly subjectId: string;
  readonly actor: { readonly id: string; readonly role: string };
  readonly now: Date;
  readonly today: Day;
}

/** How many periods were let go. Throws `missing.certification` for a turn that is none of theirs, `state.certification`. */
export const certifySelf = async (tx: Tx, ask: SelfAsk): Promise<number> => {
  const turn = await lockTurn(tx, { id: ask.id }, everything);
  if (turn === null || turn.subjectId !== ask.subjectId)
    return fail('missing.certification', '', '没有这次资格认证，或者不是您的。', '请从“资格认证”进入。');
  const terms = (await itemsOf(tx, [turn])).get(`${turn.itemId}@${turn.version}`)?.certify;
  if (terms?.self !== true)
    return fail('state.certification', '', '这一项不能在网上确认。', terms === undefined ? '请联系主管部门。' : `${terms.how}。`);
  if (!certificationStates[turn.state].live)
    return fail('state.certification', turn.id, `这次资格认证${certificationStates[turn.state].text}，不用再办。`, '请刷新后查看。');
  const by = { ...ask.actor, mover: 'person' as const };
  const change = { certifiedOn: ask.today, how: 'self', decidedBy: by.id };
  const done = await moveTurn(tx, { turn, to: 'certified', verb: 'self', change, reason: '本人在线确认。' }, by, ask.now);
  return await resume(tx, turn, done, terms, by, ask.now);
};
