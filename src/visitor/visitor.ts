// Who stands at the portal: a person the unified identity provider vouches for, whoever followed a one-time link and knew the last four, or somebody in the
// demo; whom they act for, and what they may do for them. Everything the portal shows or does is for the subject of the visit and nobody else.
import { createHash, randomBytes } from 'node:crypto';
import { audit } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { type Db, type Tx, transaction } from '../db/handle.ts';
import { subjectsOf } from '../record/view-store.ts';
import { endVisit, insertVisit, liveMandates, setActing, touchVisit, visitByToken } from './store.ts';

/** What one may do for a subject; every act of the portal names one. */
export const powers = {
  view: '查看',
  decide: '确认、放弃、选择',
  answer: '补充信息、提交申请',
  account: '更正收款账户',
  object: '纠错、异议、申诉、评价',
  mandate: '委托他人',
} as const;
export type Power = keyof typeof powers;
export const allPowers = Object.keys(powers) as readonly Power[];

export const ways = { oidc: '统一身份认证', link: '告知中的链接', demo: '演示' } as const;
export type Way = keyof typeof ways;

/** As what somebody acts: for oneself, as a firm's 法定代表人 or 经办人, as 代办, as guardian, or by a link. */
export const asNames = {
  own: '本人',
  legal: '法定代表人',
  handler: '经办人',
  delegate: '代办人',
  guardian: '监护人',
  link: '收到告知的人',
} as const;
export type As = keyof typeof asNames;

export interface Acting {
  readonly register: string;
  readonly subjectId: string;
  readonly as: As;
  readonly powers: readonly Power[];
}

export interface Visitor {
  readonly visitId: string;
  /** The cookie's value: forms carry a token made from it. */
  readonly token: string;
  readonly way: Way;
  readonly personId: string | null;
  readonly personName: string | null;
  /** null: somebody whom no register has, and who acts for nobody. */
  readonly acting: Acting | null;
}

/** A visit ends after twenty idle minutes, and after two hours whatever happens. */
export const idleMinutes = 20;
export const longestMinutes = 120;

/**
 * A link proves a mailbox and four digits: enough to read and to decide, not to move the money to another account, to give somebody powers or to object in
 * a name.
 */
const linkPowers: readonly Power[] = ['view', 'decide', 'answer'];
export const powersOf = (as: As): readonly Power[] => (as === 'link' ? linkPowers : allPowers);

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');
const newToken = (): string => randomBytes(24).toString('base64url');

export interface Arrival {
  readonly way: Way;
  readonly personId: string | null;
  readonly personName: string | null;
  readonly acting: Acting | null;
  readonly now: Date;
}

/** Begins a visit under a token that was never used before (nothing an intruder planted survives a sign-in). Returns the token; only its hash is kept. */
export const comeIn = async (tx: Tx, arrival: Arrival): Promise<string> => {
  const token = newToken();
  const { way, personId, acting, now } = arrival;
  const id = await insertVisit(tx, { ...arrival, tokenHash: hashOf(token) });
  await audit(tx, {
    actor: personId ?? `visit:${id}`,
    role: 'beneficiary',
    action: 'visit.begin',
    objectKind: 'visit',
    objectId: id,
    after: { way, for: acting?.subjectId ?? null, as: acting?.as ?? null },
    at: now,
  });
  return token;
};

/** The visit of a cookie, or null when there is none, it ended or stood idle too long. Notes that it lives at most once a minute. */
export const visitorOf = async (db: Db, token: string, now: Date): Promise<Visitor | null> => {
  const row = await visitByToken(db, hashOf(token));
  if (row === null) return null;
  const idle = now.getTime() - row.seenAt.getTime();
  if (idle > idleMinutes * 60_000 || now.getTime() - row.startedAt.getTime() > longestMinutes * 60_000) return null;
  if (idle > 60_000) await touchVisit(db, row.id, now);
  const { id: visitId, way, personId, personName, acting } = row;
  return { visitId, token, way, personId, personName, acting };
};

/** In whose name an act of the visit is written down: the person where known, else the visit. */
export const actorOf = (visitor: Pick<Visitor, 'visitId' | 'personId' | 'acting'>): { readonly id: string; readonly role: string } => ({
  id: visitor.personId ?? `visit:${visitor.visitId}`,
  role: visitor.acting === null || visitor.acting.as === 'own' ? 'beneficiary' : visitor.acting.as,
});

export const leave = (db: Db, visitor: Visitor, now: Date): Promise<void> =>
  transaction(db, async (tx) => {
    await endVisit(tx, visitor.visitId, now);
    const { id: actor, role } = actorOf(visitor);
    await audit(tx, { actor, role, action: 'visit.end', objectKind: 'visit', objectId: visitor.visitId, at: now });
  });

export interface Principal extends Acting {
  readonly name: string | null;
  readonly division: string | null;
}

/** Everybody a person may act for today without showing more: oneself, and who gave a mandate that still runs. */
export const principalsOf = async (db: Db | Tx, personId: string, today: Day): Promise<readonly Principal[]> => {
  const mandates = await liveMandates(db, { agentId: personId, today });
  const subjects = await subjectsOf(db, [personId, ...mandates.map((one) => one.subjectId)]);
  const own: Acting = { register: 'citizen', subjectId: personId, as: 'own', powers: allPowers };
  return [
    own,
    ...mandates.map((one): Acting => ({ register: one.register, subjectId: one.subjectId, as: one.kind, powers: one.powers })),
  ].flatMap((acting) => {
    const subject = subjects.get(acting.subjectId);
    return subject === undefined ? [] : [{ ...acting, name: subject.name, division: subject.division }];
  });
};

/** Turns the visit to another subject; whether the person may is the caller's finding (`principalsOf`, a guardian's link). */
export const actFor = (db: Db, visitor: Visitor, acting: Acting, now: Date): Promise<void> =>
  transaction(db, async (tx) => {
    if (visitor.personId === null) fail('scope.visit', '', '通过链接打开的页面只能办理这一位的事。', '请用统一身份认证登录后再切换。');
    await setActing(tx, visitor.visitId, acting);
    await audit(tx, {
      actor: visitor.personId ?? '',
      role: acting.as === 'own' ? 'beneficiary' : acting.as,
      action: 'visit.act-for',
      objectKind: 'visit',
      objectId: visitor.visitId,
      before: { for: visitor.acting?.subjectId ?? null },
      after: { for: acting.subjectId, as: acting.as },
      at: now,
    });
  });

/** The subject of the visit, where the visitor has the power; `scope.power` says what is lacking and who can do it. */
export const requirePower = (visitor: Visitor, power: Power): Acting => {
  const { acting } = visitor;
  if (acting === null)
    return fail('scope.power', '', '部门报送的名册里没有您，还没有可以办理的事。', '信息有误请到户籍地村（居）委会或街道办事处核对。');
  if (!acting.powers.includes(power))
    fail(
      'scope.power',
      '',
      `您现在不能办理“${powers[power]}”。`,
      acting.as === 'link' ? '通过链接进来的，请改用统一身份认证登录后办理。' : '委托里没有这一项，请由本人办理或重新委托。',
    );
  return acting;
};
