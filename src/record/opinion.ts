// What datasets say of one fact, and what is made of it: whose word counts, what silence says, what is too old, which dated value holds when. Pure.
import type { Day } from '../base/day.ts';
import type { Fact } from '../catalogue/catalogue.ts';
import type { MissingReason } from '../rule/facts.ts';
import type { Covered } from './coverage.ts';
import type { Cell, CellValue, Provenance } from './record.ts';
import type { ResolvedCell, ResolvedFact } from './resolve.ts';
import { gapsOf, overlay, type Span, uniteSets } from './timeline.ts';

/** A cell of a dataset that is known without it. */
export type ToldCell = Omit<Cell, 'd'>;

/** What one dataset has said of one subject at all: listed it, covered it without listing it, or never spoke. */
export interface Standing {
  readonly state: 'listed' | 'absent' | 'never';
  readonly asOf: Day | null;
  readonly stale: boolean;
  /** Series: the periods for which "not listed" means none. */
  readonly periods: ReadonlySet<string>;
  /** Timed: before the first dated row there was none; a list names everybody who was ever on it. */
  readonly sinceEver: boolean;
}

const noPeriods: ReadonlySet<string> = new Set();
const never: Standing = { state: 'never', asOf: null, stale: false, periods: noPeriods, sinceEver: false };

export interface Terms {
  /** The first day that is still fresh. */
  readonly oldest: Day;
  readonly lists: boolean;
}

/** `terms` undefined: a dataset the catalogue no longer has. */
export const standingOf = (spoke: Provenance | undefined, terms: Terms | undefined, coverage: Covered | null): Standing => {
  if (terms === undefined) return never;
  // A refused row neither renews what stood before nor says that there is none; otherwise a full delivery confirms what it did not change.
  const speaks = spoke?.refused === undefined ? coverage : null;
  const says = { periods: speaks?.periods ?? noPeriods, sinceEver: terms.lists && speaks !== null };
  if (spoke === undefined)
    return coverage === null ? never : { state: 'absent', asOf: coverage.asOf, stale: coverage.asOf < terms.oldest, ...says };
  const asOf = speaks === null || speaks.asOf < spoke.asOf ? spoke.asOf : speaks.asOf;
  return { state: 'listed', asOf, stale: asOf < terms.oldest, ...says };
};

type Says = { readonly dataset: string; readonly asOf: Day } & Pick<Standing, 'periods' | 'sinceEver'>;

/** One dataset about one fact: cells, "none, because not listed", or unknown with the reason. */
type Opinion =
  | (Says & { readonly kind: 'cells'; readonly cells: readonly ToldCell[] })
  | (Says & { readonly kind: 'absent' })
  | { readonly kind: 'unknown'; readonly dataset: string; readonly asOf: Day | null; readonly reason: MissingReason };

const opinionsOf = (
  fact: Fact,
  told: (dataset: string) => readonly ToldCell[],
  standing: (dataset: string) => Standing,
): readonly Opinion[] =>
  fact.datasets.map((dataset): Opinion => {
    const { state, asOf, stale, periods, sinceEver } = standing(dataset);
    if (asOf === null) return { kind: 'unknown', dataset, asOf, reason: 'undelivered' };
    if (stale) return { kind: 'unknown', dataset, asOf, reason: 'stale' };
    const says = { dataset, asOf, periods, sinceEver };
    if (state === 'absent') return { kind: 'absent', ...says };
    const own = told(dataset);
    // A subject listed with other periods only has no cell of a covered one, and that is a known none.
    if (own.length === 0 && fact.type === 'series') return { kind: 'cells', ...says, cells: own };
    if (own.length === 0) return { kind: 'unknown', dataset, asOf, reason: 'empty' };
    if (!fact.timed && own.length > 1 && own.some((c) => JSON.stringify(c.v) !== JSON.stringify(own[0]?.v))) {
      return { kind: 'unknown', dataset, asOf, reason: 'conflict' };
    }
    return { kind: 'cells', ...says, cells: own };
  });

/** What is made of one fact; null: nobody ever delivered it. `told`: the cells one dataset has of it. */
export const resolveOne = (
  fact: Fact,
  told: (dataset: string) => readonly ToldCell[],
  standing: (dataset: string) => Standing,
): ResolvedFact | null => {
  const opinions = opinionsOf(fact, told, standing);
  return fact.type === 'series' ? resolveSeries(opinions) : resolveFact(fact, opinions);
};

