// The step that follows attestations: past their last day they end, and when a source has spoken again it either agrees (then the attestation is settled and
// the ticket with it) or disagrees: an entry for somebody to decide. What the source had said before, said again, leaves the attested value standing until
// its last day; something new makes the fact unknown at once (src/record/attested.ts), and this step only writes down that somebody must decide.
// Each attestation is one transaction; may run twice and side by side.
import { audit } from '../audit/audit.ts';
import type { Day } from '../base/day.ts';
import { everything } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import { stanceOf } from '../record/attested.ts';
import { factOf } from '../record/lookup.ts';
import { recordById } from '../record/store.ts';
import type { Attestation, Attester, Dispute } from './attest.ts';
import { closeAttestation } from './decide.ts';
import { type AttestContext, heardOn, saidBySources } from './enter.ts';
import * as store from './store.ts';

export interface FollowOptions {
  readonly catalogue: Catalogue;
  readonly today: Day;
  readonly at: Date;
}

export interface FollowReport {
  readonly expired: number;
  readonly agreed: number;
  readonly disputed: number;
}

const step: Attester = { id: 'step:attest', roles: ['system'], scope: everything };
const pageSize = 200;

export const followAttestations = async (db: Db, options: FollowOptions): Promise<FollowReport> => {
  const report = { expired: 0, agreed: 0, disputed: 0 };
  for (let after: string | null = null; ; ) {
    const ids: readonly string[] = await store.openIds(db, after, pageSize);
    for (const id of ids) {
      const what = await transaction(db, (tx) => followOne({ tx, actor: step, ...options }, id));
      if (what !== null) report[what]++;
    }
    const last = ids.at(-1);
    if (last === undefined) return report;
    after = last;
  }
};

const followOne = async (context: AttestContext, id: string): Promise<keyof FollowReport | null> => {
  const one = await store.lockAttestation(context.tx, id, everything);
  if (one.state !== 'entered' && one.state !== 'standing') return null;
  if (one.expiresOn < context.today) {
    await closeAttestation(context, one, 'expired', `有效期至 ${one.expiresOn}`, null);
    return 'expired';
  }
  if (one.state === 'entered') return null;
  return one.fact === '' ? followSubject(context, one) : followFact(context, one);
};

/** Settled once the register's own department lists the subject. */
const followSubject = async (context: AttestContext, one: Attestation): Promise<keyof FollowReport | null> => {
  const record = await recordById(context.tx, one.register, one.subjectId);
  const base = context.catalogue.datasets.find(
    (d) => d.register === one.register && d.introduces === true && record?.provenance[d.id] !== undefined,
  );
  if (base === undefined) return null;
  await closeAttestation(context, one, 'agreed', `《${base.title}》已列入`, 'corrected');
  return 'agreed';
};

const followFact = async (context: AttestContext, one: Attestation): Promise<keyof FollowReport | null> => {
  const { tx, catalogue, today, at } = context;
  const fact = factOf(catalogue, one.register, one.fact);
  const record = await recordById(tx, one.register, one.subjectId);
  if (fact === undefined || record === null) return null;
  const said = (await saidBySources(tx, catalogue, record, today))(fact.key);
  const stance = stanceOf(fact, said, { v: one.value, from: one.validFrom, to: one.validTo }, one.against ?? '');
  if (stance === 'agrees') {
    await closeAttestation(context, one, 'agreed', '来源的数据已与核定一致', 'corrected');
    return 'agreed';
  }
  const again = (heardOn(said) ?? '') > (one.againstAsOf ?? '');
  const dispute: Dispute | null = stance === 'contradicts' ? 'contradicted' : stance === 'answered' && again ? 'repeated' : null;
  if (dispute === null || one.dispute === 'contradicted' || one.dispute === dispute) return null;
  const after: Attestation = { ...one, dispute, disputeSince: today };
  await store.writeFate(tx, after);
  await store.writeStanding(tx, catalogue, one);
  await audit(tx, {
    actor: step.id,
    role: 'system',
    action: 'attest.dispute',
    objectKind: 'attestation',
    objectId: one.id,
    before: { dispute: one.dispute },
    after: { dispute, asOf: heardOn(said), subjectId: one.subjectId, fact: one.fact },
    at,
  });
  return 'disputed';
};
