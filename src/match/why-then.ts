// Why then: what was decided of one subject for a period, from what it was decided on. A match carries its evidence and is decided again from that alone;
// whoever got none is decided again from the snapshot of the last run of that period, while it is kept. Writes nothing.
import type { Scope } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { catalogueByHash } from '../catalogue/store.ts';
import type { Db } from '../db/handle.ts';
import { compileItem } from '../policy/compile.ts';
import { decide } from '../policy/decide.ts';
import { replaySource } from '../rule/evidence.ts';
import { readSnapshot } from '../snapshot/store.ts';
import type { SealedSubject } from '../snapshot/subjects.ts';
import type { ItemVersion } from './match.ts';
import { opinionOf, sameOpinion } from './opinion.ts';
import { storedOpinion, typeIn } from './replay.ts';
import { lastRunFor, listMatches, type MatchDetail, matchById, versionContent } from './store.ts';
import { type WhyNow, whyNow } from './why.ts';

export interface WhyThen {
  /** `evidence`: of the match; `snapshot`: no match was written, the run's own snapshot answers. */
  readonly from: 'evidence' | 'snapshot';
  readonly version: ItemVersion;
  readonly catalogue: Catalogue;
  readonly answer: WhyNow;
  readonly matchId: string | null;
  /** False: deciding again gives another answer than was stored; `replay` tells the two. */
  readonly agrees: boolean;
}

export interface ThenQuestion {
  readonly itemId: string;
  readonly subject: SealedSubject;
  readonly periodKey: string;
  readonly scope: Scope;
  readonly near?: boolean;
}

/** null: nothing was decided for that period, or what it was decided on is kept no longer. */
export const whyThen = async (db: Db, question: ThenQuestion): Promise<WhyThen | null> => {
  const { itemId, subject, periodKey, scope } = question;
  const { rows } = await listMatches(db, { scope, itemId, subjectId: subject.subjectId, periodKey, current: true, limit: 1 });
  const match = rows[0] === undefined ? null : await matchById(db, rows[0].id, scope);
  return match === null ? fromSnapshot(db, question) : fromEvidence(db, question, match);
};

const fromEvidence = async (db: Db, { subject }: ThenQuestion, match: MatchDetail): Promise<WhyThen | null> => {
  const { evidence, itemId, version } = match;
  const [content, held] = await Promise.all([versionContent(db, itemId, version), catalogueByHash(db, evidence.catalogueHash)]);
  if (content === null || held === null || content.hash !== evidence.itemHash) return null;
  const { catalogue } = held;
  const compiled = compileItem(content.item, catalogue);
  const decision = decide(
    compiled,
    replaySource(evidence.read, (fact) => typeIn(compiled, fact)),
    evidence.period,
  );
  const decisions = [{ period: evidence.period, decision, near: [] }];
  return {
    from: 'evidence',
    version: { ...content, version },
    catalogue,
    answer: { snapshotId: evidence.snapshot, subject, register: compiled.register, compiled, decisions, missing: [] },
    matchId: match.id,
    agrees: sameOpinion(storedOpinion(match), opinionOf(decision)),
  };
};

const fromSnapshot = async (db: Db, { itemId, subject, periodKey, scope, near }: ThenQuestion): Promise<WhyThen | null> => {
  const run = await lastRunFor(db, itemId, periodKey);
  const snapshot = run === null ? null : await readSnapshot(db, run.snapshotId);
  if (run === null || snapshot === null) return null;
  const [content, held] = await Promise.all([versionContent(db, itemId, run.version), catalogueByHash(db, snapshot.catalogueHash)]);
  if (content === null || held === null) return null;
  const version: ItemVersion = { ...content, version: run.version };
  const { period, end, start } = { period: content.item.period, end: run.periodEnd, start: run.periodStart };
  const answer = await whyNow(db, {
    version,
    catalogue: held.catalogue,
    subjectId: subject.subjectId,
    scope,
    period: { kind: period, key: run.periodKey, start, end, knownAt: run.knownAt },
    at: { snapshotId: run.snapshotId, ledgerCut: run.ledgerCut },
    near: near === true,
  });
  return answer === null ? null : { from: 'snapshot', version, catalogue: held.catalogue, answer, matchId: null, agrees: true };
};
