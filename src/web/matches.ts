// Lists of matches and of those nobody can decide yet, as pages and the API show them.
import type { Scope } from '../base/scope.ts';
import { itemStandings } from '../match/overview-store.ts';
import { lastRun, listMatches, type MatchQuery, type MatchSummary, undeterminedByMissing } from '../match/store.ts';
import { missingInScope, type UndeterminedSubject, undeterminedSubjects } from '../match/undetermined.ts';
import type { MatchKind } from '../policy/item.ts';
import type { VersionView } from '../policy/view-store.ts';
import type { MissingReason, Verdict } from '../rule/facts.ts';
import type { WebContext } from './context.ts';
import { readMoment, readRowPlace } from './cursor.ts';
import { itemsFor, ruleNow, titlesIn } from './items.ts';
import { type MissingNote, voiceOf } from './why.ts';

export interface MatchAsk {
  readonly item?: string | undefined;
  readonly period?: string | undefined;
  readonly verdict?: Verdict | undefined;
  readonly kind?: MatchKind | undefined;
  readonly subject?: string | undefined;
  readonly run?: string | undefined;
  /** All, not only the one that holds now. */
  readonly all?: boolean | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export interface MatchPage {
  readonly rows: readonly MatchSummary[];
  readonly next: string | null;
  readonly titles: ReadonlyMap<string, string>;
}

export const matchPage = async (web: WebContext, scope: Scope, ask: MatchAsk): Promise<MatchPage> => {
  readMoment(ask.cursor);
  const query: MatchQuery = {
    scope,
    limit: ask.limit ?? 50,
    cursor: ask.cursor ?? null,
    current: ask.all !== true,
    ...(ask.item === undefined ? {} : { itemId: ask.item }),
    ...(ask.period === undefined ? {} : { periodKey: ask.period }),
    ...(ask.verdict === undefined ? {} : { verdict: ask.verdict }),
    ...(ask.kind === undefined ? {} : { kind: ask.kind }),
    ...(ask.subject === undefined ? {} : { subjectId: ask.subject }),
    ...(ask.run === undefined ? {} : { runId: ask.run }),
  };
  const [page, items] = await Promise.all([listMatches(web.db, query), itemsFor(web, scope)]);
  return { rows: page.rows, next: page.cursor, titles: titlesIn(items) };
};

export interface Gap {
  readonly itemId: string;
  readonly title: string;
  readonly periodKey: string;
  readonly missing: MissingNote;
  readonly subjects: number;
}

/** What keeps people undetermined in each item's newest period, most first; numbers are of the caller's divisions. */
export const gapsOf = async (web: WebContext, scope: Scope, itemId?: string): Promise<readonly Gap[]> => {
  const all = await itemsFor(web, scope);
  const items = all.filter((one) => itemId === undefined || one.itemId === itemId);
  const standings = await itemStandings(
    web.db,
    scope,
    items.map((one) => one.itemId),
  );
  const run = await lastRun(web.db);
  const counted = scope.divisions === null && run !== null ? await undeterminedByMissing(web.db, run.id, scope) : null;
  const catalogue = await web.catalogue();
  const titles = titlesIn(all);
  const gaps: Gap[] = [];
  for (const published of items) {
    const standing = standings.find((one) => one.itemId === published.itemId);
    if (standing === undefined) continue;
    const { compiled } = await ruleNow(web, published, catalogue);
    const voice = voiceOf(compiled, catalogue);
    const rows =
      counted?.filter((one) => one.itemId === published.itemId && one.periodKey === standing.periodKey) ??
      (await missingInScope(web.db, { version: versionOf(published), catalogue, periodKey: standing.periodKey, scope }));
    for (const { fact, dataset, reason, subjects } of rows) {
      const missing = voice.missing({ fact, dataset: dataset === '' ? null : dataset, reason: reason as MissingReason });
      gaps.push({ itemId: published.itemId, title: titles.get(published.itemId) ?? '', periodKey: standing.periodKey, missing, subjects });
    }
  }
  return gaps.sort((a, b) => b.subjects - a.subjects);
};

const versionOf = ({ item, version, hash }: VersionView) => ({ item, version, hash });

export interface WaitingPerson {
  readonly person: UndeterminedSubject;
  readonly missing: readonly MissingNote[];
}

/** People of the caller's divisions whom nobody can decide yet, in the order of the register. */
export const waitingPeople = async (
  web: WebContext,
  scope: Scope,
  published: VersionView,
  ask: {
    readonly cursor?: string | undefined;
    readonly fact?: string | undefined;
    readonly dataset?: string | undefined;
    readonly limit: number;
  },
): Promise<{ readonly rows: readonly WaitingPerson[]; readonly next: string | null }> => {
  const [standing] = await itemStandings(web.db, scope, [published.itemId]);
  if (standing === undefined) return { rows: [], next: null };
  const { compiled, catalogue } = await ruleNow(web, published);
  const voice = voiceOf(compiled, catalogue);
  const page = await undeterminedSubjects(web.db, {
    version: versionOf(published),
    catalogue,
    periodKey: standing.periodKey,
    scope,
    limit: ask.limit,
    cursor: readRowPlace(ask.cursor) ?? null,
    ...(ask.fact === undefined ? {} : { fact: ask.fact }),
    ...(ask.dataset === undefined ? {} : { dataset: ask.dataset }),
  });
  return { rows: page.rows.map((person) => ({ person, missing: person.missing.map(voice.missing) })), next: page.cursor };
};
