// What somebody wants of notices, as staff write it down for them: which way first, no invitations, and whom to tell after their death. The last word counts; each has
// its reason and its row in the trail. What the law wants told is told all the same (`waysFor`).
import { isPhone } from '../base/codes.ts';
import { hasInvisible } from '../base/invisible.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import type { Tx } from '../db/handle.ts';
import { subjectById } from '../record/view-store.ts';
import { choicesOf, insertChoice, insertRelative, type Relative, relativesOf } from './around-store.ts';
import { isMailable } from './notice.ts';
import type { Actor } from './send-store.ts';
import type { Choice } from './ways.ts';

interface Wish {
  readonly subjectId: string;
  readonly reason: string;
  readonly scope: Scope;
  readonly actor: Actor;
  readonly at: Date;
}

export interface Wishes {
  readonly choice: Choice;
  readonly relative: Relative | null;
}

const plainChoice: Choice = { stopPush: false, prefer: null };

/** null: nobody within the scope. */
export const wishesOf = async (tx: Tx, subjectId: string, scope: Scope): Promise<Wishes | null> => {
  if ((await subjectById(tx, subjectId, scope)) === null) return null;
  const choice = (await choicesOf(tx, [subjectId])).get(subjectId) ?? plainChoice;
  return { choice, relative: (await relativesOf(tx, [subjectId])).get(subjectId) ?? null };
};

const checked = async (tx: Tx, wish: Wish): Promise<{ readonly register: string; readonly reason: string }> => {
  const reason = wish.reason.trim();
  if (reason.length < 2 || reason.length > 200) fail('input.reason', '/reason', '请写明理由。', '例如：本人来电，已核对身份。理由会留痕。');
  const subject = await subjectById(tx, wish.subjectId, wish.scope);
  if (subject === null) return fail('missing.subject', '', '没有这个人，或者不在您的范围内。', '从“查一人”进入。');
  return { register: subject.register, reason };
};

/** Throws `input.*`, `missing.subject`. */
export const chooseMessages = async (tx: Tx, wish: Wish, choice: Choice): Promise<void> => {
  const { reason } = await checked(tx, wish);
  await insertChoice(tx, wish.subjectId, choice, wish.actor, wish.at, reason);
};

/** Whom to tell; null takes the name back. Throws `input.*`, `missing.subject`. */
export const nameRelative = async (tx: Tx, wish: Wish, relative: Relative | null): Promise<void> => {
  const { register, reason } = await checked(tx, wish);
  if (register !== 'citizen') fail('input.subject', '', '单位没有亲属联系人。', '只有居民可以登记。');
  if (relative !== null) {
    const { name, relation, phone, email } = relative;
    if (name.trim().length < 2 || name.length > 40 || hasInvisible(name))
      fail('input.name', '/name', '请写亲属的姓名。', '照身份证上的姓名写。');
    if (relation.trim() === '' || relation.length > 20 || hasInvisible(relation))
      fail('input.relation', '/relation', '请写是什么关系。', '例如：儿子、女儿、配偶。');
    if (phone !== null && !isPhone(phone)) fail('input.phone', '/phone', '联系电话不对。', '手机号，或带区号的座机号。');
    if (email !== null && !isMailable(email)) fail('input.email', '/email', '邮箱不对。', '写成 name@example.cn；没有可以不写。');
    if (phone === null && email === null) fail('input.phone', '/phone', '电话和邮箱至少写一个。', '写能找到这位亲属的。');
  }
  const plain = relative === null ? null : { ...relative, name: relative.name.trim(), relation: relative.relation.trim() };
  await insertRelative(tx, wish.subjectId, plain, wish.actor, wish.at, reason);
};
