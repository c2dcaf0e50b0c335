// What staff may do to stops and to what was due to the dead, as one table for the API, the pages and the command line. Everything here is a reviewer's.
import { z } from 'zod';
import { type Day, parseDay } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { type Tx, transaction } from '../db/handle.ts';
import type { Act } from '../disbursement/act.ts';
import { aliveAfterAll, confirmHeir, dropHeir, nameHeir } from '../disbursement/heir.ts';
import type { HeirRelation } from '../disbursement/heir-store.ts';
import { confirmStop, liftStop, orderStop, refuseStop } from '../disbursement/stop.ts';
import type { ActContext } from './acts.ts';
import { actOf } from './life.ts';
import { type Role, roles } from './role.ts';
import type { StaffAccount } from './store.ts';

const words = z.string().max(600);
const short = z.string().max(100);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, '须为 64 位十六进制哈希');
const day = z
  .string()
  .refine((text) => parseDay(text) !== null, '须为日期，写作 2026-04-15')
  .transform((text) => text as Day);
const relations = ['spouse', 'child', 'parent', 'sibling', 'other-heir', 'carer'] as const satisfies readonly HeirRelation[];

/** `order` is about a person and an item, `name` and `alive` about a waiting record, the others about what was ordered or named. */
export const stopBody = z.discriminatedUnion('act', [
  z.strictObject({
    act: z.literal('order'),
    subjectId: z.uuid(),
    itemId: short,
    kind: z.enum(['death', 'moved', 'not-entitled', 'other']),
    lastOn: day,
    reason: words,
    document: sha256,
  }),
  z.strictObject({ act: z.literal('confirm'), id: z.uuid() }),
  z.strictObject({ act: z.literal('refuse'), id: z.uuid(), reason: words }),
  z.strictObject({ act: z.literal('lift'), id: z.uuid(), reason: words, document: sha256 }),
]);
export type StopBody = z.infer<typeof stopBody>;

export const heirBody = z.discriminatedUnion('act', [
  z.strictObject({
    act: z.literal('name'),
    id: z.uuid(),
    relation: z.enum(relations),
    name: short,
    number: short,
    phone: short.optional(),
    email: short.optional(),
    account: short,
    bank: short.optional(),
    bankCode: short.optional(),
    document: sha256,
    reason: words,
  }),
  z.strictObject({ act: z.literal('confirm'), id: z.uuid() }),
  z.strictObject({ act: z.literal('drop'), id: z.uuid(), reason: words }),
  z.strictObject({ act: z.literal('alive'), id: z.uuid(), reason: words }),
]);
export type HeirBody = z.infer<typeof heirBody>;

export const stopRoles: readonly Role[] = ['reviewer'];

/** One act in one transaction; `scope.role` where the account's roles do not allow it. Returns the id of what it is about, or made. */
const doing = async (
  context: ActContext,
  staff: Pick<StaffAccount, 'userId' | 'roles' | 'scope'>,
  work: (tx: Tx, act: Omit<Act, 'id'>) => Promise<string>,
): Promise<string> => {
  if (!staff.roles.some((role) => stopRoles.includes(role)))
    fail('scope.role', '', '您的岗位不能办理停发和继承人。', `需要：${stopRoles.map((role) => roles[role]).join('、')}。`);
  const act = await actOf(context, staff, stopRoles);
  return await transaction(context.db, (tx) => work(tx, act));
};

type Staff = Pick<StaffAccount, 'userId' | 'roles' | 'scope'>;

export const doStop = (context: ActContext, staff: Staff, body: StopBody): Promise<string> =>
  doing(context, staff, async (tx, act) => {
    switch (body.act) {
      case 'order':
        return (await orderStop(tx, { ...act, ...body })).id;
      case 'confirm':
        await confirmStop(tx, { ...act, id: body.id });
        return body.id;
      case 'refuse':
        await refuseStop(tx, { ...act, ...body });
        return body.id;
      case 'lift':
        await liftStop(tx, { ...act, ...body });
        return body.id;
    }
  });

export const doHeir = (context: ActContext, staff: Staff, body: HeirBody): Promise<string> =>
  doing(context, staff, async (tx, act) => {
    switch (body.act) {
      case 'name':
        return await nameHeir(tx, { ...act, ...body });
      case 'confirm':
        await confirmHeir(tx, { ...act, id: body.id });
        return body.id;
      case 'drop':
        await dropHeir(tx, { ...act, ...body });
        return body.id;
      case 'alive':
        await aliveAfterAll(tx, { ...act, ...body });
        return body.id;
    }
  });
