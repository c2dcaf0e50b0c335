// One match as people read it: who, how much, why, on what evidence. Loads what `why.ts` and the pages need; identity numbers stay behind.
import { maskId, maskText } from '../base/codes.ts';
import type { Scope } from '../base/scope.ts';
import type { StoredLine } from '../match/match.ts';
import { type MatchDetail, matchById } from '../match/store.ts';
import { subjectsOf } from '../record/view-store.ts';
import type { WebContext } from './context.ts';
import { type Rule, ruleThen } from './items.ts';
import {
  type AwardNote,
  awardNote,
  type Condition,
  explain,
  type MissingNote,
  type ModeNote,
  modeNote,
  type SourceNote,
  voiceOf,
} from './why.ts';
import { personName, shown } from './words.ts';

/** One line of the award: the subject itself, or one child, graduate, machine … */
export interface AwardLine {
  /** What the line is for, masked; null: the subject as a whole. */
  readonly key: string | null;
  readonly verdict: StoredLine['verdict'];
  readonly amountFen: bigint | null;
  /** From–to, where something is still open. */
  readonly betweenFen: readonly [bigint, bigint] | null;
  readonly steps: readonly { readonly text: string; readonly yuan: string }[];
  readonly missing: readonly MissingNote[];
  readonly claims: readonly string[];
}

export interface ReadNote {
  readonly label: string;
  readonly value: string;
  readonly day: string | null;
  readonly source: SourceNote | null;
  readonly missing: string | null;
}

export interface Explanation {
  readonly match: MatchDetail;
  readonly rule: Rule | null;
  readonly title: string;
  readonly person: string;
  readonly keyTail: string;
  readonly conditions: readonly Condition[];
  /** null: the item has one mode, or nobody is eligible. */
  readonly mode: ModeNote | null;
  readonly lines: readonly AwardLine[];
  /** null: the rule is not in this database. */
  readonly award: AwardNote | null;
  readonly missing: readonly MissingNote[];
  readonly read: readonly ReadNote[];
}

const plainMissing = (one: { readonly fact: string; readonly dataset: string | null }): MissingNote => ({
  fact: one.fact,
  label: '指标',
  dataset: one.dataset,
  title: null,
  department: null,
  reason: '缺数据',
});

/** The key of a line may be an identity number (a child, an employee): the last four say enough beside the others. */
const lineKey = (key: string | null): string | null => (key === null || key === '' ? null : `尾号 ${maskId(shown(key)).slice(-4)}`);

const claimNames: Readonly<Record<string, string>> = {
  person: '人员',
  child: '子女',
  graduate: '毕业生',
  machine: '机具',
  certificate: '证书',
};

const lineOf = (line: StoredLine, rule: Rule | null): AwardLine => {
  const { award } = line;
  const voice = rule === null ? null : voiceOf(rule.compiled, rule.catalogue);
  const missing = [...line.missing, ...(award === null || award.state === 'known' ? [] : award.missing)];
  return {
    key: lineKey(line.key),
    verdict: line.verdict,
    amountFen: award?.state === 'known' ? BigInt(award.amountFen) : null,
    betweenFen: award?.state === 'bounded' ? [BigInt(award.fromFen), BigInt(award.toFen)] : null,
    steps: award?.state === 'known' ? award.steps.map(({ text, yuan }) => ({ text: shown(text), yuan })) : [],
    missing: missing.map((one) => voice?.missing(one) ?? plainMissing(one)),
    claims: line.claims.map((claim) => `${claimNames[claim.kind] ?? '对象'}尾号 ${maskId(shown(claim.object)).slice(-4)}`),
  };
};

const readNotes = (match: MatchDetail, rule: Rule): readonly ReadNote[] => {
  const voice = voiceOf(rule.compiled, rule.catalogue);
  return match.evidence.read
    .filter((entry) => !entry.fact.startsWith('within:'))
    .map((entry) => ({
      label: voice.label(entry.fact),
      value: voice.value(entry.fact, entry.value),
      day: entry.day ?? null,
      source: entry.source === null ? null : voice.source(entry.source.dataset, entry.source.asOf),
      missing: entry.missing === undefined ? null : voice.missing(entry.missing).reason,
    }));
};

/** null when there is none within the scope. */
export const explanationOf = async (web: Pick<WebContext, 'db'>, id: string, scope: Scope): Promise<Explanation | null> => {
  const match = await matchById(web.db, id, scope);
  if (match === null) return null;
  const { evidence } = match;
  const [rule, subjects] = await Promise.all([
    ruleThen(web, match.itemId, match.version, evidence.catalogueHash),
    subjectsOf(web.db, [match.subjectId]),
  ]);
  const voice = rule === null ? null : voiceOf(rule.compiled, rule.catalogue);
  const then = rule === null ? null : { ...rule, trace: evidence.trace, read: evidence.read, missing: evidence.missing };
  return {
    match,
    rule,
    title: rule?.published.item.title ?? match.itemId,
    person: personName(match.register, match.name),
    keyTail: maskText(maskId(subjects.get(match.subjectId)?.key ?? '').slice(-4)),
    conditions: then === null ? [] : explain(then),
    award: then === null ? null : awardNote(then),
    mode: rule === null || evidence.mode === undefined ? null : modeNote(rule.compiled, rule.catalogue, evidence.mode),
    lines: match.lines.map((line) => lineOf(line, rule)),
    missing: evidence.missing.map((one) => voice?.missing(one) ?? plainMissing(one)),
    read: rule === null ? [] : readNotes(match, rule),
  };
};
