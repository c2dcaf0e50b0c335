// What staff may do to a recovery, as one table for the API and the command line; amounts in yuan as text.
import { z } from 'zod';
import { parseYuan } from '../base/amount.ts';
import { type Day, parseDay } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { type Tx, transaction } from '../db/handle.ts';
import type { Act } from '../disbursement/act.ts';
import { askWriteOff, decideWriteOff, dropRecovery, openRecovery, planRecovery, receiveRecovery } from '../disbursement/recovery.ts';
import type { ActContext } from './acts.ts';
import { actOf } from './life.ts';
import { type Role, roles } from './role.ts';
import type { StaffAccount } from './store.ts';

const words = z.string().max(600);
const yuan = z
  .string()
  .max(20)
  .refine((text) => (parseYuan(text) ?? 0n) > 0n, '须为大于 0 的金额（元），如 120.00')
  .transform((text) => parseYuan(text) as bigint);
const day = z
  .string()
  .refine((text) => parseDay(text) !== null, '须为日期，写作 2026-04-15')
  .transform((text) => text as Day);

export const recoveryBody = z.discriminatedUnion('act', [
  z.strictObject({ act: z.literal('open'), reason: words }),
  z.strictObject({ act: z.literal('drop'), reason: words }),
  z.strictObject({
    act: z.literal('plan'),
    reason: words,
    instalments: z
      .array(z.strictObject({ dueOn: day, yuan }))
      .min(1)
      .max(60),
  }),
  z.strictObject({ act: z.literal('receive'), yuan, reference: words }),
  z.strictObject({ act: z.literal('write-off'), reason: words }),
  z.strictObject({ act: z.literal('approve') }),
  z.strictObject({ act: z.literal('refuse') }),
]);
export type RecoveryBody = z.infer<typeof recoveryBody>;

export const recoveryRoles: readonly Role[] = ['reviewer', 'finance-maker', 'finance-checker', 'finance-head', 'finance-issuer'];

const allowed: Readonly<Record<RecoveryBody['act'], readonly Role[]>> = {
  open: ['reviewer'],
  drop: ['reviewer'],
  plan: ['reviewer'],
  receive: recoveryRoles,
  'write-off': ['reviewer'],
  approve: recoveryRoles,
  refuse: recoveryRoles,
};

/** One act in one transaction; `scope.role` where the account's roles do not allow it. */
export const doRecovery = async (
  context: ActContext,
  staff: Pick<StaffAccount, 'userId' | 'roles' | 'scope'>,
  id: string,
  body: RecoveryBody,
): Promise<void> => {
  const wanted = allowed[body.act];
  if (!staff.roles.some((role) => wanted.includes(role)))
    fail('scope.role', '', '您的岗位不能办这一步追回。', `需要：${wanted.map((role) => roles[role]).join('、')}。`);
  const act = { ...(await actOf(context, staff, wanted)), id };
  await transaction(context.db, (tx) => perform(tx, act, body));
};

const perform = async (tx: Tx, act: Act, body: RecoveryBody): Promise<unknown> => {
  switch (body.act) {
    case 'open':
      return openRecovery(tx, { ...act, reason: body.reason });
    case 'drop':
      return dropRecovery(tx, { ...act, reason: body.reason });
    case 'plan':
      return planRecovery(tx, {
        ...act,
        reason: body.reason,
        instalments: body.instalments.map((one) => ({ dueOn: one.dueOn, amountFen: one.yuan })),
      });
    case 'receive':
      return receiveRecovery(tx, { ...act, amountFen: body.yuan, reference: body.reference });
    case 'write-off':
      return askWriteOff(tx, { ...act, reason: body.reason });
    case 'approve':
    case 'refuse':
      return decideWriteOff(tx, { ...act, decision: body.act });
  }
};
