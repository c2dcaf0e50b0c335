// Why one item says what it says of one person now, also when the answer is no or not yet: decided anew from the last snapshot, never written.
import type { Scope } from '../base/scope.ts';
import { compactTrace } from '../match/match.ts';
import { whyNow } from '../match/why.ts';
import { type Subject, subjectById } from '../record/view-store.ts';
import type { Verdict } from '../rule/facts.ts';
import type { WebContext } from './context.ts';
import { ruleNow, versionsFor } from './items.ts';
import { type Condition, explain, type MissingNote, voiceOf } from './why.ts';

export interface Deciding {
  readonly subject: Subject;
  readonly title: string;
  readonly periods: readonly {
    readonly periodKey: string;
    readonly verdict: Verdict;
    readonly conditions: readonly Condition[];
    readonly missing: readonly MissingNote[];
  }[];
  /** per-event: why there may be more events. */
  readonly missing: readonly MissingNote[];
}

/** null when the person, the item or both are outside the scope, or nothing was sealed yet. */
export const decidingOf = async (web: WebContext, subjectId: string, itemId: string, scope: Scope): Promise<Deciding | null> => {
  const [subject, [newest]] = await Promise.all([subjectById(web.db, subjectId, scope), versionsFor(web, scope, itemId)]);
  if (subject === null || newest === undefined) return null;
  const rule = await ruleNow(web, newest);
  const { item, version, hash } = newest;
  const why = await whyNow(web.db, { version: { item, version, hash }, catalogue: rule.catalogue, subjectId, scope });
  if (why === null) return null;
  const voice = voiceOf(rule.compiled, rule.catalogue);
  return {
    subject,
    title: item.title,
    periods: why.decisions.map(({ period, decision }) => ({
      periodKey: period.key,
      verdict: decision.verdict,
      conditions: explain({ ...rule, trace: compactTrace(decision.trace), read: decision.read, missing: decision.missing }),
      missing: decision.missing.map(voice.missing),
    })),
    missing: why.missing.map(voice.missing),
  };
};
