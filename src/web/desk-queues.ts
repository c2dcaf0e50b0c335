// The queues that can be worked on in a table, as one table: who may, which words decide, what each word does. The acts are those of the pages and the
// API: same roles, same segregation, same refusals.
import { confirmAttestation, refuseAttestation } from '../attest/decide.ts';
import type { AttestContext } from '../attest/enter.ts';
import { type Day, parseDay } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type VisitResult, type VisitWay, visitResults, visitWays } from '../certification/certification.ts';
import { lockTurn } from '../certification/store.ts';
import { recordVisit } from '../certification/visit.ts';
import type { Tx } from '../db/handle.ts';
import type { Act } from '../disbursement/act.ts';
import { decideObjection } from '../disbursement/objection.ts';
import type { Reviewer } from '../disbursement/review.ts';
import { correctReturned } from '../payment/reissue.ts';
import { answerRating } from '../rating/rating.ts';
import { answerTicket, settleTicket, type TicketOutcome } from '../ticket/ticket.ts';
import { type ActBody, performAct } from './acts.ts';
import { type QueueName, queueTitles } from './queue-titles.ts';
import type { Role } from './role.ts';

/** Columns to be filled beside the decision and its reason. */
export const extraColumns = {
  asks: ['账号', '开户行', '联行号', '补充内容', '已补正'],
  returned: ['新账号', '新户名', '新开户行', '新联行号'],
  certifications: ['方式', '核查日期', '核查人', '去世日期'],
} as const;

export interface Deciding {
  /** In the name of whom, on which day; the object is named by `id`. */
  readonly act: Act;
  readonly roster: readonly Reviewer[];
  readonly catalogue: Catalogue;
  readonly reason: string;
  /** What stands in a further column, trimmed; undefined where it is empty. */
  readonly cell: (column: string) => string | undefined;
}

type Work = (tx: Tx, deciding: Deciding) => Promise<unknown>;

export interface Choice {
  /** Who may decide so; left out: whoever may work on the queue. */
  readonly roles?: readonly Role[];
  readonly work: Work;
}

const acting =
  (body: (reason: string, cell: Deciding['cell']) => ActBody): Work =>
  (tx, { act, roster, reason, cell }) =>
    performAct(tx, act, body(reason, cell), roster);

const review = (decision: 'pass' | 'return' | 'refuse'): Choice => ({ work: acting((reason) => ({ act: 'review', decision, reason })) });
const hold: Choice = { work: acting((reason) => ({ act: 'hold', reason })) };
/** Seen, and left as it stands: only the decision itself is written down. */
const leave: Choice = { work: async () => undefined };

const parts = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(/[;；]/)
    .map((one) => one.trim())
    .filter((one) => one !== '');

