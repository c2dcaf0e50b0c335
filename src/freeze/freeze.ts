// A freeze 冻结期: between two instants sealing, releasing or publishing rules stands still, for the closing of a year, a move, an audit. Asked for by one
// person, in force by a second; the acts themselves ask `mustNotBeFrozen` first, in their own transaction. Retiring a rule is never frozen: to stop a wrong one
// is always allowed.
import { audit } from '../audit/audit.ts';
import { civilDay } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import * as store from './store.ts';

export const frozenActs = { seal: '封批', release: '签发', publish: '发布政策' } as const;
export type FrozenAct = keyof typeof frozenActs;

export interface Freeze {
  readonly id: string;
  readonly acts: readonly FrozenAct[];
  /** From this instant on, until just before `toAt`. */
  readonly fromAt: Date;
  readonly toAt: Date;
  readonly reason: string;
  readonly proposedBy: string;
  readonly proposedAt: Date;
  readonly confirmedBy: string | null;
  readonly confirmedAt: Date | null;
  readonly endedBy: string | null;
  readonly endedAt: Date | null;
  readonly endReason: string | null;
}

export type FreezeState = 'proposed' | 'coming' | 'frozen' | 'over' | 'lifted';

export const freezeState = (one: Freeze, now: Date): FreezeState => {
  if (one.endedAt !== null) return 'lifted';
  if (one.toAt <= now) return 'over';
  if (one.confirmedAt === null) return 'proposed';
  return now < one.fromAt ? 'coming' : 'frozen';
};

interface By {
  readonly actor: string;
  readonly role: string;
  readonly at: Date;
}

/** Longer than any closing of a year takes. */
const mostDays = 100;

const reasonOf = (text: string): string => {
  const reason = text.trim();
  return reason.length < 2 || reason.length > 300
    ? fail('input.reason', '/reason', '请写明理由，2 到 300 个字。', '例如“年终封账”；想办理的人会看到。')
    : reason;
};

/** 2026年12月31日 18:00, in Asia/Shanghai. */
export const instantText = (at: Date): string => {
  const [year, month, date] = civilDay(at).split('-').map(Number);
  const local = new Date(at.getTime() + 8 * 3_600_000).toISOString();
  return `${year}年${month}月${date}日 ${local.slice(11, 16)}`;
};

/** Asked for by one person; nothing is frozen yet. Throws `input.freeze`, `input.reason`. */
export const proposeFreeze = async (
  db: Db,
  ask: { readonly acts: readonly FrozenAct[]; readonly fromAt: Date; readonly toAt: Date; readonly reason: string },
  by: By,
): Promise<string> => {
  const { fromAt, toAt } = ask;
  const reason = reasonOf(ask.reason);
  const acts = (Object.keys(frozenActs) as FrozenAct[]).filter((act) => ask.acts.includes(act));
  if (acts.length === 0) fail('input.freeze', '/acts', '没有选停办什么。', '至少选一项：封批、签发、发布政策。');
  if (toAt <= fromAt) fail('input.freeze', '/to', '结束早于开始。', '结束要晚于开始。');
  if (toAt <= by.at) fail('input.freeze', '/to', '这段时间已经过去。', '结束要在现在之后。');
  if (toAt.getTime() - fromAt.getTime() > mostDays * 86_400_000)
    fail('input.freeze', '/to', `一次最多冻结 ${mostDays} 天。`, '分几次提出，或改短。');
  return await transaction(db, async (tx) => {
    const id = await store.insertFreeze(tx, { acts, fromAt, toAt, reason, by: by.actor, at: by.at });
    await audit(tx, { ...by, action: 'freeze.propose', objectKind: 'freeze', objectId: id, after: { acts, fromAt, toAt }, reason });
    return id;
  });
};

const open = async (tx: Tx, id: string, now: Date): Promise<Freeze> => {
  const one = (await store.lockFreeze(tx, id)) ?? fail('missing.freeze', id, '没有这个冻结期。', '从列表进入。');
  const state = freezeState(one, now);
  if (state === 'over' || state === 'lifted')
    fail('conflict.freeze', id, state === 'over' ? '这个冻结期已经过去。' : '这个冻结期已经解除。', '看列表里现在的状态。');
  return one;
};

/** By a second person: from its beginning on it is in force. What is under way when it begins comes to its end first. Throws `state.same-person`, `conflict.freeze`. */
export const confirmFreeze = (db: Db, id: string, by: By): Promise<void> =>
  transaction(db, async (tx) => {
    const one = await open(tx, id, by.at);
    if (one.confirmedAt !== null) fail('conflict.freeze', id, '已经有人确认。', '看列表里现在的状态。');
    if (one.proposedBy === by.actor) fail('state.same-person', id, '提出的人不能自己确认。', '请另一个人确认。');
    await store.lockActs(tx, 'alone');
    await store.confirm(tx, id, by.actor, by.at);
    await audit(tx, { ...by, action: 'freeze.confirm', objectKind: 'freeze', objectId: id, before: { by: one.proposedBy } });
  });

/** Taken back before it is confirmed by whoever asked for it, or lifted before its end by anybody else. Throws `state.same-person`, `conflict.freeze`, `input.reason`. */
export const endFreeze = (db: Db, id: string, reason: string, by: By): Promise<void> =>
  transaction(db, async (tx) => {
    const why = reasonOf(reason);
    const one = await open(tx, id, by.at);
    if (one.confirmedAt !== null && one.proposedBy === by.actor)
      fail('state.same-person', id, '两个人定下的冻结期，提出的人不能自己解除。', '请另一个人解除。');
    await store.end(tx, id, by.actor, why, by.at);
    const action = one.confirmedAt === null ? 'freeze.withdraw' : 'freeze.lift';
    await audit(tx, { ...by, action, objectKind: 'freeze', objectId: id, before: { acts: one.acts, toAt: one.toAt }, reason: why });
  });

/**
 * First thing in the transaction of an act: `state.frozen` while it is frozen. Until the caller commits nobody confirms a freeze, so none comes into force in
 * the middle of an act.
 */
export const mustNotBeFrozen = async (tx: Tx, act: FrozenAct, now: Date): Promise<void> => {
  await store.lockActs(tx, 'together');
  const one = await store.inForce(tx, act, now);
  if (one !== null)
    fail(
      'state.frozen',
      one.id,
      `${instantText(one.fromAt)} 至 ${instantText(one.toAt)} 停办${frozenActs[act]}：${one.reason}`,
      `${instantText(one.toAt)} 以后再办；要提前，由提出人以外的人在“冻结期”里解除。`,
    );
};
