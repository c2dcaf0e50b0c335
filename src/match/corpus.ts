// Stored decisions taken along: a few of every item, kind and verdict with the versions and the catalogue they were made by, so that every later version of
// this program decides them again from their evidence alone. Same verdict, same 分, or a change that is declared with its reason.

import { everything } from '../base/scope.ts';
import type { Catalogue } from '../catalogue/catalogue.ts';
import { catalogueByHash } from '../catalogue/store.ts';
import type { Db } from '../db/handle.ts';
import { compileItem } from '../policy/compile.ts';
import type { Item } from '../policy/item.ts';
import { type Evidence, jsonText, type StoredLine } from './match.ts';
import { replayMatch } from './replay.ts';
import { corpusIds, type MatchDetail, matchById, versionContent } from './store.ts';

/** What is needed to decide once more; no names, no ids of people. */
export interface StoredDecision {
  /** Item, period and kind, and a number among those alike. */
  readonly name: string;
  readonly itemHash: string;
  readonly catalogueHash: string;
  readonly verdict: MatchDetail['verdict'];
  readonly lines: readonly StoredLine[];
  readonly evidence: Pick<Evidence, 'period' | 'read' | 'mode' | 'evaluator'>;
}

export interface Corpus {
  readonly catalogues: Readonly<Record<string, Catalogue>>;
  readonly items: Readonly<Record<string, Item>>;
  readonly decisions: readonly StoredDecision[];
}

/** `each`: how many of one item, kind and verdict. Matches of an opening were never decided and are left out. */
export const exportCorpus = async (db: Db, each: number): Promise<Corpus> => {
  const [catalogues, items] = [new Map<string, Catalogue>(), new Map<string, Item>()];
  const decisions: StoredDecision[] = [];
  for (const id of await corpusIds(db, each)) {
    const match = await matchById(db, id, everything);
    if (match === null || match.evidence.opening !== undefined) continue;
    const { itemId, version, periodKey, kind, verdict, lines, evidence } = match;
    const published = await versionContent(db, itemId, version);
    const found = await catalogueByHash(db, evidence.catalogueHash);
    if (published === null || published.hash !== evidence.itemHash || found === null) continue;
    items.set(published.hash, published.item);
    catalogues.set(evidence.catalogueHash, found.catalogue);
    const { period, read, mode, evaluator } = evidence;
    const alike = `${itemId} ${match.evidence.period.kind === 'per-event' ? 'event' : periodKey} ${kind} ${verdict}`;
    const number = decisions.filter((d) => d.name.startsWith(`${alike} #`)).length + 1;
    const kept = { period, read, evaluator, ...(mode === undefined ? {} : { mode }) };
    const { itemHash, catalogueHash } = evidence;
    decisions.push({ name: `${alike} #${number}`, itemHash, catalogueHash, verdict, lines: wordless(lines), evidence: kept });
  }
  return { catalogues: Object.fromEntries(catalogues), items: Object.fromEntries(items), decisions };
};

/** Steps and missing facts are words about the decision, not the decision. */
const wordless = (lines: readonly StoredLine[]): readonly StoredLine[] =>
  lines.map((line) => ({
    ...line,
    missing: [],
    award: line.award === null ? null : line.award.state === 'known' ? { ...line.award, steps: [] } : { ...line.award, missing: [] },
  }));

export interface CorpusDifference {
  readonly name: string;
  readonly stored: string;
  readonly replayed: string;
}

/** Every decision that comes out otherwise now. */
export const replayCorpus = async ({ catalogues, items, decisions }: Corpus): Promise<readonly CorpusDifference[]> => {
  const differences: CorpusDifference[] = [];
  for (const one of decisions) {
    const [item, catalogue] = [items[one.itemHash], catalogues[one.catalogueHash]];
    const match = { id: one.name, itemId: item?.id ?? '', periodKey: one.evidence.period.key, ...one } as unknown as MatchDetail;
    const compiled = item === undefined || catalogue === undefined ? { problem: '缺事项或目录' } : compileItem(item, catalogue);
    const found = await replayMatch(match, compiled);
    if (found !== null) differences.push({ name: one.name, stored: found.stored, replayed: found.replayed });
  }
  return differences;
};

/** One decision to a line, so that a change of one is a change of one line. */
export const corpusText = ({ catalogues, items, decisions }: Corpus): string =>
  [
    '{',
    `"catalogues":${jsonText(catalogues)},`,
    `"items":${jsonText(items)},`,
    `"decisions":[\n${decisions.map((one) => jsonText(one)).join(',\n')}\n]}`,
    '',
  ].join('\n');
