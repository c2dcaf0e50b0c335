// One item for one person or firm in any period: what was decided then, from what it was decided on, and what the newest data say of the same period. The two
// beside each other tell whether something is owed for the past. Writes nothing.
import type { Scope } from '../base/scope.ts';
import { choose } from '../match/choose.ts';
import { periodsDecided } from '../match/overview-store.ts';
import { whyNow } from '../match/why.ts';
import { whyThen } from '../match/why-then.ts';
import type { VersionView } from '../policy/view-store.ts';
import { type Subject, subjectById } from '../record/view-store.ts';
import { latestSnapshot } from '../snapshot/store.ts';
import type { WebContext } from './context.ts';
import { ruleNow, versionsFor } from './items.ts';
import { type DecidedPeriod, factsRead, periodIn } from './person-why.ts';
import { type MissingNote, voiceOf } from './why.ts';

export interface Decided {
  /** Which version of the rule decided. */
  readonly version: number;
  /** What it was decided on: kept evidence, the run's own snapshot, or the newest snapshot now. */
  readonly from: 'evidence' | 'snapshot' | 'now';
  readonly knownAt: string | null;
  readonly matchId: string | null;
  /** False: deciding again gives another answer than the stored one. */
  readonly agrees: boolean;
  readonly periods: readonly DecidedPeriod[];
  /** per-event: why there may be more events. */
  readonly missing: readonly MissingNote[];
}

export interface PersonPeriod {
  readonly subject: Subject;
  readonly published: VersionView;
  /** Periods the item was decided for, newest first. */
  readonly decided: readonly string[];
  /** null: nothing was decided for the period, or what it was decided on is kept no longer. */
  readonly was: Decided | null;
  /** null: not in the newest snapshot, or no version is in force for the period. */
  readonly now: Decided | null;
  /** Fact paths read, sorted. */
  readonly facts: readonly string[];
}

type Versions = readonly [VersionView, ...VersionView[]];

const nowOf = async (web: WebContext, versions: Versions, subjectId: string, asked: string | null, scope: Scope) => {
  const snapshot = await latestSnapshot(web.db);
  if (snapshot === null) return null;
  const event = versions[0].item.period === 'per-event';
  const { version: published, period } = choose(versions, event ? null : asked, snapshot.knownAt);
  const rule = await ruleNow(web, published);
  const { item, version, hash } = published;
  const why = await whyNow(web.db, {
    ...{ version: { item, version, hash }, catalogue: rule.catalogue, compiled: rule.compiled, subjectId, scope },
    ...(event || period === null ? {} : { period }),
  });
  if (why === null) return null;
  const decisions = event && asked !== null ? why.decisions.filter((one) => one.period.key === asked) : why.decisions;
  const voice = voiceOf(rule.compiled, rule.catalogue);
  const decided: Decided = {
    ...{ version, from: 'now', knownAt: snapshot.knownAt, matchId: null, agrees: true },
    ...{ periods: decisions.map((one) => periodIn(rule, one)), missing: why.missing.map(voice.missing) },
  };
  return { decided, read: decisions.flatMap(({ decision }) => decision.read) };
};

const thenOf = async (web: WebContext, itemId: string, subject: Subject, periodKey: string, scope: Scope) => {
  const { subjectId, key, name, division } = subject;
  const found = await whyThen(web.db, { itemId, subject: { subjectId, key, name, division }, periodKey, scope });
  if (found === null) return null;
  const { answer, version, catalogue, from, matchId, agrees } = found;
  const decisions = answer.decisions.filter((one) => one.period.key === periodKey);
  if (decisions.length === 0) return null;
  const rule = { compiled: answer.compiled, catalogue };
  const decided: Decided = {
    ...{ version: version.version, from, knownAt: decisions[0]?.period.knownAt ?? null, matchId, agrees },
    ...{ periods: decisions.map((one) => periodIn(rule, one)), missing: [] },
  };
  return { decided, read: decisions.flatMap(({ decision }) => decision.read) };
};

/**
 * `asked` null: what a run would decide now, and nothing of then. null when the person, the item or both are outside the scope. Throws `input.period` for a
 * period that is none of the item's.
 */
export const personPeriod = async (
  web: WebContext,
  ask: { readonly subjectId: string; readonly itemId: string; readonly period: string | null; readonly scope: Scope },
): Promise<PersonPeriod | null> => {
  const { subjectId, itemId, period, scope } = ask;
  const [subject, versions] = await Promise.all([subjectById(web.db, subjectId, scope), versionsFor(web, scope, itemId)]);
  const [published, ...older] = versions;
  if (subject === null || published === undefined) return null;
  const now = await nowOf(web, [published, ...older], subjectId, period, scope);
  const was = period === null ? null : await thenOf(web, itemId, subject, period, scope);
  const decided = (await periodsDecided(web.db, itemId)).map(({ periodKey }) => periodKey);
  const facts = factsRead([...(now?.read ?? []), ...(was?.read ?? [])]);
  return { subject, published, decided, was: was?.decided ?? null, now: now?.decided ?? null, facts };
};