type CellsOpinion = Extract<Opinion, { kind: 'cells' }>;
type AbsentOpinion = Extract<Opinion, { kind: 'absent' }>;

/** null: nobody ever delivered it. */
const resolveFact = (fact: Fact, opinions: readonly Opinion[]): ResolvedFact | null => {
  const said = opinions.filter((o) => o.kind === 'cells');
  const unsure = opinions.filter((o) => o.kind === 'unknown');
  if (said.length > 0) {
    const cells = fact.timed
      ? timedCells(fact, said, unsure.length > 0, heardSinceEver(fact, opinions))
      : combine(fact, said, unsure.length > 0);
    if (cells !== null && cells.length > 0) return { cells };
    const { dataset, asOf } = said[0] as CellsOpinion;
    if (cells !== null) return { cells: null, missing: { reason: 'empty', dataset, asOf } };
  }
  // "First" trusts the first dataset's silence alone; where sources add up, every one of them must have been heard.
  const asked = (fact.combine ?? 'first') === 'first' ? opinions.slice(0, 1) : opinions;
  const heard = asked.filter((o) => o.kind === 'absent');
  if (heard.length > 0 && heard.length === asked.length) return { cells: [noneOf(fact, heard)] };
  return unheard(opinions);
};

/** Why it is unknown; null: nobody ever delivered it. */
const unheard = (opinions: readonly Opinion[]): ResolvedFact | null => {
  const unsure = opinions.filter((o) => o.kind === 'unknown');
  const worst = unsure.find((o) => o.reason !== 'undelivered') ?? unsure[0];
  if (worst === undefined || opinions.every((o) => o.kind === 'unknown' && o.reason === 'undelivered')) return null;
  return { cells: null, missing: { reason: worst.reason, dataset: worst.dataset, asOf: worst.asOf } };
};

/**
 * Period by period: a value where one was delivered, null where it is checked that there is none (told so, or a delivery that covers the period leaves
 * the subject out), else left out. The first dataset with a value counts, and the silence of the first alone.
 */
const resolveSeries = (opinions: readonly Opinion[]): ResolvedFact | null => {
  const heard = opinions.filter((o) => o.kind !== 'unknown');
  if (heard.length === 0) return unheard(opinions);
  const only = heard.length === 1 && heard[0] === opinions[0] ? wholeSeries(heard[0] as Heard) : null;
  if (only !== null) return only;
  const told: Record<string, unknown> = {};
  for (const o of heard) {
    const own = (o.kind === 'cells' ? (o.cells[0]?.v ?? {}) : {}) as Readonly<Record<string, unknown>>;
    for (const period in own) if (own[period] !== '' && (told[period] ?? null) === null) told[period] = own[period];
    if (o === opinions[0]) for (const period of o.periods) if (!(period in own)) told[period] = null;
  }
  const { dataset, asOf, kind } = heard[0] as Heard;
  const periods = Object.keys(told).sort();
  if (periods.length === 0) return { cells: null, missing: { reason: kind === 'absent' ? 'undelivered' : 'empty', dataset, asOf } };
  return { cells: [{ v: Object.fromEntries(periods.map((period) => [period, told[period]])), dataset, asOf }] };
};

type Heard = Exclude<Opinion, { kind: 'unknown' }>;

/** One dataset that tells every period it covers, in order and none of them left empty: its own value is the answer, as it is. null: another case. */
const wholeSeries = (o: Heard): ResolvedFact | null => {
  const [cell] = o.kind === 'cells' ? o.cells : [];
  if (cell === undefined || cell.v === null || typeof cell.v !== 'object' || Array.isArray(cell.v)) return null;
  const own = cell.v as Readonly<Record<string, unknown>>;
  let last = '';
  for (const period in own) {
    if (own[period] === '' || period <= last) return null;
    last = period;
  }
  if (last === '') return null;
  for (const period of o.periods) if (!(period in own)) return null;
  return { cells: [{ v: own, dataset: o.dataset, asOf: o.asOf }] };
};

export const emptyOf = (fact: Fact): CellValue => (fact.type === 'list' ? [] : null);

/** The oldest of the days counts: "none" is as old as the source that was asked longest ago. */
const noneOf = (fact: Fact, heard: readonly AbsentOpinion[]): ResolvedCell => {
  const oldest = heard.reduce((a, b) => (b.asOf < a.asOf ? b : a));
  const cell = { v: emptyOf(fact), dataset: oldest.dataset, asOf: oldest.asOf };
  return fact.timed ? { ...cell, from: null, to: null } : cell;
};

