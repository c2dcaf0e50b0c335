// 人工核定 in the record: a value a reviewer read from a document, confirmed by a second person, is a dataset of its own and stands above every delivered
// one until its last day. It answers what the sources said on the day it was confirmed and nothing else: when a source says something new (a second
// report of death after the first was found wrong), nobody has looked at that yet, and the fact is unknown until somebody has. Pure.
import { canonicalJson } from '../base/canonical.ts';
import type { Day } from '../base/day.ts';
import type { Fact } from '../catalogue/catalogue.ts';
import type { Cell, CellValue } from './record.ts';
import type { ResolvedCell, ResolvedFact } from './resolve.ts';
import { overlay, type Span } from './timeline.ts';

/** The dataset its cells stand under in a record; no catalogue has it. */
export const attestedDataset = 'attested';
export const attestedTitle = '人工核定';

/** What a cell of that dataset carries besides its value. */
export interface AttestedMark {
  readonly id: string;
  /** sha256 of the document seen. */
  readonly document: string;
  readonly asOf: Day;
  /** The last day it counts. */
  readonly until: Day;
  /** `claimOf` what the sources said when it was confirmed. */
  readonly against: string;
  /** A source has contradicted it since, and nobody has decided yet. */
  readonly contradicted?: true;
}

/** How it is named in traces and evidence: `attested:<id>:<sha256 of the document>`, after the source it is laid over where a series is partly both. */
const nameOf = (mark: AttestedMark, under: string | null): string =>
  `${under === null ? '' : `${under}+`}${attestedDataset}:${mark.id}:${mark.document}`;

export interface AttestedName {
  readonly id: string;
  readonly document: string;
  /** The delivered dataset a series also stands on. */
  readonly under: string | null;
}

/** null: an ordinary dataset. */
export const attestedIn = (dataset: string): AttestedName | null => {
  const [, under, id, document] = /^(?:(.+)\+)?attested:([0-9a-f-]{36}):([0-9a-f]{64})$/.exec(dataset) ?? [];
  return id === undefined || document === undefined ? null : { id, document, under: under ?? null };
};

/** The delivered dataset to ask when the nearest thing known of a fact was attested. */
export const deliveredBy = (fact: Pick<Fact, 'datasets'>, dataset: string | undefined): string | null => {
  const attested = dataset === undefined ? null : attestedIn(dataset);
  return (attested === null ? dataset : attested.under) ?? fact.datasets[0] ?? null;
};

export const unknownClaim = 'unknown';

/** What an attestation speaks of: days of a dated fact, periods of a series. */
export interface Stretch {
  readonly from: Day | null;
  readonly to: Day | null;
  readonly periods: readonly string[];
}

export const stretchOf = (fact: Pick<Fact, 'type'>, cell: Pick<Cell, 'v' | 'from' | 'to'>): Stretch => ({
  from: cell.from ?? null,
  to: cell.to ?? null,
  periods: fact.type === 'series' ? Object.keys((cell.v ?? {}) as object).sort() : [],
});

/** What is said of that stretch as comparable text, or `unknown`; who said so and when is no part of it. */
export const claimOf = (fact: Pick<Fact, 'type' | 'timed'>, said: ResolvedFact | undefined, stretch: Stretch): string => {
  const cells = said?.cells ?? null;
  if (cells === null || cells.length === 0) return unknownClaim;
  if (fact.type === 'series') {
    const told = (cells[0]?.v ?? {}) as Readonly<Record<string, unknown>>;
    const known = stretch.periods.filter((p) => p in told).map((p) => [p, told[p] ?? null]);
    return known.length === 0 ? unknownClaim : canonicalJson(Object.fromEntries(known));
  }
  if (fact.timed !== true) return canonicalJson(cells[0]?.v ?? null);
  const within = clip(cells, stretch);
  return within.length === 0 ? unknownClaim : canonicalJson(within);
};

type Told = readonly [v: CellValue, from: Day | null, to: Day | null];

