// The machine steps behind the schedule, each with what it needs and nothing else. jobs.ts says when they run; `start` and `demo` call them in order.
import { followAttestations } from './attest/follow.ts';
import type { Day } from './base/day.ts';
import { type Catalogue, calendarOf } from './catalogue/catalogue.ts';
import { type CertifyReport, certify } from './certification/certify.ts';
import { type Db, transaction } from './db/handle.ts';
import { type AdvanceReport, advance } from './disbursement/advance.ts';
import { type PrefillReport, prefill } from './disbursement/prefill.ts';
import { proposeRecoveries } from './disbursement/recovery.ts';
import { remindRecoveries } from './disbursement/recovery-remind.ts';
import { alone, type Underway } from './job/run.ts';
import { ledgerCut } from './ledger/store.ts';
import { decideChanges, type EventReport } from './match/event.ts';
import { type RunReport, runItems } from './match/run.ts';
import { type TellReport, tell } from './notice/tell.ts';
import { liveItems } from './policy/store.ts';
import { variantsOn } from './readiness/late.ts';
import { readDecisions } from './readiness/store.ts';
import { contactReader, linkNames } from './record/contact-store.ts';
import { treeOf } from './record/lookup.ts';
import { type TellChoicesReport, tellChoices } from './settlement/choice.ts';
import { type SettleReport, settle } from './settlement/settle.ts';
import { type SealReport, seal } from './snapshot/seal.ts';
import { latestSnapshot } from './snapshot/store.ts';

export interface StepContext {
  readonly db: Db;
  readonly catalogue: Catalogue;
  /** The civil day the steps live in: Asia/Shanghai's, or the sample city's own, which stands still. */
  readonly today: Day;
  readonly now: () => Date;
  /** True when a mail server is configured. */
  readonly mail: boolean;
  /** True when a gateway for messages is. */
  readonly sms?: boolean;
  readonly messageDomain: string;
}

/** A division by its own name. */
export const placeNames = (catalogue: Catalogue) => {
  const tree = treeOf(catalogue, 'division');
  return (code: string): string => tree.node(code)?.name ?? '';
};

const reading = (context: StepContext) => ({ read: contactReader(context.catalogue, context.today), link: linkNames(context.catalogue) });

/** What sources say of attested values by now, then the seal: a contradiction must stand in the snapshot as one. */
export const sealStep = async ({ db, catalogue, today, now }: StepContext, { signal, far }: Underway = alone): Promise<SealReport> => {
  await followAttestations(db, { catalogue, today, at: now() });
  const variants = variantsOn(await readDecisions(db), today);
  return seal(db, { catalogue, knownAt: today, at: now(), actor: 'step:seal', variants, signal, far });
};

/** Every published version against the newest snapshot, at the ledger as it stands now; null before the first seal. */
export const matchStep = async ({ db, catalogue, now }: StepContext): Promise<RunReport | null> => {
  const snapshot = await latestSnapshot(db);
  // Sealed under another catalogue: the next seal, tonight, brings the data in line with it.
  if (snapshot === null || snapshot.catalogueHash !== catalogue.hash) return null;
  const cut = await transaction(db, (tx) => ledgerCut(tx));
  return runItems(db, { snapshotId: snapshot.id, items: await liveItems(db), catalogue, ledgerCut: cut, at: now(), actor: 'step:match' });
};

/** Records that changed a moment ago, few of them: decided at once for every item in force; what a few rows cannot tell waits for the next run. */
export const eventStep = async ({ db, catalogue, today, now }: StepContext): Promise<EventReport> =>
  decideChanges(db, { catalogue, items: await liveItems(db), today, at: now(), actor: 'step:event' });

export const settleStep = (context: StepContext): Promise<SettleReport> => settle(context.db, { now: context.now(), today: context.today });

/** Whoever may choose between matters that exclude each other is told what there is and by when. */
export const choicesStep = ({ db, today, now }: StepContext): Promise<TellChoicesReport> => tellChoices(db, { now: now(), today });

export const prefillStep = (context: StepContext): Promise<PrefillReport> =>
  prefill(context.db, { now: context.now(), ...reading(context) });

export const advanceStep = (context: StepContext): Promise<AdvanceReport> =>
  advance(context.db, { now: context.now(), today: context.today, calendar: calendarOf(context.catalogue), ...reading(context) });

/** 资格认证: who is due, who was seen, who is kept back. */
export const certifyStep = ({ db, catalogue, today, now }: StepContext): Promise<CertifyReport> =>
  certify(db, { now: now(), today, catalogue, read: contactReader(catalogue, today) });

/** What was paid and is not due any more becomes a proposal; a person opens the case, and before it falls due it is reminded of. */
export const recoverStep = async ({ db, catalogue, today, now }: StepContext): Promise<number> =>
  (await proposeRecoveries(db, { now: now(), today, calendar: calendarOf(catalogue) })) +
  (await remindRecoveries(db, { now: now(), today }));

export const tellStep = (context: StepContext): Promise<TellReport> =>
  tell(context.db, {
    now: context.now(),
    today: context.today,
    ...reading(context),
    label: (fact) => context.catalogue.facts.find((one) => one.key === fact)?.label ?? fact,
    mail: context.mail,
    sms: context.sms ?? false,
    place: placeNames(context.catalogue),
    messageDomain: context.messageDomain,
  });
