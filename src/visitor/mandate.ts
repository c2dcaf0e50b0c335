// 委托: a firm's 经办人, somebody's 代办. Given at the portal by the subject itself, for named powers and a limited time; taken back at any moment, with effect
// on the agent's open visits. Every act under it is written down in the agent's name.
import { audit } from '../audit/audit.ts';
import { isCitizenId, plainCode } from '../base/codes.ts';
import { addDays, type Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { type Db, transaction } from '../db/handle.ts';
import { findSubjects } from '../record/view-store.ts';
import { closeMandate, replaceMandate } from './store.ts';
import { actorOf, allPowers, type Power, requirePower, type Visitor } from './visitor.ts';

/** A mandate runs a year at the longest. */
const longestDays = 366;

export interface Grant {
  /** The agent, by full name and identity number, both of which must fit. */
  readonly name: string;
  readonly number: string;
  readonly powers: readonly string[];
  readonly to: Day;
}

/** Gives powers to another person; replaces what that person had. Throws `input.*`, `missing.agent`, `scope.power`. */
export const grantMandate = async (db: Db, visitor: Visitor, grant: Grant, today: Day, now: Date): Promise<string> => {
  const acting = requirePower(visitor, 'mandate');
  const number = plainCode(grant.number);
  if (!isCitizenId(number)) fail('input.number', '/number', '身份证号码不对。', '请核对受托人的身份证号码。');
  const powers = allPowers.filter((one) => one !== 'mandate' && grant.powers.includes(one));
  if (!powers.some((one) => one !== 'view')) fail('input.powers', '/powers', '请选择委托办理的事。', '至少选一项；查看总是包括在内。');
  if (grant.to < today || grant.to > addDays(today, longestDays)) fail('input.to', '/to', '委托的截止日不对。', '从今天起，最长一年。');
  const [agent] = await findSubjects(db, { scope: everything, key: number, limit: 1 });
  // One answer for both, so that nobody learns who is in the register.
  if (agent === undefined || agent.register !== 'citizen' || agent.name !== grant.name.trim())
    return fail('missing.agent', '/name', '没有找到姓名和身份证号码都相符的人。', '请核对受托人的姓名和号码；不在名册里的人暂时不能受托。');
  if (agent.subjectId === acting.subjectId) fail('input.number', '/number', '不能委托给自己。', '本人登录就可以办理。');
  const { id: actor, role } = actorOf(visitor);
  return await transaction(db, async (tx) => {
    const { id, before } = await replaceMandate(tx, {
      register: acting.register,
      subjectId: acting.subjectId,
      agentId: agent.subjectId,
      kind: acting.register === 'enterprise' ? 'handler' : 'delegate',
      powers: ['view', ...powers.filter((one) => one !== 'view')] as Power[],
      from: today,
      to: grant.to,
      document: null,
      madeBy: actor,
      madeAt: now,
    });
    const after = { for: acting.subjectId, agent: agent.subjectId, powers, to: grant.to, replaces: before };
    await audit(tx, { actor, role, action: 'mandate.grant', objectKind: 'mandate', objectId: id, after, at: now });
    return id;
  });
};

/** Takes a mandate back; the agent's open visits for the subject end at once. `missing.mandate` for one that is not the subject's own. */
export const endMandate = async (db: Db, visitor: Visitor, id: string, now: Date): Promise<void> => {
  const acting = requirePower(visitor, 'mandate');
  const { id: actor, role } = actorOf(visitor);
  await transaction(db, async (tx) => {
    const agent = await closeMandate(tx, id, acting.subjectId, actor, now);
    if (agent === null) fail('missing.mandate', '', '没有这份委托，或者已经结束。', '请刷新页面查看。');
    await audit(tx, { actor, role, action: 'mandate.end', objectKind: 'mandate', objectId: id, before: { agent }, at: now });
  });
};
