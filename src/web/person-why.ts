// Why one item says what it says of one person now, also when the answer is no or not yet: decided anew from the last snapshot, never written.
import type { Scope } from '../base/scope.ts';
import { compactTrace } from '../match/match.ts';
import type { StandingAnswer } from '../match/overview-store.ts';
import { whyNow } from '../match/why.ts';
import { type Told, whyAll } from '../match/why-all.ts';
import type { VersionView } from '../policy/view-store.ts';
import { factOf } from '../record/lookup.ts';
import { type Subject, subjectById } from '../record/view-store.ts';
import type { Decision, DecisionPeriod, ReadEntry, Verdict } from '../rule/facts.ts';
import type { WebContext } from './context.ts';
import { type Rule, ruleNow, versionsFor } from './items.ts';
import { type Condition, decisive, explain, type MissingNote, missingText, voiceOf } from './why.ts';
import { shown } from './words.ts';

/** One period, or one event, decided with every condition. */
export interface DecidedPeriod {
  readonly periodKey: string;
  readonly verdict: Verdict;
  /** null: none, or not known yet. */
  readonly amountFen: bigint | null;
  readonly conditions: readonly Condition[];
  readonly missing: readonly MissingNote[];
  /** How the amount comes about, line by line. */
  readonly steps: readonly string[];
}

export interface Deciding {
  /** Fact paths read for the answer, sorted. */
  readonly facts: readonly string[];
  readonly subject: Subject;
  readonly title: string;
  readonly periods: readonly DecidedPeriod[];
  /** per-event: why there may be more events. */
  readonly missing: readonly MissingNote[];
  /** The person's own data that were read for it, each once. */
  readonly values: readonly OwnValue[];
}

/** One datum of the person as one dataset says it. */
export interface OwnValue {
  readonly fact: string;
  readonly dataset: string;
  readonly department: string;
  readonly title: string;
  readonly label: string;
  /** As people read it; what is missing says so. */
  readonly value: string;
  readonly asOf: string | null;
}

/** Names of facts among what was read; parameters, trees and the ledger are nobody's. */
export const factsRead = (read: readonly { readonly fact: string }[]): readonly string[] =>
  [...new Set(read.map((one) => one.fact).filter((fact) => !fact.includes(':')))].sort();

