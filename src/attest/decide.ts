// What people do to an attestation after it was entered: confirm, refuse, withdraw, and decide where a source disagrees. Each in the caller's transaction,
// by the table of states, with its audit row.
import { audit } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { fail } from '../base/problem.ts';
import { everything } from '../base/scope.ts';
import { claimOf, stretchOf, unknownClaim } from '../record/attested.ts';
import { factOf } from '../record/lookup.ts';
import { recordById } from '../record/store.ts';
import { ticketOf } from '../ticket/store.ts';
import { settleTicket, type TicketOutcome } from '../ticket/ticket.ts';
import {
  type Attestation,
  type Attester,
  type AttestState,
  attestRole,
  type NewSubject,
  ownWords,
  requireAttestEdge,
  requireReviewer,
} from './attest.ts';
import { type AttestContext, heardOn, saidBySources } from './enter.ts';
import * as store from './store.ts';
import { requireUntied } from './tie.ts';

const audited = (
  context: AttestContext,
  action: string,
  before: Attestation,
  after: Attestation,
  reason: string | null,
  more: object = {},
): Promise<void> =>
  audit(context.tx, {
    actor: context.actor.id,
    role: context.actor.roles.includes('system') ? 'system' : attestRole,
    action: `attest.${action}`,
    objectKind: 'attestation',
    objectId: after.id,
    before: { state: before.state, dispute: before.dispute },
    after: { state: after.state, dispute: after.dispute, subjectId: after.subjectId, fact: after.fact, ...more },
    reason,
    at: context.at,
  });

/** Maker and checker are two people (the database refuses it as well). */
const requireAnother = (one: Attestation, actor: Attester): void => {
  if (one.enteredBy === actor.id)
    fail('scope.two-people', one.id, '核定要两个人办：录入的人不能自己复核。', '请由另一位同事看过材料后复核。');
};

/** What the sources say of its stretch now, and as of which day. */
export const claimNow = async (
  context: AttestContext,
  one: Attestation,
): Promise<{ readonly claim: string; readonly asOf: Day | null }> => {
  const { tx, catalogue, today } = context;
  const fact = factOf(catalogue, one.register, one.fact);
  const record = await recordById(tx, one.register, one.subjectId);
  if (fact === undefined || record === null) return { claim: unknownClaim, asOf: null };
  const said = (await saidBySources(tx, catalogue, record, today))(fact.key);
  const cell = { v: one.value, from: one.validFrom, to: one.validTo };
  return { claim: claimOf(fact, said, stretchOf(fact, cell)), asOf: heardOn(said) };
};

const subjectOf = async (context: AttestContext, one: Attestation) => {
  if (one.fact === '') {
    const { key, division } = one.value as unknown as NewSubject;
    return { register: one.register, subjectId: one.subjectId, key, division };
  }
  const record = await recordById(context.tx, one.register, one.subjectId);
  return record ?? fail('missing.subject', one.subjectId, '没有这个对象。', '请核对编号。');
};

/** The second person has seen the document too: from now on the value counts. */
export const confirmAttestation = async (context: AttestContext, id: string): Promise<Attestation> => {
  const { tx, catalogue, actor, today, at } = context;
  requireReviewer(actor);
  const before = await store.lockAttestation(tx, id, actor.scope);
  requireAttestEdge(before, 'standing');
  requireAnother(before, actor);
  if (before.expiresOn < today) fail('state.expired', id, '这条核定还没有复核就过了有效期。', '请撤回后重新核定。');
  await requireUntied(tx, catalogue, actor, await subjectOf(context, before));
  const { claim, asOf } = before.fact === '' ? { claim: null, asOf: null } : await claimNow(context, before);
  const after: Attestation = { ...before, state: 'standing', confirmedBy: actor.id, confirmedAt: at, against: claim, againstAsOf: asOf };
  await store.writeFate(tx, after);
  if (before.fact === '') {
    const subject = before.value as unknown as NewSubject;
    if (!(await store.insertSubject(tx, { register: before.register, subjectId: before.subjectId, ...subject })))
      fail('conflict.subject', id, '来源部门刚刚报来了这个号码，不用再核定。', '请退回这条核定，直接核定它的指标。');
  } else await store.writeStanding(tx, context.catalogue, before);
  await audited(context, 'confirm', before, after, null, { document: before.documentHash });
  return after;
};

