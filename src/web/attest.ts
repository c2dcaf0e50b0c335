// What the API and the command line share of attestations: the context of one act, and how an attestation and a ticket are shown. Values are shown only
// to those who judge them; whoever else may see that there is one sees no value.

import { type Attestation, type Attester, attestStateNames } from '../attest/attest.ts';
import type { AttestContext } from '../attest/enter.ts';
import { maskId } from '../base/codes.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { type Db, transaction } from '../db/handle.ts';
import { factOf } from '../record/lookup.ts';
import type { Ticket } from '../ticket/ticket.ts';
import { todayFor } from '../today.ts';

/** One act in one transaction. */
export const act = async <T>(
  given: { readonly db: Db; readonly catalogue: Catalogue; readonly actor: Attester; readonly at: Date },
  work: (context: AttestContext) => Promise<T>,
): Promise<T> => {
  const { db, catalogue, actor, at } = given;
  const today = await todayFor(db, at);
  return transaction(db, (tx) => work({ tx, catalogue, actor, today, at }));
};

export const factLabel = (catalogue: Catalogue, register: string, fact: string): string =>
  fact === '' ? '库外对象' : (factOf(catalogue, register, fact)?.label ?? fact);

const judges: readonly string[] = ['reviewer', 'auditor'];

/** Numbers of people, accounts, phones and mail stand in the document in full and nowhere else. */
const shownValue = (one: Attestation, catalogue: Catalogue): unknown => {
  if (one.fact === '') return null;
  const fact = factOf(catalogue, one.register, one.fact);
  const columns = catalogue.datasets.filter((d) => d.register === one.register).flatMap((d) => d.columns);
  const hidden = fact?.type === 'link' || columns.some((c) => c.to === one.fact && c.format !== undefined);
  return hidden && typeof one.value === 'string' ? maskId(one.value) : one.value;
};

export const attestationRow = (one: Attestation, catalogue: Catalogue, roles: readonly string[]) => ({
  id: one.id,
  register: one.register,
  subjectId: one.subjectId,
  division: one.division,
  fact: one.fact,
  label: factLabel(catalogue, one.register, one.fact),
  value: judges.some((role) => roles.includes(role)) ? { shown: true as const, v: shownValue(one, catalogue) } : { shown: false as const },
  from: one.validFrom,
  to: one.validTo,
  document: one.documentHash,
  documentTitle: one.documentTitle,
  reason: one.reason,
  asOf: one.asOf,
  expiresOn: one.expiresOn,
  state: one.state,
  stateText: attestStateNames[one.state],
  dispute: one.dispute,
  disputeSince: one.disputeSince,
  enteredBy: one.enteredBy,
  enteredAt: one.enteredAt.toISOString(),
  confirmedBy: one.confirmedBy,
  confirmedAt: one.confirmedAt?.toISOString() ?? null,
  closeReason: one.closeReason,
});

export const ticketRow = (one: Ticket) => ({
  ...one,
  openedAt: one.openedAt.toISOString(),
  answeredAt: one.answeredAt?.toISOString() ?? null,
  settledAt: one.settledAt?.toISOString() ?? null,
});