/** Whoever is asked to check a datum is its department: what was computed, attested or is somebody else's is left out. */
export const ownValues = ({ compiled, catalogue }: Rule, read: readonly ReadEntry[]): readonly OwnValue[] => {
  const voice = voiceOf(compiled, catalogue);
  const found = new Map<string, OwnValue>();
  for (const entry of read) {
    const fact = entry.fact.replace(/\[.*$/, '');
    const gap = entry.missing === undefined ? null : voice.missing(entry.missing);
    const id = entry.source?.dataset ?? gap?.dataset ?? null;
    const dataset = catalogue.datasets.find((one) => one.id === id);
    if (dataset === undefined || factOf(catalogue, compiled.register, fact) === undefined) continue;
    const key = `${fact}@${dataset.id}`;
    const value = gap === null ? voice.value(fact, entry.value) : gap.reason;
    const before = found.get(key);
    const said = before === undefined || before.value === value ? value : `${before.value}；${value}`;
    const { department, title } = dataset;
    found.set(key, {
      fact,
      dataset: dataset.id,
      department,
      title,
      label: voice.label(fact),
      value: said,
      asOf: entry.source?.asOf ?? null,
    });
  }
  return [...found.values()];
};

/** A decision in the words of its rule. */
export const periodIn = (
  rule: Pick<Rule, 'compiled' | 'catalogue'>,
  { period, decision }: { readonly period: DecisionPeriod; readonly decision: Decision },
): DecidedPeriod => ({
  periodKey: period.key,
  verdict: decision.verdict,
  amountFen: decision.verdict === 'eligible' ? decision.amountFen : null,
  conditions: explain({ ...rule, trace: compactTrace(decision.trace), read: decision.read, missing: decision.missing }),
  missing: decision.missing.map(voiceOf(rule.compiled, rule.catalogue).missing),
  steps: decision.lines.flatMap(({ verdict, award }) =>
    verdict === 'eligible' && award?.state === 'known' ? award.steps.map((step) => shown(step.text)) : [],
  ),
});

/** null when the person, the item or both are outside the scope, or nothing was sealed yet. */
export const decidingOf = async (web: WebContext, subjectId: string, itemId: string, scope: Scope): Promise<Deciding | null> => {
  const [subject, [newest]] = await Promise.all([subjectById(web.db, subjectId, scope), versionsFor(web, scope, itemId)]);
  if (subject === null || newest === undefined) return null;
  const rule = await ruleNow(web, newest);
  const { item, version, hash } = newest;
  const why = await whyNow(web.db, {
    version: { item, version, hash },
    catalogue: rule.catalogue,
    compiled: rule.compiled,
    subjectId,
    scope,
    blocks: web.hot,
  });
  if (why === null) return null;
  const voice = voiceOf(rule.compiled, rule.catalogue);
  return {
    subject,
    facts: factsRead(why.decisions.flatMap(({ decision }) => decision.read)),
    title: item.title,
    periods: why.decisions.map((one) => periodIn(rule, one)),
    missing: why.missing.map(voice.missing),
    values: ownValues(
      rule,
      why.decisions.flatMap(({ decision }) => decision.read),
    ),
  };
};

const explained = (rule: Rule, { decision }: Told) =>
  explain({ ...rule, trace: compactTrace(decision.trace), read: decision.read, missing: decision.missing });

/** One sentence: the condition that fails with the value found, or what is missing; null where there is nothing to say. */
const reasonIn = (rule: Rule, told: readonly Told[], verdict: Verdict): string | null => {
  if (told.length === 0) return rule.compiled.event === null ? '现在没有该判定的期别。' : '没有发生过要办的事。';
  const one = told.find(({ decision }) => decision.verdict === verdict);
  if (one === undefined) return null;
  if (verdict === 'undetermined') {
    const voice = voiceOf(rule.compiled, rule.catalogue);
    return `缺${one.decision.missing
      .slice(0, 2)
      .map((gap) => missingText(voice.missing(gap)))
      .join('；')}`;
  }
  const failing = one.decision.trace.truth === true ? [] : decisive(explained(rule, one));
  const [first] = failing;
  if (first === undefined) return '名单里没有一项符合要求。';
  const more = failing.length === 1 ? '' : `；另有 ${failing.length - 1} 条`;
  return `要求${first.required ?? ''}，实际：${first.actual ?? '缺'}${more}`;
};

/** Why an item says what it says: a sentence where it is not a yes, and what is missing, from whom. */
export interface ItemReason {
  readonly reason: string | null;
  readonly missing: readonly MissingNote[];
}

/** Item id → why the item does not say yes; absent where nothing can be said. */
export const reasonsOf = async (
  web: WebContext,
  subject: Subject,
  items: readonly { readonly published: VersionView; readonly answer: StandingAnswer }[],
): Promise<{ readonly reasons: ReadonlyMap<string, ItemReason>; readonly facts: readonly string[] }> => {
  const open = items.filter(({ answer }) => answer.verdict !== 'eligible' || answer.amountFen === null);
  const catalogue = await web.catalogue();
  const rules = new Map<string, Rule>();
  for (const { published } of open) rules.set(published.itemId, await ruleNow(web, published, catalogue));
  const told = await whyAll(
    web.db,
    subject,
    [...rules.values()].map((rule) => rule.compiled),
    catalogue,
    web.hot,
  );
  const reasons = new Map<string, ItemReason>();
  for (const { published, answer } of open) {
    const rule = rules.get(published.itemId) as Rule;
    const now = told?.get(published.itemId) ?? [];
    if (told === null) continue;
    const { missing } = voiceOf(rule.compiled, rule.catalogue);
    const gaps = now.filter(({ decision }) => decision.verdict === answer.verdict).flatMap(({ decision }) => decision.missing);
    const lacking = new Map(gaps.map((gap) => [`${gap.fact} ${gap.dataset} ${gap.reason}`, missing(gap)]));
    reasons.set(published.itemId, {
      reason: answer.verdict === 'eligible' ? null : reasonIn(rule, now, answer.verdict),
      missing: answer.verdict === 'ineligible' ? [] : [...lacking.values()],
    });
  }
  const read = [...(told?.values() ?? [])].flat().flatMap(({ decision }) => decision.read);
  return { reasons, facts: factsRead(read) };
};
