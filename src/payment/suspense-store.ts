// A word of the bank that fitted nothing is settled by a person, with what was found out; it is never rewritten and never forgotten.
import { audit } from '../audit/audit.ts';
import { fail } from '../base/problem.ts';
import { rawSql, type Tx } from '../db/handle.ts';

/** `missing.suspense` for none or one that is settled already, `input.reason`. */
export const settleSuspense = async (
  tx: Tx,
  ask: { readonly id: string; readonly reason: string; readonly actor: string; readonly role: string; readonly at: Date },
): Promise<void> => {
  const { id, reason, actor, role, at } = ask;
  if (reason.trim() === '') fail('input.reason', '/reason', '请写明查到了什么、怎样处理。', '一两句话即可，会留痕。');
  const rows = await rawSql(tx)`
    update suspense set settled_at = ${at}, settled_by = ${actor}, reason = ${reason.trim()} where id = ${id} and settled_at is null returning id`;
  if (rows.length === 0) fail('missing.suspense', id, '没有这一条挂账，或者已经处理过。', '编号见挂账列表。');
  await audit(tx, { actor, role, action: 'suspense.settle', objectKind: 'suspense', objectId: id, reason: reason.trim(), at });
};
