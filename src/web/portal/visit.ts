// What every page of a visit starts from: whose it is, and that an object asked for is theirs.
import type { Context } from 'hono';
import { fail } from '../../base/problem.ts';
import { everything } from '../../base/scope.ts';
import { transaction } from '../../db/handle.ts';
import type { Disbursement } from '../../disbursement/disbursement.ts';
import { itemsOf } from '../../disbursement/prefill-store.ts';
import { type DisbursementEvent, disbursementById } from '../../disbursement/store.ts';
import type { Item } from '../../policy/item.ts';
import { type Subject, subjectsOf } from '../../record/view-store.ts';
import { type Acting, type Power, requirePower } from '../../visitor/visitor.ts';
import { type Env, visitorIn } from '../access.ts';
import type { WebContext } from '../context.ts';
import { isUuid } from '../cursor.ts';

export interface Visit {
  readonly acting: Acting;
  readonly subject: Subject;
}

/** The visit's subject; `scope.power` where the visitor may not do this, or stands in no register. */
export const visitFor = async (c: Context<Env>, web: WebContext, power: Power): Promise<Visit> => {
  const acting = requirePower(visitorIn(c), power);
  const subject = (await subjectsOf(web.db, [acting.subjectId])).get(acting.subjectId);
  if (subject === undefined || subject.register !== acting.register)
    return fail('missing.subject', '', '名册里已经没有这一位。', '请重新登录；信息有误请到户籍地村（居）委会或登记机关核对。');
  return { acting, subject };
};

/** The item as the record's own version has it: its terms are what was promised. */
export const itemOf = async (web: WebContext, record: Disbursement): Promise<Partial<Item>> =>
  (await transaction(web.db, (tx) => itemsOf(tx, [record]))).get(`${record.itemId}@${record.version}`) ?? {};

/** Whose name an objection is in: the visit's subject, as its register has it. */
export const ownRealName = ({ subject }: Visit): { readonly name: string; readonly number: string } => ({
  name: subject.name ?? '',
  number: subject.key,
});

/** A record of the visit's own subject, also one paid to it for somebody else; anything else does not exist, in the same words as nothing. */
export const ownRecord = async (
  web: WebContext,
  visit: Visit,
  id: string,
): Promise<{ readonly record: Disbursement; readonly events: readonly DisbursementEvent[] }> => {
  const found = isUuid(id) ? await disbursementById(web.db, id, everything) : null;
  return found !== null && found.record.subjectId === visit.acting.subjectId
    ? found
    : fail('missing.record', '', '没有这一项，或者不是您的。', '请从“我的待遇”进入。');
};