/** Closes one, with its ticket where that says something about the source. */
export const closeAttestation = async (
  context: AttestContext,
  before: Attestation,
  state: AttestState,
  reason: string,
  ticket: TicketOutcome | null,
): Promise<Attestation> => {
  const { tx, actor, at } = context;
  requireAttestEdge(before, state);
  const after: Attestation = { ...before, state, dispute: null, disputeSince: null, closedBy: actor.id, closedAt: at, closeReason: reason };
  await store.writeFate(tx, after);
  if (before.state === 'standing' && before.fact !== '') await store.writeStanding(tx, context.catalogue, before);
  await audited(context, state, before, after, reason);
  const open = ticket === null ? null : await ticketOf(tx, before.id);
  if (open !== null && ticket !== null && open.state !== 'settled') {
    const role = actor.roles.includes('system') ? 'system' : attestRole;
    await settleTicket(tx, { id: open.id, scope: everything, outcome: ticket }, { id: actor.id, role }, at);
  }
  return after;
};

/** The second person does not confirm it. */
export const refuseAttestation = async (context: AttestContext, id: string, reason: string): Promise<Attestation> => {
  requireReviewer(context.actor);
  const before = await store.lockAttestation(context.tx, id, context.actor.scope);
  requireAnother(before, context.actor);
  return closeAttestation(context, before, 'refused', ownWords(reason, '/reason', '退回的理由'), 'dropped');
};

/** Taken back by whoever finds it wrong; from then on the source counts again. */
export const withdrawAttestation = async (context: AttestContext, id: string, reason: string): Promise<Attestation> => {
  const { tx, catalogue, actor } = context;
  requireReviewer(actor);
  const before = await store.lockAttestation(tx, id, actor.scope);
  if (before.enteredBy !== actor.id) await requireUntied(tx, catalogue, actor, await subjectOf(context, before));
  return closeAttestation(context, before, 'withdrawn', ownWords(reason, '/reason', '撤回的理由'), 'dropped');
};

export interface DisputeDecision {
  readonly id: string;
  /** source: the source is right, the attestation ends. keep: it stands until its last day, and what the source says now is answered. */
  readonly decision: 'keep' | 'source';
  readonly reason: string;
  /** Keeping it against something new takes a document seen for that, by its sha256. */
  readonly document?: string | undefined;
}

/** A source has spoken since and disagrees; somebody other than whoever entered it decides. */
export const decideDispute = async (context: AttestContext, ask: DisputeDecision): Promise<Attestation> => {
  const { tx, catalogue, actor } = context;
  requireReviewer(actor);
  const before = await store.lockAttestation(tx, ask.id, actor.scope);
  if (before.state !== 'standing' || before.dispute === null)
    fail('state.edge', ask.id, '来源没有对这条核定提出不同的值。', '请刷新后查看它现在的状态。');
  requireAnother(before, actor);
  await requireUntied(tx, catalogue, actor, await subjectOf(context, before));
  const reason = ownWords(ask.reason, '/reason', '裁定的理由');
  if (ask.decision === 'source') return closeAttestation(context, before, 'overruled', reason, 'kept');
  const document = ask.document ?? null;
  if (before.dispute === 'contradicted' && (document === null || (await store.documentType(tx, document)) === null))
    fail('input.document', '/document', '来源报来了新的说法，维持核定要有针对它的材料。', '先上传扫描件，再填它的哈希。');
  const { claim, asOf } = await claimNow(context, before);
  const after: Attestation = { ...before, dispute: null, disputeSince: null, against: claim, againstAsOf: asOf };
  await store.writeFate(tx, after);
  await store.writeStanding(tx, context.catalogue, before);
  await audited(context, 'keep', before, after, reason, { document });
  return after;
};