/** `编号=内容；编号=内容` */
const fieldsIn = (text: string | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(
    parts(text).map((part) => {
      const at = part.search(/[=＝]/);
      if (at < 1) return fail('input.value', '/补充内容', '“补充内容”的写法不对。', '写成 编号=内容；编号=内容。');
      return [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    }),
  );

const answer: Choice = {
  work: acting((reason, cell) => {
    const fields = fieldsIn(cell('补充内容'));
    const settled = parts(cell('已补正'));
    return {
      act: 'answer',
      reason,
      ...optional({ account: cell('账号'), bank: cell('开户行'), bankCode: cell('联行号') }),
      ...(Object.keys(fields).length === 0 ? {} : { fields }),
      ...(settled.length === 0 ? {} : { settled: [...settled] }),
    };
  }),
};

const optional = <T extends Readonly<Record<string, string | undefined>>>(given: T): { readonly [K in keyof T]?: string } =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as { readonly [K in keyof T]?: string };

const correct = (sameAccount: boolean): Choice => ({
  work: (tx, { act, reason, cell }) => {
    const given = optional({ account: cell('新账号'), payeeName: cell('新户名'), bank: cell('新开户行'), bankCode: cell('新联行号') });
    if (sameAccount && Object.keys(given).length > 0)
      fail('input.value', '/意见', '原账户重发的不填新的账户。', '账户有变的，意见写“更正”。');
    if (!sameAccount && Object.keys(given).length === 0)
      fail('input.value', '/新账号', '没有填更正了什么。', '填新账号、新户名、新开户行或新联行号；账户没有变的，意见写“原账户重发”。');
    const { id, actor, scope, now } = act;
    return correctReturned(tx, { disbursementId: id, ...given, reason, actor, by: 'finance', scope, now });
  },
});

const rule = (decision: 'upheld' | 'rejected'): Choice => ({
  work: (tx, { act, reason }) => decideObjection(tx, { ...act, decision, reason }),
});

const settle = (outcome: TicketOutcome): Choice => ({
  roles: ['reviewer'],
  work: (tx, { act }) => settleTicket(tx, { id: act.id, scope: act.scope, outcome }, act.actor, act.now),
});

const attester = (tx: Tx, { act, catalogue }: Pick<Deciding, 'act' | 'catalogue'>): AttestContext => {
  const { id, role } = act.actor;
  return { tx, catalogue, actor: { id, roles: [role], scope: act.scope }, today: act.today, at: act.now };
};

const dayIn = (text: string | undefined, column: string): Day | undefined => {
  if (text === undefined) return undefined;
  return parseDay(text) === null ? fail('input.value', `/${column}`, `“${column}”不是日期。`, '写作 2026-04-15。') : (text as Day);
};
const wayIn = (text: string | undefined): VisitWay => {
  const ways = Object.keys(visitWays) as VisitWay[];
  const known = text === undefined ? 'home' : ways.find((way) => visitWays[way] === text);
  return known ?? fail('input.value', '/方式', '不认识这种核查方式。', `可写：${Object.values(visitWays).join('、')}；不写是上门。`);
};

/** What somebody saw at the door; the reason is what is written of it. */
const visit = (result: VisitResult): Choice => ({
  work: async (tx, { act, reason, cell }) => {
    const turn = await lockTurn(tx, { id: act.id }, act.scope);
    const { actor, scope, now, today } = act;
    await recordVisit(tx, {
      ...{ actor, scope, now, today, result, way: wayIn(cell('方式')), note: reason },
      code: turn?.code ?? '',
      visitedOn: dayIn(cell('核查日期'), '核查日期') ?? today,
      visitor: cell('核查人') ?? '',
      diedOn: dayIn(cell('去世日期'), '去世日期'),
    });
  },
});
const visits = Object.fromEntries(Object.entries(visitResults).map(([result, text]) => [text, visit(result as VisitResult)]));

export interface Queue {
  readonly title: string;
  readonly roles: readonly Role[];
  readonly choices: Readonly<Record<string, Choice>>;
}

const reviewer: readonly Role[] = ['reviewer'];
const holders: readonly Role[] = ['reviewer', 'finance-maker', 'finance-checker', 'finance-head', 'finance-issuer'];

export const queues = {
  reviews: {
    title: queueTitles.reviews,
    roles: reviewer,
    choices: { 通过: review('pass'), 退回: review('return'), 不予: review('refuse'), 暂缓: hold },
  },
  asks: { title: queueTitles.asks, roles: reviewer, choices: { 补充: answer, 暂缓: hold } },
  objections: { title: queueTitles.objections, roles: reviewer, choices: { 成立: rule('upheld'), 不成立: rule('rejected') } },
  returned: { title: queueTitles.returned, roles: ['finance-maker'], choices: { 更正: correct(false), 原账户重发: correct(true) } },
  withheld: { title: queueTitles.withheld, roles: holders, choices: { 下一批再付: leave, 暂缓: hold } },
  held: {
    title: queueTitles.held,
    roles: holders,
    choices: { 恢复: { work: acting((reason) => ({ act: 'lift', reason })) }, 继续暂缓: leave },
  },
  corrections: {
    title: queueTitles.corrections,
    roles: ['reviewer', 'steward'],
    choices: {
      答复: { work: (tx, { act, reason }) => answerTicket(tx, { id: act.id, scope: act.scope, answer: reason }, act.actor, act.now) },
      来源已更正: settle('corrected'),
      来源核实无误: settle('kept'),
      撤回: settle('dropped'),
    },
  },
  attestations: {
    title: queueTitles.attestations,
    roles: reviewer,
    choices: {
      复核通过: { work: (tx, deciding) => confirmAttestation(attester(tx, deciding), deciding.act.id) },
      退回: { work: (tx, deciding) => refuseAttestation(attester(tx, deciding), deciding.act.id, deciding.reason) },
    },
  },
  certifications: { title: queueTitles.certifications, roles: reviewer, choices: visits },
  ratings: {
    title: queueTitles.ratings,
    roles: reviewer,
    choices: {
      答复: { work: (tx, { act, reason }) => answerRating(tx, { id: act.id, scope: act.scope, answer: reason }, act.actor, act.now) },
    },
  },
} as const satisfies Record<QueueName, Queue>;

export type { QueueName } from './queue-titles.ts';
export const queueNames = Object.keys(queues) as [QueueName, ...QueueName[]];
export const isQueue = (text: string): text is QueueName => Object.hasOwn(queues, text);