/** Neighbours with one value are one: how a source cuts its spells says nothing. */
const clip = (cells: readonly ResolvedCell[], { from, to }: Stretch): readonly Told[] => {
  const line: Told[] = [];
  for (const cell of cells) {
    const begins = (cell.from ?? '') > (from ?? '') ? (cell.from ?? null) : from;
    const ends = (cell.to ?? '~') < (to ?? '~') ? (cell.to ?? null) : to;
    if ((begins ?? '') >= (ends ?? '~')) continue;
    const last = line.at(-1);
    if (last !== undefined && last[2] === begins && canonicalJson(last[0]) === canonicalJson(cell.v))
      line[line.length - 1] = [last[0], last[1], ends];
    else line.push([cell.v, begins, ends]);
  }
  return line;
};

/** The same of an attested cell: what the sources would have to say to agree. */
export const attestedClaim = (fact: Pick<Fact, 'type' | 'timed'>, cell: Pick<Cell, 'v' | 'from' | 'to'>): string =>
  claimOf(
    fact,
    { cells: [{ v: cell.v, dataset: '', asOf: '' as Day, from: cell.from ?? null, to: cell.to ?? null }] },
    stretchOf(fact, cell),
  );

/** How what the sources say now stands to an attested value: silent, agreeing, what was answered, or something new. */
export const stanceOf = (
  fact: Pick<Fact, 'type' | 'timed'>,
  said: ResolvedFact | undefined,
  cell: Pick<Cell, 'v' | 'from' | 'to'>,
  against: string,
): 'silent' | 'agrees' | 'answered' | 'contradicts' => {
  const claim = claimOf(fact, said, stretchOf(fact, cell));
  if (claim === unknownClaim) return 'silent';
  if (claim === attestedClaim(fact, cell)) return 'agrees';
  return claim === against ? 'answered' : 'contradicts';
};

export type AttestedCell = Cell & { readonly attested: AttestedMark };

/** One fact with what was attested laid over it; cells past their last day count for nothing. Later cells win where two overlap. */
export const layOver = (
  fact: Fact,
  said: ResolvedFact | undefined,
  cells: readonly AttestedCell[],
  knownAt: Day,
): ResolvedFact | undefined => {
  const counting = cells.filter((c) => knownAt <= c.attested.until);
  return counting.reduce((under, cell) => layOne(fact, said, under, cell), said);
};

const layOne = (
  fact: Fact,
  said: ResolvedFact | undefined,
  under: ResolvedFact | undefined,
  cell: AttestedCell,
): ResolvedFact | undefined => {
  const mark = cell.attested;
  const stance = stanceOf(fact, said, cell, mark.against);
  // Whatever the source answers itself is its own word again.
  if (stance === 'agrees') return under;
  const open = stance === 'contradicts' || mark.contradicted === true;
  if (fact.timed === true) return layDated(under, cell, open);
  if (open) return disputed(said, mark);
  if (fact.type !== 'series') return { cells: [{ v: cell.v, dataset: nameOf(mark, null), asOf: mark.asOf }] };
  const before = under?.cells?.[0];
  const v = { ...((before?.v ?? {}) as object), ...(cell.v as object) };
  const asOf = before === undefined || mark.asOf < before.asOf ? mark.asOf : before.asOf;
  return { cells: [{ v, dataset: nameOf(mark, before?.dataset ?? null), asOf }] };
};

const disputed = (said: ResolvedFact | undefined, mark: AttestedMark): ResolvedFact => {
  const { dataset, asOf } = said?.cells?.[0] ?? { dataset: attestedDataset, asOf: mark.asOf };
  return { cells: null, missing: { reason: 'conflict', dataset, asOf } };
};

type Laid = Span<CellValue> & { readonly dataset: string; readonly asOf: Day; readonly open?: true };

/** Of a dated fact only the attested days change; while a contradiction is open they are days nobody holds. */
const layDated = (under: ResolvedFact | undefined, cell: AttestedCell, open: boolean): ResolvedFact => {
  const { attested: mark, v } = cell;
  const line = (under?.cells ?? []).map((c): Laid => ({ ...c, from: c.from ?? null, to: c.to ?? null }));
  const own: Laid = { v, from: cell.from ?? null, to: cell.to ?? null, dataset: nameOf(mark, null), asOf: mark.asOf };
  const laid = overlay([...line, open ? { ...own, open: true } : own]).filter((c) => c.open !== true);
  if (laid.length > 0) return { cells: laid };
  return disputed(under, mark);
};
