// What staff may do to one disbursement record, as one table: who may, what has to be said, what it does. The API and the command line read the same table.
import { z } from 'zod';
import { fail } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { type Act, comeBack, confirm, decline, hold, lift } from '../disbursement/act.ts';
import { submit } from '../disbursement/apply.ts';
import { answer } from '../disbursement/ask.ts';
import { fileObjection } from '../disbursement/objection.ts';
import { review } from '../disbursement/review.ts';
import { actOf, reviewersOf } from './life.ts';
import { type Role, roles } from './role.ts';
import type { StaffAccount } from './store.ts';

const words = z.string().max(600);
const short = z.string().max(100);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '须为 64 位十六进制哈希');
const byReviewer: readonly Role[] = ['reviewer'];
const alsoFinance: readonly Role[] = ['reviewer', 'finance-maker', 'finance-checker', 'finance-head', 'finance-issuer'];

/** Staff act for the person only with a word about where and how it was said. */
const said = { reason: words };

export const actShapes = {
  review: z.strictObject({ act: z.literal('review'), decision: z.enum(['pass', 'return', 'refuse']), reason: words.optional() }),
  hold: z.strictObject({ act: z.literal('hold'), ...said }),
  lift: z.strictObject({ act: z.literal('lift'), ...said }),
  confirm: z.strictObject({ act: z.literal('confirm'), ...said }),
  decline: z.strictObject({ act: z.literal('decline'), ...said }),
  'come-back': z.strictObject({ act: z.literal('come-back'), ...said }),
  answer: z.strictObject({
    act: z.literal('answer'),
    ...said,
    account: short.optional(),
    bank: short.optional(),
    bankCode: short.optional(),
    fields: z.record(z.string().max(40), z.string().max(100)).optional(),
    settled: z.array(words).max(20).optional(),
  }),
  submit: z.strictObject({ act: z.literal('submit'), ...said, attachments: z.record(z.string().max(40), sha256) }),
  object: z.strictObject({
    act: z.literal('object'),
    kind: z.enum(['public', 'own']),
    name: short,
    number: short,
    phone: short.optional(),
    email: short.optional(),
    text: z.string().max(2000),
    document: sha256.optional(),
  }),
} as const;

export const actBody = z.discriminatedUnion('act', [
  actShapes.review,
  actShapes.hold,
  actShapes.lift,
  actShapes.confirm,
  actShapes.decline,
  actShapes['come-back'],
  actShapes.answer,
  actShapes.submit,
  actShapes.object,
]);
export type ActBody = z.infer<typeof actBody>;
export type ActName = ActBody['act'];

export const actNames: Readonly<Record<ActName, { readonly text: string; readonly roles: readonly Role[] }>> = {
  review: { text: '审核', roles: byReviewer },
  hold: { text: '暂缓', roles: alsoFinance },
  lift: { text: '恢复', roles: alsoFinance },
  confirm: { text: '代为确认', roles: byReviewer },
  decline: { text: '代为放弃', roles: byReviewer },
  'come-back': { text: '代为撤回放弃', roles: byReviewer },
  answer: { text: '补充信息', roles: byReviewer },
  submit: { text: '代收申请', roles: byReviewer },
  object: { text: '登记异议', roles: byReviewer },
};

/** Everybody who may do any of it. */
export const actingRoles = alsoFinance;

export interface ActContext {
  readonly db: Db;
  readonly catalogue: Catalogue;
  readonly at: Date;
}

const reasoned = (reason: string): string =>
  reason.trim() === '' ? fail('input.reason', '/reason', '请写明理由。', '代当事人办的，写明在哪里、怎样说的。') : reason.trim();

/** One act in one transaction; `scope.role` where the account's roles do not allow it. Returns the id of what it made, an objection's. */
export const doAct = async (
  context: ActContext,
  staff: Pick<StaffAccount, 'userId' | 'roles' | 'scope'>,
  id: string,
  body: ActBody,
): Promise<string | null> => {
  const { roles: allowed, text } = actNames[body.act];
  if (!staff.roles.some((role) => allowed.includes(role)))
    fail('scope.role', '', `您的岗位不能办理“${text}”。`, `需要：${allowed.map((role) => roles[role]).join('、')}。`);
  const act = { ...(await actOf(context, staff, allowed)), id };
  const roster = body.act === 'review' ? await reviewersOf(context.db) : [];
  return transaction(context.db, (tx) => performAct(tx, act, body, roster));
};

/** One act in a transaction of the caller's, who has asked whether the roles allow it. */
export const performAct = async (
  tx: Tx,
  act: Act,
  body: ActBody,
  roster: Awaited<ReturnType<typeof reviewersOf>>,
): Promise<string | null> => {
  const by = 'reviewer' as const;
  const mover = act.actor.role.startsWith('finance') ? 'finance' : by;
  switch (body.act) {
    case 'review':
      await review(tx, { ...act, roster, decision: body.decision, reason: body.reason });
      return null;
    case 'hold':
      await hold(tx, { ...act, by: mover, reason: body.reason });
      return null;
    case 'lift':
      await lift(tx, { ...act, by: mover, reason: body.reason });
      return null;
    case 'confirm':
      await confirm(tx, { ...act, by, reason: reasoned(body.reason) });
      return null;
    case 'decline':
      await decline(tx, { ...act, by, reason: reasoned(body.reason) });
      return null;
    case 'come-back':
      await comeBack(tx, { ...act, by });
      return null;
    case 'answer':
      await answer(tx, { ...act, ...body, by, reason: reasoned(body.reason) });
      return null;
    case 'submit':
      await submit(tx, { ...act, by, attachments: body.attachments, reason: reasoned(body.reason) });
      return null;
    case 'object': {
      const { kind, name, number, text, phone, email, document } = body;
      const how = { ...(phone === undefined ? {} : { phone }), ...(email === undefined ? {} : { email }) };
      return await fileObjection(tx, { ...act, kind, name, number, text, ...how, ...(document === undefined ? {} : { document }) });
    }
  }
};
