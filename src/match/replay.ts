// Deciding matches again from their evidence alone, by the plain path: same verdict, same 分, or a difference to declare. Needs the published version and
// catalogue the evidence names, no snapshot and no records.

import { everything } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { catalogueByHash } from '../catalogue/store.ts';
import type { Db } from '../db/handle.ts';
import type { FeelType } from '../feel/type.ts';
import { type CompiledItem, compileItem } from '../policy/compile.ts';
import { type SecondOpinion, secondOpinion } from '../policy/second.ts';
import { replaySource } from '../rule/evidence.ts';
import { opinionText, sameOpinion } from './opinion.ts';
import { countToReplay, type MatchDetail, matchById, matchIds, versionContent } from './store.ts';

export interface ReplayDifference {
  readonly matchId: string;
  readonly itemId: string;
  readonly periodKey: string;
  /** Chinese: what is stored and what comes out now, or what could not be found. */
  readonly stored: string;
  readonly replayed: string;
}

export interface ReplayReport {
  readonly checked: number;
  /** How many differ; `differences` lists the first thousand. */
  readonly differing: number;
  readonly differences: readonly ReplayDifference[];
}

const pageSize = 500;
const mostListed = 1_000;

export interface ReplayWatch {
  /** Aborted, it ends with its reason before the next match; it writes nothing. */
  readonly signal?: AbortSignal;
  /** Called on the way with how many are decided of all there were, 0 to 1. */
  readonly far?: (share: number) => void;
}

/** One match by id, or `all`. */
export const replay = async (db: Db, which: string, { signal, far }: ReplayWatch = {}): Promise<ReplayReport> => {
  const compiled = compiler(db);
  const differences: ReplayDifference[] = [];
  let [checked, differing] = [0, 0];
  const one = async (id: string): Promise<void> => {
    const match = await matchById(db, id, everything);
    // What an accepted list says was never decided: there is nothing to decide again.
    if (match === null || match.evidence.opening !== undefined) return;
    checked++;
    const difference = await replayMatch(match, await compiled(match));
    if (difference === null) return;
    differing++;
    if (differences.length < mostListed) differences.push(difference);
  };
  if (which !== 'all') await one(which);
  else {
    const total = await countToReplay(db);
    let seen = 0;
    for (let after: string | null = null; ; ) {
      const ids: readonly string[] = await matchIds(db, after, pageSize);
      for (const id of ids) {
        signal?.throwIfAborted();
        await one(id);
        far?.(Math.min(1, ++seen / Math.max(1, total)));
      }
      after = ids.at(-1) ?? null;
      if (ids.length < pageSize) break;
    }
  }
  return { checked, differing, differences };
};

type Found = CompiledItem | { readonly problem: string };

/** Each version is compiled once against the catalogue of the evidence; a version that is not what the evidence names is no ground to stand on. */
const compiler = (db: Db): ((match: MatchDetail) => Promise<Found>) => {
  const known = new Map<string, Found>();
  const catalogues = new Map<string, Catalogue | null>();
  return async ({ itemId, version, evidence }) => {
    const name = `${itemId}@${version} ${evidence.catalogueHash} ${evidence.itemHash}`;
    const before = known.get(name);
    if (before !== undefined) return before;
    const published = await versionContent(db, itemId, version);
    let catalogue = catalogues.get(evidence.catalogueHash);
    if (catalogue === undefined) {
      catalogue = (await catalogueByHash(db, evidence.catalogueHash))?.catalogue ?? null;
      catalogues.set(evidence.catalogueHash, catalogue);
    }
    let found: Found;
    if (published === null || published.hash !== evidence.itemHash) found = { problem: `没有依据所指的事项版本 ${itemId}@${version}` };
    else if (catalogue === null) found = { problem: '没有依据所指的指标目录' };
    else found = compileItem(published.item, catalogue);
    known.set(name, found);
    return found;
  };
};

/** What a match says, as two opinions are held together. */
export const storedOpinion = (match: MatchDetail): SecondOpinion => ({
  verdict: match.verdict,
  lines: match.lines.map((l) => ({
    key: l.key,
    verdict: l.verdict,
    amountFen: l.award?.state === 'known' ? BigInt(l.award.amountFen) : null,
  })),
  ...(match.evidence.mode === undefined ? {} : { mode: match.evidence.mode.mode }),
});

/** The type of a fact an item or the version before it reads. */
export const typeIn = (compiled: CompiledItem, fact: string): FeelType | undefined =>
  compiled.plan.find(fact)?.type ?? (compiled.before === undefined ? undefined : typeIn(compiled.before, fact));

/** null: the same again. */
export const replayMatch = async (match: MatchDetail, compiled: Found): Promise<ReplayDifference | null> => {
  const { id: matchId, itemId, periodKey, evidence } = match;
  const stored = storedOpinion(match);
  const told = { matchId, itemId, periodKey, stored: opinionText(stored) };
  if ('problem' in compiled) return { ...told, replayed: compiled.problem };
  const source = replaySource(evidence.read, (fact) => typeIn(compiled, fact));
  const now = await secondOpinion(compiled, source, evidence.period);
  return sameOpinion(stored, now) ? null : { ...told, replayed: opinionText(now) };
};
