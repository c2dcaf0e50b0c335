// A correction ticket 校核纠错: a department is asked to check one datum of its own. Opened by whoever found the datum wrong or missing, answered in the
// department's name, settled by the side that asked. States as one table; SQL in `store.ts`.
import { audit } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import type { Scope } from '../base/scope.ts';
import type { Tx } from '../db/handle.ts';
import { owe } from '../outbox/store.ts';
import * as store from './store.ts';

export const ticketStates = ['open', 'answered', 'settled'] as const;
export type TicketState = (typeof ticketStates)[number];
export const ticketStateNames: Readonly<Record<TicketState, string>> = { open: '待答复', answered: '已答复', settled: '已办结' };

/** corrected: the department delivered the right value. kept: its value stands. dropped: the question was withdrawn. */
export type TicketOutcome = 'corrected' | 'kept' | 'dropped';
export const ticketOutcomeNames: Readonly<Record<TicketOutcome, string>> = {
  corrected: '来源已更正',
  kept: '来源核实无误',
  dropped: '撤回',
};

/** Where a ticket may go from where it stands. An answer may be bettered; nothing leaves `settled`. */
export const ticketEdges: Readonly<Record<TicketState, readonly TicketState[]>> = {
  open: ['answered', 'settled'],
  answered: ['answered', 'settled'],
  settled: [],
};

export interface Ticket {
  readonly id: string;
  readonly department: string;
  readonly dataset: string;
  readonly register: string;
  readonly subjectId: string;
  readonly division: string | null;
  readonly fact: string;
  /** null: a person said so on the portal. */
  readonly attestationId: string | null;
  /** Of a person's: the item it stands in the way of, a scan, and by when the department answers. */
  readonly itemId: string | null;
  readonly version: number | null;
  readonly document: string | null;
  readonly dueOn: Day | null;
  /** What the department is asked, without names, numbers or values: those it looks up by the subject. */
  readonly question: string;
  readonly state: TicketState;
  readonly openedAt: Date;
  readonly openedBy: string;
  readonly answer: string | null;
  readonly answeredAt: Date | null;
  readonly answeredBy: string | null;
  readonly outcome: TicketOutcome | null;
  readonly settledAt: Date | null;
  readonly settledBy: string | null;
}

export interface TicketActor {
  readonly id: string;
  readonly role: string;
}

export type NewTicket = Pick<Ticket, 'department' | 'dataset' | 'register' | 'subjectId' | 'division' | 'fact' | 'question'> & {
  readonly attestationId: string;
};

const audited = (tx: Tx, ticket: Ticket, action: string, actor: TicketActor, at: Date, reason: string | null = null): Promise<void> =>
  audit(tx, {
    actor: actor.id,
    role: actor.role,
    action: `ticket.${action}`,
    objectKind: 'ticket',
    objectId: ticket.id,
    after: { state: ticket.state, department: ticket.department, dataset: ticket.dataset, fact: ticket.fact, outcome: ticket.outcome },
    reason,
    at,
  });

/** In the caller's transaction, with the change that found the datum wrong. */
export const openTicket = async (tx: Tx, wanted: NewTicket, actor: TicketActor, at: Date): Promise<Ticket> => {
  const ticket = await store.insertTicket(tx, wanted, actor.id, at);
  await audited(tx, ticket, 'open', actor, at);
  return ticket;
};

const move = (ticket: Ticket, to: TicketState): void => {
  if (!ticketEdges[ticket.state].includes(to))
    fail('state.edge', ticket.id, `这张校核单${ticketStateNames[ticket.state]}，不能再改。`, '请刷新后查看它现在的状态。');
};

const said = (text: string, at: string): string => {
  const answer = text.trim();
  if (answer.length < 2 || answer.length > 500) return fail('input.reason', at, '请写明情况。', '2 到 500 个字，一两句话即可。');
  return answer;
};

/** What the department says. */
export const answerTicket = async (
  tx: Tx,
  ask: { readonly id: string; readonly scope: Scope; readonly answer: string },
  actor: TicketActor,
  at: Date,
): Promise<Ticket> => {
  const before = await store.lockTicket(tx, ask.id, ask.scope);
  move(before, 'answered');
  const after = { ...before, state: 'answered' as const, answer: said(ask.answer, '/answer'), answeredAt: at, answeredBy: actor.id };
  await store.writeTicket(tx, after);
  await audited(tx, after, 'answer', actor, at);
  return after;
};

/** Whoever said that a datum is wrong is told what came of it. */
const tellPerson = async (tx: Tx, ticket: Ticket, at: Date): Promise<void> => {
  const { subjectId, itemId, version, register, division, answer, outcome } = ticket;
  if (itemId === null) return;
  const detail = {
    ...(answer === null ? {} : { reason: answer }),
    count: outcome === 'corrected' ? 1 : 0,
    register,
    division,
    periodKey: '',
  };
  await owe(tx, [{ subjectId, itemId, version: version ?? 1, matchId: null, disbursementId: null, template: 'ticket-answer', detail }], at);
};

export const settleTicket = async (
  tx: Tx,
  ask: { readonly id: string; readonly scope: Scope; readonly outcome: TicketOutcome },
  actor: TicketActor,
  at: Date,
): Promise<Ticket> => {
  const before = await store.lockTicket(tx, ask.id, ask.scope);
  move(before, 'settled');
  if (before.itemId !== null && ask.outcome === 'dropped')
    fail('input.outcome', '/outcome', '本人反映的要有结果：来源已更正，或核实无误。', '不能撤回，结果会告知本人。');
  const after = { ...before, state: 'settled' as const, outcome: ask.outcome, settledAt: at, settledBy: actor.id };
  await store.writeTicket(tx, after);
  await audited(tx, after, 'settle', actor, at, ticketOutcomeNames[ask.outcome]);
  await tellPerson(tx, after, at);
  return after;
};