/** One cell out of several sources; null (unknown) when what was said cannot be the whole because another source has not been heard. */
const combine = (fact: Fact, said: readonly CellsOpinion[], someUnheard: boolean): readonly ResolvedCell[] | null => {
  const cells = said.map((o): ResolvedCell => ({ v: o.cells[0]?.v ?? null, dataset: o.dataset, asOf: o.asOf }));
  const how = fact.combine ?? 'first';
  if (how === 'first') return cells.slice(0, 1);
  const values = cells.filter((c) => c.v !== null);
  if (values.length === 0) return someUnheard ? null : cells.slice(0, 1);
  // One day of death is enough to stop a payment even if another source has not spoken; a union with an unheard part is not known.
  if (how === 'earliest') return [values.reduce((a, b) => (String(b.v) < String(a.v) ? b : a))];
  if (how === 'latest') return [values.reduce((a, b) => (String(b.v) > String(a.v) ? b : a))];
  return someUnheard ? null : [unionCell(fact, values)];
};

const unionCell = (fact: Fact, values: readonly ResolvedCell[]): ResolvedCell => {
  const first = values[0] as ResolvedCell;
  const parts = values.flatMap((c) => (Array.isArray(c.v) ? (c.v as readonly unknown[]) : [c.v]));
  if (fact.type !== 'list' || fact.elementKey === undefined) return { ...first, v: [...new Set(parts)].sort() };
  const elements = new Map<unknown, unknown>();
  for (const part of parts) {
    const id = (part as Readonly<Record<string, unknown>>)[fact.elementKey];
    if (!elements.has(id)) elements.set(id, part);
  }
  return { ...first, v: [...elements.values()] };
};

/** Whether no row before the first dated one means "none": by the same sources whose silence counts when nobody lists the subject. */
const heardSinceEver = (fact: Fact, opinions: readonly Opinion[]): boolean =>
  ((fact.combine ?? 'first') === 'first' ? opinions.slice(0, 1) : opinions).every(
    (o) => o.kind === 'absent' || (o.kind === 'cells' && o.sinceEver),
  );

type DatedCell = Span<CellValue> & { readonly dataset: string; readonly asOf: Day; readonly unknown: boolean };

const isSet = (c: DatedCell): c is DatedCell & { v: readonly unknown[] } => Array.isArray(c.v);

/** An explicit value beats a gap or an empty cell, whoever has it; among explicit ones the dataset's precedence decides, within one dataset the later in its list. */
const timedCells = (
  fact: Fact,
  said: readonly CellsOpinion[],
  someUnheard: boolean,
  sinceEver: boolean,
): readonly ResolvedCell[] | null => {
  if (fact.combine === 'union' && someUnheard) return null;
  const dated = said.toReversed().map((o) =>
    o.cells.map((c): DatedCell => {
      const { dataset, asOf } = o;
      return { v: c.v, from: c.from ?? null, to: c.to ?? null, dataset, asOf, unknown: c.unknown === true };
    }),
  );
  const line = fact.combine === 'union' ? unitedLine(dated.flat()) : precedenceLine(dated);
  const { dataset, asOf } = said[0] as CellsOpinion;
  const first = line[0]?.from ?? null;
  const spans = [...(sinceEver && first !== null ? [{ from: null, to: first }] : []), ...gapsOf(line)];
  const gaps = spans.map((gap): DatedCell => ({ v: emptyOf(fact), ...gap, dataset, asOf, unknown: false }));
  return overlay([...gaps, ...line])
    .filter((c) => !c.unknown)
    .map(({ v, from, to, dataset, asOf }) => ({ v, from, to, dataset, asOf }));
};

const precedenceLine = (dated: readonly (readonly DatedCell[])[]): readonly DatedCell[] => {
  const lines = dated.flatMap((own) => overlay(own));
  return overlay([...lines.filter((c) => c.unknown), ...lines.filter((c) => !c.unknown)]);
};

/** Where one of the sets is unknown the sum is. */
const unitedLine = (dated: readonly DatedCell[]): readonly DatedCell[] =>
  overlay([...dated.filter((c) => !isSet(c) && !c.unknown), ...uniteSets(dated.filter(isSet)), ...dated.filter((c) => c.unknown)]);
